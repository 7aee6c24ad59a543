//! Two chains side by side: hops aligned, differences named, the first point where they part.
//!
//! What differs in every two responses (Date, times, ids that look random) is told apart from what matters.

pub mod bodies;
pub mod hosts;
mod lines;
mod masked;
pub mod review;

use hosts::Hosts;

use super::chain::{Chain, Ending, Hop};
use super::http::field::Fields;
use super::http::request::display_url;

/// Two chains, aligned hop by hop.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comparison {
    pub pairs: Vec<Pair>,
    /// Index into `pairs` of the first that differs in something that matters.
    pub parted: Option<usize>,
    /// How many of `pairs` both chains have come to; beyond, one has not gone on yet, and says nothing.
    pub reached: usize,
    /// How each chain ended.
    pub endings: (Option<Ending>, Option<Ending>),
}

/// One hop on both sides, or a hop that only one side has. Hops are numbered from 1.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pair {
    pub left: Option<usize>,
    pub right: Option<usize>,
    pub differences: Vec<Difference>,
}

/// One thing that differs between two hops.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    pub part: Part,
    /// Values as the hops have them, not escaped; `None` where a side has none.
    pub left: Option<String>,
    pub right: Option<String>,
}

/// What can differ. In the order of importance.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Part {
    Method,
    Url,
    RequestBody,
    Status,
    Location,
    Failure,
    /// A request field, by name.
    RequestField(String),
    /// A response field, by name.
    Field(String),
    Body,
    /// A field that differs in any two exchanges, such as Date.
    Volatile(String),
}

impl Part {
    /// Whether a difference here means that the chains part, rather than that two exchanges are two exchanges.
    pub fn matters(&self) -> bool {
        !matches!(self, Part::Volatile(_) | Part::Body)
    }
}

impl Comparison {
    /// Index into `pairs` of the first where the servers answer otherwise, whatever was asked.
    pub fn answers_part(&self) -> Option<usize> {
        let answers = |part: &Part| match part {
            Part::Status | Part::Location | Part::Failure | Part::Field(_) => true,
            Part::Method | Part::Url | Part::RequestBody | Part::RequestField(_) => false,
            Part::Body | Part::Volatile(_) => false,
        };
        self.pairs[..self.reached].iter().position(|pair| {
            let alone = pair.left.is_none() || pair.right.is_none();
            alone || pair.differences.iter().any(|difference| answers(&difference.part))
        })
    }

    /// Leaves out what differs only in secrets that one side has masked: a recorded chain against one that was just run.
    pub fn leave_masked_out(&mut self) {
        for pair in &mut self.pairs {
            pair.differences.retain(|difference| !masked::alike(difference));
        }
        self.parted = parted(&self.pairs[..self.reached]);
    }

    /// Both chains have come to their ends.
    pub fn is_whole(&self) -> bool {
        self.reached == self.pairs.len()
    }
}

/// Index of the first that differs in something that matters.
fn parted(pairs: &[Pair]) -> Option<usize> {
    pairs.iter().position(|pair| {
        pair.left.is_none()
            || pair.right.is_none()
            || pair.differences.iter().any(|difference| difference.part.matters())
    })
}

/// Fields whose values differ in any two exchanges.
const VOLATILE: [&str; 12] = [
    "date",
    "age",
    "expires",
    "etag",
    "last-modified",
    "x-request-id",
    "x-trace-id",
    "traceparent",
    "x-amzn-trace-id",
    "cf-ray",
    "server-timing",
    "x-runtime",
];

/// Aligns two chains and names their differences.
pub fn compare(left: &Chain, right: &Chain) -> Comparison {
    compare_across(left, right, &Hosts::default())
}

/// The same for two environments: hosts of the left that stand for hosts of the right are no difference.
pub fn compare_across(left: &Chain, right: &Chain, hosts: &Hosts) -> Comparison {
    let pairs: Vec<Pair> = align(&left.hops, &right.hops, hosts)
        .into_iter()
        .map(|(l, r)| Pair {
            left: l.map(|at| at + 1),
            right: r.map(|at| at + 1),
            differences: match (l, r) {
                (Some(l), Some(r)) => differences(&left.hops[l], &right.hops[r], hosts),
                _ => Vec::new(),
            },
        })
        .collect();
    let endings = (left.ending(), right.ending());
    let come = |ended: Option<Ending>, hop: fn(&Pair) -> Option<usize>| match ended {
        Some(_) => pairs.len(),
        None => pairs.iter().rposition(|pair| hop(pair).is_some()).map_or(0, |last| last + 1),
    };
    let reached = come(endings.0, |pair| pair.left).min(come(endings.1, |pair| pair.right));
    Comparison { parted: parted(&pairs[..reached]), pairs, reached, endings }
}

