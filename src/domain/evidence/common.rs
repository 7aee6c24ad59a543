//! Common: which parts of two URLs are the same, found out once for all that ask.

use url::Url;

/// The parts that are the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Common {
    pub scheme: bool,
    pub host: bool,
    /// The effective port.
    pub port: bool,
    pub path: bool,
    pub query: bool,
}

impl Common {
    pub fn of(a: &Url, b: &Url) -> Common {
        let scheme = a.scheme() == b.scheme();
        let port = match scheme {
            true => a.port() == b.port(),
            false => a.port_or_known_default() == b.port_or_known_default(),
        };
        Common {
            scheme,
            host: a.host() == b.host(),
            port,
            path: a.path() == b.path(),
            query: a.query() == b.query(),
        }
    }

    /// Scheme, host and port.
    pub fn origin(self) -> bool {
        self.scheme && self.host && self.port
    }
}
