//! The clipboard: which ways a text can go, and the first of them, the system's own.
//!
//! Never blocks the loop: the system's clipboard is asked on a thread of its own, within two seconds. The terminal's (OSC 52) is
//! the loop's to write, since only the loop writes to the terminal. Nothing here claims that a copy
//! arrived unless the system took it.

pub mod holder;

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// How long the system may take to accept a text.
const PATIENCE: Duration = Duration::from_secs(2);

/// The longest text that is sent to a terminal: tmux gives up on sequences of 1 MiB, and base64 makes 4 bytes of 3.
const TERMINAL_LIMIT: usize = 700 * 1024;

/// A way to a clipboard.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Way {
    /// The clipboard of the desktop this program runs on.
    System,
    /// OSC 52: the clipboard of the desktop the terminal runs on, if it knows and allows that.
    Terminal,
}

/// What the environment says about clipboards.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Surroundings {
    /// The terminal is on another machine, and so is the user's clipboard.
    pub(super) over_ssh: bool,
    /// There is a desktop here.
    pub(super) desktop: bool,
    /// `TERM`
    pub(super) term: String,
}

impl Surroundings {
    pub(super) fn from_environment() -> Surroundings {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let needs_display = cfg!(unix) && !cfg!(target_os = "macos");
        Surroundings {
            over_ssh: set("SSH_TTY") || set("SSH_CONNECTION"),
            desktop: !needs_display || set("DISPLAY") || set("WAYLAND_DISPLAY"),
            term: std::env::var("TERM").unwrap_or_default(),
        }
    }

    /// The ways worth trying for a text of this length, the best first.
    pub(super) fn ways(&self, length: usize) -> Vec<Way> {
        let mut ways = Vec::new();
        if self.desktop {
            ways.push(Way::System);
        }
        if self.terminal_may_know() && length <= TERMINAL_LIMIT {
            ways.insert(if self.over_ssh { 0 } else { ways.len() }, Way::Terminal);
        }
        ways
    }

    /// Why the text has to be copied by hand when no way is left.
    pub(super) fn why_nowhere(&self, length: usize) -> String {
        let terminal = match self.terminal_may_know() {
            false => format!("the terminal ({}) can't take it", self.named_term()),
            true if length > TERMINAL_LIMIT => "it is too long for the terminal's".to_owned(),
            true => "the terminal did not take it".to_owned(),
        };
        match self.desktop {
            true => format!("the desktop's clipboard did not take it and {terminal}"),
            false => format!("there is no desktop here and {terminal}"),
        }
    }

    fn named_term(&self) -> &str {
        if self.term.is_empty() { "TERM is not set" } else { &self.term }
    }

    /// Terminals that are known not to know OSC 52: no terminal at all, the consoles of kernels, real hardware.
    fn terminal_may_know(&self) -> bool {
        const DEAF: [&str; 8] = ["", "dumb", "unknown", "linux", "cons25", "vt52", "vt100", "ansi"];
        !DEAF.contains(&self.term.as_str())
    }
}

/// The system's clipboard.
#[derive(Debug)]
pub(super) struct System {
    jobs: Option<mpsc::Sender<String>>,
}

/// A text, and whether the system took it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Answer {
    pub(super) text: String,
    pub(super) taken: bool,
}

impl System {
    pub(super) fn new() -> System {
        System { jobs: None }
    }

    /// Hands the text over; the answer comes by `reply`, sooner or later but always.
    pub(super) fn copy<R>(&mut self, text: String, reply: R)
    where
        R: Fn(Answer) + Send + 'static,
    {
        let jobs = self.jobs.get_or_insert_with(|| {
            let (jobs, queue) = mpsc::channel::<String>();
            // without a thread the queue is dropped and nothing is taken
            let _ = thread::Builder::new().name("clipboard".to_owned()).spawn(move || {
                let mut keeper = Keeper::default();
                for text in queue {
                    let taken = keeper.take(&text);
                    reply(Answer { text, taken });
                }
            });
            jobs
        });
        let _ = jobs.send(text);
    }
}

/// Where a selection lasts as long as its owner: hands each text to a process that outlives us.
#[cfg(all(unix, not(target_os = "macos")))]
#[derive(Debug, Default)]
struct Keeper {
    holders: Vec<std::process::Child>,
}

#[cfg(all(unix, not(target_os = "macos")))]
impl Keeper {
    fn take(&mut self, text: &str) -> bool {
        // a holder ends when the next one takes over
        self.holders.retain_mut(|child| matches!(child.try_wait(), Ok(None)));
        match holder::spawn(text, PATIENCE) {
            Ok(child) => {
                self.holders.push(child);
                true
            }
            Err(_) => false,
        }
    }
}

/// Where the system itself keeps the text.
#[cfg(not(all(unix, not(target_os = "macos"))))]
#[derive(Debug, Default)]
struct Keeper;

#[cfg(not(all(unix, not(target_os = "macos"))))]
impl Keeper {
    fn take(&mut self, text: &str) -> bool {
        let (done, taken) = mpsc::channel();
        let text = text.to_owned();
        let asked = thread::Builder::new().spawn(move || {
            let result = arboard::Clipboard::new().and_then(|mut board| board.set_text(text));
            let _ = done.send(result.is_ok());
        });
        asked.is_ok() && taken.recv_timeout(PATIENCE).unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(over_ssh: bool, desktop: bool, term: &str) -> Surroundings {
        Surroundings { over_ssh, desktop, term: term.to_owned() }
    }

    #[test]
    fn the_desktop_comes_first_where_there_is_one() {
        assert_eq!(at(false, true, "xterm").ways(1), [Way::System, Way::Terminal]);
        assert_eq!(at(false, false, "xterm").ways(1), [Way::Terminal]);
    }

    #[test]
    fn over_ssh_the_terminal_comes_first() {
        assert_eq!(at(true, false, "tmux-256color").ways(1), [Way::Terminal]);
        assert_eq!(at(true, true, "xterm").ways(1), [Way::Terminal, Way::System]);
    }

    #[test]
    fn a_terminal_that_knows_no_osc_52_gets_none() {
        assert_eq!(at(false, false, "dumb").ways(1), []);
        assert_eq!(at(true, false, "linux").ways(1), []);
        assert_eq!(at(false, true, "").ways(1), [Way::System]);
        assert!(at(false, false, "dumb").why_nowhere(1).contains("(dumb)"));
    }

    #[test]
    fn a_text_too_long_for_a_terminal_is_not_sent_to_it() {
        assert_eq!(at(false, false, "xterm").ways(TERMINAL_LIMIT + 1), []);
    }
}
