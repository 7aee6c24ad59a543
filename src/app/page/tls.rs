//! TLS: the session and the certificates of the hop's connection.

use crate::app::model::{Model, Session};
use crate::domain::chain::Hop;
use crate::domain::escape::escape;
use crate::domain::finding::{Anchor, Severity};
use crate::domain::http::connection::{Certificate, Tls};

use super::sheet::{Mark, Sheet};
use super::{Line, Role};
use super::{empty, head};

pub fn lines(model: &Model, session: &Session, hop: &Hop, width: u16) -> Vec<Line> {
    let mut sheet = Sheet::new(width);
    match &hop.exchange.connection.tls {
        Some(tls) => self::tls(&mut sheet, tls, hop.exchange.connection.reused),
        None => empty::tls(model, hop, width).into_iter().for_each(|line| sheet.line(line)),
    }
    let found = super::findings_on(session, hop.index);
    for Mark { index, finding, .. } in head::marks(&found, |anchor| *anchor == Anchor::Tls) {
        sheet.finding(index, finding);
    }
    sheet.finish()
}

fn tls(sheet: &mut Sheet, tls: &Tls, reused: bool) {
    let verdict = match &tls.verify_error {
        None => (Role::Added, "✔ the certificate is trusted".to_owned()),
        Some(error) => (
            Role::Severity(Severity::Error),
            format!("{} not trusted: {}", Severity::Error.badge(), escape(error)),
        ),
    };
    sheet.prose(0, &[verdict]);
    let unknown = || "unknown".to_owned();
    let facts = [
        ("version", tls.version.clone()),
        ("cipher", tls.cipher.clone()),
        ("group", tls.group.clone()),
        ("alpn", tls.alpn.clone()),
    ];
    for (label, value) in facts {
        let value = value.unwrap_or_else(unknown);
        sheet.labelled(label, 9, &[(Role::Plain, escape(&value))]);
    }
    if reused {
        sheet.labelled(
            "session",
            9,
            &[(Role::Plain, "of an earlier hop: the connection was reused")],
        );
    }
    for (at, certificate) in tls.certificates.iter().enumerate() {
        self::certificate(sheet, at, certificate);
    }
}

fn certificate(sheet: &mut Sheet, at: usize, certificate: &Certificate) {
    let what = if at == 0 {
        "Certificate of the server".to_owned()
    } else {
        format!("Certificate {} above it", at)
    };
    sheet.heading(&what);
    let names = certificate.names.join(", ");
    let valid = match certificate.not_after.as_str() {
        "" => String::new(),
        end => format!("{} to {end}", certificate.not_before),
    };
    let rows = [
        ("subject", &certificate.subject),
        ("issuer", &certificate.issuer),
        ("names", &names),
        ("valid", &valid),
        ("sha256", &certificate.sha256),
    ];
    for (label, value) in rows.into_iter().filter(|(_, value)| !value.is_empty()) {
        sheet.labelled(label, 9, &[(Role::Plain, escape(value))]);
    }
}
