//! The options of a run, collected and turned into the domain's own types.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::client;
use super::configuration;
use super::http_file::{HttpFile, NO_URL};
use super::inputs::System;
use super::own::{self, Choice, Color, Cookies, FollowLoops, Own};
use super::tls_files;
use crate::domain::chain::Limits;
use crate::domain::client::Client;
use crate::domain::config::Config;
use crate::domain::cookie::jar::Jar;
use crate::domain::cookie::netscape;
use crate::domain::export::Format;
use crate::domain::finding::Severity;
use crate::domain::http::request::{Draft, display_url};
use crate::domain::http::schemes::Schemes;
use crate::domain::http::settings::Settings;
use crate::domain::import::curl::take::Given;
use crate::domain::import::curl::{CookieFiles, Inputs, Options, Refusal, is_curl, paste_onto};
use crate::domain::policy::Policy;

/// One run of a chain: what to send, how, and what to print.
#[derive(Clone, Debug)]
pub struct Run {
    /// `None` when no URL was given: the TUI asks for one.
    pub draft: Option<Draft>,
    pub client: Client,
    pub limits: Limits,
    pub settings: Settings,
    /// `-m`, for the whole chain.
    pub max_time: Option<Duration>,
    /// Cookies that are there before the first request (`-b FILE`).
    pub jar: Jar,
    /// `-c`: where the jar is written to at the end.
    pub cookie_jar: Option<PathBuf>,
    pub output: Output,
    /// What the files of the user and the project say.
    pub config: Config,
    /// `--config`
    pub config_file: Option<String>,
    /// `--probe`
    pub probe: bool,
    /// `--yes`
    pub yes: bool,
    /// Whether runs are recorded, and their secrets too.
    pub history: Option<bool>,
    /// `--dry-run`
    pub dry_run: bool,
    /// What the user should know of how the command line was read, one sentence each.
    pub notes: Vec<String>,
}

/// What is printed, and which findings and statuses fail.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    pub format: Format,
    pub show_body: u64,
    pub fail_on: FailOn,
    /// `-f`
    pub fail: bool,
    /// `--redact`
    pub redact: bool,
    pub color: Color,
}

/// `--fail-on`: the least severity that fails; `None` is never.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FailOn(pub Option<Severity>);

impl Choice for FailOn {
    const ALL: &'static [(&'static str, FailOn)] = &[
        ("error", FailOn(Some(Severity::Error))),
        ("warning", FailOn(Some(Severity::Warning))),
        ("info", FailOn(Some(Severity::Info))),
        ("hint", FailOn(Some(Severity::Hint))),
        ("never", FailOn(None)),
    ];
}

/// A run in the making.
#[derive(Debug)]
pub(crate) struct Builder {
    options: Options,
    pasted: bool,
    /// A request of a `.http` file.
    file: Option<HttpFile>,
    client: Option<Client>,
    cookies: Cookies,
    limits: Limits,
    max_body: u64,
    output: Output,
    /// `--config`
    config: Option<String>,
    /// `--env`
    pub(crate) environment: Option<String>,
    yes: bool,
    history: Option<bool>,
    dry_run: bool,
    probe: bool,
    notes: Vec<String>,
}

impl Default for Builder {
    fn default() -> Builder {
        let output = Output {
            format: Format::Text,
            show_body: 1 << 20,
            fail_on: FailOn(None),
            fail: false,
            redact: false,
            color: Color::Auto,
        };
        Builder {
            options: Options::default(),
            pasted: false,
            file: None,
            client: None,
            cookies: Cookies::Auto,
            limits: Limits::default(),
            max_body: Settings::MAX_BODY,
            output,
            config: None,
            environment: None,
            yes: false,
            history: Some(false),
            dry_run: false,
            probe: false,
            notes: Vec::new(),
        }
    }
}

