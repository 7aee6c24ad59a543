//! Screens: a world and a key script in, the drawn screen out, held against `tests/snapshots/`.
//!
//! New or changed screens are looked at, then taken over with `INSTA_UPDATE=always cargo test --test screens`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "screens/gallery.rs"]
mod gallery;
#[path = "support/picture.rs"]
mod picture;
#[path = "support/player.rs"]
mod player;
#[path = "screens/private.rs"]
mod private;
#[path = "screens/reach.rs"]
mod reach;
#[path = "screens/search.rs"]
mod search;
#[path = "screens/spine.rs"]
mod spine;
#[path = "support/world.rs"]
mod world;
#[path = "screens/worlds.rs"]
mod worlds;

use std::time::Duration;

use crossterm::event::{Event, MouseButton, MouseEvent, MouseEventKind};
use hopstep::app::message::{BodyMatches, FetchEvent, Field, Message, Navigate, Savable, Saved};
use hopstep::app::model::{Overlay, Scenario};
use hopstep::app::{layout::Layout, pane::Pane};
use hopstep::domain::chain::{Limits, State};
use hopstep::domain::http::{request::Draft, timing::Phase};
use hopstep::tui::theme::{self, Theme};
use insta::assert_snapshot;
use player::{Player, phase};
use world::NOW;
use worlds::{
    BROKEN, CHECKOUT, DOWNGRADE, EXPIRED, HOSTILE, IMAGE, JSON, LANDING, LOOP, SOFT, TYPO,
    long_chain, ping_pong,
};

/// The sizes at which screens are promised.
const SIZES: [(u16, u16); 4] = [(40, 12), (80, 24), (120, 40), (200, 60)];

/// A screen at the two sizes that most people have.
fn both(name: &str, world: &str, keys: &str) {
    for (width, height) in [(80, 24), (120, 40)] {
        let player = Player::new(world).size(width, height).keys(keys);
        assert_snapshot!(format!("{name}-{width}x{height}"), player.screen());
    }
}

fn every(name: &str, world: &str, keys: &str) {
    for (width, height) in SIZES {
        let player = Player::new(world).size(width, height).keys(keys);
        assert_snapshot!(format!("{name}-{width}x{height}"), player.screen());
    }
}

fn scenarios() -> Vec<Scenario> {
    let scenario = |(id, title, lesson): (&str, &str, &str)| Scenario {
        id: id.to_owned(),
        title: title.to_owned(),
        lesson: lesson.to_owned(),
        draft: Draft::get(format!("http://{id}.test/").parse().unwrap()),
        client: "curl".to_owned(),
        limits: Limits::default(),
    };
    [
        (
            "https-upgrade",
            "A clean move to https",
            "One 301, same host, same path: this is how it should look.",
        ),
        (
            "checkout",
            "A checkout that loses the order",
            "The 302 lets the client turn the POST into a GET, and the order is gone.",
        ),
        ("loop", "A loop", "Two pages point at each other."),
    ]
    .map(scenario)
    .into()
}

#[test]
fn the_first_screen_offers_a_url_field_and_scenarios() {
    for (width, height) in SIZES {
        let player = Player::first_screen(scenarios()).size(width, height);
        assert_snapshot!(format!("first-{width}x{height}"), player.screen());
    }
    let player = Player::first_screen(scenarios()).size(80, 24).keys("down j");
    assert_snapshot!("first-list-80x24", player.screen());
    let player = Player::first_screen(scenarios()).size(80, 24).keys("\"ftp://x\" enter");
    assert_snapshot!("first-error-80x24", player.screen());
}

#[test]
fn a_post_that_becomes_a_get_is_flagged_on_the_status_line() {
    every("paused", CHECKOUT, "enter s");
    every("done", CHECKOUT, "enter s s");
}

#[test]
fn each_pane_shows_its_side_of_the_hop() {
    for (pane, name) in [
        ("2", "request"),
        ("3", "body"),
        ("4", "cookies"),
        ("5", "tls"),
        ("6", "time"),
        ("7", "clients"),
        ("8", "verdict"),
    ] {
        both(&format!("pane-{name}"), CHECKOUT, &format!("enter s {pane}"));
    }
    both("pane-request-unsent", CHECKOUT, "enter s j 2");
    both("pane-json", JSON, "enter 3");
}

