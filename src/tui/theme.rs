//! How each role looks: the terminal's own sixteen colours on its own background, or weight alone.
//!
//! Promises: never a colour where the user asked for none (`NO_COLOR`); no role is told from another by colour only (a glyph, a
//! weight or the place on the screen says the same); no colour is black, white or a shade that vanishes on a dark or a light background.

use ratatui::style::{Color, Modifier, Style};

use crate::app::page::Role;
use crate::domain::body_view::Token;
use crate::domain::finding::Severity;
use crate::domain::http::timing::Phase;

/// The looks in force.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Theme {
    colors: bool,
}

/// A part of the screen's furniture.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    /// The border and title of what has the focus.
    Focused,
    /// The border and title of what has not.
    Unfocused,
    /// The row under the cursor, where the keys go.
    Selected,
    /// The selected row while the keys go elsewhere.
    SelectedElsewhere,
    /// Text being typed.
    Input,
    /// A match of the search.
    Match,
    /// What stands back while letters stand over it.
    Veil,
    /// A letter to type.
    Label,
}

impl Theme {
    pub const COLORS: Theme = Theme { colors: true };
    pub const MONO: Theme = Theme { colors: false };

    /// As the environment asks for (<https://no-color.org>).
    pub fn from_env() -> Theme {
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Theme { colors: !plain }
    }

    pub fn role(&self, role: Role) -> Style {
        let (color, weight) = match role {
            Role::Plain => (None, Modifier::empty()),
            Role::Dim => (None, Modifier::DIM),
            Role::Strong => (None, Modifier::BOLD),
            Role::Name => (Some(Color::Cyan), Modifier::empty()),
            Role::Status(status) => (status_color(status), Modifier::BOLD),
            Role::Severity(severity) => (severity_color(severity), weight_of(severity)),
            Role::Caret(severity) => (severity_color(severity), weight_of(severity)),
            Role::Removed => (Some(Color::Red), Modifier::empty()),
            Role::Added => (Some(Color::Green), Modifier::empty()),
            Role::Phase(phase) => (Some(phase_color(phase)), Modifier::empty()),
            Role::Escape => (Some(Color::Magenta), Modifier::UNDERLINED),
            Role::Key => (None, Modifier::BOLD),
            Role::Chosen => (None, Modifier::BOLD | Modifier::REVERSED),
            Role::Found => (None, Modifier::BOLD | Modifier::UNDERLINED),
            Role::Token(token) => token_look(token),
        };
        self.style(color, weight)
    }

    pub fn part(&self, part: Part) -> Style {
        match part {
            Part::Focused => self.style(Some(Color::Cyan), Modifier::BOLD),
            Part::Unfocused => self.style(None, Modifier::DIM),
            Part::Selected => Style::reset().add_modifier(Modifier::REVERSED),
            Part::SelectedElsewhere => self.style(None, Modifier::BOLD),
            Part::Input => self.style(None, Modifier::UNDERLINED),
            Part::Veil => Style::reset().add_modifier(Modifier::DIM),
            Part::Label => self.style(Some(Color::Yellow), Modifier::BOLD | Modifier::REVERSED),
            Part::Match => self.style(Some(Color::Yellow), Modifier::REVERSED),
        }
    }

    fn style(&self, color: Option<Color>, weight: Modifier) -> Style {
        let style = Style::default().add_modifier(weight);
        match color {
            Some(color) if self.colors => style.fg(color),
            Some(_) | None => style,
        }
    }
}

fn status_color(status: u16) -> Option<Color> {
    match status {
        200..=299 => Some(Color::Green),
        300..=399 => Some(Color::Cyan),
        400..=499 => Some(Color::Yellow),
        500..=599 => Some(Color::Red),
        _ => None,
    }
}

fn severity_color(severity: Severity) -> Option<Color> {
    match severity {
        Severity::Error => Some(Color::Red),
        Severity::Warning => Some(Color::Yellow),
        Severity::Info => Some(Color::Cyan),
        Severity::Hint => None,
    }
}

fn weight_of(severity: Severity) -> Modifier {
    match severity {
        Severity::Error | Severity::Warning => Modifier::BOLD,
        Severity::Info => Modifier::empty(),
        Severity::Hint => Modifier::DIM,
    }
}

fn token_look(token: Token) -> (Option<Color>, Modifier) {
    match token {
        Token::Key | Token::Tag => (Some(Color::Cyan), Modifier::empty()),
        Token::String | Token::Attribute => (Some(Color::Green), Modifier::empty()),
        Token::Number | Token::Literal => (Some(Color::Yellow), Modifier::empty()),
        Token::Sequence => (Some(Color::Magenta), Modifier::empty()),
        Token::Escape => (Some(Color::Magenta), Modifier::UNDERLINED),
        Token::Punctuation | Token::Comment | Token::Declaration | Token::Offset => {
            (None, Modifier::DIM)
        }
        Token::Invalid => (Some(Color::Red), Modifier::REVERSED),
        Token::Space | Token::Text | Token::Byte => (None, Modifier::empty()),
    }
}

fn phase_color(phase: Phase) -> Color {
    match phase {
        Phase::Dns => Color::Magenta,
        Phase::Connect => Color::Yellow,
        Phase::Tls => Color::Red,
        Phase::Wait => Color::Cyan,
        Phase::Receive => Color::Green,
    }
}
