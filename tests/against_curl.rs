//! The same command line given to `curl -L` and to `hopstep trace` makes a server see the same requests.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

#[path = "against_curl/cookies.rs"]
mod cookies;
#[path = "against_curl/environment.rs"]
mod environment;
#[path = "support/programs.rs"]
mod programs;
#[path = "support/recorder.rs"]
mod recorder;
#[path = "against_curl/secure.rs"]
mod secure;
#[path = "support/socks.rs"]
mod socks;
#[path = "against_curl/surroundings.rs"]
mod surroundings;
#[path = "against_curl/table.rs"]
mod table;
#[path = "wire/tls.rs"]
mod tls;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::sync::{Arc, Mutex};

use cookies::COOKIES;
use recorder::{Recorder, Seen, respond};
use secure::Secure;
use socks::Socks;
use surroundings::ENVIRONMENTS;
use table::{OPTIONS, TARGETS};

const HOPSTEP: &str = env!("CARGO_BIN_EXE_hopstep");

#[test]
fn servers_see_the_same_requests() {
    if !programs::present("curl") {
        return;
    }
    // curl waits a second for each "100 Continue" that never comes: in four worlds at once
    let found = std::thread::scope(|scope| {
        let worlds: Vec<_> = (0..4)
            .map(|first| scope.spawn(move || compared(OPTIONS.iter().skip(first).step_by(4))))
            .collect();
        worlds.into_iter().map(|world| world.join().unwrap()).collect::<Vec<_>>()
    });
    let faults: String = found.iter().map(|(faults, _)| faults.as_str()).collect();
    assert!(faults.is_empty(), "\n{faults}");
    let count: usize = found.iter().map(|(_, count)| count).sum();
    assert!(count >= 400, "{count}");
}

