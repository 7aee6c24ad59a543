//! Caching: what a response says about being stored and for how long (RFC 9111).

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
}

impl Caching {
    pub fn of(fields: &Fields) -> Caching {
        let mut caching = Caching { expires: fields.contains("Expires"), ..Caching::default() };
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
