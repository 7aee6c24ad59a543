//! Whatever the user and the world do, the program survives: any messages, events and sizes, with the screen drawn after each.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "support/happenings.rs"]
mod happenings;
#[path = "support/player.rs"]
#[allow(dead_code, reason = "shared with tests/screens.rs")]
mod player;
#[path = "support/world.rs"]
mod world;
#[path = "screens/worlds.rs"]
#[allow(dead_code, reason = "shared with tests/screens.rs")]
mod worlds;

use happenings::{happening, size};
use hopstep::app::layout::Layout;
use hopstep::app::page;
use hopstep::app::pane::Pane;
use hopstep::domain::escape::is_visible;
use hopstep::domain::text::width;
use hopstep::tui::theme::Theme;
use player::Player;
use proptest::prelude::*;
use worlds::{
    BROKEN, CHECKOUT, DOWNGRADE, EXPIRED, HOSTILE, IMAGE, JSON, LANDING, LOOP, SOFT, TYPO,
    long_chain, ping_pong,
};

/// How often each property is tried: as often as `PROPTEST_CASES` says, else seldom enough for every commit.
fn cases(few: u32) -> ProptestConfig {
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    let usual = ProptestConfig::default();
    let cases = if asked { usual.cases } else { few };
    // what is found becomes a test; seeds that depend on the generator are of no use
    ProptestConfig { cases, failure_persistence: None, ..usual }
}

fn world() -> impl Strategy<Value = String> {
    let short = [
        BROKEN, CHECKOUT, DOWNGRADE, EXPIRED, HOSTILE, IMAGE, JSON, LANDING, LOOP, SOFT, TYPO,
        CHECKOUT,
    ];
    let mut worlds = short.map(str::to_owned).to_vec();
    worlds.extend([long_chain(), ping_pong()]);
    prop::sample::select(worlds)
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
    // a page that is kept says what it would say if it were laid out now, also where secrets are masked
    for model in std::iter::once(&player.model).chain(player.model.public.as_deref()) {
        let layout = Layout::of(model);
        let (pane, beside) = (model.panes.open, model.panes.open.companion());
        for (pane, area) in [(pane, layout.pane_inner()), (beside, layout.companion_inner())] {
            let kept = page::lines(model, pane, area.width);
            assert_eq!(*kept, page::laid_out(model, pane, area.width));
        }
    }
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn any_sequence_of_events_is_survived(
        world in world(),
        start in prop::sample::select(vec!["", "enter", "enter s", "enter s s s", "enter c", "enter c y c"]),
        (columns, rows) in size(),
        hold in any::<bool>(),
        happenings in prop::collection::vec(happening(), 1..60),
    ) {
        let mut player = Player::new(&world).again_and_again().size(columns, rows).keys(start);
        player.hold = hold;
        for happening in happenings {
            player.undergo(happening);
            look(&player);
        }
    }

    #[test]
    fn every_character_of_a_page_can_be_seen(
        world in world(),
        columns in 8u16..130,
        steps in 0usize..3,
    ) {
        let player = Player::new(&world).keys("enter").keys(&"s ".repeat(steps));
        for pane in Pane::ALL {
            for line in page::lines(&player.model, pane, columns).iter() {
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
