//! The body of one response: taken in frame by frame, decoded, counted, kept in the store, never held up by anyone.

use std::future::poll_fn;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};

use super::decode::{self, Decoder, Step};
use super::hop::Core;
use super::transport::{Body, Piece};
use super::{BodyStore, Event, FetchId, failure};
use crate::domain::http::body::{BodyId, BodyRecord};
use crate::domain::http::exchange::{CODED, Exchange};
use crate::domain::http::failure::{Failure, FailureKind};
use crate::domain::http::timing::Phase;

/// How much of a redirect's body is kept (product.md section 2).
const REDIRECT_BODY: u64 = 16 << 20;

/// The pause between two reports of progress.
const REPORT: Duration = Duration::from_millis(16);

/// Decoded bytes between two chances for others to run.
const SLICE: usize = 64 * 1024;

/// How far a body may be ahead of the screen that lays it out.
const LEAD: u64 = 4 << 20;

/// How long it waits then, before each piece.
const STEP: Duration = Duration::from_millis(1);

/// Takes in one body.
pub(super) struct Intake<'a> {
    core: &'a Core,
    id: FetchId,
    /// The head has been told: it waits for the body that comes with it.
    told: bool,
    /// How many more decoded bytes are kept.
    room: u64,
    decoder: Option<Decoder>,
    /// The first bytes as they arrived, until something could be decoded.
    undecoded: BytesMut,
    /// Bytes that came after the end of the coded data.
    junk: u64,
    reported: Instant,
    total: Option<u64>,
}

/// Why no more of the body is taken.
enum End {
    /// As much as is to be kept has been kept.
    Full,
    /// The coded bytes are wrong.
    Corrupt(String),
    /// The store can't take it.
    Store(std::io::Error),
}

