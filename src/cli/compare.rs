//! `hopstep compare URL [URL]`: which variants of a chain are run.

use super::Command;
use super::inputs;
use super::own::Own;
use super::parse::{Key, Tokens, sending};
use super::run::Run;
use crate::domain::comparison::hosts::Hosts;
use crate::domain::cookie::jar::Jar;
use crate::domain::export::Format;
use crate::domain::http::method::Method;
use crate::domain::import::curl::Refusal;
use crate::domain::import::curl::lex::{Row, Token};
use crate::domain::import::curl::table::Opt as Curl;

/// What to run; the first is what the others are compared with.
#[derive(Debug)]
pub struct Compare {
    /// Each with its name.
    pub variants: Vec<(String, Run)>,
    pub hosts: Hosts,
    /// `--tui`: shown on the screen, side by side.
    pub tui: bool,
}

/// The names of the options.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Opt {
    Clients,
    Methods,
    Without,
    With,
    MapHost,
    Tui,
}

const fn row(key: Opt, long: &'static str, value: &'static str, help: &'static str) -> Row<Opt> {
    Row { key, long, short: 0, value, help }
}

/// All of them, in the order of the help page.
pub(crate) const ROWS: &[Row<Opt>] = &[
    row(Opt::Clients, "clients", "NAME,...", "run the chain as each of these clients"),
    row(
        Opt::Methods,
        "methods",
        "METHOD,...",
        "start with each of these methods; GET and HEAD go without the body",
    ),
    row(Opt::Without, "without", "cookies|auth", "beside it: the same without any of these"),
    row(Opt::With, "with", "NAME: VALUE", "beside it: the same with this header line"),
    row(Opt::MapHost, "map-host", "OLD=NEW", "OLD on the first URL's chain counts as NEW"),
    row(Opt::Tui, "tui", "", "open the TUI with each chain as a run, two of them side by side"),
];

/// What was asked for beside the request.
#[derive(Default)]
struct Wish {
    urls: Vec<Vec<u8>>,
    /// The option, as it was written, and its value.
    variations: Vec<(Opt, String, String)>,
    hosts: Hosts,
    tui: bool,
}

/// One run: its name, its URL, and what it has that the others do not.
struct Variant<'a> {
    name: String,
    url: &'a [u8],
    own: Option<(Opt, &'a str, String)>,
}

