//! Where things stand on the screen, in whole cells. Pure arithmetic, so that messages (page down, a click) and drawing agree.

pub mod rows;

use super::hint;
use super::model::{Model, Session};
use super::page::preview;
use super::pane::{Focus, Pane};

/// A rectangle of cells.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Area {
    pub x: u16,
    pub y: u16,
    pub width: u16,
    pub height: u16,
}

impl Area {
    pub fn contains(&self, x: u16, y: u16) -> bool {
        (self.x..self.right()).contains(&x) && (self.y..self.bottom()).contains(&y)
    }

    /// The first column to the right of it.
    pub fn right(&self) -> u16 {
        self.x.saturating_add(self.width)
    }

    /// The first row below it.
    pub fn bottom(&self) -> u16 {
        self.y.saturating_add(self.height)
    }

    /// The area without a border of one cell.
    pub fn inner(self) -> Area {
        Area {
            x: self.x.saturating_add(1),
            y: self.y.saturating_add(1),
            width: self.width.saturating_sub(2),
            height: self.height.saturating_sub(2),
        }
    }

    /// The area below its first row.
    pub fn below_title(self) -> Area {
        self.below(1)
    }

    /// The area below so many rows.
    pub fn below(self, rows: u16) -> Area {
        Area { y: self.y.saturating_add(rows), height: self.height.saturating_sub(rows), ..self }
    }
}

/// How much room there is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Room {
    /// Under 20 columns or 5 rows: one line says so.
    Tiny,
    /// Chain, one pane and a line of keys.
    Small,
    /// Panes have a title line and no borders (80x24).
    Medium,
    /// Chain and pane side by side, with borders.
    Wide,
}

/// The parts of the main screen. An area of height 0 is not drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Layout {
    pub room: Room,
    /// Method, URL, client, state.
    pub bar: Area,
    pub chain: Area,
    /// The filter, within the chain.
    pub filter: Area,
    /// A second pane below a chain that leaves room for it: [`Pane::companion`] of the open one.
    pub companion: Area,
    /// The open pane with its tabs.
    pub pane: Area,
    /// The preview of the next request.
    pub next: Area,
    /// A sentence for someone who is here for the first time.
    pub hint: Area,
    /// The keys that work now.
    pub footer: Area,
}

impl Layout {
    pub fn of(model: &Model) -> Layout {
        let (width, height) = model.size;
        let room = room(width, height);
        let hint = u16::from(room >= Room::Medium && hint::current(model).is_some());
        let height = height.saturating_sub(hint);
        let layout = match room {
            Room::Tiny => Layout::empty(Room::Tiny),
            Room::Wide => Layout::wide(model, width, height),
            Room::Small | Room::Medium => Layout::stacked(model, (width, height), room),
        };
        // the row above the footer
        let footer = Area { y: layout.footer.y.saturating_add(hint), ..layout.footer };
        Layout { hint: Area { height: hint, ..layout.footer }, footer, ..layout }
    }

    /// Where the chain's rows are drawn.
    pub fn chain_inner(&self) -> Area {
        match self.room {
            Room::Wide => self.chain.inner().below(self.filter.height),
            Room::Tiny | Room::Small | Room::Medium => self.chain.below(self.filter.height),
        }
    }

    /// Where the pane's lines are drawn.
    pub fn pane_inner(&self) -> Area {
        match self.room {
            Room::Wide => {
                let Area { x, y, width, height } = self.pane.inner();
                Area { x: x.saturating_add(1), y, width: width.saturating_sub(2), height }
            }
            Room::Tiny | Room::Small | Room::Medium => self.pane.below_title(),
        }
    }

    /// Where the companion's lines are drawn.
    pub fn companion_inner(&self) -> Area {
        let Area { x, y, width, height } = self.companion.inner();
        Area { x: x.saturating_add(1), y, width: width.saturating_sub(2), height }
    }

    /// Where the lines of this pane's text are drawn: the body keeps the last row for its path and facts.
    pub fn text_inner(&self, pane: Pane) -> Area {
        let inner = self.pane_inner();
        let foot = u16::from(pane == Pane::Body && inner.height >= 4);
        Area { height: inner.height.saturating_sub(foot), ..inner }
    }

    /// The border that can be dragged is at these cells.
    pub fn on_border(&self, x: u16, y: u16) -> bool {
        match self.room {
            Room::Wide => {
                let edge = self.pane.x;
                self.chain.width > 0
                    && (x == edge || x.checked_add(1) == Some(edge))
                    && self.pane.contains(edge, y)
            }
            // beside the tabs
            Room::Medium | Room::Small => {
                self.chain.height > 0 && y == self.pane.y && self.pane.height > 0
            }
            Room::Tiny => false,
        }
    }

    fn empty(room: Room) -> Layout {
        let none = Area::default();
        Layout {
            room,
            bar: none,
            chain: none,
            filter: none,
            companion: none,
            pane: none,
            next: none,
            hint: none,
            footer: none,
        }
    }

