//! The keys in force, as far as texts of the state machine speak of them: told from outside, where the keymap is.

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
        }
    }
}
