//! SOCKS: asks a proxy to connect to the target (SOCKS 4 and 4a; RFC 1928, with passwords RFC 1929).

use std::net::{IpAddr, SocketAddr};

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::fault::Fault;
use super::stream::Socket;
use crate::domain::http::settings::Settings;
use crate::fetch::resolve;

/// What a SOCKS proxy is asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Socks {
    pub(super) kind: Kind,
    pub(super) target: (String, u16),
    /// The target is an HTTP proxy, where `--connect-to` leads nobody.
    pub(super) proxy: bool,
    /// Decoded.
    pub(super) user: Vec<u8>,
    pub(super) password: Vec<u8>,
}

/// Which protocol, and who looks the name up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// We do; IPv4 only.
    V4,
    V4a,
    /// We do.
    V5,
    V5h,
}

impl Kind {
    /// The kind that the scheme of a proxy URL names.
    pub(super) fn of(scheme: &str) -> Option<Kind> {
        match scheme {
            "socks4" => Some(Kind::V4),
            "socks4a" => Some(Kind::V4a),
            "socks5" => Some(Kind::V5),
            "socks5h" => Some(Kind::V5h),
            _ => None,
        }
    }
}

/// Where the proxy is to connect to.
enum Goal<'a> {
    Address(SocketAddr),
    Name(&'a str, u16),
}

/// Asks for the target; afterwards the socket leads there.
pub(super) async fn ask(
    socket: &mut Socket,
    socks: &Socks,
    settings: &Settings,
) -> Result<(), Fault> {
    let goal = goal(socks, settings).await?;
    match socks.kind {
        Kind::V4 | Kind::V4a => version4(socket, socks, &goal).await,
        Kind::V5 | Kind::V5h => {
            authenticate(socket, socks).await?;
            version5(socket, &goal).await
        }
    }
}

async fn goal<'a>(socks: &'a Socks, settings: &Settings) -> Result<Goal<'a>, Fault> {
    let (host, port) = (socks.target.0.as_str(), socks.target.1);
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match (socks.kind, bare.parse::<IpAddr>()) {
        (Kind::V4a, _) | (Kind::V5h, Err(_)) => return Ok(Goal::Name(bare, port)),
        (Kind::V5h, Ok(ip)) => return Ok(Goal::Address(SocketAddr::new(ip, port))),
        (Kind::V4 | Kind::V5, _) => {}
    }
    let mut found =
        resolve::addresses(settings, host, port, !socks.proxy).await.map_err(Fault::Dns)?;
    // curl has 127.0.0.1 first for localhost (`lib/hostip.c`, get_localhost)
    if socks.kind == Kind::V4 || found.iter().all(|address| address.ip().is_loopback()) {
        found.sort_by_key(SocketAddr::is_ipv6);
    }
    match found.first() {
        Some(address) if socks.kind == Kind::V5 || address.is_ipv4() => Ok(Goal::Address(*address)),
        Some(_) | None => Err(refused("SOCKS 4 reaches IPv4 addresses only")),
    }
}

async fn version4(socket: &mut Socket, socks: &Socks, goal: &Goal<'_>) -> Result<(), Fault> {
    let (port, ip, name) = match goal {
        Goal::Address(SocketAddr::V4(address)) => (address.port(), address.ip().octets(), None),
        Goal::Address(address) => return Err(refused(&format!("{address} is no IPv4 address"))),
        // an address that can't be says that a name follows
        Goal::Name(name, port) => (*port, [0, 0, 0, 1], Some(*name)),
    };
    let mut asked = vec![4, 1];
    asked.extend(port.to_be_bytes());
    asked.extend(ip);
    asked.extend(&socks.user);
    asked.push(0);
    if let Some(name) = name {
        asked.extend(name.as_bytes());
        asked.push(0);
    }
    write(socket, &asked).await?;
    let [_, status, ..] = read::<8>(socket).await?;
    match status {
        90 => Ok(()),
        91 => Err(refused("it answered 91: rejected or failed")),
        92 | 93 => Err(refused(&format!("it answered {status}: it can't tell who asks (identd)"))),
        other => Err(refused(&format!("its answer is not SOCKS 4 ({other})"))),
    }
}

