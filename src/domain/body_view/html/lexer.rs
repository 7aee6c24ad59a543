//! The lexer of the markup view, one byte at a time: scanner and painter run the same one, so they can't disagree.
//!
//! A simplification of HTML's tokenization: what is a tag, a comment, an attribute, a value, text.

use memchr::{memchr, memchr2};

use super::elements::is_verbatim;

/// How much of a name is looked at.
const NAME: usize = 16;

/// Where the lexer is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    Text,
    /// Behind `<`, behind `</`, in the name, in what of the name is not looked at.
    Open,
    Slash,
    Name,
    NameRest,
    /// Between attributes and in their names.
    Tag,
    /// Behind `=`, in a value.
    Equals,
    Unquoted,
    Quoted(u8),
    /// Behind `<!`, `<!-`, so many bytes of `<![CDATA[`.
    Bang,
    BangDash,
    CDataOpen(u8),
    /// With the number of dashes or brackets just seen.
    Comment(u8),
    CData(u8),
    /// `<!DOCTYPE …>`; whether within the brackets of an internal subset.
    Declaration(bool),
    /// `<?…>`; whether the last byte was `?`.
    Instruction(bool),
    /// In a script or the like; behind `<`, behind `</` there.
    Verbatim,
    VerbatimOpen,
    VerbatimSlash,
}

/// What a byte brought about. `Again`, `Name` and `Markup` have not consumed it: it is to be given once more.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Event {
    Nothing,
    /// A byte of text.
    Text,
    /// A byte whose line ends count: script, comment, declaration.
    Verbatim,
    /// A `<` that may start something.
    Angle,
    /// It did not: from there on it is text.
    Again,
    /// It started a tag, whose name is known now.
    Name,
    /// It started a comment, declaration or instruction.
    Markup,
    /// A tag, declaration or instruction ended.
    End {
        closes_itself: bool,
    },
}

/// The first bytes of a name, in lower case.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub(super) struct Name {
    bytes: [u8; NAME],
    length: u8,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Lexer {
    state: State,
    is_xml: bool,
    is_end_tag: bool,
    /// The last thing in the tag was a `/`.
    slash: bool,
    name: Name,
    /// The element whose end tag ends verbatim text.
    verbatim: Name,
}

impl Lexer {
    pub(super) fn html() -> Lexer {
        let name = Name::default();
        Lexer {
            state: State::Text,
            is_xml: false,
            is_end_tag: false,
            slash: false,
            name,
            verbatim: name,
        }
    }

    pub(super) fn xml() -> Lexer {
        Lexer { is_xml: true, ..Lexer::html() }
    }

    pub(super) fn state(&self) -> State {
        self.state
    }

    pub(super) fn name(&self) -> Name {
        self.name
    }

    pub(super) fn is_xml(&self) -> bool {
        self.is_xml
    }

    pub(super) fn is_end_tag(&self) -> bool {
        self.is_end_tag
    }

    /// The lexer as it was before the last `<`.
    pub(super) fn at_text(self) -> Lexer {
        let state = match self.state {
            State::VerbatimOpen | State::VerbatimSlash => State::Verbatim,
            _ => State::Text,
        };
        Lexer { state, ..self }
    }

    /// How many bytes at the start change nothing.
    pub(super) fn quiet(&self, bytes: &[u8]) -> usize {
        let next = match self.state {
            State::Text | State::Verbatim => memchr2(b'<', b'\n', bytes),
            State::Quoted(quote) => memchr(quote, bytes),
            State::Comment(0) => memchr2(b'-', b'\n', bytes),
            State::CData(0) => memchr2(b']', b'\n', bytes),
            _ => return 0,
        };
        next.unwrap_or(bytes.len())
    }

    pub(super) fn step(&mut self, byte: u8) -> Event {
        match self.state {
            State::Text if byte == b'<' => self.go(State::Open, Event::Angle),
            State::Text => Event::Text,
            State::Open | State::Slash | State::Name | State::NameRest => self.name_step(byte),
            State::Tag | State::Equals | State::Unquoted | State::Quoted(_) => {
                self.attribute_step(byte)
            }
            State::Bang | State::BangDash | State::CDataOpen(_) => self.bang_step(byte),
            State::Comment(_) | State::CData(_) | State::Declaration(_) | State::Instruction(_) => {
                self.markup_step(byte)
            }
            State::Verbatim | State::VerbatimOpen | State::VerbatimSlash => {
                self.verbatim_step(byte)
            }
        }
    }

    fn go(&mut self, state: State, event: Event) -> Event {
        self.state = state;
        event
    }

