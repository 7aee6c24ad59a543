//! Completion: suggestions come with typing, go with anything else, and are taken by a key.

use crate::app::complete;
use crate::app::effect::{Ask, Effect};
use crate::app::message::Complete;
use crate::app::model::{Model, Overlay};
use crate::app::pane::Focus;

pub(super) fn update(model: &mut Model, complete: Complete) -> Vec<Effect> {
    let rows = model.completion.as_ref().map_or(0, |completion| completion.rows.len());
    match (complete, &mut model.completion) {
        (Complete::Take, _) => take(model),
        (Complete::TakeRow(row), Some(completion)) => {
            completion.chosen = Some(row).filter(|row| *row < rows);
            take(model);
        }
        (Complete::Next, Some(completion)) => {
            let next = completion.chosen.map_or(0, |row| row + 1);
            completion.chosen = Some(next).filter(|next| *next < rows);
        }
        (Complete::Previous, Some(completion)) => {
            completion.chosen = match completion.chosen {
                Some(row) => row.checked_sub(1),
                None => rows.checked_sub(1),
            };
        }
        (Complete::Drop, _) => model.completion = None,
        (Complete::Next | Complete::Previous | Complete::TakeRow(_), None) => {}
    }
    Vec::new()
}

/// Enter takes the suggestion that the arrows went to; it says whether there is one.
pub(super) fn is_chosen(model: &Model) -> bool {
    model.completion.as_ref().is_some_and(|completion| completion.chosen.is_some())
}

/// The word takes the chosen suggestion's place, or the first one's.
pub(super) fn take(model: &mut Model) {
    let Some(completion) = model.completion.take() else { return };
    let row = completion.chosen.unwrap_or(0);
    match &mut model.overlay {
        Some(Overlay::Editor { input, error, .. }) => {
            if let Some(taken) = complete::taken(&completion, row, input) {
                (*input, *error) = (taken, None);
            }
        }
        Some(_) => {}
        None if model.focus == Focus::Url => {
            if let Some(taken) = complete::taken(&completion, row, &model.form.url) {
                model.form.url = taken;
            }
        }
        None => {}
    }
}

/// Asks the history for URLs, once, when something that would use them has the keys.
pub(super) fn wanted(model: &mut Model) -> Option<Effect> {
    if model.urls.is_some() || !complete::wants_urls(model) {
        return None;
    }
    model.urls = Some(Vec::new());
    Some(Effect::History(Ask::Urls))
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::app::message::{Edit, Message, Navigate, Past};
    use crate::app::text_input::InputKey;
    use crate::app::update::update;
    use crate::domain::chain::Limits;
    use crate::domain::http::request::Draft;
    use crate::domain::http::settings::Settings;

    fn typed(model: &mut Model, text: &str) -> Vec<Effect> {
        let insert = InputKey::Insert(text.to_owned());
        update(model, Message::Edit(Edit::Key(insert)))
    }

    fn model() -> Model {
        let draft = Draft::get(Url::parse("http://a.test/").unwrap());
        let draft = Draft { typed: String::new(), ..draft };
        Model::new(draft, "curl".to_owned(), Limits::default(), Settings::default())
    }

    #[test]
    fn urls_are_asked_for_once_and_offered_when_they_come() {
        let mut model = model();
        assert_eq!(typed(&mut model, "s"), [Effect::History(Ask::Urls)]);
        assert_eq!(typed(&mut model, "h"), []);
        assert!(model.completion.is_none());
        let urls = vec!["http://shop.test/".to_owned(), "http://show.test/".to_owned()];
        update(&mut model, Message::Past(Past::Urls(urls)));
        let rows = |model: &Model| model.completion.as_ref().map_or(0, |of| of.rows.len());
        assert_eq!(rows(&model), 2);
        update(&mut model, Message::Complete(Complete::Next));
        update(&mut model, Message::Complete(Complete::Next));
        // Enter takes what the arrows went to, and sends nothing
        assert_eq!(update(&mut model, Message::Navigate(Navigate::Enter)), []);
        assert_eq!(model.form.url.text(), "http://show.test/");
        assert!(model.completion.is_none() && model.session.is_none());
        // without a choice it sends
        typed(&mut model, "x");
        let effects = update(&mut model, Message::Navigate(Navigate::Enter));
        assert!(matches!(effects[..], [Effect::Fetch { .. }]), "{effects:?}");
    }

    #[test]
    fn suggestions_are_put_away_and_come_again_with_the_next_letter() {
        let mut model = model();
        model.urls = Some(vec!["http://shop.test/".to_owned()]);
        typed(&mut model, "sh");
        update(&mut model, Message::Complete(Complete::Drop));
        assert_eq!((model.form.url.text(), model.completion.is_none()), ("sh", true));
        typed(&mut model, "o");
        assert!(model.completion.is_some());
        update(&mut model, Message::Navigate(Navigate::SwitchFocus));
        assert!(model.completion.is_none());
    }
}
