//! The bodies of a stream: the one that goes out, and the one that comes in with its trailers.

use std::task::{Context, Poll, ready};

use bytes::Bytes;
use h2::{RecvStream, SendStream};

use super::super::Piece;
use super::seen::{Seen, StreamError};
use crate::domain::http::field::Fields;
use crate::fetch::heads;

/// The body of a request, sent as far as the server's window allows.
#[derive(Debug)]
pub(super) struct Upload {
    pub(super) stream: SendStream<Bytes>,
    pub(super) left: Bytes,
}

impl Upload {
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), h2::Error>> {
        while !self.left.is_empty() {
            self.stream.reserve_capacity(self.left.len());
            let Some(room) = ready!(self.stream.poll_capacity(cx)) else { break };
            let piece = self.left.split_to(room?.min(self.left.len()));
            self.stream.send_data(piece, self.left.is_empty())?;
        }
        Poll::Ready(Ok(()))
    }

    /// Ends a stream whose peer broke a rule that only we saw.
    pub(super) fn refuse(&mut self) {
        self.stream.send_reset(h2::Reason::FLOW_CONTROL_ERROR);
    }
}

/// A body that is arriving.
#[derive(Debug)]
pub(in crate::fetch) struct Http2Body {
    pub(super) stream: RecvStream,
    pub(super) upload: Upload,
    pub(super) promised: Option<u64>,
    pub(super) seen: Seen,
}

impl Http2Body {
    pub(in crate::fetch::transport) fn promised(&self) -> Option<u64> {
        self.promised
    }

    /// Trailers as far as they came, also where they were refused.
    pub(in crate::fetch::transport) fn trailers(&self) -> Fields {
        self.seen.trailers()
    }

    /// What there is to say of them.
    pub(in crate::fetch::transport) fn notes(&self) -> Vec<String> {
        self.seen.trailer_notes()
    }

    pub(in crate::fetch::transport) fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Piece, StreamError>>> {
        if self.seen.is_alarmed(cx) {
            self.upload.refuse();
            return Poll::Ready(Some(Err(self.seen.told(None))));
        }
        let piece = ready!(self.poll_piece(cx));
        Poll::Ready(piece.map(|piece| piece.map_err(|error| self.seen.told(Some(&error)))))
    }

    fn poll_piece(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Piece, h2::Error>>> {
        let _ = self.upload.poll(cx);
        match ready!(self.stream.poll_data(cx)) {
            Some(Ok(bytes)) => {
                let _ = self.stream.flow_control().release_capacity(bytes.len());
                Poll::Ready(Some(Ok(Piece::Data(bytes))))
            }
            Some(Err(error)) => Poll::Ready(Some(Err(error))),
            None => self.stream.poll_trailers(cx).map(|trailers| match trailers {
                Ok(Some(trailers)) => Some(Ok(Piece::Trailers(self.in_order(&trailers)))),
                Ok(None) => None,
                Err(error) => Some(Err(error)),
            }),
        }
    }

    /// The trailers as they came; in the library's order where that was not seen.
    fn in_order(&self, trailers: &http::HeaderMap) -> Fields {
        let seen = self.seen.trailers();
        if seen.len() < trailers.len() { heads::fields(trailers) } else { seen }
    }
}
