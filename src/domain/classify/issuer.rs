//! Issuer: who most likely answered with a redirect.
//!
//! The fingerprints are in `assets/issuers.toml`. A strong sign counts three, a weak one counts one; the highest sum wins,
//! and among equals the layer closest to the application.

use super::glob::{Pattern, pairs};
use super::table::{FINGERPRINTS, ISSUERS, Span, Text, Words};
use crate::domain::evidence::text::quoted;
use crate::domain::finding::Likelihood;
use crate::domain::http::exchange::Exchange;
use crate::domain::http::field::{Field, Fields};

/// How much of a body is compared with the pages that servers send by default.
const BODY: usize = 4096;

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

/// One fingerprint, and what tells at a glance that it is not there: nearly none ever is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sign {
    /// What [`shape`] makes of the field names of which there must be one.
    shapes: u64,
    /// What must be in the text it is about.
    pairs: u64,
    /// The place of that text in [`Look::pairs`].
    subject: usize,
    what: What,
}

#[derive(Clone, Copy, Debug)]
enum What {
    /// A field of this name, or whose name starts like this.
    Header {
        name: Text,
        starts: bool,
        value: Pattern,
    },
    Cookie(Pattern),
    Location(Pattern),
    Body(Pattern),
}

/// An exchange as the signs look at it.
struct Look<'a> {
    exchange: &'a Exchange,
    /// The shapes of all field names.
    shapes: u64,
    /// The pairs of characters in the values of the fields of each shape, and in what else signs are about.
    pairs: [u64; PAGE + 1],
    location: Option<&'a [u8]>,
    /// The start of the body; `None` where there is none.
    page: Option<&'a [u8]>,
}

/// The subjects of signs behind the 64 shapes of field names: any field, the first Location, the page.
const ANY: usize = 64;
const LOCATION: usize = 65;
const PAGE: usize = 66;

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
    let look = Look::at(exchange);
    let weights = rows().iter().filter_map(|row| row.weigh(&look));
    let most = weights.max_by_key(|of| (of.score, depth(of.row.layer)))?;
    let Weight { row, score, confidence } = most;
    (score > 0).then(|| Issuer { row, confidence, evidence: row.evidence(&look) })
}

/// The body is a page that some server or framework sends with redirects by itself.
pub fn is_default_page(exchange: &Exchange) -> bool {
    if exchange.body.decoded_size >= BODY as u64 {
        return false;
    }
    let look = Look::at(exchange);
    let mut signs = rows().iter().flat_map(Row::signs);
    signs.any(|sign| matches!(sign.what, What::Body(_)) && sign.is_there(&look))
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

impl<'a> Look<'a> {
    fn at(exchange: &'a Exchange) -> Look<'a> {
        let body = &exchange.body.head;
        let page = body.get(..body.len().min(BODY)).unwrap_or_default().trim_ascii_end();
        let page = (!body.is_empty()).then_some(page);
        let location = exchange.fields().first("Location").map(|field| &*field.value);
        let mut look = Look { exchange, shapes: NO_FIELD, pairs: [0; PAGE + 1], location, page };
        for field in exchange.fields() {
            let place = place(field.name.as_bytes());
            look.shapes |= 1 << place;
            look.pairs[place] |= pairs(&field.value);
        }
        look.pairs[ANY] = u64::MAX;
        look.pairs[LOCATION] = location.map_or(0, pairs);
        look.pairs[PAGE] = page.map_or(0, pairs);
        look
    }
}

/// Among the shapes of every head, also of one without fields.
const NO_FIELD: u64 = 1 << place(b"");

/// The shape of a field name, one of 64: a head without one of that shape has no such field.
const fn place(name: &[u8]) -> usize {
    let first = match name {
        [first, ..] => first.to_ascii_lowercase(),
        [] => 0,
    };
    (name.len() * 7 + first as usize) % 64
}

impl Row {
    fn weigh(&'static self, look: &Look<'_>) -> Option<Weight> {
        let strong = self.strong().iter().filter(|sign| sign.is_there(look)).count();
        let (mut weak, mut located) = (0, 0);
        for sign in self.weak().iter().filter(|sign| sign.is_there(look)) {
            weak += 1;
            located += usize::from(matches!(sign.what, What::Location(_)));
        }
        let fields = look.exchange.fields();
        // a Location alone is what anybody could have written
        if strong == 0 && weak == located || self.absent.iter().any(|name| fields.contains(name)) {
            return None;
        }
        let named = self.strong().iter().find_map(|sign| sign.self_declaration(fields));
        let confidence = match (strong, weak) {
            (1.., 1..) | (2.., _) => Likelihood::High,
            (1, 0) if named.is_some() || self.layer == "client" => Likelihood::High,
            (1, 0) | (0, 2..) => Likelihood::Medium,
            _ => Likelihood::Low,
        };
        let score = strong * 3 + weak + named.unwrap_or_default();
        Some(Weight { row: self, score, confidence })
    }

    fn strong(&self) -> &'static [Sign] {
        self.strong.of(&FINGERPRINTS)
    }

    fn weak(&self) -> &'static [Sign] {
        self.weak.of(&FINGERPRINTS)
    }

    fn signs(&self) -> impl Iterator<Item = &'static Sign> {
        self.strong().iter().chain(self.weak())
    }

    /// The signs that are there, in words.
    fn evidence(&self, look: &Look<'_>) -> Vec<String> {
        self.signs().filter(|sign| sign.is_there(look)).map(|sign| sign.words(look)).collect()
    }
}

