//! `hopstep history [list|search|show|export|delete]`.

use super::Command;
use super::own::Own;
use super::parse::{Key, Tokens, request};
use super::run::Run;
use crate::domain::import::curl::Refusal;
use crate::domain::import::curl::lex::Token;

/// What is wanted of the history.
#[derive(Debug)]
pub struct Past {
    pub wish: Wish,
    /// How it is printed.
    pub run: Run,
    /// `--as` was given.
    pub judged_as_told: bool,
}

/// The word after `history`, and what follows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wish {
    /// All that have these words.
    List(String),
    Show(i64),
    Export(Vec<i64>),
    Delete(Vec<i64>),
    /// `delete all`
    Clear,
}

pub(super) fn history(
    tokens: Tokens,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Command, Refusal> {
    let (mut words, mut options) = (Vec::new(), Vec::new());
    for token in tokens {
        match token {
            Token::Operand(word) => words.push(String::from_utf8_lossy(&word).into_owned()),
            Token::Option { key: Key::Curl(_) | Key::Check(_) | Key::Compare(_), name, .. } => {
                return Err(Refusal::new(name, "hopstep history takes no options of a request"));
            }
            option @ Token::Option { key: Key::Own(_), .. } => options.push(option),
        }
    }
    let told = |token: &Token<Key>| matches!(token, Token::Option { key: Key::Own(Own::As), .. });
    let judged_as_told = options.iter().any(told);
    let run = request(options)?.finish(env)?;
    Ok(Command::History(Box::new(Past { wish: wish(&words)?, run, judged_as_told })))
}

fn wish(words: &[String]) -> Result<Wish, Refusal> {
    let (verb, rest) = match words.split_first() {
        Some((verb, rest)) => (verb.as_str(), rest),
        None => ("list", &[][..]),
    };
    match (verb, rest) {
        ("list", []) => Ok(Wish::List(String::new())),
        ("search", [_, ..]) => Ok(Wish::List(rest.join(" "))),
        ("show", [id]) => Ok(Wish::Show(number(id)?)),
        ("export", _) => Ok(Wish::Export(numbers(rest)?)),
        ("delete", [all]) if all == "all" => Ok(Wish::Clear),
        ("delete", [_, ..]) => Ok(Wish::Delete(numbers(rest)?)),
        _ => {
            let expected =
                "expects list, search WORDS, show ID, export [ID...], delete ID... or delete all";
            Err(Refusal::new(format!("hopstep history {}", words.join(" ")).trim_end(), expected))
        }
    }
}

fn numbers(words: &[String]) -> Result<Vec<i64>, Refusal> {
    words.iter().map(|word| number(word)).collect()
}

fn number(word: &str) -> Result<i64, Refusal> {
    word.parse().map_err(|_| Refusal::new(word, "expects the number of a recorded chain"))
}
