//! Variants: the same chain asked for in another way, to tell what the client does from what the server does.
//!
//! Pure: a variant says how the first request and the client differ; running it and comparing is for others (`comparison`).

use super::chain::{Chain, Limits};
use super::client::Client;
use super::cookie::jar::Jar;
use super::http::field::Field;
use super::http::method::Method;
use super::http::request::{Credentials, Draft, FieldEdit};

/// What a browser says it takes on a navigation.
const BROWSER_ACCEPT: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/// One way of asking otherwise.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Variant {
    NoCookies,
    NoAuthorization,
    /// The stripped-down client: method, URL and body, and no field of the user's.
    Minimal,
    OtherToken,
    Head,
    Get,
    AsBrowser,
}

impl Variant {
    pub const ALL: [Variant; 7] = [
        Variant::NoCookies,
        Variant::NoAuthorization,
        Variant::Minimal,
        Variant::OtherToken,
        Variant::Head,
        Variant::Get,
        Variant::AsBrowser,
    ];

    /// The name in documents and headings.
    pub fn id(self) -> &'static str {
        match self {
            Variant::NoCookies => "without cookies",
            Variant::NoAuthorization => "without Authorization",
            Variant::Minimal => "minimal headers",
            Variant::OtherToken => "other token",
            Variant::Head => "HEAD",
            Variant::Get => "GET",
            Variant::AsBrowser => "as browser",
        }
    }

    /// What it answers, in a few words.
    pub fn asks(self) -> &'static str {
        match self {
            Variant::NoCookies => "is it a cookie, or its lack?",
            Variant::NoAuthorization => "does the server look at the credential at all?",
            Variant::Minimal => "is it a header of ours?",
            Variant::OtherToken => "is the token refused, or never read?",
            Variant::Head => "do checkers that use HEAD see the same?",
            Variant::Get => "is it the method or the body?",
            Variant::AsBrowser => "do browsers see something else?",
        }
    }

    /// A chain that is ready to ask as this variant does, `OtherToken` with this token. `now` is in seconds since the Unix epoch.
    pub fn of(self, chain: &Chain, token: Option<&str>, now: i64) -> Chain {
        let before = chain.hops.first().map_or(&chain.jar, |hop| &hop.jar);
        let jar = if self == Variant::NoCookies { Jar::default() } else { before.clone() };
        let cookies = if self == Variant::NoCookies { Some(false) } else { chain.limits.cookies };
        let limits = Limits { cookies, ..chain.limits };
        let browser = || Client::named("browser");
        let client = match self {
            Variant::AsBrowser => browser().unwrap_or_else(|| chain.client.clone()),
            _ => chain.client.clone(),
        };
        Chain::new(self.draft(&chain.draft, token), client, limits, jar, now)
    }

    /// The first request as this variant writes it.
    pub fn draft(self, draft: &Draft, token: Option<&str>) -> Draft {
        let draft = draft.clone();
        match self {
            Variant::NoCookies => Draft { cookie: None, ..without(draft, &["Cookie"]) },
            Variant::NoAuthorization => without_authorization(draft),
            Variant::Minimal => Draft {
                fields: Vec::new(),
                user_agent: None,
                referer: None,
                compressed: false,
                ..draft
            },
            Variant::OtherToken => with_token(without_authorization(draft), token),
            Variant::Head => bodiless(draft, Method::HEAD),
            Variant::Get => bodiless(draft, Method::GET),
            Variant::AsBrowser => {
                let mut draft = without(draft, &["Accept"]);
                draft.fields.push(FieldEdit::Set(Field::new("Accept", BROWSER_ACCEPT)));
                draft
            }
        }
    }
}

fn bodiless(draft: Draft, method: Method) -> Draft {
    let draft = without(draft, &["Content-Type", "Content-Length", "Transfer-Encoding"]);
    Draft { method, forced: false, body: None, upload: false, content_type: None, ..draft }
}

/// `TOKEN`, or `SCHEME TOKEN` for other schemes than Bearer.
fn with_token(mut draft: Draft, token: Option<&str>) -> Draft {
    match token {
        Some(whole) if whole.contains(' ') => {
            draft.fields.push(FieldEdit::Set(Field::new("Authorization", whole)));
        }
        Some(token) => draft.credentials = Some(Credentials::Bearer(token.to_owned())),
        None => {}
    }
    draft
}

fn without_authorization(draft: Draft) -> Draft {
    let mut draft = without(draft, &["Authorization"]);
    // neither can fail for http and https
    let _ = draft.url.set_username("");
    let _ = draft.url.set_password(None);
    Draft { credentials: None, netrc: None, ..draft }
}

fn without(mut draft: Draft, names: &[&str]) -> Draft {
    draft.fields.retain(|edit| !names.iter().any(|name| edit.name().eq_ignore_ascii_case(name)));
    draft
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::domain::http::body::RequestBody;

    fn chain() -> Chain {
        let fields = [("X-Api", "1"), ("Cookie", "a=1"), ("Content-Type", "text/plain")];
        let draft = Draft {
            method: Method::POST,
            fields: fields.map(|(name, value)| FieldEdit::Set(Field::new(name, value))).to_vec(),
            body: Some(RequestBody::new(b"x".to_vec())),
            credentials: Some(Credentials::Bearer("t".to_owned())),
            ..Draft::get(Url::parse("https://u:p@a.test/").unwrap())
        };
        let client = Client::named("curl").unwrap();
        Chain::new(draft, client, Limits::default(), Jar::default(), 0)
    }

    fn sent(variant: Variant) -> (String, Vec<String>) {
        let chain = variant.of(&chain(), Some("t0k3n"), 0);
        let request = &chain.ready().unwrap().request;
        let lines = request.fields.iter().map(|field| format!("{}: {}", field.name, field.text()));
        (request.method.to_string(), lines.collect())
    }

    #[test]
    fn each_variant_takes_away_what_it_says() {
        let has = |variant, line: &str| sent(variant).1.iter().any(|own| own.starts_with(line));
        assert!(!has(Variant::NoCookies, "Cookie") && has(Variant::NoCookies, "Authorization"));
        assert!(!has(Variant::NoAuthorization, "Authorization"));
        assert!(has(Variant::NoAuthorization, "Cookie"));
        assert!(has(Variant::OtherToken, "Authorization: Bearer t0k3n"));
        assert!(!has(Variant::Minimal, "X-Api") && has(Variant::Minimal, "Host"));
        assert!(has(Variant::AsBrowser, "Accept: text/html"));
        for (variant, method) in [(Variant::Head, "HEAD"), (Variant::Get, "GET")] {
            assert_eq!(sent(variant).0, method);
            assert!(!has(variant, "Content-"));
        }
    }
}
