//! Arguments to options, by curl's conventions: `-XPOST`, `-d@file`, `-sSL`, `-d=x` (the value is `=x`), `--no-compressed`.
//!
//! Long options also take `--name=value`. `--` ends the options. A value may begin with a dash.

use super::Refusal;
use crate::domain::nearest::nearest;

/// One option of a table.
#[derive(Clone, Copy, Debug)]
pub struct Row<K> {
    pub key: K,
    /// Without its dashes.
    pub long: &'static str,
    /// 0 when there is none.
    pub short: u8,
    /// The name of its value; empty for a switch.
    pub value: &'static str,
    /// One line for the help page; empty hides the option.
    pub help: &'static str,
}

/// One option or operand of a command line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Token<K> {
    Option {
        key: K,
        /// As it was written: `-d`, `--data`.
        name: String,
        /// Empty for a switch.
        value: Vec<u8>,
        /// `false` for `--no-…`.
        on: bool,
    },
    Operand(Vec<u8>),
}

/// How an option was named.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Name<'a> {
    Long(&'a str),
    Short(u8),
}

/// The row of this name in a table.
pub fn find<'t, K>(table: &'t [Row<K>], name: Name<'_>) -> Option<&'t Row<K>> {
    match name {
        Name::Long(long) => table.iter().find(|row| row.long == long),
        Name::Short(short) => table.iter().find(|row| row.short == short && short != 0),
    }
}

/// Reads all arguments. `find` knows the options, `longs` their long names.
pub fn lex<K: Copy + 'static>(
    args: &[Vec<u8>],
    find: &dyn Fn(Name<'_>) -> Option<Row<K>>,
    longs: &dyn Fn() -> Vec<&'static str>,
) -> Result<Vec<Token<K>>, Refusal> {
    let mut lexer = Lexer { args: args.iter(), find, longs, tokens: Vec::new() };
    while let Some(arg) = lexer.args.next() {
        match arg.as_slice() {
            b"--" => break,
            [b'-', b'-', long @ ..] => lexer.long(long)?,
            [b'-', shorts @ ..] if !shorts.is_empty() => lexer.shorts(shorts)?,
            operand => lexer.tokens.push(Token::Operand(operand.to_vec())),
        }
    }
    let rest = lexer.args.cloned().map(Token::Operand);
    lexer.tokens.extend(rest);
    Ok(lexer.tokens)
}

struct Lexer<'a, K> {
    args: std::slice::Iter<'a, Vec<u8>>,
    find: &'a dyn Fn(Name<'_>) -> Option<Row<K>>,
    longs: &'a dyn Fn() -> Vec<&'static str>,
    tokens: Vec<Token<K>>,
}

impl<K: Copy> Lexer<'_, K> {
    fn long(&mut self, arg: &[u8]) -> Result<(), Refusal> {
        let (name, attached) = match arg.iter().position(|&byte| byte == b'=') {
            Some(at) => (&arg[..at], Some(arg[at + 1..].to_vec())),
            None => (arg, None),
        };
        let name = String::from_utf8_lossy(name).into_owned();
        let shown = format!("--{name}");
        let Some(row) = (self.find)(Name::Long(&name)) else {
            return self.negated(&name, shown);
        };
        let value = match (row.value.is_empty(), attached) {
            (true, None) => Vec::new(),
            (true, Some(_)) => return Err(Refusal::new(shown, "this option takes no value")),
            (false, Some(value)) => value,
            (false, None) => self.next_value(&shown)?,
        };
        self.push(row.key, shown, value, true);
        Ok(())
    }

    fn negated(&mut self, name: &str, shown: String) -> Result<(), Refusal> {
        let positive = name.strip_prefix("no-").and_then(|name| (self.find)(Name::Long(name)));
        match positive.filter(|row| row.value.is_empty()) {
            Some(row) => self.push(row.key, shown, Vec::new(), false),
            None => {
                let near = nearest(name, (self.longs)());
                let near = near.map(|near| format!(" (did you mean --{near}?)"));
                return Err(unknown(shown, &near.unwrap_or_default()));
            }
        }
        Ok(())
    }

    /// A cluster such as `-sSLXPOST`: switches, then at most one option with its value.
    fn shorts(&mut self, cluster: &[u8]) -> Result<(), Refusal> {
        let mut rest = cluster;
        while let [short, tail @ ..] = rest {
            let shown = format!("-{}", char::from(*short));
            let row = (self.find)(Name::Short(*short)).ok_or_else(|| unknown(shown.clone(), ""))?;
            if !row.value.is_empty() {
                let attached = (!tail.is_empty()).then(|| tail.to_vec());
                let value = attached.map_or_else(|| self.next_value(&shown), Ok)?;
                self.push(row.key, shown, value, true);
                return Ok(());
            }
            self.push(row.key, shown, Vec::new(), true);
            rest = tail;
        }
        Ok(())
    }

    fn next_value(&mut self, shown: &str) -> Result<Vec<u8>, Refusal> {
        self.args.next().cloned().ok_or_else(|| Refusal::new(shown, "this option needs a value"))
    }

    fn push(&mut self, key: K, name: String, value: Vec<u8>, on: bool) {
        self.tokens.push(Token::Option { key, name, value, on });
    }
}

fn unknown(shown: String, near: &str) -> Refusal {
    Refusal::new(shown, format!("there is no such option{near}; hopstep --help lists them"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[Row<char>] = &[
        Row { key: 'd', long: "data", short: b'd', value: "DATA", help: "" },
        Row { key: 's', long: "silent", short: b's', value: "", help: "" },
        Row { key: 'X', long: "request", short: b'X', value: "METHOD", help: "" },
    ];

    fn read(args: &[&str]) -> Result<Vec<String>, String> {
        let args: Vec<Vec<u8>> = args.iter().map(|arg| arg.as_bytes().to_vec()).collect();
        let longs = || TABLE.iter().map(|row| row.long).collect();
        let tokens = lex(&args, &|name| find(TABLE, name).copied(), &longs);
        let tokens = tokens.map_err(|e| e.to_string())?;
        Ok(tokens
            .into_iter()
            .map(|token| match token {
                Token::Operand(text) => String::from_utf8(text).unwrap(),
                Token::Option { key, value, on, .. } => {
                    format!(
                        "{}{key}:{}",
                        if on { "" } else { "no-" },
                        String::from_utf8(value).unwrap()
                    )
                }
            })
            .collect())
    }

    #[test]
    fn short_options_cluster_and_take_the_rest_as_value() {
        assert_eq!(
            read(&["-ssXPOST", "-d=x", "-d", "-s", "u"]).unwrap(),
            ["s:", "s:", "X:POST", "d:=x", "d:-s", "u"]
        );
    }

    #[test]
    fn long_options_take_the_next_argument_or_what_follows_the_equals_sign() {
        assert_eq!(
            read(&["--data", "--x", "--data=a=b", "--no-silent", "--", "-s"]).unwrap(),
            ["d:--x", "d:a=b", "no-s:", "-s"]
        );
    }

    #[test]
    fn what_is_unknown_or_incomplete_is_named() {
        assert!(read(&["--nope"]).unwrap_err().starts_with("--nope: "));
        assert!(read(&["--requst"]).unwrap_err().contains("did you mean --request?"));
        assert!(read(&["-sd"]).unwrap_err().starts_with("-d: "));
        assert!(read(&["--no-data"]).unwrap_err().starts_with("--no-data: "));
    }
}
