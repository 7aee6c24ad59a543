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
