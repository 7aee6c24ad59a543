//! The shell: the loop between the terminal and the state machine, and the hands that perform its effects.
//!
//! One queue wakes the loop; while nothing happens it sleeps and draws nothing. Everything slow (network, bodies, clipboard,
//! keys) is on threads of its own and answers through the queue. However the loop ends, the terminal is put back:
//! quit, error, panic, SIGTERM, SIGHUP, and around a stop.

mod bodies;
pub mod clipboard;
pub mod configuration;
mod differ;
mod farewell;
mod finder;
mod hands;
pub mod history;
mod hunt;
mod inbox;
mod keys;
pub mod look;
mod network;
mod programs;
mod save;
#[cfg(unix)]
mod signals;
#[cfg(not(unix))]
#[path = "shell/no_signals.rs"]
mod signals;
#[cfg(unix)]
mod system;

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;

use crate::app::effect::{Ask, Tool};
use crate::app::message::{Message, Past};
use crate::app::model::Model;
use crate::app::update::update;
use crate::domain::http::body::BodyId;
use crate::fetch::{BodyStore, Tape, clock};
use crate::tui::input;
use crate::tui::terminal::{self, Screen};
use configuration::Files;
use hands::Hands;
use history::Place;
use inbox::{Inbox, Incoming, Mailbox};
use keys::Keys;
use network::Network;

/// How often the screen hears of time and of body progress while something is under way.
const TICK: Duration = Duration::from_millis(50);

/// How long entries are taken in before the screen is drawn again.
const FRAME: Duration = Duration::from_millis(8);

/// Why the loop ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ended {
    /// The user quit.
    Quit,
    /// A signal asked for it, or the terminal went away (SIGHUP).
    Signal(i32),
}

impl Ended {
    /// 0 for quitting, 128 and the number for a signal, as shells say it.
    pub fn exit_status(self) -> u8 {
        match self {
            Ended::Quit => 0,
            Ended::Signal(number) => u8::try_from(128 + number).unwrap_or(u8::MAX),
        }
    }
}

/// How the screen begins.
#[derive(Clone, Debug)]
pub struct Start {
    pub model: Model,
    /// What happens after the first frame.
    pub first: Option<Message>,
    /// `-m`
    pub max_time: Option<Duration>,
    /// Recorded exchanges that answer instead of the network.
    pub tape: Option<Tape>,
    /// The bodies of runs that the model has from the start, where no tape has them.
    pub store: Option<Arc<BodyStore>>,
    /// Where runs are recorded; `None`: nowhere.
    pub history: Option<Place>,
    /// The files that say how findings are judged.
    pub files: Option<Files>,
}

/// How the screen ended.
#[derive(Clone, Debug)]
pub struct Finished {
    pub ended: Ended,
    /// The model as it was left.
    pub model: Model,
}

/// Shows the model on the terminal until the user has seen enough.
pub fn run(start: Start) -> anyhow::Result<Finished> {
    let Start { mut model, first, max_time, tape, store, history, files } = start;
    let (mailbox, inbox) = inbox::inbox();
    restore_on_panic();
    signals::listen(mailbox.clone()).context("signals")?;
    model.now = clock::now();
    let network = match tape {
        Some(tape) => Network::of_tape(tape, mailbox.clone()),
        None => {
            let store = store.unwrap_or_default();
            Network::new(model.settings.clone(), store, max_time, mailbox.clone())
        }
    };
    let mut shell = Shell {
        screen: Screen::enter().context("terminal")?,
        hands: Hands::new(network, (&model, history), mailbox.clone()).context("threads")?,
        model,
        files,
        inbox,
        keys: Keys::default(),
        ticked: Instant::now(),
        resumed: None,
        changed: true,
        ended: None,
    };
    let ended = shell.go(mailbox, first).or_else(|error| shell.inbox.end_soon().ok_or(error));
    let Shell { screen, model, mut hands, inbox, .. } = shell;
    drop(screen);
    hands.finish(&inbox);
    say_farewell(&model);
    Ok(Finished { ended: ended?, model })
}

struct Shell {
    model: Model,
    screen: Screen,
    hands: Hands,
    files: Option<Files>,
    inbox: Inbox,
    keys: Keys,
    /// When time was last told to the model.
    ticked: Instant,
    /// When the terminal was last taken again after a stop.
    resumed: Option<Instant>,
    /// Something happened since the last frame.
    changed: bool,
    ended: Option<Ended>,
}

