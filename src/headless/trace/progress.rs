//! A line on standard error while a chain takes its time, if that is a terminal.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::domain::http::timing::Phase;
use crate::fetch::{Event, FetchId};

/// Nothing is said before this.
const SILENCE: Duration = Duration::from_secs(1);

/// How often the line is drawn anew.
const PACE: Duration = Duration::from_millis(200);

/// Whether standard error is a terminal on which a line can be drawn anew.
pub(in super::super) fn is_seen() -> bool {
    io::stderr().is_terminal() && env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// What a fetch is.
#[derive(Clone, Copy)]
pub(in super::super) enum What {
    /// Its number is that of the hop.
    Hop,
    Probe,
}

pub(in super::super) struct Progress {
    on: bool,
    start: Instant,
    drawn: Option<Instant>,
    phase: Phase,
    received: u64,
}

impl Progress {
    pub(in super::super) fn new(on: bool) -> Progress {
        Progress { on, start: Instant::now(), drawn: None, phase: Phase::Connect, received: 0 }
    }

    /// Takes in what happened to this fetch, and draws the line when it is time. What else is under way is not told.
    pub(in super::super) fn tick(
        &mut self,
        event: Option<&(FetchId, Event)>,
        (fetch, what): (FetchId, What),
    ) {
        match event {
            Some((id, Event::Phase(phase))) if *id == fetch => {
                (self.phase, self.received) = (*phase, 0);
            }
            Some((id, Event::Body { received, .. })) if *id == fetch => self.received = *received,
            Some(_) | None => {}
        }
        let now = Instant::now();
        let early = now - self.start < SILENCE;
        if !self.on || early || self.drawn.is_some_and(|drawn| now - drawn < PACE) {
            return;
        }
        let doing = match self.phase {
            Phase::Dns => "looking up the host",
            Phase::Connect => "connecting",
            Phase::Tls => "TLS handshake",
            Phase::Wait => "waiting for the response",
            Phase::Receive => "receiving",
        };
        let seconds = (now - self.start).as_secs_f64();
        let bytes =
            if self.received > 0 { format!(", {} B", self.received) } else { String::new() };
        let name = match what {
            What::Hop => format!("hop {}", fetch.0),
            What::Probe => "probe".to_owned(),
        };
        let line = format!("\r\x1b[K{name}: {doing}{bytes}, {seconds:.1} s (Ctrl-C stops)");
        let _ = io::stderr().write_all(line.as_bytes());
        self.drawn = Some(now);
    }

    /// Takes the line away.
    pub(in super::super) fn clear(&mut self) {
        if self.drawn.take().is_some() {
            let _ = io::stderr().write_all(b"\r\x1b[K");
        }
    }
}
