//! Failures of HTTP/2: a head that is refused, a rule that was broken, a stream that was broken off.

use std::io::ErrorKind;

use super::response::protocol;
use super::{Evidence, QUOTED, find};
use crate::domain::http::failure::{Failure, FailureKind};
use crate::domain::http::field::decode;
use crate::domain::http::head::{Deviation, DeviationKind, ResponseHead, Version};
use crate::domain::http::timing::Phase;
use crate::fetch::transport::{Fault, Seen, StreamError};

/// What to do where the server's HTTP/2 is at fault and we end the stream.
const FAULTY: &str = "Its HTTP/2, or that of a proxy before it, is faulty: try --http1.1.";

/// No usable head came.
pub(super) fn failure(fault: &Fault, evidence: &Evidence<'_>) -> Failure {
    let phase = evidence.record.phase;
    let error = || find::<h2::Error>(fault);
    let Some(seen) = &evidence.record.seen else {
        let cause = super::root_cause(fault);
        return broken_off(evidence, error().is_some_and(h2::Error::is_library), cause);
    };
    let told = seen.told(error());
    let head = seen.head();
    if head.as_ref().is_some_and(|head| head.version != Version::Http2) {
        let message = format!("{} answered in HTTP/1, not in HTTP/2.", evidence.peer());
        let hint = "Use --http1.1 for it; the head is shown as it came.";
        return Failure { cause: told.to_string(), phase, ..protocol(message, hint) };
    }
    let why = head.filter(|_| told.rules).and_then(|head| refused(&head, seen));
    if let Some((message, cause)) = why {
        let hint = "Most clients refuse such a response; the head is shown as it came.";
        let cause = cause.map_or_else(|| told.to_string(), str::to_owned);
        return Failure { cause, ..protocol(message, hint) };
    }
    if let Some(io) = told.io.as_ref().filter(|_| seen.is_within_head()) {
        let reset = io.kind() == ErrorKind::ConnectionReset;
        let how = if reset { "was reset" } else { "ended" };
        let message = format!("The connection {how} in the middle of the response's head.");
        let hint = "The server or something before it broke off; its log should say why.";
        return Failure { cause: told.to_string(), ..protocol(message, hint) };
    }
    broken_off(evidence, told.rules, told.to_string())
}

/// The head was fine, the body was not, or its trailers.
pub(super) fn body(error: &StreamError, received: u64, expected: Option<u64>) -> Failure {
    let (message, hint) = match error.rules {
        true => (
            format!("The server broke the rules of HTTP/2 in the body, after {received} bytes."),
            match error.reason {
                Some(h2::Reason::PROTOCOL_ERROR) if expected.is_some() => {
                    "Its frames may hold another number of bytes than Content-Length says: try --http1.1."
                }
                _ => FAULTY,
            },
        ),
        false => (
            format!("The HTTP/2 stream was broken off in the body, after {received} bytes."),
            "The server gave up on this response; its log should say why.",
        ),
    };
    Failure {
        kind: FailureKind::Body,
        phase: Phase::Receive,
        message,
        cause: error.to_string(),
        hint: hint.to_owned(),
    }
}

fn broken_off(evidence: &Evidence<'_>, rules: bool, cause: String) -> Failure {
    let phase = evidence.record.phase;
    let peer = evidence.peer();
    if rules {
        let message = format!("{peer} broke the rules of HTTP/2.");
        return Failure { cause, phase, ..protocol(message, FAULTY) };
    }
    let needs = cause.contains("HTTP_1_1_REQUIRED");
    let hint = if needs { "Use --http1.1 for it." } else { "Try it with --http1.1." };
    let message = format!("{peer} broke off the HTTP/2 stream.");
    Failure { cause, phase, ..protocol(message, hint) }
}

/// Which line of the head no client can bear, and which rule it breaks.
fn refused(head: &ResponseHead, seen: &Seen) -> Option<(String, Option<&'static str>)> {
    let told = |deviation: &Deviation, message| (message, Some(deviation.kind.sentence()));
    let fatal = head
        .deviations
        .iter()
        .find_map(|deviation| of_line(head, deviation).map(|message| told(deviation, message)));
    fatal.or_else(|| of_length(head, seen).map(|message| (message, None))).or_else(|| {
        let unknown = |of: &&Deviation| of.kind == DeviationKind::UnknownPseudo;
        let deviation = head.deviations.iter().find(unknown)?;
        let line = line(head, deviation);
        let message =
            format!("The response has a pseudo-field that responses don't have ({line}).");
        Some(told(deviation, message))
    })
}

fn of_line(head: &ResponseHead, deviation: &Deviation) -> Option<String> {
    let line = line(head, deviation);
    let message = match deviation.kind {
        DeviationKind::SecondStatus => "The response has a second :status.".to_owned(),
        DeviationKind::LatePseudo => format!("“{line}” stands behind a field of the response."),
        DeviationKind::BadStatus => {
            "The :status of the response is not a number from 100 to 999.".to_owned()
        }
        DeviationKind::NoStatus => "The response has no :status.".to_owned(),
        DeviationKind::UpperCase => {
            format!("The response has a field name that is not in lower case ({line}).")
        }
        DeviationKind::InvalidName => {
            format!("The response has a field name with a byte that names can't have ({line}).")
        }
        DeviationKind::ConnectionField => {
            format!("The response has a field that HTTP/2 does not have ({line}).")
        }
        DeviationKind::LineBreak => {
            format!("A value in the response head holds a line break ({line}).")
        }
        DeviationKind::Nul => format!("The response head holds a NUL byte ({line})."),
        DeviationKind::ControlByte => format!("The response head holds a control byte ({line})."),
        DeviationKind::InvalidLength => {
            "The Content-Length of the response is not a number.".to_owned()
        }
        DeviationKind::DifferingLengths => {
            "The response has Content-Length lines that differ.".to_owned()
        }
        DeviationKind::UnknownPseudo
        | DeviationKind::EdgeSpace
        | DeviationKind::BareLf
        | DeviationKind::FoldedLine
        | DeviationKind::SpaceBeforeColon
        | DeviationKind::NoColon
        | DeviationKind::BareCr
        | DeviationKind::BothLengths
        | DeviationKind::InvalidStatus
        | DeviationKind::EmptyStart
        | DeviationKind::InvalidReason
        | DeviationKind::InvalidVersion
        | DeviationKind::ExtraBytes => return None,
    };
    Some(message)
}

/// The head ends the stream, and must not; or a length that nobody can count to.
fn of_length(head: &ResponseHead, seen: &Seen) -> Option<String> {
    let length = head.fields.text("content-length");
    match head.status {
        101 => return Some("The response is 101, which HTTP/2 does not have.".to_owned()),
        status @ 100..200 if seen.ends_with_head() => {
            return Some(format!("The interim response {status} ends the stream."));
        }
        _ => {}
    }
    let length = length.filter(|length| length != "0")?;
    if length.parse::<u64>().is_err() {
        return Some("The Content-Length of the response is past 64 bits.".to_owned());
    }
    let ends = seen.ends_with_head();
    ends.then(|| format!("The response announces a body of {length} bytes and ends with its head."))
}

/// The name of the field, or the line that is none, not at length.
fn line(head: &ResponseHead, deviation: &Deviation) -> String {
    let field = deviation.field.and_then(|at| head.fields.iter().nth(at));
    let stray = || deviation.stray.and_then(|at| head.strays.get(at));
    let line = field.map_or_else(
        || stray().map(|stray| decode(&stray.bytes)).unwrap_or_default(),
        |field| field.name.clone(),
    );
    line.chars().take(QUOTED).collect()
}
