//! `-H`: one field line of the user's, in curl's notation.

use super::super::super::http::field::Field;
use super::super::super::http::method::is_token_byte;
use super::super::super::http::request::FieldEdit;
use super::{Inputs, Options, Refusal, data};

/// Takes in one `-H` value: a line, or `@FILE` with one line each.
pub(super) fn take(
    options: &mut Options,
    value: &[u8],
    name: &str,
    inputs: &dyn Inputs,
) -> Result<(), Refusal> {
    options.fields.extend(edits(value, name, inputs)?);
    Ok(())
}

/// What the line says, or each line of the file.
pub(super) fn edits(
    value: &[u8],
    name: &str,
    inputs: &dyn Inputs,
) -> Result<Vec<FieldEdit>, Refusal> {
    let [b'@', path @ ..] = value else {
        return Ok(edit(value, name)?.into_iter().collect());
    };
    let mut edits = Vec::new();
    for line in data::file(path, name, inputs)?.split(|&byte| byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if !line.is_empty() && !line.starts_with(b"#") {
            edits.extend(edit(line, name)?);
        }
    }
    Ok(edits)
}

/// What one line does; curl ignores a line with neither colon nor semicolon.
fn edit(line: &[u8], option: &str) -> Result<Option<FieldEdit>, Refusal> {
    let refuse = |why: &str| Refusal::new(format!("{option} {}", shown(line)), why);
    if line.iter().any(|byte| matches!(byte, b'\r' | b'\n' | 0)) {
        return Err(refuse("a field can't hold a line break or NUL"));
    }
    let Some(at) = line.iter().position(|&byte| byte == b':') else {
        let name = line.trim_ascii_end().strip_suffix(b";");
        return name.map(|name| Ok(FieldEdit::Empty(field_name(name, refuse)?))).transpose();
    };
    let name = field_name(&line[..at], refuse)?;
    let value = line[at + 1..].trim_ascii();
    Ok(Some(match value {
        [] => FieldEdit::Remove(name),
        value => FieldEdit::Set(Field::new(name, value)),
    }))
}

fn field_name(name: &[u8], refuse: impl Fn(&str) -> Refusal) -> Result<String, Refusal> {
    if name.is_empty() || !name.iter().all(|&byte| is_token_byte(byte)) {
        return Err(refuse("this is no field name (RFC 9110 §5.1)"));
    }
    Ok(String::from_utf8_lossy(name).into_owned())
}

/// The line as far as a message needs it.
fn shown(line: &[u8]) -> String {
    String::from_utf8_lossy(line).chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_sets_empties_or_removes() {
        let read = |line: &str| edit(line.as_bytes(), "-H").unwrap();
        assert_eq!(read("X-A: a:b "), Some(FieldEdit::Set(Field::new("X-A", "a:b"))));
        assert_eq!(read("X-A;"), Some(FieldEdit::Empty("X-A".to_owned())));
        assert_eq!(read("X-A:"), Some(FieldEdit::Remove("X-A".to_owned())));
        assert_eq!(read("X-A"), None);
        assert!(edit(b"X A: b", "-H").is_err());
        assert!(edit(b"X: a\r\nY: b", "-H").is_err());
    }
}
