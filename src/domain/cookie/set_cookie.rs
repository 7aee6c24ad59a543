//! Set-Cookie: one field value taken apart (RFC 6265bis §5.6).

use super::date;
use super::refusal::Refusal;

/// Longest name and value together, in bytes (§5.6 step 5).
const LONGEST_PAIR: usize = 4096;
/// Longest attribute value that counts, in bytes.
const LONGEST_ATTRIBUTE: usize = 1024;

/// A Set-Cookie value in parts, before it is held against a URL.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SetCookie {
    pub name: Vec<u8>,
    pub value: Vec<u8>,
    /// Lower case, without the leading dot; `None` when absent or empty.
    pub domain: Option<String>,
    /// The same as it was written.
    pub written_domain: Option<String>,
    /// `None` when absent, empty or not starting with a slash: the default path counts.
    pub path: Option<String>,
    /// Its Path as it was written, where a client keeps that beside what it makes of it.
    pub written_path: Option<String>,
    pub expiry: Expiry,
    pub secure: bool,
    pub http_only: bool,
    pub same_site: SameSite,
}

/// When a cookie ends. Max-Age wins over Expires.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Expiry {
    /// With the session.
    #[default]
    Session,
    /// Seconds from now; zero or less: at once.
    MaxAge(i64),
    /// Seconds since the Unix epoch.
    At(i64),
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum SameSite {
    /// Absent or unknown.
    #[default]
    Default,
    None,
    Lax,
    Strict,
}

impl SetCookie {
    /// Takes a field value apart. Says why where it is no cookie at all.
    pub fn parse(text: &[u8]) -> Result<SetCookie, Refusal> {
        if text.iter().any(|&byte| byte.is_ascii_control() && byte != b'\t') {
            return Err(Refusal::ControlCharacter);
        }
        let mut parts = text.split(|&byte| byte == b';');
        let pair = parts.next().unwrap_or_default();
        let (name, value) = match pair.iter().position(|&byte| byte == b'=') {
            Some(at) => (&pair[..at], &pair[at + 1..]),
            None => (&b""[..], pair),
        };
        let (name, value) = (name.trim_ascii().to_vec(), value.trim_ascii().to_vec());
        if name.is_empty() && value.is_empty() {
            return Err(Refusal::Empty);
        }
        if name.len() + value.len() > LONGEST_PAIR {
            return Err(Refusal::TooLarge);
        }
        let mut cookie = SetCookie { name, value, ..SetCookie::default() };
        parts.for_each(|part| cookie.attribute(part));
        Ok(cookie)
    }

    /// The name as it is shown, also where the rest is refused.
    pub fn name_of(text: &[u8]) -> String {
        let pair = text.split(|&byte| byte == b';').next().unwrap_or_default();
        let end = pair.iter().position(|&byte| byte == b'=').unwrap_or(0);
        crate::domain::http::field::decode(pair[..end].trim_ascii())
    }

    fn attribute(&mut self, part: &[u8]) {
        let (name, value) = match part.iter().position(|&byte| byte == b'=') {
            Some(at) => (&part[..at], part[at + 1..].trim_ascii()),
            None => (part, &b""[..]),
        };
        if value.len() > LONGEST_ATTRIBUTE {
            return;
        }
        let name = name.trim_ascii().to_ascii_lowercase();
        match name.as_slice() {
            b"expires" if !matches!(self.expiry, Expiry::MaxAge(_)) => {
                if let Some(at) = date::parse(value) {
                    self.expiry = Expiry::At(at);
                }
            }
            b"max-age" => {
                if let Some(seconds) = max_age(value) {
                    self.expiry = Expiry::MaxAge(seconds);
                }
            }
            b"domain" => self.domain = domain(value),
            b"path" => self.path = path(value),
            b"secure" => self.secure = true,
            b"httponly" => self.http_only = true,
            b"samesite" => self.same_site = same_site(value),
            _ => {}
        }
    }
}

/// Digits with an optional minus (§5.6.2); what does not fit is as far as it goes.
fn max_age(value: &[u8]) -> Option<i64> {
    let (negative, digits) = match value.strip_prefix(b"-") {
        Some(digits) => (true, digits),
        None => (false, value),
    };
    if value.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    if negative || digits.is_empty() {
        return Some(0);
    }
    Some(std::str::from_utf8(digits).ok()?.parse().unwrap_or(i64::MAX))
}

fn domain(value: &[u8]) -> Option<String> {
    let value = value.strip_prefix(b".").unwrap_or(value);
    let text = String::from_utf8_lossy(value).to_lowercase();
    (!text.is_empty()).then_some(text)
}

fn path(value: &[u8]) -> Option<String> {
    value.starts_with(b"/").then(|| String::from_utf8_lossy(value).into_owned())
}

fn same_site(value: &[u8]) -> SameSite {
    match value.to_ascii_lowercase().as_slice() {
        b"none" => SameSite::None,
        b"lax" => SameSite::Lax,
        b"strict" => SameSite::Strict,
        _ => SameSite::Default,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn attributes_are_case_insensitive_and_the_last_one_counts() {
        let cookie =
            SetCookie::parse(b"a=b; DOMAIN=.X.test; path=/x; Path=/y; SECURE; sameSITE=lax")
                .unwrap();
        assert_eq!(cookie.domain.as_deref(), Some("x.test"));
        assert_eq!(cookie.path.as_deref(), Some("/y"));
        assert!(cookie.secure && !cookie.http_only);
        assert_eq!(cookie.same_site, SameSite::Lax);
    }

    #[test]
    fn max_age_wins_over_expires_in_either_order() {
        for text in [
            "a=b; Max-Age=5; Expires=Thu, 01 Jan 1970 00:00:01 GMT",
            "a=b; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=5",
        ] {
            assert_eq!(SetCookie::parse(text.as_bytes()).unwrap().expiry, Expiry::MaxAge(5));
        }
    }

    #[test]
    fn a_value_without_equals_sign_has_no_name() {
        let cookie = SetCookie::parse(b" token ; Secure").unwrap();
        assert_eq!((cookie.name.as_slice(), cookie.value.as_slice()), (&b""[..], &b"token"[..]));
    }

    #[test]
    fn control_characters_empty_pairs_and_giants_are_refused() {
        assert_eq!(SetCookie::parse(b"a=b\x1b[2J"), Err(Refusal::ControlCharacter));
        assert_eq!(SetCookie::parse(b"=; Secure"), Err(Refusal::Empty));
        let giant = [b"a=".to_vec(), vec![b'x'; 4096]].concat();
        assert_eq!(SetCookie::parse(&giant), Err(Refusal::TooLarge));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>) {
            let _ = SetCookie::parse(&bytes);
            let _ = SetCookie::name_of(&bytes);
        }

        #[test]
        fn any_dates_ages_and_domains_are_survived(text in "(__Host-|=|a=)?[ -~]{0,6}(; ?(max-age|EXPIRES|Domain|Path|SameSite|Secure)=?(-|\\+|[0-9]{1,30}|[0-9]{0,5}[ :/-](jan|FEB|x)?[ :-]?[0-9]{0,5} ?([0-9]{0,3}:?){0,4}|\\.{0,3}[a-z]{0,3}|\\PC{0,4})){0,6}") {
            let _ = SetCookie::parse(text.as_bytes());
        }

        #[test]
        fn any_attributes_are_survived(text in "a=b(; ?(Max-Age|Expires|Domain|Path|SameSite)=[ -~]{0,40}){0,4}") {
            prop_assert!(SetCookie::parse(text.as_bytes()).is_ok());
        }
    }
}
