//! Parting: the hops of a chain at which clients part ways on something that matters, and who does what there.
//!
//! Every redirect counts at which data, credentials or the destination can depend on the client; a GET without credentials
//! to a plain `Location` is passed over without asking anybody. Cookies a jar would add are left to the comparison of one
//! hop: half the clients have no jar; so are limits, which `chain-too-long` tells. Hops of one kind are compared once, and
//! no more than 24 kinds, so that a chain of any length is told in a few milliseconds.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::domain::chain::{Chain, Hop};
use crate::domain::http::origin::Origin;
use crate::domain::http::request::Request;
use crate::domain::redirect::Action;

use super::Client;
use super::comparison::{Disagreement, Group, after, disagreement};
use super::policy::Limit;

/// Hops after which clients do different things, all in the same way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Parting {
    /// From 1.
    pub hop: usize,
    /// The same is true of every redirect up to this hop.
    pub last: usize,
    pub on: Disagreement,
    /// Who does what, the most clients first.
    pub sides: Vec<Side>,
}

/// Clients that do the same, as far as it matters.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Side {
    /// What they send, `GET without the body`; not escaped.
    pub does: String,
    pub clients: Vec<String>,
}

impl Parting {
    /// What differs after which hop, in a sentence without a full stop.
    pub fn sentence(&self) -> String {
        let hops = match self.last == self.hop {
            true => format!("hop {}", self.hop),
            false => format!("hops {} to {}", self.hop, self.last),
        };
        format!("what follows {hops} depends on the client: {}", self.on.words().join(", "))
    }
}

impl Side {
    /// `GET without the body: curl, wget`; not escaped.
    pub fn sentence(&self) -> String {
        format!("{}: {}", self.does, self.clients.join(", "))
    }
}

/// Kinds of hops of one chain that are compared; a chain of more is hostile.
const KINDS: usize = 24;

/// Fields that are lost or leaked.
const CREDENTIALS: [&str; 3] = ["Authorization", "Cookie", "Proxy-Authorization"];

/// Where the clients of the table would part on data, credentials or destination, in the order of the hops.
pub fn partings(chain: &Chain) -> Vec<Parting> {
    let mut known: HashMap<Kind<'_>, Option<Parting>> = HashMap::new();
    let mut found: Vec<Parting> = Vec::new();
    for hop in chain.hops.iter().filter(|hop| is_at_stake(hop)) {
        let kind = Kind::of(hop);
        if !known.contains_key(&kind) && known.len() >= KINDS {
            continue;
        }
        let parting = known.entry(kind).or_insert_with(|| parting(chain, hop));
        let Some(parting) = parting else { continue };
        match found.last_mut() {
            Some(before) if before.last + 1 == hop.index && before.same(parting) => {
                before.last = hop.index;
            }
            Some(_) | None => {
                found.push(Parting { hop: hop.index, last: hop.index, ..parting.clone() });
            }
        }
    }
    found
}

impl Parting {
    fn same(&self, other: &Parting) -> bool {
        self.on == other.on && self.sides == other.sides
    }
}

fn parting(chain: &Chain, hop: &Hop) -> Option<Parting> {
    // a jar drops what has expired when it is stored, so that the clock does not count here
    let groups = after(chain, hop.index, unlimited(), 0);
    let goes_on = groups.iter().any(|group| group.request().is_some());
    let mut on = disagreement(&groups);
    on.credentials &= carries_credentials(hop);
    let (hop, last) = (hop.index, hop.index);
    (goes_on && on.matters()).then(|| Parting { hop, last, on, sides: sides(&groups, on) })
}

/// Every client, without its bound of redirects.
fn unlimited() -> &'static [Client] {
    static ALL: LazyLock<Vec<Client>> = LazyLock::new(|| {
        let lift = |client: &Client| {
            let limit = Limit { redirects: u32::MAX, visits: None, ..client.limit };
            Client { limit, ..client.clone() }
        };
        Client::all().iter().map(lift).collect()
    });
    &ALL
}

