//! The one question of this program: what does a client do with this response?
//!
//! [`next`] is a pure function of an [`Attempt`] and a [`Client`].

mod change;
pub(crate) mod cookies;
pub(crate) mod credentials;
pub mod fault;
pub(crate) mod first;
mod hsts;
pub(crate) mod landings;
mod limit;
mod lines;
pub(crate) mod location;
mod method;
pub mod readings;
mod referrer;
mod request;
mod rfc3986;
mod scope;
mod strict;
mod target;
pub mod trail;

use url::Url;

use super::chain::Hop;
use super::client::policy::Refusal;
use super::client::{Client, REDIRECTS};
use super::cookie::jar::Jar;
use super::http::exchange::Exchange;
use super::http::head::ResponseHead;
use super::http::request::{Draft, Request};
use location::Landing;
pub(crate) use rfc3986::remove_dots;
use trail::Trail;

/// The evidence a decision rests on.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    pub draft: &'a Draft,
    /// The hops so far; the last one has the response to decide on.
    pub hops: &'a [Hop],
    /// The jar after the last response's cookies were taken in.
    pub jar: &'a Jar,
    /// Seconds since the Unix epoch, for cookies.
    pub now: i64,
}

/// The first request of a chain, and what the client carries from it.
pub fn start(draft: &Draft, client: &Client, jar: &Jar, now: i64) -> (Request, Trail) {
    first::start(draft, client, jar, now)
}

/// What the client does with the last response of the attempt.
pub fn next(attempt: &Attempt<'_>, client: &Client) -> Action {
    action(follow(attempt, client, || {
        let hop = attempt.hops.last().ok_or(Halt::Final)?;
        let head = hop.exchange.response.as_ref().ok_or(Halt::Final)?;
        location::landing(head, &hop.request, client)
    }))
}

fn action(follow: Result<Follow, Halt>) -> Action {
    match follow {
        Ok(follow) => Action::Follow(Box::new(follow)),
        Err(Halt::Final) => Action::Final,
        Err(Halt::Stop(reason)) => Action::Stop(reason),
    }
}

/// Every reading of the last response's Location, and what the client does with the response.
pub(crate) fn decide(attempt: &Attempt<'_>, client: &Client) -> (Option<Resolution>, Action) {
    let hop = attempt.hops.last();
    let Some((hop, head)) = hop.and_then(|hop| Some((hop, hop.exchange.response.as_ref()?))) else {
        return (None, Action::Final);
    };
    // both ask where the client lands, which takes most of the time
    let landing = location::landing(head, &hop.request, client);
    let resolution = location::resolution(head, &hop.request, &landing);
    (resolution, action(follow(attempt, client, || landing)))
}

/// The differences between a request and the next, in the order in which screens show them.
pub fn changes(from: &Request, to: &Request) -> Vec<Change> {
    change::between(from, to)
}

/// Why there is no next request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Halt {
    Final,
    Stop(StopReason),
}

fn follow(
    attempt: &Attempt<'_>,
    client: &Client,
    land: impl FnOnce() -> Result<Landing, Halt>,
) -> Result<Follow, Halt> {
    let (request, trail) = step(attempt, client, land)?;
    let from = attempt.hops.last().ok_or(Halt::Final)?;
    let changes = change::between(&from.request, &request);
    Ok(Follow { request, trail, changes })
}

/// Whether the client reads the body of this redirect to its end before it follows: it stops where that breaks off.
pub fn awaits_body(exchange: &Exchange, client: &Client) -> bool {
    let head = exchange.response.as_ref();
    strict::minds_body(client) && head.is_some_and(|head| eligible(head, client).is_ok())
}

fn step(
    attempt: &Attempt<'_>,
    client: &Client,
    land: impl FnOnce() -> Result<Landing, Halt>,
) -> Result<(Request, Trail), Halt> {
    let hop = attempt.hops.last().ok_or(Halt::Final)?;
    let head = hop.exchange.response.as_ref().ok_or(Halt::Final)?;
    eligible(head, client)?;
    strict::check(&hop.exchange, client)?;
    let mut landing = land()?;
    hsts::upgrade(&mut landing.url, attempt.hops, client);
    let sending = method::next(head.status, &hop.request, attempt.draft, client)?;
    target::check(attempt, &landing, &sending, client)?;
    let sending = method::across_origins(head.status, sending, &hop.request, &landing.url, client);
    limit::check(attempt, &landing, client)?;
    request::build(attempt, landing, sending, client)
}

