//! The holder: a small detached copy of this program that owns a selection for as long as nobody else does.
//!
//! X11 and Wayland forget a selection when its owner exits. So the text goes through a pipe to a second process, which
//! claims the selection, says so in one line, lets go of everything it shares with us (session, descriptors,
//! folder) and ends when another program copies something or the desktop goes away, as xclip does.

use std::ffi::OsStr;

/// The hidden argument that makes this program a holder.
const ARGUMENT: &str = "__hold-clipboard";

/// The exit status of a holder that could not hold.
const FAILURE: u8 = 1;

/// Does the holder's work if the command line asks for it, and hands back its exit status. To be called first thing in `main`.
pub fn hold_if_asked() -> Option<u8> {
    let mut arguments = std::env::args_os().skip(1);
    let asked = arguments.next().as_deref() == Some(OsStr::new(ARGUMENT));
    (asked && arguments.next().is_none()).then(hold)
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn hold() -> u8 {
    FAILURE
}

#[cfg(all(unix, not(target_os = "macos")))]
use detached::hold;
#[cfg(all(unix, not(target_os = "macos")))]
pub(super) use detached::spawn;

#[cfg(all(unix, not(target_os = "macos")))]
mod detached {
    use std::io::{self, BufRead, BufReader, Read, Write};
    use std::os::fd::RawFd;
    use std::path::PathBuf;
    use std::process::{Child, Command, Stdio};
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use arboard::{Clipboard, SetExtLinux};

    use super::{ARGUMENT, FAILURE};
    use crate::shell::system;

    /// What the holder says once the selection is its own.
    const CLAIMED: &str = "claimed";

    /// How long a claim takes, about.
    const STEP: Duration = Duration::from_millis(1);

    /// Starts a holder for this text; `Ok` means that the selection is claimed.
    pub(in crate::shell::clipboard) fn spawn(text: &str, patience: Duration) -> io::Result<Child> {
        let mut child = Command::new(ourselves()?)
            .arg(ARGUMENT)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        match claimed(&mut child, text, patience) {
            Ok(()) => Ok(child),
            Err(error) => {
                let _ = child.kill();
                let _ = child.wait();
                Err(error)
            }
        }
    }

    /// This very program, even if its file was replaced since it started.
    fn ourselves() -> io::Result<PathBuf> {
        let link = PathBuf::from("/proc/self/exe");
        if link.exists() { Ok(link) } else { std::env::current_exe() }
    }

    /// Gives the text in and waits for the word, both within the patience.
    fn claimed(child: &mut Child, text: &str, patience: Duration) -> io::Result<()> {
        let (Some(mut stdin), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let (done, word) = mpsc::channel();
        let text = text.to_owned();
        thread::Builder::new().name("clipboard pipe".to_owned()).spawn(move || {
            let written = stdin.write_all(text.as_bytes());
            drop(stdin);
            let mut line = String::new();
            let read = BufReader::new(stdout.take(64)).read_line(&mut line);
            let _ = done.send(written.and(read).map(|_| line));
        })?;
        match word.recv_timeout(patience) {
            Ok(Ok(line)) if line.trim_end() == CLAIMED => Ok(()),
            Ok(Ok(_)) => Err(io::Error::other("the desktop's clipboard refused")),
            Ok(Err(error)) => Err(error),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }

    /// By itself: who only asks needs no room for it.
    #[inline(never)]
    pub(super) fn hold() -> u8 {
        system::close_inherited();
        system::leave_session();
        match keep() {
            Ok(()) => 0,
            Err(_) => FAILURE,
        }
    }

    /// Claims once: a second claim could take the selection back from someone who copied in between.
    fn keep() -> Result<(), arboard::Error> {
        let mut text = String::new();
        let unreadable = |_| arboard::Error::ConversionFailure;
        io::stdin().read_to_string(&mut text).map_err(unreadable)?;
        let (mut ours, mut check) = (Clipboard::new()?, Clipboard::new()?);
        watch_desktop();
        let held = text.clone();
        let keeper = thread::spawn(move || ours.set().wait().text(held));
        // our own text comes back only after the desktop has taken the claim
        while !keeper.is_finished() {
            thread::sleep(STEP);
            if check.get_text().is_ok_and(|there| there == text) {
                // the reader may be gone: the selection is held all the same
                let _ = writeln!(io::stdout(), "{CLAIMED}");
                let _ = io::stdout().flush();
                break;
            }
        }
        keeper.join().unwrap_or(Err(arboard::Error::ClipboardOccupied))
    }

    /// Ends the process when its connection to the desktop breaks: arboard would wait for ever.
    fn watch_desktop() {
        for fd in sockets() {
            let _ = thread::Builder::new().name("desktop".to_owned()).spawn(move || {
                system::wait_for_hangup(fd);
                std::process::exit(0);
            });
        }
    }

    /// The process's sockets; it has none but those to the desktop. Empty where the system has no such list.
    fn sockets() -> Vec<RawFd> {
        let open = std::fs::read_dir("/proc/self/fd").into_iter().flatten().flatten();
        open.filter_map(|entry| {
            let target = std::fs::read_link(entry.path()).ok()?;
            let is_socket = target.to_str()?.starts_with("socket:");
            is_socket.then(|| entry.file_name().to_str()?.parse().ok())?
        })
        .collect()
    }
}