/// Groups that differ in nothing that is in question are one side.
fn sides(groups: &[Group], on: Disagreement) -> Vec<Side> {
    let mut sides: Vec<Side> = Vec::new();
    for group in groups {
        let does = does(group, on);
        match sides.iter_mut().find(|side| side.does == does) {
            Some(side) => side.clients.extend(group.clients.iter().cloned()),
            None => sides.push(Side { does, clients: group.clients.clone() }),
        }
    }
    for side in &mut sides {
        side.clients.sort_unstable();
    }
    sides.sort_by_key(|side| std::cmp::Reverse(side.clients.len()));
    sides
}

fn does(group: &Group, on: Disagreement) -> String {
    let request = match &group.action {
        Action::Final => return "nothing (the redirect is the final answer)".to_owned(),
        Action::Stop(reason) => return format!("nothing ({})", reason.id()),
        Action::Follow(follow) => &follow.request,
    };
    let mut words = request.method.to_string();
    if on.body {
        words += if request.body_len() > 0 { " with the body" } else { " without the body" };
    }
    if on.destination {
        words += &format!(" to {}", request.display_url());
    }
    if on.credentials {
        let carried = carried(request);
        words += &match carried.is_empty() {
            true => ", no credentials".to_owned(),
            false => format!(", {}", carried.join(" and ")),
        };
    }
    words
}

fn carried(request: &Request) -> Vec<&'static str> {
    CREDENTIALS.into_iter().filter(|name| request.fields.contains(name)).collect()
}

fn carries_credentials(hop: &Hop) -> bool {
    !carried(&hop.request).is_empty()
}

/// Whether clients can differ in more than cookies after this hop.
fn is_at_stake(hop: &Hop) -> bool {
    let Some(status) = hop.exchange.status().filter(|status| super::REDIRECTS.contains(status))
    else {
        return false;
    };
    let mut locations = hop.exchange.fields().all("Location");
    let (Some(location), more) = (locations.next(), locations.next()) else { return false };
    let usual = matches!(status, 301 | 302 | 303 | 307 | 308);
    let reads = matches!(hop.request.method.as_str(), "GET" | "HEAD");
    let downgrade = hop.request.url.scheme() == "https" && !location.value.starts_with(b"https:");
    !usual
        || !reads
        || hop.request.body_len() > 0
        || carries_credentials(hop)
        || more.is_some()
        || (downgrade && location.value.starts_with(b"http:"))
        || !is_plain(&location.value)
}

/// A path or an http URL that everybody reads alike.
fn is_plain(location: &[u8]) -> bool {
    let schemes = [&b"http://"[..], b"https://"];
    let rest = schemes.iter().find_map(|scheme| location.strip_prefix(*scheme));
    let path = rest.unwrap_or(location);
    let rooted = rest.is_some() || location.first() == Some(&b'/');
    let usual = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~:/?&=,+".contains(byte);
    let twice = |pair: &[u8]| pair == b"//" || pair == b"/.";
    rooted && !path.is_empty() && path.iter().all(usual) && !path.windows(2).any(twice)
}

/// All that decides what clients do after a hop; hops of the same kind part clients in the same way.
#[derive(PartialEq, Eq, Hash)]
struct Kind<'a> {
    status: Option<u16>,
    method: &'a str,
    body: bool,
    streamed: bool,
    /// The fields of the request.
    fields: Vec<&'a str>,
    /// The origins of the request and of its target.
    origins: (Origin, Option<Origin>),
    absolute: bool,
    sets_cookies: bool,
    /// The `Location` lines where not everybody reads them alike, with what a relative one is held against.
    reading: Option<(&'a str, Vec<&'a [u8]>)>,
}