/// Reads what follows `compare`.
pub(super) fn compare(
    tokens: Tokens,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Command, Refusal> {
    let (wish, rest) = Wish::read(tokens)?;
    wish.agree()?;
    piped(&rest)?;
    let build = |of: Variant<'_>| of.run(rest.clone(), env);
    let variants = wish.variants()?.into_iter().map(build).collect::<Result<_, Refusal>>()?;
    Ok(Command::Compare(Box::new(Compare { variants, hosts: wish.hosts, tui: wish.tui })))
}

impl Wish {
    fn read(tokens: Tokens) -> Result<(Wish, Tokens), Refusal> {
        let (mut wish, mut rest) = (Wish::default(), Vec::new());
        for token in tokens {
            match token {
                Token::Operand(url) => wish.urls.push(url),
                Token::Option { key: Key::Compare(opt), name, value, .. } => {
                    let text = String::from_utf8_lossy(&value).into_owned();
                    wish.take(opt, name, text)?;
                }
                Token::Option { key: Key::Own(_) | Key::Curl(_) | Key::Check(_), .. } => {
                    rest.push(token);
                }
            }
        }
        Ok((wish, rest))
    }

    fn take(&mut self, opt: Opt, name: String, text: String) -> Result<(), Refusal> {
        let good = match opt {
            Opt::Tui => {
                self.tui = true;
                return Ok(());
            }
            Opt::MapHost => self.hosts.add(&text),
            Opt::Clients | Opt::Methods if items(&text).count() < 2 => {
                Err("expects two or more, with commas between".to_owned())
            }
            Opt::Without if !["cookies", "auth"].contains(&text.as_str()) => {
                Err("expects cookies, auth".to_owned())
            }
            Opt::With if text.starts_with('@') || !text.contains(':') => {
                Err("expects NAME: VALUE".to_owned())
            }
            Opt::Clients | Opt::Methods | Opt::Without | Opt::With => Ok(()),
        };
        good.map_err(|why| Refusal::new(format!("{name} {text}"), why))?;
        if opt != Opt::MapHost {
            self.variations.push((opt, name, text));
        }
        Ok(())
    }

    /// One thing is varied at a time, so that it is known what a difference comes from.
    fn agree(&self) -> Result<(), Refusal> {
        let list = |opt: Opt| matches!(opt, Opt::Clients | Opt::Methods);
        let mixed = self.variations.len() > 1 && self.variations.iter().any(|of| list(of.0));
        let last = self.variations.last().map_or("", |of| of.1.as_str());
        let why = match (self.urls.len(), self.variations.len()) {
            (0, _) => ("URL", "there is none; give the one to begin with"),
            (1, 0) => (
                "hopstep compare",
                "expects a second URL, --clients, --methods, --without or --with",
            ),
            (1, _) if self.hosts != Hosts::default() => ("--map-host", "goes with two URLs"),
            (1, _) if mixed => (last, "one thing is varied at a time"),
            (1, _) | (2, 0) => return Ok(()),
            (2, _) => (last, "not beside a second URL: one thing is varied at a time"),
            (_, _) => ("hopstep compare", "takes two URLs at most"),
        };
        Err(Refusal::new(why.0, why.1))
    }

    fn variants(&self) -> Result<Vec<Variant<'_>>, Refusal> {
        let plain = |url, name| Variant { name, url, own: None };
        let [url] = self.urls.as_slice() else {
            let name = |url: &Vec<u8>| String::from_utf8_lossy(url).into_owned();
            return Ok(self.urls.iter().map(|url| plain(url.as_slice(), name(url))).collect());
        };
        let mut variants = Vec::new();
        for (opt, written, text) in &self.variations {
            let own = |value: &str| Some((*opt, written.as_str(), value.to_owned()));
            match opt {
                Opt::Clients | Opt::Methods => variants.extend(items(text).map(|item| Variant {
                    name: item.to_owned(),
                    url,
                    own: own(item),
                })),
                Opt::Without | Opt::With => {
                    let name = format!("{} {text}", written.trim_start_matches('-'));
                    variants.push(Variant { name, url, own: own(text) });
                }
                Opt::MapHost | Opt::Tui => {}
            }
        }
        if matches!(self.variations.first(), Some((Opt::Without | Opt::With, _, _))) {
            variants.insert(0, plain(url, "as given".to_owned()));
        }
        Ok(variants)
    }
}

fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|item| !item.is_empty())
}

impl Variant<'_> {
    fn run(
        self,
        mut tokens: Tokens,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<(String, Run), Refusal> {
        let option = |key, name: &str, value: &str| Token::Option {
            key,
            name: name.to_owned(),
            value: value.as_bytes().to_vec(),
            on: true,
        };
        match &self.own {
            Some((Opt::Clients, name, value)) => {
                tokens.push(option(Key::Own(Own::As), name, value));
            }
            Some((Opt::With, name, value)) => {
                tokens.push(option(Key::Curl(Curl::Header), name, value));
            }
            Some((Opt::Methods | Opt::Without | Opt::MapHost | Opt::Tui, _, _)) | None => {}
        }
        tokens.push(Token::Operand(self.url.to_vec()));
        let mut run = heard(sending(tokens)?.finish_with_url(env)?)?;
        match &self.own {
            Some((Opt::Methods, name, method)) => by_method(&mut run, method)
                .map_err(|why| Refusal::new(format!("{name} {method}"), why))?,
            Some((Opt::Without, _, what)) => without(&mut run, what),
            Some((Opt::With, _, _)) => replaced(&mut run),
            Some((Opt::Clients | Opt::MapHost | Opt::Tui, _, _)) | None => {}
        }
        Ok((self.name, run))
    }
}

