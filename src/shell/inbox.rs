//! The inbox: everything that wakes the loop comes through one queue.
//!
//! Body progress is the exception: a server decides how often that comes. It waits in a slot that holds the latest value per
//! fetch and is looked at on ticks, so no flood ever stands between a key and the loop.

use std::collections::BTreeMap;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::Ended;
use super::clipboard::Answer;
use crate::app::message::{FetchEvent, FetchId, Message};
use crate::tui::input::Event;

/// What can wake the loop.
#[derive(Debug)]
pub(super) enum Incoming {
    /// A key, a click, a paste, a new size.
    Terminal(Event),
    /// A reply to an effect.
    Message(Message),
    /// The system's clipboard took a text, or not.
    Clipboard(Answer),
    /// The process is asked to stop for a while.
    #[cfg(unix)]
    Stop,
    /// The process goes on after a stop.
    #[cfg(unix)]
    Continued,
    /// Keys can no longer be read.
    KeysFailed(std::io::Error),
    /// The program has to end.
    End(Ended),
}

/// The latest progress of each body that arrives.
type Progress = Arc<Mutex<BTreeMap<FetchId, (u64, Option<u64>)>>>;

/// The end that workers write to.
#[derive(Clone, Debug)]
pub(super) struct Mailbox {
    queue: Sender<Incoming>,
    progress: Progress,
}

/// The end that the loop reads.
#[derive(Debug)]
pub(super) struct Inbox {
    queue: Receiver<Incoming>,
    progress: Progress,
}

pub(super) fn inbox() -> (Mailbox, Inbox) {
    let (sender, receiver) = mpsc::channel();
    let progress = Progress::default();
    (
        Mailbox { queue: sender, progress: Arc::clone(&progress) },
        Inbox { queue: receiver, progress },
    )
}

impl Mailbox {
    /// Wakes the loop. Nothing happens when it is gone.
    pub(super) fn send(&self, incoming: Incoming) {
        let _ = self.queue.send(incoming);
    }

    /// Takes a report of the engine in; progress of a body does not wake the loop.
    pub(super) fn fetched(&self, id: FetchId, event: FetchEvent) {
        match event {
            FetchEvent::Body { received, total } => {
                lock(&self.progress).insert(id, (received, total));
            }
            FetchEvent::Phase(_) | FetchEvent::Head { .. } => {
                self.send(Incoming::Message(Message::Fetched(id, event)));
            }
            FetchEvent::Done { .. } => {
                lock(&self.progress).remove(&id);
                self.send(Incoming::Message(Message::Fetched(id, event)));
            }
        }
    }
}

impl Inbox {
    /// The next entry; `None` when the time is up. Waits for ever without a limit.
    pub(super) fn next(&self, limit: Option<Duration>) -> Option<Incoming> {
        let Some(limit) = limit else {
            return Some(self.queue.recv().unwrap_or(Incoming::End(Ended::Quit)));
        };
        match self.queue.recv_timeout(limit) {
            Ok(incoming) => Some(incoming),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Incoming::End(Ended::Quit)),
        }
    }

    /// An entry that is there already.
    pub(super) fn waiting(&self) -> Option<Incoming> {
        self.queue.try_recv().ok()
    }

    /// Why the program has to end, if that is known within a moment: a terminal that is gone fails every use of
    /// it, and whichever notices first, it is one and the same end.
    pub(super) fn end_soon(&self) -> Option<Ended> {
        let until = Instant::now() + Duration::from_millis(200);
        while let Some(incoming) = self.next(Some(until.saturating_duration_since(Instant::now())))
        {
            if let Incoming::End(ended) = incoming {
                return Some(ended);
            }
        }
        None
    }

    /// The progress of bodies since the last look.
    pub(super) fn progress(&self) -> Vec<Message> {
        let news = std::mem::take(&mut *lock(&self.progress));
        let message =
            |(id, (received, total))| Message::Fetched(id, FetchEvent::Body { received, total });
        news.into_iter().map(message).collect()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::message::Run;

    fn progress(received: u64) -> FetchEvent {
        FetchEvent::Body { received, total: None }
    }

    #[test]
    fn a_flood_of_progress_never_stands_before_a_key() {
        let (mailbox, inbox) = inbox();
        (0..100_000).for_each(|received| mailbox.fetched(FetchId(1), progress(received)));
        mailbox.send(Incoming::Message(Message::Run(Run::Cancel)));
        assert!(matches!(inbox.waiting(), Some(Incoming::Message(Message::Run(Run::Cancel)))));
        assert_eq!(inbox.progress(), [Message::Fetched(FetchId(1), progress(99_999))]);
        assert_eq!(inbox.progress(), []);
    }

    #[test]
    fn progress_that_the_end_overtook_is_forgotten() {
        let (mailbox, inbox) = inbox();
        mailbox.fetched(FetchId(1), progress(5));
        mailbox.fetched(FetchId(1), FetchEvent::Done { exchange: Box::default(), now: 0 });
        assert_eq!(inbox.progress(), []);
        assert!(inbox.waiting().is_some());
    }
}
