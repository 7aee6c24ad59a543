//! Fuzzy: which of many sentences a few typed letters mean.
//!
//! Promises: every word of the query has to be found, its letters in order; what is found whole and at the start of words comes
//! first; the cost is bounded by the lengths of both texts.

use std::ops::Range;

/// How well a text fits, and where.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Fit {
    /// Greater is better.
    pub score: i32,
    /// The bytes that were meant, in order, without overlaps.
    pub found: Vec<Range<usize>>,
}

const WHOLE: i32 = 24;
const WORD_START: i32 = 8;
/// A whole word was found, and the text begins with it.
const WORD: i32 = 3;
const FIRST: i32 = 4;
const ADJACENT: i32 = 6;
/// What each letter that is passed over between two found ones costs, up to a bound.
const GAP: i32 = 1;
const WORST_GAP: i32 = 12;

/// Holds the text against the words of the query; `None` when one of them is not in it.
pub fn fit(query: &str, text: &str) -> Option<Fit> {
    let mut whole = Fit::default();
    for word in query.split_whitespace() {
        let fit = fit_word(word, text)?;
        whole.score += fit.score;
        whole.found.extend(fit.found);
    }
    whole.found.sort_by_key(|range| range.start);
    whole.found.dedup_by(|next, before| {
        let overlaps = next.start <= before.end;
        if overlaps {
            before.end = before.end.max(next.end);
        }
        overlaps
    });
    Some(whole)
}

/// The best place of a word: tried from each occurrence of its first letter.
fn fit_word(word: &str, text: &str) -> Option<Fit> {
    let letters: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
    let text: Vec<(usize, char)> = text.char_indices().collect();
    let starts = (0..text.len()).filter(|&at| same(text[at].1, letters[0]));
    starts.filter_map(|start| from(start, &letters, &text)).max_by(|one, other| {
        // of equals the first
        one.score.cmp(&other.score).then(other.found[0].start.cmp(&one.found[0].start))
    })
}

/// The letters in order from this place on, each as soon as it comes.
fn from(start: usize, letters: &[char], text: &[(usize, char)]) -> Option<Fit> {
    let mut fit = Fit::default();
    let mut last: Option<usize> = None;
    let mut at = start;
    for &letter in letters {
        let found = (at..text.len()).find(|&at| same(text[at].1, letter))?;
        fit.score += match last {
            Some(last) if found == last + 1 => ADJACENT,
            Some(last) => -(GAP * (found - last) as i32).min(WORST_GAP),
            None => 0,
        };
        fit.score += if starts_word(found, text) { WORD_START } else { 0 };
        let end = text[found].0 + text[found].1.len_utf8();
        match fit.found.last_mut().filter(|range| range.end == text[found].0) {
            Some(range) => range.end = end,
            None => fit.found.push(text[found].0..end),
        }
        last = Some(found);
        at = found + 1;
    }
    if fit.found.len() == 1 {
        fit.score += WHOLE;
        // `edit` means "edit the URL" rather than "… in $EDITOR"
        let ends = text.get(at).is_none_or(|(_, next)| !next.is_alphanumeric());
        fit.score += if ends { WORD } else { 0 };
        fit.score += if start == 0 { FIRST } else { 0 };
    }
    Some(fit)
}

fn same(one: char, lower: char) -> bool {
    one == lower || one.to_lowercase().next() == Some(lower)
}

fn starts_word(at: usize, text: &[(usize, char)]) -> bool {
    at == 0 || !text[at - 1].1.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best<'a>(query: &str, texts: &[&'a str]) -> Option<&'a str> {
        let fits = texts.iter().filter_map(|text| Some((fit(query, text)?.score, *text)));
        fits.max_by_key(|(score, _)| *score).map(|(_, text)| text)
    }

    #[test]
    fn a_whole_word_at_the_beginning_is_meant_rather_than_the_beginning_of_another() {
        let score = |text| fit("edit", text).unwrap().score;
        assert!(score("edit the URL") > score("open a copy in an edit box"));
        assert!(score("open a copy in an edit box") > score("open a copy in $EDITOR"));
    }

    #[test]
    fn a_whole_word_beats_scattered_letters() {
        let texts = ["copy the status page", "step to the next hop", "sort the empty pairs"];
        assert_eq!(best("step", &texts), Some("step to the next hop"));
        assert_eq!(best("stp", &["a best pick", "step"]), Some("step"));
    }

    #[test]
    fn every_word_has_to_be_found_in_any_order() {
        assert!(fit("curl copy", "copy: curl command for this hop").is_some());
        assert!(fit("curl zebra", "copy: curl command for this hop").is_none());
    }

    #[test]
    fn what_is_found_is_said_by_bytes() {
        assert_eq!(fit("ü b", "grün blau").map(|fit| fit.found), Some(vec![2..4, 6..7]));
        assert_eq!(fit("CU cur", "curl").and_then(|fit| fit.found.first().cloned()), Some(0..3));
        assert_eq!(fit("", "curl"), Some(Fit::default()));
    }

    proptest::proptest! {
        #[test]
        fn found_ranges_are_in_order_and_on_characters(query in "\\PC{0,6}", text in "\\PC{0,30}") {
            if let Some(fit) = fit(&query, &text) {
                let mut end = 0;
                for range in fit.found {
                    proptest::prop_assert!(range.start >= end && range.start < range.end);
                    proptest::prop_assert!(text.get(range.clone()).is_some());
                    end = range.end;
                }
            }
        }
    }
}
