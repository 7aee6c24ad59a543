//! Any bytes as what goes over an HTTP/2 connection: never a panic, the same record however they are cut, and bounded.
#![no_main]

use hopstep::domain::http::head_parser::MAX_FIELD_LINES;
use hopstep::domain::http::http2::wire::Wire;

/// A connection on which these bytes went out and then came in, in pieces of this size, after SETTINGS. Not by turns: what may come in
/// follows from what went out before it.
fn played(data: &[u8], size: usize) -> Wire {
    let mut wire = Wire::default();
    wire.watch(1);
    wire.received(&[0, 0, 0, 4, 0, 0, 0, 0, 0]);
    wire.sent(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    data.chunks(size).for_each(|piece| wire.sent(piece));
    data.chunks(size).for_each(|piece| wire.received(piece));
    wire
}

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Some((&size, data)) = data.split_first() else { return };
    let (whole, pieces) = (played(data, data.len().max(1)), played(data, usize::from(size).max(1)));
    assert_eq!(whole.violation(), pieces.violation());
    let head = |wire: &Wire| wire.stream(1).and_then(|stream| stream.head());
    let shown = head(&pieces);
    assert!(shown.is_none_or(|head| head.fields.len() <= MAX_FIELD_LINES));
});