impl Sign {
    pub(super) const fn header(name: Text, starts: bool, value: Text) -> Sign {
        let (value, place) = (Pattern::new(value), place(name.bytes()));
        let (shapes, subject) = if starts { (u64::MAX, ANY) } else { (1 << place, place) };
        Sign { shapes, pairs: value.pairs(), subject, what: What::Header { name, starts, value } }
    }

    pub(super) const fn cookie(pattern: Text) -> Sign {
        let (pattern, subject) = (Pattern::new(pattern), place(b"Set-Cookie"));
        let pairs = pattern.pairs();
        Sign { shapes: 1 << subject, pairs, subject, what: What::Cookie(pattern) }
    }

    pub(super) const fn location(pattern: Text) -> Sign {
        let (pattern, shapes) = (Pattern::new(pattern), 1 << place(b"Location"));
        let pairs = pattern.pairs();
        Sign { shapes, pairs, subject: LOCATION, what: What::Location(pattern) }
    }

    pub(super) const fn body(pattern: Text) -> Sign {
        let pattern = Pattern::new(pattern);
        let pairs = pattern.pairs();
        Sign { shapes: NO_FIELD, pairs, subject: PAGE, what: What::Body(pattern) }
    }

    /// What the response says of itself outweighs everything else, the more so when it names a product.
    fn self_declaration(&self, fields: &Fields) -> Option<usize> {
        match self.what {
            What::Header { name, value, .. } if name.get() == "X-Redirect-By" => {
                let said = fields.all(name.get()).any(|field| value.matches(&field.value));
                said.then_some(if value.text() == "*" { 9 } else { 12 })
            }
            What::Header { .. } | What::Cookie(_) | What::Location(_) | What::Body(_) => None,
        }
    }

    #[inline(always)]
    fn is_there(&self, look: &Look<'_>) -> bool {
        let known = look.pairs.get(self.subject).copied().unwrap_or_default();
        look.shapes & self.shapes != 0 && self.pairs & !known == 0 && self.holds(look)
    }

    #[inline(never)]
    fn holds(&self, look: &Look<'_>) -> bool {
        let fields = look.exchange.fields();
        match self.what {
            What::Header { .. } => self.line(fields).is_some(),
            What::Cookie(pattern) => cookie(fields, pattern).is_some(),
            What::Location(pattern) => look.location.is_some_and(|own| pattern.matches(own)),
            What::Body(pattern) => look.page.is_some_and(|own| pattern.matches(own)),
        }
    }

    /// A sign that is there, in words.
    fn words(&self, look: &Look<'_>) -> String {
        let fields = look.exchange.fields();
        match self.what {
            What::Header { .. } => self.line(fields).map_or_else(String::new, |field| {
                let text = quoted(&format!("{}: {}", field.name, field.text()));
                text.trim_matches('"').to_owned()
            }),
            What::Cookie(pattern) => {
                let text = cookie(fields, pattern).map(Field::text).unwrap_or_default();
                format!("cookie {}", quoted(text.split('=').next().unwrap_or_default()))
            }
            What::Location(pattern) => format!("the Location is like {}", pattern.text()),
            What::Body(_) => "the body is its default page".to_owned(),
        }
    }

    /// The line it is about.
    fn line<'a>(&self, fields: &'a Fields) -> Option<&'a Field> {
        let What::Header { name, starts, value } = self.what else { return None };
        let name = name.bytes();
        let named = |own: &[u8]| match starts {
            true => own.get(..name.len()).is_some_and(|own| own.eq_ignore_ascii_case(name)),
            false => own.len() == name.len() && own.eq_ignore_ascii_case(name),
        };
        let mut lines = fields.iter().filter(|field| named(field.name.as_bytes()));
        lines.find(|field| value.matches(&field.value))
    }
}

fn cookie(fields: &Fields, pattern: Pattern) -> Option<&Field> {
    fields.iter().find(|field| field.is("Set-Cookie") && pattern.matches(&field.value))
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
        assert!(rows().iter().all(|row| row.signs().count() > 0));
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