impl Builder {
    /// A URL, or a whole curl command in one argument.
    pub(crate) fn operand(&mut self, operand: Vec<u8>) -> Result<(), Refusal> {
        let text = String::from_utf8_lossy(&operand);
        if let Some(file) = HttpFile::named(&text) {
            if self.file.is_some() {
                return Err(Refusal::new(text, "one request of a file at a time"));
            }
            // read at the end: options say with which variables
            self.file = Some(file);
            self.options.add_url(NO_URL.as_bytes().to_vec());
            return Ok(());
        }
        if !is_curl(&text) {
            self.options.add_url(operand);
            return Ok(());
        }
        if self.pasted || self.options.url().is_some() {
            return Err(Refusal::new("curl …", "a pasted command can't stand beside another URL"));
        }
        let pasted = paste_onto(std::mem::take(&mut self.options), &text, &System)?;
        if !pasted.left_out.is_empty() {
            self.notes
                .push(format!("left out of the curl command: {}", pasted.left_out.join(", ")));
        }
        self.options = pasted.options;
        self.pasted = true;
        Ok(())
    }

    pub(crate) fn curl(&mut self, given: Given<'_>, inputs: &dyn Inputs) -> Result<(), Refusal> {
        let what = given.name.to_owned();
        self.options.take(given, inputs)?;
        if self.options.left_out.is_empty() {
            return Ok(());
        }
        Err(Refusal::new(what, "hopstep prints to standard output; see --format"))
    }

    pub(crate) fn own(&mut self, own: Own, name: &str, value: &[u8]) -> Result<(), Refusal> {
        let text = String::from_utf8_lossy(value).into_owned();
        let refuse = |why: String| Refusal::new(format!("{name} {text}").trim_end(), why);
        match own {
            Own::As => self.client = Some(client::named(&text).map_err(refuse)?),
            Own::Cookies => self.cookies = Cookies::named(&text).map_err(refuse)?,
            Own::Format => self.output.format = Format::named(&text).map_err(refuse)?,
            Own::MaxHops => {
                let limit =
                    || text.parse().map_err(|_| refuse("expects a number, or -1".to_owned()));
                let limit = if text == "-1" { None } else { Some(limit()?) };
                self.options.switches.max_redirs = Some(limit);
            }
            Own::Loop => self.limits.follow_loops = FollowLoops::named(&text).map_err(refuse)?.0,
            Own::MaxBody => self.max_body = own::bytes(&text).map_err(refuse)?,
            Own::ShowBody => self.output.show_body = own::bytes(&text).map_err(refuse)?,
            Own::FailOn => self.output.fail_on = FailOn::named(&text).map_err(refuse)?,
            Own::Color => self.output.color = Color::named(&text).map_err(refuse)?,
            Own::Yes => self.yes = true,
            Own::NoHistory => self.history = None,
            Own::HistorySecrets => self.history = self.history.map(|_| true),
            Own::DryRun => self.dry_run = true,
            Own::Probe => self.probe = true,
            Own::Redact => self.output.redact = true,
            Own::Config => self.config = Some(text),
            Own::Environment => self.environment = Some(text),
            Own::Show => return Err(refuse("it goes with hopstep config".to_owned())),
            Own::Help | Own::Version => {}
        }
        Ok(())
    }

