//! Failures before a request could be sent: TCP, proxy tunnels, TLS.

use std::io::{self, ErrorKind};
use std::path::Path;

use rustls::{AlertDescription, CertificateError};

use super::proxy::{Refusal, address, answered, through_proxy, tunnel};
use super::{Evidence, find, quoted, response, root_cause, slow};
use crate::domain::http::failure::{Failure, FailureKind};
use crate::domain::http::settings::ProxyChoice;
use crate::domain::http::timing::Phase;
use crate::fetch::recorder::Leg;
use crate::fetch::tls::certificate;
use crate::fetch::tls::facts::Refusal as Refused;
use crate::fetch::transport::Fault;

/// No connection.
pub(super) fn failure(fault: &Fault, evidence: &Evidence<'_>) -> Failure {
    if let Fault::Tunnel(status) = fault {
        return tunnel(answered(*status), evidence);
    }
    if let Fault::Babble(bytes) = fault {
        return Failure { cause: quoted(bytes), ..tunnel(Refusal::Babble, evidence) };
    }
    if let Fault::Slow = fault {
        return slow::connecting(evidence);
    }
    if let Fault::Socks(why) = fault {
        let passing = evidence.proxy.filter(|_| evidence.leg() == Leg::Passing);
        let refusal = passing.map_or(Refusal::Socks, |_| Refusal::Passing);
        return Failure { cause: why.clone(), ..tunnel(refusal, evidence) };
    }
    if let Fault::Socket(path, error) = fault {
        return socket(path, error, evidence);
    }
    let io = find::<io::Error>(fault);
    let kind = io.map_or(ErrorKind::Other, io::Error::kind);
    let failure = match evidence.leg() {
        // a port with nothing behind it refuses: this one was open, and the reset came before we had looked
        Leg::Reaching if kind == ErrorKind::ConnectionReset && evidence.first().is_none() => {
            match evidence.url.scheme() {
                "https" => broken_handshake(kind, evidence),
                _ => response::reset(evidence),
            }
        }
        Leg::Reaching => through_proxy(tcp(kind, evidence), evidence),
        Leg::Greeting | Leg::Securing => broken_handshake(kind, evidence),
        Leg::Passing => tunnel(Refusal::Passing, evidence),
        Leg::Asking => tunnel(Refusal::Closed, evidence),
    };
    Failure { cause: io.map_or_else(|| root_cause(fault), io::Error::to_string), ..failure }
}

/// TLS was refused by either side.
pub(super) fn tls(error: &rustls::Error, evidence: &Evidence<'_>) -> Failure {
    let facts = evidence.record.tls.as_ref();
    if let Some(proxy) = evidence.proxy.filter(|_| evidence.is_with_proxy()) {
        return proxy_tls(error, proxy, evidence);
    }
    let host = &evidence.record.target.0;
    let certificate = matches!(
        error,
        rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented
    );
    let refusal = facts.and_then(|facts| facts.refusal.as_ref()).filter(|_| certificate);
    let (message, hint) = if let Some(refusal) = refusal {
        (refusal.sentence.clone(), certificate_hints(error, refusal, evidence))
    } else if evidence.record.moments.connect_end.is_some()
        && !matches!(error, rustls::Error::AlertReceived(_))
    {
        let cause = error.to_string();
        let broke = format!("The TLS session with {host} broke.");
        return Failure { cause, ..evidence.failure(FailureKind::Tls, broke) };
    } else {
        let (message, hint) = handshake(error, host, evidence);
        (message, hint.to_owned())
    };
    let cause = cause(error);
    Failure { kind: FailureKind::Tls, phase: Phase::Tls, message, cause, hint }
}

/// The library's own words, without the wrappers of its types.
fn cause(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(CertificateError::Other(inner)) => {
            format!("invalid peer certificate: {}", inner.0)
        }
        error => error.to_string(),
    }
}

/// TLS with an `https://` proxy was refused.
fn proxy_tls(error: &rustls::Error, proxy: &ProxyChoice, evidence: &Evidence<'_>) -> Failure {
    let host = proxy.url.host_str().unwrap_or_default();
    let refusal = evidence.record.tls.as_ref().and_then(|facts| facts.refusal.as_ref());
    let (message, hint) = match refusal {
        Some(refusal) => (refusal.sentence.clone(), certificate_hints(error, refusal, evidence)),
        None => {
            let (message, hint) = handshake(error, host, evidence);
            (message, hint.to_owned())
        }
    };
    let message =
        format!("The proxy can't be used: {}", message.replacen("The server's", "its", 1));
    let hint = in_options_of_proxies(&hint);
    let (phase, cause) = (Phase::Tls, cause(error));
    Failure { kind: FailureKind::Proxy, phase, message, cause, hint }
}

