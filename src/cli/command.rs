//! The commands: one row each, from which help pages, completions and man pages are drawn.

use super::own::Own;

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
    Help,
}

/// One command.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub name: Name,
    pub word: &'static str,
    /// Its operands, as the usage line shows them.
    pub operands: &'static str,
    /// Each operand with its explanation.
    pub arguments: &'static [(&'static str, &'static str)],
    /// One line for the help page.
    pub about: &'static str,
    /// Commands as one would type them, a line each.
    pub examples: &'static str,
    /// It takes the options of a request.
    pub requests: bool,
    /// Which of hopstep's own options its page lists.
    pub(crate) own: &'static [Own],
    /// What `--format` takes here, where it is not all that `trace` prints.
    pub formats: Option<&'static str>,
}

const fn row(name: Name, word: &'static str, operands: &'static str, about: &'static str) -> Row {
    let (requests, formats) = (false, None);
    Row {
        name,
        word,
        operands,
        arguments: &[],
        about,
        examples: "",
        requests,
        own: &[Own::Help],
        formats,
    }
}

const DOCUMENTS: Option<&str> = Some("what is printed: text, json, markdown [text]");

/// All commands, in the order of the help page.
pub const COMMANDS: &[Row] = &[
    Row {
        requests: true,
        arguments: &[("URL", "where the chain begins; a whole 'curl …' command; FILE.http#NAME")],
        own: &[
            Own::As,
            Own::Cookies,
            Own::Format,
            Own::MaxHops,
            Own::Loop,
            Own::MaxBody,
            Own::ShowBody,
            Own::FailOn,
            Own::Redact,
            Own::Color,
            Own::Probe,
            Own::Config,
            Own::Environment,
            Own::Help,
        ],
        examples: "hopstep trace https://shop.test/old\n\
                   hopstep trace --as requests -d item=teapot https://shop.test/checkout\n\
                   hopstep trace --format json --fail-on warning https://shop.test/ | jq .outcome\n\
                   hopstep trace --format curl https://shop.test/ > reproduce.sh",
        ..row(Name::Trace, "trace", "URL", "run the whole chain and print it")
    },
    Row {
        requests: true,
        arguments: &[(
            "FILE",
            "a suite (.toml), a redirect map (.csv), a _redirects file, a sitemap; all but a suite by URL, too",
        )],
        own: &[
            Own::As,
            Own::Cookies,
            Own::MaxHops,
            Own::Loop,
            Own::MaxBody,
            Own::FailOn,
            Own::Redact,
            Own::Color,
            Own::Probe,
            Own::Config,
            Own::Help,
        ],
        examples: "hopstep check shop.toml\n\
                   hopstep check --env staging --format junit shop.toml > report.xml\n\
                   hopstep check --rate 50 --resume map.journal map.csv\n\
                   hopstep check https://shop.test/sitemap.xml\n\
                   hopstep check --update shop.toml\n\
                   hopstep explain check",
        ..row(Name::Check, "check", "FILE...", "hold redirects against what a file says")
    },
    Row {
        requests: true,
        arguments: &[("URL", "one, to vary its request; or two, to compare environments")],
        own: &[
            Own::As,
            Own::Cookies,
            Own::Format,
            Own::MaxHops,
            Own::Loop,
            Own::MaxBody,
            Own::FailOn,
            Own::Redact,
            Own::Color,
            Own::Config,
            Own::Help,
        ],
        formats: DOCUMENTS,
        examples: "hopstep compare --clients curl,requests,got -d item=teapot https://shop.test/buy\n\
                   hopstep compare --tui --methods GET,POST,HEAD https://shop.test/checkout\n\
                   hopstep compare -u me:pw --without auth https://shop.test/account\n\
                   hopstep compare --map-host shop.test=staging.shop.test https://shop.test/old \\\n    \
                   https://staging.shop.test/old",
        ..row(Name::Compare, "compare", "URL [URL]", "show where variants of a chain part")
    },
    Row {
        requests: true,
        arguments: &[("URL", "where the chain begins; without it, the table of clients")],
        own: &[
            Own::As,
            Own::Cookies,
            Own::Format,
            Own::MaxHops,
            Own::Loop,
            Own::MaxBody,
            Own::FailOn,
            Own::Redact,
            Own::Color,
            Own::DryRun,
            Own::Config,
            Own::Help,
        ],
        formats: DOCUMENTS,
        examples: "hopstep clients\n\
                   hopstep clients -d item=teapot https://shop.test/checkout\n\
                   hopstep clients --dry-run --format markdown https://shop.test/old",
        ..row(
            Name::Clients,
            "clients",
            "[URL]",
            "show what each HTTP client does; without a URL, their table",
        )
    },
    Row {
        arguments: &[(
            "TOPIC",
            "a rule, a status, a client, an intent, an outcome, check; or none",
        )],
        examples: "hopstep explain\n\
                   hopstep explain 302\n\
                   hopstep explain https-to-http-downgrade\n\
                   hopstep explain requests",
        ..row(Name::Explain, "explain", "[TOPIC]", "say what a rule, a status or a client means")
    },
    Row {
        arguments: &[
            ("FILE", "HAR, a trace (json, ndjson) or a .http file; - is standard input"),
            ("WHICH", "one of its chains or requests, by number or name"),
        ],
        own: &[
            Own::As,
            Own::Format,
            Own::ShowBody,
            Own::FailOn,
            Own::Redact,
            Own::Color,
            Own::Config,
            Own::Environment,
            Own::Help,
        ],
        examples: "hopstep open shop.har\n\
                   hopstep open --as curl shop.har 2\n\
                   hopstep open --format markdown chain.json\n\
                   hopstep open requests.http\n\
                   hopstep open --env staging -k requests.http login",
        ..row(
            Name::Open,
            "open",
            "FILE [WHICH]",
            "look at a HAR file or a saved trace on the screen, nothing is sent; or send a .http file's requests",
        )
    },
    Row {
        arguments: &[("SCENARIO", "the one to begin with; without it, their list")],
        examples: "hopstep demo\nhopstep demo checkout",
        ..row(Name::Demo, "demo", "[SCENARIO]", "debug built-in servers; no internet needed")
    },
    Row {
        arguments: &[("SCENARIO", "these only; without it, all")],
        examples: "hopstep lab\nhopstep lab checkout loop",
        ..row(Name::Lab, "lab", "[SCENARIO...]", "serve the demo's scenarios for other clients")
    },
    Row {
        own: &[Own::Show, Own::Config, Own::Help],
        examples: "hopstep config\nhopstep config --config ci.toml",
        ..row(Name::Config, "config", "", "show every configured value and the file it is from")
    },
    Row {
        arguments: &[
            ("VERB", "list, search WORDS, show ID, export [ID...], delete ID... or delete all"),
            ("WHICH", "words to search for, or numbers of recorded chains"),
        ],
        own: &[
            Own::Format,
            Own::As,
            Own::ShowBody,
            Own::FailOn,
            Own::Redact,
            Own::Color,
            Own::Config,
            Own::Help,
        ],
        formats: Some("list: text, json; show: whatever trace prints [text]"),
        examples: "hopstep history search shop.test 302\n\
                   hopstep history show 17 --format markdown\n\
                   hopstep history export 17 > chain.json\n\
                   hopstep history delete 17",
        ..row(
            Name::History,
            "history",
            "[VERB] [WHICH...]",
            "list, search, show, export and delete chains that the TUI ran",
        )
    },
    Row {
        arguments: &[("SHELL", "bash, zsh, fish, elvish, powershell, nushell")],
        examples: "hopstep completions bash > ~/.local/share/bash-completion/completions/hopstep\n\
                   hopstep completions zsh > ~/.zfunc/_hopstep\n\
                   hopstep completions fish > ~/.config/fish/completions/hopstep.fish\n\
                   hopstep completions nushell | save hopstep.nu",
        ..row(Name::Completions, "completions", "SHELL", "print a completion script for a shell")
    },
    Row {
        arguments: &[("COMMAND", "its page; without it, that of the program")],
        examples: "hopstep man | man -l -\nhopstep man check > hopstep-check.1",
        ..row(Name::Man, "man", "[COMMAND]", "print a man page")
    },
    Row {
        arguments: &[("COMMAND", "its help; without it, that of the program")],
        examples: "hopstep help trace",
        ..row(Name::Help, "help", "[COMMAND]", "print the help of a command, as --help does")
    },
];

/// The command that this word names.
pub(crate) fn named(word: &[u8]) -> Option<&'static Row> {
    COMMANDS.iter().find(|row| row.word.as_bytes() == word)
}
