//! Comparison: what each client would do after one hop, grouped where they agree, outliers first.
//!
//! Every client is given the same history: the requests as they were sent, and the response. Nothing is sent.

use crate::domain::chain::Chain;
use crate::domain::http::origin::Origin;
use crate::domain::http::request::Request;
use crate::domain::redirect::{self, Action, Attempt};

use super::Client;
use super::difference::Difference;

/// Clients that do the same.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Group {
    /// Their names, in the order of the list.
    pub clients: Vec<String>,
    pub action: Action,
}

/// What the clients of a comparison disagree about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Disagreement {
    /// Some go on and some do not.
    pub going_on: bool,
    pub method: bool,
    /// Some send the body and some do not.
    pub body: bool,
    pub destination: bool,
    /// Authorization, Cookie or Proxy-Authorization are sent by some only.
    pub credentials: bool,
}

impl Disagreement {
    /// What two clients disagree about that differ in this.
    pub fn note(&mut self, difference: &Difference) {
        match difference {
            Difference::Ends(_) | Difference::GoesOn => self.going_on = true,
            Difference::Method { .. } => self.method = true,
            Difference::Body { other, own } => self.body |= (*other > 0) != (*own > 0),
            Difference::Destination(_) => self.destination = true,
            Difference::FieldAdded(name)
            | Difference::FieldMissing(name)
            | Difference::FieldOther(name) => {
                self.credentials |= CREDENTIALS.iter().any(|of| of.eq_ignore_ascii_case(name));
            }
        }
    }

    /// The things in question, in words.
    pub fn words(self) -> Vec<&'static str> {
        let Disagreement { going_on, method, body, destination, credentials } = self;
        let parts = [
            (going_on, "whether it goes on"),
            (method, "the method"),
            (body, "the body"),
            (destination, "the destination"),
            (credentials, "credentials"),
        ];
        parts.into_iter().filter(|(is, _)| *is).map(|(_, word)| word).collect()
    }

    /// Something is lost or goes elsewhere depending on the client.
    pub fn matters(self) -> bool {
        self != Disagreement::default()
    }
}

/// Fields that carry credentials.
const CREDENTIALS: [&str; 3] = ["Authorization", "Cookie", "Proxy-Authorization"];

/// What each of these clients would do after this hop (from 1); smallest group first. Empty without such a hop.
///
/// `now` is in seconds since the Unix epoch, for cookies.
pub fn after(chain: &Chain, hop: usize, clients: &[Client], now: i64) -> Vec<Group> {
    let Some(hops) = chain.hops.get(..hop).filter(|hops| !hops.is_empty()) else {
        return Vec::new();
    };
    // a hop has the jar as it was before its response
    let jar = chain.hops.get(hop).map_or(&chain.jar, |next| &next.jar);
    let attempt = Attempt { draft: &chain.draft, hops, jar, now };
    let mut groups: Vec<Group> = Vec::new();
    for client in clients {
        let action = redirect::next(&attempt, &chain.limits.apply(client.clone()));
        match groups.iter_mut().find(|group| same(&group.action, &action)) {
            Some(group) => group.clients.push(client.name.clone()),
            None => groups.push(Group { clients: vec![client.name.clone()], action }),
        }
    }
    groups.sort_by_key(|group| group.clients.len());
    groups
}

/// What the groups disagree about.
pub fn disagreement(groups: &[Group]) -> Disagreement {
    let requests: Vec<&Request> = groups.iter().filter_map(Group::request).collect();
    let Some((first, rest)) = requests.split_first() else { return Disagreement::default() };
    let differs = |question: &dyn Fn(&Request, &Request) -> bool| {
        rest.iter().any(|other| question(first, other))
    };
    Disagreement {
        going_on: requests.len() != groups.len(),
        method: differs(&|a, b| a.method != b.method),
        body: differs(&|a, b| (a.body_len() > 0) != (b.body_len() > 0)),
        destination: differs(&|a, b| destination(a) != destination(b)),
        credentials: differs(&|a, b| {
            CREDENTIALS.iter().any(|name| !a.fields.values(name).eq(b.fields.values(name)))
        }),
    }
}

