//! The help page, as clap draws it from the same rows that the parser reads.

use clap::{Arg, ArgAction, Command};

use super::check;
use super::command::{COMMANDS, Name, Row};
use super::compare;
use super::own;
use crate::domain::import::curl::lex;
use crate::domain::import::curl::table;

const ABOUT: &str =
    "A terminal debugger for HTTP redirects: one request at a time, and a stop at every hop";
const AFTER: &str = "hopstep 'curl …' takes a whole curl command. Options of curl that make no difference here are accepted, \
                     others are refused by name.\nExit status: 0 final response, 1 --fail-on or -f, 2 usage, 3 stopped \
                     before a final response, 4 a hop failed, 130 interrupted.";

/// The help page of a command, or of the program.
pub(crate) fn help(name: Option<Name>) -> String {
    let row = name.and_then(|name| COMMANDS.iter().find(|row| row.name == name));
    let mut command = match row {
        Some(row) => of_row(row).bin_name(format!("hopstep {}", row.word)),
        None => program(),
    };
    command.render_help().to_string()
}

/// The whole program.
pub(crate) fn program() -> Command {
    let program = Command::new("hopstep")
        .version(env!("CARGO_PKG_VERSION"))
        .about(ABOUT)
        .after_help(AFTER)
        .disable_help_subcommand(true)
        .override_usage("hopstep [OPTIONS] [URL]\n       hopstep [COMMAND] [OPTIONS] ...")
        .subcommands(COMMANDS.iter().filter(|row| row.built).map(of_row));
    with_options(with_operands(program, "[URL]"))
}

fn of_row(row: &Row) -> Command {
    let usage = match row.requests {
        true => format!("hopstep {} [OPTIONS] {}", row.word, row.operands),
        false => format!("hopstep {} {}", row.word, row.operands),
    };
    let command =
        Command::new(row.word).about(row.about).override_usage(usage).disable_version_flag(true);
    let command = with_operands(command, row.operands);
    match row.name {
        Name::Check => {
            let command = command.disable_help_flag(true).next_help_heading("Options of check");
            with_options(command.args(args(check::ROWS)))
        }
        Name::Compare => {
            let command = command.disable_help_flag(true).next_help_heading("Options of compare");
            with_options(command.args(args(compare::ROWS)))
        }
        _ if row.requests => with_options(command.disable_help_flag(true)),
        _ => command,
    }
}

fn with_operands(command: Command, operands: &'static str) -> Command {
    let name = operands.trim_matches(['[', ']', '.']);
    match operands {
        "" => command,
        "[list|search|show|export|delete] [...]" => command
            .arg(Arg::new("verb").value_parser(["list", "search", "show", "export", "delete"]))
            .arg(Arg::new("which").num_args(0..)),
        "FILE [WHICH]" => {
            let file = Arg::new("FILE").value_hint(clap::ValueHint::FilePath);
            command.arg(file).arg(Arg::new("WHICH"))
        }
        "SHELL" => command.arg(Arg::new(name).value_parser([
            "bash",
            "zsh",
            "fish",
            "elvish",
            "powershell",
        ])),
        "URL [URL]" => {
            let urls = Arg::new("URL").action(ArgAction::Append).num_args(0..);
            command.arg(urls.value_hint(clap::ValueHint::Url))
        }
        "FILE..." => {
            let files = Arg::new("FILE").action(ArgAction::Append).num_args(0..);
            command.arg(files.value_hint(clap::ValueHint::FilePath))
        }
        _ => command.arg(Arg::new(name).value_hint(clap::ValueHint::Url)),
    }
}

/// What a command has under the same name already is not added.
fn with_options(command: Command) -> Command {
    let taken: Vec<String> = command.get_arguments().map(|arg| arg.get_id().to_string()).collect();
    let free = |arg: &Arg| !taken.contains(&arg.get_id().to_string());
    let command = command
        .disable_help_flag(true)
        .disable_version_flag(true)
        .next_help_heading("Options of hopstep")
        .args(args(own::ROWS).filter(free));
    command.next_help_heading("Options of curl").args(args(table::ROWS).filter(free))
}

/// Rows without a help line are not on the page.
fn args<K>(rows: &'static [lex::Row<K>]) -> impl Iterator<Item = Arg> {
    rows.iter().filter(|row| !row.help.is_empty()).map(|row| {
        let arg = Arg::new(row.long).long(row.long).help(row.help).action(ArgAction::SetTrue);
        let arg = match row.short {
            0 => arg,
            short => arg.short(char::from(short)),
        };
        match row.value {
            "" => arg,
            "FILE" => with_value(arg, "FILE").value_hint(clap::ValueHint::FilePath),
            value => with_value(arg, value),
        }
    })
}

fn with_value(arg: Arg, value: &'static str) -> Arg {
    arg.value_name(value).action(ArgAction::Append).num_args(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_well_formed_and_lists_no_promise() {
        program().debug_assert();
        let page = help(None);
        assert!(page.contains("--data-urlencode"));
        assert!(page.contains("trace"));
        assert!(help(Some(Name::Compare)).contains("--tui"));
        assert!(help(Some(Name::Trace)).contains("--format"));
        assert!(help(Some(Name::Check)).contains("--shard") && !page.contains("--shard"));
    }
}
