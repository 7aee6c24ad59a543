//! What probes will send, before they are sent.

use super::sheet::Sheet;
use super::{Line, Role};
use crate::app::keys::Keys;
use crate::domain::escape::escape;
use crate::domain::http::origin::Origin;
use crate::domain::probe::{self, ProbePlan};

pub fn lines(plans: &[ProbePlan], keys: &Keys, width: u16) -> Vec<Line> {
    let mut sheet = Sheet::new(width);
    let Some(first) = plans.first() else { return sheet.finish() };
    let origin = Origin::of(&first.request.url);
    let text =
        format!("Hop {} is asked again {} times, all of them at {origin}:", first.hop, plans.len());
    sheet.prose(0, &[(Role::Strong, escape(&text))]);
    for line in probe::told(plans) {
        sheet.prose(2, &[(Role::Plain, escape(&line))]);
    }
    sheet.gap();
    let carried = probe::carried(plans);
    let along = match carried.as_slice() {
        [] => String::new(),
        names => format!("{} goes along as before. ", names.join(", ")),
    };
    let text = format!("{along}No body is sent, no redirect followed, no cookie kept.");
    sheet.prose(0, &[(Role::Dim, text)]);
    let answers = [
        (Role::Key, keys.yes.as_str()),
        (Role::Plain, " sends them · "),
        (Role::Key, keys.no.as_str()),
        (Role::Plain, " sends nothing"),
    ];
    sheet.prose(0, &answers);
    sheet.finish()
}
