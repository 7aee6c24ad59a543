//! Arguments to a command.

use std::ffi::OsString;

use super::command::{self, COMMANDS, Name, Row};
use super::configuration;
use super::inputs::System;
use super::own::{self, Own};
use super::run::{Builder, Run};
use super::shells::Shell;
use super::{Choice, Command, check, compare, past, saved};
use crate::domain::export::Format;
use crate::domain::import::curl::Refusal;
use crate::domain::import::curl::lex::{self, Token};
use crate::domain::import::curl::table::{self, Opt};
use crate::domain::import::curl::take::Given;
use crate::domain::nearest::nearest;

/// An option's key: hopstep's own name wins over curl's (`--config`).
#[derive(Clone, Copy)]
pub(super) enum Key {
    Own(Own),
    Curl(Opt),
    Check(check::Opt),
    Compare(compare::Opt),
}

/// Options and operands in order.
pub(super) type Tokens = Vec<Token<Key>>;

/// Reads the arguments after the program's name. `env` looks up environment variables.
pub fn parse(args: &[OsString], env: &dyn Fn(&str) -> Option<String>) -> Result<Command, Refusal> {
    let args: Vec<Vec<u8>> = args.iter().map(|arg| arg.as_encoded_bytes().to_vec()).collect();
    let mut tokens = tokens(&args)?;
    taken_back(&tokens)?;
    let command = take_command(&mut tokens);
    if let Some(answer) = about(&tokens, command) {
        return Ok(answer);
    }
    match command {
        None => match mistyped(&tokens) {
            Some(refusal) => Err(refusal),
            None => Ok(Command::Open(Box::new(sending(tokens)?.finish(env)?))),
        },
        Some(Row { name: Name::History, .. }) => past::history(tokens, env),
        Some(Row { name: Name::Open, .. }) => saved::open(tokens, env),
        Some(Row { name: Name::Check, .. }) => check::check(tokens, env),
        Some(Row { name: Name::Compare, .. }) => compare::compare(tokens, env),
        Some(Row { name: Name::Config, .. }) => config(tokens, env),
        Some(Row { name: Name::Clients, .. }) => clients(request(tokens)?.finish(env)?),
        Some(row) if row.requests => {
            sending(tokens)?.finish_with_url(env).map(|run| Command::Trace(Box::new(run)))
        }
        Some(row) => plain(row, tokens),
    }
}

/// The words of the command line. Options of `check` and `compare` may have the names of curl's, so they are known where the first
/// operand is that command; a faulty line is read as the command's that it names anywhere, for a better word on its fault.
fn tokens(args: &[Vec<u8>]) -> Result<Tokens, Refusal> {
    let plain = lex::lex(args, &find, &|| longs::<Own>(&[]));
    if !args.iter().any(|arg| arg == b"check" || arg == b"compare") {
        return plain;
    }
    let check = lex::lex(args, &find_with_check, &|| longs(check::ROWS));
    let compare = lex::lex(args, &find_with_compare, &|| longs(compare::ROWS));
    for (word, tokens) in [(&b"check"[..], check), (b"compare", compare)] {
        match tokens {
            Ok(tokens) if first_operand(&tokens) == Some(word) => return Ok(tokens),
            Err(refusal) if plain.is_err() && args.iter().any(|arg| arg == word) => {
                return Err(refusal);
            }
            Ok(_) | Err(_) => {}
        }
    }
    plain
}

/// `--no-` is curl's way of taking an option back: `--no-probe` must neither probe nor `--no-yes` agree to anything.
fn taken_back(tokens: &[Token<Key>]) -> Result<(), Refusal> {
    let name = tokens.iter().find_map(|token| match token {
        Token::Option { key: Key::Curl(_), .. } | Token::Operand(_) => None,
        Token::Option { name, on, .. } => (!on).then_some(name),
    });
    let why = "of hopstep's own options none is taken back: leave it out";
    name.map_or(Ok(()), |name| Err(Refusal::new(name.as_str(), why)))
}

fn first_operand(tokens: &[Token<Key>]) -> Option<&[u8]> {
    tokens.iter().find_map(|token| match token {
        Token::Operand(word) => Some(word.as_slice()),
        Token::Option { .. } => None,
    })
}

fn find(name: lex::Name<'_>) -> Option<lex::Row<Key>> {
    if let Some(row) = lex::find(own::ROWS, name) {
        return Some(row.with(Key::Own(row.key)));
    }
    table::row(name).map(|row| row.with(Key::Curl(row.key)))
}

