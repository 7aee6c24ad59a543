//! `[check.expect]` read from a suite.

use regex::Regex;

use super::super::json_path::JsonPath;
use super::super::matcher::{Condition, Range, Statuses, Text};
use super::super::reader::{Kind, Layers, Table, Value};
use super::{CookieExpect, Expect, HopExpect, JsonWant};
use crate::domain::cookie::set_cookie::SameSite;
use crate::domain::http::failure::FailureKind;
use crate::domain::nearest::hint;
use crate::domain::redirect::StopReason;
use crate::domain::rules;

/// What `expect` takes.
pub(in super::super) const KEYS: &[&str] = &[
    "hops",
    "status",
    "url",
    "media-type",
    "headers",
    "body",
    "json",
    "cookies",
    "time",
    "ending",
    "rules",
    "hop",
];

/// What one `hop` takes.
const HOP_KEYS: &[&str] =
    &["at", "status", "method", "url", "location", "target", "headers", "sent", "cookies", "time"];

const COOKIE_KEYS: &[&str] = &["secure", "http-only", "same-site", "path", "domain"];

const TEXT_KEYS: &[&str] = &["is", "matches", "contains", "lacks", "present", "absent"];

/// Every name an `ending` may have.
pub(in super::super) const ENDINGS: &[&str] = &[
    "final",
    StopReason::Loop.id(),
    StopReason::MaxHops.id(),
    StopReason::UnsupportedScheme.id(),
    StopReason::InvalidLocation.id(),
    StopReason::MissingLocation.id(),
    StopReason::RefusedByClient.id(),
    FailureKind::Dns.id(),
    FailureKind::Connect.id(),
    FailureKind::Tls.id(),
    FailureKind::Proxy.id(),
    FailureKind::Timeout.id(),
    FailureKind::Protocol.id(),
    FailureKind::Body.id(),
];

/// Reads the expectation that these tables state together. Faults are in the source.
pub(in super::super) fn expect(layers: &Layers<'_>) -> Expect {
    let get = |key: &str| layers.get(key);
    let rules = layers.inner("rules");
    rules.0.iter().for_each(|table| table.only(&[&["deny", "allow"]]));
    Expect {
        hops: get("hops").and_then(|of| range(&of)),
        status: get("status").and_then(|of| statuses(&of)),
        url: get("url").and_then(|of| text(&of)),
        media_type: get("media-type").and_then(|of| text(&of)),
        headers: named_texts(get("headers")),
        body: get("body").and_then(|of| text(&of)),
        json: json(get("json")),
        cookies: cookies(get("cookies")),
        time: get("time").and_then(|of| of.duration()),
        ending: get("ending").map_or_else(Vec::new, |of| endings(&of)),
        deny: rules.get("deny").map_or_else(Vec::new, |of| rule_ids(&of)),
        allow: rules.get("allow").map_or_else(Vec::new, |of| rule_ids(&of)),
        hop: get("hop").map_or_else(Vec::new, |of| hops(&of)),
        target_answers: false,
    }
}

fn hops(of: &Value<'_>) -> Vec<HopExpect> {
    let mut all = Vec::new();
    let mut before = 0;
    for value in of.list() {
        let Some(table) = value.table() else { continue };
        table.only(&[HOP_KEYS]);
        let at = table.get("at").and_then(|of| of.number().map(|at| (of, at as usize)));
        let at = match at {
            Some((of, at)) if at <= before => {
                of.expected::<()>(format!("a hop after hop {before}"));
                continue;
            }
            Some((_, at)) => at,
            None => before + 1,
        };
        before = at;
        all.push(hop(&table, at));
    }
    all
}

fn hop(table: &Table<'_>, at: usize) -> HopExpect {
    let get = |key: &str| table.get(key);
    HopExpect {
        at,
        status: get("status").and_then(|of| statuses(&of)),
        method: get("method").and_then(|of| text(&of)),
        url: get("url").and_then(|of| text(&of)),
        location: get("location").and_then(|of| text(&of)),
        target: get("target").and_then(|of| text(&of)),
        headers: named_texts(get("headers")),
        sent: named_texts(get("sent")),
        cookies: cookies(get("cookies")),
        time: get("time").and_then(|of| of.duration()),
    }
}

/// `3`, or `{ min = 1, max = 3 }`
fn range(of: &Value<'_>) -> Option<Range> {
    if of.kind() == Kind::Integer {
        return of.number().map(Range::exactly);
    }
    if of.kind() != Kind::Table {
        return of.expected("a number, or { min = …, max = … }");
    }
    let table = of.table()?;
    table.only(&[&["min", "max"]]);
    let least = table.get("min").map_or(Some(0), |of| of.number())?;
    let most = table.get("max").map_or(Some(u32::MAX), |of| of.number())?;
    Some(Range { least, most })
}

/// `302`, `"3xx"`, `[301, 308]`
fn statuses(of: &Value<'_>) -> Option<Statuses> {
    let ranges = of.list().into_iter().map(|item| {
        let text = match item.kind() {
            Kind::Integer => item.number()?.to_string(),
            Kind::Text => item.text()?,
            Kind::Boolean | Kind::Table | Kind::Array | Kind::Other => String::new(),
        };
        Statuses::parse(&text).or_else(|| item.expected("a status such as 302 or \"3xx\""))
    });
    let ranges: Option<Vec<Range>> = ranges.collect();
    ranges.filter(|ranges| !ranges.is_empty()).map(Statuses)
}

