//! Evidence: what rules and classifiers know of a chain, computed once per judgement.
//!
//! Reads the chain, owns nothing of it, decides nothing.

pub mod accept;
pub mod caching;
pub mod common;
pub mod confusable;
pub mod cookies;
pub mod divergence;
pub mod hosts;
pub mod hsts;
pub mod html;
pub mod illegal;
pub mod nesting;
pub mod onward;
pub mod params;
pub mod ports;
pub mod probed;
pub mod reference;
pub mod scheme_typo;
pub mod steering;
pub mod template;
pub mod text;

use std::cell::OnceCell;

use url::Url;

use super::baseline::Baseline;
use super::chain::{Chain, Hop, State};
use super::classify::intent::{self, Intent};
use super::http::field::Fields;
use super::http::origin::{is_upgrade, same_origin, same_site};
use super::http::request::Request;
use super::policy::Policy;
use super::probe::{Probe, ProbeKind};
use accept::Accept;
use caching::Caching;
use common::Common;
use html::{Openings, Tag};
use params::{Param, Place, params};
use reference::Reference;

/// What is known beside the chain itself.
#[derive(Clone, Copy, Debug)]
pub struct Aside<'a> {
    pub policy: &'a Policy,
    /// How the chain went before, when that is known.
    pub baseline: Option<&'a Baseline>,
}

/// A chain with all that is known of its hops.
#[derive(Debug)]
pub struct Evidence<'a> {
    pub chain: &'a Chain,
    pub aside: Aside<'a>,
    pub hops: Vec<HopEvidence<'a>>,
}

/// What is known of one hop.
#[derive(Debug)]
pub struct HopEvidence<'a> {
    pub hop: &'a Hop,
    pub chain: &'a Chain,
    pub aside: Aside<'a>,
    /// The hop before, none for the first.
    pub previous: Option<&'a Hop>,
    /// The request that follows: sent, in flight or only planned.
    pub next_request: Option<&'a Request>,
    /// The user changed the request that follows: what it lacks is no client's doing.
    pub next_edited: bool,
    /// The hop after, none while its response is not in.
    pub next_hop: Option<&'a Hop>,
    /// The parts of the first Location, none when it is absent or empty.
    pub location: Option<Reference<'a>>,
    /// Where the Location leads by the WHATWG reading.
    pub next: Option<&'a Url>,
    /// What the target has in common with this hop's URL; nothing where there is no target.
    pub common: Common,
    /// The parameters of the Location.
    pub params: Vec<Param>,
    /// The parameters of this hop's target URI.
    pub base_params: Vec<Param>,
    /// Scheme, host or port change.
    pub cross_origin: bool,
    /// The registrable domain changes.
    pub cross_site: bool,
    pub intent: Intent,
    /// The tags of the body, read when the first rule asks.
    tags: OnceCell<Vec<Tag>>,
    /// How they begin.
    openings: OnceCell<Openings>,
    caching: OnceCell<Caching>,
}

impl<'a> Evidence<'a> {
    pub fn of(chain: &'a Chain, aside: Aside<'a>) -> Evidence<'a> {
        let hops =
            chain.hops.iter().enumerate().map(|(at, hop)| HopEvidence::of(chain, aside, at, hop));
        let mut evidence = Evidence { chain, aside, hops: hops.collect() };
        for at in 0..evidence.hops.len() {
            let (before, rest) = evidence.hops.split_at_mut(at);
            if let Some(hop) = rest.first_mut() {
                hop.intent = intent::of(hop, before);
            }
        }
        evidence
    }

    /// The request that was planned or sent and has no response yet.
    pub fn pending(&self) -> Option<&'a Request> {
        match &self.chain.state {
            State::Ready(planned) | State::InFlight(planned) => Some(&planned.request),
            State::Ended(_) => None,
        }
    }

    /// How many redirects were followed or are about to be.
    pub fn redirects(&self) -> usize {
        self.hops.iter().filter(|hop| hop.next_request.is_some()).count()
    }
}

impl<'a> HopEvidence<'a> {
    /// The hop at this place (from 0) of the chain.
    fn of(chain: &'a Chain, aside: Aside<'a>, at: usize, hop: &'a Hop) -> HopEvidence<'a> {
        let location = hop.location().filter(|location| !location.is_empty()).map(Reference::of);
        let next = hop.resolution.as_ref().and_then(|resolution| resolution.whatwg.as_ref());
        let base = &hop.request.url;
        let common = next.map_or_else(Common::default, |next| Common::of(base, next));
        HopEvidence {
            hop,
            chain,
            aside,
            previous: at.checked_sub(1).and_then(|before| chain.hops.get(before)),
            next_request: chain.request_after(at + 1),
            next_edited: is_edited(chain, at + 1),
            next_hop: chain.hops.get(at + 1),
            params: location.as_ref().map_or_else(Vec::new, Reference::params),
            base_params: url_params(base),
            location,
            next,
            common,
            cross_origin: next.is_some() && !common.origin(),
            cross_site: !common.host && next.is_some_and(|next| !same_site(base, next)),
            intent: Intent::default(),
            tags: OnceCell::new(),
            openings: OnceCell::new(),
            caching: OnceCell::new(),
        }
    }

    /// The start tags of the recorded head of the body.
    pub fn tags(&self) -> &[Tag] {
        self.tags.get_or_init(|| html::tags(&self.hop.exchange.body.head))
    }

    /// The same; empty where there is none of these names.
    pub fn tags_of(&self, names: &[&str]) -> &[Tag] {
        let page = &self.hop.exchange.body.head;
        let openings = self.openings.get_or_init(|| Openings::of(page));
        if openings.can_have(names) && html::can_have(page, names) { self.tags() } else { &[] }
    }

    /// What the response says about being stored.
    pub fn caching(&self) -> Caching {
        *self.caching.get_or_init(|| Caching::of(self.fields()))
    }

    pub fn policy(&self) -> &'a Policy {
        self.aside.policy
    }

