//! Input: what the terminal reports, as messages.
//!
//! Promises: a key means what the keymap's table says; where text is typed, printable keys and pastes are text; a click means what
//! stands under it; releases of keys mean nothing.

use std::io;

pub use crossterm::event::Event;
use crossterm::event::{
    KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};

use crate::app::layout::{Layout, Room};
use crate::app::message::{CopyItem, Edit, Export, Message, Navigate};
use crate::app::model::{COPY_MENU, Model, Overlay};
use crate::app::pane::Focus;
use crate::app::text_input::InputKey;

use super::jump;
use super::keymap::{self, Context};
use super::palette;
use super::panes::{bar, first, tabs};
use super::pointer;

/// How long a wait for an event lasts where no signal can end it.
#[cfg(not(unix))]
const LOOK_UP: std::time::Duration = std::time::Duration::from_millis(50);

/// Waits for the next event. For a thread of its own. Where no signal can end the wait it ends by itself, as interrupted.
pub fn next_event() -> io::Result<Event> {
    #[cfg(not(unix))]
    if !crossterm::event::poll(LOOK_UP)? {
        return Err(io::ErrorKind::Interrupted.into());
    }
    crossterm::event::read()
}

/// What the event means with the model as it is; `None` when it means nothing.
pub fn message(event: &Event, model: &Model) -> Option<Message> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => pressed(key, model),
        // terminals send the line ends of a paste as carriage returns
        Event::Paste(text) => {
            takes_text(model).then(|| typed(text.replace("\r\n", "\n").replace('\r', "\n")))
        }
        Event::Mouse(mouse) => pointed(mouse, model),
        Event::Resize(width, height) => Some(Message::Resize { width: *width, height: *height }),
        Event::Key(_) | Event::FocusGained | Event::FocusLost => None,
    }
}

fn pressed(key: &KeyEvent, model: &Model) -> Option<Message> {
    if let Some(item) = copy_letter(key, model) {
        return Some(Message::Export(Export::Copy(item)));
    }
    if let (Some(Overlay::Jump { .. }), KeyCode::Char(letter)) = (&model.overlay, key.code)
        && key.modifiers.difference(KeyModifiers::SHIFT).is_empty()
    {
        return jump::typed(model, letter);
    }
    let name = name(key).unwrap_or_default();
    let sequence = format!("{}~{name}", model.begun);
    let keys = if model.begun.is_empty() { &name } else { &sequence };
    if keymap::continued(model, keys).next().is_some() {
        return Some(Message::Begun(keys.clone()));
    }
    let binding = keymap::lookup(model, keys).or_else(|| keymap::lookup(model, &name));
    if let Some(binding) = binding {
        return match (&model.overlay, &binding.message) {
            (Some(Overlay::Palette { .. }), Message::Navigate(navigate)) => {
                palette::steered(model, *navigate)
            }
            _ => Some(binding.message.clone()),
        };
    }
    match key.code {
        KeyCode::Char(c) if takes_text(model) && is_text(key.modifiers) => {
            Some(typed(c.to_string()))
        }
        _ if !model.begun.is_empty() => Some(Message::Begun(String::new())),
        _ => None,
    }
}

/// The letters of the copy menu's rows.
fn copy_letter(key: &KeyEvent, model: &Model) -> Option<CopyItem> {
    let Some(Overlay::Copy { .. }) = model.overlay else { return None };
    let KeyCode::Char(letter) = key.code else { return None };
    let plain = key.modifiers.is_empty();
    COPY_MENU.iter().find(|row| plain && row.0 == letter).map(|row| row.1)
}

pub(super) fn typed(text: String) -> Message {
    Message::Edit(Edit::Key(InputKey::Insert(text)))
}

fn takes_text(model: &Model) -> bool {
    keymap::contexts(model).contains(&Context::Text)
}

/// AltGr arrives as Ctrl and Alt together on some systems.
fn is_text(modifiers: KeyModifiers) -> bool {
    let control = modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT);
    control.is_empty() || control == KeyModifiers::CONTROL | KeyModifiers::ALT
}

/// The key's name in the keymap.
fn name(key: &KeyEvent) -> Option<String> {
    let base = match key.code {
        KeyCode::Char(' ') => "space".to_owned(),
        KeyCode::Char(c) if key.modifiers.contains(KeyModifiers::CONTROL) => {
            c.to_ascii_lowercase().to_string()
        }
        KeyCode::Char(c) => c.to_string(),
        KeyCode::F(number) => format!("f{number}"),
        other => fixed(other)?.to_owned(),
    };
    let prefix = match key.modifiers & (KeyModifiers::CONTROL | KeyModifiers::ALT) {
        KeyModifiers::CONTROL => "ctrl-",
        KeyModifiers::ALT => "alt-",
        none if none.is_empty() => "",
        _ => return None,
    };
    Some(format!("{prefix}{base}"))
}

fn fixed(code: KeyCode) -> Option<&'static str> {
    Some(match code {
        KeyCode::Enter => "enter",
        KeyCode::Esc => "esc",
        KeyCode::Tab => "tab",
        KeyCode::BackTab => "backtab",
        KeyCode::Up => "up",
        KeyCode::Down => "down",
        KeyCode::Left => "left",
        KeyCode::Right => "right",
        KeyCode::Home => "home",
        KeyCode::End => "end",
        KeyCode::PageUp => "pgup",
        KeyCode::PageDown => "pgdn",
        KeyCode::Backspace => "backspace",
        KeyCode::Delete => "delete",
        _ => return None,
    })
}