    fn name_step(&mut self, byte: u8) -> Event {
        let ends_name = byte.is_ascii_whitespace() || byte == b'/' || byte == b'>';
        match (self.state, byte) {
            (State::Open, b'/') => self.go(State::Slash, Event::Nothing),
            (State::Open, b'!') => self.go(State::Bang, Event::Nothing),
            (State::Open, b'?') => self.go(State::Instruction(false), Event::Markup),
            (State::Open | State::Slash, _)
                if byte.is_ascii_alphabetic() || (self.is_xml && byte >= 0x80) || byte == b'_' =>
            {
                self.is_end_tag = self.state == State::Slash;
                self.slash = false;
                self.name = Name::default();
                self.name.push(byte);
                self.go(State::Name, Event::Nothing)
            }
            (State::Open | State::Slash, _) => self.go(State::Text, Event::Again),
            (State::Name, _) if ends_name || self.name.is_full() => {
                self.go(State::NameRest, Event::Name)
            }
            (State::Name, _) => {
                self.name.push(byte);
                Event::Nothing
            }
            (_, b'>') => self.end_tag(),
            (_, _) if ends_name => {
                self.slash = byte == b'/';
                self.go(State::Tag, Event::Nothing)
            }
            (_, _) => Event::Nothing,
        }
    }

    fn attribute_step(&mut self, byte: u8) -> Event {
        let is_space = byte.is_ascii_whitespace();
        match (self.state, byte) {
            (State::Quoted(quote), _) if byte == quote => self.go(State::Tag, Event::Nothing),
            (State::Quoted(_), _) => Event::Nothing,
            (_, b'>') => self.end_tag(),
            (State::Tag, b'=') => self.go(State::Equals, Event::Nothing),
            (State::Tag, _) => {
                self.slash = byte == b'/' || (self.slash && is_space);
                Event::Nothing
            }
            (State::Equals, b'"' | b'\'') => self.go(State::Quoted(byte), Event::Nothing),
            (State::Equals, _) if is_space => Event::Nothing,
            (State::Equals, _) => self.go(State::Unquoted, Event::Nothing),
            (_, _) if is_space => self.go(State::Tag, Event::Nothing),
            (_, _) => Event::Nothing,
        }
    }

    fn end_tag(&mut self) -> Event {
        let is_verbatim =
            !self.is_xml && !self.is_end_tag && !self.slash && is_verbatim(self.name.bytes());
        self.verbatim = self.name;
        self.state = if is_verbatim { State::Verbatim } else { State::Text };
        Event::End { closes_itself: self.slash }
    }

    fn bang_step(&mut self, byte: u8) -> Event {
        const CDATA: &[u8] = b"CDATA[";
        match (self.state, byte) {
            (State::Bang, b'-') => self.go(State::BangDash, Event::Nothing),
            // `<!-->` is a whole comment
            (State::BangDash, b'-') => self.go(State::Comment(1), Event::Markup),
            (State::Bang, b'[') => self.go(State::CDataOpen(0), Event::Nothing),
            (State::CDataOpen(matched), _) if CDATA.get(usize::from(matched)) == Some(&byte) => {
                if usize::from(matched) + 1 == CDATA.len() {
                    return self.go(State::CData(0), Event::Markup);
                }
                self.go(State::CDataOpen(matched + 1), Event::Nothing)
            }
            (_, _) => self.go(State::Declaration(false), Event::Markup),
        }
    }

    fn markup_step(&mut self, byte: u8) -> Event {
        let end = Event::End { closes_itself: false };
        match (self.state, byte) {
            (State::Comment(2..) | State::CData(2..), b'>') => {
                self.go(State::Text, Event::Verbatim)
            }
            (State::Comment(dashes), b'-') => {
                self.go(State::Comment(2.min(dashes + 1)), Event::Verbatim)
            }
            (State::Comment(_), _) => self.go(State::Comment(0), Event::Verbatim),
            (State::CData(brackets), b']') => {
                self.go(State::CData(2.min(brackets + 1)), Event::Verbatim)
            }
            (State::CData(_), _) => self.go(State::CData(0), Event::Verbatim),
            (State::Declaration(false), b'>') => self.go(State::Text, end),
            (State::Declaration(_), b'[' | b']') => {
                self.go(State::Declaration(byte == b'['), Event::Verbatim)
            }
            (State::Instruction(question), b'>') if question || !self.is_xml => {
                self.go(State::Text, end)
            }
            (State::Instruction(_), _) => {
                self.go(State::Instruction(byte == b'?'), Event::Verbatim)
            }
            (_, _) => Event::Verbatim,
        }
    }

    fn verbatim_step(&mut self, byte: u8) -> Event {
        let ends_name = byte.is_ascii_whitespace() || byte == b'/' || byte == b'>';
        match (self.state, byte) {
            (State::Verbatim, b'<') => self.go(State::VerbatimOpen, Event::Angle),
            (State::Verbatim, _) => Event::Verbatim,
            (State::VerbatimOpen, b'/') => {
                self.name = Name::default();
                self.go(State::VerbatimSlash, Event::Nothing)
            }
            (State::VerbatimSlash, _) if ends_name && self.name == self.verbatim => {
                (self.is_end_tag, self.slash) = (true, false);
                self.go(State::NameRest, Event::Name)
            }
            (State::VerbatimSlash, _) if byte.is_ascii_alphabetic() && !self.name.is_full() => {
                self.name.push(byte);
                Event::Nothing
            }
            (_, _) => self.go(State::Verbatim, Event::Again),
        }
    }
}

impl Name {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }

    fn is_full(&self) -> bool {
        usize::from(self.length) == NAME
    }

    fn push(&mut self, byte: u8) {
        self.bytes[usize::from(self.length)] = byte.to_ascii_lowercase();
        self.length += 1;
    }
}
