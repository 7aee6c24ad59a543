//! The shell: the hands of the program.

pub mod clipboard;
mod farewell;
#[cfg(unix)]
mod system;
