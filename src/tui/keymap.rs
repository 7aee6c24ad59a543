//! The keymap: one table. Input, footer, help and the README's key table are all made from it.

mod table;

use std::fmt::Write as _;

use crate::app::message::{BodyAct, Edit, Field, Message, Navigate, Project, Run, Search};
use crate::app::model::{Model, Overlay};
use crate::app::pane::{Focus, Pane};

pub use table::ALL;

/// One row: these keys, in this context, send this message.
#[derive(Clone, PartialEq, Debug)]
pub struct Binding {
    pub context: Context,
    /// The keys, separated by spaces, in lower case but for capital letters; hints show the first. Keys pressed one after the
    /// other are joined by `~`.
    pub key: &'static str,
    pub message: Message,
    /// A word for the footer; empty: not in the footer. Rows that stand first stay longest.
    pub hint: &'static str,
    /// A sentence for the help.
    pub help: &'static str,
}

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
    /// Wherever text is typed.
    Text,
    /// Really anywhere.
    Always,
}

impl Context {
    pub const ALL: [Context; 22] = [
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
        Context::Text,
        Context::Always,
    ];

    /// The heading in the help.
    pub fn title(self) -> &'static str {
        match self {
            Context::Question => "Before a dangerous step",
            Context::Session => "Stepping through a chain",
            Context::Chain => "In the chain",
            Context::Pane => "In a pane",
            Context::List => "In the list of scenarios",
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
        Some(Overlay::Editor { .. }) => return &[Context::Editor, Context::Text, Context::Always],
        Some(Overlay::Breakpoints { .. }) => {
            return &[Context::Breakpoints, Context::Text, Context::Always];
        }
        None => {}
    }
    if model.search.typing || model.filter.typing {
        return &[Context::Prompt, Context::Text, Context::Always];
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

/// The row that this key means now.
pub fn lookup(model: &Model, key: &str) -> Option<&'static Binding> {
    let has = |binding: &&Binding| binding.key.split(' ').any(|name| name == key);
    contexts(model).iter().find_map(|context| in_context(*context).find(has))
}

/// The rows that go on like this: keys that were pressed, and more to come.
pub fn continued(
    model: &Model,
    begun: &str,
) -> impl Iterator<Item = (&'static str, &'static Binding)> {
    let begun = format!("{begun}~");
    let rows = contexts(model).iter().flat_map(|context| in_context(*context));
    rows.filter_map(move |binding| {
        let keys = binding.key.split(' ').find_map(|key| key.strip_prefix(begun.as_str()))?;
        Some((name(keys), binding))
    })
}

/// The rows of one context.
pub fn in_context(context: Context) -> impl Iterator<Item = &'static Binding> {
    ALL.iter().filter(move |binding| binding.context == context)
}

/// The rows whose hints belong in the footer now, the most important first.
pub fn hints(model: &Model) -> impl Iterator<Item = &'static Binding> {
    let contexts = contexts(model);
    let place = |binding: &Binding| contexts.contains(&binding.context);
    ALL.iter().filter(move |binding| {
        place(binding)
            && !binding.hint.is_empty()
            && works(model, binding)
            && !shadowed(contexts, binding)
    })
}

/// The key that opens the help where the keys go now.
pub fn help_key(model: &Model) -> Option<&'static str> {
    if let Some(Overlay::Help { .. }) = model.overlay {
        return None;
    }
    let contexts = contexts(model);
    let rows = ALL.iter().filter(|binding| contexts.contains(&binding.context));
    rows.filter(|binding| binding.message == Message::Navigate(Navigate::Help))
        .map(Binding::first)
        .next()
}

impl Binding {
    /// The key that hints show, as it is written on screens.
    pub fn first(&self) -> &'static str {
        name(self.key.split(' ').next().unwrap_or_default())
    }

    /// Every key, as it is written on screens.
    pub fn names(&self) -> String {
        self.key.split(' ').map(name).collect::<Vec<_>>().join(" ")
    }
}

