//! The gallery: every pane, overlay and state at every promised size, with its colours and without.
//!
//! A file of `tests/snapshots/` a state. Below a row: `c` how its pieces look in colour, `m` under NO_COLOR where that is
//! more than the colours taken away; rows that repeat the one
//! above are counted.

use std::fmt::Write as _;

use hopstep::app::message::{Copied, FetchEvent, Message, Past, Savable, Saved};
use hopstep::domain::history::Entry;
use hopstep::domain::http::body::BodyId;
use hopstep::domain::http::timing::Phase;
use hopstep::tui::theme::Theme;
use insta::assert_snapshot;
use ratatui::style::{Color, Modifier};

use super::player::{Player, phase};
use super::world::NOW;
use super::worlds::{
    BROKEN, CHECKOUT, DOWNGRADE, EXPIRED, HOSTILE, IMAGE, JSON, LANDING, LOOP, SOFT, TWICE, TYPO,
    long_chain, ping_pong,
};
use super::{SIZES, scenarios};

/// Name, world, keys.
#[rustfmt::skip]
const STATES: &[(&str, &str, &str)] = &[
    ("response", CHECKOUT, "enter s"),
    ("request", CHECKOUT, "enter s 2"),
    ("request-unsent", CHECKOUT, "enter s j 2"),
    ("body-html", LANDING, "enter 3 enter j j"),
    ("body-json", JSON, "enter 3 enter j j j"),
    ("body-folded", JSON, "enter 3 enter -"),
    ("body-raw", JSON, "enter 3 v"),
    ("body-hex", JSON, "enter 3 v v"),
    ("body-wrapped", JSON, "enter 3 v w"),
    ("body-broken", BROKEN, "enter 3"),
    ("body-image", IMAGE, "enter 3"),
    ("body-empty", TYPO, "enter 3"),
    ("body-failed", EXPIRED, "enter s 3"),
    ("body-unsent", CHECKOUT, "enter s j 3"),
    ("cookies", CHECKOUT, "enter s s k 4"),
    ("cookies-later", CHECKOUT, "enter s s 4"),
    ("cookies-none", TYPO, "enter 4"),
    ("cookies-unsent", CHECKOUT, "enter s j 4"),
    ("tls-none", TYPO, "enter 5"),
    ("tls-failed", EXPIRED, "enter s 5"),
    ("tls-unsent", CHECKOUT, "enter s j 5"),
    ("time-unsent", CHECKOUT, "enter s j 6"),
    ("clients-unsent", CHECKOUT, "enter s j 7"),
    ("clients-failed", EXPIRED, "enter s 7"),
    ("tls", CHECKOUT, "enter s 5"),
    ("time", CHECKOUT, "enter s s 6"),
    ("clients", CHECKOUT, "enter s 7 enter"),
    ("clients-chain", CHECKOUT, "enter s 7 v"),
    ("verdict", CHECKOUT, "enter s s 8"),
    ("response-unsent", CHECKOUT, "enter s j"),
    ("request-failed", EXPIRED, "enter s 2"),
    ("cookies-failed", EXPIRED, "enter s 4"),
    ("time-failed", EXPIRED, "enter s 6"),
    ("verdict-failed", EXPIRED, "enter s 8"),
    ("verdict-unsent", CHECKOUT, "enter s j 8"),
    ("verdict-clean", IMAGE, "enter 8"),
    ("pane-focused", CHECKOUT, "enter s enter"),
    ("zoomed", CHECKOUT, "enter s z"),
    ("split", CHECKOUT, "enter s > > >"),
    ("done", CHECKOUT, "enter s s"),
    ("copied", CHECKOUT, "enter s y a"),
    ("halted", CHECKOUT, "enter b down down enter esc c"),
    ("begun", CHECKOUT, "enter s g"),
    ("failed", EXPIRED, "enter s"),
    ("danger", DOWNGRADE, "enter s"),
    ("danger-refused", DOWNGRADE, "enter s n"),
    ("loop", LOOP, "enter c"),
    ("no-location", TYPO, "enter"),
    ("hostile", HOSTILE, "enter"),
    ("hostile-body", HOSTILE, "enter 3"),
    ("soft", SOFT, "enter"),
    ("soft-ready", SOFT, "enter F"),
    ("private", CHECKOUT, "enter s p 4"),
    ("url-bar", CHECKOUT, "enter e end"),
    ("searching", CHECKOUT, "enter s / \"nginx\""),
    ("search-kept", CHECKOUT, "enter s / \"nginx\" enter"),
    ("search-nothing", CHECKOUT, "enter s / \"zebra\""),
    ("filter", CHECKOUT, "enter s s f \"302\""),
    ("filter-nothing", CHECKOUT, "enter s s f \"zebra\" enter"),
    ("find", CHECKOUT, "enter s s g / \"orders\""),
    ("edited", CHECKOUT, "enter s E alt-p esc"),
    ("runs-compare", CHECKOUT, "enter s k R ="),
    ("runs-bodies", TWICE, "enter r ="),
    ("runs-bodies-private", TWICE, "enter r p ="),
    ("overlay-help", CHECKOUT, "enter s ?"),
    ("overlay-palette", CHECKOUT, "enter s : \"copy\""),
    ("overlay-jump", CHECKOUT, "enter s ;"),
    ("overlay-methods", CHECKOUT, "enter s m"),
    ("overlay-clients", CHECKOUT, "enter s a"),
    ("overlay-variants", CHECKOUT, "enter s V"),
    ("overlay-breakpoints", CHECKOUT, "enter s b enter down"),
    ("overlay-copy", CHECKOUT, "enter s y"),
    ("overlay-pick", CHECKOUT, "enter s y i"),
    ("overlay-probe", CHECKOUT, "enter s P"),
    ("overlay-suppress", CHECKOUT, "enter s x"),
    ("overlay-token", CHECKOUT, "enter s V down down down down down down down down down enter"),
    ("overlay-runs", CHECKOUT, "enter s k R o"),
    ("overlay-explain", CHECKOUT, "enter s enter enter"),
    ("overlay-save", CHECKOUT, "enter s S"),
    ("overlay-headers", CHECKOUT, "enter s h"),
    ("overlay-body", CHECKOUT, "enter s d"),
    ("overlay-auth", CHECKOUT, "enter s u"),
    ("overlay-next", CHECKOUT, "enter s E"),
    ("overlay-next-wrong", CHECKOUT, "enter s E ctrl-k \"odd\" esc"),
];

