//! The chain: a row a hop, and on the step between two rows what changes.

use crate::app::layout::rows::Seen;
use crate::app::layout::{Area, Layout, Room};
use crate::app::message::{Message, Navigate, Place};
use crate::app::model::{Flight, Model, Session};
use crate::app::page::{Line, Role, nature, step, time, units};
use crate::app::pane::Focus;
use crate::app::spine::{Repeats, Row};
use crate::domain::chain::{Ending, Hop};
use crate::domain::escape::escape;
use crate::domain::finding::Severity;
use crate::domain::http::request::Request;
use crate::domain::redirect::{StopReason, fault};
use crate::domain::text;
use crate::tui::canvas::Canvas;
use crate::tui::keymap;
use crate::tui::theme::Part;

use super::{bar, field};

/// Below this width of the URL, facts beside it give way.
const LEAST_URL: usize = 26;

/// The same beside a step that says what the rows do not.
const LEAST_BESIDE: usize = 22;

/// In less room than this a sentence that does not fit gives way to a word.
const LEAST_SAID: usize = 40;

pub fn render(model: &Model, area: Area, canvas: &mut Canvas<'_>) {
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
    filter(model, session, layout.filter, canvas);
    let seen = layout.rows(session);
    let rows = session.spine.rows();
    let ends = seen.first().zip(seen.last()).map(|(first, last)| (first.row, last.row));
    let visible = ends.and_then(|(first, last)| rows.get(first..=last)).unwrap_or_default();
    let columns = Columns::of(session, visible, inner.width, layout.room);
    let selected = session.spine.row_of(session.selected);
    for (shown, Seen { row: place, y, height }) in visible.iter().zip(seen) {
        let area = Area { y, height, ..inner };
        let at = match shown {
            Row::Hop(at) => *at,
            Row::Repeats(repeated) => {
                let row = Area { height: 1, ..area };
                canvas.line(row, &repeats(model, repeated, place == selected));
                if place == selected {
                    canvas.highlight(row, selection(focused));
                }
                continue;
            }
        };
        row(session, at, &columns, Area { width: columns.row, height: 1, ..area }, canvas);
        match layout.room {
            Room::Wide => step_below((model, session), at, area, canvas),
            Room::Medium | Room::Small | Room::Tiny => {
                step_beside((model, session), at, &columns, area, canvas)
            }
        }
        if place == selected {
            canvas.highlight(Area { width: columns.row, height: 1, ..area }, selection(focused));
        }
    }
}

fn selection(focused: bool) -> Part {
    if focused { Part::Selected } else { Part::SelectedElsewhere }
}

/// One row for hops that repeat others.
fn repeats(model: &Model, repeats: &Repeats, selected: bool) -> Line {
    let Repeats { hops, period } = repeats;
    let mark = if selected { "▶" } else { " " };
    let (from, times) = (hops.start + 1 - period, hops.len() / period);
    let what = match period {
        1 => format!("hop {from}"),
        _ => format!("hops {from}–{}", hops.start),
    };
    let mut line = Line::of([(Role::Plain, mark.to_owned())]);
    line.push(Role::Strong, format!("⋯ {what} again, {times} times"));
    line.push(Role::Dim, format!("  hops {}–{}  ", hops.start + 1, hops.end));
    line.push(Role::Key, keymap::key_of(model, &Message::Navigate(Navigate::Fold)));
    line.push(Role::Dim, " shows them");
    line
}

/// The filter and how many hops it leaves.
fn filter(model: &Model, session: &Session, area: Area, canvas: &mut Canvas<'_>) {
    if area.height == 0 {
        return;
    }
    let (input, sent) = (&model.filter.input, session.chain.hops.len());
    let shown = escape(input.text());
    let key = keymap::key_of(model, &Message::Navigate(Navigate::Filter));
    let mut line = Line::of([(Role::Key, format!("{key} ")), (Role::Strong, shown.into_owned())]);
    match model.filter.is_on() {
        true => line.push(Role::Dim, format!("   {} of {sent}", session.spine.hops(sent))),
        false => line.push(Role::Dim, "   302 · 3xx · host:shop · finding:error · text · !text"),
    }
    canvas.line(area, &line);
    let back = format!(" {}", keymap::back(model));
    let end = Line::of([(Role::Key, back), (Role::Dim, " shows all ".to_owned())]);
    if text::width(&line.text()) + text::width(&end.text()) < area.width.into() {
        canvas.right(area, &end);
    }
    if model.filter.typing && model.overlay.is_none() {
        let lead = text::columns(&key).saturating_add(1);
        let (x, width) = (area.x.saturating_add(lead), area.width.saturating_sub(lead));
        let field = Area { x, width, ..area };
        field::render(input, Role::Strong, (field, true), canvas);
    }
}

