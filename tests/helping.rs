//! What helps along: the mouse in menus, suggestions while typing, hints for the first time.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "support/player.rs"]
#[allow(dead_code, reason = "shared with other tests")]
mod player;
#[path = "support/world.rs"]
mod world;
#[path = "screens/worlds.rs"]
#[allow(dead_code, reason = "shared with other tests")]
mod worlds;

use crossterm::event::{Event, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use hopstep::app::effect::Effect;
use hopstep::app::hint::{self, Hint};
use hopstep::app::message::{Field, Message, Navigate, Past};
use hopstep::app::model::Overlay;
use hopstep::app::update::update;
use hopstep::domain::variant::Variant;
use insta::assert_snapshot;
use player::Player;
use worlds::{CHECKOUT, DOWNGRADE};

const SIZES: [(u16, u16); 4] = [(40, 12), (80, 24), (120, 40), (200, 60)];

/// The cells where this text stands.
fn place(player: &Player, text: &str) -> (u16, u16) {
    let screen = player.screen();
    let found = screen.lines().enumerate().find_map(|(y, line)| Some((line.find(text)?, y, line)));
    let (at, y, line) = found.unwrap_or_else(|| panic!("no {text}:\n{screen}"));
    (line[..at].chars().count() as u16, y as u16)
}

fn mouse(player: &mut Player, kind: MouseEventKind, (column, row): (u16, u16)) {
    player.event(&Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }));
}

const CLICK: MouseEventKind = MouseEventKind::Down(MouseButton::Left);

#[test]
fn a_click_selects_a_row_of_a_menu_a_second_takes_it_and_one_outside_closes() {
    for (width, height) in SIZES {
        let mut player = Player::new(CHECKOUT).size(width, height).keys("enter s m");
        let at = place(&player, "PATCH");
        mouse(&mut player, CLICK, at);
        assert_eq!(player.model.overlay, Some(Overlay::Methods { selected: 3 }));
        let at = place(&player, "PATCH");
        mouse(&mut player, CLICK, at);
        assert_eq!((player.model.form.method.as_str(), &player.model.overlay), ("PATCH", &None));
        for keys in ["?", "a", "y", ":", "o", "b"] {
            let mut player = Player::new(CHECKOUT).size(width, height).keys("enter s").keys(keys);
            assert!(player.model.overlay.is_some());
            // the last row is the footer, which no overlay covers
            mouse(&mut player, CLICK, (0, height - 1));
            assert_eq!(player.model.overlay, None, "{keys}");
        }
    }
}

/// A click where this text stands in the last row.
fn click_footer(player: &mut Player, text: &str) {
    let screen = player.screen();
    let (row, line) = screen.lines().enumerate().last().unwrap();
    let at = line.find(text).unwrap_or_else(|| panic!("no {text}:\n{screen}"));
    mouse(player, CLICK, (line[..at].chars().count() as u16, row as u16));
}

#[test]
fn a_click_on_a_key_of_the_footer_presses_it() {
    for (width, height) in SIZES {
        let mut player = Player::new(CHECKOUT).size(width, height).keys("enter");
        // on the word as on the key
        for (key, hops) in [("s step", 2), ("step", 3)] {
            click_footer(&mut player, key);
            let session = player.model.session.as_ref().unwrap();
            assert_eq!(session.chain.hops.len(), hops, "{}", player.screen());
        }
        click_footer(&mut player, "? help");
        assert!(matches!(player.model.overlay, Some(Overlay::Help { .. })));
        click_footer(&mut player, "Esc");
        assert_eq!(player.model.overlay, None);
        // in a menu, where a list is searched, and while matches are gone through
        let mut player = Player::new(CHECKOUT).size(width, height).keys("enter s m");
        click_footer(&mut player, "Esc back");
        assert_eq!(player.model.overlay, None);
        let mut player = player.keys(": \"zoom\"");
        click_footer(&mut player, "⏎");
        assert!(player.model.panes.zoomed && player.model.overlay.is_none());
        let mut player = player.keys("/ \"o\" enter");
        let first = player.model.search.position.unwrap().0;
        click_footer(&mut player, " n ");
        assert_eq!(player.model.search.position.unwrap().0, first);
        click_footer(&mut player, "n ");
        assert_eq!(player.model.search.position.unwrap().0, first + 1);
        click_footer(&mut player, "Esc");
        assert_eq!(player.model.search.position, None);
    }
}

#[test]
fn the_first_screen_and_hints_have_keys_to_click_too() {
    let mut player = Player::first_screen(Vec::new()).size(80, 24);
    click_footer(&mut player, "Alt-M");
    assert!(matches!(player.model.overlay, Some(Overlay::Methods { .. })));
    let mut player = Player::new(CHECKOUT).size(80, 24);
    player.model.hints = Hint::ALL.to_vec();
    let mut player = player.keys("enter");
    let at = place(&player, "got it");
    mouse(&mut player, CLICK, at);
    assert_eq!(hint::current(&player.model), None);
    // what lies over a hint has the click
    let mut player = Player::new(CHECKOUT).size(80, 24);
    player.model.hints = Hint::ALL.to_vec();
    let mut player = player.keys("enter");
    let at = place(&player, "got it");
    player.send(Message::Navigate(Navigate::Help));
    mouse(&mut player, CLICK, at);
    assert!(player.model.hints.contains(&Hint::Stopped) && player.model.overlay.is_some());
}

