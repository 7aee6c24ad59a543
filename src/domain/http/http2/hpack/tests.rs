//! HPACK by the examples of RFC 7541 appendix C, and by bytes of every kind.

use proptest::prelude::*;

use super::huffman::{LENGTHS, ROWS, SYMBOLS};
use super::*;

type Lines = Vec<(Vec<u8>, Vec<u8>)>;

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(16)).collect();
    digits.chunks(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect()
}

fn decode(decoder: &mut Decoder, block: &[u8]) -> Result<Lines, HpackError> {
    let mut lines = Vec::new();
    decoder.push(block, &mut |name, value| lines.push((name.to_vec(), value.to_vec())))?;
    decoder.end().map(|()| lines)
}

fn text(lines: &Lines) -> String {
    let lines = lines.iter().map(|(name, value)| {
        format!("{}: {}\n", String::from_utf8_lossy(name), String::from_utf8_lossy(value))
    });
    lines.collect()
}

/// Each block in turn, with what it says and how large the table is then.
fn session(limit: usize, blocks: &[(&str, &str, usize)]) {
    let mut decoder = Decoder::new(limit.max(DEFAULT_TABLE));
    decoder.table.resize(limit);
    for (block, want, size) in blocks {
        let lines = decode(&mut decoder, &hex(block)).unwrap();
        assert_eq!(text(&lines), *want);
        assert_eq!(decoder.table.size(), *size);
    }
}

#[test]
fn reads_the_integers_of_rfc_7541_c1() {
    let integer = |bytes: &[u8], prefix| Cursor { bytes, at: 0 }.integer(prefix);
    assert_eq!(integer(&[0b1110_1010], 5), Ok(Some(10)));
    assert_eq!(integer(&[0b0001_1111, 0b1001_1010, 0b0000_1010], 5), Ok(Some(1337)));
    assert_eq!(integer(&[0b0010_1010], 8), Ok(Some(42)));
    assert_eq!(integer(&[0b0001_1111, 0b1001_1010], 5), Ok(None));
    assert_eq!(integer(&[0xff; 9], 5), Err(HpackError::Integer));
}

#[test]
fn reads_the_single_lines_of_rfc_7541_c2() {
    let custom = "400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572";
    session(4096, &[(custom, "custom-key: custom-header\n", 55)]);
    session(4096, &[("040c 2f73 616d 706c 652f 7061 7468", ":path: /sample/path\n", 0)]);
    session(4096, &[("1008 7061 7373 776f 7264 0673 6563 7265 74", "password: secret\n", 0)]);
    session(4096, &[("82", ":method: GET\n", 0)]);
}

const REQUESTS: [&str; 3] = [
    ":method: GET\n:scheme: http\n:path: /\n:authority: www.example.com\n",
    ":method: GET\n:scheme: http\n:path: /\n:authority: www.example.com\ncache-control: no-cache\n",
    ":method: GET\n:scheme: https\n:path: /index.html\n:authority: www.example.com\ncustom-key: custom-value\n",
];

#[test]
fn reads_the_requests_of_rfc_7541_c3_and_c4() {
    session(
        4096,
        &[
            ("8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d", REQUESTS[0], 57),
            ("8286 84be 5808 6e6f 2d63 6163 6865", REQUESTS[1], 110),
            (
                "8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
                REQUESTS[2],
                164,
            ),
        ],
    );
    session(
        4096,
        &[
            ("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff", REQUESTS[0], 57),
            ("8286 84be 5886 a8eb 1064 9cbf", REQUESTS[1], 110),
            ("8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf", REQUESTS[2], 164),
        ],
    );
}

const RESPONSES: [&str; 3] = [
    ":status: 302\ncache-control: private\ndate: Mon, 21 Oct 2013 20:13:21 GMT\nlocation: https://www.example.com\n",
    ":status: 307\ncache-control: private\ndate: Mon, 21 Oct 2013 20:13:21 GMT\nlocation: https://www.example.com\n",
    ":status: 200\ncache-control: private\ndate: Mon, 21 Oct 2013 20:13:22 GMT\nlocation: https://www.example.com\n\
     content-encoding: gzip\nset-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1\n",
];

#[test]
fn reads_the_responses_of_rfc_7541_c5_and_c6() {
    session(
        256,
        &[
            (
                "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 \
                 3a32 3120 474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
                RESPONSES[0],
                222,
            ),
            ("4803 3330 37c1 c0bf", RESPONSES[1], 222),
            (
                "88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a \
                 6970 7738 666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d \
                 6178 2d61 6765 3d33 3630 303b 2076 6572 7369 6f6e 3d31",
                RESPONSES[2],
                215,
            ),
        ],
    );
    session(
        256,
        &[
            (
                "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d \
                 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3",
                RESPONSES[0],
                222,
            ),
            ("4883 640e ffc1 c0bf", RESPONSES[1], 222),
            (
                "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d \
                 d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 \
                 3d50 07",
                RESPONSES[2],
                215,
            ),
        ],
    );
}

