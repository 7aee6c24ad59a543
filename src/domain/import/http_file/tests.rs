//! What a `.http` file may hold, and what is said of one that is wrong.

use proptest::prelude::*;

use super::*;

struct Nothing;

impl Surroundings for Nothing {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        match path {
            "./order.json" => Ok(b"{\"id\": \"{{id}}\"}".to_vec()),
            _ => Err("no such file".to_owned()),
        }
    }

    fn variable(&self, name: &str) -> Option<String> {
        (name == "TOKEN").then(|| "t0ken".to_owned())
    }

    fn chosen(&self, name: &str) -> Option<String> {
        (name == "stage").then(|| "{{host}}".to_owned())
    }
}

const FILE: &str = "@host = shop.test\n@base = https://{{host}}/api\n\n\
    # Who one is.\n# @name me\nGET {{base}}/me HTTP/1.1\nAccept: application/json\n// a comment\nAuthorization: Bearer {{$processEnv TOKEN}}\n\n\
    ### log in\n# @no-redirect\nPOST {{base}}/login\nContent-Type: application/x-www-form-urlencoded\n\nuser=ann\n&password=a b\n\n> {%\n client.test();\n%}\n\
    ###\n@id = 17\nPUT {{base}}/orders\n  ?page=2\n  &size={{id}}\nContent-Type: application/json\nAuthorization: Basic ann secret\n\n<@ ./order.json\n\n\
    ###\n/x\nHost: localhost:8080\n\n### last\nshop.test/old\n";

fn get(which: &str) -> Named {
    pick(FILE, Some(which), &Nothing).unwrap()
}

fn field(named: &Named, name: &str) -> Option<String> {
    named.draft.fields.iter().find_map(|edit| match edit {
        crate::domain::http::request::FieldEdit::Set(field) if field.is(name) => Some(field.text()),
        _ => None,
    })
}

#[test]
fn the_chosen_environment_fills_in_what_the_file_does_not_define() {
    let file = "@host = shop.test\n@id = 17\nGET https://{{stage}}/{{id}}\n";
    let named = pick(file, None, &Nothing).unwrap();
    assert_eq!(named.draft.url.as_str(), "https://shop.test/17");
}

#[test]
fn names_variables_and_comments_are_read() {
    let me = get("me");
    assert_eq!(
        (me.draft.method.as_str(), me.draft.url.as_str()),
        ("GET", "https://shop.test/api/me")
    );
    assert_eq!(field(&me, "Authorization").as_deref(), Some("Bearer t0ken"));
    assert_eq!((me.note.as_str(), me.line), ("Who one is.", 6));
    assert!(me.draft.body.is_none());
}

#[test]
fn a_form_over_several_lines_is_one_and_scripts_for_the_response_are_left_out() {
    let login = get("log in");
    assert_eq!((login.draft.method.as_str(), login.draft.forced), ("POST", false));
    assert_eq!(login.draft.body.unwrap().bytes, "user=ann&password=a b");
}

#[test]
fn a_query_goes_on_in_the_next_lines_and_a_file_is_the_body() {
    let put = get("3");
    assert_eq!(put.draft.url.as_str(), "https://shop.test/api/orders?page=2&size=17");
    assert_eq!(put.draft.body.as_ref().unwrap().bytes, "{\"id\": \"17\"}");
    assert_eq!(field(&put, "Authorization").as_deref(), Some("Basic YW5uOnNlY3JldA=="));
    assert!(put.draft.forced);
}

#[test]
fn a_path_takes_the_host_line_and_what_has_no_scheme_is_http() {
    assert_eq!(get("4").draft.url.as_str(), "http://localhost:8080/x");
    assert_eq!(get("last").draft.url.as_str(), "http://shop.test/old");
    assert_eq!(all(FILE, &Nothing).unwrap().len(), 5);
}

#[test]
fn what_is_wrong_is_said_with_its_line() {
    for (text, which, why) in [
        ("", None, "there is no request in the file"),
        ("GET http://a.test\n###\nGET http://b.test\n", None, "2 requests; name one of them: 1, 2"),
        ("GET http://a.test\n", Some("x"), "x: no such request; there are 1"),
        ("GET http://{{host}}/\n", None, "line 1: {{host}}: there is no such variable"),
        ("GET http://a.test/{{$guid}}\n", None, "line 1: {{$guid}}: only the editor"),
        (
            "@a = {{b}}\n@b = {{a}}\nGET http://a.test/{{a}}\n",
            None,
            "line 3: a variable stands in itself",
        ),
        ("GET http://a.test\nno field\n", None, "line 2: expected a field line"),
        ("GET /x\n", None, "line 1: a path alone needs a Host line"),
        ("GET ftp://a.test/\n", None, "line 1: ftp://a.test/: no http or https URL"),
        ("POST http://a.test/\n\n< gone.json\n", None, "line 3: gone.json: no such file"),
        ("POST http://a.test/\n\n< {%\n", None, "line 3: a script in front"),
    ] {
        let fault = pick(text, which, &Nothing).unwrap_err().to_string();
        assert!(fault.starts_with(why), "{fault}");
    }
}

proptest! {
    #[test]
    fn no_text_panics(text in "(@?[a-z]{0,3} ?= ?|\\{\\{|\\}\\}|###|GET |< |> |\\PC|\n|\r\n|:| ){0,60}") {
        let _ = all(&text, &Nothing);
        let _ = pick(&text, Some("2"), &Nothing);
    }
}
