//! Nesting: URLs inside the parameters of URLs.

use url::Url;

use super::url_params;

/// How deep is looked.
const LIMIT: usize = 12;

/// The URLs nested in a URL: the one in its first parameter that holds one, the one in that, and so on.
pub fn nested(url: &Url) -> Vec<Url> {
    let mut all: Vec<Url> = Vec::new();
    while all.len() < LIMIT {
        let outer = all.last().unwrap_or(url);
        match inner(outer) {
            Some(next) => all.push(next),
            None => break,
        }
    }
    all
}

/// How often this very page is nested in its own way back.
pub fn self_nesting(url: &Url) -> usize {
    nested(url).iter().filter(|inner| inner.path() == url.path()).count()
}

fn inner(url: &Url) -> Option<Url> {
    url_params(url).into_iter().find_map(|param| {
        let value = param.value.as_str();
        let absolute = value.starts_with("http://") || value.starts_with("https://");
        let path = value.starts_with('/') && value.len() > 1;
        (absolute || path).then(|| url.join(value).ok()).flatten()
    })
}
