//! What a client carries from hop to hop beside the request: what it dropped and may restore, what it learnt.

use crate::domain::http::field::Field;
use crate::domain::http::request::FieldSource;

pub use super::location::Userinfo;

/// The client's memory along a chain.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Trail {
    /// Field lines that were dropped and come back where their scope holds again.
    pub shelf: Vec<Shelved>,
    /// Credentials learnt from a Location.
    pub learnt: Option<Userinfo>,
    /// Userinfo of the current URL, for `.netrc`: relative Locations inherit it.
    pub given: Option<Userinfo>,
    /// The user name of an earlier URL, for which `.netrc` had no password: other hosts are asked for it too.
    pub asked: Option<Userinfo>,
    /// Cookies given by option (`-b 'k=v'`), as long as they are to be sent.
    pub cookie_option: Option<String>,
    /// Host and port of the current URL as they were written in the Location that led here.
    pub authority: Option<String>,
    /// A server has answered with HTTP/1.0.
    pub met_http10: bool,
}

/// A dropped field line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shelved {
    pub field: Field,
    pub source: FieldSource,
    /// How many of the user's lines stood before it.
    pub place: usize,
}
