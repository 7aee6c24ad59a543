//! Every option of curl is honoured, or refused by its own name with the reason: none is unknown, none is ignored.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[allow(dead_code, reason = "the helpers are shared")]
#[path = "support/programs.rs"]
mod programs;

const HOPSTEP: &str = env!("CARGO_BIN_EXE_hopstep");

const LISTS: [&str; 2] = [
    include_str!("../src/domain/import/curl/table/curl-7.88.txt"),
    include_str!("../src/domain/import/curl/table/curl-8.txt"),
];

/// They print and are done.
const PRINTS: [&str; 2] = ["help", "version"];

/// What a run without a URL is told when nothing else was wrong with it.
const NO_URL: &str = "hopstep: URL: none is given";

/// A value that is no number, no file and no name of a host.
const VALUE: &str = "x.invalid";

#[test]
fn an_option_that_can_not_be_honoured_is_refused_by_name() {
    let (mut honoured, mut refused) = (0, 0);
    let names = LISTS.iter().flat_map(|list| list.split_whitespace());
    for name in names.filter(|name| !PRINTS.contains(name)) {
        let option = format!("--{name}");
        let bare = said(&[&option]);
        let takes_value = bare.ends_with("this option needs a value");
        let said = if takes_value && name != "url" { said(&[&option, VALUE]) } else { bare };
        assert!(!said.contains("no such option"), "{said}");
        if said == NO_URL || name == "url" {
            honoured += 1;
            continue;
        }
        let (what, why) = said.strip_prefix("hopstep: ").unwrap().split_once(": ").unwrap();
        if what == option {
            refused += usize::from(why.contains("hopstep"));
        } else {
            // an honoured option whose value is no good
            assert!(what.ends_with(VALUE), "{said}");
            honoured += 1;
        }
    }
    assert!(honoured > 90 && refused > 120, "{honoured} {refused}");
}

/// The one line of a run that sends nothing.
fn said(args: &[&str]) -> String {
    let output = programs::clean(HOPSTEP).arg("trace").args(args).output().unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{args:?}");
    String::from_utf8(output.stderr).unwrap().trim_end().to_owned()
}
