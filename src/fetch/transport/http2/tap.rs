//! The tap: sees every byte between the HTTP/2 library and the connection, and keeps what each stream carried.
//!
//! It changes nothing on the way. Where it sees what the library does not tell (a window past its bound, a head past ours), it wakes
//! whoever waits for the stream.

use std::collections::HashMap;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::seen::Seen;
use crate::domain::http::http2::wire::Wire;

/// What is recorded of one connection.
#[derive(Clone, Debug, Default)]
pub(in crate::fetch::transport) struct Ledger(Arc<Mutex<Book>>);

#[derive(Debug, Default)]
pub(super) struct Book {
    pub(super) wire: Wire,
    /// Who waits for each stream.
    pub(super) waiting: HashMap<u32, Waker>,
}

/// A byte stream that is recorded.
#[derive(Debug)]
pub(in crate::fetch::transport) struct Tap<S> {
    stream: S,
    ledger: Ledger,
}

impl Ledger {
    /// Records what goes through this stream.
    pub(in crate::fetch::transport) fn tap<S>(&self, stream: S) -> Tap<S> {
        Tap { stream, ledger: self.clone() }
    }

    /// The record of a stream, for as long as it is wanted.
    pub(in crate::fetch::transport) fn watch(&self, id: u32) -> Seen {
        Seen::new(self.clone(), id)
    }

    /// The record where no stream could be opened: what is seen of the connection alone.
    pub(super) fn nothing(&self) -> Seen {
        Seen::unopened(self.clone())
    }

    /// The peer takes no more requests.
    pub(super) fn is_closing(&self) -> bool {
        self.lock().wire.goaway().is_some()
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Book> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn received(&self, bytes: &[u8]) {
        let mut book = self.lock();
        book.wire.received(bytes);
        let woken = match book.wire.take_alarm() {
            true => std::mem::take(&mut book.waiting),
            false => return,
        };
        drop(book);
        woken.into_values().for_each(Waker::wake);
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Tap<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let tap = self.get_mut();
        let before = buffer.filled().len();
        ready!(Pin::new(&mut tap.stream).poll_read(cx, buffer))?;
        tap.ledger.received(&buffer.filled()[before..]);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Tap<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let tap = self.get_mut();
        let count = ready!(Pin::new(&mut tap.stream).poll_write(cx, bytes))?;
        tap.ledger.lock().wire.sent(&bytes[..count.min(bytes.len())]);
        Poll::Ready(Ok(count))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}
