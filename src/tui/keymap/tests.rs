//! What the table of keys keeps to.

use super::*;
use crate::app::pane::Pane;

#[test]
fn no_key_has_two_meanings_in_one_context() {
    for context in Context::ALL {
        let mut seen = Vec::new();
        let rows = table::ALL.iter().filter(|binding| binding.context == context);
        for key in rows.flat_map(|binding| binding.key.split(' ')) {
            assert!(!seen.contains(&key), "{key} twice in {context:?}");
            seen.push(key);
        }
    }
}

#[test]
fn keys_that_multiplexers_take_are_free() {
    for key in table::ALL.iter().flat_map(|binding| binding.key.split(' ')) {
        assert!(!["ctrl-a", "ctrl-b", "ctrl-s", "ctrl-o", "ctrl-j", "ctrl-q"].contains(&key));
    }
}

#[test]
fn what_the_state_machine_assumes_of_the_keys_is_so() {
    assert_eq!(keys(0), Keys::default());
}

#[test]
fn every_pane_has_its_digit() {
    for pane in Pane::ALL {
        let key = pane.digit().to_string();
        let mut rows = table::ALL.iter().filter(|row| row.context == Context::Session);
        let binding = rows.find(|binding| binding.key == key);
        let message = binding.map(|binding| &binding.message);
        assert_eq!(message, Some(&Message::Navigate(Navigate::Open(pane))));
    }
}
