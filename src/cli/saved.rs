//! `hopstep open FILE [WHICH]`: the file, which of its chains or requests, and how it is printed.

use std::path::PathBuf;

use super::Command;
use super::http_file::requests;
use super::own::Own;
use super::parse::{Key, Tokens, request};
use super::run::{Builder, Run};
use crate::domain::import::curl::Refusal;
use crate::domain::import::curl::lex::Token;
use crate::domain::import::http_file::{self, Named};

/// A file to open.
#[derive(Debug)]
pub struct Saved {
    pub file: PathBuf,
    /// Of a `.http` file, its requests, or the one that was asked for; else `None`.
    pub requests: Option<Vec<Named>>,
    /// A number from 1, or the name of a request.
    pub pick: Option<String>,
    /// `--as` was given: the file's own word on its client does not count.
    pub judged_as_told: bool,
    /// The options; without a request of their own.
    pub run: Run,
}

/// Reads what follows `open`. Nothing is sent for a recording, so options of a request go with a `.http` file only.
pub(super) fn open(
    tokens: Tokens,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Command, Refusal> {
    let (mut operands, mut options) = (Vec::new(), Vec::new());
    for token in tokens {
        match token {
            Token::Operand(operand) => operands.push(operand),
            option @ Token::Option { .. } => options.push(option),
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
    let (run, requests) = match http_file::is_named_so(&file) {
        true => of_requests(&file, pick.as_deref(), request(options)?, env)?,
        false => (of_recording(options, env)?, None),
    };
    let file = PathBuf::from(file);
    Ok(Command::Saved(Box::new(Saved { file, requests, pick, judged_as_told, run })))
}

fn of_recording(options: Tokens, env: &dyn Fn(&str) -> Option<String>) -> Result<Run, Refusal> {
    let curl = |token: &Token<Key>| match token {
        Token::Option { key: Key::Curl(_) | Key::Own(Own::Environment), name, .. } => {
            Some(name.clone())
        }
        Token::Option { .. } | Token::Operand(_) => None,
    };
    match options.iter().find_map(curl) {
        Some(name) => Err(Refusal::new(name, "an option of requests; a recording sends nothing")),
        None => request(options)?.finish(env),
    }
}

type Requests = (Run, Option<Vec<Named>>);

fn of_requests(
    file: &str,
    pick: Option<&str>,
    mut options: Builder,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<Requests, Refusal> {
    let environment = options.environment.take();
    let mut run = options.finish_as_template(env)?;
    let draft = run.draft.take();
    let draft = draft.as_ref().map(|draft| (draft, environment.as_deref()));
    let requests = draft.map(|beside| requests(file, pick, beside)).transpose()?;
    Ok((run, requests))
}
