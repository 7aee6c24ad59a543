//! What goes and what stays.

use super::*;
use crate::domain::chain::Limits;
use crate::domain::client::Client;
use crate::domain::cookie::jar::Jar;
use crate::domain::export::{Format, Record, document};
use crate::domain::http::exchange::Exchange;
use crate::domain::http::head::ResponseHead;
use crate::domain::http::request::{Credentials, Draft, FieldEdit};
use crate::domain::http::settings::Settings;
use crate::domain::rules;

fn text(text: &str) -> String {
    let shown = Redactor::for_text(Names::default()).text(text);
    assert_eq!(shown.len(), text.len(), "{text}");
    shown
}

#[test]
fn secrets_in_text_are_found_by_name_and_by_shape() {
    for (secret, shown) in [
        ("/cb?token=abc&lang=de", "/cb?token=***&lang=de"),
        ("https://u:pw@a.test/#access_token=xyz", "https://u:**@a.test/#access_token=***"),
        ("/in?next=%2Fcb%3Ftoken%3Dabc%26x%3D1&y=2", "/in?next=%2Fcb%3Ftoken%3D***%26x%3D1&y=2"),
        ("?u=%252Fcb%253Ftoken%253Dabc%2526x", "?u=%252Fcb%253Ftoken%253D***%2526x"),
        ("password=/a&user=me", "password=**&user=me"),
        (
            "{\"password\": \"a\\\"b\", \"user\": \"me\"}",
            "{\"password\": \"****\", \"user\": \"me\"}",
        ),
        ("{\\\"otp\\\":\\\"1234\\\"}", "{\\\"otp\\\":\\\"****\\\"}"),
        ("{\"otp\":123456}", "{\"otp\":******}"),
        ("see eyJhbGciOiJI.eyJzdWIi.c2ln here", "see ************************** here"),
        ("Authorization: Bearer abcdef1", "Authorization: Bearer *******"),
        ("ghp_0123456789abcdef", "********************"),
        (
            "<input type=hidden name=\"SAMLResponse\" value='PHNhbWw'>",
            "<input type=hidden name=\"SAMLResponse\" value='*******'>",
        ),
        ("<input value=\"x\" name='password'>", "<input value=\"*\" name='password'>"),
        (
            "--x\r\nContent-Disposition: form-data; name=\"password\"\r\nContent-Type: text/plain\r\n\r\n\
             a\r\n--b\r\n--x\r\ncontent-disposition: form-data; name=\"q\"; filename=\"otp\"\r\n\r\ntea\r\n--x--\r\n",
            "--x\r\nContent-Disposition: form-data; name=\"password\"\r\nContent-Type: text/plain\r\n\r\n\
             ******\r\n--x\r\ncontent-disposition: form-data; name=\"q\"; filename=\"otp\"\r\n\r\ntea\r\n--x--\r\n",
        ),
        ("/reset-password/8f3c1a77e0b24d558f3c", "/reset-password/********************"),
        ("https://a7Gq2Lw9Zr4Tn8Vx@a.test/", "https://****************@a.test/"),
        ("https://a7Gq2Lw9Zr4Tn8Vx:x@a.test/", "https://****************:*@a.test/"),
        (
            "?code_verifier=abc&password1=a&accessKey=b",
            "?code_verifier=***&password1=*&accessKey=*",
        ),
        ("/cb?%74oken=abc&user%5Bpassword%5D=def", "/cb?%74oken=***&user%5Bpassword%5D=***"),
        ("?next=%2Fcb%3Ft%256Fken%3Dabc", "?next=%2Fcb%3Ft%256Fken%3D***"),
        ("<user password=\"a b\" token='c'>", "<user password=\"***\" token='*'>"),
        ("{accessToken: \"abc\", 'otp': '12'}", "{accessToken: \"***\", 'otp': '**'}"),
        ("<s:password x=\"1\">a b</s:password>", "<s:password x=\"1\">***</s:password>"),
        ("?code=0123456789&state=abc", "?code=**********&state=abc"),
        ("?sid=tok&pin=1234&session=a", "?sid=***&pin=****&session=*"),
    ] {
        assert_eq!(text(secret), shown);
    }
}