/// Whether the status is one this client follows.
fn eligible(head: &ResponseHead, client: &Client) -> Result<(), Halt> {
    match client.unfollowed {
        _ if client.follows(head.status) => Ok(()),
        Refusal::Error if REDIRECTS.contains(&head.status) => {
            Err(Halt::Stop(StopReason::RefusedByClient))
        }
        Refusal::Final | Refusal::Error => Err(Halt::Final),
    }
}

/// What the client does after a response.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Action {
    /// The response is the end: not a redirect, or none that this client follows.
    Final,
    /// The client sends another request.
    Follow(Box<Follow>),
    /// The client should go on but can't or won't.
    Stop(StopReason),
}

/// The next request, with all that changed on the way to it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Follow {
    pub request: Request,
    /// What the client carries on from here.
    pub trail: Trail,
    /// Every difference to the request before, in the order in which screens show them.
    pub changes: Vec<Change>,
}

/// One difference between a request and the next.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Change {
    Method { from: String, to: String },
    BodyDropped { size: u64 },
    HeaderRemoved { name: String },
    HeaderAdded { name: String },
    HeaderChanged { name: String },
}

/// Why a chain is stopped before a final response.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum StopReason {
    /// The same request got the same answer a second time.
    Loop,
    /// The limit of redirects is reached.
    MaxHops,
    /// The target is neither http nor https.
    UnsupportedScheme,
    /// The Location is not a URL for this client.
    InvalidLocation,
    /// A redirect without Location that this client treats as an error.
    MissingLocation,
    /// The client has a rule against this step.
    RefusedByClient,
    /// The body came from a stream that can't be read again; documents call it `refused-by-client`.
    StreamedBody,
    /// `--proto` or `--proto-redir` does not permit the target's scheme; documents call it `refused-by-client`.
    ForbiddenScheme,
    /// The user stopped it.
    User,
}

impl StopReason {
    /// The reason's name in documents.
    pub const fn id(self) -> &'static str {
        match self {
            StopReason::Loop => "loop",
            StopReason::MaxHops => "max-hops",
            StopReason::UnsupportedScheme => "unsupported-scheme",
            StopReason::InvalidLocation => "invalid-location",
            StopReason::MissingLocation => "missing-location",
            StopReason::RefusedByClient
            | StopReason::StreamedBody
            | StopReason::ForbiddenScheme => "refused-by-client",
            StopReason::User => "user",
        }
    }

    /// Why, in a word or two.
    pub const fn words(self) -> &'static str {
        match self {
            StopReason::Loop => "loop",
            StopReason::MaxHops => "hop limit",
            StopReason::UnsupportedScheme => "not http",
            StopReason::InvalidLocation => "unusable Location",
            StopReason::MissingLocation => "no Location",
            StopReason::RefusedByClient => "refused by the client",
            StopReason::StreamedBody => "body is gone",
            StopReason::ForbiddenScheme => "barred by --proto",
            StopReason::User => "stopped",
        }
    }

    /// One sentence for the user.
    pub fn sentence(self) -> &'static str {
        match self {
            StopReason::Loop => "this request has got the same answer before: a loop",
            StopReason::MaxHops => "the limit of redirects is reached",
            StopReason::UnsupportedScheme => "the target is neither http nor https",
            StopReason::InvalidLocation => "the Location is no URL that this client can use",
            StopReason::MissingLocation => "the redirect has no Location",
            StopReason::RefusedByClient => "this client refuses the step",
            StopReason::StreamedBody => {
                "the body was streamed (-T -) and can't be sent a second time"
            }
            StopReason::ForbiddenScheme => {
                "--proto or --proto-redir does not permit the scheme of the target"
            }
            StopReason::User => "stopped by the user",
        }
    }
}

/// Where a Location leads, by both readings of the same bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resolution {
    /// The raw field value.
    pub location: Vec<u8>,
    /// As the WHATWG URL standard reads it (browsers, Node, Rust).
    pub whatwg: Option<Url>,
    /// As RFC 3986 reads it (curl, Python, Go), serialised.
    pub rfc3986: Option<String>,
    /// Where the client in charge goes.
    pub target: Option<Url>,
}

#[cfg(test)]
mod tests;
