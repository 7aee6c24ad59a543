//! Failures of responses: none, half a one, one that is no HTTP, one past the bounds, a body that breaks off.

use std::error::Error;
use std::io::{self, ErrorKind};

use super::{Evidence, connect, find, http2, quoted, root_cause};
use crate::domain::http::failure::{Failure, FailureKind};
use crate::domain::http::head_parser::parse_response;
use crate::domain::http::timing::Phase;
use crate::fetch::transport::{Fatal, Fault, StreamError};
use crate::fetch::wire::Excess;

/// The request went out, or part of it; no usable head came back.
pub(super) fn failure(fault: &Fault, evidence: &Evidence<'_>) -> Failure {
    let received = &evidence.record.received;
    if let Some(broken) = evidence.record.excess() {
        return excess(broken);
    }
    if evidence.record.http2 {
        return http2::failure(fault, evidence);
    }
    let io = find::<io::Error>(fault).map(io::Error::kind);
    let head = received.head();
    if head.is_empty() {
        return no_head(io, evidence);
    }
    if let Some(failure) = foreign(&head) {
        return failure;
    }
    if !received.is_complete() {
        let how = if io == Some(ErrorKind::ConnectionReset) { "was reset" } else { "ended" };
        return protocol(
            format!("The response {how} in the middle of its head, after {} bytes.", head.len()),
            "The server or something before it broke off; its log should say why.",
        );
    }
    refused(&head)
}

/// A bound was broken; what was read so far is kept.
fn excess(excess: Excess) -> Failure {
    let failure = match excess {
        Excess::Bytes => protocol(
            "The response head is larger than 400 KiB.",
            "No real response needs that; what was read so far is shown.",
        ),
        Excess::Lines => protocol(
            "The response head has more than 10,000 field lines.",
            "No real response needs that; what was read so far is shown.",
        ),
        Excess::Interim => protocol(
            "The server sends interim (1xx) responses without end.",
            "The final response never came; the first hundred are shown.",
        ),
    };
    Failure { cause: "reading stopped there".to_owned(), ..failure }
}

