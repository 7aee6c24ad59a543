//! TOML suites: variables, environments, credentials, defaults and checks; the format is in `assets/check.md`.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use toml::de::DeTable;

use super::expectation::{Expect, read};
use super::fault::Fault;
use super::reader::{Layers, Source, Table, Value};
use super::request;
use super::variables::{Environment, Variables};
use super::{Place, Row, Setup};
use crate::domain::client::Client;
use crate::domain::finding::Severity;
use crate::domain::nearest::hint;

const KEYS: &[&str] = &["variables", "env", "credentials", "defaults", "check"];

/// What a check takes beside the parts of its request.
const CHECK_KEYS: &[&str] = &["name", "clients", "with", "fail-on", "skip", "expect"];

const FAIL_ON: &[(&str, Option<Severity>)] = &[
    ("error", Some(Severity::Error)),
    ("warning", Some(Severity::Warning)),
    ("info", Some(Severity::Info)),
    ("hint", Some(Severity::Hint)),
    ("never", None),
];

/// The rows of a suite, in the order of the file; or everything that is wrong with it.
pub fn parse(file: &str, text: &str, setup: &Setup<'_>) -> Result<Vec<Row>, Vec<Fault>> {
    let document = DeTable::parse(text).map_err(|error| vec![syntax(file, text, &error)])?;
    let faults = RefCell::new(Vec::new());
    let (named, elsewhere) = (BTreeMap::new(), BTreeMap::new());
    let variables = Variables { named: &named, process: setup.process, elsewhere: &elsewhere };
    let bare = Source { file, text, variables, faults: &faults };
    let root = Table::root(&bare, document.get_ref());
    root.only(&[KEYS]);
    let (named, elsewhere) = variables_of(&root, setup.environment, setup.variables);
    let variables = Variables { named: &named, process: setup.process, elsewhere: &elsewhere };
    let source = Source { file, text, variables, faults: &faults };
    let rows = rows(&Table::root(&source, document.get_ref()), setup);
    let mut faults = faults.into_inner();
    faults.sort();
    faults.dedup();
    if faults.is_empty() { Ok(rows) } else { Err(faults) }
}

/// What the variables of a suite stand for; those that stand for nothing are left out.
pub fn variables(
    text: &str,
    environment: Option<&str>,
    given: &[(String, String)],
    process: Environment<'_>,
) -> BTreeMap<String, String> {
    let Ok(document) = DeTable::parse(text) else { return BTreeMap::new() };
    let faults = RefCell::new(Vec::new());
    let nothing = BTreeMap::new();
    let elsewhere = BTreeMap::new();
    let bare = Variables { named: &nothing, process, elsewhere: &elsewhere };
    let source = Source { file: "", text, variables: bare, faults: &faults };
    let root = Table::root(&source, document.get_ref());
    let (named, elsewhere) = variables_of(&root, environment, given);
    let variables = Variables { named: &named, process, elsewhere: &elsewhere };
    let filled =
        |(name, value): (&String, &String)| Some((name.clone(), variables.fill(value).ok()?));
    named.iter().filter_map(filled).collect()
}

fn syntax(file: &str, text: &str, error: &toml::de::Error) -> Fault {
    let message = error.message().replace('\n', "; ");
    Fault::at(file, text, error.span().unwrap_or(0..0), message)
}

type Named = BTreeMap<String, String>;

/// The variables in force, and those that some environment sets that was not chosen.
fn variables_of(
    root: &Table<'_>,
    environment: Option<&str>,
    given: &[(String, String)],
) -> (Named, BTreeMap<String, Vec<String>>) {
    let mut named = Named::new();
    let mut elsewhere = BTreeMap::<String, Vec<String>>::new();
    take_variables(root.get("variables"), &mut named);
    let environments = root.get("env").and_then(|of| of.table());
    if let Some(environments) = &environments {
        let all = environments.entries();
        for of in &all {
            let mut own = Named::new();
            take_variables(Some(of.clone()), &mut own);
            if environment == Some(of.name) {
                named.append(&mut own);
            } else {
                own.into_keys()
                    .for_each(|key| elsewhere.entry(key).or_default().push(of.name.to_owned()));
            }
        }
        let known = all.iter().map(|of| of.name);
        if let Some(chosen) = environment
            && !all.iter().any(|of| of.name == chosen)
        {
            let near = hint(chosen, known);
            let message = format!("there is no [env.{chosen}]{near}");
            environments.source.fault::<()>(environments.span.clone(), message);
        }
    }
    named.extend(given.iter().cloned());
    (named, elsewhere)
}

fn take_variables(of: Option<Value<'_>>, named: &mut Named) {
    let Some(table) = of.and_then(|of| of.table()) else { return };
    for of in table.entries() {
        // filled in when they are used
        let value = match of.kind() {
            super::reader::Kind::Text => of.raw_text().map(str::to_owned),
            _ => of.json().map(|value| value.to_string()),
        };
        named.extend(value.map(|value| (of.name.to_owned(), value)));
    }
}

