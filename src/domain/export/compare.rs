//! Variants of a chain side by side, as `hopstep compare` prints them: for eyes, for programs, for an issue.
//!
//! Promises: everything that came from outside is escaped in the way of its format; with a redactor no secret is printed.

use serde_json::{Value, json};
use time::OffsetDateTime;

use super::super::chain::Chain;
use super::super::comparison::hosts::Hosts;
use super::super::comparison::review::{Entry, Review, Weight, review};
use super::super::escape::escape;
use super::super::redact::Redactor;
use super::super::secret::Names;
use super::super::text::fit_middle;
use super::clients::Form;
use super::json::{outcome, pretty, timestamp};
use super::markdown::{cell, code, plain};
use super::words;

/// Longer values are cut in the middle, where people read them.
const LONGEST: usize = 160;

/// One chain that was run, and what it is called.
#[derive(Clone, Debug)]
pub struct Variant {
    pub name: String,
    pub chain: Chain,
}

/// What the formats are made from. The first variant is what the others are compared with.
#[derive(Debug)]
pub struct Report<'a> {
    pub variants: &'a [Variant],
    pub hosts: &'a Hosts,
    pub redact: Option<&'a Names>,
    pub started_at: OffsetDateTime,
}

/// A variant beside the first one.
struct Beside<'a> {
    variant: &'a Variant,
    name: String,
    review: Review,
}

/// The whole document, with a line break at its end.
pub fn document(report: &Report<'_>, form: Form) -> String {
    match form {
        Form::Text { .. } => escaped_lines(&text(report)),
        Form::Json => pretty(&json_value(report)),
        Form::Markdown => markdown(report),
    }
}

impl Report<'_> {
    fn others(&self) -> Vec<Beside<'_>> {
        let Some((first, others)) = self.variants.split_first() else { return Vec::new() };
        let beside = |variant| self.beside(first, variant);
        others.iter().map(beside).collect()
    }

    fn beside<'a>(&self, first: &Variant, variant: &'a Variant) -> Beside<'a> {
        let mut review = review(&first.chain, &variant.chain, self.hosts);
        if let Some(names) = self.redact {
            let redactors =
                [&first.chain, &variant.chain].map(|chain| Redactor::of(chain, names.clone()));
            for entry in review.entries.iter_mut().chain(&mut review.parted) {
                entry.left = masked(entry, entry.left.as_deref(), &redactors);
                entry.right = masked(entry, entry.right.as_deref(), &redactors);
            }
        }
        Beside { variant, name: self.name(variant), review }
    }

    /// The chain as it may be shown.
    fn shown(&self, chain: &Chain) -> Chain {
        match self.redact {
            Some(names) => Redactor::of(chain, names.clone()).chain(chain),
            None => chain.clone(),
        }
    }

    /// A variant's name may hold a URL.
    fn name(&self, variant: &Variant) -> String {
        match self.redact {
            Some(names) => Redactor::of(&variant.chain, names.clone()).text(&variant.name),
            None => variant.name.clone(),
        }
    }

    fn leader(&self) -> String {
        self.variants.first().map_or_else(String::new, |first| self.name(first))
    }
}

/// What one chain shows to be a secret is one in the other, too.
fn masked(entry: &Entry, value: Option<&str>, redactors: &[Redactor; 2]) -> Option<String> {
    let mut value = value?.to_owned();
    for redactor in redactors {
        value = match &entry.field {
            Some(name) => String::from_utf8_lossy(&redactor.value(name, value.as_bytes())).into(),
            None => redactor.text(&value),
        };
    }
    Some(value)
}

/// `POST → 3 hops, ends with 200 OK at …`
fn way(chain: &Chain) -> String {
    let hops = chain.hops.len();
    let at = chain.hops.last().map_or_else(String::new, |hop| {
        format!("{} {}", hop.request.method, cut(&hop.request.display_url()))
    });
    let plural = if hops == 1 { "" } else { "s" };
    let time = words::milliseconds(chain.elapsed());
    format!("{} · {at} · {hops} hop{plural} · {time}", words::ending(chain))
}

fn cut(text: &str) -> String {
    fit_middle(&escape(text), LONGEST).into_owned()
}

/// `java parts from curl at hop 3, after the 302 of hop 2: method: POST, not GET`
fn verdict(beside: &Beside<'_>, leader: &str) -> String {
    let name = &beside.name;
    let Some(entry) = &beside.review.parted else {
        return format!("{name} agrees with {leader}");
    };
    let hop = entry.hops.1.or(entry.hops.0).unwrap_or(1);
    let before = after(entry, beside);
    let before = before
        .map_or_else(String::new, |(hop, status)| format!(", after the {status} of hop {hop}"));
    format!("{name} parts from {leader} at hop {hop}{before}: {}", said(entry))
}

