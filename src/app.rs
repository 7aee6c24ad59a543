//! The state machine behind the screen. Pure: events come in as messages, what is to be done goes out as effects.
//!
//! [`update::update`] is the only writer of the [`model::Model`]; screens read it.

pub mod body;
pub mod compared;
pub mod complete;
pub mod effect;
pub mod filter;
pub mod finder;
pub mod fuzzy;
pub mod hint;
pub mod keys;
pub mod layout;
pub mod message;
pub mod model;
pub mod page;
pub mod pane;
pub mod privacy;
pub mod recorded;
pub mod spine;
pub mod text_input;
pub mod update;
