//! HTML: the tags of a page, as far as rules ask about them. Reads any bytes; never more than the recorded head of a body.

use std::ops::Range;

use crate::domain::http::field::decode;
use crate::domain::scan;

/// How many tags are read at most.
const LIMIT: usize = 4000;

/// One start tag.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tag {
    /// Lower case.
    pub name: String,
    /// Names in lower case, values with character references undone.
    pub attributes: Vec<(String, String)>,
    /// The bytes from `<` to `>`.
    pub at: Range<usize>,
    /// The bytes up to the end tag; for `script` and `style` only.
    pub content: Range<usize>,
}

impl Tag {
    pub fn is(&self, name: &str) -> bool {
        self.name == name
    }

    /// The value of an attribute; empty where it has none.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// Every start tag in order.
pub fn tags(page: &[u8]) -> Vec<Tag> {
    let mut all = Vec::new();
    let mut at = 0;
    while let Some(open) = find(page, at, b"<") {
        if page[open..].starts_with(b"<!--") {
            at = find(page, open + 4, b"-->").map_or(page.len(), |end| end + 3);
            continue;
        }
        let letter = page.get(open + 1).is_some_and(u8::is_ascii_alphabetic);
        if !letter {
            at = open + 1;
            continue;
        }
        let mut tag = read(page, open);
        at = tag.at.end;
        if matches!(tag.name.as_str(), "script" | "style") {
            let end = format!("</{}", tag.name);
            let stop = find(page, at, end.as_bytes()).unwrap_or(page.len());
            tag.content = at..stop;
            at = stop;
        }
        all.push(tag);
        if all.len() == LIMIT {
            break;
        }
    }
    all
}

/// How the tags of a page begin: a glance by which nearly all names are told not to be there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Openings(u64);

impl Openings {
    pub fn of(page: &[u8]) -> Openings {
        let bits = scan::places(b'<', page).map(|open| Openings::bit(&page[open + 1..]));
        Openings(bits.fold(0, |all, one| all | one))
    }

    /// A tag of one of these names (in lower case) can be on the page.
    pub fn can_have(self, names: &[&str]) -> bool {
        names.iter().any(|name| self.0 & Openings::bit(name.as_bytes()) != 0)
    }

