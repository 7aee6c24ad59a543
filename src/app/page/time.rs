//! Time: the phases of this hop, and the whole chain as a waterfall.
//!
//! Promises: each phase has a fill of its own, so that the bars can be read without colour; a hop is never too short to be seen.

use std::time::Duration;

use crate::app::model::Session;
use crate::domain::chain::Hop;
use crate::domain::finding::{Anchor, Severity};
use crate::domain::http::timing::{Phase, Timing};
use crate::domain::text;

use super::sheet::{Mark, Sheet};
use super::{Line, Role, head, units};

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

/// The hop's phases, then every hop of the chain on one scale.
pub fn lines(session: &Session, hop: &Hop, width: u16) -> Vec<Line> {
    let mut sheet = Sheet::new(width);
    sheet.heading(&format!("Hop {}", hop.index));
    phases(&mut sheet, &hop.exchange.timing);
    if hop.exchange.connection.reused {
        sheet.prose(
            2,
            &[(Role::Dim, "no connection phases: the connection of an earlier hop was reused")],
        );
    }
    let found = super::findings_on(session, hop.index);
    for Mark { index, finding, .. } in head::marks(&found, |anchor| *anchor == Anchor::Timing) {
        sheet.finding(index, finding);
    }
    sheet.heading("Chain");
    let label = 12 + session.chain.hops.len().to_string().len();
    let columns = sheet.width().saturating_sub(label + 12).max(4);
    let whole = whole(session);
    let mut before = Duration::ZERO;
    for other in &session.chain.hops {
        let timing = other.exchange.timing;
        let bar =
            if whole.is_zero() { Line::default() } else { span(timing, before, whole, columns) };
        sheet.line(row(session, other, hop.index, bar));
        before += timing.held();
    }
    sheet.gap();
    sheet.line(legend());
    sheet.finish()
}

fn phases(sheet: &mut Sheet, timing: &Timing) {
    let columns = sheet.width().saturating_sub(24).clamp(4, 60);
    let mut before = Duration::ZERO;
    for (phase, duration) in timing.phases() {
        let own = alone(phase, duration);
        let mut line = Line::of([(Role::Plain, format!("  {:<9}", super::phase_name(phase)))]);
        line.push(Role::Plain, format!("{:>8}  ", units::duration(duration)));
        if !timing.total.is_zero() {
            line.spans.extend(span(own, before, timing.total, columns).spans);
        }
        before += duration;
        sheet.line(line);
    }
    let total = format!("  {:<9}{:>8}", "total", units::duration(timing.total));
    sheet.line(Line::of([(Role::Strong, total)]));
}

/// A timing of one phase only.
fn alone(phase: Phase, duration: Duration) -> Timing {
    let mut timing = Timing { total: duration, ..Timing::default() };
    let slot = match phase {
        Phase::Dns => &mut timing.dns,
        Phase::Connect => &mut timing.connect,
        Phase::Tls => &mut timing.tls,
        Phase::Wait => &mut timing.wait,
        Phase::Receive => &mut timing.receive,
    };
    *slot = Some(duration);
    timing
}

fn row(session: &Session, hop: &Hop, selected: usize, bar: Line) -> Line {
    let digits = session.chain.hops.len().to_string().len();
    let mark = if hop.index == selected { "▶" } else { " " };
    let method = text::fit(hop.request.method.as_str(), 4).into_owned();
    let mut line = Line::of([(Role::Plain, format!("{mark} {:>digits$} {method:<4} ", hop.index))]);
    match hop.status() {
        Some(status) => line.push(Role::Status(status), status.to_string()),
        None => line.push(Role::Severity(Severity::Error), "✖✖✖"),
    }
    line.push(Role::Plain, " ");
    line.spans.extend(bar.spans);
    line.push(Role::Plain, format!("{:>9}", units::duration(hop.exchange.timing.total)));
    line
}

fn legend() -> Line {
    let mut line = Line::default();
    for phase in [Phase::Dns, Phase::Connect, Phase::Tls, Phase::Wait, Phase::Receive] {
        line.push(Role::Phase(phase), fill(phase));
        line.push(Role::Dim, format!(" {}  ", super::phase_name(phase)));
    }
    line
}

/// The hop's (from 1) share of the whole chain's time, in a bar of so many columns.
pub fn bar(session: &Session, hop: usize, columns: usize) -> Line {
    let before = session.chain.before(hop.saturating_sub(1));
    let own = session.chain.hops.get(hop.saturating_sub(1)).map(|hop| hop.exchange.timing);
    let whole = whole(session);
    match own {
        Some(own) if !whole.is_zero() => span(own, before, whole, columns),
        Some(_) | None => Line::default(),
    }
}

/// When the last byte of all was in: a redirect's body may outlast the chain.
fn whole(session: &Session) -> Duration {
    let mut before = Duration::ZERO;
    let ends = session.chain.hops.iter().map(|hop| {
        let end = before + hop.exchange.timing.total;
        before += hop.exchange.timing.held();
        end
    });
    ends.max().unwrap_or_default()
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
