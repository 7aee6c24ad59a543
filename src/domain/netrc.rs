//! Netrc: user names and passwords by host, as a `.netrc` file has them.
//!
//! Reads what curl reads, word by word (`lib/netrc.c`, 8.11): `machine`, `default`, `login`, `password`, `macdef`, comments,
//! quoted words. Promises: the file's text is refused as a whole where a quote is left open, and never quoted in a message.

use url::Url;

use super::redirect::trail::Userinfo;

/// A file that was read, and how far it counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Netrc {
    /// `-n`, `--netrc-file`: the file's word counts above the userinfo of a URL. `--netrc-optional`: below it.
    pub required: bool,
    /// The words of each line; `None` for an empty line, which ends a macro.
    lines: Vec<Option<Vec<String>>>,
}

/// A quote that is not closed, on this line (from 1).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OpenQuote {
    pub line: usize,
}

impl Netrc {
    /// Reads a file's text.
    pub fn parse(text: &[u8], required: bool) -> Result<Netrc, OpenQuote> {
        let (mut lines, mut in_macro) = (Vec::new(), false);
        for (at, line) in text.split(|&byte| byte == b'\n').enumerate() {
            let line = String::from_utf8_lossy(line);
            if line.trim_ascii().is_empty() {
                in_macro = false;
                lines.push(None);
                continue;
            }
            let words = match words(&line) {
                Some(words) => words,
                None if in_macro => Vec::new(),
                None => return Err(OpenQuote { line: at + 1 }),
            };
            in_macro = in_macro || words.iter().any(|word| is(word, "macdef"));
            lines.push(Some(words));
        }
        Ok(Netrc { required, lines })
    }

    /// The credentials for this URL's host, whose userinfo is given, if it has any.
    pub fn credentials(&self, url: &Url, given: Option<&Userinfo>) -> Option<Userinfo> {
        let complete = given.is_some_and(|given| !given.password.is_empty());
        if complete && !self.required {
            return None;
        }
        let host = url.host_str()?.trim_start_matches('[').trim_end_matches(']');
        self.lookup(host, given.map(|given| given.user.as_slice()).filter(|user| !user.is_empty()))
    }

    /// The same file with nothing in it.
    pub fn emptied(&self) -> Netrc {
        Netrc { required: self.required, lines: Vec::new() }
    }

    /// What the next host is asked for after this one was not found: the user name, once it was looked up at all.
    pub fn asked(&self, given: Option<Userinfo>) -> Option<Userinfo> {
        let looked_up = |given: &Userinfo| self.required || given.password.is_empty();
        given.filter(looked_up).map(|given| Userinfo { password: Vec::new(), ..given })
    }

    /// The credentials for this host. A user name that is known already asks for its password only.
    pub fn lookup(&self, host: &str, user: Option<&[u8]>) -> Option<Userinfo> {
        let mut reader = Reader { host, user, ..Reader::default() };
        for line in &self.lines {
            match line {
                None if reader.state == State::Macro => reader.state = State::Between,
                Some(words) if reader.state != State::Macro => {
                    if words.iter().any(|word| reader.take(word)) {
                        break;
                    }
                }
                None | Some(_) => {}
            }
        }
        reader.finish()
    }
}

/// Where the reader stands.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum State {
    /// Between entries, and in those of other hosts.
    #[default]
    Between,
    /// After `machine`: its name comes next.
    Name,
    /// In an entry for the host.
    Entry,
    /// In a macro, to the next empty line.
    Macro,
}

/// What the next word is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wants {
    Login,
    Password,
}

#[derive(Default)]
struct Reader<'a> {
    host: &'a str,
    user: Option<&'a [u8]>,
    state: State,
    wants: Option<Wants>,
    matched: bool,
    login: Option<&'a str>,
    password: Option<&'a str>,
    /// The login is the one that is asked for, or any will do.
    ours: bool,
    named: bool,
}

impl<'a> Reader<'a> {
    /// Takes in one word; true when both parts are known.
    fn take(&mut self, word: &'a str) -> bool {
        match self.state {
            State::Between if is(word, "macdef") => self.state = State::Macro,
            State::Between => self.open(word),
            State::Name if is(word, self.host) => (self.state, self.matched) = (State::Entry, true),
            State::Name => self.state = State::Between,
            State::Macro => {}
            State::Entry => {
                self.entry(word);
                return self.ours && self.named && self.password.is_some();
            }
        }
        false
    }

