//! The chain's rows: which are shown, which is marked, what the keys say that change them.

use super::player::Player;
use super::worlds::{CHECKOUT, ping_pong};

#[test]
fn a_key_never_does_nothing_without_a_word() {
    for (world, keys, says) in [
        (CHECKOUT.to_owned(), "enter s Z", "nothing to fold"),
        (ping_pong(), "enter c f \"302\" enter Z", "a filter shows each hop that fits"),
    ] {
        let player = Player::new(&world).size(80, 24).keys(keys);
        assert!(player.screen().contains(says), "{}", player.screen());
    }
}

#[test]
fn a_row_is_marked_whatever_the_filter_hides_and_what_it_hid_comes_back() {
    let marked = |keys: &str| {
        let player = Player::new(CHECKOUT).size(80, 24).keys(keys);
        let screen = player.screen();
        let rows = screen.lines().filter(|line| line.starts_with('▶')).map(str::to_owned);
        rows.map(|row| row[..row.len().min(8)].to_owned()).collect::<Vec<_>>()
    };
    // also what the next steps bring, and while it is typed
    assert_eq!(marked("enter f \"308\" enter k s s"), ["▶1 POS"]);
    assert_eq!(marked("enter s s f \"30\""), ["▶2 POS"]);
    assert_eq!(marked("enter s s f \"308\""), ["▶1 POS"]);
    assert_eq!(marked("enter s s f \"308\" esc"), ["▶3 GET"]);
    assert_eq!(marked("enter s s f \"308\" backspace backspace backspace"), ["▶3 GET"]);
    assert_eq!(marked("enter s s f \"!200\" enter k esc"), ["▶1 POS"]);
}

#[test]
fn steps_that_say_nothing_take_no_line_of_a_chain_that_does_not_fit() {
    let hops = (1..=40).map(|hop| {
        let location = if hop % 10 == 0 { "http://other.test" } else { "" };
        format!("[[responses]]\nstatus = 302\nfields = [[\"Location\", \"{location}/{hop}\"]]\n")
    });
    let world = format!(
        "[request]\ntarget = \"http://a.test/\"\n{}[[responses]]\nstatus = 200\n",
        hops.collect::<String>()
    );
    super::every("long-quiet", &world, "enter c");
    // a click finds the row that it sees
    let mut player = Player::new(&world).size(120, 40).keys("enter c g g down down");
    super::reach::click(&mut player, "12 GET");
    assert_eq!(player.model.session.map(|session| session.selected), Some(11));
}

/// The steps beside the rows of the chain.
fn steps(player: &Player) -> Vec<String> {
    let screen = player.screen();
    let beside = |line: &str| Some(line.rsplit_once(" │")?.1.trim().to_owned());
    screen.lines().skip(1).map_while(beside).collect()
}

/// A step to this Location, of a form with a password.
fn step_to(location: &str) -> String {
    format!(
        "[request]\nmethod = \"POST\"\ntarget = \"http://shop.test/checkout/confirm\"\nbody = \"a=b\"\nuser = \"me:secret\"\n\
         [[responses]]\nstatus = 302\nfields = [[\"Location\", \"{location}\"]]\n[[responses]]\nstatus = 200\n"
    )
}

#[test]
fn a_step_names_all_that_the_rows_do_not_tell() {
    let at = |width, location: &str| {
        let player = Player::new(&step_to(location)).size(width, 24).keys("enter");
        let screen = player.screen();
        let step = steps(&player).remove(0);
        assert!(!step.contains('…'), "{screen}");
        assert!(screen.contains("GET  ··· http"), "{screen}");
        step
    };
    // another host, and with it the password: the rows tell the host
    assert_eq!(at(80, "http://pay.test/confirmed/orders"), "POST → GET  − body  − Authorization");
    assert_eq!(at(80, "https://pay.test/confirmed/orders"), "POST → GET  − body  − Authorization");
    assert_eq!(at(99, "http://pay.test/a"), "POST → GET  − body  other host  − Authorization");
    assert_eq!(at(66, "http://pay.test/a"), "− body  − Authorization");
    assert_eq!(at(60, "http://pay.test/a"), "− body  +1 more");
    // where less is lost, times and the host have room as well
    let world = step_to("https://pay.test/confirmed").replace("user = \"me:secret\"\n", "");
    let player = Player::new(&world).size(80, 24).keys("enter");
    assert_eq!(steps(&player)[0], "POST → GET  − body");
    assert!(player.screen().contains(" ms "), "{}", player.screen());
}

#[test]
fn a_row_counts_no_finding_that_its_first_pane_does_not_name() {
    let world = CHECKOUT.replace("body = \"item", "user = \"me:secret\"\nbody = \"item");
    let leaks = world.replace("https://shop.test/checkout", "http://pay.test/checkout");
    let leaks =
        leaks.replace("user =", "fields = [[\"X-Api-Key\", \"k7Jq2mVx9TzR4bLw8YpN\"]]\nuser =");
    let player = Player::new(&leaks).size(90, 30).keys("enter");
    let found = "also  ✖ custom-credential-forwarded-cross-origin in the pane Request";
    assert!(player.screen().contains(found), "{}", player.screen());
    assert!(player.keys("2").screen().contains("X-Api-Key looks like a credential"));
}
