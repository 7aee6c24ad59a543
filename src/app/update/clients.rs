//! The clients pane under the keys: the client under the cursor, and stepping as it.

use crate::app::effect::Effect;
use crate::app::layout::Layout;
use crate::app::model::{Model, RunOrigin};
use crate::app::page::{self, Role, clients, matrix};
use crate::app::pane::{Focus, Pane};

use super::{navigate, run};

/// Whether the pane takes the arrows.
pub(super) fn has_keys(model: &Model) -> bool {
    model.focus == Focus::Pane
        && model.panes.open == Pane::Clients
        && model.session.as_ref().is_some_and(|session| clients::hop(session).is_some())
}

/// The first client of the group above (-1) or below.
pub(super) fn vertical(model: &mut Model, step: isize) {
    let rows = rows(model);
    let Some((row, _)) = place(model, &rows) else { return };
    let row = row.saturating_add_signed(step).min(rows.len().saturating_sub(1));
    if let Some(name) = rows.get(row).and_then(|row| row.first()) {
        choose(model, name.clone());
    }
}

/// The client before (-1) or after, across groups.
pub(super) fn sideways(model: &mut Model, step: isize) {
    let rows = rows(model);
    let Some((row, column)) = place(model, &rows) else { return };
    let before: usize = rows.iter().take(row).map(Vec::len).sum();
    let all: Vec<String> = rows.into_iter().flatten().collect();
    let at = (before + column).saturating_add_signed(step).min(all.len().saturating_sub(1));
    if let Some(name) = all.get(at) {
        choose(model, name.clone());
    }
}

/// Lets the client under the cursor decide after the selected hop, and sends what it sends. After an earlier hop this is
/// a new run that begins with the same hops.
pub(super) fn step(model: &mut Model) -> Vec<Effect> {
    let Some(session) = &model.session else { return Vec::new() };
    let Some(hop) = clients::hop(session).map(|hop| hop.index) else { return Vec::new() };
    let name = clients::chosen(model, session).name;
    let Some(client) = model.client_named(&name) else { return Vec::new() };
    let mut effects = Vec::new();
    if hop < session.chain.hops.len() || session.pending().is_some() {
        let origin = RunOrigin::SteppedAs { run: session.number, hop };
        let Some(chain) = session.chain.fork(hop, client, model.now) else { return effects };
        effects = run::begin_from(model, origin, chain);
        model.client = name;
    } else {
        run::choose_client(model, name);
    }
    model.focus = Focus::Pane;
    model.panes.clients.chosen = None;
    let goes_on = model.session.as_ref().is_some_and(|session| session.chain.ready().is_some());
    if goes_on {
        effects.extend(run::step(model));
    }
    effects
}

fn choose(model: &mut Model, name: String) {
    model.panes.clients.chosen = Some(name);
    let width = Layout::of(model).pane_inner().width;
    let lines = page::lines(model, Pane::Clients, width);
    let chosen = |line: &page::Line| line.spans.iter().any(|span| span.role == Role::Chosen);
    if let Some(at) = lines.iter().position(chosen) {
        navigate::show_line(model, at as u64);
    }
}

/// The names as they stand in the pane: a row a group, or a row a client.
fn rows(model: &Model) -> Vec<Vec<String>> {
    let Some(session) = &model.session else { return Vec::new() };
    let Some(hop) = clients::hop(session) else { return Vec::new() };
    match model.panes.clients.whole {
        true => matrix::order(model, session).into_iter().map(|name| vec![name]).collect(),
        false => {
            let groups = clients::groups(model, session, hop);
            groups.into_iter().map(|group| group.clients).collect()
        }
    }
}

fn place(model: &Model, rows: &[Vec<String>]) -> Option<(usize, usize)> {
    let name = clients::chosen(model, model.session.as_ref()?).name;
    rows.iter()
        .enumerate()
        .find_map(|(row, names)| Some((row, names.iter().position(|known| *known == name)?)))
}
