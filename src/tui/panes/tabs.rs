//! The open pane's frame: the tabs on its title line, the facts of the hop where there is room.

use std::ops::Range;

use crate::app::layout::{Area, Layout, Room};
use crate::app::model::Model;
use crate::app::page::{Line, Role, selected_hop, units};
use crate::app::pane::{Focus, Pane};
use crate::domain::text;
use crate::tui::canvas::Canvas;
use crate::tui::theme::Part;

/// `total` is how many lines the open pane has.
pub fn render(model: &Model, area: Area, total: u64, canvas: &mut Canvas<'_>) {
    if area.height == 0 {
        return;
    }
    let focused = model.focus == Focus::Pane;
    let wide = Layout::of(model).room == Room::Wide;
    let rule = canvas.theme.part(if focused { Part::Focused } else { Part::Unfocused });
    if wide {
        canvas.border(area, focused);
    } else {
        let flat = if focused { "━" } else { "─" };
        let row = flat.repeat(area.width.into());
        canvas.put(Area { height: 1, ..area }, &row, rule);
    }
    let labels = labels(model, area);
    if let Some((_, last, _)) = labels.last() {
        let under =
            Area { x: area.x + 1, width: last.end.saturating_sub(area.x), height: 1, ..area };
        canvas.clear(under);
    }
    for (pane, columns, label) in labels {
        let place =
            Area { x: columns.start, width: columns.end - columns.start, height: 1, ..area };
        let open = pane == model.panes.open;
        canvas.text(place, if open { Role::Strong } else { Role::Plain }, &label);
        canvas.text(Area { width: 1, ..place }, Role::Key, &label);
        if open {
            canvas.highlight(place, Part::Selected);
        }
    }
    facts(model, area, total, canvas);
}

/// The pane whose tab is at this column of the title line.
pub fn clicked(model: &Model, x: u16) -> Option<Pane> {
    let labels = labels(model, Layout::of(model).pane);
    labels.into_iter().find(|(_, columns, _)| columns.contains(&x)).map(|(pane, ..)| pane)
}

/// The tabs, each with the cell of its digit.
pub fn places(model: &Model) -> Vec<(u16, u16, Pane)> {
    let area = Layout::of(model).pane;
    let tabs = labels(model, area).into_iter();
    tabs.map(|(pane, columns, _)| (columns.start, area.y, pane)).collect()
}

/// Columns of what says how much is below, behind the tabs.
const COUNTER: u16 = 5;

/// The tabs with their columns. Names are shortened before any tab is left out; the digits stay longest.
fn labels(model: &Model, area: Area) -> Vec<(Pane, Range<u16>, String)> {
    let open = model.panes.open;
    let long = |pane: Pane| format!("{} {}", pane.digit(), pane.title());
    let short = |pane: Pane| format!("{} {}", pane.digit(), brief(pane));
    let digit = |pane: Pane| pane.digit().to_string();
    let styles: [&dyn Fn(Pane) -> String; 3] =
        [&long, &|pane| if pane == open { long(pane) } else { short(pane) }, &|pane| {
            if pane == open { long(pane) } else { digit(pane) }
        }];
    let room = area.width.saturating_sub(4);
    let wide = Layout::of(model).room == Room::Wide;
    for style in styles {
        let names = Pane::ALL.map(|pane| (pane, style(pane)));
        let widths: u16 = names.iter().map(|(_, name)| text::columns(name)).sum();
        for gap in [3, 2, 1] {
            let counter = if wide || gap == 1 { 0 } else { COUNTER };
            if widths + gap * (names.len() as u16 - 1) + counter <= room {
                return placed(names, area.x + 2, gap);
            }
        }
    }
    placed(Pane::ALL.map(|pane| (pane, digit(pane))), area.x + 2, 1)
}

fn placed(
    names: [(Pane, String); Pane::ALL.len()],
    mut x: u16,
    gap: u16,
) -> Vec<(Pane, Range<u16>, String)> {
    let mut labels = Vec::new();
    for (pane, name) in names {
        let end = x + text::columns(&name);
        labels.push((pane, x..end, name));
        x = end + gap;
    }
    labels
}

fn brief(pane: Pane) -> &'static str {
    match pane {
        Pane::Response => "Resp",
        Pane::Request => "Req",
        Pane::Body => "Body",
        Pane::Cookies => "Cook",
        Pane::Tls => "TLS",
        Pane::Time => "Time",
        Pane::Clients => "Clnt",
        Pane::Findings => "Verdict",
    }
}

/// Status, time, size and version, and how much is below what is in sight: on the lower border, without borders behind the tabs.
fn facts(model: &Model, area: Area, total: u64, canvas: &mut Canvas<'_>) {
    let wide = Layout::of(model).room == Room::Wide;
    let used =
        labels(model, area).last().map_or(0, |(_, columns, _)| columns.end.saturating_sub(area.x));
    let (start, y) = match wide {
        true => (2, area.y + area.height.saturating_sub(1)),
        false => (used + 1, area.y),
    };
    let width = area.width.saturating_sub(start + 1);
    let place = Area { x: area.x + start, y, width, height: 1 };
    let below = below(model, total);
    if below > 0 {
        let long = format!(" ↓ {below} more ");
        let text = if text::width(&long) <= width.into() { long } else { format!(" ↓{below}") };
        let line = Line::of([(Role::Strong, text)]);
        match wide {
            true => canvas.line(place, &line),
            false => return canvas.right(place, &line),
        }
    }
    let Some(line) = hop_facts(model) else { return };
    if text::width(&line.text()) + 12 <= usize::from(width) {
        canvas.right(place, &line);
    }
}

fn hop_facts(model: &Model) -> Option<Line> {
    let hop = model.session.as_ref().and_then(selected_hop)?;
    let head = hop.exchange.response.as_ref()?;
    let mut line = Line::of([(Role::Plain, " ".to_owned())]);
    line.push(Role::Status(head.status), head.status.to_string());
    let size = units::bytes(hop.exchange.body.size);
    let time = units::duration(hop.exchange.timing.total);
    line.push(Role::Dim, format!(" · {time} · {size} · {} ", head.version));
    Some(line)
}

/// Of so many lines of the open pane, those below what is in sight.
fn below(model: &Model, total: u64) -> u64 {
    let inner = Layout::of(model).text_inner(model.panes.open);
    let scroll = model.panes.scroll[model.panes.open.index()];
    total.saturating_sub(scroll.saturating_add(inner.height.into()))
}
