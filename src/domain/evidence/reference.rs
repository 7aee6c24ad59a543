//! Reference: the parts of a raw Location by byte range, so that findings can point at them.
//!
//! Lenient: every byte string has parts. Slashes and backslashes both open an authority, as in browsers; whether the
//! reference is valid is decided elsewhere.

use std::ops::Range;

use super::params::{Param, Place, params};

/// A raw reference and where its parts stand.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reference<'a> {
    pub raw: &'a [u8],
    /// Without the colon.
    pub scheme: Option<Range<usize>>,
    /// Without the slashes before it.
    pub authority: Option<Range<usize>>,
    /// Without the `@`.
    pub userinfo: Option<Range<usize>>,
    pub host: Option<Range<usize>>,
    /// Without the colon.
    pub port: Option<Range<usize>>,
    pub path: Range<usize>,
    /// Without the `?`.
    pub query: Option<Range<usize>>,
    /// Without the `#`.
    pub fragment: Option<Range<usize>>,
}

impl<'a> Reference<'a> {
    pub fn of(raw: &'a [u8]) -> Reference<'a> {
        let hash = find(raw, 0, raw.len(), b"#");
        let question = find(raw, 0, hash, b"?");
        let mut parts = Reference {
            raw,
            query: (question < hash).then(|| question + 1..hash),
            fragment: (hash < raw.len()).then(|| hash + 1..raw.len()),
            ..Reference::default()
        };
        let colon = find(raw, 0, question, b":/\\");
        let mut at = 0;
        if raw.get(colon) == Some(&b':') && colon < question && is_scheme(&raw[..colon]) {
            parts.scheme = Some(0..colon);
            at = colon + 1;
        }
        if let [a, b, ..] = raw[at..question] {
            let web = parts.scheme.is_none() || parts.is_web();
            let slash = |byte| byte == b'/' || web && byte == b'\\';
            if slash(a) && slash(b) {
                let end = find(raw, at + 2, question, if web { b"/\\" } else { b"/" });
                parts.split_authority(at + 2..end);
                at = end;
            }
        }
        parts.path = at..question;
        parts
    }

    /// The bytes of a part as text.
    pub fn text(&self, part: &Range<usize>) -> String {
        self.raw.get(part.clone()).map_or_else(String::new, crate::domain::http::field::decode)
    }

    /// The parameters of query and fragment, in order. A fragment without `=` has none.
    pub fn params(&self) -> Vec<Param> {
        let mut all = Vec::new();
        if let Some(query) = &self.query {
            params(self.raw, query.clone(), Place::Query, &mut all);
        }
        if let Some(fragment) = &self.fragment {
            params(self.raw, fragment.clone(), Place::Fragment, &mut all);
        }
        all
    }

    /// The scheme is http or https.
    fn is_web(&self) -> bool {
        self.scheme.clone().is_some_and(|scheme| {
            let scheme = &self.raw[scheme];
            scheme.eq_ignore_ascii_case(b"http") || scheme.eq_ignore_ascii_case(b"https")
        })
    }

    fn split_authority(&mut self, authority: Range<usize>) {
        let bytes = &self.raw[authority.clone()];
        let at = bytes.iter().rposition(|&byte| byte == b'@');
        let host_start = at.map_or(0, |at| at + 1);
        let rest = &bytes[host_start..];
        let bracket = rest.iter().rposition(|&byte| byte == b']').map_or(0, |at| at + 1);
        let colon = rest[bracket..].iter().rposition(|&byte| byte == b':').map(|at| bracket + at);
        let host_end = host_start + colon.unwrap_or(rest.len());
        let start = authority.start;
        self.userinfo = at.map(|at| start..start + at);
        self.host = Some(start + host_start..start + host_end);
        self.port = colon.map(|_| start + host_end + 1..authority.end);
        self.authority = Some(authority);
    }
}

/// `scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )` (RFC 3986 §3.1)
fn is_scheme(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(u8::is_ascii_alphabetic)
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte))
}

/// The first place of one of these bytes, or the end.
fn find(raw: &[u8], start: usize, end: usize, bytes: &[u8]) -> usize {
    raw[start..end].iter().position(|byte| bytes.contains(byte)).map_or(end, |at| start + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(raw: &str, pick: fn(&Reference<'_>) -> Option<Range<usize>>) -> Option<&str> {
        pick(&Reference::of(raw.as_bytes())).map(|range| &raw[range])
    }

    #[test]
    fn an_absolute_url_has_all_its_parts() {
        let raw = "https://me:pw@[::1]:8443/a/b?c=d#e";
        assert_eq!(part(raw, |r| r.scheme.clone()), Some("https"));
        assert_eq!(part(raw, |r| r.userinfo.clone()), Some("me:pw"));
        assert_eq!(part(raw, |r| r.host.clone()), Some("[::1]"));
        assert_eq!(part(raw, |r| r.port.clone()), Some("8443"));
        assert_eq!(part(raw, |r| Some(r.path.clone())), Some("/a/b"));
        assert_eq!(part(raw, |r| r.query.clone()), Some("c=d"));
        assert_eq!(part(raw, |r| r.fragment.clone()), Some("e"));
    }

    #[test]
    fn backslashes_open_an_authority_as_in_browsers() {
        assert_eq!(part("/\\evil.test/x", |r| r.host.clone()), Some("evil.test"));
        assert_eq!(part("/\\evil.test\\x", |r| r.host.clone()), Some("evil.test"));
        assert_eq!(part("app:/\\x", |r| r.host.clone()), None);
    }

    #[test]
    fn a_colon_after_a_slash_is_no_scheme() {
        assert_eq!(part("/a:b", |r| r.scheme.clone()), None);
        assert_eq!(part("?a:b", |r| r.scheme.clone()), None);
        assert_eq!(part("", |r| r.scheme.clone()), None);
        assert_eq!(part("//", |r| r.host.clone()), Some(""));
    }
}
