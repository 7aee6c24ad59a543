//! The keymap: one table. Input, footer, help and the README's key table are all made from it.

use std::fmt::Write as _;

use crate::app::message::{Edit, Export, Field, Message, Navigate, Run, Search};
use crate::app::model::{Model, Overlay};
use crate::app::pane::{Focus, Pane};
use crate::app::text_input::InputKey;

/// One row: these keys, in this context, send this message.
#[derive(Clone, PartialEq, Debug)]
pub struct Binding {
    pub context: Context,
    /// The keys, separated by spaces, in lower case but for capital letters; hints show the first.
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
    /// A pattern is being typed.
    Prompt,
    /// An editor of a part of the request is open.
    Editor,
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
    pub const ALL: [Context; 14] = [
        Context::Session,
        Context::Question,
        Context::Chain,
        Context::Pane,
        Context::Everywhere,
        Context::List,
        Context::Url,
        Context::Prompt,
        Context::Editor,
        Context::Breakpoints,
        Context::Menu,
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
            Context::Prompt => "While searching",
            Context::Editor => "In an editor",
            Context::Breakpoints => "In the list of breakpoints",
            Context::Menu => "In a menu",
            Context::Reading => "In help and explanations",
            Context::Text => "Wherever text is typed",
            Context::Always => "Always",
        }
    }
}

