//! Locale: whether a redirect adds a language or country to the address.

use url::Url;

use super::relation::name_and_suffix;
use crate::domain::evidence::common::Common;

/// Languages that sites choose by redirect (ISO 639-1).
const LANGUAGES: [&str; 60] = [
    "ar", "be", "bg", "bn", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi",
    "fr", "ga", "gl", "he", "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka", "kk", "ko", "lt",
    "lv", "mk", "ms", "mt", "nb", "nl", "nn", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr",
    "sv", "ta", "te", "th", "tr", "uk", "ur", "uz", "vi", "zh", "sw", "af",
];

/// Countries that stand where a language could (ISO 3166-1).
const COUNTRIES: [&str; 40] = [
    "us", "gb", "uk", "at", "ch", "be", "br", "mx", "ar", "cl", "co", "pe", "au", "nz", "in", "jp",
    "cn", "tw", "hk", "kr", "sg", "my", "za", "ie", "dk", "se", "no", "fi", "cz", "gr", "pt", "ua",
    "ae", "sa", "eg", "il", "ca", "lu", "de", "fr",
];

/// A language or country is new in path or host and the rest is the same, or the country's domain changes.
pub(crate) fn is_locale(base: &Url, next: &Url, same: Common) -> bool {
    in_path(base, next) || !same.host && same.path && (in_host(base, next) || in_suffix(base, next))
}

/// `de`, `de-at`, `pt_BR`, `zh-Hant-TW`
pub(crate) fn is_tag(text: &str) -> bool {
    let ([one, other] | [one, other, b'-' | b'_', ..]) = text.as_bytes() else { return false };
    if !one.is_ascii_alphabetic() || !other.is_ascii_alphabetic() {
        return false;
    }
    let lower = text.to_ascii_lowercase();
    let mut parts = lower.split(['-', '_']);
    let known = |part: &str| LANGUAGES.contains(&part) || COUNTRIES.contains(&part);
    parts.next().is_some_and(known)
        && parts.all(|part| {
            (2..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        })
}

fn in_path<'a>(base: &'a Url, next: &'a Url) -> bool {
    let parts = |url: &'a Url| url.path().split('/').filter(|part| !part.is_empty());
    let (old, mut new) = (parts(base), parts(next));
    let Some(first) = new.next() else { return false };
    is_tag(first) && new.eq(old.clone()) && !old.clone().next().is_some_and(is_tag)
}

fn in_host(base: &Url, next: &Url) -> bool {
    let (Some(old), Some(new)) = (base.domain(), next.domain()) else { return false };
    let Some((label, rest)) = new.split_once('.') else { return false };
    let bare = old.strip_prefix("www.").unwrap_or(old);
    is_tag(label) && (rest == bare || rest == old)
}

fn in_suffix(base: &Url, next: &Url) -> bool {
    let (Some((name, old)), Some((other, new))) = (name_and_suffix(base), name_and_suffix(next))
    else {
        return false;
    };
    let country =
        |suffix: &str| suffix.rsplit('.').next().is_some_and(|last| COUNTRIES.contains(&last));
    name == other && old != new && country(new)
}
