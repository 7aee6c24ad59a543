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
            Shell::Fish => without_dots(written(clap_complete::Shell::Fish)),
            Shell::Elvish => written(clap_complete::Shell::Elvish),
            Shell::PowerShell => written(clap_complete::Shell::PowerShell),
            Shell::Nushell => without_dotted_lines(written(clap_complete_nushell::Nushell)),
        }
    }
}

fn written(generator: impl Generator) -> Vec<u8> {
    let mut script = Vec::new();
    clap_complete::generate(generator, &mut page::completed(), "hopstep", &mut script);
    script
}

/// fish's `argparse` takes no option with a dot in its name, and completes nothing when it is given one.
fn without_dots(script: Vec<u8>) -> Vec<u8> {
    let script = String::from_utf8_lossy(&script);
    let fit = |line: &str| match line.split_once(r"string join \n ") {
        Some((indent, specs)) => {
            let specs = specs.split(' ').filter(|spec| !spec.contains('.'));
            let specs: Vec<&str> = specs.map(|spec| spec.trim_end_matches('\n')).collect();
            format!("{indent}string join \\n {}\n", specs.join(" "))
        }
        None => line.to_owned(),
    };
    script.split_inclusive('\n').map(fit).collect::<String>().into_bytes()
}

/// Nushell makes a variable of each option, takes none with a dot in its name, and loads nothing of a script that has one.
fn without_dotted_lines(script: Vec<u8>) -> Vec<u8> {
    let script = String::from_utf8_lossy(&script);
    let dotted = |line: &&str| {
        let name = line
            .trim_start()
            .strip_prefix("--")
            .and_then(|rest| rest.split([' ', ':', '(']).next());
        name.is_some_and(|name| name.contains('.'))
    };
    script.split_inclusive('\n').filter(|line| !dotted(line)).collect::<String>().into_bytes()
}
