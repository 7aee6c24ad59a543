//! The two ways to run the real engine: on the caller's thread, and on a thread of its own.

use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::thread;
use std::time::{Duration, Instant};

use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Notify, mpsc};
use tokio::time::{Sleep, sleep_until};

use super::hop::{self, Core};
use super::{BodyStore, Engine, Event, Fetch, FetchId, Sink, recorder};
use crate::domain::http::settings::Settings;

/// The engine on the caller's thread: it works while [`Local::next`] waits, and at no other time.
pub struct Local {
    /// Always there until it is dropped.
    runtime: Option<Runtime>,
    core: Arc<Core>,
    queue: Arc<Queue>,
    cancels: Arc<Cancels>,
    /// What is under way. Polled here and not spawned: an answer that comes needs no second look at the poller.
    fetches: Vec<Working>,
    under_way: usize,
    alarm: Alarm,
    /// Events come within [`WATCH`], and whoever slept for one was woken late.
    brisk: bool,
}

/// How long the socket is watched before this thread sleeps: where each runs on a core of its own, to fall asleep and be woken takes
/// longer than a server on the same machine takes to answer.
const WATCH: Duration = Duration::from_micros(100);

/// Whoever sleeps and is woken sooner shares a core with the server, and had better leave it to the server.
const LATE: Duration = Duration::from_micros(40);

/// Rings when a wait has been long enough.
pub(super) type Alarm = Option<Pin<Box<Sleep>>>;

pub(super) type Working = Pin<Box<dyn Future<Output = ()> + Send>>;

impl std::fmt::Debug for Local {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Local").field("under_way", &self.under_way).finish_non_exhaustive()
    }
}

impl Local {
    pub fn new(settings: Settings, store: Arc<BodyStore>) -> io::Result<Local> {
        let queue = Arc::new(Queue::default());
        let events = Arc::clone(&queue);
        let sink: Sink = Arc::new(move |id, event| events.push(id, event));
        let core = Core::new(settings, store, sink);
        let runtime = Some(runtime()?);
        let (cancels, fetches) = (Arc::default(), Vec::new());
        Ok(Local {
            runtime,
            core,
            queue,
            cancels,
            fetches,
            under_way: 0,
            alarm: None,
            brisk: false,
        })
    }

    /// The next event. `None` when nothing happens for so long, or when no fetch is under way.
    pub fn next(&mut self, wait: Option<Duration>) -> Option<(FetchId, Event)> {
        let event = match self.queue.pop() {
            Some(event) => event,
            None if self.under_way == 0 => return None,
            None => self.work(wait)?,
        };
        if let (id, Event::Done(_)) = &event {
            self.under_way -= 1;
            self.cancels.remove(*id);
        }
        Some(event)
    }

    /// A handle that stops everything from another thread.
    pub fn interrupter(&self) -> Interrupter {
        Interrupter(Arc::clone(&self.cancels))
    }

    fn work(&mut self, wait: Option<Duration>) -> Option<(FetchId, Event)> {
        let _entered = recorder::enter(&self.core.recorder);
        let begun = Instant::now();
        let until = wait.map(|wait| begun + wait);
        let Local { runtime, queue, fetches, alarm, brisk, .. } = self;
        let event = runtime.as_ref()?.block_on(poll_fn(|cx| {
            fetches.retain_mut(|fetch| fetch.as_mut().poll(cx).is_pending());
            match queue.pop() {
                Some(event) => Poll::Ready(Some(event)),
                None if *brisk && begun.elapsed() < WATCH => look_again(cx),
                None => poll_alarm(alarm, until, cx).map(|()| None),
            }
        }));
        let waited = begun.elapsed();
        self.brisk = waited < WATCH && (self.brisk || waited > LATE);
        event
    }
}

/// Has the poller looked at without waiting, and then whoever waits here polled.
fn look_again<T>(cx: &mut Context<'_>) -> Poll<T> {
    let _ = pin!(tokio::task::yield_now()).poll(cx);
    Poll::Pending
}

/// Ready once the time has come. The alarm stays set from one wait to the next, since setting it costs more than hearing it early.
pub(super) fn poll_alarm(
    alarm: &mut Alarm,
    until: Option<Instant>,
    cx: &mut Context<'_>,
) -> Poll<()> {
    let Some(until) = until else { return Poll::Pending };
    let alarm = alarm.get_or_insert_with(|| Box::pin(sleep_until(until.into())));
    if alarm.deadline() > until.into() {
        alarm.as_mut().reset(until.into());
    }
    while alarm.as_mut().poll(cx).is_ready() {
        if Instant::now() >= until {
            return Poll::Ready(());
        }
        alarm.as_mut().reset(until.into());
    }
    Poll::Pending
}

