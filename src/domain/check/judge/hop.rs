//! What is stated of one hop.

use super::super::expectation::{CookieExpect, HopExpect};
use super::super::matcher::Text;
use super::super::outcome::{Miss, target};
use super::{lines, miss};
use crate::domain::chain::{Chain, Hop};
use crate::domain::cookie::set_cookie::{SameSite, SetCookie};
use crate::domain::export::words;
use crate::domain::http::field::{Field, Fields, decode};

/// Holds one hop against what is stated of it.
pub(super) fn held(of: &HopExpect, chain: &Chain, all: &mut Vec<Miss>) {
    let at = Some(of.at);
    let Some(hop) = of.at.checked_sub(1).and_then(|at| chain.hops.get(at)) else {
        let seen = format!("the end after hop {}", chain.hops.len());
        return all.push(miss(at, "hop", "a hop".to_owned(), seen));
    };
    if let Some(wanted) = &of.method {
        one(at, "method", wanted, hop.request.method.as_str(), all);
    }
    if let Some(wanted) = &of.url
        && !wanted.holds_for(Some(&hop.request.url))
    {
        all.push(miss(at, "url", wanted.to_string(), hop.request.url.to_string()));
    }
    if let Some(wanted) = &of.status
        && !wanted.holds(hop.status())
    {
        // where it leads is said here, unless it is stated and judged by itself
        let leads = target(hop).filter(|_| of.target.is_none() && of.location.is_none());
        let to = leads.map(|url| format!(" to {url}")).unwrap_or_default();
        all.push(miss(at, "status", wanted.to_string(), words::answer(hop) + &to));
    }
    if let Some(wanted) = &of.location {
        let seen: Vec<String> = hop.location().map(decode).into_iter().collect();
        if !wanted.holds(&seen) {
            all.push(miss(at, "Location", wanted.to_string(), lines(&seen)));
        }
    }
    if let Some(wanted) = &of.target
        && !wanted.holds_for(target(hop))
    {
        let seen = target(hop).map_or_else(|| "no target".to_owned(), ToString::to_string);
        all.push(miss(at, "target", wanted.to_string(), seen));
    }
    fields(at, "header", &of.headers, hop.exchange.fields(), all);
    let sent = hop.exchange.sent.as_ref().map_or(&hop.request.fields, |sent| &sent.fields);
    fields(at, "sent header", &of.sent, sent, all);
    for wanted in &of.cookies {
        cookie(wanted, at, std::slice::from_ref(hop), all);
    }
    let total = hop.exchange.timing.total;
    if let Some(most) = of.time
        && total > most
    {
        let expected = format!("at most {}", words::milliseconds(most));
        all.push(miss(at, "time", expected, words::milliseconds(total)));
    }
}

/// Holds field lines against what is stated of them.
pub(super) fn fields(
    at: Option<usize>,
    what: &str,
    wanted: &[(String, Text)],
    seen: &Fields,
    all: &mut Vec<Miss>,
) {
    for (name, text) in wanted {
        let seen: Vec<String> = seen.all(name).map(Field::text).collect();
        if !text.holds(&seen) {
            all.push(miss(at, format!("{what} {name}"), text.to_string(), lines(&seen)));
        }
    }
}

/// Holds the `Set-Cookie` lines of some hops against what is stated of one cookie.
pub(super) fn cookie(wanted: &CookieExpect, at: Option<usize>, hops: &[Hop], all: &mut Vec<Miss>) {
    let lines_of = hops.iter().flat_map(|hop| hop.exchange.fields().all("Set-Cookie"));
    let set: Vec<SetCookie> = lines_of
        .filter_map(|field| SetCookie::parse(&field.value).ok())
        .filter(|cookie| cookie.name == wanted.name.as_bytes())
        .collect();
    let values: Vec<String> = set.iter().map(|cookie| decode(&cookie.value)).collect();
    let name = format!("cookie {}", wanted.name);
    if !wanted.value.holds(&values) {
        return all.push(miss(at, name, wanted.value.to_string(), lines(&values)));
    }
    // the last line of a name is the one that stays
    let Some(cookie) = set.last() else { return };
    let mut flag = |what: &str, wanted: Option<bool>, seen: bool| {
        if wanted.is_some_and(|wanted| wanted != seen) {
            let word = |on: bool| if on { what.to_owned() } else { format!("no {what}") };
            all.push(miss(at, name.clone(), word(!seen), word(seen)));
        }
    };
    flag("Secure", wanted.secure, cookie.secure);
    flag("HttpOnly", wanted.http_only, cookie.http_only);
    if let Some(same_site) = wanted.same_site
        && same_site != cookie.same_site
    {
        let (expected, seen) = (same_site_name(same_site), same_site_name(cookie.same_site));
        all.push(miss(at, name.clone(), expected.to_owned(), seen.to_owned()));
    }
    for (what, wanted, seen) in
        [("Path", &wanted.path, &cookie.path), ("Domain", &wanted.domain, &cookie.domain)]
    {
        let seen: Vec<String> = seen.clone().into_iter().collect();
        if let Some(wanted) = wanted
            && !wanted.holds(&seen)
        {
            all.push(miss(at, format!("{name} {what}"), wanted.to_string(), lines(&seen)));
        }
    }
}

fn one(at: Option<usize>, what: &str, wanted: &Text, seen: &str, all: &mut Vec<Miss>) {
    if !wanted.holds(&[seen.to_owned()]) {
        all.push(miss(at, what, wanted.to_string(), seen.to_owned()));
    }
}

fn same_site_name(of: SameSite) -> &'static str {
    match of {
        SameSite::Default => "no SameSite",
        SameSite::None => "SameSite=None",
        SameSite::Lax => "SameSite=Lax",
        SameSite::Strict => "SameSite=Strict",
    }
}
