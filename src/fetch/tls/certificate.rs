//! Certificates in words: names, validity, fingerprint.

use std::net::IpAddr;
use std::time::Duration;

use rustls::crypto::ring::cipher_suite::TLS13_AES_128_GCM_SHA256;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::{CertificateError, Error};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, RelativeDistinguishedName, X509Certificate, X509Name};

use crate::domain::http::connection::Certificate;

/// What the certificate says; of one that can't be read, the fingerprint only.
pub(in crate::fetch) fn describe(der: &CertificateDer<'_>) -> Certificate {
    let sha256 = sha256(der);
    let Ok((_, parsed)) = X509Certificate::from_der(der) else {
        return Certificate { sha256, ..Certificate::default() };
    };
    Certificate {
        subject: distinguished(parsed.subject()),
        issuer: distinguished(parsed.issuer()),
        not_before: rfc3339(parsed.validity().not_before.timestamp()),
        not_after: rfc3339(parsed.validity().not_after.timestamp()),
        names: names(&parsed),
        sha256,
    }
}

/// Issued by its own subject, and nothing else was sent to vouch for it.
pub(in crate::fetch) fn is_self_signed(chain: &[CertificateDer<'_>]) -> bool {
    let [leaf] = chain else { return false };
    X509Certificate::from_der(leaf).is_ok_and(|(_, leaf)| leaf.subject() == leaf.issuer())
}

/// Whether now lies within the certificate's validity.
pub(super) fn check_validity(der: &CertificateDer<'_>, now: UnixTime) -> Result<(), Error> {
    let refused = |why| Err(Error::InvalidCertificate(why));
    let Ok((_, certificate)) = X509Certificate::from_der(der) else {
        return refused(CertificateError::BadEncoding);
    };
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    let validity = certificate.validity();
    match () {
        () if now < validity.not_before.timestamp() => refused(CertificateError::NotValidYet),
        () if now > validity.not_after.timestamp() => refused(CertificateError::Expired),
        () => Ok(()),
    }
}

/// A moment at which the certificate is valid: its first.
pub(super) fn validity(der: &CertificateDer<'_>) -> Option<UnixTime> {
    let (_, certificate) = X509Certificate::from_der(der).ok()?;
    let first = u64::try_from(certificate.validity().not_before.timestamp()).ok()?;
    Some(UnixTime::since_unix_epoch(Duration::from_secs(first)))
}

/// Seconds since the epoch as documents give them.
pub(in crate::fetch) fn rfc3339(seconds: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp(seconds).ok();
    time.and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_default()
}

/// `C=NO, O=Example, CN=a.test`, as x509-parser writes it, whose table of names takes as long to set up as a twentieth of a handshake.
fn distinguished(name: &X509Name<'_>) -> String {
    let plain: Option<Vec<String>> = name.iter_rdn().map(attribute).collect();
    plain.map_or_else(|| name.to_string(), |parts| parts.join(", "))
}

/// The one attribute of a common kind that this part of a name has.
fn attribute(part: &RelativeDistinguishedName<'_>) -> Option<String> {
    let mut attributes = part.iter();
    let (attribute, None) = (attributes.next()?, attributes.next()) else { return None };
    let kind = match attribute.attr_type().as_bytes() {
        [0x55, 4, 3] => "CN",
        [0x55, 4, 6] => "C",
        [0x55, 4, 7] => "L",
        [0x55, 4, 8] => "ST",
        [0x55, 4, 10] => "O",
        [0x55, 4, 11] => "OU",
        _ => return None,
    };
    Some(format!("{kind}={}", attribute.as_str().ok()?))
}

fn names(certificate: &X509Certificate<'_>) -> Vec<String> {
    let Ok(Some(extension)) = certificate.subject_alternative_name() else { return Vec::new() };
    extension.value.general_names.iter().map(name).collect()
}

fn name(name: &GeneralName<'_>) -> String {
    match name {
        GeneralName::DNSName(name) | GeneralName::RFC822Name(name) | GeneralName::URI(name) => {
            (*name).to_owned()
        }
        GeneralName::IPAddress(bytes) => match bytes.len() {
            4 => <[u8; 4]>::try_from(*bytes).map(IpAddr::from).map(|ip| ip.to_string()),
            _ => <[u8; 16]>::try_from(*bytes).map(IpAddr::from).map(|ip| ip.to_string()),
        }
        .unwrap_or_else(|_| name_of_another_kind(name)),
        _ => name_of_another_kind(name),
    }
}

fn name_of_another_kind(name: &GeneralName<'_>) -> String {
    name.to_string()
}

fn sha256(der: &[u8]) -> String {
    let Some(suite) = TLS13_AES_128_GCM_SHA256.tls13() else { return String::new() };
    let digest = suite.common.hash_provider.hash(der);
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, DnType, DnValue, KeyPair};

    use super::*;

    #[test]
    fn names_are_written_as_x509_parser_writes_them() {
        let text = |text: &str| DnValue::Utf8String(text.to_owned());
        let mut params = CertificateParams::default();
        let check = |params: &CertificateParams| {
            let made = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
            let (_, certificate) = X509Certificate::from_der(made.der()).unwrap();
            let name = certificate.subject();
            assert_eq!(distinguished(name), name.to_string());
            name.to_string()
        };
        params.distinguished_name = rcgen::DistinguishedName::new();
        assert_eq!(check(&params), "");
        params.distinguished_name.push(DnType::CountryName, "NO");
        params.distinguished_name.push(DnType::StateOrProvinceName, text("Vest"));
        params.distinguished_name.push(DnType::LocalityName, text("Bergen, \u{e6}"));
        params.distinguished_name.push(DnType::OrganizationName, text("A + B"));
        params.distinguished_name.push(DnType::OrganizationalUnitName, text(""));
        params.distinguished_name.push(DnType::CommonName, text("a.test"));
        assert_eq!(check(&params), "C=NO, ST=Vest, L=Bergen, \u{e6}, O=A + B, OU=, CN=a.test");
        params.distinguished_name.push(DnType::CustomDnType(vec![2, 5, 4, 5]), text("7"));
        check(&params);
    }
}
