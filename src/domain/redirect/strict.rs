//! Strictness: faults of a response for which a client does not follow it.

use crate::domain::client::Client;
use crate::domain::http::exchange::Exchange;
use crate::domain::http::failure::FailureKind;
use crate::domain::http::head::DeviationKind;

use super::{Halt, StopReason};

/// Whether it matters to the client that the body of a redirect is whole.
pub(super) fn minds_body(client: &Client) -> bool {
    client.strictness.refuses_short_body || client.strictness.refuses_bad_coding
}

/// Stops where the client would have given up on this response.
pub(super) fn check(exchange: &Exchange, client: &Client) -> Result<(), Halt> {
    let rules = &client.strictness;
    let deviates = |kind: DeviationKind| {
        exchange.response.iter().flat_map(|head| &head.deviations).any(|found| found.kind == kind)
    };
    let broken = exchange.failure.as_ref().is_some_and(|failure| failure.kind == FailureKind::Body);
    let coded = !exchange.body.encodings.is_empty();
    let refused = (rules.refuses_no_colon && deviates(DeviationKind::NoColon))
        || (rules.refuses_bare_lf && deviates(DeviationKind::BareLf))
        || (rules.refuses_short_body && broken && !coded)
        || (rules.refuses_bad_coding && broken && coded);
    if refused { Err(Halt::Stop(StopReason::RefusedByClient)) } else { Ok(()) }
}
