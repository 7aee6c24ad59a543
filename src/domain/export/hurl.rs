//! hurl: a file that `hurl` runs to send the very same requests and to hold the answers against what was seen.
//!
//! One entry a hop, each with its own cookies, so that nothing rests on hurl's own rules for redirects. Asserted are status,
//! Location and the final media type: what a redirect is about, and nothing that changes from run to run.
//! Promises: a server's text is no section, comment or template; what a hurl file can't hold is said in a comment.

mod quote;

use std::fmt::Write as _;

use super::super::chain::{Chain, Hop};
use super::super::escape::escape;
use super::super::http::body::RequestBody;
use super::super::http::field::Field;
use super::super::http::head::Version;
use super::super::http::origin::Origin;
use super::super::http::request::Request;
use super::super::http::settings::{Family, Settings, VersionPreference};
use super::{Record, words};

/// The whole file.
pub fn document(record: &Record<'_>) -> String {
    let chain = record.chain;
    let title =
        format!("{}{} as {}", words::ending(chain), words::redirects(chain), chain.client.name);
    let mut out = format!("# {}\n", escape(&title));
    for hop in &chain.hops {
        out.push('\n');
        entry(chain, hop, record.settings, &mut out);
    }
    out
}

fn entry(chain: &Chain, hop: &Hop, settings: &Settings, out: &mut String) {
    comments(hop, out);
    let request = &hop.request;
    if !request.method.as_str().bytes().all(|byte| byte.is_ascii_uppercase()) {
        let line = format!("not written: hurl knows no method {}", request.method);
        return comment(&line, out);
    }
    // each entry brings the Cookie line that was sent
    if chain.hops.iter().take(hop.index - 1).any(|hop| hop.exchange.fields().contains("Set-Cookie"))
    {
        out.push_str("# @cookie_storage_clear\n");
    }
    let (url, odd) = quote::url(&address(request));
    let _ = writeln!(out, "{} {url}", request.method);
    for field in request.fields.iter().filter(|field| is_written(request, field)) {
        line(field, out);
    }
    let mut lines = options(hop, settings);
    lines.extend(odd.map(|value| format!("variable: url={value}")));
    if !lines.is_empty() {
        let _ = writeln!(out, "[Options]\n{}", lines.join("\n"));
    }
    if let Some(body) = &request.body {
        out.push_str(&quote::body(&body.bytes));
        out.push('\n');
    }
    response(hop, out);
}

fn comments(hop: &Hop, out: &mut String) {
    let changes: Vec<String> = hop.changes.iter().map(words::change).collect();
    match changes.as_slice() {
        [] => comment(&format!("hop {}", hop.index), out),
        changes => comment(&format!("hop {}: {}", hop.index, changes.join(", ")), out),
    }
    if let Some(failure) = &hop.exchange.failure {
        comment(&format!("failed: {}", failure.message), out);
    }
    let bytes = |field: &Field| std::str::from_utf8(&field.value).is_err();
    for field in hop.request.fields.iter().filter(|field| bytes(field)) {
        comment(
            &format!("{} held bytes that are not UTF-8, which hurl can't send", field.name),
            out,
        );
    }
    let sends = |name: &str| hop.request.fields.contains(name);
    for name in ["User-Agent", "Accept"].into_iter().filter(|name| !sends(name)) {
        comment(&format!("{name} was not sent; hurl adds its own"), out);
    }
}

fn comment(text: &str, out: &mut String) {
    let _ = writeln!(out, "# {}", escape(text));
}

fn line(field: &Field, out: &mut String) {
    let value = field.text();
    let _ = writeln!(out, "{}: {}", quote::key(&field.name), quote::value(&value));
}

/// The target as it was sent.
fn address(request: &Request) -> String {
    match &request.exact_target {
        None => request.display_url(),
        Some(target) => format!("{}{target}", Origin::of(&request.url)),
    }
}

/// Host and Content-Length follow from URL and body.
fn is_written(request: &Request, field: &Field) -> bool {
    let host = &request.url[url::Position::BeforeHost..url::Position::AfterPort];
    let length = request.body.as_ref().map(RequestBody::len).unwrap_or_default().to_string();
    !(field.is("Host") && field.value == host.as_bytes()
        || field.is("Content-Length") && field.value == length.as_bytes())
}

