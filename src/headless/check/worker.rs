//! A worker: one thread with as many lanes as fit. It takes rows, gives each an errand in a lane of its own, and lays down what
//! comes of them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::errand::{Errand, Step, Tools};
use super::feed::Next;
use super::pool::{Pool, unsent};
use crate::domain::check::Row;
use crate::domain::check::outcome::Outcome;
use crate::fetch::{BodyStore, Event, FetchId, Lanes};

/// After so many rows a lane begins anew, so that what it remembers does not pile up.
const ROWS_PER_LANE: u32 = 1000;

/// How often a worker looks whether the gate, the report or a signal has news for it, while it waits for one of them.
const GLANCE: Duration = Duration::from_millis(5);

/// One thread's part of the run.
pub(super) struct Worker<'a> {
    pool: &'a Pool,
    tools: Option<Tools<'a>>,
    lanes: Vec<Lane<'a>>,
}

/// A place for one errand after the other.
#[derive(Default)]
struct Lane<'a> {
    errand: Option<Errand<'a>>,
    /// How many rows it has run.
    rows: u32,
    /// It is not an answer that it waits for.
    idles: bool,
}

impl<'a> Worker<'a> {
    pub(super) fn new(pool: &'a Pool, lanes: usize) -> Worker<'a> {
        let store = Arc::new(BodyStore::new());
        let engine = Lanes::new(pool.job.settings.clone(), Arc::clone(&store), lanes).ok();
        if let Some(engine) = &engine {
            pool.switchboard.plug(engine.interrupter());
        }
        let tools = engine.map(|engine| Tools::new(pool, (store, engine)));
        Worker { pool, tools, lanes: std::iter::repeat_with(Lane::default).take(lanes).collect() }
    }

    /// Runs rows until there are no more.
    pub(super) fn work(&mut self) {
        let mut more = true;
        while !self.pool.stopped() {
            let fed = !more || self.fill(&mut more);
            if !more && self.lanes.iter().all(|lane| lane.errand.is_none()) {
                return;
            }
            let idles = self.lanes.iter().any(|lane| lane.errand.is_some() && lane.idles);
            self.listen((idles || !fed).then_some(GLANCE));
            if idles {
                self.knock();
            }
        }
    }

    /// Gives every free lane a row; false when there will be some only later.
    fn fill(&mut self, more: &mut bool) -> bool {
        for lane in 0..self.lanes.len() {
            while self.lanes.get(lane).is_some_and(|lane| lane.errand.is_none()) {
                match self.pool.feed.next() {
                    Next::Row(number, row) => self.begin(lane, number, *row),
                    Next::Later => return false,
                    Next::End => {
                        *more = false;
                        return true;
                    }
                }
            }
        }
        true
    }

    fn begin(&mut self, at: usize, number: u64, row: Row) {
        if row.skip.is_some() {
            return self.pool.desk.put(Outcome::of(&row, number));
        }
        let Some(tools) = &mut self.tools else {
            return self.pool.desk.put(unsent(&row, number));
        };
        let Some(lane) = self.lanes.get_mut(at) else { return };
        lane.rows += 1;
        if lane.rows > ROWS_PER_LANE {
            lane.rows = 0;
            tools.engine.renew(at);
        }
        lane.errand = Some(Errand::new(tools, at, number, row));
        self.advance(at);
    }

    /// Waits for an event, for as long as there may be one, and takes in all that came with it.
    fn listen(&mut self, wait: Option<Duration>) {
        let Some(tools) = &mut self.tools else { return };
        let Some((id, event)) = tools.engine.next(wait) else { return };
        self.take(id, event);
    }

    fn take(&mut self, id: FetchId, event: Event) {
        let at = Tools::lane(id);
        let Some(errand) = self.lanes.get_mut(at).and_then(|lane| lane.errand.as_mut()) else {
            return;
        };
        errand.take(id, event);
        self.advance(at);
    }

    /// Lets go on who waits for the gate or for the time to come.
    fn knock(&mut self) {
        for at in 0..self.lanes.len() {
            if self.lanes.get(at).is_some_and(|lane| lane.idles) {
                self.advance(at);
            }
        }
    }

    fn advance(&mut self, at: usize) {
        let (Some(tools), Some(lane)) = (&mut self.tools, self.lanes.get_mut(at)) else { return };
        let Some(errand) = &mut lane.errand else { return };
        let step = errand.advance(tools, Instant::now());
        lane.idles = matches!(step, Step::Idle);
        match step {
            Step::Idle | Step::Await => return,
            // what was cut off by Ctrl-C says nothing of the server
            Step::Done(_) | Step::Shut if self.pool.stopped() => {}
            Step::Done(outcome) => self.pool.desk.put(*outcome),
            Step::Shut => {}
        }
        if let Some(errand) = lane.errand.take() {
            errand.end(tools);
        }
    }
}
