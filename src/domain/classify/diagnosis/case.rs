//! Case: everything a diagnosis rests on, looked up once.

use super::Remedy;
use super::status::{self, StatusAdvice};
use crate::domain::classify::fixes::{self, Fix};
use crate::domain::classify::issuer::{self, Issuer};
use crate::domain::evidence::{Evidence, HopEvidence};
use crate::domain::finding::{Finding, Likelihood};

/// The chain, its findings, who answered each hop, and what is said about each status.
pub(super) struct Case<'e, 'a> {
    pub(super) evidence: &'e Evidence<'a>,
    pub(super) findings: &'e [Finding],
    /// One a hop.
    pub(super) issuers: Vec<Option<Issuer>>,
    pub(super) statuses: Vec<StatusAdvice>,
}

impl<'e, 'a> Case<'e, 'a> {
    pub(super) fn of(evidence: &'e Evidence<'a>, findings: &'e [Finding]) -> Case<'e, 'a> {
        let issuers = evidence.hops.iter().map(|hop| issuer::of(&hop.hop.exchange)).collect();
        Case { evidence, findings, issuers, statuses: status::of(evidence) }
    }

    /// The hop of this number (from 1).
    pub(super) fn hop(&self, index: usize) -> Option<&'e HopEvidence<'a>> {
        self.evidence.hops.get(index.checked_sub(1)?)
    }

    /// The hop that a finding stands on.
    pub(super) fn hop_of(&self, finding: &Finding) -> Option<&'e HopEvidence<'a>> {
        self.hop(finding.hop?)
    }

    pub(super) fn issuer(&self, hop: &HopEvidence<'_>) -> Option<&Issuer> {
        self.issuers.get(hop.hop.index.checked_sub(1)?)?.as_ref()
    }

    /// On the user's own side.
    pub(super) fn client(&self) -> Remedy {
        let place = format!("client ({})", self.evidence.chain.client.name);
        Remedy { place, example: Vec::new() }
    }

    /// At whoever answered this hop, for a kind of fix where it is known.
    pub(super) fn at(&self, hop: &HopEvidence<'_>, fix: Option<&Fix>) -> Remedy {
        let index = hop.hop.index;
        let Some(issuer) = self.issuer(hop) else {
            return Remedy { place: format!("the server of hop {index}"), example: Vec::new() };
        };
        let name = issuer.row.name;
        let place = match issuer.confidence {
            Likelihood::Low => format!("hop {index} ({name}, or what stands behind it)"),
            Likelihood::Medium | Likelihood::High => format!("hop {index} ({name})"),
        };
        let better = self.statuses.iter().find(|advice| advice.hop == index);
        let status = better.and_then(|advice| advice.better.first().copied()).unwrap_or(303);
        let example =
            fix.map_or_else(Vec::new, |fix| fix.example(issuer.row.id, fitting(fix, status)));
        Remedy { place, example }
    }

    /// Where what this finding asks for is to be made.
    pub(super) fn remedy_of(&self, finding: &Finding) -> Remedy {
        let fix = fixes::of_rule(finding.rule);
        let last = || self.evidence.hops.iter().rev().find(|hop| hop.redirects());
        let first = || self.evidence.hops.iter().find(|hop| hop.redirects());
        let hop = self.hop_of(finding).or_else(|| match fix.map(|fix| fix.id) {
            Some("canonical") => first(),
            Some(_) | None => last(),
        });
        match hop {
            _ if is_clients(finding.rule) => self.client(),
            Some(hop) => self.at(hop, fix),
            None => self.client(),
        }
    }

    /// Who answered this hop, with the first sign of it.
    pub(super) fn says_who(&self, hop: &HopEvidence<'_>) -> Option<String> {
        let issuer = self.issuer(hop).filter(|issuer| issuer.confidence > Likelihood::Low)?;
        let sign = issuer.evidence.first()?;
        Some(format!("hop {} was answered by {} ({sign})", hop.hop.index, issuer.row.name))
    }
}

/// The status that an example of this fix is about.
fn fitting(fix: &Fix, status: u16) -> u16 {
    match fix.id {
        "canonical" | "query" if !(300..400).contains(&status) || status == 303 => 301,
        "exit" | "caching" | "vary" | "encode" if !(300..400).contains(&status) => 302,
        "status" if !(300..400).contains(&status) => 303,
        _ => status,
    }
}

/// Rules whose findings are mended in the client.
fn is_clients(rule: &str) -> bool {
    const RULES: [&str; 9] = [
        "body-dropped-on-redirect",
        "client-breaks-redirect-method",
        "plaintext-request-carried-credentials",
        "credential-lost-then-rejected",
        "standard-credential-forwarded-cross-origin",
        "custom-credential-forwarded-cross-origin",
        "authorization-sent-to-presigned-url",
        "early-redirect-during-upload",
        "stale-headers-carried-over",
    ];
    RULES.contains(&rule)
}
