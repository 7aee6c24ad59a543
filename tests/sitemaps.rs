//! `hopstep check` of sitemaps, and of files that are fetched: every page answers by itself, and nobody gets what is not theirs.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]
#![allow(dead_code, reason = "the helpers are shared")]

#[path = "support/programs.rs"]
mod programs;
#[path = "support/recorder.rs"]
mod recorder;
#[path = "support/socks.rs"]
mod socks;
#[path = "wire/tls.rs"]
mod tls;

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::Output;
use std::sync::{Arc, Mutex};

use insta::assert_snapshot;
use recorder::{Recorder, Seen, respond};
use tls::{Authority, answering};
use tokio::io::AsyncReadExt;

/// What is answered at which path.
type Files = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

/// A site whose files are templates: `BASE` is its origin. Other paths are pages; `/old` has moved, `/gone` is gone.
struct Site {
    server: Recorder,
    files: Files,
    folder: tempfile::TempDir,
}

impl Site {
    fn new() -> Site {
        let files = Files::default();
        let served = Arc::clone(&files);
        let server = Recorder::start(move |seen: &Seen| {
            let files = served.lock().unwrap();
            match (&*seen.target, files.iter().find(|(path, _)| *path == seen.target)) {
                (_, Some((_, answer))) => answer.clone(),
                ("/old", None) => respond("301 Moved Permanently", &["Location: /new"], ""),
                ("/gone", None) => respond("410 Gone", &["Content-Type: text/plain"], "gone\n"),
                _ => respond("200 OK", &["Content-Type: text/plain"], "here\n"),
            }
        });
        Site { server, files, folder: tempfile::tempdir().unwrap() }
    }

    fn base(&self) -> String {
        format!("http://{}", self.server.addr)
    }

    fn filled(&self, text: &str) -> String {
        text.replace("BASE", &self.base())
    }

    /// What is answered at this path, from now on.
    fn answer(&self, path: &str, answer: Vec<u8>) {
        let mut files = self.files.lock().unwrap();
        files.retain(|(known, _)| known != path);
        files.push((path.to_owned(), answer));
    }

    fn serve(&self, path: &str, text: &str) {
        let text = self.filled(text);
        self.answer(path, respond("200 OK", &["Content-Type: application/xml"], &text));
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    fn check(&self, args: &[&str]) -> Output {
        let mut command = programs::clean(env!("CARGO_BIN_EXE_hopstep"));
        command.current_dir(self.folder.path()).args(["check", "--retry", "0"]);
        command.args(args.iter().map(|arg| self.filled(arg))).output().unwrap()
    }

    /// What was printed, and the exit status, with this run's port and time taken out.
    fn told(&self, output: &Output) -> String {
        let mut text = String::new();
        for bytes in [&output.stderr, &output.stdout] {
            text += &String::from_utf8_lossy(bytes);
        }
        writeln!(text, "exit {}", output.status.code().unwrap()).unwrap();
        let seconds = regex::Regex::new(r" in \d+\.\d s").unwrap();
        let folder = self.folder.path().to_string_lossy().into_owned();
        let text = text.replace(&self.base(), "BASE").replace(&folder, "FOLDER");
        seconds.replace_all(&text, "").into_owned()
    }

    fn targets(&self) -> Vec<String> {
        self.server.take().into_iter().map(|seen| seen.target).collect()
    }
}

fn sitemap(urls: &[&str]) -> String {
    let items = urls.iter().map(|url| format!("  <url>\n    <loc>{url}</loc>\n  </url>\n"));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n{}</urlset>\n",
        items.collect::<String>()
    )
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let mut out = Vec::new();
        let mut encoder = async_compression::tokio::bufread::GzipEncoder::new(bytes);
        encoder.read_to_end(&mut out).await.unwrap();
        out
    })
}

const PAGES: [&str; 4] = ["BASE/", "BASE/old", "BASE/?a=1&amp;b=2", "BASE/gone"];

#[test]
fn a_page_that_does_not_answer_by_itself_fails_with_its_line_and_where_it_leads() {
    let site = Site::new();
    site.file("sitemap.xml", site.filled(&sitemap(&PAGES)).as_bytes());
    let output = site.check(&["sitemap.xml"]);
    assert_snapshot!("sitemap-of-a-file", site.told(&output));
    let mut targets = site.targets();
    targets.sort();
    assert_eq!(targets, ["/", "/?a=1&b=2", "/gone", "/new", "/old"]);
}

