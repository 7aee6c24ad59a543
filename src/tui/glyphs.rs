//! Glyphs for terminals that know only ASCII: the drawn screen, cell by cell, in letters that they have.
//!
//! Promises: nothing beyond ASCII is left; a glyph keeps its cell, so that nothing moves.

use ratatui::buffer::Buffer;

/// Replaces every glyph beyond ASCII.
pub fn plain(buffer: &mut Buffer) {
    for at in 0..buffer.content.len() {
        enter(buffer, at);
        let cell = &mut buffer.content[at];
        if !cell.symbol().is_ascii() {
            let plain = cell.symbol().chars().next().map_or(' ', letter);
            cell.set_char(plain);
        }
    }
}

/// The Enter key is `CR` where the cell before it is free: a single letter would be another key.
fn enter(buffer: &mut Buffer, at: usize) {
    let Some([before, cell]) = at.checked_sub(1).and_then(|from| buffer.content.get_mut(from..=at))
    else {
        return;
    };
    if cell.symbol() == "⏎" && before.symbol() == " " {
        before.set_char('C').set_style(cell.style());
        cell.set_char('R');
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