#[test]
fn what_is_no_hpack_is_told_by_kind() {
    let refused = |block: &[u8]| decode(&mut Decoder::new(4096), block).unwrap_err();
    assert_eq!(refused(&[0x80]), HpackError::Index(0));
    assert_eq!(refused(&[0x80 | 62]), HpackError::Index(62));
    assert_eq!(refused(&[0x20 | 31, 0xff, 0xff, 0x7f]), HpackError::TableSize(2_097_182));
    assert_eq!(refused(&[0x82, 0x20]), HpackError::LateTableSize);
    assert_eq!(refused(&[0, 3, b'a']), HpackError::Unfinished);
    assert_eq!(refused(&[0, 0x7f, 0xff, 0xff, 0xff, 0x0f]), HpackError::Long);
    // eight bits of padding, padding of zeros, the end's own code
    assert_eq!(refused(&[0, 0x82, 0x1f, 0xff, 0]), HpackError::Huffman);
    assert_eq!(refused(&[0, 0x81, 0x18, 0]), HpackError::Huffman);
    assert_eq!(refused(&[0, 0x84, 0xff, 0xff, 0xff, 0xff, 0]), HpackError::Huffman);
}

#[test]
fn a_line_too_large_for_the_table_empties_it() {
    let mut table = Table::new(100);
    table.insert(b"a", b"b");
    assert_eq!(table.size(), 34);
    table.insert(b"a", &[b'b'; 100]);
    assert_eq!((table.size(), table.get(62)), (0, None));
}

/// Writes lines in every way that there is.
#[derive(Default)]
struct Encoder(Vec<u8>);

impl Encoder {
    fn integer(&mut self, first: u8, prefix: u8, value: usize) {
        let full = (1usize << prefix) - 1;
        if value < full {
            return self.0.push(first | value as u8);
        }
        self.0.push(first | full as u8);
        let mut rest = value - full;
        while rest >= 128 {
            self.0.push((rest % 128) as u8 | 128);
            rest /= 128;
        }
        self.0.push(rest as u8);
    }

    fn string(&mut self, bytes: &[u8], huffman: bool) {
        if !huffman {
            self.integer(0, 7, bytes.len());
            return self.0.extend(bytes);
        }
        let mut bits: Vec<bool> = bytes.iter().flat_map(|&byte| code(byte)).collect();
        bits.resize(bits.len().next_multiple_of(8), true);
        self.integer(128, 7, bits.len() / 8);
        self.0.extend(
            bits.chunks(8).map(|byte| byte.iter().fold(0, |all, &bit| all * 2 + u8::from(bit))),
        );
    }

    fn line(&mut self, name: &[u8], value: &[u8], (way, huffman): (u8, bool)) {
        self.0.push([0x40, 0, 0x10][usize::from(way % 3)]);
        self.string(name, huffman);
        self.string(value, huffman);
    }
}

fn code(byte: u8) -> Vec<bool> {
    let length = usize::from(LENGTHS[usize::from(byte)]);
    let place = SYMBOLS.iter().position(|&symbol| symbol == u16::from(byte)).unwrap();
    let shorter = LENGTHS.iter().filter(|&&other| usize::from(other) < length).count();
    let code = (ROWS[length].first >> (30 - length)) as usize + place - shorter;
    (0..length).rev().map(|bit| code >> bit & 1 == 1).collect()
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..300), cut in 1usize..40) {
        let (mut whole, mut pieces) = (Decoder::new(4096), Decoder::new(4096));
        let once = decode(&mut whole, &bytes);
        let mut lines = Vec::new();
        let mut take = |name: &[u8], value: &[u8]| lines.push((name.to_vec(), value.to_vec()));
        let read = bytes.chunks(cut).try_for_each(|piece| pieces.push(piece, &mut take));
        let read = read.and_then(|()| pieces.end());
        prop_assert_eq!(read.map(|()| lines), once);
        prop_assert!(whole.table.size() <= 4096);
    }

    #[test]
    fn what_was_encoded_is_read_again(
        lines in prop::collection::vec(
            (prop::collection::vec(any::<u8>(), 0..60), prop::collection::vec(any::<u8>(), 0..400)),
            0..20,
        ),
        ways in prop::collection::vec((any::<u8>(), any::<bool>()), 20),
        cut in 1usize..100,
    ) {
        let mut encoder = Encoder::default();
        lines.iter().zip(&ways).for_each(|((name, value), &way)| encoder.line(name, value, way));
        let mut decoder = Decoder::new(4096);
        let mut read = Vec::new();
        for piece in encoder.0.chunks(cut) {
            decoder.push(piece, &mut |name, value| read.push((name.to_vec(), value.to_vec()))).unwrap();
        }
        decoder.end().unwrap();
        prop_assert_eq!(&read, &lines);
        // the last line that was to be indexed is the first entry
        let last = lines.iter().zip(&ways).rev().find(|(_, (way, _))| way % 3 == 0);
        if let Some(((name, value), _)) = last {
            prop_assert_eq!(decoder.table.get(62), Some((name.as_slice(), value.as_slice())));
        }
    }
}