#[test]
fn a_body_folds_and_says_where_the_cursor_stands() {
    every("body-path", JSON, "enter 3 enter j j j");
    both("body-folded", JSON, "enter 3 enter -");
    both("body-fold-here", JSON, "enter 3 enter j j left j");
    both("body-html", LANDING, "enter 3 enter j j j enter j");
    let unfolded = Player::new(JSON).size(80, 24).keys("enter 3 enter - - * + -");
    let again = Player::new(JSON).size(80, 24).keys("enter 3 enter -");
    assert_eq!(unfolded.screen(), again.screen());
}

#[test]
fn left_goes_out_of_what_holds_the_line_and_right_in_again() {
    let there = Player::new(JSON).size(80, 24).keys("enter 3 enter j j j j j left left");
    assert_eq!(there.model.panes.body.cursor, 2);
    assert!(there.model.panes.body.folds.behind(2).is_some());
    let back = there.keys("right");
    assert!(back.model.panes.body.folds.behind(2).is_none());
}

#[test]
fn a_search_opens_the_fold_that_hides_its_match() {
    let player = Player::new(JSON).size(80, 24).keys("enter 3 enter - /");
    assert_eq!(player.model.panes.body.folds.count(), 1);
    let mut player = player.keys("\"kitchen\" enter");
    let search = player.model.search.asked.clone().unwrap();
    player.send(Message::BodyMatches(Box::new(BodyMatches {
        search,
        found: 1,
        searched: 100,
        complete: true,
        line: Some(6),
    })));
    assert_eq!((player.model.panes.body.cursor, player.model.panes.body.folds.count()), (6, 0));
}

#[test]
fn a_curl_command_pasted_into_the_url_bar_becomes_the_request() {
    let mut player = Player::new(CHECKOUT).size(80, 24);
    player.event(&Event::Paste(
        "curl 'http://shop.test/cart' \\\n  -X PUT \\\n  -H 'Accept: text/html' \\\n  --data-raw $'it\\'s 1' -o out".into(),
    ));
    let form = &player.model.form;
    assert_eq!(
        (form.url.text(), form.method.as_str(), form.forced),
        ("http://shop.test/cart", "PUT", true)
    );
    assert_eq!((form.headers.text(), form.body.text()), ("Accept: text/html", "it's 1"));
    assert_snapshot!("url-curl-80x24", player.screen());
    player.event(&Event::Paste("curl --resolve nonsense --engine x http://a.test/".into()));
    assert!(player.model.form.error.is_some());
}

#[test]
fn header_lines_cookies_and_findings_can_be_chosen_for_copying() {
    both("overlay-copy-pick", CHECKOUT, "enter s y i");
    for (letter, copied) in [
        ("o", "sid=8f3c"),
        ("f", "post-rewritten-to-get (warning)"),
        ("m", "http://shop.test/checkout"),
        ("i", ": "),
    ] {
        let player = Player::new(CHECKOUT).size(80, 24).keys(&format!("enter s y {letter} enter"));
        let text = player.model.copied.clone().unwrap_or_default();
        assert!(text.contains(copied), "{letter}: {text}");
    }
    let player = Player::new(JSON).size(80, 24).keys("enter 3 enter j j j y p");
    assert_eq!(player.model.copied.as_deref(), Some("$.items[0].id"));
}

#[test]
fn the_request_under_way_can_be_copied_as_curl() {
    let mut player = Player::new(CHECKOUT).size(80, 24);
    player.hold = true;
    let player = player.keys("enter y c");
    assert!(player.model.copied.as_deref().is_some_and(|text| text.starts_with("curl ")));
}

#[test]
fn saving_asks_for_a_name_and_before_it_writes_over_a_file() {
    both("overlay-save", JSON, "enter 3 S");
    let mut player = Player::new(JSON).size(80, 24).keys("enter 3 S enter");
    let id = player.model.panes.body.of.unwrap().0;
    player
        .send(Message::Saved(Saved::Exists { what: Savable::Body(id), path: "items.json".into() }));
    assert_snapshot!("overlay-overwrite-80x24", player.screen());
    let player = player.keys("n");
    assert!(matches!(player.model.overlay, Some(Overlay::Save { exists: false, .. })));
}

