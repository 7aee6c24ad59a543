//! Search in the open pane, with less's keys: `/`, `n`, `N`.

use crate::app::effect::{BodySearch, Effect};
use crate::app::layout::Layout;
use crate::app::message::{BodyMatches, Search};
use crate::app::model::Model;
use crate::app::page;
use crate::app::pane::Pane;
use crate::domain::body_view::Search as Kept;

use super::navigate::show_line;

pub(super) fn update(model: &mut Model, search: Search) -> Vec<Effect> {
    match search {
        Search::Open => {
            model.search = Default::default();
            model.search.typing = true;
        }
        Search::Next => go(model, 1),
        Search::Previous => go(model, -1),
    }
    Vec::new()
}

/// Shows the first match while the pattern is typed.
pub(super) fn preview(model: &mut Model) {
    let text = model.search.input.text().to_owned();
    model.search.pattern = (!text.is_empty()).then_some(text);
    model.search.position = None;
    model.search.nth = 0;
    model.search.matches = None;
    go(model, 0);
}

/// In the body pane: asks the shell, unless it was asked already.
pub(super) fn wanted(model: &mut Model) -> Option<Effect> {
    if model.panes.open != Pane::Body {
        return None;
    }
    let query = model.panes.body.query.as_ref()?;
    let pattern = model.search.pattern.clone()?;
    let search = BodySearch { id: query.id, view: query.view, pattern, nth: model.search.nth };
    if model.search.asked.as_ref() == Some(&search) {
        return None;
    }
    model.search.asked = Some(search.clone());
    Some(Effect::SearchBody(search))
}

/// Takes in how far the search has come; the match that was asked for is shown once.
pub(super) fn matched(model: &mut Model, matches: BodyMatches) -> Vec<Effect> {
    if model.search.asked.as_ref() != Some(&matches.search) {
        return Vec::new();
    }
    let before = model.search.matches.as_ref().filter(|before| before.search == matches.search);
    let shown = before.is_some_and(|before| before.line.is_some());
    let at = matches.search.nth as usize + 1;
    model.search.position = matches.line.map(|_| (at, matches.found as usize));
    if let Some(line) = matches.line.filter(|_| !shown) {
        show_line(model, line);
    }
    if matches.complete && matches.found == 0 {
        not_found(model);
    }
    model.search.matches = Some(Box::new(matches));
    Vec::new()
}

pub(super) fn accept(model: &mut Model) {
    model.search.typing = false;
    if model.search.pattern.is_none() {
        model.search = Default::default();
    }
}

pub(super) fn go(model: &mut Model, step: isize) {
    if model.panes.open == Pane::Body {
        return go_in_body(model, step);
    }
    let Some(regex) = model.search.regex() else { return };
    let width = Layout::of(model).pane_inner().width;
    let lines = page::lines(model, model.panes.open, width);
    let hits: Vec<usize> =
        (0..lines.len()).filter(|&at| regex.is_match(&lines[at].text())).collect();
    if hits.is_empty() {
        model.search.position = None;
        return not_found(model);
    }
    let count = hits.len();
    let at = match model.search.position {
        Some((at, _)) => (at as isize - 1 + step).rem_euclid(count as isize) as usize,
        None => 0,
    };
    model.search.position = Some((at + 1, count));
    show_line(model, hits[at] as u64);
}

/// Wraps around at the ends once the whole body was searched; matches beyond those that are kept are only counted.
fn go_in_body(model: &mut Model, step: isize) {
    let kept = Kept::KEPT as u64;
    let known = model.search.matches.as_ref();
    let counted = known.map_or(0, |matches| matches.found);
    let known = known.map(|matches| (matches.found.min(kept), matches.complete));
    let nth = model.search.nth;
    let at_an_end = (step == 1 && nth + 1 >= kept) || (step == -1 && nth == 0);
    if counted > kept && at_an_end {
        let text = format!("only the first {kept} of {counted} matches can be gone to");
        model.say(text);
    }
    model.search.nth = match (step, known) {
        (1, Some((found, true))) => (nth + 1) % found.max(1),
        (1, Some((found, false))) => (nth + 1).min(found).min(kept - 1),
        (-1, Some((found, true))) => nth.checked_sub(1).unwrap_or(found.saturating_sub(1)),
        (-1, Some(_)) => nth.saturating_sub(1),
        _ => nth,
    };
}

fn not_found(model: &mut Model) {
    let text = format!("not found: {}", model.search.pattern.as_deref().unwrap_or_default());
    model.trouble(text);
}
