//! Probes: what was asked beside the chain, and what came back, without bodies.

use serde_json::{Value, json};

use super::super::super::chain::Chain;
use super::super::super::http::head::ResponseHead;
use super::super::super::probe::Probe;
use super::{error, message};

/// All probes, in the order they were sent.
pub(in super::super) fn probes(chain: &Chain) -> Value {
    chain.probes.iter().map(probe).collect()
}

fn probe(of: &Probe) -> Value {
    let (kind, name) = of.kind.id();
    let sent = of.exchange.sent.as_ref();
    json!({
        "hop": of.hop,
        "kind": kind,
        "name": name,
        "request": {
            "method": of.request.method.as_str(),
            "url": of.request.display_url(),
            "headers": message::headers(sent.map_or(&of.request.fields, |sent| &sent.fields)),
        },
        "response": of.exchange.response.as_ref().map(response),
        "error": of.exchange.failure.as_ref().map(error),
    })
}

fn response(of: &ResponseHead) -> Value {
    json!({ "status": of.status, "reason": of.reason, "headers": message::headers(&of.fields) })
}