#[test]
fn what_an_editor_returns_is_taken_back_or_said_to_be_wrong() {
    let mut player = Player::new(CHECKOUT).size(80, 24).keys("enter s alt-e");
    let Some(Overlay::Editor { input, .. }) = &player.model.overlay else { panic!("no editor") };
    let text = input.text().replace("GET ", "POST ");
    let edited = |text: String| Message::Edited { field: Field::Next, text: Ok(text) };
    player.send(edited(format!("{text}nonsense\n")));
    assert_snapshot!("overlay-next-error-80x24", player.screen());
    player.send(edited(format!("{text}\na=b\n")));
    let planned = player.model.session.as_ref().unwrap().chain.ready().unwrap();
    assert_eq!(planned.request.method.as_str(), "POST");
    assert_eq!(planned.request.body.as_ref().map(|body| &body.bytes[..]), Some(&b"a=b"[..]));
}

#[test]
fn a_page_that_leads_on_by_itself_is_a_step_of_its_own_kind() {
    every("soft", SOFT, "enter");
    both("soft-planned", SOFT, "enter F");
    both("soft-followed", SOFT, "enter c c F s");
}

#[test]
fn images_and_broken_json_say_what_they_are() {
    both("body-svg", IMAGE, "enter 3");
    both("body-broken", BROKEN, "enter 3");
}

#[test]
fn the_clients_pane_says_who_does_what_and_enter_steps_as_the_chosen_one() {
    let to_requests = "enter s 7 enter down down down right right right right right";
    both("clients-chosen", CHECKOUT, to_requests);
    let player = Player::new(CHECKOUT).size(80, 24).keys(&format!("{to_requests} enter"));
    let chain = &player.model.session.as_ref().unwrap().chain;
    assert_eq!(chain.hops.len(), 3);
    assert_eq!(chain.hops[2].client, "requests");
    assert_eq!(chain.hops[2].request.method.as_str(), "GET");
    assert!(chain.hops[2].request.fields.contains("Cookie"));
    both("clients-stepped", CHECKOUT, &format!("{to_requests} enter"));
}

#[test]
fn stepping_as_another_client_from_an_earlier_hop_is_a_run_of_its_own() {
    let player = Player::new(CHECKOUT).size(80, 24).keys("enter s s k 7 enter down enter");
    let session = player.model.session.as_ref().unwrap();
    assert_eq!(session.chain.hops.len(), 2);
    let State::InFlight(planned) = &session.chain.state else { panic!("not sent") };
    assert_eq!((planned.client.as_str(), planned.request.method.as_str()), ("got", "POST"));
    assert_eq!((session.number, player.model.others.len()), (2, 1));
    assert!(player.screen().contains("as got"), "{}", player.screen());
}

#[test]
fn the_matrix_tells_every_client_along_the_whole_chain() {
    every("clients-matrix", CHECKOUT, "enter s s 7 enter v down down");
}

#[test]
fn a_finding_has_carets_below_the_exact_bytes() {
    every("typo", TYPO, "enter");
}

#[test]
fn hostile_bytes_are_drawn_as_escapes() {
    every("hostile", HOSTILE, "enter");
    both("hostile-body", HOSTILE, "enter 3");
}

#[test]
fn a_dangerous_step_says_why_and_asks() {
    every("danger", DOWNGRADE, "enter s");
    both("danger-refused", DOWNGRADE, "enter s n");
}

#[test]
fn a_loop_is_said_before_and_after() {
    both("loop-ahead", LOOP, "enter s j");
    both("loop", LOOP, "enter c");
}

#[test]
fn a_failed_hop_keeps_its_row_and_says_what_to_try() {
    every("failed", EXPIRED, "enter s");
}

#[test]
fn a_long_chain_keeps_the_selected_hop_in_sight() {
    every("long", &long_chain(), "enter c k k k k k k k k");
}

#[test]
fn loading_shows_phase_time_and_how_to_cancel() {
    for (width, height) in SIZES {
        let mut player = Player::new(CHECKOUT).size(width, height).keys("enter");
        player.hold = true;
        let mut player = player.keys("s").report(vec![phase(Phase::Tls)]);
        player.send(Message::Tick { elapsed: Duration::from_millis(1_230) });
        assert_snapshot!(format!("loading-{width}x{height}"), player.screen());
    }
}

