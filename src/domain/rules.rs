//! The rules: one file each, one row in [`ALL`] each.
//!
//! Invariant: `ALL` is sorted by id, and each rule stands in the file of its name (tests/catalogue.rs).

use std::cmp::Reverse;

use super::chain::Chain;
use super::evidence::{Aside, Evidence, HopEvidence};
use super::finding::{Anchor, Effort, Finding, Likelihood, Severity, Source};
use super::policy::Policy;

mod api_login_redirect;
mod authorization_sent_to_presigned_url;
mod auto_submit_form_hop;
mod body_dropped_on_redirect;
mod body_replayed_cross_origin;
mod bounce_tracking_hop;
mod canonical_points_into_chain;
mod chain_drift_from_baseline;
mod chain_ends_in_error;
mod chain_too_long;
mod client_breaks_redirect_method;
mod client_side_redirect_only;
mod collapsible_canonicalisation_hops;
mod cookie_gated_loop;
mod cookie_set_but_not_returned;
mod cors_origin_becomes_null;
mod cors_redirect_without_allow_origin;
mod credential_lost_then_rejected;
mod custom_credential_forwarded_cross_origin;
mod deep_link_collapsed_to_root;
mod early_redirect_during_upload;
mod execution_after_redirect;
mod fragment_secret_inherited_cross_origin;
mod head_and_get_disagree;
mod header_injection_via_redirect;
mod host_header_poisoned_location;
mod hsts_missing_or_weak_on_hop;
mod hsts_sent_over_http;
mod http_first_hop_leaves_host;
mod https_to_http_downgrade;
mod json_expected_html_delivered;
mod legacy_tls_on_hop;
mod location_illegal_characters;
mod location_internal_hostname;
mod location_missing_or_empty;
mod location_non_ascii;
mod location_on_non_redirect;
mod location_parser_divergence;
mod location_percent_encoding_broken;
mod location_port_anomaly;
mod location_repeated;
mod location_scheme_typo;
mod location_unrendered_template;
mod login_form_replayed;
mod lookalike_authority;
mod maintenance_as_redirect;
mod negotiated_redirect_without_vary;
mod non_http_redirect_target;
mod oauth_callback_redirects_offsite;
mod oauth_redirect_uri_suspicious;
mod oauth_request_without_csrf_binding;
mod offsite_hop_not_allowlisted;
mod open_redirect_from_input;
mod permanent_hop_into_temporary;
mod permanent_login_redirect;
mod permanent_redirect_without_expiry;
mod personal_redirect_shared_cacheable;
mod plaintext_request_carried_credentials;
mod post_rewritten_to_get;
mod preflight_redirected;
mod presigned_request_altered_by_redirect;
mod private_address_target;
mod query_lost_in_redirect;
mod redirect_framing_error;
mod redirect_hints_disagree;
mod redirect_loop;
mod redirect_to_unindexable;
mod redirect_unstable;
mod referer_leaks_url_cross_origin;
mod retry_after_on_redirect;
mod return_url_snowball;
mod samesite_strict_on_login_return;
mod secret_in_location;
mod session_cookie_exposed_to_plaintext;
mod session_id_in_url;
mod session_unchanged_across_login;
mod set_cookie_rejected;
mod slow_hop;
mod stale_headers_carried_over;
mod standard_credential_forwarded_cross_origin;
mod temporary_for_permanent_intent;
mod temporary_redirect_cached_long;
mod tls_failure_on_hop;
mod tls_termination_loop;
mod unescaped_location_in_body;
mod unreliable_redirect_status;
mod userinfo_in_location;
mod write_method_on_ambiguous_redirect;

pub(crate) use api_login_redirect::programmatic;
pub(crate) use collapsible_canonicalisation_hops::{collapsible, is_for_hsts};
pub(crate) use redirect_loop::cycle;

