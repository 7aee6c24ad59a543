//! A page of lines in the open pane, with the matches of the search marked.

use regex::Regex;

use crate::app::layout::Area;
use crate::app::model::Model;
use crate::app::page::{self, Line};
use crate::domain::text;
use crate::tui::canvas::Canvas;
use crate::tui::theme::Part;

/// Draws the open page and says how many lines it has.
pub fn render(model: &Model, area: Area, canvas: &mut Canvas<'_>) -> u64 {
    let lines = page::lines(model, model.panes.open, area.width);
    let first = model.panes.scroll[model.panes.open.index()] as usize;
    let shown = lines.iter().skip(first).take(area.height.into());
    let regex = model.search.regex();
    for (y, line) in (area.y..).zip(shown) {
        let row = Area { y, height: 1, ..area };
        canvas.line(row, line);
        mark(regex.as_ref(), line, row, canvas);
    }
    lines.len() as u64
}

/// Marks the matches in a line.
pub fn mark(regex: Option<&Regex>, line: &Line, area: Area, canvas: &mut Canvas<'_>) {
    let Some(regex) = regex else { return };
    let whole = line.text();
    for found in regex.find_iter(&whole).filter(|found| !found.is_empty()) {
        let start = text::width(&whole[..found.start()]).min(area.width.into()) as u16;
        let width = text::columns(found.as_str()).min(area.width - start);
        canvas.highlight(Area { x: area.x.saturating_add(start), width, ..area }, Part::Match);
    }
}
