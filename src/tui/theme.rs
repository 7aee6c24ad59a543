//! How each role looks: a theme gives a few slots their colours, and weight and glyph say the same without any.
//!
//! Promises: never a colour where the user asked for none (`NO_COLOR`); no role is told from another by colour only (a glyph, a
//! weight or the place on the screen says the same); the theme that is there at first has no colour but the terminal's own, none of
//! them black, white or a shade that vanishes on a dark or a light background.

pub mod file;

use std::sync::OnceLock;

use ratatui::style::{Color, Modifier, Style};

use crate::app::page::Role;
use crate::domain::body_view::Token;
use crate::domain::finding::Severity;
use crate::domain::http::timing::Phase;
use crate::domain::nearest::hint;

/// The looks in force.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Theme {
    slots: [Option<Color>; Slot::ALL.len()],
    colors: bool,
    /// Less important text is drawn dim.
    dim: bool,
    /// Glyphs beyond ASCII are replaced.
    ascii: bool,
    /// How many colours the terminal has.
    depth: Depth,
    /// References are hyperlinks.
    links: bool,
}

/// What a theme gives a colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Slot {
    Text,
    Background,
    /// Focus, names, keys of data.
    Accent,
    Good,
    Warn,
    Bad,
    Info,
    /// Escapes, separators.
    Special,
    Dns,
    Connect,
    Tls,
    Wait,
    Receive,
}

/// How many colours a terminal has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Depth {
    Sixteen,
    Palette,
    True,
}

/// A theme with its name.
#[derive(Clone, PartialEq, Debug)]
pub struct Named {
    pub name: String,
    source: Source,
}

/// Where a theme comes from. Those of the program are read when they are drawn: the first screen waits for none that is not.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Source {
    BuiltIn(&'static str),
    User(Theme),
}

impl Named {
    /// A theme of the user.
    pub fn new(name: String, theme: Theme) -> Named {
        Named { name, source: Source::User(theme) }
    }

    pub fn theme(&self) -> Theme {
        match self.source {
            // a test holds that each of them is well-formed
            Source::BuiltIn(text) => file::parse(&self.name, text).unwrap_or(Theme::COLORS),
            Source::User(theme) => theme,
        }
    }
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

/// The themes that come with the program; the first is the terminal's own colours.
const BUILT_IN: [(&str, &str); 5] = [
    ("terminal", ""),
    ("dark", include_str!("../../assets/themes/dark.toml")),
    ("light", include_str!("../../assets/themes/light.toml")),
    ("high-contrast", include_str!("../../assets/themes/high-contrast.toml")),
    ("colour-blind", include_str!("../../assets/themes/colour-blind.toml")),
];

static ALL: OnceLock<Vec<Named>> = OnceLock::new();

/// Every theme there is: those of the program, then the user's.
pub fn all() -> &'static [Named] {
    ALL.get_or_init(|| built_in().collect())
}

/// Adds the user's themes; one that is called as one of the program's stands in its place. Only the first call before any use
/// counts.
pub fn install(themes: Vec<Named>) {
    let mut all: Vec<Named> = built_in().collect();
    for theme in themes {
        match all.iter_mut().find(|known| known.name == theme.name) {
            Some(known) => *known = theme,
            None => all.push(theme),
        }
    }
    let _ = ALL.set(all);
}

/// The number of the theme of this name; or what to say where there is none.
pub fn number(name: &str) -> Result<usize, String> {
    let wanted = if name == "color-blind" { "colour-blind" } else { name };
    let found = all().iter().position(|named| named.name == wanted);
    found.ok_or_else(|| {
        let names: Vec<&str> = all().iter().map(|named| named.name.as_str()).collect();
        let near = hint(name, names.iter().copied());
        format!("there is no theme {name:?}{near}; there are {}", names.join(", "))
    })
}

fn built_in() -> impl Iterator<Item = Named> {
    let named = |(name, text): (&str, _)| (name.to_owned(), Source::BuiltIn(text));
    BUILT_IN.into_iter().map(named).map(|(name, source)| Named { name, source })
}

impl Slot {
    pub const ALL: [Slot; 13] = [
        Slot::Text,
        Slot::Background,
        Slot::Accent,
        Slot::Good,
        Slot::Warn,
        Slot::Bad,
        Slot::Info,
        Slot::Special,
        Slot::Dns,
        Slot::Connect,
        Slot::Tls,
        Slot::Wait,
        Slot::Receive,
    ];

    /// The name in theme files.
    pub fn name(self) -> &'static str {
        match self {
            Slot::Text => "text",
            Slot::Background => "background",
            Slot::Accent => "accent",
            Slot::Good => "good",
            Slot::Warn => "warn",
            Slot::Bad => "bad",
            Slot::Info => "info",
            Slot::Special => "special",
            Slot::Dns => "dns",
            Slot::Connect => "connect",
            Slot::Tls => "tls",
            Slot::Wait => "wait",
            Slot::Receive => "receive",
        }
    }
}

