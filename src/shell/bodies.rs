//! The body worker: lays out the part of a body that is on the screen, on a thread of its own.
//!
//! Runs the pure indexer of `domain::body_view` over the body store block by block and looks for news between blocks, so that a
//! question never waits longer than one block. While more is indexed it answers again, at most every [`PACE`].

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvError, RecvTimeoutError, Sender, TryRecvError};
use std::thread;
use std::time::{Duration, Instant};

use super::hunt::Hunt;
use super::inbox::{Incoming, Mailbox};
use crate::app::body;
use crate::app::effect::{BodyFold, BodyQuery, BodySearch};
use crate::app::message::Message;
use crate::domain::body_view::{Index, View, charset};
use crate::domain::http::body::{Bodies as _, BodyId};
use crate::fetch::BodyStore;

/// How often a window is sent again while only the number of lines grows.
const PACE: Duration = Duration::from_millis(50);

/// How soon a body that grows is looked at again, so that little is left to index when its last byte comes.
const LOOK: Duration = Duration::from_millis(4);

/// How often a body whose first bytes aren't there yet is looked at so soon: until the loop's next tick.
const CHANCES: u32 = 13;

/// How much is indexed at once: a millisecond or so.
const BLOCK: usize = 256 * 1024;

/// A declaration of the charset is looked for in this many bytes.
const HEAD: usize = 1024;

/// After so many looks (50 ms each) a body is shown whose beginning is not all there: the server stalls.
const PATIENCE: u32 = 10;

/// How many indexes are kept, for going back and forth between hops and views.
const KEPT: usize = 4;

/// The loop's side of the worker.
#[derive(Debug)]
pub(super) struct Bodies {
    jobs: Sender<Job>,
}

#[derive(Debug)]
enum Job {
    Show(Shown),
    Grown,
    Finished(BodyId),
    Search(BodySearch),
    Fold(BodyFold),
}

/// What is on the screen.
#[derive(Clone, Debug)]
struct Shown {
    query: BodyQuery,
    /// The `Content-Type` of the body.
    media_type: Option<String>,
}

impl Bodies {
    /// Starts the worker.
    pub(super) fn start(store: Arc<BodyStore>, mailbox: Mailbox) -> std::io::Result<Bodies> {
        let (jobs, queue) = mpsc::channel();
        let worker = Worker {
            store,
            mailbox,
            indexes: Vec::new(),
            finished: HashSet::new(),
            shown: None,
            answer: Answer::Due,
            hunt: None,
            folds: Vec::new(),
            looked: 0,
            chances: 0,
            block: vec![0; BLOCK],
            grows: false,
        };
        thread::Builder::new().name("bodies".to_owned()).spawn(move || worker.work(&queue))?;
        Ok(Bodies { jobs })
    }

    /// Asks for a window; the answer is a message.
    pub(super) fn show(&self, query: BodyQuery, media_type: Option<String>) {
        let _ = self.jobs.send(Job::Show(Shown { query, media_type }));
    }

    /// More may have arrived.
    pub(super) fn grown(&self) {
        let _ = self.jobs.send(Job::Grown);
    }

    /// Nothing more will arrive of this body.
    pub(super) fn finished(&self, id: BodyId) {
        let _ = self.jobs.send(Job::Finished(id));
    }

    /// Asks what a fold hides; the answer is a message.
    pub(super) fn fold(&self, fold: BodyFold) {
        let _ = self.jobs.send(Job::Fold(fold));
    }

    /// Searches a body; the answers are messages.
    pub(super) fn search(&self, search: BodySearch) {
        let _ = self.jobs.send(Job::Search(search));
    }
}

struct Worker {
    store: Arc<BodyStore>,
    mailbox: Mailbox,
    /// The one used last stands last.
    indexes: Vec<Entry>,
    finished: HashSet<BodyId>,
    shown: Option<Shown>,
    answer: Answer,
    hunt: Option<Hunt>,
    /// Questions about folds that are not answered yet.
    folds: Vec<BodyFold>,
    /// How often the body on the screen was looked at in vain.
    looked: u32,
    /// How often it may still be looked at before it has begun.
    chances: u32,
    /// Room for what is indexed at once.
    block: Vec<u8>,
    /// Something was indexed since the worker last waited: there may soon be more.
    grows: bool,
}

/// The index of one body in one view.
pub(super) struct Entry {
    pub(super) id: BodyId,
    pub(super) index: Index,
    /// The index covers the whole body.
    complete: bool,
}

