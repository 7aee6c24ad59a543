//! The border between chain and pane: moved by keys and by the mouse.

use crate::app::layout::{Layout, Room};
use crate::app::model::Model;

/// How far a key moves it.
const STEP: u16 = 5;

/// Wider or narrower, taller or lower, by a step.
pub(super) fn step(model: &mut Model, step: i8) {
    let layout = Layout::of(model);
    match layout.room {
        Room::Wide => {
            let now = percent(layout.chain.width, model.size.0);
            let step = i16::from(step) * STEP as i16;
            model.panes.columns = Some(now.saturating_add_signed(step).clamp(10, 90));
        }
        Room::Medium | Room::Small => {
            let now = layout.chain.height.saturating_sub(layout.filter.height);
            model.panes.rows = Some(now.saturating_add_signed(step.into()).max(1));
        }
        Room::Tiny => {}
    }
}

/// The border goes to this cell.
pub(super) fn drag(model: &mut Model, x: u16, y: u16) {
    if !model.panes.grabbed {
        return;
    }
    let layout = Layout::of(model);
    match layout.room {
        Room::Wide => {
            model.panes.columns = Some(percent(x.saturating_add(1), model.size.0).clamp(10, 90))
        }
        Room::Medium | Room::Small => {
            let rows = y.saturating_sub(layout.chain.y + layout.filter.height);
            model.panes.rows = Some(rows.max(1));
        }
        Room::Tiny => {}
    }
}

/// Rounded up, so that going there and back comes to the same column.
fn percent(columns: u16, of: u16) -> u16 {
    (u32::from(columns.min(of)) * 100).div_ceil(u32::from(of.max(1))) as u16
}
