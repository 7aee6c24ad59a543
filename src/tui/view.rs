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

use crate::app::layout::{Layout, Room};
use crate::app::model::Model;
use crate::app::page::Role;
use crate::app::pane::Pane;

use super::canvas::Canvas;
use super::panes::{
    bar, body, chain, companion, first, footer, next, overlay, page, suggestions, tabs,
};
use super::theme::Theme;

/// Draws the model.
pub fn draw(model: &Model, theme: &Theme, frame: &mut Frame<'_>) {
    let model = model.public.as_deref().unwrap_or(model);
    let mut canvas = Canvas::new(frame, theme);
    canvas.ground();
    let layout = Layout::of(model);
    if layout.room == Room::Tiny {
        let area = canvas.area();
        canvas.text(area, Role::Plain, "hopstep needs 20x5");
        return canvas.finish();
    }
    match &model.session {
        None => first::render(model, &mut canvas),
        Some(_) => {
            bar::render(model, layout.bar, &mut canvas);
            chain::render(model, layout.chain, &mut canvas);
            companion::render(model, layout.companion, &mut canvas);
            let inner = layout.pane_inner();
            let total = match model.panes.open {
                Pane::Body => body::total(model),
                Pane::Response
                | Pane::Request
                | Pane::Cookies
                | Pane::Tls
                | Pane::Time
                | Pane::Clients
                | Pane::Findings => page::render(model, inner, &mut canvas),
            };
            tabs::render(model, layout.pane, total, &mut canvas);
            if model.panes.open == Pane::Body {
                body::render(model, inner, &mut canvas);
            }
            next::render(model, layout.next, &mut canvas);
        }
    }
    footer::hint(model, layout.hint, &mut canvas);
    footer::render(model, layout.footer, &mut canvas);
    overlay::render(model, &mut canvas);
    suggestions::below_cursor(model, &mut canvas);
    canvas.finish();
}
