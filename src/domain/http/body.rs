//! Bodies: what is sent, and the record of what arrived.

use bytes::Bytes;

/// A request body.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct RequestBody {
    pub bytes: Bytes,
    /// Entered when the bytes came from a stream that can't be read again (`-T -`); such a body can't be replayed on a 307 or 308.
    pub streamed: bool,
    /// Its length is not told beforehand, though it can be sent again (`-F` with a part in quoted-printable).
    pub unmeasured: bool,
}

impl RequestBody {
    pub fn new(bytes: impl Into<Bytes>) -> RequestBody {
        RequestBody { bytes: bytes.into(), streamed: false, unmeasured: false }
    }

    pub fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }
}

/// Names one received body in the body store.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Default)]
pub struct BodyId(pub u64);

/// What is known of a received body. The bytes themselves live in the store, see [`Bodies`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct BodyRecord {
    pub id: BodyId,
    /// Bytes of the body as they arrived, before content codings were undone.
    pub size: u64,
    /// Bytes after content codings were undone.
    pub decoded_size: u64,
    /// Content codings in the order of the `Content-Encoding` field, lower case.
    pub encodings: Vec<String>,
    /// The chunks of a chunked body, for its first 64 KiB.
    pub chunks: Vec<Chunk>,
    /// The server did not cut it short: it arrived as its framing promised, as far as it was read.
    pub complete: bool,
    /// hopstep kept only a part (`--max-body`, memory bound).
    pub truncated: bool,
    /// The first decoded bytes, at most [`BodyRecord::HEAD`], for rules and previews.
    pub head: Bytes,
}

impl BodyRecord {
    /// How many bytes [`BodyRecord::head`] holds at most.
    pub const HEAD: usize = 64 * 1024;

    /// How many decoded bytes the store kept.
    pub fn is_empty(&self) -> bool {
        self.decoded_size == 0
    }
}

/// One chunk of a body as it was framed (RFC 9112 §7.1).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chunk {
    /// As announced; the last chunk has 0.
    pub size: u64,
    /// What stands behind the semicolon; mostly nothing.
    pub extension: Vec<u8>,
}

/// Where received bodies can be read. Implemented by the body store, and by a map in tests.
pub trait Bodies {
    /// The decoded bytes in this range; shorter at the end, empty when the body is unknown.
    fn read(&self, id: BodyId, start: u64, len: usize) -> Vec<u8>;
}

/// No bodies at all: for documents that hold none.
#[derive(Debug)]
pub struct NoBodies;

impl Bodies for NoBodies {
    fn read(&self, _: BodyId, _: u64, _: usize) -> Vec<u8> {
        Vec::new()
    }
}
