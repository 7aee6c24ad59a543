//! The search through every hop: what is typed is looked for at once; choosing a hit goes to its place.

use crate::app::finder::{self, Hit};
use crate::app::model::{Model, Overlay, Search};
use crate::app::pane::{Focus, Pane};
use crate::app::text_input::{InputKey, TextInput};

use super::{navigate, search};

pub(super) fn open(model: &mut Model) {
    model.overlay =
        Some(Overlay::Find { input: TextInput::default(), hits: Box::default(), selected: 0 });
}

/// A key in the field.
pub(super) fn typed(model: &mut Model, key: InputKey) {
    let Some(Overlay::Find { input, hits, selected }) = &mut model.overlay else { return };
    input.apply(key);
    let pattern = (!input.text().is_empty()).then(|| input.text().to_owned());
    let regex = Search { pattern, ..Search::default() }.regex();
    let session = model.session.as_ref();
    let found = session.zip(regex).map(|(session, regex)| finder::find(session, &regex));
    (**hits, *selected) = (found.unwrap_or_default(), 0);
}

/// Goes to the hit; `n` and `N` go on from there.
pub(super) fn go(model: &mut Model, input: TextInput, hit: Option<&Hit>) {
    let Some(hit) = hit else { return };
    navigate::select(model, hit.hop);
    model.panes.open = hit.pane;
    model.focus = Focus::Pane;
    model.search = Search { input, ..Search::default() };
    search::preview(model);
    match hit.pane {
        Pane::Body => model.search.nth = hit.nth,
        _ => (0..hit.nth).for_each(|_| search::go(model, 1)),
    }
}