/// The rows and steps in sight, with the cells where their marks stand.
pub fn places(model: &Model) -> Vec<(u16, u16, Place)> {
    let Some(session) = &model.session else { return Vec::new() };
    let layout = Layout::of(model);
    let inner = layout.chain_inner();
    let mut places = Vec::new();
    for Seen { row, y, height } in layout.rows(session) {
        let Some(row) = session.spine.rows().get(row).map(Row::first) else { continue };
        places.push((inner.x, y, Place::Row(row)));
        if height > 1 && row + 1 < session.rows() {
            places.push((inner.x + 4, y + 1, Place::StepAfter(row)));
        }
    }
    places
}

/// What the rows in sight have room for; the same for all of them, so that facts stand in columns.
struct Columns {
    digits: usize,
    method: usize,
    badges: usize,
    time: bool,
    bar: usize,
    /// Columns of the whole row.
    row: u16,
}

/// Columns between a row and the step beside it.
const BESIDE: usize = 3;
/// Columns of a time.
const TIME: usize = 7;
/// The longest bar; a shorter one than the least says nothing.
const BAR: usize = 24;
const LEAST_BAR: usize = 6;

impl Columns {
    fn of(session: &Session, rows: &[Row], width: u16, room: Room) -> Columns {
        let hops = || rows.iter().filter_map(|row| session.chain.hops.get(row.first()));
        let requests = || rows.iter().filter_map(|row| request(session, row.first()));
        let method =
            requests().map(|request| request.method.as_str().len()).max().unwrap_or(0).min(7);
        let badges = hops().map(|hop| text::width(&badges(session, hop).text())).max().unwrap_or(0);
        let url = requests().map(|request| text::width(&request.display_url())).max().unwrap_or(0);
        let digits = session.rows().to_string().len();
        let fixed = 1 + digits + 1 + method + 1 + 4 + if badges > 0 { badges + 1 } else { 0 };
        let most = match room {
            Room::Medium => {
                let least = (fixed + url.min(LEAST_BESIDE), fixed + url.min(LEAST_URL) + TIME);
                beside_steps(session, rows, width.into(), least)
            }
            Room::Small | Room::Tiny | Room::Wide => width.into(),
        };
        let mut spare = most.saturating_sub(fixed + url.min(LEAST_URL));
        let time = spare >= TIME && hops().next().is_some();
        spare -= if time { TIME } else { 0 };
        let beyond = spare.saturating_sub(url.saturating_sub(LEAST_URL) + 2);
        let bar = if time && beyond >= LEAST_BAR { beyond.min(BAR) } else { 0 };
        let natural = fixed + url + if time { TIME } else { 0 } + if bar > 0 { bar + 1 } else { 0 };
        let row = match room {
            Room::Medium => most.min(natural.max(usize::from(width) / 2)) as u16,
            Room::Small | Room::Tiny | Room::Wide => width,
        };
        Columns { digits, method, badges, time, bar, row }
    }
}

/// The columns of the rows beside their steps: times give way to what the rows themselves do not tell, and so much of a URL to all that
/// changes. `least`: without times, and with them.
fn beside_steps(session: &Session, rows: &[Row], width: usize, least: (usize, usize)) -> usize {
    let wants = rows.iter().map(|row| step::wants(session, row.first() + 1));
    let wider = |most: [usize; 3], step: [usize; 3]| [0, 1, 2].map(|at| most[at].max(step[at]));
    let [named, loud, untold] = wants.fold([0; 3], wider);
    let beside = |step: usize| width.saturating_sub(step + BESIDE);
    match beside(loud) {
        room if room >= least.1 => (width * 13 / 20).min(beside(named).max(least.1)),
        room if room >= least.0 => room,
        _ => beside(untold).clamp(least.0, least.1),
    }
}

fn title(session: &Session, area: Area, canvas: &mut Canvas<'_>) {
    let area = Area { x: area.x + 2, width: area.width.saturating_sub(4), ..area };
    canvas.text(area, Role::Strong, " Chain ");
    if !session.chain.hops.is_empty() {
        canvas.right(
            area,
            &Line::of([(Role::Dim, format!(" {} ", units::duration(session.chain.elapsed())))]),
        );
    }
}

