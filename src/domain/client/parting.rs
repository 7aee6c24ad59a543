//! Parting: the hops of a chain at which clients part ways on something that matters, and who does what there.
//!
//! Every redirect counts at which data, credentials or the destination can depend on the client; a GET without credentials
//! to a plain `Location` is passed over without asking anybody. Cookies a jar would add are left to the comparison of one
//! hop: half the clients have no jar; so are limits, which `chain-too-long` tells. Hops of one kind are compared once, and
//! no more than 24 kinds, so that a chain of any length is told in a few milliseconds.

mod kind;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use crate::domain::chain::{Chain, Hop, Limits};
use crate::domain::cookie::jar::Jar;
use crate::domain::http::origin::same_origin;
use crate::domain::http::request::Request;
use crate::domain::redirect::landings::Readers;
use crate::domain::redirect::{Attempt, Halt};

use super::Client;
use super::comparison::Disagreement;
use super::policy::Limit;
use kind::{Kind, is_at_stake};

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
    let mut readers: Option<Cow<'_, Readers>> = None;
    let mut known: HashMap<Kind<'_>, Option<Parting>> = HashMap::new();
    let mut found: Vec<Parting> = Vec::new();
    for hop in chain.hops.iter().filter(|hop| is_at_stake(hop)) {
        let readers = readers.get_or_insert_with(|| unlimited(chain.limits));
        let kind = Kind::of(hop);
        let parting = match known.get(&kind) {
            Some(parting) if !kind.is_worn_down(parting.as_ref()) => parting.clone(),
            None if known.len() >= KINDS => continue,
            Some(_) | None => {
                let parting = parting(chain, hop, readers);
                known.insert(kind, parting.clone());
                parting
            }
        };
        let Some(parting) = parting else { continue };
        match found.last_mut() {
            Some(before) if before.last + 1 == hop.index && before.same(&parting) => {
                before.last = hop.index;
            }
            Some(_) | None => found.push(Parting { hop: hop.index, last: hop.index, ..parting }),
        }
    }
    found
}

impl Parting {
    fn same(&self, other: &Parting) -> bool {
        self.on == other.on && self.sides == other.sides
    }
}

fn parting(chain: &Chain, hop: &Hop, readers: &Readers) -> Option<Parting> {
    static NO_JAR: LazyLock<Jar> = LazyLock::new(Jar::default);
    let credentials = carries_credentials(hop);
    let jar = match (credentials, chain.hops.get(hop.index)) {
        // what a jar would add is not asked for
        (false, _) => &NO_JAR,
        // a hop has the jar as it was before its response
        (true, Some(next)) => &next.jar,
        (true, None) => &chain.jar,
    };
    let hops = chain.hops.get(..hop.index)?;
    // a jar drops what has expired when it is stored, so that the clock does not count here
    let steps = readers.requests(&Attempt { draft: &chain.draft, hops, jar, now: 0 });
    let mut on = disagreement(&steps)?;
    on.credentials &= credentials;
    // where one goes that the others do not
    let astray = hop.resolution.as_ref().is_some_and(|resolution| resolution.target.is_none());
    let (hop, last) = (hop.index, hop.index);
    on.matters().then(|| Parting { hop, last, on, sides: sides(&steps, Told { on, astray }) })
}

/// What one client sends next, or why it sends nothing.
type Step<'a> = (&'a Client, Result<Request, Halt>);

/// What the clients disagree about; `None` where nobody goes on.
fn disagreement(steps: &[Step<'_>]) -> Option<Disagreement> {
    let mut requests = steps.iter().filter_map(|(_, request)| request.as_ref().ok());
    let first = requests.next()?;
    let mut on = Disagreement {
        going_on: steps.iter().any(|(_, request)| request.is_err()),
        ..Disagreement::default()
    };
    for other in requests {
        on.method |= first.method != other.method;
        on.body |= (first.body_len() > 0) != (other.body_len() > 0);
        on.destination |= first.target() != other.target() || !same_origin(&first.url, &other.url);
        on.credentials |=
            CREDENTIALS.iter().any(|name| !first.fields.values(name).eq(other.fields.values(name)));
    }
    Some(on)
}

/// Every client, without its bound of redirects, under the limits of a chain.
fn unlimited(limits: Limits) -> Cow<'static, Readers> {
    static ALL: LazyLock<Readers> = LazyLock::new(|| {
        let lift = |client: &Client| {
            let limit = Limit { redirects: u32::MAX, visits: None, ..client.limit };
            let (version, evidence) = (String::new(), Vec::new());
            Client { limit, version, evidence, ..client.clone() }
        };
        Readers::of(Client::all().iter().map(lift).collect())
    });
    match limits.max_hops.is_none() && limits.cookies.is_none() {
        true => Cow::Borrowed(&ALL),
        false => Cow::Owned(ALL.each(|client| limits.apply(client))),
    }
}

