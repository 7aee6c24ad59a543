//! Where the body of a response ends (RFC 9112 §6.3), and the body in the bytes that arrive.

use std::io;

use bytes::{Bytes, BytesMut};

use super::chunks::Chunks;
use crate::domain::http::head::{DeviationKind, ResponseHead};
use crate::domain::http::method::Method;

/// How the end of a body is told.
#[derive(Debug)]
pub(super) enum Framing {
    /// So many bytes are still to come; none for responses without a body.
    Length(u64),
    Chunked(Box<Chunks>),
    /// All that comes until the connection ends.
    UntilClose,
}

/// What the bytes that arrived hold.
#[derive(Debug)]
pub(super) enum Taken {
    Data(Bytes),
    /// More has to be read first.
    Hungry,
    /// The body is whole.
    End,
}

/// What a client can't bear in a head; every other deviation is noted and read as curl reads it.
#[derive(Clone, Copy, Debug)]
pub(in crate::fetch) enum Fatal {
    InvalidStatus,
    InvalidVersion,
    Nul,
    BareCr,
    DifferingLengths,
    InvalidLength,
}

impl Fatal {
    pub(in crate::fetch) fn of(kind: DeviationKind) -> Option<Fatal> {
        match kind {
            DeviationKind::InvalidStatus => Some(Fatal::InvalidStatus),
            DeviationKind::InvalidVersion => Some(Fatal::InvalidVersion),
            DeviationKind::Nul => Some(Fatal::Nul),
            DeviationKind::BareCr => Some(Fatal::BareCr),
            DeviationKind::DifferingLengths => Some(Fatal::DifferingLengths),
            DeviationKind::InvalidLength => Some(Fatal::InvalidLength),
            DeviationKind::BareLf
            | DeviationKind::FoldedLine
            | DeviationKind::SpaceBeforeColon
            | DeviationKind::NoColon
            | DeviationKind::BothLengths
            | DeviationKind::InvalidName
            | DeviationKind::EmptyStart
            | DeviationKind::InvalidReason
            | DeviationKind::ExtraBytes
            | DeviationKind::UnknownPseudo
            | DeviationKind::LatePseudo
            | DeviationKind::SecondStatus
            | DeviationKind::BadStatus
            | DeviationKind::NoStatus
            | DeviationKind::UpperCase
            | DeviationKind::ConnectionField
            | DeviationKind::LineBreak
            | DeviationKind::ControlByte
            | DeviationKind::EdgeSpace => None,
        }
    }
}

impl Framing {
    /// `None` when the head can't be borne.
    pub(super) fn of(head: &ResponseHead, method: &Method) -> Option<Framing> {
        if head.deviations.iter().any(|deviation| Fatal::of(deviation.kind).is_some()) {
            return None;
        }
        if *method == Method::HEAD || matches!(head.status, 101 | 204 | 304) {
            return Some(Framing::Length(0));
        }
        let mut codings = head.fields.all("Transfer-Encoding").peekable();
        if codings.peek().is_some() {
            let last =
                codings.last().and_then(|field| field.value.rsplit(|&byte| byte == b',').next());
            let chunked =
                last.is_some_and(|name| name.trim_ascii().eq_ignore_ascii_case(b"chunked"));
            return Some(if chunked {
                Framing::Chunked(Box::default())
            } else {
                Framing::UntilClose
            });
        }
        match head.fields.first("Content-Length") {
            None => Some(Framing::UntilClose),
            Some(field) => {
                let first = field.value.split(|&byte| byte == b',').next().unwrap_or_default();
                let digits = std::str::from_utf8(first.trim_ascii()).ok()?;
                digits.parse().ok().map(Framing::Length)
            }
        }
    }

    /// How many bytes the framing promises.
    pub(super) fn promised(&self) -> Option<u64> {
        match self {
            Framing::Length(left) => Some(*left),
            Framing::Chunked(_) | Framing::UntilClose => None,
        }
    }

    /// Takes body bytes out of the buffer.
    pub(super) fn take(&mut self, buffer: &mut BytesMut) -> io::Result<Taken> {
        match self {
            Framing::Length(0) => Ok(Taken::End),
            Framing::Chunked(chunks) => chunks.take(buffer),
            _ if buffer.is_empty() => Ok(Taken::Hungry),
            Framing::UntilClose => Ok(Taken::Data(buffer.split().freeze())),
            Framing::Length(left) => {
                let most = usize::try_from(*left).unwrap_or(usize::MAX).min(buffer.len());
                *left -= most as u64;
                Ok(Taken::Data(buffer.split_to(most).freeze()))
            }
        }
    }

    /// The connection has ended: whether the body is whole with that.
    pub(super) fn close(&self) -> io::Result<()> {
        match self {
            Framing::UntilClose | Framing::Length(0) => Ok(()),
            Framing::Length(_) | Framing::Chunked(_) => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}
