//! The lab: real servers on loopback that play redirect worlds, for `hopstep demo`, `hopstep lab` and tests.
//!
//! A world is a file in `assets/lab/`, see [`scenario`]. All scenarios share one small internet of `.test` names
//! (RFC 6761), each host with its own listener on an ephemeral port, so that nothing needs privilege and nothing
//! can leave the machine. [`Lab::settings`] maps the names to the ports and trusts the certification authority
//! that is made at start.
//!
//! **Invariant:** listeners bind 127.0.0.1 only, and every host of a scenario ends in `.test`.

pub mod command;
pub mod scenario;

mod answer;
mod authority;
mod http2;
mod ledger;
mod proxy;
mod route;
mod server;
mod site;
mod wire;

use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use crate::domain::http::settings::Settings;

use authority::Authority;
use ledger::Ledger;
pub use ledger::Seen;
use proxy::House;
use scenario::Scenario;
use server::Hall;
use site::{Scheme, Site};

/// Running servers. They stop, and their connections with them, when this is dropped; the files go too.
#[derive(Debug)]
pub struct Lab {
    /// An HTTP proxy that leads every lab name to its server: for clients that can't map names to ports.
    pub proxy: SocketAddr,
    /// The certificate that signs those of the https hosts.
    pub ca_der: Vec<u8>,
    pub ca_pem: String,
    houses: Vec<House>,
    ledger: Arc<Ledger>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
    /// Holds `ca.pem` and `curlrc`; for its owner only.
    files: TempDir,
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
    let houses: Vec<House> = stands.iter().map(|stand| stand.house.clone()).collect();
    let (gate, proxy) = listen()?;
    let ledger = Arc::new(Ledger::default());
    let hall = Arc::new(Hall { pace, ledger: Arc::clone(&ledger) });
    let (stop, stopped) = oneshot::channel();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (ca_der, ca_pem) = (authority.der(), authority.pem());
    let files = files(&houses, &ca_pem)?;
    let thread = std::thread::Builder::new().name("lab".to_owned()).spawn(move || {
        runtime.block_on(async {
            open(stands, gate, &hall);
            // ends when the sender is dropped
            let _ = stopped.await;
        });
    })?;
    let (stop, thread) = (Some(stop), Some(thread));
    Ok(Lab { proxy, ca_der, ca_pem, houses, ledger, stop, thread, files })
}

impl Lab {
    /// The network settings that reach the lab: its names mapped, its authority trusted, no proxy.
    pub fn settings(&self) -> Settings {
        Settings {
            cacert: Some(self.ca_file()),
            connect_to: self.houses.iter().map(House::connect_to).collect(),
            ..Settings::default()
        }
    }

    /// Where the server of this origin listens; `port` is the scheme's default.
    pub fn addr(&self, host: &str, port: u16) -> Option<SocketAddr> {
        let is =
            |house: &&House| house.site.host == host && house.site.scheme.default_port() == port;
        self.houses.iter().find(is).map(|house| house.addr)
    }

    /// Every origin with its address, for people.
    pub fn hosts(&self) -> impl Iterator<Item = String> {
        self.houses.iter().map(|House { site, addr }| {
            format!("{}://{} is at {addr}", site.scheme.as_str(), site.host)
        })
    }

    /// A file with [`Lab::ca_pem`].
    pub fn ca_file(&self) -> PathBuf {
        self.files.path().join("ca.pem")
    }

    /// A file for `curl -K`.
    pub fn curl_config(&self) -> PathBuf {
        self.files.path().join("curlrc")
    }

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

/// What other programs need to reach the lab.
fn files(houses: &[House], ca_pem: &str) -> io::Result<TempDir> {
    let mut folder = tempfile::Builder::new();
    folder.prefix("hopstep-lab-");
    #[cfg(unix)]
    folder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
    let files = folder.tempdir()?;
    let ca_file = files.path().join("ca.pem");
    fs::write(&ca_file, ca_pem)?;
    fs::write(files.path().join("curlrc"), command::curl_config(houses, &ca_file))?;
    Ok(files)
}

fn stands(sites: Vec<Site>, authority: &Authority) -> io::Result<Vec<Stand>> {
    let acceptors = authority.acceptors(&sites)?;
    let stand = |site: Site| {
        let tls = match site.scheme {
            Scheme::Http => None,
            Scheme::Https => acceptors.get(&site.show).cloned(),
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
    let town = stands.iter().map(|stand| stand.house.clone()).collect();
    proxy::open(gate, Arc::new(town), Arc::clone(hall));
    for Stand { listener, house, tls } in stands {
        server::open(listener, house.site, tls, Arc::clone(hall));
    }
}
