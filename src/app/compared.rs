//! The bodies of two runs that stand side by side: which of them are held against each other, and what came of it.
//!
//! Promises: a question is asked once, and again only when a body has become another; the reading and comparing are the shell's.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::effect::Effect;
use super::model::{Model, Overlay, Session};
use crate::domain::chain::Hop;
use crate::domain::comparison::bodies::{self, BodyDiff, Row, Side};
use crate::domain::comparison::compare_across;
use crate::domain::http::body::{Bodies, BodyId};
use crate::domain::http::field::Field;
use crate::domain::redact::Redactor;

/// The bodies to be held against each other.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BodiesCompare {
    /// The number of the question: answers to others are void.
    pub number: u64,
    pub pairs: Vec<Pair>,
}

/// Two bodies of hops that stand side by side.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pair {
    pub place: Place,
    pub sides: [Body; 2],
}

/// The hops of both runs, from 1, and which side of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Place {
    pub hops: (usize, usize),
    /// The request bodies; else those of the responses.
    pub sent: bool,
}

/// One body.
#[derive(Clone, Debug)]
pub struct Body {
    pub content: Content,
    pub size: u64,
    pub media_type: Option<String>,
}

#[derive(Clone, Debug)]
pub enum Content {
    Sent(Bytes),
    Received(BodyId),
}

/// A part of the answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BodiesCompared {
    pub number: u64,
    pub diffs: Vec<(Place, BodyDiff)>,
}

/// What is known of the bodies of the two runs.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Compared {
    asked: BodiesCompare,
    diffs: BTreeMap<Place, BodyDiff>,
}

/// The most bodies that are compared.
const MOST: usize = 400;

impl PartialEq for Body {
    /// Whether they are the same body, not whether they say the same: nothing that grows with it is looked at.
    fn eq(&self, other: &Body) -> bool {
        let same = match (&self.content, &other.content) {
            (Content::Sent(left), Content::Sent(right)) => left.as_ptr() == right.as_ptr(),
            (Content::Received(left), Content::Received(right)) => left == right,
            (Content::Sent(_), Content::Received(_)) | (Content::Received(_), Content::Sent(_)) => {
                false
            }
        };
        same && self.size == other.size
    }
}

impl Eq for Body {}

impl Compared {
    /// What came of these two; `Err`: nothing yet. `None` where there is nothing to compare.
    pub fn of(&self, place: Place) -> Option<Result<&BodyDiff, ()>> {
        let asked = self.asked.pairs.iter().any(|pair| pair.place == place);
        asked.then(|| self.diffs.get(&place).ok_or(()))
    }

    /// With the secrets of both runs masked.
    pub(super) fn mask(&mut self, redactors: &[&Redactor]) {
        let rows = self.diffs.values_mut().flat_map(|diff| &mut diff.rows);
        for row in rows {
            let Row::Changed { left, right } = row else { continue };
            for text in [left, right].into_iter().flatten() {
                redactors.iter().for_each(|redactor| *text = redactor.text(text));
            }
        }
    }
}

/// Asks for what the comparison on the screen shows and nobody has read yet.
pub(super) fn wanted(model: &mut Model) -> Option<Effect> {
    let Some(Overlay::Compare { with, .. }) = &model.overlay else { return None };
    let other = model.others.iter().find(|run| run.number == *with)?;
    let pairs = pairs(other, model.session.as_ref()?, model);
    if pairs == model.compared.asked.pairs {
        return None;
    }
    let number = model.compared.asked.number + 1;
    model.compared = Compared { asked: BodiesCompare { number, pairs }, diffs: BTreeMap::new() };
    Some(Effect::CompareBodies(model.compared.asked.clone()))
}

/// Takes in a part of the answer.
pub(super) fn answered(model: &mut Model, answer: BodiesCompared) -> Vec<Effect> {
    if answer.number == model.compared.asked.number {
        model.compared.diffs.extend(answer.diffs);
    }
    Vec::new()
}

fn pairs(left: &Session, right: &Session, model: &Model) -> Vec<Pair> {
    let comparison = compare_across(&left.chain, &right.chain, &model.given.hosts);
    let mut pairs = Vec::new();
    for pair in &comparison.pairs {
        let (Some(l), Some(r)) = (pair.left, pair.right) else { continue };
        let hops = (left.chain.hops.get(l - 1), right.chain.hops.get(r - 1));
        let (Some(of_l), Some(of_r)) = hops else { continue };
        for (sent, body) in [(true, sent as fn(&Hop) -> Body), (false, received)] {
            let sides = [body(of_l), body(of_r)];
            let any = sides.iter().any(|side| side.size > 0);
            if any && sides[0] != sides[1] && pairs.len() < MOST {
                pairs.push(Pair { place: Place { hops: (l, r), sent }, sides });
            }
        }
    }
    pairs
}

fn sent(hop: &Hop) -> Body {
    let bytes = hop.request.body.as_ref().map(|body| body.bytes.clone()).unwrap_or_default();
    let media_type = hop.request.fields.first("Content-Type").map(Field::text);
    Body { size: bytes.len() as u64, content: Content::Sent(bytes), media_type }
}

fn received(hop: &Hop) -> Body {
    let body = &hop.exchange.body;
    let media_type = hop.exchange.fields().first("Content-Type").map(Field::text);
    Body { size: body.decoded_size, content: Content::Received(body.id), media_type }
}

/// Holds two bodies against each other: what the worker of the shell (and the player of the tests) does.
pub fn compare(pair: &Pair, store: &dyn Bodies) -> BodyDiff {
    let read = |body: &Body, start: u64, len: usize| match &body.content {
        Content::Received(id) => store.read(*id, start, len),
        Content::Sent(bytes) => {
            let start = usize::try_from(start).unwrap_or(usize::MAX).min(bytes.len());
            bytes[start..bytes.len().min(start.saturating_add(len))].to_vec()
        }
    };
    let [left, right] = &pair.sides;
    let read_left = |start: u64, len: usize| read(left, start, len);
    let read_right = |start: u64, len: usize| read(right, start, len);
    let (left_type, right_type) = (left.media_type.as_deref(), right.media_type.as_deref());
    bodies::compare(
        &Side { size: left.size, media_type: left_type, read: &read_left },
        &Side { size: right.size, media_type: right_type, read: &read_right },
    )
}
