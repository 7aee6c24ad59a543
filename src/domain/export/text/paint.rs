//! Lines of text with or without ANSI colour. Everything is escaped here, so that nothing can be forgotten.

use super::super::super::escape::escape;
use super::super::super::text::truncate;

/// Columns of one line; what a server sends beyond is cut and counted.
const COLUMNS: usize = 2000;

/// How a stretch of text looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in super::super) enum Style {
    Plain,
    /// What matters first: hop, method, target.
    Strong,
    /// Framing and facts of lesser weight.
    Dim,
    Good,
    Moved,
    Notice,
    Warn,
    Bad,
}

impl Style {
    /// The parameters of the SGR sequence; empty for plain text.
    fn code(self) -> &'static str {
        match self {
            Style::Plain => "",
            Style::Strong => "1",
            Style::Dim => "2",
            Style::Good => "32",
            Style::Moved => "36",
            Style::Notice => "34",
            Style::Warn => "33",
            Style::Bad => "31",
        }
    }
}

/// Text in the making.
pub(in super::super) struct Page {
    text: String,
    colour: bool,
}

/// A stretch of a line. Not escaped yet.
pub(in super::super) type Span<'a> = (Style, &'a str);

impl Page {
    pub(in super::super) fn new(colour: bool) -> Page {
        Page { text: String::new(), colour }
    }

    /// One line, indented by so many columns.
    pub(in super::super) fn line(&mut self, indent: usize, spans: &[Span<'_>]) {
        self.text.extend(std::iter::repeat_n(' ', indent));
        for (style, text) in spans {
            self.span(*style, text);
        }
        self.text.truncate(self.text.trim_end_matches(' ').len());
        self.text.push('\n');
    }

    pub(in super::super) fn blank(&mut self) {
        self.text.push('\n');
    }

    pub(in super::super) fn finish(self) -> String {
        self.text
    }

    fn span(&mut self, style: Style, text: &str) {
        let safe = escape(text);
        let shown = truncate(&safe, COLUMNS);
        if shown.is_empty() {
            return;
        }
        let coloured = self.colour && style != Style::Plain;
        if coloured {
            self.text.push_str(&format!("\x1b[{}m", style.code()));
        }
        self.text.push_str(shown);
        if coloured {
            self.text.push_str("\x1b[0m");
        }
        if shown.len() < safe.len() {
            self.text.push_str(&format!("… ({} bytes)", text.len()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_escaped_and_cut() {
        let mut page = Page::new(true);
        page.line(2, &[(Style::Bad, "a\x1b[2J\n"), (Style::Plain, "b ")]);
        page.line(0, &[(Style::Plain, &"x".repeat(3000))]);
        let text = page.finish();
        assert!(text.starts_with("  \x1b[31ma\\x1b[2J\\n\x1b[0mb\n"));
        assert!(text.ends_with("x… (3000 bytes)\n"));
        assert!(text.len() < 2100);
    }
}
