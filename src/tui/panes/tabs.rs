//! The open pane's frame: the tabs on its title line, the facts of the hop where there is room.

use std::ops::Range;

use crate::app::layout::{Area, Layout, Room};
use crate::app::model::Model;
use crate::app::page::{Line, Role, selected_hop, units};
use crate::app::pane::{Focus, Pane};
use crate::domain::text;
use crate::tui::canvas::Canvas;
use crate::tui::theme::Part;

pub fn render(model: &Model, area: Area, canvas: &mut Canvas<'_, '_>) {
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
    for (pane, columns, label) in labels(model, area) {
        let place =
            Area { x: columns.start, width: columns.end - columns.start, height: 1, ..area };
        let open = pane == model.panes.open;
        canvas.text(place, if open { Role::Strong } else { Role::Plain }, &label);
        if open {
            canvas.highlight(place, Part::Selected);
        }
    }
    facts(model, area, wide, canvas);
}

/// The pane whose tab is at this column of the title line.
pub fn clicked(model: &Model, x: u16) -> Option<Pane> {
    let labels = labels(model, Layout::of(model).pane);
    labels.into_iter().find(|(_, columns, _)| columns.contains(&x)).map(|(pane, ..)| pane)
}

/// The tabs with their columns. Names are shortened before any tab is left out; the digits stay longest.
fn labels(model: &Model, area: Area) -> Vec<(Pane, Range<u16>, String)> {
    let open = model.panes.open;
    let long = |pane: Pane| format!(" {} {} ", pane.digit(), pane.title());
    let short = |pane: Pane| format!(" {} {} ", pane.digit(), brief(pane));
    let digit = |pane: Pane| format!(" {} ", pane.digit());
    let styles: [&dyn Fn(Pane) -> String; 3] =
        [&long, &|pane| if pane == open { long(pane) } else { short(pane) }, &|pane| {
            if pane == open { long(pane) } else { digit(pane) }
        }];
    let room = area.width.saturating_sub(4);
    for (at, style) in styles.iter().enumerate() {
        let names = Pane::ALL.map(|pane| (pane, style(pane)));
        let widths: u16 = names.iter().map(|(_, name)| text::width(name) as u16).sum();
        for gap in [1, 0] {
            let fits = widths + gap * (names.len() as u16 - 1) <= room;
            if fits || (at + 1 == styles.len() && gap == 0) {
                return placed(names, area.x + 2, gap);
            }
        }
    }
    Vec::new()
}

fn placed(
    names: [(Pane, String); Pane::ALL.len()],
    mut x: u16,
    gap: u16,
) -> Vec<(Pane, Range<u16>, String)> {
    let mut labels = Vec::new();
    for (pane, name) in names {
        let end = x + text::width(&name) as u16;
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
        Pane::Clients => "As",
        Pane::Findings => "Verdict",
    }
}

/// Status, time, size and version, on the lower border; without borders on the title line, if there is room.
fn facts(model: &Model, area: Area, wide: bool, canvas: &mut Canvas<'_, '_>) {
    let Some(hop) = model.session.as_ref().and_then(selected_hop) else { return };
    let Some(head) = &hop.exchange.response else { return };
    let mut line = Line::of([(Role::Plain, " ".to_owned())]);
    line.push(Role::Status(head.status), head.status.to_string());
    line.push(
        Role::Dim,
        format!(
            " · {} · {} · {} ",
            units::duration(hop.exchange.timing.total),
            units::bytes(hop.exchange.body.size),
            head.version,
        ),
    );
    let used = labels(model, area).last().map_or(0, |(_, columns, _)| columns.end - area.x);
    let y = if wide { area.y + area.height.saturating_sub(1) } else { area.y };
    let start = if wide { 2 } else { used + 1 };
    let place =
        Area { x: area.x + start, y, width: area.width.saturating_sub(start + 1), height: 1 };
    if text::width(&line.text()) <= usize::from(place.width) {
        canvas.right(place, &line);
    }
}