/// `"exact"`, `17`, `true` (present), `false` (absent), `{ matches = "^/a" }`
pub(in super::super) fn text(of: &Value<'_>) -> Option<Text> {
    match of.kind() {
        Kind::Text | Kind::Integer => of.text_or_number().map(Text::is),
        Kind::Boolean => {
            let present = of.boolean()?;
            Some(Text(vec![if present { Condition::Present } else { Condition::Absent }]))
        }
        Kind::Table => {
            let table = of.table()?;
            table.only(&[TEXT_KEYS]);
            conditions(&table).filter(|all| !all.is_empty()).map(Text)
        }
        Kind::Array | Kind::Other => {
            of.expected("a text, true, false or { matches = \"…\" }, { contains = \"…\" }, …")
        }
    }
}

fn conditions(table: &Table<'_>) -> Option<Vec<Condition>> {
    let mut all = Vec::new();
    for of in table.entries().iter().filter(|of| TEXT_KEYS.contains(&of.name)) {
        let parts = of.list().into_iter().map(|item| condition(&item));
        all.extend(parts.collect::<Option<Vec<Condition>>>()?);
    }
    Some(all)
}

fn condition(of: &Value<'_>) -> Option<Condition> {
    match of.name {
        "present" | "absent" => {
            let present = of.boolean()? == (of.name == "present");
            Some(if present { Condition::Present } else { Condition::Absent })
        }
        "contains" => of.text_or_number().map(Condition::Contains),
        "lacks" => of.text_or_number().map(Condition::Lacks),
        "matches" => {
            let pattern = of.text()?;
            match Regex::new(&pattern) {
                Ok(regex) => Some(Condition::Matches(regex)),
                Err(error) => {
                    let why = error.to_string();
                    let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ");
                    of.expected(format!("a regular expression; {why}"))
                }
            }
        }
        _ => of.text_or_number().map(Condition::Is),
    }
}

/// `{ Cache-Control = "no-store", X-Debug = false }`
fn named_texts(of: Option<Value<'_>>) -> Vec<(String, Text)> {
    let Some(table) = of.and_then(|of| of.table()) else { return Vec::new() };
    let entries = table.entries();
    entries.iter().filter_map(|of| Some((of.name.to_owned(), text(of)?))).collect()
}

fn json(of: Option<Value<'_>>) -> Vec<(JsonPath, JsonWant)> {
    let Some(table) = of.and_then(|of| of.table()) else { return Vec::new() };
    let entry = |of: &Value<'_>| {
        let path = JsonPath::parse(of.name);
        let path = path.or_else(|| of.expected("a path such as \"user.id\" or \"items[0]\""))?;
        Some((path, json_want(of)?))
    };
    table.entries().iter().filter_map(entry).collect()
}

/// A table of matchers is matchers; any other value is the value.
fn json_want(of: &Value<'_>) -> Option<JsonWant> {
    if of.kind() == Kind::Table {
        let entries = of.table()?.entries();
        if !entries.is_empty() && entries.iter().all(|of| TEXT_KEYS.contains(&of.name)) {
            return text(of).map(JsonWant::Like);
        }
    }
    of.json().map(JsonWant::Is)
}

fn cookies(of: Option<Value<'_>>) -> Vec<CookieExpect> {
    let Some(table) = of.and_then(|of| of.table()) else { return Vec::new() };
    table.entries().iter().filter_map(cookie).collect()
}

fn cookie(of: &Value<'_>) -> Option<CookieExpect> {
    let mut expect = CookieExpect {
        name: of.name.to_owned(),
        value: Text(vec![Condition::Present]),
        secure: None,
        http_only: None,
        same_site: None,
        path: None,
        domain: None,
    };
    if of.kind() != Kind::Table {
        expect.value = text(of)?;
        return Some(expect);
    }
    let table = of.table()?;
    table.only(&[TEXT_KEYS, COOKIE_KEYS]);
    let value = conditions(&table)?;
    if !value.is_empty() {
        expect.value = Text(value);
    }
    expect.secure = table.get("secure").and_then(|of| of.boolean());
    expect.http_only = table.get("http-only").and_then(|of| of.boolean());
    expect.same_site = table.get("same-site").and_then(|of| of.choice(SAME_SITE));
    expect.path = table.get("path").and_then(|of| text(&of));
    expect.domain = table.get("domain").and_then(|of| text(&of));
    Some(expect)
}

const SAME_SITE: &[(&str, SameSite)] =
    &[("Lax", SameSite::Lax), ("Strict", SameSite::Strict), ("None", SameSite::None)];

fn endings(of: &Value<'_>) -> Vec<String> {
    let choices: Vec<(&str, &str)> = ENDINGS.iter().map(|name| (*name, *name)).collect();
    let names = of.list().into_iter().filter_map(|item| item.choice(&choices));
    names.map(str::to_owned).collect()
}

pub(in super::super) fn rule_ids(of: &Value<'_>) -> Vec<&'static str> {
    let id = |item: &Value<'_>| {
        let id = item.text()?;
        let rule = rules::by_id(&id).map(|rule| rule.id);
        rule.or_else(|| {
            let near = hint(&id, rules::ALL.iter().map(|rule| rule.id));
            item.expected(format!("the id of a rule, not \"{id}\"{near}"))
        })
    };
    of.list().iter().filter_map(id).collect()
}
