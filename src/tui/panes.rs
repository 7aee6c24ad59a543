//! The parts of the screen, one file each: `render(&Model, Area, &mut Canvas)`. What stands in a pane comes from `app::page`.

pub mod bar;
pub mod body;
pub mod chain;
pub mod companion;
mod field;
pub mod finder;
pub mod first;
pub mod footer;
pub mod history;
pub mod next;
pub mod overlay;
pub mod page;
pub mod palette;
mod sheet;
pub mod suggestions;
pub mod tabs;
