//! Two runs side by side: hops aligned, what differs below them, and where they part.

mod bodies;
mod common;

use super::{Line, Role};
use super::{prose, units};
use crate::app::compared::Compared;
use crate::app::model::{RunOrigin, Session};
use crate::domain::chain::{Ending, Hop};
use crate::domain::comparison::hosts::Hosts;
use crate::domain::comparison::{Comparison, Difference, Pair, Part, compare_across};
use crate::domain::escape::escape;
use crate::domain::text;
use crate::domain::variant::Variant;
use common::Common;

/// The comparison of two runs in lines of at most `width` columns.
pub fn lines(
    (left, right): (&Session, &Session),
    compared: &Compared,
    hosts: &Hosts,
    width: u16,
) -> Vec<Line> {
    let columns = Columns::of(width);
    let mut comparison = compare_across(&left.chain, &right.chain, hosts);
    if [left, right].iter().any(|session| session.origin == RunOrigin::Recorded) {
        comparison.leave_masked_out();
    }
    let heading = |session: &Session| match session.name() {
        Some(name) => format!("run {}: {}", session.number, escape(name)),
        None => format!("run {}", session.number),
    };
    let said = summary(left, right, &comparison).spans;
    let said: Vec<_> = said.into_iter().map(|span| (span.role, span.text)).collect();
    let mut lines = prose::flow(&said, width.into(), width.into());
    lines.extend(bodies::summary(&comparison, compared));
    lines.push(columns.row(' ', (Role::Strong, heading(left)), (Role::Strong, heading(right))));
    for (at, pair) in comparison.pairs.iter().enumerate() {
        let mark = if comparison.parted == Some(at) { '▶' } else { ' ' };
        let side = |hop: Option<usize>, session: &Session| match hop
            .and_then(|hop| session.chain.hops.get(hop - 1))
        {
            Some(hop) => (Role::Plain, hop_text(hop, columns.width)),
            None => (Role::Dim, "–".to_owned()),
        };
        lines.push(columns.row(mark, side(pair.left, left), side(pair.right, right)));
        lines.extend(differences(pair, compared, &columns));
        lines.extend(bodies::lines(pair, compared, &columns));
    }
    let ends = |ending: Option<Ending>, session: &Session| {
        (
            Role::Dim,
            format!(
                "{} · {} in all",
                ending_text(ending),
                units::duration(session.chain.elapsed())
            ),
        )
    };
    let (left_end, right_end) = comparison.endings;
    lines.push(columns.row(' ', ends(left_end, left), ends(right_end, right)));
    lines
}

/// What a variant shows: whether the server answers otherwise when it is asked so.
fn varied(variant: Variant, comparison: &Comparison) -> Line {
    let pair = comparison.answers_part().and_then(|at| comparison.pairs.get(at));
    let text = match pair {
        None => format!("{}: the server answers all the same{}", variant.id(), so_far(comparison)),
        Some(pair) => {
            let hop = pair.left.or(pair.right).unwrap_or(1);
            let parts: Vec<String> = pair
                .differences
                .iter()
                .filter(|d| d.part.matters() && !matches!(d.part, Part::RequestField(_)))
                .take(4)
                .map(|difference| part_text(&difference.part))
                .collect();
            let what =
                if parts.is_empty() { "a hop more or less".to_owned() } else { parts.join(", ") };
            format!("{}: the server answers otherwise at hop {hop} ({what})", variant.id())
        }
    };
    Line::of([(Role::Strong, text)])
}

/// What is said where one run has not gone on yet.
fn so_far(comparison: &Comparison) -> &'static str {
    if comparison.is_whole() { "" } else { " so far" }
}

/// Where the runs part, in one sentence.
fn summary(left: &Session, right: &Session, comparison: &Comparison) -> Line {
    if let RunOrigin::Varied { run, variant } = right.origin
        && run == left.number
    {
        return varied(variant, comparison);
    }
    let runs = format!("Runs {} and {}", left.number, right.number);
    let Some(at) = comparison.parted else {
        return Line::of([(Role::Strong, format!("{runs} go the same way{}", so_far(comparison)))]);
    };
    let pair = &comparison.pairs[at];
    let hop = pair.left.or(pair.right).unwrap_or(1);
    let why = match (pair.left, pair.right) {
        (Some(_), Some(_)) => {
            let parts = pair.differences.iter().filter(|difference| difference.part.matters());
            let names: Vec<String> =
                parts.take(4).map(|difference| part_text(&difference.part)).collect();
            names.join(", ")
        }
        _ => "only one of them has it".to_owned(),
    };
    Line::of([(Role::Strong, format!("{runs} part at hop {hop}: {}", escape(&why)))])
}

