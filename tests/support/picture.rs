//! The README's picture and table of keys, made by the real renderer from the real keymap.

use std::fmt::Write as _;

use hopstep::domain::text::width;
use hopstep::tui::keymap;
use hopstep::tui::theme::Theme;
use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

use crate::player::Player;
use crate::worlds::CHECKOUT;

/// Size of a cell, in pixels.
const CELL: (f32, f32) = (8.4, 18.0);
const FONT: &str = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
const BACKGROUND: &str = "#16181d";
const FOREGROUND: &str = "#d6d9e0";

/// The checkout, paused where its POST is about to become a GET.
pub(crate) fn svg() -> String {
    let terminal = Player::new(CHECKOUT).size(116, 26).keys("enter s").draw(&Theme::COLORS);
    let buffer = terminal.backend().buffer();
    let area = *buffer.area();
    let (wide, high) =
        (f32::from(area.width) * CELL.0 + 24.0, f32::from(area.height) * CELL.1 + 24.0);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide:.0}\" height=\"{high:.0}\" viewBox=\"0 0 {wide:.0} {high:.0}\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{BACKGROUND}\"/>\n\
         <g font-family=\"{FONT}\" font-size=\"14\" xml:space=\"preserve\">\n"
    );
    for y in 0..area.height {
        let cells: Vec<&Cell> = (0..area.width).filter_map(|x| buffer.cell((x, y))).collect();
        row(&mut out, &cells, f32::from(y) * CELL.1 + 12.0);
    }
    out.push_str("</g>\n</svg>\n");
    out
}

/// The README with the table of keys as the keymap has it.
pub(crate) fn with_keys(readme: &str) -> String {
    const MARKS: [&str; 2] = ["<!-- keys:begin -->\n", "<!-- keys:end -->"];
    let (before, rest) = readme.split_once(MARKS[0]).unwrap();
    let (_, after) = rest.split_once(MARKS[1]).unwrap();
    format!("{before}{}\n{}\n{}{after}", MARKS[0], keymap::markdown(), MARKS[1])
}

/// One row: stretches that look the same are one element, set to their exact width.
fn row(out: &mut String, cells: &[&Cell], top: f32) {
    let mut at = 0;
    while at < cells.len() {
        let look = (cells[at].fg, cells[at].modifier);
        let same = |cell: &&&Cell| (cell.fg, cell.modifier) == look;
        let length = cells[at..].iter().take_while(same).count();
        stretch(out, &cells[at..at + length], at as f32 * CELL.0 + 12.0, top);
        at += length;
    }
}

fn stretch(out: &mut String, cells: &[&Cell], left: f32, top: f32) {
    let (first, columns) = (cells[0], cells.len() as f32 * CELL.0);
    let reversed = first.modifier.contains(Modifier::REVERSED);
    let color = color(first.fg);
    if reversed {
        let _ = writeln!(
            out,
            "<rect x=\"{left:.1}\" y=\"{top:.1}\" width=\"{columns:.1}\" height=\"{}\" fill=\"{color}\"/>",
            CELL.1
        );
    }
    let text = text(cells);
    if text.trim().is_empty() {
        return;
    }
    let fill = if reversed { BACKGROUND } else { color };
    let mut look = format!("fill=\"{fill}\"");
    for (modifier, attribute) in [
        (Modifier::BOLD, " font-weight=\"bold\""),
        (Modifier::DIM, " opacity=\"0.6\""),
        (Modifier::UNDERLINED, " text-decoration=\"underline\""),
    ] {
        look.push_str(if first.modifier.contains(modifier) { attribute } else { "" });
    }
    let base = top + 13.5;
    let _ = writeln!(
        out,
        "<text x=\"{left:.1}\" y=\"{base:.1}\" textLength=\"{columns:.1}\" {look}>{text}</text>"
    );
}

fn text(cells: &[&Cell]) -> String {
    let (mut out, mut at) = (String::new(), 0);
    while let Some(cell) = cells.get(at) {
        let symbol = cell.symbol();
        out.push_str(&symbol.replace('&', "&amp;").replace('<', "&lt;").replace(' ', "\u{a0}"));
        at += width(symbol).max(1);
    }
    out
}

fn color(color: Color) -> &'static str {
    match color {
        Color::Red => "#ff7a7a",
        Color::Green => "#7fd88f",
        Color::Yellow => "#f2c661",
        Color::Cyan => "#6cc7e0",
        Color::Magenta => "#d69bf0",
        _ => FOREGROUND,
    }
}
