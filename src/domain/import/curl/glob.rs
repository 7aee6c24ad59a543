//! Patterns in a URL: `{a,b}` and `[1-3]` stand for several to curl (`src/tool_urlglob.c`).

use std::net::Ipv6Addr;

use super::Refusal;

const AS_IT_STANDS: &str = "-g sends brackets and braces as they stand";

/// The URL that curl would ask for. Several are one too many here, and what is no pattern curl takes for a broken one.
pub(super) fn only(typed: &str) -> Result<String, Refusal> {
    let refuse = |why: String| Err(Refusal::new(super::url::shown(typed), why));
    match read(typed) {
        Ok((url, 1)) => Ok(url),
        Ok((first, count)) => refuse(format!(
            "curl asks for {count} URLs here, the first is {}, and hopstep for one at a time; {AS_IT_STANDS}",
            super::url::shown(&first)
        )),
        Err(fault) => refuse(format!("curl takes no URL with {fault} in it; {AS_IT_STANDS}")),
    }
}

/// The first URL that a text stands for, and how many there are.
fn read(mut rest: &str) -> Result<(String, u64), &'static str> {
    let (mut out, mut count) = (String::with_capacity(rest.len()), 1u64);
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        match first {
            '{' => {
                let (text, many, behind) = set(after)?;
                out.push_str(&text);
                (count, rest) = (count.saturating_mul(many), behind);
            }
            '[' => match literal(rest) {
                Some(length) => {
                    out.push_str(&rest[..length]);
                    rest = &rest[length..];
                }
                None => {
                    let (text, many, behind) = range(after)?;
                    out.push_str(&text);
                    (count, rest) = (count.saturating_mul(many), behind);
                }
            },
            '}' => return Err("a brace that nothing opens"),
            ']' => return Err("a bracket that nothing opens"),
            '\\' if after.starts_with(['{', '}', '[', ']']) => {
                out.push_str(&after[..1]);
                rest = &after[1..];
            }
            letter => {
                out.push(letter);
                rest = after;
            }
        }
    }
    Ok((out, count))
}

/// How much of it is no range: `[]`, and an address of IPv6, which may have a zone.
fn literal(text: &str) -> Option<usize> {
    let end = text.find(']')?;
    let inside = text.get(1..end)?;
    let address = inside.split('%').next().unwrap_or_default();
    (inside.is_empty() || address.parse::<Ipv6Addr>().is_ok()).then_some(end + 1)
}

/// What stands first, how many there are, and what follows.
type Pattern<'a> = (String, u64, &'a str);

/// `a,b}`
fn set(text: &str) -> Result<Pattern<'_>, &'static str> {
    let (mut first, mut count) = (String::new(), 1);
    let mut letters = text.char_indices();
    while let Some((at, letter)) = letters.next() {
        let letter = match letter {
            '}' if at == 0 => return Err("empty braces"),
            '}' => return Ok((first, count, &text[at + 1..])),
            '{' | '[' => return Err("brackets within braces"),
            ']' => return Err("a bracket that nothing opens"),
            ',' => {
                count += 1;
                continue;
            }
            '\\' => letters.next().map_or('\\', |(_, escaped)| escaped),
            letter => letter,
        };
        if count == 1 {
            first.push(letter);
        }
    }
    Err("a brace that nothing closes")
}

/// `1-3]`, `a-z:2]`
fn range(text: &str) -> Result<Pattern<'_>, &'static str> {
    steps(text).ok_or("brackets that hold no range")
}

fn steps(text: &str) -> Option<Pattern<'_>> {
    let (inside, rest) = text.split_once(']')?;
    let (bounds, step) = match inside.split_once(':') {
        Some((bounds, step)) => (bounds, number(step)?),
        None => (inside, 1),
    };
    let (from, to) = bounds.split_once('-')?;
    let (least, most) = match from.as_bytes() {
        [letter] if letter.is_ascii_alphabetic() => match to.as_bytes() {
            [last] => (u64::from(*letter), u64::from(*last)),
            _ => return None,
        },
        _ => (number(from)?, number(to)?),
    };
    let letters = from.starts_with(|first: char| first.is_ascii_alphabetic());
    let span = most.checked_sub(least)?;
    let fits = if span == 0 { step == 1 } else { step > 0 && step <= span };
    if !fits || (letters && span > 25) {
        return None;
    }
    // leading zeros pad, so the first is as it was written
    let first = if from.starts_with('0') || letters { from.to_owned() } else { least.to_string() };
    Some((first, (span / step).saturating_add(1), rest))
}

fn number(digits: &str) -> Option<u64> {
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each as curl 7.88 read it.
    #[test]
    fn patterns_are_counted_as_curl_does() {
        for (typed, first, count) in [
            ("a/{a,b}", "a/a", 2),
            ("a/{a}", "a/a", 1),
            ("a/{,}", "a/", 2),
            ("a/{a\\,b}", "a/a,b", 1),
            ("a/[1-3]", "a/1", 3),
            ("a/[1-1]{x}", "a/1x", 1),
            ("a/[01-03]", "a/01", 3),
            ("a/[a-c:2]", "a/a", 2),
            ("a/[0-99]/{a,b,c}#[1-2]", "a/0/a#1", 600),
            ("a/?x[]=1", "a/?x[]=1", 1),
            ("a/\\[1-3\\]\\{\\}\\x", "a/[1-3]{}\\x", 1),
            ("[::1]:1/[::1]", "[::1]:1/[::1]", 1),
            ("[fe80::1%25lo]:1/", "[fe80::1%25lo]:1/", 1),
        ] {
            assert_eq!(read(typed), Ok((first.to_owned(), count)), "{typed}");
        }
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for broken in [
            "a/{}",
            "a/{a",
            "a/a}",
            "a/a]",
            "a/{a,{b}}",
            "a/{a]}",
            "a/[1-3",
            "a/[1]",
            "a/[f]",
            "a/[3-1]",
            "a/[1-3:9]",
            "a/[1-1:0]",
            "a/[1-2:]",
            "a/[a-]",
            "a/[A-z]",
            "a/[-1-2]",
            "a/[1-2x]",
            "a/[zz::1]",
            "a/[",
            "a/[1-99999999999999999999]",
            "a/[é-ü]",
        ] {
            let refusal = only(broken).unwrap_err();
            assert!(refusal.why.ends_with(AS_IT_STANDS), "{refusal}");
        }
    }
}
