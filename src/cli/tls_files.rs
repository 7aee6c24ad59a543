//! Files that TLS needs are there before anything is sent, and hold what they must.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use crate::domain::http::pem::{self, Block};
use crate::domain::http::settings::{ClientCert, Settings};
use crate::domain::import::curl::Refusal;

/// A bundle has its first certificate in so many bytes; only where there is none is more read.
const GLANCE: u64 = 64 * 1024;

/// Refuses by name the first option whose file can't be used.
pub(super) fn usable(settings: &Settings) -> Result<(), Refusal> {
    let proxy = &settings.to_proxy;
    for (option, folder) in [("--capath", &settings.capath), ("--proxy-capath", &proxy.capath)] {
        let Some(folder) = folder else { continue };
        std::fs::read_dir(folder).map_err(|why| refusal(option, folder, why.to_string()))?;
    }
    for (option, file) in [("--cacert", &settings.cacert), ("--proxy-cacert", &proxy.cacert)] {
        let Some(file) = file else { continue };
        holds(option, file, (Block::Certificate, false))?;
    }
    identity(("--cert", "--key"), &settings.client_cert)?;
    identity(("--proxy-cert", "--proxy-key"), &proxy.client_cert)
}

fn identity((cert, key): (&str, &str), files: &Option<ClientCert>) -> Result<(), Refusal> {
    let Some(files) = files else { return Ok(()) };
    holds(cert, &files.cert, (Block::Certificate, true))?;
    match &files.key {
        Some(file) => holds(key, file, (Block::PrivateKey, true)),
        None => holds(cert, &files.cert, (Block::PrivateKey, true)),
    }
}

/// The block may be in DER where this is said.
fn holds(option: &str, path: &Path, block: (Block, bool)) -> Result<(), Refusal> {
    let fault = fault(path, block).unwrap_or_else(|why| Some(why.to_string()));
    fault.map_or(Ok(()), |why| Err(refusal(option, path, why)))
}

fn fault(path: &Path, (block, der): (Block, bool)) -> io::Result<Option<String>> {
    let mut file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_dir() {
        return Err(ErrorKind::IsADirectory.into());
    }
    // a pipe can be read only once
    if !metadata.is_file() {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    file.by_ref().take(GLANCE).read_to_end(&mut bytes)?;
    if der && pem::in_der(&bytes) == Some(block) {
        return Ok(None);
    }
    if pem::fault(path, &bytes, block).is_some() {
        file.read_to_end(&mut bytes)?;
    }
    Ok(pem::fault(path, &bytes, block))
}

fn refusal(option: &str, path: &Path, why: String) -> Refusal {
    Refusal::new(format!("{option} {}", path.display()), why)
}
