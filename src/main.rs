//! The program: arguments in, exit status out.

#![cfg_attr(all(target_os = "linux", target_env = "gnu", not(test)), no_main)]

mod commands;
#[cfg(all(target_os = "linux", target_env = "gnu", not(test)))]
mod entry;

use std::io::{self, Write};

use hopstep::cli::{self, Command};
use hopstep::headless;

use commands::{environment, printed, report, screen};

/// The command line or a file it names is wrong; nothing was sent.
const USAGE: u8 = 2;

/// All went well.
const SUCCESS: u8 = 0;

#[cfg(not(all(target_os = "linux", target_env = "gnu", not(test))))]
fn main() -> std::process::ExitCode {
    run().into()
}

/// Does what the command line asks for; the exit status (product.md section 3).
fn run() -> u8 {
    if let Some(status) = hopstep::shell::clipboard::holder::hold_if_asked() {
        return status;
    }
    let args: Vec<_> = std::env::args_os().skip(1).collect();
    match cli::parse(&args, &environment) {
        Ok(command) => {
            match command.settings().into_iter().try_for_each(hopstep::fetch::identified) {
                Ok(()) => dispatch(command),
                Err(why) => {
                    report(&why);
                    USAGE
                }
            }
        }
        Err(refusal) => {
            report(&refusal.to_string());
            refusal.more.iter().for_each(|more| report(&more.to_string()));
            USAGE
        }
    }
}

fn dispatch(command: Command) -> u8 {
    match command {
        Command::Trace(run) => printed::trace(*run).unwrap_or_else(usage),
        other => dispatch_other(other),
    }
}

/// By itself, so that the code of a trace stands together and its stack is small.
#[inline(never)]
fn dispatch_other(command: Command) -> u8 {
    let out = &mut io::stdout();
    let printed = match command {
        Command::Help(name) => cli::print_help(name, out),
        Command::Version => writeln!(out, "hopstep {}", env!("CARGO_PKG_VERSION")),
        Command::Man(name) => cli::print_man(name, out),
        Command::Config(config) => match commands::look(&config) {
            Ok(look) => out.write_all((config.show() + &look.keys()).as_bytes()),
            Err(error) => return usage(error),
        },
        Command::Clients(run) if run.draft.is_none() => {
            headless::clients::table(printed::form(&run), out)
        }
        Command::Clients(run) => return printed::clients(*run).unwrap_or_else(usage),
        Command::Explain(topic) => match headless::explain::run(topic.as_deref(), out) {
            Ok(printed) => printed,
            Err(error) => return usage(error),
        },
        Command::Completions(shell) => cli::print_completions(shell, out),
        Command::Open(run) if screen::is_there() => {
            return screen::debug(*run).unwrap_or_else(usage);
        }
        Command::Open(run) | Command::Trace(run) => {
            return printed::trace(*run).unwrap_or_else(usage);
        }
        Command::Check(check) => return printed::check(*check).unwrap_or_else(usage),
        Command::Compare(compare) => return printed::compare(*compare).unwrap_or_else(usage),
        Command::Saved(saved) if saved.requests.is_some() => {
            return screen::requests(*saved).unwrap_or_else(usage);
        }
        Command::Saved(saved) if screen::is_there() => {
            return screen::show(*saved).unwrap_or_else(usage);
        }
        Command::Saved(saved) => return printed::open(*saved).unwrap_or_else(usage),
        Command::History(past) => return printed::history(*past).unwrap_or_else(usage),
        Command::Demo(scenario) => return screen::demo(scenario).unwrap_or_else(usage),
        Command::Lab(names) => return headless::lab::run(&names).unwrap_or_else(usage),
    };
    match printed {
        Ok(()) => SUCCESS,
        // A closed pipe ends the program quietly.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => SUCCESS,
        Err(error) => {
            report(&format!("standard output: {error}"));
            USAGE
        }
    }
}

fn usage(error: anyhow::Error) -> u8 {
    report(&format!("{error:#}"));
    USAGE
}