/// Every key there is.
pub static ALL: &[Binding] = &[
    row(
        Context::Question,
        "y",
        Message::Run(Run::Confirm(true)),
        "send it",
        "send the request all the same; no other key sends it",
    ),
    row(Context::Question, "n esc", Message::Run(Run::Confirm(false)), "don't", "do not send"),
    row(
        Context::Session,
        "s",
        Message::Run(Run::Step),
        "step",
        "send the next request and stop at its response",
    ),
    row(
        Context::Session,
        "c",
        Message::Run(Run::Continue),
        "continue",
        "go on to the end of the chain, or to a dangerous step",
    ),
    row(
        Context::Session,
        "esc",
        Message::Navigate(Navigate::Back),
        "cancel",
        "cancel what runs; else one level back",
    ),
    row(
        Context::Session,
        "r",
        Message::Run(Run::Start),
        "run again",
        "run the request in the URL bar from the start",
    ),
    row(
        Context::Session,
        "E",
        Message::Edit(Edit::Open(Field::Next)),
        "edit next",
        "edit the next request before it is sent; the hop stays marked",
    ),
    row(
        Context::Session,
        "R",
        Message::Run(Run::Resend),
        "resend",
        "send the selected hop again, as a new run; this one is kept",
    ),
    row(
        Context::Session,
        "b",
        Message::Navigate(Navigate::Breakpoints),
        "break",
        "breakpoints: where a run that continues stops",
    ),
    row(Context::Session, "[", Message::Run(Run::Switch(-1)), "", "show the run before this one"),
    row(Context::Session, "]", Message::Run(Run::Switch(1)), "", "show the run after this one"),
    row(
        Context::Session,
        "=",
        Message::Navigate(Navigate::Compare),
        "compare",
        "put the run before beside this one",
    ),
    row(
        Context::Chain,
        "enter",
        Message::Navigate(Navigate::Enter),
        "into pane",
        "give the keys to the open pane",
    ),
    row(
        Context::Pane,
        "enter",
        Message::Navigate(Navigate::Enter),
        "explain",
        "explain the first finding in sight",
    ),
    row(
        Context::Session,
        "y",
        Message::Export(Export::Menu),
        "copy",
        "copy a curl command, URL, head, ...: opens the menu",
    ),
    row(
        Context::Everywhere,
        "e",
        Message::Navigate(Navigate::FocusUrl),
        "edit URL",
        "edit the URL",
    ),
    row(
        Context::Everywhere,
        "a",
        Message::Navigate(Navigate::ClientPicker),
        "client",
        "choose whose redirect rules decide",
    ),
    row(
        Context::Everywhere,
        "m",
        Message::Navigate(Navigate::MethodPicker),
        "method",
        "choose the method of the next run",
    ),
    row(
        Context::Session,
        "v",
        Message::Navigate(Navigate::NextView),
        "view",
        "show the body another way: pretty, raw, hex",
    ),
    row(Context::Session, "/", Message::Search(Search::Open), "find", "search in the open pane"),
    row(Context::Session, "n", Message::Search(Search::Next), "next", "next match"),
    row(Context::Session, "N", Message::Search(Search::Previous), "previous", "match before"),
    row(Context::Session, "tab", Message::Navigate(Navigate::NextPane), "pane", "next pane"),
    row(Context::Session, "backtab", Message::Navigate(Navigate::PreviousPane), "", "pane before"),
    row(
        Context::Session,
        "1",
        open(Pane::Response),
        "",
        "response: status line and fields, with findings",
    ),
    row(Context::Session, "2", open(Pane::Request), "", "request as it was sent"),
    row(Context::Session, "3", open(Pane::Body), "", "body of the response"),
    row(Context::Session, "4", open(Pane::Cookies), "", "cookies sent, stored and refused"),
    row(Context::Session, "5", open(Pane::Tls), "", "TLS session and certificates"),
    row(Context::Session, "6", open(Pane::Time), "", "time, as a waterfall"),
    row(Context::Session, "7", open(Pane::Clients), "", "what clients do with this response"),
    row(Context::Session, "8", open(Pane::Findings), "", "verdict: every finding, worst first"),
    row(
        Context::Session,
        "z",
        Message::Navigate(Navigate::Zoom),
        "zoom",
        "give the open pane the whole screen, and back",
    ),
    row(
        Context::Session,
        "w",
        Message::Navigate(Navigate::Wrap),
        "wrap",
        "wrap long body lines, and back",
    ),
    row(
        Context::Everywhere,
        "h",
        Message::Edit(Edit::Open(Field::Headers)),
        "headers",
        "edit the headers of the next run",
    ),
    row(
        Context::Everywhere,
        "d",
        Message::Edit(Edit::Open(Field::Body)),
        "body",
        "edit the body of the next run",
    ),
    row(
        Context::Everywhere,
        "u",
        Message::Edit(Edit::Open(Field::Auth)),
        "auth",
        "edit user and password, or token",
    ),
    row(
        Context::Session,
        "j down",
        Message::Navigate(Navigate::Down),
        "",
        "next hop, or one line down",
    ),
    row(
        Context::Session,
        "k up",
        Message::Navigate(Navigate::Up),
        "",
        "hop before, or one line up",
    ),
    row(
        Context::Session,
        "pgdn space",
        Message::Navigate(Navigate::PageDown),
        "",
        "scroll the pane down by a screen",
    ),
    row(
        Context::Session,
        "pgup",
        Message::Navigate(Navigate::PageUp),
        "",
        "scroll the pane up by a screen",
    ),
    row(
        Context::Session,
        "g home",
        Message::Navigate(Navigate::Top),
        "",
        "first hop, or top of the pane",
    ),
    row(
        Context::Session,
        "G end",
        Message::Navigate(Navigate::Bottom),
        "",
        "last hop, or bottom of the pane",
    ),
    row(
        Context::Session,
        "left",
        Message::Navigate(Navigate::Left),
        "",
        "scroll long body lines to the left",
    ),
    row(
        Context::Session,
        "right",
        Message::Navigate(Navigate::Right),
        "",
        "scroll long body lines to the right",
    ),
    row(Context::List, "enter", Message::Navigate(Navigate::Enter), "start", "start the scenario"),
    row(Context::List, "j down", Message::Navigate(Navigate::Down), "down", "next scenario"),
    row(Context::List, "k up", Message::Navigate(Navigate::Up), "up", "scenario before"),
    row(Context::List, "pgdn", Message::Navigate(Navigate::PageDown), "", "further down"),
    row(Context::List, "pgup", Message::Navigate(Navigate::PageUp), "", "further up"),
    row(Context::List, "g home", Message::Navigate(Navigate::Top), "", "first scenario"),
    row(Context::List, "G end", Message::Navigate(Navigate::Bottom), "", "last scenario"),
    row(
        Context::List,
        "tab backtab",
        Message::Navigate(Navigate::SwitchFocus),
        "",
        "back to the URL",
    ),
    row(Context::Everywhere, "q", Message::Run(Run::Quit), "quit", "quit"),
    row(Context::Everywhere, "? f1", Message::Navigate(Navigate::Help), "", "this help"),
    row(
        Context::Url,
        "enter",
        Message::Navigate(Navigate::Enter),
        "send",
        "send the request and stop at its response",
    ),
    row(Context::Url, "esc", Message::Navigate(Navigate::Back), "back", "leave the URL bar"),
    row(
        Context::Url,
        "down",
        Message::Navigate(Navigate::Down),
        "scenarios",
        "to the list of scenarios",
    ),
    row(Context::Url, "up", Message::Navigate(Navigate::Up), "", "hop before"),
    row(
        Context::Url,
        "tab backtab",
        Message::Navigate(Navigate::SwitchFocus),
        "",
        "to the list, or to the chain",
    ),
    row(
        Context::Url,
        "alt-m",
        Message::Navigate(Navigate::MethodPicker),
        "method",
        "choose the method",
    ),
    row(
        Context::Url,
        "alt-a",
        Message::Navigate(Navigate::ClientPicker),
        "client",
        "choose whose redirect rules decide",
    ),
    row(
        Context::Url,
        "alt-h",
        Message::Edit(Edit::Open(Field::Headers)),
        "headers",
        "edit the headers",
    ),
    row(Context::Url, "alt-d", Message::Edit(Edit::Open(Field::Body)), "body", "edit the body"),
    row(
        Context::Url,
        "alt-u",
        Message::Edit(Edit::Open(Field::Auth)),
        "auth",
        "edit user and password, or token",
    ),
    row(Context::Url, "f1", Message::Navigate(Navigate::Help), "", "help"),
    row(
        Context::Prompt,
        "enter",
        Message::Navigate(Navigate::Enter),
        "keep",
        "keep the pattern; n and N go on",
    ),
    row(Context::Prompt, "esc", Message::Navigate(Navigate::Back), "drop", "give the search up"),
    row(
        Context::Editor,
        "esc",
        Message::Navigate(Navigate::Back),
        "done",
        "keep the text and close",
    ),
    row(
        Context::Editor,
        "enter",
        Message::Navigate(Navigate::Enter),
        "",
        "new line; in a one-line field: done",
    ),
    row(
        Context::Breakpoints,
        "enter",
        Message::Navigate(Navigate::Enter),
        "switch",
        "switch the row on or off, or set the typed one: status 302, host *.test",
    ),
    row(Context::Breakpoints, "down", Message::Navigate(Navigate::Down), "", "next row"),
    row(Context::Breakpoints, "up", Message::Navigate(Navigate::Up), "", "row before"),
    row(Context::Breakpoints, "esc", Message::Navigate(Navigate::Back), "done", "close"),
    row(Context::Menu, "enter", Message::Navigate(Navigate::Enter), "choose", "take the row"),
    row(Context::Menu, "esc q", Message::Navigate(Navigate::Back), "back", "close the menu"),
    row(Context::Menu, "j down tab", Message::Navigate(Navigate::Down), "down", "next row"),
    row(Context::Menu, "k up backtab", Message::Navigate(Navigate::Up), "up", "row before"),
    row(Context::Menu, "g home", Message::Navigate(Navigate::Top), "", "first row"),
    row(Context::Menu, "G end", Message::Navigate(Navigate::Bottom), "", "last row"),
    row(Context::Menu, "pgdn", Message::Navigate(Navigate::PageDown), "", "ten rows down"),
    row(Context::Menu, "pgup", Message::Navigate(Navigate::PageUp), "", "ten rows up"),
    row(Context::Reading, "esc q enter ?", Message::Navigate(Navigate::Back), "close", "close it"),
    row(Context::Reading, "j down", Message::Navigate(Navigate::Down), "down", "one line down"),
    row(Context::Reading, "k up", Message::Navigate(Navigate::Up), "up", "one line up"),
    row(
        Context::Reading,
        "pgdn space",
        Message::Navigate(Navigate::PageDown),
        "",
        "ten lines down",
    ),
    row(Context::Reading, "pgup", Message::Navigate(Navigate::PageUp), "", "ten lines up"),
    row(Context::Reading, "g home", Message::Navigate(Navigate::Top), "", "to the top"),
    row(Context::Reading, "G end", Message::Navigate(Navigate::Bottom), "", "to the bottom"),
    row(Context::Text, "left", key(InputKey::Left), "", "one character to the left"),
    row(Context::Text, "right", key(InputKey::Right), "", "one character to the right"),
    row(
        Context::Text,
        "ctrl-left alt-b alt-left",
        key(InputKey::WordLeft),
        "",
        "one word to the left",
    ),
    row(
        Context::Text,
        "ctrl-right alt-f alt-right",
        key(InputKey::WordRight),
        "",
        "one word to the right",
    ),
    row(Context::Text, "home", key(InputKey::Home), "", "to the start of the line"),
    row(Context::Text, "end ctrl-e", key(InputKey::End), "", "to the end of the line"),
    row(Context::Text, "up", key(InputKey::Up), "", "one line up"),
    row(Context::Text, "down", key(InputKey::Down), "", "one line down"),
    row(
        Context::Text,
        "backspace ctrl-h",
        key(InputKey::Backspace),
        "",
        "delete the character before",
    ),
    row(
        Context::Text,
        "delete ctrl-d",
        key(InputKey::Delete),
        "",
        "delete the character under the cursor",
    ),
    row(
        Context::Text,
        "ctrl-w alt-backspace",
        key(InputKey::DeleteWord),
        "",
        "delete the word before",
    ),
    row(
        Context::Text,
        "ctrl-u",
        key(InputKey::DeleteToStart),
        "",
        "delete to the start of the line",
    ),
    row(Context::Text, "ctrl-k", key(InputKey::DeleteToEnd), "", "delete to the end of the line"),
    row(Context::Always, "ctrl-c", Message::Run(Run::Interrupt), "", "cancel what runs, else quit"),
    row(Context::Always, "ctrl-z", Message::Run(Run::Suspend), "", "suspend; fg comes back"),
];

