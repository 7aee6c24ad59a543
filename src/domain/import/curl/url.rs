//! The target URI of a command line: schemes may be missing, `-G` and `-T` add to it.

use url::{Position, Url};

use super::{Options, Refusal, glob};
use crate::domain::redirect::remove_dots;

/// The URL to request.
pub(super) struct Target {
    pub(super) url: Url,
    /// As it was typed, without what means something to curl alone.
    pub(super) typed: String,
    /// Path and query as curl reads them, where `url` has others.
    pub(super) exact: Option<String>,
}

/// The URL to request, with what options add to it.
pub(super) fn target(options: &Options) -> Result<Target, Refusal> {
    let typed = match options.urls.as_slice() {
        [] => return Err(Refusal::new("URL", "there is none; give the one to begin with")),
        [one] if options.globoff => text(one),
        [one] => glob::only(&text(one))?,
        [_, second, ..] => {
            return Err(Refusal::new(text(second), "only one URL can be traced at a time"));
        }
    };
    let default = options.proto_default.unwrap_or("http");
    if typed.trim().bytes().any(|byte| byte <= b' ' || byte == 0x7f) {
        let why = "curl takes no URL with a space or control byte in it: %20 stands for a space";
        return Err(Refusal::new(shown(&typed), why));
    }
    // one of them, as in curl (`src/tool_operate.c`)
    let (option, added) = match (options.get, &options.data) {
        (true, Some(data)) => ("-G", data),
        (true, None) | (false, _) => ("--url-query", &options.query),
    };
    let asked = with_query(&typed, added.bytes(), option)?;
    let mut url = parse_as(&asked, default)?;
    let name = options.upload.as_deref().and_then(|file| file_name(&url, file));
    // what adds to the URL makes curl put it together anew
    let anew = added.is_given() || name.is_some();
    let mut written = written(&asked, options.switches.path_as_is && !anew);
    if anew && url.query() == Some("") {
        url.set_query(None);
    }
    if anew && let Some(target) = &mut written {
        *target = target.strip_suffix('?').unwrap_or(target).to_owned();
        let at = target.find('?').unwrap_or(target.len());
        target.insert_str(at, name.as_deref().unwrap_or_default());
    }
    if let Some(name) = &name {
        url.set_path(&format!("{}{name}", url.path()));
    }
    let exact = written.filter(|target| differs(target, &url));
    Ok(Target { url, typed, exact })
}

/// Path and query by curl's reading (`lib/urlapi.c`): the path without dot segments, unless it goes as it is, and all else as
/// it was typed. `None` where the URL standard reads the same.
pub fn exact(typed: &str, url: &Url) -> Option<String> {
    written(typed, false).filter(|target| differs(target, url))
}

fn differs(target: &str, url: &Url) -> bool {
    *target != url[Position::BeforePath..Position::AfterQuery]
}

fn written(typed: &str, as_is: bool) -> Option<String> {
    let text = typed.trim();
    if text.bytes().any(|byte| byte <= b' ' || byte == 0x7f) {
        return None;
    }
    let text = text.split('#').next().unwrap_or_default();
    let after =
        if has_scheme(text) { text.split_once(':')?.1.trim_start_matches('/') } else { text };
    let rest = &after[after.find(['/', '?']).unwrap_or(after.len())..];
    let (path, query) = match rest.split_once('?') {
        Some((path, query)) => (path, format!("?{query}")),
        None => (rest, String::new()),
    };
    let path = match as_is {
        true => path.to_owned(),
        false => String::from_utf8_lossy(&remove_dots(path.as_bytes(), false)).into_owned(),
    };
    let slash = if path.starts_with('/') { "" } else { "/" };
    Some(format!("{slash}{path}{query}"))
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

/// `-T FILE http://host/dir/` uploads to `/dir/FILE`: what this adds to the path.
fn file_name(url: &Url, file: &str) -> Option<String> {
    let name = file.rsplit('/').next().unwrap_or(file);
    if !url.path().ends_with('/') || matches!(file, "-" | "." | "") {
        return None;
    }
    let mut added = String::new();
    for byte in name.bytes() {
        match byte {
            b'-' | b'.' | b'_' | b'~' => added.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => added.push(char::from(byte)),
            byte => added.push_str(&format!("%{byte:02X}")),
        }
    }
    Some(added)
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
pub(super) fn shown(typed: &str) -> String {
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
        let exact = |typed: &str, as_is: bool| {
            written(typed, as_is).filter(|target| differs(target, &parse(typed).unwrap()))
        };
        let plain = |typed: &str| exact(typed, false);
        assert_eq!(plain("http://a.test/a/../b?x#f"), None);
        assert_eq!(plain("a.test"), None);
        assert_eq!(plain("a.test/%2e%2e/x").as_deref(), Some("/%2e%2e/x"));
        assert_eq!(plain("http://a.test/a\\..\\b").as_deref(), Some("/a\\..\\b"));
        assert_eq!(plain("http://a.test/\u{e9}").as_deref(), Some("/\u{e9}"));
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
        let name = |url: &str, file: &str| file_name(&Url::parse(url).unwrap(), file);
        assert_eq!(name("http://a.test/d/?a", "x/p q;%.html").as_deref(), Some("p%20q%3B%25.html"));
        assert_eq!(name("http://a.test", "f").as_deref(), Some("f"));
        assert_eq!(name("http://a.test/d", "f"), None);
    }
}
