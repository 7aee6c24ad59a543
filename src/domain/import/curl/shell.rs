//! A pasted command line to words: POSIX shell and bash quoting, and that of Windows' cmd as browsers write it.
//!
//! Nothing is executed: of expansions only `$(printf '…')` is read, because our own commands hold it; others are refused.

use super::Refusal;

/// A command and what surrounded it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Command {
    pub words: Vec<Vec<u8>>,
    /// What a `printf` in front of it pipes in.
    pub stdin: Option<Vec<u8>>,
    /// What follows the command: `| jq .`, `> file`.
    pub rest: String,
}

/// Reads the first command of the text.
pub fn command(text: &str) -> Result<Command, Refusal> {
    let text = text.trim();
    let text = text.strip_prefix("$ ").unwrap_or(text);
    if is_cmd(text) {
        return Ok(Command { words: cmd_words(text), ..Command::default() });
    }
    let (words, rest) = Words::read(text)?;
    let piped = rest.strip_prefix('|').map(str::trim_start);
    if let (Some([program, format]), Some(next)) = (words.first_chunk::<2>(), piped)
        && program == b"printf"
        && words.len() == 2
    {
        let (next_words, rest) = Words::read(next)?;
        let stdin = Some(unescape_printf(format));
        return Ok(Command { words: next_words, stdin, rest: rest.to_owned() });
    }
    Ok(Command { words, stdin: None, rest: rest.to_owned() })
}

struct Words<'a> {
    text: &'a str,
    at: usize,
    words: Vec<Vec<u8>>,
    /// The word being read; `None` between words.
    word: Option<Vec<u8>>,
}

impl<'a> Words<'a> {
    fn read(text: &'a str) -> Result<(Vec<Vec<u8>>, &'a str), Refusal> {
        let mut words = Words { text, at: 0, words: Vec::new(), word: None };
        while let Some(byte) = words.next() {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => words.end_word(),
                b'\'' => words.single()?,
                b'"' => words.double()?,
                b'\\' => words.backslash(),
                b'$' if words.peek() == Some(b'\'') => words.ansi_c()?,
                b'$' | b'`' => words.expansion()?,
                b'|' | b';' | b'&' | b'>' | b'<' => {
                    let rest = &text[words.at - 1..];
                    words.end_word();
                    return Ok((words.words, rest));
                }
                b'#' if words.word.is_none() => {
                    let end = text[words.at..].find('\n').map_or(text.len(), |n| words.at + n);
                    words.at = end;
                }
                byte => words.push(byte),
            }
        }
        words.end_word();
        Ok((words.words, ""))
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn push(&mut self, byte: u8) {
        self.word.get_or_insert_default().push(byte);
    }

    fn end_word(&mut self) {
        self.words.extend(self.word.take());
    }

    fn single(&mut self) -> Result<(), Refusal> {
        self.word.get_or_insert_default();
        loop {
            match self.next().ok_or_else(unclosed)? {
                b'\'' => return Ok(()),
                byte => self.push(byte),
            }
        }
    }

    fn double(&mut self) -> Result<(), Refusal> {
        self.word.get_or_insert_default();
        loop {
            match self.next().ok_or_else(unclosed)? {
                b'"' => return Ok(()),
                b'\\' => match self.next().ok_or_else(unclosed)? {
                    b'\n' => {}
                    byte @ (b'"' | b'\\' | b'$' | b'`') => self.push(byte),
                    byte => {
                        self.push(b'\\');
                        self.push(byte);
                    }
                },
                b'$' | b'`' => self.expansion()?,
                byte => self.push(byte),
            }
        }
    }

    /// Outside quotes: takes the next character literally, or joins two lines.
    fn backslash(&mut self) {
        if self.text[self.at..].starts_with("\r\n") {
            self.at += 2;
            return;
        }
        match self.next() {
            Some(b'\n') | None => {}
            Some(byte) => self.push(byte),
        }
    }

