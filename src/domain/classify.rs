//! Classify: what a redirect is for, who most likely issued it, what a chain amounts to.

pub mod diagnosis;
pub mod fixes;
pub(super) mod glob;
pub mod intent;
pub mod issuer;
mod shape;
mod table;

pub(crate) use glob::find as find_in_any_case;

use super::chain::{Chain, Hop};
use super::evidence::{Aside, Evidence};
use intent::{Intent, Kind};
use issuer::Issuer;

/// The intent of each hop, in order; `None` where a hop is no redirect.
pub fn intents(chain: &Chain) -> Vec<Option<Intent>> {
    let policy = chain.limits.policy();
    let evidence = Evidence::of(chain, Aside { policy, baseline: None });
    let hops = evidence.hops.into_iter();
    hops.map(|hop| (hop.redirects() || hop.intent.kind != Kind::Unknown).then_some(hop.intent))
        .collect()
}

/// Who most likely answered this hop; `None` where it is no redirection or nobody is recognised.
pub fn issuer(hop: &Hop) -> Option<Issuer> {
    issuer::of(&hop.exchange)
}
