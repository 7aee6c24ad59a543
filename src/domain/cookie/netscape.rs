//! Netscape cookie files: what curl's `-b FILE` reads and `-c FILE` writes. Text only, no files.

use super::jar::{Cookie, Jar};

const HEADER: &str = "# Netscape HTTP Cookie File\n# https://curl.se/docs/http-cookies.html\n# Written by hopstep, in curl's format\n\n";
/// Marks a cookie that scripts can't read; other readers take it for a comment.
const HTTP_ONLY: &[u8] = b"#HttpOnly_";

/// The cookies of a file. Lines that are no cookies are passed over, as curl does.
pub fn parse(text: &[u8], now: i64) -> Jar {
    let mut jar = Jar::default();
    for line in text.split(|&byte| byte == b'\n') {
        if let Some(cookie) = cookie(line.strip_suffix(b"\r").unwrap_or(line)) {
            jar.insert(cookie, now);
        }
    }
    jar
}

/// The jar as a file, the newest cookie first, as curl has them (`lib/cookie.c`, cookie_output).
pub fn serialise(jar: &Jar) -> Vec<u8> {
    let mut out = HEADER.as_bytes().to_vec();
    for cookie in jar.newest_first() {
        if cookie.http_only {
            out.extend_from_slice(HTTP_ONLY);
        }
        let (tail, secure) = (truth(!cookie.host_only), truth(cookie.secure));
        let Cookie { written_domain: domain, written_path: path, .. } = cookie;
        let dot = if cookie.host_only || domain.starts_with('.') { "" } else { "." };
        let expires = cookie.expires.unwrap_or(0);
        out.extend(format!("{dot}{domain}\t{tail}\t{path}\t{secure}\t{expires}\t").into_bytes());
        out.extend([&cookie.name, &b"\t"[..], &cookie.value, b"\n"].concat());
    }
    out
}

fn truth(value: bool) -> &'static str {
    if value { "TRUE" } else { "FALSE" }
}

/// The path that requests are held against: `/x/`, as curl writes a default path, covers `/x` (`lib/cookie.c`, sanitize_cookie_path).
fn matched(path: &str) -> &str {
    let bare = path.trim_end_matches('/');
    if bare.starts_with('/') { bare } else { "/" }
}

/// The number at the start, which is not negative.
fn leading_number(text: &[u8]) -> Option<i64> {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    std::str::from_utf8(&text[..end]).ok()?.parse().ok()
}

/// domain, tail match, path, secure, expires, name, value; a missing value is empty. Tabs side by side are one (`lib/cookie.c`,
/// Curl_cookie_add, strtok).
fn cookie(line: &[u8]) -> Option<Cookie> {
    let (http_only, line) = match line.strip_prefix(HTTP_ONLY) {
        Some(rest) => (true, rest),
        None => (false, line),
    };
    let line = line.trim_ascii_start();
    if line.starts_with(b"#") {
        return None;
    }
    let fields = line.split(|&byte| byte == b'\t').filter(|field| !field.is_empty());
    let mut fields: Vec<&[u8]> = fields.collect();
    // a path may be missing
    if fields.get(2).is_some_and(|path| matches!(*path, b"TRUE" | b"FALSE")) {
        fields.insert(2, b"/");
    }
    let (&[domain, tail, path, secure, expires, name], value) = fields.split_first_chunk()?;
    let value = match value {
        [] => &b""[..],
        [value] => value,
        _ => return None,
    };
    let is_true = |field: &[u8]| field.eq_ignore_ascii_case(b"TRUE");
    let domain = String::from_utf8(domain.strip_prefix(b".").unwrap_or(domain).to_vec()).ok()?;
    let (path, expires) = (std::str::from_utf8(path).ok()?, leading_number(expires)?);
    let mut cookie = Cookie::from_file(domain, !is_true(tail), name.to_vec(), value.to_vec());
    matched(path).clone_into(&mut cookie.path);
    path.clone_into(&mut cookie.written_path);
    cookie.secure = is_true(secure);
    cookie.http_only = http_only;
    cookie.expires = (expires != 0).then_some(expires);
    Some(cookie)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_file_of_curls_is_read_and_written_back() {
        let lines = "#HttpOnly_.a.test\tTRUE\t/x\tTRUE\t2000000000\tsid\tv=1\nb.test\tFALSE\t/\tFALSE\t0\tplain\t\n";
        let jar = parse(format!("# comment\n\n{lines}").as_bytes(), 0);
        assert_eq!(jar.iter().count(), 2);
        let (http_only, plain) = lines.split_at(lines.find('\n').unwrap() + 1);
        let newest_first = format!("{HEADER}{plain}{http_only}");
        assert_eq!(String::from_utf8(serialise(&jar)).unwrap(), newest_first);
    }

    #[test]
    fn a_path_that_ends_in_a_slash_is_that_of_the_folder() {
        for (path, matched) in [("/x/", "/x"), ("/", "/"), ("/x/y", "/x/y"), ("x", "/"), ("", "/")]
        {
            let jar = parse(format!("a.test\tFALSE\t{path}\tFALSE\t0\ta\tb\n").as_bytes(), 0);
            assert_eq!(jar.iter().next().map(|cookie| cookie.path.as_str()), Some(matched));
        }
    }

    #[test]
    fn an_expired_line_is_passed_over() {
        assert!(parse(b"a.test\tTRUE\t/\tFALSE\t5\ta\tb\n", 6).is_empty());
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes: Vec<u8>) {
            let jar = parse(&bytes, 0);
            prop_assert_eq!(parse(&serialise(&jar), 0).iter().count(), jar.iter().count());
        }
    }
}
