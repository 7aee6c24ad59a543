//! Files that are not of this machine: an operand that is a URL is fetched.
//!
//! A suite is refused: it says what is sent, bodies and credentials included, and that is not for others to say.

use std::fs::File;
use std::io::Read;

use url::Url;

use super::Job;
use super::progress;
use super::sources::Kind;
use crate::domain::chain::Chain;
use crate::domain::check::sitemap;
use crate::domain::http::method::Method;
use crate::domain::http::request::{Draft, Request};
use crate::domain::import::curl::url as typed_url;
use crate::fetch::clock::now;
use crate::fetch::{self, Bounds, Document};

/// What a file must be.
const EXPECTED: &str = "expected a .toml suite, a .csv map, a _redirects file or a sitemap";

/// What was fetched.
pub(super) struct Found {
    /// The URL as it was given, without user and password.
    pub(super) name: String,
    /// Where it was in the end.
    pub(super) url: Url,
    pub(super) kind: Kind,
    pub(super) bytes: Vec<u8>,
}

/// Whether an operand is a URL.
pub(super) fn is_url(operand: &str) -> bool {
    operand.starts_with("http://") || operand.starts_with("https://")
}

/// Fetches what an operand names; the error is a line that names it.
pub(super) fn fetch(operand: &str, job: &Job) -> Result<Found, String> {
    let url = typed_url::parse(operand).map_err(|of| format!("{operand}: {}", of.why))?;
    let name = shown(&url);
    let one = |why: &str| format!("{name}: {why}");
    let named = Kind::of(url.path());
    if named == Some(Kind::Suite) {
        return Err(one(
            "a suite says what is sent, so it is not taken from the network: fetch it, read it, and give the file",
        ));
    }
    let Document { url, bytes } = document(url, job).map_err(|why| one(&why))?;
    let kind = if sitemap::is_sitemap(&bytes) { Some(Kind::Sitemap) } else { named };
    let kind = kind.ok_or_else(|| one("expected a sitemap, a .csv map or a _redirects file"))?;
    Ok(Found { name, url, kind, bytes })
}

/// What is at this URL, asked for as the rows are.
pub(super) fn document(url: Url, job: &Job) -> Result<Document, String> {
    let request = request(url, job).ok_or("the request can't be made")?;
    let bounds = Bounds { time: job.max_time, redirects: job.limits.proto_redir };
    let what = format!("fetching {}", shown(&request.url));
    progress::waiting(&what, || fetch::document(&request, &job.settings, bounds))
}

/// The bytes of a file that must be a sitemap, as its name tells nothing.
pub(super) fn sitemap(path: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| error.to_string())?;
    let most = fetch::MOST as u64;
    file.take(most + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() > fetch::MOST {
        return Err(format!("{EXPECTED}, and this is longer than a sitemap's {} MB", most >> 20));
    }
    let bytes = fetch::unpacked(bytes)?;
    if sitemap::is_sitemap(&bytes) { Ok(bytes) } else { Err(EXPECTED.to_owned()) }
}

/// A URL as it stands in reports.
pub(super) fn shown(url: &Url) -> String {
    let mut shown = url.clone();
    let _ = (shown.set_username(""), shown.set_password(None));
    shown.into()
}

/// The first request of a chain that begins there, without what only rows have.
fn request(url: Url, job: &Job) -> Option<Request> {
    let plain = Draft::get(url);
    let draft = Draft {
        method: Method::GET,
        forced: false,
        typed: plain.typed,
        url: plain.url,
        target: None,
        body: None,
        upload: false,
        content_type: None,
        ..job.draft.clone()
    };
    Chain::new(draft, job.client.clone(), job.limits, job.jar.clone(), now()).send()
}
