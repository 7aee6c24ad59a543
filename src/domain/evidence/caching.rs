//! Caching: what a response says about being stored and for how long (RFC 9111).

use crate::domain::cookie::date;
use crate::domain::finding::{Anchor, FieldAnchor};
use crate::domain::http::field::Fields;

/// The caching directives of a response, as far as rules ask about them.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Caching {
    /// Seconds of `max-age`.
    pub max_age: Option<u64>,
    /// Seconds of `s-maxage`.
    pub shared_max_age: Option<u64>,
    pub no_store: bool,
    pub no_cache: bool,
    pub private: bool,
    pub public: bool,
    pub immutable: bool,
    /// There is an `Expires` field.
    pub expires: bool,
    /// Seconds from `Date` to `Expires`, when both can be read; 0 for an `Expires` that can't.
    pub expires_in: Option<u64>,
}

impl Caching {
    pub fn of(fields: &Fields) -> Caching {
        let mut caching = Caching {
            expires: fields.contains("Expires"),
            expires_in: expires_in(fields),
            ..Caching::default()
        };
        for field in fields.all("Cache-Control") {
            for directive in field.text().to_ascii_lowercase().split(',') {
                caching.add(directive.trim());
            }
        }
        caching
    }

    /// The response says how long it may be kept, or that it may not.
    pub fn is_bounded(self) -> bool {
        self.max_age.or(self.shared_max_age).is_some()
            || self.no_store
            || self.no_cache
            || self.expires
    }

    /// How long a cache may keep it without asking, as far as the response says so (RFC 9111 §4.2.1).
    pub fn lifetime(self) -> Option<u64> {
        self.shared_max_age.or(self.max_age).or(self.expires_in)
    }

    /// The response lets shared caches keep it.
    pub fn is_shared(self) -> bool {
        let fresh = self.lifetime().is_some_and(|seconds| seconds > 0);
        !self.private && !self.no_store && !self.no_cache && (self.public || fresh)
    }

    fn add(&mut self, directive: &str) {
        let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
        let seconds = || value.trim_matches('"').parse().ok();
        match name {
            "max-age" => self.max_age = seconds(),
            "s-maxage" => self.shared_max_age = seconds(),
            "no-store" => self.no_store = true,
            "no-cache" => self.no_cache = true,
            "private" => self.private = true,
            "public" => self.public = true,
            "immutable" => self.immutable = true,
            _ => {}
        }
    }
}

/// The place of a Cache-Control directive.
pub fn directive(fields: &Fields, name: &str) -> Option<Anchor> {
    fields.all("Cache-Control").enumerate().find_map(|(at, field)| {
        let mut start = 0;
        for part in field.value.split(|&byte| byte == b',') {
            let text = part.trim_ascii();
            let own = text.split(|&byte| byte == b'=').next().unwrap_or_default();
            let skipped = part.len() - part.trim_ascii_start().len();
            if own.eq_ignore_ascii_case(name.as_bytes()) {
                let bytes = Some(start + skipped..start + skipped + text.len());
                return Some(Anchor::Header(FieldAnchor {
                    name: field.name.clone(),
                    occurrence: at + 1,
                    bytes,
                }));
            }
            start += part.len() + 1;
        }
        None
    })
}

fn expires_in(fields: &Fields) -> Option<u64> {
    let expires = fields.first("Expires")?;
    let Some(end) = date::parse(&expires.value) else { return Some(0) };
    let now = date::parse(&fields.first("Date")?.value)?;
    Some(u64::try_from(end - now).unwrap_or_default())
}
