//! The hands: perform the effects of the state machine, each on the thread that it belongs to.
//!
//! Nothing here waits, except [`Hands::finish`], which runs when the screen is gone.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::bodies::Bodies;
use super::clipboard::{Answer, Surroundings, System, Way};
use super::differ::Differ;
use super::finder::Finder;
use super::history::{Historian, Place};
use super::inbox::{Inbox, Incoming, Mailbox};
use super::network::Network;
use super::save;
use crate::app::compared::BodiesCompare;
use crate::app::effect::Ask;
use crate::app::effect::{BodiesSearch, BodyFold, BodyQuery, BodySearch};
use crate::app::message::{Copied, FetchEvent, FetchId, Message, Past, Saved};
use crate::app::model::Model;
use crate::domain::chain::Chain;
use crate::domain::http::body::BodyId;
use crate::domain::http::request::Request;
use crate::fetch::BodyStore;
use crate::store::hints;
use crate::tui::terminal;

/// How long a copy that is under way is waited for when the program ends.
const LAST_COPY: Duration = Duration::from_secs(2);

/// Everything the loop can do outside.
#[derive(Debug)]
pub(super) struct Hands {
    mailbox: Mailbox,
    network: Network,
    /// `None` where nothing is recorded, and before the first frame.
    historian: Option<Historian>,
    /// Where runs will be recorded.
    place: Option<Place>,
    /// Where told hints are noted.
    hints: Option<PathBuf>,
    /// Started with the first fetch.
    bodies: Option<Bodies>,
    /// Started with the first search through every hop.
    finder: Option<Finder>,
    differ: Option<Differ>,
    system: System,
    surroundings: Surroundings,
    /// Copies that the system's clipboard has not answered yet.
    copying: usize,
}

impl Hands {
    /// Runs that the model has from the start come with their bodies.
    pub(super) fn new(
        network: Network,
        (model, place): (&Model, Option<Place>),
        mailbox: Mailbox,
    ) -> io::Result<Hands> {
        let mut hands = Hands {
            historian: None,
            hints: place.as_ref().map(|place| hints::beside(&place.path)),
            place,
            mailbox,
            network,
            bodies: None,
            finder: None,
            differ: None,
            system: System::new(),
            surroundings: Surroundings::from_environment(),
            copying: 0,
        };
        model.runs().into_iter().try_for_each(|run| hands.recorded_chain(&run.chain))?;
        Ok(hands)
    }

    /// Starts to record runs. The first frame does not wait for that.
    pub(super) fn start_history(&mut self) -> io::Result<()> {
        if let Some(place) = self.place.take() {
            let (store, mailbox) = (self.network.store(), self.mailbox.clone());
            self.historian = Some(Historian::start(place, store, mailbox)?);
        }
        Ok(())
    }

    /// Records the runs that have changed.
    pub(super) fn note_runs(&mut self, model: &Model, at_end: bool) {
        if let Some(historian) = &mut self.historian {
            historian.note(model, at_end);
        }
    }

    /// How long it is until runs are to be looked at again.
    pub(super) fn rest(&self) -> Option<Duration> {
        self.historian.as_ref().and_then(Historian::rest)
    }

    /// Notes that a hint was told, on a thread of its own: a slow disk holds nothing up.
    pub(super) fn remember(&self, hint: &'static str) {
        let Some(path) = self.hints.clone() else { return };
        let write = move || drop(hints::remember(&path, hint));
        let _ = thread::Builder::new().name("hints".to_owned()).spawn(write);
    }

    /// Asks the history. `None`: the answer will come.
    pub(super) fn ask_history(&mut self, ask: Ask) -> Option<Message> {
        // where it can't be started, the loop hears of it on its own way there
        let _ = self.start_history();
        let Some(historian) = &self.historian else {
            let silent = matches!(ask, Ask::Urls | Ask::Recent);
            let text =
                "no history is kept here: neither by the demo nor with --no-history".to_owned();
            if let Ask::List { .. } = ask {
                self.mailbox.send(Incoming::Message(Message::Past(Past::Unreadable)));
            }
            return (!silent).then_some(Message::Trouble(text));
        };
        historian.ask(ask);
        None
    }

    /// The bodies of a chain that no fetch brought.
    pub(super) fn recorded_chain(&mut self, chain: &Chain) -> io::Result<()> {
        let mut ids = chain.hops.iter().map(|hop| hop.exchange.body.id);
        ids.try_for_each(|id| self.recorded(id))
    }

    /// A body that is complete, though no fetch brought it.
    fn recorded(&mut self, id: BodyId) -> io::Result<()> {
        self.start_bodies()?;
        if let Some(bodies) = &self.bodies {
            bodies.finished(id);
        }
        Ok(())
    }

    /// Sends a request; everything it comes to arrives as messages. `None`: it is on its way.
    pub(super) fn fetch(&mut self, id: FetchId, request: Request, fresh: bool) -> Option<Message> {
        let sent = self.start_bodies().and_then(|()| self.network.fetch(id, request, fresh));
        sent.err().map(|error| Message::Trouble(format!("the engine can't be started: {error}")))
    }

    pub(super) fn cancel(&mut self, id: FetchId) {
        self.network.cancel(id);
    }

    /// Takes note of what a fetch reports.
    pub(super) fn heard(&mut self, id: FetchId, event: &FetchEvent) {
        self.network.heard(id, event);
        if let (Some(bodies), FetchEvent::Done { exchange, .. }) = (&self.bodies, event) {
            bodies.finished(exchange.body.id);
        }
    }