    fn wide(model: &Model, width: u16, height: u16) -> Layout {
        let bar = Area { x: 0, y: 0, width, height: 1 };
        let footer = Area { x: 0, y: height.saturating_sub(1), width, height: 1 };
        let next_height =
            if shows_next(model) { 4 + reasons(model, width.saturating_sub(2)) } else { 0 };
        let middle = height.saturating_sub(2 + next_height);
        let chain_width = match model.panes.zoomed {
            true => 0,
            false => match model.panes.columns {
                Some(percent) => {
                    let wished = (u32::from(width) * u32::from(percent) / 100) as u16;
                    wished.clamp(24, width.saturating_sub(36).max(24))
                }
                None => (u32::from(width) * 45 / 100).clamp(40, 78) as u16,
            },
        };
        let chain_height = middle - companion_rows(model, middle);
        let left = Area { x: 0, y: 1, width: chain_width, height: middle };
        Layout {
            room: Room::Wide,
            bar,
            chain: Area { height: chain_height, ..left },
            companion: left.below(chain_height),
            filter: Area {
                x: 1,
                y: 2,
                width: chain_width.saturating_sub(2),
                height: u16::from(filters(model) && chain_width > 0),
            },
            pane: Area {
                x: chain_width,
                y: 1,
                width: width.saturating_sub(chain_width),
                height: middle,
            },
            next: Area { x: 0, y: 1 + middle, width, height: next_height },
            hint: Area::default(),
            footer,
        }
    }

    fn stacked(model: &Model, (width, height): (u16, u16), room: Room) -> Layout {
        let rows = model.session.as_ref().map_or(0, |session| session.spine.rows().len());
        let rows = u16::try_from(rows).unwrap_or(u16::MAX);
        let body = height.saturating_sub(2);
        let next_height = match room {
            Room::Medium if shows_next(model) => 3 + reasons(model, width),
            Room::Small if model.asks() => 2 + reasons(model, width),
            _ => 0,
        };
        let most = match room {
            Room::Medium => body / 3,
            Room::Tiny | Room::Small | Room::Wide => (body.saturating_sub(next_height) / 2).min(4),
        };
        let chain_height = match model.panes.zoomed {
            true => 0,
            false => {
                let room = body.saturating_sub(next_height + 3).max(1);
                let wished = model.panes.rows.map(|rows| rows.clamp(1, room));
                wished.unwrap_or(rows.clamp(1, most.max(1))) + u16::from(filters(model))
            }
        };
        let filter_height = u16::from(filters(model)).min(chain_height);
        let pane_height = body.saturating_sub(chain_height + next_height);
        Layout {
            room,
            bar: Area { x: 0, y: 0, width, height: 1 },
            chain: Area { x: 0, y: 1, width, height: chain_height },
            filter: Area { x: 0, y: 1, width, height: filter_height },
            companion: Area::default(),
            pane: Area { x: 0, y: 1 + chain_height, width, height: pane_height },
            next: Area { x: 0, y: 1 + chain_height + pane_height, width, height: next_height },
            hint: Area::default(),
            footer: Area { x: 0, y: height.saturating_sub(1), width, height: 1 },
        }
    }
}

/// Rows below the chain for a second pane: half of the column at most, none where that would be of little use.
fn companion_rows(model: &Model, column: u16) -> u16 {
    let rows = model.session.as_ref().map_or(0, |session| session.spine.rows().len());
    let chain = u16::try_from(rows).unwrap_or(u16::MAX).saturating_mul(2).saturating_add(3);
    let free = column.saturating_sub(chain.max(column / 2));
    if free < LEAST_COMPANION || model.panes.zoomed { 0 } else { free }
}

/// Fewer rows than this are left to the chain.
const LEAST_COMPANION: u16 = 10;

fn room(width: u16, height: u16) -> Room {
    match (width, height) {
        (w, h) if w < 20 || h < 5 => Room::Tiny,
        (w, h) if w < 60 || h < 16 => Room::Small,
        (w, h) if w < 110 || h < 24 => Room::Medium,
        _ => Room::Wide,
    }
}

/// The preview stands while a request is ready and nothing hides it.
fn shows_next(model: &Model) -> bool {
    let ready = model
        .session
        .as_ref()
        .is_some_and(|session| session.chain.ready().is_some() || session.offer.is_some());
    ready && !model.panes.zoomed && model.focus != Focus::List
}

/// The line of the filter stands.
fn filters(model: &Model) -> bool {
    model.session.is_some() && (model.filter.typing || model.filter.is_on())
}

/// Lines that the reasons against a dangerous step take beyond the first.
fn reasons(model: &Model, width: u16) -> u16 {
    let lines = |session: &Session| preview::reasons(session, width).len();
    let count = model.session.as_ref().map_or(0, lines);
    count.saturating_sub(1).min(3) as u16
}
