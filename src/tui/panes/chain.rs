//! The chain: a row a hop, and on the step between two rows what changes.

use crate::app::layout::{Area, Layout, Room};
use crate::app::model::{Flight, Model, Session};
use crate::app::page::{Line, Role, badge, step, time, units};
use crate::app::pane::Focus;
use crate::domain::chain::{Ending, Hop};
use crate::domain::escape::escape;
use crate::domain::finding::Severity;
use crate::domain::http::request::Request;
use crate::domain::text;
use crate::tui::canvas::Canvas;
use crate::tui::theme::Part;

use super::bar;

/// Below this width of the URL, facts beside it give way.
const LEAST_URL: usize = 26;

pub fn render(model: &Model, area: Area, canvas: &mut Canvas<'_, '_>) {
    let Some(session) = &model.session else { return };
    if area.height == 0 || area.width == 0 {
        return;
    }
    let layout = Layout::of(model);
    let focused = model.focus == Focus::Chain;
    if layout.room == Room::Wide {
        canvas.border(area, focused);
        title(session, area, canvas);
    }
    let inner = layout.chain_inner();
    let (per_hop, first) = (layout.lines_per_hop(), layout.first_row(session));
    for (at, y) in
        (first..session.rows()).zip((inner.y..inner.y + inner.height).step_by(per_hop.into()))
    {
        let area = Area { y, height: (inner.y + inner.height - y).min(per_hop), ..inner };
        match layout.room {
            Room::Wide => two_lines(session, at, area, canvas),
            Room::Tiny | Room::Small | Room::Medium => one_line(session, at, area, canvas),
        }
        if at == session.selected {
            let part = if focused { Part::Selected } else { Part::SelectedElsewhere };
            canvas.highlight(Area { height: 1, ..area }, part);
        }
    }
}

fn title(session: &Session, area: Area, canvas: &mut Canvas<'_, '_>) {
    let area = Area { x: area.x + 2, width: area.width.saturating_sub(4), ..area };
    let sum = session.chain.hops.iter().map(|hop| hop.exchange.timing.total).sum();
    canvas.text(area, Role::Strong, " Chain ");
    if !session.chain.hops.is_empty() {
        canvas.right(area, &Line::of([(Role::Dim, format!(" {} ", units::duration(sum)))]));
    }
}

/// The row, and below it the step to the next.
fn two_lines(session: &Session, at: usize, area: Area, canvas: &mut Canvas<'_, '_>) {
    row(session, at, Area { height: 1, ..area }, canvas);
    if area.height < 2 {
        return;
    }
    let mark = if at + 1 < session.rows() { "┆ " } else { "  " };
    let mut line = Line::of([(Role::Dim, format!("    {mark}"))]);
    line.spans.extend(below(session, at).spans);
    canvas.line(Area { y: area.y + 1, height: 1, ..area }, &line);
}

/// The row with the step beside it where there is room.
fn one_line(session: &Session, at: usize, area: Area, canvas: &mut Canvas<'_, '_>) {
    let (left, step) = match area.width {
        0..60 => (area.width, 0),
        width => (width * 3 / 5, width - width * 3 / 5),
    };
    row(session, at, Area { width: left, ..area }, canvas);
    if step > 0 {
        let mut line = Line::of([(Role::Dim, "│ ".to_owned())]);
        line.spans.extend(below(session, at).spans);
        canvas.line(Area { x: area.x + left, width: step, ..area }, &line);
    }
}

fn row(session: &Session, at: usize, area: Area, canvas: &mut Canvas<'_, '_>) {
    let hop = session.chain.hops.get(at);
    let request =
        hop.map(|hop| &hop.request).or_else(|| step::planned(session).map(|p| &p.request));
    let Some(request) = request else { return };
    let mut line = head(session, at, request);
    let left = usize::from(area.width).saturating_sub(text::width(&line.text()));
    let facts = hop.map(|hop| facts(session, hop, left)).unwrap_or_default();
    let room = left.saturating_sub(text::width(&facts.text()) + 1);
    let role = if hop.is_some() { Role::Plain } else { Role::Dim };
    line.push(role, short_url(&request.display_url(), room));
    canvas.line(area, &line);
    canvas.right(area, &facts);
}

