//! Contexts: where a key has its meaning, and which are in force.

use crate::app::message::Field;
use crate::app::model::{Model, Overlay};
use crate::app::pane::Focus;

/// Where a key has its meaning.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Context {
    /// A dangerous step waits for a word.
    Question,
    /// A chain is on the screen.
    Session,
    /// The chain has the focus.
    Chain,
    /// The open pane has the focus.
    Pane,
    /// The first screen's list has the focus.
    List,
    /// Anywhere keys are not text.
    Everywhere,
    /// The URL bar has the focus.
    Url,
    /// Letters stand on everything one can go to.
    Jump,
    /// Every hop is being searched.
    Finder,
    /// The palette of actions is open.
    Palette,
    /// The history is open.
    History,
    /// A pattern is being typed.
    Prompt,
    /// An editor of a part of the request is open.
    Editor,
    /// The token of a variant is being typed.
    Token,
    /// The explanation of a finding is open.
    Explained,
    /// The name of a file is being typed.
    Save,
    /// A file is about to be written over.
    Overwrite,
    /// The breakpoints are open.
    Breakpoints,
    /// A list to choose from lies over the screen.
    Menu,
    /// A text to read lies over the screen.
    Reading,
    /// Suggestions stand below what is typed.
    Completion,
    /// Wherever text is typed.
    Text,
    /// Really anywhere.
    Always,
}

impl Context {
    pub const ALL: [Context; 23] = [
        Context::Session,
        Context::Question,
        Context::Chain,
        Context::Pane,
        Context::Everywhere,
        Context::List,
        Context::Url,
        Context::Jump,
        Context::Finder,
        Context::Palette,
        Context::History,
        Context::Prompt,
        Context::Editor,
        Context::Token,
        Context::Save,
        Context::Overwrite,
        Context::Breakpoints,
        Context::Menu,
        Context::Explained,
        Context::Reading,
        Context::Completion,
        Context::Text,
        Context::Always,
    ];

    /// The name in keymap files.
    pub fn name(self) -> &'static str {
        match self {
            Context::Question => "question",
            Context::Session => "session",
            Context::Chain => "chain",
            Context::Pane => "pane",
            Context::List => "list",
            Context::Everywhere => "everywhere",
            Context::Url => "url",
            Context::Jump => "jump",
            Context::Finder => "finder",
            Context::Palette => "palette",
            Context::History => "history",
            Context::Prompt => "prompt",
            Context::Editor => "editor",
            Context::Save => "save",
            Context::Overwrite => "overwrite",
            Context::Breakpoints => "breakpoints",
            Context::Menu => "menu",
            Context::Reading => "reading",
            Context::Token => "token",
            Context::Explained => "explained",
            Context::Completion => "completion",
            Context::Text => "text",
            Context::Always => "always",
        }
    }

    /// The heading in the help.
    pub fn title(self) -> &'static str {
        match self {
            Context::Question => "Before a dangerous step",
            Context::Session => "Stepping through a chain",
            Context::Chain => "In the chain",
            Context::Pane => "In a pane",
            Context::List => "In the list of recent chains and scenarios",
            Context::Everywhere => "The next run, and the program",
            Context::Url => "In the URL bar",
            Context::Jump => "While letters stand on the screen",
            Context::Finder => "In the search of every hop",
            Context::Palette => "In the list of all actions",
            Context::History => "In the history",
            Context::Prompt => "While searching or filtering",
            Context::Editor => "In an editor",
            Context::Token => "While a token is typed",
            Context::Explained => "In the explanation of a finding",
            Context::Save => "While a file is named",
            Context::Overwrite => "Before a file is written over",
            Context::Breakpoints => "In the list of breakpoints",
            Context::Menu => "In a menu",
            Context::Reading => "In help and explanations",
            Context::Completion => "While suggestions stand below a field",
            Context::Text => "Wherever text is typed",
            Context::Always => "Always",
        }
    }
}

/// The contexts in force, the innermost first.
pub fn contexts(model: &Model) -> &'static [Context] {
    contexts_in(model, model.overlay.as_ref())
}

/// The contexts in force where the help was opened.
pub fn contexts_under_help(model: &Model) -> &'static [Context] {
    match &model.overlay {
        Some(Overlay::Help { over, .. }) => contexts_in(model, over.as_deref()),
        other => contexts_in(model, other.as_ref()),
    }
}

fn contexts_in(model: &Model, overlay: Option<&Overlay>) -> &'static [Context] {
    match overlay {
        Some(Overlay::Help { .. } | Overlay::HandCopy { .. } | Overlay::Compare { .. }) => {
            return &[Context::Reading, Context::Always];
        }
        Some(Overlay::Explain { .. }) => {
            return &[Context::Explained, Context::Reading, Context::Always];
        }
        Some(Overlay::Probe { .. }) => {
            return &[Context::Question, Context::Reading, Context::Always];
        }
        Some(Overlay::Editor { field: Field::Token, .. }) => {
            return &[Context::Token, Context::Text, Context::Always];
        }
        Some(Overlay::Save { exists: true, .. }) => return &[Context::Overwrite, Context::Always],
        Some(Overlay::Save { .. }) => return &[Context::Save, Context::Text, Context::Always],
        Some(
            Overlay::Methods { .. }
            | Overlay::Clients { .. }
            | Overlay::Variants { .. }
            | Overlay::Suppress { .. }
            | Overlay::Copy { .. }
            | Overlay::Runs { .. }
            | Overlay::Pick { .. },
        ) => {
            return &[Context::Menu, Context::Always];
        }
        Some(Overlay::Jump { .. }) => return &[Context::Jump, Context::Always],
        Some(Overlay::Find { .. }) => {
            return &[Context::Finder, Context::Text, Context::Always];
        }
        Some(Overlay::History { .. }) => {
            return &[Context::History, Context::Text, Context::Always];
        }
        Some(Overlay::Palette { .. }) => {
            return &[Context::Palette, Context::Text, Context::Always];
        }
        Some(Overlay::Editor { .. }) if model.completion.is_some() => {
            return &[Context::Completion, Context::Editor, Context::Text, Context::Always];
        }
        Some(Overlay::Editor { .. }) => return &[Context::Editor, Context::Text, Context::Always],
        Some(Overlay::Breakpoints { .. }) => {
            return &[Context::Breakpoints, Context::Text, Context::Always];
        }
        None => {}
    }
    if model.search.typing || model.filter.typing {
        return &[Context::Prompt, Context::Text, Context::Always];
    }
    if model.completion.is_some() && model.focus == Focus::Url {
        return &[Context::Completion, Context::Url, Context::Text, Context::Always];
    }
    contexts_below(model)
}

/// The contexts in force below overlays and the search prompt.
pub fn contexts_below(model: &Model) -> &'static [Context] {
    let asks = model.session.as_ref().is_some_and(|session| !session.danger.is_empty());
    match model.focus {
        Focus::Url => &[Context::Url, Context::Text, Context::Always],
        Focus::List => &[Context::List, Context::Everywhere, Context::Always],
        Focus::Chain | Focus::Pane if asks => {
            &[Context::Question, Context::Session, Context::Everywhere, Context::Always]
        }
        Focus::Chain => &[Context::Chain, Context::Session, Context::Everywhere, Context::Always],
        Focus::Pane => &[Context::Pane, Context::Session, Context::Everywhere, Context::Always],
    }
}
