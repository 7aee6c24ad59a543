//! Scheme typo: references that were meant as absolute URLs and are read as something else.

use std::ops::Range;

use url::Url;

/// One such mistake.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SchemeTypo {
    /// The bytes that are wrong.
    pub at: Range<usize>,
    /// What is wrong, in a few words.
    pub fault: String,
    /// What was probably meant.
    pub repaired: String,
}

/// Misspelt beginnings and what they were meant to be.
const MISSPELT: [(&str, &str); 10] = [
    ("ttps://", "https://"),
    ("ttp://", "http://"),
    ("htt://", "http://"),
    ("hxxps://", "https://"),
    ("hxxp://", "http://"),
    ("htps://", "https://"),
    ("htp://", "http://"),
    ("htpps://", "https://"),
    ("htpp://", "http://"),
    ("htttp://", "http://"),
];

/// Endings of file names that are top-level domains too.
const FILE_ENDINGS: [&str; 24] = [
    "md", "sh", "py", "pl", "rs", "zip", "mov", "do", "cc", "ps", "ai", "so", "as", "js", "ts",
    "app", "page", "pm", "la", "st", "vi", "ms", "bz", "gz",
];

/// The mistake in this reference, if it has one.
pub fn scheme_typo(raw: &[u8], base: &Url) -> Option<SchemeTypo> {
    let text = std::str::from_utf8(raw).ok()?;
    misspelt(text).or_else(|| broken_separator(text)).or_else(|| bare_host(text, base))
}

fn misspelt(text: &str) -> Option<SchemeTypo> {
    if !text.starts_with(['h', 'H', 't', 'T']) {
        return None;
    }
    let (wrong, meant) = MISSPELT.iter().find(|(wrong, _)| starts_with(text, wrong))?;
    Some(SchemeTypo {
        at: 0..wrong.len(),
        fault: format!("{:?} is a misspelt {meant:?}", &text[..wrong.len()]),
        repaired: format!("{meant}{}", &text[wrong.len()..]),
    })
}

fn broken_separator(text: &str) -> Option<SchemeTypo> {
    let scheme = if starts_with(text, "https") { "https" } else { "http" };
    if !starts_with(text, scheme) {
        return None;
    }
    let rest = &text[scheme.len()..];
    let marks = rest.bytes().take_while(|byte| matches!(byte, b':' | b';' | b'/' | b'\\')).count();
    let host = &rest[marks..];
    let fault = match &rest[..marks] {
        "://" | "" => return None,
        "//" => format!("no colon after {scheme:?}, so this is a relative path"),
        "/" if looks_like_host(first_segment(host)) => {
            format!("no \"://\" after {scheme:?}, so this is a relative path")
        }
        "/" => return None,
        ";//" => "a semicolon stands for the colon, so this is a relative path".to_owned(),
        ":/" => format!("one slash is missing after \"{scheme}:\""),
        ":" if !host.is_empty() => format!("the slashes are missing after \"{scheme}:\""),
        marks if marks.starts_with(":///") && !marks.contains('\\') => {
            format!("too many slashes after \"{scheme}:\"")
        }
        _ => return None,
    };
    Some(SchemeTypo { at: 0..scheme.len() + marks, fault, repaired: format!("{scheme}://{host}") })
}

fn bare_host(text: &str, base: &Url) -> Option<SchemeTypo> {
    let slash = text.starts_with('/') && !text.starts_with("//") && !text.starts_with("/\\");
    let start = usize::from(slash);
    if slash && !starts_with(&text[start..], "www.") {
        return None;
    }
    let segment = first_segment(&text[start..]);
    let (host, port) = segment.split_once(':').unwrap_or((segment, ""));
    let port_ok = port.bytes().all(|byte| byte.is_ascii_digit());
    let www = starts_with(host, "www.");
    let local = host == "localhost" && !port.is_empty();
    if !port_ok || slash && !www || !(local || looks_like_host(host)) {
        return None;
    }
    let in_base = base.path().split('/').any(|own| own.eq_ignore_ascii_case(host));
    if segment.ends_with(':') || in_base {
        return None;
    }
    let scheme = base.scheme();
    Some(SchemeTypo {
        at: start..start + segment.len(),
        fault: "a host name without \"//\" before it is a path".to_owned(),
        repaired: format!("{scheme}://{}", &text[start..]),
    })
}

/// `label.label` with a known public suffix that is no file ending.
fn looks_like_host(host: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let Some((_, last)) = host.rsplit_once('.') else { return false };
    let last = last.to_ascii_lowercase();
    let www = starts_with(host, "www.");
    let lower = host.to_ascii_lowercase();
    host.split('.').all(label)
        && last.bytes().any(|byte| byte.is_ascii_alphabetic())
        && (www || !FILE_ENDINGS.contains(&last.as_str()))
        && psl::suffix(lower.as_bytes()).is_some_and(|suffix| suffix.is_known())
        && (www || psl::domain(lower.as_bytes()).is_some())
}

fn first_segment(text: &str) -> &str {
    text.split(['/', '?', '#', '\\']).next().unwrap_or_default()
}

fn starts_with(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typo(text: &str) -> Option<(usize, String)> {
        let base = Url::parse("https://ex.example/go/github.com/x").unwrap();
        scheme_typo(text.as_bytes(), &base).map(|typo| (typo.at.end, typo.repaired))
    }

    #[test]
    fn broken_separators_are_found() {
        for (text, end, repaired) in [
            ("http//www.example.re/new", 6, "http://www.example.re/new"),
            ("HTTPS;//a.test/", 8, "https://a.test/"),
            ("https:/a.test/", 7, "https://a.test/"),
            ("https:a.test/", 6, "https://a.test/"),
            ("http:///a.test/", 8, "http://a.test/"),
            ("hxxp://a.test/", 7, "http://a.test/"),
            ("ttps://a.test/", 7, "https://a.test/"),
            ("http/www.example.com/a", 5, "http://www.example.com/a"),
        ] {
            assert_eq!(typo(text), Some((end, repaired.to_owned())), "{text}");
        }
    }

    #[test]
    fn bare_hosts_are_found() {
        assert_eq!(typo("www.example.com/a").unwrap().1, "https://www.example.com/a");
        assert_eq!(typo("/www.example.com/a").unwrap().1, "https://www.example.com/a");
        assert_eq!(typo("example.co.uk").unwrap().1, "https://example.co.uk");
        assert_eq!(typo("localhost:8080/x").unwrap().1, "https://localhost:8080/x");
        assert_eq!(typo("example.com:8080/x").unwrap().1, "https://example.com:8080/x");
    }

    #[test]
    fn paths_and_proper_urls_are_left_alone() {
        for text in [
            "https://a.test/",
            "//a.test/",
            "/http/x",
            "http/index.html",
            "page.html",
            "run.sh",
            "README.md",
            "login.do",
            "/example.com/x",
            "github.com/x",
            "https",
            "httpbin/get",
            "/a.b/c",
            "v1.2/x",
            "com.example.app:/cb",
            "1.2.3.4/x",
            "mailto:me@example.com",
            "",
        ] {
            assert_eq!(typo(text), None, "{text}");
        }
    }
}