/// The contexts in force, the innermost first.
pub fn contexts(model: &Model) -> &'static [Context] {
    match &model.overlay {
        Some(
            Overlay::Help { .. }
            | Overlay::HandCopy { .. }
            | Overlay::Explain { .. }
            | Overlay::Compare { .. },
        ) => {
            return &[Context::Reading, Context::Always];
        }
        Some(Overlay::Methods { .. } | Overlay::Clients { .. } | Overlay::Copy { .. }) => {
            return &[Context::Menu, Context::Always];
        }
        Some(Overlay::Editor { .. }) => return &[Context::Editor, Context::Text, Context::Always],
        Some(Overlay::Breakpoints { .. }) => {
            return &[Context::Breakpoints, Context::Text, Context::Always];
        }
        None => {}
    }
    if model.search.typing {
        return &[Context::Prompt, Context::Text, Context::Always];
    }
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

/// The README's table of keys.
pub fn markdown() -> String {
    let mut out = String::from("| where | key | what it does |\n|---|---|---|\n");
    for context in Context::ALL {
        for (at, binding) in in_context(context).enumerate() {
            let place = if at == 0 { context.title() } else { "" };
            let keys: Vec<_> =
                binding.key.split(' ').map(|key| format!("`{}`", name(key))).collect();
            let _ = writeln!(out, "| {place} | {} | {} |", keys.join(" "), binding.help);
        }
    }
    out
}

