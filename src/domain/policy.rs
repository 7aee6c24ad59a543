//! Policy: what the user says about judging: budgets, severities, hosts that are trusted.

use std::collections::BTreeMap;
use std::time::Duration;

use url::Url;

use super::finding::Severity;
use super::http::origin::Origin;

/// The user's word on judging. The default is that of the catalogue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Policy {
    /// Redirects that a chain may have before `chain-too-long` speaks.
    pub redirects: usize,
    /// The same for login and consent hops, which are counted apart.
    pub login_redirects: usize,
    /// A redirect that takes longer may be called slow.
    pub slow_hop: Duration,
    /// The sites a chain may visit; `None`: any.
    pub allowed_sites: Option<Vec<String>>,
    /// Hosts (with all their subdomains) that may get credentials and bodies of others.
    pub trusted: Vec<String>,
    /// Severity per rule; `None` switches the rule off.
    pub severities: BTreeMap<String, Option<Severity>>,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            redirects: 3,
            login_redirects: 8,
            slow_hop: Duration::from_secs(1),
            allowed_sites: None,
            trusted: Vec::new(),
            severities: BTreeMap::new(),
        }
    }
}

impl Policy {
    /// The host, or a domain above it, is trusted.
    pub fn trusts(&self, url: &Url) -> bool {
        let host = Origin::of(url).host;
        self.trusted.iter().any(|trusted| {
            host.strip_suffix(trusted.as_str())
                .is_some_and(|before| before.is_empty() || before.ends_with('.'))
        })
    }
}
