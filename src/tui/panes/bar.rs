//! The bar: method, URL, client, state.

use std::ops::Range;

use crate::app::layout::Area;
use crate::app::message::Navigate;
use crate::app::model::{Model, Session};
use crate::app::page::{Line, Role, units};
use crate::app::pane::Focus;
use crate::domain::chain::Ending;
use crate::domain::counted::counted;
use crate::domain::escape::escape;
use crate::domain::finding::Severity;
use crate::domain::http::timing::Phase;
use crate::domain::text;
use crate::tui::canvas::Canvas;
use crate::tui::keymap;
use crate::tui::theme::Part;

use super::field;

pub fn render(model: &Model, area: Area, canvas: &mut Canvas<'_>) {
    let parts = Parts::of(model, area.width);
    let piece = |columns: &Range<u16>| Area {
        x: area.x.saturating_add(columns.start),
        width: columns.end.saturating_sub(columns.start),
        ..area
    };
    canvas.text(piece(&parts.method), Role::Strong, &method(model));
    url(model, piece(&parts.url), canvas);
    canvas.text(piece(&parts.client), Role::Plain, &client(model));
    canvas.line(piece(&parts.state), &parts.line);
    for columns in [&parts.url, &parts.client, &parts.state] {
        if columns.start > 1 && !columns.is_empty() {
            let x = area.x.saturating_add(columns.start.saturating_sub(2));
            canvas.text(Area { x, width: 1, ..area }, Role::Dim, "│");
        }
    }
}

/// What a click on this column of the bar means.
pub fn clicked(model: &Model, x: u16) -> Option<Navigate> {
    let parts = Parts::of(model, model.size.0);
    if parts.method.contains(&x) {
        return Some(Navigate::MethodPicker);
    }
    if parts.client.contains(&x) {
        return Some(Navigate::ClientPicker);
    }
    parts.url.contains(&x).then_some(Navigate::FocusUrl)
}

/// The parts that one can go to, each with its first column.
pub fn places(model: &Model) -> Vec<(u16, Navigate)> {
    let parts = Parts::of(model, model.size.0);
    let all = [
        (parts.method, Navigate::MethodPicker),
        (parts.url, Navigate::FocusUrl),
        (parts.client, Navigate::ClientPicker),
    ];
    let seen = all.into_iter().filter(|(columns, _)| !columns.is_empty());
    seen.map(|(columns, navigate)| (columns.start, navigate)).collect()
}

/// The URL as it is being written, with the cursor in sight.
pub fn url(model: &Model, area: Area, canvas: &mut Canvas<'_>) {
    let input = &model.form.url;
    if model.focus != Focus::Url {
        let shown = escape(input.text());
        return canvas.text(area, Role::Plain, &text::fit_middle(&shown, area.width.into()));
    }
    let typing = model.overlay.is_none() && !model.search.typing && !model.filter.typing;
    field::render(input, Role::Strong, (area, typing), canvas);
    canvas.highlight(area, Part::Input);
}

pub fn method(model: &Model) -> String {
    format!("{} ▾", text::fit(&escape(model.form.method.as_str()), LONGEST_METHOD))
}

pub fn client(model: &Model) -> String {
    format!("as {} ▾", escape(&model.client))
}

/// The columns of the parts. What does not fit goes in this order: the words of the state, the client.
struct Parts {
    method: Range<u16>,
    url: Range<u16>,
    client: Range<u16>,
    state: Range<u16>,
    line: Line,
}

impl Parts {
    fn of(model: &Model, width: u16) -> Parts {
        let method = text::columns(&method(model));
        let client = text::columns(&client(model)).saturating_add(3);
        let left = width.saturating_sub(method + 5);
        let measured = |detail| {
            let line = state(model, detail);
            let columns = text::columns(&line.text());
            (line, if columns == 0 { 0 } else { columns.saturating_add(3) })
        };
        let fits = |(_, columns): &(Line, u16)| {
            left >= LEAST_URL.saturating_add(client).saturating_add(*columns)
        };
        let levels = [Detail::Words, Detail::Short].map(measured).into_iter().find(fits);
        let (client, (line, state)) = match levels {
            Some(level) => (client, level),
            None => (0, measured(if width < 60 { Detail::Marks } else { Detail::Short })),
        };
        let url = 1 + method + 3;
        let url_end = width.saturating_sub(client.saturating_add(state).saturating_add(1)).max(url);
        let client_at = url_end.saturating_add(3);
        let state_at = client_at.saturating_add(client);
        Parts {
            method: 1..1 + method,
            url: url..url_end,
            client: client_at..client_at.saturating_add(client.saturating_sub(3)),
            state: state_at..state_at.saturating_add(state.saturating_sub(3)),
            line,
        }
    }
}

