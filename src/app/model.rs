//! The model: everything the screen shows, as plain data.

mod overlay;
mod session;

use regex::{Regex, RegexBuilder};

use crate::domain::body_view::{Folds, View};
use crate::domain::breakpoint::Breakpoint;
use crate::domain::chain::Limits;
use crate::domain::client::Client;
use crate::domain::comparison::hosts::Hosts;
use crate::domain::cookie::jar::Jar;
use crate::domain::history::Entry;
use crate::domain::http::body::BodyId;
use crate::domain::http::method::Method;
use crate::domain::http::request::Draft;
use crate::domain::http::settings::Settings;
use crate::domain::import::curl::url as typed_url;

use super::compared::Compared;
use super::complete::Completion;
use super::effect::{BodyQuery, BodySearch};
use super::filter::Filter;
use super::hint::Hint;
use super::keys::Keys;
use super::message::{BodyMatches, BodyWindow, CopyItem, FetchId, Written};
use super::page::kept::Kept;
use super::pane::{Focus, Pane};
use super::privacy::Mask;
use super::text_input::TextInput;
pub use overlay::Overlay;
pub use session::{Flight, Mode, Probing, RunOrigin, Session};

/// The whole state of the program behind the screen.
#[derive(Clone, PartialEq, Debug)]
pub struct Model {
    /// The request being written.
    pub form: Form,
    /// The run on the screen; `None` on the first screen.
    pub session: Option<Session>,
    /// The other runs, oldest first, each as it was left.
    pub others: Vec<Session>,
    /// Where a run that continues stops.
    pub breakpoints: Vec<Breakpoint>,
    /// The name of the client whose rules decide.
    pub client: String,
    pub limits: Limits,
    pub settings: Settings,
    pub given: Given,
    pub focus: Focus,
    pub panes: Panes,
    /// The pages in sight, as they were laid out.
    pub pages: Kept,
    pub overlay: Option<Overlay>,
    pub search: Search,
    /// The bodies of the two runs that were put side by side last.
    pub compared: Compared,
    /// Which hops the chain shows.
    pub filter: Filter,
    /// The first keys of a sequence, as the keymap writes them.
    pub begun: String,
    /// Secrets are masked on the screen and in copies.
    pub private: bool,
    /// While they are: the model as others may see it.
    pub public: Option<Box<Model>>,
    pub mask: Mask,
    /// The program hears the mouse; else the terminal does, for selecting text.
    pub mouse: bool,
    /// The number of the theme.
    pub theme: usize,
    /// References are hyperlinks, or not; `None`: where the terminal is known to have them.
    pub links: Option<bool>,
    /// Suggestions for what is being typed.
    pub completion: Option<Completion>,
    /// URLs of the history, the latest first; `None` until they are asked for.
    pub urls: Option<Vec<String>>,
    /// The keymap.
    pub keys: Keys,
    /// The hints that were not told yet.
    pub hints: Vec<Hint>,
    /// The latest chains of the history, for the first screen.
    pub recent: Vec<Entry>,
    /// The number of the last search through bodies, and whether it goes on.
    pub finding: (u64, bool),
    /// What the last action came to; stays until the next key.
    pub status: Option<Status>,
    /// What the first screen lists below the recent chains.
    pub scenarios: Vec<Scenario>,
    /// The `.http` file that they are from; `None`: the lab.
    pub listed_from: Option<String>,
    /// The run from the history beside which the next one is to be shown, once its secrets were given anew.
    pub beside: Option<usize>,
    /// The selected row of the first screen's list.
    pub scenario: usize,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The last text that was copied, for printing after the screen is gone.
    pub copied: Option<String>,
    pub next_fetch: FetchId,
    /// Changes of the project's file that can be taken back, the last one last.
    pub written: Vec<Written>,
    /// Seconds since the Unix epoch, as last heard from outside; cookies expire by it.
    pub now: i64,
    /// Set once; the shell leaves its loop.
    pub quitting: bool,
}

/// What the command line said beyond the request, for every run.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Given {
    /// A client that switches altered (`--location-trusted`, `--post301`); it stands for the client of its name.
    pub client: Option<Client>,
    /// Cookies that are there before the first request (`-b FILE`).
    pub jar: Jar,
    /// Dangerous steps are sent without a question (`--yes`).
    pub yes: bool,
    /// Hosts of the first run that stand for hosts of others (`--map-host`).
    pub hosts: Hosts,
    /// Client and limits as they were before a curl command was pasted: what one command says is no word on the next.
    pub unpasted: Option<Box<(Option<Client>, Limits)>>,
}

