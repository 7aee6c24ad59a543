//! The command line: which command, which request, which settings.
//!
//! Options are curl's, from the table in `domain::import::curl`, and hopstep's own, from `cli::own`; one row each feeds parser,
//! help, completions and man page. The parser is curl's (clap would take `-d=x` apart and build its tables at every start);
//! clap draws the help and writes completions and man page. Nothing is sent and nothing printed here.

mod check;
mod client;
mod command;
mod compare;
pub mod configuration;
mod http_file;
mod inputs;
mod own;
mod page;
mod parse;
mod past;
mod run;
mod saved;
mod shells;
mod tls_files;

use std::io::{self, Write};

pub use check::{Check, MAX_TIME};
pub use command::{COMMANDS, Name};
pub use compare::Compare;
pub use own::Choice;
pub use parse::parse;
pub use past::{Past, Wish};
pub use run::{FailOn, Output, Run, policy};
pub use saved::Saved;
pub use shells::Shell;

use crate::domain::config::Config;
use crate::domain::http::settings::Settings;

/// What the user wants done.
#[derive(Debug)]
pub enum Command {
    /// `hopstep [URL]`: the TUI on a terminal, else as `trace`.
    Open(Box<Run>),
    Trace(Box<Run>),
    /// `hopstep check FILE...`
    Check(Box<Check>),
    /// `hopstep compare URL [URL]`
    Compare(Box<Compare>),
    /// `hopstep open FILE [WHICH]`
    Saved(Box<Saved>),
    /// `hopstep history`
    History(Box<Past>),
    /// `hopstep demo [SCENARIO]`
    Demo(Option<String>),
    /// `hopstep lab [SCENARIO...]`
    Lab(Vec<String>),
    /// `hopstep explain [TOPIC]`
    Explain(Option<String>),
    /// `hopstep config`: every value that is configured, with the place it is from.
    Config(Box<Config>),
    /// `hopstep clients [URL]`: the table, or with a URL what each client does.
    Clients(Box<Run>),
    Completions(Shell),
    /// `hopstep man [COMMAND]`
    Man(Option<Name>),
    /// The help page of a command, or of the program.
    Help(Option<Name>),
    Version,
}

impl Command {
    /// How each run of this command connects.
    pub fn settings(&self) -> Vec<&Settings> {
        match self {
            Command::Open(run) | Command::Trace(run) | Command::Clients(run) => vec![&run.settings],
            Command::Check(check) => vec![&check.run.settings],
            Command::Saved(saved) => vec![&saved.run.settings],
            Command::Compare(of) => of.variants.iter().map(|(_, run)| &run.settings).collect(),
            Command::History(_)
            | Command::Demo(_)
            | Command::Lab(_)
            | Command::Explain(_)
            | Command::Config(_)
            | Command::Completions(_)
            | Command::Man(_)
            | Command::Help(_)
            | Command::Version => Vec::new(),
        }
    }
}

/// Prints a help page.
pub fn print_help(name: Option<Name>, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(page::help(name).as_bytes())
}

/// Prints the completion script of a shell.
pub fn print_completions(shell: Shell, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(&shell.script())
}

/// Prints the man page of a command, or of the program.
pub fn print_man(name: Option<Name>, out: &mut dyn Write) -> io::Result<()> {
    clap_mangen::Man::new(page::manual(name)).render(&mut { out })
}
