//! Searches: what they find in every hop, and how one goes round among the matches.

use hopstep::app::message::{BodyMatches, Message};

use super::player::Player;
use super::worlds::{CHECKOUT, JSON};

#[test]
fn the_search_through_all_hops_finds_what_was_sent_too() {
    let player = Player::new(CHECKOUT).size(80, 24).keys("enter c g / \"teapot\"");
    let screen = player.screen();
    assert!(screen.contains("1 Request   item=teapot&quantity=1"), "{screen}");
    let screen = player.keys("down enter").screen();
    assert!(screen.contains("▶2 POST 302") && screen.contains("/teapot  1 of 1"), "{screen}");
}

#[test]
fn one_goes_round_among_the_matches_that_are_kept_and_is_told_of_the_others() {
    let mut player = Player::new(JSON).size(80, 24).keys("enter 3 enter / \"kitchen\" enter");
    let found = |player: &Player| BodyMatches {
        search: player.model.search.asked.clone().unwrap(),
        found: 110_000,
        searched: 5_000_000,
        complete: true,
        line: Some(6),
    };
    let first = found(&player);
    player.send(Message::BodyMatches(Box::new(first)));
    let mut player = player.keys("N");
    assert_eq!(player.model.search.nth, 99_999);
    assert!(player.screen().contains("only the first 100000 of 110000 matches"));
    let last = found(&player);
    player.send(Message::BodyMatches(Box::new(last)));
    assert_eq!(player.keys("n").model.search.nth, 0);
}
