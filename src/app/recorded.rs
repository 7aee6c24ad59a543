//! Chains that were run elsewhere or earlier, put on the screen as runs.

use crate::domain::chain::Chain;

use super::model::{Form, Model, Overlay, RunOrigin, Session};
use super::pane::Focus;

/// One chain, and when it was run: seconds since the Unix epoch.
pub type Played = (Chain, i64);

/// Adds these chains as runs, shows the first of them, and lists them where there are several.
pub fn put(model: &mut Model, chains: Vec<Played>) {
    let several = chains.len() > 1;
    model.others.extend(model.session.take());
    let before = model.others.len();
    for (chain, started_at) in chains {
        let number = model.others.len() + 1;
        let mut session = Session::new(number, RunOrigin::Recorded, chain);
        (session.started_at, session.following) = (started_at, false);
        session.judge();
        model.others.push(session);
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

/// Running it again asks for what was recorded.
pub(super) fn take_request(model: &mut Model, session: &Session) {
    if session.origin != RunOrigin::Recorded {
        return;
    }
    let chain = &session.chain;
    model.form = Form::of(chain.draft.clone());
    model.client.clone_from(&chain.client.name);
    model.limits = chain.limits;
}
