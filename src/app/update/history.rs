//! The history on the screen: search, reopen, run again, compare with now, delete.

use crate::app::effect::{Ask, Effect};
use crate::app::message::{Edit, Field, Past, Run, Savable, Then};
use crate::app::model::{Model, Overlay, Session};
use crate::app::pane::Focus;
use crate::app::recorded;
use crate::app::text_input::TextInput;

use super::{edit, run};

pub(super) fn update(model: &mut Model, past: Past) -> Vec<Effect> {
    match past {
        Past::Open => {
            model.overlay = Some(Overlay::History {
                input: TextInput::default(),
                selected: 0,
                entries: None,
                asked: None,
            });
            Vec::new()
        }
        Past::Take(then) => take(model, then),
        Past::Delete => delete(model),
        Past::Export => {
            export(model);
            Vec::new()
        }
        Past::Listed { search, entries: found, now } => {
            model.now = model.now.max(now);
            if let Some(Overlay::History { entries, asked, selected, .. }) = &mut model.overlay
                && asked.as_deref() == Some(&search)
            {
                *selected = (*selected).min(found.len().saturating_sub(1));
                *entries = Some(found);
            }
            Vec::new()
        }
        Past::Unreadable => {
            // the reason stands below, and has the whole screen
            if let Some(Overlay::History { entries: None, .. }) = &model.overlay {
                model.overlay = None;
            }
            Vec::new()
        }
        Past::Recent { entries, now } => {
            model.now = model.now.max(now);
            // the selected row stays the same row
            let before = model.recent().len();
            model.recent = entries;
            let shift = model.recent().len().saturating_sub(before);
            let chosen = model.focus == Focus::List;
            model.scenario += if chosen { shift } else { 0 };
            Vec::new()
        }
        Past::Urls(urls) => {
            model.urls = Some(urls);
            model.completion = crate::app::complete::of(model);
            Vec::new()
        }
        Past::Loaded { chain, started_at, masked, then } => {
            recorded::put(model, vec![(*chain, started_at)]);
            match then {
                Then::Show => Vec::new(),
                Then::Again | Then::Compare if masked => masked_out(model, then),
                Then::Again => run::update(model, Run::Start),
                Then::Compare => compare(model),
            }
        }
    }
}

/// Asks for what the open list shows, unless that was asked for.
pub(super) fn wanted(model: &mut Model) -> Option<Effect> {
    let Some(Overlay::History { input, asked, .. }) = &mut model.overlay else { return None };
    if asked.as_deref() == Some(input.text()) {
        return None;
    }
    let search = input.text().to_owned();
    *asked = Some(search.clone());
    Some(Effect::History(Ask::List { search }))
}

fn take(model: &mut Model, then: Then) -> Vec<Effect> {
    let Some(Overlay::History { selected, entries: Some(entries), .. }) = &model.overlay else {
        return Vec::new();
    };
    let id = entries.get(*selected).map(|entry| entry.id);
    id.map(|id| Effect::History(Ask::Load { id, then })).into_iter().collect()
}

fn delete(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::History { selected, entries: Some(entries), asked, .. }) = &mut model.overlay
    else {
        return Vec::new();
    };
    let Some(entry) = entries.get(*selected) else { return Vec::new() };
    let effect = Effect::History(Ask::Delete { id: entry.id });
    // the list is asked for anew
    *asked = None;
    vec![effect]
}

/// Asks for the name of the file.
fn export(model: &mut Model) {
    let Some(Overlay::History { selected, entries: Some(entries), .. }) = &model.overlay else {
        return;
    };
    let Some(id) = entries.get(*selected).map(|entry| entry.id) else { return };
    let input = TextInput::line(format!("hopstep-{id}.json"));
    model.overlay = Some(Overlay::Save { what: Savable::Chain(id), input, exists: false });
}

/// Asks for the secrets that the history does not have; nothing is sent before.
fn masked_out(model: &mut Model, then: Then) -> Vec<Effect> {
    let masked = |input: &TextInput| input.text().contains("***");
    let (auth, headers) = (masked(&model.form.auth), masked(&model.form.headers));
    let field = if auth { Field::Auth } else { Field::Whole };
    let effects = edit::update(model, Edit::Open(field));
    let goal = match then {
        Then::Compare => "compares with now",
        Then::Show | Then::Again => "runs it",
    };
    if then == Then::Compare {
        model.beside = model.session.as_ref().map(|session| session.number);
    }
    let again = &model.keys.again;
    let more = match auth && headers {
        true => format!(", in the headers too ({})", model.keys.headers),
        false => String::new(),
    };
    let text = format!("write the secrets in place of each ***{more}; {again} then {goal}");
    model.trouble(text);
    effects
}