/// The step to the next row, below this one.
fn step_below(
    (model, session): (&Model, &Session),
    at: usize,
    area: Area,
    canvas: &mut Canvas<'_>,
) {
    if area.height < 2 {
        return;
    }
    let mark = if at + 1 < session.rows() { "┆ " } else { "  " };
    let mut line = Line::of([(Role::Dim, format!("    {mark}"))]);
    let room = usize::from(area.width).saturating_sub(text::width(&line.text()));
    line.spans.extend(below(model, session, at, room).spans);
    let area = Area { y: area.y + 1, height: 1, ..area };
    canvas.line(area, &line);
    purpose(session, at, text::width(&line.text()), area, canvas);
}

/// What the hop is for and who issued it, at the right of its step where there is room.
fn purpose(session: &Session, at: usize, taken: usize, area: Area, canvas: &mut Canvas<'_>) {
    let fits = |words: &String| taken + 2 + text::width(words) <= area.width.into();
    if let Some(words) = nature::brief(session, at + 1).filter(fits) {
        canvas.right(area, &Line::of([(Role::Dim, words)]));
    }
}

/// The step to the next row, beside this one where there is room.
fn step_beside(
    (model, session): (&Model, &Session),
    at: usize,
    columns: &Columns,
    area: Area,
    canvas: &mut Canvas<'_>,
) {
    let width = area.width.saturating_sub(columns.row + 1);
    if width > 0 {
        let mut line = Line::of([(Role::Dim, "│ ".to_owned())]);
        line.spans.extend(below(model, session, at, usize::from(width).saturating_sub(2)).spans);
        canvas.line(Area { x: area.x + columns.row + 1, width, ..area }, &line);
    }
}

fn row(session: &Session, at: usize, columns: &Columns, area: Area, canvas: &mut Canvas<'_>) {
    let Some(request) = request(session, at) else { return };
    let hop = session.chain.hops.get(at);
    let mut line = head(session, at, request, columns);
    let left = usize::from(area.width).saturating_sub(text::width(&line.text()));
    let facts = hop.map(|hop| facts(session, hop, columns)).unwrap_or_default();
    let room = left.saturating_sub(text::width(&facts.text()));
    let role = if hop.is_some() { Role::Plain } else { Role::Dim };
    line.push(role, short_url(&request.display_url(), room));
    canvas.line(area, &line);
    canvas.right(area, &facts);
}

fn request(session: &Session, at: usize) -> Option<&Request> {
    let sent = session.chain.hops.get(at).map(|hop| &hop.request);
    sent.or_else(|| step::planned(session).map(|planned| &planned.request))
}

/// Marker, number, method and status.
fn head(session: &Session, at: usize, request: &Request, columns: &Columns) -> Line {
    let hop = session.chain.hops.get(at);
    let mark = match (at == session.selected, hop) {
        (true, _) => "▶",
        (false, None) => "▷",
        (false, Some(hop)) if hop.exchange.failure.is_some() => "✖",
        (false, Some(_)) => " ",
    };
    let role = if hop.is_some() { Role::Strong } else { Role::Dim };
    let method = text::fit(request.method.as_str(), columns.method).into_owned();
    let mut line = Line::of([(Role::Plain, mark.to_owned())]);
    line.push(Role::Dim, format!("{:>width$} ", at + 1, width = columns.digits));
    line.push(role, text::pad(&method, columns.method + 1));
    match hop.map(Hop::status) {
        Some(Some(status)) => line.push(Role::Status(status), format!("{status} ")),
        Some(None) => line.push(Role::Severity(Severity::Error), "✖✖✖ "),
        None => line.push(Role::Dim, "··· "),
    }
    line
}

/// What stands at the right of a row, in the columns of all rows.
fn facts(session: &Session, hop: &Hop, columns: &Columns) -> Line {
    let mut line = Line::default();
    if columns.bar > 0 {
        line.push(Role::Plain, " ");
        line.spans.extend(time::bar(session, hop.index, columns.bar).spans);
    }
    if columns.time {
        let time = units::duration(hop.exchange.timing.total);
        line.push(Role::Plain, format!("{time:>TIME$}"));
    }
    if columns.badges > 0 {
        let badges = badges(session, hop);
        let pad = columns.badges - text::width(&badges.text()).min(columns.badges);
        line.push(Role::Plain, " ");
        line.spans.extend(badges.spans);
        line.push(Role::Plain, " ".repeat(pad));
    }
    line
}