/// The request as the user writes it.
#[derive(Clone, PartialEq, Debug)]
pub struct Form {
    pub url: TextInput,
    pub method: Method,
    /// The method is forced (`-X`): a client such as curl repeats it on every hop.
    pub forced: bool,
    /// `Name: value` lines, as `-H` takes them.
    pub headers: TextInput,
    pub body: TextInput,
    /// `user:password`, or `Bearer TOKEN`.
    pub auth: TextInput,
    /// What the command line or the scenario said beyond these fields.
    pub base: Draft,
    /// Why the form can't be sent, said below the URL bar.
    pub error: Option<String>,
}

/// What the panes remember.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Panes {
    pub open: Pane,
    /// First line shown, per pane.
    pub scroll: [u64; Pane::ALL.len()],
    /// First column shown in the body.
    pub column: u64,
    pub wrap: bool,
    /// The open pane has the whole screen.
    pub zoomed: bool,
    /// The columns of the chain in percent, where it stands beside the pane; `None`: as it fits.
    pub columns: Option<u16>,
    /// The rows of the chain where it stands above the pane; `None`: as it fits.
    pub rows: Option<u16>,
    /// The border between them is being dragged.
    pub grabbed: bool,
    /// Hops that repeat others are shown one by one.
    pub unfolded: bool,
    pub body: BodyPane,
    pub clients: ClientsPane,
}

/// The clients pane: which client is under the cursor, and what is asked of all.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ClientsPane {
    /// `None`: the client that decides at the selected hop.
    pub chosen: Option<String>,
    /// The whole chain instead of one hop.
    pub whole: bool,
}

/// The body pane: what is shown and what was asked for.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct BodyPane {
    /// The view the user chose; `None`: the one that fits.
    pub view: Option<View>,
    pub window: Option<Box<BodyWindow>>,
    /// The window asked for last.
    pub query: Option<BodyQuery>,
    /// The body and view that cursor and folds belong to.
    pub of: Option<(BodyId, View)>,
    /// The line that the keys act on.
    pub cursor: u64,
    pub folds: Folds,
    /// The depth at which everything was folded last.
    pub level: Option<u32>,
}

impl BodyPane {
    /// How many rows the body takes, as far as its lines are counted.
    pub fn rows(&self) -> u64 {
        self.window.as_ref().map_or(0, |window| self.folds.rows(window.total))
    }
}

/// Search in the open pane.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Search {
    pub input: TextInput,
    /// The pattern is being typed.
    pub typing: bool,
    /// The pattern in force.
    pub pattern: Option<String>,
    /// Which match is shown, from 1, of how many.
    pub position: Option<(usize, usize)>,
    /// In the body: which match is wanted, from 0.
    pub nth: u64,
    /// In the body: the question asked last.
    pub asked: Option<BodySearch>,
    /// In the body: how far the search has come.
    pub matches: Option<Box<BodyMatches>>,
}

/// One line about what the last action came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Status {
    pub text: String,
    pub trouble: bool,
}

/// One scenario of the lab on the first screen.
#[derive(Clone, PartialEq, Debug)]
pub struct Scenario {
    pub id: String,
    pub title: String,
    pub lesson: String,
    pub draft: Draft,
    /// Whose rules decide, and within which limits.
    pub client: String,
    pub limits: Limits,
}

/// The rows of the copy menu: key, item, label.
pub const COPY_MENU: [(char, CopyItem, &str); 13] = [
    ('c', CopyItem::CurlHop, "curl command for this hop"),
    ('a', CopyItem::CurlChain, "curl for the whole chain"),
    ('u', CopyItem::Url, "URL of this hop"),
    ('l', CopyItem::Location, "resolved Location"),
    ('h', CopyItem::ResponseHead, "response head"),
    ('r', CopyItem::RequestHead, "request head"),
    ('i', CopyItem::HeaderLine, "header line …"),
    ('o', CopyItem::Cookie, "cookie …"),
    ('b', CopyItem::Body, "body"),
    ('p', CopyItem::Path, "path in the body ($.items[3])"),
    ('f', CopyItem::Finding, "finding …"),
    ('m', CopyItem::Markdown, "chain as Markdown"),
    ('j', CopyItem::Json, "chain as JSON"),
];

impl Model {
    /// The first screen, or the URL bar filled and ready to send.
    pub fn new(draft: Draft, client: String, limits: Limits, settings: Settings) -> Model {
        Model {
            form: Form::of(draft),
            session: None,
            others: Vec::new(),
            breakpoints: Vec::new(),
            client,
            limits,
            settings,
            given: Given::default(),
            focus: Focus::Url,
            panes: Panes::default(),
            overlay: None,
            search: Search::default(),
            compared: Compared::default(),
            pages: Kept::default(),
            filter: Filter::default(),
            begun: String::new(),
            private: false,
            public: None,
            mask: Mask::default(),
            mouse: true,
            theme: 0,
            links: None,
            completion: None,
            urls: None,
            keys: Keys::default(),
            hints: Vec::new(),
            recent: Vec::new(),
            finding: (0, false),
            status: None,
            scenarios: Vec::new(),
            listed_from: None,
            beside: None,
            scenario: 0,
            size: (80, 24),
            copied: None,
            next_fetch: FetchId(1),
            written: Vec::new(),
            now: 0,
            quitting: false,
        }
    }

