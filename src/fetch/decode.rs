//! Undoes content codings as the bytes arrive, in bounded steps, keeping what came before a fault.
//!
//! A decoder is fed with [`Decoder::feed`] and drained with [`Decoder::read`]; neither waits for anything, so the caller decides
//! how much work is done between two looks at the clock.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use async_compression::tokio::bufread::{
    BrotliDecoder, DeflateDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder,
};
use async_compression::zstd::DParameter;
use bytes::{Buf, Bytes};
use tokio::io::{AsyncBufRead, AsyncRead, BufReader, ReadBuf};

/// Windows above 8 MiB are not allowed on the web (RFC 9659 §3).
const ZSTD_WINDOW_LOG: u32 = 23;

/// More codings than this are an attack.
const MAX_CODINGS: usize = 8;

/// The result of one step of decoding.
#[derive(Debug)]
pub(super) enum Step {
    /// This many bytes were written to the buffer.
    Bytes(usize),
    /// More input is needed.
    Hungry,
    /// The decoded body is whole.
    End,
    /// The coded bytes are wrong; the text is the decoder's.
    Corrupt(String),
}

/// A stack of content decodings.
pub(super) struct Decoder {
    input: Feed,
    stack: Stack,
}

type Reader = Pin<Box<dyn AsyncRead + Send>>;

enum Stack {
    /// `deflate` is zlib or raw; the first two bytes tell.
    Undecided(Vec<String>),
    Ready(Reader),
}

impl std::fmt::Debug for Decoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decoder").finish_non_exhaustive()
    }
}

/// The codings of a Content-Encoding section, in the order they were applied, `identity` left out.
pub(super) fn codings<'a>(values: impl Iterator<Item = &'a [u8]>) -> Vec<String> {
    let text = values.map(String::from_utf8_lossy).collect::<Vec<_>>().join(",");
    let names = text.split(',').map(|name| name.trim().to_ascii_lowercase());
    names.filter(|name| !name.is_empty() && name != "identity").collect()
}

/// Whether every coding is one that can be undone.
pub(super) fn understands(codings: &[String]) -> bool {
    let known = ["gzip", "x-gzip", "deflate", "br", "zstd"];
    codings.len() <= MAX_CODINGS && codings.iter().all(|coding| known.contains(&coding.as_str()))
}

impl Decoder {
    /// A decoder for codings that [`understands`] has seen, in the order they were applied.
    pub(super) fn new(codings: &[String]) -> Decoder {
        Decoder { input: Feed::default(), stack: Stack::Undecided(codings.to_vec()) }
    }

    pub(super) fn feed(&mut self, bytes: Bytes) {
        self.input.with(|state| {
            state.left += bytes.len();
            state.chunks.push_back(bytes);
        });
    }

    /// No more input will come.
    pub(super) fn finish(&mut self) {
        self.input.with(|state| state.ended = true);
    }

    /// Decodes into the buffer.
    pub(super) fn read(&mut self, buffer: &mut [u8]) -> Step {
        if let Stack::Undecided(codings) = &self.stack {
            match self.input.with(|state| state.peek()) {
                Some(first) => self.stack = Stack::Ready(stack(codings, self.input.clone(), first)),
                None if self.input.with(|state| state.ended && state.chunks.is_empty()) => {
                    return Step::End;
                }
                None => return Step::Hungry,
            }
        }
        let Stack::Ready(reader) = &mut self.stack else { return Step::Hungry };
        let mut buffer = ReadBuf::new(buffer);
        match reader.as_mut().poll_read(&mut Context::from_waker(Waker::noop()), &mut buffer) {
            Poll::Pending => Step::Hungry,
            Poll::Ready(Ok(())) if buffer.filled().is_empty() => Step::End,
            Poll::Ready(Ok(())) => Step::Bytes(buffer.filled().len()),
            Poll::Ready(Err(error)) => Step::Corrupt(error.to_string()),
        }
    }

    /// Bytes that were fed and that no decoder has taken: junk, once decoding has ended.
    pub(super) fn left_over(&self) -> usize {
        self.input.with(|state| state.left)
    }
}

/// The last coding applied is the first to be undone.
fn stack(codings: &[String], input: Feed, first: [u8; 2]) -> Reader {
    let mut reader: Option<Reader> = None;
    let innermost = codings.len().saturating_sub(1);
    for (at, coding) in codings.iter().enumerate().rev() {
        reader = Some(match reader {
            None => undo(coding, input.clone(), at == innermost && !is_zlib(first)),
            Some(inner) => undo(coding, BufReader::with_capacity(16 * 1024, inner), false),
        });
    }
    reader.unwrap_or_else(|| Box::pin(input))
}

fn undo<R: AsyncBufRead + Send + 'static>(coding: &str, input: R, raw: bool) -> Reader {
    match coding {
        "deflate" if raw => Box::pin(DeflateDecoder::new(input)),
        "deflate" => Box::pin(ZlibDecoder::new(input)),
        "br" => Box::pin(BrotliDecoder::new(input)),
        "zstd" => {
            let window = [DParameter::window_log_max(ZSTD_WINDOW_LOG)];
            let mut decoder = ZstdDecoder::with_params(input, &window);
            decoder.multiple_members(true);
            Box::pin(decoder)
        }
        _ => {
            let mut decoder = GzipDecoder::new(input);
            decoder.multiple_members(true);
            Box::pin(decoder)
        }
    }
}

/// RFC 1950 §2.2: method 8, and a check over the first two bytes.
fn is_zlib([method, flags]: [u8; 2]) -> bool {
    method & 0x0f == 8 && (u16::from(method) << 8 | u16::from(flags)) % 31 == 0
}