/// `-k`, `--cacert` and `-E` are about the target.
fn in_options_of_proxies(hint: &str) -> String {
    let ours = [
        (", unless --tls-max or --tlsv1.3 narrow it", ""),
        ("-k ", "--proxy-insecure "),
        ("--cacert ", "--proxy-cacert "),
        ("-E FILE", "--proxy-cert FILE"),
        ("--key ", "--proxy-key "),
        ("a plain HTTP port: try http://", "a plain HTTP proxy: try -x http://"),
    ];
    ours.iter()
        .fold(hint.to_owned(), |hint, (of_target, of_proxy)| hint.replace(of_target, of_proxy))
}

/// What to do about each fault of a certificate.
fn certificate_hints(error: &rustls::Error, refusal: &Refused, evidence: &Evidence<'_>) -> String {
    let errors = std::iter::once(error).chain(&refusal.besides);
    let mut hints: Vec<&str> = errors.map(|error| certificate_hint(error, evidence)).collect();
    hints.retain(|hint| !hint.is_empty());
    let regardless = "-k goes on regardless.";
    match hints.as_slice() {
        [] => String::new(),
        [only] => format!("{only}; {regardless}"),
        hints => format!("{}. {regardless}", hints.join(". ")),
    }
}

fn certificate_hint(error: &rustls::Error, evidence: &Evidence<'_>) -> &'static str {
    use rustls::CertificateError as Certificate;
    let chain = evidence.record.tls.as_ref().map_or(&[][..], |facts| &facts.chain);
    let rustls::Error::InvalidCertificate(error) = error else { return "" };
    match error {
        Certificate::Expired | Certificate::ExpiredContext { .. } => {
            "Renew the certificate, and check this machine's clock"
        }
        Certificate::NotValidYet | Certificate::NotValidYetContext { .. } => {
            "Check the clocks of both machines"
        }
        Certificate::NotValidForName | Certificate::NotValidForNameContext { .. } => {
            "The redirect may name the wrong host, or the server picks the wrong certificate for it"
        }
        Certificate::UnknownIssuer if chain.len() == 1 && !certificate::is_self_signed(chain) => {
            "The server sent its own certificate only: it may fail to send the intermediate one. \
             A private authority is trusted with --cacert FILE"
        }
        _ => "Trust its authority with --cacert FILE",
    }
}

fn handshake(error: &rustls::Error, host: &str, evidence: &Evidence<'_>) -> (String, &'static str) {
    match error {
        rustls::Error::InvalidMessage(_) => (
            format!("{host} does not speak TLS on this port."),
            "It may be a plain HTTP port: try http://.",
        ),
        rustls::Error::AlertReceived(AlertDescription::ProtocolVersion)
        | rustls::Error::PeerIncompatible(_) => (
            format!("{host} and hopstep have no TLS version or cipher in common."),
            "The server may only know TLS 1.1 or older, which is not safe any more; hopstep knows 1.2 and 1.3, \
             unless --tls-max or --tlsv1.3 narrow it.",
        ),
        rustls::Error::AlertReceived(AlertDescription::CertificateRequired) => wanting(host),
        rustls::Error::AlertReceived(alert) if refuses_certificate(*alert) => {
            match evidence.lacks_certificate() {
                true => wanting(host),
                false => (
                    format!("{host} does not trust the client certificate."),
                    "Give one that it trusts with -E FILE and --key FILE.",
                ),
            }
        }
        rustls::Error::AlertReceived(AlertDescription::HandshakeFailure)
            if evidence.lacks_certificate() =>
        {
            wanting(host)
        }
        rustls::Error::AlertReceived(AlertDescription::NoApplicationProtocol)
        | rustls::Error::NoApplicationProtocol => (
            format!("{host} offers none of the HTTP versions asked for."),
            "Try it with --http1.1, or without a version option.",
        ),
        rustls::Error::AlertReceived(AlertDescription::UnrecognisedName) => (
            format!("The server does not know the name {host}."),
            "The redirect may name a host that this server is not set up for.",
        ),
        rustls::Error::AlertReceived(AlertDescription::HandshakeFailure) => (
            format!("{host} refused the TLS handshake."),
            "There may be no cipher in common, or the client certificate (-E FILE) will not do.",
        ),
        _ => (format!("The TLS handshake with {host} failed."), ""),
    }
}

/// A certificate of ours is wanted, and there is none.
fn wanting(host: &str) -> (String, &'static str) {
    (format!("{host} asks for a client certificate."), "Give one with -E FILE and --key FILE.")
}

/// A client certificate, or the lack of one, is what the server complains about.
fn refuses_certificate(alert: AlertDescription) -> bool {
    matches!(
        alert,
        AlertDescription::UnknownCA
            | AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::AccessDenied
    )
}

/// The server went away when it was shown no certificate; its alert may be lost with the connection.
pub(super) fn left_without(evidence: &Evidence<'_>) -> Failure {
    let (message, hint) = wanting(&evidence.record.target.0);
    let failure = evidence.failure(FailureKind::Tls, message);
    Failure { hint: hint.to_owned(), phase: Phase::Tls, ..failure }
}

fn tcp(kind: ErrorKind, evidence: &Evidence<'_>) -> Failure {
    let peer = evidence.peer();
    let (message, hint) = match kind {
        ErrorKind::ConnectionRefused => (
            format!("{peer} refused the connection: nothing listens there."),
            "Is the server running, and is the port right?",
        ),
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => (
            format!("{peer} reset the connection while it was being made."),
            "A firewall, or a proxy with nothing behind it, often does this.",
        ),
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
            (format!("There is no route to {peer}."), "Check the network, VPN and routes.")
        }
        ErrorKind::AddrNotAvailable => (
            format!("This machine has no address from which {peer} can be reached."),
            "Is IPv6 set up here? Try -4.",
        ),
        ErrorKind::TimedOut => (
            format!("{peer} did not accept the connection in time."),
            "A firewall may drop the packets.",
        ),
        ErrorKind::PermissionDenied => {
            (format!("This machine does not allow a connection to {peer}."), "Check the firewall.")
        }
        _ => (format!("No connection to {peer}."), ""),
    };
    let class =
        if kind == ErrorKind::TimedOut { FailureKind::Timeout } else { FailureKind::Connect };
    Failure { hint: hint.to_owned(), ..evidence.failure(class, message) }
}

