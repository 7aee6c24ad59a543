//! What the head parser makes of heads, byte by byte.

use super::*;
use proptest::prelude::*;

fn response(raw: &str) -> ResponseHead {
    parse_response(Bytes::copy_from_slice(raw.as_bytes())).unwrap()
}

fn kinds(head: &ResponseHead) -> Vec<(DeviationKind, Option<usize>)> {
    head.deviations.iter().map(|deviation| (deviation.kind, deviation.field)).collect()
}

#[test]
fn names_keep_their_case_and_duplicates_their_order() {
    let head = response("HTTP/1.1 302 Found here\r\nX-a: 1\r\nLOCATION:/x \r\nx-A: 2\r\n\r\n");
    let seen: Vec<_> = head.fields.iter().map(|f| format!("{}={}", f.name, f.text())).collect();
    assert_eq!(seen, ["X-a=1", "LOCATION=/x", "x-A=2"]);
    assert_eq!((head.status, head.reason.as_str()), (302, "Found here"));
    assert_eq!(head.deviations, vec![]);
}

#[test]
fn every_departure_is_noted_on_its_line() {
    let raw = "HTTP/1.1 200\nA : 1\r\nno colon\r\nB: x\0y\rz\r\n folded\r\nb[]: 1\r\n\r\n";
    let head = response(raw);
    use DeviationKind::*;
    let want = [
        (BareLf, None),
        (SpaceBeforeColon, Some(0)),
        (NoColon, None),
        (Nul, Some(1)),
        (BareCr, Some(1)),
        (FoldedLine, Some(1)),
        (InvalidName, Some(2)),
    ];
    assert_eq!(kinds(&head), want);
    assert_eq!(head.fields.first("B").unwrap().value, b"x\0y\rz folded");
    assert_eq!(head.strays, [Stray { before: 1, bytes: b"no colon".to_vec() }]);
    assert_eq!(head.deviations[2].stray, Some(0));
    let space = &head.deviations[1].at;
    assert_eq!(&head.raw[space.clone()], b" ");
}

#[test]
fn lines_that_are_no_field_keep_their_place() {
    let head = response("HTTP/1.1 200 OK\r\n first\r\nA: 1\r\nx\ny\0\r\nB: 2\r\nlast\r\n\r\n");
    let at = |field| -> Vec<String> {
        let strays = head.strays_before(field);
        strays.map(|(_, stray)| decode(&stray.bytes)).collect()
    };
    assert_eq!((at(0), at(1)), (vec![" first".to_owned()], vec!["x".to_owned(), "y\0".to_owned()]));
    assert_eq!(at(2), ["last"]);
    use DeviationKind::*;
    let noted: Vec<_> = head.deviations.iter().map(|of| (of.kind, of.stray)).collect();
    let want = [
        (FoldedLine, Some(0)),
        (NoColon, Some(1)),
        (BareLf, Some(1)),
        (NoColon, Some(2)),
        (Nul, Some(2)),
        (NoColon, Some(3)),
    ];
    assert_eq!(noted, want);
}

#[test]
fn doubtful_lengths_are_noted() {
    use DeviationKind::*;
    let head = |lines: &str| kinds(&response(&format!("HTTP/1.1 200 OK\r\n{lines}\r\n")));
    let both = head("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n");
    assert_eq!(both, [(BothLengths, Some(0))]);
    assert_eq!(head("Content-Length: 5\r\nContent-Length: 5\r\n"), []);
    let differ = head("Content-Length: 5\r\nContent-Length: 6\r\n");
    assert_eq!(differ, [(DifferingLengths, Some(1))]);
    assert_eq!(head("Content-Length: +5\r\n"), [(InvalidLength, Some(0))]);
}

#[test]
fn odd_status_lines_are_read_as_far_as_they_go() {
    use DeviationKind::*;
    assert_eq!(kinds(&response("HTTP/1.1 099 x\r\n\r\n")), [(InvalidStatus, None)]);
    assert_eq!(kinds(&response("HTTP/1.1\r\n\r\n")), [(InvalidStatus, None)]);
    assert_eq!(kinds(&response("ICY 200 OK\r\n\r\n")), [(InvalidVersion, None)]);
    assert_eq!(response("HTTP/3.7 302 x\r\nLocation: /y").fields.text("location").unwrap(), "/y");
    assert_eq!(parse_response(Bytes::from_static(b"<html>\r\n")), None);
    assert_eq!(parse_response(Bytes::new()), None);
}

#[test]
fn a_request_head_is_read_with_its_target_as_sent() {
    let raw = Bytes::from_static(b"GET /a?b HTTP/1.1\r\nHost: x\r\n\r\n");
    let head = parse_request(raw).unwrap();
    assert_eq!((head.method, head.target.as_str()), (Method::GET, "/a?b"));
    assert_eq!(head.fields.text("host").unwrap(), "x");
}

fn scan(raw: &[u8]) -> Option<usize> {
    let mut scanner = HeadScanner::default();
    raw.iter().position(|&byte| scanner.push(byte)).map(|at| at + 1)
}

