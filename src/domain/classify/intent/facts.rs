//! Facts: what a hop tells at a glance, so that most signs need not be asked.
//!
//! Each fact is something that some condition needs; a sign whose conditions need one that is not so does not hold.

use super::condition::Condition;
use super::relation::Relation;
use crate::domain::classify::table::{CONDITIONS, NUMBERS, RELATIONS, Span};
use crate::domain::evidence::HopEvidence;

/// Some facts, one bit each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Facts(u32);

/// The target has parameters.
const PARAMS: u32 = 1;
const SAME_SITE: u32 = 1 << 1;
const CROSS_SITE: u32 = 1 << 2;
/// What base and the target have in common, or not.
const OTHER_SCHEME: u32 = 1 << 3;
const SAME_HOST: u32 = 1 << 4;
const OTHER_HOST: u32 = 1 << 5;
const SAME_ORIGIN: u32 = 1 << 6;
const SAME_PATH: u32 = 1 << 7;
const OTHER_PATH: u32 = 1 << 8;
/// From this bit on: the status is another than the first, second, … of [`STATUSES`], than any that is not among them.
const OTHER_STATUS: u32 = 9;
const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];
const ALL_STATUSES: u32 = ((1 << (STATUSES.len() + 1)) - 1) << OTHER_STATUS;

impl Facts {
    pub(super) fn of(hop: &HopEvidence<'_>) -> Facts {
        let same = hop.common;
        let facts = [
            (!hop.params.is_empty(), PARAMS),
            (!hop.cross_site, SAME_SITE),
            (hop.cross_site, CROSS_SITE),
            (!same.scheme, OTHER_SCHEME),
            (same.host, SAME_HOST),
            (!same.host, OTHER_HOST),
            (same.origin(), SAME_ORIGIN),
            (same.path, SAME_PATH),
            (!same.path, OTHER_PATH),
        ];
        let facts = facts.iter().fold(0, |all, (is, bit)| if *is { all | bit } else { all });
        Facts(facts | ALL_STATUSES & !status(hop.status()))
    }

    /// What all of these conditions need.
    pub(super) const fn needed_by(conditions: Span) -> Facts {
        let (mut needed, mut rest) = (0, conditions.slice(&CONDITIONS));
        while let [first, others @ ..] = rest {
            needed |= needs(first);
            rest = others;
        }
        Facts(needed)
    }

    /// All of these are so.
    pub(super) fn has(self, needed: Facts) -> bool {
        needed.0 & !self.0 == 0
    }
}

const fn needs(condition: &Condition) -> u32 {
    match condition {
        Condition::Status(list) => {
            let (mut others, mut rest) = (ALL_STATUSES, list.slice(&NUMBERS));
            while let [first, after @ ..] = rest {
                others &= !status(*first);
                rest = after;
            }
            others
        }
        Condition::Relation(list) => {
            // one of them is enough: what they all need
            let (mut needed, mut rest) = (u32::MAX, list.slice(&RELATIONS));
            while let [first, others @ ..] = rest {
                needed &= related(*first);
                rest = others;
            }
            needed
        }
        Condition::NextParams(_) | Condition::NextParamsAny(_) | Condition::NewParams(_) => PARAMS,
        Condition::Method(_)
        | Condition::BaseScheme(_)
        | Condition::NextSegment(_)
        | Condition::BaseSegment(_)
        | Condition::NextPathEnds(_)
        | Condition::NextWord(_)
        | Condition::BaseWord(_)
        | Condition::NextHost(_)
        | Condition::BaseHost(_)
        | Condition::Field(_)
        | Condition::NextField(_)
        | Condition::NextStatus(_)
        | Condition::RequestType(_)
        | Condition::Earlier(_)
        | Condition::ShortLink
        | Condition::NoBody
        | Condition::Body(_) => 0,
    }
}

const fn related(relation: Relation) -> u32 {
    match relation {
        Relation::SameSite | Relation::ResemblesOnSite => SAME_SITE,
        Relation::CrossSite => CROSS_SITE,
        Relation::Upgrade | Relation::UpgradeRespelt => OTHER_SCHEME,
        Relation::Www => OTHER_HOST,
        Relation::Region => OTHER_HOST | SAME_PATH | SAME_SITE,
        Relation::Slash => SAME_ORIGIN | OTHER_PATH,
        Relation::Respelt => SAME_ORIGIN,
        Relation::SelfWithProbe => SAME_ORIGIN | SAME_PATH,
        Relation::Version => SAME_HOST | OTHER_PATH,
        Relation::ReturnsHere | Relation::BackWithTicket => PARAMS,
        Relation::Root
        | Relation::Locale
        | Relation::Negotiated
        | Relation::Resembles
        | Relation::IntoPrivate => 0,
    }
}

/// The bit of a status.
const fn status(status: u16) -> u32 {
    let mut at = 0;
    while at < STATUSES.len() && STATUSES[at] != status {
        at += 1;
    }
    1 << (OTHER_STATUS + at as u32)
}
