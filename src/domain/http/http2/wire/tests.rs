//! Connections by hand: what is kept of them, and which rules are seen broken.

use proptest::prelude::*;

use super::*;
use crate::domain::http::head::Excess;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// Literals without indexing.
fn block(lines: &[(&str, &str)]) -> Vec<u8> {
    let text = |text: &str| [&[text.len() as u8], text.as_bytes()].concat();
    lines.iter().flat_map(|(name, value)| [vec![0], text(name), text(value)].concat()).collect()
}

fn headers(flags: u8, lines: &[(&str, &str)]) -> Vec<u8> {
    frame(kind::HEADERS, flags, 1, &block(lines))
}

/// A connection whose stream 1 has been opened, and whose server has said its SETTINGS.
fn opened() -> Wire {
    let mut wire = Wire::default();
    wire.sent(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    wire.sent(&frame(kind::SETTINGS, 0, 0, &[]));
    let request = [(":method", "GET"), (":path", "/x"), (":authority", "a.test"), ("b", "c")];
    wire.sent(&headers(5, &request));
    wire.received(&frame(kind::SETTINGS, 0, 0, &[]));
    wire
}

fn after(frames: &[Vec<u8>]) -> Wire {
    let mut wire = opened();
    wire.received(&frames.concat());
    wire
}

fn violation(frames: &[Vec<u8>]) -> Option<Violation> {
    after(frames).violation().cloned()
}

#[test]
fn the_request_is_what_was_sent() {
    let wire = opened();
    let (head, authority) = wire.stream(1).unwrap().request().unwrap();
    assert_eq!((head.target.as_str(), authority.as_deref()), ("/x", Some("a.test")));
    assert_eq!(head.fields.text("b").as_deref(), Some("c"));
}

#[test]
fn interim_heads_the_final_one_and_trailers_are_told_apart_in_pieces_of_any_size() {
    let answer = [
        headers(4, &[(":status", "103"), ("link", "</a>")]),
        // padded, with a priority, continued within a line
        frame(
            kind::HEADERS,
            0x28,
            1,
            &[&[3][..], &[0; 5], &block(&[(":status", "302"), ("a", "1")])[..14], &[0; 3]].concat(),
        ),
        frame(kind::CONTINUATION, 4, 1, &block(&[(":status", "302"), ("a", "1")])[14..]),
        frame(kind::DATA, 0, 1, b"body"),
        headers(5, &[("t", "u"), (":path", "/")]),
    ];
    for cut in 1..80 {
        let mut wire = opened();
        answer.concat().chunks(cut).for_each(|piece| wire.received(piece));
        let stream = wire.stream(1).unwrap();
        assert_eq!(wire.violation(), None);
        assert_eq!(stream.informational()[0].status, 103);
        let head = stream.head().unwrap();
        assert_eq!((head.status, head.fields.text("a").as_deref()), (302, Some("1")));
        assert_eq!(stream.trailers().text("t").as_deref(), Some("u"));
        assert_eq!(stream.trailer_notes().len(), 1);
    }
}

#[test]
fn a_head_that_is_cut_off_shows_what_came() {
    let whole = headers(4, &[(":status", "302"), ("location", "/y"), ("a", "b")]);
    let wire = after(&[whole[..whole.len() - 2].to_vec()]);
    let stream = wire.stream(1).unwrap();
    let head = stream.head().unwrap();
    assert_eq!((head.status, head.fields.len()), (302, 1));
    assert!(!stream.is_answered() && !stream.is_silent());
}

#[test]
fn every_broken_rule_has_its_name() {
    let head = headers(4, &[(":status", "200")]);
    let open = headers(0, &[(":status", "200")]);
    let window = |increment: u32| frame(kind::WINDOW_UPDATE, 0, 0, &increment.to_be_bytes());
    let continuation = frame(kind::CONTINUATION, 4, 1, &[]);
    assert_eq!(violation(&[open, head.clone()]), Some(Violation::Interleaved(kind::HEADERS)));
    assert_eq!(violation(&[head, continuation]), Some(Violation::Continuation));
    assert_eq!(violation(&[window(0)]), Some(Violation::NoIncrement));
    assert_eq!(violation(&[window(0x7fff_ffff)]), Some(Violation::ConnectionWindow));
    assert_eq!(violation(&[frame(0, 0, 1, &[0; 20_000])]), Some(Violation::FrameSize(20_000)));
    assert_eq!(violation(&[frame(1, 12, 1, &[9, 0])]), Some(Violation::Padding(1)));
    assert_eq!(violation(&[frame(5, 4, 1, &[0, 0, 0, 2])]), Some(Violation::Push));
    let hpack = Violation::Hpack(HpackError::Index(62));
    assert_eq!(violation(&[frame(1, 4, 1, &[0xbe])]), Some(hpack));
}

#[test]
fn a_window_past_its_bound_is_seen_on_a_stream_that_has_nothing_left_to_send() {
    let mut wire = opened();
    let update = |increment: u32| frame(kind::WINDOW_UPDATE, 0, 1, &increment.to_be_bytes());
    wire.received(&update(0x7fff_ffff - 65_535));
    assert!(!wire.take_alarm());
    wire.received(&update(1));
    assert!(wire.take_alarm());
    assert_eq!(wire.stream(1).unwrap().violation, Some(Violation::StreamWindow));
}

#[test]
fn data_that_was_sent_leaves_room_in_the_window() {
    let mut wire = opened();
    wire.sent(&frame(kind::DATA, 0, 1, &[0; 10]));
    for stream in [0, 1] {
        let increment = 0x7fff_ffffu32 - 65_535 + 10;
        wire.received(&frame(kind::WINDOW_UPDATE, 0, stream, &increment.to_be_bytes()));
    }
    assert_eq!((wire.take_alarm(), wire.violation()), (false, None));
}

#[test]
fn resets_and_goaway_keep_their_codes_and_words() {
    let words = [&[0, 0, 0, 1, 0, 0, 0, 11][..], b"too many"].concat();
    let wire = after(&[frame(kind::RST_STREAM, 0, 1, &[0, 0, 0, 2]), frame(7, 0, 0, &words)]);
    assert_eq!(wire.stream(1).unwrap().reset, Some(2));
    let goaway = GoAway { last: 1, code: 11, debug: b"too many".to_vec() };
    assert_eq!(wire.goaway(), Some(&goaway));
}

#[test]
fn another_protocol_is_kept_as_it_came() {
    let mut wire = Wire::default();
    wire.received(b"HTTP/1.1 ");
    wire.received(b"400 Bad Request\r\n\r\n");
    assert_eq!(wire.violation(), Some(&Violation::Opening));
    assert_eq!(wire.foreign(), b"HTTP/1.1 400 Bad Request\r\n\r\n");
    assert_eq!(opened().foreign(), b"");
}

#[test]
fn floods_stop_being_kept() {
    let mut wire = opened();
    wire.received(&headers(0, &[(":status", "302")]));
    for _ in 0..200 {
        wire.received(&frame(kind::CONTINUATION, 0, 1, &block(&[("a", "b"); 100])));
    }
    let stream = wire.stream(1).unwrap();
    assert_eq!(stream.excess, Some(Excess::Lines));
    assert_eq!(stream.head().unwrap().fields.len(), 9_999);
    let mut wire = opened();
    for _ in 0..200 {
        wire.received(&headers(4, &[(":status", "103")]));
    }
    let stream = wire.stream(1).unwrap();
    assert_eq!((stream.excess, stream.informational().len()), (Some(Excess::Interim), 100));
}

#[test]
fn a_table_bomb_is_read_and_not_kept() {
    let mut wire = opened();
    let big = [&[0x40, 1, b'a', 0x7f, 0x81, 0x1e][..], &[b'x'; 3968]].concat();
    wire.received(&frame(kind::HEADERS, 0, 1, &[&block(&[(":status", "200")])[..], &big].concat()));
    for _ in 0..20 {
        wire.received(&frame(kind::CONTINUATION, 0, 1, &[0xbe; 16_000]));
    }
    let stream = wire.stream(1).unwrap();
    assert_eq!((wire.violation(), stream.excess), (None, Some(Excess::Bytes)));
    assert!(stream.head().unwrap().fields.len() < 110);
}

#[test]
fn a_stream_that_is_forgotten_stays_in_step_with_the_table() {
    let mut wire = opened();
    wire.forget(1);
    let indexed = [0x40, 1, b'a', 1, b'b'];
    wire.received(&frame(kind::HEADERS, 4, 1, &indexed));
    wire.watch(3);
    wire.received(&frame(kind::HEADERS, 4, 3, &[0x88, 0xbe]));
    let head = wire.stream(3).unwrap().head().unwrap();
    assert_eq!((head.status, head.fields.text("a").as_deref()), (200, Some("b")));
}

proptest! {
    #[test]
    fn any_bytes_are_survived(
        frames in prop::collection::vec(
            (0u8..11, any::<u8>(), 0u32..4, prop::collection::vec(any::<u8>(), 0..60)),
            0..40,
        ),
        noise in prop::collection::vec(any::<u8>(), 0..40),
        cut in 1usize..60,
    ) {
        let bytes = frames.iter().flat_map(|(kind, flags, id, payload)| frame(*kind, *flags, *id, payload));
        let bytes: Vec<u8> = bytes.chain(noise).collect();
        let (mut whole, mut pieces) = (opened(), opened());
        whole.received(&bytes);
        bytes.chunks(cut).for_each(|piece| pieces.received(piece));
        prop_assert_eq!(whole.violation(), pieces.violation());
        prop_assert_eq!(whole.stream(1).unwrap().head(), pieces.stream(1).unwrap().head());
        let mut other = opened();
        other.sent(&bytes);
    }
}
