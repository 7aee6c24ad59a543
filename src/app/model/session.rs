//! One run of a chain, as the model keeps it.

use std::time::Duration;

use crate::app::message::FetchId;
use crate::app::spine::Spine;
use crate::domain::breakpoint::Breakpoint;
use crate::domain::chain::Chain;
use crate::domain::classify::diagnosis::Diagnosis;
use crate::domain::danger::Danger;
use crate::domain::finding::Finding;
use crate::domain::http::timing::Phase;
use crate::domain::probe::ProbePlan;
use crate::domain::soft::Soft;
use crate::domain::variant::Variant;

/// One run of a chain.
#[derive(Clone, PartialEq, Debug)]
pub struct Session {
    /// From 1, in the order in which runs were begun.
    pub number: usize,
    pub origin: RunOrigin,
    /// What tells it from the others, where the user varied something: `java`, `without auth`.
    pub label: Option<String>,
    /// Seconds since the Unix epoch.
    pub started_at: i64,
    pub chain: Chain,
    pub findings: Vec<Finding>,
    /// What the chain comes to; `None` while a very long one still grows.
    pub diagnosis: Option<Diagnosis>,
    pub mode: Mode,
    /// Fetches under way: the one whose head is awaited, and redirect bodies still arriving.
    pub flights: Vec<Flight>,
    /// Probes under way.
    pub probing: Option<Box<Probing>>,
    /// The selected row of the chain, from 0: a hop, or the request that is not sent yet.
    pub selected: usize,
    /// The selection follows the newest row until the user moves it.
    pub following: bool,
    /// What is under way was cancelled and has not ended yet.
    pub cancelling: bool,
    /// A dangerous step waits for yes or no.
    pub danger: Vec<Danger>,
    /// Where the final page itself leads; followed by choice.
    pub offer: Option<Box<Soft>>,
    /// The breakpoint that halted the run.
    pub halted: Option<Breakpoint>,
    /// The rows that the chain shows.
    pub spine: Spine,
}

/// How a run came to be.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RunOrigin {
    /// Sent from the URL bar.
    Form,
    /// Read from a file, or from the history.
    Recorded,
    /// One of the chains that `hopstep compare` ran.
    Compared,
    /// A hop of another run was sent again.
    Resent { run: usize, hop: usize },
    /// Another client took over after a hop of another run.
    SteppedAs { run: usize, hop: usize },
    /// Another run was asked for in another way.
    Varied { run: usize, variant: Variant },
}

/// Whether the run stops at every hop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// One request at a time.
    Stepping,
    /// Until the chain ends or a dangerous step comes.
    Continuing,
}

/// Probes of a hop: one under way, and those that wait for it.
#[derive(Clone, PartialEq, Debug)]
pub struct Probing {
    pub id: FetchId,
    pub plan: ProbePlan,
    /// The next one stands last.
    pub left: Vec<ProbePlan>,
    pub all: usize,
}

/// A fetch under way.
#[derive(Clone, PartialEq, Debug)]
pub struct Flight {
    pub id: FetchId,
    /// The hop it is or will be, from 1.
    pub hop: usize,
    pub phase: Phase,
    /// The head is in and the hop stands in the chain.
    pub head: bool,
    pub received: u64,
    pub total: Option<u64>,
    pub elapsed: Duration,
}

impl Session {
    pub fn new(number: usize, origin: RunOrigin, chain: Chain) -> Session {
        Session {
            number,
            origin,
            label: None,
            started_at: 0,
            chain,
            findings: Vec::new(),
            diagnosis: None,
            mode: Mode::Stepping,
            flights: Vec::new(),
            probing: None,
            selected: 0,
            following: true,
            cancelling: false,
            danger: Vec::new(),
            offer: None,
            halted: None,
            spine: Spine::default(),
        }
    }

    /// What tells it from the others: what was varied, or the label it was given.
    pub fn name(&self) -> Option<&str> {
        match self.origin {
            RunOrigin::Varied { variant, .. } => Some(variant.id()),
            RunOrigin::Form
            | RunOrigin::Recorded
            | RunOrigin::Compared
            | RunOrigin::Resent { .. }
            | RunOrigin::SteppedAs { .. } => self.label.as_deref(),
        }
    }

    /// Rows of the chain: the hops, and the request that is ready or in flight.
    pub fn rows(&self) -> usize {
        self.chain.hops.len() + usize::from(self.chain.ending().is_none())
    }

    /// Whether more than one client decided on the hops.
    pub fn is_mixed(&self) -> bool {
        let mut hops = self.chain.hops.iter();
        let first = hops.next().map(|hop| &hop.client);
        hops.any(|hop| Some(&hop.client) != first)
    }

    /// Whether something is under way.
    pub fn is_waiting(&self) -> bool {
        !self.flights.is_empty() || self.probing.is_some()
    }

    /// The fetch whose head is awaited.
    pub fn pending(&self) -> Option<&Flight> {
        self.flights.iter().find(|flight| !flight.head)
    }

    /// The findings on this hop, from 1.
    pub fn findings_on(&self, hop: usize) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.hop == Some(hop))
    }
}
