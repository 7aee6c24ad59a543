//! The two grammars: RFC 3986 with a client's liberties, and the WHATWG URL standard.

use std::borrow::Cow;

use url::Url;

use crate::domain::client::location::{
    Bare, Control, Decode, Dialect, Fault, Grammar, NoHost, NonAsciiHost, OtherScheme, Slashes,
};
use crate::domain::http::field::{decode as to_text, decoded};
use crate::domain::http::request::Request;
use crate::domain::redirect::rfc3986::{
    Reference, folder, merge, remove_dots, scheme_length, split_scheme,
};

use super::encode::{Part, encode, push_encoded};
use super::{Landing, Miss, Userinfo};
use crate::domain::http::percent::percent_decode;

/// Of the schemes that curl 7.88 looks for (`lib/urlapi.c`, `MAX_SCHEME_LEN`).
const LONGEST_SCHEME: usize = 40;

/// The bytes as the client's text, in UTF-8 where it has one.
pub(super) fn decode(value: &[u8], rule: Decode) -> Result<Cow<'_, [u8]>, Miss> {
    if std::str::from_utf8(value).is_ok() && rule != Decode::Latin1 {
        return Ok(Cow::Borrowed(value));
    }
    match rule {
        Decode::Bytes => Ok(Cow::Borrowed(value)),
        Decode::Utf8OrError => Err(Miss::Invalid),
        Decode::Utf8OrFinal => Err(Miss::Final),
        Decode::Utf8OrEmpty => Ok(Cow::Borrowed(b"")),
        Decode::Utf8Ignore => {
            let valid = value.utf8_chunks().map(|chunk| chunk.valid().as_bytes());
            Ok(Cow::Owned(valid.collect::<Vec<_>>().concat()))
        }
        Decode::Utf8Replace => {
            Ok(Cow::Owned(String::from_utf8_lossy(value).into_owned().into_bytes()))
        }
        Decode::Latin1 | Decode::Utf8OrLatin1 => {
            let text: String = value.iter().map(|&byte| char::from(byte)).collect();
            Ok(Cow::Owned(text.into_bytes()))
        }
    }
}

pub(super) fn resolve(value: &[u8], from: &Request, dialect: &Dialect) -> Result<Landing, Miss> {
    match dialect.grammar {
        Grammar::Whatwg => whatwg(value, from, dialect),
        Grammar::Rfc3986 => lenient(value, from, dialect),
    }
}

/// The value as text for the crate `url`; bytes that are no UTF-8 are percent-encoded, as browsers do.
pub(super) fn whatwg_text(value: &[u8]) -> Option<Cow<'_, str>> {
    match std::str::from_utf8(value) {
        Ok(text) => Some(Cow::Borrowed(text)),
        Err(_) => {
            let mut out = Vec::with_capacity(value.len());
            for &byte in value {
                if byte.is_ascii() { out.push(byte) } else { push_encoded(&mut out, byte) }
            }
            String::from_utf8(out).ok().map(Cow::Owned)
        }
    }
}

fn whatwg(value: &[u8], from: &Request, dialect: &Dialect) -> Result<Landing, Miss> {
    let text = whatwg_text(value).ok_or(Miss::Invalid)?;
    let url = from.url.join(&text).map_err(|_| fault(dialect.unparsable))?;
    check_scheme(url.scheme().as_bytes(), dialect)?;
    let (scheme, rest) = split_scheme(text.trim().as_bytes());
    let written = Reference::split_relative(rest).authority.map(to_text);
    let named = scheme.is_some() || url.host() != from.url.host();
    let authority = written.or_else(|| named.then(|| url.authority().to_owned()));
    let (path, query) = (url.path().as_bytes(), url.query().map(str::as_bytes));
    let exact = write_target(path, query, dialect)?;
    let userinfo = userinfo_of(&url);
    Ok(land(url, exact, userinfo, authority))
}

/// Name and password in a URL.
pub(in crate::domain::redirect) fn userinfo_of(url: &Url) -> Option<Userinfo> {
    let given = !url.username().is_empty() || url.password().is_some();
    given.then(|| Userinfo {
        user: percent_decode(url.username().as_bytes()),
        password: percent_decode(url.password().unwrap_or_default().as_bytes()),
    })
}

fn fault(rule: Fault) -> Miss {
    match rule {
        Fault::Error | Fault::Relative => Miss::Invalid,
        Fault::Final => Miss::Final,
    }
}

fn check_scheme(scheme: &[u8], dialect: &Dialect) -> Result<(), Miss> {
    match dialect.other_scheme {
        _ if is_http(scheme) => Ok(()),
        OtherScheme::Error | OtherScheme::RelativeUnlessAuthority => Err(Miss::Scheme),
        OtherScheme::Final => Err(Miss::Final),
    }
}