    /// `$'…'`: the ANSI-C quoting of bash, which browsers use for line breaks and `!`.
    fn ansi_c(&mut self) -> Result<(), Refusal> {
        self.at += 1;
        self.word.get_or_insert_default();
        loop {
            match self.next().ok_or_else(unclosed)? {
                b'\'' => return Ok(()),
                b'\\' => {
                    let (bytes, taken) = escape(&self.text.as_bytes()[self.at..]);
                    self.at += taken;
                    self.word.get_or_insert_default().extend(bytes);
                }
                byte => self.push(byte),
            }
        }
    }

    /// After `$` or a backtick.
    fn expansion(&mut self) -> Result<(), Refusal> {
        let rest = &self.text[self.at..];
        if let Some(format) = rest.strip_prefix("(printf '") {
            let end = format.find("')").ok_or_else(unclosed)?;
            let bytes = unescape_printf(&format.as_bytes()[..end]);
            self.word.get_or_insert_default().extend(bytes);
            self.at += "(printf '".len() + end + "')".len();
            return Ok(());
        }
        let starts_name = |c: char| {
            c.is_alphanumeric() || matches!(c, '_' | '{' | '(' | '@' | '*' | '?' | '!' | '#')
        };
        let backtick = self.text.as_bytes().get(self.at - 1) == Some(&b'`');
        if !backtick && !rest.starts_with(starts_name) {
            self.push(b'$');
            return Ok(());
        }
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let what = if backtick { "`…`".to_owned() } else { format!("${name}") };
        Err(Refusal::new(what, "only a shell can fill this in; put its value there"))
    }
}

fn unclosed() -> Refusal {
    Refusal::new("curl command", "a quote is not closed")
}

/// One escape after its backslash: what it stands for and how many bytes it took.
fn escape(after: &[u8]) -> (Vec<u8>, usize) {
    let digits = |from: usize, most: usize, radix: u32| {
        let run =
            after.iter().skip(from).take(most).take_while(|b| char::from(**b).is_digit(radix));
        let count = run.count();
        let text =
            String::from_utf8_lossy(&after[from.min(after.len())..from + count]).into_owned();
        (u32::from_str_radix(&text, radix).ok(), from + count)
    };
    let scalar = |(code, taken): (Option<u32>, usize)| {
        let text = code.and_then(char::from_u32).unwrap_or('\u{fffd}').to_string();
        (text.into_bytes(), taken)
    };
    match after.first() {
        None => (b"\\".to_vec(), 0),
        Some(b'a') => (vec![7], 1),
        Some(b'b') => (vec![8], 1),
        Some(b'e' | b'E') => (vec![0x1b], 1),
        Some(b'f') => (vec![0x0c], 1),
        Some(b'n') => (vec![b'\n'], 1),
        Some(b'r') => (vec![b'\r'], 1),
        Some(b't') => (vec![b'\t'], 1),
        Some(b'v') => (vec![0x0b], 1),
        Some(b'x') => {
            let (code, taken) = digits(1, 2, 16);
            (code.map_or_else(|| b"\\x".to_vec(), |code| vec![code as u8]), taken)
        }
        Some(b'u') => scalar(digits(1, 4, 16)),
        Some(b'U') => scalar(digits(1, 8, 16)),
        Some(b'0'..=b'7') => {
            let (code, taken) = digits(0, 3, 8);
            (vec![code.unwrap_or(0) as u8], taken)
        }
        Some(byte @ (b'\'' | b'"' | b'\\' | b'?')) => (vec![*byte], 1),
        Some(other) => (vec![b'\\', *other], 1),
    }
}

/// What `printf FORMAT` prints when the format has no conversions but `%%`.
fn unescape_printf(format: &[u8]) -> Vec<u8> {
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(&byte) = format.get(at) {
        at += 1;
        match byte {
            b'\\' => {
                let (bytes, taken) = escape(&format[at..]);
                out.extend(bytes);
                at += taken;
            }
            b'%' if format.get(at) == Some(&b'%') => {
                out.push(b'%');
                at += 1;
            }
            byte => out.push(byte),
        }
    }
    out
}

