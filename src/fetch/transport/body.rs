//! The body of a response, in either version of HTTP.

use std::error::Error;
use std::task::{Context, Poll};

use bytes::Bytes;

use super::http1::Http1Body;
use super::http2::Http2Body;
use crate::domain::http::body::Chunk;
use crate::domain::http::field::Fields;

/// A body that is arriving.
#[derive(Debug)]
pub(in crate::fetch) enum Body {
    Http1(Box<Http1Body>),
    Http2(Box<Http2Body>),
}

/// A part of it.
#[derive(Debug)]
pub(in crate::fetch) enum Piece {
    Data(Bytes),
    Trailers(Fields),
}

pub(in crate::fetch) type Broken = Box<dyn Error + Send + Sync>;

impl Body {
    /// What the framing promises, in bytes.
    pub(in crate::fetch) fn promised(&self) -> Option<u64> {
        match self {
            Body::Http1(body) => body.promised(),
            Body::Http2(body) => body.promised(),
        }
    }

    /// The next part; `None` when the body is whole.
    pub(in crate::fetch) fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Piece, Broken>>> {
        match self {
            Body::Http1(body) => body.poll_next(cx).map(|next| next.map(|p| p.map_err(Into::into))),
            Body::Http2(body) => body.poll_next(cx).map(|next| next.map(|p| p.map_err(Into::into))),
        }
    }

    /// How the body was chunked, as far as it is kept.
    pub(in crate::fetch) fn chunks(&mut self) -> Vec<Chunk> {
        match self {
            Body::Http1(body) => body.chunks(),
            Body::Http2(_) => Vec::new(),
        }
    }

    /// Trailers that came and were refused.
    pub(in crate::fetch) fn refused_trailers(&self) -> Fields {
        match self {
            Body::Http1(_) => Fields::new(),
            Body::Http2(body) => body.trailers(),
        }
    }

    /// What there is to say of the trailers.
    pub(in crate::fetch) fn notes(&self) -> Vec<String> {
        match self {
            Body::Http1(_) => Vec::new(),
            Body::Http2(body) => body.notes(),
        }
    }

    /// Bytes follow the end of the body.
    pub(in crate::fetch) fn has_extra(&self) -> bool {
        match self {
            Body::Http1(body) => body.extra,
            Body::Http2(_) => false,
        }
    }
}
