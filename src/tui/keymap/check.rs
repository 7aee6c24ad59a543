//! What would be wrong with a keymap: a key with two meanings in one place, a key that begins another, no way out.

use super::key::shown;
use super::{Binding, Context, action};
use crate::app::message::{Message, Run};

/// Contexts that are in force together, besides those in which text is typed.
const TOGETHER: [&[Context]; 4] = [
    &[Context::Chain, Context::Session, Context::Everywhere, Context::Always],
    &[Context::Pane, Context::Session, Context::Everywhere, Context::Always],
    &[Context::List, Context::Everywhere, Context::Always],
    &[Context::Explained, Context::Reading, Context::Always],
];

/// Whether keys that write are text there.
pub(super) fn takes_text(context: Context) -> bool {
    match context {
        Context::Url
        | Context::Finder
        | Context::Palette
        | Context::History
        | Context::Prompt
        | Context::Editor
        | Context::Save
        | Context::Token
        | Context::Breakpoints
        | Context::Completion
        | Context::Text => true,
        Context::Question
        | Context::Session
        | Context::Chain
        | Context::Pane
        | Context::List
        | Context::Everywhere
        | Context::Jump
        | Context::Overwrite
        | Context::Menu
        | Context::Reading
        | Context::Explained
        | Context::Always => false,
    }
}

/// The first fault, with the wish that made it. `from`: which wish each row has its keys from.
pub(super) fn fault(rows: &[Binding], from: &[Option<usize>]) -> Option<(usize, String)> {
    let wished = rows.iter().zip(from).filter_map(|(row, wish)| Some((row, (*wish)?)));
    wished.into_iter().find_map(|(row, wish)| {
        let said = alone(row).or_else(|| rows.iter().find_map(|other| between(row, other)));
        said.map(|said| (wish, said))
    })
}

/// What is wrong with a row whatever the others are.
fn alone(row: &Binding) -> Option<String> {
    if row.key.is_empty() && row.message == Message::Run(Run::Interrupt) {
        return Some("interrupt needs a key: nothing else ends what hangs".to_owned());
    }
    let steps = matches!(row.message, Message::Run(Run::Step | Run::Continue));
    let yes = steps && row.key.split(' ').any(|key| key == "y");
    yes.then(|| "y answers the question before a dangerous step, so it can't step too".to_owned())
}

fn between(row: &Binding, other: &Binding) -> Option<String> {
    let together = |of: &&[Context]| of.contains(&row.context) && of.contains(&other.context);
    let same_place = row.context == other.context || TOGETHER.iter().any(together);
    if !same_place || row.message == other.message {
        return None;
    }
    let pairs = keys(row).flat_map(|mine| keys(other).map(move |theirs| (mine, theirs)));
    let mut said = pairs.filter_map(|(mine, theirs)| clash(mine, theirs));
    let (one, how, whose) = said.next()?;
    let (action, place) = (action::name(&other.message), other.context.name());
    let meant = match whose {
        Some(two) => format!("{how} \"{}\", the key of {action} (in {place})", shown(two)),
        None => format!("{how} {action} too (in {place})"),
    };
    Some(format!("\"{}\" {meant}; give that another one", shown(one)))
}

fn keys(of: &Binding) -> impl Iterator<Item = &str> {
    of.key.split(' ').filter(|key| !key.is_empty())
}

/// What is wrong with two keys in one place: the one, how it stands to the other, and the other where it is not the same.
fn clash<'a>(mine: &'a str, theirs: &'a str) -> Option<(&'a str, &'static str, Option<&'a str>)> {
    let begins =
        |one: &str, two: &str| two.strip_prefix(one).is_some_and(|rest| rest.starts_with('~'));
    if mine == theirs {
        Some((mine, "is the key of", None))
    } else if begins(mine, theirs) {
        Some((mine, "begins", Some(theirs)))
    } else if begins(theirs, mine) {
        Some((mine, "begins with", Some(theirs)))
    } else {
        None
    }
}
