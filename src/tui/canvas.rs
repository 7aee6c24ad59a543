//! Canvas: what panes draw on. Lines of roles in, styled cells out; everything is clipped to its area.

use std::fmt::{self, Debug, Formatter};

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::app::layout::Area;
use crate::app::message::Message;
use crate::app::page::{Line, Role, Span};
use crate::domain::{reference, text};

use super::glyphs;
use super::letters;
use super::links::{self, Link};
use super::theme::{Part, Theme};

/// The cells of a frame with a theme.
pub struct Canvas<'a> {
    buffer: &'a mut Buffer,
    pub theme: &'a Theme,
    traces: Traces,
    links: Vec<Link>,
}

/// Where the pointer may come upon something.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Traces {
    /// All of the overlay.
    pub outline: Option<Area>,
    /// The rows of its list, with their numbers.
    pub rows: Vec<(Area, usize)>,
    /// The rows of the suggestions, with their numbers.
    pub suggestions: Vec<(Area, usize)>,
    /// Keys that a click presses, with what they mean.
    pub keys: Vec<(Area, Message)>,
    /// The cursor.
    pub cursor: Option<(u16, u16)>,
}

impl Debug for Canvas<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Canvas").field("theme", &self.theme).finish_non_exhaustive()
    }
}

impl<'a> Canvas<'a> {
    pub fn new(buffer: &'a mut Buffer, theme: &'a Theme) -> Canvas<'a> {
        Canvas { buffer, theme, traces: Traces::default(), links: Vec::new() }
    }

    /// Gives the whole screen the theme's own ground, where it has one.
    pub fn ground(&mut self) {
        if let Some(style) = self.theme.ground() {
            let area = self.buffer.area;
            self.buffer.set_style(area, style);
        }
    }

    /// Notes that the overlay is here.
    pub fn outline(&mut self, area: Area) {
        self.traces.outline = Some(area);
    }

    /// Notes that this row of a list is here.
    pub fn listed(&mut self, area: Area, row: usize) {
        self.traces.rows.push((area, row));
    }

    /// Notes that this suggestion is here.
    pub fn suggested(&mut self, area: Area, row: usize) {
        self.traces.suggestions.push((area, row));
    }

    /// Notes that a key is here which means this.
    pub fn answers(&mut self, area: Area, message: Message) {
        self.traces.keys.push((area, message));
    }

    /// Where the cursor is shown.
    pub fn cursor_at(&self) -> Option<(u16, u16)> {
        self.traces.cursor
    }

    /// What was noted.
    pub fn into_traces(self) -> Traces {
        self.traces
    }

    /// The last touch: glyphs that the terminal does not have are replaced, and references lead to what they mean.
    pub fn finish(&mut self) {
        let (ascii, drawn) = (self.theme.is_ascii(), std::mem::take(&mut self.links));
        links::lay(&drawn, self.buffer, |buffer| {
            if ascii {
                glyphs::plain(buffer);
            }
        });
    }

    /// The whole screen.
    pub fn area(&self) -> Area {
        let Rect { x, y, width, height } = self.buffer.area;
        Area { x, y, width, height }
    }

    /// Writes a line at the top left of the area; one that is too long ends in `…`. The texts in it are display-safe already.
    pub fn line(&mut self, area: Area, line: &Line) {
        let mut end = area.right();
        if area.width > 0
            && line.spans.iter().map(|span| text::width(&span.text)).sum::<usize>()
                > area.width.into()
        {
            end = end.saturating_sub(1);
            self.text(Area { x: end, width: 1, ..area }, Role::Dim, "…");
        }
        self.spans(area, line, end);
    }

    fn spans(&mut self, area: Area, line: &Line, end: u16) {
        let mut x = area.x;
        for span in &line.spans {
            let style = self.theme.role(span.role);
            self.refer(span, Area { x, ..area });
            x = self.put(Area { x, width: end.saturating_sub(x), ..area }, &span.text, style);
        }
    }

    /// Notes the references in this span, where the terminal can follow them.
    fn refer(&mut self, span: &Span, at: Area) {
        if !self.theme.has_links() {
            return;
        }
        let whole = || reference::Reference {
            range: 0..span.text.len(),
            url: reference::url(&span.text).unwrap_or_default(),
        };
        let found = match span.role {
            Role::Reference => vec![whole()],
            _ => reference::find(&span.text),
        };
        for of in found.into_iter().filter(|of| !of.url.is_empty()) {
            let before = text::columns(&span.text[..of.range.start]);
            let text = span.text[of.range].to_owned();
            self.links.push(Link { x: at.x.saturating_add(before), y: at.y, text, url: of.url });
        }
    }

    /// Writes a line and cuts it at the edge: for text that is scrolled sideways.
    pub fn cut(&mut self, area: Area, line: &Line) {
        self.spans(area, line, area.right());
    }

    /// Writes a line so that it ends at the right edge of the area; too long a line is cut at its end.
    pub fn right(&mut self, area: Area, line: &Line) {
        let width = text::columns(&line.text()).min(area.width);
        self.line(Area { x: area.right().saturating_sub(width), width, ..area }, line);
    }

    pub fn text(&mut self, area: Area, role: Role, text: &str) {
        let style = self.theme.role(role);
        self.put(area, text, style);
    }

    /// Lays a look over what is drawn already.
    pub fn highlight(&mut self, area: Area, part: Part) {
        let style = self.theme.part(part);
        let rect = self.visible(area);
        self.buffer.set_style(rect, style);
    }

    /// Blanks the area; what had a key there has none any more.
    pub fn clear(&mut self, area: Area) {
        self.traces.keys.retain(|(key, _)| !area.contains(key.x, key.y));
        let mut blank = Cell::EMPTY;
        if let Some(style) = self.theme.ground() {
            blank.set_style(style);
        }
        let (rect, width) = (self.visible(area), usize::from(self.buffer.area.width));
        for y in rect.top()..rect.bottom() {
            let row = usize::from(y) * width;
            let (left, right) = (row + usize::from(rect.left()), row + usize::from(rect.right()));
            if let Some(cells) = self.buffer.content.get_mut(left..right) {
                cells.fill(blank.clone());
            }
        }
    }

    /// A box; what has the focus has heavy lines.
    pub fn border(&mut self, area: Area, focused: bool) {
        if area.width < 2 || area.height < 2 {
            return;
        }
        let glyphs = if focused {
            ["━", "┃", "┏", "┓", "┗", "┛"]
        } else {
            ["─", "│", "┌", "┐", "└", "┘"]
        };
        let [flat, upright, top_left, top_right, bottom_left, bottom_right] = glyphs;
        let style = self.theme.part(if focused { Part::Focused } else { Part::Unfocused });
        let (right, bottom) = (area.right().saturating_sub(1), area.bottom().saturating_sub(1));
        let row = flat.repeat(usize::from(area.width - 2));
        for (y, left, end) in [(area.y, top_left, top_right), (bottom, bottom_left, bottom_right)] {
            let row = format!("{left}{row}{end}");
            self.put(Area { y, height: 1, ..area }, &row, style);
        }
        for y in area.y.saturating_add(1)..bottom {
            for x in [area.x, right] {
                self.put(Area { x, y, width: 1, height: 1 }, upright, style);
            }
        }
    }

    /// Writes text in a style and says where it ended.
    pub fn put(&mut self, area: Area, text: &str, style: Style) -> u16 {
        let screen = self.area();
        if area.height == 0 || area.x >= screen.width || area.y >= screen.height {
            return area.x;
        }
        let width = area.width.min(screen.width - area.x);
        let style = Style::reset().patch(style);
        letters::put(self.buffer, Area { width, ..area }, text, style)
    }

    /// Shows the cursor of a text field.
    pub fn cursor(&mut self, x: u16, y: u16) {
        let screen = self.area();
        if x < screen.width && y < screen.height {
            self.traces.cursor = Some((x, y));
        }
    }

    fn visible(&self, area: Area) -> Rect {
        let Area { x, y, width, height } = area;
        Rect { x, y, width, height }.intersection(self.buffer.area)
    }
}
