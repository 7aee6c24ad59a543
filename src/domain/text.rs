//! How much room display-safe text takes, and how it is cut to fit. What a server sent goes through `domain::escape` first.
//!
//! Promises: a width is the number of terminal cells that ratatui fills, grapheme by grapheme; no grapheme is ever cut in two.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// How many columns the text takes.
pub fn width(text: &str) -> usize {
    let (mut rest, mut columns) = (text, 0);
    // graphemes are slow to find: only where there is more than ASCII
    while let Some(at) = rest.bytes().position(|byte| !byte.is_ascii()) {
        // the character before may carry a mark
        let plain = at.saturating_sub(1);
        let length = rest[at..].bytes().position(|byte| byte.is_ascii()).unwrap_or(rest.len() - at);
        columns += plain
            + rest[plain..at + length].graphemes(true).map(UnicodeWidthStr::width).sum::<usize>();
        rest = &rest[at + length..];
    }
    columns + rest.len()
}

/// How many columns the text takes, as screens count them: more than any screen has is told as the most that can be.
pub fn columns(text: &str) -> u16 {
    u16::try_from(width(text)).unwrap_or(u16::MAX)
}

/// The longest prefix that takes at most so many columns.
pub fn truncate(text: &str, columns: usize) -> &str {
    // no character takes more columns than bytes
    if text.len() <= columns {
        return text;
    }
    if text.is_ascii() {
        return &text[..columns];
    }
    let mut taken = 0;
    for (offset, grapheme) in text.grapheme_indices(true) {
        taken += UnicodeWidthStr::width(grapheme);
        if taken > columns {
            return &text[..offset];
        }
    }
    text
}

/// The first grapheme; empty only when the text is.
pub fn first(text: &str) -> &str {
    text.graphemes(true).next().unwrap_or_default()
}

/// The text itself where it fits, else as much of its start as fits with `…` behind it.
pub fn fit(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    match columns {
        0 => Cow::Borrowed(""),
        _ => Cow::Owned(format!("{}…", truncate(text, columns - 1))),
    }
}

/// As [`fit`], keeping start and end: `https://shop.test/a…/login`. For URLs and paths, whose ends tell them apart.
pub fn fit_middle(text: &str, columns: usize) -> Cow<'_, str> {
    let wide = width(text);
    if wide <= columns {
        return Cow::Borrowed(text);
    }
    if columns < 4 {
        return fit(text, columns);
    }
    let tail = (columns - 1) / 2;
    let head = truncate(text, columns - 1 - tail);
    Cow::Owned(format!("{head}…{}", skip(text, wide - tail)))
}

/// What is left after the first `columns` columns; a wide grapheme across the edge is left out.
pub fn skip(text: &str, columns: usize) -> &str {
    if text.is_ascii() {
        return &text[text.len().min(columns)..];
    }
    let mut passed = 0;
    for (offset, grapheme) in text.grapheme_indices(true) {
        if passed >= columns {
            return &text[offset..];
        }
        passed += UnicodeWidthStr::width(grapheme);
    }
    ""
}

/// The text with spaces behind it up to so many columns; never cut.
pub fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn widths_are_those_of_the_cells() {
        for (text, columns) in
            [("", 0), ("abc", 3), ("漢字", 4), ("e\u{301}", 1), ("👍🏽", 2), ("🇫🇷", 2), ("لا", 2)]
        {
            assert_eq!(width(text), columns, "{text}");
        }
    }

    #[test]
    fn text_is_cut_between_graphemes() {
        assert_eq!(truncate("漢字", 3), "漢");
        assert_eq!(truncate("e\u{301}x", 1), "e\u{301}");
        assert_eq!(fit("redirect", 5), "redi…");
        assert_eq!(fit("redirect", 8), "redirect");
        assert_eq!(fit("漢字", 3), "漢…");
        assert_eq!(fit_middle("https://shop.test/login", 11), "https…login");
        assert_eq!(skip("漢字x", 1), "字x");
        assert_eq!(pad("漢", 4), "漢  ");
    }

    proptest! {
        #[test]
        fn nothing_is_ever_wider_than_asked(text in ".{0,40}", columns in 0usize..30) {
            prop_assert_eq!(width(&text), text.graphemes(true).map(UnicodeWidthStr::width).sum::<usize>());
            prop_assert!(width(truncate(&text, columns)) <= columns);
            prop_assert!(width(&fit(&text, columns)) <= columns);
            prop_assert!(width(&fit_middle(&text, columns)) <= columns);
        }
    }
}
