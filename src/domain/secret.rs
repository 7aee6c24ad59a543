//! Secret: what looks like a credential, by its name and by the shape of its value.
//!
//! Errs on the side of silence: a name alone is not enough when everyday things bear it too.

/// Names that mean a credential whatever their value.
const STRONG: [&str; 24] = [
    "token",
    "accesstoken",
    "idtoken",
    "refreshtoken",
    "authtoken",
    "apikey",
    "apitoken",
    "secret",
    "clientsecret",
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "jwt",
    "sessionid",
    "sessid",
    "phpsessid",
    "jsessionid",
    "otp",
    "authorization",
    "samlresponse",
    "resettoken",
    "magictoken",
    "bearer",
];

/// Names that mean a credential when their value looks random.
const WEAK: [&str; 10] = [
    "key",
    "auth",
    "session",
    "sid",
    "credential",
    "credentials",
    "assertion",
    "magic",
    "pin",
    "signature",
];

/// Names with a strong word in them that carry no credential of their own.
const HARMLESS: [&str; 14] = [
    "csrf",
    "xsrf",
    "idempotency",
    "websocket",
    "public",
    "publishable",
    "type",
    "expires",
    "expiry",
    "endpoint",
    "hint",
    "challenge",
    "method",
    "cache",
];

/// Header names that carry a vendor's credential.
const HEADERS: [&str; 16] = [
    "x-api-key",
    "api-key",
    "apikey",
    "private-token",
    "job-token",
    "deploy-token",
    "x-auth-token",
    "x-access-token",
    "x-goog-api-key",
    "x-amz-security-token",
    "x-vault-token",
    "x-gitlab-token",
    "ocp-apim-subscription-key",
    "x-functions-key",
    "x-shopify-access-token",
    "x-auth-key",
];

/// Beginnings of tokens that are recognised everywhere.
pub(super) const PREFIXES: [&str; 20] = [
    "ghp_",
    "gho_",
    "ghu_",
    "ghs_",
    "github_pat_",
    "glpat-",
    "xoxb-",
    "xoxp-",
    "xoxa-",
    "sk_live_",
    "sk_test_",
    "rk_live_",
    "AKIA",
    "ASIA",
    "AIza",
    "ya29.",
    "npm_",
    "pypi-",
    "dop_v1_",
    "SG.",
];

/// One-time codes and signatures: no credential to a rule, but kept back where secrets are taken out of a text.
const CODES: [&str; 7] = ["code", "sig", "ticket", "nonce", "artifact", "samlart", "samlrequest"];

/// Kept back whatever its value looks like.
const ALWAYS: [&str; 19] = [
    "password",
    "passwd",
    "pwd",
    "passphrase",
    "passcode",
    "pass",
    "pw",
    "secret",
    "clientsecret",
    "privatekey",
    "accesskey",
    "authcode",
    "authorizationcode",
    "authentication",
    "codeverifier",
    "devicecode",
    "usercode",
    "oauthverifier",
    "clientassertion",
];

/// Names that the user calls secret, on top of those that are known.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Names {
    parameters: Vec<String>,
    headers: Vec<String>,
}

impl Names {
    pub fn new(parameters: &[String], headers: &[String]) -> Names {
        let lower = |names: &[String]| names.iter().map(|name| name.to_ascii_lowercase()).collect();
        Names { parameters: lower(parameters), headers: lower(headers) }
    }

    /// A parameter, cookie or JSON member of this name.
    pub fn parameter(&self, name: &str) -> bool {
        self.parameters.iter().any(|known| known.eq_ignore_ascii_case(name))
    }

    /// A header of this name.
    pub fn header(&self, name: &str) -> bool {
        self.headers.iter().any(|known| known.eq_ignore_ascii_case(name))
    }
}

/// Whether a value is kept back from others: credentials, and what is as good as one for a while.
pub fn withheld(name: &str, value: &str) -> bool {
    // `password1`, `token2`
    let name = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let whole: String = words(name).concat();
    // a name of two meanings (`session`, `pin`) is no credential to a rule before its value is random, but what is masked by mistake
    // harms nobody; a `key` mostly is that of a table
    let weak = whole != "key" && WEAK.contains(&whole.as_str());
    ALWAYS.contains(&whole.as_str())
        || weak
        || CODES.contains(&whole.as_str()) && value.len() >= 8
        || secretish(name, value)
}

/// Whether a parameter or field of this name and value is a credential.
pub fn secretish(name: &str, value: &str) -> bool {
    has_token_shape(value) || named_like_a_secret(name, value)
}

/// Whether a request header of this name and value is a credential that no client knows as such.
pub fn secretish_header(name: &str, value: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    HEADERS.contains(&lower.as_str()) || secretish(name, value)
}

/// [`withheld`], for a header.
pub fn withheld_header(name: &str, value: &str) -> bool {
    let bare = name.get(..2).filter(|start| start.eq_ignore_ascii_case("x-")).map_or(0, str::len);
    secretish_header(name, value) || withheld(&name[bare..], value)
}

/// Whether a user name is a token: `https://TOKEN@host/`, `-u TOKEN:`.
pub fn is_token(user: &str) -> bool {
    has_token_shape(user) || looks_random(user)
}

/// A JSON Web Token, or a vendor's token by its prefix.
pub fn has_token_shape(value: &str) -> bool {
    is_jwt(value)
        || value.len() >= 16
            && PREFIXES.iter().any(|prefix| value.starts_with(prefix))
            && value.bytes().all(is_token_byte)
}

