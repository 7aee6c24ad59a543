//! A player: keys and a world in, screens out. Plays the shell's part without sockets, clock or terminal.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::fmt::Write as _;
use std::time::Duration;

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use hopstep::app::body;
use hopstep::app::compared::{self, BodiesCompared};
use hopstep::app::effect::Effect;
use hopstep::app::finder::Hunt;
use hopstep::app::message::{Copied, FetchEvent, FetchId, Message};
use hopstep::app::model::{Model, Scenario};
use hopstep::app::update::update;
use hopstep::domain::body_view::{Index, View, charset};
use hopstep::domain::chain::Limits;
use hopstep::domain::http::body::{Bodies, BodyId};
use hopstep::domain::http::exchange::Exchange;
use hopstep::domain::http::request::{Draft, Request};
use hopstep::domain::http::settings::Settings;
use hopstep::domain::http::timing::{Phase, Timing};
use hopstep::domain::text::width;
use hopstep::tui::input;
use hopstep::tui::theme::Theme;
use hopstep::tui::view;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::{Color, Modifier, Style};

use crate::world::{NOW, World};

impl Bodies for Player {
    fn read(&self, id: BodyId, start: u64, len: usize) -> Vec<u8> {
        let body = self.bodies.get(id.0 as usize).map_or(&[][..], Vec::as_slice);
        body.iter().skip(start as usize).take(len).copied().collect()
    }
}

/// The cells of a row: what stands there and how it looks.
type Row = Vec<(String, Style)>;

/// The model of a world, and the answers that are still to come.
pub(crate) struct Player {
    pub(crate) model: Model,
    world: Option<World>,
    answered: usize,
    bodies: Vec<Vec<u8>>,
    /// Fetches stay under way instead of being answered.
    pub(crate) hold: bool,
    held: Option<(FetchId, Request)>,
    /// The world's answers begin anew when they have all been given.
    endless: bool,
}

impl Player {
    /// The first screen with the lab's scenarios, nothing typed.
    pub(crate) fn first_screen(scenarios: Vec<Scenario>) -> Player {
        let mut draft = Draft::get("http://a.test/".parse().unwrap());
        draft.typed = String::new();
        let mut player = Player::of(draft, None);
        player.model.scenarios = scenarios;
        player
    }

    /// A world whose request stands in the URL bar.
    pub(crate) fn new(world: &str) -> Player {
        let world: World = toml::from_str(world).unwrap();
        Player::of(world.draft(), Some(world))
    }

    fn of(draft: Draft, world: Option<World>) -> Player {
        let limits = Limits {
            max_hops: world.as_ref().and_then(|world| world.max_hops),
            ..Limits::default()
        };
        let mut model = Model::new(draft, "curl".to_owned(), limits, Settings::default());
        model.now = NOW;
        let (answered, bodies) = (0, Vec::new());
        Player { model, world, answered, bodies, hold: false, held: None, endless: false }
    }

    #[allow(dead_code, reason = "for tests/invariants.rs")]
    pub(crate) fn again_and_again(mut self) -> Player {
        self.endless = true;
        self
    }

    pub(crate) fn size(mut self, width: u16, height: u16) -> Player {
        self.send(Message::Resize { width, height });
        self
    }

    /// Presses keys by their names in the keymap, separated by spaces; `"text"` in quotes is typed.
    pub(crate) fn keys(mut self, script: &str) -> Player {
        for key in script.split_whitespace() {
            match key.strip_prefix('"').and_then(|key| key.strip_suffix('"')) {
                Some(text) => {
                    text.chars().for_each(|c| self.press(KeyCode::Char(c), KeyModifiers::NONE))
                }
                None => {
                    let (code, modifiers) = code(key);
                    self.press(code, modifiers);
                }
            }
        }
        self
    }

    pub(crate) fn event(&mut self, event: &Event) {
        if let Some(message) = input::message(event, &self.model) {
            self.send(message);
        }
    }

    /// Sends a message as if the user or the world had, and does what it asks for.
    pub(crate) fn send(&mut self, message: Message) {
        let mut waiting = vec![message];
        while let Some(message) = waiting.pop() {
            for effect in update(&mut self.model, message) {
                waiting.extend(self.perform(effect));
            }
        }
    }

    /// Lets the fetch that is held say this.
    pub(crate) fn report(mut self, events: Vec<FetchEvent>) -> Player {
        let id = self.held.as_ref().expect("a held fetch").0;
        events.into_iter().for_each(|event| self.send(Message::Fetched(id, event)));
        self
    }

