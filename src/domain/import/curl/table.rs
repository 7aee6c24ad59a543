//! curl's options: one row each, with what hopstep does about it. The help page and the pasted command read the same rows.

use super::lex::{Name, Row, find};

mod others;

/// What an option of curl means here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Opt {
    Request,
    Header,
    Data,
    DataRaw,
    DataBinary,
    DataUrlencode,
    Json,
    Form,
    FormString,
    Upload,
    Get,
    Head,
    Range,
    Url,
    Globoff,
    UrlQuery,
    User,
    /// It makes no difference but beside [`Opt::Bearer`].
    Basic,
    Bearer,
    Netrc,
    NetrcOptional,
    NetrcFile,
    Cookie,
    CookieJar,
    JunkSession,
    UserAgent,
    Referer,
    Compressed,
    PathAsIs,
    MaxRedirs,
    /// Redirects are followed anyway.
    Location,
    Follow,
    Proto,
    ProtoRedir,
    ProtoDefault,
    LocationTrusted,
    Post301,
    Post302,
    Post303,
    Insecure,
    Cacert,
    Capath,
    Cert,
    Key,
    /// `--cert-type` and its kin: PEM and DER are told apart by themselves.
    FileType,
    Proxy,
    Proxy10,
    Preproxy,
    ProxyUser,
    ProxyInsecure,
    ProxyCacert,
    ProxyCapath,
    ProxyCert,
    ProxyKey,
    ProxyHeader,
    ProxyTunnel,
    ProxyHttp2,
    Noproxy,
    /// `--socks5` and its kin: a proxy with the scheme in the option's name.
    Socks(&'static str),
    Resolve,
    ConnectTo,
    UnixSocket,
    Ipv4,
    Ipv6,
    Alpn,
    /// `--tlsv1.2` and its kin: the last digit of the least version.
    TlsLeast(u8),
    TlsMax,
    Http10,
    Http11,
    Http2,
    Http2PriorKnowledge,
    ConnectTimeout,
    MaxTime,
    Fail,
    /// Accepted: hopstep does this anyway, or it concerns what hopstep never does.
    NoDifference,
    /// Says where curl's output goes: refused, but left out of a pasted command.
    Output,
    /// Can't be honoured, for this reason.
    Refused(&'static str),
}

/// The row of this name among all options of curl.
pub fn row(name: Name<'_>) -> Option<Row<Opt>> {
    find(ROWS, name).copied().or_else(|| others::row(name)).or_else(|| expanded(name))
}

/// The long names of the options that [`ROWS`] has.
pub fn longs() -> Vec<&'static str> {
    ROWS.iter().map(|row| row.long).collect()
}

/// `--expand-data` and its kin: curl puts variables into the value.
fn expanded(name: Name<'_>) -> Option<Row<Opt>> {
    let Name::Long(long) = name else { return None };
    row(Name::Long(long.strip_prefix("expand-")?))?;
    let key = Opt::Refused("hopstep knows no variables of curl's");
    Some(Row { key, long: "expand", short: 0, value: "VALUE", help: "" })
}

const fn row_of(
    key: Opt,
    short: u8,
    long: &'static str,
    value: &'static str,
    help: &'static str,
) -> Row<Opt> {
    Row { key, long, short, value, help }
}