#[test]
fn a_body_that_arrives_shows_how_much_is_there() {
    let mut player = Player::new(JSON).size(120, 40);
    player.hold = true;
    let mut player = player.keys("enter");
    let exchange = Box::new(player.answer().unwrap());
    let body = FetchEvent::Body { received: 41_000_000, total: Some(100_000_000) };
    let player = player.report(vec![FetchEvent::Head { exchange, now: NOW }, body]);
    assert_snapshot!("arriving-120x40", player.screen());
}

#[test]
fn overlays_lie_above_everything() {
    for (name, keys) in [
        ("help", "?"),
        ("methods", "m"),
        ("clients", "a"),
        ("copy", "y"),
        ("headers", "h"),
        ("auth", "u \"me:secret\""),
        ("next", "E"),
        ("breakpoints", "b"),
        ("explain", "enter enter"),
        ("jump", ";"),
        ("palette", ":"),
        ("runs", "c k R o k"),
        ("palette-found", ": \"cop\" down"),
    ] {
        both(&format!("overlay-{name}"), CHECKOUT, &format!("enter s {keys}"));
    }
    let player = Player::new(CHECKOUT).size(40, 12).keys("enter s ?");
    assert_snapshot!("overlay-help-40x12", player.screen());
    let player = Player::new(CHECKOUT).size(40, 12).keys("enter s :");
    assert_snapshot!("overlay-palette-40x12", player.screen());
}

#[test]
fn the_palette_does_what_is_chosen_and_says_why_it_does_not() {
    let player = Player::new(CHECKOUT).size(80, 24).keys("enter : \"step\" enter");
    assert_eq!(player.model.session.as_ref().map(|session| session.chain.hops.len()), Some(2));
    assert_eq!(player.model.overlay, None);
    let player = Player::new(CHECKOUT).size(80, 24).keys("enter : \"compare\" enter");
    assert!(player.screen().contains("not now: there is no such run"), "{}", player.screen());
}

#[test]
fn a_letter_of_the_jump_overlay_goes_there() {
    let model = |keys: &str| Player::new(CHECKOUT).size(120, 40).keys(keys).model;
    let jumped = model("enter s ; a");
    assert_eq!((jumped.session.map(|session| session.selected), jumped.overlay), (Some(0), None));
    // the step below the first row: the request that it made
    assert_eq!(model("enter s k ; s").panes.open, Pane::Request);
    assert_eq!(model("enter s ; esc").overlay, None);
    let player = Player::first_screen(scenarios()).size(80, 24).keys("tab ;");
    assert_snapshot!("overlay-jump-first-80x24", player.screen());
}

#[test]
fn hops_that_repeat_others_are_one_row_until_they_are_unfolded() {
    every("repeats", &ping_pong(), "enter c k");
    let unfolded = Player::new(&ping_pong()).size(80, 24).keys("enter c k enter");
    assert!(unfolded.model.panes.unfolded);
    let folded = unfolded.keys("Z");
    assert!(!folded.model.panes.unfolded);
}

#[test]
fn the_filter_shows_only_hops_that_fit_and_counts_them() {
    every("filter", &long_chain(), "enter c f \"host:www2\"");
    both("filter-kept", &long_chain(), "enter c f \"!host:www2\" enter k k");
    both("filter-none", CHECKOUT, "enter s f \"zebra\"");
    both("filter-empty", CHECKOUT, "enter s f");
    let player = Player::new(CHECKOUT).size(80, 24).keys("enter s s f \"200\" enter esc");
    assert!(!player.model.filter.is_on());
}

#[test]
fn every_hop_is_searched_and_a_hit_leads_to_its_place() {
    every("find", CHECKOUT, "enter s s g / \"checkout\" down");
    both("find-begun", CHECKOUT, "enter s g");
    both("find-gone", CHECKOUT, "enter s s g / \"sid=\" enter");
    let gone = Player::new(CHECKOUT).size(80, 24).keys("enter s s g / \"order\" down down enter");
    assert_eq!(gone.model.overlay, None);
    assert!(gone.model.search.pattern.is_some());
    // another key than the sequence's counts by itself
    let player = Player::new(CHECKOUT).size(80, 24).keys("enter g s");
    assert_eq!(player.model.session.map(|session| session.chain.hops.len()), Some(2));
}

