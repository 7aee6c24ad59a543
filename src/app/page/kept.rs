//! Pages that were laid out already: a head of ten thousand lines is laid out when it arrives, not with every key.
//!
//! Promises: forgotten with every message that may change what a page says ([`Kept::forget`]); **Invariant:** what is kept is what
//! would be laid out anew. The masked model keeps its own.

use std::sync::Arc;

use super::{Line, laid_out};
use crate::app::layout::Layout;
use crate::app::model::{Model, Session};
use crate::app::pane::Pane;

/// The pages in sight.
#[derive(Clone, Debug, Default)]
pub struct Kept(Vec<(Of, Arc<Vec<Line>>)>);

/// What a page was made from, beside what messages say.
#[derive(Clone, PartialEq, Debug)]
struct Of {
    pane: Pane,
    width: u16,
    run: usize,
    row: usize,
    hops: usize,
}

/// Pages follow from the rest of the model: they make no difference.
impl PartialEq for Kept {
    fn eq(&self, _: &Kept) -> bool {
        true
    }
}

impl Kept {
    pub fn forget(&mut self) {
        self.0.clear();
    }

    pub(super) fn page(&self, session: &Session, pane: Pane, width: u16) -> Option<Arc<Vec<Line>>> {
        let of = Of::new(session, pane, width);
        self.0.iter().find(|kept| kept.0 == of).map(|kept| kept.1.clone())
    }
}

impl Of {
    fn new(session: &Session, pane: Pane, width: u16) -> Of {
        let (run, row, hops) = (session.number, session.selected, session.chain.hops.len());
        Of { pane, width, run, row, hops }
    }
}

/// Lays out the pages in sight, unless they are kept from before.
pub fn keep(model: &mut Model) {
    let layout = Layout::of(model);
    let (open, companion) = (model.panes.open, model.panes.open.companion());
    let wanted = [(open, layout.pane_inner()), (companion, layout.companion_inner())];
    let before = std::mem::take(&mut model.pages.0);
    let Some(session) = &model.session else { return };
    let kept = wanted.into_iter().filter(|(pane, area)| follows(session, *pane) && area.height > 0);
    let kept = kept.map(|(pane, area)| {
        let of = Of::new(session, pane, area.width);
        match before.iter().find(|kept| kept.0 == of) {
            Some(kept) => kept.clone(),
            None => (of, Arc::new(laid_out(model, pane, area.width))),
        }
    });
    model.pages = Kept(kept.collect());
}

/// The page is made of the run alone, not of what the user does in the panes.
fn follows(session: &Session, pane: Pane) -> bool {
    super::selected_hop(session).is_some()
        && match pane {
            Pane::Response | Pane::Request | Pane::Findings => true,
            Pane::Body | Pane::Cookies | Pane::Tls | Pane::Time | Pane::Clients => false,
        }
}
