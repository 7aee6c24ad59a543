//! Every key and what it does, in the sheet of `?`.

use crate::app::model::Model;
use crate::app::page::{Line, Role, prose};
use crate::domain::text;
use crate::tui::keymap::{self, Context};

/// Every key: those that work where the overlay was opened come first.
pub(super) fn lines(model: &Model, width: u16) -> Vec<Line> {
    let width = usize::from(width).saturating_sub(4);
    let column = (width / 4).min(16);
    let mut lines = Vec::new();
    let (map, here) = (keymap::of(model), keymap::contexts_under_help(model));
    let (first, rest): (Vec<_>, Vec<_>) =
        Context::ALL.into_iter().partition(|context| here.contains(context));
    for context in first.into_iter().chain(rest) {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::of([(Role::Strong, context.title().to_owned())]));
        for binding in map.in_context(context).filter(|binding| !binding.key.is_empty()) {
            let keys = format!(" {}", binding.names());
            let fits = text::width(&keys) < column;
            if !fits {
                lines.push(Line::of([(Role::Key, keys.clone())]));
            }
            let room = width.saturating_sub(column);
            for (at, words) in prose::wrap(Role::Plain, binding.help, room).into_iter().enumerate()
            {
                let lead = if at == 0 && fits { keys.as_str() } else { "" };
                let mut line = Line::of([(Role::Key, text::pad(lead, column))]);
                line.spans.extend(words.spans);
                lines.push(line);
            }
        }
    }
    lines
}