#[test]
fn a_sitemap_is_known_by_its_content_packed_or_not() {
    let site = Site::new();
    let text = site.filled(&sitemap(&PAGES[..1]));
    site.file("pages", text.as_bytes());
    site.file("sitemap.xml.gz", &gzip(text.as_bytes()));
    for name in ["pages", "sitemap.xml.gz"] {
        let told = site.told(&site.check(&[name]));
        assert!(told.contains("all 1 held") && told.ends_with("exit 0\n"), "{told}");
    }
    site.file("feed.xml", b"<rss/>");
    site.file("broken.xml.gz", &gzip(text.as_bytes())[..60]);
    site.file("bad.xml", b"<urlset>\n<url><loc>/x</loc></url></urlset>");
    site.targets();
    for (name, why) in [
        ("feed.xml", "a _redirects file or a sitemap"),
        ("broken.xml.gz", "its gzip is broken"),
        ("bad.xml", "bad.xml:2:1: expected a whole URL"),
        ("none.xml", "No such file"),
    ] {
        let told = site.told(&site.check(&[name, "pages"]));
        assert!(told.contains(why) && told.ends_with("exit 2\n"), "{told}");
    }
    assert_eq!(site.targets(), Vec::<String>::new(), "nothing is sent");
}

#[test]
fn a_sitemap_is_fetched_and_its_redirects_are_followed() {
    let site = Site::new();
    site.serve("/sitemap.xml", &sitemap(&PAGES[..2]));
    site.answer("/moved.xml", respond("302 Found", &["Location: /sitemap.xml"], ""));
    let output = site.check(&["-A", "crawler", "BASE/moved.xml"]);
    assert_snapshot!("sitemap-of-a-url", site.told(&output));
    let seen = site.server.take();
    assert!(seen.iter().all(|seen| seen.field("User-Agent").as_deref() == Some("crawler")));
    assert_eq!(seen[0].target, "/moved.xml");
    let packed = gzip(site.filled(&sitemap(&PAGES[..1])).as_bytes());
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", packed.len());
    site.answer("/packed", [head.as_bytes(), &packed].concat());
    let head = head.replace("\r\n\r\n", "\r\nContent-Encoding: gzip\r\n\r\n");
    site.answer("/coded", [head.as_bytes(), &packed].concat());
    for url in ["BASE/packed", "BASE/coded"] {
        let told = site.told(&site.check(&[url]));
        assert!(told.contains("all 1 held"), "{told}");
    }
}

#[test]
fn an_index_is_followed_one_level_on_its_own_host_and_what_is_left_out_is_said() {
    let site = Site::new();
    site.serve("/a.xml", &sitemap(&PAGES[..1]));
    site.serve("/b.xml", &sitemap(&PAGES[1..2]));
    let child = |url: &str| format!("<sitemap><loc>{url}</loc></sitemap>\n");
    let children = ["BASE/a.xml", "http://other.invalid/c.xml", "BASE/index.xml", "BASE/b.xml"];
    let children: String = children.iter().map(|url| child(url)).collect();
    site.serve("/index.xml", &format!("<sitemapindex>\n{children}</sitemapindex>"));
    assert_snapshot!("sitemap-index", site.told(&site.check(&["BASE/index.xml"])));
    site.serve("/short.xml", &format!("<sitemapindex>{}</sitemapindex>", child("BASE/none.xml")));
    site.answer("/none.xml", respond("404 Not Found", &[], ""));
    let told = site.told(&site.check(&["BASE/short.xml"]));
    assert!(told.contains("BASE/short.xml:1:1: BASE/none.xml: it answers 404 Not Found"), "{told}");
    assert!(told.ends_with("exit 2\n"), "{told}");
}

#[test]
fn pages_past_the_bound_of_a_sitemap_are_left_out() {
    let site = Site::new();
    site.file("many.xml", site.filled(&sitemap(&["BASE/"; 50_003])).as_bytes());
    let told = site.told(&site.check(&["--shard", "1/50000", "many.xml"]));
    assert!(told.contains("many.xml:150004: 3 pages past the first 50000 are left out"), "{told}");
    assert!(told.contains("all 1 held"), "{told}");
}

#[test]
fn maps_are_fetched_and_suites_are_refused() {
    let site = Site::new();
    site.serve("/map.csv", "BASE/old,BASE/new,301\n");
    site.serve("/_redirects", "/old /new 301\n");
    for (base, url) in [("http://unused.invalid", "BASE/map.csv"), ("BASE", "BASE/_redirects")] {
        let told = site.told(&site.check(&["--base", base, url]));
        assert!(told.contains("all 1 held"), "{told}");
    }
    site.server.take();
    for (args, why) in [
        (&["BASE/shop.toml"][..], "a suite says what is sent, so it is not taken from the network"),
        (&["--update", "BASE/map.csv"], "what was fetched can't be written"),
        (&["--diff", "BASE/old.xml"], "expected a sitemap, a .csv map or a _redirects file"),
        (&["http://nowhere.invalid/s.xml"], " nowhere.invalid"),
    ] {
        let told = site.told(&site.check(args));
        assert!(told.contains(why) && told.ends_with("exit 2\n"), "{told}");
    }
    assert!(!site.targets().contains(&"/shop.toml".to_owned()));
}

