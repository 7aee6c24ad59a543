//! The cookie jar (RFC 6265bis) that explains itself: what it stored, refused, sent and withheld.

mod curl;
pub(crate) mod date;
pub mod jar;
pub mod netscape;
pub mod refusal;
pub mod set_cookie;

/// What happened to cookies at one hop.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CookieLog {
    /// Sent from the jar with the request, in order.
    pub sent: Vec<CookiePair>,
    /// In the jar but not sent, with the reason.
    pub withheld: Vec<CookieNote>,
    /// Taken from `Set-Cookie` lines of the response.
    pub stored: Vec<StoredCookie>,
    /// `Set-Cookie` lines that were refused, with the reason.
    pub rejected: Vec<CookieNote>,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct CookiePair {
    pub name: String,
    pub value: String,
}

/// A cookie's name with one sentence.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct CookieNote {
    pub name: String,
    pub reason: String,
}

#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct StoredCookie {
    pub name: String,
    pub effect: StoreEffect,
}

/// What storing did.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum StoreEffect {
    /// A new cookie.
    New,
    /// The cookie of that name, domain and path was replaced.
    Replaced,
    /// It had expired when it came: the stored one is gone.
    Deleted,
}
