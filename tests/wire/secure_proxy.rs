//! `https://` proxies: TLS with the proxy, forwarding and CONNECT over it, and which of the two failed.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use hopstep::domain::http::exchange::Exchange;
use hopstep::domain::http::failure::FailureKind;
use hopstep::domain::http::field::Field;
use hopstep::domain::http::head::Version;
use hopstep::domain::http::request::FieldEdit;
use hopstep::domain::http::settings::{ClientCert, Proxies, ProxyChoice, Settings, ToProxy};

use crate::http2;
use crate::http2_proxy;
use crate::run::{Run, failure};
use crate::server::Nobody;
use crate::tls::{self, Authority, Identity, Stream, answering, read_head, serve};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
const ESTABLISHED: &[u8] = b"HTTP/1.1 200 Established\r\nVia: p\r\n\r\n";

/// All targets by way of this proxy, whose authority is trusted for proxies only.
fn by_way_of(addr: SocketAddr, authority: &Authority, folder: &tempfile::TempDir) -> Settings {
    let file = folder.path().join("proxy-ca.pem");
    std::fs::write(&file, &authority.pem).unwrap();
    let url = format!("https://user:pw@localhost:{}/", addr.port()).parse().unwrap();
    let choice = ProxyChoice { url, source: "-x".to_owned() };
    let (http, https) = (Some(choice.clone()), Some(choice));
    let to_proxy = ToProxy { cacert: Some(file), ..ToProxy::default() };
    Settings { proxies: Proxies { http, https, bypass: vec![] }, to_proxy, ..Settings::default() }
}

/// A proxy that opens every tunnel to this server and keeps the heads it was sent.
fn tunnelling(identity: &Identity, to: SocketAddr) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let heads = Arc::<Mutex<Vec<String>>>::default();
    let kept = Arc::clone(&heads);
    let addr = serve(identity.config(), move |stream| {
        let Some(head) = read_head(stream) else { return };
        kept.lock().unwrap().push(String::from_utf8_lossy(&head).into_owned());
        if stream.write_all(ESTABLISHED).is_ok() {
            splice(stream, to);
        }
    });
    (addr, heads)
}

/// Copies both ways, what is there at the moment: one thread can't wait for two blocking streams.
fn splice(stream: &mut Stream, to: SocketAddr) {
    let mut upstream = TcpStream::connect(to).unwrap();
    let brief = Some(std::time::Duration::from_millis(2));
    stream.sock.set_read_timeout(brief).unwrap();
    upstream.set_read_timeout(brief).unwrap();
    let mut buffer = [0; 16 * 1024];
    loop {
        let passed = pass(stream, &mut upstream, &mut buffer)
            .and_then(|()| pass(&mut upstream, stream, &mut buffer));
        if passed.is_err() {
            return;
        }
    }
}

fn pass(from: &mut impl Read, to: &mut impl Write, buffer: &mut [u8]) -> std::io::Result<()> {
    match from.read(buffer) {
        Ok(0) => Err(std::io::ErrorKind::UnexpectedEof.into()),
        Ok(count) => to.write_all(&buffer[..count]).and_then(|()| to.flush()),
        Err(error)
            if matches!(
                error.kind(),
                std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
            ) =>
        {
            Ok(())
        }
        Err(error) => Err(error),
    }
}