impl Engine for Local {
    fn start(&mut self, fetch: Fetch) {
        let cancel = self.cancels.insert(fetch.id);
        self.under_way += 1;
        self.fetches.push(Box::pin(hop::run(Arc::clone(&self.core), fetch, cancel)));
    }

    fn cancel(&mut self, id: FetchId) {
        self.cancels.ring(id);
    }
}

impl Drop for Local {
    /// A look-up that hangs in the system's resolver must not hold up the end.
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else { return };
        let entered = runtime.enter();
        self.fetches.clear();
        self.alarm = None;
        drop(entered);
        runtime.shutdown_background();
    }
}

/// The engine on a thread of its own; it ends, and its fetches with it, when this is dropped.
#[derive(Debug)]
pub struct Remote {
    commands: mpsc::UnboundedSender<(Fetch, Arc<Notify>)>,
    cancels: Arc<Cancels>,
}

impl Remote {
    pub fn new(settings: Settings, store: Arc<BodyStore>, sink: Sink) -> io::Result<Remote> {
        let (commands, received) = mpsc::unbounded_channel();
        let cancels = Arc::new(Cancels::default());
        let done = Arc::clone(&cancels);
        let sink: Sink = Arc::new(move |id, event| {
            if let Event::Done(_) = event {
                done.remove(id);
            }
            sink(id, event);
        });
        let runtime = runtime()?;
        let core = Core::new(settings, store, sink);
        thread::Builder::new()
            .name("fetch".into())
            .spawn(move || serve(runtime, core, received))?;
        Ok(Remote { commands, cancels })
    }
}

impl Engine for Remote {
    fn start(&mut self, fetch: Fetch) {
        let cancel = self.cancels.insert(fetch.id);
        // the thread only ends after this handle
        let _ = self.commands.send((fetch, cancel));
    }

    fn cancel(&mut self, id: FetchId) {
        self.cancels.ring(id);
    }
}

fn serve(
    runtime: Runtime,
    core: Arc<Core>,
    mut commands: mpsc::UnboundedReceiver<(Fetch, Arc<Notify>)>,
) {
    let _entered = recorder::enter(&core.recorder);
    runtime.block_on(async {
        while let Some((fetch, cancel)) = commands.recv().await {
            tokio::spawn(hop::run(Arc::clone(&core), fetch, cancel));
        }
    });
    runtime.shutdown_background();
}

/// One thread: the hooks know the recorder by it.
pub(super) fn runtime() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_io().enable_time().build()
}

/// Cancels every fetch of an engine, now and later; for signal handlers' threads.
#[derive(Clone, Debug)]
pub struct Interrupter(Arc<Cancels>);

impl Interrupter {
    pub(super) fn new(cancels: &Arc<Cancels>) -> Interrupter {
        Interrupter(Arc::clone(cancels))
    }

    pub fn interrupt(&self) {
        let mut bells = self.0.lock();
        bells.stopped = true;
        bells.of.iter().for_each(|(_, bell)| bell.notify_one());
    }
}

/// What stops each fetch under way.
#[derive(Debug, Default)]
pub(super) struct Cancels(Mutex<Bells>);

#[derive(Debug, Default)]
struct Bells {
    /// Of those under way: few, so a list is quickest.
    of: Vec<(FetchId, Arc<Notify>)>,
    stopped: bool,
}

impl Cancels {
    pub(super) fn insert(&self, id: FetchId) -> Arc<Notify> {
        let mut bells = self.lock();
        let bell = Arc::new(Notify::new());
        if bells.stopped {
            bell.notify_one();
        }
        bells.of.retain(|(of, _)| *of != id);
        bells.of.push((id, Arc::clone(&bell)));
        bell
    }

    pub(super) fn ring(&self, id: FetchId) {
        if let Some((_, bell)) = self.lock().of.iter().find(|(of, _)| *of == id) {
            bell.notify_one();
        }
    }

    pub(super) fn remove(&self, id: FetchId) {
        self.lock().of.retain(|(of, _)| *of != id);
    }

    fn lock(&self) -> MutexGuard<'_, Bells> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Events on their way to [`Local::next`].
#[derive(Debug, Default)]
pub(super) struct Queue(Mutex<VecDeque<(FetchId, Event)>>);

impl Queue {
    pub(super) fn push(&self, id: FetchId, event: Event) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back((id, event));
    }

    pub(super) fn pop(&self) -> Option<(FetchId, Event)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }
}
