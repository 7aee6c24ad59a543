//! A pasted `curl …` command, as browsers, Postman and documentation write it.

use super::lex::{self, Token};
use super::shell::{self, Command};
use super::table::Opt;
use super::take::Given;
use super::{Inputs, Options, Refusal, table};

/// What a pasted command asks for, and what of it was left out.
#[derive(Clone, Debug)]
pub struct Pasted {
    pub options: Options,
    /// Output options and what follows the command, by name.
    pub left_out: Vec<String>,
    /// Every option that says something, with its name, in order.
    pub given: Vec<(Opt, String)>,
}

/// Whether a text is meant to be a curl command.
pub fn is_curl(text: &str) -> bool {
    let text = text.trim_start();
    let text = text.strip_prefix("$ ").unwrap_or(text);
    let first = text.split([' ', '\t', '\n', '\r']).next().unwrap_or_default();
    let own = text.starts_with("printf '") && text.contains("| curl ");
    first.len() < text.len() && (matches!(first, "curl" | "curl.exe") || own)
}

/// Reads a pasted command.
pub fn paste(text: &str, inputs: &dyn Inputs) -> Result<Pasted, Refusal> {
    paste_onto(Options::default(), text, inputs)
}

/// Reads a pasted command behind options that were given before it.
pub fn paste_onto(
    mut options: Options,
    text: &str,
    inputs: &dyn Inputs,
) -> Result<Pasted, Refusal> {
    let Command { words, stdin, rest } = shell::command(text)?;
    let inputs = Piped { inputs, stdin };
    let args = words.get(1..).unwrap_or_default();
    let mut given = Vec::new();
    for token in lex::lex(args, &table::row, &table::longs)? {
        match token {
            Token::Operand(url) => options.add_url(url),
            Token::Option { key, name, value, on } => {
                options.take(Given { opt: key, name: &name, value: &value, on }, &inputs)?;
                // `--no-…` mostly says what is so anyway
                if on || key == Opt::Alpn {
                    given.push((key, name));
                }
            }
        }
    }
    let mut left_out = std::mem::take(&mut options.left_out);
    if !rest.is_empty() {
        left_out.push(rest.chars().take(40).collect());
    }
    Ok(Pasted { options, left_out, given })
}

/// Inputs whose standard input is what a `printf` pipes in.
struct Piped<'a> {
    inputs: &'a dyn Inputs,
    stdin: Option<Vec<u8>>,
}

impl Inputs for Piped<'_> {
    fn read(&self, path: &str) -> Result<Vec<u8>, String> {
        match (&self.stdin, path) {
            (Some(bytes), "-") => Ok(bytes.clone()),
            _ => self.inputs.read(path),
        }
    }

    fn netrc(&self) -> Result<Option<Vec<u8>>, String> {
        self.inputs.netrc()
    }

    fn boundary(&self) -> String {
        self.inputs.boundary()
    }

    fn password(&self, user: &str) -> Result<String, String> {
        self.inputs.password(user)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::super::http::method::Method;
    use super::*;

    struct Nothing;

    impl Inputs for Nothing {
        fn read(&self, _: &str) -> Result<Vec<u8>, String> {
            Err("no such file".to_owned())
        }

        fn boundary(&self) -> String {
            "b".to_owned()
        }
    }

    #[test]
    fn a_command_copied_from_a_browser_is_read() {
        let text = "curl 'https://shop.test/cart?x=1' \\\n  -X PUT -H 'accept: */*' -H 'x-empty;' \\\n  \
                    --data-raw '{\"a\":1}' --compressed --insecure -sSL -o /dev/null | jq .";
        assert!(is_curl(text));
        let pasted = paste(text, &Nothing).unwrap();
        assert_eq!(pasted.left_out, ["-o", "| jq ."]);
        let draft = pasted.options.draft(&Nothing).unwrap();
        assert_eq!((draft.method, draft.forced), (Method::parse("PUT").unwrap(), true));
        assert_eq!(draft.url.as_str(), "https://shop.test/cart?x=1");
        assert_eq!(draft.body.unwrap().bytes, "{\"a\":1}");
        assert_eq!(draft.fields.len(), 2);
        assert!(pasted.options.transport.settings(&|_| None).unwrap().insecure);
    }

    #[test]
    fn options_that_change_the_request_are_never_left_out() {
        let refusal = paste("curl --digest -u a:b http://a.test/", &Nothing).unwrap_err();
        assert_eq!(refusal.what, "--digest");
        assert!(!is_curl("curl"));
        assert!(!is_curl("http://curl.test/"));
    }
}