#[test]
fn credentials_stay_with_the_host_that_was_named() {
    let site = Site::new();
    let other = Site::new();
    other.serve("/sitemap.xml", &sitemap(&PAGES[..1]));
    let away = format!("Location: {}/sitemap.xml", other.base());
    site.answer("/away.xml", respond("302 Found", &[&away], ""));
    let told = site.told(&site.check(&["-u", "me:secret", "BASE/away.xml"]));
    assert!(told.contains("another origin than what -u, -H and -b are for"), "{told}");
    assert_eq!(other.targets(), Vec::<String>::new());
    let told = site.told(&site.check(&["--proto-redir", "=https", "BASE/away.xml"]));
    assert!(told.contains("which --proto-redir does not permit"), "{told}");
    let told = site.told(&site.check(&["BASE/away.xml"]));
    assert!(told.contains("all 1 held"), "{told}");
    other.targets();
    // a page of another host than its sitemap's
    let named = format!("http://localhost:{}/page", other.server.addr.port());
    site.serve("/sitemap.xml", &sitemap(&["BASE/page", &named]));
    site.server.take();
    site.check(&[
        "-4",
        "-u",
        "me:secret",
        "-H",
        "X-Api-Key: k",
        "-H",
        "X-Plain: p",
        "BASE/sitemap.xml",
    ]);
    let (own, foreign) = (site.server.take(), other.server.take());
    assert_eq!(own.len(), 2, "{own:?}");
    for seen in &own {
        let basic = seen.field("Authorization");
        assert_eq!(basic.as_deref(), Some("Basic bWU6c2VjcmV0"), "{seen:?}");
        assert_eq!(seen.field("X-Api-Key").as_deref(), Some("k"));
    }
    assert_eq!(foreign.len(), 1, "{foreign:?}");
    assert_eq!((foreign[0].field("Authorization"), foreign[0].field("X-Api-Key")), (None, None));
    assert_eq!(foreign[0].field("X-Plain").as_deref(), Some("p"));
}

#[test]
fn a_user_in_the_url_is_sent_and_not_printed() {
    let site = Site::new();
    site.serve("/sitemap.xml", &sitemap(&PAGES[1..2]));
    let url = site.base().replace("http://", "http://me:secret@") + "/sitemap.xml";
    let told = site.told(&site.check(&[&url]));
    assert!(told.contains("BASE/sitemap.xml:4") && !told.contains("secret"), "{told}");
    let seen = site.server.take();
    assert_eq!(seen[0].field("Authorization").as_deref(), Some("Basic bWU6c2VjcmV0"));
}

#[test]
fn a_file_is_fetched_over_tls_as_rows_are() {
    let site = Site::new();
    let authority = Authority::new("Test CA");
    let text = site.filled(&sitemap(&PAGES[..1]));
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{text}", text.len());
    let addr = answering(authority.for_names(&["a.test"]).config(), answer.leak());
    site.file("ca.pem", authority.pem.as_bytes());
    let (url, port) = (format!("https://a.test:{}/s", addr.port()), addr.port());
    let pin = format!("a.test:{port}:127.0.0.1");
    for trust in [&["--cacert", "ca.pem"][..], &["-k"]] {
        let told = site.told(&site.check(&[trust, &["--resolve", &pin, &url]].concat()));
        assert!(told.contains("all 1 held"), "{told}");
    }
    let told = site.told(&site.check(&["--resolve", &pin, &url]));
    assert!(told.contains("issued by an unknown authority (CN=Test CA)"), "{told}");
    assert!(told.ends_with("exit 2\n"), "{told}");
}

#[test]
fn a_file_is_fetched_through_the_proxy_of_the_rows() {
    let site = Site::new();
    let socks = socks::Socks::start();
    site.serve("/sitemap.xml", &sitemap(&PAGES[..1]));
    let proxy = format!("socks5h://{}", socks.addr);
    let told = site.told(&site.check(&["-x", &proxy, "BASE/sitemap.xml"]));
    assert!(told.contains("all 1 held"), "{told}");
    assert_eq!(socks.take().len(), 2);
    let told = site.told(&site.check(&["-x", "http://127.0.0.1:1", "BASE/sitemap.xml"]));
    assert!(told.contains("The proxy 127.0.0.1:1 can't be reached"), "{told}");
    let args = ["-x", &proxy, "--proxy-header", "A: b", "BASE/sitemap.xml"];
    let told = site.told(&site.check(&args));
    assert!(told.contains("fetch it yourself"), "{told}");
}

#[test]
fn a_run_over_a_sitemap_goes_on_until_the_sitemap_changes() {
    let site = Site::new();
    site.serve("/sitemap.xml", &sitemap(&PAGES));
    let args = ["--resume", "journal", "BASE/sitemap.xml"];
    let first = site.told(&site.check(&args));
    site.server.take();
    assert_eq!(site.told(&site.check(&args)), first);
    assert_eq!(site.targets(), ["/sitemap.xml"]);
    site.serve("/sitemap.xml", &sitemap(&PAGES[..2]));
    let told = site.told(&site.check(&args));
    assert!(told.contains("it is the journal of another run"), "{told}");
}
