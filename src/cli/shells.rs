//! The shells that completions are written for.

use clap_complete::Generator;

use super::own::Choice;
use super::page;

/// A shell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shell {
    Bash,
    Zsh,
    Fish,
    Elvish,
    PowerShell,
    Nushell,
}

impl Choice for Shell {
    const ALL: &'static [(&'static str, Shell)] = &[
        ("bash", Shell::Bash),
        ("zsh", Shell::Zsh),
        ("fish", Shell::Fish),
        ("elvish", Shell::Elvish),
        ("powershell", Shell::PowerShell),
        ("nushell", Shell::Nushell),
    ];
}

impl Shell {
    /// Its completion script.
    pub(crate) fn script(self) -> Vec<u8> {
        match self {
            Shell::Bash => written(clap_complete::Shell::Bash),
            Shell::Zsh => written(clap_complete::Shell::Zsh),
            Shell::Fish => written(clap_complete::Shell::Fish),
            Shell::Elvish => written(clap_complete::Shell::Elvish),
            Shell::PowerShell => written(clap_complete::Shell::PowerShell),
            Shell::Nushell => written(clap_complete_nushell::Nushell),
        }
    }
}

fn written(generator: impl Generator) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(generator, &mut page::program(), "hopstep", &mut script);
    script
}
