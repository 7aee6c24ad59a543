//! The search through every hop: what is typed is looked for at once; choosing a hit goes to its place.

use crate::app::effect::{BodiesSearch, Effect};
use crate::app::finder::{self, BodiesFound, Hit, Progress};
use crate::app::model::{Model, Overlay, Search};
use crate::app::pane::{Focus, Pane};
use crate::app::text_input::{InputKey, TextInput};

use super::{navigate, search};

pub(super) fn open(model: &mut Model) {
    model.overlay =
        Some(Overlay::Find { input: TextInput::default(), hits: Box::default(), selected: 0 });
}

/// A key in the field: heads are searched at once, bodies by and by.
pub(super) fn typed(model: &mut Model, key: InputKey) {
    let Some(Overlay::Find { input, hits, selected }) = &mut model.overlay else { return };
    input.apply(key);
    let pattern = (!input.text().is_empty()).then(|| input.text().to_owned());
    let regex = Search { pattern, ..Search::default() }.regex();
    let session = model.session.as_ref();
    let found = session.zip(regex).map(|(session, regex)| finder::find(session, &regex));
    (**hits, *selected) = (found.unwrap_or_default(), 0);
}

/// Asks for a search through the bodies, unless that was done; gives up the one that nobody waits for.
pub(super) fn wanted(model: &mut Model) -> Option<Effect> {
    let (number, goes_on) = model.finding;
    let open = match below_help(&mut model.overlay) {
        Some(Overlay::Find { input, hits, .. }) if !input.text().is_empty() => Some((input, hits)),
        Some(_) | None => None,
    };
    let (Some((input, hits)), Some(session)) = (open, &model.session) else {
        model.finding = (number, false);
        return goes_on.then(|| Effect::FindInBodies(BodiesSearch::default()));
    };
    if hits.bodies.is_some() {
        return None;
    }
    let bodies = finder::bodies(session);
    let number = number + 1;
    model.finding = (number, true);
    let total = bodies.iter().map(|body| body.2).sum();
    hits.bodies = Some(Progress { number, searched: 0, total, complete: false });
    Some(Effect::FindInBodies(BodiesSearch { number, pattern: input.text().to_owned(), bodies }))
}

/// Takes in what was found in bodies.
pub(super) fn found(model: &mut Model, found: BodiesFound) -> Vec<Effect> {
    if let Some(Overlay::Find { hits, selected, .. }) = below_help(&mut model.overlay)
        && hits.bodies.is_some_and(|asked| asked.number == found.progress.number)
    {
        model.finding.1 = !found.progress.complete;
        *selected = hits.take(found, *selected);
    }
    Vec::new()
}

/// What is open, or what the help was opened over.
fn below_help(overlay: &mut Option<Overlay>) -> Option<&mut Overlay> {
    match overlay {
        Some(Overlay::Help { over: Some(over), .. }) => Some(over),
        other => other.as_mut(),
    }
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
