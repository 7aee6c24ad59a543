//! Baseline: how a chain went the last time, to tell what changed since (`chain-drift-from-baseline`).
//!
//! It comes from a chain ([`Baseline::of`]) or from a stored trace document, JSON or NDJSON ([`Baseline::read`]). To compare:
//!
//! ```text
//! let baseline = Baseline::read(&text)?;                       // what `hopstep trace --format json` wrote
//! let aside = Aside { baseline: Some(&baseline), ..aside };    // beside policy and probes
//! let findings = rules::judge_with(&chain, aside);
//! ```
//!
//! Both ways give the same baseline for the same chain, but for a Location that is not UTF-8, whose bytes a document does not keep apart.

use std::fmt;

use serde_json::Value;
use url::Url;

use super::chain::Chain;
use super::client::REDIRECTS;
use super::http::request::display_url;
use super::redirect::location;

/// What is remembered of a chain.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Baseline {
    /// Status and target of each hop; no target where a hop is no redirect. Volatile parameters are left out.
    pub hops: Vec<(u16, Option<String>)>,
}

/// Parameters whose values differ from run to run.
const VOLATILE: [&str; 15] = [
    "state",
    "nonce",
    "code_challenge",
    "code",
    "ts",
    "sig",
    "signature",
    "expires",
    "x-amz-date",
    "x-amz-signature",
    "x-amz-security-token",
    "cb",
    "rnd",
    "ticket",
    "samlrequest",
];

impl Baseline {
    pub fn of(chain: &Chain) -> Baseline {
        let hops = chain.hops.iter().map(|hop| {
            let target = hop.resolution.as_ref().and_then(|resolution| resolution.whatwg.as_ref());
            (hop.status().unwrap_or_default(), target.map(steady))
        });
        Baseline { hops: hops.collect() }
    }

    /// What a stored trace says, be it one JSON document or NDJSON with a `hop` a line.
    pub fn read(text: &str) -> Result<Baseline, Fault> {
        if let Ok(document) = serde_json::from_str::<Value>(text)
            && document.get("hops").is_some()
        {
            return Baseline::from_document(&document);
        }
        let mut hops = Vec::new();
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let value: Value =
                serde_json::from_str(line).map_err(|_| Fault::NoJson { line: at + 1 })?;
            match value.get("type").and_then(Value::as_str) {
                Some("hop") => hops.push(value),
                Some(_) => {}
                None => return Err(Fault::NoTrace),
            }
        }
        hops_of(&hops)
    }

    /// What a trace document (`hopstep.trace/1`) says.
    pub fn from_document(document: &Value) -> Result<Baseline, Fault> {
        hops_of(document.get("hops").and_then(Value::as_array).ok_or(Fault::NoTrace)?)
    }
}

/// Why a text is no baseline.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// A line (from 1) that is no JSON.
    NoJson { line: usize },
    /// JSON, but no trace of hopstep's.
    NoTrace,
    /// The trace has no hop.
    NoHops,
    /// A hop (from 1) without the URL of its request.
    NoUrl { hop: usize },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::NoJson { line } => write!(f, "line {line} is no JSON"),
            Fault::NoTrace => write!(f, "not a trace: no \"hops\" and no lines of type \"hop\""),
            Fault::NoHops => write!(f, "the trace has no hops"),
            Fault::NoUrl { hop } => write!(f, "hop {hop} has no request.url"),
        }
    }
}

impl std::error::Error for Fault {}

fn hops_of(hops: &[Value]) -> Result<Baseline, Fault> {
    if hops.is_empty() {
        return Err(Fault::NoHops);
    }
    let hops = hops.iter().enumerate().map(|(at, hop)| stored_hop(hop, at + 1));
    Ok(Baseline { hops: hops.collect::<Result<_, _>>()? })
}

/// Status and target of a hop, the target made from the Location anew, so that it does not depend on the client of the trace.
fn stored_hop(hop: &Value, index: usize) -> Result<(u16, Option<String>), Fault> {
    let url = hop.pointer("/request/url").and_then(Value::as_str);
    let base = url.and_then(|url| Url::parse(url).ok()).ok_or(Fault::NoUrl { hop: index })?;
    let status = hop.pointer("/response/status").and_then(Value::as_u64);
    let status = status.and_then(|status| u16::try_from(status).ok()).unwrap_or_default();
    let lines = hop.pointer("/response/headers").and_then(Value::as_array);
    let location = lines.into_iter().flatten().find_map(|line| {
        let name = line.get(0)?.as_str()?;
        name.eq_ignore_ascii_case("Location").then(|| line.get(1)?.as_str())?
    });
    let target = location.filter(|_| REDIRECTS.contains(&status));
    let target = target.and_then(|value| location::whatwg(value.as_bytes(), &base));
    Ok((status, target.as_ref().map(steady)))
}

/// Whether a parameter of this name differs from run to run.
pub(crate) fn is_volatile(name: &str) -> bool {
    VOLATILE.iter().any(|known| name.eq_ignore_ascii_case(known))
}

/// The URL without the values of volatile parameters, without fragment and userinfo.
pub fn steady(url: &Url) -> String {
    let whole = display_url(url);
    let Some((before, query)) = whole.split_once('?') else { return whole };
    let parts: Vec<&str> = query
        .split('&')
        .map(|part| {
            let name = part.split('=').next().unwrap_or(part);
            if is_volatile(name) { name } else { part }
        })
        .collect();
    format!("{before}?{}", parts.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r#"{"schema": "hopstep.trace/1", "hops": [
        {"request": {"url": "https://a.test/x"}, "response": {"status": 302, "headers": [["location", "/y?state=1&b=2#f"]]}},
        {"request": {"url": "https://a.test/y"}, "response": {"status": 200, "headers": []}}]}"#;

    #[test]
    fn a_stored_document_gives_statuses_and_steady_targets() {
        let target = "https://a.test/y?state&b=2".to_owned();
        let expected = Baseline { hops: vec![(302, Some(target)), (200, None)] };
        assert_eq!(Baseline::read(DOCUMENT), Ok(expected.clone()));
        let document: Value = serde_json::from_str(DOCUMENT).unwrap();
        let mut lines = "{\"type\": \"start\"}\n".to_owned();
        for hop in document["hops"].as_array().unwrap() {
            let mut hop = hop.clone();
            hop["type"] = "hop".into();
            lines += &format!("{hop}\n");
        }
        assert_eq!(Baseline::read(&lines), Ok(expected));
    }

    #[test]
    fn what_is_no_trace_is_refused_with_the_reason() {
        assert_eq!(Baseline::read("{}"), Err(Fault::NoTrace));
        assert_eq!(Baseline::read(r#"{"hops": []}"#), Err(Fault::NoHops));
        assert_eq!(Baseline::read(r#"{"hops": [{}]}"#), Err(Fault::NoUrl { hop: 1 }));
        assert_eq!(Baseline::read("nonsense"), Err(Fault::NoJson { line: 1 }));
        assert_eq!(Baseline::read(""), Err(Fault::NoHops));
    }
}
