//! What the engine reports: phases, heads, body bytes, complete records.

use crate::app::effect::Effect;
use crate::app::message::{FetchEvent, FetchId};
use crate::app::model::{Mode, Model, Session};
use crate::domain::chain::Verdict;
use crate::domain::classify::diagnosis::judged;
use crate::domain::evidence::Aside;
use crate::domain::http::exchange::Exchange;
use crate::domain::rules;

use super::{probe, run};

/// A chain longer than this is diagnosed when it ends: no step waits for it.
const DIAGNOSED: usize = 40;

/// **Invariant:** a reply to a fetch that is not under way changes nothing.
pub(super) fn update(model: &mut Model, id: FetchId, event: FetchEvent) -> Vec<Effect> {
    if let Some(other) = model.others.iter_mut().find(|run| run.has_flight(id)) {
        late(other, id, event);
        return Vec::new();
    }
    if let Some(effects) = probe::heard(model, id, &event) {
        return effects;
    }
    let Some(session) = &mut model.session else { return Vec::new() };
    let Some(at) = session.flights.iter().position(|flight| flight.id == id) else {
        return Vec::new();
    };
    let flight = &mut session.flights[at];
    match event {
        FetchEvent::Phase(phase) => flight.phase = phase,
        FetchEvent::Body { received, total } => {
            (flight.received, flight.total) = (received, total.or(flight.total));
            if let Some(hop) = session.chain.hops.get_mut(flight.hop - 1) {
                hop.exchange.body.size = received;
            }
        }
        FetchEvent::Head { exchange, now } => return head(model, at, exchange, now),
        FetchEvent::Done { exchange, now } => return done(model, at, exchange, now),
    }
    Vec::new()
}

fn head(model: &mut Model, at: usize, exchange: Box<Exchange>, now: i64) -> Vec<Effect> {
    let Some(session) = &mut model.session else { return Vec::new() };
    let flight = &mut session.flights[at];
    if std::mem::replace(&mut flight.head, true) {
        return Vec::new();
    }
    // until the first bytes are counted
    let announced = exchange.fields().text("Content-Length");
    flight.total = flight.total.or(announced.and_then(|length| length.trim().parse().ok()));
    session.receive(exchange, now);
    model.now = now;
    arrived(model)
}

fn done(model: &mut Model, at: usize, exchange: Box<Exchange>, now: i64) -> Vec<Effect> {
    let Some(session) = &mut model.session else { return Vec::new() };
    if session.land(at, exchange, now) {
        session.judge();
        return Vec::new();
    }
    model.now = now;
    arrived(model)
}

/// A reply to a run that is no longer on the screen: recorded, and nothing more is sent.
fn late(run: &mut Session, id: FetchId, event: FetchEvent) {
    let FetchEvent::Done { exchange, now } = event else { return };
    let Some(at) = run.flights.iter().position(|flight| flight.id == id) else { return };
    run.land(at, exchange, now);
    run.judge();
}

/// A new hop stands in the chain: judge it, and go on if the run continues.
fn arrived(model: &mut Model) -> Vec<Effect> {
    let Some(session) = &mut model.session else { return Vec::new() };
    session.judge();
    if session.following {
        session.selected = session.chain.hops.len().saturating_sub(1);
        model.panes.scroll = Default::default();
        model.panes.column = 0;
    }
    let follows = session.chain.hops.last().is_some_and(|hop| hop.verdict == Verdict::Follow);
    if session.mode == Mode::Continuing && follows && !run::halts(model) {
        return run::advance(model, false);
    }
    run::show_parting(model);
    Vec::new()
}

impl Session {
    fn has_flight(&self, id: FetchId) -> bool {
        self.flights.iter().any(|flight| flight.id == id)
    }

    /// The complete record of a flight; whether its head had been taken in before.
    fn land(&mut self, at: usize, exchange: Box<Exchange>, now: i64) -> bool {
        let flight = self.flights.remove(at);
        match flight.head {
            true => self.chain.amend(flight.hop, exchange),
            false => self.receive(exchange, now),
        }
        flight.head
    }

    fn receive(&mut self, exchange: Box<Exchange>, now: i64) {
        if self.started_at == 0 {
            self.started_at = now;
        }
        self.chain.receive(exchange, now);
    }

    /// Lets the rules look at the chain anew.
    pub(crate) fn judge(&mut self) {
        self.offer = self.chain.offer().map(Box::new);
        let explained = self.chain.hops.len() <= DIAGNOSED || self.chain.ending().is_some();
        let policy = self.chain.limits.policy();
        let aside = Aside { policy, baseline: None };
        if !explained || self.chain.hops.is_empty() {
            (self.findings, self.diagnosis) = (rules::judge_with(&self.chain, aside), None);
            return;
        }
        let (findings, diagnosis) = judged(&self.chain, aside);
        (self.findings, self.diagnosis) = (findings, Some(diagnosis));
    }
}
