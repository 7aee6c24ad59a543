//! Two runs side by side: hops aligned, what differs below them, and where they part.

use super::units;
use super::{Line, Role};
use crate::app::model::{RunOrigin, Session};
use crate::domain::chain::{Ending, Hop};
use crate::domain::comparison::hosts::Hosts;
use crate::domain::comparison::{Comparison, Difference, Pair, Part, compare_across};
use crate::domain::escape::escape;
use crate::domain::text;
use crate::domain::variant::Variant;

/// The comparison of two runs in lines of at most `width` columns.
pub fn lines(left: &Session, right: &Session, hosts: &Hosts, width: u16) -> Vec<Line> {
    let columns = Columns::of(width);
    let mut comparison = compare_across(&left.chain, &right.chain, hosts);
    if [left, right].iter().any(|session| session.origin == RunOrigin::Recorded) {
        comparison.leave_masked_out();
    }
    let heading = |session: &Session| match session.origin {
        RunOrigin::Varied { variant, .. } => format!("run {}: {}", session.number, variant.id()),
        RunOrigin::Form
        | RunOrigin::Recorded
        | RunOrigin::Compared
        | RunOrigin::Resent { .. }
        | RunOrigin::SteppedAs { .. } => match &session.label {
            Some(label) => format!("run {}: {}", session.number, escape(label)),
            None => format!("run {}", session.number),
        },
    };
    let mut lines = vec![summary(left, right, &comparison)];
    lines.push(columns.row(' ', (Role::Strong, heading(left)), (Role::Strong, heading(right))));
    for (at, pair) in comparison.pairs.iter().enumerate() {
        let mark = if comparison.parted == Some(at) { '▶' } else { ' ' };
        let side = |hop: Option<usize>, session: &Session| match hop
            .and_then(|hop| session.chain.hops.get(hop - 1))
        {
            Some(hop) => (Role::Plain, hop_text(hop)),
            None => (Role::Dim, "–".to_owned()),
        };
        lines.push(columns.row(mark, side(pair.left, left), side(pair.right, right)));
        lines.extend(differences(pair, &columns));
    }
    let ends = |ending: Option<Ending>| (Role::Dim, ending_text(ending));
    lines.push(columns.row(' ', ends(comparison.endings.0), ends(comparison.endings.1)));
    lines
}

/// What a variant shows: whether the server answers otherwise when it is asked so.
fn varied(variant: Variant, comparison: &Comparison) -> Line {
    let pair = comparison.answers_part().and_then(|at| comparison.pairs.get(at));
    let text = match pair {
        None => format!("{}: the server answers all the same", variant.id()),
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

/// Where the runs part, in one sentence.
fn summary(left: &Session, right: &Session, comparison: &Comparison) -> Line {
    if let RunOrigin::Varied { run, variant } = right.origin
        && run == left.number
    {
        return varied(variant, comparison);
    }
    let runs = format!("Runs {} and {}", left.number, right.number);
    let Some(at) = comparison.parted else {
        return Line::of([(Role::Strong, format!("{runs} do not part"))]);
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

fn differences(pair: &Pair, columns: &Columns) -> Vec<Line> {
    let shown = pair.differences.iter().map(|difference| {
        let (left, right) = roles(difference);
        let value = |value: &Option<String>| escape(value.as_deref().unwrap_or("–")).into_owned();
        let name = part_text(&difference.part);
        columns.row(
            ' ',
            (left, format!("    {name}: {}", value(&difference.left))),
            (right, format!("    {name}: {}", value(&difference.right))),
        )
    });
    shown.collect()
}

fn roles(difference: &Difference) -> (Role, Role) {
    if !difference.part.matters() {
        return (Role::Dim, Role::Dim);
    }
    (Role::Removed, Role::Added)
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

fn hop_text(hop: &Hop) -> String {
    let status = hop.status().map_or_else(|| "✖".to_owned(), |status| status.to_string());
    let edited = if hop.edited { " (edited)" } else { "" };
    let url = escape(&hop.request.display_url()).into_owned();
    let time = units::duration(hop.exchange.timing.total);
    format!("{} {} {status} {url} {time}{edited}", hop.index, escape(hop.request.method.as_str()))
}

fn ending_text(ending: Option<Ending>) -> String {
    match ending {
        None => "not ended".to_owned(),
        Some(Ending::Final) => "ends here".to_owned(),
        Some(Ending::Stopped(reason)) => format!("stopped: {}", reason.sentence()),
        Some(Ending::Failed(kind)) => format!("failed: {}", kind.id()),
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
        let fit = |value: &str| text::pad(&text::fit(value, self.width), self.width);
        Line::of([
            (Role::Strong, format!("{mark} ")),
            (left.0, fit(&left.1)),
            (Role::Dim, " │ ".to_owned()),
            (right.0, fit(&right.1)),
        ])
    }
}
