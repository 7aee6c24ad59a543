//! Route: what one URL of a scenario answers, and when.

use std::str::FromStr;

use serde::{Deserialize, Deserializer, de};

use super::site::Scheme;
use super::wire::Incoming;

/// One answer: for which requests it is given, and what it holds. The first route that matches answers.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// Scheme, host, path and perhaps query, compared byte by byte. Without a query any query matches;
    /// a `*` at the end matches the rest of the path.
    pub url: Place,
    #[serde(default)]
    pub when: When,
    #[serde(default = "ok")]
    pub status: u16,
    /// Instead of the usual reason phrase.
    pub reason: Option<String>,
    /// Field lines in order. Content-Length is added where nothing else frames the body.
    #[serde(default)]
    pub fields: Vec<(String, String)>,
    #[serde(default)]
    pub body: String,
    /// Instead of `body`: a JSON document of about this many bytes.
    pub json_bytes: Option<usize>,
    /// Sends the body in gzip coding, with its Content-Encoding.
    #[serde(default)]
    pub gzip: bool,
    /// How long the head is held back.
    #[serde(default)]
    pub delay_ms: u64,
    /// Sends the body in pieces.
    pub drip: Option<Drip>,
    /// Instead of all the above: the exact bytes, after which the connection is closed. Line ends become CRLF;
    /// `\r \n \t \e \\ \xNN` are understood.
    pub raw: Option<String>,
}

/// The body is cut in `pieces`, with a pause before each.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drip {
    pub pieces: usize,
    pub every_ms: u64,
}

/// Conditions on the request; all that are given must hold.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct When {
    pub method: Option<String>,
    /// A cookie of this name is sent.
    pub cookie: Option<String>,
    /// No cookie of this name is sent.
    pub no_cookie: Option<String>,
    /// A field of this name is sent.
    pub field: Option<String>,
    pub no_field: Option<String>,
    /// `[n, m]`: the n-th of every m requests for this URL since the start.
    pub visit: Option<[usize; 2]>,
}

/// Where a route stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    pub scheme: Scheme,
    host: String,
    /// Path and query.
    pub target: String,
}

impl Route {
    /// Whether this route answers the request, the `visit`-th (from 1) for its URL.
    pub(crate) fn answers(&self, request: &Incoming, visit: usize) -> bool {
        self.url.covers(request.target()) && self.when.holds(request, visit)
    }
}

impl Place {
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether a request target is this place.
    pub(crate) fn covers(&self, target: &str) -> bool {
        let path = target.split_once('?').map_or(target, |(path, _)| path);
        match self.target.strip_suffix('*') {
            Some(start) => path.starts_with(start),
            None if self.target.contains('?') => target == self.target,
            None => path == self.target,
        }
    }
}

impl When {
    fn holds(&self, request: &Incoming, visit: usize) -> bool {
        let is =
            |name: &Option<String>, test: &dyn Fn(&str) -> bool| name.as_deref().is_none_or(test);
        is(&self.method, &|method| request.method == method)
            && is(&self.cookie, &|name| request.has_cookie(name))
            && is(&self.no_cookie, &|name| !request.has_cookie(name))
            && is(&self.field, &|name| request.fields.contains(name))
            && is(&self.no_field, &|name| !request.fields.contains(name))
            && self.visit.is_none_or(|[nth, of]| visit % of.max(1) == nth % of.max(1))
    }
}

impl FromStr for Place {
    type Err = String;

    fn from_str(text: &str) -> Result<Place, String> {
        let (scheme, rest) = text.split_once("://").ok_or("a URL without ://")?;
        let scheme = Scheme::parse(scheme).ok_or("neither http nor https")?;
        let at = rest.find('/').ok_or("a URL without a path")?;
        let (host, target) = rest.split_at(at);
        if !host.ends_with(".test") {
            return Err(format!("{host} is not below .test (RFC 6761)"));
        }
        Ok(Place { scheme, host: host.to_owned(), target: target.to_owned() })
    }
}

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Place, D::Error> {
        String::deserialize(from)?.parse().map_err(de::Error::custom)
    }
}

fn ok() -> u16 {
    200
}

#[cfg(test)]
mod tests {
    use super::Place;

    fn place(url: &str) -> Place {
        url.parse().unwrap()
    }

    #[test]
    fn a_place_without_a_query_covers_any_query() {
        assert!(place("http://a.test/x").covers("/x?y=1"));
        assert!(!place("http://a.test/x?y=2").covers("/x?y=1"));
        assert!(!place("http://a.test/x").covers("/x/"));
    }

    #[test]
    fn a_star_covers_the_rest_of_the_path() {
        assert!(place("http://a.test/*").covers("/x/y?z"));
        assert!(!place("http://a.test/x/*").covers("/y"));
    }

    #[test]
    fn hosts_outside_test_are_refused() {
        assert!("http://example.com/".parse::<Place>().is_err());
    }
}
