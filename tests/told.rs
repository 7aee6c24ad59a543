//! What is told of a hop beside its final response: interim heads, the TLS session, and how they come back from a saved trace.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(dead_code, reason = "the helpers are shared")]

#[path = "support/printed.rs"]
mod printed;
#[path = "support/programs.rs"]
mod programs;
#[path = "support/schema.rs"]
mod schema;
#[path = "wire/server.rs"]
mod server;
#[path = "wire/tls.rs"]
mod tls;

use std::io::Write;
use std::process::Output;

use printed::{HOPSTEP, document, hopstep, messages, reopened, text};
use serde_json::{Value, json};
use server::{Server, wait_until_read};
use tls::{Authority, answering};

/// A bare LF, a folded line, and a line that is no field.
const HINTS: &str = "HTTP/1.1 103 Early Hints\nLink: </a>\r\n folded\r\nno field\r\n\r\n";

#[test]
fn what_is_wrong_with_an_interim_head_is_told_on_its_lines() {
    let server = Server::closing(format!("{HINTS}HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    let document = document(&[&server.url("/")]);
    let hints = &document["hops"][0]["response"]["informational"][0];
    let told = messages(hints);
    assert!(told[0].contains("LF without CR") && told[1].contains("folded"), "{told:?}");
    assert!(told[2].contains("no colon"), "{told:?}");
    assert_eq!(hints["deviations"][2]["line"], "no field");
    assert_eq!(document["hops"][0]["response"]["deviations"], json!([]));
    assert_eq!(document["hops"][0]["informational"], Value::Null);
    assert_eq!(reopened(&document)["hops"][0]["response"], document["hops"][0]["response"]);
    let text = text(&[&server.url("/")]);
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let at = lines.iter().position(|line| *line == "< HTTP/1.1 103 Early Hints").unwrap();
    assert!(lines[at + 1].contains("LF without CR") && lines[at + 3].contains("folded"), "{text}");
}

#[test]
fn interim_heads_are_kept_where_no_final_one_follows() {
    let server = Server::closing(HINTS);
    let document = document(&[&server.url("/")]);
    let hop = &document["hops"][0];
    assert_eq!((&hop["response"], &hop["error"]["kind"]), (&Value::Null, &json!("protocol")));
    assert_eq!(hop["informational"][0]["status"], 103);
    assert_eq!(messages(&hop["informational"][0]).len(), 3);
    assert_eq!(reopened(&document)["hops"][0]["informational"], hop["informational"]);
    assert!(text(&[&server.url("/")]).contains("< HTTP/1.1 103 Early Hints"));
}

#[test]
fn text_tells_the_group_and_the_certificate_of_each_new_connection() {
    let authority = Authority::new("Test CA");
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(authority.pem.as_bytes()).unwrap();
    let cacert = file.path().to_str().unwrap();
    let addr = answering(
        authority.for_names(&["127.0.0.1", "a.test"]).config(),
        "HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
    );
    let args = ["--cacert", cacert, "--max-hops", "1", &format!("https://{addr}/")];
    let (text, document) = (text(&args), document(&args));
    let tls = &document["hops"][0]["connection"]["tls"];
    let of = |value: &Value| value.as_str().unwrap().to_owned();
    let session = format!("{} {} X25519", of(&tls["version"]), of(&tls["cipher"]));
    assert_eq!(text.matches(&session).count(), 2, "{text}");
    let leaf = &tls["certificates"][0];
    for fact in ["subject", "issuer", "not_before", "not_after", "sha256"] {
        assert_eq!(text.matches(&of(&leaf[fact])).count(), 1, "{fact}: {text}");
    }
    assert!(text.contains(" for a.test, 127.0.0.1,") || text.contains(" for 127.0.0.1, a.test,"));
}

/// A proxy that keeps what it was asked for, and opens no tunnel.
fn refusing() -> Server {
    Server::closing("HTTP/1.0 403 No\r\nContent-Length: 0\r\n\r\n")
}

#[test]
fn proxy1_0_asks_for_a_tunnel_in_http_1_0() {
    let proxy = refusing();
    let at = proxy.url("/").replace("http://", "").replace('/', "");
    hopstep(&["trace", "-p", "--proxy1.0", &at, "http://a.invalid/"]);
    assert!(proxy.request(0).starts_with("CONNECT a.invalid:80 HTTP/1.0\r\n"));
    let curl = text(&["--format", "curl", "--proxy1.0", &at, "http://a.invalid/"]);
    assert!(curl.contains(&format!("--proxy1.0 http://{at}")), "{curl}");
}

#[test]
fn the_proxy_before_the_proxy_is_told_and_blamed_for_what_it_does() {
    let babbling = Server::new(|peer| {
        // SOCKS 4: rejected
        peer.send(b"\0[\0\0\0\0\0\0");
    });
    let pre = babbling.url("").replace("http://", "socks4://");
    let args = ["--preproxy", &pre, "-x", "http://127.0.0.1:3", "http://a.invalid/"];
    let document = document(&args);
    let hop = &document["hops"][0];
    assert_eq!(hop["error"]["message"], "The SOCKS proxy did not connect to the HTTP proxy.");
    assert_eq!(hop["connection"]["proxy"]["url"], "http://127.0.0.1:3/");
    assert_eq!(hop["connection"]["proxy"]["preproxy"], pre);
    assert_eq!(reopened(&document)["hops"][0]["connection"], hop["connection"]);
    assert!(text(&args).contains(&format!("by way of {pre}")));
    let absent = text(&["--preproxy", "socks5://127.0.0.1:1", "-x", "127.0.0.1:3", "a.invalid"]);
    assert!(absent.contains("The proxy 127.0.0.1:1 can't be reached."), "{absent}");
}

#[test]
fn a_folder_of_authorities_holds_hashed_names() {
    let authority = Authority::new("CA");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let addr = answering(
        authority.for_names(&["127.0.0.1"]).config(),
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    );
    let url = format!("https://{addr}/");
    std::fs::write(folder.path().join("ca.pem"), &authority.pem).unwrap();
    let told = text(&["--capath", path, &url]);
    assert!(told.contains("`openssl rehash "), "{told}");
    std::fs::write(folder.path().join("56c899cd.0"), &authority.pem).unwrap();
    assert!(text(&["--capath", path, &url]).contains("✔ 200"));
    let refused = hopstep(&["trace", "--capath", "/nowhere", &url]);
    assert_eq!(refused.status.code(), Some(2));
}

#[test]
fn a_file_for_tls_that_holds_something_else_is_refused_before_anything_is_sent() {
    let server = Server::closing("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (text, ca) = (file("text", "text\n"), file("ca.pem", &Authority::new("CA").pem));
    let other = file("other.key", &rcgen::KeyPair::generate().unwrap().serialize_pem());
    for (option, args, why) in [
        ("--cacert", &["--cacert", &text][..], "holds no certificate in PEM"),
        ("--cert", &["--cert", &text], "holds no certificate in PEM"),
        ("--cert", &["--cert", &ca], "holds no private key in PEM"),
        ("--key", &["--cert", &ca, "--key", &text], "holds no private key in PEM"),
        ("--cert", &["--cert", &ca, "--key", &other], "other.key does not belong to"),
        ("--cert-type", &["--cert-type", "P12", "--cert", &ca], "hopstep reads PEM and DER"),
        ("--proxy-cert", &["--proxy-cert", &text], "holds no certificate in PEM"),
    ] {
        let output = hopstep(&[&["trace"], args, &[&server.url("/")]].concat());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.starts_with(&format!("hopstep: {option} ")) && said.contains(why), "{said}");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{args:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_unix_socket_that_can_not_be_used_is_named_with_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(path("file"), "").unwrap();
    drop(std::os::unix::net::UnixListener::bind(path("left")).unwrap());
    for (name, told) in [
        ("none", "There is no unix socket at {}"),
        ("file", "{} is no unix socket"),
        ("left", "Nothing listens at the unix socket {}"),
    ] {
        let path = path(name);
        let output = hopstep(&["trace", "--unix-socket", &path, "http://a.invalid/"]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains(&told.replace("{}", &path)), "{text}");
        assert_eq!(output.status.code(), Some(4));
    }
}

/// A redirect whose body breaks off a while after its head.
fn broken_redirect() -> Server {
    Server::new(|peer| {
        while let Some(head) = peer.request() {
            if head.starts_with(b"GET /end ") {
                peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                continue;
            }
            peer.send(b"HTTP/1.1 302 Found\r\nLocation: /end\r\nContent-Length: 9\r\n\r\n");
            // who goes on at the head has gone on by then; who waits for the body does so for a second
            wait_until_read(&peer.stream);
            std::thread::sleep(std::time::Duration::from_millis(100));
            peer.send(b"abc");
            return;
        }
    })
}

#[test]
fn who_reads_a_redirects_body_before_following_stops_where_it_breaks_off() {
    let server = broken_redirect();
    let folder = tempfile::tempdir().unwrap();
    let suite = folder.path().join("suite.toml");
    std::fs::write(&suite, format!("[[check]]\nurl = {:?}\n", server.url("/"))).unwrap();
    let path = suite.to_str().unwrap();
    for (client, stops) in [("curl", false), ("httpx", true)] {
        let chain = document(&["--as", client, &server.url("/")]);
        let kind = if stops { "stopped" } else { "final" };
        assert_eq!(chain["outcome"]["kind"], kind, "{client}");
        let check = hopstep(&["check", "--as", client, "--fail-on", "never", path]);
        let told = String::from_utf8_lossy(&check.stdout).into_owned();
        assert_eq!(check.status.code(), Some(i32::from(stops)), "{client}: {told}");
        let args = ["clients", "--format", "json", &server.url("/")];
        let survey: Value = serde_json::from_slice(&hopstep(&args).stdout).unwrap();
        let ways = survey["groups"].as_array().unwrap();
        let way = ways.iter().find(|way| way["clients"].to_string().contains(client)).unwrap();
        assert_eq!(way["outcome"]["kind"], kind, "{client}");
    }
}

/// A server that takes connections, and is silent.
fn silent() -> Server {
    Server::new(|peer| peer.wait_for_close())
}

/// Which leg of the way a limit of time fell into: what is given, and what connecting and the whole chain say of it.
#[test]
fn a_limit_of_time_names_whom_it_waited_for() {
    let server = silent();
    let at = server.addr.to_string();
    let socks = format!("socks5h://{at}");
    let secure = format!("https://{at}");
    let origin = format!("127.0.0.1 port {}", server.addr.port());
    let proxy = format!("proxy {at}");
    let cases: [(Vec<&str>, String, String); 5] = [
        (
            vec![&secure],
            format!("The TLS handshake with {origin} was not done in time."),
            format!("during the TLS handshake with {origin}."),
        ),
        (
            vec!["-x", &at, "https://a.invalid/"],
            format!("The {proxy} did not lead to a.invalid port 443 in time."),
            format!("before the {proxy} had led to a.invalid port 443."),
        ),
        (
            vec!["-x", &secure, "http://a.invalid/"],
            format!("The {proxy} did not finish the TLS handshake in time."),
            format!("during the TLS handshake with the {proxy}."),
        ),
        (
            vec!["-x", &socks, "http://a.invalid/"],
            format!("The {proxy} did not lead to a.invalid port 80 in time."),
            format!("before the {proxy} had led to a.invalid port 80."),
        ),
        (
            vec!["--preproxy", &socks, "-x", "127.0.0.1:3", "http://a.invalid/"],
            format!("The {proxy} did not lead to the proxy 127.0.0.1:3 in time."),
            format!("before the {proxy} had led to the proxy 127.0.0.1:3."),
        ),
    ];
    std::thread::scope(|scope| {
        for (args, connecting, chain) in &cases {
            for (limit, wanted) in [(["--connect-timeout", "3"], connecting), (["-m", "4"], chain)]
            {
                scope.spawn(move || {
                    let document = document(&[&limit[..], args].concat());
                    let error = &document["hops"][0]["error"];
                    assert_eq!(error["kind"], "timeout", "{args:?}");
                    let message = error["message"].as_str().unwrap();
                    assert!(message.ends_with(wanted.as_str()), "{message} / {wanted}");
                });
            }
        }
    });
    let forwarded = document(&["-m", "3", "-x", &at, "http://a.invalid/"]);
    let wanted = format!("The time limit was reached before the {proxy} answered.");
    assert_eq!(forwarded["hops"][0]["error"]["message"], wanted);
}

#[test]
fn a_start_line_that_is_none_is_shown_as_it_came() {
    let server = Server::closing("HTTP/3.7 2x0 Fine\r\nContent-Length: 0\r\n\r\n");
    assert!(text(&[&server.url("/")]).contains("< HTTP/3.7 2x0 Fine\n"));
    let head = &document(&[&server.url("/")])["hops"][0]["response"];
    assert_eq!(head["deviations"][0]["line"], "HTTP/3.7 2x0 Fine");
}

#[test]
fn what_was_never_sent_is_not_told_as_sent() {
    let text = text(&["http://127.0.0.1:1/x"]);
    assert!(text.contains("> GET /x (not sent)\n"), "{text}");
}

/// 300 and 304 look like redirections; without a Location they are the end, and the hop says so.
#[test]
fn a_status_of_the_300s_that_is_the_end_says_why() {
    let not_modified = Server::closing("HTTP/1.1 304 Not Modified\r\n\r\n");
    let asked = document(&["-H", "If-None-Match: \"a\"", &not_modified.url("/")]);
    let unasked = document(&[&not_modified.url("/")]);
    let choices = Server::closing("HTTP/1.1 300 Multiple Choices\r\nContent-Length: 0\r\n\r\n");
    let choices = document(&[&choices.url("/")]);
    let located = Server::closing("HTTP/1.1 304 Not Modified\r\nLocation: gopher://a/\r\n\r\n");
    let located = document(&[&located.url("/")]);
    for (document, words) in [
        (&asked, Some("is still good: it is no redirect")),
        (&unasked, Some("without If-None-Match")),
        (&choices, Some("prefers none")),
        (&located, None),
    ] {
        let notes = document["hops"][0]["notes"].as_array().unwrap();
        match words {
            Some(words) => {
                assert!(notes[0].as_str().unwrap().contains(words), "{notes:?}");
                assert_eq!(document["outcome"]["kind"], "final");
            }
            None => assert_eq!(notes.len(), 0, "{notes:?}"),
        }
    }
    assert!(text(&[&not_modified.url("/")]).contains("note: 304 says"));
}

#[test]
fn a_text_is_shown_in_the_charset_that_it_names() {
    let mut answer =
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\n".to_vec();
    answer.extend(b"caf\xe9 cr\xe8me\n");
    let server = Server::closing(answer);
    assert!(text(&[&server.url("/")]).contains("< caf\u{e9} cr\u{e8}me\n"));
    let document = document(&[&server.url("/")]);
    assert_eq!(document["hops"][0]["response"]["body"]["text"], "caf\u{e9} cr\u{e8}me\n");
}

#[test]
fn a_coding_that_is_not_known_is_told() {
    let server = Server::closing("HTTP/1.1 200 OK\r\nContent-Encoding: foo\r\n\r\nabc");
    let document = document(&[&server.url("/")]);
    let hop = &document["hops"][0];
    let note = "The coding foo can't be undone; the body is shown as it arrived.";
    assert_eq!(hop["notes"], json!([note]));
    assert_eq!(hop["response"]["body"]["text"], "abc");
}

#[test]
fn what_could_not_be_decoded_is_not_told_as_decoded() {
    let broken = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd";
    let server = Server::closing(broken);
    assert!(text(&[&server.url("/")]).contains("< body: 4 B \u{b7} gzip, not decoded\n"));
    let unknown = "HTTP/1.1 200 OK\r\nContent-Encoding: foo\r\nContent-Length: 3\r\n\r\nabc";
    let server = Server::closing(unknown);
    assert!(text(&[&server.url("/")]).contains("< body: 3 B \u{b7} foo, not decoded\n"));
}

#[test]
fn chunks_are_counted_as_far_as_they_are_on_record() {
    let told = |chunk: &str, count: usize| {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        let server = Server::closing(format!("{head}{}0\r\n\r\n", chunk.repeat(count)));
        let text = text(&[&server.url("/")]);
        text.lines().find(|line| line.contains("< body:")).unwrap_or_default().trim().to_owned()
    };
    assert_eq!(told("3\r\nabc\r\n", 1), "< body: 3 B \u{b7} 1 chunk");
    assert_eq!(told("1\r\na\r\n", 10_000), "< body: 10000 B \u{b7} at least 4096 chunks");
    let large = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    assert_eq!(told(&large, 16), "< body: 1048576 B \u{b7} at least 2 chunks");
}

/// A redirect to the path one lower, whose body never ends.
fn never_ending_bodies() -> Server {
    Server::new(|peer| {
        let Some(request) = peer.request() else { return };
        let path = String::from_utf8_lossy(&request);
        let left = path.split(['/', ' ']).nth(2).and_then(|left| left.parse::<u32>().ok());
        let Some(left) = left.and_then(|left| left.checked_sub(1)) else {
            peer.send(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone");
            return;
        };
        let head = format!("HTTP/1.1 302 Found\r\nLocation: /{left}\r\nContent-Length: 9\r\n\r\n");
        peer.send(format!("{head}some").as_bytes());
        peer.wait_for_close();
    })
}

#[test]
fn a_long_chain_of_bodies_that_never_end_keeps_a_hundred_connections() {
    let server = never_ending_bodies();
    let document = document(&["--max-redirs", "-1", &server.url("/130")]);
    assert_eq!(document["outcome"]["kind"], "final");
    let hops = document["hops"].as_array().unwrap();
    let ended = |why: &str| {
        let why = |hop: &&Value| {
            hop["error"]["message"].as_str().is_some_and(|message| message.contains(why))
        };
        hops.iter().filter(why).count()
    };
    assert_eq!(ended("when too many others were"), 30);
    assert_eq!(ended("when the chain had ended"), 100);
    assert!(hops.iter().take(130).all(|hop| hop["response"]["body"]["text"] == "some"));
}

/// hopstep under this limit of the shell.
#[cfg(unix)]
fn limited(limit: &str, args: &[&str]) -> Output {
    let script = format!("ulimit {limit}; exec {HOPSTEP} \"$@\"");
    let args = [&["-c", &script, "sh", "trace"], args].concat();
    programs::clean("sh").args(args).output().unwrap()
}

#[test]
#[cfg(unix)]
fn where_few_files_may_be_open_fewer_bodies_arrive_at_once() {
    let server = never_ending_bodies();
    let output = limited("-n 32", &["--format", "json", "--max-redirs", "-1", &server.url("/40")]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["outcome"]["kind"], "final");
    assert_eq!(document["hops"].as_array().unwrap().len(), 41);
}

#[test]
#[cfg(unix)]
fn a_file_that_may_not_grow_is_told() {
    let (server, dir) = (never_ending_bodies(), tempfile::tempdir().unwrap());
    let jar = dir.path().join("jar");
    let output = limited("-f 0", &["-c", jar.to_str().unwrap(), &server.url("/0")]);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(String::from_utf8_lossy(&output.stdout).contains("done"), "{error}");
    assert!(error.contains("jar: File too large"), "{error}");
    assert_eq!(output.status.code(), Some(2));
}
