//! Help pages, man pages and completions, as clap draws them from the same rows that the parser reads.

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, Command, ValueHint};

use super::check;
use super::command::{COMMANDS, Name, Row};
use super::compare;
use super::own::{self, Choice, Own};
use super::shells::Shell;
use crate::domain::client::Client;
use crate::domain::export::Format;
use crate::domain::import::curl::lex;
use crate::domain::import::curl::table;
use crate::domain::rules;

const ABOUT: &str =
    "A terminal debugger for HTTP redirects: one request at a time, and a stop at every hop";
const AFTER: &str = "hopstep 'curl …' takes a whole curl command, hopstep FILE.http#NAME a request of a .http file. \
                     Options of curl that make no difference here are accepted, others are refused by name.";
const EXIT: &str = "Exit status: 0 final response, 1 --fail-on or -f matched or a check did not hold, 2 usage, \
                    3 stopped before a final response, 4 a hop failed, 130 interrupted.";
const EXAMPLES: &str = "hopstep http://localhost:8080/login\n\
                        hopstep -d user=ann -u ann:secret https://api.test/x\n\
                        hopstep demo";

/// The help page of a command, or of the program.
pub(crate) fn help(name: Option<Name>) -> String {
    let mut command = match name.and_then(of_name) {
        Some(row) => of_row(row).bin_name(format!("hopstep {}", row.word)),
        None => program(),
    };
    command.render_help().to_string()
}

/// A command as its man page has it, or the program.
pub(crate) fn manual(name: Option<Name>) -> Command {
    match name.and_then(of_name) {
        Some(row) => of_row(row)
            // once per process; clap takes static names
            .name(&*format!("hopstep-{}", row.word).leak())
            .bin_name(format!("hopstep {}", row.word))
            .version(env!("CARGO_PKG_VERSION")),
        None => program(),
    }
}

fn of_name(name: Name) -> Option<&'static Row> {
    COMMANDS.iter().find(|row| row.name == name)
}

/// The whole program.
pub(crate) fn program() -> Command {
    let url = "where the chain begins; without it, the TUI asks for one";
    completed().arg(Arg::new("URL").help(url).value_hint(ValueHint::Url).help_heading(None::<&str>))
}

/// What completions are made from: with a URL of its own, zsh would take a command for it and the command's options for none.
pub(crate) fn completed() -> Command {
    let program = Command::new("hopstep")
        .version(env!("CARGO_PKG_VERSION"))
        .about(ABOUT)
        .after_help(format!("Examples:\n{}\n\n{AFTER}\n{EXIT}", indented(EXAMPLES)))
        .disable_help_subcommand(true)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .override_usage("hopstep [OPTIONS] [URL]\n       hopstep [COMMAND] [OPTIONS] ...")
        .subcommands(COMMANDS.iter().map(of_row));
    let own = own::ROWS.iter().filter(|row| !matches!(row.key, Own::DryRun));
    let program = program.next_help_heading("Options of hopstep").args(own.filter_map(arg));
    with_curl(program)
}

fn of_row(row: &Row) -> Command {
    let usage = match row.own {
        [Own::Help] => format!("hopstep {} {}", row.word, row.operands),
        _ => format!("hopstep {} [OPTIONS] {}", row.word, row.operands),
    };
    let mut after = format!("Examples:\n{}", indented(row.examples));
    if row.requests {
        after = format!("{after}\n\n{EXIT}");
    }
    let command = Command::new(row.word)
        .about(row.about)
        .override_usage(usage.trim_end().to_owned())
        .after_help(after)
        .disable_help_flag(true)
        .disable_version_flag(true)
        .args(row.arguments.iter().map(|argument| operand(row, argument)));
    let command = match row.name {
        Name::Check => {
            let command = command.next_help_heading("Options of check");
            command.args(check::ROWS.iter().filter_map(arg))
        }
        Name::Compare => {
            let command = command.next_help_heading("Options of compare");
            command.args(compare::ROWS.iter().filter_map(arg))
        }
        _ => command,
    };
    let own = own::ROWS.iter().filter(|own| row.own.contains(&own.key));
    let own = own.filter_map(|own| match (own.key, row.formats) {
        (Own::Format, Some(formats)) => arg(own).map(|arg| arg.help(formats)),
        _ => arg(own),
    });
    let command = command.next_help_heading("Options of hopstep").args(own);
    let sends = row.requests || row.name == Name::Open;
    if sends { with_curl(command) } else { command }
}

