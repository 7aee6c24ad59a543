//! The first screen: a URL to type, or a scenario of the lab to choose.

use crate::app::layout::Area;
use crate::app::message::{Message, Navigate, Past, Place};
use crate::app::model::Model;
use crate::app::page::{Line, Role, prose};
use crate::app::pane::Focus;
use crate::domain::counted::counted;
use crate::domain::escape::escape;
use crate::domain::finding::Severity;
use crate::domain::text;
use crate::tui::canvas::Canvas;
use crate::tui::keymap::{self, Context};
use crate::tui::theme::Part;

use super::{bar, history};

/// Lines of a lesson.
const LESSON: u16 = 5;

/// Wider than this the lines would be hard to read.
const WIDEST: u16 = 96;

/// In less room than this, words beside what matters are left out.
const NARROW: u16 = 60;

/// Where things stand on the first screen.
struct Places {
    title: Area,
    url: Area,
    method: Area,
    hint: Area,
    /// The recent chains below their heading; of height 0 where there are none.
    recent: Area,
    heading: Area,
    list: Area,
    /// What the selected scenario teaches; of height 0 where there is no room.
    lesson: Area,
}

pub fn render(model: &Model, canvas: &mut Canvas<'_>) {
    let places = Places::of(model);
    let title =
        [(Role::Strong, "hopstep".to_owned()), (Role::Plain, motto(places.title.width).to_owned())];
    canvas.line(places.title, &Line::of(title));
    canvas.right(places.title, &bar::badges(model));
    canvas.text(places.url, Role::Dim, "URL");
    let field = after_label(places.url);
    bar::url(model, field, canvas);
    if model.form.url.text().is_empty() && model.focus != Focus::Url {
        let key = |navigate| keymap::key_here(model, &Message::Navigate(navigate));
        let (url, switch) = (key(Navigate::FocusUrl), key(Navigate::SwitchFocus));
        canvas.text(field, Role::Dim, &format!("{url} or {switch}: type a URL"));
    }
    canvas.text(places.method, Role::Dim, "Method");
    canvas.text(after_label(places.method), Role::Strong, &method_line(model));
    canvas.line(places.hint, &hint(model));
    if !model.scenarios.is_empty() {
        let count = counted(model.scenarios.len(), "scenario");
        let place = match model.focus {
            Focus::List if model.scenario >= model.recent().len() => {
                let at = model.scenario - model.recent().len() + 1;
                format!("  {at} of {}", model.scenarios.len())
            }
            Focus::List | Focus::Chain | Focus::Pane | Focus::Url => String::new(),
        };
        let heading = match &model.listed_from {
            Some(file) => {
                let count = counted(model.scenarios.len(), "request");
                format!("{count} in {}{place}", escape(file))
            }
            None if places.heading.width < NARROW => format!("{count} on this machine{place}"),
            None => format!("{count} on this machine, no internet needed{place}"),
        };
        canvas.text(places.heading, Role::Strong, &heading);
    } else {
        let demo = [
            (Role::Strong, "hopstep demo".to_owned()),
            (Role::Dim, demo_words(places.heading.width).to_owned()),
        ];
        canvas.line(places.heading, &Line::of(demo));
    }
    recent(model, places.recent, canvas);
    list(model, places.list, canvas);
    lesson(model, places.lesson, canvas);
}

/// What a click at these cells means.
pub fn clicked(model: &Model, x: u16, y: u16) -> Option<Navigate> {
    let places = Places::of(model);
    if places.url.contains(x, y) {
        return Some(Navigate::FocusUrl);
    }
    if places.method.contains(x, y) {
        let method = text::columns(&bar::method(model));
        let field = after_label(places.method);
        let client = x >= field.x + method + 2;
        return Some(if client { Navigate::ClientPicker } else { Navigate::MethodPicker });
    }
    let (row, _) = rows(model, &places).into_iter().find(|(_, area)| area.contains(x, y))?;
    let chosen = model.focus == Focus::List && row == model.scenario;
    Some(if chosen { Navigate::Enter } else { Navigate::Select(row) })
}

/// The rows in sight: recent chains, then scenarios.
fn rows(model: &Model, places: &Places) -> Vec<(usize, Area)> {
    let line = |area: Area, at: u16| Area { y: area.y.saturating_add(at), height: 1, ..area };
    let recent = (1..places.recent.height).map(|at| (usize::from(at) - 1, line(places.recent, at)));
    let first = model.recent().len() + first_row(model, places.list.height);
    let listed = (0..places.list.height).map(|at| (first + usize::from(at), line(places.list, at)));
    recent.chain(listed).filter(|(row, _)| *row < model.listed()).collect()
}

/// What one can go to, with the cells where it stands.
pub fn places(model: &Model) -> Vec<(u16, u16, Navigate)> {
    let places = Places::of(model);
    let (url, method) = (after_label(places.url), after_label(places.method));
    let client = method.x + text::columns(&bar::method(model)) + 2;
    let mut found = vec![
        (url.x, url.y, Navigate::FocusUrl),
        (method.x, method.y, Navigate::MethodPicker),
        (client, method.y, Navigate::ClientPicker),
    ];
    let row = |(row, area): (usize, Area)| (area.x, area.y, Navigate::Go(Place::Row(row)));
    found.extend(rows(model, &places).into_iter().map(row));
    found
}

