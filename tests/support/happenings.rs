//! What can happen to the program: any key, click, paste, size, answer and message.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod messages;

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use hopstep::app::message::{BodyMatches, FetchEvent, FetchId, Message, Past, Then};
use hopstep::domain::http::timing::Phase;
use proptest::prelude::*;

use crate::player::Player;
use messages::message;

/// One thing that happens.
#[derive(Clone, Debug)]
pub(crate) enum Happening {
    Event(Event),
    Message(Box<Message>),
    /// What is under way says something.
    Reported(Report),
    /// The history answers with the run on the screen.
    Loaded(Then),
    /// The search in the body answers.
    Matched {
        found: u64,
        line: Option<u64>,
        complete: bool,
    },
    /// The mouse is pressed here, drawn to there, and let go.
    Dragged((u16, u16), (u16, u16)),
    /// Everything that is on the screen is clicked, cell by cell, with this step.
    ClickedAll(u16),
    /// From now on fetches stay under way, or are answered at once.
    Hold(bool),
}

/// What a fetch may say; which of those under way is chosen by the number.
#[derive(Clone, Debug)]
pub(crate) enum Report {
    Phase(Phase, usize),
    Head(usize),
    Body(u64, Option<u64>, usize),
    Done(usize),
    /// Done, with nothing in it.
    Empty(usize),
}

/// Texts that have broken programs: wide, combining, right-to-left, emoji, invisible, control.
const TEXTS: [&str; 12] = [
    "漢字かな交じり文",
    "e\u{301}\u{302}\u{303}x",
    "\u{301}",
    "שלום עולם",
    "\u{202e}evil\u{202c}",
    "👨‍👩‍👧‍👦🏽🇨🇭",
    "\u{1b}[2J\u{1b}]0;x\u{7}",
    "a\u{0}\u{9b}\u{200b}\u{feff}b",
    "line\r\nline\nline\r",
    "curl -d 'a=1' -H 'X: y' http://b.test/漢?q=%zz",
    "http://[::1]:99999/\u{7f}",
    "ﷺ\u{e0001}\u{fe0f}",
];

impl Player {
    pub(crate) fn undergo(&mut self, happening: Happening) {
        match happening {
            Happening::Event(event) => self.event(&event),
            Happening::Message(message) => self.send(*message),
            Happening::Reported(report) => self.reported(&report),
            Happening::Loaded(then) => {
                let Some(session) = &self.model.session else { return };
                let chain = Box::new(session.chain.clone());
                self.send(Message::Past(Past::Loaded {
                    chain,
                    started_at: -1,
                    masked: true,
                    then,
                }));
            }
            Happening::Matched { found, line, complete } => {
                let Some(search) = self.model.search.asked.clone() else { return };
                let matches = BodyMatches { search, found, searched: found, complete, line };
                self.send(Message::BodyMatches(Box::new(matches)));
            }
            Happening::Dragged(from, to) => {
                let left = MouseButton::Left;
                self.event(&at(MouseEventKind::Down(left), from));
                self.event(&at(MouseEventKind::Drag(left), to));
                self.event(&at(MouseEventKind::Up(left), to));
            }
            Happening::ClickedAll(step) => {
                let (columns, rows) = self.model.size;
                for y in (0..rows.min(60)).step_by(step.into()) {
                    for x in (0..columns.min(200)).step_by(usize::from(step) * 3) {
                        self.event(&at(MouseEventKind::Down(MouseButton::Left), (x, y)));
                    }
                }
            }
            Happening::Hold(hold) => self.hold = hold,
        }
    }

    fn reported(&mut self, report: &Report) {
        let (Report::Phase(_, nth)
        | Report::Head(nth)
        | Report::Body(_, _, nth)
        | Report::Done(nth)
        | Report::Empty(nth)) = report;
        let runs = self.model.runs();
        let flights: Vec<FetchId> =
            runs.iter().flat_map(|run| run.flights.iter().map(|flight| flight.id)).collect();
        let Some(id) = (!flights.is_empty()).then(|| flights[nth % flights.len()]) else { return };
        let mut answer = || Box::new(self.answer().unwrap_or_default());
        let event = match report {
            Report::Phase(phase, _) => FetchEvent::Phase(*phase),
            Report::Head(_) => FetchEvent::Head { exchange: answer(), now: 1 },
            Report::Body(received, total, _) => {
                FetchEvent::Body { received: *received, total: *total }
            }
            Report::Done(_) => FetchEvent::Done { exchange: answer(), now: i64::MAX },
            Report::Empty(_) => FetchEvent::Done { exchange: Box::default(), now: i64::MIN },
        };
        self.send(Message::Fetched(id, event));
    }
}

fn at(kind: MouseEventKind, (column, row): (u16, u16)) -> Event {
    Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE })
}

