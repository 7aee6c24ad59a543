//! The last word: what was copied last, printed after the screen is gone, for those whose clipboard forgot it.
//!
//! Promises: no control byte and nothing invisible is printed but line feeds; a command that would need one is
//! printed in a form that a POSIX shell turns back into the same command.

use std::borrow::Cow;

use crate::domain::escape::escape;

/// Longer texts were not copied to be read in a terminal.
const LIMIT: usize = 64 * 1024;

/// What to print for this text, line feed included.
pub(super) fn farewell(copied: &str) -> String {
    if copied.len() > LIMIT {
        return format!("(the last copied text, {} bytes, is not printed)\n", copied.len());
    }
    let text = copied.trim_end_matches('\n');
    if text.split('\n').all(is_plain) {
        return format!("{text}\n");
    }
    if text.starts_with("curl ") || text.starts_with("printf ") {
        return format!("eval \"$(printf '{}')\"\n", for_printf(text));
    }
    let lines: Vec<Cow<'_, str>> = text.split('\n').map(escape).collect();
    format!("{}\n", lines.join("\n"))
}

fn is_plain(line: &str) -> bool {
    matches!(escape(line), Cow::Borrowed(_))
}

/// The text as a format of `printf` inside single quotes. `!` is hidden too: interactive shells look for it even there.
fn for_printf(text: &str) -> String {
    let mut format = String::with_capacity(text.len() * 2);
    let mut buffer = [0; 4];
    for character in text.chars() {
        let bytes = character.encode_utf8(&mut buffer);
        match character {
            '%' => format.push_str("%%"),
            '\\' => format.push_str("\\\\"),
            '\n' => format.push_str("\\n"),
            '\'' | '!' => format.push_str(&octal(bytes)),
            _ if is_plain(bytes) => format.push(character),
            _ => format.push_str(&octal(bytes)),
        }
    }
    format
}

fn octal(bytes: &str) -> String {
    bytes.bytes().map(|byte| format!("\\{byte:03o}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_command_is_printed_as_it_was_copied() {
        let command = "curl -X POST \\\n  -H 'Příliš: žluťoučký' 'http://a.test/?a=%20!'";
        assert_eq!(farewell(command), format!("{command}\n"));
    }

    #[test]
    fn other_text_is_escaped_line_by_line() {
        assert_eq!(
            farewell("HTTP/1.1 200 \x1b[2J\r\nA: b\r\n"),
            "HTTP/1.1 200 \\x1b[2J\\r\nA: b\\r\n"
        );
    }

    #[test]
    fn a_huge_text_is_only_mentioned() {
        assert!(farewell(&"x".repeat(LIMIT + 1)).len() < 100);
    }

    #[test]
    fn a_command_with_hidden_characters_comes_back_the_same_from_a_shell() {
        let nasty = "curl -H 'A: \x1b[31m%s\\n\u{202e}!!' --data 'it'\\''s\t\u{7f}\nü'";
        let printed = farewell(nasty);
        assert!(printed.trim_end().chars().all(|c| c.is_ascii_graphic() || c == ' ' || c == 'ü'));
        // instead of running curl, a function of that name says what it was given
        let script = format!("curl() {{ printf '<%s>' \"$@\"; }}; {printed}");
        let shell = std::process::Command::new("sh").arg("-c").arg(script).output().unwrap();
        let said = String::from_utf8(shell.stdout).unwrap();
        assert_eq!(said, "<-H><A: \x1b[31m%s\\n\u{202e}!!><--data><it's\t\u{7f}\nü>");
    }
}
