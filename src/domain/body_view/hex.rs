//! Bodies as bytes: offset, 16 bytes, their ASCII. Needs no index, only arithmetic.

use std::ops::Range;

use super::line::{Line, Painter, Token};
use super::lines::Layout;
use super::{Read, Window};

/// Bytes on one line.
const ROW: u64 = 16;

#[derive(Default, Debug)]
pub(super) struct Hex {
    fed: u64,
}

impl Layout for Hex {
    fn feed(&mut self, bytes: &[u8]) {
        self.fed += bytes.len() as u64;
    }

    fn fed(&self) -> u64 {
        self.fed
    }

    fn lines(&self) -> u64 {
        self.fed.div_ceil(ROW)
    }

    fn render(&self, window: &Window, read: Read<'_>) -> Vec<Line> {
        let lines = window.lines.start..window.lines.end.min(self.lines());
        lines.map(|number| row(number, self.fed, &window.columns, read)).collect()
    }

    fn line_at(&self, offset: u64, _: Read<'_>) -> Option<u64> {
        Some(offset.min(self.fed.checked_sub(1)?) / ROW)
    }
}

fn row(number: u64, fed: u64, columns: &Range<u64>, read: Read<'_>) -> Line {
    let offset = number * ROW;
    let wanted = ROW.min(fed - offset) as usize;
    let mut bytes = read(offset, wanted);
    bytes.truncate(wanted);
    let mut painter = Painter::new(encoding_rs::UTF_8, columns.end);
    painter.add(format!("{offset:08x}"), Token::Offset, 0..0);
    for column in 0..ROW as usize {
        let gap = if column % 8 == 0 { "  " } else { " " };
        painter.add(gap, Token::Space, 0..0);
        match bytes.get(column) {
            Some(byte) => painter.add(format!("{byte:02x}"), Token::Byte, at(offset, column)),
            None => painter.add("  ", Token::Space, 0..0),
        }
    }
    painter.add("  ", Token::Space, 0..0);
    for (column, &byte) in bytes.iter().enumerate() {
        match byte {
            b' '..=b'~' => painter.add(char::from(byte), Token::Text, at(offset, column)),
            _ => painter.add(".", Token::Escape, at(offset, column)),
        }
    }
    let source = offset..offset + bytes.len() as u64;
    let mut line = Line { number, spans: painter.spans, source, continues: false, opens: false };
    line.clip(columns);
    line
}

fn at(offset: u64, column: usize) -> Range<u64> {
    let start = offset + column as u64;
    start..start + 1
}
