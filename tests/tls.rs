//! The engine over TLS: verdicts, facts of the session, HTTP/2, client certificates, failures told apart.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(dead_code, reason = "the helpers are shared")]

#[path = "wire/http2.rs"]
mod http2;
#[path = "wire/run.rs"]
mod run;
#[path = "wire/tls.rs"]
mod tls;

use std::io::{Read, Write};
use std::net::SocketAddr;

use hopstep::domain::http::connection::Tls;
use hopstep::domain::http::exchange::Exchange;
use hopstep::domain::http::failure::FailureKind;
use hopstep::domain::http::head::Version;
use hopstep::domain::http::settings::{
    ClientCert, ConnectTo, Settings, TlsVersions, VersionPreference,
};
use hopstep::domain::http::timing::Phase;
use run::{Run, failure};
use tls::{Authority, Identity, answering, names_of, serve};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

/// Names under `.test` lead to this server.
fn leading_to(addr: SocketAddr, settings: Settings) -> Settings {
    let rule = ConnectTo {
        host: None,
        port: Some(443),
        to_host: Some(addr.ip().to_string()),
        to_port: Some(addr.port()),
    };
    Settings { connect_to: vec![rule], ..settings }
}

fn trusting(authority: &Authority) -> Settings {
    Settings { extra_roots: vec![authority.der.clone()], ..Settings::default() }
}

fn fetch(addr: SocketAddr, settings: Settings) -> Exchange {
    Run::new(leading_to(addr, settings)).get("https://a.test/x")
}

fn tls_of(exchange: &Exchange) -> &Tls {
    exchange.connection.tls.as_ref().expect("TLS facts")
}

#[test]
fn a_trusted_session_is_recorded_in_full() {
    let authority = Authority::new("Test CA");
    let addr = answering(authority.for_names(&["a.test", "*.b.test"]).config(), OK);
    let mut run = Run::new(leading_to(addr, trusting(&authority)));
    let first = run.get("https://a.test/x");
    assert_eq!(first.failure, None);
    assert_eq!(run.body(&first), b"hi");
    let tls = tls_of(&first);
    assert_eq!(tls.version.as_deref(), Some("TLSv1.3"));
    assert!(tls.cipher.as_deref().unwrap().starts_with("TLS_"), "{:?}", tls.cipher);
    assert_eq!(tls.group.as_deref(), Some("X25519"));
    assert_eq!(tls.verify_error, None);
    let leaf = &tls.certificates[0];
    assert_eq!(leaf.names, ["a.test", "*.b.test"]);
    assert!(leaf.issuer.contains("Test CA"), "{}", leaf.issuer);
    assert_eq!(leaf.sha256.len(), 64);
    assert!(leaf.not_before.ends_with('Z'), "{}", leaf.not_before);
    assert!(first.timing.tls.is_some() && first.timing.connect.is_some());
    let again = run.get("https://a.test/y");
    assert!(again.connection.reused);
    assert_eq!(again.connection.tls, first.connection.tls);
    assert_eq!(again.timing.tls, None);
}

#[test]
fn tls_1_2_is_recorded_as_such() {
    let authority = Authority::new("Test CA");
    let config = authority.for_names(&["a.test"]).config_for(&[&rustls::version::TLS12]);
    let exchange = fetch(answering(config, OK), trusting(&authority));
    assert_eq!(exchange.failure, None);
    assert_eq!(tls_of(&exchange).version.as_deref(), Some("TLSv1.2"));
    assert!(tls_of(&exchange).cipher.as_deref().unwrap().starts_with("TLS_ECDHE_"));
    assert_eq!(tls_of(&exchange).group.as_deref(), Some("X25519"));
}

#[test]
fn what_was_agreed_on_is_recorded_where_the_certificate_is_refused() {
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let config = Identity::self_signed("a.test").config_for(&[version]);
        let exchange = fetch(answering(config, OK), Settings::default());
        let tls = tls_of(&exchange);
        assert!(tls.verify_error.as_deref().unwrap().contains("self-signed"), "{tls:?}");
        let named = if version.version == rustls::ProtocolVersion::TLSv1_2 { "2" } else { "3" };
        assert_eq!(tls.version.as_deref(), Some(&*format!("TLSv1.{named}")));
        assert!(tls.cipher.as_deref().unwrap().starts_with("TLS_"), "{tls:?}");
        // under 1.2 no key is made before the certificate is looked at
        assert_eq!(tls.group.as_deref(), (named == "3").then_some("X25519"));
    }
}

