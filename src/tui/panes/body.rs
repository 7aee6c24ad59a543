//! The body pane: the window of laid-out lines that the shell last sent.

use crate::app::layout::Area;
use crate::app::model::Model;
use crate::app::page::{Line, Role, Span, prose, selected_hop};
use crate::domain::body_view::Line as BodyLine;
use crate::domain::text;
use crate::tui::canvas::Canvas;

use super::page;

pub fn render(model: &Model, area: Area, canvas: &mut Canvas<'_, '_>) {
    let Some(session) = &model.session else { return };
    let Some(hop) = selected_hop(session) else {
        return canvas.text(area, Role::Dim, "This request is not sent yet: it has no response.");
    };
    if hop.exchange.response.is_none() {
        return canvas.text(area, Role::Dim, "No response, no body.");
    }
    if hop.exchange.body.is_empty() && hop.exchange.body.size == 0 {
        return canvas.text(area, Role::Dim, "The body is empty.");
    }
    let scroll = model.panes.scroll[model.panes.open.index()];
    let body = &model.panes.body;
    let asked = body.query.map(|query| query.id);
    let Some(window) = body.window.as_ref().filter(|window| Some(window.id) == asked) else {
        return canvas.text(area, Role::Dim, "Laying the body out …");
    };
    let skipped = scroll.saturating_sub(window.first) as usize;
    let regex = model.search.regex();
    let lines = window.lines.iter().skip(skipped).map(styled);
    let rows: Vec<Line> = match model.panes.wrap {
        true => lines.flat_map(|line| wrapped(line, area.width.into())).collect(),
        false => lines.collect(),
    };
    for (y, line) in (area.y..area.y + area.height).zip(&rows) {
        let row = Area { y, height: 1, ..area };
        canvas.cut(row, line);
        page::mark(regex.as_ref(), line, row, canvas);
    }
}

/// How many lines the body has, as far as they are counted.
pub fn total(model: &Model) -> u64 {
    model.panes.body.window.as_ref().map_or(0, |window| window.total)
}

/// A line in rows of so many columns.
fn wrapped(line: Line, columns: usize) -> Vec<Line> {
    let mut rows = vec![Line::default()];
    let mut left = columns;
    for span in line.spans {
        for (at, piece) in prose::pieces(&span.text, left, columns).into_iter().enumerate() {
            if at > 0 {
                rows.push(Line::default());
                left = columns;
            }
            left = left.saturating_sub(text::width(piece));
            if let Some(row) = rows.last_mut() {
                row.push(span.role, piece);
            }
        }
    }
    rows
}

fn styled(line: &BodyLine) -> Line {
    let span = |span: &crate::domain::body_view::Span| Span {
        text: span.text.clone(),
        role: Role::Token(span.kind),
    };
    Line { spans: line.spans.iter().map(span).collect(), finding: None }
}