/// Anything that can happen.
pub(crate) fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        60 => event().prop_map(Happening::Event),
        10 => message().prop_map(|message| Happening::Message(Box::new(message))),
        10 => report().prop_map(Happening::Reported),
        2 => then().prop_map(Happening::Loaded),
        2 => (number(), prop::option::of(line_number()), any::<bool>())
            .prop_map(|(found, line, complete)| Happening::Matched { found, line, complete }),
        3 => (spot(), spot()).prop_map(|(from, to)| Happening::Dragged(from, to)),
        1 => (2u16..5).prop_map(Happening::ClickedAll),
        2 => any::<bool>().prop_map(Happening::Hold),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        24 => key(),
        3 => (mouse_kind(), spot()).prop_map(|(kind, spot)| at(kind, spot)),
        4 => size().prop_map(|(width, height)| Event::Resize(width, height)),
        2 => text().prop_map(Event::Paste),
        1 => Just(Event::FocusLost),
    ]
}

fn key() -> impl Strategy<Value = Event> {
    let code = prop_oneof![
        8 => (b' '..=b'~').prop_map(|byte| KeyCode::Char(char::from(byte))),
        // what opens, moves and runs comes often
        8 => prop::sample::select("scrREVFbyaomhdu=/:;f?zpH3127n".chars().collect::<Vec<_>>())
            .prop_map(KeyCode::Char),
        1 => prop::sample::select(vec!['漢', '\u{301}', 'ש', '👩', '\u{200d}', '\u{202e}'])
            .prop_map(KeyCode::Char),
        8 => prop::sample::select(vec![
            KeyCode::Enter, KeyCode::Esc, KeyCode::Tab, KeyCode::BackTab, KeyCode::Up, KeyCode::Down,
            KeyCode::Left, KeyCode::Right, KeyCode::Home, KeyCode::End, KeyCode::PageUp,
            KeyCode::PageDown, KeyCode::Backspace, KeyCode::Delete, KeyCode::F(1), KeyCode::Null,
        ]),
    ];
    let modifiers = prop_oneof![
        10 => Just(KeyModifiers::NONE),
        1 => Just(KeyModifiers::CONTROL),
        1 => Just(KeyModifiers::ALT),
    ];
    (code, modifiers).prop_map(|(code, modifiers)| Event::Key(KeyEvent::new(code, modifiers)))
}

fn mouse_kind() -> impl Strategy<Value = MouseEventKind> {
    prop::sample::select(vec![
        MouseEventKind::Down(MouseButton::Left),
        MouseEventKind::Down(MouseButton::Right),
        MouseEventKind::Up(MouseButton::Left),
        MouseEventKind::Drag(MouseButton::Left),
        MouseEventKind::Moved,
        MouseEventKind::ScrollDown,
        MouseEventKind::ScrollUp,
        MouseEventKind::ScrollLeft,
        MouseEventKind::ScrollRight,
    ])
}

pub(crate) fn spot() -> impl Strategy<Value = (u16, u16)> {
    prop_oneof![
        4 => (0u16..80, 0u16..24),
        3 => (0u16..220, 0u16..70),
        1 => Just((u16::MAX, u16::MAX)),
    ]
}

/// Tiny sizes come as often as those that people have.
pub(crate) fn size() -> impl Strategy<Value = (u16, u16)> {
    prop_oneof![
        3 => (0u16..=20, 0u16..=5),
        2 => (0u16..40, 0u16..12),
        2 => prop::sample::select(vec![(40, 12), (80, 24), (120, 40), (200, 60)]),
        2 => (1u16..250, 1u16..80),
        1 => (1u16..8, 20u16..60),
        1 => (100u16..250, 1u16..6),
    ]
}

pub(crate) fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => ".{0,20}",
        3 => prop::sample::select(TEXTS.to_vec()).prop_map(str::to_owned),
        1 => (prop::sample::select(TEXTS.to_vec()), 1usize..60).prop_map(|(text, n)| text.repeat(n)),
        1 => prop::sample::select(vec![
            "status 302", "host *.test", "finding:error", "3xx !a", "method:POST", "http://a.test/",
            "[", "(?P<", "a|", "Cookie: a=b\nX:\nY;",
        ]).prop_map(str::to_owned),
    ]
}

/// Counts that a server may claim, with the ends that overflow.
pub(crate) fn number() -> impl Strategy<Value = u64> {
    prop_oneof![4 => 0u64..12, 1 => Just(u64::MAX), 1 => Just(u64::MAX - 1), 1 => any::<u64>()]
}

/// Lines of a body: far more than any body has, within what its index can say.
pub(crate) fn line_number() -> impl Strategy<Value = u64> {
    prop_oneof![4 => 0u64..12, 2 => 0u64..1 << 48]
}

pub(crate) fn then() -> impl Strategy<Value = Then> {
    prop::sample::select(vec![Then::Show, Then::Again, Then::Compare])
}

fn report() -> impl Strategy<Value = Report> {
    let phase = prop::sample::select(vec![
        Phase::Dns,
        Phase::Connect,
        Phase::Tls,
        Phase::Wait,
        Phase::Receive,
    ]);
    prop_oneof![
        2 => (phase, 0usize..4).prop_map(|(phase, nth)| Report::Phase(phase, nth)),
        4 => (0usize..4).prop_map(Report::Head),
        2 => (number(), prop::option::of(number()), 0usize..4)
            .prop_map(|(received, total, nth)| Report::Body(received, total, nth)),
        4 => (0usize..4).prop_map(Report::Done),
        1 => (0usize..4).prop_map(Report::Empty),
    ]
}
