//! Suites as they are written, and what is said of the ones that are wrong.

use std::sync::Arc;

use url::Url;

use super::parse;
use crate::domain::chain::Limits;
use crate::domain::check::{Row, Setup};
use crate::domain::client::Client;
use crate::domain::finding::Severity;
use crate::domain::http::request::Draft;
use crate::domain::import::curl::Inputs;

struct NoFiles;

impl Inputs for NoFiles {
    fn read(&self, _: &str) -> Result<Vec<u8>, String> {
        Err("no such file".to_owned())
    }

    fn boundary(&self) -> String {
        String::new()
    }
}

pub(in crate::domain::check) fn with_setup<T>(
    base: Option<&Url>,
    run: impl FnOnce(&Setup<'_>) -> T,
) -> T {
    let draft = Draft::get(Url::parse("http://unsent.test/").unwrap());
    let client = Arc::new(Client::named("curl").unwrap());
    let process = |name: &str| (name == "TOKEN").then(|| "t0k".to_owned());
    run(&Setup {
        environment: Some("staging"),
        variables: &[],
        process: &process,
        inputs: &NoFiles,
        draft: &draft,
        client: &client,
        limits: Limits::default(),
        max_time: None,
        fail_on: Some(Severity::Error),
        base,
    })
}

fn read(text: &str) -> Result<Vec<Row>, Vec<String>> {
    with_setup(None, |setup| {
        parse("s.toml", text, setup)
            .map_err(|faults| faults.iter().map(ToString::to_string).collect())
    })
}

#[test]
fn a_check_is_a_row_for_every_client_and_credentials() {
    let rows = read(
        r#"
        variables = { token = "{{$TOKEN}}" }
        env = { staging = { base = "http://s.test" } }
        credentials = { none = {}, valid = { bearer = "{{token}}" } }
        [defaults]
        headers = { Accept = "text/html", X-A = "1" }
        fail-on = "warning"
        [[check]]
        name = "login"
        url = "{{base}}/login"
        form = { user = "a b" }
        headers = { X-A = false }
        clients = ["curl", "java"]
        with = ["none", "valid"]
        [check.expect]
        status = 200
        [check.expect.with.none]
        status = [401, "3xx"]
        [[check.expect.hop]]
        status = 302
        headers = { Location = { matches = "^/in" }, X-Debug = false }
        cookies = { sid = { secure = true } }
        "#,
    )
    .unwrap();
    assert_eq!(rows.len(), 4);
    let seen: Vec<_> =
        rows.iter().map(|row| (row.client.name.as_str(), row.with.as_deref())).collect();
    assert_eq!(seen[1], ("curl", Some("valid")));
    let row = &rows[0];
    assert_eq!(row.draft.url.as_str(), "http://s.test/login");
    assert_eq!(row.draft.method.as_str(), "POST");
    assert_eq!(row.draft.body.as_ref().unwrap().bytes, "user=a+b");
    assert_eq!(row.draft.fields.len(), 2);
    assert_eq!(row.expect.status.as_ref().unwrap().to_string(), "401 or 3xx");
    assert_eq!(rows[1].expect.status.as_ref().unwrap().to_string(), "200");
    assert!(rows[1].draft.credentials.is_some() && rows[0].draft.credentials.is_none());
    assert_eq!(row.fail_on, Some(Severity::Warning));
    assert_eq!(row.place.line, 8);
}

#[test]
fn every_fault_is_told_with_line_column_expectation_and_nearest_name() {
    let faults = read(
        r#"
[[check]]
url = "http://{{host}}/"
clints = ["curl"]
[[check]]
url = "ftp://a.test/"
[[check]]
url = "http://a.test/"
clients = ["crul"]
with = ["x"]
[check.expect]
hops = "three"
status = 2
ending = "lop"
rules = { deny = ["redirect-lop"] }
[[check.expect.hop]]
location = { matches = "(" }
statsu = 301
"#,
    )
    .unwrap_err();
    let expected = [
        "s.toml:3:15: there is no variable host",
        "s.toml:4:1: check takes no \"clints\" (did you mean \"clients\"?)",
        "s.toml:6:7: url: expected an http or https URL: only http and https are fetched, not ftp",
        "s.toml:9:12: clients: expected a client, not \"crul\" (did you mean \"curl\"?)",
        "s.toml:10:9: with: expected credentials: there is no [credentials.x]",
        "s.toml:12:8: hops: expected a number, or { min = …, max = … }",
        "s.toml:13:10: status: expected a status such as 302 or \"3xx\"",
        "s.toml:14:10: ending: expected one of final, loop",
        "s.toml:15:19: deny: expected the id of a rule, not \"redirect-lop\" (did you mean",
        "s.toml:17:24: matches: expected a regular expression",
        "s.toml:18:1: hop takes no \"statsu\" (did you mean \"status\"?)",
    ];
    for expected in expected {
        assert!(faults.iter().any(|fault| fault.starts_with(expected)), "{expected}\n{faults:#?}");
    }
    assert_eq!(faults.len(), expected.len(), "{faults:#?}");
}

#[test]
fn a_file_that_is_no_toml_or_has_no_check_is_told() {
    assert!(read("[[check]\n").unwrap_err()[0].starts_with("s.toml:1:"));
    assert!(read("[variables]\n").unwrap_err()[0].contains("no [[check]]"));
    assert!(
        read("[env.prod]\nb = 1\n[[check]]\nurl = \"{{b}}\"").unwrap_err()[0]
            .contains("no [env.staging]")
    );
    assert!(read("[[check]]\nname = \"x\"").unwrap_err()[0].contains("needs a url"));
}