    /// The next answer of the world, for a held fetch.
    pub(crate) fn answer(&mut self) -> Option<Exchange> {
        let (_, request) = self.held.clone()?;
        self.exchange(&request)
    }

    /// The screen as text, without trailing blanks.
    pub(crate) fn screen(&self) -> String {
        self.screen_in(&Theme::COLORS)
    }

    pub(crate) fn screen_in(&self, theme: &Theme) -> String {
        let mut out = String::new();
        for row in self.cells(theme) {
            let _ = writeln!(out, "{}", plain(&row));
        }
        out
    }

    /// The screen as text, and below each row how its pieces look.
    pub(crate) fn styled(&self, theme: &Theme) -> String {
        let mut out = String::new();
        for row in self.cells(theme) {
            let _ = writeln!(out, "{}", plain(&row));
            let looks = looks(&row);
            if !looks.is_empty() {
                let _ = writeln!(out, "      {looks}");
            }
        }
        out
    }

    /// Each row, and below it how its pieces look in colour (`c`) and, where that is not the same without its colours, under NO_COLOR (`m`).
    #[allow(dead_code, reason = "for tests/screens/gallery.rs")]
    pub(crate) fn rows(&self) -> Vec<String> {
        let (colours, mono) = (self.cells(&Theme::COLORS), self.cells(&Theme::MONO));
        let row = |(colours, mono): (&Row, &Row)| {
            let mut out = format!("{}\n", plain(colours));
            let (coloured, without) = (looks(colours), looks(mono));
            if !coloured.is_empty() {
                let _ = writeln!(out, "    c {coloured}");
            }
            let bare =
                |cell: &(String, Style)| (cell.0.clone(), Style { fg: None, bg: None, ..cell.1 });
            if looks(&colours.iter().map(bare).collect::<Vec<_>>())
                != looks(&mono.iter().map(bare).collect::<Vec<_>>())
            {
                let _ = writeln!(out, "    m {without}");
            }
            out
        };
        colours.iter().zip(&mono).map(row).collect()
    }

    pub(crate) fn draw(&self, theme: &Theme) -> Terminal<TestBackend> {
        let (width, height) = self.model.size;
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| view::draw(&self.model, theme, frame)).unwrap();
        terminal
    }

    fn cells(&self, theme: &Theme) -> Vec<Row> {
        let terminal = self.draw(theme);
        let buffer = terminal.backend().buffer();
        let cell = |x, y| {
            let cell = buffer.cell((x, y)).unwrap();
            (cell.symbol().to_owned(), cell.style())
        };
        let area = *buffer.area();
        (0..area.height).map(|y| (0..area.width).map(|x| cell(x, y)).collect()).collect()
    }

    fn press(&mut self, code: KeyCode, modifiers: KeyModifiers) {
        self.event(&Event::Key(KeyEvent::new(code, modifiers)));
    }

    fn perform(&mut self, effect: Effect) -> Option<Message> {
        match effect {
            Effect::Fetch { id, request, .. } if self.hold => {
                self.held = Some((id, *request));
                None
            }
            Effect::Fetch { id, request, .. } => {
                let exchange = Box::new(self.exchange(&request)?);
                Some(Message::Fetched(id, FetchEvent::Done { exchange, now: NOW }))
            }
            Effect::ReadBody(query) => self.with_index(query.id, query.view, |index, read| {
                Message::BodyWindow(Box::new(body::window(index, &query, true, read)))
            }),
            Effect::FoldBody(fold) => self.with_index(fold.id, fold.view, |index, read| {
                Message::BodyFolded(Box::new(body::folded(index, &fold, true, read)))
            }),
            Effect::FindInBodies(asked) => {
                let mut hunt = Hunt::new(asked);
                while !hunt.is_complete() {
                    hunt.step(usize::MAX, &|id, start, len| {
                        let body = self.bodies.get(id.0 as usize).map_or(&[][..], Vec::as_slice);
                        body.iter().skip(start as usize).take(len).copied().collect()
                    });
                }
                Some(Message::BodiesFound(Box::new(hunt.tell())))
            }
            Effect::CompareBodies(asked) => {
                let pairs = asked.pairs.iter();
                let diffs =
                    pairs.map(|pair| (pair.place, compared::compare(pair, &*self))).collect();
                let answer = BodiesCompared { number: asked.number, diffs };
                Some(Message::BodiesCompared(Box::new(answer)))
            }
            Effect::Copy { .. } => Some(Message::Copied(Copied::Clipboard)),
            _ => None,
        }
    }

    /// The next answer with times that are the same on every machine.
    fn exchange(&mut self, request: &Request) -> Option<Exchange> {
        let answers = &self.world.as_ref()?.responses;
        let turn = if self.endless { answers.len().max(1) } else { usize::MAX };
        let answer = answers.get(self.answered % turn)?.clone();
        self.answered += 1;
        let mut exchange = answer.exchange(request);
        let body = answer.body.repeat(answer.body_times).into_bytes();
        exchange.body.id = BodyId(self.bodies.len() as u64);
        self.bodies.push(body);
        let tls = exchange.connection.tls.is_some();
        let micros = |micros| Some(Duration::from_micros(micros));
        let step = 700 * self.answered as u64;
        if exchange.timing.total.is_zero() {
            exchange.timing = Timing {
                dns: micros(400),
                connect: micros(900),
                tls: if tls { micros(5_200) } else { None },
                wait: micros(3_100 + step),
                receive: micros(600),
                total: Duration::from_micros(5_000 + step + if tls { 5_200 } else { 0 }),
            };
        }
        let port = if tls { 443 } else { 80 };
        exchange.connection.remote_addr.get_or_insert(([127, 0, 0, 1], port).into());
        Some(exchange)
    }

    fn with_index(
        &self,
        id: BodyId,
        view: View,
        answer: impl Fn(&Index, &dyn Fn(u64, usize) -> Vec<u8>) -> Message,
    ) -> Option<Message> {
        let body = self.bodies.get(id.0 as usize).cloned().unwrap_or_default();
        let mut index = Index::new(view, charset(None, &body));
        index.feed(&body);
        index.finish();
        let read = |start: u64, len: usize| {
            body.iter().skip(start as usize).take(len).copied().collect::<Vec<u8>>()
        };
        Some(answer(&index, &read))
    }
}