fn badges(session: &Session, hop: &Hop) -> Line {
    let mut line = Line::default();
    if hop.edited {
        line.push(Role::Strong, "✎");
    }
    for severity in Severity::ALL {
        let found = session.findings_on(hop.index).filter(|finding| finding.severity == severity);
        let count = found.count();
        if count > 0 {
            line.push(Role::Severity(severity), format!("{}{count}", severity.badge()));
        }
    }
    line
}

/// What is said below or beside a row: the step to the next, what is under way, or why it ended.
fn below(model: &Model, session: &Session, at: usize, room: usize) -> Line {
    let Some(hop) = session.chain.hops.get(at) else {
        return match session.pending() {
            Some(flight) => under_way(model, session, flight, room),
            None => Line::of([(Role::Dim, "not sent".to_owned())]),
        };
    };
    let error = Role::Severity(Severity::Error);
    let failed = hop.exchange.failure.as_ref();
    let failed_in = failed.map(|of| format!("  {} {}", Severity::Error.badge(), of.phase.id()));
    let taken = failed_in.as_deref().map_or(0, text::width);
    let step = step::fitted(session, hop.index, room.saturating_sub(taken));
    match (step, failed) {
        // the chain went on from its head
        (Some(mut line), Some(_)) => {
            line.push(error, failed_in.unwrap_or_default());
            return line;
        }
        (None, Some(failure)) => {
            let said = format!("{}: {}", failure.phase.id(), escape(&failure.message));
            let short = format!("{} {}", Severity::Error.badge(), failure.kind.words());
            let text = if room < LEAST_SAID { fitting([said, short], room) } else { said };
            return Line::of([(error, text)]);
        }
        (Some(line), None) => return line,
        (None, None) => {}
    }
    match session.chain.ending() {
        Some(Ending::Stopped(reason)) => {
            Line::of([(Role::Severity(Severity::Warning), stopped(session, hop, reason, room))])
        }
        Some(Ending::Final | Ending::Failed(_)) | None => arriving(model, session, hop, room),
    }
}

/// Why the chain stops after this hop; a loop names the hop that it came back to.
fn stopped(session: &Session, hop: &Hop, reason: StopReason, room: usize) -> String {
    let (sent, short) = (&hop.request, format!("■ {}", reason.words()));
    let same = |earlier: &&Hop| {
        (earlier.request.method == sent.method && earlier.request.url == sent.url)
            && earlier.index < hop.index
    };
    match session.chain.hops.iter().find(same).filter(|_| reason == StopReason::Loop) {
        Some(Hop { index, .. }) => {
            let full = format!("■ the same request and answer as hop {index}: a loop");
            fitting([full, format!("■ loop: back at hop {index}"), short], room)
        }
        None => fitting([format!("■ {}", fault::stops(reason, Some(hop))), short], room),
    }
}

/// The first that fits, else the last.
fn fitting<const N: usize>(texts: [String; N], room: usize) -> String {
    let mut last = String::new();
    for text in texts {
        if text::width(&text) <= room {
            return text;
        }
        last = text;
    }
    last
}

fn under_way(model: &Model, session: &Session, flight: &Flight, room: usize) -> Line {
    let host = step::planned(session).and_then(|planned| planned.request.url.host_str());
    let host = host.map(|host| format!(" · {}", escape(host))).unwrap_or_default();
    let elapsed = units::duration(flight.elapsed);
    let (back, phase) = (&model.keys.back, bar::phase(flight.phase));
    let cancels = format!("{elapsed} · {back} cancels");
    let texts = [
        format!("{phase}{host} · {cancels}"),
        format!("{phase} · {cancels}"),
        format!("{phase} · {elapsed}"),
    ];
    Line::of([(Role::Strong, fitting(texts, room))])
}

/// A body that still arrives, with how much of it there is.
fn arriving(model: &Model, session: &Session, hop: &Hop, room: usize) -> Line {
    let flight = session.flights.iter().find(|flight| flight.head && flight.hop == hop.index);
    let Some(flight) = flight else { return Line::default() };
    let (received, back) = (units::bytes(flight.received), &model.keys.back);
    let text = match flight.total.filter(|total| *total > 0) {
        Some(total) => {
            let filled = (u128::from(flight.received.min(total)) * 8 / u128::from(total)) as usize;
            let bar = format!("{}{}", "█".repeat(filled), "░".repeat(8 - filled));
            format!("{bar} {received} of {}", units::bytes(total))
        }
        None => format!("{received} so far"),
    };
    let text = fitting([format!("{text} · {back} cancels"), text], room);
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