#[test]
fn the_versions_of_tls_are_those_that_were_asked_for() {
    let authority = Authority::new("Test CA");
    let (old, new) = (&rustls::version::TLS12, &rustls::version::TLS13);
    let both = [old, new];
    for (server, tls, version) in [
        (&both[..], TlsVersions::Any, Some("TLSv1.3")),
        (&both, TlsVersions::Only12, Some("TLSv1.2")),
        (&both, TlsVersions::Only13, Some("TLSv1.3")),
        (&[new], TlsVersions::Only12, None),
        (&[old], TlsVersions::Only13, None),
    ] {
        let addr = answering(authority.for_names(&["a.test"]).config_for(server), OK);
        let exchange = fetch(addr, Settings { tls, ..trusting(&authority) });
        let Some(version) = version else {
            let sentence = "a.test and hopstep have no TLS version or cipher in common.";
            assert_eq!(failure(&exchange), (FailureKind::Tls, sentence));
            assert!(exchange.failure.as_ref().unwrap().hint.contains("--tls-max"));
            continue;
        };
        assert_eq!(exchange.failure, None);
        assert_eq!(tls_of(&exchange).version.as_deref(), Some(version));
        assert!(exchange.timing.tls.is_some());
    }
}

/// curl and OpenSSL take a trusted root as a server's own certificate; so does `--cacert` here.
#[test]
fn a_self_signed_certificate_that_is_trusted_itself_is_verified_for_its_names_only() {
    for identity in [Identity::self_signed_ca("a.test"), Identity::self_signed("a.test")] {
        let settings =
            Settings { extra_roots: vec![identity.chain[0].to_vec()], ..Settings::default() };
        let exchange = fetch(answering(identity.config(), OK), settings);
        assert_eq!(exchange.failure, None);
        assert_eq!(tls_of(&exchange).verify_error, None);
    }
    let other = Identity::self_signed_ca("b.test");
    let settings = Settings { extra_roots: vec![other.chain[0].to_vec()], ..Settings::default() };
    let exchange = fetch(answering(other.config(), OK), settings);
    let (_, refused) = failure(&exchange);
    assert!(refused.contains("is for b.test, not for a.test"), "{refused}");
}

/// The certificates that are refused, each with a word of its sentence.
fn refused() -> Vec<(&'static str, Identity, Authority)> {
    let trusted = || Authority::new("Trusted CA");
    let dated = |from: i32, to: i32| {
        let authority = trusted();
        let mut params = names_of(&["a.test"]);
        params.not_before = rcgen::date_time_ymd(from, 1, 1);
        params.not_after = rcgen::date_time_ymd(to, 1, 1);
        (authority.leaf(params), authority)
    };
    let (expired, expired_by) = dated(2001, 2002);
    let (early, early_by) = dated(2090, 2091);
    let named = trusted();
    vec![
        ("unknown authority", Authority::new("Other CA").for_names(&["a.test"]), trusted()),
        ("self-signed", Identity::self_signed("a.test"), trusted()),
        ("expired on 2002", expired, expired_by),
        ("not valid before 2090", early, early_by),
        ("is for b.test, c.test, not for a.test", named.for_names(&["b.test", "c.test"]), named),
    ]
}

#[test]
fn each_reason_to_refuse_a_certificate_has_its_own_sentence() {
    for (words, identity, authority) in refused() {
        let addr = answering(identity.config(), OK);
        let exchange = fetch(addr, trusting(&authority));
        let (kind, message) = failure(&exchange);
        assert_eq!(kind, FailureKind::Tls, "{message}");
        assert!(message.contains(words), "{message}");
        let refused = exchange.failure.as_ref().unwrap();
        assert_eq!(refused.phase, Phase::Tls);
        assert!(!refused.hint.is_empty() && !refused.cause.is_empty());
        assert!(!refused.cause.contains("Other("), "{}", refused.cause);
        assert_eq!(tls_of(&exchange).certificates.len(), 1);
        assert_eq!(exchange.sent, None);
    }
}