/// How much is said of the state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Detail {
    Words,
    Short,
    /// Marks and counts only.
    Marks,
}

/// A method of more columns is cut.
const LONGEST_METHOD: usize = 16;

/// Below this width of the URL, words beside it give way.
const LEAST_URL: u16 = 24;

/// What is on that should not be forgotten.
pub fn badges(model: &Model) -> Line {
    let mut line = Line::default();
    if model.private {
        line.push(Role::Strong, "⊘ private ");
    }
    if !model.mouse {
        line.push(Role::Strong, "mouse off ");
    }
    line
}

fn state(model: &Model, detail: Detail) -> Line {
    let mut line = if detail == Detail::Marks && model.private {
        Line::of([(Role::Strong, "⊘ ".to_owned())])
    } else {
        badges(model)
    };
    line.spans.extend(stands(model, detail).spans);
    line
}

fn stands(model: &Model, detail: Detail) -> Line {
    let Some(session) = &model.session else { return Line::default() };
    if let Some(flight) = session.pending() {
        let elapsed = units::duration(flight.elapsed);
        let phase = phase(flight.phase);
        let text = match detail {
            Detail::Words => {
                let back = keymap::back(model);
                format!("▷ hop {} · {phase} · {elapsed} · {back} cancels", flight.hop)
            }
            Detail::Short => format!("▷ {phase} {elapsed}"),
            Detail::Marks => format!("▷ {elapsed}"),
        };
        return Line::of([(Role::Strong, text)]);
    }
    let mut line = stand(session, detail);
    let gap = if detail == Detail::Words { " · " } else { " " };
    if detail != Detail::Marks {
        if !model.others.is_empty() {
            let runs = model.others.len() + 1;
            line.push(Role::Plain, format!("{gap}run {} of {runs}", session.number));
        }
        line.push(Role::Plain, format!("{gap}{}", counted(session.chain.hops.len(), "hop")));
    }
    let counts = counts(session);
    if !counts.is_empty() {
        line.push(Role::Dim, gap);
        line.spans.extend(counts);
    }
    line
}

/// Where the chain stands.
fn stand(session: &Session, detail: Detail) -> Line {
    let asks = !session.danger.is_empty();
    let (role, mark, words) = match session.chain.ending() {
        None if asks => (Role::Severity(Severity::Warning), "?", "asks"),
        None => (Role::Strong, "❚❚", if detail == Detail::Words { "paused" } else { "" }),
        Some(Ending::Final) if last_arrives(session) => (Role::Strong, "▷", "receiving"),
        Some(Ending::Final) => (Role::Strong, "■", "done"),
        Some(Ending::Stopped(reason)) => (Role::Severity(Severity::Warning), "■", reason.words()),
        Some(Ending::Failed(kind)) => (Role::Severity(Severity::Error), "✖", kind.words()),
    };
    let words = if detail == Detail::Marks { "" } else { words };
    let gap = if words.is_empty() { "" } else { " " };
    Line::of([(role, format!("{mark}{gap}{words}"))])
}

/// The head of the last response is in, its body is not.
fn last_arrives(session: &Session) -> bool {
    let last = session.chain.hops.len();
    session.flights.iter().any(|flight| flight.head && flight.hop == last)
}

fn counts(session: &Session) -> Vec<crate::app::page::Span> {
    let mut line = Line::default();
    for severity in Severity::ALL {
        let count = session.findings.iter().filter(|finding| finding.severity == severity).count();
        if count > 0 && severity != Severity::Hint {
            let gap = if line.spans.is_empty() { "" } else { " " };
            line.push(Role::Severity(severity), format!("{gap}{}{count}", severity.badge()));
        }
    }
    line.spans
}

/// What goes on in this phase.
pub fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Dns => "looking the host up",
        Phase::Connect => "connecting",
        Phase::Tls => "TLS handshake",
        Phase::Wait => "waiting",
        Phase::Receive => "receiving",
    }
}