#[test]
fn every_state_at_every_size_with_and_without_colours() {
    for (name, world, keys) in STATES {
        shot(name, |size| Player::new(world).size(size.0, size.1).keys(keys));
    }
    let (long, repeats) = (long_chain(), ping_pong());
    shot("long", |size| Player::new(&long).size(size.0, size.1).keys("enter c"));
    shot("repeats", |size| Player::new(&repeats).size(size.0, size.1).keys("enter c"));
}

#[test]
fn what_the_world_does_at_every_size_with_and_without_colours() {
    let first = |size: (u16, u16)| Player::first_screen(scenarios()).size(size.0, size.1);
    shot("first", first);
    shot("first-list", |size| first(size).keys("tab j"));
    let with_recent = |mut player: Player| {
        player.send(Message::Past(Past::Recent { entries: history(), now: NOW }));
        player
    };
    shot("first-recent", |size| with_recent(first(size)).keys("tab"));
    shot("first-recent-alone", |size| {
        with_recent(Player::first_screen(Vec::new()).size(size.0, size.1))
    });
    shot("first-bare", |size| Player::first_screen(Vec::new()).size(size.0, size.1));
    shot("first-wrong", |size| first(size).keys("\"ftp://x\" enter"));
    let held = |size: (u16, u16)| {
        let mut player = Player::new(CHECKOUT).size(size.0, size.1);
        player.hold = true;
        player.keys("enter")
    };
    shot("loading", |size| held(size).report(vec![phase(Phase::Tls)]));
    let arriving = |size: (u16, u16)| {
        let mut player = held(size);
        let exchange = Box::new(player.answer().unwrap());
        let body = FetchEvent::Body { received: 41_000_000, total: Some(100_000_000) };
        player.report(vec![FetchEvent::Head { exchange, now: NOW }, body])
    };
    shot("arriving", arriving);
    for (pane, key) in
        [("request", "2"), ("body", "3"), ("cookies", "4"), ("tls", "5"), ("time", "6")]
    {
        let loading = |size| held(size).report(vec![phase(Phase::Tls)]);
        shot(&format!("{pane}-loading"), |size| loading(size).keys(key));
        shot(&format!("{pane}-arriving"), |size| arriving(size).keys(key));
    }
    for (pane, key) in [("clients", "7"), ("verdict", "8")] {
        shot(&format!("{pane}-loading"), |size| held(size).keys(key));
        shot(&format!("{pane}-arriving"), |size| arriving(size).keys(key));
    }
    let told = |size: (u16, u16), message: Message| {
        let mut player = Player::new(CHECKOUT).size(size.0, size.1).keys("enter s");
        player.send(message);
        player
    };
    shot("overlay-overwrite", |size| {
        let what = Savable::Body(BodyId(0));
        told(size, Message::Saved(Saved::Exists { what, path: "order.html".into() }))
    });
    shot("saved", |size| {
        told(size, Message::Saved(Saved::Done { path: "order.html".into(), size: 91 }))
    });
    shot("trouble", |size| told(size, Message::Trouble("the clipboard is gone".into())));
    shot("overlay-hand-copy", |size| {
        let why = "no clipboard here".to_owned();
        told(size, Message::Copied(Copied::Nowhere { text: "curl http://shop.test/".into(), why }))
    });
    shot("overlay-history", |size| {
        let mut player = Player::new(CHECKOUT).size(size.0, size.1).keys("enter s H");
        let entries = history();
        player.send(Message::Past(Past::Listed { search: String::new(), entries, now: NOW }));
        player
    });
    shot("overlay-export", |size| {
        let mut player = Player::new(CHECKOUT).size(size.0, size.1).keys("enter s H");
        let entries = history();
        player.send(Message::Past(Past::Listed { search: String::new(), entries, now: NOW }));
        player.keys("alt-e")
    });
}

