//! Remedy: where a fix is to be made, and how it is said in that place's own configuration.

use crate::domain::classify::issuer::{self, Issuer};
use crate::domain::evidence::HopEvidence;
use crate::domain::finding::Likelihood;

/// What a fix changes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Topic {
    /// The status of the redirect.
    Status,
    /// Whose word on scheme and host is trusted.
    Proxy,
    /// 401 for programs.
    Unauthorized,
    Other,
}

/// Where a fix is made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Place {
    pub(super) name: String,
    /// In the place's own language; may be empty.
    pub(super) example: String,
    /// What speaks for this issuer.
    pub(super) evidence: Option<String>,
}

impl Place {
    pub(super) fn client(name: &str) -> Place {
        Place { name: format!("client ({name})"), example: String::new(), evidence: None }
    }

    /// Who answered this hop.
    pub(super) fn of(hop: &HopEvidence<'_>, topic: Topic) -> Place {
        let index = hop.hop.index;
        match issuer::of(&hop.hop.exchange) {
            None => Place {
                name: format!("the server of hop {index}"),
                example: String::new(),
                evidence: None,
            },
            Some(issuer) if issuer.confidence == Likelihood::Low => Place {
                name: format!(
                    "the server of hop {index}, or what stands behind its {}",
                    issuer.row.name
                ),
                example: String::new(),
                evidence: None,
            },
            Some(issuer) => Place {
                name: format!("hop {index} ({})", issuer.row.name),
                example: example(&issuer, topic).to_owned(),
                evidence: issuer.evidence.first().map(|sign| {
                    format!("hop {index} was answered by {} ({sign})", issuer.row.name)
                }),
            },
        }
    }
}

/// What a rule's fix changes.
pub(super) fn topic(rule: &str) -> Topic {
    match rule {
        "post-rewritten-to-get"
        | "write-method-on-ambiguous-redirect"
        | "temporary-for-permanent-intent"
        | "permanent-login-redirect"
        | "login-form-replayed"
        | "unreliable-redirect-status"
        | "location-on-non-redirect" => Topic::Status,
        "https-to-http-downgrade"
        | "tls-termination-loop"
        | "location-port-anomaly"
        | "location-internal-hostname"
        | "host-header-poisoned-location"
        | "oauth-redirect-uri-suspicious" => Topic::Proxy,
        "api-login-redirect" | "json-expected-html-delivered" => Topic::Unauthorized,
        _ => Topic::Other,
    }
}

fn example(issuer: &Issuer, topic: Topic) -> &'static str {
    match topic {
        Topic::Status => issuer.row.status,
        Topic::Proxy => issuer.row.proxy,
        Topic::Unauthorized => issuer.row.unauthorized,
        Topic::Other => "",
    }
}
