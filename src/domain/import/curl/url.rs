//! The target URI of a command line: schemes may be missing, `-G` and `-T` add to it.

use url::Url;

use super::{Options, Refusal};

/// The URL to request, and the URL as it was typed.
pub(super) fn target(options: &Options) -> Result<(Url, String), Refusal> {
    let typed = match options.urls.as_slice() {
        [] => return Err(Refusal::new("URL", "none is given")),
        [one] => text(one),
        [_, second, ..] => {
            return Err(Refusal::new(text(second), "only one URL can be traced at a time"));
        }
    };
    let mut url = parse(&typed)?;
    add_query(&mut url, &options.query.0);
    if let (true, Some(data)) = (options.get, &options.data) {
        add_query(&mut url, &data.0);
    }
    if let Some(file) = &options.upload {
        add_file_name(&mut url, file);
    }
    Ok((url, typed))
}

/// A URL by curl's reading: without a scheme it is `http://`.
pub fn parse(typed: &str) -> Result<Url, Refusal> {
    let trimmed = typed.trim();
    let full = if has_scheme(trimmed) { trimmed.to_owned() } else { format!("http://{trimmed}") };
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

fn add_query(url: &mut Url, data: &[u8]) {
    if data.is_empty() {
        return;
    }
    let added = text(data);
    let query = match url.query() {
        Some(old) if !old.is_empty() => format!("{old}&{added}"),
        _ => added,
    };
    url.set_query(Some(&query));
}

/// `-T FILE http://host/dir/` uploads to `/dir/FILE`.
fn add_file_name(url: &mut Url, file: &str) {
    let name = file.rsplit('/').next().unwrap_or(file);
    if !url.path().ends_with('/') || matches!(file, "-" | "." | "") {
        return;
    }
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().push(name);
    }
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
    fn queries_and_file_names_are_appended() {
        let mut url = Url::parse("http://a.test/d/?#f").unwrap();
        add_query(&mut url, b"a=b c");
        add_query(&mut url, b"d");
        assert_eq!(url.as_str(), "http://a.test/d/?a=b%20c&d#f");
        add_file_name(&mut url, "x/p q.html");
        assert_eq!(url.path(), "/d/p%20q.html");
        let mut root = Url::parse("http://a.test").unwrap();
        add_file_name(&mut root, "f");
        assert_eq!(root.path(), "/f");
    }
}