/// Marker, number, method and status.
fn head(session: &Session, at: usize, request: &Request) -> Line {
    let hop = session.chain.hops.get(at);
    let digits = session.rows().to_string().len();
    let methods = session.chain.hops.iter().map(|hop| hop.request.method.as_str().len());
    let method_width = methods.chain([request.method.as_str().len()]).max().unwrap_or(0).min(7);
    let mark = match (at == session.selected, hop) {
        (true, _) => "▶",
        (false, None) => "▷",
        (false, Some(hop)) if hop.exchange.failure.is_some() => "✖",
        (false, Some(_)) => " ",
    };
    let role = if hop.is_some() { Role::Strong } else { Role::Dim };
    let method = text::fit(request.method.as_str(), method_width).into_owned();
    let mut line = Line::of([(Role::Plain, mark.to_owned())]);
    line.push(Role::Dim, format!("{:>digits$} ", at + 1));
    line.push(role, text::pad(&method, method_width + 1));
    match hop.map(|hop| (hop, hop.status())) {
        Some((_, Some(status))) => line.push(Role::Status(status), format!("{status} ")),
        Some((_, None)) => line.push(Role::Severity(Severity::Error), "✖✖✖ "),
        None => line.push(Role::Dim, "··· "),
    }
    line
}

/// What stands at the right of a row; the least important goes first where the URL needs the room.
fn facts(session: &Session, hop: &Hop, left: usize) -> Line {
    let elapsed = format!("{:>7}", units::duration(hop.exchange.timing.total));
    let pieces = [
        badges(session, hop),
        Line::of([(Role::Plain, elapsed)]),
        time::bar(session, hop.index, 8),
    ];
    let url = text::width(&hop.request.display_url()).min(LEAST_URL);
    let mut spare = left.saturating_sub(url);
    let mut line = Line::default();
    for piece in pieces {
        let width = text::width(&piece.text()) + 1;
        if width > 1 && width <= spare {
            spare -= width;
            let gap = Line::of([(Role::Plain, " ".to_owned())]);
            line.spans.splice(0..0, gap.spans.into_iter().chain(piece.spans));
        }
    }
    line
}

fn badges(session: &Session, hop: &Hop) -> Line {
    let mut line = Line::default();
    for severity in Severity::ALL {
        let found = session.findings_on(hop.index).filter(|finding| finding.severity == severity);
        let count = found.count();
        if count > 0 {
            line.push(Role::Severity(severity), format!("{}{count}", badge(severity)));
        }
    }
    line
}

/// What is said below or beside a row: the step to the next, what is under way, or why it ended.
fn below(session: &Session, at: usize) -> Line {
    let Some(hop) = session.chain.hops.get(at) else {
        return match session.pending() {
            Some(flight) => under_way(session, flight),
            None => Line::of([(Role::Dim, "not sent".to_owned())]),
        };
    };
    if let Some(failure) = &hop.exchange.failure {
        let text = format!("{}: {}", failure.phase.id(), escape(&failure.message));
        return Line::of([(Role::Severity(Severity::Error), text)]);
    }
    if let Some(line) = step::line(session, hop.index) {
        return line;
    }
    match session.chain.ending() {
        Some(Ending::Stopped(reason)) => {
            Line::of([(Role::Severity(Severity::Warning), format!("■ {}", reason.sentence()))])
        }
        Some(Ending::Final | Ending::Failed(_)) | None => arriving(session, hop),
    }
}

fn under_way(session: &Session, flight: &Flight) -> Line {
    let host = step::planned(session).and_then(|planned| planned.request.url.host_str());
    let host = host.map(|host| format!(" · {}", escape(host))).unwrap_or_default();
    let elapsed = units::duration(flight.elapsed);
    let text = format!("{}{host} · {elapsed} · Esc cancels", bar::phase(flight.phase));
    Line::of([(Role::Strong, text)])
}

/// A body that still arrives, with how much of it there is.
fn arriving(session: &Session, hop: &Hop) -> Line {
    let flight = session.flights.iter().find(|flight| flight.head && flight.hop == hop.index);
    let Some(flight) = flight else { return Line::default() };
    let received = units::bytes(flight.received);
    let text = match flight.total.filter(|total| *total > 0) {
        Some(total) => {
            let filled = (flight.received.min(total) * 8 / total) as usize;
            let bar = format!("{}{}", "█".repeat(filled), "░".repeat(8 - filled));
            format!("{bar} {received} of {} · Esc cancels", units::bytes(total))
        }
        None => format!("{received} so far · Esc cancels"),
    };
    Line::of([(Role::Strong, text)])
}

/// The URL in so many columns: the origin stays whole as long as it can, then the end of the path.
pub fn short_url(url: &str, columns: usize) -> String {
    let url = escape(url);
    let origin = url.find("://").and_then(|at| url[at + 3..].find('/').map(|end| at + 3 + end + 1));
    match origin {
        Some(end) if text::width(&url) > columns && end + 9 <= columns => {
            let (origin, path) = url.split_at(end);
            let keep = columns - text::width(origin) - 1;
            format!("{origin}…{}", text::skip(path, text::width(path).saturating_sub(keep)))
        }
        Some(_) | None => text::fit_middle(&url, columns).into_owned(),
    }
}
