//! Steering: the place in a request that decides where its redirect leads.

use std::ops::Range;

use url::Url;

use super::HopEvidence;
use super::params::{Place, params};
use super::text::quoted;
use crate::domain::finding::{FieldAnchor, Source};
use crate::domain::http::field::decode;
use crate::domain::http::percent::percent_decoded;
use crate::domain::http::request::FieldSource;
use crate::domain::secret::secretish;

/// A place in the request that holds the target's host.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Steering {
    /// A query parameter of this name.
    Query(String),
    /// A path segment.
    Path(String),
    /// A field of the body.
    Body(String),
    /// The Referer that the user gave.
    Referer,
}

impl Steering {
    /// The place in a few words.
    pub fn describe(&self) -> String {
        match self {
            Steering::Query(name) => format!("the parameter {}", quoted(name)),
            Steering::Path(segment) => format!("the path segment {}", quoted(segment)),
            Steering::Body(name) => format!("the field {} of the body", quoted(name)),
            Steering::Referer => "the Referer".to_owned(),
        }
    }
}

/// The bytes of this place: of the request target as it is sent, of a field line, of the body.
pub fn source(hop: &HopEvidence<'_>, steering: &Steering) -> Option<Source> {
    let target = hop.request().target();
    match steering {
        Steering::Query(name) => {
            let start = target.find('?')? + 1;
            let mut all = Vec::new();
            params(target.as_bytes(), start..target.len(), Place::Query, &mut all);
            let found = all.into_iter().find(|param| param.name == *name)?;
            Some(Source::Target(value_of(target.as_bytes(), found.at)))
        }
        Steering::Path(segment) => {
            let end = target.find('?').unwrap_or(target.len());
            let mut at = 0;
            target.get(..end)?.split('/').find_map(|part| {
                let own = at..at + part.len();
                at = own.end + 1;
                (percent_decoded(part) == *segment).then_some(Source::Target(own))
            })
        }
        Steering::Body(name) => {
            let body = &hop.request().body.as_ref()?.bytes;
            let found = hop.form().into_iter().find(|param| param.name == *name);
            found.map(|param| Source::Body(value_of(body, param.at)))
        }
        Steering::Referer => {
            let name = "Referer".to_owned();
            Some(Source::Header(FieldAnchor { name, occurrence: 1, bytes: None }))
        }
    }
}

/// The value of `name=value`.
fn value_of(raw: &[u8], at: Range<usize>) -> Range<usize> {
    let part = raw.get(at.clone()).unwrap_or_default();
    let start = part.iter().position(|&byte| byte == b'=').map_or(at.start, |eq| at.start + eq + 1);
    start..at.end
}

/// Where the request holds the host of `next`.
pub fn steering(hop: &HopEvidence<'_>, next: &Url) -> Option<Steering> {
    let host = next.host_str().filter(|host| host.contains(['.', ':']) || *host == "localhost")?;
    let holds = |value: &str| names_host(value, host);
    if let Some(param) = hop.base_params.iter().find(|param| holds(&param.value)) {
        return Some(Steering::Query(param.name.clone()));
    }
    if let Some(segment) = hop.base().path_segments()?.find(|segment| holds(segment)) {
        return Some(Steering::Path(percent_decoded(segment)));
    }
    if let Some(param) = hop.form().iter().find(|param| holds(&param.value)) {
        return Some(Steering::Body(param.name.clone()));
    }
    if let Some(name) = hop.request().body.as_ref().and_then(|body| json_field(&body.bytes, host)) {
        return Some(Steering::Body(name));
    }
    let mut given = hop.request().sourced().filter(|(_, source)| *source == FieldSource::User);
    given.any(|(field, _)| field.is("Referer") && holds(&field.text())).then_some(Steering::Referer)
}

/// The field of the request body that holds a typed password.
pub fn password_field(hop: &HopEvidence<'_>) -> Option<String> {
    const NAMES: [&str; 7] = ["password", "passwd", "pwd", "pass", "pin", "otp", "client_secret"];
    let known = |name: &str| {
        let name = name.to_ascii_lowercase();
        NAMES.contains(&name.as_str()) || name.contains("password")
    };
    if let Some(param) = hop.form().into_iter().find(|param| known(&param.name)) {
        return Some(param.name);
    }
    let body = hop.request().body.as_ref()?;
    let text = decode(body.bytes.get(..body.bytes.len().min(16 * 1024))?);
    let quoted = text.split('"').collect::<Vec<_>>();
    let json = text.trim_start().starts_with(['{', '[']);
    let mut members = quoted.windows(2).filter(|pair| pair[1].trim_start().starts_with(':'));
    members.find(|pair| json && known(pair[0])).map(|pair| pair[0].to_owned())
}

/// The request body has a field that carries a secret by its name.
pub fn body_names_secret(hop: &HopEvidence<'_>) -> bool {
    password_field(hop).is_some()
        || hop.form().iter().any(|param| secretish(&param.name, &param.value))
}

/// The host stands in the value as a whole, after at most two rounds of percent-decoding.
fn names_host(value: &str, host: &str) -> bool {
    let mut value = value.to_ascii_lowercase();
    for _ in 0..3 {
        if has_whole(&value, host) {
            return true;
        }
        if !value.contains('%') {
            return false;
        }
        value = percent_decoded(&value).to_ascii_lowercase();
    }
    false
}

fn has_whole(text: &str, host: &str) -> bool {
    let part_of_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    text.match_indices(host).any(|(at, _)| {
        !text[..at].ends_with(part_of_name) && !text[at + host.len()..].starts_with(part_of_name)
    })
}

/// The member of a JSON body whose string value holds the host.
fn json_field(body: &[u8], host: &str) -> Option<String> {
    let text = decode(body.get(..body.len().min(16 * 1024))?);
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let at = text.to_ascii_lowercase().find(host)?;
    let before = text.get(..at)?;
    if !names_host(text.get(at.saturating_sub(1)..)?, host) {
        return None;
    }
    let key = before.rsplit(':').find(|part| part.trim_end().ends_with('"'))?;
    key.trim_end().trim_end_matches('"').rsplit('"').next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_found_as_a_whole_only() {
        assert!(names_host("https://evil.test/a", "evil.test"));
        assert!(names_host("https%253A%252F%252Fevil.test", "evil.test"));
        assert!(names_host("EVIL.test", "evil.test"));
        assert!(!names_host("https://notevil.test/", "evil.test"));
        assert!(!names_host("https://evil.test.example/", "evil.test"));
    }

    #[test]
    fn a_json_member_is_named() {
        let body = br#"{"id": 1, "callback": "https://evil.test/x"}"#;
        assert_eq!(json_field(body, "evil.test").as_deref(), Some("callback"));
    }
}
