//! Frames (RFC 9113 §4.1): their heads, and their payloads in the pieces in which they arrive.

/// The kinds that are looked into (§6).
pub mod kind {
    pub const DATA: u8 = 0;
    pub const HEADERS: u8 = 1;
    pub const RST_STREAM: u8 = 3;
    pub const SETTINGS: u8 = 4;
    pub const PUSH_PROMISE: u8 = 5;
    pub const GOAWAY: u8 = 7;
    pub const WINDOW_UPDATE: u8 = 8;
    pub const CONTINUATION: u8 = 9;
}

/// The flags that matter here.
pub mod flag {
    pub const ACK: u8 = 0x1;
    pub const END_STREAM: u8 = 0x1;
    pub const END_HEADERS: u8 = 0x4;
    pub const PADDED: u8 = 0x8;
    pub const PRIORITY: u8 = 0x20;
}

/// Bytes of a frame before its payload.
pub const HEAD: usize = 9;

/// SETTINGS_MAX_FRAME_SIZE where nobody said otherwise (§6.5.2).
pub const DEFAULT_SIZE: u32 = 16_384;

const KINDS: [&str; 10] = [
    "DATA",
    "HEADERS",
    "PRIORITY",
    "RST_STREAM",
    "SETTINGS",
    "PUSH_PROMISE",
    "PING",
    "GOAWAY",
    "WINDOW_UPDATE",
    "CONTINUATION",
];

const CODES: [&str; 14] = [
    "NO_ERROR",
    "PROTOCOL_ERROR",
    "INTERNAL_ERROR",
    "FLOW_CONTROL_ERROR",
    "SETTINGS_TIMEOUT",
    "STREAM_CLOSED",
    "FRAME_SIZE_ERROR",
    "REFUSED_STREAM",
    "CANCEL",
    "COMPRESSION_ERROR",
    "CONNECT_ERROR",
    "ENHANCE_YOUR_CALM",
    "INADEQUATE_SECURITY",
    "HTTP_1_1_REQUIRED",
];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FrameHead {
    pub length: u32,
    pub kind: u8,
    pub flags: u8,
    /// 0 for the connection.
    pub stream: u32,
}

/// What a reader comes to.
#[derive(PartialEq, Eq, Debug)]
pub enum Part<'a> {
    Head(FrameHead),
    /// A piece of the payload; every frame has a last one, which may be empty.
    Payload {
        frame: FrameHead,
        bytes: &'a [u8],
        last: bool,
    },
}

/// Takes the bytes of one direction apart.
#[derive(Debug, Default)]
pub struct Frames {
    head: [u8; HEAD],
    /// Bytes of the head that are there.
    filled: usize,
    /// The frame whose payload is arriving, and what is to come of it.
    open: Option<(FrameHead, u32)>,
}

impl FrameHead {
    pub fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    fn of([a, b, c, kind, flags, s0, s1, s2, s3]: [u8; HEAD]) -> FrameHead {
        let length = u32::from_be_bytes([0, a, b, c]);
        let stream = u32::from_be_bytes([s0 & 0x7f, s1, s2, s3]);
        FrameHead { length, kind, flags, stream }
    }
}

impl Frames {
    /// The next part of what has arrived, which is taken off it; `None` when all of it has been read.
    pub fn next<'a>(&mut self, bytes: &mut &'a [u8]) -> Option<Part<'a>> {
        if let Some((frame, left)) = self.open {
            if left > 0 && bytes.is_empty() {
                return None;
            }
            let size = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
            let (piece, rest) = bytes.split_at(size);
            *bytes = rest;
            let left = left - u32::try_from(size).unwrap_or(left);
            self.open = (left > 0).then_some((frame, left));
            return Some(Part::Payload { frame, bytes: piece, last: left == 0 });
        }
        let size = (HEAD - self.filled).min(bytes.len());
        let (piece, rest) = bytes.split_at(size);
        *bytes = rest;
        self.head[self.filled..self.filled + size].copy_from_slice(piece);
        self.filled += size;
        if self.filled < HEAD {
            return None;
        }
        self.filled = 0;
        let frame = FrameHead::of(self.head);
        self.open = Some((frame, frame.length));
        Some(Part::Head(frame))
    }
}

/// `HEADERS`, or the number of a kind that RFC 9113 does not have.
pub fn name(kind: u8) -> String {
    let known = KINDS.get(usize::from(kind));
    known.map_or_else(|| format!("a frame of kind {kind}"), |&name| name.to_owned())
}

/// `CANCEL (8)`, or the number alone of a code that RFC 9113 §7 does not have.
pub fn code(code: u32) -> String {
    let known = usize::try_from(code).ok().and_then(|code| CODES.get(code));
    known.map_or_else(|| format!("code {code}"), |name| format!("{name} ({code})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_told_apart_however_their_bytes_arrive() {
        let wire = [0, 0, 3, 0, 1, 0, 0, 0, 1, b'a', b'b', b'c', 0, 0, 0, 4, 1, 0x80, 0, 0, 0];
        for cut in 1..=wire.len() {
            let (mut frames, mut heads, mut payload) = (Frames::default(), Vec::new(), Vec::new());
            let mut ends = 0;
            for mut piece in wire.chunks(cut) {
                while let Some(part) = frames.next(&mut piece) {
                    match part {
                        Part::Head(head) => heads.push(head),
                        Part::Payload { bytes, last, .. } => {
                            payload.extend(bytes);
                            ends += usize::from(last);
                        }
                    }
                }
            }
            let data = FrameHead { length: 3, kind: kind::DATA, flags: 1, stream: 1 };
            let settings = FrameHead { length: 0, kind: kind::SETTINGS, flags: 1, stream: 0 };
            assert_eq!((heads, payload, ends), (vec![data, settings], b"abc".to_vec(), 2));
        }
    }

    #[test]
    fn codes_and_kinds_have_their_names() {
        assert_eq!(code(11), "ENHANCE_YOUR_CALM (11)");
        assert_eq!(code(99), "code 99");
        assert_eq!((name(9).as_str(), name(77).as_str()), ("CONTINUATION", "a frame of kind 77"));
    }
}
