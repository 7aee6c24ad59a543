//! A line of the history: what is known of a recorded chain without its document.

use super::chain::{Chain, Ending};
use super::finding::{Finding, Severity};
use super::http::request::display_url;

/// One recorded chain, without its document.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Entry {
    /// Given by the history; 0 for one that is not recorded yet.
    pub id: i64,
    /// Seconds since the Unix epoch.
    pub started_at: i64,
    pub method: String,
    pub url: String,
    pub client: String,
    pub hops: u32,
    /// The last status.
    pub status: Option<u16>,
    /// `final`, `stopped`, `failed`, or `paused`.
    pub outcome: String,
    /// The worst severity found.
    pub severity: Option<String>,
    /// Secrets were left out of what the user had given, so that it can't be run again as it is.
    pub masked: bool,
}

impl Entry {
    /// The entry of this chain.
    pub fn of(chain: &Chain, findings: &[Finding], started_at: i64) -> Entry {
        let outcome = match chain.ending() {
            Some(Ending::Final) => "final",
            Some(Ending::Stopped(_)) => "stopped",
            Some(Ending::Failed(_)) => "failed",
            None => "paused",
        };
        Entry {
            id: 0,
            started_at,
            method: chain.draft.method.to_string(),
            url: display_url(&chain.draft.url),
            client: chain.client.name.clone(),
            hops: u32::try_from(chain.hops.len()).unwrap_or(u32::MAX),
            status: chain.hops.last().and_then(|hop| hop.status()),
            outcome: outcome.to_owned(),
            severity: findings.iter().map(|of| of.severity).max().map(|of| of.id().to_owned()),
            masked: false,
        }
    }

    /// The worst severity found.
    pub fn worst(&self) -> Option<Severity> {
        let id = self.severity.as_deref()?;
        Severity::ALL.into_iter().find(|severity| severity.id() == id)
    }

    /// What a search looks through, in lower case.
    pub fn words(&self) -> String {
        let status = self.status.map(|status| status.to_string()).unwrap_or_default();
        let Entry { method, url, client, outcome, .. } = self;
        format!("{method} {url} {client} {status} {outcome}").to_lowercase()
    }
}

/// How long ago that was, in a few letters.
pub fn ago(then: i64, now: i64) -> String {
    let seconds = now.saturating_sub(then).max(0);
    match seconds {
        0..60 => "now".to_owned(),
        60..3600 => format!("{} min", seconds / 60),
        3600..86_400 => format!("{} h", seconds / 3600),
        _ => format!("{} d", seconds / 86_400),
    }
}
