//! Time: the phases of this hop, and the whole chain as a waterfall.
//!
//! Promises: each phase has a fill of its own, so that the bars can be read without colour; a hop is never too short to be seen.

use std::time::Duration;

use crate::app::model::Session;
use crate::domain::http::timing::{Phase, Timing};

use super::{Line, Role};

/// What fills a phase's part of a bar.
pub fn fill(phase: Phase) -> char {
    match phase {
        Phase::Dns => '╌',
        Phase::Connect => '▒',
        Phase::Tls => '▓',
        Phase::Wait => '░',
        Phase::Receive => '█',
    }
}

/// The hop's (from 1) share of the whole chain's time, in a bar of so many columns.
pub fn bar(session: &Session, hop: usize, columns: usize) -> Line {
    let timings = session.chain.hops.iter().map(|hop| hop.exchange.timing);
    let (mut before, mut whole, mut own) = (Duration::ZERO, Duration::ZERO, Timing::default());
    for (at, timing) in timings.enumerate() {
        if at + 1 == hop {
            (before, own) = (whole, timing);
        }
        whole += timing.total;
    }
    if whole.is_zero() {
        return Line::default();
    }
    span(own, before, whole, columns)
}

/// One timing drawn from `before` on, on a scale where `whole` fills the columns.
fn span(timing: Timing, before: Duration, whole: Duration, columns: usize) -> Line {
    let scale = |time: Duration| time.as_secs_f64() / whole.as_secs_f64() * columns as f64;
    let start = (scale(before).floor() as usize).min(columns.saturating_sub(1));
    let end = (scale(before + timing.total).round() as usize).clamp(start + 1, columns.max(1));
    let mut line = Line::of([(Role::Plain, " ".repeat(start))]);
    for column in start..end {
        let share = (column - start) as f64 + 0.5;
        let phase = phase_at(&timing, timing.total.mul_f64(share / (end - start) as f64));
        match line.spans.last_mut() {
            Some(last) if last.role == Role::Phase(phase) => last.text.push(fill(phase)),
            _ => line.push(Role::Phase(phase), fill(phase)),
        }
    }
    line.push(Role::Plain, " ".repeat(columns.saturating_sub(end)));
    line
}

/// The phase that was going on so long after the start.
fn phase_at(timing: &Timing, at: Duration) -> Phase {
    let mut end = Duration::ZERO;
    let mut last = Phase::Wait;
    for (phase, duration) in timing.phases() {
        (end, last) = (end + duration, phase);
        if at < end {
            break;
        }
    }
    last
}