/// The README's table of keys; editing and menu keys, which are what one expects, are only in the help.
pub fn markdown() -> String {
    let mut out = String::from("| where | key | what it does |\n|---|---|---|\n");
    let told = |context: &Context| match context {
        Context::Question | Context::Session | Context::Chain | Context::Pane => true,
        Context::Everywhere | Context::Url | Context::Always => true,
        Context::List | Context::Jump | Context::Palette | Context::Prompt => false,
        Context::Finder => false,
        Context::History => true,
        Context::Editor | Context::Breakpoints | Context::Token => false,
        Context::Explained => true,
        Context::Save | Context::Overwrite | Context::Menu | Context::Reading | Context::Text => {
            false
        }
    };
    for context in Context::ALL.into_iter().filter(told) {
        for (at, binding) in in_context(context).enumerate() {
            let place = if at == 0 { context.title() } else { "" };
            let cell = |key| format!("`{}`", name(key).replace('|', "\\|"));
            let keys: Vec<_> = binding.key.split(' ').map(cell).collect();
            let _ = writeln!(out, "| {place} | {} | {} |", keys.join(" "), binding.help);
        }
    }
    out
}

/// A key's name on screens; of a sequence `g~/` it is `g/`.
fn name(key: &'static str) -> &'static str {
    match key {
        "g~g" => "gg",
        "g~/" => "g/",
        "enter" => "⏎",
        "esc" => "Esc",
        "tab" => "Tab",
        "backtab" => "Shift-Tab",
        "up" => "↑",
        "down" => "↓",
        "left" => "←",
        "right" => "→",
        "home" => "Home",
        "end" => "End",
        "pgup" => "PgUp",
        "pgdn" => "PgDn",
        "space" => "Space",
        "f1" => "F1",
        "backspace" => "Backspace",
        "delete" => "Del",
        "ctrl-c" => "Ctrl-C",
        "ctrl-d" => "Ctrl-D",
        "ctrl-e" => "Ctrl-E",
        "ctrl-h" => "Ctrl-H",
        "ctrl-k" => "Ctrl-K",
        "ctrl-u" => "Ctrl-U",
        "ctrl-w" => "Ctrl-W",
        "ctrl-z" => "Ctrl-Z",
        "ctrl-left" => "Ctrl-←",
        "ctrl-right" => "Ctrl-→",
        "alt-a" => "Alt-A",
        "alt-r" => "Alt-R",
        "alt-c" => "Alt-C",
        "alt-b" => "Alt-B",
        "alt-d" => "Alt-D",
        "alt-e" => "Alt-E",
        "alt-f" => "Alt-F",
        "alt-h" => "Alt-H",
        "alt-m" => "Alt-M",
        "alt-p" => "Alt-P",
        "alt-u" => "Alt-U",
        "alt-x" => "Alt-X",
        "alt-left" => "Alt-←",
        "alt-right" => "Alt-→",
        "alt-backspace" => "Alt-Backspace",
        other => other,
    }
}

/// Whether the key is worth a hint now.
fn works(model: &Model, binding: &Binding) -> bool {
    let session = model.session.as_ref();
    match &binding.message {
        Message::Navigate(Navigate::Back) if binding.context == Context::Session => {
            model.is_waiting()
        }
        Message::Navigate(Navigate::Back) if binding.context == Context::Url => session.is_some(),
        Message::Navigate(Navigate::Down) if binding.context == Context::Url => {
            session.is_none() && !model.scenarios.is_empty()
        }
        // the first thing one wants once the chain has ended, and seldom before
        Message::Run(Run::Start) => session.is_none_or(|run| run.chain.ending().is_some()),
        Message::Navigate(Navigate::NextView | Navigate::Wrap) | Message::Body(_) => {
            model.panes.open == Pane::Body
        }
        message => obstacle(model, message).is_none(),
    }
}

/// Why this would do nothing now; `None` when it would.
pub fn obstacle(model: &Model, message: &Message) -> Option<&'static str> {
    let Some(session) = &model.session else { return obstacle_without_run(message) };
    let other = |there: bool| (!there).then_some("there is no such run: r runs again");
    match message {
        Message::Run(Run::Step | Run::Continue) | Message::Edit(Edit::Open(Field::Next)) => {
            match (session.chain.ending(), session.chain.ready()) {
                (Some(_), _) => Some("the chain has ended: r runs it again"),
                (None, None) => Some("a request is under way"),
                (None, Some(_)) => match message {
                    Message::Run(_) if !session.danger.is_empty() => Some("y or n first"),
                    _ => None,
                },
            }
        }
        Message::Edit(Edit::Restore) => match &model.overlay {
            Some(Overlay::Editor { field: Field::Next, .. }) => None,
            _ => Some("only while the next request is edited: E"),
        },
        Message::Run(Run::Soft) => {
            session.offer.is_none().then_some("the page leads nowhere by itself")
        }
        Message::Run(Run::Probe) => {
            session.chain.hops.is_empty().then_some("nothing was answered yet")
        }
        Message::Project(Project::Offer) => {
            session.findings.is_empty().then_some("there are no findings")
        }
        Message::Project(Project::Undo) => {
            model.written.is_empty().then_some("nothing was written to hopstep.toml here")
        }
        Message::Run(Run::Resend) => {
            let sent = session.selected < session.chain.hops.len();
            (!sent).then_some("the selected request was not sent yet")
        }
        Message::Run(Run::Switch(step)) => {
            let wanted = session.number.saturating_add_signed((*step).into());
            other(model.others.iter().any(|run| run.number == wanted))
        }
        Message::Navigate(Navigate::Runs | Navigate::Compare) => other(!model.others.is_empty()),
        Message::Navigate(Navigate::Wrap | Navigate::Left | Navigate::Right)
        | Message::Body(BodyAct::FoldMore | BodyAct::FoldLess | BodyAct::Unfold) => {
            (model.panes.open != Pane::Body).then_some("only in the body: 3")
        }
        Message::Search(Search::Next | Search::Previous) => {
            model.search.pattern.is_none().then_some("nothing is searched: / does")
        }
        _ => None,
    }
}