fn find_with_check(name: lex::Name<'_>) -> Option<lex::Row<Key>> {
    let own = lex::find(check::ROWS, name).map(|row| row.with(Key::Check(row.key)));
    own.or_else(|| find(name))
}

fn find_with_compare(name: lex::Name<'_>) -> Option<lex::Row<Key>> {
    let own = lex::find(compare::ROWS, name).map(|row| row.with(Key::Compare(row.key)));
    own.or_else(|| find(name))
}

/// The long names of curl's options, ours, and a command's own.
fn longs<K>(of_command: &[lex::Row<K>]) -> Vec<&'static str> {
    let own = own::ROWS.iter().map(|row| row.long);
    let of_command = of_command.iter().map(|row| row.long);
    table::longs().into_iter().chain(own).chain(of_command).collect()
}

/// The command word is the first operand.
fn take_command(tokens: &mut Vec<Token<Key>>) -> Option<&'static Row> {
    let at = tokens.iter().position(|token| matches!(token, Token::Operand(_)))?;
    let row = match &tokens[at] {
        Token::Operand(word) => command::named(word)?,
        Token::Option { .. } => return None,
    };
    tokens.remove(at);
    Some(row)
}

/// A word before another operand that is nearly a command's: no URL could stand there.
fn mistyped(tokens: &Tokens) -> Option<Refusal> {
    let mut operands = tokens.iter().filter_map(|token| match token {
        Token::Operand(word) => std::str::from_utf8(word).ok(),
        Token::Option { .. } => None,
    });
    let (word, _) = (operands.next()?, operands.next()?);
    let near = nearest(word, COMMANDS.iter().map(|row| row.word))?;
    Some(Refusal::new(word, format!("there is no such command (did you mean {near}?)")))
}

/// `--help` and `--version` win over everything else.
fn about(tokens: &[Token<Key>], command: Option<&Row>) -> Option<Command> {
    tokens.iter().find_map(|token| match token {
        Token::Option { key: Key::Own(Own::Help), .. } => {
            Some(Command::Help(command.map(|row| row.name)))
        }
        Token::Option { key: Key::Own(Own::Version), .. } => Some(Command::Version),
        Token::Option { .. } | Token::Operand(_) => None,
    })
}

pub(super) fn request(tokens: Tokens) -> Result<Builder, Refusal> {
    let mut builder = Builder::default();
    for token in tokens {
        match token {
            Token::Operand(operand) => builder.operand(operand)?,
            Token::Option { key: Key::Own(own), name, value, .. } => {
                builder.own(own, &name, &value)?
            }
            Token::Option { key: Key::Curl(opt), name, value, on } => {
                builder.curl(Given { opt, name: &name, value: &value, on }, &System)?;
            }
            Token::Option { key: Key::Check(_), name, .. } => {
                return Err(Refusal::new(name, "this is an option of hopstep check"));
            }
            Token::Option { key: Key::Compare(_), name, .. } => {
                return Err(Refusal::new(name, "this is an option of hopstep compare"));
            }
        }
    }
    Ok(builder)
}

/// A command that sends what it is told to.
pub(super) fn sending(tokens: Vec<Token<Key>>) -> Result<Builder, Refusal> {
    let dry =
        |token: &Token<Key>| matches!(token, Token::Option { key: Key::Own(Own::DryRun), .. });
    match tokens.iter().any(dry) {
        true => Err(Refusal::new("--dry-run", "only hopstep clients URL can tell without sending")),
        false => request(tokens),
    }
}

fn clients(run: Run) -> Result<Command, Refusal> {
    if run.probe {
        return Err(Refusal::new("--probe", "it goes with hopstep trace and hopstep check"));
    }
    match run.output.format {
        Format::Text | Format::Json | Format::Markdown => Ok(Command::Clients(Box::new(run))),
        Format::Ndjson
        | Format::Har
        | Format::Curl
        | Format::Hurl
        | Format::Sarif
        | Format::Junit => {
            Err(Refusal::new("--format", "hopstep clients prints text, json or markdown"))
        }
    }
}

