//! What files say, and what is wrong with them.

use super::*;

fn read(text: &str) -> Result<Config, Vec<String>> {
    let faults = |faults: Vec<Fault>| faults.iter().map(Fault::to_string).collect();
    Config::read(&[File { name: "c.toml", text }]).map_err(faults)
}

#[test]
fn the_project_lies_over_the_user() {
    let user = "client = \"go\"\n[rules]\nslow-hop = \"off\"\n[hosts]\nfirst-party = [\"a.test\"]\n[limits]\nredirects = 5\nslow-hop = \"2s\"\n";
    let project = "client = \"node\"\n[hosts]\nfirst-party = [\"*.B.test\"]\n[rules]\nchain-too-long = \"error\"\n\
                   [[suppress]]\nrule = \"redirect-loop\"\nurl = \"https://a.test/*\"\nreason = \"by design\"\n";
    let files = [File { name: "u", text: user }, File { name: "p", text: project }];
    let config = Config::read(&files).unwrap();
    let policy = config.policy();
    assert_eq!(config.client.as_ref().unwrap().value, "node");
    assert_eq!(policy.trusted, ["a.test", "b.test"]);
    assert_eq!((policy.redirects, policy.slow_hop), (5, Duration::from_secs(2)));
    assert_eq!(policy.severities["slow-hop"], None);
    assert_eq!(policy.severities["chain-too-long"], Some(Severity::Error));
    assert_eq!(policy.suppressions[0].reason, "by design");
    let shown = config.show();
    for line in [
        "client = \"node\"                                  # p:1",
        "limits.redirects = 5                             # u:7",
        "limits.login-redirects = 8                       # default",
        "rules.slow-hop = \"off\"                           # u:3",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{line}\n{shown}");
    }
}

#[test]
fn every_fault_has_its_place_and_the_nearest_name() {
    for (text, fault) in [
        ("clint = \"go\"", "c.toml:1:1: the file takes no \"clint\" (did you mean \"client\"?)"),
        ("client = 3", "c.toml:1:10: client: expected a text in quotes, not a number"),
        (
            "[rules]\nslow-hopp = \"off\"",
            "c.toml:2:1: rules takes no \"slow-hopp\" (did you mean \"slow-hop\"?)",
        ),
        (
            "[limits]\nslow-hop = \"soon\"",
            "c.toml:2:12: slow-hop: expected a time such as \"500ms\", \"2s\" or \"1m\"",
        ),
        (
            "[hosts]\nfirst-party = [\"http://a.test/\"]",
            "c.toml:2:16: first-party: expected a host name such as \"example.com\", not \"http://a.test/\"",
        ),
        ("[[suppress]]\nrule = \"slow-hop\"", "c.toml:1:1: suppress: url is missing"),
        ("a = ", "c.toml:1:5: "),
    ] {
        let faults = read(text).unwrap_err();
        assert!(faults[0].starts_with(fault), "{faults:?}");
    }
    let faults = read("[rules]\nslow-hop = \"of\"").unwrap_err();
    assert!(faults[0].ends_with("not \"of\" (did you mean \"off\"?)"), "{faults:?}");
}

#[test]
fn the_default_is_the_catalogues_own_policy() {
    assert_eq!(Config::default().policy(), Policy::default());
}
