//! The first screen: a URL to type, or a scenario of the lab to choose.

use crate::app::layout::Area;
use crate::app::message::Navigate;
use crate::app::model::Model;
use crate::app::page::{Line, Role};
use crate::app::pane::Focus;
use crate::domain::escape::escape;
use crate::domain::finding::Severity;
use crate::domain::text;
use crate::tui::canvas::Canvas;
use crate::tui::theme::Part;

use super::bar;

/// Wider than this the lines would be hard to read.
const WIDEST: u16 = 96;

/// Where things stand on the first screen.
struct Places {
    title: Area,
    url: Area,
    method: Area,
    hint: Area,
    list: Area,
}

pub fn render(model: &Model, canvas: &mut Canvas<'_, '_>) {
    let places = Places::of(model);
    let title = [
        (Role::Strong, "hopstep".to_owned()),
        (Role::Plain, " — step through redirects, one hop at a time".to_owned()),
    ];
    canvas.line(places.title, &Line::of(title));
    canvas.text(places.url, Role::Dim, "URL");
    let field = after_label(places.url);
    bar::url(model, field, canvas);
    if model.form.url.text().is_empty() && model.focus != Focus::Url {
        canvas.text(field, Role::Dim, "e or Tab: type a URL");
    }
    canvas.text(places.method, Role::Dim, "Method");
    canvas.text(after_label(places.method), Role::Strong, &method_line(model));
    canvas.line(places.hint, &hint(model));
    list(model, places.list, canvas);
}

/// What a click at these cells means.
pub fn clicked(model: &Model, x: u16, y: u16) -> Option<Navigate> {
    let places = Places::of(model);
    if places.url.contains(x, y) {
        return Some(Navigate::FocusUrl);
    }
    if places.method.contains(x, y) {
        let method = text::width(&bar::method(model)) as u16;
        let field = after_label(places.method);
        let client = x >= field.x + method + 2;
        return Some(if client { Navigate::ClientPicker } else { Navigate::MethodPicker });
    }
    let below = places.list.contains(x, y).then(|| y - places.list.y)?;
    let row = first_row(model, places.list.height) + usize::from(below);
    (row < model.scenarios.len()).then_some(Navigate::Select(row))
}

impl Places {
    fn of(model: &Model) -> Places {
        let (columns, rows) = model.size;
        let width = columns.saturating_sub(2).min(WIDEST);
        let x = (columns - width) / 2;
        let gap = u16::from(rows >= 14);
        let line = |y| Area { x, y, width, height: 1 };
        let url = gap + 1 + gap;
        let list = url + 3 + gap;
        let height = rows.saturating_sub(list + 1);
        Places {
            title: line(gap),
            url: line(url),
            method: line(url + 1),
            hint: line(url + 2),
            list: Area { x, y: list, width, height },
        }
    }
}

fn after_label(area: Area) -> Area {
    Area { x: area.x + 8, width: area.width.saturating_sub(8), ..area }
}

fn method_line(model: &Model) -> String {
    let form = &model.form;
    let mut text = format!("{}  {}", bar::method(model), bar::client(model));
    let fields = form.headers.text().lines().filter(|line| !line.trim().is_empty()).count();
    if fields > 0 {
        text.push_str(&format!("  {fields} header lines"));
    }
    if !form.body.text().is_empty() {
        text.push_str(&format!("  body {} B", form.body.text().len()));
    }
    text
}

fn hint(model: &Model) -> Line {
    if let Some(error) = &model.form.error {
        return Line::of([(Role::Severity(Severity::Error), format!("        {}", escape(error)))]);
    }
    let hint = "        ⏎ sends the first request and stops at its response";
    Line::of([(Role::Dim, hint.to_owned())])
}

fn list(model: &Model, area: Area, canvas: &mut Canvas<'_, '_>) {
    let first = first_row(model, area.height);
    let titles = model.scenarios.iter().map(|scenario| text::width(&scenario.title));
    let title_width = titles.max().unwrap_or(0).min(usize::from(area.width) / 2);
    for (y, at) in (area.y..area.y + area.height).zip(first..model.scenarios.len()) {
        let scenario = &model.scenarios[at];
        let selected = at == model.scenario && model.focus == Focus::List;
        let row = Area { y, height: 1, ..area };
        let mark = if selected { "▶ " } else { "  " };
        let mut line = Line::of([(Role::Plain, mark.to_owned())]);
        line.push(
            Role::Strong,
            text::pad(&text::fit(&scenario.title, title_width), title_width + 2),
        );
        let room = usize::from(area.width).saturating_sub(title_width + 4);
        line.push(Role::Dim, text::fit(&scenario.lesson, room));
        canvas.line(row, &line);
        if selected {
            canvas.highlight(row, Part::Selected);
        }
    }
}

fn first_row(model: &Model, height: u16) -> usize {
    let last = model.scenarios.len().saturating_sub(height.into());
    model.scenario.saturating_sub(usize::from(height) / 2).min(last)
}
