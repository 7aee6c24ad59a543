//! The privacy key: a secret of each kind in every place, and none of them in any pane, overlay, size or copy.

use hopstep::app::message::{Message, Past};
use hopstep::domain::history::Entry;

use super::player::Player;
use super::scenarios;

/// By name, by shape and by entropy; in the URL, fields, cookies, bodies and Locations.
const WORLD: &str = r#"
[request]
method = "POST"
target = "http://me:USERINFOpw02@a.test/in?token=QUERYs3cret01#access_token=FRAGMENTtok03"
body = "user=me&password=BODYformpw08"
type = "application/x-www-form-urlencoded"
fields = [
  ["X-Api-Key", "HEADERapikey04"], ["X-Note", "ghp_HEADERshape05abcdef0123456789"],
  ["Authorization", "Bearer BEARERtok13abcdef"], ["Cookie", "sid=COOKIEsid06a9f3c1e7b2d4; taste=SaltPlum"],
]
[[responses]]
status = 307
fields = [
  ["Location", "http://u:LOCATIONpw10@a.test/next?access_token=LOCATIONtok09#id_token=LOCATIONtok09"],
  ["Set-Cookie", "sid=SETCOOKIEsid11f3a9c1e7; Path=/"], ["Set-Cookie", "mood=CalmDusk"],
  ["X-Note", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJzaGFwZTE1In0.c2lnbmF0dXJlMTU"],
]
body = "<a href=\"/next?access_token=LOCATIONtok09\">Found</a> QUERYs3cret01"
[[responses]]
status = 302
fields = [["Location", "http://b.test/end?next=%2Fcb%3Ftoken%3DNESTEDtok14"]]
[[responses]]
status = 200
fields = [["Content-Type", "application/json"]]
body = "{\"refresh_token\": \"RESPONSEtok12\", \"echo\": \"NESTEDtok14\"}"
"#;

const SECRETS: [&str; 16] = [
    "QUERYs3cret01",
    "USERINFOpw02",
    "FRAGMENTtok03",
    "HEADERapikey04",
    "HEADERshape05",
    "COOKIEsid06",
    // nothing tells that these are secrets but that they are cookies
    "SaltPlum",
    "CalmDusk",
    "BODYformpw08",
    "LOCATIONtok09",
    "LOCATIONpw10",
    "SETCOOKIEsid11",
    "RESPONSEtok12",
    "BEARERtok13",
    "NESTEDtok14",
    "eyJzdWIiOiJzaGFwZTE1In0",
];

fn at(width: u16, height: u16, keys: &str) -> Player {
    Player::new(WORLD).size(width, height).keys(&format!("enter {keys}"))
}

fn shown<'a>(text: &str) -> Vec<&'a str> {
    SECRETS.into_iter().filter(|secret| text.contains(secret)).collect()
}

/// Paused at the first hop, and at the end of three.
const PLACES: [&str; 2] = ["p", "s s y p"];

#[test]
fn no_pane_and_no_overlay_shows_a_secret() {
    let mut faults = Vec::new();
    let open = |keys: &str| !shown(&at(200, 60, keys).screen()).is_empty();
    let end = at(80, 24, PLACES[1]);
    assert_eq!(end.model.session.map(|session| session.chain.hops.len()), Some(3));
    assert!(open("2") && open("3") && open("4") && open("1"));
    for place in PLACES {
        for keys in [
            "",
            "1",
            "2",
            "3",
            "4",
            "5",
            "6",
            "7",
            "8",
            "1 G",
            "2 G",
            "3 G",
            "4 G",
            "7 G",
            "8 G",
            "z",
            "2 z",
            "3 w",
            "7 enter",
            "8 enter",
            "?",
            ":",
            "y",
            "y i",
            "y o",
            "E",
            "y p",
            "y f",
            "V",
            "P",
            "x",
            "o",
            "b",
            "a",
            "D",
            "m",
            "g /",
            "g / \"tok\"",
            "/ \"tok\"",
            "R",
            "s",
            "h",
        ] {
            for (width, height) in [(80, 24), (200, 60)] {
                let screen = at(width, height, &format!("{place} {keys}")).screen();
                let secrets = shown(&screen);
                if !secrets.is_empty() {
                    faults.push(format!("{place:?} {keys:?} {width}x{height}: {secrets:?}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn no_copy_holds_a_secret() {
    let mut faults = Vec::new();
    for place in PLACES {
        for keys in [
            "y c",
            "y a",
            "y u",
            "y l",
            "y h",
            "y r",
            "y b",
            "y m",
            "y j",
            "y i enter",
            "y i down down enter",
            "y o enter",
            "y o down enter",
            "y f enter",
        ] {
            let copied = at(120, 40, &format!("{place} {keys}")).model.copied.unwrap_or_default();
            let secrets = shown(&copied);
            if !secrets.is_empty() {
                faults.push(format!("{place:?} {keys:?}: {secrets:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn bodies_side_by_side_are_masked_with_the_secrets_of_both_runs() {
    let shown = |keys: &str| Player::new(super::worlds::TWICE).size(200, 60).keys(keys).screen();
    let (plain, masked) = (shown("enter r ="), shown("enter r p ="));
    for secret in ["FIRSTs3cret0001", "SECONDs3cret0002"] {
        assert!(plain.contains(secret) && !masked.contains(secret), "{masked}");
    }
    assert!(masked.contains("$.items[0].name"), "{masked}");
}

/// Where the user has secrets recorded, recorded chains hold them.
#[test]
fn lists_of_recorded_chains_and_suggestions_show_no_secret() {
    let url = "http://shop.test/cb?token=RECORDEDtok15";
    let entries = vec![Entry { id: 1, url: url.to_owned(), ..Entry::default() }];
    let recent = |keys: &str| {
        let mut player = Player::first_screen(scenarios()).size(120, 40);
        player.send(Message::Past(Past::Recent { entries: entries.clone(), now: 0 }));
        player.keys(keys).screen()
    };
    let listed = |keys: &str| {
        let mut player = at(120, 40, keys);
        let entries = entries.clone();
        player.send(Message::Past(Past::Listed { search: String::new(), entries, now: 0 }));
        player.screen()
    };
    let suggested = |keys: &str| {
        let mut player = at(120, 40, keys);
        player.send(Message::Past(Past::Urls(vec![url.to_owned()])));
        player.keys("e ctrl-u \"shop\"").screen()
    };
    let screens = [
        (recent("tab"), recent("tab p")),
        (listed("H"), listed("p H")),
        (suggested(""), suggested("p")),
    ];
    for (plain, masked) in screens {
        assert!(plain.contains("RECORDEDtok15"), "{plain}");
        assert!(masked.contains("/cb?token=***") && !masked.contains("RECORDED"), "{masked}");
    }
}
