//! RFC 3986: references split into parts and resolved (§5.2), on raw bytes and without refusing anything.

use url::Url;

/// A URI reference in its five parts (RFC 3986 §3, appendix B).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Reference<'a> {
    pub scheme: Option<&'a [u8]>,
    pub authority: Option<&'a [u8]>,
    pub path: &'a [u8],
    pub query: Option<&'a [u8]>,
    pub fragment: Option<&'a [u8]>,
}

impl<'a> Reference<'a> {
    /// Splits a reference; every byte string is one.
    pub(crate) fn split(text: &'a [u8]) -> Reference<'a> {
        let (scheme, rest) = split_scheme(text);
        Reference { scheme, ..Reference::split_relative(rest) }
    }

    /// A URL with this path and query in place of its own, which begin with a slash.
    pub(crate) fn of(url: &'a Url, target: &'a str) -> Reference<'a> {
        let (target, _) = cut(target.as_bytes(), b'#');
        let (path, query) = cut(target, b'?');
        let authority = Some(url.authority().as_bytes());
        Reference { scheme: Some(url.scheme().as_bytes()), authority, path, query, fragment: None }
    }

    /// Splits a reference that is known to have no scheme.
    pub(crate) fn split_relative(text: &'a [u8]) -> Reference<'a> {
        let (rest, fragment) = cut(text, b'#');
        let (rest, query) = cut(rest, b'?');
        let (authority, path) = match rest.strip_prefix(b"//") {
            Some(after) => {
                let end = after.iter().position(|&byte| byte == b'/').unwrap_or(after.len());
                (Some(&after[..end]), &after[end..])
            }
            None => (None, rest),
        };
        Reference { scheme: None, authority, path, query, fragment }
    }
}

/// The scheme, if the text begins with one (§3.1), and what follows its colon.
pub(crate) fn split_scheme(text: &[u8]) -> (Option<&[u8]>, &[u8]) {
    let end = scheme_length(text);
    let valid = text.first().is_some_and(u8::is_ascii_alphabetic) && text.get(end) == Some(&b':');
    if valid { (Some(&text[..end]), &text[end + 1..]) } else { (None, text) }
}

/// How many bytes at the start may stand in a scheme.
pub(crate) fn scheme_length(text: &[u8]) -> usize {
    let ends = |&byte: &u8| !(byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    text.iter().position(ends).unwrap_or(text.len())
}

fn cut(text: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|&byte| byte == at) {
        Some(index) => (&text[..index], Some(&text[index + 1..])),
        None => (text, None),
    }
}

/// The folder of a path: everything up to and with its last slash.
pub(crate) fn folder(path: &[u8]) -> &[u8] {
    let end = path.iter().rposition(|&byte| byte == b'/').map_or(0, |index| index + 1);
    &path[..end]
}

/// The path without dot segments (§5.2.4); with `encoded`, `%2e` counts as a dot.
pub(crate) fn remove_dots(path: &[u8], encoded: bool) -> Vec<u8> {
    let may_be_dot = |byte: &u8| *byte == b'.' || (encoded && *byte == b'%');
    if !path.iter().any(may_be_dot) {
        return path.to_vec();
    }
    let mut kept: Vec<&[u8]> = Vec::new();
    let mut segments = path.split(|&byte| byte == b'/').peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match dots(segment, encoded) {
            0 => kept.push(segment),
            count => {
                // the first segment of an absolute path is the empty one before its slash
                if count == 2 && kept.len() > 1 {
                    kept.pop();
                }
                if last {
                    kept.push(b"");
                }
            }
        }
    }
    kept.join(&b'/')
}

/// 1 for `.`, 2 for `..`, 0 for any other segment.
fn dots(segment: &[u8], encoded: bool) -> usize {
    match segment {
        b"." => 1,
        b".." => 2,
        _ if encoded && segment.contains(&b'%') => match segment.to_ascii_lowercase().as_slice() {
            b"%2e" => 1,
            b".%2e" | b"%2e." | b"%2e%2e" => 2,
            _ => 0,
        },
        _ => 0,
    }
}

