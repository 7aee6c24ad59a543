//! One direction of a connection: frames, and the header block that is arriving.

use super::frame::{self, FrameHead, Frames, flag, kind};
use super::hpack::Decoder;
use super::violation::Violation;

/// Payloads of frames that are looked at as a whole: more of them is not kept.
const MAX_SMALL: usize = 16_384;

#[derive(Debug)]
pub(super) struct Side {
    pub(super) frames: Frames,
    pub(super) decoder: Decoder,
    pub(super) block: Option<Block>,
    /// The payload of a frame that is looked at as a whole.
    small: Vec<u8>,
    /// The largest frame that may come.
    pub(super) most: u32,
    /// A frame has been seen.
    pub(super) opened: bool,
    /// It can't be read any further.
    pub(super) broken: bool,
}

/// A header block, whose end may be frames away.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) stream: u32,
    pub(super) end_stream: bool,
    /// Its lines are somebody's.
    pub(super) place: Place,
    /// The length of the padding is still to come.
    padded: bool,
    /// Bytes before the lines that are not looked at.
    skip: u32,
    /// Bytes of lines that are still to come in this frame.
    left: u32,
}

/// Whose the lines are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    Request,
    Head,
    Trailers,
    Nobody,
}

impl Side {
    pub(super) fn new(table: usize, most: u32) -> Side {
        Side {
            frames: Frames::default(),
            decoder: Decoder::new(table),
            block: None,
            small: Vec::new(),
            most,
            opened: false,
            broken: false,
        }
    }

    /// A frame begins: a header block goes on or begins, and nothing comes in between.
    pub(super) fn begin(&mut self, frame: FrameHead, place: Place) -> Result<(), Violation> {
        self.small.clear();
        if frame.length > self.most {
            return Err(Violation::FrameSize(frame.length));
        }
        match (&mut self.block, frame.kind) {
            (Some(block), kind::CONTINUATION) if block.stream == frame.stream => {
                block.left = frame.length;
                Ok(())
            }
            (Some(_), other) => Err(Violation::Interleaved(other)),
            (None, kind::CONTINUATION) => Err(Violation::Continuation),
            (None, kind::HEADERS | kind::PUSH_PROMISE) => {
                self.block = Some(Block::of(frame, place)?);
                Ok(())
            }
            (None, _) => Ok(()),
        }
    }

    /// Keeps a piece of a payload; all of it where this was the last.
    pub(super) fn gather(&mut self, bytes: &[u8], last: bool) -> Option<Vec<u8>> {
        let room = MAX_SMALL.saturating_sub(self.small.len());
        self.small.extend_from_slice(&bytes[..room.min(bytes.len())]);
        last.then(|| std::mem::take(&mut self.small))
    }
}

impl Block {
    fn of(frame: FrameHead, place: Place) -> Result<Block, Violation> {
        let padded = frame.has(flag::PADDED);
        let is_push = frame.kind == kind::PUSH_PROMISE;
        // the promised stream, or what a priority is made of
        let skip = match is_push {
            true => 4,
            false if frame.has(flag::PRIORITY) => 5,
            false => 0,
        };
        let left = frame.length.checked_sub(skip + u32::from(padded));
        let left = left.ok_or(Violation::Padding(frame.kind))?;
        let end_stream = !is_push && frame.has(flag::END_STREAM);
        Ok(Block { stream: frame.stream, end_stream, place, padded, skip, left })
    }

    /// What of a piece of a payload is lines.
    pub(super) fn lines<'a>(&mut self, bytes: &'a [u8]) -> Result<&'a [u8], Violation> {
        let mut rest = bytes;
        if self.padded
            && let Some((&padding, after)) = rest.split_first()
        {
            (self.padded, rest) = (false, after);
            let left = self.left.checked_sub(u32::from(padding));
            self.left = left.ok_or(Violation::Padding(kind::HEADERS))?;
        }
        rest = &rest[pass(&mut self.skip, rest.len())..];
        Ok(&rest[..pass(&mut self.left, rest.len())])
    }
}

/// Counts down by as many as there are.
fn pass(left: &mut u32, available: usize) -> usize {
    let size = usize::try_from(*left).unwrap_or(usize::MAX).min(available);
    *left -= u32::try_from(size).unwrap_or(*left);
    size
}

/// A number of four bytes at this place.
pub(super) fn number(payload: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(payload.get(at..at + 4)?.try_into().ok()?))
}

/// The values of a SETTINGS frame, by their numbers (RFC 9113 §6.5.2).
pub(super) fn settings(payload: &[u8]) -> impl Iterator<Item = (u16, u32)> {
    payload
        .chunks_exact(6)
        .filter_map(|one| Some((u16::from_be_bytes([one[0], one[1]]), number(one, 2)?)))
}

/// Frames whose payload is looked at as a whole.
pub(super) fn is_small(frame: FrameHead) -> bool {
    let ack = frame.kind == kind::SETTINGS && frame.has(flag::ACK);
    let whole = [kind::RST_STREAM, kind::SETTINGS, kind::GOAWAY, kind::WINDOW_UPDATE];
    whole.contains(&frame.kind) && !ack
}

/// Frames that a header block is made of.
pub(super) fn is_block(frame: FrameHead) -> bool {
    [kind::HEADERS, kind::PUSH_PROMISE, kind::CONTINUATION].contains(&frame.kind)
}

/// What is ours to send has no bound here.
pub(super) const UNBOUNDED: u32 = u32::MAX;

/// What we let others send where we did not say otherwise.
pub(super) const BOUNDED: u32 = frame::DEFAULT_SIZE;