/// A key's name on screens.
fn name(key: &'static str) -> &'static str {
    match key {
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
        "alt-b" => "Alt-B",
        "alt-d" => "Alt-D",
        "alt-f" => "Alt-F",
        "alt-h" => "Alt-H",
        "alt-m" => "Alt-M",
        "alt-u" => "Alt-U",
        "alt-left" => "Alt-←",
        "alt-right" => "Alt-→",
        "alt-backspace" => "Alt-Backspace",
        other => other,
    }
}

/// Whether the key would do something now.
fn works(model: &Model, binding: &Binding) -> bool {
    let session = model.session.as_ref();
    match &binding.message {
        Message::Run(Run::Step | Run::Continue) => {
            session.is_some_and(|session| session.chain.ready().is_some())
        }
        Message::Navigate(Navigate::Back) if binding.context == Context::Session => {
            model.is_waiting()
        }
        Message::Navigate(Navigate::Back) if binding.context == Context::Url => session.is_some(),
        Message::Navigate(Navigate::Down) if binding.context == Context::Url => {
            session.is_none() && !model.scenarios.is_empty()
        }
        Message::Search(Search::Next | Search::Previous) => model.search.pattern.is_some(),
        Message::Navigate(Navigate::NextView | Navigate::Wrap) => model.panes.open == Pane::Body,
        _ => true,
    }
}

/// Whether an inner context gives the key another meaning.
fn shadowed(contexts: &[Context], binding: &Binding) -> bool {
    let key = binding.key.split(' ').next().unwrap_or_default();
    let outer = contexts.iter().position(|context| *context == binding.context).unwrap_or(0);
    contexts[..outer]
        .iter()
        .any(|inner| in_context(*inner).any(|other| other.key.split(' ').any(|name| name == key)))
}

const fn row(
    context: Context,
    key: &'static str,
    message: Message,
    hint: &'static str,
    help: &'static str,
) -> Binding {
    Binding { context, key, message, hint, help }
}

const fn open(pane: Pane) -> Message {
    Message::Navigate(Navigate::Open(pane))
}

const fn key(key: InputKey) -> Message {
    Message::Edit(Edit::Key(key))
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
            assert_eq!(binding.map(|binding| &binding.message), Some(&open(pane)));
        }
    }
}
