//! `hopstep open FILE [WHICH]`: the file, which of its chains or requests, and how it is printed.

use std::path::PathBuf;

use super::Command;
use super::own::Own;
use super::parse::{Key, Tokens, request};
use super::run::Run;
use crate::domain::import::curl::Refusal;
use crate::domain::import::curl::lex::Token;

/// A file to open.
#[derive(Debug)]
pub struct Saved {
    pub file: PathBuf,
    /// A number from 1, or the name of a request.
    pub pick: Option<String>,
    /// `--as` was given: the file's own word on its client does not count.
    pub judged_as_told: bool,
    /// The options; without a request of their own.
    pub run: Run,
}

/// Reads what follows `open`. Nothing is sent for a recording, so options of a request are refused.
pub(super) fn open(
    tokens: Tokens,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Command, Refusal> {
    let (mut operands, mut options) = (Vec::new(), Vec::new());
    for token in tokens {
        match token {
            Token::Operand(operand) => operands.push(operand),
            Token::Option { key: Key::Curl(_), name, .. } => {
                let why = "hopstep open takes no options of a request; the file has them";
                return Err(Refusal::new(name, why));
            }
            option @ Token::Option {
                key: Key::Own(_) | Key::Check(_) | Key::Compare(_), ..
            } => {
                options.push(option);
            }
        }
    }
    let told = |token: &Token<Key>| matches!(token, Token::Option { key: Key::Own(Own::As), .. });
    let judged_as_told = options.iter().any(told);
    let text = |operand: &Vec<u8>| String::from_utf8_lossy(operand).into_owned();
    let (file, pick) = match operands.as_slice() {
        [file] => (text(file), None),
        [file, pick] => (text(file), Some(text(pick))),
        [] => return Err(Refusal::new("hopstep open", "expects a file")),
        [_, _, extra, ..] => {
            return Err(Refusal::new(
                text(extra),
                "hopstep open takes a file and which of its chains",
            ));
        }
    };
    let run = request(options)?.finish(env)?;
    let file = PathBuf::from(file);
    Ok(Command::Saved(Box::new(Saved { file, pick, judged_as_told, run })))
}
