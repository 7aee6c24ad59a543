//! Schemes: which of http and https may be asked for, as curl's `--proto` and `--proto-redir` say it.

use url::Url;

/// The schemes that are permitted. The default is both.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Schemes {
    pub http: bool,
    pub https: bool,
}

impl Default for Schemes {
    fn default() -> Schemes {
        Schemes::BOTH
    }
}

impl Schemes {
    pub const BOTH: Schemes = Schemes { http: true, https: true };

    /// `=https`, `-all,https`, `-http`: words from left to right, each with `=`, `+` or `-` before it. A protocol that is none
    /// of HTTP's changes nothing but for `=`, which takes away all others (curl 7.88 `src/tool_paramhlp.c`, `proto2num`).
    /// `None`: another character stands before a word.
    pub fn parse(text: &str) -> Option<Schemes> {
        let words = text.split(',').filter(|word| !word.is_empty());
        words.into_iter().try_fold(Schemes::BOTH, |schemes, word| {
            let start = word.find(|c: char| c.is_ascii_alphabetic())?;
            let (signs, name) = word.split_at(start);
            let known = signs.bytes().all(|sign| matches!(sign, b'=' | b'+' | b'-'));
            known.then(|| schemes.changed(signs.bytes().last().unwrap_or(b'+'), name))
        })
    }

    fn changed(self, sign: u8, name: &str) -> Schemes {
        let all = name.eq_ignore_ascii_case("all");
        let http = all || name.eq_ignore_ascii_case("http");
        let https = all || name.eq_ignore_ascii_case("https");
        match sign {
            b'-' => Schemes { http: self.http && !http, https: self.https && !https },
            b'=' => Schemes { http, https },
            _ => Schemes { http: self.http || http, https: self.https || https },
        }
    }

    pub fn permits(self, url: &Url) -> bool {
        match url.scheme() {
            "http" => self.http,
            "https" => self.https,
            _ => false,
        }
    }

    /// What both permit.
    #[must_use]
    pub fn and(self, other: Schemes) -> Schemes {
        Schemes { http: self.http && other.http, https: self.https && other.https }
    }

    /// The value that says the same to curl; `None` for both.
    pub const fn value(self) -> Option<&'static str> {
        match (self.http, self.https) {
            (true, true) => None,
            (true, false) => Some("=http"),
            (false, true) => Some("=https"),
            (false, false) => Some("-all"),
        }
    }

    /// `https only`, `neither http nor https`.
    pub const fn words(self) -> &'static str {
        match (self.http, self.https) {
            (true, true) => "http and https",
            (true, false) => "http only",
            (false, true) => "https only",
            (false, false) => "neither http nor https",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEITHER: Schemes = Schemes { http: false, https: false };

    #[test]
    fn words_are_read_from_left_to_right_as_curl_reads_them() {
        let (http, https) =
            (Schemes { https: false, ..Schemes::BOTH }, Schemes { http: false, ..Schemes::BOTH });
        for (text, expected) in [
            ("", Schemes::BOTH),
            ("=https", https),
            ("-http", https),
            ("-all,HTTPS", https),
            ("=ftp,+https", https),
            ("=http,-https,gopher", http),
            ("+-https", http),
            ("=http,-all,https", https),
            ("nonsense", Schemes::BOTH),
            ("=nonsense", NEITHER),
            ("-all", NEITHER),
            ("-all,=all", Schemes::BOTH),
        ] {
            assert_eq!(Schemes::parse(text), Some(expected), "{text}");
            if let Some(value) = expected.value() {
                assert_eq!(Schemes::parse(value), Some(expected), "{text}");
            }
        }
        assert_eq!(Schemes::parse("!http"), None);
        assert_eq!(Schemes::parse("="), None);
    }
}
