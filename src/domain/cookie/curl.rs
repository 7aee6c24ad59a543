//! Where curl's jar departs from RFC 6265bis when it takes in a cookie (`lib/cookie.c`, 7.88): the same requests go out only so.

use super::date;
use super::jar::{Cookie, domain_matches};
use super::refusal::Refusal;
use super::set_cookie::{Expiry, SetCookie};

/// From this many bytes on a name or a value is too long.
const TOO_LONG: usize = 4095;

/// The cookie as curl reads it when this host sets it.
pub(super) fn read(text: &[u8], mut cookie: SetCookie, host: &str) -> Result<SetCookie, Refusal> {
    let mut parts = text.split(|&byte| byte == b';');
    let pair = parts.next().unwrap_or_default();
    if cookie.name.is_empty() {
        return Err(Refusal::Nameless);
    }
    if cookie.name.len() >= TOO_LONG || cookie.value.len() >= TOO_LONG {
        return Err(Refusal::TooLarge);
    }
    let name = pair.split(|&byte| byte == b'=').next().unwrap_or_default();
    if name.trim_ascii_start().contains(&b'\t') || cookie.value.contains(&b'\t') {
        return Err(Refusal::ControlCharacter);
    }
    (cookie.secure, cookie.http_only, cookie.domain) = (false, false, None);
    let mut expiry = Expiry::Session;
    for part in parts {
        let Some(at) = part.iter().position(|&byte| byte == b'=') else {
            flag(&mut cookie, part.trim_ascii());
            continue;
        };
        let (name, value) = (part[..at].trim_ascii(), part[at + 1..].trim_ascii());
        if value.contains(&b'\t') {
            return Err(Refusal::ControlCharacter);
        }
        if value.is_empty() {
            flag(&mut cookie, name);
        }
        if name.eq_ignore_ascii_case(b"path") {
            cookie.path = Some(path(value));
            cookie.written_path = Some(String::from_utf8_lossy(value).into_owned());
        } else if name.eq_ignore_ascii_case(b"domain") && !value.is_empty() {
            let (written, domain) = covering(value, host)?;
            (cookie.written_domain, cookie.domain) = (Some(written), Some(domain));
        } else if name.eq_ignore_ascii_case(b"expires") && !matches!(expiry, Expiry::MaxAge(_)) {
            expiry = date::parse_or_midnight(value).map_or(Expiry::Session, Expiry::At);
        } else if name.eq_ignore_ascii_case(b"max-age") {
            expiry = Expiry::MaxAge(seconds(value));
        }
    }
    cookie.expiry = expiry;
    Ok(cookie)
}

/// What is behind pieces without a name: the first that has one is the cookie.
pub(super) fn named(text: &[u8]) -> &[u8] {
    let mut rest = text;
    loop {
        let end = rest.iter().position(|&byte| byte == b';').unwrap_or(rest.len());
        let name = rest[..end].split(|&byte| byte == b'=').next().unwrap_or_default();
        if !name.trim_ascii().is_empty() {
            return rest;
        }
        match rest.get(end + 1..) {
            Some(behind) => rest = behind,
            None => return text,
        }
    }
}

/// A Domain as it was written and in lower case; each of them must cover the host, not the last alone.
fn covering(value: &[u8], host: &str) -> Result<(String, String), Refusal> {
    let bare = value.strip_prefix(b".").unwrap_or(value);
    let written = String::from_utf8_lossy(bare).into_owned();
    let domain = written.to_lowercase();
    if domain.is_empty() || !domain_matches(host, &domain) {
        let domain = String::from_utf8_lossy(value).into_owned();
        return Err(Refusal::DomainMismatch { domain, host: host.to_owned() });
    }
    Ok((written, domain))
}

/// With a value, an attribute of this kind means nothing.
fn flag(cookie: &mut SetCookie, name: &[u8]) {
    cookie.secure |= name.eq_ignore_ascii_case(b"secure");
    cookie.http_only |= name.eq_ignore_ascii_case(b"httponly");
}

/// One of them replaces the other: the case of name and path does not count (`replace_existing`).
pub(super) fn is_same_place(a: &Cookie, b: &Cookie) -> bool {
    a.name.eq_ignore_ascii_case(&b.name)
        && a.domain == b.domain
        && a.host_only == b.host_only
        && a.path.eq_ignore_ascii_case(&b.path)
        && from_root(&a.written_path) == from_root(&b.written_path)
}