/// `hopstep config [--show] [--config FILE]`
fn config(tokens: Tokens, env: &dyn Fn(&str) -> Option<String>) -> Result<Command, Refusal> {
    let mut named = None;
    for token in tokens {
        match token {
            Token::Option { key: Key::Own(Own::Show), .. } => {}
            Token::Option { key: Key::Own(Own::Config), value, .. } => {
                named = Some(String::from_utf8_lossy(&value).into_owned());
            }
            Token::Option { name, .. } => {
                return Err(Refusal::new(name, "hopstep config takes --show and --config"));
            }
            Token::Operand(operand) => {
                let operand = String::from_utf8_lossy(&operand).into_owned();
                return Err(Refusal::new(operand, "hopstep config takes no operand"));
            }
        }
    }
    let config = configuration::load(named.as_deref(), env)?;
    Ok(Command::Config(Box::new(config)))
}

/// A command that takes operands only.
fn plain(row: &Row, tokens: Vec<Token<Key>>) -> Result<Command, Refusal> {
    let mut operands = Vec::new();
    for token in tokens {
        match token {
            Token::Operand(operand) => {
                operands.push(String::from_utf8_lossy(&operand).into_owned())
            }
            Token::Option { name, .. } => {
                return Err(Refusal::new(
                    name,
                    format!("hopstep {} takes no such option", row.word),
                ));
            }
        }
    }
    let what = format!("hopstep {}", row.word);
    match (row.name, operands.as_slice()) {
        (Name::Completions, [shell]) => Shell::named(shell)
            .map(Command::Completions)
            .map_err(|expected| Refusal::new(shell, expected)),
        (Name::Completions, _) => Err(Refusal::new(what, "expects the name of one shell")),
        (Name::Man, []) => Ok(Command::Man(None)),
        (Name::Man, [word]) => page_of(word).map(Command::Man),
        (Name::Help, []) => Ok(Command::Help(None)),
        (Name::Help, [word]) => page_of(word).map(Command::Help),
        (Name::Lab, names) => Ok(Command::Lab(names.to_vec())),
        (Name::Demo, []) => Ok(Command::Demo(None)),
        (Name::Demo, [scenario]) => Ok(Command::Demo(Some(scenario.clone()))),
        (Name::Demo, [_, extra, ..]) => {
            Err(Refusal::new(extra, format!("{what} takes one scenario")))
        }
        (Name::Explain, []) => Ok(Command::Explain(None)),
        (Name::Explain, [topic]) => Ok(Command::Explain(Some(topic.clone()))),
        (Name::Explain, [_, extra, ..]) => {
            Err(Refusal::new(extra, format!("{what} takes one topic")))
        }
        (Name::Man | Name::Help, [_, extra, ..]) => {
            Err(Refusal::new(extra, format!("{what} takes one command")))
        }
        (
            Name::Trace
            | Name::Clients
            | Name::Check
            | Name::Compare
            | Name::Open
            | Name::History
            | Name::Config,
            _,
        ) => Err(Refusal::new(what, "takes other operands")),
    }
}

/// The command whose page is asked for.
fn page_of(word: &str) -> Result<Option<Name>, Refusal> {
    match command::named(word.as_bytes()) {
        Some(row) => Ok(Some(row.name)),
        None => Err(Refusal::new(word, "there is no such command; hopstep help lists them")),
    }
}