/// The options hopstep honours, in the order of the help page.
pub const ROWS: &[Row<Opt>] = &[
    row_of(Opt::Request, b'X', "request", "METHOD", "force this method, on every hop"),
    row_of(
        Opt::Header,
        b'H',
        "header",
        "LINE",
        "add a field; 'Name;' sends it empty, 'Name:' removes it, @FILE reads lines",
    ),
    row_of(Opt::Data, b'd', "data", "DATA", "POST this form data; @FILE reads a file"),
    row_of(Opt::Data, 0, "data-ascii", "DATA", ""),
    row_of(Opt::DataRaw, 0, "data-raw", "DATA", "like -d, but @ means nothing"),
    row_of(Opt::DataBinary, 0, "data-binary", "DATA", "like -d, but line ends of files are kept"),
    row_of(
        Opt::DataUrlencode,
        0,
        "data-urlencode",
        "DATA",
        "like -d, percent-encoded; name=content, @FILE, name@FILE",
    ),
    row_of(Opt::Json, 0, "json", "DATA", "POST this JSON, with Content-Type and Accept"),
    row_of(
        Opt::Form,
        b'F',
        "form",
        "PART",
        "POST multipart/form-data; name=content, name=@FILE, name=<FILE",
    ),
    row_of(Opt::FormString, 0, "form-string", "PART", "like -F, but @, < and ; mean nothing"),
    row_of(Opt::Upload, b'T', "upload-file", "FILE", "PUT this file; - is standard input"),
    row_of(Opt::Get, b'G', "get", "", "put the data into the query and GET"),
    row_of(Opt::Head, b'I', "head", "", "HEAD"),
    row_of(Opt::Range, b'r', "range", "RANGE", "ask for these bytes"),
    row_of(Opt::Url, 0, "url", "URL", "the URL, when it looks like an option"),
    row_of(Opt::Globoff, b'g', "globoff", "", "send brackets and braces in the URL as they stand"),
    row_of(
        Opt::UrlQuery,
        0,
        "url-query",
        "DATA",
        "add this to the query, encoded as by --data-urlencode",
    ),
    row_of(
        Opt::User,
        b'u',
        "user",
        "USER[:PASSWORD]",
        "Basic credentials; a missing password is asked for",
    ),
    row_of(Opt::Basic, 0, "basic", "", ""),
    row_of(Opt::Bearer, 0, "oauth2-bearer", "TOKEN", "Bearer credentials"),
    row_of(Opt::Netrc, b'n', "netrc", "", "take credentials for each host from ~/.netrc"),
    row_of(
        Opt::NetrcOptional,
        0,
        "netrc-optional",
        "",
        "like -n, but credentials in a URL count more",
    ),
    row_of(Opt::NetrcFile, 0, "netrc-file", "FILE", "like -n, with this file"),
    row_of(
        Opt::Cookie,
        b'b',
        "cookie",
        "DATA|FILE",
        "send 'k=v', or read a cookie file and switch the jar on",
    ),
    row_of(
        Opt::CookieJar,
        b'c',
        "cookie-jar",
        "FILE",
        "write the jar there at the end and switch it on",
    ),
    row_of(
        Opt::JunkSession,
        b'j',
        "junk-session-cookies",
        "",
        "leave out session cookies of the files read",
    ),
    row_of(Opt::UserAgent, b'A', "user-agent", "NAME", "send this User-Agent; '' sends none"),
    row_of(Opt::Referer, b'e', "referer", "URL", "send this Referer; ';auto' names the hop before"),
    row_of(Opt::PathAsIs, 0, "path-as-is", "", "keep dot segments in the path of the URL"),
    row_of(Opt::Compressed, 0, "compressed", "", "ask for compressed responses"),
    row_of(Opt::MaxRedirs, 0, "max-redirs", "N", "follow at most N redirects; -1 is no limit"),
    row_of(Opt::Location, b'L', "location", "", ""),
    row_of(Opt::Follow, 0, "follow", "", "follow redirects, letting the status override -X"),
    row_of(Opt::LocationTrusted, 0, "location-trusted", "", "send credentials to every host"),
    row_of(Opt::Proto, 0, "proto", "SCHEMES", "ask for these only: =https, -http"),
    row_of(Opt::ProtoRedir, 0, "proto-redir", "SCHEMES", "follow redirects to these only"),
    row_of(
        Opt::ProtoDefault,
        0,
        "proto-default",
        "SCHEME",
        "the scheme of a URL without one, instead of http",
    ),
    row_of(Opt::Post301, 0, "post301", "", "keep POST after a 301"),
    row_of(Opt::Post302, 0, "post302", "", "keep POST after a 302"),
    row_of(Opt::Post303, 0, "post303", "", "keep POST after a 303"),
    row_of(
        Opt::Insecure,
        b'k',
        "insecure",
        "",
        "go on when a certificate is not trusted; the verdict is shown",
    ),
    row_of(Opt::Cacert, 0, "cacert", "FILE", "trust these certificates (PEM) only"),
    row_of(
        Opt::Capath,
        0,
        "capath",
        "FOLDER",
        "trust the certificates of this folder too (PEM, hashed names)",
    ),
    row_of(Opt::Cert, b'E', "cert", "FILE", "client certificate (PEM, DER)"),
    row_of(Opt::Key, 0, "key", "FILE", "private key of the client certificate (PEM, DER)"),
    row_of(Opt::FileType, 0, "cert-type", "TYPE", "PEM or DER; either is recognised without it"),
    row_of(Opt::FileType, 0, "key-type", "TYPE", ""),
    row_of(Opt::FileType, 0, "proxy-cert-type", "TYPE", ""),
    row_of(Opt::FileType, 0, "proxy-key-type", "TYPE", ""),
    row_of(Opt::Proxy, b'x', "proxy", "URL", "go through this http, https or socks proxy"),
    row_of(Opt::Proxy10, 0, "proxy1.0", "HOST[:PORT]", "as -x; CONNECT is said in HTTP/1.0"),
    row_of(Opt::Preproxy, 0, "preproxy", "URL", "the socks proxy that leads to the http proxy"),
    row_of(Opt::ProxyUser, b'U', "proxy-user", "USER:PASSWORD", "credentials for the proxy"),
    row_of(
        Opt::ProxyInsecure,
        0,
        "proxy-insecure",
        "",
        "go on when the certificate of an https proxy is not trusted",
    ),
    row_of(Opt::ProxyCacert, 0, "proxy-cacert", "FILE", "trust these certificates of proxies only"),
    row_of(
        Opt::ProxyCapath,
        0,
        "proxy-capath",
        "FOLDER",
        "trust the certificates of this folder for proxies too",
    ),
    row_of(
        Opt::ProxyCert,
        0,
        "proxy-cert",
        "FILE",
        "client certificate for an https proxy (PEM, DER)",
    ),
    row_of(Opt::ProxyKey, 0, "proxy-key", "FILE", "private key of that certificate (PEM, DER)"),
    row_of(
        Opt::ProxyHeader,
        0,
        "proxy-header",
        "LINE",
        "add a field for the proxy alone, in CONNECT or to what it forwards; @FILE reads lines",
    ),
    row_of(
        Opt::ProxyTunnel,
        b'p',
        "proxytunnel",
        "",
        "CONNECT through an HTTP proxy for http:// too",
    ),
    row_of(
        Opt::ProxyHttp2,
        0,
        "proxy-http2",
        "",
        "speak HTTP/2 with an https proxy that offers it",
    ),
    row_of(Opt::Noproxy, 0, "noproxy", "HOSTS", "hosts that are reached without the proxy"),
    row_of(Opt::Socks("socks4"), 0, "socks4", "HOST[:PORT]", ""),
    row_of(Opt::Socks("socks4a"), 0, "socks4a", "HOST[:PORT]", ""),
    row_of(Opt::Socks("socks5"), 0, "socks5", "HOST[:PORT]", ""),
    row_of(Opt::Socks("socks5h"), 0, "socks5-hostname", "HOST[:PORT]", ""),
    row_of(Opt::Resolve, 0, "resolve", "HOST:PORT:ADDR", "use this address for host and port"),
    row_of(Opt::ConnectTo, 0, "connect-to", "H1:P1:H2:P2", "connect to H2:P2 for H1:P1"),
    row_of(Opt::UnixSocket, 0, "unix-socket", "PATH", "connect through this socket"),
    row_of(Opt::Ipv4, b'4', "ipv4", "", "use IPv4 addresses only"),
    row_of(Opt::Ipv6, b'6', "ipv6", "", "use IPv6 addresses only"),
    row_of(Opt::Alpn, 0, "alpn", "", "agree on HTTP/2 in the TLS handshake; --no-alpn does not"),
    row_of(Opt::TlsLeast(0), b'1', "tlsv1", "", ""),
    row_of(Opt::TlsLeast(0), 0, "tlsv1.0", "", ""),
    row_of(Opt::TlsLeast(1), 0, "tlsv1.1", "", ""),
    row_of(Opt::TlsLeast(2), 0, "tlsv1.2", "", ""),
    row_of(Opt::TlsLeast(3), 0, "tlsv1.3", "", "speak TLS 1.3 with the target"),
    row_of(Opt::TlsMax, 0, "tls-max", "VERSION", "speak no TLS above this: 1.2, 1.3"),
    row_of(Opt::Http10, b'0', "http1.0", "", "speak HTTP/1.0"),
    row_of(Opt::Http11, 0, "http1.1", "", "speak HTTP/1.1"),
    row_of(Opt::Http2, 0, "http2", "", "speak HTTP/2 where TLS allows"),
    row_of(
        Opt::Http2PriorKnowledge,
        0,
        "http2-prior-knowledge",
        "",
        "speak HTTP/2 from the first byte",
    ),
    row_of(Opt::ConnectTimeout, 0, "connect-timeout", "SECONDS", "give each connection this long"),
    row_of(Opt::MaxTime, b'm', "max-time", "SECONDS", "give the whole chain this long"),
    row_of(Opt::Fail, b'f', "fail", "", "a final status of 400 or above exits with 1"),
    row_of(Opt::Fail, 0, "fail-with-body", "", ""),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_option_is_listed_twice() {
        let all: Vec<Row<Opt>> = ROWS.iter().copied().chain(others::all()).collect();
        for (index, row) in all.iter().enumerate() {
            for other in &all[index + 1..] {
                assert_ne!(row.long, other.long);
                assert!(row.short == 0 || row.short != other.short, "-{}", char::from(row.short));
            }
        }
    }

    #[test]
    fn every_option_of_curl_is_known() {
        let known = include_str!("table/curl-7.88.txt").split_whitespace();
        let absent: Vec<&str> = known
            .chain(include_str!("table/curl-8.txt").split_whitespace())
            .filter(|name| {
                let positive = name.strip_prefix("no-").unwrap_or(name);
                row(Name::Long(name)).is_none() && row(Name::Long(positive)).is_none()
            })
            .filter(|name| !matches!(*name, "help" | "version"))
            .collect();
        assert_eq!(absent, Vec::<&str>::new());
    }
}
