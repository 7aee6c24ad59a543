//! HSTS: what the Strict-Transport-Security lines of a response say (RFC 6797 §6.1).

use crate::domain::http::field::Fields;

/// A year: what browsers' preload list asks for.
pub const ENOUGH: u64 = 31_536_000;

/// One reading of the lines.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hsts {
    Absent,
    /// More than one line: the first counts, the others are ignored.
    Repeated,
    /// No max-age that is a number.
    Unreadable,
    Set {
        max_age: u64,
        subdomains: bool,
        preload: bool,
    },
}

impl Hsts {
    pub fn of(fields: &Fields) -> Hsts {
        let mut lines = fields.all("Strict-Transport-Security");
        let Some(line) = lines.next() else { return Hsts::Absent };
        if lines.next().is_some() {
            return Hsts::Repeated;
        }
        let text = line.text().to_ascii_lowercase();
        let mut directives = text.split(';').map(str::trim);
        let max_age = directives.clone().find_map(|part| {
            let value = part.strip_prefix("max-age")?.trim_start().strip_prefix('=')?;
            value.trim().trim_matches('"').parse().ok()
        });
        match max_age {
            None => Hsts::Unreadable,
            Some(max_age) => Hsts::Set {
                max_age,
                subdomains: directives.clone().any(|part| part == "includesubdomains"),
                preload: directives.any(|part| part == "preload"),
            },
        }
    }

    /// The host asks for https for at least a year.
    pub fn is_strong(self) -> bool {
        matches!(self, Hsts::Set { max_age, .. } if max_age >= ENOUGH)
    }

    /// The host asks for it for its subdomains too, or for the preload list.
    pub fn is_wide(self) -> bool {
        matches!(self, Hsts::Set { subdomains, preload, .. } if subdomains || preload)
    }
}
