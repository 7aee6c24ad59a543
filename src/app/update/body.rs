//! The body pane's windows: what the screen needs is asked for, what arrives is kept while it fits.

use crate::app::effect::{BodyQuery, Effect};
use crate::app::layout::Layout;
use crate::app::message::BodyWindow;
use crate::app::model::Model;
use crate::app::page;
use crate::app::pane::Pane;
use crate::domain::body_view::View;

/// Asks for the window that is on the screen, unless it was asked for already.
pub(super) fn wanted(model: &mut Model) -> Option<Effect> {
    if model.panes.open != Pane::Body {
        return None;
    }
    let query = query(model)?;
    if model.panes.body.query == Some(query) {
        return None;
    }
    model.panes.body.query = Some(query);
    Some(Effect::ReadBody(query))
}

/// Takes a window in, unless the user has moved to another body or view since.
pub(super) fn arrived(model: &mut Model, window: BodyWindow) -> Vec<Effect> {
    let asked = model.panes.body.query;
    if asked.is_some_and(|query| query.id == window.id && query.view == window.view) {
        model.panes.body.window = Some(Box::new(window));
    }
    Vec::new()
}

fn query(model: &Model) -> Option<BodyQuery> {
    let hop = page::selected_hop(model.session.as_ref()?)?;
    hop.exchange.response.as_ref()?;
    let inner = Layout::of(model).pane_inner();
    Some(BodyQuery {
        id: hop.exchange.body.id,
        view: model.panes.body.view.or_else(|| fitting(model))?,
        first: model.panes.scroll[Pane::Body.index()],
        count: inner.height,
        column: model.panes.column,
        width: match model.panes.wrap {
            true => inner.width.saturating_mul(inner.height.max(1)),
            false => inner.width,
        },
    })
}

/// The view that fits the body of the selected hop.
pub(super) fn fitting(model: &Model) -> Option<View> {
    let hop = page::selected_hop(model.session.as_ref()?)?;
    let media_type = hop.exchange.fields().text("Content-Type");
    Some(View::choose(media_type.as_deref(), &hop.exchange.body.head))
}
