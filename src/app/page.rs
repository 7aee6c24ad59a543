//! What a pane says, as lines of styled text: made from the model, drawn by `tui`, searched by `update`.
//!
//! Every text in a [`Span`] is already escaped (`domain::escape`). The body pane is not a page: its
//! lines come in windows from the shell.

pub mod body;
pub mod clients;
pub mod compare;
pub mod cookies;
pub mod empty;
pub mod explain;
pub mod head;
pub mod kept;
pub mod laid;
pub mod matrix;
pub mod nature;
pub mod preview;
pub mod probes;
pub mod prose;
pub mod request;
pub mod response;
pub mod runs;
pub mod sheet;
pub mod step;
pub mod time;
pub mod tls;
pub mod units;
pub mod verdict;

use std::sync::Arc;

use super::model::{Model, Session};
use super::pane::Pane;
use crate::domain::body_view::Token;
use crate::domain::chain::Hop;
use crate::domain::finding::{Finding, Severity};
use crate::domain::http::timing::Phase;

/// One line of a pane.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Line {
    pub spans: Vec<Span>,
    /// The finding (index into the session's findings) that `Enter` on this line explains.
    pub finding: Option<usize>,
}

/// A piece of a line in one role.
#[derive(Clone, PartialEq, Debug)]
pub struct Span {
    pub text: String,
    pub role: Role,
}

/// What a piece of text is; the theme says how it looks, with colour and without.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    Plain,
    /// Less important than what stands around it.
    Dim,
    Strong,
    /// A field name.
    Name,
    /// A status by its class.
    Status(u16),
    Severity(Severity),
    /// The marks below the bytes a finding means.
    Caret(Severity),
    /// Gone or lost on the way to the next request.
    Removed,
    /// New in the next request.
    Added,
    /// A phase of the waterfall.
    Phase(Phase),
    /// What a rule refers to; the terminal may lead there.
    Reference,
    /// A visible escape of a hostile byte.
    Escape,
    /// A key that works here.
    Key,
    /// What stands under the cursor.
    Chosen,
    /// The letters that were searched for.
    Found,
    /// A token of a body.
    Token(Token),
}

impl Line {
    pub fn plain(text: impl Into<String>) -> Line {
        Line::of([(Role::Plain, text.into())])
    }

    pub fn of(spans: impl IntoIterator<Item = (Role, String)>) -> Line {
        let spans = spans.into_iter().map(|(role, text)| Span { text, role }).collect();
        Line { spans, finding: None }
    }

    pub fn push(&mut self, role: Role, text: impl Into<String>) {
        self.spans.push(Span { text: text.into(), role });
    }

    /// The line's text without roles.
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }
}

/// The lines of this pane for the selected row, wrapped to `width` columns. Empty without a session.
pub fn lines(model: &Model, pane: Pane, width: u16) -> Arc<Vec<Line>> {
    let session = model.session.as_ref();
    let kept = session.and_then(|session| model.pages.page(session, pane, width));
    kept.unwrap_or_else(|| Arc::new(laid_out(model, pane, width)))
}

/// The same, laid out now.
pub fn laid_out(model: &Model, pane: Pane, width: u16) -> Vec<Line> {
    let Some(session) = &model.session else { return Vec::new() };
    let Some(hop) = selected_hop(session) else { return unsent(model, session, pane, width) };
    match pane {
        Pane::Response => response::lines(session, hop, width),
        Pane::Request => request::sent(session, hop, width),
        Pane::Body => Vec::new(),
        Pane::Cookies => cookies::lines(model, session, hop, width),
        Pane::Tls => tls::lines(model, session, hop, width),
        Pane::Time => time::lines(session, hop, width),
        Pane::Clients => clients::lines(model, session, width),
        Pane::Findings => verdict::lines(session, width),
    }
}

/// The row that is not sent yet has a request only.
fn unsent(model: &Model, session: &Session, pane: Pane, width: u16) -> Vec<Line> {
    match (pane, step::planned(session)) {
        (Pane::Clients, _) if !session.chain.hops.is_empty() => {
            clients::lines(model, session, width)
        }
        (Pane::Findings, _) if !session.chain.hops.is_empty() => verdict::lines(session, width),
        (Pane::Response | Pane::Request, Some(planned)) => {
            request::planned(model, session, planned, width)
        }
        (Pane::Cookies, Some(planned)) => {
            let mut lines = empty::unanswered(model, session, pane, width);
            lines.push(Line::default());
            lines.extend(cookies::planned(session, planned, width));
            lines
        }
        (Pane::Body, _) => Vec::new(),
        (
            Pane::Response
            | Pane::Request
            | Pane::Cookies
            | Pane::Tls
            | Pane::Time
            | Pane::Clients
            | Pane::Findings,
            _,
        ) => empty::unanswered(model, session, pane, width),
    }
}

/// The findings on this hop (from 1) with their indices.
fn findings_on(session: &Session, hop: usize) -> Vec<(usize, &Finding)> {
    session.findings.iter().enumerate().filter(|(_, finding)| finding.hop == Some(hop)).collect()
}

/// A phase in a word.
pub fn phase_name(phase: Phase) -> &'static str {
    match phase {
        Phase::Dns => "DNS",
        Phase::Connect => "connect",
        Phase::Tls => "TLS",
        Phase::Wait => "wait",
        Phase::Receive => "receive",
    }
}

/// The hop of the selected row; `None` when the row is the request not yet sent.
pub fn selected_hop(session: &Session) -> Option<&Hop> {
    session.chain.hops.get(session.selected)
}
