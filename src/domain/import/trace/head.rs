//! Heads of a trace document: those without a body, and what is noted of every head's lines.

use serde::Deserialize;

use super::super::body;
use super::hop::fields;
use crate::domain::http::head::{Deviation, DeviationKind, ResponseHead, Stray, Version};
use crate::domain::http::head_parser::parse_response;

/// An interim response, or a proxy's answer to CONNECT.
#[derive(Deserialize)]
pub(super) struct BareDoc {
    status: Option<u16>,
    reason: String,
    headers: Vec<(String, String)>,
    #[serde(default)]
    deviations: Vec<DeviationDoc>,
    #[serde(default)]
    raw: Option<String>,
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
        let BareDoc { status, reason, headers, deviations, raw } = self;
        let (status, fields) = (status.unwrap_or(0), fields(headers));
        let head = ResponseHead { version, status, reason, fields, ..ResponseHead::default() };
        whole(head, deviations, raw)
    }
}

/// A head with what is noted of its lines: read anew from its bytes, where the document has them.
pub(super) fn whole(
    plain: ResponseHead,
    deviations: Vec<DeviationDoc>,
    raw: Option<String>,
) -> ResponseHead {
    let bytes = raw.and_then(|raw| body::decode_base64(&raw).ok());
    let read = bytes.and_then(|bytes| parse_response(bytes.into()));
    let (mut head, told) = match read {
        Some(head) => (head, true),
        None => (plain, false),
    };
    // what came behind the head is not in its bytes
    let news = deviations.into_iter().filter(|of| !told || of.is_behind());
    news.for_each(|of| of.read(&mut head));
    head
}

impl DeviationDoc {
    fn is_behind(&self) -> bool {
        self.message == DeviationKind::ExtraBytes.sentence()
    }

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