#[test]
fn a_click_never_sends_a_dangerous_step() {
    for (width, height) in SIZES {
        let mut player = Player::new(DOWNGRADE).size(width, height).keys("enter s");
        click_footer(&mut player, "y ");
        assert!(!player.model.session.as_ref().unwrap().danger.is_empty());
        assert!(player.screen().contains("press y"), "{}", player.screen());
        let player = player.keys("y");
        assert_eq!(player.model.session.unwrap().chain.hops.len(), 2);
        let mut player = Player::new(DOWNGRADE).size(width, height).keys("enter s");
        click_footer(&mut player, "n ");
        assert!(player.model.session.as_ref().unwrap().danger.is_empty());
    }
}

#[test]
fn what_the_variants_ask_can_be_read_in_every_size() {
    for (width, height) in SIZES {
        for (at, variant) in Variant::ALL.into_iter().enumerate() {
            let down = "down ".repeat(at);
            let player =
                Player::new(CHECKOUT).size(width, height).keys(&format!("enter s V {down}"));
            let screen = player.screen().replace(['┃', '\n'], " ");
            let words: Vec<&str> = screen.split_whitespace().collect();
            let text = words.join(" ");
            assert!(text.contains(variant.asks()), "{}", player.screen());
            assert!(screen.contains(&format!("▶ {}", variant.id())), "{}", player.screen());
        }
    }
}

#[test]
fn an_editor_that_fails_leaves_the_text_and_says_so_in_a_sentence() {
    let mut player = Player::new(CHECKOUT).size(80, 24).keys("enter s E");
    let text = Err("the editor was not found: set $EDITOR".to_owned());
    player.send(Message::Edited { field: Field::Next, text });
    let screen = player.screen();
    assert!(
        screen.contains(" nothing is changed: the editor was not found: set $EDITOR "),
        "{screen}"
    );
    assert!(screen.contains("GET https://shop.test/orders/17"), "{screen}");
}

#[test]
fn the_wheel_moves_through_lists_and_texts() {
    let mut player = Player::new(CHECKOUT).size(80, 24).keys("enter s y");
    mouse(&mut player, MouseEventKind::ScrollDown, (40, 12));
    assert_eq!(player.model.overlay, Some(Overlay::Copy { selected: 1 }));
    let mut player = Player::new(CHECKOUT).size(80, 24).keys("enter s :");
    mouse(&mut player, MouseEventKind::ScrollDown, (40, 12));
    assert!(matches!(player.model.overlay, Some(Overlay::Palette { selected: 1, .. })));
    let mut player = Player::new(CHECKOUT).size(80, 24).keys("enter s ?");
    mouse(&mut player, MouseEventKind::ScrollDown, (40, 12));
    assert!(matches!(player.model.overlay, Some(Overlay::Help { scroll: 3, .. })));
}

#[test]
fn a_click_in_the_palette_does_what_stands_there() {
    let mut player = Player::new(CHECKOUT).size(80, 24).keys("enter s : \"zoom\"");
    let at = place(&player, "give the open pane");
    mouse(&mut player, CLICK, at);
    assert!(player.model.panes.zoomed && player.model.overlay.is_none());
}

#[test]
fn urls_of_the_history_are_suggested_below_the_bar() {
    let urls = ["http://shop.test/checkout", "http://shop.test/cart", "https://idp.test/login"];
    for (width, height) in SIZES {
        let mut player = Player::first_screen(Vec::new()).size(width, height);
        player.model.urls = Some(urls.map(str::to_owned).into());
        let player = player.keys("\"shop\"");
        assert_snapshot!(format!("suggest-url-{width}x{height}"), player.screen());
        let player = player.keys("down down");
        assert!(player.screen().contains("▶ http://shop.test/"), "{}", player.screen());
        let player = player.keys("enter");
        assert_eq!(player.model.form.url.text(), "http://shop.test/cart");
        // nothing was sent
        assert!(player.model.session.is_none());
    }
}

#[test]
fn field_names_are_suggested_in_the_editors() {
    for (width, height) in SIZES {
        let player = Player::new(CHECKOUT).size(width, height).keys("enter s h enter \"if-n\"");
        assert_snapshot!(format!("suggest-field-{width}x{height}"), player.screen());
        let player = player.keys("tab");
        let Some(Overlay::Editor { input, .. }) = &player.model.overlay else {
            panic!("no editor")
        };
        assert!(input.text().ends_with("\nIf-None-Match: "), "{:?}", input.text());
        assert!(player.model.completion.is_none());
    }
}

#[test]
fn hints_are_told_once_on_a_row_of_their_own() {
    for (width, height) in [(80, 24), (120, 40)] {
        let mut player = Player::new(CHECKOUT).size(width, height);
        player.model.hints = Hint::ALL.to_vec();
        let mut player = player.keys("enter");
        assert_eq!(hint::current(&player.model), Some(Hint::Stopped));
        assert_snapshot!(format!("hint-{width}x{height}"), player.screen());
        // heeded
        let effects = update(&mut player.model, Message::Run(hopstep::app::message::Run::Step));
        assert!(effects.contains(&Effect::Remember("stopped")), "{effects:?}");
        assert!(!player.model.hints.contains(&Hint::Stopped));
    }
    let mut player = Player::new(CHECKOUT).size(80, 24);
    player.model.hints = Hint::ALL.to_vec();
    let mut player = player.keys("enter");
    let effects = update(&mut player.model, Message::Navigate(Navigate::Hint));
    assert_eq!(effects, [Effect::Remember("stopped")]);
    assert_eq!(hint::current(&player.model), None);
}

#[test]
fn late_urls_bring_suggestions_only_while_something_is_typed() {
    let mut player = Player::new(CHECKOUT).size(80, 24).keys("enter s");
    player.send(Message::Past(Past::Urls(vec!["http://shop.test/x".to_owned()])));
    assert!(player.model.completion.is_none());
}
