//! References: where a standard, a weakness or an issue that a text names can be read.
//!
//! Promises: an address is made of numbers and names that were recognised, never taken from the text as it stands; so it leads to one
//! of the few places below, whoever wrote the text.

use std::ops::Range;

/// A reference in a text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reference {
    /// Its bytes in the text.
    pub range: Range<usize>,
    pub url: String,
}

/// What introduces a reference to a standard.
const RFC: &str = "RFC ";

/// The RFCs, weaknesses and vulnerabilities that a text names.
pub fn find(text: &str) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = next(text, at) {
        match known(&text[start..]) {
            Some((len, url)) => {
                found.push(Reference { range: start..start + len, url });
                at = start + len;
            }
            None => at = start + 1,
        }
    }
    found
}

/// The address of a reference that a rule names: what [`find`] finds, and besides issues (`curl/curl#578`), sections of the WHATWG's
/// standards (`URL: invalid-URL-unit`) and the testing guide's (`WSTG-SESS-02`).
pub fn url(reference: &str) -> Option<String> {
    if let Some(found) = find(reference).into_iter().next() {
        return Some(found.url);
    }
    let plain = |text: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
    };
    if let Some((name, number)) = reference.split_once('#')
        && let Some((owner, repository)) = name.split_once('/')
        && [owner, repository].into_iter().all(plain)
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
    {
        return Some(format!("https://github.com/{owner}/{repository}/issues/{number}"));
    }
    if let Some(section) = reference.strip_prefix("URL: ").filter(|section| plain(section)) {
        return Some(format!("https://url.spec.whatwg.org/#{}", section.to_ascii_lowercase()));
    }
    let guide = reference.starts_with("WSTG-") && plain(reference);
    guide.then(|| "https://owasp.org/www-project-web-security-testing-guide/".to_owned())
}

/// Where the next one may begin.
fn next(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    [RFC, "CWE-", "CVE-"]
        .into_iter()
        .filter_map(|lead| rest.find(lead))
        .min()
        .map(|found| at + found)
}

/// The length and the address of the reference that the text begins with.
fn known(text: &str) -> Option<(usize, String)> {
    if let Some(rest) = text.strip_prefix(RFC) {
        let number = digits(rest);
        let draft = rest[number.len()..].starts_with("bis");
        if number.is_empty() || number.len() > 5 {
            return None;
        }
        let name = RFC.len() + number.len() + if draft { "bis".len() } else { 0 };
        let place = match draft {
            true => {
                format!("https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc{number}bis")
            }
            false => format!("https://www.rfc-editor.org/rfc/rfc{number}"),
        };
        let section = text[name..].strip_prefix(" §").map_or("", section);
        return Some(match section {
            "" => (name, place),
            section => (name + " §".len() + section.len(), format!("{place}#section-{section}")),
        });
    }
    if let Some(rest) = text.strip_prefix("CWE-") {
        let number = digits(rest);
        let url = format!("https://cwe.mitre.org/data/definitions/{number}.html");
        return (!number.is_empty()).then_some(("CWE-".len() + number.len(), url));
    }
    let (year, rest) = text.strip_prefix("CVE-")?.split_once('-')?;
    let number = digits(rest);
    let well = year.len() == 4 && digits(year) == year && !number.is_empty();
    let len = "CVE-0000-".len() + number.len();
    well.then(|| (len, format!("https://www.cve.org/CVERecord?id=CVE-{year}-{number}")))
}

fn digits(text: &str) -> &str {
    &text[..text.bytes().take_while(u8::is_ascii_digit).count()]
}

/// `15.4.4`, `B.2`: the dot at the end of a sentence is not its part.
fn section(text: &str) -> &str {
    let end = text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'.').count();
    text[..end].trim_end_matches('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standards_are_found_in_a_sentence_with_their_sections() {
        let text = "RFC 9110 §15.4.3. See (RFC 6265bis §5.5) and CWE-601, RFC 3986";
        let found = find(text);
        let shown: Vec<&str> = found.iter().map(|of| &text[of.range.clone()]).collect();
        assert_eq!(shown, ["RFC 9110 §15.4.3", "RFC 6265bis §5.5", "CWE-601", "RFC 3986"]);
        let urls: Vec<&str> = found.iter().map(|of| of.url.as_str()).collect();
        let expected = [
            "https://www.rfc-editor.org/rfc/rfc9110#section-15.4.3",
            "https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis#section-5.5",
            "https://cwe.mitre.org/data/definitions/601.html",
            "https://www.rfc-editor.org/rfc/rfc3986",
        ];
        assert_eq!(urls, expected);
        assert!(find("RFC x, RFC 1234567, CWE-, CVE-20-1").is_empty());
    }

    #[test]
    fn what_a_rule_refers_to_has_an_address_where_there_is_one() {
        let of = |reference| url(reference).unwrap_or_default();
        assert_eq!(of("curl/curl#578"), "https://github.com/curl/curl/issues/578");
        assert_eq!(of("URL: invalid-URL-unit"), "https://url.spec.whatwg.org/#invalid-url-unit");
        assert_eq!(of("CVE-2022-27774"), "https://www.cve.org/CVERecord?id=CVE-2022-27774");
        assert!(of("WSTG-SESS-02").starts_with("https://owasp.org/"));
        for odd in ["nginx port_in_redirect", "a b/c#1", "a/b#", "a/b/c#1", "URL: \u{1b}]8;;x", ""]
        {
            assert_eq!(url(odd), None, "{odd:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn an_address_holds_nothing_that_a_terminal_would_obey(text in "(RFC |CWE-|CVE-|URL: |WSTG-)?\\PC{0,20}[\\x00-\\x7f]{0,8}(#[0-9]{0,3})?") {
            for url in find(&text).into_iter().map(|of| of.url).chain(url(&text)) {
                proptest::prop_assert!(url.bytes().all(|byte| byte.is_ascii_graphic()), "{}", url);
            }
        }
    }
}
