//! The finder: a field for a pattern, and every place in all hops where it stands.

use crate::app::finder::{Hit, Hits, Progress};
use crate::app::layout::Area;
use crate::app::page::{Line, Role, units};
use crate::app::text_input::TextInput;
use crate::domain::escape::escape;
use crate::domain::text;
use crate::tui::canvas::Canvas;
use crate::tui::theme::Part;

use super::{field, overlay};

/// Wider than this the eye would lose the line.
const WIDEST: usize = 110;

pub fn render(
    (input, hits): (&TextInput, &Hits),
    selected: usize,
    room: Area,
    canvas: &mut Canvas<'_>,
) {
    let width = WIDEST.min(usize::from(room.width).saturating_sub(4));
    let height = usize::from(room.height).saturating_sub(2).min(30);
    let inner = overlay::open("Find in every hop", width, height, room, canvas);
    prompt(input, hits, Area { height: 1.min(inner.height), ..inner }, canvas);
    let list =
        Area { y: inner.y.saturating_add(2), height: inner.height.saturating_sub(2), ..inner };
    rows(&hits.hits, selected, list, canvas);
}

fn prompt(input: &TextInput, hits: &Hits, area: Area, canvas: &mut Canvas<'_>) {
    let shown = escape(input.text());
    canvas.text(area, Role::Key, "/");
    let field = Area { x: area.x + 2, width: area.width.saturating_sub(2), ..area };
    field::render(input, Role::Strong, (field, true), canvas);
    let count = count(input.text().is_empty(), hits);
    if text::width(&shown) + text::width(&count) + 4 < area.width.into() {
        canvas.right(area, &Line::of([(Role::Dim, count)]));
    }
}

/// How many there are, and how far the search has come.
fn count(empty: bool, hits: &Hits) -> String {
    let cut = if hits.cut { " or more" } else { "" };
    let found = match (empty, hits.hits.len()) {
        (true, _) => return "heads and bodies ".to_owned(),
        (false, 0) => "not found".to_owned(),
        (false, found) => format!("{}{cut}", units::count(found, "place")),
    };
    match hits.bodies.filter(|progress| !progress.complete && progress.total > 0) {
        Some(Progress { searched, total, .. }) => {
            let (searched, total) = (units::bytes(searched), units::bytes(total));
            format!("{found} so far · {searched} of {total} ")
        }
        None => format!("{found} "),
    }
}

fn rows(hits: &[Hit], selected: usize, area: Area, canvas: &mut Canvas<'_>) {
    let last = hits.len().saturating_sub(area.height.into());
    let first = selected.saturating_sub(usize::from(area.height) / 2).min(last);
    let digits = hits.last().map_or(1, |hit| (hit.hop + 1).to_string().len());
    for (y, (at, hit)) in (area.y..area.bottom()).zip(hits.iter().enumerate().skip(first)) {
        let row = Area { y, height: 1, ..area };
        canvas.listed(row, at);
        canvas.line(row, &line(hit, at == selected, digits, area.width < 60));
        if at == selected {
            canvas.highlight(row, Part::Selected);
        }
    }
}

fn line(hit: &Hit, selected: bool, digits: usize, small: bool) -> Line {
    let mark = if selected { "▶" } else { " " };
    let mut line = Line::of([(Role::Plain, format!("{mark} {:>digits$} ", hit.hop + 1))]);
    match small {
        true => line.push(Role::Dim, format!("{} ", hit.pane.digit())),
        false => line.push(Role::Dim, format!("{:<9} ", hit.pane.title())),
    }
    line.push(Role::Plain, &hit.text[..hit.found.start]);
    line.push(Role::Found, &hit.text[hit.found.clone()]);
    line.push(Role::Plain, &hit.text[hit.found.end..]);
    line
}