    /// One line about what the last action came to.
    pub fn say(&mut self, text: impl Into<String>) {
        self.status = Some(Status { text: text.into(), trouble: false });
    }

    /// One line about what went wrong.
    pub fn trouble(&mut self, text: impl Into<String>) {
        self.status = Some(Status { text: text.into(), trouble: true });
    }

    /// The client of this name, with the command line's switches where they were meant for it.
    pub fn client_named(&self, name: &str) -> Option<Client> {
        let given = self.given.client.as_ref().filter(|client| client.name == name);
        given.cloned().or_else(|| Client::named(name))
    }

    /// What a pasted curl command said of client and limits holds no longer.
    pub fn forget_pasted(&mut self) {
        let Some(before) = self.given.unpasted.take() else { return };
        self.given.client = before.0;
        self.limits = Limits { policy: self.limits.policy, ..before.1 };
    }

    /// The latest chains that the first screen has room for.
    pub fn recent(&self) -> &[Entry] {
        let room = match (self.scenarios.is_empty(), self.size.1) {
            (true, rows) => usize::from(rows.saturating_sub(8)).min(10),
            (false, 30..) => 5,
            (false, 18..) => 3,
            (false, _) => 0,
        };
        &self.recent[..self.recent.len().min(room)]
    }

    /// The rows of the first screen: recent chains, then scenarios.
    pub fn listed(&self) -> usize {
        self.recent().len() + self.scenarios.len()
    }

    /// Every run, in the order in which they were begun.
    pub fn runs(&self) -> Vec<&Session> {
        let mut runs: Vec<&Session> = self.others.iter().chain(&self.session).collect();
        runs.sort_by_key(|run| run.number);
        runs
    }

    /// The rows of the breakpoint overlay: the plain ones, then those with a value that are set.
    pub fn breakpoint_rows(&self) -> Vec<Breakpoint> {
        let valued = self.breakpoints.iter().filter(|set| !Breakpoint::PLAIN.contains(set));
        Breakpoint::PLAIN.iter().chain(valued).cloned().collect()
    }

    /// Whether time matters: something is under way.
    pub fn is_waiting(&self) -> bool {
        self.session.as_ref().is_some_and(Session::is_waiting)
    }

    /// A dangerous step waits for a word: even the smallest screen says why.
    pub fn asks(&self) -> bool {
        self.session.as_ref().is_some_and(|session| !session.danger.is_empty())
    }
}

/// The URL as it was typed, unless options made another of it (`-G`, `--url-query`, `--proto-default`).
fn address(draft: &Draft) -> String {
    match typed_url::parse(&draft.typed) {
        _ if draft.typed.is_empty() => String::new(),
        Ok(url) if url == draft.url => draft.typed.clone(),
        Ok(_) | Err(_) => draft.url.to_string(),
    }
}

impl Form {
    pub fn of(draft: Draft) -> Form {
        use crate::domain::http::request::{Credentials, FieldEdit};
        let header = |edit: &FieldEdit| match edit {
            FieldEdit::Set(field) => format!("{}: {}", field.name, field.text()),
            FieldEdit::Empty(name) => format!("{name};"),
            FieldEdit::Remove(name) => format!("{name}:"),
        };
        let headers: Vec<String> = draft.fields.iter().map(header).collect();
        let body =
            draft.body.as_ref().map(|body| String::from_utf8_lossy(&body.bytes).into_owned());
        let auth = match &draft.credentials {
            Some(Credentials::Basic { user, password }) => format!("{user}:{password}"),
            Some(Credentials::Bearer(token)) => format!("Bearer {token}"),
            None => String::new(),
        };
        Form {
            url: TextInput::line(address(&draft)),
            method: draft.method.clone(),
            forced: draft.forced,
            headers: TextInput::lines(headers.join("\n")),
            body: TextInput::lines(body.unwrap_or_default()),
            auth: TextInput::line(auth),
            base: draft,
            error: None,
        }
    }
}

impl Search {
    /// The pattern in force as it is searched: a regular expression, or the text itself where it is none. Case matters only when it has a capital.
    pub fn regex(&self) -> Option<Regex> {
        let pattern = self.pattern.as_deref()?;
        let insensitive = !pattern.chars().any(char::is_uppercase);
        let build = |text: &str| {
            RegexBuilder::new(text).case_insensitive(insensitive).size_limit(1 << 20).build().ok()
        };
        build(pattern).or_else(|| build(&regex::escape(pattern)))
    }
}
