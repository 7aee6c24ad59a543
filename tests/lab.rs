//! The lab: its files are sound, its servers answer as written, and real curl sees what they expect.

#![allow(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::collections::{BTreeSet, HashMap};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::sync::Arc;

use hopstep::domain::chain::{Chain, Ending, Hop};
use hopstep::domain::classify::diagnosis::diagnose;
use hopstep::domain::finding::Likelihood;
use hopstep::domain::rules::judge;
use hopstep::fetch::{Engine, Event, Fetch, FetchId, Local};
use hopstep::lab::scenario::{self, ExpectedFinding, Scenario};
use hopstep::lab::{self, Lab, Pace, Seen, command};
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use url::Url;

fn start() -> Lab {
    lab::start(scenario::all(), Pace::Swift).unwrap()
}

#[test]
fn every_file_is_a_scenario_with_a_title_and_a_lesson() {
    for (id, text) in scenario::FILES {
        let scenario = Scenario::parse(id, text).unwrap_or_else(|error| panic!("{id}: {error}"));
        assert!(!scenario.title.is_empty() && scenario.title.chars().count() <= 60, "{id}: title");
        let sentences = scenario.lesson.matches(['.', '?']).count();
        assert!(sentences >= 1 && scenario.lesson.chars().count() <= 400, "{id}: lesson");
        assert!(!scenario.lesson.contains('\n'), "{id}: the lesson is one paragraph");
    }
    assert_eq!(scenario::all().len(), scenario::FILES.len());
    assert!(scenario::all().len() >= 15);
}

#[test]
fn the_tour_has_a_definite_order() {
    let orders: BTreeSet<u32> = scenario::all().iter().map(|scenario| scenario.order).collect();
    assert_eq!(orders.len(), scenario::all().len());
}

#[test]
fn no_two_scenarios_answer_at_the_same_place() {
    let mut owners = HashMap::new();
    for scenario in scenario::all() {
        for route in &scenario.routes {
            let place = (route.url.scheme, route.url.host(), &route.url.target);
            let owner = owners.entry(place).or_insert(&scenario.id);
            assert_eq!(*owner, &scenario.id, "{place:?}");
        }
    }
}

#[test]
fn every_host_is_on_loopback() {
    let lab = start();
    let places = lab.settings().connect_to;
    assert!(!places.is_empty());
    assert!(places.iter().all(|place| place.to_host.as_deref() == Some("127.0.0.1")));
    assert!(lab.proxy.ip().is_loopback());
}

#[test]
fn each_scenario_answers_as_its_file_says() {
    let lab = start();
    for scenario in scenario::all().iter().filter(|scenario| !over_http2(scenario)) {
        for (at, hop) in scenario.expect.hops.iter().enumerate() {
            let [method, status, url] = hop.split(' ').collect::<Vec<_>>()[..] else {
                panic!("{}: {hop}", scenario.id)
            };
            let answer = ask(&lab, method, url, at == 0, scenario);
            let got = answer.as_ref().map_or("-".into(), |bytes| status_of(bytes));
            assert_eq!(got, status, "{} hop {}: {answer:?}", scenario.id, at + 1);
        }
    }
}

