//! The view: the whole model to a whole frame. Reads the model, changes nothing.
//!
//! ```text
//!  POST ▾ │ http://shop.test/checkout │ as curl ▾ │ ❚❚ paused · 2 hops · ▲2      panes/bar.rs
//! ┏ Chain ━━━━━━━━━━━━━━━━━━━━━━┓┌ 1 Response ─ 2 Request ─ 3 Body ───┐        panes/chain.rs, panes/tabs.rs
//! ┃ ▶ 2 POST 302 https://…   ▲2 ┃│ HTTP/1.1 302 Found                 │        app/page/*.rs through panes/page.rs,
//! ┗━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┛│ Location: /orders/17               │        panes/body.rs
//! ┌ 8 Verdict ──────────────────┐│                                    │        panes/companion.rs
//! └─────────────────────────────┘└────────────────────────────────────┘
//! ┌ Next request (not sent) ───────────────────────────────────────────┐        panes/next.rs
//! └────────────────────────────────────────────────────────────────────┘
//!  s step  c continue  y copy  / find  ? help                                   panes/footer.rs
//! ```
//!
//! Without a session the first screen stands there (`panes/first.rs`); overlays lie above everything (`panes/overlay.rs`).

use ratatui::Frame;
use ratatui::buffer::Buffer;

use crate::app::layout::{Layout, Room};
use crate::app::model::Model;
use crate::app::page::Role;
use crate::app::pane::Pane;

use super::canvas::Canvas;
use super::panes::{
    bar, body, chain, companion, first, footer, next, overlay, page, suggestions, tabs,
};
use super::theme::Theme;

/// Draws the model on a frame of ratatui's.
pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>) {
    if let Some(cursor) = cells(model, theme, frame.buffer_mut()) {
        frame.set_cursor_position(cursor);
    }
}

/// Draws the model on blank cells; says where the cursor is shown.
pub fn cells(model: &Model, theme: &Theme, buffer: &mut Buffer) -> Option<(u16, u16)> {
    let model = model.public.as_deref().unwrap_or(model);
    let mut canvas = Canvas::new(buffer, theme);
    canvas.ground();
    paint(model, &mut canvas);
    canvas.finish();
    canvas.cursor_at()
}

/// Everything there is to see, without the last touch.
pub(super) fn paint(model: &Model, canvas: &mut Canvas<'_>) {
    let layout = Layout::of(model);
    if layout.room == Room::Tiny {
        let area = canvas.area();
        let text = if area.width < 18 { "needs 20x5" } else { "hopstep needs 20x5" };
        return canvas.text(area, Role::Plain, text);
    }
    match &model.session {
        None => first::render(model, canvas),
        Some(_) => {
            bar::render(model, layout.bar, canvas);
            chain::render(model, layout.chain, canvas);
            companion::render(model, layout.companion, canvas);
            let inner = layout.pane_inner();
            let total = match model.panes.open {
                Pane::Body => model.panes.body.rows(),
                Pane::Response
                | Pane::Request
                | Pane::Cookies
                | Pane::Tls
                | Pane::Time
                | Pane::Clients
                | Pane::Findings => page::render(model, inner, canvas),
            };
            tabs::render(model, layout.pane, total, canvas);
            if model.panes.open == Pane::Body {
                body::render(model, inner, canvas);
            }
            next::render(model, layout.next, canvas);
        }
    }
    footer::hint(model, layout.hint, canvas);
    footer::render(model, layout.footer, canvas);
    overlay::render(model, canvas);
    footer::above(model, layout.footer, canvas);
    suggestions::below_cursor(model, canvas);
}
