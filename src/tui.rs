//! The terminal: keys to messages, the model to cells. The only user of `ratatui` and `crossterm`.
//!
//! [`input::message`] reads a key, [`terminal::Screen`] draws. Nothing in here changes the model, waits or sends.

pub mod canvas;
pub mod glyphs;
pub mod input;
pub mod jump;
pub mod keymap;
mod letters;
pub mod links;
pub mod palette;
pub mod panes;
pub mod pointer;
pub mod surface;
pub mod terminal;
pub mod theme;
pub mod view;