/// Above this many hops on a side hops are paired by number: loops and floods need no alignment.
const ALIGNED: usize = 128;

/// Pairs of indices; a hop that fits none of the other side stands alone. Longest common run of alike hops.
fn align(left: &[Hop], right: &[Hop], hosts: &Hosts) -> Vec<(Option<usize>, Option<usize>)> {
    if left.len() > ALIGNED || right.len() > ALIGNED {
        let most = left.len().max(right.len());
        return (0..most).map(|at| (left.get(at).map(|_| at), right.get(at).map(|_| at))).collect();
    }
    let score = scores(left, right, hosts);
    let (mut l, mut r, mut pairs) = (0, 0, Vec::new());
    while l < left.len() && r < right.len() {
        let pairing = likeness(&left[l], &right[r], hosts) + score[l + 1][r + 1];
        if pairing == score[l][r] {
            pairs.push((Some(l), Some(r)));
            (l, r) = (l + 1, r + 1);
        } else if score[l + 1][r] == score[l][r] {
            pairs.push((Some(l), None));
            l += 1;
        } else {
            pairs.push((None, Some(r)));
            r += 1;
        }
    }
    pairs.extend((l..left.len()).map(|at| (Some(at), None)));
    pairs.extend((r..right.len()).map(|at| (None, Some(at))));
    pairs
}

/// `score[l][r]`: the best sum of likeness over the hops from there on.
fn scores(left: &[Hop], right: &[Hop], hosts: &Hosts) -> Vec<Vec<u32>> {
    let mut score = vec![vec![0; right.len() + 1]; left.len() + 1];
    for l in (0..left.len()).rev() {
        for r in (0..right.len()).rev() {
            let pairing = likeness(&left[l], &right[r], hosts) + score[l + 1][r + 1];
            score[l][r] = pairing.max(score[l + 1][r]).max(score[l][r + 1]);
        }
    }
    score
}

fn likeness(left: &Hop, right: &Hop, hosts: &Hosts) -> u32 {
    let same_url = hosts.map(&left.request.display_url()) == right.request.display_url();
    let same_path = left.request.url.path() == right.request.url.path();
    1 + u32::from(same_path) * 4
        + u32::from(same_url) * 2
        + u32::from(left.status() == right.status())
}

fn differences(left: &Hop, right: &Hop, hosts: &Hosts) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut note = |part: Part, left: Option<String>, right: Option<String>| {
        if left.as_deref().map(|left| hosts.map(left)).as_deref() != right.as_deref() {
            found.push(Difference { part, left, right });
        }
    };
    let both = |of: &dyn Fn(&Hop) -> Option<String>| (of(left), of(right));
    let (l, r) = both(&|hop| Some(hop.request.method.to_string()));
    note(Part::Method, l, r);
    let (l, r) = both(&|hop| Some(display_url(&hop.request.url)));
    note(Part::Url, l, r);
    let (l, mut r) = both(&|hop| Some(format!("{} B", hop.request.body_len())));
    if l == r && !same_body(left, right) {
        r = r.map(|size| format!("{size}, other bytes"));
    }
    note(Part::RequestBody, l, r);
    let (l, r) = both(&|hop| hop.status().map(|status| status.to_string()));
    note(Part::Status, l, r);
    let (l, r) =
        both(&|hop| hop.exchange.failure.as_ref().map(|failure| failure.clause().to_owned()));
    note(Part::Failure, l, r);
    let (l, r) = both(&|hop| Some(format!("{} B", hop.exchange.body.decoded_size)));
    note(Part::Body, l, r);
    field_differences(&left.request.fields, &right.request.fields, Part::RequestField, &mut note);
    field_differences(left.exchange.fields(), right.exchange.fields(), response_part, &mut note);
    found.sort_by(|a, b| a.part.cmp(&b.part));
    found
}

