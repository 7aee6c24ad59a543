//! Suites before and after an update.

use std::collections::BTreeMap;

use super::{Seen, updated};
use crate::domain::check::outcome::{Outcome, SeenHop, State};
use crate::domain::check::suite;
use crate::domain::check::suite::tests::with_setup;

/// The suite after an update by a server that answers so.
fn update(text: &str, hops: &[(u16, Option<&str>)]) -> String {
    let seen: Vec<Seen> = with_setup(None, |setup| {
        let rows = suite::parse("s.toml", text, setup).unwrap();
        let rows = rows.iter().enumerate();
        rows.map(|(at, row)| {
            let mut outcome = Outcome::of(row, at as u64 + 1);
            outcome.state = State::Failed;
            outcome.ending = Some("final".to_owned());
            outcome.hops = hops.iter().map(|(status, location)| hop(*status, *location)).collect();
            Seen { expect: row.expect.clone(), outcome }
        })
        .collect()
    });
    let variables = BTreeMap::from([("base".to_owned(), "http://s.test".to_owned())]);
    updated(text, &seen, &variables).unwrap().text
}

fn hop(status: u16, location: Option<&str>) -> SeenHop {
    SeenHop {
        method: "GET".to_owned(),
        url: "http://s.test/x".to_owned(),
        status: Some(status),
        reason: String::new(),
        location: location.map(str::to_owned),
        target: None,
        error: None,
        phases: Vec::new(),
        total_ms: 1.0,
    }
}

const BARE: &str = "# the shop\n[env.staging]\nbase = \"http://s.test\"\n\n[[check]] # first\nname = \"a\"\nurl = \"{{base}}/\"\n";

#[test]
fn a_bare_check_gets_the_chain_and_a_second_update_changes_nothing() {
    let hops = [(301, Some("http://s.test/b?state=x&p=1")), (200, None)];
    let once = update(BARE, &hops);
    assert_eq!(
        once,
        format!(
            "{BARE}\n[check.expect]\nhops = 2\nhop = [\n    \
             {{ status = 301, location = {{ matches = '^{{{{base}}}}/b\\?state=[^/?&#;]+&p=1$' }} }},\n    \
             {{ status = 200 }},\n]\n"
        )
    );
    assert_eq!(update(&once, &hops), once);
}

#[test]
fn only_what_drifted_is_replaced_and_comments_stay() {
    let text = format!(
        "{BARE}[check.expect]\nstatus = \"2xx\"\nhops = 2 # one redirect\n\
         [[check.expect.hop]]\nstatus = 301 # for ever\nlocation = {{ matches = \"^/b\" }}\nheaders = {{ X = true }}\n\
         [[check.expect.hop]]\nstatus = 200\n"
    );
    let hops = [(302, Some("/b/c")), (301, Some("/d")), (200, None)];
    let after = update(&text, &hops);
    let expected = text
        .replace("hops = 2 #", "hops = 3 #")
        .replace("status = 301 #", "status = 302 #")
        .replace("status = 200\n", "status = 301\n")
        + "\n[[check.expect.hop]]\nstatus = 200\n";
    assert_eq!(after, expected);
    assert_eq!(update(&after, &hops), after);
}
