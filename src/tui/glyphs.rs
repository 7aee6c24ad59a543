//! Glyphs for terminals that know only ASCII: the drawn screen, cell by cell, in letters that they have.
//!
//! Promises: nothing beyond ASCII is left; a glyph keeps its cell, so that nothing moves.

use ratatui::buffer::Buffer;

/// Replaces every glyph beyond ASCII.
pub fn plain(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if !cell.symbol().is_ascii() {
            let plain = cell.symbol().chars().next().map_or(' ', letter);
            cell.set_char(plain);
        }
    }
}

fn letter(glyph: char) -> char {
    match glyph {
        '─' | '━' | '–' | '—' | '−' => '-',
        '│' | '┃' | '❚' | '┆' => '|',
        '┌' | '┐' | '└' | '┘' | '┏' | '┓' | '┗' | '┛' | '├' | '┤' | '┼' => {
            '+'
        }
        '▶' | '▷' | '▸' | '→' | '›' => '>',
        '←' | '‹' => '<',
        '↑' => '^',
        '↓' | '▾' | '▼' => 'v',
        '✖' => 'x',
        '✓' => 'v',
        '▲' => '!',
        '●' => 'i',
        '○' => 'o',
        '■' | '█' => '#',
        '▓' => '%',
        '▒' => '=',
        '░' => ':',
        '╌' => '-',
        '·' | '⋯' => '.',
        '…' => '~',
        '⏎' => 'E',
        '✎' => '*',
        '⊘' => '*',
        '≥' => '>',
        '×' => 'x',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '\u{a0}' => ' ',
        _ => '?',
    }
}
