//! Theme files: `[colors]` with a colour for each slot, in TOML. Slots that are left out keep the terminal's own colours.
//!
//! Promises: a fault is said with its line and column, and an unknown name with the nearest one that there is.

use ratatui::style::Color;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Slot, Theme};
use crate::domain::check::fault::Fault;
use crate::domain::nearest::none_of;

/// Reads the theme of this file.
pub fn parse(file: &str, text: &str) -> Result<Theme, Fault> {
    let at = |offset: usize, said: String| Fault::at(file, text, offset..offset, said);
    let table = DeTable::parse(text).map_err(|error| {
        let said = error.message().replace('\n', "; ");
        at(error.span().map_or(0, |span| span.start), said)
    })?;
    let mut theme = Theme::COLORS;
    for (name, value) in table.get_ref() {
        match (name.get_ref().as_ref(), value.get_ref()) {
            ("dim", DeValue::Boolean(dim)) => theme.dim = *dim,
            ("colors", DeValue::Table(colors)) => {
                for (slot, color) in colors {
                    read(&mut theme, slot.get_ref(), color)
                        .map_err(|(offset, said)| at(offset.unwrap_or(slot.span().start), said))?;
                }
            }
            ("dim", _) => return Err(at(value.span().start, "dim is true or false".to_owned())),
            ("colors", _) => {
                return Err(at(value.span().start, "colors is a table: [colors]".to_owned()));
            }
            (other, _) => {
                let said = none_of("setting", other, &["colors", "dim"]);
                return Err(at(name.span().start, said));
            }
        }
    }
    Ok(theme)
}

/// Where the fault is in the value, its offset is given; else the name is meant.
type Said = (Option<usize>, String);

fn read(theme: &mut Theme, name: &str, value: &Spanned<DeValue<'_>>) -> Result<(), Said> {
    let Some(slot) = Slot::ALL.into_iter().find(|slot| slot.name() == name) else {
        let names: Vec<&str> = Slot::ALL.iter().map(|slot| slot.name()).collect();
        return Err((None, none_of("colour slot", name, &names)));
    };
    let DeValue::String(text) = value.get_ref() else {
        let said = format!("{name} is a text: \"cyan\", \"#56b6d6\" or \"default\"");
        return Err((Some(value.span().start), said));
    };
    theme.slots[slot as usize] = color(text).map_err(|said| (Some(value.span().start), said))?;
    Ok(())
}

const NAMES: [(&str, Color); 15] = [
    ("black", Color::Black),
    ("red", Color::Red),
    ("green", Color::Green),
    ("yellow", Color::Yellow),
    ("blue", Color::Blue),
    ("magenta", Color::Magenta),
    ("cyan", Color::Cyan),
    ("white", Color::Gray),
    ("bright-black", Color::DarkGray),
    ("bright-red", Color::LightRed),
    ("bright-green", Color::LightGreen),
    ("bright-yellow", Color::LightYellow),
    ("bright-blue", Color::LightBlue),
    ("bright-magenta", Color::LightMagenta),
    ("bright-cyan", Color::LightCyan),
];

/// A name, `#rrggbb`, a number of the 256 colours, or `default`.
fn color(text: &str) -> Result<Option<Color>, String> {
    if text == "default" {
        return Ok(None);
    }
    if let Some(hex) = text.strip_prefix('#') {
        let six = hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        let value = six.then(|| u32::from_str_radix(hex, 16).ok()).flatten();
        let part = |value: u32, shift: u32| (value >> shift & 0xff) as u8;
        return match value {
            Some(value) => Ok(Some(Color::Rgb(part(value, 16), part(value, 8), part(value, 0)))),
            None => Err(format!("{text:?} is no colour: six hex digits are needed")),
        };
    }
    if let Ok(number) = text.parse::<u8>() {
        return Ok(Some(Color::Indexed(number)));
    }
    match NAMES.iter().find(|(name, _)| *name == text) {
        Some((_, color)) => Ok(Some(*color)),
        None => {
            let names: Vec<&str> = NAMES.iter().map(|(name, _)| *name).collect();
            Err(none_of("colour", text, &names))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        parse("t", text).map(|_| String::new()).unwrap_or_else(|fault| fault.to_string())
    }

    #[test]
    fn faults_are_said_with_line_and_nearest_name() {
        assert_eq!(
            fault("[colors]\naccent = \"cyan\"\nwran = \"red\"\n"),
            "t:3:1: there is no colour slot \"wran\"; did you mean \"warn\"?"
        );
        assert_eq!(
            fault("[colors]\ngood = \"grene\""),
            "t:2:8: there is no colour \"grene\"; did you mean \"green\"?"
        );
        assert_eq!(
            fault("\n[colors]\ngood = \"#12345\""),
            "t:3:8: \"#12345\" is no colour: six hex digits are needed"
        );
        assert!(fault("[colors]\ngood = \"#+12345\"").contains("six hex digits are needed"));
        assert!(fault("[colors]\ngood = 3").starts_with("t:2:8: good is a text"));
        assert!(fault("colours = 1").contains("did you mean \"colors\"?"));
        assert!(fault("[colors\n").starts_with("t:1:"));
    }

    #[test]
    fn what_is_left_out_stays_the_terminals_own() {
        let theme = parse("t", "[colors]\ngood = \"#00ff00\"\nwarn = \"208\"\nbad = \"default\"");
        let theme = theme.unwrap();
        assert_eq!(theme.slots[Slot::Good as usize], Some(Color::Rgb(0, 255, 0)));
        assert_eq!(theme.slots[Slot::Warn as usize], Some(Color::Indexed(208)));
        assert_eq!(theme.slots[Slot::Bad as usize], None);
        assert_eq!(theme.slots[Slot::Accent as usize], Some(Color::Cyan));
    }
}
