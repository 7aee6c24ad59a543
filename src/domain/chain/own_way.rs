//! Soft redirects in a chain: planned by choice only, and the beginning of a part of its own.

use super::{Chain, Ending, Planned, State};
use crate::domain::http::request::Draft;
use crate::domain::redirect;
use crate::domain::soft::{Followed, Soft, soft};

impl Chain {
    /// Where the final page itself leads browsers.
    pub fn offer(&self) -> Option<Soft> {
        match self.state {
            State::Ended(Ending::Final) => soft(self.hops.last()?),
            State::Ended(_) | State::Ready(_) | State::InFlight(_) => None,
        }
    }

    /// Makes the request that the final page leads to ready; false when it leads nowhere. `now` is in seconds since the
    /// Unix epoch, for cookies.
    pub fn take_offer(&mut self, now: i64) -> bool {
        let Some((offer, last)) = self.offer().zip(self.hops.last()) else { return false };
        let draft = offer.draft(self.beginning().0, &last.request.url);
        let (request, trail) = redirect::start(&draft, &self.client, &self.jar, now);
        let changes = redirect::changes(&last.request, &request);
        let client = self.client.name.clone();
        let soft = Some(Box::new(Followed { kind: offer.kind, draft }));
        self.state = State::Ready(Planned { request, trail, changes, edited: false, client, soft });
        true
    }

    /// What the part of the chain that is played now began with, and its first hop: a soft redirect begins anew.
    pub(super) fn beginning(&self) -> (&Draft, usize) {
        let at = self.hops.last().map_or(0, |hop| hop.part);
        let followed = self.hops.get(at).and_then(|hop| hop.soft.as_ref());
        followed.map_or((&self.draft, 0), |followed| (&followed.draft, at))
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::domain::chain::Limits;
    use crate::domain::client::Client;
    use crate::domain::cookie::jar::Jar;
    use crate::domain::http::exchange::Exchange;
    use crate::domain::http::head::ResponseHead;
    use crate::domain::http::request::Credentials;

    fn page(status: u16, fields: &[(&str, &str)], body: &str) -> Exchange {
        let mut head = ResponseHead { status, ..ResponseHead::default() };
        fields.iter().for_each(|(name, value)| head.fields.push(*name, *value));
        let mut exchange = Exchange { response: Some(head), ..Exchange::default() };
        exchange.body.decoded_size = body.len() as u64;
        exchange.body.head = body.to_owned().into();
        exchange
    }

    fn chain(exchange: Exchange) -> Chain {
        let mut draft = Draft::get(Url::parse("http://a.test/x").unwrap());
        let (user, password) = ("ann".to_owned(), "secret".to_owned());
        draft.credentials = Some(Credentials::Basic { user, password });
        let client = Client::named("curl").unwrap();
        let mut chain = Chain::new(draft, client, Limits::default(), Jar::default(), 0);
        chain.send();
        chain.receive(exchange, 0);
        chain
    }

    fn offered(fields: &[(&str, &str)], body: &str) -> Option<(&'static str, String, u64)> {
        let offer = chain(page(200, fields, body)).offer()?;
        Some((offer.kind.id(), format!("{} {}", offer.method, offer.url), offer.seconds))
    }

    const HTML: (&str, &str) = ("Content-Type", "text/html");

    #[test]
    fn each_kind_is_recognised() {
        let form = "<body onload='document.forms[0].submit()'><form method=post action='//b.test/acs'>\
            <input type=hidden name=SAMLResponse value='a+b&amp;c'><input type=submit name=go></form>";
        assert_eq!(
            offered(&[("Refresh", "3; url=/new")], ""),
            Some(("refresh-field", "GET http://a.test/new".into(), 3))
        );
        let meta = "<base href='/b/'><meta http-equiv=refresh content='0;URL=c'>";
        assert_eq!(
            offered(&[HTML], meta),
            Some(("meta-refresh", "GET http://a.test/b/c".into(), 0))
        );
        assert_eq!(
            offered(&[HTML], form),
            Some(("auto-submit-form", "POST http://b.test/acs".into(), 0))
        );
        let script = "<script>window.location.replace('https://a.test/')</script>";
        assert_eq!(offered(&[HTML], script), Some(("script", "GET https://a.test/".into(), 0)));
        let posted = chain(page(200, &[HTML], form)).offer().and_then(|offer| offer.body);
        assert_eq!(posted.as_deref(), Some("SAMLResponse=a%2Bb%26c"));
    }

    #[test]
    fn pages_that_stay_lead_nowhere() {
        for (field, body) in [
            (("Refresh", "30"), ""),
            (("Refresh", "0; url=javascript:alert(1)"), ""),
            (("Refresh", "5; url=/x#top"), ""),
            (HTML, "<form method=post><input name=user></form><script>submit()</script>"),
            (("Content-Type", "text/plain"), "<meta http-equiv=refresh content='0;URL=/c'>"),
        ] {
            assert_eq!(offered(&[field], body), None, "{field:?} {body}");
        }
        assert_eq!(chain(page(302, &[("Refresh", "0; url=/y")], "")).offer(), None);
    }

    #[test]
    fn an_offer_that_is_taken_begins_anew_without_credentials_for_others() {
        let mut chain = chain(page(200, &[("Refresh", "0; url=http://b.test/")], ""));
        assert!(chain.take_offer(0) && !chain.take_offer(0));
        let planned = chain.ready().unwrap();
        assert!(!planned.request.fields.contains("Authorization"));
        assert_eq!(planned.soft.as_ref().map(|soft| soft.kind.id()), Some("refresh-field"));
        chain.send();
        chain.receive(page(302, &[("Location", "/z")], ""), 0);
        assert_eq!(chain.ready().unwrap().request.url.as_str(), "http://b.test/z");
        assert_eq!(chain.hops[0].verdict, crate::domain::chain::Verdict::Final);
    }

    proptest::proptest! {
        #[test]
        fn any_page_is_survived(bits in proptest::collection::vec(proptest::sample::select(vec![
            "<meta http-equiv=refresh content='", "0;url=", "<script>", "location", ".replace(", "'", "\"", "=", "</script>",
            "<form action=", "<input type=hidden name=a value=", "submit(", ">", "é", "<base href=", "\0", "http://[", "//",
        ]), 0..20)) {
            let _ = offered(&[HTML, ("Refresh", &bits.concat())], &bits.concat());
        }
    }

    #[test]
    fn a_planned_soft_redirect_stays_planned_when_another_client_is_chosen() {
        let refresh = page(200, &[("Refresh", "0; url=/next")], "");
        let mut chain = chain(refresh);
        assert!(chain.take_offer(0));
        chain.choose(Client::named("requests").unwrap(), 0);
        let planned = chain.ready().unwrap();
        assert_eq!((planned.request.url.path(), planned.client.as_str()), ("/next", "requests"));
        assert!(planned.soft.is_some());
    }
}