impl Group {
    /// The request these clients would send; `None` where they end or stop.
    pub fn request(&self) -> Option<&Request> {
        match &self.action {
            Action::Follow(follow) => Some(&follow.request),
            Action::Final | Action::Stop(_) => None,
        }
    }

    /// What they do, in a line: `GET https://a.test/next, no body`. Not escaped for display.
    pub fn headline(&self) -> String {
        match &self.action {
            Action::Final => "takes this response as the end".to_owned(),
            Action::Stop(reason) => format!("stops: {}", reason.sentence()),
            Action::Follow(follow) => {
                let request = &follow.request;
                let body = match request.body_len() {
                    0 => "no body".to_owned(),
                    size => format!("{size} bytes of body"),
                };
                format!("{} {}, {body}", request.method, destination(request))
            }
        }
    }
}

/// Whether two clients do the same as far as a server can tell, order of fields aside.
fn same(a: &Action, b: &Action) -> bool {
    match (a, b) {
        (Action::Final, Action::Final) => true,
        (Action::Stop(a), Action::Stop(b)) => a == b,
        (Action::Follow(a), Action::Follow(b)) => same_request(&a.request, &b.request),
        (Action::Final | Action::Stop(_) | Action::Follow(_), _) => false,
    }
}

/// Whether a server would see the same request, order of fields aside.
pub(crate) fn same_request(a: &Request, b: &Request) -> bool {
    a.method == b.method
        && a.body == b.body
        && destination(a) == destination(b)
        && a.fields.len() == b.fields.len()
        && a.fields
            .iter()
            .all(|field| a.fields.values(&field.name).eq(b.fields.values(&field.name)))
}

/// Origin and request target.
pub(crate) fn destination(request: &Request) -> String {
    format!("{}{}", Origin::of(&request.url), request.target())
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
    use crate::domain::http::head_parser::parse_response;
    use crate::domain::http::method::Method;
    use crate::domain::http::request::Draft;

    fn answered(method: Method, answer: &'static str) -> Chain {
        let mut draft = Draft::get(Url::parse("http://a.test/x").unwrap());
        draft.body = (method != Method::GET).then(|| RequestBody::new("a=b"));
        draft.method = method;
        let curl = Client::named("curl").unwrap();
        let mut chain = Chain::new(draft, curl, Limits::default(), Jar::default(), 0);
        chain.send();
        let response = parse_response(Bytes::from(answer));
        chain.receive(Exchange { response, ..Exchange::default() }, 0);
        chain
    }

    #[test]
    fn a_302_to_a_put_divides_the_clients() {
        let chain = answered(Method::PUT, "HTTP/1.1 302 X\r\nLocation: /next\r\n\r\n");
        let groups = after(&chain, 1, Client::all(), 0);
        let of = |name: &str| {
            groups.iter().find(|group| group.clients.iter().any(|client| client == name)).unwrap()
        };
        assert_eq!(of("node").headline(), "PUT http://a.test/next, 3 bytes of body");
        assert_eq!(of("requests").headline(), "GET http://a.test/next, no body");
        assert_eq!(of("urllib").headline(), "stops: this client refuses the step");
        assert!(groups.windows(2).all(|pair| pair[0].clients.len() <= pair[1].clients.len()));
        let disagreement = disagreement(&groups);
        assert!(disagreement.going_on && disagreement.method && disagreement.body);
        assert!(!disagreement.destination && !disagreement.credentials);
    }

    #[test]
    fn a_plain_get_unites_all_but_those_that_add_a_referer() {
        let chain = answered(Method::GET, "HTTP/1.1 302 X\r\nLocation: /next\r\n\r\n");
        let groups = after(&chain, 1, Client::all(), 0);
        let sizes: Vec<usize> = groups.iter().map(|group| group.clients.len()).collect();
        assert_eq!(sizes, [2, 19]);
        assert!(!disagreement(&groups).matters());
    }

    #[test]
    fn a_hop_that_is_not_there_has_no_groups() {
        let chain = answered(Method::GET, "HTTP/1.1 200 X\r\n\r\n");
        assert!(after(&chain, 0, Client::all(), 0).is_empty());
        assert!(after(&chain, 2, Client::all(), 0).is_empty());
    }
}