/// Every rule, by id.
pub static ALL: &[&Rule] = &[
    &api_login_redirect::RULE,
    &authorization_sent_to_presigned_url::RULE,
    &auto_submit_form_hop::RULE,
    &body_dropped_on_redirect::RULE,
    &body_replayed_cross_origin::RULE,
    &bounce_tracking_hop::RULE,
    &canonical_points_into_chain::RULE,
    &chain_drift_from_baseline::RULE,
    &chain_ends_in_error::RULE,
    &chain_too_long::RULE,
    &client_breaks_redirect_method::RULE,
    &client_side_redirect_only::RULE,
    &collapsible_canonicalisation_hops::RULE,
    &cookie_gated_loop::RULE,
    &cookie_set_but_not_returned::RULE,
    &cors_origin_becomes_null::RULE,
    &cors_redirect_without_allow_origin::RULE,
    &credential_lost_then_rejected::RULE,
    &custom_credential_forwarded_cross_origin::RULE,
    &deep_link_collapsed_to_root::RULE,
    &early_redirect_during_upload::RULE,
    &execution_after_redirect::RULE,
    &fragment_secret_inherited_cross_origin::RULE,
    &head_and_get_disagree::RULE,
    &header_injection_via_redirect::RULE,
    &host_header_poisoned_location::RULE,
    &hsts_missing_or_weak_on_hop::RULE,
    &hsts_sent_over_http::RULE,
    &http_first_hop_leaves_host::RULE,
    &https_to_http_downgrade::RULE,
    &json_expected_html_delivered::RULE,
    &legacy_tls_on_hop::RULE,
    &location_illegal_characters::RULE,
    &location_internal_hostname::RULE,
    &location_missing_or_empty::RULE,
    &location_non_ascii::RULE,
    &location_on_non_redirect::RULE,
    &location_parser_divergence::RULE,
    &location_percent_encoding_broken::RULE,
    &location_port_anomaly::RULE,
    &location_repeated::RULE,
    &location_scheme_typo::RULE,
    &location_unrendered_template::RULE,
    &login_form_replayed::RULE,
    &lookalike_authority::RULE,
    &maintenance_as_redirect::RULE,
    &negotiated_redirect_without_vary::RULE,
    &non_http_redirect_target::RULE,
    &oauth_callback_redirects_offsite::RULE,
    &oauth_redirect_uri_suspicious::RULE,
    &oauth_request_without_csrf_binding::RULE,
    &offsite_hop_not_allowlisted::RULE,
    &open_redirect_from_input::RULE,
    &permanent_hop_into_temporary::RULE,
    &permanent_login_redirect::RULE,
    &permanent_redirect_without_expiry::RULE,
    &personal_redirect_shared_cacheable::RULE,
    &plaintext_request_carried_credentials::RULE,
    &post_rewritten_to_get::RULE,
    &preflight_redirected::RULE,
    &presigned_request_altered_by_redirect::RULE,
    &private_address_target::RULE,
    &query_lost_in_redirect::RULE,
    &redirect_framing_error::RULE,
    &redirect_hints_disagree::RULE,
    &redirect_loop::RULE,
    &redirect_to_unindexable::RULE,
    &redirect_unstable::RULE,
    &referer_leaks_url_cross_origin::RULE,
    &retry_after_on_redirect::RULE,
    &return_url_snowball::RULE,
    &samesite_strict_on_login_return::RULE,
    &secret_in_location::RULE,
    &session_cookie_exposed_to_plaintext::RULE,
    &session_id_in_url::RULE,
    &session_unchanged_across_login::RULE,
    &set_cookie_rejected::RULE,
    &slow_hop::RULE,
    &stale_headers_carried_over::RULE,
    &standard_credential_forwarded_cross_origin::RULE,
    &temporary_for_permanent_intent::RULE,
    &temporary_redirect_cached_long::RULE,
    &tls_failure_on_hop::RULE,
    &tls_termination_loop::RULE,
    &unescaped_location_in_body::RULE,
    &unreliable_redirect_status::RULE,
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
        let (rule, source, cause) = (rule.id, None, None);
        self.findings.push(Finding { rule, severity, hop, anchor, source, cause, message, fix });
    }

    /// Why the last finding happens, where its case tells.
    pub fn because(&mut self, cause: &'static str) {
        if let Some(last) = self.findings.last_mut() {
            last.cause = Some(cause);
        }
    }

    /// Where in the request the last finding comes from.
    pub fn comes_from(&mut self, source: Option<Source>) {
        if let Some(last) = self.findings.last_mut() {
            last.source = source;
        }
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
        let (hop, source, cause) = (Some(hop), None, None);
        self.findings.push(Finding { rule, severity, hop, anchor, source, cause, message, fix });
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
    judge_by(chain, chain.limits.policy())
}

/// The same, by the user's policy.
pub fn judge_by(chain: &Chain, policy: &Policy) -> Vec<Finding> {
    judge_with(chain, Aside { policy, baseline: None })
}

/// The same, with probes and a baseline.
pub fn judge_with(chain: &Chain, aside: Aside<'_>) -> Vec<Finding> {
    weigh(&Evidence::of(chain, aside))
}

/// The same, where the evidence is at hand.
pub fn weigh(evidence: &Evidence<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for &rule in ALL {
        match evidence.aside.policy.severities.get(rule.id) {
            Some(None) => {}
            Some(Some(severity)) => findings.extend(
                run(rule, evidence).into_iter().map(|f| Finding { severity: *severity, ..f }),
            ),
            None => findings.append(&mut run(rule, evidence)),
        }
    }
    findings.retain(|finding| !evidence.aside.policy.suppresses(finding, evidence.chain));
    // what loses data or credentials comes before what could be tidier
    let group = |finding: &Finding| by_id(finding.rule).map_or(Group::Seo, |rule| rule.group);
    findings.sort_by_cached_key(|f| (f.hop.unwrap_or(usize::MAX), Reverse(f.severity), group(f)));
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
