//! What a key costs on the drawing thread: `update` and `draw` with ordinary, long and huge chains.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    dead_code,
    reason = "shares the support code of the tests"
)]

#[path = "../tests/support/player.rs"]
mod player;
#[path = "../tests/support/world.rs"]
mod world;
#[path = "../tests/screens/worlds.rs"]
mod worlds;

use divan::Bencher;
use hopstep::app::body;
use hopstep::app::effect::Effect;
use hopstep::app::message::{Message, Navigate};
use hopstep::app::update::update;
use hopstep::domain::body_view::{Index, View};
use hopstep::tui::theme::Theme;
use hopstep::tui::view;
use player::Player;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

fn main() {
    divan::main();
}

/// One key and the frame after it.
fn key_to_frame(bencher: Bencher<'_, '_>, player: Player) {
    let mut model = player.model;
    let mut terminal = Terminal::new(TestBackend::new(120, 40)).unwrap();
    bencher.bench_local(|| {
        update(&mut model, Message::Navigate(Navigate::Scroll(1)));
        terminal.draw(|frame| view::draw(&model, &Theme::COLORS, frame)).unwrap();
    });
}

#[divan::bench]
fn checkout(bencher: Bencher<'_, '_>) {
    key_to_frame(bencher, Player::new(worlds::CHECKOUT).size(120, 40).keys("enter s"));
}

#[divan::bench]
fn a_thousand_hops(bencher: Bencher<'_, '_>) {
    let mut world = String::from("request = { target = \"http://a.test/0\" }\nmax-hops = 2000\n");
    for hop in 1..=1000 {
        world.push_str(&format!(
            "[[responses]]\nstatus = 302\nfields = [[\"Location\", \"/{hop}\"]]\n"
        ));
    }
    key_to_frame(bencher, Player::new(&world).size(120, 40).keys("enter c"));
}

/// 100 MB of JSON in one line: a key in the body pane, the window that the worker answers with, and the frame after it.
#[divan::bench]
fn a_hundred_megabytes_of_json(bencher: Bencher<'_, '_>) {
    let item = br#"{"id":17,"name":"teapot","price":12.5,"tags":["kitchen","sale"],"stock":null},"#;
    let mut json = b"{\"items\":[".to_vec();
    while json.len() < 100_000_000 {
        json.extend_from_slice(item);
    }
    json.extend_from_slice(b"0]}");
    let mut index = Index::new(View::Json, encoding_rs::UTF_8);
    json.chunks(64 << 10).for_each(|block| index.feed(block));
    index.finish();
    let read = |start: u64, len: usize| {
        let start = json.len().min(start as usize);
        json[start..json.len().min(start + len)].to_vec()
    };
    let mut model = Player::new(worlds::JSON).size(120, 40).keys("enter 3 enter").model;
    let mut terminal = Terminal::new(TestBackend::new(120, 40)).unwrap();
    bencher.bench_local(|| {
        for effect in update(&mut model, Message::Navigate(Navigate::PageDown)) {
            if let Effect::ReadBody(query) = effect {
                let window = body::window(&index, &query, true, &read);
                update(&mut model, Message::BodyWindow(Box::new(window)));
            }
        }
        terminal.draw(|frame| view::draw(&model, &Theme::COLORS, frame)).unwrap();
    });
}

#[divan::bench]
fn a_head_of_ten_thousand_lines(bencher: Bencher<'_, '_>) {
    let field = "[\"X-Filler\", \"0123456789012345678901234\"]";
    let fields = vec![field; 10_000].join(",");
    let world = format!(
        "request = {{ target = \"http://a.test/\" }}\n[[responses]]\nstatus = 200\nfields = [{fields}]\n"
    );
    key_to_frame(bencher, Player::new(&world).size(120, 40).keys("enter enter"));
}