impl Kind<'_> {
    fn of(hop: &Hop) -> Kind<'_> {
        let lines = hop.exchange.fields().all("Location");
        let lines: Vec<&[u8]> = lines.map(|line| line.value.as_slice()).collect();
        let plain = lines.len() == 1 && lines.iter().all(|line| is_plain(line));
        let target = hop.resolution.as_ref().and_then(|of| of.whatwg.as_ref());
        let body = hop.request.body.as_ref();
        Kind {
            status: hop.exchange.status(),
            method: hop.request.method.as_str(),
            body: hop.request.body_len() > 0,
            streamed: body.is_some_and(|body| body.streamed),
            fields: hop.request.fields.iter().map(|field| field.name.as_str()).collect(),
            origins: (Origin::of(&hop.request.url), target.map(Origin::of)),
            absolute: lines.first().is_some_and(|line| line.starts_with(b"http")),
            sets_cookies: hop.exchange.fields().contains("Set-Cookie"),
            reading: (!plain).then(|| (hop.request.url.as_str(), lines)),
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use url::Url;

    use super::*;
    use crate::domain::chain::Limits;
    use crate::domain::cookie::jar::Jar;
    use crate::domain::http::body::RequestBody;
    use crate::domain::http::exchange::Exchange;
    use crate::domain::http::field::Field;
    use crate::domain::http::head_parser::parse_response;
    use crate::domain::http::method::Method;
    use crate::domain::http::request::{Draft, FieldEdit};

    fn chain(draft: Draft, answers: impl IntoIterator<Item = String>) -> Chain {
        let curl = Client::named("curl").unwrap();
        let limits = Limits { max_hops: Some(1000), follow_loops: true, ..Limits::default() };
        let mut chain = Chain::new(draft, curl, limits, Jar::default(), 0);
        for answer in answers {
            chain.send();
            let response = parse_response(Bytes::from(answer));
            chain.receive(Exchange { response, ..Exchange::default() }, 0);
        }
        chain
    }

    fn get() -> Draft {
        Draft::get(Url::parse("https://a.test/x").unwrap())
    }

    fn put() -> Draft {
        Draft { method: Method::PUT, body: Some(RequestBody::new("a=b")), upload: true, ..get() }
    }

    fn to(status: u16, location: &str) -> String {
        format!("HTTP/1.1 {status} X\r\nLocation: {location}\r\n\r\n")
    }

    fn side<'a>(parting: &'a Parting, client: &str) -> &'a str {
        let of = |side: &&Side| side.clients.iter().any(|name| name == client);
        &parting.sides.iter().find(of).unwrap().does
    }

    #[test]
    fn a_note_names_who_keeps_the_method_who_gives_it_up_and_who_stops() {
        let found = partings(&chain(put(), [to(302, "/y")]));
        let [parting] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(
            parting.sentence(),
            "what follows hop 1 depends on the client: whether it goes on, the method, the body"
        );
        assert_eq!(side(parting, "node"), "PUT with the body");
        assert_eq!(side(parting, "requests"), "GET without the body");
        assert_eq!(side(parting, "urllib"), "nothing (refused-by-client)");
        assert_eq!(parting.sides.iter().map(|side| side.clients.len()).sum::<usize>(), 21);
    }

    #[test]
    fn a_plain_chain_parts_nobody() {
        let found = partings(&chain(get(), [to(301, "https://b.test/y?z=1"), to(302, "/end")]));
        assert_eq!(found, []);
    }

    #[test]
    fn a_get_parts_clients_that_do_not_leave_https_or_read_the_target_otherwise() {
        let found = partings(&chain(get(), [to(302, "http://a.test/y")]));
        assert_eq!(side(&found[0], "java"), "nothing (the redirect is the final answer)");
        let found = partings(&chain(get(), [to(302, "/\\b.test/y")]));
        assert!(found[0].on.destination);
        assert_eq!(side(&found[0], "fetch"), "GET to https://b.test/y");
    }

    #[test]
    fn credentials_that_only_some_send_on_are_named() {
        let mut draft = get();
        draft.fields.push(FieldEdit::Set(Field::new("Authorization", "Bearer x")));
        let found = partings(&chain(draft, [to(302, "https://b.test/y")]));
        assert_eq!(side(&found[0], "wget"), "GET, Authorization");
        assert_eq!(side(&found[0], "curl"), "GET, no credentials");
    }

    #[test]
    fn hops_far_down_the_chain_count_and_equal_ones_are_one_note() {
        let kept = (0..300).map(|at| to(307, &format!("/{at}")));
        let found = partings(&chain(put(), kept.chain([to(302, "/end"), to(302, "/y")])));
        let hops: Vec<(usize, usize)> = found.iter().map(|of| (of.hop, of.last)).collect();
        assert_eq!(hops.last(), Some(&(301, 302)), "{hops:?}");
    }

    #[test]
    fn a_chain_of_ever_new_kinds_is_told_in_part() {
        let odd = (0..300).map(|at| to(302, &format!("http:/{at}\\x")));
        assert!(partings(&chain(get(), odd)).len() <= KINDS);
    }
}
