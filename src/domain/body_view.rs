//! Ways to show a body, lazily.

/// A way to show a body.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum View {
    #[default]
    Text,
    Json,
    Html,
    Form,
    Raw,
    Hex,
}

impl View {
    pub fn next(self) -> View {
        View::Text
    }

    pub fn choose(media_type: Option<&str>, head: &[u8]) -> View {
        let _ = (media_type, head);
        View::Text
    }
}

/// One laid-out line.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Line {
    pub spans: Vec<Span>,
}

#[derive(Clone, PartialEq, Debug)]
pub struct Span {
    pub text: String,
    pub kind: Token,
}

/// What a piece of a body is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Token {
    Text,
}
