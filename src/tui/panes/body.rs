//! The body pane: the window of laid-out lines that the shell last sent.

use crate::app::layout::Area;
use crate::app::model::Model;
use crate::app::page::{Line, Role, Span, selected_hop};
use crate::domain::body_view::Line as BodyLine;
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
    for (y, line) in (area.y..area.y + area.height).zip(window.lines.iter().skip(skipped)) {
        let row = Area { y, height: 1, ..area };
        let line = styled(line);
        canvas.line(row, &line);
        page::mark(regex.as_ref(), &line, row, canvas);
    }
}

/// How many lines the body has, as far as they are counted.
pub fn total(model: &Model) -> u64 {
    model.panes.body.window.as_ref().map_or(0, |window| window.total)
}

fn styled(line: &BodyLine) -> Line {
    let span = |span: &crate::domain::body_view::Span| Span {
        text: span.text.clone(),
        role: Role::Token(span.kind),
    };
    Line { spans: line.spans.iter().map(span).collect(), finding: None }
}
