//! Lanes: the engines of many chains on one thread. Each lane has connections and a record of its own; a lane whose socket stirs
//! is polled, the others are not.
//!
//! **Invariant:** what is under way in one lane is never carried by the connection of another.

use std::future::poll_fn;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;

use super::engine::{Alarm, Cancels, Interrupter, Queue, Working, poll_alarm, runtime};
use super::hop::{self, Core};
use super::{BodyStore, Event, Fetch, FetchId, Sink, recorder};
use crate::domain::http::settings::Settings;

/// Engines side by side, on the caller's thread: they work while [`Lanes::next`] waits, and at no other time.
pub struct Lanes {
    /// Always there until it is dropped.
    runtime: Option<Runtime>,
    settings: Settings,
    store: Arc<BodyStore>,
    queue: Arc<Queue>,
    cancels: Arc<Cancels>,
    lanes: Vec<Lane>,
    stirring: Arc<Stirring>,
    /// Lanes polled in the round that brought an event: a task that yielded then waits for a round of tokio's that never came.
    doubtful: Vec<usize>,
    alarm: Alarm,
}

struct Lane {
    core: Arc<Core>,
    fetches: Vec<Working>,
    bell: Arc<Bell>,
    waker: Waker,
}

impl std::fmt::Debug for Lanes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lanes").field("lanes", &self.lanes.len()).finish_non_exhaustive()
    }
}

impl Lanes {
    pub fn new(settings: Settings, store: Arc<BodyStore>, count: usize) -> io::Result<Lanes> {
        let queue = Arc::new(Queue::default());
        let stirring = Arc::new(Stirring::default());
        let mut lanes = Lanes {
            runtime: Some(runtime()?),
            settings,
            store,
            queue,
            cancels: Arc::default(),
            lanes: Vec::with_capacity(count),
            stirring,
            doubtful: Vec::new(),
            alarm: None,
        };
        for at in 0..count {
            let bell = Arc::new(Bell::new(at, &lanes.stirring));
            let (core, waker) = (lanes.core(), Waker::from(Arc::clone(&bell)));
            lanes.lanes.push(Lane { core, fetches: Vec::new(), bell, waker });
        }
        Ok(lanes)
    }

    /// Starts a fetch in this lane (from 0).
    pub fn start(&mut self, lane: usize, fetch: Fetch) {
        let Some(lane) = self.lanes.get_mut(lane) else { return };
        let cancel = self.cancels.insert(fetch.id);
        lane.fetches.push(Box::pin(hop::run(Arc::clone(&lane.core), fetch, cancel)));
        lane.bell.ring();
    }

    /// Stops a fetch: it is done at once.
    pub fn cancel(&mut self, id: FetchId) {
        self.cancels.ring(id);
    }

    /// An idle lane begins anew: its connections are closed, what it remembers is gone.
    pub fn renew(&mut self, lane: usize) {
        let core = self.core();
        if let Some(lane) = self.lanes.get_mut(lane).filter(|lane| lane.fetches.is_empty()) {
            lane.core = core;
        }
    }

    /// The next event. `None` when nothing happens for so long, or when nothing is under way.
    pub fn next(&mut self, wait: Option<Duration>) -> Option<(FetchId, Event)> {
        let event = match self.queue.pop() {
            Some(event) => event,
            None if wait.is_none() && self.lanes.iter().all(|lane| lane.fetches.is_empty()) => {
                return None;
            }
            None => self.work(wait)?,
        };
        if let (id, Event::Done(_)) = &event {
            self.cancels.remove(*id);
        }
        Some(event)
    }

    /// A handle that stops everything from another thread.
    pub fn interrupter(&self) -> Interrupter {
        Interrupter::new(&self.cancels)
    }

    fn core(&self) -> Arc<Core> {
        let events = Arc::clone(&self.queue);
        let sink: Sink = Arc::new(move |id, event| match event {
            // nobody watches
            Event::Phase(_) | Event::Body { .. } => {}
            Event::Head(_) | Event::Done(_) => events.push(id, event),
        });
        Core::new(self.settings.clone(), Arc::clone(&self.store), sink)
    }

    fn work(&mut self, wait: Option<Duration>) -> Option<(FetchId, Event)> {
        let until = wait.map(|wait| Instant::now() + wait);
        let Lanes { runtime, queue, lanes, stirring, doubtful, alarm, .. } = self;
        doubtful.iter().filter_map(|at| lanes.get(*at)).for_each(|lane| lane.bell.ring());
        runtime.as_ref()?.block_on(poll_fn(|cx| {
            // a lane that stirs again while it is polled waits for the next round: tokio lets a round do so much and no more
            doubtful.clear();
            for at in stirring.take(cx.waker()) {
                let Some(lane) = lanes.get_mut(at) else { continue };
                lane.poll();
                if !lane.fetches.is_empty() {
                    doubtful.push(at);
                }
            }
            match queue.pop() {
                Some(event) => Poll::Ready(Some(event)),
                None => poll_alarm(alarm, until, cx).map(|()| None),
            }
        }))
    }
}

impl Drop for Lanes {
    /// A look-up that hangs in the system's resolver must not hold up the end.
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else { return };
        let entered = runtime.enter();
        self.lanes.clear();
        self.alarm = None;
        drop(entered);
        runtime.shutdown_background();
    }
}

impl Lane {
    fn poll(&mut self) {
        self.bell.rung.store(false, Ordering::Release);
        let _entered = recorder::enter(&self.core.recorder);
        let mut cx = Context::from_waker(&self.waker);
        self.fetches.retain_mut(|fetch| fetch.as_mut().poll(&mut cx).is_pending());
    }
}

/// Rung when a lane is to be polled.
struct Bell {
    lane: usize,
    rung: AtomicBool,
    stirring: Arc<Stirring>,
}

impl Bell {
    fn new(lane: usize, stirring: &Arc<Stirring>) -> Bell {
        Bell { lane, rung: AtomicBool::new(false), stirring: Arc::clone(stirring) }
    }

    fn ring(&self) {
        if self.rung.swap(true, Ordering::AcqRel) {
            return;
        }
        let mut who = self.stirring.lock();
        who.lanes.push(self.lane);
        if let Some(sleeper) = who.sleeper.take() {
            drop(who);
            sleeper.wake();
        }
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.ring();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.ring();
    }
}

/// The lanes to be polled.
#[derive(Default)]
struct Stirring(Mutex<Who>);

#[derive(Default)]
struct Who {
    lanes: Vec<usize>,
    /// Who polls them.
    sleeper: Option<Waker>,
}

impl Stirring {
    /// Those to be polled now; of the next one the sleeper is told.
    fn take(&self, sleeper: &Waker) -> Vec<usize> {
        let mut who = self.lock();
        who.sleeper = Some(sleeper.clone());
        std::mem::take(&mut who.lanes)
    }

    fn lock(&self) -> MutexGuard<'_, Who> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
