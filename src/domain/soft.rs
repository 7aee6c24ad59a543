//! Soft redirects: where a final page itself sends a browser, and the request that would be.
//!
//! Recognised are a `Refresh` field and a meta refresh (HTML, "shared declarative refresh steps"), a script that assigns
//! a literal to `location` on a page with hardly any text, and a form without anything to fill in that a script
//! submits (HTML, "constructing entry list"). Pure; never looks beyond the recorded head of a body.

use url::{Url, form_urlencoded};

use super::chain::Hop;
use super::evidence::html::{Tag, refresh, tags, visible};
use super::evidence::onward;
use super::http::body::RequestBody;
use super::http::method::Method;
use super::http::origin::same_origin;
use super::http::request::Draft;

/// Pages with more text than this are read by people.
const NOTE: usize = 200;

/// Fields of a form that are taken along at most.
const FIELDS: usize = 1000;

const FORM: &str = "application/x-www-form-urlencoded";

/// How a page sends browsers on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SoftKind {
    /// The `Refresh` field.
    RefreshField,
    MetaRefresh,
    /// A form that submits itself.
    Form,
    Script,
}

/// What a browser would do after a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Soft {
    pub kind: SoftKind,
    /// How long it waits; only refreshes do.
    pub seconds: u64,
    pub method: Method,
    pub url: Url,
    /// The fields of a posted form, encoded.
    pub body: Option<String>,
}

/// A soft redirect that was followed: how a hop came to be, and what its part of the chain began with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Followed {
    pub kind: SoftKind,
    pub draft: Draft,
}

impl SoftKind {
    /// The name in documents.
    pub fn id(self) -> &'static str {
        match self {
            SoftKind::RefreshField => "refresh-field",
            SoftKind::MetaRefresh => "meta-refresh",
            SoftKind::Form => "auto-submit-form",
            SoftKind::Script => "script",
        }
    }

    /// The name on screens.
    pub fn title(self) -> &'static str {
        match self {
            SoftKind::RefreshField => "Refresh field",
            SoftKind::MetaRefresh => "meta refresh",
            SoftKind::Form => "self-submitting form",
            SoftKind::Script => "script redirect",
        }
    }
}

impl Soft {
    /// The request as a new beginning: what the user gave stays within the origin.
    pub fn draft(&self, before: &Draft, from: &Url) -> Draft {
        let kept = match same_origin(from, &self.url) {
            true => before.clone(),
            false => Draft {
                user_agent: before.user_agent.clone(),
                compressed: before.compressed,
                http10: before.http10,
                ..Draft::get(self.url.clone())
            },
        };
        Draft {
            method: self.method.clone(),
            forced: false,
            typed: self.url.to_string(),
            url: self.url.clone(),
            body: self.body.as_ref().map(|body| RequestBody::new(body.clone().into_bytes())),
            upload: false,
            content_type: self.body.as_ref().map(|_| FORM.to_owned()),
            ..kept
        }
    }
}

/// Where this page leads browsers; `None` for redirections, and for pages that stay or only reload themselves.
pub fn soft(hop: &Hop) -> Option<Soft> {
    let status = hop.status()?;
    if (300..400).contains(&status) {
        return None;
    }
    let from = &hop.request.url;
    let found = refresh_field(hop, from).or_else(|| in_page(hop, from))?;
    let web = matches!(found.url.scheme(), "http" | "https");
    let page = |url: &Url| url[..url::Position::AfterQuery].to_owned();
    let away = found.method != Method::GET || page(&found.url) != page(from);
    (web && away).then_some(found)
}

fn refresh_field(hop: &Hop, base: &Url) -> Option<Soft> {
    let value = hop.exchange.fields().text("Refresh")?;
    refreshed(SoftKind::RefreshField, &value, base)
}

fn in_page(hop: &Hop, from: &Url) -> Option<Soft> {
    let media = hop.exchange.fields().text("Content-Type").unwrap_or_default();
    let essence = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if !matches!(essence.as_str(), "" | "text/html" | "application/xhtml+xml") {
        return None;
    }
    let page = &hop.exchange.body.head;
    let all = tags(page);
    let base = all.iter().find_map(|tag| tag.get("href").filter(|_| tag.is("base")));
    let base = base.and_then(|base| from.join(base).ok()).unwrap_or_else(|| from.clone());
    all.iter().find_map(|tag| meta(tag, &base)).or_else(|| form(&all, page, &base)).or_else(|| {
        let brief = visible(&all, page) < NOTE;
        let target = all.iter().filter(|_| brief).find_map(|tag| onward::script_target(tag, page));
        target.and_then(|target| get(SoftKind::Script, 0, base.join(&target).ok()?))
    })
}

fn meta(tag: &Tag, base: &Url) -> Option<Soft> {
    let is_refresh = tag.is("meta") && tag.get("http-equiv")?.eq_ignore_ascii_case("refresh");
    refreshed(SoftKind::MetaRefresh, tag.get("content").filter(|_| is_refresh)?, base)
}

fn refreshed(kind: SoftKind, value: &str, base: &Url) -> Option<Soft> {
    let (seconds, target) = refresh(value)?;
    get(kind, seconds, base.join(&target).ok()?)
}

fn get(kind: SoftKind, seconds: u64, url: Url) -> Option<Soft> {
    Some(Soft { kind, seconds, method: Method::GET, url, body: None })
}

/// The only form of the page, when nothing is to be filled in and a script submits it.
fn form(all: &[Tag], page: &[u8], base: &Url) -> Option<Soft> {
    let forms: Vec<&Tag> = all.iter().filter(|tag| tag.is("form")).collect();
    let [form] = forms.as_slice() else { return None };
    let multipart = form.get("enctype").is_some_and(|kind| !kind.eq_ignore_ascii_case(FORM));
    if multipart || !onward::is_hidden(all) || !onward::submits(all, page) {
        return None;
    }
    let mut url = base.join(form.get("action").unwrap_or_default()).ok()?;
    let hidden = |tag: &&Tag| {
        tag.is("input") && tag.get("type").is_some_and(|kind| kind.eq_ignore_ascii_case("hidden"))
    };
    let fields = all.iter().filter(hidden).filter_map(|tag| Some((tag.get("name")?, tag)));
    let pairs = fields.map(|(name, tag)| (name, tag.get("value").unwrap_or_default()));
    let encoded =
        form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs.take(FIELDS)).finish();
    let posts = form.get("method").is_some_and(|method| method.eq_ignore_ascii_case("post"));
    if !posts {
        // HTML, "mutate action URL": the fields take the place of the query
        url.set_query(Some(&encoded));
        return get(SoftKind::Form, 0, url);
    }
    Some(Soft { kind: SoftKind::Form, seconds: 0, method: Method::POST, url, body: Some(encoded) })
}
