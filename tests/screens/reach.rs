//! What a screen leads to: references as links of the terminal, places in every hop, suggestions and recent chains to click.

use crossterm::event::{Event, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use hopstep::app::effect::{Ask, Effect};
use hopstep::app::message::{Message, Navigate, Past, Then};
use hopstep::app::pane::{Focus, Pane};
use hopstep::app::update::update;
use hopstep::tui::theme::Theme;

use super::player::Player;
use super::worlds::CHECKOUT;
use super::{SIZES, gallery, scenarios};

/// A click where this text stands.
pub(crate) fn click(player: &mut Player, text: &str) {
    let screen = player.screen();
    let (row, line) = screen.lines().enumerate().find(|(_, line)| line.contains(text)).unwrap();
    let column = line[..line.find(text).unwrap()].chars().count() as u16;
    let kind = MouseEventKind::Down(MouseButton::Left);
    let row = row as u16;
    player.event(&Event::Mouse(MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE }));
}

#[test]
fn a_suggestion_is_taken_by_a_click() {
    let mut player = Player::first_screen(scenarios()).size(80, 24);
    player.model.urls = Some(vec!["http://shop.test/".into(), "http://show.test/".into()]);
    let mut player = player.keys("\"sh\"");
    click(&mut player, "http://show.test/");
    assert_eq!(player.model.form.url.text(), "http://show.test/");
    assert!(player.model.completion.is_none() && player.model.session.is_none());
    // a field of an editor has them too
    let mut player = Player::new(CHECKOUT).size(80, 24).keys("enter s h enter \"if-n\"");
    click(&mut player, "If-None-Match");
    assert!(player.screen().contains("If-None-Match: "), "{}", player.screen());
}

#[test]
fn a_recent_chain_is_shown_again_by_a_key_or_a_click() {
    let recent = || Message::Past(Past::Recent { entries: gallery::history(), now: 0 });
    let show = |id| vec![Effect::History(Ask::Load { id, then: Then::Show })];
    let mut player = Player::first_screen(scenarios()).size(80, 24);
    player.send(recent());
    let mut player = player.keys("tab j");
    assert_eq!(update(&mut player.model, Message::Navigate(Navigate::Enter)), show(2));
    click(&mut player, "stopped");
    click(&mut player, "stopped");
    assert_eq!(player.model.scenario, 2);
    assert_eq!(update(&mut player.model, Message::Navigate(Navigate::Enter)), show(3));
    // what was selected before they came stays selected
    let mut player = Player::first_screen(scenarios()).size(80, 24).keys("tab j");
    let selected = |player: &Player| {
        player.screen().lines().find(|line| line.contains('▶')).map(str::to_owned)
    };
    let before = selected(&player);
    player.send(recent());
    assert_eq!(selected(&player), before);
}

/// Cells without what makes links of them.
fn without_links(symbol: &str) -> String {
    let mut rest = symbol.to_owned();
    while let Some((start, (_, after))) =
        rest.find("\x1b]8;").and_then(|at| Some((at, rest[at..].split_once("\x1b\\")?)))
    {
        rest = format!("{}{after}", &rest[..start]);
    }
    rest
}

#[test]
fn references_are_links_that_change_nothing_else_on_the_screen() {
    for (width, height) in SIZES {
        let player = Player::new(CHECKOUT).size(width, height).keys("enter s enter enter G");
        let (plain, linked) = (player.draw(&Theme::MONO), player.draw(&Theme::MONO.linking(true)));
        let symbols = |of: &ratatui::Terminal<ratatui::backend::TestBackend>| {
            let cells = of.backend().buffer().content().iter();
            cells.map(|cell| (cell.symbol().to_owned(), cell.style())).collect::<Vec<_>>()
        };
        let (plain, linked) = (symbols(&plain), symbols(&linked));
        let rfc =
            linked.iter().filter(|(symbol, _)| symbol.contains("https://www.rfc-editor.org/rfc/"));
        assert!(rfc.count() >= "RFC 9110".len(), "{width}x{height}");
        let stripped: Vec<_> =
            linked.iter().map(|(symbol, style)| (without_links(symbol), *style)).collect();
        assert!(stripped == plain, "{width}x{height}");
    }
}

#[test]
fn every_hop_is_searched_to_the_end_of_its_body() {
    let body = format!("{}the needle", "straw ".repeat(40_000));
    let long = CHECKOUT.replace("<html></html>", &body);
    let player = Player::new(&long).size(120, 40).keys("enter s g / \"needle\"");
    assert!(player.screen().contains("1 place"), "{}", player.screen());
    let player = player.keys("enter");
    assert_eq!((player.model.panes.open, player.model.focus), (Pane::Body, Focus::Pane));
}

#[test]
fn what_lies_over_the_first_screen_names_the_key_that_closes_it() {
    for (keys, end) in [
        ("alt-h", "Esc done"),
        ("alt-d", "Esc done"),
        ("alt-u", "Esc done"),
        ("alt-m", "Esc back"),
        ("alt-a", "Esc back"),
        ("alt-x", "Esc close"),
        ("tab ?", "Esc close"),
    ] {
        for (width, height) in [(40, 12), (80, 24)] {
            let screen = Player::first_screen(scenarios()).size(width, height).keys(keys).screen();
            let footer = screen.lines().last().unwrap_or_default();
            assert!(footer.contains(end) && !footer.contains("as before"), "{keys}: {footer}");
        }
    }
}

#[test]
fn the_list_of_runs_says_where_a_run_began() {
    let screen = Player::new(CHECKOUT).size(80, 24).keys("enter c k R o").screen();
    assert!(screen.contains("from hop 2 of run 1"), "{screen}");
}

#[test]
fn titles_of_scenarios_have_all_of_a_narrow_screen() {
    let mut player = Player::first_screen(scenarios());
    player.model.scenarios[1].title = "307: the same request again, elsewhere".to_owned();
    let screen = player.size(40, 12).screen();
    assert!(screen.contains("307: the same request again, else"), "{screen}");
    let short = screen.lines().find(|line| line.contains("A clean move to https"));
    assert!(short.is_some_and(|line| !line.contains('…')), "{screen}");
}
