//! Breakpoints: conditions at which a run that continues stops before its next request.

use std::fmt;

use super::chain::Chain;
use super::danger::{Danger, dangers};
use super::finding::{Finding, Severity};
use super::http::origin::same_origin;
use super::http::request::Request;

/// One condition. Written as `origin`, `downgrade`, `method`, `leak`, `cookie`, `status 302`, `status 4xx`, `host *.test`, `finding warning`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Breakpoint {
    /// The next request goes to another origin.
    Origin,
    /// The next request leaves https.
    Downgrade,
    /// The method changes.
    Method,
    /// A body or a credential is about to go to another origin.
    Leak,
    /// The response sets a cookie.
    Cookie,
    /// The response has a status in this range.
    Status { from: u16, to: u16 },
    /// The next request's host fits; `*` stands for any run of characters.
    Host(String),
    /// The last hop has a finding of this severity or worse.
    Finding(Severity),
}

impl Breakpoint {
    /// The ones that need no value, for a list to choose from.
    pub const PLAIN: [Breakpoint; 7] = [
        Breakpoint::Origin,
        Breakpoint::Downgrade,
        Breakpoint::Method,
        Breakpoint::Leak,
        Breakpoint::Cookie,
        Breakpoint::Finding(Severity::Error),
        Breakpoint::Finding(Severity::Warning),
    ];

    /// A breakpoint from its words; one sentence when they mean none.
    pub fn parse(text: &str) -> Result<Breakpoint, String> {
        let (word, value) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        let value = value.trim();
        match (word, value) {
            ("origin", "") => Ok(Breakpoint::Origin),
            ("downgrade", "") => Ok(Breakpoint::Downgrade),
            ("method", "") => Ok(Breakpoint::Method),
            ("leak", "") => Ok(Breakpoint::Leak),
            ("cookie", "") => Ok(Breakpoint::Cookie),
            ("status", value) => status(value),
            ("host", value) if !value.is_empty() => {
                Ok(Breakpoint::Host(value.to_ascii_lowercase()))
            }
            ("finding", value) => {
                let severity = Severity::ALL.into_iter().find(|severity| severity.id() == value);
                severity
                    .map(Breakpoint::Finding)
                    .ok_or_else(|| "finding error, warning, info or hint".to_owned())
            }
            _ => Err(format!("no breakpoint {text:?}; try status 302, host *.test")),
        }
    }

    /// What it waits for, in a few words; empty where the breakpoint itself says it.
    pub fn meaning(&self) -> &'static str {
        match self {
            Breakpoint::Origin => "it goes to another origin",
            Breakpoint::Downgrade => "it leaves https",
            Breakpoint::Method => "its method is another",
            Breakpoint::Leak => "it takes a body or a secret elsewhere",
            Breakpoint::Cookie => "the response sets a cookie",
            Breakpoint::Status { .. } | Breakpoint::Host(_) => "",
            Breakpoint::Finding(Severity::Error) => "the hop has an error",
            Breakpoint::Finding(Severity::Warning) => "the hop has a warning or an error",
            Breakpoint::Finding(Severity::Info) => "the hop has any finding but a hint",
            Breakpoint::Finding(Severity::Hint) => "the hop has any finding",
        }
    }

    /// Whether a run stops here: after the last hop, before the request that is ready.
    pub fn hits(&self, chain: &Chain, findings: &[Finding]) -> bool {
        let (Some(hop), Some(planned)) = (chain.hops.last(), chain.ready()) else { return false };
        let next: &Request = &planned.request;
        let dangers = || dangers(hop, next);
        match self {
            Breakpoint::Origin => !same_origin(&hop.request.url, &next.url),
            Breakpoint::Downgrade => dangers().contains(&Danger::LeavesHttps),
            Breakpoint::Method => hop.request.method != next.method,
            Breakpoint::Leak => dangers().iter().any(|danger| {
                matches!(danger, Danger::BodyElsewhere { .. } | Danger::CredentialElsewhere { .. })
            }),
            Breakpoint::Cookie => hop.exchange.fields().contains("Set-Cookie"),
            Breakpoint::Status { from, to } => {
                hop.status().is_some_and(|status| (*from..=*to).contains(&status))
            }
            Breakpoint::Host(pattern) => {
                next.url.host_str().is_some_and(|host| fits(pattern, host))
            }
            Breakpoint::Finding(severity) => findings
                .iter()
                .any(|finding| finding.hop == Some(hop.index) && finding.severity >= *severity),
        }
    }
}

impl fmt::Display for Breakpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Breakpoint::Origin => f.write_str("origin"),
            Breakpoint::Downgrade => f.write_str("downgrade"),
            Breakpoint::Method => f.write_str("method"),
            Breakpoint::Leak => f.write_str("leak"),
            Breakpoint::Cookie => f.write_str("cookie"),
            Breakpoint::Status { from, to } if from == to => write!(f, "status {from}"),
            Breakpoint::Status { from, .. } => write!(f, "status {}xx", from / 100),
            Breakpoint::Host(pattern) => write!(f, "host {pattern}"),
            Breakpoint::Finding(severity) => write!(f, "finding {}", severity.id()),
        }
    }
}

fn status(value: &str) -> Result<Breakpoint, String> {
    let wrong = || "status takes a number such as 302, or a class such as 4xx".to_owned();
    let (from, to) = match value.strip_suffix("xx") {
        Some(class) => {
            let class: u16 = class.parse().map_err(|_| wrong())?;
            (class.saturating_mul(100), class.saturating_mul(100).saturating_add(99))
        }
        None => {
            let status = value.parse().map_err(|_| wrong())?;
            (status, status)
        }
    };
    if (100..=999).contains(&from) { Ok(Breakpoint::Status { from, to }) } else { Err(wrong()) }
}

/// Whether the text fits a pattern in which `*` stands for any run of characters.
fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = text.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_breakpoints_say_the_same() {
        for text in ["origin", "status 302", "status 4xx", "host *.test", "finding warning", "leak"]
        {
            assert_eq!(Breakpoint::parse(text).unwrap().to_string(), text);
        }
        assert!(Breakpoint::parse("status 9").is_err());
        assert!(Breakpoint::parse("status 700xx").is_err());
    }

    #[test]
    fn a_star_stands_for_any_run() {
        assert!(
            fits("*.test", "a.b.test")
                && fits("a*", "abc")
                && fits("a.test", "a.test")
                && fits("*b*c", "abxc")
        );
        assert!(!fits("*.test", "test.example") && !fits("a.test", "a.test.b"));
    }
}
