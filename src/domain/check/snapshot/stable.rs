//! Stable: what of a seen address may be expected again. Values that differ from run to run become patterns.

use std::collections::BTreeMap;

use crate::domain::baseline::is_volatile;
use crate::domain::check::outcome::Outcome;
use crate::domain::secret;

/// What stands for addresses in a suite.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stable<'a> {
    pub(super) variables: &'a BTreeMap<String, String>,
}

/// An address to expect.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Address {
    Exact(String),
    /// A regular expression.
    Pattern(String),
}

impl Stable<'_> {
    /// The stable form of a Location or URL.
    pub(super) fn address(&self, seen: &str) -> Address {
        let pieces = pieces(seen);
        let open = pieces.iter().any(|(_, volatile)| *volatile);
        let (name, rest) = self.variable(seen);
        // a text with braces of its own would be read as a variable
        if !open && !rest.contains("{{") {
            return Address::Exact(format!("{name}{rest}"));
        }
        let mut pattern = String::from("^");
        pattern.push_str(&name);
        let mut skip = seen.len() - rest.len();
        for (text, volatile) in pieces {
            let kept = text.get(skip.min(text.len())..).unwrap_or_default();
            skip = skip.saturating_sub(text.len());
            match volatile {
                true => pattern.push_str("[^/?&#;]+"),
                false => pattern.push_str(&literal(kept)),
            }
        }
        pattern.push('$');
        Address::Pattern(pattern)
    }

    /// The way of a chain without what differs from run to run.
    pub(super) fn way(&self, outcome: &Outcome) -> Vec<(Option<u16>, Option<Address>)> {
        let hops = outcome.hops.iter();
        hops.map(|hop| (hop.status, hop.location.as_deref().map(|of| self.address(of)))).collect()
    }

    /// `{{base}}` and the rest, where the address begins with the value of a variable that is one.
    fn variable<'s>(&self, seen: &'s str) -> (String, &'s str) {
        let is_origin = |value: &str| value.starts_with("http://") || value.starts_with("https://");
        let longest = self
            .variables
            .iter()
            .filter(|(_, value)| is_origin(value))
            .filter_map(|(name, value)| Some((name, seen.strip_prefix(value.as_str())?)))
            .filter(|(_, rest)| rest.is_empty() || rest.starts_with(['/', '?', '#']))
            .min_by_key(|(_, rest)| rest.len());
        longest.map_or((String::new(), seen), |(name, rest)| (format!("{{{{{name}}}}}"), rest))
    }
}

/// The address in pieces, each with whether it differs from run to run.
fn pieces(seen: &str) -> Vec<(&str, bool)> {
    let mut all = Vec::new();
    let mut rest = seen;
    while !rest.is_empty() {
        let end = rest.find(['/', '?', '&', '#', ';']).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        match part.split_once('=') {
            Some((name, value))
                if is_volatile(name) && !value.is_empty() || looks_volatile(value) =>
            {
                all.push((&part[..name.len() + 1], false));
                all.push((value, true));
            }
            Some(_) => all.push((part, false)),
            None => all.push((part, looks_volatile(part))),
        }
        let mark = after.chars().next().map_or(0, char::len_utf8);
        all.push((&after[..mark], false));
        rest = &after[mark..];
    }
    all.retain(|(text, _)| !text.is_empty());
    all
}

/// The text as a regular expression; what only classes and other modes would take for a sign stays readable.
fn literal(text: &str) -> String {
    let escaped = regex::escape(text);
    ["&", "-", "#", "~"].iter().fold(escaped, |text, sign| text.replace(&format!("\\{sign}"), sign))
}

/// A token, a UUID, a hash or a time.
fn looks_volatile(value: &str) -> bool {
    let hex = value.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    secret::has_token_shape(value)
        || secret::looks_random(value)
        || hex && value.len() >= 16
        || digits && (10..=19).contains(&value.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(seen: &str) -> Address {
        let variables = BTreeMap::from([
            ("base".to_owned(), "http://a.test".to_owned()),
            ("one".to_owned(), "1".to_owned()),
        ]);
        Stable { variables: &variables }.address(seen)
    }

    #[test]
    fn steady_addresses_are_exact_and_begin_with_a_variable() {
        assert_eq!(address("/orders/17?a=b"), Address::Exact("/orders/17?a=b".to_owned()));
        assert_eq!(address("http://a.test/x"), Address::Exact("{{base}}/x".to_owned()));
        assert_eq!(
            address("http://a.test.evil/"),
            Address::Exact("http://a.test.evil/".to_owned())
        );
    }

    #[test]
    fn what_differs_from_run_to_run_is_left_open() {
        for (seen, pattern) in [
            ("/cb?state=x1&next=/a.b", "^/cb\\?state=[^/?&#;]+&next=/a\\.b$"),
            ("/o/4d3f2c1b-aaaa-bbbb-cccc-0123456789ab/", "^/o/[^/?&#;]+/$"),
            ("http://a.test/t?now=1795262400", "^{{base}}/t\\?now=[^/?&#;]+$"),
            ("/{{x}}", "^/\\{\\{x\\}\\}$"),
        ] {
            assert_eq!(address(seen), Address::Pattern(pattern.to_owned()));
        }
    }
}
