//! The tables of `assets/` as static values without references: each of those would be filled in by the loader at each start,
//! page by page, and reading the tables when they are first asked for would take a short trace a tenth of its time.
//!
//! What comes out is taken in by `src/domain/classify/table.rs`, whose types it names; what those don't know fails to compile.

use std::collections::HashMap;
use std::fmt::Write as _;

use super::tables::{Section, sections};

/// What the values are made of: one text, and lists that point into it and into each other.
#[derive(Default)]
struct Pool {
    text: String,
    places: HashMap<String, usize>,
    words: Vec<String>,
    numbers: Vec<String>,
    relations: Vec<String>,
    kinds: Vec<String>,
    lines: Vec<String>,
    conditions: Vec<String>,
    signs: Vec<String>,
    fingerprints: Vec<String>,
    entries: Vec<String>,
}

/// The conditions that a glance mostly refuses: they are asked first.
const QUICK: [&str; 12] = [
    "status",
    "method",
    "base-scheme",
    "next-status",
    "base-segment",
    "next-segment",
    "base-word",
    "next-word",
    "next-params",
    "next-params-any",
    "new-params",
    "relation",
];

/// The items that hold the three tables.
pub(crate) fn items(intents: &str, issuers: &str, fixes: &str) -> String {
    let mut pool = Pool::default();
    let intents = pool.intents(&sections(intents));
    let issuers: Vec<String> = sections(issuers).iter().map(|of| pool.issuer(of)).collect();
    let fixes: Vec<String> = sections(fixes).iter().map(|of| pool.fix(of)).collect();
    let mut code = format!("const TEXT: &str = {:?};\n", pool.text);
    for (name, of, items) in [
        ("WORDS", "Text", &pool.words),
        ("ENTRIES", "Entry", &pool.entries),
        ("NUMBERS", "u16", &pool.numbers),
        ("RELATIONS", "Relation", &pool.relations),
        ("KINDS", "Kind", &pool.kinds),
        ("LINES", "Line", &pool.lines),
        ("CONDITIONS", "Condition", &pool.conditions),
        ("SIGNS", "intent::Sign", &pool.signs),
        ("FINGERPRINTS", "issuer::Sign", &pool.fingerprints),
        ("INTENTS", "intent::Row", &intents),
        ("ISSUERS", "issuer::Row", &issuers),
        ("FIXES", "Fix", &fixes),
    ] {
        let (count, items) = (items.len(), items.join(",\n    "));
        let _ = writeln!(code, "pub(super) static {name}: [{of}; {count}] = [\n    {items}\n];");
    }
    code
}

