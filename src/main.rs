//! The program: arguments in, exit status out.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use hopstep::cli::{self, Command};
use hopstep::domain::escape::escape;

/// The command line or a file it names is wrong; nothing was sent.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    if let Some(status) = hopstep::shell::clipboard::holder::hold_if_asked() {
        return status;
    }
    let args: Vec<_> = std::env::args_os().skip(1).collect();
    match cli::parse(&args, &|name| std::env::var(name).ok()) {
        Ok(command) => dispatch(command),
        Err(refusal) => {
            report(&refusal.to_string());
            ExitCode::from(USAGE)
        }
    }
}

fn dispatch(command: Command) -> ExitCode {
    let out = &mut io::stdout();
    let printed = match command {
        Command::Help(name) => cli::print_help(name, out),
        Command::Version => writeln!(out, "hopstep {}", env!("CARGO_PKG_VERSION")),
        Command::Man => cli::print_man(out),
        Command::Completions(shell) => cli::print_completions(shell, out),
        Command::Open(run) if out.is_terminal() => return shell(*run),
        Command::Open(run) | Command::Trace(run) => return trace(*run),
        Command::Demo { .. } => return not_built("hopstep demo"),
        Command::Lab(names) => return hopstep::headless::lab::run(&names).unwrap_or_else(usage),
    };
    match printed {
        Ok(()) => ExitCode::SUCCESS,
        // A closed pipe ends the program quietly.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            report(&format!("standard output: {error}"));
            ExitCode::from(USAGE)
        }
    }
}

fn shell(_: cli::Run) -> ExitCode {
    not_built("the terminal interface")
}

fn trace(_: cli::Run) -> ExitCode {
    not_built("hopstep trace")
}

fn usage(error: anyhow::Error) -> ExitCode {
    report(&format!("{error:#}"));
    ExitCode::from(USAGE)
}

fn not_built(what: &str) -> ExitCode {
    report(&format!("{what}: not built yet"));
    ExitCode::from(USAGE)
}

/// One line on standard error, in the form `hopstep: WHAT: WHY`.
fn report(line: &str) {
    let _ = writeln!(io::stderr(), "hopstep: {}", escape(line));
}