pub(crate) fn history() -> Vec<Entry> {
    let entry = |(id, outcome, status, severity): (i64, &str, Option<u16>, Option<&str>)| Entry {
        id,
        started_at: NOW - id * 4000,
        method: "POST".to_owned(),
        url: "https://shop.test/checkout?voucher=SPRING-2026".to_owned(),
        client: "curl".to_owned(),
        hops: 3,
        status,
        outcome: outcome.to_owned(),
        severity: severity.map(str::to_owned),
        masked: false,
    };
    [
        (1, "final", Some(200), Some("warning")),
        (2, "failed", None, Some("error")),
        (3, "stopped", Some(302), None),
    ]
    .map(entry)
    .into()
}

/// One file for the four sizes; and what holds for all of them.
fn shot(name: &str, player: impl Fn((u16, u16)) -> Player) {
    let mut out = String::new();
    for size in SIZES {
        let player = player(size);
        let _ = writeln!(out, "{}x{}", size.0, size.1);
        out.push_str(&counted(&player.rows()));
        loses_nothing_without_colours(name, &player);
        let named = player.screen().trim_end().ends_with(" help") || name == "overlay-help";
        assert!(named, "{name}: {}", player.screen());
    }
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false }, {
        assert_snapshot!(format!("gallery-{name}"), out);
    });
}

/// Under NO_COLOR no cell has a colour, no text is another, and what lies on a ground of its own in colour stands out too.
fn loses_nothing_without_colours(name: &str, player: &Player) {
    let (colours, mono) = (player.draw(&Theme::COLORS), player.draw(&Theme::MONO));
    let cells = colours.backend().buffer().content().iter().zip(mono.backend().buffer().content());
    for (coloured, plain) in cells {
        assert_eq!(coloured.symbol(), plain.symbol(), "{name}");
        assert!(plain.fg == Color::Reset && plain.bg == Color::Reset, "{name}");
        let stands_out =
            coloured.bg != Color::Reset || coloured.modifier.contains(Modifier::REVERSED);
        assert!(!stands_out || !plain.modifier.is_empty(), "{name}: {:?}", player.screen());
    }
}

fn counted(rows: &[String]) -> String {
    let mut out = String::new();
    let mut at = 0;
    while at < rows.len() {
        let same = rows[at..].iter().take_while(|row| **row == rows[at]).count();
        out.push_str(&rows[at]);
        if same > 1 {
            let _ = writeln!(out, "      × {same}");
        }
        at += same;
    }
    out
}