/// The text of a row; a wide character takes the cell behind it along.
fn plain(row: &[(String, Style)]) -> String {
    let (mut out, mut at) = (String::new(), 0);
    while let Some((symbol, _)) = row.get(at) {
        out.push_str(symbol);
        at += width(symbol).max(1);
    }
    out.trim_end().to_owned()
}

/// The stretches of a row that do not look plain: `3-8 bold cyan`.
fn looks(row: &[(String, Style)]) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut at = 0;
    while at < row.len() {
        let style = row[at].1;
        let length = row[at..].iter().take_while(|(_, other)| *other == style).count();
        let blank = row[at..at + length].iter().all(|(symbol, _)| symbol.trim().is_empty());
        let name = look(style);
        if !name.is_empty() && (!blank || style.add_modifier.contains(Modifier::REVERSED)) {
            out.push(format!("{at}-{} {name}", at + length - 1));
        }
        at += length;
    }
    out.join(" | ")
}

fn look(style: Style) -> String {
    let mut words: Vec<String> =
        style.add_modifier.iter_names().map(|(name, _)| name.to_lowercase()).collect();
    if let Some(color) = style.fg.filter(|color| *color != Color::Reset) {
        words.push(color.to_string().to_lowercase());
    }
    words.join(" ")
}

/// The key of this name in the keymap.
fn code(name: &str) -> (KeyCode, KeyModifiers) {
    let (modifiers, name) = match name.split_once('-') {
        Some(("ctrl", name)) => (KeyModifiers::CONTROL, name),
        Some(("alt", name)) => (KeyModifiers::ALT, name),
        _ => (KeyModifiers::NONE, name),
    };
    let code = match name {
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "tab" => KeyCode::Tab,
        "backtab" => KeyCode::BackTab,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "home" => KeyCode::Home,
        "end" => KeyCode::End,
        "pgup" => KeyCode::PageUp,
        "pgdn" => KeyCode::PageDown,
        "space" => KeyCode::Char(' '),
        "backspace" => KeyCode::Backspace,
        "f1" => KeyCode::F(1),
        letter if letter.chars().count() == 1 => KeyCode::Char(letter.chars().next().unwrap()),
        other => panic!("no key {other}"),
    };
    (code, modifiers)
}

/// A phase report, for held fetches.
pub(crate) fn phase(phase: Phase) -> FetchEvent {
    FetchEvent::Phase(phase)
}