    /// The probes of this hop.
    pub fn probes(&self) -> impl Iterator<Item = &'a Probe> + use<'a> {
        let index = self.hop.index;
        self.chain.probes.iter().filter(move |probe| probe.hop == index)
    }

    /// The probes of this hop that are of one kind.
    pub fn probes_of(&self, kind: ProbeKind) -> impl Iterator<Item = &'a Probe> + use<'a> {
        self.probes().filter(move |probe| probe.kind == kind)
    }

    /// The target URI of this hop.
    pub fn base(&self) -> &'a Url {
        &self.hop.request.url
    }

    pub fn request(&self) -> &'a Request {
        &self.hop.request
    }

    pub fn method(&self) -> &'a str {
        self.hop.request.method.as_str()
    }

    /// 0 when there is no response.
    pub fn status(&self) -> u16 {
        self.hop.status().unwrap_or_default()
    }

    /// The response fields.
    pub fn fields(&self) -> &'a Fields {
        self.hop.exchange.fields()
    }

    /// One of the five statuses that every client follows, with a Location.
    pub fn redirects(&self) -> bool {
        is_redirect_status(self.status()) && self.location.is_some()
    }

    /// The status is one of these and there is a Location.
    pub fn redirects_with(&self, statuses: &[u16]) -> bool {
        statuses.contains(&self.status()) && self.location.is_some()
    }

    /// The target, when this hop redirects.
    pub fn target(&self) -> Option<&'a Url> {
        self.next.filter(|_| self.redirects())
    }

    pub fn accept(&self) -> Accept {
        Accept::of(&self.request().fields)
    }

    /// The step does no more than go from http to https on the same host.
    pub fn upgrades(&self) -> bool {
        self.common.host && self.next.is_some_and(|next| is_upgrade(self.base(), next))
    }

    /// The step goes to somebody else: another origin, and no mere upgrade to https of the same host.
    pub fn leaves(&self) -> bool {
        self.cross_origin && !self.upgrades()
    }

    /// A request goes to somebody else than this hop's.
    pub fn request_leaves(&self, next: &Request) -> bool {
        !same_origin(self.base(), &next.url) && !is_upgrade(self.base(), &next.url)
    }

    /// The body of the request is an HTML form's.
    pub fn sends_form(&self) -> bool {
        self.request_media().is_some_and(|media| {
            media == "application/x-www-form-urlencoded" || media == "multipart/form-data"
        })
    }

    /// The media type of the request body, lower case, without parameters.
    pub fn request_media(&self) -> Option<String> {
        self.request().fields.text("Content-Type").map(|value| media_type(&value))
    }

    /// The media type of the response, lower case, without parameters.
    pub fn media(&self) -> Option<String> {
        self.fields().text("Content-Type").map(|value| media_type(&value))
    }

    /// The parameters of a form body.
    pub fn form(&self) -> Vec<Param> {
        let mut all = Vec::new();
        if let Some(body) = &self.request().body
            && self.request_media().as_deref() == Some("application/x-www-form-urlencoded")
        {
            params(&body.bytes, 0..body.bytes.len(), Place::Body, &mut all);
        }
        all
    }

    /// The parameter of the target URI of this name.
    pub fn base_param(&self, name: &str) -> Option<&Param> {
        self.base_params.iter().find(|param| param.is(name))
    }

    /// The parameter of the Location of this name.
    pub fn param(&self, name: &str) -> Option<&Param> {
        self.params.iter().find(|param| param.is(name))
    }
}

/// Whether the user changed the request at this place (from 0), sent or only planned.
fn is_edited(chain: &Chain, at: usize) -> bool {
    match (chain.hops.get(at), &chain.state) {
        (Some(hop), _) => hop.edited,
        (None, State::Ready(planned) | State::InFlight(planned)) => planned.edited,
        (None, State::Ended(_)) => false,
    }
}

/// 301, 302, 303, 307, 308: followed by every client (Fetch, redirect status).
pub fn is_redirect_status(status: u16) -> bool {
    matches!(status, 301 | 302 | 303 | 307 | 308)
}

/// A media type without parameters, lower case.
pub fn media_type(value: &str) -> String {
    value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The parameters of a URL; their places count from its start.
pub fn url_params(url: &Url) -> Vec<Param> {
    let mut all = Vec::new();
    let text = url.as_str().as_bytes();
    if let Some(query) = url.query() {
        let start = url[..url::Position::BeforeQuery].len();
        params(text, start..start + query.len(), Place::Query, &mut all);
    }
    if let Some(fragment) = url.fragment() {
        let start = text.len() - fragment.len();
        params(text, start..text.len(), Place::Fragment, &mut all);
    }
    all
}
