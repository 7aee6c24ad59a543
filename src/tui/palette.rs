//! The palette: every action there is, found by a few letters, with its keys.
//!
//! Made from the keymap and the copy menu, so that nothing has to be listed twice. What can't be done now stays in the list and
//! says why.

use std::borrow::Cow;

use crate::app::fuzzy::{self, Fit};
use crate::app::message::{Edit, Export, Message, Navigate, Run};
use crate::app::model::{COPY_MENU, Model, Overlay};
use crate::domain::escape::escape;

use super::keymap::{self, Binding, Context};
use super::theme;

/// One thing that can be done.
#[derive(Clone, PartialEq, Debug)]
pub struct Action {
    /// The keys that do it, as they are written on screens.
    pub keys: String,
    /// What it does, in a sentence.
    pub help: String,
    pub message: Message,
    /// Why it would do nothing now.
    pub obstacle: Option<Cow<'static, str>>,
    /// Where the typed letters are in `help`.
    pub fit: Fit,
}

/// The actions that the typed letters mean, the best first.
pub fn actions(model: &Model, query: &str) -> Vec<Action> {
    let mut actions: Vec<Action> = all(model)
        .into_iter()
        .filter_map(|action| Some(Action { fit: fuzzy::fit(query, &action.help)?, ..action }))
        .collect();
    // letters scattered over a sentence are no find beside a word that was meant
    let best = actions.iter().map(|action| action.fit.score).max().unwrap_or(0);
    actions.retain(|action| action.fit.score * 3 >= best);
    let blocked = |action: &Action| action.obstacle.is_some();
    match query.trim().is_empty() {
        true => actions.sort_by_key(blocked),
        false => actions.sort_by_key(|action| (-action.fit.score, blocked(action))),
    }
    actions
}

/// What a key of the palette means: the selected action, or another row.
pub fn steered(model: &Model, navigate: Navigate) -> Option<Message> {
    let Some(Overlay::Palette { input, selected }) = &model.overlay else { return None };
    let actions = actions(model, input.text());
    let selected = (*selected).min(actions.len().saturating_sub(1));
    let to = |step: isize| {
        let row = selected.saturating_add_signed(step).min(actions.len().saturating_sub(1));
        Some(Message::Navigate(Navigate::Select(row)))
    };
    match navigate {
        Navigate::Up => to(-1),
        Navigate::Down => to(1),
        Navigate::PageUp => to(-10),
        Navigate::PageDown => to(10),
        Navigate::Enter => {
            let action = actions.get(selected)?;
            Some(match &action.obstacle {
                Some(why) => Message::Trouble(format!("not now: {why}")),
                None => Message::Act(Box::new(action.message.clone())),
            })
        }
        other => Some(Message::Navigate(other)),
    }
}

fn all(model: &Model) -> Vec<Action> {
    let mut actions: Vec<Action> = Vec::new();
    for binding in keymap::of(model).rows().iter().filter(|binding| is_action(binding)) {
        match actions.iter_mut().find(|action| action.message == binding.message) {
            Some(action) => {
                action.keys = format!("{} {}", action.keys, binding.names());
            }
            None => actions.push(Action {
                keys: binding.names(),
                help: sentence(binding),
                message: binding.message.clone(),
                obstacle: keymap::obstacle(model, &binding.message),
                fit: Fit::default(),
            }),
        }
    }
    let themes = theme::all().iter().enumerate().filter(|(number, _)| *number != model.theme);
    actions.extend(themes.map(|(number, named)| Action {
        keys: String::new(),
        help: format!("theme: {}", escape(&named.name)),
        message: Message::Navigate(Navigate::Theme(number)),
        obstacle: None,
        fit: Fit::default(),
    }));
    let keymaps = keymap::names().enumerate().filter(|(number, _)| *number != model.keys.number);
    actions.extend(keymaps.map(|(number, name)| Action {
        keys: String::new(),
        help: format!("keys: {name}"),
        message: Message::Keys(Box::new(keymap::keys(number))),
        obstacle: None,
        fit: Fit::default(),
    }));
    let menu = Message::Export(Export::Menu);
    let obstacle = keymap::obstacle(model, &menu);
    let key = keymap::key_of(model, &menu);
    actions.extend(COPY_MENU.iter().map(|(letter, item, label)| Action {
        keys: format!("{key} {letter}"),
        help: format!("copy: {label}"),
        message: Message::Export(Export::Copy(*item)),
        obstacle: obstacle.clone(),
        fit: Fit::default(),
    }));
    actions
}

/// The hint is the word that people remember; it leads the sentence unless it is in there.
fn sentence(binding: &Binding) -> String {
    match binding.hint {
        "" => binding.help.to_owned(),
        hint if binding.help.to_lowercase().contains(&hint.to_lowercase()) => {
            binding.help.to_owned()
        }
        hint => format!("{hint}: {}", binding.help),
    }
}

/// Cursor keys and answers to questions are no actions of their own.
fn is_action(binding: &Binding) -> bool {
    let place = match binding.context {
        Context::Session
        | Context::Chain
        | Context::Pane
        | Context::Everywhere
        | Context::Always => true,
        Context::Question
        | Context::List
        | Context::Url
        | Context::Jump
        | Context::Finder
        | Context::Palette
        | Context::History
        | Context::Prompt
        | Context::Editor
        | Context::Token
        | Context::Explained
        | Context::Save
        | Context::Overwrite
        | Context::Breakpoints
        | Context::Completion
        | Context::Menu
        | Context::Reading
        | Context::Text => false,
    };
    let plain = matches!(
        binding.message,
        Message::Edit(Edit::Key(_))
            | Message::Run(Run::Confirm(_))
            | Message::Navigate(
                Navigate::Enter
                    | Navigate::Back
                    | Navigate::Up
                    | Navigate::Down
                    | Navigate::Palette
            )
    );
    place && !plain
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::app::message::Search;
    use crate::domain::chain::Limits;
    use crate::domain::http::request::Draft;
    use crate::domain::http::settings::Settings;

    fn model() -> Model {
        let draft = Draft::get(Url::parse("http://a.test/").unwrap());
        Model::new(draft, "curl".into(), Limits::default(), Settings::default())
    }

    #[test]
    fn a_few_letters_find_the_action() {
        let model = model();
        for (query, message) in [
            ("step", Message::Run(Run::Step)),
            ("brkp", Message::Navigate(Navigate::Breakpoints)),
            ("quit", Message::Run(Run::Quit)),
            ("search pane", Message::Search(Search::Open)),
            ("client", Message::Navigate(Navigate::ClientPicker)),
        ] {
            let found = actions(&model, query);
            let first: Vec<_> = found.iter().take(3).map(|action| &action.message).collect();
            assert!(first.contains(&&message), "{query}: {first:?}");
        }
    }

    #[test]
    fn what_needs_a_run_says_so_before_the_first() {
        let step = actions(&model(), "").into_iter().find(|a| a.message == Message::Run(Run::Step));
        assert!(step.is_some_and(|action| action.obstacle.is_some()));
    }

    #[test]
    fn every_action_is_there_once() {
        let actions = actions(&model(), "");
        for (at, action) in actions.iter().enumerate() {
            assert!(!actions[..at].iter().any(|other| other.message == action.message));
        }
    }
}
