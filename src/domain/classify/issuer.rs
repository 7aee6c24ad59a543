//! Issuer: who most likely answered with a redirect.
//!
//! The fingerprints are in `assets/issuers.toml`. A strong sign counts three, a weak one counts one; the highest sum wins,
//! and among equals the layer closest to the application.

mod sign;

use super::table::{FINGERPRINTS, ISSUERS, Span, Words};
use crate::domain::finding::Likelihood;
use crate::domain::http::exchange::Exchange;
use crate::domain::http::field::Fields;
pub(crate) use sign::Sign;
use sign::{BODY, Found};

/// Who answered, how sure that is, and why it is believed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Issuer {
    pub row: &'static Row,
    pub confidence: Likelihood,
    /// One sign each, strongest first.
    pub evidence: Vec<String>,
}

/// What there is to know about one issuer. Rows are the same when their ids are.
#[derive(Clone, Debug)]
pub struct Row {
    pub id: &'static str,
    pub name: &'static str,
    /// `app`, `cms`, `framework`, `webserver`, `proxy`, `gateway`, `lb`, `paas`, `storage`, `cdn`, `idp`, …
    pub layer: &'static str,
    /// What its redirects are like; may be empty.
    pub note: &'static str,
    /// What its fingerprints were held against.
    pub check: &'static str,
    pub(super) strong: Span,
    pub(super) weak: Span,
    /// Fields that it never sends.
    pub(super) absent: Words,
}

/// How much speaks for an issuer.
struct Weight {
    row: &'static Row,
    score: usize,
    confidence: Likelihood,
}

/// The issuer of a redirection; `None` when nothing is recognised or the response is none.
pub fn of(exchange: &Exchange) -> Option<Issuer> {
    if !(300..400).contains(&exchange.status()?) {
        return None;
    }
    let (found, fields) = (Found::of(exchange), exchange.fields());
    let weights = rows_of(&found).filter_map(|row| row.weigh(&found, fields));
    let most = weights.max_by_key(|of| (of.score, depth(of.row.layer)))?;
    let Weight { row, score, confidence } = most;
    (score > 0).then(|| Issuer { row, confidence, evidence: row.evidence(&found, fields) })
}

/// The body is a page that some server or framework sends with redirects by itself.
pub fn is_default_page(exchange: &Exchange) -> bool {
    exchange.body.decoded_size < BODY as u64 && sign::is_default_page(exchange)
}

/// Every issuer, in the order of the table.
pub fn rows() -> &'static [Row] {
    &ISSUERS
}

impl PartialEq for Row {
    fn eq(&self, other: &Row) -> bool {
        self.id == other.id
    }
}

impl Eq for Row {}

/// The issuers of whom there is a sign, in the order of the table.
fn rows_of(found: &Found) -> impl Iterator<Item = &'static Row> {
    let mut seen = 0;
    found.places().filter_map(move |place| {
        if place < seen {
            return None;
        }
        // the signs stand in the order of their rows
        let at = ISSUERS.partition_point(|row| row.end() <= place);
        let row = ISSUERS.get(at)?;
        seen = row.end();
        Some(row)
    })
}

impl Row {
    fn weigh(&'static self, found: &Found, fields: &Fields) -> Option<Weight> {
        let strong = self.strong.places().filter(|&place| found.has(place)).count();
        let (mut weak, mut located) = (0, 0);
        for sign in self.there(self.weak, found) {
            weak += 1;
            located += usize::from(sign.is_about_location());
        }
        // a Location alone is what anybody could have written
        if strong == 0 && weak == located || self.absent.iter().any(|name| fields.contains(name)) {
            return None;
        }
        let named = self.there(self.strong, found).find_map(Sign::self_declaration);
        let confidence = match (strong, weak) {
            (1.., 1..) | (2.., _) => Likelihood::High,
            (1, 0) if named.is_some() || self.layer == "client" => Likelihood::High,
            (1, 0) | (0, 2..) => Likelihood::Medium,
            _ => Likelihood::Low,
        };
        let score = strong * 3 + weak + named.unwrap_or_default();
        Some(Weight { row: self, score, confidence })
    }

