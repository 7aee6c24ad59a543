//! Signals: each becomes an entry in the inbox, so that the loop puts the terminal back before anything else happens.
//!
//! A loop that can't answer (the terminal takes no bytes any more) does not keep the program alive: [`GRACE`] after the first
//! deadly signal the process ends all the same.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;

use super::inbox::{Incoming, Mailbox};
use super::{Ended, system};
use crate::tui::terminal;

/// How long the loop has for a clean end.
const GRACE: Duration = Duration::from_secs(1);

/// Another program has the terminal: its keys Ctrl-C, Ctrl-\ and Ctrl-Z are not meant for us.
static AWAY: AtomicBool = AtomicBool::new(false);

/// Leaves what the terminal's keys send to the program that has it, until told otherwise.
pub(super) fn leave_to_another(away: bool) {
    AWAY.store(away, Ordering::SeqCst);
}

/// Starts listening. Ctrl-C and Ctrl-Z are keys while the program holds the terminal; these signals come from elsewhere.
pub(super) fn listen(mailbox: Mailbox) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT])?;
    thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for signal in signals.forever() {
            let away = AWAY.load(Ordering::SeqCst);
            match signal {
                SIGINT | SIGQUIT | SIGCONT if away => {}
                // that program stops, and so do we: the shell takes both for one job, where there is one
                SIGTSTP if away => system::stop_job(),
                SIGTSTP => mailbox.send(Incoming::Stop),
                SIGCONT => mailbox.send(Incoming::Continued),
                deadly => {
                    mailbox.send(Incoming::End(Ended::Signal(deadly)));
                    last_resort(Ended::Signal(deadly));
                }
            }
        }
    })?;
    Ok(())
}

/// Tells the loop when the terminal is gone. The signal for that may be ignored (`nohup`), and reading
/// keys from a terminal without another side would go round for ever.
pub(super) fn watch_terminal(mailbox: Mailbox) -> io::Result<()> {
    thread::Builder::new().name("terminal".to_owned()).spawn(move || {
        system::wait_for_hangup(libc::STDOUT_FILENO);
        mailbox.send(Incoming::End(Ended::Signal(SIGHUP)));
        last_resort(Ended::Signal(SIGHUP));
    })?;
    Ok(())
}

/// Ends the process if it is still there after the grace.
fn last_resort(ended: Ended) {
    thread::sleep(GRACE);
    // writing may block for ever, and so may whoever holds the lock of standard output
    let _ = thread::Builder::new().spawn(terminal::restore);
    thread::sleep(GRACE / 4);
    std::process::exit(ended.exit_status().into());
}
