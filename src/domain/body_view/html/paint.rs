//! Colours for one line of markup.

use super::super::line::{Painter, Token};
use super::super::lines::Source;
use super::Start;
use super::lexer::{Event, State};

pub(super) fn paint(start: Start, source: Source<'_>, painter: &mut Painter) {
    painter.expand_tabs();
    let is_text = start.lexer.state() == State::Text;
    let (bytes, offset) =
        if is_text { trimmed_start(source) } else { (source.bytes, source.offset) };
    let bytes = match source.goes_on {
        true => bytes,
        false => bytes.trim_ascii_end(),
    };
    let is_flowing =
        !matches!(start.lexer.state(), State::Verbatim | State::Comment(_) | State::CData(_));
    if is_flowing {
        painter.indent(start.depth as usize);
    }
    let labels = labels(start, bytes);
    let mut at = 0;
    for run in labels.chunk_by(PartialEq::eq) {
        let part = &bytes[at..at + run.len()];
        let here = offset + at as u64;
        match run[0] {
            Token::Space => painter.add(" ", Token::Space, here..here + run.len() as u64),
            Token::Text | Token::String => text(part, run[0], here, painter),
            kind => painter.source(part, kind, here),
        }
        at += run.len();
    }
}

fn trimmed_start(source: Source<'_>) -> (&[u8], u64) {
    let bytes = source.bytes.trim_ascii_start();
    (bytes, source.offset + (source.bytes.len() - bytes.len()) as u64)
}

/// Text with its character references apart.
fn text(bytes: &[u8], kind: Token, offset: u64, painter: &mut Painter) {
    let (mut rest, mut offset) = (bytes, offset);
    while !rest.is_empty() {
        let plain = memchr::memchr(b'&', rest).unwrap_or(rest.len());
        let reference = reference_length(&rest[plain..]);
        let plain = if reference == 0 && plain < rest.len() { plain + 1 } else { plain };
        painter.source(&rest[..plain], kind, offset);
        painter.source(&rest[plain..plain + reference], Token::Sequence, offset + plain as u64);
        rest = &rest[plain + reference..];
        offset += (plain + reference) as u64;
    }
}

/// `&amp;`, `&#x27;`
fn reference_length(bytes: &[u8]) -> usize {
    let name = bytes
        .iter()
        .skip(1)
        .take(32)
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'#')
        .count();
    match bytes.get(name + 1) {
        Some(b';') if name > 0 => name + 2,
        Some(_) | None => 0,
    }
}

/// What each byte is.
fn labels(start: Start, bytes: &[u8]) -> Vec<Token> {
    let mut lexer = start.lexer;
    let mut labels: Vec<Token> = Vec::with_capacity(bytes.len());
    let mut angle = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        let (before, event) = loop {
            let before = lexer.state();
            match lexer.step(byte) {
                Event::Name => {}
                // what the `<` started is known only now
                Event::Again | Event::Markup => labels[angle..].fill(inside(lexer.state())),
                event @ (Event::Nothing
                | Event::Text
                | Event::Verbatim
                | Event::Angle
                | Event::End { .. }) => {
                    break (before, event);
                }
            }
        };
        if event == Event::Angle {
            angle = at;
        }
        labels.push(match event {
            Event::Angle => Token::Tag,
            _ => label(before, byte),
        });
    }
    labels
}

fn inside(state: State) -> Token {
    match state {
        State::Comment(_) => Token::Comment,
        State::Declaration(_) | State::Instruction(_) | State::CData(_) => Token::Declaration,
        _ => Token::Text,
    }
}

fn label(before: State, byte: u8) -> Token {
    let is_space = byte.is_ascii_whitespace();
    match (before, byte) {
        (State::Text | State::Verbatim | State::CData(_), _) => Token::Text,
        (State::Comment(_), _) => Token::Comment,
        (State::Declaration(_) | State::Instruction(_), _) => Token::Declaration,
        (State::Quoted(_), _) => Token::String,
        (State::NameRest | State::Tag | State::Equals | State::Unquoted, _) if is_space => {
            Token::Space
        }
        (State::Tag | State::Equals | State::Unquoted, b'>') => Token::Tag,
        (State::Equals | State::Unquoted, _) => Token::String,
        (State::Tag, b'=') => Token::Punctuation,
        (State::Tag, b'/') => Token::Tag,
        (State::Tag, _) => Token::Attribute,
        (State::Open | State::Slash | State::Name | State::NameRest, _) => Token::Tag,
        (State::Bang | State::BangDash | State::CDataOpen(_), _) => Token::Declaration,
        (State::VerbatimOpen | State::VerbatimSlash, _) => Token::Tag,
    }
}
