//! The footer: the keys that work now, what the last action came to, or the search being typed.
//!
//! Promises: the least important keys go first where room is short; the key of the help never goes.

use crate::app::hint;
use crate::app::layout::Area;
use crate::app::message::{Message, Navigate, Search};
use crate::app::model::{Model, Overlay};
use crate::app::page::{Line, Role, prose, units};
use crate::app::pane::Focus;
use crate::domain::escape::escape;
use crate::domain::finding::Severity;
use crate::domain::text;
use crate::tui::canvas::Canvas;
use crate::tui::keymap;

use super::{field, first};

pub fn render(model: &Model, area: Area, canvas: &mut Canvas<'_>) {
    canvas.clear(area);
    let help = help(model);
    let left = beside(area, &help.line);
    help.draw(Area { x: left.right() + 1, width: area.width - left.width - 1, ..area }, canvas);
    if model.search.typing && model.overlay.is_none() {
        return prompt(model, left, canvas);
    }
    match said(model, left.width).filter(|said| fits(said, left)) {
        Some(said) => said.draw(left, canvas),
        None => hints(model, left.width.into()).draw(left, canvas),
    }
}

/// What was said and has no room beside the help, in rows of its own above the footer, over whatever stands there.
pub fn above(model: &Model, area: Area, canvas: &mut Canvas<'_>) {
    let left = beside(area, &help(model).line);
    let typing = model.search.typing && model.overlay.is_none();
    let Some(said) = said(model, left.width).filter(|said| !typing && !fits(said, left)) else {
        return;
    };
    let spans: Vec<_> =
        said.line.spans.iter().map(|span| (span.role, span.text.as_str())).collect();
    let columns = usize::from(area.width).saturating_sub(1);
    let lines = prose::flow(&spans, columns, columns);
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).min(MOST_ROWS).min(area.y / 2);
    let first = Area { y: area.y - rows, ..area };
    canvas.clear(Area { height: rows, ..first });
    for (y, line) in (first.y..area.y).zip(lines) {
        canvas
            .line(Area { x: area.x + 1, y, width: area.width.saturating_sub(1), height: 1 }, &line);
    }
}

/// The most rows that something said takes.
const MOST_ROWS: u16 = 4;

/// What is left of the footer beside the help.
fn beside(area: Area, help: &Line) -> Area {
    Area { width: area.width.saturating_sub(text::columns(&help.text()) + 1), ..area }
}

fn fits(said: &Keys, area: Area) -> bool {
    said.width() <= area.width
}

/// A line with keys in it, each of which a click presses.
#[derive(Default)]
struct Keys {
    line: Line,
    /// The first column and the width of each key with its words, and what it means.
    places: Vec<(u16, u16, Message)>,
}

impl Keys {
    fn of(role: Role, text: String) -> Keys {
        Keys { line: Line::of([(role, text)]), places: Vec::new() }
    }

    /// Adds a key with the words behind it.
    fn key(&mut self, (of_key, key): (Role, &str), (of_words, words): (Role, &str), does: Message) {
        let start = self.width();
        self.line.push(of_key, key.to_owned());
        self.line.push(of_words, words.to_owned());
        self.places.push((start, self.width() - start, does));
    }

    /// The same behind this text.
    fn after(self, role: Role, text: String) -> Keys {
        let by = text::columns(&text);
        let mut line = Line::of([(role, text)]);
        line.spans.extend(self.line.spans);
        let moved = self.places.into_iter().map(|(x, width, does)| (x + by, width, does));
        Keys { line, places: moved.collect() }
    }

    fn width(&self) -> u16 {
        text::columns(&self.line.text())
    }

    fn draw(self, area: Area, canvas: &mut Canvas<'_>) {
        canvas.line(area, &self.line);
        for (at, width, does) in self.places {
            let x = area.x.saturating_add(at).min(area.right());
            canvas.answers(Area { x, width: width.min(area.right() - x), ..area }, does);
        }
    }
}

/// What someone is told who is here for the first time, and how to be rid of it.
pub fn hint(model: &Model, area: Area, canvas: &mut Canvas<'_>) {
    let Some(hint) = hint::current(model).filter(|_| area.height > 0) else { return };
    canvas.clear(area);
    let away = Message::Navigate(Navigate::Hint);
    let mut end = Keys::default();
    end.key((Role::Key, &keymap::key_of(model, &away)), (Role::Dim, " got it "), away);
    let left = beside(area, &end.line);
    let said = [(Role::Strong, " ● ".to_owned()), (Role::Plain, hint.text(model))];
    canvas.line(left, &Line::of(said));
    end.draw(Area { x: left.right() + 1, width: area.width - left.width - 1, ..area }, canvas);
}

