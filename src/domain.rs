//! What HTTP redirects mean: requests, responses, clients, rules. Pure: no async, clock, files, sockets or terminal.

pub mod baseline;
pub mod body_view;
pub mod breakpoint;
pub mod chain;
pub mod check;
pub mod classify;
pub mod client;
pub mod comparison;
pub mod config;
pub mod cookie;
pub mod danger;
pub mod escape;
pub mod evidence;
pub mod explain;
pub mod export;
pub mod finding;
pub mod http;
pub mod import;
pub mod netrc;
pub mod policy;
pub mod probe;
pub mod redact;
pub mod redirect;
pub mod rules;
pub mod secret;
pub mod text;
