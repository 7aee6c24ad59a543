//! What was asked for so far, at a glance: repeats are found without a look at every hop, which would make long chains slow.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::Hop;

/// A hash of each hop's URL, in the order of the hops.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Asked(Vec<u64>);

impl Asked {
    pub fn of(hops: &[Hop]) -> Asked {
        Asked(hops.iter().map(url).collect())
    }

    /// Takes in the last of these hops; some may have been taken back since the one before.
    pub(super) fn take_in(&mut self, hops: &[Hop]) {
        self.0.truncate(hops.len().saturating_sub(1));
        self.0.extend(hops.iter().skip(self.0.len()).map(url));
    }

    /// The earlier hops that may have asked for the same URL as the last: two URLs hardly share a hash.
    pub(super) fn before<'a>(&'a self, hops: &'a [Hop]) -> impl Iterator<Item = &'a Hop> {
        let (last, earlier) = match self.0.get(..hops.len()).and_then(<[u64]>::split_last) {
            // nearly always none has, which is seen many hashes at a time
            Some((last, earlier)) if earlier.contains(last) => (*last, earlier),
            Some(_) | None => (0, &[][..]),
        };
        earlier.iter().zip(hops).filter(move |(url, _)| **url == last).map(|(_, hop)| hop)
    }
}

fn url(hop: &Hop) -> u64 {
    let mut hasher = DefaultHasher::new();
    hop.request.url.as_str().hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use crate::domain::chain::{Chain, Ending, Limits};
    use crate::domain::client::Client;
    use crate::domain::cookie::jar::Jar;
    use crate::domain::http::exchange::Exchange;
    use crate::domain::http::head::{ResponseHead, Version};
    use crate::domain::http::request::Draft;
    use crate::domain::redirect::StopReason;

    fn answer(chain: &mut Chain, location: &str) {
        let mut head = ResponseHead { status: 302, ..ResponseHead::default() };
        head.fields.push("Location", location);
        chain.send().unwrap();
        chain.receive(Exchange { response: Some(head), ..Exchange::default() }, 0);
    }

    #[test]
    fn the_version_of_http_makes_no_other_request() {
        let draft = Draft::get("http://a.test/".parse().unwrap());
        let client = Client::named("curl").unwrap();
        let mut chain = Chain::new(draft, client, Limits::default(), Jar::default(), 0);
        for _ in 0..2 {
            let mut head = ResponseHead { status: 302, ..ResponseHead::default() };
            head.version = Version::Http10;
            head.fields.push("Location", "/");
            chain.send().unwrap();
            chain.receive(Exchange { response: Some(head), ..Exchange::default() }, 0);
        }
        let versions: Vec<bool> = chain.hops.iter().map(|hop| hop.request.http10).collect();
        assert_eq!(versions, [false, true], "curl steps down");
        assert_eq!(chain.ending(), Some(Ending::Stopped(StopReason::Loop)));
    }

    #[test]
    fn a_loop_is_found_in_a_branch_and_behind_hops_that_were_taken_back() {
        let draft = Draft::get("http://a.test/".parse().unwrap());
        let client = Client::named("curl").unwrap();
        let mut chain = Chain::new(draft, client, Limits::default(), Jar::default(), 0);
        for location in ["/b", "/c", "/", "/b"] {
            answer(&mut chain, location);
        }
        let stopped = Some(Ending::Stopped(StopReason::Loop));
        assert_eq!(chain.ending(), stopped);
        let mut branch = chain.branch(4).unwrap();
        answer(&mut branch, "/other");
        assert_eq!(branch.ending(), None);
        branch.hops.truncate(3);
        answer(&mut branch, "/");
        assert_eq!(branch.hops.len(), 4);
        let mut again = chain.branch(4).unwrap();
        answer(&mut again, "/b");
        assert_eq!(again.ending(), stopped);
    }
}