/// What the last action came to, or why the form can't be sent.
fn said(model: &Model, width: u16) -> Option<Keys> {
    if let Some(Overlay::Jump { .. }) = &model.overlay {
        let text = if width < 40 { " type a letter" } else { " type a letter to go there" };
        let mut said = Keys::of(Role::Strong, text.to_owned());
        said.line.push(Role::Dim, "   ".to_owned());
        said.key((Role::Dim, &keymap::back(model)), (Role::Dim, " stays"), BACK);
        return Some(said);
    }
    if !model.begun.is_empty() {
        let begun = keymap::begun(model);
        let mut said = Keys::of(Role::Key, format!(" {begun} …"));
        for (key, binding) in keymap::continued(model, &model.begun) {
            let next = key.strip_prefix(&*begun).unwrap_or(&key).trim_start();
            let words = if binding.hint.is_empty() { binding.help } else { binding.hint };
            said.line.push(Role::Key, "   ".to_owned());
            let words = format!(" {words}");
            said.key((Role::Key, next), (Role::Dim, &words), binding.message.clone());
        }
        return Some(said);
    }
    if let Some(status) = &model.status {
        let role = if status.trouble { Role::Severity(Severity::Error) } else { Role::Strong };
        return Some(Keys::of(role, format!(" {}", escape(&status.text))));
    }
    if let Some(place) = model.search.position.filter(|_| model.overlay.is_none()) {
        return Some(position(model, place, width.into()));
    }
    let here = model.focus == Focus::Url && (model.session.is_some() || !first::has_room(model));
    let error = model.form.error.as_ref().filter(|_| here)?;
    Some(Keys::of(Role::Severity(Severity::Error), format!(" {}", escape(error))))
}

const BACK: Message = Message::Navigate(Navigate::Back);

/// Which match of how many the screen shows; the pattern and the words beside the keys give way to the keys.
fn position(model: &Model, (at, of): (usize, usize), width: usize) -> Keys {
    let pattern = escape(model.search.pattern.as_deref().unwrap_or_default());
    let more = if searching(model).is_some() { " so far" } else { "" };
    let (next, previous) = (Message::Search(Search::Next), Message::Search(Search::Previous));
    let words = if width < 60 { ["", "", ""] } else { [" next", " previous", " ends"] };
    let gaps = if width < 60 { ["  ", " ", " "] } else { ["  "; 3] };
    let keys = [
        (keymap::key_of(model, &next), next),
        (keymap::key_of(model, &previous), previous),
        (keymap::back(model), BACK),
    ];
    let mut tail = Keys::default();
    for (((key, does), words), gap) in keys.into_iter().zip(words).zip(gaps) {
        tail.line.push(Role::Strong, gap.to_owned());
        tail.key((Role::Strong, &key), (Role::Strong, words), does);
    }
    let place = format!("  {at} of {of}{more}");
    let room = width.saturating_sub(text::width(&place) + usize::from(tail.width()) + 2);
    tail.after(Role::Strong, format!(" /{}{place}", text::fit(&pattern, room)))
}

/// The keys that work now; of a sequence that is begun they stand above.
fn hints(model: &Model, width: usize) -> Keys {
    if !model.begun.is_empty() {
        return Keys::of(Role::Key, format!(" {} …", keymap::begun(model)));
    }
    let mut line = Keys::default();
    for binding in keymap::hints(model) {
        let (key, hint) = (binding.first(), keymap::hint(model, binding));
        let next = text::width(&key) + text::width(hint) + 3;
        if usize::from(line.width()) + next > width {
            break;
        }
        line.line.push(Role::Key, " ".to_owned());
        let words = format!(" {hint} ");
        line.key((Role::Key, &key), (Role::Dim, &words), binding.message.clone());
    }
    line
}

fn help(model: &Model) -> Keys {
    let mut help = Keys::default();
    if let Some(key) = keymap::help_key(model) {
        help.key((Role::Key, &key), (Role::Dim, " help "), Message::Navigate(Navigate::Help));
    }
    help
}

fn prompt(model: &Model, area: Area, canvas: &mut Canvas<'_>) {
    let input = &model.search.input;
    let count = match (model.search.position, &model.search.pattern) {
        (Some((at, of)), _) => format!("   {at} of {of}"),
        (None, Some(_)) => match searching(model) {
            Some(bytes) => format!("   searching, {} so far", units::bytes(bytes)),
            None => "   not found".to_owned(),
        },
        (None, None) if area.width < 45 => "   find in this pane".to_owned(),
        (None, None) => {
            let keep = keymap::key_here(model, &Message::Navigate(Navigate::Enter));
            format!("   find in this pane; {keep} keeps, {} drops", keymap::back(model))
        }
    };
    canvas.text(area, Role::Key, "/");
    let after = area.x.saturating_add(1);
    let field = Area { x: after, width: area.width.saturating_sub(1), ..area };
    field::render(input, Role::Plain, (field, true), canvas);
    let typed = text::columns(&escape(input.text()));
    let room =
        Area { x: after.saturating_add(typed), width: field.width.saturating_sub(typed), ..field };
    canvas.line(room, &Line::of([(Role::Dim, count)]));
}

/// How far a search through the body has come, while it goes on.
fn searching(model: &Model) -> Option<u64> {
    let matches = model.search.matches.as_ref()?;
    (!matches.complete).then_some(matches.searched)
}
