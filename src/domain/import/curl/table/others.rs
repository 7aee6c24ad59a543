//! The options of curl that hopstep does not act on: what makes no difference, what is output, what is refused and why.

use super::super::lex::{Name, Row};
use super::Opt;

/// `short long` of switches and options that change nothing here; `=` after the name: it takes a value.
const NO_DIFFERENCE: &[&str] = &[
    "s silent",
    "S show-error",
    "v verbose",
    "i include",
    "show-headers",
    "progress-meter",
    "N buffer",
    "# progress-bar",
    "q disable",
    "proxy-basic",
    // a key that has a password is refused by its file; for one that has none this says nothing
    "pass=",
    "proxy-pass=",
    "ssl",
    "ssl-reqd",
    "proxy-tlsv1",
    "tcp-nodelay",
    "styled-output",
    "fail-early",
    "suppress-connect-headers",
    "sessionid",
    "keepalive",
    "keepalive-time=",
    "keepalive-cnt=",
    "ca-native",
    "proxy-ca-native",
    "trace-time",
    "trace-ids",
    "npn",
    "false-start",
    "socks5-basic",
    "parallel-immediate",
    "parallel-max=",
    "remove-on-error",
    "ssl-no-revoke",
    "ssl-revoke-best-effort",
];

/// Where curl puts its output.
const OUTPUT: &[&str] = &[
    "o output=",
    "O remote-name",
    "J remote-header-name",
    "R remote-time",
    "remote-name-all",
    "output-dir=",
    "create-dirs",
    "create-file-mode=",
    "D dump-header=",
    "w write-out=",
    "stderr=",
    "trace=",
    "trace-ascii=",
    "trace-config=",
    "xattr",
    "etag-save=",
    "clobber",
    "libcurl=",
    "skip-existing",
    "out-null",
];

const ONE_REQUEST: &str = "hopstep sends one request at a time, once";
const ONE_HTTP: &str = "hopstep speaks HTTP only";
const AUTH: &str = "of the authentication schemes hopstep has Basic and Bearer";
const TLS: &str = "hopstep has no such TLS setting";
const PROXY: &str = "hopstep has no such proxy setting";
const TRANSPORT: &str = "hopstep has no such transport setting";
const WIRE: &str = "hopstep can't change HTTP in this way: it speaks HTTP/1 and HTTP/2";
const MANUAL: &str = "`hopstep man` prints the manual page";
const CONFIG: &str = "hopstep reads no configuration file of curl: give its options themselves";
const FILES: &str = "hopstep does not keep this file";