/// Clients that differ in nothing that is in question are one side; the most clients first.
fn sides(steps: &[Step<'_>], told: Told) -> Vec<Side> {
    let mut sides: Vec<Side> = Vec::new();
    for (client, step) in steps {
        let does = does(step, told);
        match sides.iter_mut().find(|side| side.does == does) {
            Some(side) => side.clients.push(client.name.clone()),
            None => sides.push(Side { does, clients: vec![client.name.clone()] }),
        }
    }
    for side in sides.iter_mut().filter(|side| side.clients.len() == 1) {
        for (many, one) in [("stop ", "stops "), ("take ", "takes ")] {
            if let Some(rest) = side.does.strip_prefix(many) {
                side.does = format!("{one}{rest}");
            }
        }
    }
    sides.sort_by_key(|side| std::cmp::Reverse(side.clients.len()));
    sides
}

fn does(step: &Result<Request, Halt>, Told { on, astray }: Told) -> String {
    let request = match step {
        Err(Halt::Final) => return "take the redirect as the answer".to_owned(),
        Err(Halt::Stop(reason)) => return format!("stop here ({})", reason.words()),
        Ok(request) => request,
    };
    let mut words = request.method.to_string();
    if on.body {
        words += if request.body_len() > 0 { " with the body" } else { " without the body" };
    }
    if on.destination || astray {
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

/// What is said of each side.
#[derive(Clone, Copy)]
struct Told {
    on: Disagreement,
    astray: bool,
}

fn carried(request: &Request) -> Vec<&'static str> {
    CREDENTIALS.into_iter().filter(|name| request.fields.contains(name)).collect()
}

fn carries_credentials(hop: &Hop) -> bool {
    !carried(&hop.request).is_empty()
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
    use crate::domain::redirect;

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
        assert_eq!(side(parting, "urllib"), "stops here (refused by the client)");
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
        assert_eq!(side(&found[0], "java"), "takes the redirect as the answer");
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

    /// Each hop asked alone, every client from the start.
    fn one_by_one(chain: &Chain) -> Vec<(usize, Disagreement, Vec<Side>)> {
        let clients = unlimited(chain.limits).each(|client| client);
        let at_stake = chain.hops.iter().filter(|hop| is_at_stake(hop));
        let asked = at_stake.filter_map(|hop| {
            let hops = &chain.hops[..hop.index];
            let jar = chain.hops.get(hop.index).map_or(&chain.jar, |next| &next.jar);
            let attempt = Attempt { draft: &chain.draft, hops, jar, now: 0 };
            let alone = clients.clients().map(|client| match redirect::next(&attempt, client) {
                redirect::Action::Follow(follow) => (client, Ok(follow.request)),
                redirect::Action::Final => (client, Err(Halt::Final)),
                redirect::Action::Stop(reason) => (client, Err(Halt::Stop(reason))),
            });
            let steps: Vec<Step<'_>> = alone.collect();
            let mut on = disagreement(&steps)?;
            on.credentials &= carries_credentials(hop);
            let astray =
                hop.resolution.as_ref().is_some_and(|resolution| resolution.target.is_none());
            on.matters().then(|| (hop.index, on, sides(&steps, Told { on, astray })))
        });
        asked.collect()
    }

    #[test]
    fn what_is_known_of_one_hop_is_said_of_another_only_where_it_holds() {
        let paths = [
            "/y?a=%2Fb",
            "/zz9?a=%2Fc",
            "/%41",
            "/b%41",
            "/%7e/x",
            "/x?q=%zz",
            "/x%",
            "/a//b",
            "/c//d",
            "/a/../b",
            "/c/../d",
            "/a/%2e%2E/b",
            "/b/%2e%2E/c",
            "//b.test/x%20y",
            "http://a.test/p%2Fq",
            "http://a.test/p2%2Fq3",
            "http://A.test:80/p%2Fq",
            "/x?%41",
            "/x?%41",
            "/y?a=%2Fb",
            "x%41",
            "/a b",
            "/\\b",
            "/y?",
            "/y%3f?",
            "/w%3f?",
        ];
        for draft in [get(), put()] {
            for credentials in [false, true] {
                let mut draft = draft.clone();
                if credentials {
                    draft.fields.push(FieldEdit::Set(Field::new("Authorization", "Bearer x")));
                }
                let chain = chain(draft, paths.map(|path| to(307, path)));
                let mut told = Vec::new();
                for of in partings(&chain) {
                    told.extend((of.hop..=of.last).map(|hop| (hop, of.on, of.sides.clone())));
                }
                assert_eq!(told, one_by_one(&chain));
            }
        }
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