impl Shell {
    fn go(&mut self, mailbox: Mailbox, first: Option<Message>) -> anyhow::Result<Ended> {
        let drawn = self.draw();
        // a terminal that went away meanwhile is heard of here
        signals::watch_terminal(mailbox.clone()).context("threads")?;
        drawn?;
        self.keys.read(mailbox).context("threads")?;
        self.hands.start_history().context("threads")?;
        tests_panic();
        if self.model.session.is_none() && first.is_none() {
            self.hands.ask_history(Ask::Recent);
        }
        if let Some(first) = first {
            self.apply(first)?;
        }
        loop {
            self.draw()?;
            self.hands.note_runs(&self.model, self.ended.is_some());
            if let Some(ended) = self.ended {
                return Ok(ended);
            }
            self.listen()?;
        }
    }

    /// Waits for something to happen and takes in all that has.
    fn listen(&mut self) -> anyhow::Result<()> {
        let tick = self.model.is_waiting().then(|| TICK.saturating_sub(self.ticked.elapsed()));
        let limit = tick.into_iter().chain(self.hands.rest()).min();
        let mut incoming = self.inbox.next(limit);
        let began = Instant::now();
        while let Some(entry) = incoming {
            self.hear(entry)?;
            let full = self.ended.is_some() || began.elapsed() >= FRAME;
            incoming = if full { None } else { self.inbox.waiting() };
        }
        self.tick()
    }

    fn hear(&mut self, incoming: Incoming) -> anyhow::Result<()> {
        match incoming {
            Incoming::Terminal(event) => match input::message(&event, &self.model) {
                Some(message) => self.apply(message),
                None => Ok(()),
            },
            Incoming::Message(message) => {
                if let Message::Fetched(id, event) = &message {
                    self.hands.heard(*id, event);
                }
                if let Message::Past(Past::Loaded { chain, .. }) = &message {
                    self.hands.recorded_chain(chain).context("threads")?;
                }
                self.apply(message)
            }
            Incoming::Clipboard(answer) => match self.hands.copied(answer) {
                Some(message) => self.apply(message),
                None => Ok(()),
            },
            #[cfg(unix)]
            Incoming::Stop => self.stop(),
            #[cfg(unix)]
            Incoming::Continued => self.continued(),
            Incoming::KeysFailed(error) => Err(error).context("terminal"),
            Incoming::End(ended) => {
                self.ended = Some(ended);
                Ok(())
            }
        }
    }

    /// Tells the model what time it is and how bodies get on, when that is due.
    fn tick(&mut self) -> anyhow::Result<()> {
        let elapsed = self.ticked.elapsed();
        if !self.model.is_waiting() || elapsed < TICK {
            return Ok(());
        }
        self.ticked = Instant::now();
        self.hands.bodies_grown();
        for message in self.inbox.progress() {
            self.apply(message)?;
        }
        self.apply(Message::Tick { elapsed })
    }

    /// Gives a message to the state machine and performs what it asks for.
    fn apply(&mut self, message: Message) -> anyhow::Result<()> {
        use crate::app::effect::Effect;
        let was_waiting = self.model.is_waiting();
        let mut effects = update(&mut self.model, message);
        self.changed = true;
        if !was_waiting {
            self.ticked = Instant::now();
        }
        while !effects.is_empty() {
            let mut replies = Vec::new();
            for effect in std::mem::take(&mut effects) {
                match effect {
                    Effect::Fetch { id, request, fresh } => {
                        replies.extend(self.hands.fetch(id, *request, fresh));
                    }
                    Effect::Cancel(id) => self.hands.cancel(id),
                    Effect::ReadBody(query) => self.hands.read_body(query, &self.model),
                    Effect::FoldBody(fold) => self.hands.fold_body(fold),
                    Effect::SearchBody(search) => self.hands.search_body(search),
                    Effect::FindInBodies(asked) => replies.extend(self.hands.find(asked)),
                    Effect::CompareBodies(asked) => replies.extend(self.hands.compare(asked)),
                    Effect::OpenBody { id, tool, name } => {
                        replies.extend(self.open_body(id, tool, &name)?);
                    }
                    Effect::EditText { field, text } => {
                        let text = self.edit_text(&text)?;
                        replies.push(Message::Edited { field, text });
                    }
                    Effect::SaveBody { id, path, overwrite } => {
                        replies.extend(self.hands.save_body(id, path, overwrite));
                    }
                    Effect::CopyBody(id) => self.hands.copy_body(id, &self.model),
                    Effect::Copy { text, what: _ } => replies.extend(self.hands.copy(text)),
                    Effect::Configure(change) => {
                        replies.push(self.configure(|files| files.change(&change)));
                    }
                    Effect::Unconfigure(written) => {
                        replies.push(self.configure(|files| files.undo(&written)));
                    }
                    Effect::History(ask) => replies.extend(self.hands.ask_history(ask)),
                    Effect::Remember(hint) => self.hands.remember(hint),
                    Effect::Suspend => self.stop()?,
                    Effect::Quit => self.ended = Some(Ended::Quit),
                }
            }
            effects =
                replies.into_iter().flat_map(|reply| update(&mut self.model, reply)).collect();
        }
        Ok(())
    }

