//! A text field: text and a cursor that moves by grapheme. One line or several.

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

/// Editable text. **Invariant:** `cursor` is a grapheme boundary of `text`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TextInput {
    text: String,
    cursor: usize,
    multiline: bool,
}

/// One change or movement.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum InputKey {
    Insert(String),
    Backspace,
    Delete,
    DeleteWord,
    DeleteToStart,
    DeleteToEnd,
    Left,
    Right,
    WordLeft,
    WordRight,
    Home,
    End,
    Up,
    Down,
}

/// How much text a field takes; a paste beyond it is cut.
const LIMIT: usize = 4 << 20;

impl TextInput {
    pub fn line(text: impl Into<String>) -> TextInput {
        let text = text.into();
        TextInput { cursor: text.len(), text, multiline: false }
    }

    pub fn lines(text: impl Into<String>) -> TextInput {
        TextInput { multiline: true, ..TextInput::line(text) }
    }

    /// The same text with the cursor before it.
    pub fn at_start(self) -> TextInput {
        TextInput { cursor: 0, ..self }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// Another text of the same length in its place, where there is one; the cursor stays where it is if it can.
    pub fn replace(&mut self, text: &str) {
        text.clone_into(&mut self.text);
        self.cursor = self.boundary_at_or_after(self.cursor.min(self.text.len()));
    }

    /// More text behind what there is; the cursor stays.
    pub fn append(&mut self, text: &str) {
        self.text.push_str(text);
        self.cursor = self.boundary_at_or_after(self.cursor);
    }

    /// Byte offset of the cursor.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    pub fn is_multiline(&self) -> bool {
        self.multiline
    }

    pub fn apply(&mut self, key: InputKey) {
        match key {
            InputKey::Insert(text) => self.insert(&text),
            InputKey::Backspace => self.delete(self.left()..self.cursor),
            InputKey::Delete => self.delete(self.cursor..self.right()),
            InputKey::DeleteWord => self.delete(self.word_left()..self.cursor),
            InputKey::DeleteToStart => self.delete(self.line_start()..self.cursor),
            InputKey::DeleteToEnd => self.delete(self.cursor..self.line_end()),
            InputKey::Left => self.cursor = self.left(),
            InputKey::Right => self.cursor = self.right(),
            InputKey::WordLeft => self.cursor = self.word_left(),
            InputKey::WordRight => self.cursor = self.word_right(),
            InputKey::Home => self.cursor = self.line_start(),
            InputKey::End => self.cursor = self.line_end(),
            InputKey::Up => self.vertical(-1),
            InputKey::Down => self.vertical(1),
        }
        // words may end within what is one grapheme
        self.cursor = self.boundary_at_or_after(self.cursor);
    }

    fn insert(&mut self, text: &str) {
        let text: String = match self.multiline {
            true => text.replace("\r\n", "\n").replace('\r', "\n"),
            false => text.trim_matches(['\r', '\n']).replace(['\r', '\n'], " "),
        };
        let room = LIMIT.saturating_sub(self.text.len()).min(text.len());
        let cut = (0..=room).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        self.text.insert_str(self.cursor, &text[..cut]);
        self.cursor = self.boundary_at_or_after(self.cursor + cut);
    }

    fn delete(&mut self, range: std::ops::Range<usize>) {
        self.text.replace_range(range.clone(), "");
        self.cursor = self.boundary_at_or_after(range.start);
    }

    /// Joining two pieces can make one grapheme of both: the cursor goes behind it.
    fn boundary_at_or_after(&self, at: usize) -> usize {
        let mut cursor = GraphemeCursor::new(at, self.text.len(), true);
        match cursor.is_boundary(&self.text, 0) {
            Ok(true) => at,
            _ => cursor.next_boundary(&self.text, 0).ok().flatten().unwrap_or(self.text.len()),
        }
    }

    fn left(&self) -> usize {
        let mut cursor = GraphemeCursor::new(self.cursor, self.text.len(), true);
        cursor.prev_boundary(&self.text, 0).ok().flatten().unwrap_or(0)
    }

    fn right(&self) -> usize {
        let mut cursor = GraphemeCursor::new(self.cursor, self.text.len(), true);
        cursor.next_boundary(&self.text, 0).ok().flatten().unwrap_or(self.text.len())
    }

    fn word_left(&self) -> usize {
        let before = &self.text[..self.cursor];
        before.unicode_word_indices().next_back().map_or(0, |(at, _)| at)
    }

    fn word_right(&self) -> usize {
        let after = &self.text[self.cursor..];
        let end = after.unicode_word_indices().next().map(|(at, word)| at + word.len());
        end.map_or(self.text.len(), |end| self.cursor + end)
    }

    fn line_start(&self) -> usize {
        self.text[..self.cursor].rfind('\n').map_or(0, |at| at + 1)
    }

    fn line_end(&self) -> usize {
        self.text[self.cursor..].find('\n').map_or(self.text.len(), |at| self.cursor + at)
    }

    fn vertical(&mut self, step: i8) {
        let column = self.text[self.line_start()..self.cursor].graphemes(true).count();
        let start = match step {
            -1 if self.line_start() == 0 => return self.cursor = 0,
            -1 => self.text[..self.line_start() - 1].rfind('\n').map_or(0, |at| at + 1),
            _ if self.line_end() == self.text.len() => return self.cursor = self.text.len(),
            _ => self.line_end() + 1,
        };
        let line = self.text[start..].split('\n').next().unwrap_or_default();
        let offset = line.grapheme_indices(true).nth(column).map_or(line.len(), |(at, _)| at);
        self.cursor = start + offset;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &[InputKey], mut input: TextInput) -> TextInput {
        keys.iter().cloned().for_each(|key| input.apply(key));
        input
    }

    #[test]
    fn backspace_takes_a_whole_grapheme() {
        let input = typed(&[InputKey::Backspace], TextInput::line("ae\u{301}👨‍👩‍👧"));
        assert_eq!(input.text(), "ae\u{301}");
    }

    #[test]
    fn a_paste_into_one_line_keeps_no_line_ends() {
        let input = typed(&[InputKey::Insert("a\r\nb\n".into())], TextInput::default());
        assert_eq!(input.text(), "a  b");
    }

    #[test]
    fn up_and_down_keep_the_column() {
        let input = typed(&[InputKey::Up, InputKey::Up], TextInput::lines("abc\nde\nfgh"));
        assert_eq!(input.cursor(), 2);
    }

    proptest::proptest! {
        #[test]
        fn the_cursor_stays_on_a_grapheme_boundary(text in "\\PC{0,12}", keys in proptest::collection::vec(0u8..13, 0..40)) {
            let mut input = TextInput::lines(text);
            for key in keys {
                input.apply(match key {
                    0 => InputKey::Insert("\u{301}x\n".into()), 1 => InputKey::Backspace, 2 => InputKey::Delete,
                    3 => InputKey::DeleteWord, 4 => InputKey::DeleteToStart, 5 => InputKey::DeleteToEnd,
                    6 => InputKey::Left, 7 => InputKey::Right, 8 => InputKey::WordLeft, 9 => InputKey::WordRight,
                    10 => InputKey::Home, 11 => InputKey::Up, _ => InputKey::Down,
                });
                let mut cursor = GraphemeCursor::new(input.cursor(), input.text().len(), true);
                proptest::prop_assert!(cursor.is_boundary(input.text(), 0).unwrap_or(false));
            }
        }
    }
}