    /// The signs that are there, in words.
    fn evidence(&self, found: &Found, fields: &Fields) -> Vec<String> {
        let signs = self.there(self.strong, found).chain(self.there(self.weak, found));
        signs.map(|sign| sign.words(fields)).collect()
    }

    /// Those of its signs that are there.
    fn there(&self, of: Span, found: &Found) -> impl Iterator<Item = &'static Sign> {
        of.places().filter(|&place| found.has(place)).filter_map(|place| FINGERPRINTS.get(place))
    }

    /// The place behind its last sign.
    fn end(&self) -> usize {
        self.weak.places().end
    }
}

/// How close a layer is to the application.
fn depth(layer: &str) -> usize {
    const LAYERS: [&str; 13] = [
        "middlebox",
        "cdn",
        "lb",
        "gateway",
        "proxy",
        "paas",
        "webserver",
        "storage",
        "idp",
        "service",
        "framework",
        "cms",
        "app",
    ];
    LAYERS.iter().position(|known| *known == layer).unwrap_or(LAYERS.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::http::head::ResponseHead;

    fn issued(
        status: u16,
        fields: &[(&str, &str)],
        body: &'static str,
    ) -> Option<(&'static str, Likelihood)> {
        let mut exchange = Exchange::default();
        let mut head = ResponseHead { status, ..ResponseHead::default() };
        fields.iter().for_each(|(name, value)| head.fields.push(*name, *value));
        exchange.response = Some(head);
        exchange.body.head = body.into();
        of(&exchange).map(|issuer| (issuer.row.id, issuer.confidence))
    }

    #[test]
    fn the_table_has_56_issuers_with_signs() {
        assert_eq!(rows().len(), 56);
        let mut end = 0;
        for row in rows() {
            let (strong, weak) = (row.strong.places(), row.weak.places());
            assert!(strong.len() + weak.len() > 0, "{}", row.id);
            assert_eq!((strong.start, weak.start), (end, strong.end), "{}", row.id);
            end = row.end();
        }
        let unchecked = rows().iter().find(|row| row.check.is_empty());
        assert_eq!(unchecked.map(|row| row.id), None, "its signs were held against what?");
    }

    #[test]
    fn a_default_page_tells_more_than_a_server_name() {
        let page = "<html>\r\n<head><title>301 Moved Permanently</title></head>\r\n<body>\r\n<center><h1>301 Moved Permanently</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";
        assert_eq!(
            issued(301, &[("Server", "cloudflare"), ("CF-RAY", "x")], page),
            Some(("nginx", Likelihood::Medium))
        );
        assert_eq!(
            issued(301, &[("Server", "nginx/1.24.0")], page),
            Some(("nginx", Likelihood::High))
        );
        assert_eq!(issued(302, &[("Server", "nginx")], ""), Some(("nginx", Likelihood::Low)));
        let express = [("Server", "nginx"), ("X-Powered-By", "Express")];
        assert_eq!(
            issued(302, &express, "Found. Redirecting to /x"),
            Some(("express", Likelihood::High))
        );
    }

    #[test]
    fn what_the_response_says_of_itself_comes_first() {
        let fields = [
            ("X-Redirect-By", "WordPress"),
            ("Server", "Apache"),
            ("X-Pingback", "https://a.test/xmlrpc.php"),
        ];
        assert_eq!(issued(301, &fields, ""), Some(("wordpress", Likelihood::High)));
        let fields = [("X-Redirect-By", "Some plug-in"), ("Server", "Apache")];
        assert_eq!(issued(301, &fields, ""), Some(("x-redirect-by", Likelihood::High)));
    }

    #[test]
    fn leading_to_an_identity_provider_does_not_make_it_the_issuer() {
        let fields =
            [("Location", "https://id.test/realms/a/protocol/openid-connect/auth?client_id=1")];
        assert_eq!(issued(302, &fields, ""), None);
    }

    #[test]
    fn only_redirections_have_an_issuer() {
        assert_eq!(issued(200, &[("Server", "nginx")], ""), None);
    }
}
