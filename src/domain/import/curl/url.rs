//! The target URI of a command line: schemes may be missing, `-G` and `-T` add to it.

use url::{Position, Url};

use super::{Options, Refusal};
use crate::domain::redirect::remove_dots;

/// The URL to request.
pub(super) struct Target {
    pub(super) url: Url,
    /// As it was typed.
    pub(super) typed: String,
    /// The request target that curl sends, where `url` can't hold it.
    pub(super) exact: Option<String>,
}

/// The URL to request, with what options add to it.
pub(super) fn target(options: &Options) -> Result<Target, Refusal> {
    let typed = match options.urls.as_slice() {
        [] => return Err(Refusal::new("URL", "there is none; give the one to begin with")),
        [one] => text(one),
        [_, second, ..] => {
            return Err(Refusal::new(text(second), "only one URL can be traced at a time"));
        }
    };
    let default = options.proto_default.unwrap_or("http");
    // one of them, as in curl (`src/tool_operate.c`)
    let (option, added) = match (options.get, &options.data) {
        (true, Some(data)) => ("-G", data.bytes()),
        (true, None) | (false, _) => ("--url-query", options.query.bytes()),
    };
    let asked = with_query(&typed, added, option)?;
    let mut url = parse_as(&asked, default)?;
    let before = url.clone();
    if let Some(file) = &options.upload {
        add_file_name(&mut url, file);
    }
    // what adds to the URL makes curl put it together anew
    let as_is = options.path_as_is && added.is_empty();
    let exact = exact(&asked, &before, as_is).filter(|_| url == before);
    Ok(Target { url, typed, exact })
}

/// The request target by curl's reading (`lib/urlapi.c`): the path without dot segments, unless it goes as it is, its
/// non-ASCII bytes encoded, and all else as it was typed. `None` where the URL standard reads the same.
pub fn exact(typed: &str, url: &Url, as_is: bool) -> Option<String> {
    let text = typed.trim();
    if text.bytes().any(|byte| byte <= b' ' || byte == 0x7f) {
        return None;
    }
    let text = text.split('#').next().unwrap_or_default();
    let after =
        if has_scheme(text) { text.split_once(':')?.1.trim_start_matches('/') } else { text };
    let from = after.find(['/', '?'])?;
    let (path, query) = match after[from..].split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (&after[from..], None),
    };
    let path = if as_is { path.as_bytes().to_vec() } else { remove_dots(path.as_bytes(), false) };
    let mut target = encoded(&path);
    if !target.starts_with('/') {
        target.insert(0, '/');
    }
    if let Some(query) = query {
        target.push('?');
        target.push_str(query);
    }
    (target != url[Position::BeforePath..Position::AfterQuery]).then_some(target)
}

/// Bytes outside ASCII percent-encoded.
fn encoded(path: &[u8]) -> String {
    let mut out = String::with_capacity(path.len());
    for &byte in path {
        match byte {
            0x80.. => out.push_str(&format!("%{byte:02X}")),
            ascii => out.push(char::from(ascii)),
        }
    }
    out
}

/// A URL by curl's reading: without a scheme it is `http://`.
pub fn parse(typed: &str) -> Result<Url, Refusal> {
    parse_as(typed, "http")
}

/// The same, with the scheme that a URL without one gets.
fn parse_as(typed: &str, default: &str) -> Result<Url, Refusal> {
    let trimmed = typed.trim();
    let full =
        if has_scheme(trimmed) { trimmed.to_owned() } else { format!("{default}://{trimmed}") };
    let url = Url::parse(&full).map_err(|error| Refusal::new(shown(typed), error.to_string()))?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        scheme => {
            let why = format!("only http and https are fetched, not {scheme}");
            Err(Refusal::new(shown(typed), why))
        }
    }
}

/// `scheme://`, or `http:/` as curl lets it pass; `localhost:8080/x` has none.
fn has_scheme(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    let well_formed = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
    let http = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    well_formed && (rest.starts_with("//") || (http && rest.starts_with('/')))
}