impl<K: Copy> lex::Row<K> {
    fn with<L>(&self, key: L) -> lex::Row<L> {
        lex::Row { key, long: self.long, short: self.short, value: self.value, help: self.help }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::http::method::Method;

    fn read(args: &[&str]) -> Result<Command, String> {
        let args: Vec<OsString> = args.iter().map(OsString::from).collect();
        parse(&args, &|_| None).map_err(|refusal| refusal.to_string())
    }

    fn draft(args: &[&str]) -> crate::domain::http::request::Draft {
        match read(args).unwrap() {
            Command::Open(run) | Command::Trace(run) => run.draft.unwrap(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn curls_conventions_are_kept() {
        let draft =
            draft(&["trace", "-sSLXPUT", "-d=x", "-d", "-y", "-HX-A: 1", "localhost:1/x", "-k"]);
        assert_eq!((draft.method, draft.forced), (Method::PUT, true));
        assert_eq!(draft.url.as_str(), "http://localhost:1/x");
    }

    #[test]
    fn the_command_may_stand_after_options() {
        assert!(matches!(read(&["-L", "trace", "http://a.test"]), Ok(Command::Trace(_))));
        assert!(matches!(read(&["http://trace"]), Ok(Command::Open(_))));
        assert!(matches!(read(&[]), Ok(Command::Open(_))));
        assert!(matches!(read(&["trace", "-h"]), Ok(Command::Help(Some(Name::Trace)))));
        assert!(matches!(read(&["help", "trace"]), Ok(Command::Help(Some(Name::Trace)))));
        assert!(matches!(read(&["help"]), Ok(Command::Help(None))));
        assert!(matches!(read(&["-V"]), Ok(Command::Version)));
    }

    #[test]
    fn a_pasted_command_is_a_url_of_its_own() {
        let draft = draft(&["curl -d a=b 'http://a.test/x' -o out"]);
        assert_eq!(draft.method, Method::POST);
        assert_eq!(draft.body.unwrap().bytes, "a=b");
    }

    #[test]
    fn what_is_not_honoured_is_refused_by_name() {
        for (args, what) in [
            (&["trace", "-o", "x", "http://a.test"][..], "-o: "),
            (&["trace", "--retry", "3", "http://a.test"], "--retry: "),
            (&["trace", "--as", "lynx", "http://a.test"], "--as lynx: "),
            (&["trace", "http://a.test", "http://b.test"], "http://b.test: "),
            (&["trace"], "URL: "),
            (&["traec", "http://a.test"], "traec: there is no such command (did you mean trace?)"),
            (&["trace", "no-such-file.http#login"], "no-such-file.http: "),
            (&["check"], "hopstep check: expects a file"),
            (&["trace", "-T", "a", "-T", "b", "http://a.test/"], "-T b: one URL takes one file"),
            (&["trace", "--no-location", "a.test"], "--no-location: hopstep follows redirects"),
            (&["trace", "--no-probe", "a.test"], "--no-probe: of hopstep's own options none"),
            (&["--no-yes", "a.test"], "--no-yes: "),
            (&["--no-help"], "--no-help: "),
            (&["check", "x.toml", "--no-update"], "--no-update: "),
            (&["trace", "--basic", "--oauth2-bearer", "t", "a.test"], "--basic: beside --oauth2"),
            (
                &["trace", "-r", "99999999999999999999", "a.test"],
                "-r 99999999999999999999: no file",
            ),
            (&["trace", "http://a.test/a b"], "http://a.test/a b: curl takes no URL with a space"),
            (
                &["http://a.test/[1-3]{a,b}"],
                "http://a.test/[1-3]{a,b}: curl asks for 6 URLs here, the first",
            ),
            (
                &["trace", "a.test/?f[name]=1"],
                "a.test/?f[name]=1: curl takes no URL with brackets that",
            ),
            (
                &["curl 'http://a.test/{a'"],
                "http://a.test/{a: curl takes no URL with a brace that no",
            ),
            (&["check", "x.toml", "--proto", "=https"], "--proto: "),
            (
                &["trace", "--proto", "=https", "a.test"],
                "http://a.test/: --proto permits https only",
            ),
            (&["trace", "--proto-default", "ftp", "a.test"], "--proto-default ftp: "),
            (&["trace", "--tls-max", "1.1", "a.test"], "--tls-max 1.1: hopstep speaks TLS 1.2 and"),
            (&["trace", "--tlsv1.3", "--tls-max", "1.2", "a.test"], "--tls-max 1.2: "),
            (&["check", "x.toml", "-c", "jar"], "-c: hopstep check writes no cookies"),
            (&["check", "x.toml", "--shard", "3/2"], "--shard 3/2: expects I/N"),
            (&["http://check", "--shard", "1/2"], "--shard: "),
            (&["completions", "tcsh"], "tcsh: "),
            (&["trace", "-d", "a", "-I", "a.test"], "-d and -I: "),
            (&["man", "-L"], "-L: "),
            (&["help", "curl"], "curl: there is no such command"),
            (&["compare", "a.test"], "hopstep compare: "),
            (&["compare", "a.test", "--clients", "curl"], "--clients curl: expects two or more"),
            (&["compare", "a.test", "--clients", "curl,lynx"], "--clients lynx: there is no such"),
            (
                &["compare", "a.test", "--methods", "GET,PUT", "--clients", "curl,java"],
                "--clients: ",
            ),
            (&["http://compare", "--map-host", "a=b"], "--map-host: "),
            // only the first operand names a command
            (&["trace", "-d", "check", "--shard", "1/2", "a.test"], "--shard"),
            (&["-d", "compare", "a.test", "--clients", "curl,go"], "--clients"),
        ] {
            let refusal = read(args).unwrap_err();
            assert!(refusal.starts_with(what), "{refusal}");
        }
    }
}
