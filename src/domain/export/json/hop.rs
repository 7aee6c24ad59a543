//! One hop of the document.

use serde_json::{Value, json};

use super::super::super::chain::{Chain, Hop, State, Verdict};
use super::super::super::classify::diagnosis::Diagnosis;
use super::super::super::classify::intent::Intent;
use super::super::super::classify::issuer::Issuer;
use super::super::super::cookie::{CookieLog, CookieNote, StoreEffect};
use super::super::super::http::failure::Failure;
use super::super::super::http::field::decode;
use super::super::super::redirect::Change;
use super::super::super::soft::soft;
use super::super::Record;
use super::{diagnosis, finding, message};

/// One hop, with the findings known so far.
pub(in super::super) fn hop(record: &Record<'_>, of: &Hop, verdict: &Diagnosis) -> Value {
    let nature = of.index.checked_sub(1).and_then(|at| verdict.hops.get(at));
    let intent = nature.and_then(|nature| nature.intent.as_ref());
    let issued = nature.and_then(|nature| nature.issuer.as_ref());
    json!({
        "index": of.index,
        "edited": of.edited,
        "client": of.client,
        "request": message::request(record, of),
        "response": message::response(record, of),
        "informational": message::informational(of),
        "connection": message::connection(&of.exchange.connection),
        "timing": message::timing(&of.exchange.timing),
        "cookies": cookies(&of.cookies),
        "redirect": redirect(record.chain, of),
        "soft_redirect": soft_redirect(record.chain, of),
        "intent": intent.map(purpose),
        "issuer": issued.map(issuer),
        "status_advice": verdict.status_of(of.index).map(diagnosis::status),
        "error": of.exchange.failure.as_ref().map(error),
        "notes": of.exchange.notes,
        "findings": finding::findings(record, Some(of.index), verdict),
    })
}

fn purpose(of: &Intent) -> Value {
    json!({ "id": of.kind.id(), "confidence": of.confidence.id(), "evidence": of.evidence })
}

fn issuer(of: &Issuer) -> Value {
    json!({
        "id": of.row.id,
        "name": of.row.name,
        "layer": of.row.layer,
        "confidence": of.confidence.id(),
        "evidence": of.evidence,
    })
}

fn cookies(log: &CookieLog) -> Value {
    let note = |of: &CookieNote| json!({ "name": of.name, "reason": of.reason });
    let sent: Vec<Value> =
        log.sent.iter().map(|of| json!({ "name": of.name, "value": of.value })).collect();
    let stored: Vec<Value> = log
        .stored
        .iter()
        .map(|of| json!({ "name": of.name, "effect": effect(of.effect) }))
        .collect();
    json!({
        "sent": sent,
        "withheld": log.withheld.iter().map(note).collect::<Vec<_>>(),
        "stored": stored,
        "rejected": log.rejected.iter().map(note).collect::<Vec<_>>(),
    })
}

fn effect(of: StoreEffect) -> &'static str {
    match of {
        StoreEffect::New => "new",
        StoreEffect::Replaced => "replaced",
        StoreEffect::Deleted => "deleted",
    }
}

/// What the client did with the response; `null` where there is nothing to follow.
fn redirect(chain: &Chain, of: &Hop) -> Value {
    let (action, reason) = match of.verdict {
        Verdict::Follow => ("follow", None),
        Verdict::Stop(reason) => ("stop", Some(reason.id())),
        Verdict::Final | Verdict::Failed => return Value::Null,
    };
    let target = of.resolution.as_ref().and_then(|resolution| resolution.target.as_ref());
    json!({
        "location": of.location().map(decode),
        "target": target.map(url::Url::as_str),
        "action": action,
        "stop_reason": reason,
        "changes": changes_after(chain, of.index).iter().map(change).collect::<Vec<_>>(),
    })
}

/// Where a final page itself leads browsers, and whether that was followed.
fn soft_redirect(chain: &Chain, of: &Hop) -> Value {
    let Some(soft) = soft(of).filter(|_| of.verdict == Verdict::Final) else { return Value::Null };
    json!({
        "kind": soft.kind.id(),
        "seconds": soft.seconds,
        "method": soft.method.as_str(),
        "url": soft.url.as_str(),
        "followed": chain.hops.get(of.index).is_some_and(|next| next.soft.is_some()),
    })
}

/// The differences between a hop's request and the next one, sent or only planned.
fn changes_after(chain: &Chain, hop: usize) -> &[Change] {
    match (chain.hops.get(hop), &chain.state) {
        (Some(next), _) => &next.changes,
        (None, State::Ready(planned) | State::InFlight(planned)) => &planned.changes,
        (None, State::Ended(_)) => &[],
    }
}

fn change(of: &Change) -> Value {
    match of {
        Change::Method { from, to } => json!({ "kind": "method", "from": from, "to": to }),
        Change::BodyDropped { size } => json!({ "kind": "body-dropped", "size": size }),
        Change::HeaderRemoved { name } => json!({ "kind": "header-removed", "name": name }),
        Change::HeaderAdded { name } => json!({ "kind": "header-added", "name": name }),
        Change::HeaderChanged { name } => json!({ "kind": "header-changed", "name": name }),
    }
}

pub(in super::super) fn error(of: &Failure) -> Value {
    json!({
        "kind": of.kind.id(),
        "phase": of.phase.id(),
        "message": of.message,
        "cause": of.cause,
        "hint": of.hint,
    })
}
