//! Whatever the user and the world do, the program survives: any messages, events and sizes, with the screen drawn after each.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "support/player.rs"]
#[allow(dead_code, reason = "shared with tests/screens.rs")]
mod player;
#[path = "support/world.rs"]
#[allow(dead_code, reason = "shared with tests/cases.rs")]
mod world;
#[path = "screens/worlds.rs"]
#[allow(dead_code, reason = "shared with tests/screens.rs")]
mod worlds;

use std::time::Duration;

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use hopstep::app::message::{Copied, FetchEvent, FetchId, Message, Navigate};
use hopstep::app::page;
use hopstep::app::pane::Pane;
use hopstep::domain::escape::is_visible;
use hopstep::domain::http::exchange::Exchange;
use hopstep::domain::http::timing::Phase;
use hopstep::domain::text::width;
use hopstep::tui::theme::Theme;
use player::Player;
use proptest::prelude::*;
use worlds::{CHECKOUT, DOWNGRADE, EXPIRED, HOSTILE, JSON, LOOP, TYPO};

const WORLDS: [&str; 7] = [CHECKOUT, TYPO, HOSTILE, DOWNGRADE, LOOP, EXPIRED, JSON];

/// One thing that happens.
#[derive(Clone, Debug)]
enum Happening {
    Event(Event),
    Message(Box<Message>),
}

fn key() -> impl Strategy<Value = Event> {
    let code = prop_oneof![
        6 => (b' '..=b'~').prop_map(|byte| KeyCode::Char(char::from(byte))),
        1 => Just(KeyCode::Char('漢')),
        4 => prop::sample::select(vec![
            KeyCode::Enter, KeyCode::Esc, KeyCode::Tab, KeyCode::BackTab, KeyCode::Up, KeyCode::Down,
            KeyCode::Left, KeyCode::Right, KeyCode::Home, KeyCode::End, KeyCode::PageUp, KeyCode::PageDown,
            KeyCode::Backspace, KeyCode::Delete, KeyCode::F(1),
        ]),
    ];
    let modifiers = prop_oneof![
        8 => Just(KeyModifiers::NONE),
        1 => Just(KeyModifiers::CONTROL),
        1 => Just(KeyModifiers::ALT),
    ];
    (code, modifiers).prop_map(|(code, modifiers)| Event::Key(KeyEvent::new(code, modifiers)))
}

fn mouse() -> impl Strategy<Value = Event> {
    let kind = prop::sample::select(vec![
        MouseEventKind::Down(MouseButton::Left),
        MouseEventKind::ScrollDown,
        MouseEventKind::ScrollUp,
    ]);
    (kind, 0u16..220, 0u16..70).prop_map(|(kind, column, row)| {
        Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE })
    })
}

fn happening() -> impl Strategy<Value = Happening> {
    let size = prop_oneof![
        (0u16..40, 0u16..12),
        Just((40, 12)),
        Just((80, 24)),
        Just((120, 40)),
        (1u16..250, 1u16..80),
    ];
    let resize = size.prop_map(|(width, height)| Event::Resize(width, height));
    let event = prop_oneof![
        12 => key(),
        2 => mouse(),
        2 => resize,
        1 => ".{0,20}".prop_map(Event::Paste),
    ];
    let fetch = prop_oneof![
        Just(FetchEvent::Phase(Phase::Tls)),
        Just(FetchEvent::Body { received: 5, total: Some(3) }),
        Just(FetchEvent::Head { exchange: Box::new(Exchange::default()), now: 0 }),
        Just(FetchEvent::Done { exchange: Box::new(Exchange::default()), now: 0 }),
    ];
    let message = prop_oneof![
        (0u64..4, fetch).prop_map(|(id, event)| Message::Fetched(FetchId(id), event)),
        Just(Message::Tick { elapsed: Duration::from_millis(40) }),
        Just(Message::Trouble("\u{1b}[31mno".to_owned())),
        Just(Message::Copied(Copied::Nowhere { text: "a\n\u{1b}b".into(), why: "none".into() })),
        Just(Message::Navigate(Navigate::Select(usize::MAX))),
        Just(Message::Navigate(Navigate::Scroll(i16::MIN))),
    ];
    prop_oneof![
        8 => event.prop_map(Happening::Event),
        1 => message.prop_map(|message| Happening::Message(Box::new(message))),
    ]
}

/// Draws the screen and holds it against what must always be so.
fn look(player: &Player) {
    let (columns, rows) = player.model.size;
    if columns == 0 || rows == 0 {
        return;
    }
    let terminal = player.draw(&Theme::COLORS);
    for cell in terminal.backend().buffer().content() {
        assert!(cell.symbol().chars().all(|c| is_visible(c) || width(cell.symbol()) > 0));
        assert!(!cell.symbol().chars().any(char::is_control));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_sequence_of_events_is_survived(
        world in prop::sample::select(WORLDS.to_vec()),
        hold in any::<bool>(),
        happenings in prop::collection::vec(happening(), 1..60),
    ) {
        let mut player = Player::new(world).keys("enter");
        player.hold = hold;
        for happening in happenings {
            match happening {
                Happening::Event(event) => player.event(&event),
                Happening::Message(message) => player.send(*message),
            }
            look(&player);
        }
    }

    #[test]
    fn every_character_of_a_page_can_be_seen(
        world in prop::sample::select(WORLDS.to_vec()),
        columns in 8u16..130,
        steps in 0usize..3,
    ) {
        let player = Player::new(world).keys("enter").keys(&"s ".repeat(steps));
        for pane in Pane::ALL {
            for line in page::lines(&player.model, pane, columns) {
                prop_assert!(line.text().chars().all(is_visible), "{:?}", line.text());
            }
        }
    }
}

/// A head as large as the limits allow is laid out in a moment.
#[test]
fn a_head_of_ten_thousand_lines_is_drawn_and_scrolled() {
    let field = "[\"X-Filler\", \"0123456789012345678901234\"]";
    let fields = vec![field; 10_000].join(",");
    let world = format!(
        "request = {{ target = \"http://a.test/\" }}\n[[responses]]\nstatus = 200\nreason = \"OK\"\nfields = [{fields}]\n"
    );
    let player = Player::new(&world).size(80, 24).keys("enter enter G");
    let screen = player.screen();
    assert!(screen.contains("then  curl takes this"), "{screen}");
}
