//! Confusable: hosts that are made to be mistaken for others.

use url::Url;

use crate::domain::http::origin::registrable_domain;

/// How a host imitates another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Imitation {
    /// The other's whole name stands in front of a foreign domain.
    Prefix,
    /// The other's domain stands among the labels of a foreign domain.
    Inside,
    /// Letters that look alike.
    Lookalike,
    /// Letters of several scripts in one label.
    MixedScripts,
}

/// Content networks whose host names hold their customers' names.
const NETWORKS: [&str; 14] = [
    "cloudflare.net",
    "cloudfront.net",
    "akamaized.net",
    "akamai.net",
    "edgekey.net",
    "edgesuite.net",
    "fastly.net",
    "azureedge.net",
    "azurefd.net",
    "trafficmanager.net",
    "b-cdn.net",
    "kxcdn.com",
    "llnwd.net",
    "translate.goog",
];

/// How `next` imitates the host of `base`, if it does.
pub fn imitation(base: &Url, next: &Url) -> Option<Imitation> {
    let (own, other) = (base.domain()?, next.domain()?);
    let (own_site, site) = (registrable_domain(own)?, registrable_domain(other)?);
    if own_site == site || NETWORKS.contains(&site) {
        return None;
    }
    let name = |site: &str| site.split('.').next().map(str::to_owned);
    if name(own_site) == name(site) {
        return None;
    }
    if other.starts_with(&format!("{own}.")) {
        return Some(Imitation::Prefix);
    }
    let before = other.strip_suffix(site)?;
    if format!(".{before}").contains(&format!(".{own_site}.")) {
        return Some(Imitation::Inside);
    }
    let (own_text, text) = (unicode(own_site), unicode(site));
    if skeleton(&own_text) == skeleton(&text) {
        return Some(Imitation::Lookalike);
    }
    text.split('.').any(mixes_scripts).then_some(Imitation::MixedScripts)
}

/// Each label's Punycode undone.
pub fn unicode(host: &str) -> String {
    let labels: Vec<String> = host
        .split('.')
        .map(|label| {
            label.strip_prefix("xn--").and_then(decode_punycode).unwrap_or_else(|| label.to_owned())
        })
        .collect();
    labels.join(".")
}

/// Letters that look alike become one (after UTS 39, for the letters that are used for it).
fn skeleton(text: &str) -> String {
    let plain: String = text.to_lowercase().chars().map(plain_letter).collect();
    plain.replace("rn", "m").replace("vv", "w").replace("cl", "d")
}

fn plain_letter(letter: char) -> char {
    match letter {
        '0' | 'о' | 'ο' | 'օ' => 'o',
        '1' | 'і' | 'ı' | 'ⅼ' | 'ӏ' | 'ι' | 'í' | 'ì' | 'i' | '|' => 'l',
        'а' | 'α' | 'á' | 'à' | 'ä' | 'â' | 'ạ' => 'a',
        'е' | 'ε' | 'é' | 'è' | 'ë' | 'ẹ' => 'e',
        'с' | 'ϲ' | 'ç' => 'c',
        'р' | 'ρ' => 'p',
        'у' | 'γ' | 'ý' => 'y',
        'х' | 'χ' => 'x',
        'ѕ' | 'ś' | 'ş' => 's',
        'ј' => 'j',
        'һ' => 'h',
        'ԁ' => 'd',
        'ɡ' => 'g',
        'к' | 'κ' => 'k',
        'м' => 'm',
        'п' | 'η' | 'ñ' => 'n',
        'т' | 'τ' => 't',
        'в' | 'ь' => 'b',
        'υ' | 'ü' | 'ù' | 'ú' => 'u',
        'ν' => 'v',
        'ω' | 'ѡ' => 'w',
        'ö' | 'ò' | 'ó' | 'ø' => 'o',
        other => other,
    }
}

/// Latin letters beside Cyrillic or Greek ones.
fn mixes_scripts(label: &str) -> bool {
    let latin = label.chars().any(|letter| letter.is_ascii_alphabetic());
    let other = label.chars().any(|letter| matches!(u32::from(letter), 0x370..=0x52f));
    latin && other
}

/// RFC 3492; `None` when it is broken.
fn decode_punycode(text: &str) -> Option<String> {
    let (basic, extended) = text.rsplit_once('-').unwrap_or(("", text));
    let mut output: Vec<char> = basic.chars().collect();
    let (mut n, mut i, mut bias) = (128u32, 0u32, 72u32);
    let mut digits = extended.chars();
    while !digits.as_str().is_empty() {
        let start = i;
        let mut weight = 1u32;
        for k in (36u32..).step_by(36) {
            let digit = digits.next()?.to_digit(36)?;
            // digits a-z are 0 to 25, 0-9 are 26 to 35; to_digit has them the other way round
            let digit = if digit < 10 { digit + 26 } else { digit - 10 };
            i = i.checked_add(digit.checked_mul(weight)?)?;
            let t = (k.saturating_sub(bias)).clamp(1, 26);
            if digit < t {
                break;
            }
            weight = weight.checked_mul(36 - t)?;
        }
        let count = u32::try_from(output.len()).ok()? + 1;
        bias = adapt(i - start, count, start == 0);
        n = n.checked_add(i / count)?;
        i %= count;
        output.insert(usize::try_from(i).ok()?, char::from_u32(n)?);
        i += 1;
    }
    Some(output.into_iter().collect())
}

fn adapt(delta: u32, count: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / count;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(base: &str, next: &str) -> Option<Imitation> {
        let url = |host: &str| Url::parse(&format!("https://{host}/")).unwrap();
        imitation(&url(base), &url(next))
    }

    #[test]
    fn punycode_is_undone() {
        assert_eq!(unicode("xn--bcher-kva.example"), "bücher.example");
        assert_eq!(unicode("xn--fiqs8s"), "中国");
        assert_eq!(unicode("xn--\u{7f}"), "xn--\u{7f}");
    }

    #[test]
    fn imitations_are_told_from_relatives() {
        assert_eq!(seen("www.ex.com", "www.ex.com.evil.test"), Some(Imitation::Prefix));
        assert_eq!(seen("www.ex.com", "login.ex.com.evil.test"), Some(Imitation::Inside));
        assert_eq!(seen("paypal.com", "paypa1.com"), Some(Imitation::Lookalike));
        assert_eq!(seen("apple.com", "аpple.com"), Some(Imitation::Lookalike));
        assert_eq!(seen("shop.com", "bаnk.com"), Some(Imitation::MixedScripts));
        for other in
            ["shop.ex.com", "ex.co.uk", "ex.com.mx", "www.ex.com.cdn.cloudflare.net", "other.com"]
        {
            assert_eq!(seen("www.ex.com", other), None, "{other}");
        }
    }
}