fn options(hop: &Hop, settings: &Settings) -> Vec<String> {
    let request = &hop.request;
    let went = hop.exchange.sent.as_ref().map(|sent| sent.version);
    let mut lines = Vec::new();
    let mut add = |name: &str, value: String| lines.push(format!("{name}: {value}"));
    if request.exact_target.is_some() {
        add("path-as-is", "true".to_owned());
    }
    match settings.version {
        VersionPreference::Auto if went == Some(Version::Http2) => {
            add("http2", "true".to_owned());
        }
        VersionPreference::Auto if request.http10 => add("http1.0", "true".to_owned()),
        VersionPreference::Auto => {}
        VersionPreference::Http10 => add("http1.0", "true".to_owned()),
        VersionPreference::Http11 => add("http1.1", "true".to_owned()),
        VersionPreference::Http2 | VersionPreference::Http2PriorKnowledge => {
            add("http2", "true".to_owned());
        }
    }
    match settings.family {
        Family::Any => {}
        Family::V4 => add("ipv4", "true".to_owned()),
        Family::V6 => add("ipv6", "true".to_owned()),
    }
    if request.url.scheme() == "https" {
        tls(settings, &mut add);
    }
    route(request, settings, &mut add);
    lines
}

fn tls(settings: &Settings, add: &mut impl FnMut(&str, String)) {
    if settings.insecure {
        add("insecure", "true".to_owned());
    }
    if let Some(file) = &settings.cacert {
        add("cacert", quote::value(&file.to_string_lossy()));
    }
    if let Some(cert) = &settings.client_cert {
        add("cert", quote::value(&cert.cert.to_string_lossy()));
        if let Some(key) = &cert.key {
            add("key", quote::value(&key.to_string_lossy()));
        }
    }
}

fn route(request: &Request, settings: &Settings, add: &mut impl FnMut(&str, String)) {
    let host = request.url.host_str().unwrap_or_default();
    let port = request.url.port_or_known_default().unwrap_or_default();
    let pinned =
        settings.resolve.iter().filter(|of| of.port == port && (of.host == host || of.host == "*"));
    for (of, ip) in pinned.filter_map(|of| of.to.first().map(|ip| (of, ip))) {
        add("resolve", format!("{}:{}:{ip}", of.host, of.port));
    }
    for of in settings.connect_to.iter().filter(|of| of.fits(host, port)) {
        let text = |of: Option<&String>| of.cloned().unwrap_or_default();
        let port = |of: Option<u16>| of.map_or_else(String::new, |port| port.to_string());
        let (from, to) = (text(of.host.as_ref()), text(of.to_host.as_ref()));
        let to = if to.contains(':') { format!("[{to}]") } else { to };
        add("connect-to", format!("{from}:{}:{to}:{}", port(of.port), port(of.to_port)));
    }
    if let Some(path) = &settings.unix_socket {
        add("unix-socket", quote::value(&path.to_string_lossy()));
    }
    if let Some(proxy) = settings.proxies.for_url(&request.url) {
        add("proxy", quote::value(proxy.url.as_str()));
    }
}

fn response(hop: &Hop, out: &mut String) {
    let Some(head) = &hop.exchange.response else { return };
    let _ = writeln!(out, "HTTP {}", head.status);
    let mut asserts = Vec::new();
    let mut locations = head.fields.all("Location");
    // hurl compares a list where there are several
    if let (Some(field), None) = (locations.next(), locations.next()) {
        asserts.push(("Location", field));
    }
    if !(300..400).contains(&head.status) {
        asserts.extend(head.fields.first("Content-Type").map(|field| ("Content-Type", field)));
    }
    let asserts: Vec<_> = asserts
        .into_iter()
        .filter(|(_, field)| std::str::from_utf8(&field.value).is_ok())
        .collect();
    if asserts.is_empty() {
        return;
    }
    out.push_str("[Asserts]\n");
    for (name, field) in asserts {
        let _ = writeln!(out, "header \"{name}\" == {}", quote::string(&field.text()));
    }
}
