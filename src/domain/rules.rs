//! The rules: one file each, one row in [`ALL`] each.
//!
//! Invariant: `ALL` is sorted by id, and each rule stands in the file of its name (tests/catalogue.rs).

use std::cmp::Reverse;

use super::chain::Chain;
use super::evidence::{Evidence, HopEvidence};
use super::finding::{Anchor, Effort, Finding, Likelihood, Severity};
use super::policy::Policy;

mod api_login_redirect;
mod body_dropped_on_redirect;
mod chain_ends_in_error;
mod chain_too_long;
mod custom_credential_forwarded_cross_origin;
mod https_to_http_downgrade;
mod location_illegal_characters;
mod location_missing_or_empty;
mod location_parser_divergence;
mod location_repeated;
mod location_scheme_typo;
mod non_http_redirect_target;
mod open_redirect_from_input;
mod permanent_redirect_without_expiry;
mod post_rewritten_to_get;
mod redirect_loop;
mod secret_in_location;
mod standard_credential_forwarded_cross_origin;
mod userinfo_in_location;
mod write_method_on_ambiguous_redirect;

/// Every rule, by id.
pub static ALL: &[&Rule] = &[
    &api_login_redirect::RULE,
    &body_dropped_on_redirect::RULE,
    &chain_ends_in_error::RULE,
    &chain_too_long::RULE,
    &custom_credential_forwarded_cross_origin::RULE,
    &https_to_http_downgrade::RULE,
    &location_illegal_characters::RULE,
    &location_missing_or_empty::RULE,
    &location_parser_divergence::RULE,
    &location_repeated::RULE,
    &location_scheme_typo::RULE,
    &non_http_redirect_target::RULE,
    &open_redirect_from_input::RULE,
    &permanent_redirect_without_expiry::RULE,
    &post_rewritten_to_get::RULE,
    &redirect_loop::RULE,
    &secret_in_location::RULE,
    &standard_credential_forwarded_cross_origin::RULE,
    &userinfo_in_location::RULE,
    &write_method_on_ambiguous_redirect::RULE,
];

/// One rule: what it looks for, and what there is to know about it.
#[derive(Debug)]
pub struct Rule {
    pub id: &'static str,
    pub group: Group,
    /// The usual severity; a finding can carry another.
    pub severity: Severity,
    pub needs: Needs,
    /// The documentation for users, in Markdown with `## ` headings; it is the rule's doc comment.
    pub docs: &'static str,
    /// Why it happens, most likely first.
    pub causes: &'static [Cause],
    /// What to do about it in general; the finding says it for its case.
    pub fix: Fix,
    pub references: &'static [&'static str],
    pub check: Check,
}

impl Rule {
    /// The documentation without the space that a doc comment has before each line.
    pub fn doc_lines(&self) -> impl Iterator<Item = &'static str> {
        self.docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line))
    }

    /// What it does, in one paragraph.
    pub fn summary(&self) -> String {
        let lines = self.doc_lines().skip(1).take_while(|line| !line.is_empty());
        lines.collect::<Vec<_>>().join(" ")
    }
}

/// Why a finding happens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cause {
    pub likelihood: Likelihood,
    pub text: &'static str,
}

/// What to do about a finding, and how much work that is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fix {
    pub effort: Effort,
    pub text: &'static str,
}

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// Each hop by itself.
    EachHop(fn(&HopEvidence<'_>, &mut Report)),
    /// The chain as a whole.
    Whole(fn(&Evidence<'_>, &mut Report)),
}

/// What a rule needs to know beside the recorded responses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Needs {
    /// Nothing.
    Passive,
    /// The request that the client sent, or would send, next.
    Observed,
    /// Extra requests, sent only when asked for.
    Probe,
    /// An earlier run.
    Baseline,
    /// A setting of the user.
    Config,
}

/// The field a rule is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Group {
    MethodSafety,
    Credentials,
    Transport,
    LocationSyntax,
    Chain,
    Caching,
    Cookies,
    OpenRedirect,
    ApiContract,
    Cors,
    Protocol,
    Html,
    Seo,
}

impl Group {
    /// The name in documents.
    pub fn id(self) -> &'static str {
        match self {
            Group::MethodSafety => "method-safety",
            Group::Credentials => "credentials",
            Group::Transport => "transport",
            Group::LocationSyntax => "location-syntax",
            Group::Chain => "chain",
            Group::Caching => "caching",
            Group::Cookies => "cookies",
            Group::OpenRedirect => "open-redirect",
            Group::ApiContract => "api-contract",
            Group::Cors => "cors",
            Group::Protocol => "protocol",
            Group::Html => "html",
            Group::Seo => "seo",
        }
    }
}

