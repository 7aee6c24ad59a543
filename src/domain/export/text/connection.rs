//! How a hop's connection came about: addresses, proxy, tunnel, TLS with the server's certificate, times, notes.

use super::super::super::chain::Hop;
use super::super::super::finding::Anchor;
use super::super::super::http::connection::{Certificate, Tls};
use super::super::Record;
use super::super::words::milliseconds;
use super::finding;
use super::hop::INDENT;
use super::paint::{Page, Style};
use super::{Facts, phases};

pub(super) fn lines(record: &Record<'_>, hop: &Hop, page: &mut Page) {
    let connection = &hop.exchange.connection;
    let mut facts = Facts::default();
    if let Some(address) = connection.remote_addr {
        facts.add(&[&address.to_string()]);
    }
    if connection.reused {
        facts.add(&["connection reused"]);
    }
    if let Some(proxy) = &connection.proxy {
        let tls = proxy.tls.as_deref().and_then(session);
        let tls = tls.map(|tls| format!(", {tls}")).unwrap_or_default();
        let pre = proxy.pre.as_ref().map(|pre| format!(", by way of {pre}")).unwrap_or_default();
        facts.add(&[&format!("through {} ({}{tls}{pre})", proxy.url, proxy.source)]);
    }
    if let Some(session) = connection.tls.as_deref().and_then(session) {
        facts.add(&[&session]);
    }
    if let Some(tunnel) = &connection.tunnel {
        let answer = tunnel.response.as_ref().map(|head| head.status.to_string());
        let answer = answer.as_deref().unwrap_or("no answer");
        facts.add(&["CONNECT ", &tunnel.request.target, " → ", answer]);
    }
    facts.add(&[&milliseconds(hop.exchange.timing.total)]);
    let phases = phases(&hop.exchange.timing);
    page.line(INDENT, &[(Style::Dim, &facts.0), (Style::Dim, &phases)]);
    if let Some(error) = connection.tls.as_ref().and_then(|tls| tls.verify_error.as_ref()) {
        page.line(INDENT, &[(Style::Bad, &format!("certificate not trusted: {error}"))]);
    }
    let proxy_tls = connection.proxy.as_ref().and_then(|proxy| proxy.tls.as_deref());
    if let Some(error) = proxy_tls.and_then(|tls| tls.verify_error.as_ref()) {
        let text = format!("certificate of the proxy not trusted: {error}");
        page.line(INDENT, &[(Style::Bad, &text)]);
    }
    if let Some(tls) = connection.tls.as_ref().filter(|_| !connection.reused) {
        certificates(&tls.certificates, page);
    }
    for note in &hop.exchange.notes {
        page.line(INDENT, &[(Style::Notice, &format!("note: {note}"))]);
    }
    for of in finding::on(record, hop.index, |a| {
        matches!(a, Anchor::Tls | Anchor::Timing | Anchor::Chain)
    }) {
        finding::plain(of, INDENT, page);
    }
}

/// What was agreed on; `None` when the handshake did not come so far.
fn session(tls: &Tls) -> Option<String> {
    let parts = [&tls.version, &tls.cipher, &tls.group, &tls.alpn];
    let known: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    (!known.is_empty()).then(|| known.join(" "))
}

/// The server's own certificate; of the others only how many there are.
fn certificates(chain: &[Certificate], page: &mut Page) {
    let Some((leaf, issuers)) = chain.split_first() else { return };
    let more = match issuers.len() {
        0 => String::new(),
        1 => " · 1 more in the chain".to_owned(),
        count => format!(" · {count} more in the chain"),
    };
    let names = match leaf.names.as_slice() {
        [] => String::new(),
        names => format!(" for {}", names.join(", ")),
    };
    let Certificate { subject, issuer, not_before, not_after, sha256, .. } = leaf;
    for line in [
        format!("certificate {subject}{names}, issued by {issuer}"),
        format!("valid from {not_before} to {not_after}{more}"),
        format!("sha256 {sha256}"),
    ] {
        page.line(INDENT, &[(Style::Dim, &line)]);
    }
}
