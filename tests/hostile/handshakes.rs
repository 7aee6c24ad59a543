//! TLS handshakes that break: cut at each record in each way, endless, oversized.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use hopstep::domain::http::failure::FailureKind::{self, Body, Protocol, Timeout, Tls};
use rustls::SupportedProtocolVersion;
use rustls::version::{TLS12, TLS13};

use crate::case::Case;
use crate::server::wait_until_read;
use crate::tls::{Identity, answering, read_head, serve};

const ANSWER: &str = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc";

/// What happens to the connection after so many of the server's records.
#[derive(Clone, Copy)]
enum End {
    Close,
    Reset,
    /// Half of the next record, then the end.
    Half,
    /// A record that no key opens.
    Noise,
    /// A record with one bit turned over, then the rest.
    Flipped,
    Silence,
}

/// A server that speaks this version, behind a wire that ends like this after so many of its records.
fn cut(
    name: &'static str,
    version: &'static SupportedProtocolVersion,
    records: usize,
    end: End,
) -> Case {
    Case::at(name, move || {
        let config = Identity::self_signed("a.test").config_for(&[version]);
        let server = answering(config, ANSWER);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let addr = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for client in listener.incoming().filter_map(Result::ok) {
                std::thread::spawn(move || relay(client, server, records, end));
            }
        });
        addr
    })
    .over_tls()
}

fn relay(mut client: TcpStream, server: SocketAddr, records: usize, end: End) -> Option<()> {
    let mut server = TcpStream::connect(server).ok()?;
    let (mut from, mut to) = (client.try_clone().ok()?, server.try_clone().ok()?);
    let upstream = std::thread::spawn(move || drop(std::io::copy(&mut from, &mut to)));
    for _ in 0..records {
        client.write_all(&record(&mut server)?).ok()?;
    }
    match end {
        End::Close => {}
        End::Reset => {
            std::thread::sleep(Duration::from_millis(60));
            // the other half of the relay holds the socket open
            client.shutdown(Shutdown::Read).ok()?;
            upstream.join().ok()?;
            let _ = socket2::SockRef::from(&client).set_linger(Some(Duration::ZERO));
            return None;
        }
        End::Half => {
            let next = record(&mut server)?;
            client.write_all(&next[..next.len() / 2]).ok()?;
        }
        End::Noise => {
            client.write_all(&[0x17, 3, 3, 0, 30]).ok()?;
            client.write_all(&[7; 30]).ok()?;
        }
        End::Flipped => {
            let mut next = record(&mut server)?;
            *next.last_mut()? ^= 1;
            client.write_all(&next).ok()?;
            let _ = std::io::copy(&mut server, &mut client);
        }
        End::Silence => drop(std::io::copy(&mut server, &mut std::io::sink())),
    }
    client.shutdown(Shutdown::Write).ok()?;
    drop(std::io::copy(&mut client, &mut std::io::sink()));
    Some(())
}

/// One TLS record, its head included (RFC 8446 §5.1).
fn record(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut record = vec![0; 5];
    stream.read_exact(&mut record).ok()?;
    let length = usize::from(u16::from_be_bytes([record[3], record[4]]));
    record.resize(5 + length, 0);
    stream.read_exact(&mut record[5..]).ok()?;
    Some(record)
}

/// A server that reads a hello and then does this.
fn greeted(name: &'static str, act: fn(&mut TcpStream)) -> Case {
    Case::doing(name, move |peer| {
        let _ = peer.stream.read(&mut [0; 4096]);
        act(&mut peer.stream);
        let _ = peer.stream.shutdown(Shutdown::Write);
        peer.wait_for_close();
    })
    .over_tls()
}

fn endless(stream: &mut TcpStream, piece: &[u8]) {
    let pieces = piece.repeat(100);
    while stream.write_all(&pieces).is_ok() {}
}

pub(crate) fn cases() -> Vec<Case> {
    let mut cases = cuts();
    cases.extend(floods());
    cases.extend(sizes());
    cases
}

