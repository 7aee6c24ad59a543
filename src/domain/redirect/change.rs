//! Changes: every difference between a request and the next.

use crate::domain::http::field::Fields;
use crate::domain::http::request::Request;

use super::Change;

/// Names that say nothing by themselves: `Host` follows the target, the framing follows the body.
const IMPLIED: [&str; 3] = ["Host", "Content-Length", "Transfer-Encoding"];

/// Method, body, then fields in the order of the old request, then new ones.
pub(super) fn between(from: &Request, to: &Request) -> Vec<Change> {
    let mut changes = Vec::new();
    if from.method != to.method {
        let (from, to) = (from.method.to_string(), to.method.to_string());
        changes.push(Change::Method { from, to });
    }
    if from.body_len() > 0 && to.body_len() == 0 {
        changes.push(Change::BodyDropped { size: from.body_len() });
    }
    if from.fields.are(&to.fields) {
        return changes;
    }
    for name in names(&from.fields) {
        if !to.fields.contains(name) {
            changes.push(Change::HeaderRemoved { name: name.to_owned() });
        } else if !to.fields.all(name).map(|f| &f.value).eq(from.fields.all(name).map(|f| &f.value))
        {
            changes.push(Change::HeaderChanged { name: name.to_owned() });
        }
    }
    for name in names(&to.fields).filter(|name| !from.fields.contains(name)) {
        changes.push(Change::HeaderAdded { name: name.to_owned() });
    }
    changes
}

/// Each name once, where it first stands.
fn names(fields: &Fields) -> impl Iterator<Item = &str> {
    fields.iter().enumerate().filter_map(move |(index, field)| {
        let implied = IMPLIED.iter().any(|name| field.is(name));
        let seen = fields.iter().take(index).any(|earlier| earlier.is(&field.name));
        (!implied && !seen).then_some(field.name.as_str())
    })
}