#[test]
fn each_scenario_is_judged_as_its_file_says() {
    let lab = start();
    let mut faults = String::new();
    for scenario in scenario::all() {
        lab.forget();
        let chain = play(&lab, scenario);
        assert_eq!(arrivals(&lab), requests(scenario), "{}", scenario.id);
        let hops: Vec<String> = chain.hops.iter().map(row).collect();
        let found: BTreeSet<ExpectedFinding> = judge(&chain)
            .iter()
            .map(|finding| ExpectedFinding { rule: finding.rule.to_owned(), hop: finding.hop })
            .collect();
        let wanted = scenario.expect.findings.iter().cloned().collect();
        if hops != scenario.expect.hops
            || found != wanted
            || ending(&chain) != scenario.expect.ending
        {
            faults += &format!("{}: {hops:#?}\n{found:#?}\n{}\n", scenario.id, ending(&chain));
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

/// The tour's loop, login and checkout were each built with one fault; the diagnosis finds that one first.
#[test]
fn the_likeliest_cause_is_the_one_that_the_scenario_was_built_with() {
    let lab = start();
    let mut faults = String::new();
    for scenario in scenario::all() {
        let built = ["loop", "cookie-loop", "api-login", "checkout"].contains(&&*scenario.id);
        assert!(!built || scenario.expect.cause.is_some(), "{}: no cause", scenario.id);
        let Some(wanted) = &scenario.expect.cause else { continue };
        let causes = diagnose(&play(&lab, scenario)).causes;
        let first = causes.first().map(|cause| (cause.likelihood, &cause.text));
        if first != Some((Likelihood::High, wanted)) {
            faults += &format!("{}: {causes:#?}\n", scenario.id);
        }
    }
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn an_unknown_path_is_a_404_and_the_connection_lives_on() {
    let lab = start();
    let mut stream = TcpStream::connect(addr(&lab, "shop.test", 80)).unwrap();
    for _ in 0..2 {
        stream.write_all(b"GET /nowhere HTTP/1.1\r\nHost: shop.test\r\n\r\n").unwrap();
        let mut start = [0; 12];
        stream.read_exact(&mut start).unwrap();
        assert_eq!(&start, b"HTTP/1.1 404");
        let mut rest = [0; 4096];
        while !rest.starts_with(b"done") {
            let n = stream.read(&mut rest).unwrap();
            if rest[..n].ends_with(b"page.\n") {
                rest[..4].copy_from_slice(b"done");
            }
        }
    }
    assert_eq!(lab.seen().len(), 2);
}

#[test]
fn bodies_in_chunks_and_after_100_continue_are_taken_in() {
    let lab = start();
    let mut stream = TcpStream::connect(addr(&lab, "shop.test", 80)).unwrap();
    let request = "POST /checkout HTTP/1.1\r\nHost: shop.test\r\nExpect: 100-continue\r\n\
                   Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n";
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 308 "), "{answer}");
    assert_eq!(lab.seen()[0].body, b"abcde");
}

#[test]
fn the_servers_stop_when_the_lab_is_dropped() {
    let lab = start();
    let addr = addr(&lab, "shop.test", 80);
    drop(lab);
    assert!(TcpStream::connect(addr).is_err());
}

#[test]
fn the_files_are_for_their_owner_and_go_with_the_lab() {
    let lab = start();
    let file = lab.ca_file();
    assert_eq!(std::fs::read_to_string(&file).unwrap(), lab.ca_pem);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let folder = std::fs::metadata(file.parent().unwrap()).unwrap();
        assert_eq!(folder.permissions().mode() & 0o777, 0o700);
    }
    drop(lab);
    assert!(!file.exists());
}

/// Real curl, given the command that `hopstep lab` prints, makes the very requests the scenario expects.
#[test]
fn real_curl_walks_every_chain_as_expected() {
    if absent("curl") {
        return;
    }
    let lab = start();
    let version = Command::new("curl").arg("--version").output().unwrap().stdout;
    let http2 = String::from_utf8_lossy(&version).contains("HTTP2");
    let fit = |s: &&Scenario| s.request.client == "curl" && (http2 || !over_http2(s));
    for scenario in scenario::all().iter().filter(fit) {
        lab.forget();
        let command = command::curl(scenario, &lab);
        let script = format!("{command} --max-redirs 7 -sS -o /dev/null");
        let out = Command::new("sh").args(["-c", &script]).stdin(Stdio::null()).output().unwrap();
        let said = String::from_utf8_lossy(&out.stderr);
        let (seen, expected) = (arrivals(&lab), requests(scenario));
        assert!(seen.starts_with(&expected), "{}: {seen:#?}\n{script}\n{said}", scenario.id);
        let stopped = scenario.expect.ending == "stopped: loop";
        assert!(stopped || seen.len() == expected.len(), "{}: {seen:#?}", scenario.id);
    }
}

#[cfg(unix)]
#[test]
fn hopstep_lab_serves_until_it_is_interrupted() {
    if absent("curl") {
        return;
    }
    let mut program = Command::new(env!("CARGO_BIN_EXE_hopstep"))
        .args(["lab", "checkout"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(program.stdout.take().unwrap()).lines().map(Result::unwrap);
    let command = lines.find(|line| line.starts_with("    curl -K ")).unwrap();
    let config = command.split_whitespace().nth(2).unwrap().to_owned();
    let script =
        format!("{command} -sS -o /dev/null -w '%{{http_code}} %{{method}} %{{url_effective}}'");
    let out = Command::new("sh").args(["-c", &script]).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&out.stdout), "200 GET https://shop.test/orders/17");
    let kill = Command::new("kill").args(["-INT", &program.id().to_string()]).status().unwrap();
    assert!(kill.success());
    assert_eq!(program.wait().unwrap().code(), Some(130));
    assert!(!std::path::Path::new(&config).exists());
}

#[test]
fn hopstep_lab_refuses_an_unknown_scenario() {
    let out =
        Command::new(env!("CARGO_BIN_EXE_hopstep")).args(["lab", "nonsense"]).output().unwrap();
    assert_eq!(out.status.code(), Some(2));
    let said = String::from_utf8(out.stderr).unwrap();
    assert!(
        said.starts_with("hopstep: scenario nonsense: ") && said.lines().count() == 1,
        "{said}"
    );
}

#[test]
fn the_proxy_leads_to_plain_and_secure_hosts_and_nowhere_else() {
    if absent("curl") {
        return;
    }
    let lab = start();
    let fetch = |url: &str| {
        let proxy = format!("http://{}", lab.proxy);
        let ca = lab.ca_file().display().to_string();
        let args = ["-sL", "-x", &proxy, "--noproxy", "", "--cacert", &ca, "-w", "%{http_code}"];
        let out = Command::new("curl").args(args).args(["-o", "/dev/null", url]).output().unwrap();
        String::from_utf8(out.stdout).unwrap()
    };
    assert_eq!(fetch("http://shop.test/"), "200");
    assert_eq!(fetch("http://old.test/Product/42"), "200");
    assert_eq!(fetch("http://elsewhere.test/"), "502");
    assert_eq!(fetch("https://elsewhere.test/"), "000");
}

/// A raw client can't play it.
fn over_http2(scenario: &Scenario) -> bool {
    scenario.servers.iter().any(|server| server.http2)
}

/// `METHOD URL` of each request that the servers saw.
fn arrivals(lab: &Lab) -> Vec<String> {
    let row = |s: &Seen| format!("{} {}://{}{}", s.method, s.scheme.as_str(), s.host, s.target);
    lab.seen().iter().map(row).collect()
}

/// `METHOD URL` of each expected hop that gets as far as a request.
fn requests(scenario: &Scenario) -> Vec<String> {
    let request = |hop: &String| {
        let (method, rest) = hop.split_once(' ')?;
        let (status, url) = rest.split_once(' ')?;
        (status != "-").then(|| format!("{method} {url}"))
    };
    scenario.expect.hops.iter().filter_map(request).collect()
}

/// An outside program that is not there: said in a line, and under CI a fault.
fn absent(program: &str) -> bool {
    let found = Command::new(program).arg("--version").stdout(Stdio::null()).status().is_ok();
    if !found {
        assert!(std::env::var_os("CI").is_none(), "{program} is not installed");
        eprintln!("skipped: {program} is not installed");
    }
    !found
}

fn addr(lab: &Lab, host: &str, port: u16) -> std::net::SocketAddr {
    lab.addr(host, port).unwrap_or_else(|| panic!("no {host}:{port}"))
}

/// Plays the whole scenario, through the engine that users get.
fn play(lab: &Lab, scenario: &Scenario) -> Chain {
    let mut engine = Local::new(lab.settings(), Arc::default()).unwrap();
    let mut chain = scenario.chain(0).unwrap();
    while let Some(request) = chain.send() {
        engine.start(Fetch::new(FetchId(chain.hops.len() as u64), request));
        let exchange = loop {
            match engine.next(None).unwrap() {
                (_, Event::Done(exchange)) => break exchange,
                (_, Event::Phase(_) | Event::Head(_) | Event::Body { .. }) => {}
            }
        };
        chain.receive(*exchange, 0);
    }
    chain
}

fn row(hop: &Hop) -> String {
    let status = hop.status().map_or("-".to_owned(), |status| status.to_string());
    format!("{} {status} {}", hop.request.method, hop.request.display_url())
}

fn ending(chain: &Chain) -> String {
    match chain.ending() {
        Some(Ending::Final) => "final".to_owned(),
        Some(Ending::Stopped(reason)) => format!("stopped: {}", reason.id()),
        Some(Ending::Failed(kind)) => format!("failed: {}", kind.id()),
        None => "none".to_owned(),
    }
}

/// Sends one request by hand and reads to the end; an error when the connection gives no answer.
fn ask(
    lab: &Lab,
    method: &str,
    url: &str,
    first: bool,
    scenario: &Scenario,
) -> io::Result<Vec<u8>> {
    let url = Url::parse(url).unwrap();
    let host = url.host_str().unwrap().to_owned();
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let body = scenario.request.payload().filter(|_| first).map_or("", |(text, _)| text);
    let head = format!(
        "{method} {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let stream = TcpStream::connect(addr(lab, &host, url.port_or_known_default().unwrap()))?;
    match url.scheme() {
        "https" => talk(secure(stream, lab, host)?, (head + body).as_bytes()),
        _ => talk(stream, (head + body).as_bytes()),
    }
}

fn talk(mut stream: impl Read + Write, request: &[u8]) -> io::Result<Vec<u8>> {
    stream.write_all(request)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}

fn secure(
    stream: TcpStream,
    lab: &Lab,
    host: String,
) -> io::Result<StreamOwned<ClientConnection, TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(lab.ca_der.clone())).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(host).unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).map_err(io::Error::other)?;
    Ok(StreamOwned::new(connection, stream))
}

fn status_of(answer: &[u8]) -> String {
    String::from_utf8_lossy(&answer[9..12]).into_owned()
}
