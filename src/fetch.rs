//! The engine: one request in, one recorded exchange out.
//!
//! ```text
//!            ┌ Local   on the caller's thread, for headless runs; Lanes: many chains there
//!  Fetch ───▶│ Remote  on a thread of its own, for the screen    ───▶ Event …, Event::Done(exchange)
//!            └ Replay  plays recorded exchanges, without sockets
//! ```
//!
//! An engine belongs to one chain: its connections are shared between the hops of the chain and with nobody else.
//! It never follows, never decides: it sends what it is given and records what comes, byte by byte.
//!
//! Its transport is our own, for direct connections, unix sockets and proxies of every kind, in HTTP/1.1 and HTTP/2: it writes each
//! request byte for byte as it is meant, records every byte of the heads, and costs a third of a library's time.
//!
//! - `fetch/hop.rs` one fetch from start to end; `fetch/receive.rs` its body, `fetch/decode.rs` the content codings
//! - `fetch/transport.rs` the way to a server; `fetch/resolve.rs` names, `fetch/tls.rs` certificates and handshakes
//! - `fetch/wire.rs`, `fetch/recorder.rs` what went over the wire, and which fetch it belongs to; over HTTP/2 a tap below h2 tells
//!   (`fetch/transport/http2/tap.rs`), read by `domain/http/http2`
//! - `fetch/crowd.rs` how many bodies of redirects may arrive at once
//! - `fetch/document.rs` files that are fetched to be read and not debugged, by reqwest
//! - `fetch/clock.rs` what day it is; `fetch/replay.rs`, `fetch/tape.rs` recorded exchanges instead of a network
//! - `fetch/failure.rs` errors in plain words; `fetch/body_store.rs` where bodies are kept

mod body_store;
pub mod clock;
mod crowd;
mod decode;
mod document;
mod engine;
mod failure;
mod heads;
mod hop;
mod lanes;
mod receive;
mod recorder;
mod replay;
mod request;
mod resolve;
mod tape;
mod tls;
mod transport;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use crate::domain::http::exchange::Exchange;
use crate::domain::http::request::Request;
use crate::domain::http::timing::Phase;

pub use body_store::BodyStore;
pub use document::{Bounds, Document, MOST, document, unpacked};
pub use engine::{Interrupter, Local, Remote};
pub use lanes::Lanes;
pub use replay::Replay;
pub use tape::Tape;
pub use tls::identified;

/// Names one fetch; chosen by the caller.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct FetchId(pub u64);

/// One request to send.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fetch {
    pub id: FetchId,
    pub request: Request,
    /// How long it may take, body included: what is left of `-m`.
    pub limit: Option<Duration>,
}

impl Fetch {
    pub fn new(id: FetchId, request: Request) -> Fetch {
        Fetch { id, request, limit: None }
    }
}

/// What happens in the course of a fetch, in this order; the last is always `Done`, whatever goes wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// A phase has begun.
    Phase(Phase),
    /// The head is in and the body is still arriving: it can be read from the store under `exchange.body.id` as it grows.
    /// Left out where the body comes along with its head.
    Head(Box<Exchange>),
    /// The body grows; sent some dozen times a second at most.
    Body {
        /// Bytes as they arrived.
        received: u64,
        /// Bytes after content codings were undone: this many can be read from the store.
        decoded: u64,
        /// What the framing promises, in bytes as they arrive.
        total: Option<u64>,
    },
    /// The fetch has ended; the record is complete.
    Done(Box<Exchange>),
}

/// Where events go. Called on the engine's thread: it must neither block nor call the engine.
pub type Sink = Arc<dyn Fn(FetchId, Event) + Send + Sync>;

/// Sends requests, one chain's.
pub trait Engine {
    /// Starts a fetch and returns at once. Where the one before is a redirect whose body is still arriving, that
    /// body gets 2 ms since its head to end, so that its connection can be used again; none where the body before it was late.
    fn start(&mut self, fetch: Fetch);

    /// Stops a fetch: it is done at once, with what arrived and a failure of kind `Cancelled`.
    fn cancel(&mut self, id: FetchId);
}