/// The redirect that led to where the chains part, where it led to a request.
fn after(entry: &Entry, beside: &Beside<'_>) -> Option<(usize, u16)> {
    let before = entry.hops.1?.checked_sub(1).filter(|hop| *hop > 0)?;
    let answered = matches!(entry.what.as_str(), "status" | "Location" | "failure" | "ending");
    let status = beside.variant.chain.hops.get(before - 1)?.status()?;
    (!answered).then_some((before, status))
}

/// `method: POST, not GET`
fn said(entry: &Entry) -> String {
    let value = |value: &Option<String>| cut(value.as_deref().unwrap_or("none"));
    format!("{}: {}, not {}", entry.what, value(&entry.right), value(&entry.left))
}

fn place(entry: &Entry) -> String {
    match entry.hops {
        (Some(left), Some(right)) if left != right => format!("hop {right} ({left})"),
        (_, Some(hop)) => format!("hop {hop}"),
        (Some(hop), None) => format!("hop ({hop})"),
        (None, None) => "end".to_owned(),
    }
}

fn text(report: &Report<'_>) -> Vec<String> {
    let leader = report.leader();
    let mut lines: Vec<String> = Vec::new();
    for variant in report.variants {
        lines.push(format!("{}: {}", report.name(variant), way(&report.shown(&variant.chain))));
    }
    for beside in report.others() {
        let mark = if beside.review.parted.is_some() { "▲" } else { "✔" };
        lines.push(String::new());
        lines.push(format!("{mark} {}", verdict(&beside, &leader)));
        for (weight, entries) in grouped(&beside.review) {
            lines.push(format!("  {}", weight.id()));
            lines.extend(entries.iter().map(|entry| {
                let asked = if entry.asked { " (as asked for)" } else { "" };
                format!("    {}: {}{asked}", place(entry), said(entry))
            }));
        }
    }
    lines
}

/// Lines end only where ours do.
fn escaped_lines(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{}\n", escape(line))).collect()
}

/// The differences, group by group; those of any two exchanges only in JSON.
fn grouped(review: &Review) -> Vec<(Weight, Vec<&Entry>)> {
    let weights = Weight::ALL.into_iter().filter(|weight| *weight != Weight::Times);
    weights
        .map(|weight| (weight, review.entries.iter().filter(|of| of.weight == weight).collect()))
        .filter(|(_, entries): &(Weight, Vec<&Entry>)| !entries.is_empty())
        .collect()
}

fn markdown(report: &Report<'_>) -> String {
    let leader = report.leader();
    let mut out = vec!["| variant | ends with |".to_owned(), "|---|---|".to_owned()];
    for variant in report.variants {
        let (name, way) = (code(&report.name(variant)), code(&way(&report.shown(&variant.chain))));
        out.push(format!("| {} | {} |", cell(&name), cell(&way)));
    }
    for beside in report.others() {
        out.push(format!("\n**{}**\n", plain(&verdict(&beside, &leader))));
        for (weight, entries) in grouped(&beside.review) {
            out.push(format!("- {}", weight.id()));
            let line = |entry: &&Entry| format!("  - {}: {}", place(entry), code(&said(entry)));
            out.extend(entries.iter().map(line));
        }
    }
    out.push(String::new());
    out.join("\n")
}

fn json_value(report: &Report<'_>) -> Value {
    json!({
        "schema": "hopstep.compare/1",
        "started_at": timestamp(report.started_at),
        "reference": report.leader(),
        "hosts": report.hosts.iter().map(|(old, new)| json!([old, new])).collect::<Vec<_>>(),
        "variants": report.variants.iter().map(|of| variant(report, of)).collect::<Vec<_>>(),
        "comparisons": report.others().iter().map(comparison).collect::<Vec<_>>(),
    })
}

fn variant(report: &Report<'_>, of: &Variant) -> Value {
    let chain = report.shown(&of.chain);
    let hops = chain.hops.iter().map(|hop| {
        json!({
            "index": hop.index,
            "method": hop.request.method.as_str(),
            "url": hop.request.display_url(),
            "status": hop.status(),
            "ms": hop.exchange.timing.total.as_micros() as f64 / 1000.0,
        })
    });
    json!({
        "name": report.name(of),
        "client": chain.client.name,
        "outcome": outcome(&chain),
        "hops": hops.collect::<Vec<_>>(),
    })
}

fn comparison(beside: &Beside<'_>) -> Value {
    json!({
        "variant": beside.name,
        "agrees": beside.review.parted.is_none(),
        "parted": beside.review.parted.as_ref().map(entry),
        "differences": beside.review.entries.iter().map(entry).collect::<Vec<_>>(),
    })
}

fn entry(of: &Entry) -> Value {
    json!({
        "importance": of.weight.id(),
        "what": of.what,
        "hops": { "reference": of.hops.0, "variant": of.hops.1 },
        "reference": of.left,
        "variant": of.right,
        "asked": of.asked,
    })
}
