//! Random chains: a request and the redirects it meets.

use std::fmt;

use crate::world::World;

/// A small generator: the same seed, the same chain.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }

    fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

/// A request and the answers it meets.
pub(crate) struct Trial {
    pub(crate) method: String,
    pub(crate) url: String,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) credentials: Option<(String, String)>,
    pub(crate) body: Option<String>,
    pub(crate) answers: Vec<Vec<u8>>,
}

/// Locations on any origin. `{o}` stands for an origin, `{h}` for its authority.
const LOCATIONS: &[&str] = &[
    "{o}/next",
    "{o}/next",
    "{o}/a/b?q=1",
    "/abs",
    "/abs?x=y",
    "rel",
    "../up",
    "./same",
    "?only=query",
    "{o}",
    "//{h}/protocol-relative",
    "/frag#ment",
    "{o}/dir/",
    "/a/../b/./c",
    "/%41%2f%7e",
    "/a b",
    "/p?a b",
    "HTTP:{r}/upper",
    "/\u{fc}",
    "/semi;colon=1",
    "/sp?x=%zz",
    "/.hidden/..",
    "http://u2:p2@{h}/userinfo",
    "",
    "#fragment",
    "/q?#",
    "http/no-colon",
    "/{b}",
    "/a\\b",
];

/// Statuses, the usual ones more often.
const STATUSES: &[&str] = &[
    "301", "302", "303", "307", "308", "301", "302", "303", "307", "308", "300", "304", "305",
    "310",
];

impl Trial {
    pub(crate) fn generate(random: &mut Random, world: &World, client: &str) -> Trial {
        let methods: &[&str] = match client {
            // urllib knows no others without a subclass, and refuses most
            "urllib" => &["GET", "GET", "HEAD", "POST"],
            _ => &["GET", "GET", "HEAD", "POST", "POST", "PUT", "PATCH", "DELETE"],
        };
        let method = random.pick(methods).to_owned();
        let body =
            matches!(method.as_str(), "POST" | "PUT" | "PATCH").then(|| "k=v&x=1".to_owned());
        let mut fields = Vec::new();
        for (name, value) in [
            ("Authorization", "Bearer tok"),
            ("Cookie", "manual=1"),
            ("X-Api-Key", "secret"),
            ("Proxy-Authorization", "Basic cHJveHk6cA=="),
            ("Content-Language", "en"),
            ("Referer", "http://ref.test/page"),
        ] {
            // Referer and content fields are not a fetch user's to set, or are set by the library
            if random.one_in(3) && (body.is_some() || !name.starts_with("Content")) {
                fields.push((name.to_owned(), value.to_owned()));
            }
        }
        if body.is_some() {
            fields.push(("Content-Type".to_owned(), "text/x-test".to_owned()));
        }
        let given = fields.iter().any(|(name, _)| name == "Authorization");
        let preemptive = matches!(client, "curl" | "requests");
        let credentials = (preemptive && !given && random.one_in(4))
            .then(|| ("user".to_owned(), "p:w".to_owned()));
        let url = format!("{}/start?x=1", world.origins[random.below(2)]);
        let count = 1 + random.below(4);
        let answers = (0..count).map(|_| answer(random, world)).collect();
        Trial { method, url, fields, credentials, body, answers }
    }
}

fn answer(random: &mut Random, world: &World) -> Vec<u8> {
    let status = random.pick(STATUSES);
    let origin = &world.origins[[0, 0, 1, 2][random.below(4)]];
    let location = random
        .pick(LOCATIONS)
        .replace("{o}", origin)
        .replace("{h}", &origin["http://".len()..])
        .replace("{r}", &origin["http:".len()..])
        .replace("{b}", "x|y");
    let mut text = format!("HTTP/1.1 {status} X\r\n");
    if !random.one_in(20) {
        text += &format!("Location: {location}\r\n");
    }
    if random.one_in(3) {
        let cookie = random.pick(&[
            "sid=1",
            "sid=2; Path=/",
            "manual=jar",
            "gone=1; Max-Age=0",
            "deep=1; Path=/a",
            "sec=1; Secure",
        ]);
        text += &format!("Set-Cookie: {cookie}\r\n");
    }
    if status != "304" {
        text += "Content-Length: 0\r\n";
    }
    text += "Connection: close\r\n\r\n";
    text.into_bytes()
}

impl fmt::Display for Trial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  {} {} {:?} {:?}", self.method, self.url, self.fields, self.credentials)?;
        for answer in &self.answers {
            writeln!(f, "  {:?}", String::from_utf8_lossy(answer))?;
        }
        Ok(())
    }
}
