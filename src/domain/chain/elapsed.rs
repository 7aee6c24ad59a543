//! The chain's time: hops overlap where a redirect's body goes on arriving beside the next one.

use std::time::Duration;

use super::Chain;

impl Chain {
    /// When this hop (from 0) went out, counted from the first.
    pub fn before(&self, at: usize) -> Duration {
        self.hops.iter().take(at).map(|hop| hop.exchange.timing.held()).sum()
    }

    /// From the first byte out to the last byte of the last hop in. Pauses do not count.
    pub fn elapsed(&self) -> Duration {
        let last = self.hops.last().map(|hop| hop.exchange.timing.total);
        last.map_or(Duration::ZERO, |total| self.before(self.hops.len() - 1) + total)
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
    use crate::domain::http::request::Draft;

    const fn ms(count: u64) -> Duration {
        Duration::from_millis(count)
    }

    fn answer(status: u16, wait: u64, receive: u64) -> Exchange {
        let mut head = ResponseHead { status, ..ResponseHead::default() };
        head.fields.push("Location", "/next");
        let mut exchange = Exchange { response: Some(head), ..Exchange::default() };
        exchange.timing.wait = Some(ms(wait));
        exchange.timing.receive = Some(ms(receive));
        exchange.timing.total = ms(wait + receive);
        exchange
    }

    #[test]
    fn the_body_of_a_redirect_delays_nothing_and_the_last_one_counts_whole() {
        let draft = Draft::get(Url::parse("http://a.test/x").unwrap());
        let client = Client::named("curl").unwrap();
        let mut chain = Chain::new(draft, client, Limits::default(), Jar::default(), 0);
        assert_eq!(chain.elapsed(), ms(0));
        for exchange in [answer(302, 10, 1), answer(302, 10, 5000), answer(200, 10, 300)] {
            chain.send();
            chain.receive(exchange, 0);
        }
        assert_eq!([chain.before(0), chain.before(1), chain.before(2)], [ms(0), ms(11), ms(21)]);
        assert_eq!(chain.elapsed(), ms(331));
    }
}