fn same_body(left: &Hop, right: &Hop) -> bool {
    let [left, right] = [left, right].map(|hop| hop.request.body.as_ref().map(|body| &body.bytes));
    match (left, right) {
        // a run that is repeated sends the very same
        (Some(left), Some(right)) => left.as_ptr() == right.as_ptr() || left == right,
        (left, right) => {
            left.is_none_or(|body| body.is_empty()) && right.is_none_or(|body| body.is_empty())
        }
    }
}

fn response_part(name: String) -> Part {
    match name.to_ascii_lowercase().as_str() {
        "location" => Part::Location,
        lower if VOLATILE.contains(&lower) => Part::Volatile(name),
        "content-length" => Part::Volatile(name),
        _ => Part::Field(name),
    }
}

/// Host and Content-Length of a request say nothing that URL and body do not.
const IMPLIED: [&str; 2] = ["host", "content-length"];

fn field_differences(
    left: &Fields,
    right: &Fields,
    part: impl Fn(String) -> Part,
    note: &mut impl FnMut(Part, Option<String>, Option<String>),
) {
    let mut seen: Vec<String> = Vec::new();
    for field in left.iter().chain(right) {
        let name = field.name.to_ascii_lowercase();
        let request_side = matches!(part(name.clone()), Part::RequestField(_));
        if seen.contains(&name) || (request_side && IMPLIED.contains(&name.as_str())) {
            continue;
        }
        note(part(field.name.clone()), joined(left, &name), joined(right, &name));
        seen.push(name);
    }
}

fn joined(fields: &Fields, name: &str) -> Option<String> {
    let values: Vec<String> = fields.all(name).map(|field| field.text()).collect();
    (!values.is_empty()).then(|| values.join("\n"))
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::domain::chain::Limits;
    use crate::domain::client::Client;
    use crate::domain::cookie::jar::Jar;
    use crate::domain::http::exchange::Exchange;
    use crate::domain::http::field::Field;
    use crate::domain::http::head::ResponseHead;
    use crate::domain::http::request::Draft;

    fn chain(answers: &[(u16, &[(&str, &str)])]) -> Chain {
        let draft = Draft::get(Url::parse("http://a.test/").unwrap());
        let client = Client::named("curl").unwrap();
        let mut chain = Chain::new(draft, client, Limits::default(), Jar::default(), 0);
        for (status, fields) in answers {
            chain.send();
            let fields = fields.iter().map(|(name, value)| Field::new(*name, *value)).collect();
            let head = ResponseHead { status: *status, fields, ..ResponseHead::default() };
            chain.receive(Exchange { response: Some(head), ..Exchange::default() }, 0);
        }
        chain
    }

    #[test]
    fn the_same_chain_does_not_part_from_itself() {
        let a = chain(&[(302, &[("Location", "/b"), ("Date", "1")]), (200, &[])]);
        let b = chain(&[(302, &[("Location", "/b"), ("Date", "2")]), (200, &[])]);
        let comparison = compare(&a, &b);
        assert_eq!(comparison.parted, None);
        assert_eq!(comparison.pairs[0].differences[0].part, Part::Volatile("Date".into()));
    }

    #[test]
    fn a_chain_that_is_paused_does_not_part_from_one_that_went_on() {
        let paused = chain(&[(302, &[("Location", "/b")])]);
        let whole = chain(&[(302, &[("Location", "/b")]), (200, &[])]);
        for comparison in [compare(&paused, &whole), compare(&whole, &paused)] {
            assert_eq!((comparison.parted, comparison.answers_part()), (None, None));
            assert!(!comparison.is_whole());
        }
        let other = chain(&[(301, &[("Location", "/b")]), (200, &[])]);
        assert_eq!(compare(&paused, &other).parted, Some(0));
    }

    #[test]
    fn an_extra_hop_stands_alone_and_the_rest_is_aligned() {
        let a = chain(&[(302, &[("Location", "/x")]), (302, &[("Location", "/end")]), (200, &[])]);
        let b = chain(&[(302, &[("Location", "/end")]), (200, &[])]);
        let comparison = compare(&a, &b);
        let shape: Vec<_> = comparison.pairs.iter().map(|pair| (pair.left, pair.right)).collect();
        assert_eq!(shape, [(Some(1), Some(1)), (Some(2), None), (Some(3), Some(2))]);
        assert_eq!(comparison.parted, Some(0));
    }
}
