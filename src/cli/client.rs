//! The client whose rules decide, by its name.

use crate::domain::client::Client;
use crate::domain::nearest::hint;

/// The client of this name; the error says which there are.
pub(crate) fn named(name: &str) -> Result<Client, String> {
    Client::named(name).ok_or_else(|| {
        let names: Vec<&str> = Client::names().collect();
        let near = hint(name, names.iter().copied());
        format!("there is no such client{near}; there are {}", names.join(", "))
    })
}
