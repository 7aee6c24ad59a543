//! Hyperlinks (OSC 8): references that the terminal opens, laid over the cells that show them.
//!
//! Promises: only where the terminal is known to have them, or the user says so; a cell keeps its letter, its look and its width; every
//! cell is a link of its own, so that it does not matter which of them a frame writes.

use std::num::NonZeroU16;

use ratatui::buffer::{Buffer, CellDiffOption};

/// A stretch of a row that leads somewhere.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Link {
    pub x: u16,
    pub y: u16,
    /// The text as it was drawn: where something else was drawn over it, there is no link.
    pub text: String,
    pub url: String,
}

/// Environment variables and the terminals that they tell of.
const TOLD: [&str; 6] = [
    "WT_SESSION",
    "KITTY_WINDOW_ID",
    "WEZTERM_PANE",
    "GHOSTTY_RESOURCES_DIR",
    "DOMTERM",
    "KONSOLE_VERSION",
];

/// Names in `TERM_PROGRAM`.
const PROGRAMS: [&str; 8] =
    ["iTerm.app", "WezTerm", "vscode", "Hyper", "ghostty", "rio", "mintty", "contour"];

/// What `TERM` begins with.
const TERMS: [&str; 8] =
    ["xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "contour", "rio", "konsole"];

/// VTE has them since 0.50.
const VTE: u32 = 5000;

/// Whether the terminal is known to have hyperlinks. `FORCE_HYPERLINK` says so for terminals that nobody knows, or the contrary.
pub fn known(environment: &dyn Fn(&str) -> Option<String>) -> bool {
    let set = |name: &str| environment(name).filter(|value| !value.is_empty());
    if let Some(forced) = set("FORCE_HYPERLINK") {
        return forced != "0";
    }
    let (term, program) =
        (set("TERM").unwrap_or_default(), set("TERM_PROGRAM").unwrap_or_default());
    // a multiplexer stands between us and the terminal: what that one is does not matter
    if set("TMUX").is_some() || term.starts_with("tmux") {
        return program == "tmux"
            && version(&set("TERM_PROGRAM_VERSION").unwrap_or_default()) >= (3, 4);
    }
    if set("STY").is_some()
        || set("ZELLIJ").is_some()
        || term.starts_with("screen")
        || term == "dumb"
    {
        return false;
    }
    TOLD.into_iter().any(|name| set(name).is_some())
        || PROGRAMS.contains(&program.as_str())
        || TERMS.into_iter().any(|known| term.starts_with(known))
        || set("VTE_VERSION").and_then(|version| version.parse().ok()).unwrap_or(0) >= VTE
}

/// Makes links of the cells that still show their text.
pub fn lay(links: &[Link], buffer: &mut Buffer, plain: impl FnOnce(&mut Buffer)) {
    let there: Vec<&Link> = links.iter().filter(|link| is_there(link, buffer)).collect();
    plain(buffer);
    for link in there {
        for x in cells(link) {
            let Some(cell) = buffer.cell_mut((x, link.y)) else { continue };
            let id = number(&link.url);
            let symbol =
                format!("\x1b]8;id={id};{}\x1b\\{}\x1b]8;;\x1b\\", link.url, cell.symbol());
            cell.set_symbol(&symbol);
            cell.set_diff_option(CellDiffOption::ForcedWidth(NonZeroU16::MIN));
        }
    }
}

/// A text of letters one column wide each, whose every letter stands in its cell.
fn is_there(link: &Link, buffer: &Buffer) -> bool {
    let safe = link.url.bytes().all(|byte| byte.is_ascii_graphic());
    let mut letters = link.text.chars();
    let shown = cells(link).all(|x| {
        let (cell, letter) = (buffer.cell((x, link.y)), letters.next());
        cell.zip(letter).is_some_and(|(cell, letter)| cell.symbol().chars().eq([letter]))
    });
    safe && shown
}

fn cells(link: &Link) -> std::ops::Range<u16> {
    let width = u16::try_from(link.text.chars().count()).unwrap_or(0);
    link.x..link.x.saturating_add(width)
}

/// Terminals light up all cells of one number together.
fn number(url: &str) -> u32 {
    url.bytes().fold(0, |sum: u32, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)))
}

/// `3.4`, `3.5a`, `next-3.6`
fn version(text: &str) -> (u32, u32) {
    let text = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    let mut parts = text.split(|c: char| !c.is_ascii_digit()).map(|part| part.parse().unwrap_or(0));
    (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;

    use super::*;

    fn has(variables: &[(&str, &str)]) -> bool {
        known(&|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn only_terminals_that_are_known_to_have_links_get_them() {
        assert!(!has(&[]));
        assert!(!has(&[("TERM", "xterm-256color")]));
        assert!(has(&[("TERM", "xterm-256color"), ("VTE_VERSION", "7200")]));
        assert!(!has(&[("TERM", "xterm-256color"), ("VTE_VERSION", "4602")]));
        assert!(has(&[("TERM", "xterm-kitty")]) && has(&[("TERM_PROGRAM", "iTerm.app")]));
        assert!(!has(&[("TERM", "dumb"), ("FORCE_HYPERLINK", "0"), ("KITTY_WINDOW_ID", "1")]));
        assert!(has(&[("TERM", "st-256color"), ("FORCE_HYPERLINK", "1")]));
    }

    #[test]
    fn a_multiplexer_decides_by_its_own_version_whatever_lies_below() {
        let tmux = |version| {
            has(&[
                ("TMUX", "/tmp/x"),
                ("TERM_PROGRAM", "tmux"),
                ("TERM_PROGRAM_VERSION", version),
                ("VTE_VERSION", "7200"),
            ])
        };
        assert!(tmux("3.4") && tmux("3.5a") && tmux("next-3.6") && tmux("4.0"));
        assert!(!tmux("3.3a") && !tmux(""));
        assert!(!has(&[("TERM", "screen-256color"), ("STY", "1.x"), ("VTE_VERSION", "7200")]));
    }

    #[test]
    fn cells_keep_letter_and_width_and_what_was_drawn_over_is_no_link() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 2));
        buffer.set_string(0, 0, "see RFC 9110", ratatui::style::Style::default());
        let link = |x, y, text: &str, url: &str| Link { x, y, text: text.into(), url: url.into() };
        let links = [
            link(4, 0, "RFC 9110", "https://a.test/"),
            link(4, 1, "RFC 9110", "https://gone.test/"),
            link(0, 0, "see", "https://a.test/\x1b\\"),
        ];
        lay(&links, &mut buffer, |_| {});
        let symbols: Vec<&str> = buffer.content[..12].iter().map(|cell| cell.symbol()).collect();
        assert_eq!(&symbols[..5], ["s", "e", "e", " ", symbols[4]]);
        assert!(
            symbols[4].starts_with("\x1b]8;id=") && symbols[4].ends_with("\x1b\\R\x1b]8;;\x1b\\")
        );
        assert!(symbols[4].contains(";https://a.test/\x1b\\"));
        assert_eq!(symbols.iter().filter(|symbol| symbol.len() > 1).count(), 8);
        assert!(buffer.content[12..].iter().all(|cell| cell.symbol() == " "));
    }
}
