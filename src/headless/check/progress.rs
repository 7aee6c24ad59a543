//! A line on standard error while rows are run, if that is a terminal: how many, how fast, how long still.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use super::super::trace::progress::is_seen;
use crate::domain::check::report::Summary;
use crate::domain::escape::escape;

/// Nothing is said before this.
const SILENCE: Duration = Duration::from_millis(500);

/// How often the line is drawn anew.
const PACE: Duration = Duration::from_millis(200);

/// How much of a name stands in the line.
const NAMED: usize = 50;

/// How wide the bar is.
const BAR: u64 = 20;

pub(super) struct Progress {
    on: bool,
    start: Instant,
    drawn: Option<Instant>,
    /// Rows that were there from the start, out of the journal.
    before: u64,
}

impl Progress {
    pub(super) fn new(before: u64) -> Progress {
        Progress { on: is_seen(), start: Instant::now(), drawn: None, before }
    }

    pub(super) fn tick(&mut self, summary: &Summary) {
        let now = Instant::now();
        let early = now - self.start < SILENCE;
        if !self.on || early || self.drawn.is_some_and(|drawn| now - drawn < PACE) {
            return;
        }
        self.drawn = Some(now);
        let line = format!("\r\x1b[K{}", line(summary, self.before, now - self.start));
        let _ = io::stderr().write_all(line.as_bytes());
    }

    /// Takes the line away.
    pub(super) fn clear(&mut self) {
        if self.drawn.take().is_some() {
            let _ = io::stderr().write_all(b"\r\x1b[K");
        }
    }
}

/// Does this while a line says what is waited for, if it takes its time: a file that is fetched before there are rows.
pub(super) fn waiting<T>(what: &str, act: impl FnOnce() -> T) -> T {
    if !is_seen() {
        return act();
    }
    let (done, ended) = channel::<()>();
    thread::scope(|scope| {
        scope.spawn(move || tell(what, &ended));
        let result = act();
        drop(done);
        result
    })
}

/// Draws the line until it has ended.
fn tell(what: &str, ended: &Receiver<()>) {
    let start = Instant::now();
    let goes_on = |pause| ended.recv_timeout(pause) == Err(RecvTimeoutError::Timeout);
    if !goes_on(SILENCE) {
        return;
    }
    let what: String = escape(what).chars().take(NAMED).collect();
    loop {
        let line =
            format!("\r\x1b[K{what} · {} (Ctrl-C stops)", time(start.elapsed().as_secs_f64()));
        let _ = io::stderr().write_all(line.as_bytes());
        if !goes_on(PACE) {
            let _ = io::stderr().write_all(b"\r\x1b[K");
            return;
        }
    }
}

/// `[██████······] 4210/10000 · 3 failed · 2100/s · 3 s left (Ctrl-C stops)`
fn line(summary: &Summary, before: u64, elapsed: Duration) -> String {
    let (done, all) = (summary.rows(), summary.planned.max(1));
    let full = (done * BAR / all).min(BAR);
    let bar: String = (0..BAR).map(|at| if at < full { '█' } else { '·' }).collect();
    let rate = done.saturating_sub(before) as f64 / elapsed.as_secs_f64().max(0.001);
    let left = match rate > 0.0 {
        true => format!("{} left", time((all - done.min(all)) as f64 / rate)),
        false => "waiting".to_owned(),
    };
    let failing = summary.failing();
    format!("[{bar}] {done}/{all} · {failing} failed · {rate:.0}/s · {left} (Ctrl-C stops)")
}

/// `3 s`, `2 min 5 s`, `1 h 4 min`
fn time(seconds: f64) -> String {
    let seconds = seconds.ceil() as u64;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use time::OffsetDateTime;

    use super::*;

    #[test]
    fn the_line_says_how_far_how_fast_and_how_long() {
        let mut summary = Summary::new(OffsetDateTime::UNIX_EPOCH, 1000);
        (summary.held, summary.failed) = (498, 2);
        let line = line(&summary, 0, Duration::from_secs(5));
        assert!(line.contains("500/1000 · 2 failed · 100/s · 5 s left"), "{line}");
        assert_eq!(time(3725.0), "1 h 2 min");
    }
}