impl<'a> Intake<'a> {
    pub(super) fn new(core: &'a Core, id: FetchId, redirect: bool) -> Intake<'a> {
        let most = core.settings.max_body;
        Intake {
            core,
            id,
            told: false,
            room: if redirect { most.min(REDIRECT_BODY) } else { most },
            decoder: None,
            undecoded: BytesMut::new(),
            junk: 0,
            reported: Instant::now(),
            total: None,
        }
    }

    /// Receives to the end. The exchange is up to date at every moment, so that this can be dropped at any await.
    pub(super) async fn run(&mut self, exchange: &mut Exchange, mut body: Body) {
        self.total = body.promised();
        let encodings = exchange.fields().all("Content-Encoding").map(|f| f.value.as_slice());
        let encodings = decode::codings(encodings);
        if !encodings.is_empty() && decode::understands(&encodings) {
            self.decoder = Some(Decoder::new(&encodings));
        }
        exchange.body.encodings = encodings;
        let end = loop {
            let piece = poll_fn(|cx| {
                let piece = body.poll_next(cx);
                if piece.is_pending() {
                    self.tell_head(exchange);
                }
                piece
            });
            match piece.await {
                None => break self.finish(exchange).await,
                Some(Ok(Piece::Trailers(trailers))) => exchange.trailers = trailers,
                Some(Ok(Piece::Data(bytes))) => {
                    if let Err(end) = self.take(exchange, bytes).await {
                        break Err(end);
                    }
                }
                Some(Err(error)) => {
                    exchange.body.chunks = body.chunks();
                    exchange.trailers = body.refused_trailers();
                    exchange.notes.extend(body.notes());
                    let _ = self.finish(exchange).await;
                    let received = exchange.body.size;
                    let why = failure::body_failure(&*error, received, self.total);
                    exchange.failure = Some(why);
                    return;
                }
            }
        };
        exchange.body.chunks = body.chunks();
        exchange.notes.extend(body.notes());
        if body.has_extra()
            && let Some(head) = &mut exchange.response
        {
            head.note_extra_bytes();
        }
        self.conclude(exchange, end);
    }

    async fn take(&mut self, exchange: &mut Exchange, bytes: Bytes) -> Result<(), End> {
        exchange.body.size += bytes.len() as u64;
        if exchange.body.size > SLICE as u64 {
            self.tell_head(exchange);
        }
        let taken = match &mut self.decoder {
            None => {
                let kept = self.keep(&mut exchange.body, &bytes);
                keep_in_step(&self.core.store, exchange.body.id).await;
                kept
            }
            Some(decoder) => {
                if exchange.body.decoded_size == 0 {
                    let room = BodyRecord::HEAD.saturating_sub(self.undecoded.len());
                    self.undecoded.extend_from_slice(&bytes[..room.min(bytes.len())]);
                }
                if self.junk == 0 {
                    decoder.feed(bytes);
                    self.drain(exchange).await
                } else {
                    self.junk += bytes.len() as u64;
                    Ok(())
                }
            }
        };
        self.report(&exchange.body);
        taken
    }

    /// Decodes all that was fed.
    async fn drain(&mut self, exchange: &mut Exchange) -> Result<(), End> {
        if self.decoder.is_none() {
            return Ok(());
        }
        let mut buffer = vec![0; SLICE];
        let mut since_yield = 0;
        loop {
            let Some(decoder) = &mut self.decoder else { return Ok(()) };
            match decoder.read(&mut buffer) {
                Step::Bytes(count) => {
                    self.keep(&mut exchange.body, &buffer[..count])?;
                    since_yield += count;
                }
                Step::Hungry => return Ok(()),
                Step::End => {
                    self.junk = decoder.left_over() as u64;
                    return Ok(());
                }
                // further members of gzip are read, and what is none is junk
                Step::Corrupt(why) if is_junk(&why, &exchange.body) => {
                    self.junk = decoder.left_over().max(1) as u64;
                    return Ok(());
                }
                Step::Corrupt(why) => return Err(End::Corrupt(why)),
            }
            if since_yield >= SLICE {
                since_yield = 0;
                self.tell_head(exchange);
                self.report(&exchange.body);
                tokio::task::yield_now().await;
                keep_in_step(&self.core.store, exchange.body.id).await;
            }
        }
    }

    /// Puts decoded bytes into the store and into the record.
    fn keep(&mut self, record: &mut BodyRecord, bytes: &[u8]) -> Result<(), End> {
        let allowed = usize::try_from(self.room).unwrap_or(usize::MAX).min(bytes.len());
        let kept = self.core.store.append(record.id, &bytes[..allowed]).map_err(End::Store)?;
        self.room -= kept as u64;
        record.decoded_size += kept as u64;
        if kept < bytes.len() { Err(End::Full) } else { Ok(()) }
    }

    async fn finish(&mut self, exchange: &mut Exchange) -> Result<(), End> {
        if let Some(decoder) = &mut self.decoder {
            decoder.finish();
        }
        self.drain(exchange).await
    }

    fn conclude(&mut self, exchange: &mut Exchange, end: Result<(), End>) {
        let codings = exchange.body.encodings.join(", ");
        let body = &mut exchange.body;
        body.complete = true;
        match end {
            Ok(()) if self.junk > 0 => exchange
                .notes
                .push(format!("Bytes follow the end of the {codings} data; they are left out.")),
            Ok(()) if body.size > 0 && !decode::understands(&body.encodings) => {
                exchange.notes.push(format!("The coding {codings} can't be undone; {CODED}"))
            }
            Ok(()) => {}
            Err(End::Full) => {
                body.truncated = true;
                exchange.notes.push(self.cut(&exchange.body));
            }
            Err(End::Corrupt(why)) => {
                let decoded = body.decoded_size;
                if body.decoded_size == 0 {
                    let raw = std::mem::take(&mut self.undecoded);
                    let _ = self.keep(body, &raw);
                    exchange.notes.push(format!("No coding was undone: {CODED}"));
                }
                exchange.failure = Some(corrupt(&codings, decoded, why));
            }
            Err(End::Store(error)) => {
                body.truncated = true;
                exchange.notes.push(format!("The rest of the body could not be kept: {error}."));
            }
        }
    }

    /// What the limit left out: `size` is no more than what had come by then.
    fn cut(&self, body: &BodyRecord) -> String {
        let (kept, read) = (body.decoded_size, body.size);
        let limit = format!("{kept} bytes of the body are kept, which is the limit");
        match self.total.filter(|&total| total > read) {
            Some(total) => format!("{limit}; {read} of its {total} bytes were read."),
            None => format!("{limit}; {read} bytes were read."),
        }
    }

    /// The head is told once, as soon as anything has to be waited for; what came with it is told by the end alone.
    fn tell_head(&mut self, exchange: &Exchange) {
        if !std::mem::replace(&mut self.told, true) {
            (self.core.sink)(self.id, Event::Head(Box::new(exchange.clone())));
        }
    }

    fn report(&mut self, record: &BodyRecord) {
        if self.reported.elapsed() < REPORT {
            return;
        }
        self.reported = Instant::now();
        let (received, decoded, total) = (record.size, record.decoded_size, self.total);
        (self.core.sink)(self.id, Event::Body { received, decoded, total });
    }
}

fn is_junk(why: &str, body: &BodyRecord) -> bool {
    body.decoded_size > 0 && why.contains("Invalid gzip header")
}

/// Lets the screen come after that lays this body out, so that it is done when the last byte has come. It lays out a gigabyte a
/// second: only loopback is faster. Where it stalls, the body arrives more slowly, but it arrives.
async fn keep_in_step(store: &BodyStore, id: BodyId) {
    if store.lead(id) > LEAD {
        tokio::time::sleep(STEP).await;
    }
}

fn corrupt(codings: &str, decoded: u64, cause: String) -> Failure {
    Failure {
        kind: FailureKind::Body,
        phase: Phase::Receive,
        message: match decoded {
            0 => format!("The {codings} coding of the body is broken from its first byte on."),
            _ => {
                format!("The {codings} coding of the body is broken after {decoded} decoded bytes.")
            }
        },
        cause,
        hint: "The server or a proxy before it damages the body or names the wrong coding."
            .to_owned(),
    }
}