    fn entry(&mut self, word: &'a str) {
        match self.wants.take() {
            Some(Wants::Login) => {
                self.ours = self.user.is_none_or(|user| user == word.as_bytes());
                (self.login, self.named) = (Some(word), true);
            }
            Some(Wants::Password) => self.password = Some(word),
            None if is(word, "login") => self.wants = Some(Wants::Login),
            None if is(word, "password") => self.wants = Some(Wants::Password),
            None => self.open(word),
        }
    }

    fn open(&mut self, word: &str) {
        if is(word, "machine") {
            (self.state, self.ours, self.named) = (State::Name, false, false);
        } else if is(word, "default") {
            (self.state, self.matched) = (State::Entry, true);
        } else {
            return;
        }
        (self.login, self.password) = (None, None);
    }

    fn finish(self) -> Option<Userinfo> {
        if !self.matched || (self.password.is_none() && !self.ours) {
            return None;
        }
        let user = self.user.or(self.login.map(str::as_bytes)).unwrap_or_default();
        let password = self.password.unwrap_or_default();
        Some(Userinfo { user: user.to_vec(), password: password.as_bytes().to_vec() })
    }
}

fn is(word: &str, name: &str) -> bool {
    word.eq_ignore_ascii_case(name)
}

/// The words of a line; `None` where a quote is left open.
fn words(line: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut rest = line.trim_start_matches([' ', '\t']);
    while !rest.is_empty() && !rest.starts_with('#') {
        let (word, after) = match rest.strip_prefix('"') {
            Some(quoted) => unquoted(quoted)?,
            None => {
                let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
                (rest[..end].to_owned(), &rest[end..])
            }
        };
        words.push(word);
        rest = after.trim_start_matches(|c: char| c.is_ascii_whitespace());
    }
    Some(words)
}

/// A quoted word and what follows its closing quote.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let (mut word, mut escaped) = (String::new(), false);
    for (at, letter) in text.char_indices() {
        match letter {
            'n' if escaped => word.push('\n'),
            'r' if escaped => word.push('\r'),
            't' if escaped => word.push('\t'),
            _ if escaped => word.push(letter),
            '\\' => {
                escaped = true;
                continue;
            }
            '"' => return Some((word, &text[at + 1..])),
            _ => word.push(letter),
        }
        escaped = false;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(text: &str, host: &str, user: Option<&str>) -> Option<String> {
        let netrc = Netrc::parse(text.as_bytes(), true).unwrap();
        let found = netrc.lookup(host, user.map(str::as_bytes))?;
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Some(format!("{}:{}", text(found.user), text(found.password)))
    }

    /// What curl 7.88.1-10+deb12u15 sent for each.
    #[test]
    fn entries_are_found_as_curl_finds_them() {
        for (text, user, expected) in [
            ("machine h login a password b", None, Some("a:b")),
            ("machine H\n\tpassword b\n\tlogin a\n account x", None, Some("a:b")),
            ("machine other login x password y\ndefault login d password e", None, Some("d:e")),
            ("default login d password e\nmachine h login a password b", None, Some("d:e")),
            ("machine h login a", None, Some("a:")),
            ("machine h password b", None, Some(":b")),
            ("machine h", None, None),
            ("machine h login", None, None),
            ("machine x login y password z", None, None),
            ("machine h login a password b\nmachine h login c password d", None, Some("a:b")),
            ("machine h login a password b\nmachine h login c password d", Some("c"), Some("c:d")),
            ("machine h login a password b\nmachine h login c password d", Some("z"), Some("z:d")),
            ("machine h", Some("z"), None),
            (r#"machine h login "a \"x\ty\q" password """#, None, Some("a \"x\tyq:")),
            ("machine h login q#w password a\"b\"c # password no", None, Some("q#w:a\"b\"c")),
            ("# machine h login x password y\nmachine h login a password b", None, Some("a:b")),
            (
                "machine x login y macdef init\nmachine h login q password r\n\nmachine h login s password t",
                None,
                Some("s:t"),
            ),
            ("machine h login q macdef init\nfoo login z\n\n password t", None, Some("z:t")),
            ("machine h login a password b", Some("a"), Some("a:b")),
        ] {
            assert_eq!(look(text, "h", user).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn an_open_quote_is_named_by_its_line() {
        let error = Netrc::parse(b"machine h\nlogin \"a\n", true).unwrap_err();
        assert_eq!(error, OpenQuote { line: 2 });
        assert!(Netrc::parse(b"macdef m\necho \"\n\nmachine h", true).is_ok());
    }
}
