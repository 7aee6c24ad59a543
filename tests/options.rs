//! Every option of curl is honoured, or refused by its own name with the reason: none is unknown, none is ignored.
//! And whatever is written becomes a command or is refused with a reason.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "support/programs.rs"]
mod programs;

use std::ffi::OsString;

use proptest::prelude::*;

const HOPSTEP: &str = env!("CARGO_BIN_EXE_hopstep");

const LISTS: [&str; 2] = [
    include_str!("../src/domain/import/curl/table/curl-7.88.txt"),
    include_str!("../src/domain/import/curl/table/curl-8.txt"),
];

/// They print and are done.
const PRINTS: [&str; 2] = ["help", "version"];

/// What a run without a URL is told when nothing else was wrong with it.
const NO_URL: &str = "hopstep: URL: there is none; give the one to begin with";

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

#[test]
#[cfg(unix)]
fn bytes_that_an_option_can_not_hold_have_a_field_that_can() {
    use std::os::unix::ffi::OsStringExt as _;

    for (option, field) in
        [("-A", "User-Agent"), ("-e", "Referer"), ("-b", "Cookie"), ("-u", "Authorization")]
    {
        let value = OsString::from_vec(b"a=\xff".to_vec());
        let args = [OsString::from("trace"), option.into(), value];
        let output = programs::clean(HOPSTEP).args(args).output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(
            error.starts_with(&format!("hopstep: {option}: the value is not UTF-8")),
            "{error}"
        );
        assert!(error.contains(&format!("-H '{field}: ")), "{error}");
        assert_eq!(output.status.code(), Some(2));
    }
}

/// The one line of a run that sends nothing.
fn said(args: &[&str]) -> String {
    let output = programs::clean(HOPSTEP).arg("trace").args(args).output().unwrap();
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{args:?}");
    String::from_utf8(output.stderr).unwrap().trim_end().to_owned()
}

/// A word of a command line: mostly one that means something, none that reads standard input or asks for a password.
fn word() -> impl Strategy<Value = String> {
    let names = LISTS.iter().flat_map(|list| list.split_whitespace());
    let names: Vec<&str> = names.filter(|name| !name.ends_with("user")).collect();
    let own = [
        "trace",
        "check",
        "compare",
        "clients",
        "explain",
        "history",
        "demo",
        "lab",
        "--as",
        "--cookies",
        "--format",
    ];
    let values = [
        "",
        "--",
        "=",
        "@",
        ":",
        "a:b:c",
        "a:1:127.0.0.1",
        "::",
        "k=v",
        "k=v;x",
        "Name;",
        "Name:",
        "a=@/dev/null;type=x",
        "-1",
        "0",
        "1e9",
        "99999999999999999999",
        "0.1",
        "socks5h://u:p@h:1",
        "http://a.invalid/",
        "[::1]:1",
        "%",
        "{",
        "\u{202e}",
        "a\nb",
        "\u{1b}[2J",
        "1-2,3-",
        "curl",
        "on",
        "json",
    ];
    prop_oneof![
        3 => prop::sample::select(names).prop_map(|name| format!("--{name}")),
        1 => prop::sample::select(own.to_vec()).prop_map(str::to_owned),
        3 => prop::sample::select(values.to_vec()).prop_map(str::to_owned),
        1 => "-[a-tv-zA-TV-Z#0-9:]{1,4}",
        1 => "-?-?\\PC{0,8}",
    ]
    .prop_filter("reads standard input", |word| word != "-" && !word.ends_with("@-"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_words_are_a_command_or_are_refused(words in prop::collection::vec(word(), 0..8)) {
        let words: Vec<OsString> = words.into_iter().map(OsString::from).collect();
        if let Err(refusal) = hopstep::cli::parse(&words, &|_| None) {
            let line = refusal.to_string();
            prop_assert!(line.contains(": ") && !refusal.why.is_empty(), "{line:?}");
        }
    }
}