impl Theme {
    /// The terminal's own colours on its own background.
    pub const COLORS: Theme = Theme {
        slots: [
            None,
            None,
            Some(Color::Cyan),
            Some(Color::Green),
            Some(Color::Yellow),
            Some(Color::Red),
            Some(Color::Cyan),
            Some(Color::Magenta),
            Some(Color::Magenta),
            Some(Color::Yellow),
            Some(Color::Red),
            Some(Color::Cyan),
            Some(Color::Green),
        ],
        colors: true,
        dim: true,
        ascii: false,
        depth: Depth::True,
        links: false,
    };
    pub const MONO: Theme = Theme { colors: false, ..Theme::COLORS };

    /// This theme as the environment asks for: `NO_COLOR` (<https://no-color.org>), how many colours there are, and whether the
    /// locale and the terminal know more than ASCII.
    pub fn within(self, environment: &dyn Fn(&str) -> Option<String>) -> Theme {
        let set = |name: &str| environment(name).filter(|value| !value.is_empty());
        let term = set("TERM").unwrap_or_default();
        let depth = match set("COLORTERM").as_deref() {
            Some("truecolor" | "24bit") => Depth::True,
            _ if term.contains("256") || term.contains("direct") => Depth::Palette,
            _ => Depth::Sixteen,
        };
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
        let utf8 = locale.is_none_or(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        });
        // the Linux console draws UTF-8 with a font of 256 or 512 glyphs
        let ascii = !utf8 || term == "linux" || term.starts_with("vt");
        let colors = self.colors && set("NO_COLOR").is_none() && !term.starts_with("vt");
        Theme { colors, ascii, depth, ..self }
    }

    /// The theme without glyphs beyond ASCII.
    pub fn in_ascii(self) -> Theme {
        Theme { ascii: true, ..self }
    }

    /// The theme with or without hyperlinks.
    pub fn linking(self, links: bool) -> Theme {
        Theme { links, ..self }
    }

    pub fn has_links(&self) -> bool {
        self.links
    }

    pub fn is_ascii(&self) -> bool {
        self.ascii
    }

    /// The look of a cell that nothing was written to, where the theme has one.
    pub fn ground(&self) -> Option<Style> {
        let (text, background) = (self.slot(Slot::Text), self.slot(Slot::Background));
        if !self.colors || (text.is_none() && background.is_none()) {
            return None;
        }
        Some(Style { fg: text, bg: background, ..Style::default() })
    }

    pub fn role(&self, role: Role) -> Style {
        let (slot, weight) = match role {
            Role::Plain | Role::Reference => (None, Modifier::empty()),
            Role::Dim => (None, Modifier::DIM),
            Role::Strong => (None, Modifier::BOLD),
            Role::Name => (Some(Slot::Accent), Modifier::empty()),
            Role::Status(status) => (status_slot(status), Modifier::BOLD),
            Role::Severity(severity) => (severity_slot(severity), weight_of(severity)),
            Role::Caret(severity) => (severity_slot(severity), weight_of(severity)),
            Role::Removed => (Some(Slot::Bad), Modifier::empty()),
            Role::Added => (Some(Slot::Good), Modifier::empty()),
            Role::Phase(phase) => (Some(phase_slot(phase)), Modifier::empty()),
            Role::Escape => (Some(Slot::Special), Modifier::UNDERLINED),
            Role::Key => (None, Modifier::BOLD),
            Role::Chosen => (None, Modifier::BOLD | Modifier::REVERSED),
            Role::Found => (None, Modifier::BOLD | Modifier::UNDERLINED),
            Role::Token(token) => token_look(token),
        };
        self.style(slot, weight)
    }

    pub fn part(&self, part: Part) -> Style {
        match part {
            Part::Focused => self.style(Some(Slot::Accent), Modifier::BOLD),
            Part::Unfocused => self.style(None, Modifier::DIM),
            Part::Selected => {
                let ground = self.ground().unwrap_or_default();
                Style::reset().patch(ground).add_modifier(Modifier::REVERSED)
            }
            Part::SelectedElsewhere => self.style(None, Modifier::BOLD),
            Part::Input => self.style(None, Modifier::UNDERLINED),
            Part::Match => self.style(Some(Slot::Warn), Modifier::REVERSED),
            Part::Veil => {
                Style::reset().patch(self.ground().unwrap_or_default()).add_modifier(Modifier::DIM)
            }
            Part::Label => self.style(Some(Slot::Warn), Modifier::BOLD | Modifier::REVERSED),
        }
    }

    fn style(&self, slot: Option<Slot>, weight: Modifier) -> Style {
        let weight = if self.dim { weight } else { weight - Modifier::DIM };
        let style = self.ground().unwrap_or_default().add_modifier(weight);
        match slot.and_then(|slot| self.slot(slot)) {
            Some(color) if self.colors => style.fg(color),
            Some(_) | None => style,
        }
    }

    fn slot(&self, slot: Slot) -> Option<Color> {
        self.slots[slot as usize].map(|color| self.depth.nearest(color))
    }
}

