//! The pointer over an overlay or the footer: which row or key it is on, found in the same drawing that the user sees.
//!
//! A click is rare and a frame is cheap: the screen is drawn once more, out of sight, and says where its rows and keys are. So what is
//! drawn and what is clicked can't come apart.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::layout::{Layout, Room};
use crate::app::message::{Complete, Message, Navigate, Run};
use crate::app::model::{Model, Overlay};

use super::canvas::{Canvas, Traces};
use super::palette;
use super::theme::Theme;
use super::view;

/// What a click at these cells means while an overlay is open: a row is selected, and taken when it is already; outside closes.
pub fn clicked(model: &Model, x: u16, y: u16) -> Option<Message> {
    let traces = traces(model)?;
    if !traces.outline?.contains(x, y) {
        return Some(Message::Navigate(Navigate::Back));
    }
    let (_, row) = traces.rows.into_iter().find(|(area, _)| area.contains(x, y))?;
    match model.overlay.as_ref()?.selected() {
        Some(selected) if selected == row => steered(model, Navigate::Enter),
        Some(_) => Some(Message::Navigate(Navigate::Select(row))),
        None => None,
    }
}

/// What the key means that is named at these cells, in the footer or beside a hint. A dangerous step wants the key itself.
pub fn key(model: &Model, x: u16, y: u16) -> Option<Message> {
    let layout = Layout::of(model);
    if !layout.footer.contains(x, y) && !layout.hint.contains(x, y) {
        return None;
    }
    let (_, message) = traces(model)?.keys.into_iter().find(|(area, _)| area.contains(x, y))?;
    match message {
        Message::Run(Run::Confirm(true)) => {
            let yes = &model.keys.yes;
            Some(Message::Trouble(format!("a click sends nothing here: press {yes}")))
        }
        Message::Navigate(navigate) => steered(model, navigate),
        other => Some(other),
    }
}

/// The suggestion at these cells, below whatever is typed in.
pub fn suggestion(model: &Model, x: u16, y: u16) -> Option<Message> {
    model.completion.as_ref()?;
    let rows = traces(model)?.suggestions;
    let (_, row) = rows.into_iter().find(|(area, _)| area.contains(x, y))?;
    Some(Message::Complete(Complete::TakeRow(row)))
}

/// What the wheel means there: texts scroll by three lines, lists go row by row.
pub fn wheel(model: &Model, step: i16) -> Option<Message> {
    match model.overlay.as_ref()?.selected() {
        Some(_) => steered(model, if step < 0 { Navigate::Up } else { Navigate::Down }),
        None => Some(Message::Navigate(Navigate::Scroll(3 * step))),
    }
}

/// The palette's rows are the keymap's business.
fn steered(model: &Model, navigate: Navigate) -> Option<Message> {
    match &model.overlay {
        Some(Overlay::Palette { .. }) => palette::steered(model, navigate),
        Some(_) | None => Some(Message::Navigate(navigate)),
    }
}

fn traces(model: &Model) -> Option<Traces> {
    // nothing is drawn on a screen that is too small
    if Layout::of(model).room == Room::Tiny {
        return None;
    }
    let (width, height) = model.size;
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    let mut canvas = Canvas::new(&mut buffer, &Theme::MONO);
    view::paint(model, &mut canvas);
    Some(canvas.into_traces())
}