/// Whether cmd is meant: a caret before a quote or at a line's end, where bash would not be within quotes itself; or a doubled
/// quote within quotes, as older Firefoxes write it and nothing writes for bash.
fn is_cmd(text: &str) -> bool {
    let (mut quote, mut before) = (None, '\0');
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match (quote, character) {
            (None, '^') if rest.as_str().starts_with(['"', '\n', '\r']) => return true,
            (Some('"'), '"') if before != '"' && rest.as_str().starts_with('"') => return true,
            (None | Some('"'), '\\') => drop(rest.next()),
            (None, '\'') if before.is_alphanumeric() => {}
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
        before = character;
    }
    false
}

/// Carets undone, then the argument rules of the Microsoft C runtime.
fn cmd_words(text: &str) -> Vec<Vec<u8>> {
    let (mut plain, mut quoted) = (String::new(), false);
    let mut characters =
        text.replace("\r\n", "\n").chars().collect::<Vec<_>>().into_iter().peekable();
    while let Some(character) = characters.next() {
        match character {
            // between plain quotes a caret is a caret, but no line goes on there without one
            '^' if quoted && characters.peek() != Some(&'\n') => plain.push('^'),
            '"' => {
                quoted = !quoted;
                plain.push('"');
            }
            '^' => match characters.next() {
                // A caret joins lines; `^` and two line breaks are one line break.
                Some('\n') if characters.peek() == Some(&'\n') => {
                    characters.next();
                    plain.push('\n');
                }
                Some('\n') => plain.push(' '),
                Some(escaped) => plain.push(escaped),
                None => {}
            },
            other => plain.push(other),
        }
    }
    runtime_words(&plain)
}