/// Where the worker stands with the question on the screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Answer {
    /// Not answered yet.
    Due,
    /// Answered then, with this many lines.
    Given { at: Instant, total: u64, complete: bool },
}

/// What one turn came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Progress {
    /// There is more to do at once.
    More,
    /// Nothing to do until something is heard.
    Drained,
}

impl Worker {
    /// Works until the loop is gone.
    fn work(mut self, queue: &Receiver<Job>) {
        let mut progress = Progress::Drained;
        loop {
            if progress == Progress::Drained {
                match self.wait(queue) {
                    Ok(Some(job)) => self.hear(job),
                    Ok(None) => {}
                    Err(RecvError) => return,
                }
            }
            loop {
                match queue.try_recv() {
                    Ok(job) => self.hear(job),
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => return,
                }
            }
            progress = self.turn();
        }
    }

    /// Waits for a job; while the body begins or grows, not for long. One that stalls is looked at when the loop says so.
    fn wait(&mut self, queue: &Receiver<Job>) -> Result<Option<Job>, RecvError> {
        if !std::mem::take(&mut self.grows) && self.chances == 0 {
            return queue.recv().map(Some);
        }
        self.chances = self.chances.saturating_sub(1);
        match queue.recv_timeout(LOOK) {
            Ok(job) => Ok(Some(job)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(RecvError),
        }
    }

    fn hear(&mut self, job: Job) {
        match job {
            Job::Show(shown) => {
                if self.shown.as_ref().is_none_or(|before| before.query.id != shown.query.id) {
                    self.store.follow(None);
                    self.chances = CHANCES;
                }
                self.shown = Some(shown);
                self.answer = Answer::Due;
                self.looked = 0;
            }
            Job::Grown => self.looked = self.looked.saturating_add(1),
            Job::Fold(fold) => self.folds.push(fold),
            Job::Finished(id) => {
                self.finished.insert(id);
            }
            Job::Search(search) => match &mut self.hunt {
                Some(hunt) => hunt.turn_to(search),
                None => self.hunt = Hunt::new(search),
            },
        }
    }

    /// Indexes one block of the body on the screen and answers if that is due.
    fn turn(&mut self) -> Progress {
        let Some(shown) = self.shown.clone() else { return Progress::Drained };
        let query = &shown.query;
        let finished = self.finished.contains(&query.id);
        let Some(mut entry) = self.take(&shown, finished) else { return Progress::Drained };
        self.chances = 0;
        let progress = feed(&self.store, &mut entry, finished, &mut self.block);
        if progress == Progress::More {
            self.grows = true;
            self.store.follow(Some((entry.id, entry.index.fed())));
        }
        if self.is_due(&entry, query, progress) {
            let read = |start, len| self.store.read(entry.id, start, len);
            let window = body::window(&entry.index, query, entry.complete, &read);
            self.mailbox.send(Incoming::Message(Message::BodyWindow(Box::new(window))));
            let (total, complete) = (entry.index.lines(), entry.complete);
            self.answer = Answer::Given { at: Instant::now(), total, complete };
        }
        self.fold(&entry);
        let hunting = self.hunt(&entry, finished);
        self.indexes.push(entry);
        if hunting == Progress::More { hunting } else { progress }
    }

    /// Answers what was asked about folds of the body on the screen; what was asked about others is void.
    fn fold(&mut self, entry: &Entry) {
        let read = |start, len| self.store.read(entry.id, start, len);
        for ask in std::mem::take(&mut self.folds) {
            if ask.id == entry.id && ask.view == entry.index.view() {
                let folded = body::folded(&entry.index, &ask, entry.complete, &read);
                self.mailbox.send(Incoming::Message(Message::BodyFolded(Box::new(folded))));
            }
        }
    }

    /// Searches one block of the body on the screen and says how far it has come.
    fn hunt(&mut self, entry: &Entry, finished: bool) -> Progress {
        let Some(hunt) = self.hunt.as_mut().filter(|hunt| hunt.is_for(entry)) else {
            return Progress::Drained;
        };
        let store = &self.store;
        let read = |start, len| store.read(entry.id, start, len);
        let progress = hunt.step(&entry.index, finished && entry.complete, &read);
        if let Some(message) = hunt.answer(&entry.index, &read) {
            self.mailbox.send(Incoming::Message(message));
        }
        progress
    }

    /// The index for this question, out of the list; `None` while too little of the body is there to begin.
    fn take(&mut self, shown: &Shown, finished: bool) -> Option<Entry> {
        let (id, view) = (shown.query.id, shown.query.view);
        if let Some(at) = self.position(id, view) {
            return Some(self.indexes.remove(at));
        }
        let head = self.store.read(id, 0, HEAD);
        let stalls = self.looked >= PATIENCE && !head.is_empty();
        if head.len() < HEAD && !finished && !stalls {
            return None;
        }
        if self.indexes.len() >= KEPT {
            self.indexes.remove(0);
        }
        let charset = charset(shown.media_type.as_deref(), &head);
        Some(Entry { id, index: Index::new(view, charset), complete: false })
    }

    fn position(&self, id: BodyId, view: View) -> Option<usize> {
        self.indexes.iter().position(|entry| entry.id == id && entry.index.view() == view)
    }

    fn is_due(&self, entry: &Entry, query: &BodyQuery, progress: Progress) -> bool {
        let drained = progress == Progress::Drained;
        match self.answer {
            Answer::Due => {
                let last = query.lines.last().map_or(0, |lines| lines.end);
                drained || entry.index.lines() >= last
            }
            Answer::Given { at, total, complete } => {
                let news = (total, complete) != (entry.index.lines(), entry.complete);
                news && (entry.complete || at.elapsed() >= PACE)
            }
        }
    }
}

/// Takes the next block in.
fn feed(store: &BodyStore, entry: &mut Entry, finished: bool, room: &mut [u8]) -> Progress {
    if entry.complete {
        return Progress::Drained;
    }
    let filled = store.fill(entry.id, entry.index.fed(), room);
    if filled > 0 {
        entry.index.feed(room.get(..filled).unwrap_or_default());
        return Progress::More;
    }
    if finished {
        entry.index.finish();
        entry.complete = true;
    }
    Progress::Drained
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::message::BodyWindow;
    use crate::shell::inbox::{Inbox, inbox};

    fn question(id: BodyId, first: u64) -> BodyQuery {
        let lines = std::iter::once(first..first + 2).collect();
        BodyQuery { id, view: View::Text, lines, cursor: first, column: 0, width: 80 }
    }

    fn start() -> (Arc<BodyStore>, Bodies, Inbox) {
        let (mailbox, inbox) = inbox();
        let store = Arc::new(BodyStore::new());
        let bodies = Bodies::start(Arc::clone(&store), mailbox).unwrap();
        (store, bodies, inbox)
    }

    /// The first window that satisfies this.
    fn window(inbox: &Inbox, is_it: impl Fn(&BodyWindow) -> bool) -> BodyWindow {
        loop {
            match inbox.next(Some(Duration::from_secs(20))) {
                Some(Incoming::Message(Message::BodyWindow(window))) if is_it(&window) => {
                    return *window;
                }
                Some(_) => {}
                None => panic!("no such window"),
            }
        }
    }

    #[test]
    fn a_body_is_shown_while_it_arrives_and_grows_on_the_screen() {
        let (store, bodies, inbox) = start();
        let id = store.create();
        store.append(id, "a line\n".repeat(1000).as_bytes()).unwrap();
        bodies.show(question(id, 0), None);
        let first = window(&inbox, |_| true);
        assert_eq!(first.lines[0].text(), "a line");
        assert!(!first.indexed);
        store.append(id, b"the end").unwrap();
        bodies.finished(id);
        let last = window(&inbox, |window| window.indexed);
        assert_eq!(last.total, 1001);
    }

    #[test]
    fn a_body_that_stalls_after_a_few_bytes_is_shown_after_a_while() {
        let (store, bodies, inbox) = start();
        let id = store.create();
        store.append(id, b"a few bytes").unwrap();
        bodies.show(question(id, 0), None);
        (0..PATIENCE).for_each(|_| bodies.grown());
        assert_eq!(window(&inbox, |_| true).lines[0].text(), "a few bytes");
    }

    #[test]
    fn an_empty_body_is_answered_when_it_is_complete() {
        let (store, bodies, inbox) = start();
        let id = store.create();
        bodies.show(question(id, 0), None);
        bodies.finished(id);
        let window = window(&inbox, |window| window.indexed);
        assert!(window.lines.iter().all(|line| line.text().is_empty()));
    }

    #[test]
    fn the_latest_question_wins() {
        let (store, bodies, inbox) = start();
        let id = store.create();
        let text: String = (0..100_000).map(|number| format!("line {number}\n")).collect();
        store.append(id, text.as_bytes()).unwrap();
        bodies.finished(id);
        (0..500).for_each(|first| bodies.show(question(id, first * 100), None));
        let last = window(&inbox, |window| window.cursor == 49_900);
        assert_eq!(last.lines[1].text(), "line 49901");
    }
}
