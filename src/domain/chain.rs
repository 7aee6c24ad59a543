//! Chain: the hops so far and what comes next. A sans-IO machine.
//!
//! ```text
//!            send()                 receive(exchange)
//!  Ready ─────────────▶ InFlight ─────────────────────▶ Ready (paused, next request known)
//!    ▲                                          └─────▶ Ended (final, stopped, failed)
//!    └──────── choose(client): the next request is computed anew
//! ```

mod asked;
mod branch;
mod elapsed;
mod own_way;
mod recorded;

use std::mem;
use std::sync::LazyLock;

pub use asked::Asked;

use super::client::Client;
use super::client::policy::JarUse;
use super::cookie::CookieLog;
use super::cookie::jar::Jar;
use super::http::exchange::Exchange;
use super::http::failure::FailureKind;
use super::http::request::{Draft, Request};
use super::http::schemes::Schemes;
use super::policy::Policy;
use super::probe::Probe;
use super::redirect::cookies;
use super::redirect::trail::Trail;
use super::redirect::{self, Action, Attempt, Change, Follow, Resolution, StopReason};
use super::soft::Followed;

/// The hops so far, and what comes next.
#[derive(Clone, PartialEq, Debug)]
pub struct Chain {
    pub draft: Draft,
    pub client: Client,
    pub limits: Limits,
    pub hops: Vec<Hop>,
    /// Follows from the hops.
    pub asked: Asked,
    pub state: State,
    /// The jar as it is now.
    pub jar: Jar,
    /// What was asked beside the chain, when the user wanted it; nothing of it is followed or remembered.
    pub probes: Vec<Probe>,
}

/// Where the chain stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum State {
    /// A request is ready and has not been sent: at the start, and paused at a hop.
    Ready(Planned),
    /// The request was sent; its response has not been recorded.
    InFlight(Planned),
    /// Nothing comes next.
    Ended(Ending),
}

/// A request that is to be sent, with what the client carries along.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Planned {
    pub request: Request,
    pub trail: Trail,
    /// The differences to the request of the hop before; empty for the first.
    pub changes: Vec<Change>,
    /// The user changed the request before it was sent.
    pub edited: bool,
    /// The name of the client that decided on it.
    pub client: String,
    /// A page's own redirect led to it, followed by choice.
    pub soft: Option<Box<Followed>>,
}

/// Why the chain stopped.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Ending {
    /// A response that is no redirect for this client.
    Final,
    /// Stopped before a final response.
    Stopped(StopReason),
    /// The last hop failed.
    Failed(FailureKind),
}

/// One exchange in the chain, and what the client made of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hop {
    /// From 1.
    pub index: usize,
    /// The request as planned; `exchange.sent` has it as it went out.
    pub request: Request,
    pub trail: Trail,
    /// The differences to the request before.
    pub changes: Vec<Change>,
    pub edited: bool,
    /// The name of the client that decided on the request; another one may have taken over since.
    pub client: String,
    /// A page's own redirect led here, followed by choice.
    pub soft: Option<Box<Followed>>,
    /// The hop (from 0) that the part of the chain began with: a soft redirect begins a part of its own.
    pub part: usize,
    /// Boxed: it is big, and handed on from the engine as it is.
    pub exchange: Box<Exchange>,
    pub cookies: CookieLog,
    /// The jar as it was when the request was made; a branch begins with it.
    pub jar: Jar,
    /// Where its Location leads; `None` without a Location.
    pub resolution: Option<Resolution>,
    /// What the client did with the response.
    pub verdict: Verdict,
}

/// What the client made of a hop's response; the next request itself is in the next hop or in [`State::Ready`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Verdict {
    /// The end of the chain as far as this client is concerned.
    Final,
    /// It goes on to another request.
    Follow,
    /// It should go on but does not.
    Stop(StopReason),
    /// There is no response to judge.
    Failed,
}

/// What the user sets for a run, whichever client decides.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Limits {
    /// How many redirects are followed (`--max-redirs`); `None`: as many as the client does.
    pub max_hops: Option<u32>,
    /// Go on in a loop until the client's limit (`--loop follow`).
    pub follow_loops: bool,
    /// What may be asked for at all (`--proto`).
    pub proto: Schemes,
    /// What redirects may lead to, of that (`--proto-redir`).
    pub proto_redir: Schemes,
    /// Whether Set-Cookie is remembered (`--cookies`; `-b FILE`, `-c` switch it on); `None`: as the client does.
    pub cookies: Option<bool>,
    /// How findings are judged, read once at start; `None`: by the catalogue's own policy.
    pub policy: Option<&'static Policy>,
}

