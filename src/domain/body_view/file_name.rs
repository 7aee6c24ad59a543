//! The name under which a body is saved: made from the URL, safe on every system.
//!
//! Promises: letters, digits, `-`, `_` and `.` only; no path, no hidden file, no option, at most 85 bytes.

use url::Url;

use crate::domain::http::percent::percent_decoded;

/// Longer names are cut.
const LONGEST: usize = 80;

/// The last segment of the path, else the host; with the ending of the media type where it has none.
pub fn file_name(url: &Url, media_type: Option<&str>) -> String {
    let last =
        url.path_segments().and_then(|mut segments| segments.next_back()).unwrap_or_default();
    let raw = percent_decoded(last);
    let mut name = safe(&raw);
    if name.is_empty() {
        name = safe(url.host_str().unwrap_or_default()).replace('.', "-");
    }
    if name.is_empty() || reserved(&name) {
        name = format!("body-{name}").trim_end_matches('-').to_owned();
    }
    name.truncate(LONGEST);
    let has_ending =
        name.rsplit_once('.').is_some_and(|(stem, end)| !stem.is_empty() && end.len() <= 5);
    match ending(media_type) {
        Some(ending) if !has_ending => format!("{name}.{ending}"),
        Some(_) | None => name,
    }
}

fn safe(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let name: String = text.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    let name = name.trim_start_matches(['.', '-', '_']).trim_end_matches(['.', '_']);
    name.replace("..", ".")
}

/// Names that Windows keeps for devices.
fn reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered =
        |device: &str| stem.strip_prefix(device).is_some_and(|rest| rest.len() == 1 && rest != "0");
    ["con", "prn", "aux", "nul"].contains(&stem.as_str()) || numbered("com") || numbered("lpt")
}

fn ending(media_type: Option<&str>) -> Option<&'static str> {
    let essence = media_type?.split(';').next()?.trim().to_ascii_lowercase();
    let (kind, subtype) = essence.split_once('/')?;
    Some(match (kind, subtype) {
        (_, "json") => "json",
        (_, "html" | "xhtml+xml") => "html",
        (_, "xml") => "xml",
        ("image", "svg+xml") => "svg",
        ("image", "png") => "png",
        ("image", "jpeg") => "jpg",
        ("image", "gif") => "gif",
        ("image", "webp") => "webp",
        (_, "pdf") => "pdf",
        (_, "javascript") => "js",
        ("text", "css") => "css",
        ("text", "csv") => "csv",
        (_, other) if other.ends_with("+json") => "json",
        (_, other) if other.ends_with("+xml") => "xml",
        ("text", _) => "txt",
        _ => "bin",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(url: &str, media_type: &str) -> String {
        file_name(&Url::parse(url).unwrap(), Some(media_type))
    }

    #[test]
    fn names_are_what_a_user_would_call_the_file() {
        assert_eq!(name("http://a.test/x/report.pdf?v=1", "application/pdf"), "report.pdf");
        assert_eq!(name("http://a.test/items", "application/json; charset=utf-8"), "items.json");
        assert_eq!(name("http://shop.test/", "text/html"), "shop-test.html");
        assert_eq!(name("http://a.test/v1.2/data", "image/svg+xml"), "data.svg");
        assert_eq!(name("http://a.test/a%+4b.txt", "text/plain"), "a__4b.txt");
    }

    #[test]
    fn hostile_names_lead_nowhere() {
        assert_eq!(
            name("http://a.test/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "text/plain"),
            "etc_passwd.txt"
        );
        assert_eq!(name("http://a.test/-rf", "text/plain"), "rf.txt");
        assert_eq!(name("http://a.test/.bashrc", "text/plain"), "bashrc.txt");
        assert_eq!(name("http://a.test/nul", "text/plain"), "body-nul.txt");
        assert_eq!(name("http://a.test/%1b%5b2J%00", "x/y"), "2J.bin");
    }

    proptest::proptest! {
        #[test]
        fn every_name_is_plain(path in "\\PC{0,40}", media_type in "\\PC{0,20}") {
            let mut url = Url::parse("http://a.test/").unwrap();
            url.set_path(&path);
            let name = file_name(&url, Some(&media_type));
            proptest::prop_assert!(!name.is_empty() && name.len() <= LONGEST + 5);
            proptest::prop_assert!(!name.starts_with(['.', '-']));
            proptest::prop_assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)));
        }
    }
}