impl Pool {
    /// A row each; its signs stand in sections of their own behind it.
    fn intents(&mut self, sections: &[Section<'_>]) -> Vec<String> {
        let mut rows = Vec::new();
        for (at, section) in sections.iter().enumerate().filter(|(_, of)| of.name == "intent") {
            let own = sections[at + 1..].iter().take_while(|of| of.name != "intent");
            let own: Vec<&Section<'_>> = own.collect();
            let [strong, supporting, against] = ["strong", "supporting", "against"].map(|kind| {
                let named = format!("intent.{kind}");
                let of_kind = own.iter().filter(|of| of.name == named);
                let signs: Vec<String> = of_kind.map(|of| self.sign(of)).collect();
                span(&mut self.signs, signs)
            });
            let (kind, expected) = (variant(section.text("id")), section.list("expected"));
            let (summary, effect) = (section.text("summary"), section.text("effect"));
            rows.push(format!(
                "intent::Row {{ kind: Kind::{kind}, summary: {summary:?}, effect: {effect:?}, \
                 expected_status: &[{}], strong: {strong}, supporting: {supporting}, against: {against} }}",
                expected.join(", ")
            ));
        }
        rows
    }

    fn sign(&mut self, section: &Section<'_>) -> String {
        let conditions = section.entries.iter().filter(|(key, _)| !matches!(*key, "says" | "sure"));
        let mut conditions: Vec<_> = conditions.collect();
        conditions
            .sort_by_key(|(key, _)| QUICK.iter().position(|own| own == key).unwrap_or(QUICK.len()));
        let conditions = conditions.into_iter();
        let conditions = conditions.map(|(key, values)| self.condition(key, values)).collect();
        let conditions = span(&mut self.conditions, conditions);
        let sure = match section.text("sure") {
            "" => "High".to_owned(),
            sure => variant(sure),
        };
        let says = self.text(section.text("says"));
        format!("intent::Sign::new({says}, Likelihood::{sure}, {conditions})")
    }

    fn condition(&mut self, key: &str, values: &[&str]) -> String {
        let named = |of: &str| values.iter().map(|v| format!("{of}::{}", variant(v))).collect();
        let what = match key {
            "short-link" | "no-body" => return format!("Condition::{}", variant(key)),
            "base-scheme" => self.text(values[0]),
            "status" | "next-status" => {
                span(&mut self.numbers, values.iter().map(|value| (*value).to_owned()).collect())
            }
            "relation" => span(&mut self.relations, named("Relation")),
            "earlier" => span(&mut self.kinds, named("Kind")),
            "field" | "next-field" => {
                let lines = values.iter().map(|line| self.line(line)).collect();
                span(&mut self.lines, lines)
            }
            "next-segment" | "base-segment" | "next-word" | "base-word" | "next-params"
            | "next-params-any" | "new-params" => format!("Names::of({})", self.words(values)),
            _ => self.words(values),
        };
        format!("Condition::{}({what})", variant(key))
    }

    /// `Name: pattern`
    fn line(&mut self, line: &str) -> String {
        let (name, value) = line.split_once(':').unwrap_or((line, "*"));
        let (name, value) = (self.text(name), self.text(value.trim()));
        format!("Line {{ name: {name}, value: {value} }}")
    }

    fn issuer(&mut self, section: &Section<'_>) -> String {
        let [strong, weak] = ["strong", "weak"].map(|key| {
            let signs = section.list(key).iter().filter_map(|text| self.fingerprint(text));
            let signs = signs.collect();
            span(&mut self.fingerprints, signs)
        });
        let all = section.list("weak").iter().chain(section.list("strong"));
        let absent: Vec<&str> = all.filter_map(|text| text.strip_prefix("not header ")).collect();
        let absent = self.words(&absent);
        let [id, name, layer, note, check] =
            ["id", "name", "layer", "note", "check"].map(|key| section.text(key));
        format!(
            "issuer::Row {{ id: {id:?}, name: {name:?}, layer: {layer:?}, note: {note:?}, check: {check:?}, \
             strong: {strong}, weak: {weak}, absent: {absent} }}"
        )
    }

    /// `None` for what must not be there.
    fn fingerprint(&mut self, text: &str) -> Option<String> {
        let (part, pattern) = text.split_once(' ').unwrap_or((text, ""));
        Some(match part {
            "not" => return None,
            "header" => {
                let (name, value) = pattern.split_once(": ").unwrap_or((pattern, "*"));
                let (start, starts) =
                    name.split_once('*').map_or((name, false), |(s, _)| (s, true));
                let (name, value) = (self.text(start), self.text(value));
                format!("issuer::Sign::header({name}, {starts}, {value})")
            }
            part => format!("issuer::Sign::{part}({})", self.text(pattern)),
        })
    }

    fn fix(&mut self, section: &Section<'_>) -> String {
        let own = |key: &str| matches!(key, "id" | "title" | "rules");
        let examples = section.entries.iter().filter(|(key, _)| !own(key));
        let examples = examples.map(|(key, values)| {
            let (key, values) = (self.text(key), self.words(values));
            format!("Entry {{ key: {key}, values: {values} }}")
        });
        let examples = examples.collect();
        let examples = span(&mut self.entries, examples);
        let (rules, id, title) =
            (self.words(section.list("rules")), section.text("id"), section.text("title"));
        format!("Fix {{ id: {id:?}, title: {title:?}, rules: {rules}, examples: {examples} }}")
    }

    /// A stretch of the text; the same for the same words.
    fn text(&mut self, text: &str) -> String {
        let place = self.places.get(text).copied().unwrap_or_else(|| {
            let place = self.text.len();
            self.text.push_str(text);
            self.places.insert(text.to_owned(), place);
            place
        });
        format!("Text::at({place}, {})", text.len())
    }

    fn words(&mut self, values: &[&str]) -> String {
        let texts = values.iter().map(|value| self.text(value)).collect();
        format!("Words({})", span(&mut self.words, texts))
    }
}

/// Puts items behind those that are there and says where they stand.
fn span(all: &mut Vec<String>, items: Vec<String>) -> String {
    let (start, length) = (all.len(), items.len());
    all.extend(items);
    format!("Span::at({start}, {length})")
}

/// `post-redirect-get` as Rust writes it: `PostRedirectGet`.
fn variant(name: &str) -> String {
    let words = name.split('-').filter_map(|word| {
        let (first, rest) = word.split_at_checked(1)?;
        Some(first.to_ascii_uppercase() + rest)
    });
    words.collect()
}