fn differences(pair: &Pair, compared: &Compared, columns: &Columns) -> Vec<Line> {
    // bodies that were read are shown by lines
    let told = |difference: &&Difference| match difference.part {
        Part::Body => bodies::place(pair, false).is_some_and(|at| compared.of(at).is_some()),
        Part::RequestBody => bodies::place(pair, true).is_some_and(|at| compared.of(at).is_some()),
        Part::Method
        | Part::Url
        | Part::Status
        | Part::Location
        | Part::Failure
        | Part::RequestField(_)
        | Part::Field(_)
        | Part::Volatile(_) => false,
    };
    let shown = pair.differences.iter().filter(|difference| !told(difference)).map(|difference| {
        let value = |value: &Option<String>| escape(value.as_deref().unwrap_or("–")).into_owned();
        let (left, right) = (value(&difference.left), value(&difference.right));
        let lead = format!("    {}: ", part_text(&difference.part));
        let common = Common::of(&left, &right);
        let room = columns.width.saturating_sub(text::width(&lead));
        let [gone, new] = roles(difference);
        let side = |value: &str, role: Role| {
            let mut line = Line::of([(role, lead.clone())]);
            line.spans.extend(common.marked(value, role, room).spans);
            line
        };
        columns.beside(' ', side(&left, gone), side(&right, new))
    });
    shown.collect()
}

fn roles(difference: &Difference) -> [Role; 2] {
    if !difference.part.matters() {
        return [Role::Dim, Role::Dim];
    }
    [Role::Removed, Role::Added]
}

fn part_text(part: &Part) -> String {
    match part {
        Part::Method => "method".to_owned(),
        Part::Url => "URL".to_owned(),
        Part::RequestBody => "request body".to_owned(),
        Part::Status => "status".to_owned(),
        Part::Location => "Location".to_owned(),
        Part::Failure => "failure".to_owned(),
        Part::RequestField(name) => format!("request {}", escape(name)),
        Part::Field(name) | Part::Volatile(name) => escape(name).into_owned(),
        Part::Body => "body".to_owned(),
    }
}

/// Less room than this for a URL, and the time beside it gives way.
const LEAST_URL: usize = 6;

/// The URL is shortened before the time is left out.
fn hop_text(hop: &Hop, width: usize) -> String {
    let status = hop.status().map_or_else(|| "✖".to_owned(), |status| status.to_string());
    let edited = if hop.edited { " (edited)" } else { "" };
    let url = escape(&hop.request.display_url()).into_owned();
    let time = units::duration(hop.exchange.timing.total);
    let lead = format!("{} {} {status} ", hop.index, escape(hop.request.method.as_str()));
    let room = |tail: &str| width.saturating_sub(text::width(&lead) + text::width(tail));
    let tail = Some(format!(" {time}{edited}")).filter(|tail| room(tail) >= LEAST_URL);
    let tail = tail.unwrap_or_else(|| edited.to_owned());
    format!("{lead}{}{tail}", text::fit_middle(&url, room(&tail)))
}

fn ending_text(ending: Option<Ending>) -> String {
    match ending {
        None => "not ended".to_owned(),
        Some(Ending::Final) => "ends here".to_owned(),
        Some(Ending::Stopped(reason)) => format!("stopped: {}", reason.words()),
        Some(Ending::Failed(kind)) => format!("failed: {}", kind.words()),
    }
}

/// Two columns of equal width behind a mark.
struct Columns {
    width: usize,
}

impl Columns {
    fn of(width: u16) -> Columns {
        Columns { width: usize::from(width).saturating_sub(5) / 2 }
    }

    fn row(&self, mark: char, left: (Role, String), right: (Role, String)) -> Line {
        self.beside(mark, Line::of([left]), Line::of([right]))
    }

    fn beside(&self, mark: char, left: Line, right: Line) -> Line {
        let mut line = Line::of([(Role::Strong, format!("{mark} "))]);
        line.spans.extend(self.fit(left).spans);
        line.push(Role::Dim, " │ ");
        line.spans.extend(self.fit(right).spans);
        line
    }

    /// The line in exactly the column's width.
    fn fit(&self, line: Line) -> Line {
        let mut out = Line::default();
        let mut left = self.width;
        let mut rest: usize = line.spans.iter().map(|span| text::width(&span.text)).sum();
        for span in line.spans {
            let width = text::width(&span.text);
            // one column for the sign that something is missing
            let room = if rest > left { left.saturating_sub(1) } else { left };
            let taken = text::truncate(&span.text, room);
            out.push(span.role, taken);
            left -= text::width(taken);
            rest -= width;
            if taken.len() < span.text.len() {
                out.push(span.role, "…");
                left = left.saturating_sub(1);
                break;
            }
        }
        out.push(Role::Plain, " ".repeat(left));
        out
    }
}
