//! A chain in words, as every format for people says it. Nothing here is escaped: each format does that in its own way.

use std::time::Duration;

use super::super::chain::{Chain, Ending, Hop};
use super::super::counted::counted;
use super::super::finding::Severity;
use super::super::http::failure::{Failure, FailureKind};
use super::super::http::origin::Origin;
use super::super::http::percent::escaped;
use super::super::http::request::Request;
use super::super::redirect::{Change, fault};
use super::Record;

/// `GET https://shop.test/old`
pub(super) fn asked(hop: &Hop) -> String {
    format!("{} {}", hop.request.method, hop.request.display_url())
}

/// `302 Found`; empty without a response.
pub(super) fn status(hop: &Hop) -> String {
    let head = hop.exchange.response.as_ref();
    head.map_or_else(String::new, |head| {
        format!("{} {}", head.status, head.reason).trim_end().to_owned()
    })
}

/// `302 Found`, or the kind of the failure.
pub(crate) fn answer(hop: &Hop) -> String {
    match (&hop.exchange.response, &hop.exchange.failure) {
        (Some(_), Some(failure)) => format!("{}, {}", status(hop), failure.kind.id()),
        (None, Some(failure)) => failure.kind.id().to_owned(),
        (_, None) => status(hop),
    }
}

/// How the chain ended: `200 OK`, `stopped: …`, `failed: …`.
pub(crate) fn ending(chain: &Chain) -> String {
    let last = chain.hops.last();
    match chain.ending() {
        Some(Ending::Final) => last.map_or_else(String::new, status),
        Some(Ending::Stopped(reason)) => format!("stopped: {}", fault::stops(reason, last)),
        Some(Ending::Failed(FailureKind::Cancelled)) => "interrupted".to_owned(),
        Some(Ending::Failed(_)) => {
            let failure = last.and_then(|hop| hop.exchange.failure.as_ref());
            format!("failed: {}", failure.map_or("no response", Failure::clause))
        }
        None => "left before its end".to_owned(),
    }
}

/// ` after 2 redirects`; empty when there was none. A failure, which may say itself after how many bytes, is `, at hop 3`.
pub(crate) fn redirects(chain: &Chain) -> String {
    let before = chain.hops.len().saturating_sub(1);
    if before > 0
        && matches!(chain.ending(), Some(Ending::Failed(kind)) if kind != FailureKind::Cancelled)
    {
        return format!(", at hop {}", chain.hops.len());
    }
    match before {
        0 => String::new(),
        n => format!(" after {}", counted(n, "redirect")),
    }
}

/// ` · 1 error · 2 warnings`
pub(super) fn counts(record: &Record<'_>) -> String {
    let count = |severity| record.findings.iter().filter(|of| of.severity == severity).count();
    Severity::ALL
        .iter()
        .map(|&severity| (count(severity), severity.id()))
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!(" · {count} {name}{}", if count == 1 { "" } else { "s" }))
        .collect()
}

/// `3.1 ms`
pub(crate) fn milliseconds(duration: Duration) -> String {
    const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    let micros = duration.as_micros();
    // most are short: no need for the tables of floating point, but where that decides which way to round
    if micros < 9_950 && micros % 100 != 50 {
        let tenths = (micros as usize + 50) / 100;
        return [DIGITS[tenths / 10], ".", DIGITS[tenths % 10], " ms"].concat();
    }
    let ms = micros as f64 / 1000.0;
    if ms < 10.0 { format!("{ms:.1} ms") } else { format!("{ms:.0} ms") }
}

/// `POST → GET`, `− body (41 B)`, `+ Cookie`
pub(super) fn change(of: &Change) -> String {
    match of {
        Change::Method { from, to } => format!("{from} → {to}"),
        Change::BodyDropped { size } => format!("− body ({size} B)"),
        Change::HeaderRemoved { name } => format!("− {name}"),
        Change::HeaderAdded { name } => format!("+ {name}"),
        Change::HeaderChanged { name } => format!("~ {name}"),
    }
}

/// The target URI as RFC 3986 has it: what a client sends beyond it is percent-encoded.
pub(super) fn uri(request: &Request) -> String {
    let mut out = Origin::of(&request.url).to_string();
    let target = request.target();
    for (at, byte) in target.bytes().enumerate() {
        let encoded = escaped(&target.as_bytes()[at..]).is_some();
        match byte.is_ascii_alphanumeric() || encoded || b"-._~!$&'()*+,;=:@/?".contains(&byte) {
            true => out.push(char::from(byte)),
            false => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_are_rounded_as_floats_are() {
        for micros in 0..20_000 {
            let ms = micros as f64 / 1000.0;
            let float = if ms < 10.0 { format!("{ms:.1} ms") } else { format!("{ms:.0} ms") };
            assert_eq!(milliseconds(Duration::from_micros(micros)), float);
        }
        assert_eq!(milliseconds(Duration::MAX), "18446744073709551616000 ms");
    }
}