fn is_http(scheme: &[u8]) -> bool {
    scheme.eq_ignore_ascii_case(b"http") || scheme.eq_ignore_ascii_case(b"https")
}

/// RFC 3986 with the liberties of the dialect.
fn lenient(value: &[u8], from: &Request, dialect: &Dialect) -> Result<Landing, Miss> {
    let value = clean(value, dialect)?;
    let (scheme, rest) = scheme_of(&value, dialect);
    let Some(scheme) = scheme else { return relative(&value, from, dialect) };
    if !is_http(scheme) {
        return match dialect.other_scheme {
            OtherScheme::RelativeUnlessAuthority if !names_host(rest) => {
                segment(&value, from, dialect)
            }
            _ if dialect.websocket_as_http && is_websocket(scheme) => {
                absolute(&[b"http", &scheme[2..]].concat(), rest, from, dialect)
            }
            OtherScheme::Final => Err(Miss::Final),
            OtherScheme::Error | OtherScheme::RelativeUnlessAuthority => Err(Miss::Scheme),
        };
    }
    let slashes = rest.iter().take_while(|&&byte| byte == b'/').count();
    let rule = match slashes {
        0 if rest.starts_with(b"\\") => dialect.scheme_backslash,
        0 => dialect.no_slash,
        1 => dialect.one_slash,
        2 if is_no_url(rest, dialect) => return segment(&value, from, dialect),
        2 => return absolute(scheme, rest, from, dialect),
        _ => dialect.three_slashes,
    };
    let bare = &rest[slashes..];
    match rule {
        Slashes::Error => Err(Miss::Invalid),
        Slashes::Final => Err(Miss::Final),
        Slashes::Host => absolute(scheme, &[b"//", bare].concat(), from, dialect),
        Slashes::Root => relative(&[b"/", bare].concat(), from, dialect),
        Slashes::Relative => relative(rest, from, dialect),
        Slashes::Segment => segment(&value, from, dialect),
    }
}

fn scheme_of<'a>(value: &'a [u8], dialect: &Dialect) -> (Option<&'a [u8]>, &'a [u8]) {
    if !dialect.any_scheme {
        return split_scheme(value);
    }
    let end = scheme_length(value);
    match value.get(end) {
        Some(b':') if (1..=LONGEST_SCHEME).contains(&end) => {
            (Some(&value[..end]), &value[end + 1..])
        }
        _ => (None, value),
    }
}

fn is_websocket(scheme: &[u8]) -> bool {
    scheme.eq_ignore_ascii_case(b"ws") || scheme.eq_ignore_ascii_case(b"wss")
}

/// `//` with a host behind it.
fn names_host(rest: &[u8]) -> bool {
    rest.strip_prefix(b"//").is_some_and(|after| !matches!(after.first(), None | Some(b'/')))
}

fn clean<'a>(value: &'a [u8], dialect: &Dialect) -> Result<Cow<'a, [u8]>, Miss> {
    let forbidden = |character| dialect.forbidden.contains(character);
    if !dialect.forbidden.is_empty() && decoded(value).contains(forbidden) {
        return Err(Miss::Invalid);
    }
    if dialect.unc_is_foreign && value.starts_with(b"\\\\") {
        return Err(Miss::Scheme);
    }
    let control = |byte: &u8| byte.is_ascii_control();
    let blank = |byte: &u8| b"\t\r\n".contains(byte);
    match dialect.control {
        Control::Error if value.iter().any(control) => Err(Miss::Invalid),
        Control::Strip if value.iter().any(blank) => {
            Ok(Cow::Owned(value.iter().copied().filter(|byte| !blank(byte)).collect()))
        }
        Control::Encode | Control::Error | Control::Strip => Ok(Cow::Borrowed(value)),
    }
}

/// Whether this client takes what follows `http:` for no URL, and the whole value for a path.
fn is_no_url(rest: &[u8], dialect: &Dialect) -> bool {
    let authority = Reference::split_relative(rest).authority.unwrap_or_default();
    let broken = authority.starts_with(b"[") && !authority.contains(&b']');
    (broken && dialect.unparsable == Fault::Relative)
        || (authority.is_empty() && dialect.no_host == NoHost::Segment)
}

