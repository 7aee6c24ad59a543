//! Chains that were run elsewhere or earlier, put on the screen as runs.

use crate::domain::chain::Chain;
use crate::domain::comparison::compare_across;

use super::model::{Form, Model, Overlay, RunOrigin, Session};
use super::pane::Focus;

/// One chain, and when it was run: seconds since the Unix epoch.
pub type Played = (Chain, i64);

/// Adds these chains as runs, shows the first of them, and lists them where there are several.
pub fn put(model: &mut Model, chains: Vec<Played>) {
    let several = chains.len() > 1;
    model.others.extend(model.session.take());
    let before = model.others.len();
    for played in chains {
        add(model, RunOrigin::Recorded, played);
    }
    if before >= model.others.len() {
        model.session = model.others.pop();
        return;
    }
    let first = model.others.remove(before);
    take_request(model, &first);
    model.session = Some(first);
    model.focus = Focus::Chain;
    model.panes.scroll = Default::default();
    model.panes.body = Default::default();
    model.overlay = several.then_some(Overlay::Runs { selected: before });
}

/// Puts these chains side by side: the first, and the first of the others that parts from it.
pub fn put_beside(model: &mut Model, chains: Vec<(String, Played)>) {
    for (label, played) in chains {
        add(model, RunOrigin::Compared, played).label = Some(label);
    }
    let Some((first, others)) = model.others.split_first() else { return };
    let parts = |run: &Session| compare_across(&first.chain, &run.chain, &model.given.hosts);
    let shown = others.iter().position(|run| parts(run).parted.is_some()).unwrap_or(0);
    let with = first.number;
    if others.is_empty() {
        model.session = model.others.pop();
    } else {
        let session = model.others.remove(shown + 1);
        take_request(model, &session);
        model.session = Some(session);
        model.overlay = Some(Overlay::Compare { with, scroll: 0 });
    }
    model.focus = Focus::Chain;
}

fn add(model: &mut Model, origin: RunOrigin, (mut chain, started_at): Played) -> &mut Session {
    chain.limits.policy = chain.limits.policy.or(model.limits.policy);
    let at = model.others.len();
    let mut session = Session::new(at + 1, origin, chain);
    (session.started_at, session.following) = (started_at, false);
    session.judge();
    model.others.push(session);
    &mut model.others[at]
}

/// Running it again asks for what was recorded.
pub(super) fn take_request(model: &mut Model, session: &Session) {
    if !matches!(session.origin, RunOrigin::Recorded | RunOrigin::Compared) {
        return;
    }
    let chain = &session.chain;
    model.forget_pasted();
    model.form = Form::of(chain.draft.clone());
    model.client.clone_from(&chain.client.name);
    model.limits = chain.limits;
}