    fn configure(&self, change: impl FnOnce(&Files) -> Message) -> Message {
        let nowhere = || Message::Trouble("there is no folder for a hopstep.toml".to_owned());
        self.files.as_ref().map_or_else(nowhere, change)
    }

    fn draw(&mut self) -> anyhow::Result<()> {
        if !std::mem::take(&mut self.changed) {
            return Ok(());
        }
        let size = self.screen.size().context("terminal")?;
        if size != self.model.size {
            let (width, height) = size;
            self.apply(Message::Resize { width, height })?;
            self.changed = false;
        }
        self.screen.draw(&self.model).context("terminal")
    }

    /// Gives the terminal back, stops, and takes it again when someone continues us.
    fn stop(&mut self) -> anyhow::Result<()> {
        self.screen.suspend();
        #[cfg(unix)]
        system::stop_job();
        self.take_again()
    }

    /// Shows a body in the user's pager or editor; a sentence when that fails.
    fn open_body(&mut self, id: BodyId, tool: Tool, name: &str) -> anyhow::Result<Option<Message>> {
        let Some(store) = self.hands.store() else { return Ok(None) };
        let file = match programs::copy_of(&store, id, tool, name) {
            Ok(file) => file,
            Err(error) => return Ok(Some(Message::Trouble(format!("no copy: {error}")))),
        };
        Ok(self.away(tool, file.path())?.err().map(Message::Trouble))
    }

    /// Lets the user's editor change a text.
    fn edit_text(&mut self, text: &str) -> anyhow::Result<Result<String, String>> {
        let file = match programs::text_file(text) {
            Ok(file) => file,
            Err(error) => return Ok(Err(format!("no file to edit: {error}"))),
        };
        let ran = self.away(Tool::Editor, file.path())?;
        Ok(ran.and_then(|()| programs::read_back(&file)))
    }

    /// Gives the terminal to a program of the user's until it ends.
    fn away(&mut self, tool: Tool, file: &Path) -> anyhow::Result<Result<(), String>> {
        self.keys.pause();
        signals::leave_to_another(true);
        self.screen.suspend();
        let ran = programs::run(tool, file);
        signals::leave_to_another(false);
        let taken = self.take_again();
        self.keys.resume();
        taken?;
        Ok(programs::ended(tool, ran))
    }

    /// Someone stopped and continued us without asking: the terminal may be in any state.
    #[cfg(unix)]
    fn continued(&mut self) -> anyhow::Result<()> {
        // the second half of our own stop: all is done
        if self.resumed.is_some_and(|at| at.elapsed() < Duration::from_millis(500)) {
            return Ok(());
        }
        self.screen.suspend();
        self.take_again()
    }

    fn take_again(&mut self) -> anyhow::Result<()> {
        self.screen.resume().context("terminal")?;
        self.resumed = Some(Instant::now());
        self.changed = true;
        Ok(())
    }
}

/// A panic, on whatever thread, puts the terminal back, says what happened and ends the program: a
/// state that someone panicked over is not worth showing.
fn restore_on_panic() {
    let earlier = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        terminal::restore();
        earlier(info);
        std::process::exit(101);
    }));
}

/// Lets tests see what a panic leaves behind.
fn tests_panic() {
    #[cfg(debug_assertions)]
    match std::env::var("HOPSTEP_TEST_PANIC").as_deref() {
        Ok("loop") => panic!("a panic in the loop"),
        Ok("thread") => {
            let _ = std::thread::spawn(|| panic!("a panic on a thread")).join();
        }
        Ok(_) | Err(_) => {}
    }
}

fn say_farewell(model: &Model) {
    if let Some(copied) = &model.copied {
        let mut out = io::stdout();
        let _ = out.write_all(farewell::farewell(copied).as_bytes());
        let _ = out.flush();
    }
}
