//! Which roots are trusted: `--cacert`, else the environment's bundle, else the system's, else the built-in ones; and
//! those of `--capath`.

use std::env;
use std::fs;
use std::path::Path;

use rustls::RootCertStore;
use rustls::pki_types::{CertificateDer, TrustAnchor};

use super::bundle::Bundle;

/// Where Linux distributions and BSDs keep their bundle. Reading it takes half the time of `rustls-native-certs`.
const BUNDLES: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// The trusted roots: bundles, and roots that are there as rustls wants them.
#[derive(Debug, Default)]
pub(in crate::fetch) struct Roots {
    bundles: Vec<Bundle>,
    anchors: Vec<TrustAnchor<'static>>,
}

impl From<Bundle> for Roots {
    fn from(bundle: Bundle) -> Roots {
        Roots { bundles: vec![bundle], anchors: Vec::new() }
    }
}

impl Roots {
    /// The roots that have one of these names as their subject: no other can vouch for a chain that names these as issuers.
    pub(super) fn named(&self, names: &[&[u8]]) -> RootCertStore {
        let asked = |root: &&TrustAnchor<'_>| names.contains(&root.subject.as_ref());
        let mut store: RootCertStore = self.anchors.iter().filter(asked).cloned().collect();
        for bundle in &self.bundles {
            store.add_parsable_certificates(bundle.named(names));
        }
        store
    }

    /// Looks through the bundles, which is else done when a root is first asked for: best done while a server is at work.
    pub(in crate::fetch) fn prepare(&self) {
        self.bundles.iter().for_each(Bundle::prepare);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.anchors.is_empty() && self.bundles.is_empty()
    }

    fn extend(&mut self, more: Roots) {
        self.bundles.extend(more.bundles);
        self.anchors.extend(more.anchors);
    }
}

/// The roots of this file or else of this machine, those of the folder, and further ones; the error is a sentence for the
/// user. With either option curl does not look at the environment (`src/tool_operate.c`).
pub(super) fn load(
    cacert: Option<&Path>,
    capath: Option<&Path>,
    extra: &[Vec<u8>],
) -> Result<Roots, String> {
    let mut roots = match (cacert, capath) {
        (Some(path), _) => bundle(path)?,
        (None, Some(_)) => of_machine(),
        (None, None) => from_environment()?.unwrap_or_else(of_machine),
    };
    if let Some(folder) = capath {
        roots.extend(hashed(folder)?);
    }
    let mut further = RootCertStore::empty();
    for der in extra {
        let added = further.add(CertificateDer::from_slice(der));
        added.map_err(|error| format!("An additional root can't be used: {error}"))?;
    }
    roots.anchors.extend(further.roots);
    Ok(roots)
}

/// curl's order: its own variable, then OpenSSL's.
fn from_environment() -> Result<Option<Roots>, String> {
    for name in ["CURL_CA_BUNDLE", "SSL_CERT_FILE"] {
        if let Some(path) = env::var_os(name).filter(|path| !path.is_empty()) {
            let roots = bundle(Path::new(&path));
            return roots.map(Some).map_err(|error| format!("{error} (it is named by {name})"));
        }
    }
    match env::var_os("SSL_CERT_DIR").filter(|path| !path.is_empty()) {
        Some(folders) => Ok(Some(folder_roots(&folders))),
        None => Ok(None),
    }
}

fn bundle(path: &Path) -> Result<Roots, String> {
    let bundle = Bundle::open(path)
        .map_err(|error| format!("The CA file {} can't be read: {error}", path.display()))?;
    let empty = || format!("The CA file {} holds no certificate in PEM", path.display());
    bundle.map(Roots::from).ok_or_else(empty)
}

fn folder_roots(folders: &std::ffi::OsStr) -> Roots {
    let mut roots = Roots::default();
    for folder in env::split_paths(folders) {
        let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        roots.bundles.extend(entries.filter_map(|entry| Bundle::open(&entry.path()).ok()?));
    }
    roots
}

/// The certificates that OpenSSL finds in a folder: those under the hash of their subject, as `openssl rehash` names them.
fn hashed(folder: &Path) -> Result<Roots, String> {
    let entries = fs::read_dir(folder)
        .map_err(|error| format!("The CA folder {} can't be read: {error}", folder.display()))?;
    let mut roots = Roots::default();
    let entries = entries.filter_map(Result::ok).filter(|entry| is_hash(&entry.file_name()));
    roots.bundles.extend(entries.filter_map(|entry| Bundle::open(&entry.path()).ok()?));
    if roots.is_empty() {
        let folder = folder.display();
        return Err(format!(
            "The CA folder {folder} holds no certificate under a hashed name: `openssl rehash {folder}` gives them"
        ));
    }
    Ok(roots)
}

/// `9d66eef0.0`: eight hexadecimal digits, and a number.
fn is_hash(name: &std::ffi::OsStr) -> bool {
    let parts = name.to_str().and_then(|name| name.split_once('.'));
    parts.is_some_and(|(hash, number)| {
        let digits = |text: &str, kind: fn(&u8) -> bool| {
            !text.is_empty() && text.as_bytes().iter().all(kind)
        };
        hash.len() == 8 && digits(hash, u8::is_ascii_hexdigit) && digits(number, u8::is_ascii_digit)
    })
}

fn of_machine() -> Roots {
    system().unwrap_or_else(built_in)
}

fn system() -> Option<Roots> {
    let mut bundles = BUNDLES.iter().filter_map(|path| Bundle::open(Path::new(path)).ok()?);
    if let Some(bundle) = bundles.next() {
        return Some(bundle.into());
    }
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    (!store.is_empty()).then(|| Roots { anchors: store.roots, ..Roots::default() })
}

fn built_in() -> Roots {
    Roots { anchors: webpki_roots::TLS_SERVER_ROOTS.to_vec(), ..Roots::default() }
}
