//! The lab: real servers on loopback that play redirect worlds, for `hopstep demo`, `hopstep lab` and tests.
//!
//! A world is a file in `assets/lab/`, see [`scenario`]. All scenarios share one small internet of `.test` names
//! (RFC 6761), each host with its own listener on an ephemeral port, so that nothing needs privilege and nothing
//! can leave the machine. Names are mapped to ports by [`Lab::resolve`]; https hosts answer for a
//! certification authority made at start, [`Lab::ca_pem`].
//!
//! **Invariant:** listeners bind 127.0.0.1 only, and every host of a scenario ends in `.test`.

pub mod command;
pub mod scenario;

mod answer;
mod authority;
mod ledger;
mod proxy;
mod route;
mod server;
mod site;
mod wire;

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;

use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use authority::Authority;
use ledger::Ledger;
pub use ledger::Seen;
use proxy::House;
use scenario::Scenario;
use server::Hall;
use site::{Scheme, Site};

/// Running servers. They stop, and their connections with them, when this is dropped.
#[derive(Debug)]
pub struct Lab {
    /// Where each origin of the lab really listens.
    pub resolve: Vec<Resolved>,
    /// An HTTP proxy that leads every lab name to its server: for clients that can't map names to ports.
    pub proxy: SocketAddr,
    /// The certificate that signs those of the https hosts.
    pub ca_der: Vec<u8>,
    pub ca_pem: String,
    ledger: Arc<Ledger>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// One origin of the lab: `host` and the scheme's default `port` are served at `addr`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Resolved {
    pub host: String,
    pub port: u16,
    pub addr: SocketAddr,
}

/// How the servers treat the delays that a scenario asks for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pace {
    /// As written.
    Real,
    /// A hundredth of it, for tests.
    Swift,
}

/// One listener with what it serves.
struct Stand {
    listener: TcpListener,
    house: House,
    tls: Option<TlsAcceptor>,
}

/// Starts servers for these scenarios on a thread of their own.
pub fn start(scenarios: &[Scenario], pace: Pace) -> io::Result<Lab> {
    let authority = Authority::new()?;
    let stands = stands(site::sites(scenarios), &authority)?;
    let resolve = stands.iter().map(|stand| Resolved::of(&stand.house)).collect();
    let (gate, proxy) = listen()?;
    let ledger = Arc::new(Ledger::default());
    let hall = Arc::new(Hall { pace, ledger: Arc::clone(&ledger) });
    let (stop, stopped) = oneshot::channel();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let thread = std::thread::Builder::new().name("lab".to_owned()).spawn(move || {
        runtime.block_on(async {
            open(stands, gate, &hall);
            // ends when the sender is dropped
            let _ = stopped.await;
        });
    })?;
    let (ca_der, ca_pem) = (authority.der(), authority.pem());
    Ok(Lab { resolve, proxy, ca_der, ca_pem, ledger, stop: Some(stop), thread: Some(thread) })
}

impl Lab {
    /// The requests that came in so far, oldest first; only the last thousand are kept.
    pub fn seen(&self) -> Vec<Seen> {
        self.ledger.seen()
    }

    /// Forgets the requests that came in so far.
    pub fn forget(&self) {
        self.ledger.forget();
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Resolved {
    fn of(house: &House) -> Resolved {
        let port = house.site.scheme.default_port();
        Resolved { host: house.site.host.clone(), port, addr: house.addr }
    }
}

fn stands(sites: Vec<Site>, authority: &Authority) -> io::Result<Vec<Stand>> {
    let acceptors = authority.acceptors(&sites)?;
    let stand = |site: Site| {
        let tls = match site.scheme {
            Scheme::Http => None,
            Scheme::Https => acceptors.get(&site.certificate).cloned(),
        };
        let (listener, addr) = listen()?;
        Ok(Stand { listener, house: House { site: Arc::new(site), addr }, tls })
    };
    sites.into_iter().map(stand).collect()
}

fn listen() -> io::Result<(TcpListener, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    listener.set_nonblocking(true)?;
    let addr = listener.local_addr()?;
    Ok((listener, addr))
}

/// Spawns an accept loop for each listener on the current runtime.
fn open(stands: Vec<Stand>, gate: TcpListener, hall: &Arc<Hall>) {
    let town: Vec<House> = stands.iter().map(|stand| stand.house.clone()).collect();
    proxy::open(gate, Arc::new(town), Arc::clone(hall));
    for Stand { listener, house, tls } in stands {
        server::open(listener, house.site, tls, Arc::clone(hall));
    }
}
