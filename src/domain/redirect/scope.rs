//! Scopes: whether a URL is near enough for a field to travel there.

use url::Url;

use crate::domain::client::Client;
use crate::domain::client::scope::{Basis, Keep, Scope};
use crate::domain::http::origin::{is_upgrade, same_origin};

use super::location::Landing;

/// A client's step from one URL to the next, with the first URL of the chain.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step<'a> {
    pub client: &'a Client,
    pub first: &'a Url,
    pub previous: &'a Url,
    /// The authority of the previous URL as it was written.
    pub previous_authority: Option<&'a str>,
    pub landing: &'a Landing,
}

impl<'a> Step<'a> {
    /// The next URL.
    pub(super) fn next(&self) -> &'a Url {
        &self.landing.url
    }

    /// The authority of the Location as it is written, if it names any.
    pub(super) fn next_authority(&self) -> Option<&'a str> {
        self.landing.authority.as_deref()
    }

    /// Whether a field under this rule goes along.
    pub(super) fn allows(&self, keep: Keep) -> bool {
        let basis = match keep.of {
            Basis::Previous => self.previous,
            Basis::Initial => self.first,
        };
        match keep.within {
            Scope::Always => true,
            Scope::Never => false,
            Scope::Host => basis.host() == self.next().host(),
            Scope::HostOrSubdomain => {
                basis.host() == self.next().host() || is_subdomain(&host(self.next()), &host(basis))
            }
            Scope::HostPort => {
                basis.host() == self.next().host()
                    && basis.port_or_known_default() == self.next().port_or_known_default()
            }
            Scope::AuthorityOrSubdomain => {
                let (next, basis_host) = (authority(self.next()), authority(basis));
                (next == basis_host || is_subdomain(&next, &basis_host))
                    && (basis.scheme() == self.next().scheme() || self.next().scheme() == "https")
            }
            Scope::Origin => same_origin(basis, self.next()),
            Scope::OriginLiteral => same_origin(basis, self.next()) && self.same_port_text(),
            Scope::OriginLiteralCase => same_origin(basis, self.next()) && self.same_authority(),
            Scope::OriginOrUpgrade => {
                same_origin(basis, self.next()) || is_upgrade(basis, self.next())
            }
        }
    }

    /// The port is written in both or in neither; a Location without host changes nothing.
    fn same_port_text(&self) -> bool {
        let Some(next) = self.next_authority() else { return true };
        let previous = match self.previous_authority {
            Some(text) => has_port(text),
            None => self.previous.port().is_some(),
        };
        previous == has_port(next)
    }

    /// Letter by letter, userinfo included.
    fn same_authority(&self) -> bool {
        match (self.previous_authority, self.next_authority()) {
            (_, None) => true,
            (Some(previous), Some(next)) => previous == next,
            (None, Some(next)) => self.previous.authority() == next,
        }
    }
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

/// Host and port, the default port left out.
fn authority(url: &Url) -> String {
    url[url::Position::BeforeHost..url::Position::AfterPort].to_owned()
}

fn is_subdomain(name: &str, of: &str) -> bool {
    name.strip_suffix(of).is_some_and(|rest| rest.ends_with('.'))
}

fn has_port(authority: &str) -> bool {
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    host.rsplit_once(':').is_some_and(|(_, port)| !port.contains(']'))
}
