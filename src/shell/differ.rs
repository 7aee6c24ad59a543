//! The worker that holds the bodies of two runs against each other, on a thread of its own; a new question ends the one before.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use super::inbox::{Incoming, Mailbox};
use crate::app::compared::{BodiesCompare, BodiesCompared, compare};
use crate::app::message::Message;
use crate::fetch::BodyStore;

/// How often answers are told.
const PACE: Duration = Duration::from_millis(50);

/// The loop's side of the worker.
#[derive(Debug)]
pub(super) struct Differ {
    jobs: Sender<BodiesCompare>,
}

impl Differ {
    /// Starts the worker.
    pub(super) fn start(store: Arc<BodyStore>, mailbox: Mailbox) -> std::io::Result<Differ> {
        let (jobs, queue) = mpsc::channel();
        let worker = move || work(&store, &mailbox, &queue);
        thread::Builder::new().name("differ".to_owned()).spawn(worker)?;
        Ok(Differ { jobs })
    }

    /// Compares bodies; the answers are messages.
    pub(super) fn compare(&self, asked: BodiesCompare) {
        let _ = self.jobs.send(asked);
    }
}

/// Works until the loop is gone.
fn work(store: &BodyStore, mailbox: &Mailbox, queue: &Receiver<BodiesCompare>) {
    let mut next = queue.recv().ok();
    while let Some(asked) = next.take() {
        let (mut diffs, mut told) = (Vec::new(), Instant::now());
        let tell = |diffs: &mut Vec<_>| {
            let answer = BodiesCompared { number: asked.number, diffs: std::mem::take(diffs) };
            mailbox.send(Incoming::Message(Message::BodiesCompared(Box::new(answer))));
        };
        for pair in &asked.pairs {
            diffs.push((pair.place, compare(pair, store)));
            if told.elapsed() >= PACE {
                tell(&mut diffs);
                told = Instant::now();
            }
            next = queue.try_iter().last();
            if next.is_some() {
                break;
            }
        }
        tell(&mut diffs);
        next = next.or_else(|| queue.recv().ok());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::compared::{Body, Content, Pair, Place};
    use crate::shell::inbox::inbox;

    #[test]
    fn the_last_question_is_answered_whatever_was_asked_before() {
        let (mailbox, inbox) = inbox();
        let store = Arc::new(BodyStore::new());
        let body = |text: &[u8]| {
            let id = store.create();
            store.append(id, text).unwrap();
            Body { content: Content::Received(id), size: text.len() as u64, media_type: None }
        };
        let place = Place { hops: (1, 1), sent: false };
        let pairs = vec![Pair { place, sides: [body(b"a\nb\n"), body(b"a\nc\n")] }];
        let differ = Differ::start(Arc::clone(&store), mailbox).unwrap();
        for number in 1..=20 {
            differ.compare(BodiesCompare { number, pairs: pairs.clone() });
        }
        loop {
            match inbox.next(Some(Duration::from_secs(20))) {
                Some(Incoming::Message(Message::BodiesCompared(answer))) if answer.number == 20 => {
                    assert_eq!(answer.diffs[0].0, place);
                    assert_eq!(answer.diffs[0].1.first, Some(2));
                    return;
                }
                Some(_) => {}
                None => panic!("no answer"),
            }
        }
    }
}
