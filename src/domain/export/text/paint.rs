//! Lines of text with or without ANSI colour. Everything is escaped here, so that nothing can be forgotten.

use super::super::super::escape::escape;
use super::super::super::http::field::{Field, decoded};
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
        self.indent(indent);
        for (style, text) in spans {
            self.span(*style, text);
        }
        self.end_line();
    }

    /// A field line; most of a page is made of these.
    pub(in super::super) fn field(&mut self, indent: usize, arrow: &str, field: &Field) {
        let value = decoded(&field.value);
        // colour goes around name and colon together, and so does the cut
        if self.colour || field.name.len() + 2 > COLUMNS {
            let name = format!("{}: ", field.name);
            let spans = [(Style::Dim, arrow), (Style::Moved, &name), (Style::Plain, &value)];
            return self.line(indent, &spans);
        }
        self.indent(indent);
        self.text.push_str(arrow);
        self.text.push_str(&escape(&field.name));
        self.text.push_str(": ");
        self.span(Style::Plain, &value);
        self.end_line();
    }

    fn indent(&mut self, columns: usize) {
        const SPACES: &str = "                ";
        let mut left = columns;
        while left > 0 {
            let some = left.min(SPACES.len());
            self.text.push_str(&SPACES[..some]);
            left -= some;
        }
    }

    fn end_line(&mut self) {
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