/// What is refused, by reason.
const REFUSED: &[(&str, &[&str])] = &[
    (
        ONE_REQUEST,
        &[
            "retry=",
            "retry-all-errors",
            "retry-connrefused",
            "retry-delay=",
            "retry-max-time=",
            "Z parallel",
            "parallel-max-host=",
            ": next",
            "rate=",
            "C continue-at=",
            "variable=",
        ],
    ),
    (
        ONE_HTTP,
        &[
            "a append",
            "disable-eprt",
            "disable-epsv",
            "ftp-account=",
            "ftp-alternative-to-user=",
            "ftp-create-dirs",
            "ftp-method=",
            "ftp-pasv",
            "P ftp-port=",
            "ftp-pret",
            "ftp-skip-pasv-ip",
            "ftp-ssl-ccc",
            "ftp-ssl-ccc-mode=",
            "ftp-ssl-control",
            "hostpubmd5=",
            "hostpubsha256=",
            "krb=",
            "l list-only",
            "mail-auth=",
            "mail-from=",
            "mail-rcpt=",
            "mail-rcpt-allowfails",
            "pubkey=",
            "Q quote=",
            "t telnet-option=",
            "tftp-blksize=",
            "tftp-no-options",
            "compressed-ssh",
            "B use-ascii",
            "crlf",
            "metalink",
            "sasl-authzid=",
            "sasl-ir",
            "login-options=",
            "upload-flags=",
            "ipfs-gateway=",
            "knownhosts=",
            "mptcp",
        ],
    ),
    (
        AUTH,
        &[
            "anyauth",
            "digest",
            "ntlm",
            "ntlm-wb",
            "negotiate",
            "aws-sigv4=",
            "delegation=",
            "service-name=",
            "proxy-anyauth",
            "proxy-digest",
            "proxy-negotiate",
            "proxy-ntlm",
            "proxy-service-name=",
            "socks5-gssapi",
            "socks5-gssapi-nec",
            "socks5-gssapi-service=",
            "disallow-username-in-url",
        ],
    ),
    (
        TLS,
        &[
            "cert-status",
            "ciphers=",
            "crlfile=",
            "curves=",
            "egd-file=",
            "engine=",
            "pinnedpubkey=",
            "random-file=",
            "ssl-allow-beast",
            "ssl-auto-client-cert",
            "2 sslv2",
            "3 sslv3",
            "tls13-ciphers=",
            "tlsauthtype=",
            "tlspassword=",
            "tlsuser=",
            "ech=",
            "sigalgs=",
            "tls-earlydata",
            "dump-ca-embed",
            "ssl-sessions=",
        ],
    ),
    (
        PROXY,
        &[
            "proxy-ciphers=",
            "proxy-crlfile=",
            "proxy-pinnedpubkey=",
            "proxy-ssl-allow-beast",
            "proxy-ssl-auto-client-cert",
            "proxy-tls13-ciphers=",
            "proxy-tlsauthtype=",
            "proxy-tlspassword=",
            "proxy-tlsuser=",
        ],
    ),
    (
        TRANSPORT,
        &[
            "abstract-unix-socket=",
            "dns-interface=",
            "dns-ipv4-addr=",
            "dns-ipv6-addr=",
            "dns-servers=",
            "doh-cert-status",
            "doh-insecure",
            "doh-url=",
            "happy-eyeballs-timeout-ms=",
            "haproxy-protocol",
            "haproxy-clientip=",
            "interface=",
            "limit-rate=",
            "local-port=",
            "tcp-fastopen",
            "Y speed-limit=",
            "y speed-time=",
            "ip-tos=",
            "vlan-priority=",
            "max-filesize=",
        ],
    ),
    (
        WIRE,
        &[
            "http0.9",
            "http3",
            "http3-only",
            "request-target=",
            "request-mode=",
            "tr-encoding",
            "raw",
            "ignore-content-length",
            "expect100-timeout=",
            "form-escape",
            "z time-cond=",
        ],
    ),
    (MANUAL, &["M manual"]),
    (FILES, &["alt-svc=", "hsts=", "etag-compare="]),
    (CONFIG, &["K config="]),
];

/// The row of this name; `None` when curl has no such option either.
pub(super) fn row(name: Name<'_>) -> Option<Row<Opt>> {
    all().find(|row| match name {
        Name::Long(long) => row.long == long,
        Name::Short(short) => row.short == short && short != 0,
    })
}

/// All rows of this file.
pub(super) fn all() -> impl Iterator<Item = Row<Opt>> {
    let refused = REFUSED
        .iter()
        .flat_map(|(why, specs)| specs.iter().map(move |spec| parse(spec, Opt::Refused(why))));
    let accepted = NO_DIFFERENCE.iter().map(|spec| parse(spec, Opt::NoDifference));
    accepted.chain(OUTPUT.iter().map(|spec| parse(spec, Opt::Output))).chain(refused)
}

fn parse(spec: &'static str, key: Opt) -> Row<Opt> {
    let (long, value) = match spec.strip_suffix('=') {
        Some(long) => (long, "VALUE"),
        None => (spec, ""),
    };
    match long.split_once(' ') {
        Some((short, long)) => Row { key, long, short: short.as_bytes()[0], value, help: "" },
        None => Row { key, long, short: 0, value, help: "" },
    }
}
