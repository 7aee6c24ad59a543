//! Onward: where a page itself leads, beside any Location.

use std::ops::Range;

use url::Url;

use super::HopEvidence;
use super::html::{Tag, refresh, visible};
use crate::domain::http::field::decode;

/// Pages with more text than this are read by people.
const NOTE: usize = 200;

/// One way on.
#[derive(Clone, PartialEq, Debug)]
pub enum Onward {
    /// A Refresh field.
    Field { name: String, seconds: u64, target: Url },
    /// `<meta http-equiv=refresh>`
    Meta { at: Range<usize>, seconds: u64, target: Url },
    /// A script that assigns a literal to `location`, on a page with hardly any text.
    Script { at: Range<usize>, literal: String, target: Url },
    /// The only link of the page.
    Link { at: Range<usize>, target: Url },
}

impl Onward {
    pub fn target(&self) -> &Url {
        match self {
            Onward::Field { target, .. }
            | Onward::Meta { target, .. }
            | Onward::Script { target, .. }
            | Onward::Link { target, .. } => target,
        }
    }
}

/// Every way on, the ones that need no click first.
pub fn onward(hop: &HopEvidence<'_>) -> Vec<Onward> {
    let base = hop.base();
    let mut all = Vec::new();
    if let Some(field) = hop.fields().first("Refresh")
        && let Some((seconds, target)) = refresh(&field.text())
        && let Ok(target) = base.join(&target)
    {
        all.push(Onward::Field { name: field.name.clone(), seconds, target });
    }
    let page = &hop.hop.exchange.body.head;
    let tags = hop.tags_of(&["a", "meta", "script"]);
    let html =
        || hop.media().is_none_or(|media| media == "text/html" || media == "application/xhtml+xml");
    if tags.is_empty() || !html() {
        return all;
    }
    all.extend(tags.iter().find_map(|tag| meta(tag, base)));
    if hop.hop.exchange.body.decoded_size < 4096 && visible(tags, page) < NOTE {
        all.extend(tags.iter().find_map(|tag| script(tag, page, base)));
    }
    let links: Vec<&Tag> =
        tags.iter().filter(|tag| tag.is("a") && tag.get("href").is_some()).collect();
    if let [link] = links.as_slice()
        && let Ok(target) = base.join(link.get("href").unwrap_or_default())
    {
        all.push(Onward::Link { at: link.at.clone(), target });
    }
    all
}

fn meta(tag: &Tag, base: &Url) -> Option<Onward> {
    let is_refresh = tag.is("meta") && tag.get("http-equiv")?.eq_ignore_ascii_case("refresh");
    let (seconds, target) = refresh(tag.get("content").filter(|_| is_refresh)?)?;
    Some(Onward::Meta { at: tag.at.clone(), seconds, target: base.join(&target).ok()? })
}

fn script(tag: &Tag, page: &[u8], base: &Url) -> Option<Onward> {
    let code = decode(page.get(tag.content.clone()).filter(|_| tag.is("script"))?);
    let (at, literal) = assigned(&code)?;
    let target = base.join(&literal).ok()?;
    // offsets of decoded text are those of the bytes as long as the script is UTF-8
    let start = tag.content.start + at.start;
    let end = (tag.content.start + at.end).min(page.len());
    Some(Onward::Script { at: start..end, literal, target })
}

/// The literal that a script assigns to `location`.
pub(crate) fn script_target(tag: &Tag, page: &[u8]) -> Option<String> {
    let code = decode(page.get(tag.content.clone()).filter(|_| tag.is("script"))?);
    assigned(&code).map(|(_, literal)| literal)
}

/// Nothing on the page is to be filled in.
pub(crate) fn is_hidden(all: &[Tag]) -> bool {
    let harmless = |tag: &Tag| {
        tag.get("type").is_some_and(|kind| {
            let known = ["hidden", "submit", "button", "image"];
            known.iter().any(|known| kind.eq_ignore_ascii_case(known))
        })
    };
    let fields = |tag: &&Tag| matches!(tag.name.as_str(), "input" | "select" | "textarea");
    all.iter().filter(fields).all(harmless)
}

/// A script submits a form.
pub(crate) fn submits(all: &[Tag], page: &[u8]) -> bool {
    let calls = |text: &[u8]| crate::domain::classify::find_in_any_case(text, b"submit(").is_some();
    all.iter().any(|tag| {
        tag.get("onload").is_some_and(|code| calls(code.as_bytes()))
            || tag.is("script") && page.get(tag.content.clone()).is_some_and(calls)
    })
}

/// `location = "…"`, `location.href = "…"`, `location.replace("…")`, `location.assign("…")`
fn assigned(code: &str) -> Option<(Range<usize>, String)> {
    for (at, word) in code.match_indices("location") {
        let rest = &code[at + word.len()..];
        let rest = rest.strip_prefix(".href").unwrap_or(rest);
        let call = rest.strip_prefix(".replace(").or_else(|| rest.strip_prefix(".assign("));
        let value = match call {
            Some(value) => value,
            None => {
                match rest.trim_start().strip_prefix('=').filter(|value| !value.starts_with('=')) {
                    Some(value) => value,
                    None => continue,
                }
            }
        };
        let value = value.trim_start();
        let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'' | '`')) else {
            continue;
        };
        let Some((literal, _)) = value[1..].split_once(quote) else { continue };
        if literal.is_empty() || literal.contains("${") {
            continue;
        }
        let end = code.len() - value.len() + literal.len() + 2;
        return Some((at..end, literal.to_owned()));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_assigned_to_location_are_found() {
        for code in [
            "location='/new'",
            "window.location.href = \"/new\";",
            "top.location.replace('/new')",
            "document.location.assign(`/new`)",
        ] {
            let (at, literal) = assigned(code).unwrap();
            assert_eq!(literal, "/new", "{code}");
            assert!(code[at].starts_with("location"), "{code}");
        }
        for code in [
            "if (location == '/new') {}",
            "location.href = next",
            "location.reload()",
            "var x = '/new'",
        ] {
            assert_eq!(assigned(code), None, "{code}");
        }
    }
}
