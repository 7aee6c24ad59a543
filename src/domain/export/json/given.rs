//! What was asked for, before any client's rules touched it: enough to run the chain again.

use serde_json::{Value, json};

use super::super::super::chain::Chain;
use super::super::super::http::request::{Credentials, FieldEdit};
use super::super::curl::switches;
use super::body;

/// The request and the limits as the user gave them.
pub(in super::super) fn given(chain: &Chain, show_body: u64) -> Value {
    let draft = &chain.draft;
    let headers: Vec<Value> = draft.fields.iter().map(edit).collect();
    json!({
        "method": draft.method.as_str(),
        "forced": draft.forced,
        "upload": draft.upload,
        "url": draft.url.as_str(),
        "typed": draft.typed,
        "target": draft.written(),
        "headers": headers,
        "body": body::request(draft.body.as_ref(), show_body),
        "range": draft.range,
        "content_type": draft.content_type,
        "credentials": draft.credentials.as_ref().map(credentials),
        "user_agent": draft.user_agent,
        "referer": draft.referer,
        "cookie": draft.cookie,
        "compressed": draft.compressed,
        "http10": draft.http10,
        "max_hops": chain.limits.max_hops,
        "proto": chain.limits.proto.value(),
        "proto_redir": chain.limits.proto_redir.value(),
        "follow_loops": chain.limits.follow_loops,
        "cookies": chain.limits.cookies,
        "switches": switches(chain).unwrap_or_default(),
    })
}

/// `null` for a line whose default is not sent.
fn edit(of: &FieldEdit) -> Value {
    match of {
        FieldEdit::Set(field) => json!([field.name, field.text()]),
        FieldEdit::Empty(name) => json!([name, ""]),
        FieldEdit::Remove(name) => json!([name, null]),
    }
}

fn credentials(of: &Credentials) -> Value {
    match of {
        Credentials::Basic { user, password } => {
            json!({ "kind": "basic", "user": user, "password": password })
        }
        Credentials::Bearer(token) => json!({ "kind": "bearer", "token": token }),
    }
}