impl Limits {
    /// The user's word on judging.
    pub fn policy(self) -> &'static Policy {
        static CATALOGUE: LazyLock<Policy> = LazyLock::new(Policy::default);
        self.policy.unwrap_or(&CATALOGUE)
    }

    /// The client under these limits.
    pub fn apply(self, mut client: Client) -> Client {
        client.limit.redirects = self.max_hops.unwrap_or(client.limit.redirects);
        client.limit.schemes = self.proto.and(self.proto_redir);
        match self.cookies {
            Some(true) if client.cookies.jar != JarUse::SameOrigin => {
                client.cookies.jar = JarUse::Asked;
            }
            Some(false) => client.cookies.jar = JarUse::Off,
            Some(true) | None => {}
        }
        client
    }
}

impl Chain {
    /// A chain that is ready to send its first request. `now` is in seconds since the Unix epoch.
    pub fn new(draft: Draft, client: Client, limits: Limits, jar: Jar, now: i64) -> Chain {
        let client = limits.apply(client);
        let (request, trail) = redirect::start(&draft, &client, &jar, now);
        let name = client.name.clone();
        let changes = Vec::new();
        let planned = Planned { request, trail, changes, edited: false, client: name, soft: None };
        let (hops, probes, state) = (Vec::new(), Vec::new(), State::Ready(planned));
        let asked = Asked::default();
        Chain { draft, client, limits, hops, asked, state, jar, probes }
    }

    /// Hands out the request that is ready; from here on it counts as sent.
    pub fn send(&mut self) -> Option<Request> {
        let planned = match mem::replace(&mut self.state, State::Ended(Ending::Final)) {
            State::Ready(planned) => planned,
            other => {
                self.state = other;
                return None;
            }
        };
        let request = planned.request.clone();
        self.state = State::InFlight(planned);
        Some(request)
    }

    /// Takes in the record of the request in flight and decides what comes next.
    ///
    /// Without a request in flight nothing changes.
    pub fn receive(&mut self, exchange: impl Into<Box<Exchange>>, now: i64) {
        let planned = match mem::replace(&mut self.state, State::Ended(Ending::Final)) {
            State::InFlight(planned) => planned,
            other => return self.state = other,
        };
        let mut hop = Hop::new(self.hops.len() + 1, planned, exchange.into());
        hop.jar = self.jar.clone();
        hop.part = match (&hop.soft, self.hops.last()) {
            (Some(_), _) => self.hops.len(),
            (None, last) => last.map_or(0, |last| last.part),
        };
        self.hops.push(hop);
        self.asked.take_in(&self.hops);
        self.take_cookies(now);
        self.decide(now);
    }

    /// Replaces the record of a hop (from 1) that was received when only its head was in.
    pub fn amend(&mut self, hop: usize, exchange: impl Into<Box<Exchange>>) {
        let last = self.hops.len();
        let Some(record) = hop.checked_sub(1).and_then(|at| self.hops.get_mut(at)) else { return };
        record.exchange = exchange.into();
        if hop == last && matches!(self.state, State::Ended(Ending::Final)) {
            self.end_with_response();
        }
    }

    /// Lets another client decide from the last response on. Only a paused or ended chain can be turned. A soft redirect
    /// that was planned stays planned, as this client sends it.
    pub fn choose(&mut self, client: Client, now: i64) {
        self.client = self.limits.apply(client);
        match (&self.state, self.hops.is_empty()) {
            (State::InFlight(_), _) => {}
            (_, true) => {
                *self = Chain::new(
                    self.draft.clone(),
                    self.client.clone(),
                    self.limits,
                    self.jar.clone(),
                    now,
                );
            }
            (State::Ready(planned), false) if planned.soft.is_some() => {
                self.decide(now);
                self.take_offer(now);
            }
            (_, false) => self.decide(now),
        }
    }

    /// Ends the chain on the user's word; what was seen stays.
    pub fn stop(&mut self) {
        if let State::Ready(_) | State::InFlight(_) = self.state {
            self.end(Verdict::Stop(StopReason::User), Ending::Stopped(StopReason::User));
        }
    }

    /// The request that is ready but not sent.
    pub fn ready(&self) -> Option<&Planned> {
        match &self.state {
            State::Ready(planned) => Some(planned),
            State::InFlight(_) | State::Ended(_) => None,
        }
    }

