//! The client whose rules decide, with curl's switches that alter them.

use crate::domain::client::Client;
use crate::domain::import::curl::Options;
use crate::domain::nearest::hint;

/// The client of this name; the error says which there are.
pub(crate) fn named(name: &str) -> Result<Client, String> {
    Client::named(name).ok_or_else(|| {
        let names: Vec<&str> = Client::names().collect();
        let near = hint(name, names.iter().copied());
        format!("there is no such client{near}; there are {}", names.join(", "))
    })
}

/// The client as curl's switches alter it.
pub(crate) fn switched(mut client: Client, options: &Options) -> Client {
    let switches = &options.switches;
    if switches.location_trusted {
        client.location_trusted();
    }
    let kept = [(switches.post301, 301), (switches.post302, 302), (switches.post303, 303)];
    for (_, status) in kept.iter().filter(|(kept, _)| *kept) {
        client.keep_post(*status);
    }
    if switches.follow {
        client.obey_status();
    }
    if switches.auto_referer {
        client.auto_referer();
    }
    client
}