/// The URL with this behind its query: as it is, so that a `#` in it begins the fragment.
fn with_query(typed: &str, added: &[u8], option: &str) -> Result<String, Refusal> {
    if added.is_empty() {
        return Ok(typed.to_owned());
    }
    if added.iter().any(|byte| *byte <= b' ' || *byte == 0x7f) {
        return Err(Refusal::new(
            option,
            "no URL holds a space, line end or other control byte: --data-urlencode encodes them",
        ));
    }
    let (before, fragment) = match typed.trim().split_once('#') {
        Some((before, fragment)) => (before, format!("#{fragment}")),
        None => (typed.trim(), String::new()),
    };
    let joint = match before.split_once('?') {
        None => "?",
        Some((_, "")) => "",
        Some(_) => "&",
    };
    Ok(format!("{before}{joint}{}{fragment}", text(added)))
}

/// `-T FILE http://host/dir/` uploads to `/dir/FILE`.
fn add_file_name(url: &mut Url, file: &str) {
    let name = file.rsplit('/').next().unwrap_or(file);
    if !url.path().ends_with('/') || matches!(file, "-" | "." | "") {
        return;
    }
    let mut path = url.path().to_owned();
    for byte in name.bytes() {
        match byte {
            b'-' | b'.' | b'_' | b'~' => path.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => path.push(char::from(byte)),
            byte => path.push_str(&format!("%{byte:02X}")),
        }
    }
    url.set_path(&path);
}

/// UTF-8, with any other byte percent-encoded.
fn text(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// As much of a URL as a message needs.
fn shown(typed: &str) -> String {
    let short: String = typed.chars().take(80).collect();
    if short.is_empty() { "URL".to_owned() } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_without_scheme_is_http() {
        let parsed = |text: &str| parse(text).map(|url| url.to_string());
        assert_eq!(parsed("localhost:8080/x").unwrap(), "http://localhost:8080/x");
        assert_eq!(parsed("example.test").unwrap(), "http://example.test/");
        assert_eq!(parsed("[::1]:80/").unwrap(), "http://[::1]/");
        assert_eq!(parsed("HTTPS://a.test").unwrap(), "https://a.test/");
        assert_eq!(parsed("http:/a.test/x").unwrap(), "http://a.test/x");
        assert_eq!(parsed("user:pw@a.test/").unwrap(), "http://user:pw@a.test/");
        assert!(parsed("ftp://a.test/").unwrap_err().to_string().contains("not ftp"));
        assert!(parsed("").is_err());
        assert!(parsed("http://[::1/").is_err());
    }

    #[test]
    fn the_target_is_the_one_that_was_typed() {
        let exact = |typed: &str, as_is| exact(typed, &parse(typed).unwrap(), as_is);
        let plain = |typed: &str| exact(typed, false);
        assert_eq!(plain("http://a.test/a/../b?x#f"), None);
        assert_eq!(plain("a.test"), None);
        assert_eq!(plain("a.test/%2e%2e/x").as_deref(), Some("/%2e%2e/x"));
        assert_eq!(plain("http://a.test/a\\..\\b").as_deref(), Some("/a\\..\\b"));
        assert_eq!(plain("http://a.test/\u{e9}"), None);
        assert_eq!(plain("http://a.test?q='\u{e9}").as_deref(), Some("/?q='\u{e9}"));
        assert_eq!(plain("http://a.test/a b\""), None);
        assert_eq!(exact("a.test/a/../b/./c", true).as_deref(), Some("/a/../b/./c"));
        assert_eq!(exact("a.test/a/b", true), None);
    }

    #[test]
    fn queries_and_file_names_are_appended() {
        let added = |typed: &str, data: &[u8]| with_query(typed, data, "-G").unwrap();
        assert_eq!(added("http://a.test/d/?#f", b"a=b"), "http://a.test/d/?a=b#f");
        assert_eq!(added("a.test/d?x", b"a#\xff"), "a.test/d?x&a#%FF");
        assert_eq!(added("a.test", b""), "a.test");
        let refused = with_query("a.test", b"a b", "-G").unwrap_err();
        assert!(refused.to_string().starts_with("-G: "), "{refused}");
        let mut url = Url::parse("http://a.test/d/?a").unwrap();
        add_file_name(&mut url, "x/p q;%.html");
        assert_eq!(url.path(), "/d/p%20q%3B%25.html");
        let mut root = Url::parse("http://a.test").unwrap();
        add_file_name(&mut root, "f");
        assert_eq!(root.path(), "/f");
    }
}