/// RFC 1928 §3, RFC 1929 §2.
async fn authenticate(socket: &mut Socket, socks: &Socks) -> Result<(), Fault> {
    let known = !socks.user.is_empty() || !socks.password.is_empty();
    write(socket, if known { &[5, 2, 0, 2] } else { &[5, 1, 0] }).await?;
    match read::<2>(socket).await? {
        [5, 0] => return Ok(()),
        [5, 2] if known => {}
        [5, 2 | 255] => return Err(refused("it asks for credentials, or for others than these")),
        [5, method] => return Err(refused(&format!("it wants authentication of kind {method}"))),
        _ => return Err(refused("its answer is not SOCKS 5")),
    }
    let mut asked = vec![1];
    for part in [&socks.user, &socks.password] {
        asked.push(length(part)?);
        asked.extend(part);
    }
    write(socket, &asked).await?;
    match read::<2>(socket).await? {
        [_, 0] => Ok(()),
        [..] => Err(refused("it does not accept user name and password")),
    }
}

/// RFC 1928 §4 to §6.
async fn version5(socket: &mut Socket, goal: &Goal<'_>) -> Result<(), Fault> {
    let mut asked = vec![5, 1, 0];
    let port = match goal {
        Goal::Address(SocketAddr::V4(address)) => {
            asked.push(1);
            asked.extend(address.ip().octets());
            address.port()
        }
        Goal::Address(SocketAddr::V6(address)) => {
            asked.push(4);
            asked.extend(address.ip().octets());
            address.port()
        }
        Goal::Name(name, port) => {
            asked.extend([3, length(name.as_bytes())?]);
            asked.extend(name.as_bytes());
            *port
        }
    };
    asked.extend(port.to_be_bytes());
    write(socket, &asked).await?;
    let [version, status, _, kind] = read::<4>(socket).await?;
    if version != 5 {
        return Err(refused("its answer is not SOCKS 5"));
    }
    if status != 0 {
        return Err(refused(&format!("it answered {status}: {}", meaning(status))));
    }
    let rest = match kind {
        1 => 4,
        4 => 16,
        3 => usize::from(read::<1>(socket).await?[0]),
        _ => return Err(refused("its answer is not SOCKS 5")),
    };
    let mut bound = vec![0; rest + 2];
    socket.read_exact(&mut bound).await.map(drop).map_err(|error| ended(&error))
}

fn meaning(status: u8) -> &'static str {
    match status {
        1 => "general failure",
        2 => "its rules do not allow this connection",
        3 => "network unreachable",
        4 => "host unreachable",
        5 => "connection refused",
        6 => "time to live expired",
        7 => "command not supported",
        8 => "kind of address not supported",
        _ => "a reason nobody has named",
    }
}

/// Names and passwords have at most 255 bytes.
fn length(part: &[u8]) -> Result<u8, Fault> {
    u8::try_from(part.len())
        .map_err(|_| refused("a name of more than 255 bytes can't be asked for"))
}

async fn write(socket: &mut Socket, bytes: &[u8]) -> Result<(), Fault> {
    socket.write_all(bytes).await.map_err(|error| ended(&error))
}

async fn read<const N: usize>(socket: &mut Socket) -> Result<[u8; N], Fault> {
    let mut bytes = [0; N];
    socket.read_exact(&mut bytes).await.map_err(|error| ended(&error))?;
    Ok(bytes)
}

fn ended(error: &std::io::Error) -> Fault {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => refused("it closed the connection instead"),
        _ => refused(&error.to_string()),
    }
}

fn refused(why: &str) -> Fault {
    Fault::Socks(why.to_owned())
}