#[test]
fn everyday_text_stays() {
    for plain in [
        "/search?q=tea&page=2#top",
        "{\"key\":\"colour\",\"token_type\":\"Bearer\"}",
        "https://a.test/reset/password?csrf_token=abc",
        "<input name=q value=tea>",
        "key=colour code=302",
        "https://someone@a.test/ http://a.test:80/x@y",
        "Bearer realm=\"a place\", Basic realm=\"another\"",
        "<a href=\"/x?token=\" class=\"y\">the token: here</a><a href=\"/y\">",
        "<code>let hop = step();</code> password: see below",
        "/assets/8f3c1a77e0b24d558f3c1a77e0b24d55.js",
    ] {
        assert_eq!(text(plain), plain);
    }
}

#[test]
fn every_cookie_and_every_credential_goes_whatever_its_value() {
    let redactor = Redactor::for_text(Names::new(&["flavour".into()], &["X-Inner".into()]));
    for (name, value, shown) in [
        ("Cookie", "lang=en-GB; sid=tok; seen=1; bare", "lang=*****; sid=***; seen=*;*****"),
        ("Set-Cookie", "id=a3fWa; Path=/; Max-Age=60", "id=*****; Path=/; Max-Age=60"),
        ("Set-Cookie", "lang=en; Path=/0123456789abc", "lang=**; Path=/0123456789abc"),
        ("Set-Cookie", "sid=; Max-Age=0", "sid=; Max-Age=0"),
        ("Authorization", "tok", "***"),
        ("Cookie", "flavour=mint", "flavour=****"),
        ("Authorization", "Basic dTpw", "Basic ****"),
        ("X-Inner", "anything", "********"),
        ("X-Api-Key", "k", "*"),
        ("X-Session-Id", "k7", "**"),
        ("x-auth", "k7", "**"),
        ("Location", "/cb?token=abc", "/cb?token=***"),
        ("Accept", "*/*", "*/*"),
    ] {
        let clean = redactor.value(name, value.as_bytes());
        assert_eq!(String::from_utf8(clean).unwrap(), shown, "{name}");
    }
}

/// A chain with a secret in every place there is.
fn chain() -> Chain {
    let url = "https://u:URLPASS1@a.test/login?token=QUERY123&q=tea".parse().unwrap();
    let draft = Draft {
        credentials: Some(Credentials::Basic { user: "me".into(), password: "OPTPASS1".into() }),
        body: Some(crate::domain::http::body::RequestBody::new("user=me&password=FORM1234")),
        cookie: Some("sid=COOKIE1234".into()),
        fields: vec![FieldEdit::Set(Field::new("X-Api-Key", "HEADER12"))],
        ..Draft::get(url)
    };
    let client = Client::named("curl").unwrap();
    let limits = Limits { cookies: Some(true), ..Limits::default() };
    let mut chain = Chain::new(draft, client, limits, Jar::default(), 0);
    for at in 0..2 {
        chain.send();
        let mut fields = Fields::new();
        fields.push("Set-Cookie", "session=SETCOOKIE12; Path=/");
        fields.push("Location", format!("https://b.test/{at}?access_token=LOCATION1&x={at}"));
        let raw = b"HTTP/1.1 302 Found\r\nSet-Cookie: session=SETCOOKIE12\r\n\r\n";
        let head = ResponseHead {
            status: 302,
            fields,
            raw: Bytes::from_static(raw),
            ..ResponseHead::default()
        };
        let mut exchange = Exchange { response: Some(head), ..Exchange::default() };
        exchange.body.head =
            Bytes::from_static(b"{\"refresh_token\":\"BODYTOK1\"} echo LOCATION1, QUERY123");
        exchange.body.decoded_size = exchange.body.head.len() as u64;
        exchange.body.complete = true;
        exchange.notes = vec!["sent to https://b.test/?token=LOCATION1".into()];
        chain.receive(exchange, 0);
    }
    chain
}

use bytes::Bytes;

const SECRETS: [&str; 8] = [
    "URLPASS1",
    "OPTPASS1",
    "FORM1234",
    "COOKIE1234",
    "HEADER12",
    "SETCOOKIE12",
    "LOCATION1",
    "BODYTOK1",
];

