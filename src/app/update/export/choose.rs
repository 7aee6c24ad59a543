//! Copies of which there can be several: header lines, cookies, findings. What the rows say, and what each copies.
//!
//! All of it is escaped: rows are drawn, and texts go to the clipboard.

use crate::app::message::CopyItem;
use crate::app::model::{Model, Session};
use crate::app::page::explain;
use crate::domain::chain::Hop;
use crate::domain::escape::escape;
use crate::domain::finding::Finding;
use crate::domain::http::field::{Field, Fields};

/// What the list is called, and its rows; `None` for what there is only one of.
pub(super) fn rows(model: &Model, item: CopyItem) -> Option<(&'static str, Vec<(String, String)>)> {
    let session = model.session.as_ref()?;
    let hop = session.chain.hops.get(session.selected);
    match item {
        CopyItem::HeaderLine => Some(("header line", hop.map(header_lines).unwrap_or_default())),
        CopyItem::Cookie => Some(("cookie", hop.map(cookies).unwrap_or_default())),
        CopyItem::Finding => Some(("finding", findings(session, hop))),
        CopyItem::CurlHop
        | CopyItem::CurlChain
        | CopyItem::Url
        | CopyItem::Location
        | CopyItem::ResponseHead
        | CopyItem::RequestHead
        | CopyItem::Body
        | CopyItem::Path
        | CopyItem::Markdown
        | CopyItem::Json => None,
    }
}

/// Those of the response, then those that were sent.
fn header_lines(hop: &Hop) -> Vec<(String, String)> {
    let line = |field: &Field| format!("{}: {}", escape(&field.name), escape(&field.text()));
    let received = hop.exchange.fields().iter().map(|field| (line(field), line(field)));
    let sent = hop.request.fields.iter();
    received.chain(sent.map(|field| (format!("sent  {}", line(field)), line(field)))).collect()
}

/// `name=value`: those that were set, then those that were sent.
fn cookies(hop: &Hop) -> Vec<(String, String)> {
    let lines = |fields: &Fields, name: &str| -> Vec<String> {
        fields.iter().filter(|field| field.is(name)).map(Field::text).collect()
    };
    let mut rows = Vec::new();
    for line in lines(hop.exchange.fields(), "Set-Cookie") {
        let pair = escape(line.split(';').next().unwrap_or_default().trim()).into_owned();
        rows.push((format!("set   {pair}"), pair));
    }
    for line in lines(&hop.request.fields, "Cookie") {
        for pair in line.split(';').map(str::trim).filter(|pair| !pair.is_empty()) {
            let pair = escape(pair).into_owned();
            rows.push((format!("sent  {pair}"), pair));
        }
    }
    rows
}

/// The findings of the hop, else all of them, as their explanations have them.
fn findings(session: &Session, hop: Option<&Hop>) -> Vec<(String, String)> {
    let here = |finding: &&Finding| hop.is_none_or(|hop| finding.hop == Some(hop.index));
    let mut chosen: Vec<&Finding> = session.findings.iter().filter(here).collect();
    if chosen.is_empty() {
        chosen = session.findings.iter().collect();
    }
    let row = |finding: &Finding| {
        let lines = explain::lines(Some(session), finding, 92);
        let text: Vec<_> = lines.iter().map(|line| line.text().trim_end().to_owned()).collect();
        let label = format!("{} {}", finding.severity.badge(), finding.rule);
        (label, format!("{} ({})\n{}\n", finding.rule, finding.severity.id(), text.join("\n")))
    };
    chosen.into_iter().map(row).collect()
}