fn rows(root: &Table<'_>, setup: &Setup<'_>) -> Vec<Row> {
    let defaults = root.get("defaults").and_then(|of| of.table());
    if let Some(defaults) = &defaults {
        defaults.only(&[request::KEYS, CHECK_KEYS]);
    }
    let credentials = root.get("credentials").and_then(|of| of.table());
    let named = credentials.as_ref().map_or_else(Vec::new, Table::entries);
    for table in named.iter().filter_map(Value::table) {
        table.only(&[request::KEYS]);
    }
    let file: Arc<str> = root.source.file.into();
    let mut all = Vec::new();
    let checks = root.get("check").map_or_else(Vec::new, |of| of.list());
    if checks.is_empty() {
        root.source.fault::<()>(0..0, "there is no [[check]] in this file");
    }
    for (at, value) in checks.iter().enumerate() {
        let Some(table) = value.table() else { continue };
        table.only(&[request::KEYS, CHECK_KEYS]);
        let mut layers = vec![table.clone()];
        layers.extend(defaults.clone());
        let place = Place { file: Arc::clone(&file), line: table.source.place(table.span.start).0 };
        let check = Check { number: at + 1, place, layers: Layers(layers), credentials: &named };
        all.extend(check.rows(&table, setup));
    }
    all
}

/// One `[[check]]`.
struct Check<'a, 'b> {
    number: usize,
    place: Place,
    layers: Layers<'a>,
    credentials: &'b [Value<'a>],
}

impl<'a> Check<'a, '_> {
    /// A row for every client and credentials.
    fn rows(&self, table: &Table<'a>, setup: &Setup<'_>) -> Vec<Row> {
        let clients = self.clients(setup);
        let with = self.with();
        self.known_variants(&clients, &with);
        if self.layers.get("url").is_none() {
            table.source.fault::<()>(table.span.clone(), "a check needs a url");
            return Vec::new();
        }
        if clients.is_empty() || with.is_empty() {
            // for the faults in it
            self.expect(None, None);
        }
        let mut rows = Vec::new();
        for (client, client_named) in &clients {
            for with in &with {
                rows.extend(self.row((client, *client_named), with.as_deref(), setup));
            }
        }
        rows
    }

    fn row(
        &self,
        (client, client_named): (&Arc<Client>, bool),
        with: Option<&str>,
        setup: &Setup<'_>,
    ) -> Option<Row> {
        let mut layers = self.layers.clone();
        let credentials = self.credentials.iter().find(|of| Some(of.name) == with);
        if let Some(credentials) = credentials.and_then(Value::table) {
            layers.0.insert(0, credentials);
        }
        let expect = self.expect(client_named.then_some(client.name.as_str()), with);
        let draft = request::draft(&layers, setup)?;
        let skip = self.layers.get("skip").and_then(|of| of.text());
        let name = self.layers.get("name").and_then(|of| of.text());
        let fail_on = self.layers.get("fail-on").map(|of| of.choice(FAIL_ON));
        Some(Row {
            place: self.place.clone(),
            name: name.unwrap_or_else(|| format!("check {}", self.number)),
            client_named,
            with: with.map(str::to_owned),
            draft,
            client: Arc::clone(client),
            limits: request::limits(&layers, setup.limits),
            max_time: layers.get("timeout").and_then(|of| of.duration()).or(setup.max_time),
            expect: Arc::new(expect),
            fail_on: fail_on.flatten().unwrap_or(setup.fail_on),
            skip,
        })
    }

    /// What is expected of this client with these credentials: the most special table first.
    fn expect(&self, client: Option<&str>, with: Option<&str>) -> Expect {
        let expect = self.layers.inner("expect");
        let mut layers = Vec::new();
        for (kind, name) in [("with", with), ("as", client)] {
            let Some(name) = name else { continue };
            layers.extend(expect.inner(kind).inner(name).0);
        }
        layers.extend(expect.0);
        read::expect(&Layers(layers))
    }

    fn clients(&self, setup: &Setup<'_>) -> Vec<(Arc<Client>, bool)> {
        let Some(of) = self.layers.get("clients") else {
            return vec![(Arc::clone(setup.client), false)];
        };
        let named = of.list().into_iter().filter_map(|item| {
            let name = item.text()?;
            let client = Client::named(&name);
            let client = client.or_else(|| {
                let near = hint(&name, Client::names());
                let all: Vec<&str> = Client::names().collect();
                let all = if near.is_empty() { format!(": {}", all.join(", ")) } else { near };
                item.expected(format!("a client, not \"{name}\"{all}"))
            })?;
            Some((Arc::new(client), true))
        });
        named.collect()
    }

    fn with(&self) -> Vec<Option<String>> {
        let Some(of) = self.layers.get("with") else { return vec![None] };
        let named = of.list().into_iter().filter_map(|item| {
            let name = item.text()?;
            if self.credentials.iter().any(|of| of.name == name) {
                return Some(Some(name));
            }
            let near = hint(&name, self.credentials.iter().map(|of| of.name));
            item.expected(format!("credentials: there is no [credentials.{name}]{near}"))
        });
        named.collect()
    }

    /// `expect` and what it says of some clients and credentials hold no other names.
    fn known_variants(&self, clients: &[(Arc<Client>, bool)], with: &[Option<String>]) {
        let expect = self.layers.inner("expect");
        expect.0.iter().for_each(|table| table.only(&[read::KEYS, &["with", "as"]]));
        let clients: Vec<&str> = clients.iter().map(|(client, _)| client.name.as_str()).collect();
        let with: Vec<&str> = with.iter().flatten().map(String::as_str).collect();
        for (kind, names) in [("as", &clients), ("with", &with)] {
            for table in expect.inner(kind).0 {
                table.only(&[names]);
                for inner in table.entries().iter().filter_map(Value::table) {
                    inner.only(&[read::KEYS]);
                }
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests;