/// The unix socket that stands in for every host can't be used.
fn socket(path: &Path, error: &io::Error, evidence: &Evidence<'_>) -> Failure {
    let shown = path.display();
    let (message, hint) = match error.kind() {
        ErrorKind::NotFound => (
            format!("There is no unix socket at {shown}."),
            "Is the server running, and is the path given to --unix-socket right?",
        ),
        ErrorKind::InvalidInput => {
            (format!("{shown} is no unix socket."), "Check the path given to --unix-socket.")
        }
        ErrorKind::ConnectionRefused => (
            format!("Nothing listens at the unix socket {shown}."),
            "The server that made it has ended: is it running?",
        ),
        ErrorKind::PermissionDenied => (
            format!("The unix socket {shown} may not be used by you."),
            "Check its permissions, and those of the folders it is in.",
        ),
        _ => (format!("No connection through the unix socket {shown}."), ""),
    };
    let failure = evidence.failure(FailureKind::Connect, message);
    Failure { cause: error.to_string(), hint: hint.to_owned(), ..failure }
}

fn broken_handshake(kind: ErrorKind, evidence: &Evidence<'_>) -> Failure {
    let how = match kind {
        ErrorKind::UnexpectedEof => "closed",
        _ => "reset",
    };
    let (who, class, hint) = match evidence.proxy.filter(|_| evidence.is_with_proxy()) {
        Some(proxy) => (
            format!("The proxy {}", address(proxy)),
            FailureKind::Proxy,
            "The proxy may not speak TLS: try -x http://.",
        ),
        None => (
            evidence.peer(),
            FailureKind::Tls,
            "The port may not speak TLS (try http://), or the server is not set up for this name.",
        ),
    };
    if class == FailureKind::Tls && evidence.lacks_certificate() {
        return left_without(evidence);
    }
    let message = format!("{who} {how} the connection during the TLS handshake.");
    let failure = evidence.failure(class, message);
    Failure { hint: hint.to_owned(), phase: Phase::Tls, ..failure }
}