    pub fn ending(&self) -> Option<Ending> {
        match self.state {
            State::Ended(ending) => Some(ending),
            State::Ready(_) | State::InFlight(_) => None,
        }
    }

    /// The request that follows this hop (from 1): sent, in flight or only planned.
    pub fn request_after(&self, hop: usize) -> Option<&Request> {
        match (self.hops.get(hop), &self.state) {
            (Some(next), _) => Some(&next.request),
            (None, State::Ready(planned) | State::InFlight(planned)) if hop == self.hops.len() => {
                Some(&planned.request)
            }
            _ => None,
        }
    }

    /// The earlier hop that sent the very request that is ready now: sending it repeats what was seen.
    pub fn repeats(&self) -> Option<&Hop> {
        let planned = self.ready()?;
        self.hops.iter().find(|hop| hop.request.repeats(&planned.request))
    }

    fn decide(&mut self, now: i64) {
        let (draft, first) = self.beginning();
        let hops = self.hops.get(first..).unwrap_or_default();
        let attempt = Attempt { draft, hops, jar: &self.jar, now };
        let (resolution, action) = redirect::decide(&attempt, &self.client);
        let Some(hop) = self.hops.last_mut() else { return };
        hop.resolution = resolution;
        let failure = hop.exchange.failure.as_ref().map(|failure| failure.kind);
        // a head that was refused or cut off is shown, but no client would act upon it
        let usable =
            hop.exchange.response.is_some() && failure.is_none_or(|kind| kind == FailureKind::Body);
        if !usable {
            let kind = failure.unwrap_or(FailureKind::Protocol);
            return self.end(Verdict::Failed, Ending::Failed(kind));
        }
        match action {
            Action::Final => self.end_with_response(),
            Action::Stop(reason) => self.stop_for(reason),
            Action::Follow(_) if self.loops() => self.stop_for(StopReason::Loop),
            Action::Follow(follow) => self.follow(*follow),
        }
    }

    fn follow(&mut self, follow: Follow) {
        let Follow { request, trail, changes } = follow;
        if let Some(hop) = self.hops.last_mut() {
            hop.verdict = Verdict::Follow;
        }
        let client = self.client.name.clone();
        let soft = None;
        self.state = State::Ready(Planned { request, trail, changes, edited: false, client, soft });
    }

    /// A final response whose body broke off is a failed hop all the same.
    fn end_with_response(&mut self) {
        let failure = self.hops.last().and_then(|hop| hop.exchange.failure.as_ref());
        let ending = failure.map_or(Ending::Final, |failure| Ending::Failed(failure.kind));
        self.end(Verdict::Final, ending);
    }

    fn stop_for(&mut self, reason: StopReason) {
        self.end(Verdict::Stop(reason), Ending::Stopped(reason));
    }

    fn end(&mut self, verdict: Verdict, ending: Ending) {
        if let Some(hop) = self.hops.last_mut() {
            hop.verdict = verdict;
        }
        self.state = State::Ended(ending);
    }

    /// The last request has got the same status and Location before (product.md section 4, "Loop").
    fn loops(&self) -> bool {
        let Some(last) = self.hops.last() else { return false };
        !self.limits.follow_loops
            && self.asked.before(&self.hops).any(|hop| {
                hop.request.repeats(&last.request)
                    && hop.exchange.status() == last.exchange.status()
                    && hop.location() == last.location()
            })
    }

    fn take_cookies(&mut self, now: i64) {
        let Some(hop) = self.hops.last_mut() else { return };
        hop.cookies = cookies::take(hop, (&self.client, &self.draft), &mut self.jar, now);
    }
}

impl Hop {
    fn new(index: usize, planned: Planned, exchange: Box<Exchange>) -> Hop {
        let Planned { request, trail, changes, edited, client, soft } = planned;
        let cookies = CookieLog::default();
        Hop {
            index,
            request,
            trail,
            changes,
            edited,
            client,
            soft,
            part: 0,
            exchange,
            cookies,
            jar: Jar::default(),
            resolution: None,
            verdict: Verdict::Final,
        }
    }

    pub fn status(&self) -> Option<u16> {
        self.exchange.status()
    }

    /// The raw value of the first Location line.
    pub fn location(&self) -> Option<&[u8]> {
        self.exchange.fields().first("Location").map(|field| field.value.as_slice())
    }
}