/// What differs, in words, over these command lines; and how many were run.
fn compared(table: impl Iterator<Item = &'static &'static [&'static str]>) -> (String, usize) {
    let dir = tempfile::tempdir().unwrap();
    files(dir.path());
    let server = Recorder::start(answer);
    let socks = Socks::start();
    let secure = Secure::start(server.addr, dir.path());
    let (mut faults, mut count) = (String::new(), 0);
    for &options in table {
        let targets = if options.contains(&"--url") { &[""] } else { TARGETS };
        for target in targets {
            let mut args = filled(options, dir.path(), (&server, &socks, &secure));
            args.extend((!target.is_empty()).then(|| server.url(target)));
            let args = strs(&args);
            // announced for the redirected GET too, a body never comes: both wait for an answer until the end
            let limit = if options.contains(&"Content-Length: 3") { "3" } else { "20" };
            let theirs = [&["-q", "-sL", "-m", limit, "-o", "/dev/null"], &args[..]].concat();
            let theirs = (seen("curl", &theirs, dir.path(), &server), proxied(&socks, &secure));
            let ours = [&["trace", "-L", "-m", limit], &args[..]].concat();
            let ours = (seen(HOPSTEP, &ours, dir.path(), &server), proxied(&socks, &secure));
            count += 1;
            if (&theirs.0.1, &theirs.1) != (&ours.0.1, &ours.1) {
                let _ = writeln!(
                    faults,
                    "== {options:?} {target}\ncurl {:?} {:#?}\nhopstep {:?} {:#?}{}",
                    theirs.1, theirs.0.1, ours.1, ours.0.1, ours.0.0
                );
            }
        }
    }
    (faults, count)
}

/// The same where the environment, a unix socket or IPv6 has a part in it.
#[test]
fn servers_see_the_same_requests_in_the_same_surroundings() {
    if !programs::present("curl") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let server = Recorder::start(answer);
    let socks = Socks::start();
    let secure = Secure::start(server.addr, dir.path());
    surroundings::unix(dir.path(), server.addr);
    let six = surroundings::six(server.addr).map(|addr| addr.to_string());
    let (mut faults, mut requests) = (String::new(), 0);
    for (variables, options) in ENVIRONMENTS {
        let fill = |words: &[&str]| filled(words, dir.path(), (&server, &socks, &secure));
        let mut args = fill(options);
        if args.iter().any(|arg| arg.contains("{six}")) {
            let Some(six) = &six else { continue };
            args.iter_mut().for_each(|arg| *arg = arg.replace("{six}", six));
        }
        args.extend((!options.contains(&"--url")).then(|| server.url("/302")));
        let args = strs(&args);
        let variables: Vec<(&str, String)> =
            variables.iter().map(|(name, value)| (*name, fill(&[value]).remove(0))).collect();
        let run = |program, own: &[&str]| {
            let args = [own, &args[..]].concat();
            let (said, seen) = seen_in(program, &args, dir.path(), &variables, &server);
            (said, (seen, proxied(&socks, &secure)))
        };
        let theirs = run("curl", &["-q", "-sL", "-m", "20", "-o", "/dev/null"]);
        let ours = run(HOPSTEP, &["trace", "-L", "-m", "20"]);
        requests += theirs.1.0.len();
        if theirs.1 != ours.1 {
            let _ = writeln!(
                faults,
                "== {variables:?} {options:?}\ncurl {:#?}\nhopstep {:#?}{}",
                theirs.1, ours.1, ours.0
            );
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
    assert!(requests >= 70, "{requests}");
}

/// The file that `-c` writes holds the same lines.
#[test]
fn the_same_cookies_are_written() {
    if !programs::present("curl") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    files(dir.path());
    let server = Recorder::start(answer);
    for options in [
        &["-b", ""][..],
        &["-b", "{dir}/cookies"],
        &["-b", "{dir}/many"],
        &["-b", "{dir}/odd"],
        &["-j", "-b", "{dir}/cookies"],
    ] {
        for target in ["/302", "/x/302", "/secure", "/end"] {
            let options: Vec<String> = options
                .iter()
                .map(|word| word.replace("{dir}", dir.path().to_str().unwrap()))
                .collect();
            let written = |program, own: &[&str]| {
                let (file, url) = (dir.path().join("jar"), server.url(target));
                let args = [own, &strs(&options), &["-c", file.to_str().unwrap(), &url]].concat();
                seen(program, &args, dir.path(), &server);
                let text = std::fs::read_to_string(&file).unwrap_or_default();
                let _ = std::fs::remove_file(&file);
                let lines = text.lines().filter(|line| !line.starts_with("# ") && !line.is_empty());
                lines.map(str::to_owned).collect::<Vec<_>>()
            };
            let theirs = written("curl", &["-q", "-sL", "-o", "/dev/null"]);
            assert_eq!(written(HOPSTEP, &["trace"]), theirs, "{options:?} {target}");
        }
    }
}

/// One Set-Cookie of every kind, on a redirect from `/d/set` to another folder and back.
#[test]
fn the_same_cookies_come_back() {
    if !programs::present("curl") {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let line = Arc::<Mutex<Vec<u8>>>::default();
    let said = Arc::clone(&line);
    let server = Recorder::start(move |seen| match seen.target.as_str() {
        "/d/set" => {
            let (before, after) = (
                b"HTTP/1.1 302 Found\r\nLocation: /d/back\r\nSet-Cookie: ",
                b"\r\nContent-Length: 0\r\n\r\n",
            );
            [&before[..], &said.lock().unwrap(), after].concat()
        }
        "/d/back" => respond("302 Found", &["Location: /e"], ""),
        _ => respond("200 OK", &[], ""),
    });
    let mut faults = String::new();
    for cookie in cookies() {
        line.lock().unwrap().clone_from(&cookie);
        let url = server.url("/d/set");
        let run = |program, own: &[&str]| {
            let file = dir.path().join("jar");
            let args = [own, &["-c", file.to_str().unwrap(), &url]].concat();
            let requests = seen(program, &args, dir.path(), &server).1;
            let jar = std::fs::read(&file).unwrap_or_default();
            let _ = std::fs::remove_file(&file);
            (requests, cookie_lines(&jar))
        };
        let theirs = run("curl", &["-q", "-sL", "-o", "/dev/null"]);
        let ours = run(HOPSTEP, &["trace"]);
        if theirs != ours {
            let shown = cookie[..cookie.len().min(60)].escape_ascii();
            let _ = writeln!(faults, "== {shown}\ncurl {theirs:#?}\nhopstep {ours:#?}");
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

/// The lines of a cookie file that curl reads; a life that began just now is told by its days.
fn cookie_lines(file: &[u8]) -> Vec<String> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let line = |line: &str| {
        let mut parts: Vec<String> = line.split('\t').map(str::to_owned).collect();
        if let Some(at) = parts.get_mut(4)
            && let Some(left) = at.parse::<u64>().ok().and_then(|at| at.checked_sub(now))
        {
            *at = format!("in {} days", (left + 3600) / 86400);
        }
        parts.join("\t")
    };
    let text = String::from_utf8_lossy(file).into_owned();
    text.lines().filter(|line| !line.starts_with("# ") && !line.is_empty()).map(line).collect()
}

fn cookies() -> Vec<Vec<u8>> {
    let long = |prefix: &str, count: usize| format!("{prefix}{}", "x".repeat(count)).into_bytes();
    let mut all: Vec<Vec<u8>> = COOKIES.iter().map(|line| line.to_vec()).collect();
    all.extend([4093, 4094, 4095, 5000].map(|count| long("a=", count)));
    all.extend([1000, 1100].map(|count| long("a=b; Path=/", count)));
    all
}

/// What proxies were asked for.
fn proxied(socks: &Socks, secure: &Secure) -> Vec<String> {
    let mut asked = socks.take();
    asked.extend(secure.take());
    asked
}

/// What both programs refuse, before anything is sent.
#[test]
fn what_curl_refuses_is_refused() {
    if !programs::present("curl") {
        return;
    }
    let server = Recorder::ok();
    let url = server.url("/");
    for options in [
        &["-d", "x", "-F", "a=b"][..],
        &["-I", "-d", "x"],
        &["-T", "x", "-d", "x"],
        &["--nonsense"],
        &["-m", "x"],
        &["--max-redirs", "many"],
        &["-F", "novalue"],
    ] {
        for program in ["curl", HOPSTEP] {
            let status = programs::clean(program).args(options).arg(&url).output().unwrap().status;
            assert!(!status.success(), "{program} {options:?}");
        }
    }
    assert_eq!(server.take(), []);
}

/// The status in the path redirects once to another host name, then on this one to the end.
fn answer(seen: &Seen) -> Vec<u8> {
    let host = seen.field("Host").unwrap_or_default();
    let port = host.rsplit(':').next().unwrap_or_default();
    let path = seen.target.split('?').next().unwrap_or_default();
    let path =
        path.strip_prefix("http://").map_or(path, |rest| &rest[rest.find('/').unwrap_or(0)..]);
    let mut segments = path.trim_start_matches('/').split('/');
    let (status, rest) = (segments.next().unwrap_or_default(), segments.next().unwrap_or_default());
    let body = if seen.method == "HEAD" { "" } else { "moved" };
    let length = format!("X-Body: {}", body.len());
    match status {
        "301" | "302" | "303" | "307" => {
            let next = format!("Location: http://localhost:{port}/second");
            let next =
                if port.parse::<u16>().is_ok() { next } else { "Location: /second".to_owned() };
            respond(&format!("{status} Moved"), &[&next, "Set-Cookie: s=1; Path=/", &length], body)
        }
        _ if seen.method == "CONNECT" => b"HTTP/1.1 200 Established\r\n\r\n".to_vec(),
        "back" => {
            let next = format!("Location: http://localhost:{port}/return");
            respond("302 Found", &[&next], body)
        }
        "to" => {
            let next = format!("Location: http://localhost:{rest}/second");
            respond("302 Found", &[&next, "Set-Cookie: s=1; Path=/"], body)
        }
        "return" => {
            let next = format!("Location: http://127.0.0.1:{port}/end");
            respond("302 Found", &[&next], body)
        }
        // a cookie for the folder, then the same again
        "folder" if seen.field("Cookie").is_none() && !seen.target.contains("again") => {
            let next = format!("Location: {}again", seen.target);
            respond("302 Found", &[&next, "Set-Cookie: f=1"], body)
        }
        "d" if seen.target.contains("?to=") => {
            let next = seen.target.split("?to=").nth(1).unwrap_or_default().replace("%23", "#");
            respond("302 Found", &[&format!("Location: {next}")], body)
        }
        "spaced" => respond("302 Found", &["Location : /end"], body),
        "old" => format!(
            "HTTP/1.0 307 Moved\r\nContent-Length: {}\r\nLocation: /307\r\n\r\n{body}",
            body.len()
        )
        .into_bytes(),
        "empty" => respond("302 Found", &["Location: ", "Location: /end"], body),
        "folded" => respond("302 Found", &["Location: /end", "Location: /second\r\n more"], body),
        "garbled" => respond("302 Found", &["no colon", "Location: /end"], body),
        "secure" => respond("302 Found", &["Location: /end", "Set-Cookie: s=1; Secure"], body),
        "userinfo" => {
            let next = format!("Location: http://them:theirs@localhost:{port}/second");
            respond("302 Found", &[&next], body)
        }
        "refused" if seen.field("Expect").is_some() => respond("417 Expectation Failed", &[], ""),
        "refused" => respond("307 Moved", &["Location: /end"], body),
        "second" => respond("302 Found", &["Location: /end?x=1#f", "Set-Cookie: t=2; Path=/"], ""),
        _ => respond("200 OK", &[], if seen.method == "HEAD" { "" } else { "end" }),
    }
}

fn files(dir: &Path) {
    for (name, text) in [
        ("text", "a\r\nb\nc"),
        ("page.html", "<h1>"),
        ("p q;%.txt", "p"),
        ("mebibyte", &"a".repeat(1 << 20)),
        ("large", &"a".repeat((1 << 20) + 1)),
        ("headers", "X-From-File: 1\r\nX-Second: 2\n"),
        (
            "cookies",
            "127.0.0.1\tFALSE\t/\tFALSE\t0\told\t1\n127.0.0.1\tFALSE\t/\tFALSE\t4102444800\tkept\t2\n",
        ),
        (
            "netrc",
            "machine 127.0.0.1 login me password secret\nmachine localhost login loc password pw\n\
             default login other password x\n",
        ),
        (
            ".netrc",
            "machine 127.0.0.1 login home password one\nmachine localhost login home password two\n",
        ),
        (
            "many",
            "127.0.0.1\tFALSE\t/\tFALSE\t0\ta\t1\n127.0.0.1\tFALSE\t/\tFALSE\t0\tb\t2\n\
             127.0.0.1\tFALSE\t/\tFALSE\t0\tlong\t3\n127.0.0.1\tFALSE\t/x\tFALSE\t0\tp\t4\n\
             #HttpOnly_127.0.0.1\tFALSE\t/\tFALSE\t0\tc\t5\nlocalhost\tFALSE\t/\tFALSE\t0\td\t5\n\
             .localhost\tTRUE\t/\tFALSE\t0\te\t5\n127.0.0.1\tFALSE\t/\tTRUE\t0\tsecure\t6\n",
        ),
        (
            "odd",
            ".LocalHost\tTRUE\t/\tFALSE\t0\tcase\t1\n127.0.0.1\ttrue\t/\ttrue\t4102444800.5\tflags\t2\n\
             127.0.0.1\tFALSE\tFALSE\t0\tpathless\t3\n 127.0.0.1\tFALSE\t/\tFALSE\t0\tblank\t4\n\
             127.0.0.1\tFALSE\t/\t\t0\tempty\t5\n127.0.0.1\tFALSE\t/\tFALSE\t0\ttabs\ta\tb\n\
             127.0.0.1\tFALSE\t/\tFALSE\t0\tbare\n127.0.0.1\tFALSE\t/\tFALSE\tx\tsoon\t6\n\
             127.0.0.1\tFALSE\tx\tFALSE\t0\trootless\t7\n127.0.0.1\tFALSE\t/\tFALSE\t0\tRootless\t8\n\
             127.0.0.1\tFALSE\t/\tFALSE\t0\trootless\t9\n",
        ),
        ("slashed", "127.0.0.1\tFALSE\t/302/\tFALSE\t0\tk\t1\n"),
        ("first-only", "machine 127.0.0.1 login me password secret\n"),
        ("second-only", "machine localhost login loc password pw\n"),
        ("quoted", "machine 127.0.0.1 login \"m e\" password \"a\\\"b\"\ndefault # none\n"),
    ] {
        std::fs::write(dir.join(name), text).unwrap();
    }
}

fn filled(
    options: &[&str],
    dir: &Path,
    (server, socks, secure): (&Recorder, &Socks, &Secure),
) -> Vec<String> {
    let (dir, host) = (dir.to_str().unwrap(), server.addr.to_string());
    let port = server.addr.port().to_string();
    options
        .iter()
        .map(|option| {
            option
                .replace("{dir}", dir)
                .replace("{host}", &host)
                .replace("{port}", &port)
                .replace("{socks}", &socks.addr.to_string())
                .replace("{secure}", &secure.addr.to_string())
        })
        .collect()
}

fn strs(args: &[String]) -> Vec<&str> {
    args.iter().map(String::as_str).collect()
}

/// Standard error, and the requests in a form that can be compared.
fn seen(program: &str, args: &[&str], home: &Path, server: &Recorder) -> (String, Vec<Seen>) {
    seen_in(program, args, home, &[], server)
}

/// The same, with these variables in the environment.
fn seen_in(
    program: &str,
    args: &[&str],
    home: &Path,
    variables: &[(&str, String)],
    server: &Recorder,
) -> (String, Vec<Seen>) {
    let child = programs::clean(program)
        .args(args)
        .envs(variables.iter().map(|(name, value)| (*name, value)))
        .env("HOME", home)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.unwrap();
    // a program that reads nothing has closed the pipe
    let _ = child.stdin.take().unwrap().write_all(b"hello");
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    (errors, server.take().iter().map(normal).collect())
}

/// What concerns one connection only, and what curl alone says: hopstep does not offer h2c.
const CURLS_OWN: [&str; 4] = ["proxy-connection", "connection", "upgrade", "http2-settings"];

/// Names in lower case and sorted; what each program calls itself, and boundaries, are alike.
fn normal(seen: &Seen) -> Seen {
    let mut seen = seen.clone();
    let boundary = seen
        .field("Content-Type")
        .and_then(|value| value.split_once("boundary=").map(|(_, boundary)| boundary.to_owned()));
    if let Some(boundary) = boundary {
        seen.body = alike(&String::from_utf8_lossy(&seen.body), &boundary).into_bytes();
    }
    for (name, value) in &mut seen.fields {
        name.make_ascii_lowercase();
        let text = String::from_utf8_lossy(value).into_owned();
        if name == "user-agent" && (text.starts_with("curl/") || text.starts_with("hopstep/")) {
            *value = b"default".to_vec();
        }
        if let (true, Some((kind, _))) = (name == "content-type", text.split_once("; boundary=")) {
            *value = kind.as_bytes().to_vec();
        }
    }
    seen.target = escapes_in_lower_case(&seen.target);
    seen.fields.retain(|(name, _)| !CURLS_OWN.contains(&name.as_str()));
    // curl asked for uploads of any size before 8.7
    if seen.body.len() <= 1 << 20 && seen.field("Transfer-Encoding").is_none() {
        seen.fields.retain(|(name, _)| name != "expect");
    }
    seen.fields.sort_by(|a, b| a.0.cmp(&b.0));
    seen
}

/// A multipart with its boundary, and those of multiparts within, made alike.
fn alike(body: &str, boundary: &str) -> String {
    let body = body.replace(boundary, "BOUNDARY");
    let named = body.split("; boundary=").skip(1);
    let within: Vec<String> =
        named.filter_map(|after| after.lines().next().map(str::to_owned)).collect();
    within.iter().fold(body, |body, inner| body.replace(inner.as_str(), "WITHIN"))
}

/// curl 7.88 writes the escapes of an added query in lower case, later ones as they are.
fn escapes_in_lower_case(target: &str) -> String {
    let mut parts = target.split('%');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_at(part.len().min(2));
        let _ = write!(text, "%{}{rest}", code.to_ascii_lowercase());
    }
    text
}
