//! The body pane: the window of laid-out lines that the shell last sent, with folds and cursor; the last row says
//! where the cursor stands.

use crate::app::layout::{Area, Layout};
use crate::app::message::BodyWindow;
use crate::app::model::Model;
use crate::app::page::{Line, Role, Span, body, empty, prose, selected_hop};
use crate::app::pane::{Focus, Pane};
use crate::domain::body_view::Line as BodyLine;
use crate::domain::text;
use crate::tui::canvas::Canvas;
use crate::tui::theme::Part;

use super::page;

/// The columns before a line that say whether it folds.
const GUTTER: u16 = 2;

pub fn render(model: &Model, area: Area, canvas: &mut Canvas<'_>) {
    let Some(session) = &model.session else { return };
    let Some(hop) = selected_hop(session) else {
        let lines = empty::unanswered(model, session, Pane::Body, area.width);
        return sentences(&lines, area, canvas);
    };
    let nothing = hop.exchange.body.is_empty() && hop.exchange.body.size == 0;
    let arriving = session.flights.iter().any(|flight| flight.head && flight.hop == hop.index);
    if hop.exchange.response.is_none() || (nothing && !arriving) {
        return sentences(&empty::body(model, hop, area.width), area, canvas);
    }
    let asked = model.panes.body.query.as_ref().map(|query| query.id);
    let window = model.panes.body.window.as_deref();
    let Some(window) = window.filter(|window| Some(window.id) == asked) else {
        return canvas.text(area, Role::Dim, "Laying the body out …");
    };
    let inner = Layout::of(model).text_inner(Pane::Body);
    lines(model, window, inner, canvas);
    if inner.height < area.height {
        let foot = Area { y: inner.bottom(), height: 1, ..area };
        canvas.line(foot, &body::foot(model, hop, area.width));
    }
}

fn sentences(lines: &[Line], area: Area, canvas: &mut Canvas<'_>) {
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        canvas.line(Area { y, height: 1, ..area }, line);
    }
}

fn lines(model: &Model, window: &BodyWindow, area: Area, canvas: &mut Canvas<'_>) {
    let folds = &model.panes.body.folds;
    let scroll = model.panes.scroll[Pane::Body.index()];
    let regex = model.search.regex();
    let gutter = if window.view.folds() { GUTTER.min(area.width) } else { 0 };
    let inner =
        Area { x: area.x.saturating_add(gutter), width: area.width.saturating_sub(gutter), ..area };
    let mut y = area.y;
    let shown = window.lines.iter().filter(|line| {
        let row = folds.row(line.number);
        row >= scroll && folds.line(row) == line.number
    });
    for line in shown {
        let behind = folds.behind(line.number);
        let styled = styled(line, behind);
        let rows = match model.panes.wrap {
            true => wrapped(styled, inner.width.into()),
            false => vec![styled],
        };
        let first = y;
        for row in &rows {
            if y >= area.bottom() {
                break;
            }
            let place = Area { y, height: 1, ..inner };
            canvas.cut(place, row);
            page::mark(regex.as_ref(), row, place, canvas);
            y += 1;
        }
        if first < y && gutter > 0 && model.panes.column == 0 {
            canvas.text(Area { y: first, height: 1, ..area }, Role::Dim, glyph(line, behind));
        }
        if line.number == model.panes.body.cursor && model.focus == Focus::Pane {
            canvas.highlight(Area { y: first, height: y - first, ..area }, Part::Selected);
        }
    }
}

fn glyph(line: &BodyLine, behind: Option<u64>) -> &'static str {
    match (behind, line.opens) {
        (Some(_), _) => "▸",
        (None, true) => "▾",
        (None, false) => "",
    }
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

/// A line in its colours; a folded one says what it hides.
fn styled(line: &BodyLine, behind: Option<u64>) -> Line {
    let span = |span: &crate::domain::body_view::Span| Span {
        text: span.text.clone(),
        role: Role::Token(span.kind),
    };
    let mut styled = Line { spans: line.spans.iter().map(span).collect(), finding: None };
    if let Some(hidden) = behind {
        let closing = match styled.spans.last().map(|span| span.text.as_str()) {
            Some(text) if text.ends_with('{') => " }",
            Some(text) if text.ends_with('[') => " ]",
            Some(_) | None => "",
        };
        let lines = if hidden == 1 { "line" } else { "lines" };
        styled.push(Role::Dim, format!(" …{closing}  {hidden} {lines}"));
    }
    styled
}
