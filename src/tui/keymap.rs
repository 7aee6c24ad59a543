//! The keymap: one table, and over it what the user's files say. Input, footer, help and the README's key table are all made from
//! the keymap in force.

mod action;
mod check;
mod context;
pub mod file;
mod key;
mod obstacle;
mod table;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::OnceLock;

use crate::app::keys::Keys;
use crate::app::message::{BodyAct, Edit, Export, Field, Message, Navigate, Project, Run};
use crate::app::model::{Model, Overlay};
use crate::app::pane::{Focus, Pane};

pub use context::{Context, contexts, contexts_below, contexts_under_help};
pub use obstacle::obstacle;

/// One row: these keys, in this context, send this message.
#[derive(Clone, PartialEq, Debug)]
pub struct Binding {
    pub context: Context,
    /// The keys, separated by spaces, in lower case but for capital letters; hints show the first. Keys pressed one after the
    /// other are joined by `~`.
    pub key: Cow<'static, str>,
    pub message: Message,
    /// A word for the footer; empty: not in the footer. Rows that stand first stay longest.
    pub hint: &'static str,
    /// A sentence for the help.
    pub help: &'static str,
}

/// The rows in force, by the name of the preset or of the file.
#[derive(Clone, PartialEq, Debug)]
pub struct Keymap {
    pub name: String,
    rows: Vec<Binding>,
}

/// The presets, each read when it is first used: the first screen waits for none that is not in force.
static READ: [OnceLock<Keymap>; file::PRESETS.len()] =
    [const { OnceLock::new() }; file::PRESETS.len()];

/// The user's own keymap, after the presets.
static OWN: OnceLock<Keymap> = OnceLock::new();

/// The names of the keymaps there are, by number.
pub fn names() -> impl Iterator<Item = &'static str> {
    let presets = file::PRESETS.iter().map(|(name, _)| *name);
    presets.chain(OWN.get().map(|own| own.name.as_str()))
}

/// Adds the user's keymap and says its number; only the first call counts.
pub fn install(own: Keymap) -> usize {
    let _ = OWN.set(own);
    file::PRESETS.len()
}

/// The keymap of this number, or the first.
///
/// A preset that were not well-formed would be the table itself; a test holds that none is.
pub fn numbered(number: usize) -> &'static Keymap {
    let preset = |number| {
        file::preset(number).unwrap_or_else(|_| Keymap::new("default", table::ALL.to_vec()))
    };
    match READ.get(number) {
        Some(place) => place.get_or_init(|| preset(number)),
        None => OWN.get().unwrap_or_else(|| READ[0].get_or_init(|| preset(0))),
    }
}

/// The keymap in force.
pub fn of(model: &Model) -> &'static Keymap {
    numbered(model.keys.number)
}

/// What the state machine is told of this keymap.
pub fn keys(number: usize) -> Keys {
    let map = numbered(number);
    let nav = |navigate| map.key(&Message::Navigate(navigate));
    let within = |context, message| map.key_in(&[context], &message);
    Keys {
        number,
        name: map.name.clone(),
        step: map.key(&Message::Run(Run::Step)),
        edit: map.key(&Message::Edit(Edit::Open(Field::Next))),
        copy: map.key(&Message::Export(Export::Menu)),
        jump: nav(Navigate::Jump),
        again: map.key(&Message::Run(Run::Start)),
        resend: map.key(&Message::Run(Run::Resend)),
        privacy: nav(Navigate::Privacy),
        mouse: nav(Navigate::Mouse),
        enter: within(Context::Pane, Message::Navigate(Navigate::Enter)),
        view: nav(Navigate::NextView),
        back: within(Context::Session, Message::Navigate(Navigate::Back)),
        yes: within(Context::Question, Message::Run(Run::Confirm(true))),
        no: within(Context::Question, Message::Run(Run::Confirm(false))),
        give_up: within(Context::Token, Message::Navigate(Navigate::Back)),
        soft: map.key(&Message::Run(Run::Soft)),
        headers: map.key(&Message::Edit(Edit::Open(Field::Headers))),
        save: map.key(&Message::Body(BodyAct::Save)),
        undo: map.key(&Message::Project(Project::Undo)),
        panes: Pane::ALL.map(|pane| nav(Navigate::Open(pane))),
    }
}

/// The key of this action as screens write it; where it has none, the way to the list of every action.
pub fn key_of(model: &Model, message: &Message) -> String {
    of(model).key(message)
}

/// The key that leaves what has the keys now.
pub fn back(model: &Model) -> String {
    key_here(model, &Message::Navigate(Navigate::Back))
}

/// The key of this action in this context.
pub fn key_in(model: &Model, context: Context, message: &Message) -> String {
    of(model).key_in(&[context], message)
}

/// The key of this action where the keys go now.
pub fn key_here(model: &Model, message: &Message) -> String {
    of(model).key_in(contexts(model), message)
}

/// The row that this key means now.
pub fn lookup(model: &Model, key: &str) -> Option<&'static Binding> {
    let map = of(model);
    let has = |binding: &&Binding| binding.key.split(' ').any(|name| name == key);
    contexts(model).iter().find_map(|context| map.in_context(*context).find(has))
}

/// The rows that go on like this: keys that were pressed, and more to come.
pub fn continued(
    model: &Model,
    begun: &str,
) -> impl Iterator<Item = (Cow<'static, str>, &'static Binding)> {
    let (map, begun) = (of(model), format!("{begun}~"));
    let rows = contexts(model).iter().flat_map(|context| map.in_context(*context));
    rows.filter_map(move |binding| {
        let keys = binding.key.split(' ').find(|key| key.starts_with(&begun))?;
        Some((key::shown(keys), binding))
    })
}

