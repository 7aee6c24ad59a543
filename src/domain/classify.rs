//! Classify: what a redirect is for, who most likely issued it, what a chain amounts to.

mod glob;
pub mod intent;
mod table;