/// rustls stops at the first fault; who mends that one runs into the next.
#[test]
fn every_fault_of_a_certificate_is_told() {
    let trusted = Authority::new("Trusted CA");
    let dated = |authority: &Authority, name: &str| {
        let mut params = names_of(&[name]);
        params.not_before = rcgen::date_time_ymd(2001, 1, 1);
        params.not_after = rcgen::date_time_ymd(2002, 1, 1);
        authority.leaf(params)
    };
    let other = Authority::new("Other CA");
    let unknown = "The server's certificate was issued by an unknown authority (CN=Other CA)";
    let expired = "The server's certificate expired on 2002-01-01T00:00:00Z";
    let name = "; it also is for b.test, not for a.test.";
    for (identity, sentence, hints) in [
        (other.for_names(&["b.test"]), format!("{unknown}{name}"), &["--cacert", "wrong host"][..]),
        (
            Identity::self_signed_ca("b.test"),
            format!(
                "The server's certificate is self-signed: only the server itself vouches for it{name}"
            ),
            &["--cacert", "wrong host"],
        ),
        (dated(&trusted, "b.test"), format!("{expired}{name}"), &["clock", "wrong host"]),
        (
            dated(&other, "a.test"),
            format!("{expired}; it also was issued by an unknown authority (CN=Other CA)."),
            &["clock", "--cacert"],
        ),
        (
            dated(&other, "b.test"),
            format!("{expired}; it also was issued by an unknown authority (CN=Other CA){name}"),
            &["clock", "--cacert", "wrong host"],
        ),
    ] {
        let addr = answering(identity.config(), OK);
        let refused = fetch(addr, trusting(&trusted));
        assert_eq!(failure(&refused), (FailureKind::Tls, sentence.as_str()));
        let hint = &refused.failure.as_ref().unwrap().hint;
        assert!(hints.iter().all(|word| hint.contains(word)), "{hint}");
        assert!(hint.ends_with("-k goes on regardless."), "{hint}");
        let gone_on = fetch(addr, Settings { insecure: true, ..trusting(&trusted) });
        assert_eq!(tls_of(&gone_on).verify_error.as_deref(), Some(sentence.as_str()));
    }
}

#[test]
fn insecure_goes_on_and_shows_the_verdict() {
    for (words, identity, authority) in refused() {
        let addr = answering(identity.config(), OK);
        let exchange = fetch(addr, Settings { insecure: true, ..trusting(&authority) });
        assert_eq!((exchange.status(), &exchange.failure), (Some(200), &None));
        let verdict = tls_of(&exchange).verify_error.as_deref().unwrap();
        assert!(verdict.contains(words), "{verdict}");
    }
}

#[test]
fn a_ca_file_replaces_the_system_roots() {
    let authority = Authority::new("File CA");
    let addr = answering(authority.for_names(&["a.test"]).config(), OK);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ca.pem");
    std::fs::write(&path, &authority.pem).unwrap();
    let exchange = fetch(addr, Settings { cacert: Some(path), ..Settings::default() });
    assert_eq!((exchange.status(), &exchange.failure), (Some(200), &None));
    let missing = Settings { cacert: Some(folder.path().join("none.pem")), ..Settings::default() };
    assert!(failure(&fetch(addr, missing)).1.contains("can't be read"));
}

#[test]
fn plain_http_on_a_tls_port_is_named() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().filter_map(Result::ok) {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let exchange = fetch(addr, Settings { insecure: true, ..Settings::default() });
    assert_eq!(failure(&exchange), (FailureKind::Tls, "a.test does not speak TLS on this port."));
}

#[test]
fn tls_on_a_plain_http_port_is_named() {
    let addr = answering(Identity::self_signed("a.test").config(), OK);
    let exchange = Run::new(Settings::default()).get(&format!("http://{addr}/"));
    assert_eq!(failure(&exchange), (FailureKind::Protocol, "The server speaks TLS on this port."));
}

#[test]
fn a_connection_closed_in_the_handshake_is_a_tls_failure() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    std::thread::spawn(move || listener.incoming().for_each(drop));
    let exchange = fetch(addr, Settings::default());
    assert_eq!(failure(&exchange).0, FailureKind::Tls, "{:?}", exchange.failure);
    assert!(failure(&exchange).1.contains("during the TLS handshake"), "{:?}", exchange.failure);
}

