//! Client: the parameters of one HTTP client's redirect behaviour, read from `assets/clients/*.toml`.

/// One client's redirect behaviour.
#[derive(Clone, PartialEq, Debug)]
pub struct Client {
    /// The name that `--as` takes.
    pub name: String,
}

impl Client {
    /// Every name that `--as` takes, in the order of the list.
    pub fn names() -> impl Iterator<Item = &'static str> {
        ["curl"].into_iter()
    }

    /// The client of this name, `None` when there is none.
    pub fn named(name: &str) -> Option<Client> {
        (name == "curl").then(|| Client { name: name.to_owned() })
    }
}