/// As curl has it: `-I`, nothing, `-d` — or `-X`, which is repeated on every hop.
fn by_method(run: &mut Run, name: &str) -> Result<(), String> {
    let method = Method::parse(name).ok_or("expects methods such as GET,POST")?;
    if let Some(draft) = &mut run.draft {
        let bare = matches!(method.as_str(), "GET" | "HEAD");
        if bare {
            draft.body = None;
            draft.content_type = None;
            draft.upload = false;
        }
        draft.forced = !bare && method.as_str() != "POST";
        draft.method = method;
    }
    Ok(())
}

fn without(run: &mut Run, what: &str) {
    let Some(draft) = &mut run.draft else { return };
    let field = match what {
        "cookies" => {
            draft.cookie = None;
            run.jar = Jar::default();
            run.limits.cookies = Some(false);
            "Cookie"
        }
        _ => {
            draft.credentials = None;
            draft.netrc = None;
            let _ = draft.url.set_username("").and_then(|()| draft.url.set_password(None));
            "Authorization"
        }
    };
    draft.fields.retain(|edit| !edit.name().eq_ignore_ascii_case(field));
}

/// The last header line stands for those of its name before it.
fn replaced(run: &mut Run) {
    let Some(draft) = &mut run.draft else { return };
    let Some(last) = draft.fields.pop() else { return };
    draft.fields.retain(|edit| !edit.name().eq_ignore_ascii_case(last.name()));
    draft.fields.push(last);
}

/// What `compare` has no use for is refused by name.
fn heard(run: Run) -> Result<Run, Refusal> {
    let printed = matches!(run.output.format, Format::Text | Format::Json | Format::Markdown);
    let unheard = [
        (!printed, "--format", "hopstep compare prints text, json or markdown"),
        (
            run.cookie_jar.is_some(),
            "-c",
            "hopstep compare writes no cookies: each chain has a jar of its own",
        ),
        (run.yes, "--yes", "hopstep compare asks nothing"),
        (run.probe, "--probe", "it goes with hopstep trace and hopstep check"),
    ];
    match unheard.into_iter().find(|(wrong, _, _)| *wrong) {
        Some((_, what, why)) => Err(Refusal::new(what, why)),
        None => Ok(run),
    }
}

/// The options are read once for each variant, so what they read from standard input is kept.
fn piped(tokens: &Tokens) -> Result<(), Refusal> {
    let stdin = tokens.iter().find_map(|token| match token {
        Token::Option { key, name, value, .. } if is_stdin(*key, value) => Some((name, value)),
        Token::Option { .. } | Token::Operand(_) => None,
    });
    let Some((name, value)) = stdin else { return Ok(()) };
    inputs::keep_stdin().map_err(|error| {
        let what = format!("{name} {}", String::from_utf8_lossy(value));
        Refusal::new(what, error.to_string())
    })
}

/// `-T -`, `-T .`, `-d @-`, `--data-urlencode a@-`, `-F a=@-;type=b`, `-H @-`, `-b -`
fn is_stdin(key: Key, value: &[u8]) -> bool {
    let Key::Curl(opt) = key else { return false };
    let file = value.split(|byte| *byte == b';').next().unwrap_or_default();
    match opt {
        Curl::Upload => matches!(value, b"-" | b"."),
        Curl::Cookie | Curl::NetrcFile => value == b"-",
        Curl::Form => file.ends_with(b"=@-") || file.ends_with(b"=<-"),
        Curl::Header => value == b"@-",
        Curl::Data | Curl::DataBinary | Curl::DataUrlencode | Curl::Json | Curl::UrlQuery => {
            value.ends_with(b"@-")
        }
        _ => false,
    }
}
