//! Clients: what the client in charge makes of this response, and by which rule of its own.

use crate::app::model::Session;
use crate::domain::chain::{Hop, Verdict};
use crate::domain::escape::escape;
use crate::domain::finding::Severity;

use super::sheet::Sheet;
use super::{Line, Role, step};

pub fn lines(session: &Session, hop: &Hop, width: u16) -> Vec<Line> {
    let mut sheet = Sheet::new(width);
    let client = &session.chain.client;
    let name = escape(&client.name);
    let status = hop.status().map_or("no status".to_owned(), |status| status.to_string());
    let body = if hop.request.body_len() > 0 { " with a body" } else { "" };
    let title =
        format!("{status} after {}{body}: what {name} sends next", hop.request.method.as_str());
    sheet.heading(&title);
    match hop.verdict {
        Verdict::Failed => sheet.prose(2, &[(Role::Dim, "there is no response to decide on")]),
        Verdict::Final => sheet.prose(2, &[(Role::Plain, "nothing: this is the final response")]),
        Verdict::Stop(reason) => {
            let text = format!("nothing: {}", reason.sentence());
            sheet.prose(2, &[(Role::Severity(Severity::Warning), text)]);
        }
        Verdict::Follow => {
            if let Some((next, changes)) = step::after(session, hop.index) {
                let request = format!("{} {}", next.method.as_str(), next.display_url());
                sheet.prose(2, &[(Role::Strong, escape(&request))]);
                for word in step::changes(&hop.request, next, changes) {
                    sheet.prose(4, &[word]);
                }
            }
        }
    }
    sheet.gap();
    sheet.prose(0, &[(Role::Key, "a"), (Role::Dim, " lets another client decide from here on")]);
    sheet.finish()
}
