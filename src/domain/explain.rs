//! Explanations: a rule, a status, a client, an intent or an outcome in plain words.
//!
//! Pure text of lines at most 88 columns (but for the format of files and for configuration, which are shown as they are written), for `hopstep explain` and for screens.

mod status;

use super::classify::{fixes, intent, issuer};
use super::client::Client;
use super::http::failure::FailureKind;
use super::redirect::StopReason;
use super::rules::{self, Group, Rule};

/// Columns of a line of prose.
const WIDTH: usize = 88;

/// Before a line of configuration.
const CODE: &str = "      ";

/// The files of `hopstep check`.
const CHECK: &str = include_str!("../../assets/check.md");

/// The explanation of this topic; `None` when it is none.
pub fn topic(name: &str) -> Option<String> {
    rules::by_id(name)
        .map(rule)
        .or_else(|| status::explanation(name))
        .or_else(|| Client::named(name).map(|client| wrapped(&client.explanation())))
        .or_else(|| intent(name))
        .or_else(|| outcome(name))
        .or_else(|| issuing(name))
        .or_else(|| (name == "check").then(|| CHECK.to_owned()))
}

/// The names of all topics, status codes aside.
pub fn topics() -> impl Iterator<Item = &'static str> {
    let rules = rules::ALL.iter().map(|rule| rule.id);
    let intents = intent::rows().iter().map(|row| row.kind.id());
    let issuers = issuer::rows().iter().map(|row| row.id);
    let names = rules.chain(Client::names()).chain(intents).chain(issuers);
    names.chain(outcomes().map(|(id, _)| id)).chain(["check"])
}

/// Every topic, a line each, under headings.
pub fn list() -> String {
    let mut text = String::from("Rules\n");
    for rule in rules::ALL {
        let severity = rule.severity.id();
        text += &format!("  {:<44} {severity:<8} {}\n", rule.id, rule.group.id());
    }
    text += "\nStatus codes\n";
    for (code, name) in status::all() {
        text += &format!("  {code}  {name}\n");
    }
    text += "\nClients\n";
    text += &wrap(&Client::names().collect::<Vec<_>>().join(" "), "  ");
    text += "\nIntents\n";
    let intents: Vec<&str> = intent::rows().iter().map(|row| row.kind.id()).collect();
    text += &wrap(&intents.join(" "), "  ");
    text += "\nOutcomes\n";
    let outcomes: Vec<&str> = outcomes().map(|(id, _)| id).collect();
    text += &wrap(&outcomes.join(" "), "  ");
    text += "\nIssuers\n";
    let issuers: Vec<&str> = issuer::rows().iter().map(|row| row.id).collect();
    text += &wrap(&issuers.join(" "), "  ");
    text + "\nFiles\n  check: suites, redirect maps and _redirects files of hopstep check\n"
}

fn rule(rule: &'static Rule) -> String {
    let mut text = format!("{}: {}, {}\n", rule.id, rule.severity.id(), rule.group.id());
    for paragraph in rule.doc_lines().collect::<Vec<_>>().split(|line| line.is_empty()) {
        match paragraph {
            [heading, rest @ ..] if heading.starts_with("## ") => {
                text += &format!("\n{}\n{}", &heading[3..], wrap(&rest.join(" "), "  "));
            }
            lines => text += &wrap(&lines.join(" "), "  "),
        }
    }
    text += "\nLikely causes\n";
    for cause in rule.causes {
        text += &wrap_hanging(&format!("  {:<8}", cause.likelihood.id()), cause.text);
    }
    text += &format!("\nFix ({})\n{}", rule.fix.effort.id(), wrap(rule.fix.text, "  "));
    let places = places(rule);
    if !places.is_empty() {
        text += "\nWhere it is made\n";
    }
    for (issuer, lines) in places {
        text += &format!("  {}\n{}", issuer.name, code(&lines));
    }
    text + &format!("\nReferences\n{}", wrap(&rule.references.join(" · "), "  "))
}

/// What to write to mend a rule's findings, for each issuer whose configuration is known.
pub fn places(rule: &Rule) -> Vec<(&'static issuer::Row, Vec<String>)> {
    let Some(fix) = fixes::of_rule(rule.id) else { return Vec::new() };
    let status = if rule.group == Group::MethodSafety { 303 } else { 308 };
    let known = |id: &str| issuer::rows().iter().find(|row| row.id == id);
    fix.examples(status).filter_map(|(id, lines)| Some((known(id)?, lines))).collect()
}

/// Configuration, as it is written: it is copied from here.
fn code(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{CODE}{line}\n")).collect()
}

/// Whoever may have issued a redirect, and what is written where it is configured.
fn issuing(id: &str) -> Option<String> {
    let row = issuer::rows().iter().find(|row| row.id == id)?;
    let mut text = format!("{}: {}, {}\n", row.id, row.name, row.layer);
    if !row.note.is_empty() {
        text += &format!("\n{}", wrap(row.note, "  "));
    }
    text += &format!("\nHow its signs are known\n{}", wrap(row.check, "  "));
    for fix in fixes::all() {
        let lines = fix.example(row.id, 308);
        if lines.is_empty() {
            continue;
        }
        text += &format!("\n{}\n", wrap(fix.title, "").trim_end());
        text += &code(&lines);
    }
    Some(text)
}

fn intent(name: &str) -> Option<String> {
    let row = intent::rows().iter().find(|row| row.kind.id() == name)?;
    let expected: Vec<String> = row.expected_status.iter().map(u16::to_string).collect();
    let mut text = format!("{name}: what a redirect can be for\n\n{}", wrap(row.summary, "  "));
    text += &wrap(row.effect, "  ");
    if !expected.is_empty() {
        text += &format!("\nFitting statuses\n  {}\n", expected.join(" "));
    }
    Some(text)
}