/// What was pressed of a sequence, as it is written on screens.
pub fn begun(model: &Model) -> Cow<'_, str> {
    key::shown(&model.begun)
}

/// The rows whose hints belong in the footer now, the most important first.
pub fn hints(model: &Model) -> impl Iterator<Item = &'static Binding> {
    let (map, contexts) = (of(model), contexts(model));
    let place = |binding: &Binding| contexts.contains(&binding.context);
    map.rows.iter().filter(move |binding| {
        place(binding)
            && !(binding.hint.is_empty() || binding.key.is_empty())
            && obstacle::works(model, binding)
            && !map.shadowed(contexts, binding)
    })
}

/// What this key does, in a word: in the clients pane `Enter` steps as the client under the cursor.
pub fn hint(model: &Model, binding: &Binding) -> &'static str {
    let clients = model.focus == Focus::Pane && model.panes.open == Pane::Clients;
    match binding.message {
        Message::Navigate(Navigate::Enter) if clients && model.overlay.is_none() => "step as it",
        _ => binding.hint,
    }
}

/// The key that opens the help where the keys go now.
pub fn help_key(model: &Model) -> Option<Cow<'static, str>> {
    if let Some(Overlay::Help { .. }) = model.overlay {
        return None;
    }
    let contexts = contexts(model);
    let mut rows = of(model).rows.iter().filter(|binding| contexts.contains(&binding.context));
    let help = Message::Navigate(Navigate::Help);
    rows.find(|binding| binding.message == help && !binding.key.is_empty()).map(Binding::first)
}

/// The way to every action that has no key.
const PALETTE: Message = Message::Navigate(Navigate::Palette);

impl Keymap {
    pub fn new(name: &str, rows: Vec<Binding>) -> Keymap {
        Keymap { name: name.to_owned(), rows }
    }

    pub fn rows(&self) -> &[Binding] {
        &self.rows
    }

    /// The rows of one context.
    pub fn in_context(&self, context: Context) -> impl Iterator<Item = &Binding> {
        self.rows.iter().filter(move |binding| binding.context == context)
    }

    /// Every row with its context, action and keys, one a line, as a keymap file would have it.
    pub fn show(&self) -> String {
        let mut out = String::new();
        for binding in Context::ALL.into_iter().flat_map(|context| self.in_context(context)) {
            let keys: Vec<String> = binding
                .key
                .split(' ')
                .filter(|key| !key.is_empty())
                .map(|key| format!("{:?}", key.replace('~', " ")))
                .collect();
            let (context, action) = (binding.context.name(), action::name(&binding.message));
            let _ = writeln!(out, "in.{context}.{action} = [{}]", keys.join(", "));
        }
        out
    }

    fn key(&self, message: &Message) -> String {
        let is_it = |of: &&Binding| of.message == *message && !of.key.is_empty();
        match self.rows.iter().find(is_it) {
            Some(binding) => binding.first().into_owned(),
            None if *message == PALETTE => ":".to_owned(),
            None => self.key(&PALETTE),
        }
    }

    /// The key in the first of these contexts that has one, else wherever there is one.
    fn key_in(&self, contexts: &[Context], message: &Message) -> String {
        let rows = contexts.iter().flat_map(|context| self.in_context(*context));
        let mut found = rows.filter(|row| row.message == *message && !row.key.is_empty());
        found.next().map_or_else(|| self.key(message), |row| row.first().into_owned())
    }

    /// Whether an inner context gives the key another meaning.
    fn shadowed(&self, contexts: &[Context], binding: &Binding) -> bool {
        let key = binding.key.split(' ').next().unwrap_or_default();
        let outer = contexts.iter().position(|context| *context == binding.context).unwrap_or(0);
        let has = |other: &Binding| other.key.split(' ').any(|name| name == key);
        contexts[..outer].iter().any(|inner| self.in_context(*inner).any(has))
    }
}

impl Binding {
    /// The key that hints show, as it is written on screens.
    pub fn first(&self) -> Cow<'_, str> {
        key::shown(self.key.split(' ').next().unwrap_or_default())
    }

    /// Every key, as it is written on screens.
    pub fn names(&self) -> String {
        self.key.split(' ').map(key::shown).collect::<Vec<_>>().join(" ")
    }

    /// What keymap files call it.
    pub fn action(&self) -> &'static str {
        action::name(&self.message)
    }
}

/// The README's table of keys; editing and menu keys, which are what one expects, are only in the help.
pub fn markdown() -> String {
    let mut out = String::from("| where | key | what it does | action |\n|---|---|---|---|\n");
    let told = |context: &Context| match context {
        Context::Question | Context::Session | Context::Chain | Context::Pane => true,
        Context::Everywhere | Context::Url | Context::Always => true,
        Context::List | Context::Jump | Context::Palette | Context::Prompt => false,
        Context::Finder => false,
        Context::History => true,
        Context::Editor | Context::Breakpoints | Context::Token | Context::Completion => false,
        Context::Explained => true,
        Context::Save | Context::Overwrite | Context::Menu | Context::Reading | Context::Text => {
            false
        }
    };
    let map = Keymap::new("default", table::ALL.to_vec());
    for context in Context::ALL.into_iter().filter(told) {
        for (at, binding) in map.in_context(context).enumerate() {
            let place = if at == 0 { context.title() } else { "" };
            let cell = |key| format!("`{}`", key::shown(key).replace('|', "\\|"));
            let keys: Vec<_> = binding.key.split(' ').map(cell).collect();
            let _ = writeln!(
                out,
                "| {place} | {} | {} | `{}` |",
                keys.join(" "),
                binding.help,
                binding.action()
            );
        }
    }
    out
}