/// `base64url({"…).base64url.base64url`
pub fn is_jwt(value: &str) -> bool {
    let mut parts = value.split('.');
    let (head, body, signature) = (parts.next(), parts.next(), parts.next());
    value.starts_with("eyJ")
        && parts.next().is_none()
        && [head, body, signature]
            .iter()
            .all(|part| part.is_some_and(|part| part.bytes().all(is_base64url)))
        && body.is_some_and(|body| !body.is_empty())
}

/// The name is a credential's, for a value of this look.
pub fn named_like_a_secret(name: &str, value: &str) -> bool {
    if value.is_empty() || is_reference(value) {
        return false;
    }
    let words = words(name);
    if words.iter().any(|word| HARMLESS.contains(&word.as_str())) {
        return false;
    }
    let whole: String = words.concat();
    let has = |list: &[&str]| {
        list.contains(&whole.as_str()) || words.iter().any(|word| list.contains(&word.as_str()))
    };
    has(&STRONG) || has(&WEAK) && looks_random(value)
}

/// At least 16 characters with 3.5 bits each, letters and digits mixed.
pub fn looks_random(value: &str) -> bool {
    value.len() >= 16
        && value.bytes().filter(u8::is_ascii_digit).count() >= 2
        && value.bytes().any(|byte| byte.is_ascii_alphabetic())
        && value.bytes().all(is_token_byte)
        && is_dense(value.as_bytes())
}

/// 3.5 bits per byte or more (Shannon). In whole numbers: `f64::log2` would bring in the library of mathematics, which takes
/// as long to load at each start as two hops take.
fn is_dense(bytes: &[u8]) -> bool {
    let mut counts = [0u32; 256];
    for &byte in bytes {
        counts[usize::from(byte)] += 1;
    }
    let bits = |count: u64| count * log2(count);
    let repeated: u64 = counts.iter().filter(|&&count| count > 1).map(|&c| bits(c.into())).sum();
    // total · log2(total) − Σ count · log2(count) is the entropy of all the bytes together
    let total = bytes.len() as u64;
    bits(total).saturating_sub(repeated) >= total * (7 * ONE / 2)
}

/// The 1 of [`log2`].
const ONE: u64 = 1 << 16;

/// The binary logarithm of a number from 1, in parts of [`ONE`]; exact for powers of two.
fn log2(number: u64) -> u64 {
    let whole = u64::from(number.max(1).ilog2());
    // from 1 to 2 in parts of 2^31; each squaring brings out one more bit
    let mut rest = ((u128::from(number.max(1)) << 31) >> whole) as u64;
    let mut log = whole;
    for _ in 0..ONE.ilog2() {
        rest = (rest * rest) >> 31;
        let bit = rest >> 32;
        rest >>= bit;
        log = log << 1 | bit;
    }
    log
}

/// The words of a name: `X-Api-Key`, `api_key` and `apiKey` are `api`, `key` (and `x`).
fn words(name: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut lower_before = false;
    for letter in name.chars() {
        let boundary = !letter.is_alphanumeric() || letter.is_uppercase() && lower_before;
        if boundary && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if letter.is_alphanumeric() {
            word.extend(letter.to_lowercase());
        }
        lower_before = letter.is_lowercase() || letter.is_ascii_digit();
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// Paths and URLs are no secrets, whatever they are called.
fn is_reference(value: &str) -> bool {
    value.starts_with('/') || value.contains("://")
}

fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'=')
}

fn is_token_byte(byte: u8) -> bool {
    is_base64url(byte) || matches!(byte, b'.' | b'+' | b'/' | b'~' | b'%')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_word_by_word() {
        for name in [
            "token",
            "access_token",
            "accessToken",
            "X-Auth-Token",
            "reset-token",
            "apiKey",
            "SAMLResponse",
        ] {
            assert!(secretish(name, "abc"), "{name}");
        }
        for name in [
            "ref",
            "tokens_left",
            "keyboard",
            "csrf_token",
            "Idempotency-Key",
            "token_type",
            "monkey",
        ] {
            assert!(!secretish(name, "0123456789abcdef"), "{name}");
        }
    }

    #[test]
    fn weak_names_need_a_random_value() {
        assert!(secretish("key", "9f8a7b6c5d4e3f2a1b0c"));
        assert!(!secretish("key", "colour"));
        assert!(!secretish("session", "morning-keynote-track"));
    }

    #[test]
    fn token_shapes_need_no_name() {
        assert!(secretish("x", "eyJhbGciOiJIUzI1NiJ9.e30.c2ln"));
        assert!(secretish("x", "ghp_0123456789abcdef"));
        assert!(!secretish("x", "eyJ.not a token"));
    }

    #[test]
    fn three_and_a_half_bits_per_byte_are_random() {
        assert!(is_dense(b"abcdefghiijjkkll"));
        assert!(!is_dense(b"abcdefggiijjkkll"));
        for number in 1..5000_u32 {
            let off = log2(number.into()) as f64 / ONE as f64 - f64::from(number).log2();
            assert!((-1.0 / 4096.0..=0.0).contains(&off), "{number}: {off}");
        }
    }

    #[test]
    fn references_are_no_secrets() {
        assert!(!secretish("token", "/login?next=%2F"));
        assert!(!secretish("auth", "https://idp.example/0123456789"));
    }
}