fn outcome(name: &str) -> Option<String> {
    let (id, sentence) = outcomes().find(|(id, _)| *id == name)?;
    Some(format!("{id}: how a chain can end\n\n{}", wrap(sentence, "  ")))
}

/// Outcomes, stop reasons and failures of the trace document, each with a sentence.
fn outcomes() -> impl Iterator<Item = (&'static str, &'static str)> {
    let kinds = [
        (
            "final",
            "the chain ended in a response that this client does not follow on from; exit status 0",
        ),
        ("stopped", "the chain was stopped before a final response; exit status 3"),
        ("failed", "a hop failed; exit status 4"),
    ];
    let reasons = [
        StopReason::Loop,
        StopReason::MaxHops,
        StopReason::UnsupportedScheme,
        StopReason::InvalidLocation,
        StopReason::MissingLocation,
        StopReason::RefusedByClient,
        StopReason::User,
    ];
    let failures = [
        (FailureKind::Dns, "the host name could not be looked up"),
        (FailureKind::Connect, "no connection: refused, unreachable or reset"),
        (FailureKind::Tls, "the TLS handshake or the certificate was refused"),
        (FailureKind::Proxy, "the proxy refused or misbehaved"),
        (FailureKind::Timeout, "a limit of time was reached"),
        (FailureKind::Protocol, "the answer was not HTTP, or too large"),
        (FailureKind::Body, "the body broke off"),
        (FailureKind::Cancelled, "the user cancelled"),
    ];
    kinds
        .into_iter()
        .chain(reasons.into_iter().map(|reason| (reason.id(), reason.sentence())))
        .chain(failures.into_iter().map(|(kind, sentence)| (kind.id(), sentence)))
}

/// Each line of a text wrapped; list items hang.
fn wrapped(text: &str) -> String {
    let lines = text.lines().map(|line| match line.strip_prefix("- ") {
        Some(item) => wrap_hanging("- ", item),
        None if line.is_empty() => "\n".to_owned(),
        None => wrap(line, ""),
    });
    lines.collect()
}

fn wrap(text: &str, indent: &str) -> String {
    wrap_with(text, indent, indent)
}

fn wrap_hanging(first: &str, text: &str) -> String {
    wrap_with(text, first, &" ".repeat(first.len()))
}

fn wrap_with(text: &str, first: &str, indent: &str) -> String {
    let mut lines = String::new();
    let mut line = first.to_owned();
    let mut empty = true;
    for word in text.split_whitespace() {
        if !empty && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines += &format!("{}\n", line.trim_end());
            line = indent.to_owned();
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line += word;
        empty = false;
    }
    if empty { lines } else { lines + line.trim_end() + "\n" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_topic_is_explained_within_the_width() {
        let ids = rules::ALL.iter().map(|rule| rule.id);
        let rest = status::all().map(|(code, _)| code).chain(Client::names());
        let intents = intent::rows().iter().map(|row| row.kind.id());
        let issuers = issuer::rows().iter().map(|row| row.id);
        for name in
            ids.chain(rest).chain(intents).chain(issuers).chain(outcomes().map(|(id, _)| id))
        {
            let text = topic(name).unwrap_or_else(|| panic!("no explanation of {name}"));
            let long = text.lines().find(|line| {
                line.chars().count() > WIDTH && line.contains("  ") && !line.starts_with(CODE)
            });
            assert_eq!(long, None, "{name}");
        }
        assert_eq!(topic("no-such-thing"), None);
    }

    #[test]
    fn a_rule_says_how_each_issuer_is_told() {
        let text = topic("post-rewritten-to-get").unwrap();
        assert!(text.contains("redirect_to url, status: :see_other"), "{text}");
        assert!(text.contains("return HttpResponseRedirect(url, status=303)"), "{text}");
        let fixed = rules::ALL.iter().filter(|rule| !places(rule).is_empty()).count();
        assert!(fixed >= 50, "{fixed}");
        assert!(topic("nginx").unwrap().contains("return 308 https://$host$request_uri;"));
    }

    #[test]
    fn the_list_has_every_topic() {
        let list = list();
        let lines = list.lines().filter(|line| rules::ALL.iter().any(|r| line.contains(r.id)));
        assert_eq!(rules::ALL.len(), 88);
        assert!(lines.count() >= 88);
        let words: Vec<&str> = list.split_whitespace().collect();
        let intents = intent::rows().iter().map(|row| row.kind.id());
        let issuers = issuer::rows().iter().map(|row| row.id);
        let all = Client::names().chain(intents).chain(issuers).chain(outcomes().map(|(id, _)| id));
        assert_eq!(all.filter(|id| !words.contains(id)).collect::<Vec<_>>(), [""; 0]);
    }

    #[test]
    fn every_status_has_a_constant_in_every_language() {
        for (code, _) in status::all() {
            let text = topic(code).unwrap();
            let constants = text.split_once("Constants\n").unwrap().1;
            let named = constants.lines().take_while(|line| !line.is_empty());
            assert_eq!(named.filter(|line| line.len() > 20).count(), 9, "{code}: {constants}");
        }
        let text = topic("308").unwrap();
        assert!(text.contains("HttpStatus.PERMANENT_REDIRECT (Spring; the JDK has none)"));
        assert!(text.contains("Response::HTTP_PERMANENTLY_REDIRECT"));
    }

    #[test]
    fn a_status_names_its_constants() {
        let text = topic("302").unwrap();
        for constant in ["StatusCode::FOUND", "http.StatusFound", "Response::HTTP_FOUND"] {
            assert!(text.contains(constant), "{constant}");
        }
    }
}