/// The target of a reference by §5.2.2, serialised with everything outside printable ASCII percent-encoded.
pub(crate) fn resolve(reference: &[u8], base: Reference<'_>) -> String {
    let given = Reference::split(reference);
    let mut query = given.query;
    let (scheme, authority, path) = match given {
        Reference { scheme: Some(_), .. } => {
            (given.scheme, given.authority, remove_dots(given.path, false))
        }
        Reference { authority: Some(_), .. } => {
            (base.scheme, given.authority, remove_dots(given.path, false))
        }
        Reference { path: b"", .. } => {
            query = given.query.or(base.query);
            (base.scheme, base.authority, base.path.to_vec())
        }
        Reference { path: [b'/', ..], .. } => {
            (base.scheme, base.authority, remove_dots(given.path, false))
        }
        _ => (base.scheme, base.authority, remove_dots(&merge(base.path, given.path), false)),
    };
    let parts = [scheme, authority, Some(&path), query, given.fragment];
    // the marks between the parts are five bytes
    let length = parts.iter().flatten().map(|part| part.len()).sum::<usize>() + 5;
    let mut text = Vec::with_capacity(length);
    append(&mut text, scheme, b"", b":");
    append(&mut text, authority, b"//", b"");
    text.extend_from_slice(&path);
    append(&mut text, query, b"?", b"");
    append(&mut text, given.fragment, b"#", b"");
    printable(text)
}

/// A relative path put in place of the last segment of the base (§5.2.3).
pub(crate) fn merge(base: &[u8], path: &[u8]) -> Vec<u8> {
    let folder = if base.is_empty() { b"/" } else { folder(base) };
    [folder, path].concat()
}

fn append(text: &mut Vec<u8>, part: Option<&[u8]>, before: &[u8], after: &[u8]) {
    if let Some(part) = part {
        text.extend_from_slice(before);
        text.extend_from_slice(part);
        text.extend_from_slice(after);
    }
}

fn printable(text: Vec<u8>) -> String {
    match String::from_utf8(text) {
        Ok(plain) if plain.bytes().all(is_plain) => plain,
        Ok(other) => encoded(other.as_bytes()),
        Err(other) => encoded(other.as_bytes()),
    }
}

fn encoded(text: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for &byte in text {
        match is_plain(byte) {
            true => out.push(char::from(byte)),
            false => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn is_plain(byte: u8) -> bool {
    (0x21..=0x7e).contains(&byte)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// RFC 3986 §5.4, normal and abnormal examples.
    const EXAMPLES: &[(&str, &str)] = &[
        ("g:h", "g:h"),
        ("g", "http://a/b/c/g"),
        ("./g", "http://a/b/c/g"),
        ("g/", "http://a/b/c/g/"),
        ("/g", "http://a/g"),
        ("//g", "http://g"),
        ("?y", "http://a/b/c/d;p?y"),
        ("g?y", "http://a/b/c/g?y"),
        ("#s", "http://a/b/c/d;p?q#s"),
        ("g#s", "http://a/b/c/g#s"),
        (";x", "http://a/b/c/;x"),
        ("", "http://a/b/c/d;p?q"),
        (".", "http://a/b/c/"),
        ("./", "http://a/b/c/"),
        ("..", "http://a/b/"),
        ("../g", "http://a/b/g"),
        ("../..", "http://a/"),
        ("../../g", "http://a/g"),
        ("../../../g", "http://a/g"),
        ("../../../../g", "http://a/g"),
        ("/./g", "http://a/g"),
        ("/../g", "http://a/g"),
        ("g.", "http://a/b/c/g."),
        (".g", "http://a/b/c/.g"),
        ("..g", "http://a/b/c/..g"),
        ("./../g", "http://a/b/g"),
        ("./g/.", "http://a/b/c/g/"),
        ("g/./h", "http://a/b/c/g/h"),
        ("g/../h", "http://a/b/c/h"),
        ("g;x=1/../y", "http://a/b/c/y"),
        ("g?y/../x", "http://a/b/c/g?y/../x"),
        ("g#s/../x", "http://a/b/c/g#s/../x"),
        ("http:g", "http:g"),
    ];

    #[test]
    fn the_examples_of_the_rfc_resolve_as_it_says() {
        for (reference, target) in EXAMPLES {
            assert_eq!(
                resolve(reference.as_bytes(), Reference::split(b"http://a/b/c/d;p?q")),
                *target,
                "{reference}"
            );
        }
    }

    #[test]
    fn a_missing_colon_is_a_relative_path() {
        let target =
            resolve(b"http//www.example.re/x", Reference::split(b"http://a.test/dir/start"));
        assert_eq!(target, "http://a.test/dir/http//www.example.re/x");
    }

    proptest! {
        #[test]
        fn any_bytes_resolve_to_printable_ascii(bytes: Vec<u8>) {
            let target = resolve(&bytes, Reference::split(b"http://a.test/b?c"));
            prop_assert!(target.bytes().all(|byte| (0x21..=0x7e).contains(&byte)));
        }
    }
}
