//! The commands: one row each.

/// A command's name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Name {
    Trace,
    Check,
    Compare,
    Clients,
    Explain,
    Open,
    Demo,
    Lab,
    History,
    Config,
    Completions,
    Man,
}

/// One command.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub name: Name,
    pub word: &'static str,
    /// Its operands, as the usage line shows them.
    pub operands: &'static str,
    /// One line for the help page.
    pub about: &'static str,
    /// It takes the options of a request.
    pub requests: bool,
    /// What is not built is refused, and is on no help page.
    pub built: bool,
}

const fn row(name: Name, word: &'static str, operands: &'static str, about: &'static str) -> Row {
    Row { name, word, operands, about, requests: false, built: true }
}

/// All commands, in the order of the help page.
pub const COMMANDS: &[Row] = &[
    Row { requests: true, ..row(Name::Trace, "trace", "URL", "run the whole chain and print it") },
    Row {
        requests: true,
        ..row(Name::Check, "check", "FILE...", "hold redirects against what a file says")
    },
    Row {
        requests: true,
        ..row(Name::Compare, "compare", "URL [URL]", "show where variants of a chain part")
    },
    Row {
        requests: true,
        ..row(
            Name::Clients,
            "clients",
            "[URL]",
            "what each HTTP client does; without URL their table",
        )
    },
    row(Name::Explain, "explain", "[TOPIC]", "what a rule, a status or a client means"),
    row(
        Name::Open,
        "open",
        "FILE [WHICH]",
        "a HAR file or saved trace, judged anew; nothing is sent",
    ),
    row(Name::Demo, "demo", "[SCENARIO]", "the TUI on built-in servers; no internet needed"),
    row(Name::Lab, "lab", "[SCENARIO...]", "serve the demo's scenarios for other clients"),
    row(Name::Config, "config", "", "every value that is configured, and the file it is from"),
    row(
        Name::History,
        "history",
        "[list|search|show|export|delete] [...]",
        "chains that were run in the TUI",
    ),
    row(
        Name::Completions,
        "completions",
        "SHELL",
        "print a completion script: bash, zsh, fish, elvish, powershell",
    ),
    row(Name::Man, "man", "", "print the man page"),
];

/// The command that this word names.
pub(crate) fn named(word: &[u8]) -> Option<&'static Row> {
    COMMANDS.iter().find(|row| row.word.as_bytes() == word)
}
