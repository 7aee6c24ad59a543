//! Search in the open pane, with less's keys: `/`, `n`, `N`.

use crate::app::effect::Effect;
use crate::app::layout::Layout;
use crate::app::message::Search;
use crate::app::model::{Model, Status};
use crate::app::page;

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
    go(model, 0);
}

pub(super) fn accept(model: &mut Model) {
    model.search.typing = false;
    if model.search.pattern.is_none() {
        model.search = Default::default();
    }
}

fn go(model: &mut Model, step: isize) {
    let Some(regex) = model.search.regex() else { return };
    let width = Layout::of(model).pane_inner().width;
    let lines = page::lines(model, model.panes.open, width);
    let hits: Vec<usize> =
        (0..lines.len()).filter(|&at| regex.is_match(&lines[at].text())).collect();
    if hits.is_empty() {
        model.search.position = None;
        let text = format!("not found: {}", model.search.pattern.as_deref().unwrap_or_default());
        model.status = Some(Status { text, trouble: true });
        return;
    }
    let count = hits.len();
    let at = match model.search.position {
        Some((at, _)) => (at as isize - 1 + step).rem_euclid(count as isize) as usize,
        None => 0,
    };
    model.search.position = Some((at + 1, count));
    show_line(model, hits[at] as u64);
}
