//! Options of the command line over a request of a `.http` file: what an option says wins over what the file says of the same.

use super::super::curl::Refusal;
use crate::domain::http::request::Draft;

/// The request of the file with these options, which were given with a plain URL.
///
/// # Errors
/// When an option would change what is sent: the body and the URL are the file's.
pub fn with_options(file: Draft, options: Draft, plain: &str) -> Result<Draft, Refusal> {
    let chose = !options.forced && options.method.as_str() != "GET";
    if options.body.is_some() || options.upload || chose || options.url.as_str() != plain {
        let why = "the file says what is sent; -H, -X, -u, -b, -A, -e and how it is sent can be told beside it";
        return Err(Refusal::new("-d, -F, -T, -G, -I", why));
    }
    let mut fields = file.fields;
    fields.retain(|field| !replaced(&options, field.name()));
    fields.extend(options.fields);
    let (method, forced) = match options.forced {
        true => (options.method, true),
        false => (file.method, file.forced),
    };
    Ok(Draft {
        method,
        forced,
        fields,
        credentials: options.credentials.or(file.credentials),
        netrc: options.netrc.or(file.netrc),
        user_agent: options.user_agent.or(file.user_agent),
        referer: options.referer.or(file.referer),
        cookie: options.cookie.or(file.cookie),
        compressed: options.compressed || file.compressed,
        http10: options.http10 || file.http10,
        ..file
    })
}

/// Whether an option says what this field line of the file says.
fn replaced(options: &Draft, name: &str) -> bool {
    let is = |of: &str| name.eq_ignore_ascii_case(of);
    options.fields.iter().any(|edit| is(edit.name()))
        || is("Authorization") && options.credentials.is_some()
        || is("User-Agent") && options.user_agent.is_some()
        || is("Referer") && options.referer.is_some()
        || is("Cookie") && options.cookie.is_some()
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::domain::http::body::RequestBody;
    use crate::domain::http::field::Field;
    use crate::domain::http::request::{Credentials, FieldEdit};

    const PLAIN: &str = "http://localhost/";

    fn file() -> Draft {
        let line = |name: &str| FieldEdit::Set(Field::new(name, "of the file"));
        Draft {
            fields: vec![line("Accept"), line("authorization"), line("X-A")],
            ..Draft::get(Url::parse("http://a.test/x").unwrap())
        }
    }

    fn plain() -> Draft {
        Draft::get(Url::parse(PLAIN).unwrap())
    }

    #[test]
    fn an_option_wins_over_the_line_of_the_same_name() {
        let options = Draft {
            fields: vec![FieldEdit::Remove("accept".to_owned())],
            credentials: Some(Credentials::Bearer("t".to_owned())),
            ..plain()
        };
        let both = with_options(file(), options, PLAIN).unwrap();
        let names: Vec<&str> = both.fields.iter().map(FieldEdit::name).collect();
        assert_eq!(names, ["X-A", "accept"]);
        assert_eq!(both.url.as_str(), "http://a.test/x");
        assert!(both.credentials.is_some());
        assert_eq!(with_options(file(), plain(), PLAIN).unwrap(), file());
    }

    #[test]
    fn the_body_and_the_url_are_the_files() {
        let body = Draft { body: Some(RequestBody::new("x")), ..plain() };
        let url = Draft::get(Url::parse("http://localhost/?a=b").unwrap());
        for options in [body, url, Draft { upload: true, ..plain() }] {
            assert!(with_options(file(), options, PLAIN).is_err());
        }
    }
}