fn cuts() -> Vec<Case> {
    let fails = |name, version, records, end, kind: FailureKind| {
        cut(name, version, records, end).fails(kind, "")
    };
    vec![
        fails("TLS 1.3: closed before its hello", &TLS13, 0, End::Close, Tls),
        fails("TLS 1.3: reset before its hello", &TLS13, 0, End::Reset, Tls),
        fails("TLS 1.3: half a hello", &TLS13, 0, End::Half, Tls),
        fails("TLS 1.3: a hello with a bit turned over", &TLS13, 0, End::Flipped, Tls),
        fails("TLS 1.3: closed after its hello", &TLS13, 1, End::Close, Tls),
        fails("TLS 1.3: reset after its hello", &TLS13, 1, End::Reset, Tls),
        fails("TLS 1.3: noise after its hello", &TLS13, 1, End::Noise, Tls),
        fails("TLS 1.3: closed after its change of cipher", &TLS13, 2, End::Close, Tls),
        fails("TLS 1.3: reset after its change of cipher", &TLS13, 2, End::Reset, Tls),
        fails("TLS 1.3: half of its certificate", &TLS13, 2, End::Half, Tls),
        fails("TLS 1.3: its certificate with a bit turned over", &TLS13, 2, End::Flipped, Tls),
        fails("TLS 1.3: noise for its certificate", &TLS13, 2, End::Noise, Tls),
        cut("TLS 1.3: silence after its change of cipher", &TLS13, 2, End::Silence)
            .limit(300)
            .fails(Timeout, ""),
        fails("TLS 1.2: closed before its hello", &TLS12, 0, End::Close, Tls),
        fails("TLS 1.2: reset before its hello", &TLS12, 0, End::Reset, Tls),
        fails("TLS 1.2: half a hello", &TLS12, 0, End::Half, Tls),
        fails("TLS 1.2: closed after its certificate", &TLS12, 1, End::Close, Tls),
        fails("TLS 1.2: reset after its certificate", &TLS12, 1, End::Reset, Tls),
        fails("TLS 1.2: noise for its finish", &TLS12, 1, End::Noise, Tls),
        cut("TLS 1.2: silence after its certificate", &TLS12, 1, End::Silence)
            .limit(300)
            .fails(Timeout, ""),
    ]
}

fn floods() -> Vec<Case> {
    let after = |name, act: fn(&mut crate::tls::Stream)| {
        Case::at(name, move || serve(Identity::self_signed("a.test").config(), act)).over_tls()
    };
    vec![
        greeted("changes of cipher without end", |s| endless(s, &[0x14, 3, 3, 0, 1, 1]))
            .fails(Tls, ""),
        greeted("warnings without end", |s| endless(s, &[0x15, 3, 3, 0, 2, 1, 90])).fails(Tls, ""),
        greeted("empty records without end", |s| endless(s, &[0x16, 3, 3, 0, 0])).fails(Tls, ""),
        greeted("a hello without end", |s| {
            let _ = s.write_all(&[0x16, 3, 3, 0x40, 0, 2, 0xff, 0xff, 0xff]);
            let _ = s.write_all(&[0; 0x4000 - 4]);
            endless(s, &[&[0x16, 3, 3, 0x40, 0][..], &[0; 0x4000]].concat());
        })
        .fails(Tls, ""),
        greeted("a record of 64 KB", |s| {
            let _ = s.write_all(&[0x16, 3, 3, 0xff, 0xff]);
            endless(s, &[0; 1000]);
        })
        .fails(Tls, ""),
        greeted("a hello that drips", |s| {
            for byte in [0x16, 3, 3, 0x10, 0, 2, 0, 0x0f, 0xfc].into_iter().chain([0; 4000]) {
                std::thread::sleep(Duration::from_millis(10));
                if s.write_all(&[byte]).is_err() {
                    return;
                }
            }
        })
        .limit(300)
        .fails(Timeout, ""),
        after("new keys without end", |s| {
            read_head(s);
            while s.conn.refresh_traffic_keys().is_ok() && s.write_all(b"").is_ok() {
                if s.flush().is_err() {
                    return;
                }
            }
        })
        .fails(Tls, "session"),
        after("a fatal alert in the body", |s| {
            read_head(s);
            let _ = s.write_all(&ANSWER.as_bytes()[..ANSWER.len() - 1]);
            let _ = s.flush();
            let _ = s.sock.write_all(&[0x15, 3, 3, 0, 2, 2, 40]);
            let _ = s.sock.shutdown(Shutdown::Write);
            drop(s.sock.read(&mut [0; 4096]));
        })
        .fails(Tls, ""),
        after("a reset in the body", |s| {
            read_head(s);
            let _ = s.write_all(&ANSWER.as_bytes()[..ANSWER.len() - 1]);
            let _ = s.flush();
            wait_until_read(&s.sock);
            let _ = socket2::SockRef::from(&s.sock).set_linger(Some(Duration::ZERO));
        })
        .status(200)
        .fails(Body, "")
        .keeps("ab"),
        after("a goodbye instead of an answer", |s| {
            read_head(s);
            s.conn.send_close_notify();
            let _ = s.flush();
        })
        .fails(Protocol, ""),
    ]
}

fn sizes() -> Vec<Case> {
    let chained = |name, times: usize| {
        let serve = move || {
            let mut identity = Identity::self_signed("a.test");
            identity.chain = vec![identity.chain[0].clone(); times];
            answering(identity.config(), ANSWER)
        };
        Case::at(name, serve).over_tls()
    };
    let tickets = |name, count: usize| {
        let serve = move || {
            let mut config = Identity::self_signed("a.test").config();
            config.send_tls13_tickets = count;
            answering(config, ANSWER)
        };
        Case::at(name, serve).over_tls()
    };
    vec![
        chained("a chain of 50 certificates", 50).status(200).keeps("abc"),
        chained("a chain of 2,000 certificates", 2000).fails(Tls, ""),
        tickets("20 tickets", 20).status(200).keeps("abc"),
        tickets("1,000 tickets", 1000).fails(Protocol, "broke before it answered"),
    ]
}