/// The head was fine, the body was not.
pub(in crate::fetch) fn body_failure(
    error: &(dyn Error + 'static),
    received: u64,
    expected: Option<u64>,
) -> Failure {
    if let Some(error) = find::<rustls::Error>(error) {
        let message = format!("The TLS session broke in the body, after {received} bytes.");
        let (kind, cause, hint) = (FailureKind::Tls, error.to_string(), String::new());
        return Failure { kind, phase: Phase::Receive, message, cause, hint };
    }
    let io = find::<io::Error>(error).map(io::Error::kind);
    if let Some(error) = find::<StreamError>(error)
        && io != Some(ErrorKind::ConnectionReset)
    {
        return http2::body(error, received, expected);
    }
    let (message, hint) = match (io, expected) {
        (Some(ErrorKind::ConnectionReset | ErrorKind::BrokenPipe), _) => (
            format!("The connection was reset in the body, after {received} bytes."),
            "The server crashed, hit a limit, or a proxy cut it off.",
        ),
        (_, Some(expected)) => (
            format!("The body is short: {received} of the {expected} bytes announced arrived."),
            "Correct Content-Length, or find what cuts the body off: the server or a device in between.",
        ),
        (Some(ErrorKind::InvalidInput | ErrorKind::InvalidData), None) => (
            format!("The body's chunks are malformed after {received} bytes."),
            "The server says Transfer-Encoding: chunked but frames it wrongly (RFC 9112 §7.1).",
        ),
        (_, None) => (
            format!("The body ended before its last chunk, after {received} bytes."),
            "Find what cuts the body off, or keeps the closing chunk back: the server or a device in between.",
        ),
    };
    Failure {
        kind: FailureKind::Body,
        phase: Phase::Receive,
        message,
        cause: root_cause(error),
        hint: hint.to_owned(),
    }
}

fn no_head(io: Option<ErrorKind>, evidence: &Evidence<'_>) -> Failure {
    let peer = evidence.peer();
    if evidence.lacks_certificate() && evidence.proxy.is_none() {
        return connect::left_without(evidence);
    }
    let https = expects_https(evidence);
    match io {
        Some(ErrorKind::ConnectionReset | ErrorKind::BrokenPipe) => reset(evidence),
        // a layer in between gave up, such as the TLS library at too many messages of the session at once
        Some(ErrorKind::Other | ErrorKind::InvalidData) => Failure {
            phase: Phase::Wait,
            ..protocol(format!("The connection with {peer} broke before it answered."), "")
        },
        _ => Failure {
            phase: Phase::Wait,
            ..protocol(
                format!("{peer} closed the connection without answering."),
                &format!("The server crashed on this request,{https} or refuses it silently."),
            )
        },
    }
}

/// The server took the connection and reset it before a byte of an answer.
pub(super) fn reset(evidence: &Evidence<'_>) -> Failure {
    let https = expects_https(evidence);
    let message = format!("{} reset the connection instead of answering.", evidence.peer());
    let hint =
        format!("The server crashed on this request,{https} or something before it cut it off.");
    Failure { hint, phase: Phase::Wait, ..evidence.failure(FailureKind::Connect, message) }
}

/// What else may be the reason where the request went out in the clear.
fn expects_https(evidence: &Evidence<'_>) -> &'static str {
    if evidence.url.scheme() == "http" { " expects https," } else { "" }
}

/// An answer of another protocol.
fn foreign(head: &[u8]) -> Option<Failure> {
    if parse_response(bytes::Bytes::copy_from_slice(head)).is_some() {
        return None;
    }
    let is_tls = matches!(head, [0x14..=0x17, 3, ..]);
    let is_http2 = matches!(head, [0, 0, _, 4, 0, 0, 0, 0, 0, ..]);
    let failure = if is_tls {
        protocol("The server speaks TLS on this port.", "Try https://.")
    } else if is_http2 {
        protocol("The server speaks HTTP/2 only on this port.", "Try --http2-prior-knowledge.")
    } else {
        let cause = quoted(head);
        Failure { cause, ..protocol("The answer is not HTTP.", "Is it the right port?") }
    };
    Some(failure)
}

/// A head that is there and was refused: the deviation that no client can bear says why.
fn refused(head: &[u8]) -> Failure {
    let head = parse_response(bytes::Bytes::copy_from_slice(head)).unwrap_or_default();
    let mut faults = head.deviations.iter().filter_map(|at| Some((Fatal::of(at.kind)?, at.field)));
    let message = match faults.next() {
        Some((fatal, field)) => {
            let field = field.and_then(|index| head.fields.iter().nth(index));
            unbearable(fatal, field.map_or("start line", |field| field.name.as_str()))
        }
        None => "The response head is malformed.".to_owned(),
    };
    protocol(message, "Most clients refuse such a response; the head is shown as it came.")
}

/// What is wrong in the line of this name.
fn unbearable(fatal: Fatal, name: &str) -> String {
    let fault = match fatal {
        Fatal::InvalidStatus => "The status of the response is not a number from 100 to 999.",
        Fatal::InvalidVersion => "The response names a version of HTTP that does not exist.",
        Fatal::Nul => return format!("The response head holds a NUL byte ({name})."),
        Fatal::BareCr => {
            return format!("The response head holds a CR that ends no line ({name}).");
        }
        Fatal::DifferingLengths => "The response has Content-Length lines that differ.",
        Fatal::InvalidLength => "The Content-Length of the response is not a number.",
    };
    fault.to_owned()
}

pub(super) fn protocol(message: impl Into<String>, hint: &str) -> Failure {
    Failure {
        kind: FailureKind::Protocol,
        phase: Phase::Receive,
        message: message.into(),
        cause: String::new(),
        hint: hint.to_owned(),
    }
}
