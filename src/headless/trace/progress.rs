//! A line on standard error while a chain takes its time, if that is a terminal.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use crate::domain::http::timing::Phase;
use crate::fetch::Event;

/// Nothing is said before this.
const SILENCE: Duration = Duration::from_secs(1);

/// How often the line is drawn anew.
const PACE: Duration = Duration::from_millis(200);

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

    /// Takes in what happened and draws the line when it is time.
    pub(in super::super) fn tick(&mut self, event: Option<&Event>, hop: usize) {
        match event {
            Some(Event::Phase(phase)) => (self.phase, self.received) = (*phase, 0),
            Some(Event::Body { received, .. }) => self.received = *received,
            Some(Event::Head(_) | Event::Done(_)) | None => {}
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
        let line = format!("\r\x1b[Khop {hop}: {doing}{bytes}, {seconds:.1} s (Ctrl-C stops)");
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