/// Several lines, each set in.
fn indented(lines: &str) -> String {
    lines.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}

fn operand(row: &Row, (name, help): &'static (&'static str, &'static str)) -> Arg {
    let repeated = row.operands.contains(&format!("{name}...")) || row.operands == "URL [URL]";
    let arg = Arg::new(*name).help(*help).required(row.operands.starts_with(name));
    let arg = match repeated {
        true => arg.action(ArgAction::Append).num_args(0..),
        false => arg,
    };
    match *name {
        "URL" => arg.value_hint(ValueHint::Url),
        "FILE" => arg.value_hint(ValueHint::FilePath),
        "VERB" => one_of(arg, ["list", "search", "show", "export", "delete"]),
        "SHELL" => one_of(arg, Shell::ALL.iter().map(|(name, _)| *name)),
        "COMMAND" => one_of(arg, COMMANDS.iter().map(|row| row.word)),
        "TOPIC" => one_of(arg, rules::ALL.iter().map(|rule| rule.id).chain(Client::names())),
        _ => arg,
    }
}

/// What completions offer; the help line says it already.
fn one_of(arg: Arg, names: impl IntoIterator<Item = &'static str>) -> Arg {
    let names: Vec<&'static str> = names.into_iter().collect();
    arg.value_parser(PossibleValuesParser::new(names)).hide_possible_values(true)
}

/// What a command has under the same name already is not added.
fn with_curl(command: Command) -> Command {
    let taken: Vec<String> = command.get_arguments().map(|arg| arg.get_id().to_string()).collect();
    let free = |arg: &Arg| !taken.contains(&arg.get_id().to_string());
    let rows = table::ROWS.iter().filter_map(arg).filter(free);
    command.next_help_heading("Options of curl").args(rows)
}

/// Rows without a help line are not on the page.
fn arg<K>(row: &'static lex::Row<K>) -> Option<Arg> {
    if row.help.is_empty() {
        return None;
    }
    let arg = Arg::new(row.long).long(row.long).help(row.help).action(ArgAction::SetTrue);
    let arg = match row.short {
        0 => arg,
        short => arg.short(char::from(short)),
    };
    Some(match row.value {
        "" => arg,
        "FILE" => with_value(arg, "FILE").value_hint(ValueHint::FilePath),
        "URL" => with_value(arg, "URL").value_hint(ValueHint::Url),
        "CLIENT" => one_of(with_value(arg, "CLIENT"), Client::names()),
        "FORMAT" => {
            let names = Format::ALL.iter().map(|(name, _)| *name);
            one_of(with_value(arg, "FORMAT"), names.chain(["html", "github"]))
        }
        "SEVERITY" => {
            one_of(with_value(arg, "SEVERITY"), ["error", "warning", "info", "hint", "never"])
        }
        value if value.contains('|') && !value.contains("FILE") => {
            one_of(with_value(arg, value), value.split('|'))
        }
        value => with_value(arg, value),
    })
}

fn with_value(arg: Arg, value: &'static str) -> Arg {
    arg.value_name(value).action(ArgAction::Append).num_args(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_is_well_formed_and_lists_what_there_is() {
        program().debug_assert();
        let page = help(None);
        assert!(page.contains("--data-urlencode"));
        assert!(page.contains("trace"));
        assert!(help(Some(Name::Compare)).contains("--tui"));
        assert!(help(Some(Name::Trace)).contains("--format"));
        assert!(help(Some(Name::Check)).contains("--shard") && !page.contains("--shard"));
        assert!(help(Some(Name::Open)).contains("--show-body"));
        assert!(!help(Some(Name::Trace)).contains("--no-history"));
    }

    #[test]
    fn every_command_has_examples_and_a_page_within_a_hundred_columns() {
        for row in COMMANDS {
            let page = help(Some(row.name));
            assert!(page.contains("Examples:\n  hopstep"), "{}", row.word);
            let widest = page.lines().map(crate::domain::text::width).max();
            assert!(widest <= Some(104), "{}: {widest:?}", row.word);
            assert_eq!(row.operands.is_empty(), row.arguments.is_empty(), "{}", row.word);
        }
    }
}
