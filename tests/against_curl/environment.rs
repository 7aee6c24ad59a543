//! Which requests go through the proxies of the environment, and which around them.

use std::fmt::Write as _;

use crate::programs;
use crate::recorder::Recorder;

const HOPSTEP: &str = env!("CARGO_BIN_EXE_hopstep");

/// Hosts that both programs are told the address of.
const HOSTS: [&str; 9] = [
    "a.test",
    "x.a.test",
    "ba.test",
    "A.Test",
    "a.test.",
    "127.0.0.1",
    "127.1.2.3",
    "[::1]",
    "localhost",
];

/// Not `::1/128`, which curl 7.88 misses and 8.x finds.
const PATTERNS: &[&str] = &[
    "a.test",
    ".a.test",
    "..a.test",
    "*.a.test",
    "A.TEST",
    "a.test.",
    "x.a.test",
    "test",
    ".",
    "*",
    "**",
    "* ",
    "*,b.test",
    "b.test,*",
    "b.test,a.test",
    "b.test a.test",
    " b.test , a.test ",
    ",,a.test",
    "a.test:80",
    "127.0.0.1",
    "127.0.0.1:80",
    "127.0.0.0/8",
    "127.0.0.1/32",
    "127.0.0.1/33",
    "127.0.0.1/0",
    "127.1.2.3/9",
    "127/8",
    "::1",
    "[::1]",
    "::/0",
    "::1/129",
    "0.0.0.0/0",
    "localhost",
    ".localhost",
];

/// Variables, options, and a host: `P` is the proxy.
const SETTINGS: &[Case<'static>] = &[
    (&[("http_proxy", "P")], &[], "a.test"),
    (&[("http_proxy", "http://P")], &[], "a.test"),
    (&[("http_proxy", "http://u:p@P")], &[], "a.test"),
    (&[("http_proxy", "http://u:p@P")], &["-U", "v:w"], "a.test"),
    (&[("HTTP_PROXY", "P")], &[], "a.test"),
    (&[("https_proxy", "P")], &[], "a.test"),
    (&[("HTTPS_PROXY", "P")], &[], "a.test"),
    (&[("all_proxy", "P")], &[], "a.test"),
    (&[("ALL_PROXY", "P")], &[], "a.test"),
    (&[("http_proxy", ""), ("all_proxy", "P")], &[], "a.test"),
    (&[("all_proxy", ""), ("ALL_PROXY", "P")], &[], "a.test"),
    (&[("http_proxy", "P"), ("all_proxy", "http://127.0.0.1:1")], &[], "a.test"),
    (&[("http_proxy", "http://127.0.0.1:1")], &["-x", "P"], "a.test"),
    (&[("http_proxy", "P")], &["-x", ""], "a.test"),
    (&[("http_proxy", "P"), ("no_proxy", "a.test")], &[], "a.test"),
    (&[("http_proxy", "P"), ("NO_PROXY", "a.test")], &[], "a.test"),
    (&[("http_proxy", "P"), ("no_proxy", ""), ("NO_PROXY", "a.test")], &[], "a.test"),
    (&[("http_proxy", "P"), ("no_proxy", "b.test"), ("NO_PROXY", "a.test")], &[], "a.test"),
    (&[("http_proxy", "P"), ("no_proxy", "a.test")], &["--noproxy", ""], "a.test"),
    (&[("http_proxy", "P"), ("no_proxy", "a.test")], &["--noproxy", "b.test"], "a.test"),
    (&[("http_proxy", "P")], &["--noproxy", "a.test"], "a.test"),
    (&[("no_proxy", "a.test")], &["-x", "P"], "a.test"),
    (&[("no_proxy", "a.test")], &["-x", "P", "--noproxy", ""], "a.test"),
    (&[("no_proxy", "*")], &["-x", "P", "--noproxy", "b.test"], "a.test"),
];

#[test]
fn the_environments_proxies_are_used_as_curl_uses_them() {
    if !programs::present("curl") {
        return;
    }
    let server = Recorder::ok();
    let mut faults = String::new();
    for pattern in PATTERNS {
        for host in HOSTS {
            let env = [("http_proxy", "P"), ("no_proxy", pattern)];
            compare(&server, (&env, &[], host), &mut faults);
        }
    }
    for settings in SETTINGS {
        compare(&server, *settings, &mut faults);
    }
    assert!(faults.is_empty(), "\n{faults}");
}

type Case<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str], &'a str);

fn compare(server: &Recorder, case: Case<'_>, faults: &mut String) {
    let theirs = ask(server, "curl", &["-q", "-s", "-m", "20"], case);
    let ours = ask(server, HOPSTEP, &["trace", "-m", "20"], case);
    if theirs != ours {
        let _ = writeln!(faults, "{case:?}\n  curl {theirs:?}\n  hopstep {ours:?}");
    }
}

/// Target, in lower case, and credentials of what arrived.
fn ask(
    server: &Recorder,
    program: &str,
    first: &[&str],
    (env, args, host): Case<'_>,
) -> Vec<(String, Option<String>)> {
    let (proxy, port) = (server.addr.to_string(), server.addr.port());
    let mut command = programs::clean(program);
    command.env_remove("HTTP_PROXY");
    for (name, value) in env {
        command.env(name, value.replace('P', &proxy));
    }
    command.args(first);
    for name in ["a.test", "x.a.test", "ba.test", "a.test."] {
        command.args(["--resolve", &format!("{name}:{port}:127.0.0.1")]);
    }
    command.args(args.iter().map(|arg| arg.replace('P', &proxy)));
    command.arg(format!("http://{host}:{port}/"));
    command.output().unwrap();
    let all = server.take();
    all.iter()
        .map(|seen| (seen.target.to_ascii_lowercase(), seen.field("Proxy-Authorization")))
        .collect()
}
