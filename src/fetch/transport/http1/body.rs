//! The body of one HTTP/1 response: framed bytes in, pieces out, and the connection back to the pool when it is whole.

use std::io;
use std::task::{Context, Poll, ready};

use bytes::Buf;

use super::super::connect::Connection;
use super::super::pool::Pool;
use super::framing::{Framing, Taken};
use super::upload::Upload;
use super::{poll_fill, poll_upload};
use crate::domain::http::body::Chunk;
use crate::domain::http::field::Fields;
use crate::fetch::transport::Piece;

/// A big body is read in pieces of up to this size.
const MOST: usize = 128 * 1024;

/// A body that is arriving.
#[derive(Debug)]
pub(in crate::fetch) struct Http1Body {
    /// Gone once the body is whole.
    connection: Option<Box<Connection>>,
    framing: Framing,
    /// What is left of the request where the answer came early.
    upload: Upload,
    /// Where the connection goes afterwards, if it may be kept.
    pool: Option<Pool>,
    /// How much is read at once.
    room: usize,
    trailers_told: bool,
    /// Bytes follow the end of the body.
    pub(in crate::fetch) extra: bool,
}

impl Http1Body {
    pub(super) fn new(
        connection: Box<Connection>,
        framing: Framing,
        upload: Upload,
        pool: Option<Pool>,
    ) -> Http1Body {
        let (connection, room) = (Some(connection), super::READ);
        Http1Body { connection, framing, upload, pool, room, trailers_told: false, extra: false }
    }

    pub(in crate::fetch) fn promised(&self) -> Option<u64> {
        self.framing.promised()
    }

    /// The chunks so far, of a body that is chunked.
    pub(in crate::fetch) fn chunks(&mut self) -> Vec<Chunk> {
        match &mut self.framing {
            Framing::Chunked(chunks) => std::mem::take(&mut chunks.kept),
            Framing::Length(_) | Framing::UntilClose => Vec::new(),
        }
    }

    pub(in crate::fetch) fn poll_next(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Piece>>> {
        loop {
            let Some(connection) = &mut self.connection else {
                return Poll::Ready(self.trailers());
            };
            match self.framing.take(&mut connection.buffer) {
                Ok(Taken::Data(bytes)) => return Poll::Ready(Some(Ok(Piece::Data(bytes)))),
                Ok(Taken::End) => self.release(),
                Ok(Taken::Hungry) => match ready!(self.poll_more(cx)) {
                    Ok(true) => {}
                    Ok(false) => {
                        self.connection = None;
                        if let Err(error) = self.framing.close() {
                            return Poll::Ready(Some(Err(error)));
                        }
                    }
                    Err(error) => {
                        self.connection = None;
                        return Poll::Ready(Some(Err(error)));
                    }
                },
                Err(error) => {
                    self.connection = None;
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }

    /// Reads once, and writes what is left of the request; false at the end of the connection.
    fn poll_more(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<bool>> {
        let Some(connection) = &mut self.connection else { return Poll::Ready(Ok(false)) };
        while !self.upload.is_over() {
            match poll_upload(connection, &mut self.upload, cx) {
                Poll::Ready(Ok(0)) | Poll::Pending => break,
                Poll::Ready(Ok(count)) => self.upload.wrote(count, |_| ()),
                Poll::Ready(Err(_)) => self.upload.give_up(),
            }
        }
        let count = ready!(poll_fill(connection, self.room, cx))?;
        if count >= self.room {
            self.room = (self.room * 4).min(MOST);
        }
        Poll::Ready(Ok(count > 0))
    }

    /// The body is whole: the connection can carry the next request, unless something follows.
    fn release(&mut self) {
        let Some(mut connection) = self.connection.take() else { return };
        self.extra = connection.buffer.has_remaining();
        let Some(pool) = self.pool.take() else { return };
        if !self.extra && self.upload.is_done() && self.upload.is_over() {
            connection.buffer.clear();
            pool.keep(connection);
        }
    }

    /// What comes after the last byte: the trailer section, once.
    fn trailers(&mut self) -> Option<io::Result<Piece>> {
        let told = std::mem::replace(&mut self.trailers_told, true);
        let Framing::Chunked(chunks) = &mut self.framing else { return None };
        let trailers: Fields = std::mem::take(&mut chunks.trailers);
        (!told && !trailers.is_empty()).then_some(Ok(Piece::Trailers(trailers)))
    }
}
