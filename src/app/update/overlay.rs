//! Overlays under the keys: the row that is selected, the text that is read, and what is chosen.

use crate::app::effect::Effect;
use crate::app::message::{Edit, Export, Navigate, Run};
use crate::app::model::{COPY_MENU, Model, Overlay};
use crate::app::text_input::{InputKey, TextInput};
use crate::domain::breakpoint::Breakpoint;
use crate::domain::client::Client;
use crate::domain::http::method::Method;
use crate::domain::variant::Variant;

use super::{body, edit, run};

pub(super) fn update(model: &mut Model, navigate: Navigate) -> Vec<Effect> {
    let step = match navigate {
        Navigate::Up | Navigate::PreviousPane => -1,
        Navigate::Down | Navigate::NextPane => 1,
        Navigate::PageUp => -10,
        Navigate::PageDown => 10,
        Navigate::Top => i16::MIN,
        Navigate::Bottom => i16::MAX,
        Navigate::Scroll(lines) => lines,
        Navigate::Enter => return choose(model),
        Navigate::Select(row) => {
            select(model, row);
            return Vec::new();
        }
        Navigate::Help => {
            help(model);
            return Vec::new();
        }
        _ => return Vec::new(),
    };
    if let Some(scroll) = model.overlay.as_mut().and_then(Overlay::scroll_mut) {
        *scroll = scroll.saturating_add_signed(step.clamp(-999, 999)).min(999);
    } else if let Some(row) = model.overlay.as_ref().and_then(Overlay::selected)
        && has_rows(model)
    {
        select(model, row.saturating_add_signed(step.into()));
    }
    Vec::new()
}

/// Opens the help, over whatever is open; the same key closes it again.
pub(super) fn help(model: &mut Model) {
    model.overlay = match model.overlay.take() {
        Some(Overlay::Help { over, .. }) => over.map(|over| *over),
        over => Some(Overlay::Help { scroll: 0, over: over.map(Box::new) }),
    };
}

/// The rows are the overlay's own, not the keymap's.
fn has_rows(model: &Model) -> bool {
    model.overlay.as_ref().and_then(|overlay| overlay.rows(model)).is_some()
}

/// This row, or the last one there is.
fn select(model: &mut Model, row: usize) {
    let rows = model.overlay.as_ref().and_then(|overlay| overlay.rows(model));
    if let Some(selected) = model.overlay.as_mut().and_then(Overlay::selected_mut) {
        *selected = rows.map_or(row, |rows| row.min(rows.saturating_sub(1)));
    }
}

fn choose(model: &mut Model) -> Vec<Effect> {
    match model.overlay.take() {
        Some(Overlay::Runs { selected }) => {
            let number = model.runs().get(selected).map(|run| run.number);
            number.map_or(Vec::new(), |number| run::show(model, number))
        }
        Some(Overlay::Find { input, hits, selected }) => {
            super::find::go(model, input, hits.hits.get(selected));
            Vec::new()
        }
        Some(Overlay::Methods { selected }) => match Method::COMMON.get(selected) {
            Some(method) => edit::update(model, Edit::Method(method.clone())),
            None => Vec::new(),
        },
        Some(Overlay::Clients { selected }) => match Client::names().nth(selected) {
            Some(name) => run::update(model, Run::ChooseClient(name.to_owned())),
            None => Vec::new(),
        },
        Some(Overlay::Variants { selected }) => match Variant::ALL.get(selected) {
            Some(variant) => run::update(model, Run::Variant(*variant)),
            None => Vec::new(),
        },
        Some(Overlay::Copy { selected }) => match COPY_MENU.get(selected) {
            Some((_, item, _)) => super::export::update(model, Export::Copy(*item)),
            None => Vec::new(),
        },
        Some(Overlay::Pick { title, mut rows, selected }) if selected < rows.len() => {
            super::export::put(model, rows.swap_remove(selected).1, title)
        }
        Some(Overlay::Pick { .. }) => Vec::new(),
        Some(save @ Overlay::Save { .. }) => {
            model.overlay = Some(save);
            body::write(model, false).into_iter().collect()
        }
        Some(Overlay::Editor { field, mut input, .. }) if input.is_multiline() => {
            input.apply(InputKey::Insert("\n".to_owned()));
            model.overlay = Some(Overlay::Editor { field, input, error: None });
            Vec::new()
        }
        Some(Overlay::Editor { field, input, error }) => edit::accept(model, field, input, error),
        Some(Overlay::Suppress { rows, selected, .. }) => {
            rows.into_iter().nth(selected).map(Effect::Configure).into_iter().collect()
        }
        // only a y sends
        probe @ Some(Overlay::Probe { .. }) => {
            model.overlay = probe;
            Vec::new()
        }
        Some(Overlay::Breakpoints { selected, input, .. }) => {
            choose_breakpoint(model, selected, input)
        }
        Some(
            Overlay::Help { .. }
            | Overlay::HandCopy { .. }
            | Overlay::Explain { .. }
            | Overlay::Compare { .. }
            | Overlay::Jump { .. },
        )
        | None => Vec::new(),
        // only what can be done now is chosen there
        open @ Some(Overlay::Palette { .. } | Overlay::History { .. }) => {
            model.overlay = open;
            Vec::new()
        }
    }
}

/// Takes the typed breakpoint, or switches the selected one. The overlay stays open.
fn choose_breakpoint(model: &mut Model, selected: usize, input: TextInput) -> Vec<Effect> {
    let typed = (!input.text().trim().is_empty()).then(|| Breakpoint::parse(input.text()));
    let (input, error, chosen) = match typed {
        Some(Ok(breakpoint)) => (TextInput::default(), None, Some(breakpoint)),
        Some(Err(error)) => (input, Some(error), None),
        None => (input, None, model.breakpoint_rows().get(selected).cloned()),
    };
    model.overlay = Some(Overlay::Breakpoints { selected, input, error });
    chosen.map_or(Vec::new(), |breakpoint| run::update(model, Run::ToggleBreakpoint(breakpoint)))
}
