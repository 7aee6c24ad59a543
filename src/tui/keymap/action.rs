//! The names of actions in keymap files: one for each thing that a key can do.
//!
//! Promises: every row of the table has a name, and no two things share one (tests hold both).

use super::table::{body, complete, edit, key, nav, open, run};
use crate::app::effect::Tool;
use crate::app::message::{
    BodyAct, Complete, Edit, Export, Field, Message, Navigate, Past, Project, Run, Search, Then,
};
use crate::app::pane::Pane;
use crate::app::text_input::InputKey;

/// The name of what this message does; empty for what no key does.
pub(super) fn name(message: &Message) -> &'static str {
    NAMES.iter().find(|(_, of)| of == message).map_or("", |(name, _)| name)
}

/// Every name.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|(name, _)| *name)
}

#[rustfmt::skip]
static NAMES: &[(&str, Message)] = &[
    ("send-anyway", run(Run::Confirm(true))),
    ("do-not-send", run(Run::Confirm(false))),
    ("step", run(Run::Step)),
    ("continue", run(Run::Continue)),
    ("again", run(Run::Start)),
    ("resend", run(Run::Resend)),
    ("follow", run(Run::Soft)),
    ("probe", run(Run::Probe)),
    ("suppress", Message::Project(Project::Offer)),
    ("undo-suppress", Message::Project(Project::Undo)),
    ("previous-run", run(Run::Switch(-1))),
    ("next-run", run(Run::Switch(1))),
    ("quit", run(Run::Quit)),
    ("interrupt", run(Run::Interrupt)),
    ("suspend", run(Run::Suspend)),
    ("enter", nav(Navigate::Enter)),
    ("back", nav(Navigate::Back)),
    ("up", nav(Navigate::Up)),
    ("down", nav(Navigate::Down)),
    ("left", nav(Navigate::Left)),
    ("right", nav(Navigate::Right)),
    ("page-up", nav(Navigate::PageUp)),
    ("page-down", nav(Navigate::PageDown)),
    ("top", nav(Navigate::Top)),
    ("bottom", nav(Navigate::Bottom)),
    ("next-pane", nav(Navigate::NextPane)),
    ("previous-pane", nav(Navigate::PreviousPane)),
    ("switch-focus", nav(Navigate::SwitchFocus)),
    ("url", nav(Navigate::FocusUrl)),
    ("method", nav(Navigate::MethodPicker)),
    ("client", nav(Navigate::ClientPicker)),
    ("view", nav(Navigate::NextView)),
    ("wrap", nav(Navigate::Wrap)),
    ("zoom", nav(Navigate::Zoom)),
    ("fold-hops", nav(Navigate::Fold)),
    ("narrow", nav(Navigate::Split(-1))),
    ("widen", nav(Navigate::Split(1))),
    ("filter", nav(Navigate::Filter)),
    ("find-all", nav(Navigate::Find)),
    ("breakpoints", nav(Navigate::Breakpoints)),
    ("variants", nav(Navigate::Variants)),
    ("compare", nav(Navigate::Compare)),
    ("runs", nav(Navigate::Runs)),
    ("jump", nav(Navigate::Jump)),
    ("palette", nav(Navigate::Palette)),
    ("privacy", nav(Navigate::Privacy)),
    ("mouse", nav(Navigate::Mouse)),
    ("hide-hint", nav(Navigate::Hint)),
    ("help", nav(Navigate::Help)),
    ("response", open(Pane::Response)),
    ("request", open(Pane::Request)),
    ("show-body", open(Pane::Body)),
    ("cookies", open(Pane::Cookies)),
    ("tls", open(Pane::Tls)),
    ("time", open(Pane::Time)),
    ("clients", open(Pane::Clients)),
    ("verdict", open(Pane::Findings)),
    ("find", Message::Search(Search::Open)),
    ("next-match", Message::Search(Search::Next)),
    ("previous-match", Message::Search(Search::Previous)),
    ("fold-more", body(BodyAct::FoldMore)),
    ("fold-less", body(BodyAct::FoldLess)),
    ("unfold", body(BodyAct::Unfold)),
    ("pager", body(BodyAct::Open(Tool::Pager))),
    ("open-in-editor", body(BodyAct::Open(Tool::Editor))),
    ("save", body(BodyAct::Save)),
    ("overwrite", body(BodyAct::Overwrite)),
    ("copy", Message::Export(Export::Menu)),
    ("edit", edit(Edit::Open(Field::Next))),
    ("headers", edit(Edit::Open(Field::Headers))),
    ("body", edit(Edit::Open(Field::Body))),
    ("auth", edit(Edit::Open(Field::Auth))),
    ("editor", edit(Edit::External)),
    ("restore", edit(Edit::Restore)),
    ("history", Message::Past(Past::Open)),
    ("reopen", Message::Past(Past::Take(Then::Show))),
    ("run-again", Message::Past(Past::Take(Then::Again))),
    ("compare-with-now", Message::Past(Past::Take(Then::Compare))),
    ("export", Message::Past(Past::Export)),
    ("delete", Message::Past(Past::Delete)),
    ("complete", complete(Complete::Take)),
    ("next-suggestion", complete(Complete::Next)),
    ("previous-suggestion", complete(Complete::Previous)),
    ("no-suggestion", complete(Complete::Drop)),
    ("cursor-left", key(InputKey::Left)),
    ("cursor-right", key(InputKey::Right)),
    ("cursor-up", key(InputKey::Up)),
    ("cursor-down", key(InputKey::Down)),
    ("word-left", key(InputKey::WordLeft)),
    ("word-right", key(InputKey::WordRight)),
    ("line-start", key(InputKey::Home)),
    ("line-end", key(InputKey::End)),
    ("delete-before", key(InputKey::Backspace)),
    ("delete-after", key(InputKey::Delete)),
    ("delete-word", key(InputKey::DeleteWord)),
    ("delete-to-start", key(InputKey::DeleteToStart)),
    ("delete-to-end", key(InputKey::DeleteToEnd)),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::keymap::table;

    #[test]
    fn every_action_has_one_name_of_its_own() {
        for binding in table::ALL {
            assert!(!name(&binding.message).is_empty(), "{:?}", binding.message);
        }
        for (at, (name, message)) in NAMES.iter().enumerate() {
            let same = |other: &&(&str, Message)| other.0 == *name || other.1 == *message;
            assert!(!NAMES[..at].iter().any(|other| same(&other)), "{name} twice");
            assert!(table::ALL.iter().any(|binding| binding.message == *message), "{name}: no key");
        }
    }
}