/// `scheme:` with `//host…` behind it.
fn absolute(
    scheme: &[u8],
    rest: &[u8],
    from: &Request,
    dialect: &Dialect,
) -> Result<Landing, Miss> {
    let reference = Reference::split_relative(rest);
    let authority = reference.authority.unwrap_or_default();
    if dialect.first_at && authority.iter().filter(|&&byte| byte == b'@').count() > 1 {
        return Err(fault(dialect.unparsable));
    }
    let (userinfo, host_port) = match authority.iter().rposition(|&byte| byte == b'@') {
        Some(at) => (Some(split_userinfo(&authority[..at])), &authority[at + 1..]),
        None => (None, authority),
    };
    let (host, port) = split_port(host_port, dialect)?;
    if host.is_empty() {
        return no_host(from, dialect);
    }
    let host = check_host(host, dialect)?;
    let path = absolute_path(reference.path, dialect);
    let exact = write_target(&path, reference.query, dialect)?;
    let origin = format!("{}://{host}{port}", to_text(scheme));
    // most redirects stay on their host, which need not be read again
    let url = match from.url[..url::Position::BeforePath] == origin {
        true => beside(&from.url, &exact, reference.fragment),
        false => compose(&origin, &exact, reference.fragment),
    };
    Ok(land(url.ok_or(fault(dialect.unparsable))?, exact, userinfo, Some(to_text(authority))))
}

fn no_host(from: &Request, dialect: &Dialect) -> Result<Landing, Miss> {
    match dialect.no_host {
        NoHost::Error => Err(Miss::Invalid),
        NoHost::Final => Err(Miss::Final),
        NoHost::SameUrl | NoHost::Segment => relative(b"", from, dialect),
        NoHost::Root => relative(b"/", from, dialect),
    }
}

fn split_userinfo(text: &[u8]) -> Userinfo {
    let colon = text.iter().position(|&byte| byte == b':');
    let (user, password) = match colon {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, &b""[..]),
    };
    Userinfo { user: percent_decode(user), password: percent_decode(password) }
}

/// Host, and `:port` as text; an empty port is none.
fn split_port<'a>(text: &'a [u8], dialect: &Dialect) -> Result<(&'a [u8], String), Miss> {
    let after_brackets = text.iter().rposition(|&byte| byte == b']').unwrap_or(0);
    let colon = text[after_brackets..].iter().rposition(|&byte| byte == b':');
    let Some(colon) = colon.map(|at| at + after_brackets) else {
        return Ok((text, String::new()));
    };
    let (host, port) = (&text[..colon], &text[colon + 1..]);
    if port.is_empty() {
        return Ok((host, String::new()));
    }
    let number = std::str::from_utf8(port).ok().and_then(|port| port.parse::<u16>().ok());
    let number = number.ok_or(fault(dialect.bad_port))?;
    Ok((host, format!(":{number}")))
}

fn check_host(host: &[u8], dialect: &Dialect) -> Result<String, Miss> {
    if dialect.refuse_decimal_host && host.iter().all(u8::is_ascii_digit) {
        return Err(Miss::Invalid);
    }
    let text = to_text(host);
    let full_width = |text: &str| text.contains(['\u{3002}', '\u{ff0e}', '\u{ff61}']);
    match dialect.non_ascii_host {
        _ if text.is_ascii() => Ok(text),
        NonAsciiHost::Punycode => Ok(text),
        NonAsciiHost::PunycodeUnmapped if !full_width(&text) => Ok(text),
        NonAsciiHost::PunycodeUnmapped | NonAsciiHost::Error => Err(Miss::Invalid),
    }
}

/// The whole value as a path on the same host, whatever it looks like.
fn segment(value: &[u8], from: &Request, dialect: &Dialect) -> Result<Landing, Miss> {
    let reference = Reference::split_relative(value);
    on_same_host(reference, from, dialect)
}

/// A reference without scheme.
fn relative(value: &[u8], from: &Request, dialect: &Dialect) -> Result<Landing, Miss> {
    let reference = Reference::split_relative(value);
    if reference.authority.is_some() {
        return absolute(from.url.scheme().as_bytes(), value, from, dialect);
    }
    on_same_host(reference, from, dialect)
}

fn on_same_host(
    reference: Reference<'_>,
    from: &Request,
    dialect: &Dialect,
) -> Result<Landing, Miss> {
    let base = Reference::split_relative(from.target().as_bytes());
    let (path, query) = if dialect.fragment_in_base && lost_in_fragment(reference, base, &from.url)
    {
        (base.path.to_vec(), None)
    } else {
        path_and_query(reference, base, dialect)
    };
    let exact = if path == base.path && query == base.query {
        // nothing to encode anew: it has been on the wire already
        from.target().to_owned()
    } else {
        write_target(&path, query, dialect)?
    };
    let url = beside(&from.url, &exact, reference.fragment).ok_or(fault(dialect.unparsable))?;
    Ok(land(url, exact, None, None))
}

/// Whether a reference put behind the fragment of the base stays part of it.
fn lost_in_fragment(reference: Reference<'_>, base: Reference<'_>, from: &Url) -> bool {
    let fragment = from.fragment().filter(|text| base.query.is_none() && !text.is_empty());
    let Some(fragment) = fragment else { return false };
    let fragment = fragment.split('?').next().unwrap_or_default();
    match (reference.path, reference.query) {
        (b"", Some(_)) => true,
        (b"", None) | ([b'/', ..], _) => false,
        _ => fragment.contains('/'),
    }
}

