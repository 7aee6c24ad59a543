//! The client whose rules decide, with the switches that alter them.

use super::not_built;
use super::own::Cookies;
use crate::domain::client::Client;
use crate::domain::import::curl::{Options, Refusal, Switches};

/// The client of this name; the error says which there are.
pub(crate) fn named(name: &str) -> Result<Client, String> {
    Client::named(name).ok_or_else(|| "there is no profile of this client yet".to_owned())
}

/// The client as curl's switches and `--cookies` alter it.
pub(crate) fn switched(
    client: Client,
    options: &Options,
    cookies: Cookies,
) -> Result<Client, Refusal> {
    let plain = Switches { max_redirs: options.switches.max_redirs, ..Switches::default() };
    if options.switches != plain {
        return Err(not_built("--follow, --location-trusted, --post30x, -e ';auto'"));
    }
    if options.cookie_files.on || cookies != Cookies::Auto {
        return Err(not_built("--cookies, -b FILE, -c"));
    }
    Ok(client)
}