#[test]
fn connect_goes_over_tls_with_the_proxy_and_the_targets_tls_through_it() {
    let (ours, theirs) = (Authority::new("Proxy CA"), Authority::new("Target CA"));
    let target = answering(theirs.for_names(&["far.test"]).config(), OK);
    let (proxy, heads) = tunnelling(&ours.for_names(&["localhost"]), target);
    let folder = tempfile::tempdir().unwrap();
    let mut settings = by_way_of(proxy, &ours, &folder);
    settings.extra_roots = vec![theirs.der.clone()];
    settings.to_proxy.edits = vec![FieldEdit::Set(Field::new("X-For-Proxy", "1"))];
    let mut run = Run::new(settings);
    for reused in [false, true] {
        let exchange = run.get("https://far.test/x");
        assert_eq!((exchange.status(), &exchange.failure), (Some(200), &None));
        assert_eq!(exchange.connection.reused, reused);
        assert_eq!(exchange.sent.as_ref().unwrap().target, "/x");
        let target = exchange.connection.tls.as_ref().unwrap();
        assert_eq!(
            (target.certificates[0].names.as_slice(), &target.verify_error),
            (&["far.test".to_owned()][..], &None)
        );
        let with_proxy = exchange.connection.proxy.unwrap().tls.unwrap();
        assert_eq!(
            (with_proxy.certificates[0].names.as_slice(), &with_proxy.verify_error),
            (&["localhost".to_owned()][..], &None)
        );
        assert_eq!(with_proxy.version.as_deref(), Some("TLSv1.3"));
        let tunnel = exchange.connection.tunnel.unwrap();
        assert_eq!(tunnel.response.unwrap().fields.text("via").unwrap(), "p");
        assert!(exchange.timing.tls.is_none() == reused);
    }
    let heads = heads.lock().unwrap();
    assert_eq!(
        heads.as_slice(),
        [
            "CONNECT far.test:443 HTTP/1.1\r\nHost: far.test:443\r\nProxy-Authorization: Basic dXNlcjpwdw==\r\n\
          User-Agent: t\r\nProxy-Connection: Keep-Alive\r\nX-For-Proxy: 1\r\n\r\n"
        ]
    );
}

