//! The verdict in documents: causes, status advice, what goes round, and the one redirect that would do.

use serde_json::{Value, json};

use super::super::super::classify::diagnosis::{
    Cause, Circle, Diagnosis, Remedy, Shortcut, StatusAdvice,
};
use super::super::super::client::parting::Parting;

/// Causes over the whole chain, most likely first.
pub(in super::super) fn causes(diagnosis: &Diagnosis) -> Value {
    diagnosis.causes.iter().map(cause).collect()
}

/// What is said of the whole chain beside its causes: `null` where it does not apply.
pub(in super::super) fn summary(diagnosis: &Diagnosis) -> Value {
    json!({
        "sentence": diagnosis.sentence,
        "loop": diagnosis.circle.as_ref().map(circle),
        "shortcut": diagnosis.shortcut.as_ref().map(shortcut),
        "partings": diagnosis.partings.iter().map(parting).collect::<Vec<_>>(),
    })
}

fn parting(of: &Parting) -> Value {
    let sides = of.sides.iter();
    let sides: Vec<Value> =
        sides.map(|side| json!({ "does": side.does, "clients": side.clients })).collect();
    json!({ "hop": of.hop, "last": of.last, "on": of.on.words(), "sides": sides })
}

/// What is said about the status of a redirect.
pub(super) fn status(of: &StatusAdvice) -> Value {
    json!({ "fit": of.fit.id(), "better": of.better, "reason": of.sentence })
}

/// Where a fix is made, and how it is said there.
pub(super) fn remedy(of: &Remedy) -> Value {
    json!({ "place": of.place, "example": of.example })
}

fn cause(of: &Cause) -> Value {
    json!({
        "cause": of.text,
        "likelihood": of.likelihood.id(),
        "fix": of.fix,
        "effort": of.effort.id(),
        "evidence": of.evidence,
        "rule": of.rule,
        "hop": of.hop,
        "remedy": remedy(&of.remedy),
    })
}

fn circle(of: &Circle) -> Value {
    let breaks = of.breaks.iter();
    let breaks: Vec<Value> =
        breaks.map(|of| json!({ "change": of.text, "remedy": remedy(&of.remedy) })).collect();
    json!({ "first": of.entry, "last": of.last, "sentence": of.sentence, "breaks": breaks })
}

fn shortcut(of: &Shortcut) -> Value {
    json!({
        "first": of.first,
        "last": of.last,
        "from": of.from,
        "to": of.to,
        "status": of.status,
        "remedy": remedy(&of.remedy),
    })
}
