//! Policy: what the user says about judging: budgets, severities, hosts that are trusted.

use std::collections::BTreeMap;
use std::time::Duration;

use url::Url;

use super::chain::Chain;
use super::classify::glob;
use super::finding::{Finding, Severity};
use super::http::origin::Origin;
use super::http::request::display_url;
use super::secret::Names;

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
    /// Names that the user calls secret.
    pub secrets: Names,
    /// Findings that are known and accepted.
    pub suppressions: Vec<Suppression>,
}

/// Findings of one rule at some URLs that are not shown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suppression {
    pub rule: String,
    /// `*` stands for anything.
    pub url: String,
    pub reason: String,
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
            secrets: Names::default(),
            suppressions: Vec::new(),
        }
    }
}

impl Policy {
    /// The finding is known and accepted: at the URL of its hop, or of any hop for the chain's own.
    pub fn suppresses(&self, finding: &Finding, chain: &Chain) -> bool {
        let at = |suppression: &Suppression| {
            chain.hops.iter().filter(|hop| finding.hop.is_none_or(|index| index == hop.index)).any(
                |hop| glob::matches(&suppression.url, display_url(&hop.request.url).as_bytes()),
            )
        };
        self.suppressions.iter().any(|known| known.rule == finding.rule && at(known))
    }

    /// The host, or a domain above it, is trusted.
    pub fn trusts(&self, url: &Url) -> bool {
        let host = Origin::of(url).host;
        self.trusted.iter().any(|trusted| {
            host.strip_suffix(trusted.as_str())
                .is_some_and(|before| before.is_empty() || before.ends_with('.'))
        })
    }
}
