//! Which roots are trusted: `--cacert`, else the environment's bundle, else the system's, else the built-in ones; and
//! those of `--capath`.

use std::env;
use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;

use crate::domain::scan;

/// Where Linux distributions and BSDs keep their bundle. Reading it takes half the time of `rustls-native-certs`.
const BUNDLES: [&str; 6] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// The roots of this file or else of this machine, those of the folder, and further ones; the error is a sentence for the
/// user. With either option curl does not look at the environment (`src/tool_operate.c`).
pub(super) fn load(
    cacert: Option<&Path>,
    capath: Option<&Path>,
    extra: &[Vec<u8>],
) -> Result<RootCertStore, String> {
    let mut store = match (cacert, capath) {
        (Some(path), _) => bundle(path)?,
        (None, Some(_)) => of_machine(),
        (None, None) => from_environment()?.unwrap_or_else(of_machine),
    };
    if let Some(folder) = capath {
        store.extend(hashed(folder)?.roots);
    }
    for der in extra {
        let added = store.add(CertificateDer::from_slice(der));
        added.map_err(|error| format!("An additional root can't be used: {error}"))?;
    }
    Ok(store)
}

/// curl's order: its own variable, then OpenSSL's.
fn from_environment() -> Result<Option<RootCertStore>, String> {
    for name in ["CURL_CA_BUNDLE", "SSL_CERT_FILE"] {
        if let Some(path) = env::var_os(name).filter(|path| !path.is_empty()) {
            let store = bundle(Path::new(&path));
            return store.map(Some).map_err(|error| format!("{error} (it is named by {name})"));
        }
    }
    match env::var_os("SSL_CERT_DIR").filter(|path| !path.is_empty()) {
        Some(folders) => Ok(Some(folder_roots(&folders))),
        None => Ok(None),
    }
}

fn bundle(path: &Path) -> Result<RootCertStore, String> {
    let pem = fs::read(path)
        .map_err(|error| format!("The CA file {} can't be read: {error}", path.display()))?;
    let store = parse(&pem);
    if store.is_empty() {
        return Err(format!("The CA file {} holds no certificate in PEM", path.display()));
    }
    Ok(store)
}

fn folder_roots(folders: &std::ffi::OsStr) -> RootCertStore {
    let mut store = RootCertStore::empty();
    for folder in env::split_paths(folders) {
        let entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
        for pem in entries.filter_map(|entry| fs::read(entry.path()).ok()) {
            store.extend(parse(&pem).roots);
        }
    }
    store
}

/// The certificates that OpenSSL finds in a folder: those under the hash of their subject, as `openssl rehash` names them.
fn hashed(folder: &Path) -> Result<RootCertStore, String> {
    let entries = fs::read_dir(folder)
        .map_err(|error| format!("The CA folder {} can't be read: {error}", folder.display()))?;
    let mut store = RootCertStore::empty();
    let entries = entries.filter_map(Result::ok).filter(|entry| is_hash(&entry.file_name()));
    for pem in entries.filter_map(|entry| fs::read(entry.path()).ok()) {
        store.extend(parse(&pem).roots);
    }
    if store.is_empty() {
        let folder = folder.display();
        return Err(format!(
            "The CA folder {folder} holds no certificate under a hashed name: `openssl rehash {folder}` gives them"
        ));
    }
    Ok(store)
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

fn of_machine() -> RootCertStore {
    system().unwrap_or_else(built_in)
}

fn system() -> Option<RootCertStore> {
    let bundles = BUNDLES.iter().filter_map(|path| fs::read(path).ok());
    if let Some(store) = bundles.map(|pem| parse(&pem)).find(|store| !store.is_empty()) {
        return Some(store);
    }
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    (!store.is_empty()).then_some(store)
}

fn built_in() -> RootCertStore {
    webpki_roots::TLS_SERVER_ROOTS.iter().cloned().collect()
}

/// Every certificate that can be read; bundles often hold one that can't.
fn parse(pem: &[u8]) -> RootCertStore {
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(certificates(pem));
    store
}

const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";
const END: &[u8] = b"-----END CERTIFICATE-----";

/// The certificates of a bundle. The PEM reader of rustls takes ten times as long, which is what a system's bundle costs.
fn certificates(pem: &[u8]) -> impl Iterator<Item = CertificateDer<'static>> {
    let mut rest = pem;
    std::iter::from_fn(move || {
        loop {
            let start = scan::find_text(BEGIN, rest)? + BEGIN.len();
            let length = scan::find_text(END, &rest[start..])?;
            let mut text = Vec::with_capacity(length);
            for line in lines(&rest[start..start + length]) {
                text.extend_from_slice(line.trim_ascii());
            }
            let der = STANDARD.decode(text);
            rest = &rest[start + length + END.len()..];
            if let Ok(der) = der {
                return Some(CertificateDer::from(der));
            }
        }
    })
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let ends = scan::places(b'\n', text).chain([text.len()]);
    ends.scan(0, |start, end| Some(&text[std::mem::replace(start, end + 1)..end]))
}

#[cfg(test)]
mod tests {
    use rustls::pki_types::pem::PemObject;

    use super::*;

    #[test]
    fn a_bundle_is_read_as_rustls_reads_it() {
        let made =
            |name: &str| rcgen::generate_simple_self_signed([name.to_owned()]).unwrap().cert.pem();
        let (a, b) = (made("a.test"), made("b.test"));
        let bundle = format!(
            "# comment\n{a}-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\r\n{}-----BEGIN CERTIFICATE-----\nAA",
            b.replace('\n', "\r\n")
        );
        let own: Vec<_> = certificates(bundle.as_bytes()).collect();
        let theirs: Vec<_> = CertificateDer::pem_slice_iter(format!("{a}{b}").as_bytes())
            .filter_map(Result::ok)
            .collect();
        assert_eq!(own, theirs);
        assert_eq!(own.len(), 2);
    }
}
