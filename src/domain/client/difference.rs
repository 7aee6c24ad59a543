//! Difference: what a client does otherwise than another one, request by request along two chains.

use crate::domain::chain::{Chain, Ending};
use crate::domain::http::field::Fields;
use crate::domain::http::request::Request;

use super::comparison::destination;

/// One thing that one client does and the other does not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Difference {
    /// It ends where the other goes on.
    Ends(Option<Ending>),
    /// It goes on where the other ends.
    GoesOn,
    Method {
        other: String,
        own: String,
    },
    /// Sizes of the bodies.
    Body {
        other: u64,
        own: u64,
    },
    /// Where its request goes; not escaped.
    Destination(String),
    /// It sends a field that the other does not.
    FieldAdded(String),
    FieldMissing(String),
    /// The same field with another value.
    FieldOther(String),
}

/// Where two chains differ: in the request of this hop (from 1), sent or planned, or in what is made of its answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Departure {
    pub hop: usize,
    pub differences: Vec<Difference>,
}

/// Fields that follow from others.
const IMPLIED: [&str; 2] = ["Content-Length", "Transfer-Encoding"];

impl Difference {
    /// In a few words: `POST instead of GET`. Not escaped.
    pub fn words(&self) -> String {
        match self {
            Difference::Ends(Some(Ending::Stopped(reason))) => {
                format!("stops: {}", reason.sentence())
            }
            Difference::Ends(_) => "takes the answer as the end".to_owned(),
            Difference::GoesOn => "goes on".to_owned(),
            Difference::Method { other, own } => format!("{own} instead of {other}"),
            Difference::Body { own: 0, .. } => "no body".to_owned(),
            Difference::Body { other: 0, own } => format!("body ({own} B)"),
            Difference::Body { own, .. } => format!("another body ({own} B)"),
            Difference::Destination(url) => format!("to {url}"),
            Difference::FieldAdded(name) => format!("+ {name}"),
            Difference::FieldMissing(name) => format!("− {name}"),
            Difference::FieldOther(name) => format!("~ {name}"),
        }
    }

    /// The name in documents.
    pub fn id(&self) -> &'static str {
        match self {
            Difference::Ends(_) => "ends",
            Difference::GoesOn => "goes-on",
            Difference::Method { .. } => "method",
            Difference::Body { .. } => "body",
            Difference::Destination(_) => "destination",
            Difference::FieldAdded(_) => "header-added",
            Difference::FieldMissing(_) => "header-removed",
            Difference::FieldOther(_) => "header-changed",
        }
    }
}

/// What `own` does otherwise than `other` in one request.
pub fn between(other: &Request, own: &Request) -> Vec<Difference> {
    let mut found = Vec::new();
    if own.method != other.method {
        let (other, own) = (other.method.to_string(), own.method.to_string());
        found.push(Difference::Method { other, own });
    }
    if own.body != other.body {
        found.push(Difference::Body { other: other.body_len(), own: own.body_len() });
    }
    let elsewhere = destination(own) != destination(other);
    if elsewhere {
        found.push(Difference::Destination(own.display_url()));
    }
    let implied = |name: &str| {
        IMPLIED.iter().any(|known| known.eq_ignore_ascii_case(name))
            || (elsewhere && name.eq_ignore_ascii_case("Host"))
    };
    found.extend(fields(&other.fields, &own.fields, &implied));
    found
}

/// Where the whole of `own` differs from `other`: every request in which it does, but once where it goes on the same way.
pub fn along(other: &Chain, own: &Chain) -> Vec<Departure> {
    let mut found: Vec<Departure> = Vec::new();
    for before in 0..=own.hops.len().max(other.hops.len()) {
        let differences = match (other.request_after(before), own.request_after(before)) {
            (Some(other), Some(own)) => between(other, own),
            // where the other's was not sent, nothing is known of what it would do next
            (Some(_), None) if own.ending().is_some() => vec![Difference::Ends(own.ending())],
            (None, Some(_)) if other.ending().is_some() => vec![Difference::GoesOn],
            (Some(_), None) | (None, Some(_)) | (None, None) => break,
        };
        let ends = differences.iter().any(Difference::decides);
        if !differences.is_empty() && found.last().is_none_or(|of| of.differences != differences) {
            found.push(Departure { hop: before + usize::from(!ends), differences });
        }
        if ends {
            break;
        }
    }
    found
}

impl Difference {
    /// One of the two has ended.
    fn decides(&self) -> bool {
        matches!(self, Difference::Ends(_) | Difference::GoesOn)
    }
}

fn fields(other: &Fields, own: &Fields, implied: &dyn Fn(&str) -> bool) -> Vec<Difference> {
    let mut found = Vec::new();
    for name in names(own).filter(|name| !implied(name)) {
        if !other.contains(name) {
            found.push(Difference::FieldAdded(name.to_owned()));
        } else if !other.all(name).map(|of| &of.value).eq(own.all(name).map(|of| &of.value)) {
            found.push(Difference::FieldOther(name.to_owned()));
        }
    }
    let gone = names(other).filter(|name| !implied(name) && !own.contains(name));
    found.extend(gone.map(|name| Difference::FieldMissing(name.to_owned())));
    found
}

/// Each name once, where it first stands.
fn names(fields: &Fields) -> impl Iterator<Item = &str> {
    fields.iter().enumerate().filter_map(move |(index, field)| {
        let seen = fields.iter().take(index).any(|earlier| earlier.is(&field.name));
        (!seen).then_some(field.name.as_str())
    })
}
