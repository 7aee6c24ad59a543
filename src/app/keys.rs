//! The keys in force, as far as texts of the state machine speak of them: told from outside, where the keymap is.

use super::pane::Pane;

/// The number of the keymap, and how a few of its keys are called.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Keys {
    pub number: usize,
    /// Its name.
    pub name: String,
    pub step: String,
    pub edit: String,
    pub copy: String,
    pub jump: String,
    pub again: String,
    pub resend: String,
    pub privacy: String,
    pub mouse: String,
    /// Enter, in a pane.
    pub enter: String,
    pub view: String,
    /// Back, at a chain: cancels what runs.
    pub back: String,
    /// The answers to the question before a dangerous step.
    pub yes: String,
    pub no: String,
    /// Back, while a token is typed.
    pub give_up: String,
    pub soft: String,
    pub headers: String,
    /// Saves a body to a file.
    pub save: String,
    /// Takes the last change of the project's file back.
    pub undo: String,
    /// Those that open the panes.
    pub panes: [String; Pane::ALL.len()],
}

impl Keys {
    /// The key that opens this pane.
    pub fn pane(&self, pane: Pane) -> &str {
        self.panes.get(pane.index()).map_or("", String::as_str)
    }
}

impl Default for Keys {
    /// The program's own keymap; a test of the keymap holds that it is.
    fn default() -> Keys {
        let key = str::to_owned;
        Keys {
            number: 0,
            name: key("default"),
            step: key("s"),
            edit: key("E"),
            copy: key("y"),
            jump: key(";"),
            again: key("r"),
            resend: key("R"),
            privacy: key("p"),
            mouse: key("M"),
            enter: key("⏎"),
            view: key("v"),
            back: key("Esc"),
            yes: key("y"),
            no: key("n"),
            give_up: key("Esc"),
            soft: key("F"),
            headers: key("h"),
            save: key("S"),
            undo: key("U"),
            panes: Pane::ALL.map(|pane| pane.digit().to_string()),
        }
    }
}
