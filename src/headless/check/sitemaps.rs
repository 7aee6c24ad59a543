//! The pages of a sitemap, and of the sitemaps that an index names: one level, one host, 50,000 pages (sitemaps.org).
//!
//! What is left out is said, never passed over in silence.

use std::sync::Arc;

use url::Url;

use super::{Job, documents};
use crate::domain::check::fault::Fault;
use crate::domain::check::sitemap::{self, Kind, Loc, MOST_URLS, Sitemap};
use crate::domain::counted::counted;

/// How many sitemaps that are left out are named.
const NAMED: usize = 10;

/// A page, and where it is named.
#[derive(Clone, Hash, Debug)]
pub(super) struct Entry {
    pub(super) file: Arc<str>,
    pub(super) line: usize,
    pub(super) url: Box<str>,
}

/// Pages as they are read.
pub(super) struct Gathering<'a> {
    pub(super) job: &'a Job,
    /// The host of a sitemap that was fetched: its index names sitemaps of this host only.
    pub(super) home: Option<&'a str>,
    pub(super) pages: Vec<Entry>,
    pub(super) notes: &'a mut Vec<String>,
}

impl Gathering<'_> {
    /// Takes in a sitemap or an index; the faults are a line each.
    pub(super) fn sitemap(&mut self, file: &Arc<str>, bytes: &[u8]) -> Result<(), Vec<String>> {
        let Sitemap { kind, locs } = read(file, bytes)?;
        match kind {
            Kind::Pages => self.take(file, locs),
            Kind::Index => self.index(file, locs)?,
        }
        Ok(())
    }

    fn take(&mut self, file: &Arc<str>, mut locs: Vec<Loc>) {
        let room = MOST_URLS - self.pages.len();
        if let Some(first) = locs.get(room) {
            let (line, left) = (first.line, counted(locs.len() - room, "page"));
            self.note(format!("{file}:{line}: {left} past the first {MOST_URLS} are left out"));
        }
        locs.truncate(room);
        let entry = |Loc { line, url }| Entry { file: Arc::clone(file), line, url };
        self.pages.extend(locs.into_iter().map(entry));
    }

    fn index(&mut self, file: &Arc<str>, locs: Vec<Loc>) -> Result<(), Vec<String>> {
        let (count, mut left) = (locs.len(), 0);
        for (at, Loc { line, url }) in locs.into_iter().enumerate() {
            if self.pages.len() >= MOST_URLS {
                let rest = counted(count - at, "sitemap");
                self.note(format!(
                    "{file}:{line}: {rest} past the first {MOST_URLS} pages are left out"
                ));
                break;
            }
            if let Some(why) = self.child((file, line), &url)? {
                left += 1;
                if left <= NAMED {
                    self.note(format!("{file}:{line}: {url} is left out: {why}"));
                }
            }
        }
        if left > NAMED {
            self.note(format!("{file}: {} more sitemaps are left out", left - NAMED));
        }
        Ok(())
    }

    /// Takes in a sitemap that an index names; why it is left out.
    fn child(
        &mut self,
        (file, line): (&Arc<str>, usize),
        url: &str,
    ) -> Result<Option<&'static str>, Vec<String>> {
        let fault = |why: String| vec![Fault::new(file, (line, 1), why).to_string()];
        let url = Url::parse(url).ok().filter(|of| matches!(of.scheme(), "http" | "https"));
        let url = url.ok_or_else(|| fault("expected the URL of a sitemap".to_owned()))?;
        let foreign = |url: &Url| self.home.is_some_and(|home| url.host_str() != Some(home));
        if foreign(&url) {
            return Ok(Some("it is on another host than the index"));
        }
        let name: Arc<str> = documents::shown(&url).into();
        let found = documents::document(url, self.job);
        let found = found.map_err(|why| fault(format!("{name}: {why}")))?;
        if foreign(&found.url) {
            return Ok(Some("it is redirected to another host than the index's"));
        }
        match read(&name, &found.bytes)? {
            Sitemap { kind: Kind::Index, .. } => Ok(Some("it is an index, too")),
            Sitemap { kind: Kind::Pages, locs } => {
                self.take(&name, locs);
                Ok(None)
            }
        }
    }

    fn note(&mut self, note: String) {
        self.notes.push(note);
    }
}

fn read(file: &str, bytes: &[u8]) -> Result<Sitemap, Vec<String>> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(vec![format!("{file}: expected UTF-8")]);
    };
    let faults = |faults: Vec<Fault>| faults.iter().map(ToString::to_string).collect();
    sitemap::read(file, text).map_err(faults)
}
