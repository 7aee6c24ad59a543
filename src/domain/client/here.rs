//! Here: which of a client's traits matter after one hop, a sentence each, most important first.

use crate::domain::chain::{Chain, Hop, Verdict};
use crate::domain::client::method::Rewrite;
use crate::domain::client::policy::{Downgrade, Fragment, Referer};
use crate::domain::http::origin::Origin;
use crate::domain::http::request::{FieldSource, Request};
use crate::domain::redirect::{StopReason, credentials};
use crate::domain::secret::secretish_header;

use super::Client;
use super::scope::Keep;
use super::traits::travels;

impl Client {
    /// What of this client matters after this hop of the chain; `next` is the request it would send, if any.
    pub fn traits_here(&self, chain: &Chain, hop: &Hop, next: Option<&Request>) -> Vec<String> {
        let Some(status) = hop.status().filter(|status| super::REDIRECTS.contains(status)) else {
            return Vec::new();
        };
        let mut told = Vec::new();
        if !self.follows(status) {
            told.push(self.follows_sentence());
        }
        told.extend(self.method_here(status, chain, hop));
        told.extend(self.fields_here(hop, next));
        told.extend(self.cookies_here(hop));
        told.extend(self.target_here(hop));
        let limit = matches!(hop.verdict, Verdict::Stop(StopReason::MaxHops | StopReason::Loop));
        if limit || hop.index + 2 > self.limit.redirects as usize {
            told.push(self.limit_sentence());
        }
        told
    }

    fn method_here(&self, status: u16, chain: &Chain, hop: &Hop) -> Option<String> {
        let method = hop.request.method.as_str();
        let body = hop.request.body_len() > 0;
        if chain.draft.forced && !matches!(self.forced, super::Forced::Ignored) {
            return self.forced_sentence().map(str::to_owned);
        }
        let rewrite = self.method.get(&status).map_or(Rewrite::Keep, |of| of.of(method));
        let words = match rewrite {
            Rewrite::Keep if body => "keeps its method and its body",
            Rewrite::Keep if method == "GET" || method == "HEAD" => return None,
            Rewrite::Keep => "keeps its method",
            Rewrite::KeepWithoutBody => "keeps its method but loses its body",
            Rewrite::Get if body => "becomes GET without its body",
            Rewrite::Get if method == "GET" => return None,
            Rewrite::Get => "becomes GET",
            Rewrite::Final => "is not followed",
            Rewrite::Error => "is an error",
        };
        Some(format!("{method} {words} at {status}."))
    }

    /// Credentials of the request: how far each goes.
    fn fields_here(&self, hop: &Hop, next: Option<&Request>) -> Vec<String> {
        let crosses = next.is_none_or(|next| Origin::of(&next.url) != Origin::of(&hop.request.url));
        let mut told = Vec::new();
        for (field, source) in hop.request.sourced() {
            let name = if field.is("Cookie") { "A hand-written Cookie" } else { &field.name };
            let keep = credentials::keep(field, source, self);
            let secret = field.is("Authorization")
                || field.is("Cookie")
                || secretish_header(&field.name, &field.text());
            let users = match source {
                FieldSource::User | FieldSource::Credentials | FieldSource::Userinfo => true,
                FieldSource::Netrc | FieldSource::Jar | FieldSource::Client | FieldSource::Body => {
                    false
                }
            };
            if users && ((secret && crosses) || keep != Keep::ALWAYS) {
                told.push(travels(&crate::domain::escape::escape(name), keep));
            }
        }
        told
    }

    fn cookies_here(&self, hop: &Hop) -> Option<String> {
        let any = hop.exchange.fields().contains("Set-Cookie") || hop.jar.iter().next().is_some();
        any.then(|| self.jar_sentence().to_owned())
    }

    /// Destination, Referer and fragment, where they come into play.
    fn target_here(&self, hop: &Hop) -> Vec<String> {
        let mut told = Vec::new();
        let resolution = hop.resolution.as_ref();
        let target = resolution.and_then(|of| of.target.as_ref().or(of.whatwg.as_ref()));
        let downgrade =
            hop.request.url.scheme() == "https" && target.is_some_and(|to| to.scheme() == "http");
        if downgrade && self.target.downgrade != Downgrade::Follow {
            told.extend(self.target_sentences().into_iter().take(1).map(str::to_owned));
        }
        if self.referer.adds == Referer::PreviousUrl {
            told.push("Adds the previous URL as Referer.".to_owned());
        }
        if hop.request.url.fragment().is_some() && self.target.fragment != Fragment::Drop {
            told.push("The fragment goes over to a Location without one.".to_owned());
        }
        let apart = resolution
            .is_some_and(|of| of.whatwg.as_ref().map(url::Url::as_str) != of.rfc3986.as_deref());
        let several = hop.exchange.fields().all("Location").count() != 1;
        let userinfo = resolution
            .and_then(|of| of.whatwg.as_ref())
            .is_some_and(|url| !url.username().is_empty() || url.password().is_some());
        if apart || several || userinfo {
            told.extend(self.location_sentences().into_iter().map(str::to_owned));
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use url::Url;

    use super::*;
    use crate::domain::chain::Limits;
    use crate::domain::cookie::jar::Jar;
    use crate::domain::http::exchange::Exchange;
    use crate::domain::http::field::Field;
    use crate::domain::http::head_parser::parse_response;
    use crate::domain::http::method::Method;
    use crate::domain::http::request::{Draft, FieldEdit};

    fn told(client: &str, draft: Draft, answer: &'static str) -> Vec<String> {
        let curl = Client::named("curl").unwrap();
        let mut chain = Chain::new(draft, curl, Limits::default(), Jar::default(), 0);
        chain.send();
        let response = parse_response(Bytes::from(answer));
        chain.receive(Exchange { response, ..Exchange::default() }, 0);
        Client::named(client).unwrap().traits_here(&chain, &chain.hops[0], chain.request_after(1))
    }

    fn get(url: &str) -> Draft {
        Draft::get(Url::parse(url).unwrap())
    }

    #[test]
    fn a_plain_step_has_nothing_to_tell() {
        let answer = "HTTP/1.1 302 X\r\nLocation: http://a.test/y\r\n\r\n";
        assert_eq!(told("curl", get("http://a.test/x"), answer), Vec::<String>::new());
    }

    #[test]
    fn method_credentials_and_cookies_are_told_where_they_are_at_stake() {
        let mut draft = get("http://a.test/x");
        draft.method = Method::PUT;
        draft.fields.push(FieldEdit::Set(Field::new("Authorization", "Bearer x")));
        let answer = "HTTP/1.1 302 X\r\nLocation: http://b.test/y\r\nSet-Cookie: a=b\r\n\r\n";
        let told = told("requests", draft, answer);
        assert_eq!(told[0], "PUT becomes GET at 302.");
        assert!(told[1].starts_with("Authorization goes along within the"), "{told:?}");
        assert_eq!(told[2], "Remembers Set-Cookie between hops.");
    }
}
