//! hopstep: a terminal debugger for HTTP redirects.

pub mod domain;
