//! Parting: the hops of a chain at which clients part ways on something that matters.
//!
//! Looked for only where something can be lost: a method other than GET and HEAD, a body, credentials, or a `Location` that
//! is not read alike by all. Cookies a jar would add are left to the comparison of one hop: half the clients have no jar.

use crate::domain::chain::{Chain, Hop};

use super::Client;
use super::comparison::{Disagreement, after, disagreement};

/// A hop after which clients do different things.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parting {
    /// From 1.
    pub hop: usize,
    pub on: Disagreement,
}

impl Parting {
    /// What differs after which hop, in a sentence without a full stop.
    pub fn sentence(&self) -> String {
        format!(
            "what follows hop {} depends on the client: {}",
            self.hop,
            self.on.words().join(", ")
        )
    }
}

/// Hops of one chain that are compared: the first ones.
const COMPARED: usize = 20;

/// Fields that are lost or leaked.
const CREDENTIALS: [&str; 3] = ["Authorization", "Cookie", "Proxy-Authorization"];

/// Where the clients of the table would part on data, credentials or destination, in the order of the hops.
pub fn partings(chain: &Chain) -> Vec<Parting> {
    let hops = chain.hops.iter().take(COMPARED).filter(|hop| is_at_stake(hop));
    hops.filter_map(|hop| parting(chain, hop)).collect()
}

fn parting(chain: &Chain, hop: &Hop) -> Option<Parting> {
    // a jar drops what has expired when it is stored, so that the clock does not count here
    let mut on = disagreement(&after(chain, hop.index, Client::all(), 0));
    on.credentials &= carries_credentials(hop);
    on.matters().then_some(Parting { hop: hop.index, on })
}

/// Whether clients can differ in more than cookies after this hop.
fn is_at_stake(hop: &Hop) -> bool {
    let redirects = hop.exchange.status().is_some_and(|status| (300..400).contains(&status));
    let Some(location) = hop.exchange.fields().all("Location").next() else { return false };
    let plain = matches!(hop.request.method.as_str(), "GET" | "HEAD");
    let odd = |byte: &u8| !byte.is_ascii_alphanumeric() && !b"-._~:/?&=,+".contains(byte);
    redirects
        && (!plain
            || hop.request.body_len() > 0
            || carries_credentials(hop)
            || location.value.iter().any(odd))
}

fn carries_credentials(hop: &Hop) -> bool {
    CREDENTIALS.iter().any(|name| hop.request.fields.contains(name))
}