fn pointed(mouse: &MouseEvent, model: &Model) -> Option<Message> {
    if let MouseEventKind::Down(MouseButton::Left) = mouse.kind
        && let (x, y) = (mouse.column, mouse.row)
        && let Some(taken) = pointer::suggestion(model, x, y).or_else(|| pointer::key(model, x, y))
    {
        return Some(taken);
    }
    if model.overlay.is_some() {
        return match mouse.kind {
            MouseEventKind::ScrollDown => pointer::wheel(model, 1),
            MouseEventKind::ScrollUp => pointer::wheel(model, -1),
            MouseEventKind::Down(MouseButton::Left) => {
                pointer::clicked(model, mouse.column, mouse.row)
            }
            _ => None,
        };
    }
    let message = match mouse.kind {
        MouseEventKind::ScrollDown => wheel(mouse, model, 1),
        MouseEventKind::ScrollUp => wheel(mouse, model, -1),
        MouseEventKind::Up(MouseButton::Left) if model.panes.grabbed => Navigate::Grab(false),
        MouseEventKind::Drag(MouseButton::Left) if model.panes.grabbed => {
            Navigate::Drag(mouse.column, mouse.row)
        }
        MouseEventKind::Down(MouseButton::Left) => clicked(mouse.column, mouse.row, model)?,
        _ => return None,
    };
    Some(Message::Navigate(message))
}

/// The wheel moves what is under it: hops by one, text by three lines.
fn wheel(mouse: &MouseEvent, model: &Model, step: i16) -> Navigate {
    let arrow = if step < 0 { Navigate::Up } else { Navigate::Down };
    if model.session.is_none() {
        return arrow;
    }
    let over_chain = Layout::of(model).chain.contains(mouse.column, mouse.row);
    match (&model.session, over_chain) {
        (Some(session), true) => {
            Navigate::Select(session.spine.step(session.selected, step.into()))
        }
        _ => Navigate::Scroll(3 * step),
    }
}

fn clicked(x: u16, y: u16, model: &Model) -> Option<Navigate> {
    let Some(session) = &model.session else { return first::clicked(model, x, y) };
    let layout = Layout::of(model);
    if layout.bar.contains(x, y) {
        return bar::clicked(model, x);
    }
    if let Some(row) = layout.row_at(session, x, y) {
        return Some(Navigate::Select(row));
    }
    if layout.pane.contains(x, y) && y == layout.pane.y {
        let border = (layout.room != Room::Wide).then_some(Navigate::Grab(true));
        return tabs::clicked(model, x).map(Navigate::Open).or(border);
    }
    if layout.companion.contains(x, y) {
        return Some(Navigate::Open(model.panes.open.companion()));
    }
    if layout.on_border(x, y) {
        return Some(Navigate::Grab(true));
    }
    let elsewhere = model.focus != Focus::Pane && layout.pane.contains(x, y);
    elsewhere.then_some(Navigate::SwitchFocus)
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::app::message::Run;
    use crate::app::model::{RunOrigin, Session};
    use crate::domain::chain::{Chain, Limits};
    use crate::domain::client::Client;
    use crate::domain::cookie::jar::Jar;
    use crate::domain::danger::Danger;
    use crate::domain::http::request::Draft;
    use crate::domain::http::settings::Settings;

    fn model(focus: Focus) -> Model {
        let draft = Draft::get(Url::parse("http://a.test/").unwrap());
        let chain = Chain::new(
            draft.clone(),
            Client::named("curl").unwrap(),
            Limits::default(),
            Jar::default(),
            0,
        );
        let mut model = Model::new(draft, "curl".into(), Limits::default(), Settings::default());
        model.session = Some(Session::new(1, RunOrigin::Form, chain));
        model.focus = focus;
        model
    }

    fn press(model: &Model, code: KeyCode) -> Option<Message> {
        message(&Event::Key(KeyEvent::new(code, KeyModifiers::NONE)), model)
    }

    #[test]
    fn a_letter_is_text_in_the_url_bar_and_a_command_elsewhere() {
        assert_eq!(press(&model(Focus::Url), KeyCode::Char('s')), Some(typed("s".into())));
        assert_eq!(press(&model(Focus::Chain), KeyCode::Char('s')), Some(Message::Run(Run::Step)));
    }

    #[test]
    fn only_y_sends_a_dangerous_step() {
        let mut model = model(Focus::Chain);
        if let Some(session) = &mut model.session {
            session.danger.push(Danger::LeavesHttps);
        }
        let yes = Some(Message::Run(Run::Confirm(true)));
        let keys = (' '..='~').map(KeyCode::Char).chain([KeyCode::Enter, KeyCode::Esc]);
        let sending: Vec<_> = keys.filter(|key| press(&model, *key) == yes).collect();
        assert_eq!(sending, [KeyCode::Char('y')]);
    }

    #[test]
    fn a_paste_is_text_only_where_text_is_typed() {
        let paste = Event::Paste("http://b.test".into());
        assert_eq!(message(&paste, &model(Focus::Url)), Some(typed("http://b.test".into())));
        assert_eq!(message(&paste, &model(Focus::Chain)), None);
        let lines = Event::Paste("curl \\\r -X PUT\r\n http://b.test".into());
        let read = typed("curl \\\n -X PUT\n http://b.test".into());
        assert_eq!(message(&lines, &model(Focus::Url)), Some(read));
    }

    #[test]
    fn a_released_key_means_nothing() {
        let mut key = KeyEvent::new(KeyCode::Char('q'), KeyModifiers::NONE);
        key.kind = KeyEventKind::Release;
        assert_eq!(message(&Event::Key(key), &model(Focus::Chain)), None);
    }

    #[test]
    fn capital_n_is_its_own_key() {
        let key = KeyEvent::new(KeyCode::Char('N'), KeyModifiers::SHIFT);
        let event = Event::Key(key);
        let previous = Message::Search(crate::app::message::Search::Previous);
        assert_eq!(message(&event, &model(Focus::Chain)), Some(previous));
    }
}