/// Before the first run, what is about a chain has nothing to be about.
fn obstacle_without_run(message: &Message) -> Option<&'static str> {
    let about_a_chain = in_context(Context::Session).any(|binding| binding.message == *message);
    let starts = matches!(message, Message::Run(Run::Start));
    (about_a_chain && !starts).then_some("no run yet: a URL and ⏎ begin one")
}

/// Whether an inner context gives the key another meaning.
fn shadowed(contexts: &[Context], binding: &Binding) -> bool {
    let key = binding.key.split(' ').next().unwrap_or_default();
    let outer = contexts.iter().position(|context| *context == binding.context).unwrap_or(0);
    contexts[..outer]
        .iter()
        .any(|inner| in_context(*inner).any(|other| other.key.split(' ').any(|name| name == key)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_has_two_meanings_in_one_context() {
        for context in Context::ALL {
            let mut seen = Vec::new();
            for key in in_context(context).flat_map(|binding| binding.key.split(' ')) {
                assert!(!seen.contains(&key), "{key} twice in {context:?}");
                seen.push(key);
            }
        }
    }

    #[test]
    fn keys_that_multiplexers_take_are_free() {
        for key in ALL.iter().flat_map(|binding| binding.key.split(' ')) {
            assert!(!["ctrl-a", "ctrl-b", "ctrl-s", "ctrl-o", "ctrl-j", "ctrl-q"].contains(&key));
        }
    }

    #[test]
    fn every_pane_has_its_digit() {
        for pane in Pane::ALL {
            let key = pane.digit().to_string();
            let binding = in_context(Context::Session).find(|binding| binding.key == key);
            assert_eq!(
                binding.map(|binding| &binding.message),
                Some(&Message::Navigate(Navigate::Open(pane)))
            );
        }
    }
}
