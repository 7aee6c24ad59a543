//! Template: placeholders that were sent instead of their values.

use std::ops::Range;

use super::reference::Reference;

const BRACKETS: [(&str, &str); 4] = [("${", "}"), ("{{", "}}"), ("<%", "%>"), ("%{", "}")];
const VARIABLES: [&str; 8] =
    ["$request_uri", "$http_host", "$server_name", "$host", "$uri", "$args", "$1", "$2"];
const WHOLE: [&str; 8] =
    ["undefined", "null", "NaN", "None", "%s", "%d", "[object Object]", "[object%20Object]"];

/// The first placeholder of a Location, as it is or percent-encoded.
pub fn placeholder(location: &Reference<'_>) -> Option<Range<usize>> {
    let text = std::str::from_utf8(location.raw).ok()?;
    let marked = text.bytes().any(|byte| matches!(byte, b'$' | b'{' | b'<' | b'%'));
    let marks = || bracketed(text).or_else(|| variable(text)).or_else(|| encoded(text));
    marked.then(marks).flatten().or_else(|| whole(text))
}

fn bracketed(text: &str) -> Option<Range<usize>> {
    BRACKETS.iter().find_map(|(open, close)| {
        let start = text.find(open)?;
        let end = text[start + open.len()..].find(close)?;
        (end > 0).then(|| start..start + open.len() + end + close.len())
    })
}

fn variable(text: &str) -> Option<Range<usize>> {
    VARIABLES.iter().find_map(|name| {
        let start = text.find(name)?;
        let after = text[start + name.len()..].chars().next();
        let ends = after.is_none_or(|letter| !letter.is_ascii_alphanumeric() && letter != '_');
        ends.then(|| start..start + name.len())
    })
}

/// `%7B%7B…%7D%7D` and `$%7B…%7D`
fn encoded(text: &str) -> Option<Range<usize>> {
    let upper = text.to_ascii_uppercase();
    [("%7B%7B", "%7D%7D"), ("$%7B", "%7D"), ("%24%7B", "%7D")].iter().find_map(|(open, close)| {
        let start = upper.find(open)?;
        let end = upper[start + open.len()..].find(close)?;
        (end > 0).then(|| start..start + open.len() + end + close.len())
    })
}

/// A whole segment or value.
fn whole(text: &str) -> Option<Range<usize>> {
    let mut start = 0;
    for part in text.split(['/', '?', '&', '=', '#']) {
        let at = start..start + part.len();
        start = at.end + 1;
        if at.start > 0 && WHOLE.contains(&part) {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<&str> {
        placeholder(&Reference::of(text.as_bytes())).map(|at| &text[at])
    }

    #[test]
    fn placeholders_are_told_from_words() {
        assert_eq!(found("https://$host/a"), Some("$host"));
        assert_eq!(found("/a/${next}/b"), Some("${next}"));
        assert_eq!(found("/a?x={{ url }}"), Some("{{ url }}"));
        assert_eq!(found("/a/%7B%7Bid%7D%7D"), Some("%7B%7Bid%7D%7D"));
        assert_eq!(found("/users/undefined"), Some("undefined"));
        assert_eq!(found("/a?next=null&b=1"), Some("null"));
        for text in [
            "/undefined-behaviour",
            "/$hosting",
            "/nullable",
            "/a?b={c}",
            "/odata/Users('{id}')",
            "/%7Bid%7D",
            "undefined",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