impl Depth {
    /// The colour itself where the terminal has it, else the nearest that it has.
    fn nearest(self, color: Color) -> Color {
        let Color::Rgb(red, green, blue) = color else { return color };
        match self {
            Depth::True => color,
            Depth::Palette => {
                let step = |part: u8| match part {
                    0..48 => 0,
                    48..115 => 1,
                    _ => (part - 35) / 40,
                };
                Color::Indexed(16 + 36 * step(red) + 6 * step(green) + step(blue))
            }
            Depth::Sixteen => sixteen(red, green, blue),
        }
    }
}

/// By hue; black and white only for what has none.
fn sixteen(red: u8, green: u8, blue: u8) -> Color {
    let (most, least) = (red.max(green).max(blue), red.min(green).min(blue));
    if most - least < 32 {
        return if most < 96 { Color::Black } else { Color::White };
    }
    let half = least + (most - least) / 2;
    match (red > half, green > half, blue > half) {
        (true, true, _) => Color::Yellow,
        (true, false, true) => Color::Magenta,
        (true, false, false) => Color::Red,
        (false, true, true) => Color::Cyan,
        (false, true, false) => Color::Green,
        (false, false, _) => Color::Blue,
    }
}

fn status_slot(status: u16) -> Option<Slot> {
    match status {
        200..=299 => Some(Slot::Good),
        300..=399 => Some(Slot::Info),
        400..=499 => Some(Slot::Warn),
        500..=599 => Some(Slot::Bad),
        _ => None,
    }
}

fn severity_slot(severity: Severity) -> Option<Slot> {
    match severity {
        Severity::Error => Some(Slot::Bad),
        Severity::Warning => Some(Slot::Warn),
        Severity::Info => Some(Slot::Info),
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

fn token_look(token: Token) -> (Option<Slot>, Modifier) {
    match token {
        Token::Key | Token::Tag => (Some(Slot::Accent), Modifier::empty()),
        Token::String | Token::Attribute => (Some(Slot::Good), Modifier::empty()),
        Token::Number | Token::Literal => (Some(Slot::Warn), Modifier::empty()),
        Token::Sequence => (Some(Slot::Special), Modifier::empty()),
        Token::Escape => (Some(Slot::Special), Modifier::UNDERLINED),
        Token::Punctuation | Token::Comment | Token::Declaration | Token::Offset => {
            (None, Modifier::DIM)
        }
        Token::Invalid => (Some(Slot::Bad), Modifier::REVERSED),
        Token::Space | Token::Text | Token::Byte => (None, Modifier::empty()),
    }
}

fn phase_slot(phase: Phase) -> Slot {
    match phase {
        Phase::Dns => Slot::Dns,
        Phase::Connect => Slot::Connect,
        Phase::Tls => Slot::Tls,
        Phase::Wait => Slot::Wait,
        Phase::Receive => Slot::Receive,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn within(pairs: &[(&str, &str)]) -> Theme {
        let find =
            |name: &str| pairs.iter().find(|pair| pair.0 == name).map(|pair| pair.1.to_owned());
        Theme::COLORS.within(&find)
    }

    #[test]
    fn the_environment_decides_on_colours_and_glyphs() {
        assert!(!within(&[("NO_COLOR", "1")]).colors);
        assert!(within(&[("NO_COLOR", "")]).colors);
        assert!(within(&[("LC_ALL", "C"), ("LANG", "en_US.UTF-8")]).ascii);
        assert!(!within(&[("LC_ALL", ""), ("LANG", "en_US.utf8")]).ascii);
        assert!(within(&[("TERM", "linux"), ("LANG", "en_US.UTF-8")]).ascii);
        assert!(!within(&[]).ascii);
    }

    #[test]
    fn a_terminal_with_few_colours_gets_the_nearest() {
        assert_eq!(Depth::Sixteen.nearest(Color::Rgb(0xb0, 0, 0x20)), Color::Red);
        assert_eq!(Depth::Sixteen.nearest(Color::Rgb(0, 0x5f, 0x87)), Color::Cyan);
        assert_eq!(Depth::Palette.nearest(Color::Rgb(255, 255, 255)), Color::Indexed(231));
        assert_eq!(Depth::Sixteen.nearest(Color::Cyan), Color::Cyan);
    }

    #[test]
    fn every_theme_of_the_program_is_well_formed() {
        for (name, text) in BUILT_IN {
            assert!(file::parse(name, text).is_ok(), "{:?}", file::parse(name, text));
        }
    }
}
