//! The worlds that the screens show.

pub(crate) const CHECKOUT: &str = r#"
[request]
method = "POST"
target = "http://shop.test/checkout"
body = "item=teapot&quantity=1&voucher=SPRING-2026"
type = "application/x-www-form-urlencoded"
[[responses]]
status = 308
reason = "Permanent Redirect"
fields = [["Server", "nginx/1.24.0"], ["Content-Type", "text/html"], ["Location", "https://shop.test/checkout"]]
body = "<html></html>\n"
[[responses]]
status = 302
reason = "Found"
fields = [
  ["Server", "nginx/1.24.0"], ["Date", "Sat, 21 Nov 2026 12:00:00 GMT"], ["Content-Type", "text/html"],
  ["Location", "/orders/17"], ["Set-Cookie", "sid=8f3c1a77e0b24d55; Path=/"],
]
body = "<p>Your order is <a href=\"/orders/17\">here</a>.</p>\n"
[[responses]]
status = 200
reason = "OK"
fields = [["Server", "nginx/1.24.0"], ["Content-Type", "text/html; charset=utf-8"], ["Content-Length", "91"]]
body = "<!doctype html>\n<title>Order 17</title>\n<h1>Order 17</h1>\n<p>This basket is empty.</p>\n"
"#;

pub(crate) const TYPO: &str = r#"
request = { target = "http://www.example.re/testing" }
[[responses]]
status = 302
reason = "Found"
fields = [["Location", "http//www.example.re/testing/news.html"], ["Content-Length", "0"]]
"#;

pub(crate) const HOSTILE: &str = r#"
request = { target = "http://evil.test/" }
[[responses]]
status = 301
reason = "\u001b]0;owned\u0007Moved \u202ereversed"
fields = [
  ["X-\u0001Odd", "\u001b[2J\u001b[31mred"],
  ["X-Latin", "caf\u00e9\u00ff", "latin-1"],
  ["X-Wide", "漢字漢字漢字 e\u0301 👍🏽 \u200b|"],
  ["Location", "http://evil.test/a\u001b[1mb c<d>"],
  ["X-Long", "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz"],
]
body = "\u001b[2Jbody\u0000"
[responses.facts]
deviations = [["bare-lf", "X-Latin"], ["folded-line", "X-Wide"]]
"#;

pub(crate) const DOWNGRADE: &str = r#"
[request]
method = "POST"
target = "https://bank.test/transfer"
body = "amount=100"
user = "me:secret"
[[responses]]
status = 307
reason = "Temporary Redirect"
fields = [["Location", "http://pay.other.test/transfer?amount=100"]]
[[responses]]
status = 200
reason = "OK"
"#;

pub(crate) const LOOP: &str = r#"
request = { target = "http://loop.test/a" }
[[responses]]
status = 302
reason = "Found"
fields = [["Location", "/b"]]
[[responses]]
status = 302
reason = "Found"
fields = [["Location", "/a"]]
[[responses]]
status = 302
reason = "Found"
fields = [["Location", "/b"]]
"#;

pub(crate) const EXPIRED: &str = r#"
request = { target = "http://old.test/" }
[[responses]]
status = 301
reason = "Moved Permanently"
fields = [["Location", "https://old.test/"]]
[[responses]]
facts = { failure = "tls", message = "the certificate expired on 2026-10-01, 51 days ago", tls-error = "the certificate expired on 2026-10-01, 51 days ago" }
"#;

pub(crate) const JSON: &str = r#"
request = { target = "http://api.test/items?page=1" }
[[responses]]
status = 200
reason = "OK"
fields = [["Content-Type", "application/json"]]
body = "{\"items\":[{\"id\":1,\"name\":\"teapot\",\"price\":12.5,\"tags\":[\"kitchen\",\"sale\"],\"stock\":null,\"new\":true}],\"next\":\"/items?page=2\"}"
"#;

/// The same request answered twice: some values of the body have changed, one line is new.
pub(crate) const TWICE: &str = r#"
request = { target = "http://api.test/items?page=1" }
[[responses]]
status = 200
reason = "OK"
fields = [["Content-Type", "application/json"]]
body = "{\"items\":[{\"id\":1,\"name\":\"teapot\",\"price\":12.5},{\"id\":2,\"name\":\"kettle\"}],\"refresh_token\":\"FIRSTs3cret0001\"}"
[[responses]]
status = 200
reason = "OK"
fields = [["Content-Type", "application/json"]]
body = "{\"items\":[{\"id\":1,\"name\":\"teapots\",\"price\":13.5},{\"id\":2,\"name\":\"kettle\",\"sale\":true}],\"refresh_token\":\"SECONDs3cret0002\"}"
"#;

/// A page with nested elements.
pub(crate) const LANDING: &str = r#"
request = { target = "http://shop.test/" }
[[responses]]
status = 200
reason = "OK"
fields = [["Content-Type", "text/html; charset=iso-8859-2"]]
body = "<!DOCTYPE html><html><head><title>Shop</title></head><body><ul class=menu><li>Tea</li><li>Pots <b>new</b></li></ul><p>Welcome.</p></body></html>"
"#;

/// A page whose meta refresh leads on.
pub(crate) const SOFT: &str = r#"
request = { target = "http://old.test/docs" }
[[responses]]
status = 200
reason = "OK"
fields = [["Content-Type", "text/html"]]
body = "<!doctype html><meta http-equiv=refresh content='0; url=/manual'><p>Moved.</p>"
[[responses]]
status = 200
reason = "OK"
fields = [["Content-Type", "text/plain"]]
body = "The manual."
"#;

/// A vector image.
pub(crate) const IMAGE: &str = r#"
request = { target = "http://shop.test/logo.svg" }
[[responses]]
status = 200
reason = "OK"
fields = [["Content-Type", "image/svg+xml"]]
body = "<svg xmlns='http://www.w3.org/2000/svg' width='64' height='32'><g><path d='M0 0h64v32z'/></g></svg>"
"#;

/// JSON that stops being JSON.
pub(crate) const BROKEN: &str = r#"
request = { target = "http://api.test/items" }
[[responses]]
status = 200
reason = "OK"
fields = [["Content-Type", "application/json"]]
body = "{\"items\":[1,2,<b>Fatal error</b>"
"#;

/// Two pages that point at each other for a long time, until one of them gives in.
pub(crate) fn ping_pong() -> String {
    let location =
        |hop: usize| format!("/{}?n={hop}", if hop.is_multiple_of(2) { "a" } else { "b" });
    redirects("http://loop.test/a?n=0", location)
}

/// Thirty hops with long URLs.
pub(crate) fn long_chain() -> String {
    let location = |hop: usize| {
        let host = format!("http://www{}.example.test", hop % 3);
        let article = format!("articles/2026/11/21/a-rather-long-slug-{hop}/index.html");
        format!("{host}/region-{hop}/{article}?utm_source=mail")
    };
    redirects("http://www.example.test/start", location)
}

/// Thirty redirects and a page at their end.
fn redirects(target: &str, location: impl Fn(usize) -> String) -> String {
    let mut world = format!("request = {{ target = \"{target}\" }}\nmax-hops = 100\n");
    for hop in 1..=30 {
        let location = location(hop);
        world.push_str(&format!(
            "[[responses]]\nstatus = 302\nreason = \"Found\"\nfields = [[\"Location\", \"{location}\"]]\n"
        ));
    }
    world.push_str("[[responses]]\nstatus = 200\nreason = \"OK\"\n");
    world
}
