//! Probes of a hop: announced, sent one after the other on a yes, their answers kept beside the chain.
//!
//! Promises: nothing is sent before a `y`; an answer is never followed and its cookies are not kept; Escape stops them.

use crate::app::effect::Effect;
use crate::app::message::{FetchEvent, FetchId};
use crate::app::model::{Model, Overlay, Probing, Session};
use crate::app::pane::Pane;
use crate::domain::http::exchange::Exchange;
use crate::domain::probe::{self, ProbePlan};

/// Says what would be sent to probe the selected hop.
pub(super) fn announce(model: &mut Model) -> Vec<Effect> {
    let Some(session) = &model.session else { return Vec::new() };
    let hops = &session.chain.hops;
    let Some(hop) = hops.get(session.selected).or_else(|| hops.last()) else { return Vec::new() };
    let plans = probe::plans(hop);
    if session.probing.is_some() {
        model.say(format!("probes are under way; {} stops them", model.keys.back));
    } else if plans.is_empty() {
        model.say("only answered GET and HEAD without a body are probed");
    } else {
        model.overlay = Some(Overlay::Probe { plans, scroll: 0 });
    }
    Vec::new()
}

/// Sends what was announced.
pub(super) fn agreed(model: &mut Model, mut plans: Vec<ProbePlan>) -> Vec<Effect> {
    let all = plans.len();
    plans.reverse();
    let Some(session) = &mut model.session else { return Vec::new() };
    if let Some(first) = plans.first() {
        let hop = first.hop;
        session.chain.probes.retain(|probe| probe.hop != hop);
    }
    next(model, plans, all)
}

/// An event of the probe under way; `None` where it is another fetch's.
pub(super) fn heard(model: &mut Model, id: FetchId, event: &FetchEvent) -> Option<Vec<Effect>> {
    let session = model.session.as_mut()?;
    session.probing.as_ref().filter(|probing| probing.id == id)?;
    let (exchange, mut effects) = match event {
        FetchEvent::Phase(_) | FetchEvent::Body { .. } => return Some(Vec::new()),
        // the head says it all: its body is not waited for
        FetchEvent::Head { exchange, .. } => (exchange, vec![Effect::Cancel(id)]),
        FetchEvent::Done { exchange, .. } => (exchange, Vec::new()),
    };
    let probing = *session.probing.take()?;
    keep(session, &probing.plan, exchange);
    effects.extend(next(model, probing.left, probing.all));
    Some(effects)
}

/// Stops the probes; what was answered stays.
pub(super) fn cancel(session: &mut Session) -> Option<Effect> {
    let probing = session.probing.take()?;
    Some(Effect::Cancel(probing.id))
}

fn keep(session: &mut Session, plan: &ProbePlan, exchange: &Exchange) {
    session.chain.probes.push(plan.answered(exchange.clone()));
}

/// Sends the next one, or says what they came to.
fn next(model: &mut Model, mut left: Vec<ProbePlan>, all: usize) -> Vec<Effect> {
    let Some(plan) = left.pop() else { return finish(model, all) };
    let Some(session) = &mut model.session else { return Vec::new() };
    let id = model.next_fetch;
    model.next_fetch = FetchId(id.0 + 1);
    let text = format!("probe {} of {all}: {}", all - left.len(), plan.says);
    let request = Box::new(plan.request.clone());
    session.probing = Some(Box::new(Probing { id, plan, left, all }));
    model.say(text);
    vec![Effect::Fetch { id, request, fresh: false }]
}

fn finish(model: &mut Model, all: usize) -> Vec<Effect> {
    let Some(session) = &mut model.session else { return Vec::new() };
    let before = session.findings.clone();
    session.judge();
    let new = session.findings.iter().filter(|finding| !before.contains(finding)).count();
    let findings = model.keys.pane(Pane::Findings);
    let found = match new {
        0 => "nothing new was found".to_owned(),
        1 => format!("1 new finding: {findings} shows it"),
        new => format!("{new} new findings: {findings} shows them"),
    };
    model.say(format!("{all} probes sent; {found}"));
    Vec::new()
}
