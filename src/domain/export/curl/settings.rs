//! Connection settings as options: those that matter for the URLs of the command.

use std::net::IpAddr;

use url::Url;

use super::super::super::http::request::FieldEdit;
use super::super::super::http::settings::{
    ClientCert, ConnectTo, Family, ProxyChoice, Resolve, Settings, TlsVersions, ToProxy,
    VersionPreference,
};
use super::Command;

/// Adds the options for the settings that these URLs make use of.
pub(super) fn write(settings: &Settings, urls: &[Url], command: &mut Command) {
    match settings.version {
        VersionPreference::Auto => {}
        VersionPreference::Http10 => command.switch("-0"),
        VersionPreference::Http11 => command.switch("--http1.1"),
        VersionPreference::Http2 => command.switch("--http2"),
        VersionPreference::Http2PriorKnowledge => command.switch("--http2-prior-knowledge"),
    }
    match settings.family {
        Family::Any => {}
        Family::V4 => command.switch("-4"),
        Family::V6 => command.switch("-6"),
    }
    if urls.iter().any(|url| url.scheme() == "https") {
        tls(settings, command);
    }
    route(settings, urls, command);
    proxies(settings, urls, command);
}

fn tls(settings: &Settings, command: &mut Command) {
    if settings.no_alpn {
        command.switch("--no-alpn");
    }
    match settings.tls {
        TlsVersions::Any => {}
        TlsVersions::Only12 => command.option("--tls-max", b"1.2"),
        TlsVersions::Only13 => command.switch("--tlsv1.3"),
    }
    if settings.insecure {
        command.switch("-k");
    }
    if let Some(file) = &settings.cacert {
        command.option("--cacert", file.as_os_str().as_encoded_bytes());
    }
    if let Some(folder) = &settings.capath {
        command.option("--capath", folder.as_os_str().as_encoded_bytes());
    }
    if let Some(cert) = &settings.client_cert {
        identity(cert, ("-E", "--key"), command);
    }
}

fn route(settings: &Settings, urls: &[Url], command: &mut Command) {
    let used = |host: Option<&str>, port: Option<u16>| {
        urls.iter().any(|url| {
            let name = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
            host.is_none_or(|host| host == "*" || host.eq_ignore_ascii_case(name))
                && port.is_none_or(|port| url.port_or_known_default() == Some(port))
        })
    };
    for entry in settings.resolve.iter().filter(|entry| used(Some(&entry.host), Some(entry.port))) {
        command.option("--resolve", resolve(entry).as_bytes());
    }
    for entry in &settings.connect_to {
        if used(entry.host.as_deref(), entry.port) {
            command.option("--connect-to", connect_to(entry).as_bytes());
        }
    }
    if let Some(path) = &settings.unix_socket {
        command.option("--unix-socket", path.as_os_str().as_encoded_bytes());
    }
    if let Some(timeout) = settings.connect_timeout {
        command.option("--connect-timeout", timeout.as_secs_f64().to_string().as_bytes());
    }
}

/// One proxy for all URLs is `-x`; else the URLs that go without one are named.
fn proxies(settings: &Settings, urls: &[Url], command: &mut Command) {
    let choices: Vec<&ProxyChoice> =
        urls.iter().filter_map(|url| settings.proxies.for_url(url)).collect();
    let Some(choice) = choices.first() else { return };
    let connect10 = settings.to_proxy.connect10 && choice.url.scheme() == "http";
    let option = if connect10 { "--proxy1.0" } else { "-x" };
    command.option(option, choice.url.as_str().trim_end_matches('/').as_bytes());
    if choices.len() < urls.len() {
        command.option("--noproxy", settings.proxies.bypass.join(",").as_bytes());
    }
    to_proxy(&settings.to_proxy, choice.url.scheme(), command);
}

fn to_proxy(settings: &ToProxy, scheme: &str, command: &mut Command) {
    if !matches!(scheme, "http" | "https") {
        return;
    }
    if let Some(pre) = &settings.pre {
        command.option("--preproxy", pre.url.as_str().trim_end_matches('/').as_bytes());
    }
    if settings.tunnel {
        command.switch("--proxytunnel");
    }
    for edit in &settings.edits {
        let line = match edit {
            FieldEdit::Set(field) => [field.name.as_bytes(), b": ", &field.value].concat(),
            FieldEdit::Empty(name) => [name.as_bytes(), b";"].concat(),
            FieldEdit::Remove(name) => [name.as_bytes(), b":"].concat(),
        };
        command.option("--proxy-header", &line);
    }
    if scheme == "http" {
        return;
    }
    if settings.http2 {
        command.switch("--proxy-http2");
    }
    if settings.insecure {
        command.switch("--proxy-insecure");
    }
    if let Some(file) = &settings.cacert {
        command.option("--proxy-cacert", file.as_os_str().as_encoded_bytes());
    }
    if let Some(folder) = &settings.capath {
        command.option("--proxy-capath", folder.as_os_str().as_encoded_bytes());
    }
    if let Some(cert) = &settings.client_cert {
        identity(cert, ("--proxy-cert", "--proxy-key"), command);
    }
}

fn identity(files: &ClientCert, (cert, key): (&str, &str), command: &mut Command) {
    let file = files.cert.to_string_lossy().replace('\\', "\\\\").replace(':', "\\:");
    command.option(cert, file.as_bytes());
    if let Some(file) = &files.key {
        command.option(key, file.as_os_str().as_encoded_bytes());
    }
}

fn resolve(entry: &Resolve) -> String {
    let addresses: Vec<String> = entry.to.iter().map(bracketed).collect();
    format!("{}:{}:{}", host(&entry.host), entry.port, addresses.join(","))
}

fn connect_to(entry: &ConnectTo) -> String {
    let name = |name: &Option<String>| name.as_deref().map(host).unwrap_or_default();
    let port = |port: Option<u16>| port.map(|port| port.to_string()).unwrap_or_default();
    format!(
        "{}:{}:{}:{}",
        name(&entry.host),
        port(entry.port),
        name(&entry.to_host),
        port(entry.to_port)
    )
}

fn host(name: &str) -> String {
    if name.contains(':') { format!("[{name}]") } else { name.to_owned() }
}

fn bracketed(ip: &IpAddr) -> String {
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => format!("[{ip}]"),
    }
}
