//! The trace document `hopstep.trace/1` (product.md section 4; `assets/trace.schema.json`).
//!
//! Promises: what does not apply is `null`, never absent; fields are only ever added; the text holds no control, bidi or
//! invisible character except as `\u` escapes, so it can go to a terminal.

mod body;
mod diagnosis;
mod finding;
mod given;
mod hop;
mod message;
mod probe;
mod write;

use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::FormatItem;
use time::macros::format_description;

use super::super::chain::{Chain, Ending};
use super::Record;

pub(super) use body::content;
pub(super) use diagnosis::{causes, summary};
pub(super) use finding::findings_with_hop;
pub(super) use given::given;
pub(super) use hop::{error, hop};
pub(super) use probe::probes;
pub(crate) use write::{compact, pretty};

/// The schema's name.
pub const SCHEMA: &str = "hopstep.trace/1";

const RFC_3339_MS: &[FormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// The whole document, with a line break at its end.
pub fn document(record: &Record<'_>) -> String {
    let diagnosis = record.verdict();
    let hops: Vec<Value> = record.chain.hops.iter().map(|of| hop(record, of, &diagnosis)).collect();
    let value = json!({
        "schema": SCHEMA,
        "client": record.chain.client.name,
        "started_at": timestamp(record.started_at),
        "given": given(record.chain, record.show_body),
        "hops": hops,
        "outcome": outcome(record.chain),
        "findings": finding::findings(record, None, &diagnosis),
        "summary": summary(&diagnosis),
        "diagnosis": causes(&diagnosis),
        "probes": probes(record.chain),
    });
    pretty(&value)
}

/// RFC 3339 in UTC, to the millisecond.
pub(crate) fn timestamp(at: OffsetDateTime) -> String {
    at.to_offset(time::UtcOffset::UTC).format(RFC_3339_MS).unwrap_or_default()
}

/// How the chain ended. A chain that was left before its end was stopped by the user.
pub(super) fn outcome(chain: &Chain) -> Value {
    let (kind, reason) = match chain.ending() {
        Some(Ending::Final) => ("final", None),
        Some(Ending::Stopped(reason)) => ("stopped", Some(reason.id())),
        Some(Ending::Failed(_)) => ("failed", None),
        None => ("stopped", Some("user")),
    };
    json!({ "kind": kind, "reason": reason })
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use url::Url;

    use super::super::super::chain::Limits;
    use super::super::super::client::Client;
    use super::super::super::cookie::jar::Jar;
    use super::super::super::finding::{Anchor, Finding, Severity};
    use super::super::super::http::body::{Bodies, BodyId, BodyRecord};
    use super::super::super::http::connection::Tls;
    use super::super::super::http::exchange::Exchange;
    use super::super::super::http::failure::{Failure, FailureKind};
    use super::super::super::http::field::Field;
    use super::super::super::http::head::ResponseHead;
    use super::super::super::http::request::Draft;
    use super::super::super::http::settings::Settings;
    use super::super::super::http::timing::Phase;
    use super::*;

    struct OneBody(&'static [u8]);

    impl Bodies for OneBody {
        fn read(&self, _: BodyId, start: u64, len: usize) -> Vec<u8> {
            self.0.iter().skip(start as usize).take(len).copied().collect()
        }
    }

    fn chain(exchange: Exchange) -> Chain {
        let draft = Draft::get(Url::parse("http://u:p@a.test/x#f").unwrap());
        let client = Client::named("curl").unwrap();
        let mut chain = Chain::new(draft, client, Limits::default(), Jar::default(), 0);
        chain.send();
        chain.receive(exchange, 0);
        chain
    }

    fn answered() -> Exchange {
        let fields = [Field::new("Location", b"/\xe9\x1b[2J".to_vec()), Field::new("a", "1")];
        let body =
            BodyRecord { size: 3, decoded_size: 6, head: Bytes::new(), ..BodyRecord::default() };
        let head = ResponseHead {
            status: 302,
            fields: fields.into_iter().collect(),
            ..ResponseHead::default()
        };
        Exchange { response: Some(head), body, ..Exchange::default() }
    }

    fn failed() -> Exchange {
        let failure = Failure {
            kind: FailureKind::Tls,
            phase: Phase::Tls,
            message: "the certificate has expired".to_owned(),
            cause: String::new(),
            hint: String::new(),
        };
        let mut exchange = Exchange { failure: Some(failure), ..Exchange::default() };
        exchange.connection.tls = Some(Tls::default().into());
        exchange
    }

    fn read(exchange: Exchange, show_body: u64) -> Value {
        let chain = chain(exchange);
        let finding = Finding {
            rule: "post-rewritten-to-get",
            severity: Severity::Warning,
            hop: Some(1),
            anchor: Anchor::location_bytes(1..2),
            source: None,
            cause: None,
            message: "m".to_owned(),
            fix: "f".to_owned(),
        };
        let record = Record {
            chain: &chain,
            findings: &[finding],
            diagnosis: None,
            started_at: OffsetDateTime::UNIX_EPOCH,
            bodies: &OneBody(b"a\xc3\xa9bcd"),
            show_body,
            settings: &Settings::default(),
            fail_on: None,
        };
        let text = document(&record);
        assert!(!text.contains('\u{1b}'));
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn documents_keep_to_the_schema() {
        let schema = include_str!("../../../assets/trace.schema.json");
        let schema: Value = serde_json::from_str(schema).unwrap();
        let validator = jsonschema::draft202012::new(&schema).unwrap();
        for document in [read(answered(), 100), read(failed(), 0)] {
            let errors: Vec<String> = validator
                .iter_errors(&document)
                .map(|e| format!("{} {e}", e.instance_path()))
                .collect();
            assert_eq!(errors, Vec::<String>::new());
        }
    }

    #[test]
    fn a_hop_is_told_as_it_was() {
        let document = read(answered(), 2);
        assert_eq!(document["started_at"], "1970-01-01T00:00:00.000Z");
        let hop = &document["hops"][0];
        assert_eq!(hop["request"]["url"], "http://a.test/x");
        assert_eq!(hop["response"]["headers"], json!([["Location", "/é\u{1b}[2J"], ["a", "1"]]));
        assert_eq!(hop["response"]["body"]["text"], "a");
        assert_eq!(hop["response"]["body"]["truncated"], true);
        let anchor =
            json!({"part": "header", "header": "Location", "occurrence": 1, "start": 1, "end": 2});
        assert_eq!(hop["findings"][0]["anchor"], anchor);
        assert_eq!(hop["findings"][0]["effort"], "easy");
    }

    #[test]
    fn a_failure_is_the_end_of_the_document() {
        let document = read(failed(), 0);
        assert_eq!(document["outcome"], json!({"kind": "failed", "reason": null}));
        assert_eq!(document["hops"][0]["response"], Value::Null);
        assert_eq!(document["hops"][0]["error"]["kind"], "tls");
        assert_eq!(document["hops"][0]["connection"]["tls"]["verified"], false);
    }
}
