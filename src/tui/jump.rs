//! The jump overlay: a letter on everything that one can go to; typing it goes there.
//!
//! Promises: no label is the beginning of another, so the last letter of one acts at once; labels stand where their target stands.

use crate::app::layout::Layout;
use crate::app::message::{Message, Navigate, Place};
use crate::app::model::{Model, Overlay};
use crate::app::page;
use crate::app::pane::Pane;

use super::panes::{bar, chain, first, tabs};

/// One thing to go to, and where its label is drawn.
#[derive(Clone, PartialEq, Debug)]
pub struct Target {
    pub x: u16,
    pub y: u16,
    pub label: String,
    pub message: Message,
}

/// The letters of labels, the easiest to reach first.
const LETTERS: &[u8; 26] = b"asdfghjklqwertyuiopzxcvbnm";

/// Everything on the screen that one can go to.
pub fn targets(model: &Model) -> Vec<Target> {
    let places = match &model.session {
        None => first::places(model),
        Some(_) => on_main_screen(model),
    };
    let count = places.len();
    let target = |(at, (x, y, message)): (usize, (u16, u16, Navigate))| Target {
        x,
        y,
        label: label(at, count),
        message: Message::Navigate(message),
    };
    places.into_iter().enumerate().map(target).collect()
}

/// What a letter comes to: the target it names, or a longer label begun. `None`: no label goes on like this.
pub fn typed(model: &Model, letter: char) -> Option<Message> {
    let Some(Overlay::Jump { typed }) = &model.overlay else { return None };
    let typed = format!("{typed}{}", letter.to_ascii_lowercase());
    let targets = targets(model);
    if let Some(target) = targets.iter().find(|target| target.label == typed) {
        return Some(Message::Act(Box::new(target.message.clone())));
    }
    let begun = targets.iter().any(|target| target.label.starts_with(&typed));
    begun.then(|| super::input::typed(letter.to_ascii_lowercase().to_string()))
}

/// One letter where they suffice, else two.
fn label(at: usize, count: usize) -> String {
    let letter = |at: usize| char::from(LETTERS[at % LETTERS.len()]);
    match count <= LETTERS.len() {
        true => letter(at).to_string(),
        false => [letter(at / LETTERS.len()), letter(at)].iter().collect(),
    }
}

fn on_main_screen(model: &Model) -> Vec<(u16, u16, Navigate)> {
    let go = |(x, y, place)| (x, y, Navigate::Go(place));
    let mut places: Vec<_> = chain::places(model).into_iter().map(go).collect();
    let layout = Layout::of(model);
    let bar = layout.bar;
    places.extend(tabs::places(model).into_iter().map(|(x, y, pane)| (x, y, Navigate::Open(pane))));
    let inner = layout.pane_inner();
    places.push((inner.x, inner.y, Navigate::Go(Place::Pane)));
    places.extend(findings(model).into_iter().map(go));
    places.extend(bar::places(model).into_iter().map(|(x, navigate)| (x, bar.y, navigate)));
    let on_screen = |place: &(u16, u16, Navigate)| place.0 < model.size.0 && place.1 < model.size.1;
    let mut seen = Vec::new();
    places.retain(|place| {
        let free = !seen.contains(&(place.0, place.1));
        seen.push((place.0, place.1));
        free && on_screen(place)
    });
    places
}

/// The first line in sight of each finding in the open pane.
fn findings(model: &Model) -> Vec<(u16, u16, Place)> {
    let inner = Layout::of(model).pane_inner();
    let pane = model.panes.open;
    if pane == Pane::Body {
        return Vec::new();
    }
    let first = model.panes.scroll[pane.index()] as usize;
    let lines = page::lines(model, pane, inner.width);
    let mut found: Vec<(u16, u16, usize)> = Vec::new();
    for (y, line) in (inner.y..inner.bottom()).zip(lines.iter().skip(first)) {
        if let Some(finding) = line.finding
            && !found.iter().any(|(_, _, other)| *other == finding)
        {
            found.push((inner.x + 1, y, finding));
        }
    }
    found.into_iter().map(|(x, y, finding)| (x, y, Place::Finding(finding))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_label_begins_another() {
        for count in [1, 26, 27, 300] {
            let labels: Vec<_> = (0..count).map(|at| label(at, count)).collect();
            for (at, label) in labels.iter().enumerate() {
                let others = labels.iter().enumerate().filter(|(other, _)| *other != at);
                assert!(others.into_iter().all(|(_, other)| !other.starts_with(label.as_str())));
            }
        }
    }
}
