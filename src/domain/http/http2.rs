//! What goes over an HTTP/2 connection, read from its bytes: frames, header blocks, the heads they hold (RFC 9113, RFC 7541).
//!
//! Nothing in here answers or decides: it records beside the library that speaks HTTP/2, byte for byte what that was given. Everything
//! kept is bounded, whatever the peer sends; what can't be read any further ends the record of its direction, and is told.

pub mod frame;
pub mod head;
pub mod hpack;
mod side;
pub mod stream;
pub mod violation;
pub mod wire;
