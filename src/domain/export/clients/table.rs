//! The table of client profiles: what each is, what sets it apart, where that is known from.

use serde_json::{Value, json};

use super::super::super::client::Client;
use super::super::json::pretty;
use super::super::markdown::{cell, plain};
use super::super::text::paint::{Page, Style};
use super::Form;

/// A row a client.
pub fn table(form: Form) -> String {
    match form {
        Form::Text { colour } => text(colour),
        Form::Json => {
            let clients: Vec<Value> = Client::all().iter().map(entry).collect();
            pretty(&json!({ "schema": "hopstep.client-table/1", "clients": clients }))
        }
        Form::Markdown => markdown(),
    }
}

fn text(colour: bool) -> String {
    let mut page = Page::new(colour);
    for client in Client::all() {
        let name = format!("{:<17} ", client.name);
        page.line(0, &[(Style::Strong, &name), (Style::Dim, &client.version)]);
        for sentence in client.traits() {
            page.line(18, &[(Style::Plain, &sentence)]);
        }
    }
    page.finish()
}

fn entry(client: &Client) -> Value {
    json!({
        "name": client.name,
        "version": client.version,
        "traits": client.traits(),
        "evidence": client.evidence,
    })
}

fn markdown() -> String {
    let mut out =
        vec!["| client | version | what sets it apart |".to_owned(), "|---|---|---|".to_owned()];
    for client in Client::all() {
        let traits: Vec<String> = client.traits().iter().map(|told| plain(told)).collect();
        let cells = [plain(&client.name), plain(&client.version), traits.join("<br>")];
        let cells: Vec<String> = cells.iter().map(|markup| cell(markup)).collect();
        out.push(format!("| {} |", cells.join(" | ")));
    }
    out.join("\n") + "\n"
}