/// Runs it again to its end, beside what was recorded.
fn compare(model: &mut Model) -> Vec<Effect> {
    model.beside = model.session.as_ref().map(|session: &Session| session.number);
    run::update(model, Run::Start)
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::app::message::{BodyAct, Message, Navigate, Saved};
    use crate::app::model::Mode;
    use crate::app::text_input::InputKey;
    use crate::app::update::update;
    use crate::domain::chain::{Chain, Limits};
    use crate::domain::client::Client;
    use crate::domain::cookie::jar::Jar;
    use crate::domain::history::Entry;
    use crate::domain::http::exchange::Exchange;
    use crate::domain::http::request::Draft;
    use crate::domain::http::settings::Settings;

    fn draft() -> Draft {
        Draft::get(Url::parse("http://a.test/").unwrap())
    }

    fn listing(model: &mut Model) {
        update(model, Message::Past(Past::Open));
        let entries = vec![Entry { id: 7, ..Entry::default() }];
        update(model, Message::Past(Past::Listed { search: String::new(), entries, now: 5 }));
    }

    fn loaded(masked: bool, then: Then) -> Message {
        let client = Client::named("curl").unwrap();
        let mut chain = Chain::new(draft(), client, Limits::default(), Jar::default(), 0);
        chain.send();
        chain.receive(Exchange::default(), 0);
        Message::Past(Past::Loaded { chain: Box::new(chain), started_at: 1, masked, then })
    }

    fn model() -> Model {
        Model::new(draft(), "curl".to_owned(), Limits::default(), Settings::default())
    }

    #[test]
    fn every_letter_asks_anew_and_an_answer_to_other_words_is_dropped() {
        let mut model = model();
        let list = |words: &str| vec![Effect::History(Ask::List { search: words.to_owned() })];
        assert_eq!(update(&mut model, Message::Past(Past::Open)), list(""));
        let key = Message::Edit(Edit::Key(InputKey::Insert("a".to_owned())));
        assert_eq!(update(&mut model, key), list("a"));
        let late = Past::Listed { search: String::new(), entries: vec![Entry::default()], now: 0 };
        update(&mut model, Message::Past(late));
        assert!(matches!(model.overlay, Some(Overlay::History { entries: None, .. })));
    }

    #[test]
    fn what_lost_its_secrets_is_shown_but_not_sent() {
        for then in [Then::Again, Then::Compare] {
            let mut model = model();
            listing(&mut model);
            let asked = update(&mut model, Message::Past(Past::Take(then)));
            assert_eq!(asked, [Effect::History(Ask::Load { id: 7, then })]);
            let effects = update(&mut model, loaded(true, then));
            let sends = |effect: &Effect| matches!(effect, Effect::Fetch { .. });
            assert!(!effects.iter().any(sends) && model.session.is_some(), "{effects:?}");
            let effects = update(&mut model, loaded(false, then));
            assert!(matches!(effects[..], [Effect::Fetch { fresh: true, .. }]), "{effects:?}");
        }
    }

    #[test]
    fn secrets_given_anew_are_sent_and_compared_with_what_was_recorded() {
        let mut model = model();
        listing(&mut model);
        update(&mut model, Message::Past(Past::Take(Then::Compare)));
        update(&mut model, loaded(true, Then::Compare));
        assert!(model.overlay.is_some(), "the request is open for them");
        let recorded = model.session.as_ref().unwrap().number;
        update(&mut model, Message::Navigate(Navigate::Back));
        let effects = update(&mut model, Message::Run(Run::Start));
        assert!(matches!(effects[..], [Effect::Fetch { fresh: true, .. }]), "{effects:?}");
        assert_eq!(model.overlay, Some(Overlay::Compare { with: recorded, scroll: 0 }));
        assert_eq!(model.session.as_ref().unwrap().mode, Mode::Continuing);
    }

    #[test]
    fn a_chain_is_exported_to_the_file_that_is_named_and_over_one_that_is_there_only_when_told() {
        let mut model = model();
        listing(&mut model);
        assert!(update(&mut model, Message::Past(Past::Export)).is_empty());
        let path = "hopstep-7.json".to_owned();
        let export =
            |overwrite| Effect::History(Ask::Export { id: 7, path: path.clone(), overwrite });
        let effects = update(&mut model, Message::Navigate(Navigate::Enter));
        assert_eq!(effects.first(), Some(&export(false)));
        assert_eq!(model.overlay, None);
        let there = Saved::Exists { what: Savable::Chain(7), path: path.clone() };
        update(&mut model, Message::Saved(there));
        let effects = update(&mut model, Message::Body(BodyAct::Overwrite));
        assert_eq!(effects.first(), Some(&export(true)));
    }

    #[test]
    fn a_deleted_chain_leaves_the_list() {
        let mut model = model();
        listing(&mut model);
        let effects = update(&mut model, Message::Past(Past::Delete));
        let list = Ask::List { search: String::new() };
        assert_eq!(effects, [Effect::History(Ask::Delete { id: 7 }), Effect::History(list)]);
    }
}