#[test]
fn a_client_certificate_is_asked_for_and_given() {
    let authority = Authority::new("CA");
    let server = authority.for_names(&["a.test"]);
    let addr = answering(server.config_asking(&authority), OK);
    let without = fetch(addr, trusting(&authority));
    assert_eq!(failure(&without), (FailureKind::Tls, "a.test asks for a client certificate."));
    let folder = tempfile::tempdir().unwrap();
    let client = authority.for_client();
    let pem = |tag: &str, der: &[u8]| {
        use base64::Engine as _;
        let text = base64::engine::general_purpose::STANDARD.encode(der);
        format!("-----BEGIN {tag}-----\n{text}\n-----END {tag}-----\n")
    };
    let path = folder.path().join("client.pem");
    let both = pem("CERTIFICATE", &client.chain[0]) + &client.key.serialize_pem();
    std::fs::write(&path, both).unwrap();
    let client_cert = Some(ClientCert { cert: path, key: None });
    let with = fetch(addr, Settings { client_cert, ..trusting(&authority) });
    assert_eq!((with.status(), &with.failure), (Some(200), &None));
}

/// Whether its alert comes through or the connection is gone first: a matter of luck under TLS 1.2.
#[test]
fn a_client_certificate_that_is_missing_is_the_reason_however_the_server_leaves() {
    let authority = Authority::new("CA");
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let asking = || authority.for_names(&["a.test"]).config_asking_for(&authority, &[version]);
        let alerting = answering(asking(), OK);
        // the hello is answered, then the server is gone without a word
        let silent = serve(asking(), |stream| {
            let _ = stream.conn.read_tls(&mut stream.sock);
            let _ = stream.conn.process_new_packets();
            while stream.conn.wants_write() && stream.conn.write_tls(&mut stream.sock).is_ok() {}
            let _ = stream.sock.read(&mut [0; 1]);
        });
        for addr in [alerting, silent] {
            let exchange = fetch(addr, trusting(&authority));
            let sentence = "a.test asks for a client certificate.";
            assert_eq!(failure(&exchange), (FailureKind::Tls, sentence));
            assert!(exchange.failure.as_ref().unwrap().hint.contains("-E FILE"));
        }
    }
}

fn http2_server(authority: &Authority, answer: Vec<u8>) -> SocketAddr {
    let mut config = authority.for_names(&["a.test"]).config();
    config.alpn_protocols = vec![b"h2".to_vec()];
    serve(config, move |stream| http2::serve(stream, &answer))
}

#[test]
fn http2_is_agreed_on_and_recorded() {
    let authority = Authority::new("CA");
    let answer = http2::answer("302", &[("location", "/y"), ("x", "1"), ("x", "2")], b"body");
    let addr = http2_server(&authority, answer);
    let mut run = Run::new(leading_to(addr, trusting(&authority)));
    for reused in [false, true] {
        let exchange = run.get("https://a.test/x?q");
        assert_eq!(exchange.failure, None);
        let sent = exchange.sent.as_ref().unwrap();
        assert_eq!((sent.version, sent.target.as_str()), (Version::Http2, "/x?q"));
        assert!(sent.fields.first("Host").is_none() && sent.raw.is_empty());
        let response = exchange.response.as_ref().unwrap();
        assert_eq!((response.version, response.status), (Version::Http2, 302));
        assert_eq!(response.fields.all("x").count(), 2);
        assert_eq!(run.body(&exchange), b"body");
        assert_eq!(tls_of(&exchange).alpn.as_deref(), Some("h2"));
        assert_eq!(exchange.connection.reused, reused);
    }
}

#[test]
fn http11_can_be_asked_for_where_http2_is_offered() {
    let authority = Authority::new("CA");
    let mut config = authority.for_names(&["a.test"]).config();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let addr = answering(config, OK);
    let settings = Settings { version: VersionPreference::Http11, ..trusting(&authority) };
    assert_eq!(fetch(addr, settings).sent.unwrap().version, Version::Http11);
}

#[test]
fn no_version_in_common_is_named() {
    let authority = Authority::new("CA");
    let addr = http2_server(&authority, vec![]);
    let settings = Settings { version: VersionPreference::Http11, ..trusting(&authority) };
    let exchange = fetch(addr, settings);
    assert!(failure(&exchange).1.contains("none of the HTTP versions"), "{:?}", exchange.failure);
}

#[test]
fn a_reset_http2_stream_is_a_failure_of_its_own() {
    let authority = Authority::new("CA");
    let addr = http2_server(&authority, http2::reset());
    let exchange = fetch(addr, trusting(&authority));
    assert_eq!(
        failure(&exchange),
        (FailureKind::Protocol, "a.test port 443 broke off the HTTP/2 stream.")
    );
}
