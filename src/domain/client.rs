//! Client: the parameters of one HTTP client's redirect behaviour, read from `assets/clients/*.toml`.

/// One client's redirect behaviour.
#[derive(Clone, PartialEq, Debug)]
pub struct Client {
    /// The name that `--as` takes.
    pub name: String,
}

impl Client {
    /// The client of this name, `None` when there is none.
    pub fn named(name: &str) -> Option<Client> {
        (name == "curl").then(|| Client { name: name.to_owned() })
    }
}
