//! One file, laid over what is there.

use std::cell::RefCell;
use std::collections::BTreeMap;

use toml::de::DeTable;

use super::{Config, File, Maybe, Origin, Placed};
use crate::domain::check::fault::Fault;
use crate::domain::check::reader::{Source, Table, Value};
use crate::domain::check::variables::Variables;
use crate::domain::client::Client;
use crate::domain::finding::Severity;
use crate::domain::policy::Suppression;
use crate::domain::rules;

const KEYS: &[&str] = &[
    "client",
    "theme",
    "hyperlinks",
    "keymap",
    "keys",
    "history",
    "rules",
    "hosts",
    "secrets",
    "limits",
    "suppress",
];

const SEVERITIES: &[(&str, Option<Severity>)] = &[
    ("error", Some(Severity::Error)),
    ("warning", Some(Severity::Warning)),
    ("info", Some(Severity::Info)),
    ("hint", Some(Severity::Hint)),
    ("off", None),
];

/// Takes in a file; the configuration is of no use after a fault.
pub(super) fn over(config: &mut Config, file: File<'_>) -> Result<(), Vec<Fault>> {
    let File { name, text } = file;
    let document = DeTable::parse(text).map_err(|error| {
        let message = error.message().replace('\n', "; ");
        vec![Fault::at(name, text, error.span().unwrap_or(0..0), message)]
    })?;
    let faults = RefCell::new(Vec::new());
    let (named, elsewhere) = (BTreeMap::new(), BTreeMap::new());
    let variables = Variables { named: &named, process: &|_| None, elsewhere: &elsewhere };
    let source = Source { file: name, text, variables, faults: &faults };
    let root = Table::root(&source, document.get_ref());
    root.only(&[KEYS]);
    top(config, &root);
    inner(&root, "history", &["record", "chains", "days", "secrets"], |of| {
        let history = &mut config.history;
        one(&mut history.record, of.get("record"), Value::boolean);
        one(&mut history.chains, of.get("chains"), Value::number);
        one(&mut history.days, of.get("days"), Value::number);
        one(&mut history.secrets, of.get("secrets"), Value::boolean);
    });
    inner(&root, "hosts", &["first-party", "redirect-targets"], |of| {
        more(&mut config.hosts.first_party, of.get("first-party"), host);
        more(&mut config.hosts.redirect_targets, of.get("redirect-targets"), host);
    });
    inner(&root, "secrets", &["parameters", "headers"], |of| {
        more(&mut config.secrets.parameters, of.get("parameters"), text_of);
        more(&mut config.secrets.headers, of.get("headers"), text_of);
    });
    inner(&root, "limits", &["redirects", "login-redirects", "slow-hop"], |of| {
        let limits = &mut config.limits;
        one(&mut limits.redirects, of.get("redirects"), Value::number);
        one(&mut limits.login_redirects, of.get("login-redirects"), Value::number);
        one(&mut limits.slow_hop, of.get("slow-hop"), Value::duration);
    });
    more(&mut config.suppressions, root.get("suppress"), suppression);
    let mut faults = faults.into_inner();
    faults.sort();
    if faults.is_empty() { Ok(()) } else { Err(faults) }
}

/// `client`, `theme`, `hyperlinks`, `keymap`, `[keys]`, `[rules]`.
fn top(config: &mut Config, root: &Table<'_>) {
    one(&mut config.client, root.get("client"), |of| {
        let names: Vec<(&str, &str)> = Client::names().map(|name| (name, name)).collect();
        of.choice(&names).map(str::to_owned)
    });
    one(&mut config.theme, root.get("theme"), text_of);
    one(&mut config.hyperlinks, root.get("hyperlinks"), Value::boolean);
    one(&mut config.keymap, root.get("keymap"), text_of);
    for of in entries(root, "keys") {
        let keys = of.list().iter().map(text_of).collect();
        if let Some(placed) = placed(&of, keys) {
            config.keys.insert(of.name.to_owned(), placed);
        }
    }
    let ids: Vec<&str> = rules::ALL.iter().map(|rule| rule.id).collect();
    if let Some(table) = root.get("rules").and_then(|of| of.table()) {
        table.only(&[&ids]);
    }
    for of in entries(root, "rules").into_iter().filter(|of| ids.contains(&of.name)) {
        if let Some(placed) = placed(&of, of.choice(SEVERITIES)) {
            config.rules.insert(of.name.to_owned(), placed);
        }
    }
}

fn entries<'a>(root: &Table<'a>, key: &str) -> Vec<Value<'a>> {
    root.get(key).and_then(|of| of.table()).map_or_else(Vec::new, |table| table.entries())
}

fn inner(root: &Table<'_>, key: &str, known: &[&str], take: impl FnOnce(&Table<'_>)) {
    if let Some(table) = root.get(key).and_then(|of| of.table()) {
        table.only(&[known]);
        take(&table);
    }
}

fn one<'a, T>(slot: &mut Maybe<T>, of: Option<Value<'a>>, read: impl Fn(&Value<'a>) -> Option<T>) {
    let Some(of) = of else { return };
    if let Some(placed) = placed(&of, read(&of)) {
        *slot = Some(placed);
    }
}

fn more<'a, T>(
    list: &mut Vec<Placed<T>>,
    of: Option<Value<'a>>,
    read: impl Fn(&Value<'a>) -> Option<T>,
) {
    let items = of.map_or_else(Vec::new, |of| of.list());
    list.extend(items.iter().filter_map(|item| placed(item, read(item))));
}

fn placed<T>(of: &Value<'_>, value: Option<T>) -> Maybe<T> {
    let (line, column) = of.source.place(of.span.start);
    let origin = Origin { file: of.source.file.to_owned(), line, column };
    value.map(|value| Placed { value, origin })
}

fn text_of(of: &Value<'_>) -> Option<String> {
    of.raw_text().map(str::to_owned)
}

/// A host name: no scheme, port or path.
fn host(of: &Value<'_>) -> Option<String> {
    let text = of.raw_text()?;
    let bare = text.strip_prefix("*.").unwrap_or(text).trim_end_matches('.');
    match url::Host::parse(bare) {
        Ok(host) => Some(host.to_string()),
        Err(_) => of.expected(format!("a host name such as \"example.com\", not \"{text}\"")),
    }
}

fn suppression(of: &Value<'_>) -> Option<Suppression> {
    let table = of.table()?;
    table.only(&[&["rule", "url", "reason"]]);
    let rule = required(&table, "rule")?;
    let ids: Vec<(&str, &str)> = rules::ALL.iter().map(|rule| (rule.id, rule.id)).collect();
    let rule = rule.choice(&ids)?.to_owned();
    let url = required(&table, "url")?.raw_text()?.to_owned();
    let reason = required(&table, "reason")?.raw_text()?.to_owned();
    Some(Suppression { rule, url, reason })
}

fn required<'a>(table: &Table<'a>, key: &str) -> Option<Value<'a>> {
    let found = table.get(key);
    if found.is_none() {
        let message = format!("{}: {key} is missing", table.name);
        table.source.fault::<()>(table.span.clone(), message);
    }
    found
}