#[test]
fn the_head_ends_at_the_first_empty_line_after_the_start_line() {
    assert_eq!(scan(b"\r\nHTTP/1.1 200 OK\r\na: b\r\n\r\nbody"), Some(27));
    assert_eq!(scan(b"HTTP/1.1 200 OK\n\nbody"), Some(17));
    assert_eq!(scan(b"HTTP/1.1 200 OK\r\n"), None);
    assert_eq!(scan(b"\r\n\r\n"), None);
}

/// What heads are made of, in any order.
fn odd_head() -> impl Strategy<Value = Vec<u8>> {
    let pieces: [&[u8]; 22] = [
        b"HTTP/1.1 ",
        b"302",
        b" ",
        b"\t",
        b":",
        b"\r\n",
        b"\n",
        b"\r",
        b"\0",
        b"\r\n ",
        b"Location: /y",
        b"Content-Length: 3",
        b"Content-Length:",
        b"Transfer-Encoding: chunked",
        b",",
        b"0, 5",
        b"-1",
        b"99999999999999999999",
        b"\xff",
        b"\x1b",
        b"a : b",
        b"chunked",
    ];
    let pieces = prop::sample::select(pieces.to_vec()).prop_map(<[u8]>::to_vec);
    let piece = prop_oneof![9 => pieces, 1 => prop::collection::vec(any::<u8>(), 0..9)];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_bytes_make_the_parser_panic(raw in prop_oneof![odd_head(), prop::collection::vec(any::<u8>(), 0..300)]) {
        let mut head = b"HTTP/1.1 200 OK\r\n".to_vec();
        head.extend_from_slice(&raw);
        for raw in [raw, head] {
            let raw = Bytes::from(raw);
            parse_request(raw.clone());
            if let Some(head) = parse_response(raw) {
                for deviation in &head.deviations {
                    prop_assert!(deviation.at.end <= head.raw.len());
                    prop_assert!(deviation.field.is_none_or(|at| at < head.fields.len()));
                    prop_assert!(deviation.stray.is_none_or(|at| at < head.strays.len()));
                }
            }
        }
    }

    #[test]
    fn well_formed_fields_come_back_as_they_were_written(
        lines in prop::collection::vec(("[!#-'*+.0-9A-Z^-z|~-]{1,12}", "[!-~\u{e9}]([ -~]{0,20}[!-~])?"), 0..20)
    ) {
        let mut raw = String::from("HTTP/1.1 200 OK\r\n");
        for (name, value) in &lines {
            raw.push_str(&format!("{name}: {value}\r\n"));
        }
        raw.push_str("\r\n");
        prop_assert_eq!(scan(raw.as_bytes()), Some(raw.len()));
        let head = response(&raw);
        let seen: Vec<_> = head.fields.iter().map(|f| (f.name.clone(), f.text())).collect();
        prop_assert_eq!(seen, lines);
    }
}

#[test]
fn a_line_that_is_cut_off_is_not_blamed_for_its_missing_colon() {
    let head = parse_response(Bytes::from_static(b"HTTP/1.1 302 Found\r\nX: 1\r\nX-Par"));
    assert_eq!(head.unwrap().deviations, []);
    let head = parse_response(Bytes::from_static(b"HTTP/1.1 302 Found\r\nX-Par\r\nX: 1\r\n\r\n"));
    assert_eq!(head.unwrap().deviations[0].kind, DeviationKind::NoColon);
}

#[test]
fn a_status_line_that_names_no_status_has_none() {
    for (code, status) in [("2x0", 0), ("2000", 0), ("20", 0), ("099", 0), ("", 0), ("999", 999)] {
        let raw = format!("HTTP/1.1 {code} X\r\nLocation: /y\r\n\r\n");
        let head = parse_response(Bytes::from(raw.clone())).unwrap();
        assert_eq!((head.status, head.fields.len()), (status, 1), "{raw}");
        let noted = head.deviations.iter().any(|of| of.kind == DeviationKind::InvalidStatus);
        assert_eq!(noted, status == 0, "{raw}");
    }
}

#[test]
fn a_control_byte_in_the_reason_is_noted_where_it_stands() {
    let head = parse_response(Bytes::from("HTTP/1.1 200 a\tb\u{e9}\x1bc\r\n\r\n")).unwrap();
    let [deviation] = &head.deviations[..] else { panic!("{:?}", head.deviations) };
    assert_eq!(deviation.kind, DeviationKind::InvalidReason);
    assert!(deviation.is_at_start());
    assert_eq!(&head.raw[deviation.at.clone()], b"\x1b");
}

#[test]
fn empty_lines_before_the_status_line_are_noted_on_it() {
    let head =
        parse_response(Bytes::from_static(b"\r\n\nHTTP/9.9 302 Found\r\nA: b\r\n\r\n")).unwrap();
    let kinds: Vec<_> = head.deviations.iter().map(|of| (of.kind, of.is_at_start())).collect();
    assert!(kinds.contains(&(DeviationKind::EmptyStart, true)), "{kinds:?}");
    assert_eq!(head.odd_start().as_deref(), Some("HTTP/9.9 302 Found"));
    assert_eq!((head.status, head.fields.len()), (302, 1));
}
