//! The companion: a second pane below a short chain, for reading only; its digit or a click opens it.

use crate::app::layout::{Area, Layout};
use crate::app::model::Model;
use crate::app::page::{self, Line, Role};
use crate::domain::counted::counted;
use crate::tui::canvas::Canvas;

pub fn render(model: &Model, area: Area, canvas: &mut Canvas<'_>) {
    if area.height == 0 || area.width < 4 {
        return;
    }
    canvas.border(area, false);
    let pane = model.panes.open.companion();
    let title = Area { x: area.x + 1, width: area.width - 2, height: 1, ..area };
    let key = (Role::Key, format!(" {}", pane.digit()));
    canvas.line(title, &Line::of([key, (Role::Strong, format!(" {} ", pane.title()))]));
    let inner = Layout::of(model).companion_inner();
    let lines = page::lines(model, pane, inner.width);
    for (y, line) in (inner.y..inner.bottom()).zip(lines.iter()) {
        canvas.line(Area { y, height: 1, ..inner }, line);
    }
    let below = lines.len().saturating_sub(inner.height.into());
    if below > 0 {
        let foot = Area { y: area.y + area.height - 1, ..title };
        canvas.right(foot, &Line::of([(Role::Dim, format!(" {} ", counted(below, "more line")))]));
    }
}
