//! Signals where the system has none: a Windows console sends Ctrl-C as a key, and closing it ends the process.
//!
//! Promises: the same functions as [`signals`](../signals.rs), which find nothing to do.

use std::io;

use super::inbox::Mailbox;

/// No other program's keys come here.
pub(super) fn leave_to_another(_: bool) {}

/// There is nothing to listen for.
pub(super) fn listen(_: Mailbox) -> io::Result<()> {
    Ok(())
}

/// The process ends with its console.
pub(super) fn watch_terminal(_: Mailbox) -> io::Result<()> {
    Ok(())
}
