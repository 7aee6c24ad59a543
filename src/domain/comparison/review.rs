//! A comparison weighed: what of it matters how much, and where the chains part.
//!
//! Promises: what was varied on purpose (the first request) does not part two chains; what comes of it does.

use super::hosts::Hosts;
use super::{Difference, Pair, Part, compare_across};
use crate::domain::chain::{Chain, Ending};

/// How much a difference matters, most first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Weight {
    Destination,
    Method,
    Body,
    Credentials,
    Status,
    Headers,
    /// The body of a response.
    Content,
    /// What differs in any two exchanges.
    Times,
}

impl Weight {
    pub const ALL: [Weight; 8] = [
        Weight::Destination,
        Weight::Method,
        Weight::Body,
        Weight::Credentials,
        Weight::Status,
        Weight::Headers,
        Weight::Content,
        Weight::Times,
    ];

    pub fn id(self) -> &'static str {
        match self {
            Weight::Destination => "destination",
            Weight::Method => "method",
            Weight::Body => "body",
            Weight::Credentials => "credentials",
            Weight::Status => "status",
            Weight::Headers => "headers",
            Weight::Content => "content",
            Weight::Times => "times",
        }
    }
}

/// One difference, its place and its weight.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    pub weight: Weight,
    /// Hops from 1; `None` where a chain has no such hop.
    pub hops: (Option<usize>, Option<usize>),
    /// `method`, `Location`, `request Accept`.
    pub what: String,
    /// The field it is about, where it is about one.
    pub field: Option<String>,
    /// Values as the hops have them, not escaped.
    pub left: Option<String>,
    pub right: Option<String>,
    /// It is of the first request, which is as the user asked for.
    pub asked: bool,
}

impl Entry {
    /// Whether chains part here.
    pub fn parts(&self) -> bool {
        !self.asked && self.weight <= Weight::Status
    }
}

/// What differs between two chains.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Review {
    /// The most important first, then in the order of hops.
    pub entries: Vec<Entry>,
    /// Where they part: of the first hop where they do, the difference that the others follow from.
    pub parted: Option<Entry>,
}

/// Compares and weighs.
pub fn review(left: &Chain, right: &Chain, hosts: &Hosts) -> Review {
    let comparison = compare_across(left, right, hosts);
    let mut entries: Vec<Entry> = Vec::new();
    let mut parted = None;
    for pair in &comparison.pairs {
        let mut here = of_pair(pair, left, right);
        here.sort_by_key(|entry| entry.weight);
        if parted.is_none() {
            let parting = here.iter().filter(|entry| entry.parts());
            parted = parting.min_by_key(|entry| cause(entry)).cloned();
        }
        entries.extend(here);
    }
    if let Some(entry) = of_endings(left, right) {
        parted = parted.or_else(|| Some(entry.clone()));
        entries.push(entry);
    }
    entries.sort_by_key(|entry| entry.weight);
    Review { entries, parted }
}

/// Within a hop the request comes before its answer, and where a failure or another status is, Location follows from it.
fn cause(entry: &Entry) -> u8 {
    match entry.what.as_str() {
        "Location" => 3,
        "status" => 2,
        "failure" => 1,
        _ => 0,
    }
}

fn of_pair(pair: &Pair, left: &Chain, right: &Chain) -> Vec<Entry> {
    let hops = (pair.left, pair.right);
    if pair.left.is_some() && pair.right.is_some() {
        return pair.differences.iter().map(|of| of_difference(of, hops)).collect();
    }
    let request = |chain: &Chain, hop: Option<usize>| {
        let hop = chain.hops.get(hop?.checked_sub(1)?)?;
        Some(format!("{} {}", hop.request.method, hop.request.display_url()))
    };
    vec![Entry {
        weight: Weight::Destination,
        hops,
        what: "hop".to_owned(),
        field: None,
        left: request(left, pair.left),
        right: request(right, pair.right),
        asked: false,
    }]
}

fn of_difference(of: &Difference, hops: (Option<usize>, Option<usize>)) -> Entry {
    let of_request =
        matches!(of.part, Part::Method | Part::Url | Part::RequestBody | Part::RequestField(_));
    let (what, field) = match &of.part {
        Part::Method => ("method".to_owned(), None),
        Part::Url => ("URL".to_owned(), None),
        Part::RequestBody => ("request body".to_owned(), None),
        Part::Status => ("status".to_owned(), None),
        Part::Location => ("Location".to_owned(), Some("Location")),
        Part::Failure => ("failure".to_owned(), None),
        Part::RequestField(name) => (format!("request {name}"), Some(name.as_str())),
        Part::Field(name) | Part::Volatile(name) => (name.clone(), Some(name.as_str())),
        Part::Body => ("response body".to_owned(), None),
    };
    Entry {
        weight: weight(of),
        hops,
        what,
        field: field.map(str::to_owned),
        left: of.left.clone(),
        right: of.right.clone(),
        asked: of_request && hops == (Some(1), Some(1)),
    }
}

fn weight(of: &Difference) -> Weight {
    match &of.part {
        Part::Url | Part::Location => Weight::Destination,
        Part::Method => Weight::Method,
        Part::RequestBody => Weight::Body,
        Part::Status | Part::Failure => Weight::Status,
        Part::RequestField(name) if is_credential(name, of) => Weight::Credentials,
        Part::RequestField(_) | Part::Field(_) => Weight::Headers,
        Part::Body => Weight::Content,
        Part::Volatile(_) => Weight::Times,
    }
}

/// The values of a session's cookies differ from run to run: only which cookies go along is of importance.
fn is_credential(name: &str, of: &Difference) -> bool {
    match name.to_ascii_lowercase().as_str() {
        "authorization" | "proxy-authorization" => true,
        "cookie" => cookies(of.left.as_deref()) != cookies(of.right.as_deref()),
        _ => false,
    }
}

fn cookies(value: Option<&str>) -> Vec<&str> {
    let pairs = value.unwrap_or_default().split([';', '\n']);
    let mut names: Vec<&str> =
        pairs.map(|pair| pair.split('=').next().unwrap_or_default().trim()).collect();
    names.sort_unstable();
    names
}

/// Chains that take the same hops may still end for other reasons.
fn of_endings(left: &Chain, right: &Chain) -> Option<Entry> {
    let text = |chain: &Chain| match chain.ending() {
        None => "interrupted".to_owned(),
        Some(Ending::Final) => "final response".to_owned(),
        Some(Ending::Stopped(reason)) => format!("stopped: {}", reason.sentence()),
        Some(Ending::Failed(kind)) => format!("failed: {}", kind.id()),
    };
    let (ended, as_well) = (text(left), text(right));
    (ended != as_well).then(|| Entry {
        weight: Weight::Status,
        hops: (last(left), last(right)),
        what: "ending".to_owned(),
        field: None,
        left: Some(ended),
        right: Some(as_well),
        asked: false,
    })
}

fn last(chain: &Chain) -> Option<usize> {
    Some(chain.hops.len()).filter(|hops| *hops > 0)
}