    /// For commands that can't do without a URL.
    pub(crate) fn finish_with_url(
        self,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Run, Refusal> {
        match self.options.url() {
            Some(_) => self.finish(env),
            None => Err(Refusal::new("URL", "there is none; give the one to begin with")),
        }
    }

    /// For commands whose requests are in files: the options of each, with a URL that is not sent.
    pub(crate) fn finish_as_template(
        mut self,
        env: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Run, Refusal> {
        if let Some(url) = self.options.url() {
            let url = String::from_utf8_lossy(url).into_owned();
            return Err(Refusal::new(url, "the URLs to check are in the files"));
        }
        if self.options.switches.proto.is_some_and(|proto| proto != Schemes::BOTH) {
            return Err(Refusal::new(
                "--proto",
                "the URLs are in the files; --proto-redir says where redirects may lead",
            ));
        }
        self.options.add_url(NO_URL.as_bytes().to_vec());
        self.finish(env)
    }

    pub(crate) fn finish(self, env: &dyn Fn(&str) -> Option<String>) -> Result<Run, Refusal> {
        let Builder { options, file, client, cookies, mut limits, max_body, output, .. } = self;
        let Builder { config: config_file, yes, history, dry_run, probe, mut notes, .. } = self;
        let environment = self.environment;
        let config = configuration::load(config_file.as_deref(), env)?;
        limits.policy = policy(&config);
        let usual = config.client.as_ref().map_or("curl", |placed| placed.value.as_str());
        let client = client.map_or_else(|| client::named(usual), Ok);
        let client = client.map_err(|why| Refusal::new("--as curl", why))?;
        let draft = options.url().map(|_| options.draft(&System)).transpose()?;
        let draft = match (file, draft) {
            (Some(file), Some(draft)) => Some(file.request(draft, environment.as_deref())?),
            (None, _) if environment.is_some() => {
                return Err(Refusal::new(
                    "--env",
                    "it goes with a .http file and with hopstep check",
                ));
            }
            (Some(_) | None, draft) => draft,
        };
        let switches = &options.switches;
        limits.proto = switches.proto.unwrap_or_default();
        limits.proto_redir = switches.proto_redir.unwrap_or_default();
        if let Some(draft) = draft.as_ref().filter(|draft| !limits.proto.permits(&draft.url)) {
            let url = display_url(&draft.url);
            let why = format!("--proto permits {}", limits.proto.words());
            return Err(Refusal::new(url, why));
        }
        notes.extend(options.unread_netrc(&System));
        let mut settings = options.transport.settings(env)?;
        settings.to_proxy.agent = options.agent_for_proxies();
        tls_files::usable(&settings)?;
        settings.max_body = max_body;
        notes.extend(unplaced(&options.cookie_files));
        limits.cookies = match cookies {
            Cookies::Auto => options.cookie_files.on.then_some(true),
            Cookies::On => Some(true),
            Cookies::Off => Some(false),
        };
        limits.max_hops = options.switches.max_redirs.map(|limit| limit.unwrap_or(u32::MAX));
        Ok(Run {
            draft,
            client: client.switched(&options.switches),
            limits,
            settings,
            max_time: options.transport.max_time,
            jar: jar(&options.cookie_files)?,
            cookie_jar: options.cookie_files.write.map(PathBuf::from),
            output: Output { fail: options.fail, ..output },
            config,
            config_file,
            probe,
            yes,
            history,
            dry_run,
            notes,
        })
    }
}

/// The policy of these files: read once, it is there to the end of the program.
pub fn policy(config: &Config) -> Option<&'static Policy> {
    let policy = config.policy();
    (policy != Policy::default()).then(|| &*Box::leak(Box::new(policy)))
}

/// What is not taken from the files that `-b` names: lines as servers send them, which name no host.
fn unplaced(files: &CookieFiles) -> Option<String> {
    let is_header = |line: &&[u8]| {
        line.get(..11).is_some_and(|start| start.eq_ignore_ascii_case(b"Set-Cookie:"))
    };
    files.read.iter().filter(|file| *file != "-").find_map(|file| {
        let text = System.read(file).ok()?;
        let count = text.split(|&byte| byte == b'\n').filter(is_header).count();
        (count > 0).then(|| {
            format!("-b {file}: {count} Set-Cookie lines name no host and are not taken; give them as -b 'name=value'")
        })
    })
}

/// The cookies of the files that `-b` names.
fn jar(files: &CookieFiles) -> Result<Jar, Refusal> {
    let now =
        SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs() as i64);
    let mut all = Jar::default();
    // `-b jar -c jar`: the first time there is none yet
    let begun = |file: &&String| files.write.as_ref() != Some(file) || Path::new(file).exists();
    for file in files.read.iter().filter(begun) {
        let text = System.read(file).map_err(|why| Refusal::new(format!("-b {file}"), why))?;
        for cookie in netscape::parse(&text, now).iter() {
            if !files.junk_session || cookie.expires.is_some() {
                all.insert(cookie.clone(), now);
            }
        }
    }
    Ok(all)
}
