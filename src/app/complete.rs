//! Completion: what the word that is being typed may become: a method, a field name, a URL from the history.
//!
//! Promises: it only offers; nothing is changed unless a suggestion is taken. The cost is bounded by the lengths of the lists.

use std::ops::Range;

use super::fuzzy;
use super::message::Field;
use super::model::{Model, Overlay};
use super::pane::Focus;
use super::text_input::TextInput;
use crate::domain::http::field_names;
use crate::domain::http::method::Method;

/// Suggestions for the word under the cursor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Completion {
    /// The best first.
    pub rows: Vec<Suggestion>,
    /// The row that the arrows went to; `None`: Enter means what it means without suggestions.
    pub chosen: Option<usize>,
    /// The bytes of the field that a suggestion stands in for.
    pub range: Range<usize>,
}

/// One of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Suggestion {
    pub text: String,
    /// What follows it when it is taken.
    pub after: &'static str,
    /// The typed letters in `text`.
    pub found: Vec<Range<usize>>,
}

/// The most that are offered.
const MOST: usize = 6;
/// What is longer is no name that anyone completes.
const LONGEST: usize = 512;

/// What fits the field that has the keys, as it is now.
pub fn of(model: &Model) -> Option<Completion> {
    let urls = model.urls.as_deref().unwrap_or_default();
    match &model.overlay {
        Some(Overlay::Editor { field, input, .. }) => in_editor(*field, input, urls),
        Some(_) => None,
        None if model.search.typing || model.filter.typing => None,
        None if model.focus == Focus::Url => {
            let input = &model.form.url;
            let whole = input.cursor() == input.text().len();
            if whole { offer(urls, input.text(), 0..input.text().len(), "") } else { None }
        }
        None => None,
    }
}

/// Whether what has the keys would use URLs of the history.
pub fn wants_urls(model: &Model) -> bool {
    match &model.overlay {
        Some(Overlay::Editor { field, .. }) => matches!(field, Field::Next | Field::Whole),
        Some(_) => false,
        None => model.focus == Focus::Url && !model.form.url.text().is_empty(),
    }
}

/// The field with this suggestion in the place of the word.
pub fn taken(completion: &Completion, row: usize, input: &TextInput) -> Option<TextInput> {
    let suggestion = completion.rows.get(row)?;
    let (before, rest) =
        (input.text().get(..completion.range.start)?, input.text().get(completion.range.end..)?);
    let after = if rest.starts_with(suggestion.after) { "" } else { suggestion.after };
    let start = format!("{before}{}{after}", suggestion.text);
    let mut taken = match input.is_multiline() {
        true => TextInput::lines(start),
        false => TextInput::line(start),
    };
    taken.append(rest);
    Some(taken)
}

fn in_editor(field: Field, input: &TextInput, urls: &[String]) -> Option<Completion> {
    let (text, cursor) = (input.text(), input.cursor());
    let start = text.get(..cursor)?.rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(start..)?.lines().next().unwrap_or_default();
    let typed = text.get(start..cursor)?;
    let first = start == 0;
    let in_head = field == Field::Headers || !text.get(..start)?.contains("\n\n");
    match field {
        Field::Body | Field::Auth | Field::Token => None,
        Field::Next | Field::Whole if first => match typed.split_once(' ') {
            None => {
                let end = start + line.find(' ').unwrap_or(line.len());
                offer(Method::COMMON.iter().map(Method::as_str), typed, start..end, " ")
            }
            Some((method, url)) if cursor == start + line.len() => {
                offer(urls, url, start + method.len() + 1..cursor, "")
            }
            Some(_) => None,
        },
        Field::Next | Field::Whole | Field::Headers => {
            let named = typed.contains([':', ';']);
            if named || !in_head {
                return None;
            }
            let end = start + line.find([':', ';']).unwrap_or(line.len());
            offer(field_names::REQUEST, typed, start..end, ": ")
        }
    }
}

fn offer(
    of: impl IntoIterator<Item = impl AsRef<str>>,
    typed: &str,
    range: Range<usize>,
    after: &'static str,
) -> Option<Completion> {
    if typed.trim().is_empty() || typed.len() > LONGEST || typed.contains(char::is_whitespace) {
        return None;
    }
    let mut rows: Vec<(i32, Suggestion)> = Vec::new();
    for text in of {
        let text = text.as_ref();
        if let Some(fit) = fuzzy::fit(typed, text)
            && text != typed
        {
            // what begins as it was typed is meant before all else
            let begins = text.get(..typed.len()).is_some_and(|of| of.eq_ignore_ascii_case(typed));
            let score = fit.score + if begins { 1000 } else { 0 };
            let suggestion = Suggestion { text: text.to_owned(), after, found: fit.found };
            rows.push((score, suggestion));
        }
    }
    // stable: of equals the first, for URLs the latest
    rows.sort_by_key(|(score, _)| -score);
    let best = rows.first()?.0;
    let rows: Vec<Suggestion> = rows
        .into_iter()
        .filter(|(score, _)| score * 3 >= best)
        .map(|(_, suggestion)| suggestion)
        .take(MOST)
        .collect();
    Some(Completion { rows, chosen: None, range })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(completion: Option<Completion>) -> Vec<String> {
        completion.map_or_else(Vec::new, |of| of.rows.into_iter().map(|row| row.text).collect())
    }

    fn urls() -> Vec<String> {
        ["http://shop.test/checkout", "http://shop.test/cart", "https://idp.test/login"]
            .map(str::to_owned)
            .into()
    }

    #[test]
    fn a_few_letters_find_a_field_name_and_only_where_a_name_stands() {
        let names = |text: &str| texts(in_editor(Field::Headers, &TextInput::lines(text), &[]));
        assert_eq!(names("acc")[0], "Accept");
        assert!(names("Accept: */*\nif-no").contains(&"If-None-Match".to_owned()));
        assert_eq!(names("usag")[0], "User-Agent");
        assert!(names("Accept: te").is_empty());
        assert!(names("").is_empty());
        assert!(names("Accept").iter().all(|name| name != "Accept"));
    }

    #[test]
    fn a_request_completes_its_method_its_url_and_its_names_but_not_its_body() {
        let found = |text: &str| texts(in_editor(Field::Whole, &TextInput::lines(text), &urls()));
        assert_eq!(found("DEL"), ["DELETE"]);
        assert_eq!(found("GET idp"), ["https://idp.test/login"]);
        assert_eq!(found("GET /\nauthz")[0], "Authorization");
        assert!(found("GET /\nHost: a\n\nacc").is_empty());
    }

    #[test]
    fn a_suggestion_takes_the_place_of_the_word_and_leaves_the_rest() {
        let mut input = TextInput::lines("Accept: a\nHo\nDate: b");
        for _ in 0..8 {
            input.apply(super::super::text_input::InputKey::Left);
        }
        let completion = in_editor(Field::Headers, &input, &[]).unwrap();
        let taken = taken(&completion, 0, &input).unwrap();
        assert_eq!(taken.text(), "Accept: a\nHost: \nDate: b");
        assert_eq!(&taken.text()[..taken.cursor()], "Accept: a\nHost: ");
    }
}