#[test]
fn a_plain_target_is_forwarded_over_tls_with_the_proxy() {
    let ours = Authority::new("Proxy CA");
    let addr = serve(ours.for_names(&["localhost"]).config(), |stream| {
        while let Some(head) = read_head(stream) {
            let head = String::from_utf8_lossy(&head).into_owned();
            let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{head}", head.len());
            if stream.write_all(answer.as_bytes()).is_err() {
                return;
            }
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let mut settings = by_way_of(addr, &ours, &folder);
    settings.to_proxy.edits = vec![FieldEdit::Set(Field::new("X-For-Proxy", "1"))];
    let mut run = Run::new(settings);
    let exchange = run.get("http://far.invalid/a?b");
    assert_eq!((exchange.status(), &exchange.failure), (Some(200), &None));
    assert_eq!(
        String::from_utf8(run.body(&exchange)).unwrap(),
        "GET http://far.invalid/a?b HTTP/1.1\r\nHost: far.invalid\r\nProxy-Authorization: Basic dXNlcjpwdw==\r\n\
         User-Agent: t\r\nAccept: */*\r\nX-For-Proxy: 1\r\n\r\n"
    );
    assert_eq!((exchange.connection.tls, exchange.connection.tunnel), (None, None));
    assert!(exchange.connection.proxy.unwrap().tls.is_some());
}

/// `-k` and `--cacert` are about the target, `--proxy-insecure` about the proxy.
#[test]
fn whom_each_option_trusts() {
    let (ours, theirs) = (Authority::new("Proxy CA"), Authority::new("Target CA"));
    let target = answering(theirs.for_names(&["far.test"]).config(), OK);
    let (proxy, _) = tunnelling(&ours.for_names(&["localhost"]), target);
    let folder = tempfile::tempdir().unwrap();
    let trusting = by_way_of(proxy, &ours, &folder);
    let careless = ToProxy { insecure: true, ..ToProxy::default() };
    let none = ToProxy::default();
    let ca = trusting.to_proxy.cacert.clone();
    let wrong = |to_proxy: &ToProxy, insecure: bool, cacert| {
        let settings =
            Settings { to_proxy: to_proxy.clone(), insecure, cacert, ..trusting.clone() };
        Run::new(settings).get("https://far.test/")
    };
    let told = |exchange: &Exchange| failure(exchange).1.to_owned();
    let unknown_proxy =
        "The proxy can't be used: its certificate was issued by an unknown authority";
    for exchange in [wrong(&none, true, None), wrong(&none, false, ca.clone())] {
        assert_eq!(failure(&exchange).0, FailureKind::Proxy);
        assert!(told(&exchange).starts_with(unknown_proxy), "{}", told(&exchange));
        let hint = exchange.failure.unwrap().hint;
        assert!(hint.contains("--proxy-insecure goes on"), "{hint}");
        assert!(exchange.connection.tls.is_none() && exchange.connection.tunnel.is_none());
        assert!(exchange.connection.proxy.unwrap().tls.unwrap().verify_error.is_some());
    }
    let unknown_target = wrong(&careless, false, None);
    assert_eq!(failure(&unknown_target).0, FailureKind::Tls);
    assert!(told(&unknown_target).starts_with("The server's certificate was issued by an unknown"));
    let both = wrong(&careless, true, None);
    assert_eq!((both.status(), &both.failure), (Some(200), &None));
    assert!(both.connection.tls.unwrap().verify_error.is_some());
    assert!(both.connection.proxy.unwrap().tls.unwrap().verify_error.is_some());
}

#[test]
fn what_goes_wrong_with_an_https_proxy_is_told_apart() {
    let ours = Authority::new("Proxy CA");
    let folder = tempfile::tempdir().unwrap();
    for (answer, words) in [
        (&b"HTTP/1.1 407 Auth\r\nContent-Length: 0\r\n\r\n"[..], "asks for credentials (407)"),
        (b"HTTP/1.1 403 No\r\n\r\n", "refused to open a tunnel"),
        (b"SSH-2.0-x\r\n", "answer is not HTTP"),
        (b"", "closed the connection instead"),
    ] {
        let addr = serve(ours.for_names(&["localhost"]).config(), move |stream| {
            read_head(stream);
            let _ = stream.write_all(answer);
            stream.conn.send_close_notify();
            let _ = stream.flush();
        });
        let exchange = Run::new(by_way_of(addr, &ours, &folder)).get("https://far.test/");
        let (kind, message) = failure(&exchange);
        assert_eq!(kind, FailureKind::Proxy, "{message}");
        assert!(message.contains(words), "{message}");
        assert!(exchange.connection.tunnel.is_some());
    }
    // a name that the certificate does not have
    let other = serve(ours.for_names(&["other.test"]).config(), |stream| drop(read_head(stream)));
    let exchange = Run::new(by_way_of(other, &ours, &folder)).get("http://far.test/");
    assert!(
        failure(&exchange).1.contains("its certificate is for other.test"),
        "{:?}",
        exchange.failure
    );
    // no TLS at all
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let plain = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().filter_map(Result::ok) {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
            let _ = stream.read(&mut [0; 4096]);
        }
    });
    let exchange = Run::new(by_way_of(plain, &ours, &folder)).get("https://far.test/");
    assert_eq!(failure(&exchange).0, FailureKind::Proxy, "{:?}", exchange.failure);
    assert!(failure(&exchange).1.contains("does not speak TLS"), "{:?}", exchange.failure);
    assert!(exchange.failure.unwrap().hint.contains("-x http://"));
    // nobody there
    let free = Nobody::new();
    let exchange = Run::new(by_way_of(free.addr, &ours, &folder)).get("https://far.test/");
    assert_eq!(failure(&exchange).0, FailureKind::Proxy);
    assert!(failure(&exchange).1.contains("can't be reached"), "{:?}", exchange.failure);
}

#[test]
fn a_proxy_that_wants_a_client_certificate_gets_the_one_for_proxies() {
    let ours = Authority::new("Proxy CA");
    let identity = ours.for_names(&["localhost"]);
    let addr = tls::answering(identity.config_asking(&ours), OK);
    let folder = tempfile::tempdir().unwrap();
    let mut settings = by_way_of(addr, &ours, &folder);
    let without = Run::new(settings.clone()).get("https://far.test/");
    assert_eq!(failure(&without).0, FailureKind::Proxy, "{:?}", without.failure);
    assert!(failure(&without).1.contains("asks for a client certificate"), "{:?}", without.failure);
    assert!(without.failure.unwrap().hint.contains("--proxy-cert FILE and --proxy-key FILE"));
    let client = ours.for_client();
    let (cert, key) = (folder.path().join("cert.pem"), folder.path().join("key.pem"));
    std::fs::write(&cert, tls::pem("CERTIFICATE", &client.chain[0])).unwrap();
    std::fs::write(&key, client.key.serialize_pem()).unwrap();
    settings.to_proxy.client_cert = Some(ClientCert { cert, key: Some(key) });
    let with = Run::new(settings).get("http://far.test/");
    assert_eq!((with.status(), &with.failure), (Some(200), &None));
}

/// A certificate for localhost, and HTTP/2 only.
fn http2_only(authority: &Authority) -> rustls::ServerConfig {
    let mut config = authority.for_names(&["localhost"]).config();
    config.alpn_protocols = vec![b"h2".to_vec()];
    config
}

#[test]
fn http2_is_spoken_with_a_proxy_that_forwards() {
    let ours = Authority::new("Proxy CA");
    let answer = http2::answer("200", &[("x", "1")], b"body");
    let addr = serve(http2_only(&ours), move |stream| http2::serve(stream, &answer));
    let folder = tempfile::tempdir().unwrap();
    let mut settings = by_way_of(addr, &ours, &folder);
    settings.to_proxy.http2 = true;
    settings.to_proxy.edits = vec![FieldEdit::Set(Field::new("X-P", "1"))];
    let mut run = Run::new(settings);
    let exchange = run.get("http://far.test/x");
    assert_eq!((exchange.status(), &exchange.failure), (Some(200), &None));
    assert_eq!(run.body(&exchange), b"body");
    assert_eq!(exchange.connection.proxy.unwrap().tls.unwrap().alpn.as_deref(), Some("h2"));
    let sent = exchange.sent.unwrap();
    assert_eq!((sent.target.as_str(), sent.version), ("/x", Version::Http2));
    assert_eq!(sent.fields.text("x-p").as_deref(), Some("1"));
    assert!(sent.fields.text("proxy-authorization").unwrap().starts_with("Basic "));
    assert_eq!(exchange.notes, Vec::<String>::new());
    assert!(run.get("http://far.test/y").connection.reused);
}

#[test]
fn connect_over_http2_is_a_stream_that_leads_to_the_target() {
    let (ours, theirs) = (Authority::new("Proxy CA"), Authority::new("Target CA"));
    let target = answering(theirs.for_names(&["far.test"]).config(), OK);
    let (addr, asked) = http2_proxy::start(http2_only(&ours), target);
    let folder = tempfile::tempdir().unwrap();
    let mut settings = by_way_of(addr, &ours, &folder);
    settings.to_proxy.http2 = true;
    settings.extra_roots = vec![theirs.der.clone()];
    let mut run = Run::new(settings);
    for again in [false, true] {
        let exchange = run.get("https://far.test/x");
        assert_eq!((exchange.status(), &exchange.failure), (Some(200), &None));
        assert_eq!(run.body(&exchange), b"hi");
        assert_eq!(exchange.connection.reused, again);
        let tunnel = exchange.connection.tunnel.unwrap();
        assert_eq!(tunnel.request.version, Version::Http2);
        assert_eq!(tunnel.request.target, "far.test:443");
        let names: Vec<&str> = tunnel.request.fields.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(names, ["proxy-authorization", "user-agent"]);
        assert_eq!(tunnel.response.unwrap().fields.text("via").as_deref(), Some("p"));
        assert_eq!(exchange.sent.unwrap().version, Version::Http11);
        assert!(
            exchange.connection.tls.unwrap().certificates[0].names.contains(&"far.test".into())
        );
    }
    assert_eq!(*asked.lock().unwrap(), ["far.test:443"]);
    let refused = run.get("https://refused.test/");
    assert_eq!(failure(&refused).0, FailureKind::Proxy);
    assert_eq!(refused.connection.tunnel.unwrap().response.unwrap().status, 403);
    let closed = run.get("https://closed.test/").failure.unwrap();
    assert_eq!(closed.kind, FailureKind::Proxy);
    assert!(closed.message.contains("instead of opening a tunnel"), "{}", closed.message);
}

#[test]
fn that_a_proxy_speaks_no_http2_is_said() {
    let (ours, theirs) = (Authority::new("Proxy CA"), Authority::new("Target CA"));
    let target = answering(theirs.for_names(&["far.test"]).config(), OK);
    let (addr, _) = tunnelling(&ours.for_names(&["localhost"]), target);
    let folder = tempfile::tempdir().unwrap();
    let mut settings = by_way_of(addr, &ours, &folder);
    settings.to_proxy.http2 = true;
    settings.extra_roots = vec![theirs.der.clone()];
    let exchange = Run::new(settings).get("https://far.test/x");
    assert_eq!((exchange.status(), &exchange.failure), (Some(200), &None));
    let note = "HTTP/2 with the proxy was asked for; it is spoken to in HTTP/1.1.";
    assert_eq!(exchange.notes, [note]);
}
