//! Prediction: how far a recorded chain tells what another client would have met, and where the telling ends.

use crate::domain::chain::{Chain, Ending, State};
use crate::domain::http::request::Request;

use super::Client;
use super::comparison::same_request;

/// What another client would have done in the world of a recorded chain.
#[derive(Clone, PartialEq, Debug)]
pub struct Prediction {
    /// The chain as far as it is known, as this client.
    pub chain: Chain,
    pub outcome: Outcome,
}

/// How a prediction ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The client's chain ends as the record tells.
    Ends(Ending),
    /// The client would send a request whose answer was not recorded.
    Unknown(Box<Request>),
}

/// Plays the recorded answers to this client for as long as it sends what was sent.
/// `now` is in seconds since the Unix epoch, for cookies.
pub fn predict(recorded: &Chain, client: &Client, now: i64) -> Prediction {
    let draft = recorded.draft.clone();
    let jar = recorded.hops.first().map_or(&recorded.jar, |hop| &hop.jar).clone();
    let mut chain = Chain::new(draft, client.clone(), recorded.limits, jar, now);
    while let Some(request) = chain.send() {
        // the same request after others may be another matter to the server, so the first that differs ends it
        let next = recorded.hops.get(chain.hops.len());
        let Some(hop) = next.filter(|hop| same_request(&hop.request, &request)) else {
            let request = Box::new(request);
            return Prediction { chain, outcome: Outcome::Unknown(request) };
        };
        chain.receive(hop.exchange.clone(), now);
    }
    let ending = match chain.state {
        State::Ended(ending) => ending,
        State::Ready(_) | State::InFlight(_) => Ending::Final,
    };
    Prediction { chain, outcome: Outcome::Ends(ending) }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use url::Url;

    use super::*;
    use crate::domain::chain::Limits;
    use crate::domain::cookie::jar::Jar;
    use crate::domain::http::body::RequestBody;
    use crate::domain::http::exchange::Exchange;
    use crate::domain::http::head_parser::parse_response;
    use crate::domain::http::method::Method;
    use crate::domain::http::request::Draft;

    fn recorded(method: Method, answers: &[&'static str]) -> Chain {
        let mut draft = Draft::get(Url::parse("http://a.test/x").unwrap());
        draft.body = (method != Method::GET).then(|| RequestBody::new("a=b"));
        draft.method = method;
        let curl = Client::named("curl").unwrap();
        let mut chain = Chain::new(draft, curl, Limits::default(), Jar::default(), 0);
        for answer in answers {
            chain.send();
            let response = parse_response(Bytes::from(*answer));
            chain.receive(Exchange { response, ..Exchange::default() }, 0);
        }
        chain
    }

    const ANSWERS: [&str; 2] = ["HTTP/1.1 302 X\r\nLocation: /y\r\n\r\n", "HTTP/1.1 200 X\r\n\r\n"];

    #[test]
    fn a_client_that_does_the_same_is_told_to_the_end() {
        let recorded = recorded(Method::POST, &ANSWERS);
        let prediction = predict(&recorded, &Client::named("axios").unwrap(), 0);
        assert_eq!(prediction.outcome, Outcome::Ends(Ending::Final));
        assert_eq!(prediction.chain.hops.len(), 2);
    }

    #[test]
    fn a_client_that_parts_is_told_up_to_the_request_nobody_answered() {
        let recorded = recorded(Method::PUT, &ANSWERS);
        let prediction = predict(&recorded, &Client::named("go").unwrap(), 0);
        let Outcome::Unknown(request) = prediction.outcome else { panic!("known") };
        assert_eq!((request.method, request.url.path()), (Method::GET, "/y"));
    }
}