#[test]
fn no_format_shows_a_secret_and_every_format_keeps_the_rest() {
    let chain = chain();
    let redactor = Redactor::of(&chain, Names::default());
    let clean = redactor.chain(&chain);
    let findings = redactor.findings(&rules::judge(&chain));
    let settings = Settings::default();
    let record = Record {
        chain: &clean,
        findings: &findings,
        diagnosis: None,
        started_at: time::OffsetDateTime::UNIX_EPOCH,
        bodies: &crate::domain::http::body::NoBodies,
        show_body: 1 << 20,
        settings: &settings,
        fail_on: None,
    };
    for (name, format) in Format::ALL {
        let shown = document(*format, &record, false);
        for secret in SECRETS.iter().chain(&["QUERY123", "T1BUUEFTUzE"]) {
            assert!(!shown.contains(secret), "{name}: {secret}\n{shown}");
        }
        assert!(shown.contains("b.test"), "{name}: {shown}");
    }
    let debug = format!("{clean:?}");
    assert_eq!(SECRETS.iter().find(|secret| debug.contains(**secret)), None, "{debug}");
}

#[test]
fn a_cookie_of_an_everyday_word_does_not_blacken_the_word_elsewhere() {
    let mut chain = chain();
    chain.draft.cookie = None;
    let mut fields = Fields::new();
    fields.push("Set-Cookie", "theme=contrast; Path=/");
    if let Some(head) = chain.hops.last_mut().and_then(|hop| hop.exchange.response.as_mut()) {
        head.fields = fields;
    }
    let redactor = Redactor::of(&chain, Names::default());
    assert_eq!(redactor.text("a page of contrast"), "a page of contrast");
    assert_eq!(redactor.value("Set-Cookie", b"theme=contrast"), b"theme=********");
}

#[test]
fn what_is_known_is_found_in_other_spellings() {
    let mut chain = chain();
    chain.draft.typed = "https://a.test/?password=p%40ssw%C3%B6rd".into();
    let redactor = Redactor::of(&chain, Names::default());
    assert_eq!(
        redactor.text("it was p@sswörd, or p%40ssw%C3%B6rd"),
        "it was *********, or ***************"
    );
}

#[test]
fn a_window_into_a_body_hides_what_begins_before_it() {
    struct One;
    impl Bodies for One {
        fn read(&self, _: BodyId, start: u64, len: usize) -> Vec<u8> {
            let body = b"say token=abcdefgh done";
            let start = (start as usize).min(body.len());
            body[start..body.len().min(start + len)].to_vec()
        }
    }
    let redactor = Redactor::for_text(Names::default());
    assert_eq!(redactor.bodies(&One).read(BodyId(1), 12, 8), b"****** d");
}

mod properties {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_bytes_keep_their_length_and_text_stays_text(
            bytes in prop::collection::vec(prop_oneof![
                any::<u8>().prop_map(|byte| vec![byte]),
                prop::sample::select(vec![
                    "token", "password", "=", "%3D", "%253D", "&", ";", "\"", ":", "\\", "<input ", "name=", "value=", ">", "'", "</", "%74oken", "%5D",
                    "Bearer ", "eyJa.b.c", "://", "@", "ü", "ghp_0123456789abcdef", "/reset/",
                ]).prop_map(|text| text.as_bytes().to_vec()),
            ], 0..60),
        ) {
            let bytes = bytes.concat();
            let redactor = Redactor::for_text(Names::default());
            let clean = redactor.bytes(&bytes);
            prop_assert_eq!(clean.len(), bytes.len());
            prop_assert!(std::str::from_utf8(&bytes).is_err() || std::str::from_utf8(&clean).is_ok());
            for name in ["Cookie", "Set-Cookie", "Authorization", "X-Api-Key", "Location"] {
                prop_assert_eq!(redactor.value(name, &bytes).len(), bytes.len());
            }
        }

        #[test]
        fn any_text_is_a_configuration_or_has_faults_with_a_place(text in "[a-z\\[\\]=\"\n.# 0-9-]{0,80}") {
            use crate::domain::config::{Config, File};
            match Config::read(&[File { name: "f", text: &text }]) {
                Ok(config) => drop((config.policy(), config.show())),
                Err(faults) => prop_assert!(faults.iter().all(|fault| fault.line > 0 && fault.column > 0)),
            }
        }

        #[test]
        fn any_bytes_are_a_netrc_or_none(text in "((machine|default|login|password|macdef|h|u|\"|\\\\|#|\n) ?){0,30}") {
            use crate::domain::netrc::Netrc;
            if let Ok(netrc) = Netrc::parse(text.as_bytes(), true) {
                let _ = (netrc.lookup("h", None), netrc.lookup("h", Some(b"u")));
            }
        }
    }
}