    /// One of 64 for the first two characters of a name; a name of one is as if a space were behind it.
    fn bit(name: &[u8]) -> u64 {
        let Some(first) = name.first().filter(|byte| byte.is_ascii_alphabetic()) else { return 0 };
        let is_end = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/');
        let second = name.get(1).filter(|byte| !is_end(byte)).unwrap_or(&b' ');
        let fold = |byte: &u8| byte.to_ascii_lowercase();
        // of the tags that rules ask for, none falls together with another that is usual
        1 << (fold(second).wrapping_mul(11).wrapping_add(fold(first)) % 64)
    }
}

/// Whether a tag of one of these names (in lower case) can be on the page; a glance that costs a fraction of reading its tags.
pub fn can_have(page: &[u8], names: &[&str]) -> bool {
    scan::places(b'<', page).any(|open| {
        let rest = &page[open + 1..];
        let Some(first) = rest.first().map(u8::to_ascii_lowercase) else { return false };
        let is = |name: &str| {
            name.as_bytes().first() == Some(&first)
                && rest
                    .get(..name.len())
                    .is_some_and(|own| own.eq_ignore_ascii_case(name.as_bytes()))
        };
        names.iter().any(|name| is(name))
    })
}

/// How many characters of text a reader of a page with these tags would see.
pub fn visible(tags: &[Tag], page: &[u8]) -> usize {
    let mut count = 0;
    let mut at = 0;
    for tag in tags {
        count += printed(page.get(at..tag.at.start).unwrap_or_default());
        at = tag.at.end.max(tag.content.end);
    }
    count + printed(page.get(at..).unwrap_or_default())
}

/// Character references undone: the named ones that escaping makes, and numeric ones.
pub fn unescape(text: &str) -> String {
    const NAMED: [(&str, char); 6] =
        [("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("apos", '\''), ("#x2F", '/')];
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        let after = &rest[start + 1..];
        let end = after.bytes().take(9).position(|byte| byte == b';');
        let letter = end.and_then(|end| {
            let name = &after[..end];
            let named = NAMED.iter().find(|(known, _)| *known == name).map(|(_, letter)| *letter);
            named.or_else(|| numeric(name))
        });
        match (letter, end) {
            (Some(letter), Some(end)) => {
                out.push(letter);
                rest = &after[end + 1..];
            }
            _ => {
                out.push('&');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// The seconds and URL of a Refresh value (HTML, shared declarative refresh steps).
///
/// `5.5.5` waits 5 seconds, `.5` none; between them and the URL stands white space, or one `;` or `,`; `url=` and quotes
/// may be left out. `None` where there is no URL: the page would only reload itself.
pub fn refresh(value: &str) -> Option<(u64, String)> {
    let blank = |c: char| c.is_ascii_whitespace();
    let value = value.trim_start_matches(blank);
    let digits = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
    let (whole, rest) = value.split_at(digits);
    let seconds = match whole {
        "" if !rest.starts_with('.') => return None,
        "" => 0,
        whole => whole.parse().unwrap_or(u64::MAX),
    };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    if !rest.starts_with(|c: char| blank(c) || c == ';' || c == ',') {
        return None;
    }
    let rest = rest.trim_start_matches(blank);
    let rest = rest.strip_prefix([';', ',']).unwrap_or(rest).trim_start_matches(blank);
    let named = rest.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("url"));
    let after = named.then(|| rest[3..].trim_start_matches(blank).strip_prefix('=')).flatten();
    let target = after.map_or(rest, |target| target.trim_start_matches(blank));
    let target = match target.chars().next() {
        Some(quote @ ('"' | '\'')) => target[1..].split(quote).next().unwrap_or_default(),
        _ => target,
    };
    (!target.is_empty()).then(|| (seconds, target.trim_matches(blank).to_owned()))
}

fn read(page: &[u8], open: usize) -> Tag {
    let is_name = |byte: &u8| !byte.is_ascii_whitespace() && !matches!(byte, b'>' | b'/');
    let name_end = skip(page, open + 1, is_name);
    let mut tag = Tag {
        name: decode(&page[open + 1..name_end]).to_ascii_lowercase(),
        attributes: Vec::new(),
        at: open..page.len(),
        content: 0..0,
    };
    let mut at = name_end;
    loop {
        at = skip(page, at, |byte| byte.is_ascii_whitespace() || *byte == b'/');
        match page.get(at) {
            None => return tag,
            Some(b'>') => {
                tag.at.end = at + 1;
                return tag;
            }
            Some(_) => {}
        }
        let start = at;
        at = skip(page, at + 1, |byte| is_name(byte) && *byte != b'=');
        let name = decode(&page[start..at]).to_ascii_lowercase();
        let equals = skip(page, at, u8::is_ascii_whitespace);
        let value = match page.get(equals) {
            Some(b'=') => {
                let from = skip(page, equals + 1, u8::is_ascii_whitespace);
                let (value, after) = attribute_value(page, from);
                at = after;
                value
            }
            _ => String::new(),
        };
        tag.attributes.push((name, value));
    }
}

fn attribute_value(page: &[u8], from: usize) -> (String, usize) {
    match page.get(from) {
        Some(&quote @ (b'"' | b'\'')) => {
            let end = skip(page, from + 1, |byte| *byte != quote);
            (unescape(&decode(&page[from + 1..end])), (end + 1).min(page.len()))
        }
        _ => {
            let end = skip(page, from, |byte| !byte.is_ascii_whitespace() && *byte != b'>');
            (unescape(&decode(&page[from.min(end)..end])), end)
        }
    }
}

fn skip(page: &[u8], from: usize, go_on: impl Fn(&u8) -> bool) -> usize {
    let rest = page.get(from..).unwrap_or_default();
    rest.iter().position(|byte| !go_on(byte)).map_or(page.len(), |at| from + at)
}

/// Letters in either case.
fn find(page: &[u8], from: usize, needle: &[u8]) -> Option<usize> {
    let rest = page.get(from..)?;
    crate::domain::classify::find_in_any_case(rest, needle).map(|at| from + at)
}

fn numeric(name: &str) -> Option<char> {
    let digits = name.strip_prefix('#')?;
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => digits.parse().ok()?,
    };
    char::from_u32(code)
}

fn printed(text: &[u8]) -> usize {
    text.split(|&byte| byte == b'<')
        .map(|part| part.iter().filter(|byte| !byte.is_ascii_whitespace()).count())
        .next()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_have_names_attributes_and_places() {
        let page = b"<!-- <a href=x> --><A HREF='/b?c=1&amp;d=2' download>x</a><script>if (a<b) {}</script>";
        let all = tags(page);
        assert_eq!(all.len(), 2);
        assert!(can_have(page, &["form", "a"]) && !can_have(page, &["form", "table"]));
        assert!(Openings::of(page).can_have(&["form", "a"]));
        assert!(!Openings::of(page).can_have(&["form", "table"]));
        for page in ["<A", "<a>", "<a\thref", "<a/", "x<<a "] {
            assert!(Openings::of(page.as_bytes()).can_have(&["a"]), "{page}");
        }
        assert_eq!(all[0].get("href"), Some("/b?c=1&d=2"));
        assert_eq!(all[0].get("download"), Some(""));
        assert_eq!(&page[all[1].content.clone()], b"if (a<b) {}");
    }

    #[test]
    fn broken_pages_are_survived() {
        for page in
            ["<", "<a", "<a href", "<a href=", "<a href='", "<script>", "<!--", "< a>", "<a/"]
        {
            let _ = tags(page.as_bytes());
            let _ = visible(&tags(page.as_bytes()), page.as_bytes());
        }
    }

    #[test]
    fn refresh_values_are_read_as_browsers_do() {
        assert_eq!(refresh("0;url=/new"), Some((0, "/new".to_owned())));
        assert_eq!(refresh("5; URL='https://a.test/'"), Some((5, "https://a.test/".to_owned())));
        assert_eq!(refresh("30"), None);
        assert_eq!(refresh("soon"), None);
        assert_eq!(refresh("5.5.5 /new"), Some((5, "/new".to_owned())));
        assert_eq!(refresh(".5,URL = \"/a b\" and more"), Some((0, "/a b".to_owned())));
        assert_eq!(refresh("0\n;\turl /new"), Some((0, "url /new".to_owned())));
        assert_eq!(refresh("0url=/new"), None, "nothing between the time and the URL");
        assert_eq!(refresh("0;;url=/new"), Some((0, ";url=/new".to_owned())));
        assert_eq!(refresh("\u{a0}0;url=/new"), None, "no ASCII white space");
        assert_eq!(refresh("99999999999999999999;/new"), Some((u64::MAX, "/new".to_owned())));
    }

    #[test]
    fn visible_text_leaves_tags_and_scripts_out() {
        let page = b"<p>ab c</p><script>xyz</script>";
        assert_eq!(visible(&tags(page), page), 3);
    }
}
