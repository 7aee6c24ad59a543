//! What HTTP redirects mean: requests, responses, clients, rules. Pure: no async, clock, files, sockets or terminal.

pub mod body_view;
pub mod chain;
pub mod client;
pub mod cookie;
pub mod danger;
pub mod escape;
pub mod finding;
pub mod http;
pub mod redirect;
pub mod rules;
pub mod text;
