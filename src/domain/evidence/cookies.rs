//! Cookies of a hop: what each Set-Cookie line asks for, and whether its cookie goes along with a request.

use std::ops::Range;

use url::Url;

use super::HopEvidence;
use crate::domain::cookie::date;
use crate::domain::cookie::jar::{Jar, Retrieval};
use crate::domain::cookie::refusal::{Refusal, Withheld};
use crate::domain::cookie::set_cookie::{Expiry, SetCookie};
use crate::domain::finding::{Anchor, FieldAnchor};
use crate::domain::http::field::{Field, decode};
use crate::domain::http::request::Request;
use crate::domain::secret::looks_random;

/// One Set-Cookie line.
#[derive(Clone, Debug)]
pub struct SetLine<'a> {
    pub field: &'a Field,
    /// Which of the Set-Cookie lines, from 1.
    pub occurrence: usize,
    pub name: String,
    /// In parts; `None` when it is no cookie at all.
    pub cookie: Option<SetCookie>,
}

impl<'a> SetLine<'a> {
    /// Every Set-Cookie line of a hop.
    pub fn all(hop: &HopEvidence<'a>) -> Vec<SetLine<'a>> {
        let lines = hop.fields().all("Set-Cookie").enumerate();
        lines
            .map(|(at, field)| SetLine {
                field,
                occurrence: at + 1,
                name: SetCookie::name_of(&field.value),
                cookie: SetCookie::parse(&field.value).ok(),
            })
            .collect()
    }

    /// The whole line.
    pub fn anchor(&self) -> Anchor {
        self.anchor_at(None)
    }

    /// The attribute of this name with its value, or else the whole line.
    pub fn anchor_attribute(&self, name: &str) -> Anchor {
        self.anchor_at(self.attribute(name))
    }

    fn anchor_at(&self, bytes: Option<Range<usize>>) -> Anchor {
        let name = self.field.name.clone();
        Anchor::Header(FieldAnchor { name, occurrence: self.occurrence, bytes })
    }

    fn attribute(&self, name: &str) -> Option<Range<usize>> {
        let mut start = 0;
        for part in self.field.value.split(|&byte| byte == b';') {
            let end = start + part.len();
            let text = part.trim_ascii();
            let own = text.split(|&byte| byte == b'=').next().unwrap_or_default().trim_ascii();
            if start > 0 && own.eq_ignore_ascii_case(name.as_bytes()) {
                let skipped = part.len() - part.trim_ascii_start().len();
                return Some(start + skipped..start + skipped + text.len());
            }
            start = end + 1;
        }
        None
    }

    /// The cookie ends on arrival.
    pub fn is_deletion(&self, now: i64) -> bool {
        self.cookie.as_ref().is_some_and(|cookie| match cookie.expiry {
            Expiry::Session => false,
            Expiry::MaxAge(seconds) => seconds <= 0,
            Expiry::At(at) => at <= now,
        })
    }

    /// How long it lives, in seconds; `None` for the session.
    pub fn lifetime(&self, now: i64) -> Option<i64> {
        match self.cookie.as_ref()?.expiry {
            Expiry::Session => None,
            Expiry::MaxAge(seconds) => Some(seconds),
            Expiry::At(at) => Some(at - now),
        }
    }

    /// Why a browser would not store it.
    pub fn refusal(&self, base: &Url) -> Option<Refusal> {
        Jar::default().store(&self.field.value, base, 0).err().filter(|of| *of != Refusal::Expired)
    }

    /// Whether a client with a jar would send it to this URL, or why not.
    pub fn reaches(&self, base: &Url, next: &Url, now: i64) -> Result<(), Option<Withheld>> {
        let mut jar = Jar::default();
        jar.store(&self.field.value, base, now).map_err(|_| None)?;
        let mut answer = jar.retrieve(&Retrieval::new(next, now));
        match answer.withheld.pop() {
            Some((_, reason)) => Err(Some(reason)),
            None if answer.sent.is_empty() => Err(None),
            None => Ok(()),
        }
    }

    /// It is a session's by its name, or kept from scripts.
    pub fn is_session_like(&self) -> bool {
        self.cookie.as_ref().is_some_and(|cookie| {
            let value = decode(&cookie.value);
            value.len() >= 16
                && (is_session_name(&self.name) || cookie.http_only && looks_random(&value))
        })
    }
}

/// The time of a response in seconds since the Unix epoch, by its Date; 0 when it has none.
pub fn time_of(hop: &HopEvidence<'_>) -> i64 {
    hop.fields().first("Date").and_then(|field| date::parse(&field.value)).unwrap_or_default()
}

/// `sess`, `sid`, `auth`, `token`, `jwt`, `remember`; a CSRF token is no session.
pub fn is_session_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    !name.contains("csrf")
        && !name.contains("xsrf")
        && ["sess", "sid", "auth", "token", "jwt", "remember"]
            .iter()
            .any(|word| name.contains(word))
}

/// Cookies that only tie a visitor to a server.
pub fn is_affinity(name: &str) -> bool {
    const NAMES: [&str; 9] = [
        "awsalb",
        "arraffinity",
        "__cf_bm",
        "gclb",
        "serverid",
        "bigipserver",
        "incap_ses",
        "route",
        "_traefik_backend",
    ];
    let name = name.to_ascii_lowercase();
    NAMES.iter().any(|known| name.starts_with(known))
}

/// The names and values of the Cookie lines of a request.
pub fn sent(request: &Request) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for field in request.fields.all("Cookie") {
        for pair in field.text().split(';') {
            let (name, value) = pair.split_once('=').unwrap_or(("", pair));
            pairs.push((name.trim().to_owned(), value.trim().to_owned()));
        }
    }
    pairs
}