/// RFC 3986 §5.2.2 for references without host.
fn path_and_query<'a>(
    reference: Reference<'a>,
    base: Reference<'a>,
    dialect: &Dialect,
) -> (Vec<u8>, Option<&'a [u8]>) {
    let bare = |rule: Bare| match rule {
        Bare::KeepPath => base.path.to_vec(),
        Bare::Folder => folder(base.path).to_vec(),
    };
    match (reference.path, reference.query, reference.fragment) {
        (b"", Some(query), _) => (bare(dialect.query_only), Some(query)),
        (b"", None, Some(_)) => match dialect.fragment_only {
            Bare::KeepPath => (base.path.to_vec(), base.query),
            Bare::Folder => (folder(base.path).to_vec(), None),
        },
        (b"", None, None) => (base.path.to_vec(), base.query),
        (path @ [b'/', ..], query, _) => (absolute_path(path, dialect), query),
        (_, query, _) if dialect.pasted => {
            (absolute_path(&pasted(base.path, reference), dialect), query)
        }
        (path, query, _) => {
            let path = if dialect.collapse_slashes { collapse(path) } else { path.to_vec() };
            (remove_dots(&merge(base.path, &path), dialect.encoded_dots), query)
        }
    }
}

fn absolute_path(path: &[u8], dialect: &Dialect) -> Vec<u8> {
    if dialect.dots_in_absolute_paths {
        path.to_vec()
    } else {
        remove_dots(path, dialect.encoded_dots)
    }
}

/// A relative path behind the folder of its base, with the first dot segments worked off (curl 7.88 `lib/urlapi.c`, `concat_url`).
fn pasted(base: &[u8], reference: Reference<'_>) -> Vec<u8> {
    let slash = |path: &[u8]| path.iter().rposition(|&byte| byte == b'/');
    let mut kept = &base[..slash(base).unwrap_or(0)];
    let mut path = reference.path.strip_prefix(b"./").unwrap_or(reference.path);
    while let Some(rest) = path.strip_prefix(b"../") {
        (kept, path) = (&kept[..slash(kept).map_or(0, |at| at.max(1))], rest);
    }
    let query_only = path.is_empty() && reference.query.is_some();
    let joined = query_only || path.starts_with(b"/") || kept == b"/";
    [kept, if joined { b"" } else { b"/" }, path].concat()
}

fn collapse(path: &[u8]) -> Vec<u8> {
    let mut out = path.to_vec();
    out.dedup_by(|next, last| *next == b'/' && *last == b'/');
    out
}

/// Path and query as this client writes them on the wire.
fn write_target(path: &[u8], query: Option<&[u8]>, dialect: &Dialect) -> Result<String, Miss> {
    let mut target = encode(path, Part::Path, dialect)?;
    if !target.starts_with(b"/") {
        target.insert(0, b'/');
    }
    if let Some(query) = query.filter(|query| !(query.is_empty() && dialect.drop_empty_query)) {
        target.push(b'?');
        target.append(&mut encode(query, Part::Query, dialect)?);
    }
    Ok(String::from_utf8(target).unwrap_or_else(|odd| to_text(odd.as_bytes())))
}

/// A URL for this target.
fn compose(origin: &str, target: &str, fragment: Option<&[u8]>) -> Option<Url> {
    let mut url = Url::parse(&format!("{origin}{}", without_backslash(target))).ok()?;
    url.set_fragment(fragment.map(to_text).as_deref());
    Some(url)
}

/// A URL for this target on the host of another; its userinfo may still be in it.
fn beside(from: &Url, target: &str, fragment: Option<&[u8]>) -> Option<Url> {
    if !target.starts_with('/') || target.starts_with("//") {
        return compose(&from[..url::Position::BeforePath], target, fragment);
    }
    let mut url = from.join(&without_backslash(target)).ok()?;
    if fragment.is_some() || url.fragment().is_some() {
        url.set_fragment(fragment.map(to_text).as_deref());
    }
    Some(url)
}

/// The URL standard would turn a backslash in the path into a slash, and so lead to another path; `%5C` is the nearest a URL can hold.
fn without_backslash(target: &str) -> Cow<'_, str> {
    let path = target.split_once('?').map_or(target, |(path, _)| path);
    match path.contains('\\') {
        true => Cow::Owned([&path.replace('\\', "%5C"), &target[path.len()..]].concat()),
        false => Cow::Borrowed(target),
    }
}

fn land(
    mut url: Url,
    exact: String,
    userinfo: Option<Userinfo>,
    authority: Option<String>,
) -> Landing {
    // can't fail: http URLs have a host
    let _ = url.set_username("");
    let _ = url.set_password(None);
    let as_url = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let exact_target = (as_url != exact).then_some(exact);
    Landing { url, exact_target, userinfo, authority }
}