impl Places {
    fn of(model: &Model) -> Places {
        let (columns, rows) = model.size;
        let width = columns.saturating_sub(2).min(WIDEST);
        let x = columns.saturating_sub(width) / 2;
        let gap = u16::from(rows >= 14);
        let line = |y| Area { x, y, width, height: 1 };
        let url = gap + 1 + gap;
        let recent = u16::try_from(model.recent().len()).unwrap_or(0);
        let recent =
            Area { y: url + 3 + gap, height: if recent > 0 { recent + 1 } else { 0 }, ..line(0) };
        let list = url + 4 + gap + recent.height + if recent.height > 0 { gap } else { 0 };
        let below = rows.saturating_sub(list + 1);
        let lesson = if below >= 12 { LESSON + 1 } else { 0 };
        let height = usize::from(below.saturating_sub(lesson)).min(model.scenarios.len()) as u16;
        Places {
            title: line(gap),
            url: line(url),
            method: line(url + 1),
            hint: line(url + 2),
            recent: Area { height: recent.height.min(rows.saturating_sub(recent.y + 1)), ..recent },
            heading: line(list - 1),
            list: Area { x, y: list, width, height },
            lesson: Area { x, y: list + height + 1, width, height: lesson.saturating_sub(1) },
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
        text.push_str(&format!("  {}", counted(fields, "header line")));
    }
    if !form.body.text().is_empty() {
        text.push_str(&format!("  body {} B", form.body.text().len()));
    }
    text
}

fn motto(width: u16) -> &'static str {
    match width < NARROW {
        true => " — step through redirects",
        false => " — step through redirects, one hop at a time",
    }
}

fn demo_words(width: u16) -> &'static str {
    match width < NARROW {
        true => "  scenarios, no internet",
        false => "  scenarios on this machine, no internet needed",
    }
}

/// What is wrong with the form stands below it where it has room, else above the footer.
pub fn has_room(model: &Model) -> bool {
    let room = after_label(Places::of(model).hint).width;
    model.form.error.as_ref().is_none_or(|error| text::columns(&escape(error)) <= room)
}

fn hint(model: &Model) -> Line {
    if let Some(error) = model.form.error.as_ref().filter(|_| has_room(model)) {
        return Line::of([(Role::Severity(Severity::Error), format!("        {}", escape(error)))]);
    }
    let enter = keymap::key_in(model, Context::Url, &Message::Navigate(Navigate::Enter));
    let hint = match model.form.url.text().is_empty() {
        true if model.size.0 < NARROW => "        a URL or a curl command".to_owned(),
        false if model.size.0 < NARROW => format!("        {enter} sends the first request"),
        true => {
            format!(
                "        a URL or a whole curl command; {enter} sends it, stops at the response"
            )
        }
        false => format!("        {enter} sends the first request and stops at its response"),
    };
    Line::of([(Role::Dim, hint)])
}

/// The latest chains; taken up again they stand there as they were.
fn recent(model: &Model, area: Area, canvas: &mut Canvas<'_>) {
    if area.height == 0 {
        return;
    }
    canvas.text(area, Role::Strong, "Recent");
    let key = keymap::key_of(model, &Message::Past(Past::Open));
    if model.focus == Focus::List {
        let all = [(Role::Key, key), (Role::Dim, " all, search ".to_owned())];
        canvas.right(Area { height: 1, ..area }, &Line::of(all));
    }
    let rows = area.y.saturating_add(1)..area.bottom();
    for (y, (at, entry)) in rows.zip(model.recent().iter().enumerate()) {
        let selected = at == model.scenario && model.focus == Focus::List;
        let row = Area { y, height: 1, ..area };
        canvas.line(row, &history::row(entry, selected, model.now, row.width.into()));
        if selected {
            canvas.highlight(row, Part::Selected);
        }
    }
}

fn list(model: &Model, area: Area, canvas: &mut Canvas<'_>) {
    let first = first_row(model, area.height);
    let titles = model.scenarios.iter().map(|scenario| text::width(&scenario.title));
    // on a narrow screen the titles alone
    let most = if area.width < NARROW { area.width.saturating_sub(2) } else { area.width / 2 };
    let title_width = titles.max().unwrap_or(0).min(most.into());
    for (y, at) in (area.y..area.bottom()).zip(first..model.scenarios.len()) {
        let scenario = &model.scenarios[at];
        let selected = at + model.recent().len() == model.scenario && model.focus == Focus::List;
        let row = Area { y, height: 1, ..area };
        let mark = if selected { "▶ " } else { "  " };
        let mut line = Line::of([(Role::Plain, mark.to_owned())]);
        let title = text::fit(&scenario.title, title_width);
        if area.width < NARROW {
            line.push(Role::Strong, title);
        } else {
            line.push(Role::Strong, text::pad(&title, title_width + 2));
            line.push(Role::Dim, scenario.lesson.replace('\n', " "));
        }
        canvas.line(row, &line);
        if selected {
            canvas.highlight(row, Part::Selected);
        }
    }
}

/// All of what the selected scenario teaches.
fn lesson(model: &Model, area: Area, canvas: &mut Canvas<'_>) {
    let at = model.scenario.checked_sub(model.recent().len());
    let selected = at.and_then(|at| model.scenarios.get(at)).filter(|_| model.focus == Focus::List);
    let Some(scenario) = selected else { return };
    let form = &scenario.draft;
    let request = format!("{} {}", form.method.as_str(), form.typed);
    canvas.text(area, Role::Strong, &text::fit_middle(&escape(&request), area.width.into()));
    let lesson = scenario.lesson.replace('\n', " ");
    let lines = prose::wrap(Role::Plain, &escape(&lesson), area.width.into());
    for (y, line) in (area.y.saturating_add(1)..area.bottom()).zip(&lines) {
        canvas.line(Area { y, height: 1, ..area }, line);
    }
}

fn first_row(model: &Model, height: u16) -> usize {
    let last = model.scenarios.len().saturating_sub(height.into());
    let at = model.scenario.saturating_sub(model.recent().len());
    at.saturating_sub(usize::from(height) / 2).min(last)
}
