//! Heads of a trace document: those without a body, and what is noted of every head's lines.

use serde::Deserialize;

use super::hop::fields;
use crate::domain::http::head::{Deviation, DeviationKind, ResponseHead, Stray, Version};

/// An interim response, or a proxy's answer to CONNECT.
#[derive(Deserialize)]
pub(super) struct BareDoc {
    status: Option<u16>,
    reason: String,
    headers: Vec<(String, String)>,
    #[serde(default)]
    deviations: Vec<DeviationDoc>,
}

#[derive(Deserialize)]
pub(super) struct DeviationDoc {
    message: String,
    header: Option<usize>,
    #[serde(default)]
    line: Option<String>,
    #[serde(default)]
    before: Option<usize>,
}

impl BareDoc {
    pub(super) fn read(self, version: Version) -> ResponseHead {
        let BareDoc { status, reason, headers, deviations } = self;
        let (status, fields) = (status.unwrap_or(0), fields(headers));
        let mut head = ResponseHead { version, status, reason, fields, ..ResponseHead::default() };
        deviations.into_iter().for_each(|of| of.read(&mut head));
        head
    }
}

impl DeviationDoc {
    /// A sentence of a later version is passed over. What is noted of one line in a row is of one stray line.
    pub(super) fn read(self, head: &mut ResponseHead) {
        let known = DeviationKind::ALL.into_iter().find(|kind| kind.sentence() == self.message);
        let Some(kind) = known else { return };
        let stray = self.line.zip(self.before).map(|(line, before)| {
            let stray = Stray { before, bytes: line.into_bytes() };
            let opens = matches!(
                kind,
                DeviationKind::NoColon
                    | DeviationKind::FoldedLine
                    | DeviationKind::UnknownPseudo
                    | DeviationKind::LatePseudo
                    | DeviationKind::SecondStatus
                    | DeviationKind::BadStatus
            );
            let again = !opens && head.strays.last() == Some(&stray);
            if !again {
                head.strays.push(stray);
            }
            head.strays.len() - 1
        });
        head.deviations.push(Deviation { kind, field: self.header, stray, at: 0..0 });
    }
}
