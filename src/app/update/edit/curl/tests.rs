//! A pasted command loses nothing in silence.

use url::Url;

use super::super::draft;
use super::paste;
use crate::app::model::Model;
use crate::domain::chain::Limits;
use crate::domain::client::Client;
use crate::domain::http::request::Draft;
use crate::domain::http::settings::Settings;
use crate::domain::import::curl::table::{Opt, ROWS};

/// Every option that hopstep honours, as it may stand in a command.
const OPTIONS: &[&str] = &[
    "-X PUT",
    "-H 'X-A: 1'",
    "-d a=b",
    "--data-ascii a=b",
    "--data-raw @a",
    "--data-binary a",
    "--data-urlencode 'a=b c'",
    "--json '{}'",
    "-F a=b",
    "--form-string a=@b",
    "-T -",
    "-G -d a=b",
    "-I",
    "-r 0-9",
    "--url-query a=b",
    "-g --url 'http://a.test/{x,y}'",
    "-u me:pw",
    "-u me",
    "--oauth2-bearer token",
    "-n",
    "--netrc-optional",
    "--netrc-file f",
    "-b k=v",
    "-b ''",
    "-b jar.txt",
    "-c jar.txt",
    "-j",
    "-A agent",
    "-e http://from.test/",
    "-e ;auto",
    "--path-as-is --url http://a.test/../x",
    "--compressed",
    "--max-redirs 3",
    "--max-redirs -1",
    "--follow",
    "--location-trusted",
    "--proto =http",
    "--proto-redir =https",
    "--proto-default https --url a.test/x/",
    "--post301",
    "--post302",
    "--post303",
    "-k",
    "--cacert f",
    "--capath d",
    "-E f",
    "--cert f --key f",
    "--cert-type DER",
    "--key-type PEM",
    "--proxy-cert-type PEM",
    "--proxy-key-type PEM",
    "--key f -E f",
    "-x http://p.test",
    "--proxy1.0 p.test",
    "--preproxy socks5://p.test -x http://p.test",
    "-U u:p",
    "--proxy-insecure",
    "--proxy-cacert f",
    "--proxy-capath d",
    "--proxy-cert f",
    "--proxy-key f --proxy-cert f",
    "--proxy-header 'X-P: 1'",
    "-p",
    "--proxy-http2",
    "--noproxy a.test",
    "--socks4 p.test",
    "--socks4a p.test",
    "--socks5 p.test",
    "--socks5-hostname p.test",
    "--resolve a.test:80:127.0.0.1",
    "--connect-to ::127.0.0.1:1",
    "--unix-socket s",
    "-4",
    "-6",
    "--no-alpn",
    "-1",
    "--tlsv1.0",
    "--tlsv1.1",
    "--tlsv1.2",
    "--tlsv1.3",
    "--tls-max 1.2",
    "-0",
    "--http1.1",
    "--http2",
    "--http2-prior-knowledge",
    "--connect-timeout 3",
    "-m 3",
    "-f",
    "--fail-with-body",
    "-o out",
    "-O",
    "-w x",
    "--digest",
];

fn model() -> Model {
    let draft = Draft::get(Url::parse("http://first.test/").unwrap());
    Model::new(draft, "curl".to_owned(), Limits::default(), Settings::default())
}

fn said(model: &Model) -> String {
    let status = model.status.as_ref().map(|status| status.text.clone());
    model.form.error.clone().or(status).unwrap_or_default()
}

/// What will be sent, and by which rules.
fn meant(model: &Model) -> (Result<Draft, String>, Option<Client>, Limits) {
    (draft(&model.form), model.client_named("curl"), model.limits)
}

fn pasted(options: &str) -> Model {
    let mut model = model();
    let url = if options.contains("--url ") { "" } else { "http://a.test/x/" };
    paste(&mut model, &format!("curl {options} {url}"));
    model
}

#[test]
fn every_option_is_heeded_or_named() {
    let plain = meant(&pasted(""));
    for options in OPTIONS {
        let model = pasted(options);
        let name = options.split(' ').next().unwrap();
        let heeded = model.form.error.is_none() && meant(&model) != plain;
        assert!(heeded || said(&model).contains(name), "{options}: {}", said(&model));
    }
}

#[test]
fn every_option_is_in_the_table() {
    let listed = |row: &&crate::domain::import::curl::lex::Row<Opt>| {
        let short = char::from(row.short);
        OPTIONS.iter().any(|options| {
            options.split(' ').any(|word| {
                let negated = word.strip_prefix("--no-");
                word.strip_prefix("--").or(negated) == Some(row.long)
                    || negated == Some(row.long)
                    || (row.short != 0 && word == format!("-{short}"))
            })
        })
    };
    let absent: Vec<&str> = ROWS.iter().filter(|row| !listed(row)).map(|row| row.long).collect();
    // redirects are followed anyway, and Basic is what -u means
    assert_eq!(absent, ["basic", "location"]);
}

#[test]
fn what_one_command_says_is_no_word_on_the_next() {
    let mut model =
        pasted("--location-trusted --max-redirs 3 -b '' -e ';auto' --proto-redir =https");
    assert!(model.given.client.is_some() && model.limits.cookies == Some(true));
    paste(&mut model, "curl http://b.test/");
    assert_eq!((model.given.client, model.limits), (None, Limits::default()));
}

#[test]
fn what_the_command_line_said_holds_for_pasted_commands_too() {
    let mut model = model();
    let trusting = Client::named("curl").map(|mut client| {
        client.location_trusted();
        client
    });
    model.given.client.clone_from(&trusting);
    model.limits.max_hops = Some(7);
    model.settings.insecure = true;
    paste(&mut model, "curl -k --post301 http://b.test/");
    assert_eq!(said(&model), "read from the curl command");
    let both = trusting.clone().map(|mut client| {
        client.keep_post(301);
        client
    });
    assert_eq!((&model.given.client, model.limits.max_hops), (&both, Some(7)));
    paste(&mut model, "curl http://b.test/");
    assert_eq!(model.given.client, trusting);
}

#[test]
fn the_form_keeps_what_options_add_to_the_url() {
    for (options, url) in [
        ("-G -d a=b", "http://a.test/x/?a=b"),
        ("--url-query a=b", "http://a.test/x/?a=b"),
        ("--proto-default https --url a.test/x", "https://a.test/x"),
    ] {
        let model = pasted(options);
        assert_eq!(model.form.url.text(), url);
        assert_eq!(draft(&model.form).unwrap().url.as_str(), url);
    }
    let exact = pasted("--path-as-is --url http://a.test/../x");
    assert_eq!(draft(&exact.form).unwrap().exact_target().as_deref(), Some("/../x"));
    assert_eq!(draft(&pasted("-X POST").form).unwrap().body, None);
}