/// A path that begins with no slash is everywhere, and yet another place than `/` (`sanitize_cookie_path`).
fn from_root(written: &str) -> bool {
    written.strip_prefix('"').unwrap_or(written).starts_with('/')
}

/// Without quotes and a slash at the end; what begins with none is everywhere (`sanitize_cookie_path`).
fn path(value: &[u8]) -> String {
    let value = value.strip_prefix(b"\"").unwrap_or(value);
    let value = value.strip_suffix(b"\"").unwrap_or(value);
    match value {
        [b'/', .., b'/'] => String::from_utf8_lossy(&value[..value.len() - 1]).into_owned(),
        [b'/', ..] => String::from_utf8_lossy(value).into_owned(),
        _ => "/".to_owned(),
    }
}

/// The number at the start; what is none ends the cookie at once.
fn seconds(value: &[u8]) -> i64 {
    let value = value.strip_prefix(b"\"").unwrap_or(value);
    let (negative, digits) = match value {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    let digits = digits.iter().take_while(|byte| byte.is_ascii_digit());
    let number = digits.fold(0_i64, |number, byte| {
        number.saturating_mul(10).saturating_add(i64::from(byte - b'0'))
    });
    if negative { -number } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<SetCookie, Refusal> {
        super::read(text.as_bytes(), SetCookie::parse(text.as_bytes())?, "x.a.test")
    }

    #[test]
    fn a_cookie_without_a_name_or_with_a_tab_is_refused() {
        for text in ["value", "=value", "a\t=b", "a=b\tc", "a=b; Path=/\tx"] {
            assert!(read(text).is_err(), "{text:?}");
        }
        assert!(read(" a = b ").is_ok());
        assert!(read(&format!("a={}", "x".repeat(4094))).is_ok());
        assert_eq!(read(&format!("a={}", "x".repeat(4095))), Err(Refusal::TooLarge));
    }

    #[test]
    fn each_domain_must_cover_the_host_and_the_last_date_counts() {
        let set = |text: &str| read(text).map(|cookie| cookie.written_domain);
        assert_eq!(set("a=b; Domain=.A.test; Domain="), Ok(Some("A.test".to_owned())));
        assert!(set("a=b; Domain=b.test; Domain=a.test").is_err());
        assert!(set("a=b; Domain=.").is_err());
        let expiry = |text: &str| read(text).unwrap().expiry;
        let date = "Expires=Wed, 21 Oct 2099 07:28:00 GMT";
        assert_eq!(expiry(&format!("a=b; {date}; Expires=x")), Expiry::Session);
        assert_eq!(expiry("a=b; Expires=2 Jan 1970"), Expiry::At(86_400));
        assert_eq!(expiry(&format!("a=b; Max-Age=5; {date}")), Expiry::MaxAge(5));
    }

    #[test]
    fn a_path_is_cleaned_and_a_max_age_read_as_far_as_it_goes() {
        let path = |text: &str| read(&format!("a=b; Path={text}")).unwrap().path;
        assert_eq!(path("/x/").as_deref(), Some("/x"));
        assert_eq!(path("/").as_deref(), Some("/"));
        assert_eq!(path("relative").as_deref(), Some("/"));
        assert_eq!(path("\"/q\"").as_deref(), Some("/q"));
        assert_eq!(path("").as_deref(), Some("/"));
        assert_eq!(read("a=b; Path").unwrap().path, None);
        let flags =
            |text: &str| read(text).map(|cookie| (cookie.secure, cookie.http_only)).unwrap();
        assert_eq!(flags("a=b; Secure=no; HttpOnly=1"), (false, false));
        assert_eq!(flags("a=b; secure; httponly="), (true, true));
        let age = |text: &str| read(&format!("a=b; Max-Age={text}")).unwrap().expiry;
        assert_eq!(age("abc"), Expiry::MaxAge(0));
        assert_eq!(age("5.5"), Expiry::MaxAge(5));
        assert_eq!(age("-1"), Expiry::MaxAge(-1));
        assert_eq!(age("99999999999999999999"), Expiry::MaxAge(i64::MAX));
    }
}