    /// Asks for a window of a body.
    pub(super) fn read_body(&self, query: BodyQuery, model: &Model) {
        if let Some(bodies) = &self.bodies {
            let media_type = media_type(query.id, model);
            bodies.show(query, media_type);
        }
    }

    /// Asks what a fold hides.
    pub(super) fn fold_body(&self, fold: BodyFold) {
        if let Some(bodies) = &self.bodies {
            bodies.fold(fold);
        }
    }

    /// Where received bodies are, once there are any.
    pub(super) fn store(&self) -> Option<Arc<BodyStore>> {
        self.bodies.is_some().then(|| self.network.store())
    }

    /// Writes a body to a file; the answer is a message. `Some`: it could not even begin.
    pub(super) fn save_body(&self, id: BodyId, path: String, overwrite: bool) -> Option<Message> {
        let store = self.store()?;
        let mailbox = self.mailbox.clone();
        let begun = thread::Builder::new().name("save".to_owned()).spawn(move || {
            let saved = save::save(&store, id, path, overwrite);
            mailbox.send(Incoming::Message(Message::Saved(saved)));
        });
        begun.err().map(|error| Message::Saved(Saved::Failed(error.to_string())))
    }

    /// Reads a body for the clipboard; the answer is a message.
    pub(super) fn copy_body(&self, id: BodyId, model: &Model) {
        let Some(store) = self.store() else { return };
        let (mailbox, media_type) = (self.mailbox.clone(), media_type(id, model));
        let _ = thread::Builder::new().name("copy".to_owned()).spawn(move || {
            let text = save::text(&store, id, media_type.as_deref());
            mailbox.send(Incoming::Message(Message::BodyText(text)));
        });
    }

    /// Searches a body.
    pub(super) fn search_body(&self, search: BodySearch) {
        if let Some(bodies) = &self.bodies {
            bodies.search(search);
        }
    }

    /// Searches the bodies of every hop. `Some`: it could not even begin.
    pub(super) fn find(&mut self, asked: BodiesSearch) -> Option<Message> {
        if self.finder.is_none() {
            match Finder::start(self.network.store(), self.mailbox.clone()) {
                Ok(finder) => self.finder = Some(finder),
                Err(error) => return Some(Message::Trouble(format!("no search: {error}"))),
            }
        }
        self.finder.iter().for_each(|finder| finder.find(asked.clone()));
        None
    }

    /// Holds bodies against each other. `Some`: it could not even begin.
    pub(super) fn compare(&mut self, asked: BodiesCompare) -> Option<Message> {
        if self.differ.is_none() {
            match Differ::start(self.network.store(), self.mailbox.clone()) {
                Ok(differ) => self.differ = Some(differ),
                Err(error) => return Some(Message::Trouble(format!("no comparison: {error}"))),
            }
        }
        self.differ.iter().for_each(|differ| differ.compare(asked.clone()));
        None
    }

    pub(super) fn bodies_grown(&self) {
        if let Some(bodies) = &self.bodies {
            bodies.grown();
        }
    }

    /// Puts a text on the best clipboard there is. `None`: the answer will come.
    pub(super) fn copy(&mut self, text: String) -> Option<Message> {
        let ways = self.surroundings.ways(text.len());
        self.copy_by(text, &ways)
    }

    /// What the system's answer comes to; where it did not take the text, the ways that are left are tried.
    pub(super) fn copied(&mut self, answer: Answer) -> Option<Message> {
        self.copying = self.copying.saturating_sub(1);
        if answer.taken {
            return Some(Message::Copied(Copied::Clipboard));
        }
        let ways = self.surroundings.ways(answer.text.len());
        let left = ways.into_iter().skip_while(|&way| way != Way::System).skip(1);
        self.copy_by(answer.text, &left.collect::<Vec<Way>>())
    }

    /// Waits for copies under way, so that a text that was asked for just before the end is not lost.
    pub(super) fn finish(&mut self, inbox: &Inbox) {
        if let Some(historian) = &mut self.historian {
            historian.finish();
        }
        let until = Instant::now() + LAST_COPY;
        while self.copying > 0 {
            match inbox.next(Some(until.saturating_duration_since(Instant::now()))) {
                Some(Incoming::Clipboard(_)) => self.copying -= 1,
                Some(_) => {}
                None => return,
            }
        }
    }

    fn copy_by(&mut self, text: String, ways: &[Way]) -> Option<Message> {
        match ways.split_first() {
            Some((Way::System, _)) => {
                let mailbox = self.mailbox.clone();
                self.copying += 1;
                self.system.copy(text, move |answer| mailbox.send(Incoming::Clipboard(answer)));
                None
            }
            Some((Way::Terminal, rest)) => match terminal::copy_osc52(&text) {
                Ok(()) => Some(Message::Copied(Copied::Terminal)),
                Err(_) => self.copy_by(text, rest),
            },
            None => {
                let why = self.surroundings.why_nowhere(text.len());
                Some(Message::Copied(Copied::Nowhere { text, why }))
            }
        }
    }

    fn start_bodies(&mut self) -> io::Result<()> {
        if self.bodies.is_none() {
            self.bodies = Some(Bodies::start(self.network.store(), self.mailbox.clone())?);
        }
        Ok(())
    }
}

/// The `Content-Type` of the hop that has this body.
fn media_type(id: BodyId, model: &Model) -> Option<String> {
    let mut hops = model.session.iter().flat_map(|session| &session.chain.hops);
    hops.find(|hop| hop.exchange.body.id == id)?.exchange.fields().text("Content-Type")
}
