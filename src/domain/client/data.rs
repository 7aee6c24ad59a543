//! The clients as their data files have them, `assets/clients/*.toml`: what build.rs made of each.

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error;

use super::Client;
use super::scope::Keep;

/// Makes the defaults one client.
type Made = fn(&mut Client) -> Result<(), Error>;

include!(concat!(env!("OUT_DIR"), "/clients.rs"));

/// The client of this name, `None` when there is none. The others are not made.
pub(super) fn named(name: &str) -> Option<Client> {
    let (name, make) = CLIENTS.iter().find(|(stem, _)| *stem == name)?;
    let mut client = Client { name: (*name).to_owned(), ..Client::default() };
    make(&mut client).ok()?;
    Some(client)
}

/// Every name, sorted.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    CLIENTS.iter().map(|(name, _)| *name)
}

/// A parameter's value by its name.
fn word<'a, T: Deserialize<'a>>(word: &'a str) -> Result<T, Error> {
    T::deserialize(word.into_deserializer())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::client::parameters::WRITTEN;

    #[test]
    fn the_clients_are_what_a_toml_parser_reads() {
        assert!(names().eq(WRITTEN.iter().map(|(stem, _)| *stem)));
        for (name, text) in WRITTEN {
            let written: Client = toml::from_str(text).unwrap();
            let written = Client { name: (*name).to_owned(), ..written };
            assert_eq!(named(name), Some(written), "{name}");
        }
    }
}