fn runtime_words(text: &str) -> Vec<Vec<u8>> {
    let (mut words, mut word, mut quoted) = (Vec::new(), None::<String>, false);
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let slashes = rest.len() - rest.trim_start_matches('\\').len();
        if slashes > 0 && rest[slashes..].starts_with('"') {
            word.get_or_insert_default().push_str(&"\\".repeat(slashes / 2));
            rest = &rest[slashes..];
            if slashes % 2 == 1 {
                word.get_or_insert_default().push('"');
                rest = &rest[1..];
            }
            continue;
        }
        match character {
            '"' if quoted && rest.starts_with("\"\"") => {
                word.get_or_insert_default().push('"');
                rest = &rest[1..];
            }
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' | '\t' | '\n' if !quoted => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
        rest = &rest[character.len_utf8()..];
    }
    words.extend(word);
    words.into_iter().map(String::into_bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let words = command(text).unwrap().words;
        words.into_iter().map(|word| String::from_utf8(word).unwrap()).collect()
    }

    #[test]
    fn posix_and_bash_quoting_is_undone() {
        let text = "curl 'a b' \"c \\\"d\\\" \\n\" e\\ f \\\n  -H 'it'\\''s' $'x\\ny\\u0021\\'' ''";
        assert_eq!(words(text), ["curl", "a b", "c \"d\" \\n", "e f", "-H", "it's", "x\ny!'", ""]);
    }

    #[test]
    fn what_follows_the_command_is_set_aside() {
        let read = command("$ curl http://a.test/?a=1 | jq .").unwrap();
        assert_eq!(read.words.len(), 2);
        assert_eq!(read.rest, "| jq .");
    }

    #[test]
    fn our_own_printf_is_read_back() {
        let read = command("printf 'a\\000%%\\351' | curl -H \"X: $(printf '\\033')\"").unwrap();
        assert_eq!(read.stdin.as_deref(), Some(&b"a\0%\xe9"[..]));
        assert_eq!(read.words, [b"curl".to_vec(), b"-H".to_vec(), b"X: \x1b".to_vec()]);
    }

    #[test]
    fn what_only_a_shell_knows_is_refused() {
        assert_eq!(command("curl \"$TOKEN\"").unwrap_err().what, "$TOKEN");
        assert!(command("curl `id`").is_err());
        assert!(command("curl 'a").is_err());
        assert_eq!(words("curl 'a$b' \"5$\" $"), ["curl", "a$b", "5$", "$"]);
    }

    #[test]
    fn carets_of_cmd_are_undone() {
        let text = "curl ^\"https://a.test/?a=1^&b=2^\" ^\n  -H ^\"x: ^\\^\"q^\\^\"^\" ^\n  --data-raw ^\"100^%^\"";
        assert_eq!(
            words(text),
            ["curl", "https://a.test/?a=1&b=2", "-H", "x: \"q\"", "--data-raw", "100%"]
        );
    }

    /// "Copy as cURL (cmd)" of Chrome 126, "Copy as cURL (Windows)" of Firefox 128, and an older Chrome's plain quotes.
    #[test]
    fn commands_that_browsers_write_for_cmd_are_read() {
        let chrome = "curl ^\"https://shop.test/buy?a=1^&b=2^\" ^\r\n  -H ^\"accept: */*^\" ^\r\n  \
            -H ^\"sec-ch-ua: ^\\^\"Not/A)Brand^\\^\";v=^\\^\"8^\\^\"^\" ^\r\n  -b ^\"sid=a^%^20b^\" ^\r\n  \
            --data-raw ^\"^{^\\^\"item^\\^\":^\\^\"tea^ pot^\\^\",^\\^\"n^\\^\":1^}^\"";
        let read = words(chrome);
        assert_eq!(read[1], "https://shop.test/buy?a=1&b=2");
        assert_eq!(read[5], "sec-ch-ua: \"Not/A)Brand\";v=\"8\"");
        assert_eq!(read[7], "sid=a%20b");
        assert_eq!(read[9], "{\"item\":\"tea pot\",\"n\":1}");
        let firefox = "curl ^\"https://shop.test/^\" ^\n  --compressed ^\n  -X POST ^\n  -H ^\"User-Agent: Mozilla/5.0 (Windows NT 10.0; rv:128.0)^\" ^\n  --data-raw ^\"a=1^&b=it's^\"";
        let read = words(firefox);
        assert_eq!(read.last().map(String::as_str), Some("a=1&b=it's"));
        let older = "curl \"http://a.test/\" -X POST -H \"X: a \"\"b\"\" c\" --data-raw \"\"";
        assert_eq!(
            words(older),
            ["curl", "http://a.test/", "-X", "POST", "-H", "X: a \"b\" c", "--data-raw", ""]
        );
        let plain = "curl \"http://a.test/?q=x^2\" ^\n -H \"a: b^c\" --data \"{\\\"k\\\": 1}\"";
        assert_eq!(
            words(plain),
            ["curl", "http://a.test/?q=x^2", "-H", "a: b^c", "--data", "{\"k\": 1}"]
        );
    }

    /// Copied with bash quoting, from Chrome, Firefox, Postman and Insomnia; a caret before a quote makes no cmd of them.
    #[test]
    fn commands_that_programs_write_for_bash_are_read() {
        let chrome = "curl 'https://shop.test/buy' \\\n  -H 'accept: */*' \\\n  -H $'x: it\\'s\\u0021' \\\n  --data-raw '{\"re\":\"^\"}' \\\n  --compressed ;";
        let read = words(chrome);
        assert_eq!((read[5].as_str(), read[7].as_str()), ("x: it's!", "{\"re\":\"^\"}"));
        let postman = "curl --location 'http://a.test/x' \\\n--header 'Content-Type: application/json' \\\n--data '{\n    \"a\": \"it'\\''s\"\n}'";
        assert_eq!(words(postman)[6], "{\n    \"a\": \"it's\"\n}");
        let insomnia = "curl --request POST \\\n  --url http://a.test/x \\\n  --header 'User-Agent: insomnia/9.3.2' \\\n  --cookie sid=1 \\\n  --data '{\"a\":1}'";
        assert_eq!(words(insomnia).len(), 11);
    }
}