/// Bytes pushed in at one end and read at the other.
#[derive(Clone, Default)]
struct Feed {
    state: Arc<Mutex<FeedState>>,
    /// The chunk that is being read.
    current: Bytes,
}

#[derive(Default)]
struct FeedState {
    chunks: VecDeque<Bytes>,
    /// Bytes fed and not yet consumed.
    left: usize,
    ended: bool,
}

impl FeedState {
    /// The first two bytes, once they are there or can't come any more; a missing one is 0.
    fn peek(&self) -> Option<[u8; 2]> {
        let mut bytes = self.chunks.iter().flatten().copied();
        match (bytes.next(), bytes.next()) {
            (Some(first), Some(second)) => Some([first, second]),
            (Some(first), None) if self.ended => Some([first, 0]),
            _ => None,
        }
    }
}

impl Feed {
    fn with<T>(&self, act: impl FnOnce(&mut FeedState) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl AsyncBufRead for Feed {
    /// Pending means: feed more. Nobody is woken, the caller asks again.
    fn poll_fill_buf(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<&[u8]>> {
        let feed = self.get_mut();
        if feed.current.is_empty() {
            let next = feed.with(|state| (state.chunks.pop_front(), state.ended));
            match next {
                (Some(chunk), _) => feed.current = chunk,
                (None, true) => return Poll::Ready(Ok(&[])),
                (None, false) => return Poll::Pending,
            }
        }
        Poll::Ready(Ok(&feed.current))
    }

    fn consume(self: Pin<&mut Self>, amount: usize) {
        let feed = self.get_mut();
        feed.current.advance(amount);
        feed.with(|state| state.left = state.left.saturating_sub(amount));
    }
}

impl AsyncRead for Feed {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let available = match self.as_mut().poll_fill_buf(cx) {
            Poll::Ready(Ok(available)) => available,
            Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
            Poll::Pending => return Poll::Pending,
        };
        let amount = available.len().min(buffer.remaining());
        buffer.put_slice(&available[..amount]);
        self.consume(amount);
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_compression::tokio::write::{
        BrotliEncoder, DeflateEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder,
    };
    use tokio::io::AsyncWriteExt;

    macro_rules! encode {
        ($encoder:ident, $bytes:expr) => {{
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(async {
                let mut encoder = $encoder::new(Vec::new());
                encoder.write_all($bytes).await.unwrap();
                encoder.shutdown().await.unwrap();
                encoder.into_inner()
            })
        }};
    }

    fn decode(codings: &[&str], wire: &[u8], piece: usize) -> (Vec<u8>, Result<usize, String>) {
        let codings: Vec<String> = codings.iter().map(|coding| (*coding).to_owned()).collect();
        let mut decoder = Decoder::new(&codings);
        let mut pieces = wire.chunks(piece);
        let (mut out, mut buffer) = (Vec::new(), [0; 700]);
        loop {
            match decoder.read(&mut buffer) {
                Step::Bytes(count) => out.extend_from_slice(&buffer[..count]),
                Step::Hungry => match pieces.next() {
                    Some(piece) => decoder.feed(Bytes::copy_from_slice(piece)),
                    None => decoder.finish(),
                },
                Step::End => {
                    let left = decoder.left_over() + pieces.map(<[u8]>::len).sum::<usize>();
                    return (out, Ok(left));
                }
                Step::Corrupt(why) => return (out, Err(why)),
            }
        }
    }

    fn text() -> Vec<u8> {
        (0..5000u32).flat_map(|n| format!("line {n}\n").into_bytes()).collect()
    }

    #[test]
    fn each_coding_is_undone_however_it_is_cut() {
        let text = text();
        let wires = [
            ("gzip", encode!(GzipEncoder, &text)),
            ("x-gzip", encode!(GzipEncoder, &text)),
            ("deflate", encode!(ZlibEncoder, &text)),
            ("deflate", encode!(DeflateEncoder, &text)),
            ("br", encode!(BrotliEncoder, &text)),
            ("zstd", encode!(ZstdEncoder, &text)),
        ];
        for (coding, wire) in wires {
            for piece in [1, 7, 100_000] {
                assert_eq!(decode(&[coding], &wire, piece), (text.clone(), Ok(0)), "{coding}");
            }
        }
    }

    #[test]
    fn several_codings_are_undone_from_the_last() {
        let inner = encode!(GzipEncoder, &text());
        let wire = encode!(BrotliEncoder, &inner);
        assert!(decode(&["br", "gzip"], &wire, 50).1.is_err());
        assert_eq!(decode(&["gzip", "br"], &wire, 50), (text(), Ok(0)));
    }

    #[test]
    fn what_was_decoded_before_a_fault_is_kept() {
        let text = text();
        let wire = encode!(GzipEncoder, &text);
        let (out, end) = decode(&["gzip"], &wire[..wire.len() / 2], 100);
        assert!(end.is_err());
        assert!(!out.is_empty() && text.starts_with(&out));
        assert!(decode(&["gzip"], b"<html>not gzip", 100).1.is_err());
    }

    #[test]
    fn an_empty_body_has_no_coding_to_undo() {
        assert_eq!(decode(&["gzip"], b"", 1), (vec![], Ok(0)));
    }

    #[test]
    fn codings_are_listed_in_order_without_identity() {
        let values = [&b"GZIP, identity"[..], b" br"];
        assert_eq!(codings(values.into_iter()), ["gzip", "br"]);
        assert!(!understands(&codings([&b"gzip, compress"[..]].into_iter())));
        assert!(!understands(&vec!["gzip".to_owned(); 9]));
    }
}
