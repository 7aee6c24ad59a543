//! The body pane's last row: where the cursor stands in the data, and what the body is.

use super::{Line, Role, units};
use crate::app::message::BodyWindow;
use crate::app::model::Model;
use crate::domain::body_view::{Fault, FaultKind, View, image};
use crate::domain::chain::Hop;
use crate::domain::escape::escape;
use crate::domain::finding::Severity;
use crate::domain::text;

/// The path on the left, the facts on the right; facts that find no room are left out, the last first.
pub fn foot(model: &Model, hop: &Hop, width: u16) -> Line {
    let width = usize::from(width);
    let window = model.panes.body.window.as_deref();
    let left = window.map_or((Role::Plain, String::new()), |window| place(window, hop));
    let mut facts = facts(model, hop, window);
    let longest = text::width(&left.1).min(width / 2);
    let joined = |facts: &[(Role, String)]| {
        facts.iter().map(|(_, fact)| text::width(fact) + 3).sum::<usize>()
    };
    while facts.len() > 1 && longest + joined(&facts) > width {
        facts.pop();
    }
    let room = width.saturating_sub(joined(&facts));
    let mut line = Line::of([(left.0, text::fit_middle(&left.1, room).into_owned())]);
    let gap = width.saturating_sub(text::width(&line.text()) + joined(&facts).saturating_sub(3));
    line.push(Role::Plain, " ".repeat(gap));
    for (at, (role, fact)) in facts.into_iter().enumerate() {
        if at > 0 {
            line.push(Role::Dim, " · ");
        }
        line.push(role, fact);
    }
    line
}

/// What the body is not, else the path.
fn place(window: &BodyWindow, hop: &Hop) -> (Role, String) {
    let warning = |text: String| {
        (Role::Severity(Severity::Warning), format!("{} {text}", Severity::Warning.badge()))
    };
    if let Some(failure) = hop.exchange.failure.as_ref() {
        return warning(format!("incomplete: {}", escape(&failure.message)));
    }
    match (&window.path, window.fault) {
        (_, Some((Fault { kind, offset }, line))) if kind != FaultKind::Lenient => {
            let place = line.map(|line| format!(" in line {}", line + 1)).unwrap_or_default();
            warning(match kind {
                FaultKind::Unfinished => "ends within a value".to_owned(),
                FaultKind::TooDeep => format!("nested too deep{place} (byte {offset})"),
                FaultKind::Unexpected | FaultKind::Lenient => {
                    format!("not JSON from byte {offset}{place}")
                }
            })
        }
        (Some(path), _) => (Role::Strong, path.clone()),
        (None, _) => (Role::Plain, String::new()),
    }
}

/// The most important first.
fn facts(model: &Model, hop: &Hop, window: Option<&BodyWindow>) -> Vec<(Role, String)> {
    let mut facts = Vec::new();
    let record = &hop.exchange.body;
    if let Some(search) = found(model) {
        facts.push((Role::Strong, search));
    }
    if let Some(image) = image::image(&record.head) {
        let size = image.size.map(|(width, height)| format!(" {width} × {height}"));
        facts.push((Role::Strong, format!("{}{}", image.format, size.unwrap_or_default())));
    }
    if record.truncated {
        let kept = units::bytes(record.decoded_size);
        facts.push((Role::Severity(Severity::Warning), format!("only {kept} kept")));
    }
    let Some(window) = window else { return facts };
    let more = if window.indexed { "" } else { "+" };
    facts.push((Role::Dim, format!("{}/{}{more}", window.cursor + 1, window.total)));
    facts.push((Role::Dim, window.view.name().to_owned()));
    if let Some(at) = window.fault.filter(|(fault, _)| fault.kind == FaultKind::Lenient) {
        facts.push((Role::Dim, format!("not strict, byte {}", at.0.offset)));
    }
    if !matches!(window.view, View::Hex | View::Raw) {
        facts.push((Role::Dim, window.charset.to_owned()));
    }
    match model.panes.body.folds.count() {
        0 => {}
        count => facts.push((Role::Dim, format!("{count} folded"))),
    }
    facts
}

/// Which match of how many is shown, and how far a search through a big body has come.
fn found(model: &Model) -> Option<String> {
    let matches = model.search.matches.as_ref()?;
    let position = model.search.position.map(|(at, of)| format!("match {at}/{of}"));
    let said = position.unwrap_or_else(|| format!("{} matches", matches.found));
    Some(match matches.complete {
        true => said,
        false => format!("{said} in {} …", units::bytes(matches.searched)),
    })
}