#[test]
fn secrets_are_masked_on_the_screen_and_in_copies() {
    const SECRET: &str = "8f3c1a77e0b24d55";
    every("private", CHECKOUT, "enter s p");
    for keys in ["1", "2", "3", "4", "7", "8", "G / \"sid\"", "g / \"sid\"", "y l", ": "] {
        let player = Player::new(CHECKOUT).size(120, 60).keys(&format!("enter s p {keys}"));
        assert!(!player.screen().contains(SECRET), "{keys}");
    }
    let copied = |keys: &str| {
        let player = Player::new(CHECKOUT).size(120, 60).keys(&format!("enter s {keys} y j"));
        player.model.copied.unwrap().contains(SECRET)
    };
    assert!(copied(""));
    assert!(!copied("p"));
    assert!(copied("p p"));
}

#[test]
fn the_border_between_chain_and_pane_moves() {
    both("split", CHECKOUT, "enter s > > >");
    let mut player = Player::new(CHECKOUT).size(120, 40).keys("enter s");
    let mouse = |kind, column| {
        let modifiers = crossterm::event::KeyModifiers::NONE;
        Event::Mouse(MouseEvent { kind, column, row: 10, modifiers })
    };
    let left = MouseButton::Left;
    let edge = Layout::of(&player.model).pane.x;
    player.event(&mouse(MouseEventKind::Down(left), edge));
    player.event(&mouse(MouseEventKind::Drag(left), 80));
    player.event(&mouse(MouseEventKind::Up(left), 80));
    player.event(&mouse(MouseEventKind::Drag(left), 30));
    assert_eq!(Layout::of(&player.model).pane.x, 81);
}

#[test]
fn glyphs_beyond_ascii_are_replaced_where_the_terminal_has_none() {
    for (width, height) in [(40, 12), (80, 24), (120, 40)] {
        let player = Player::new(CHECKOUT).size(width, height).keys("enter s");
        let screen = player.screen_in(&Theme::MONO.in_ascii());
        assert!(screen.is_ascii());
        assert_snapshot!(format!("ascii-{width}x{height}"), screen);
    }
    let player = Player::new(HOSTILE).size(80, 24).keys("enter");
    assert!(player.screen_in(&Theme::COLORS.in_ascii()).is_ascii());
}

#[test]
fn every_theme_draws_every_screen() {
    for (number, named) in theme::all().iter().enumerate() {
        let mut player = Player::new(CHECKOUT).size(120, 40).keys("enter s");
        player.send(Message::Navigate(Navigate::Theme(number)));
        let plain = player.screen();
        assert_eq!(player.screen_in(&named.theme()), plain, "{}", named.name);
        assert_snapshot!(format!("theme-{}-120x40", named.name), player.styled(&named.theme()));
    }
}

#[test]
fn search_marks_its_matches_and_counts_them() {
    both("search", CHECKOUT, "enter s / \"nginx\"");
    both("search-kept", CHECKOUT, "enter s / \"o\" enter n n");
    both("search-none", CHECKOUT, "enter s / \"zebra\"");
}

#[test]
fn the_url_bar_shows_its_cursor_and_its_keys() {
    both("url", CHECKOUT, "enter e \"?x=1\"");
}

#[test]
fn zoom_gives_the_pane_the_whole_screen() {
    both("zoom", CHECKOUT, "enter s z");
}

#[test]
fn what_is_too_small_says_so_in_one_line() {
    let player = Player::new(CHECKOUT).size(19, 4).keys("enter");
    assert_snapshot!("tiny-19x4", player.screen());
}

/// `cargo run --example picture` makes both anew.
#[test]
fn the_picture_and_the_keys_in_the_readme_are_current() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/");
    let read = |path: &str| std::fs::read_to_string(format!("{root}{path}")).unwrap();
    assert!(read("assets/screen.svg") == picture::svg(), "assets/screen.svg is old");
    assert_eq!(picture::with_keys(&read("README.md")), read("README.md"));
}

#[test]
fn colours_are_doubled_by_weight_and_glyph() {
    let player = Player::new(CHECKOUT).size(120, 40).keys("enter s");
    assert_snapshot!("style-colors-120x40", player.styled(&Theme::COLORS));
    assert_snapshot!("style-mono-120x40", player.styled(&Theme::MONO));
    let player = Player::new(HOSTILE).size(80, 24).keys("enter");
    assert_snapshot!("style-hostile-colors-80x24", player.styled(&Theme::COLORS));
    assert_snapshot!("style-hostile-mono-80x24", player.styled(&Theme::MONO));
}