/// Collects what one rule has to say.
#[derive(Debug)]
pub struct Report {
    rule: &'static Rule,
    hop: Option<usize>,
    findings: Vec<Finding>,
}

impl Report {
    /// A finding of the rule's usual severity.
    pub fn add(&mut self, anchor: Anchor, message: String, fix: String) {
        self.add_as(self.rule.severity, anchor, message, fix);
    }

    /// A finding of this severity.
    pub fn add_as(&mut self, severity: Severity, anchor: Anchor, message: String, fix: String) {
        let Report { rule, hop, .. } = *self;
        self.findings.push(Finding { rule: rule.id, severity, hop, anchor, message, fix });
    }

    /// A finding of a rule on the whole chain that belongs to one hop all the same.
    pub fn add_on(
        &mut self,
        hop: usize,
        severity: Severity,
        anchor: Anchor,
        texts: (String, String),
    ) {
        let (message, fix) = texts;
        let rule = self.rule.id;
        self.findings.push(Finding { rule, severity, hop: Some(hop), anchor, message, fix });
    }

    /// The rule's own words on how to fix it.
    pub fn usual_fix(&self) -> String {
        self.rule.fix.text.to_owned()
    }
}

/// The rule of this id.
pub fn by_id(id: &str) -> Option<&'static Rule> {
    ALL.binary_search_by(|rule| rule.id.cmp(id)).ok().and_then(|at| ALL.get(at)).copied()
}

/// Everything the rules have to say about this chain: hop by hop, worst first within a hop, the chain itself last.
pub fn judge(chain: &Chain) -> Vec<Finding> {
    judge_by(chain, &Policy::default())
}

/// The same, by the user's policy.
pub fn judge_by(chain: &Chain, policy: &Policy) -> Vec<Finding> {
    let evidence = Evidence::of(chain, policy);
    let mut findings = Vec::new();
    for &rule in ALL {
        match policy.severities.get(rule.id) {
            Some(None) => {}
            Some(Some(severity)) => findings.extend(
                run(rule, &evidence).into_iter().map(|f| Finding { severity: *severity, ..f }),
            ),
            None => findings.append(&mut run(rule, &evidence)),
        }
    }
    findings.sort_by_key(|f| (f.hop.unwrap_or(usize::MAX), Reverse(f.severity)));
    findings
}

fn run(rule: &'static Rule, evidence: &Evidence<'_>) -> Vec<Finding> {
    let mut report = Report { rule, hop: None, findings: Vec::new() };
    match rule.check {
        Check::Whole(check) => check(evidence, &mut report),
        Check::EachHop(check) => {
            for hop in &evidence.hops {
                report.hop = Some(hop.hop.index);
                check(hop, &mut report);
            }
        }
    }
    report.findings
}

/// Declares a rule. Its doc comment is the user's documentation.
macro_rules! rule {
    (
        $(#[doc = $line:literal])+
        id: $id:literal,
        group: $group:expr,
        severity: $severity:expr,
        needs: $needs:expr,
        causes: [$($likelihood:ident: $cause:literal),* $(,)?],
        fix: $effort:ident: $fix:literal,
        references: [$($reference:literal),* $(,)?],
        check: $check:expr $(,)?
    ) => {
        use crate::domain::finding::Severity;
        use crate::domain::rules::{Check, Group, Needs, Report};

        $(#[doc = $line])+
        pub(crate) static RULE: crate::domain::rules::Rule = crate::domain::rules::Rule {
            id: $id,
            group: $group,
            severity: $severity,
            needs: $needs,
            docs: concat!($($line, "\n"),+),
            causes: &[$(crate::domain::rules::Cause {
                likelihood: crate::domain::finding::Likelihood::$likelihood,
                text: $cause,
            }),*],
            fix: crate::domain::rules::Fix {
                effort: crate::domain::finding::Effort::$effort,
                text: $fix,
            },
            references: &[$($reference),*],
            check: $check,
        };
    };
}
use rule;
