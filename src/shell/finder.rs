//! The finder's worker: searches the bodies of every hop on a thread of its own, block by block; a new question ends the one before.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender, TryRecvError};
use std::thread;
use std::time::{Duration, Instant};

use super::inbox::{Incoming, Mailbox};
use crate::app::effect::BodiesSearch;
use crate::app::finder::Hunt;
use crate::app::message::Message;
use crate::domain::http::body::Bodies as _;
use crate::fetch::BodyStore;

/// How much is searched at once.
const BLOCK: usize = 256 * 1024;

/// How often progress is told.
const PACE: Duration = Duration::from_millis(100);

/// The loop's side of the worker.
#[derive(Debug)]
pub(super) struct Finder {
    jobs: Sender<BodiesSearch>,
}

impl Finder {
    /// Starts the worker.
    pub(super) fn start(store: Arc<BodyStore>, mailbox: Mailbox) -> std::io::Result<Finder> {
        let (jobs, queue) = mpsc::channel();
        let worker = move || work(&store, &mailbox, &queue);
        thread::Builder::new().name("finder".to_owned()).spawn(worker)?;
        Ok(Finder { jobs })
    }

    /// Searches bodies; the answers are messages.
    pub(super) fn find(&self, asked: BodiesSearch) {
        let _ = self.jobs.send(asked);
    }
}

/// Works until the loop is gone.
fn work(store: &BodyStore, mailbox: &Mailbox, queue: &Receiver<BodiesSearch>) {
    let mut next = queue.recv().ok();
    while let Some(asked) = next.take() {
        let mut hunt = Hunt::new(asked);
        let mut told = Instant::now();
        next = loop {
            match queue.try_recv() {
                Ok(newer) => break Some(newer),
                Err(TryRecvError::Disconnected) => return,
                Err(TryRecvError::Empty) if hunt.is_complete() => break queue.recv().ok(),
                Err(TryRecvError::Empty) => {}
            }
            hunt.step(BLOCK, &|id, start, len| store.read(id, start, len));
            // the end at once, else what was found, or how far it is
            let pace = if hunt.has_news() { PACE } else { 2 * PACE };
            if hunt.is_complete() || told.elapsed() >= pace {
                told = Instant::now();
                mailbox.send(Incoming::Message(Message::BodiesFound(Box::new(hunt.tell()))));
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::finder::BodiesFound;
    use crate::shell::inbox::{Inbox, inbox};

    /// The answers up to the end of this question.
    fn answers(inbox: &Inbox, number: u64) -> Vec<BodiesFound> {
        let mut answers = Vec::new();
        loop {
            match inbox.next(Some(Duration::from_secs(20))) {
                Some(Incoming::Message(Message::BodiesFound(found))) => {
                    let last = found.progress.number == number && found.progress.complete;
                    answers.push(*found);
                    if last {
                        return answers;
                    }
                }
                Some(_) => {}
                None => panic!("no answer"),
            }
        }
    }

    #[test]
    fn a_word_at_the_end_of_every_body_is_found_and_a_newer_question_is_answered() {
        let (mailbox, inbox) = inbox();
        let store = Arc::new(BodyStore::new());
        let mut bodies = Vec::new();
        for hop in 0..3 {
            let id = store.create();
            store.append(id, &vec![b'x'; 3 << 20]).unwrap();
            store.append(id, b" needle").unwrap();
            bodies.push((hop, id, (3 << 20) + 7));
        }
        let finder = Finder::start(store, mailbox).unwrap();
        let asked = |number, pattern: &str| BodiesSearch {
            number,
            pattern: pattern.to_owned(),
            bodies: bodies.clone(),
        };
        (1..50).for_each(|number| finder.find(asked(number, "absent")));
        finder.find(asked(50, "needle"));
        let answers = answers(&inbox, 50);
        let own = answers.iter().filter(|found| found.progress.number == 50);
        let hops: Vec<usize> = own.flat_map(|found| &found.hits).map(|hit| hit.hop).collect();
        assert_eq!(hops, [0, 1, 2]);
        finder.find(BodiesSearch::default());
        finder.find(asked(51, "absent"));
        assert!(self::answers(&inbox, 51).iter().all(|found| found.hits.is_empty()));
    }
}
