//! Baseline: how a chain went the last time, to tell what changed since.

use url::Url;

use super::chain::Chain;

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
}

/// The URL without the values of volatile parameters and without fragment.
pub fn steady(url: &Url) -> String {
    let before = &url[..url::Position::AfterPath];
    let Some(query) = url.query() else { return before.to_owned() };
    let parts: Vec<&str> = query
        .split('&')
        .map(|part| {
            let name = part.split('=').next().unwrap_or(part);
            if VOLATILE.iter().any(|known| name.eq_ignore_ascii_case(known)) { name } else { part }
        })
        .collect();
    format!("{before}?{}", parts.join("&"))
}
