//! Hosts of one environment that stand for hosts of another.
//!
//! Promises: only whole hosts are mapped; `shop.test` is neither part of `myshop.test` nor of `shop.test.evil.invalid`.

use std::borrow::Cow;

/// Which host of the left chain stands for which of the right: `host` or `host:port`, in lower case.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Hosts(Vec<(String, String)>);

impl Hosts {
    /// One more pair, as `--map-host OLD=NEW` has it.
    pub fn add(&mut self, text: &str) -> Result<(), String> {
        let expected = || "expects OLD=NEW, each a host or host:port".to_owned();
        let (old, new) = text.split_once('=').ok_or_else(expected)?;
        let fine = |host: &str| {
            !host.is_empty() && host.bytes().all(|byte| is_host(byte) || b":[]".contains(&byte))
        };
        if !fine(old) || !fine(new) {
            return Err(expected());
        }
        self.0.push((old.to_ascii_lowercase(), new.to_ascii_lowercase()));
        Ok(())
    }

    pub fn iter(&self) -> impl Iterator<Item = &(String, String)> {
        self.0.iter()
    }

    /// The text with each mapped host in place of its own; all at once, so that two hosts can change places.
    pub fn map<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if self.0.is_empty() {
            return Cow::Borrowed(text);
        }
        let (mut out, mut at) = (String::with_capacity(text.len()), 0);
        while let Some(character) = text.get(at..).and_then(|rest| rest.chars().next()) {
            let found = self.0.iter().find(|(old, _)| stands_at(text, at, old));
            match found {
                Some((old, new)) => {
                    out.push_str(new);
                    at += old.len();
                }
                None => {
                    out.push(character);
                    at += character.len_utf8();
                }
            }
        }
        Cow::Owned(out)
    }
}

/// Whether this host stands there, whole.
fn stands_at(text: &str, at: usize, host: &str) -> bool {
    let (before, rest) = (&text.as_bytes()[..at], &text.as_bytes()[at..]);
    let here = rest.get(..host.len()).is_some_and(|it| it.eq_ignore_ascii_case(host.as_bytes()));
    let begins = !before.last().copied().is_some_and(is_host);
    let ends = match rest.get(host.len()..) {
        Some([b'.', next, ..]) => !is_host(*next),
        Some([b'.']) => true,
        Some([next, ..]) => !is_host(*next),
        Some([]) | None => true,
    };
    here && begins && ends
}

fn is_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_hosts_are_mapped() {
        let mut hosts = Hosts::default();
        hosts.add("shop.test=staging.test:8080").unwrap();
        hosts.add("127.0.0.1:80=127.0.0.1:81").unwrap();
        for (text, mapped) in [
            (
                "https://shop.test/a?next=//SHOP.test",
                "https://staging.test:8080/a?next=//staging.test:8080",
            ),
            ("http://127.0.0.1:80/", "http://127.0.0.1:81/"),
            ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/"),
            (
                "http://myshop.test/ http://shop.test.evil.invalid/",
                "http://myshop.test/ http://shop.test.evil.invalid/",
            ),
            ("ü shop.test.", "ü staging.test:8080."),
        ] {
            assert_eq!(hosts.map(text), mapped);
        }
        assert!(
            hosts.add("a").is_err() && hosts.add("http://a=b").is_err() && hosts.add("=b").is_err()
        );
    }
}
