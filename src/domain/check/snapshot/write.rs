//! A seen chain written into an `expect` table: what holds stays, what does not is replaced, what is not stated is added.

use toml_edit::{Array, InlineTable, Item, Table, TableLike, Value, value};
use url::Url;

use super::stable::{Address, Stable};
use super::{Seen, Where};
use crate::domain::check::expectation::HopExpect;
use crate::domain::check::matcher::Text;
use crate::domain::check::outcome::SeenHop;

/// The table for this place, made where it is not there.
pub(super) fn expect_table<'t>(
    check: &'t mut dyn TableLike,
    place: Where<'_>,
) -> Option<&'t mut dyn TableLike> {
    let expect = inner(check, "expect", false)?;
    match place {
        Where::All => Some(expect),
        Where::With(name) => inner(inner(expect, "with", true)?, name, false),
        Where::As(name) => inner(inner(expect, "as", true)?, name, false),
    }
}

fn inner<'t>(
    table: &'t mut dyn TableLike,
    key: &str,
    implicit: bool,
) -> Option<&'t mut dyn TableLike> {
    let item = table.entry(key).or_insert_with(|| {
        let mut new = Table::new();
        new.set_implicit(implicit);
        Item::Table(new)
    });
    item.as_table_like_mut()
}

/// Whether everything that a snapshot states is stated and holds.
pub(super) fn holds(seen: &Seen, stable: &Stable<'_>) -> bool {
    let (expect, hops) = (&seen.expect, &seen.outcome.hops);
    let counted = expect.hops.is_some_and(|wanted| wanted.holds(count(hops)));
    let told = expect.hop.iter().all(|of| {
        of.at
            .checked_sub(1)
            .and_then(|at| hops.get(at))
            .is_some_and(|hop| drift(of, hop, stable).is_empty())
    });
    let last = hops.last();
    let status =
        expect.status.as_ref().is_none_or(|wanted| wanted.holds(last.and_then(|hop| hop.status)));
    let url = expect
        .url
        .as_ref()
        .is_none_or(|wanted| holds_url(wanted, last.map(|hop| hop.url.as_str())));
    counted && told && status && url && !expect.hop.is_empty() && ends(seen)
}

fn ends(seen: &Seen) -> bool {
    let ending = seen.outcome.ending.as_deref().unwrap_or("final");
    match seen.expect.ending.is_empty() {
        true => ending == "final",
        false => seen.expect.ending.iter().any(|wanted| wanted == ending),
    }
}

/// Writes the chain.
pub(super) fn chain(table: &mut dyn TableLike, seen: &Seen, stable: &Stable<'_>) {
    if holds(seen, stable) {
        return;
    }
    let (expect, hops) = (&seen.expect, &seen.outcome.hops);
    if !expect.hops.is_some_and(|wanted| wanted.holds(count(hops))) {
        set(table, "hops", i64::from(count(hops)).into());
    }
    let last = hops.last();
    if let Some(status) = last.and_then(|hop| hop.status)
        && expect.status.as_ref().is_some_and(|wanted| !wanted.holds(Some(status)))
    {
        set(table, "status", i64::from(status).into());
    }
    if let (Some(wanted), Some(last)) = (&expect.url, last)
        && !holds_url(wanted, Some(&last.url))
    {
        set(table, "url", text(stable.address(&last.url)));
    }
    if !ends(seen) {
        set(table, "ending", seen.outcome.ending.clone().unwrap_or_default().into());
    }
    if expect.hop.is_empty() || !table.contains_key("hop") {
        add_hops(table, hops, stable);
    } else if let Some(stated) = table.get_mut("hop") {
        update_hops(stated, &expect.hop, hops, stable);
    }
}

/// What of a stated hop does not hold: the key and the value seen.
fn drift(of: &HopExpect, hop: &SeenHop, stable: &Stable<'_>) -> Vec<(&'static str, Option<Value>)> {
    let mut all = Vec::new();
    if of.status.as_ref().is_some_and(|wanted| !wanted.holds(hop.status)) {
        all.push(("status", hop.status.map(|status| i64::from(status).into())));
    }
    let location: Vec<String> = hop.location.clone().into_iter().collect();
    if of.location.as_ref().is_some_and(|wanted| !wanted.holds(&location)) {
        all.push(("location", hop.location.as_deref().map(|seen| text(stable.address(seen)))));
    }
    if of.target.as_ref().is_some_and(|wanted| !holds_url(wanted, hop.target.as_deref())) {
        all.push(("target", hop.target.as_deref().map(|seen| text(stable.address(seen)))));
    }
    if of.method.as_ref().is_some_and(|wanted| !wanted.holds(std::slice::from_ref(&hop.method))) {
        all.push(("method", Some(hop.method.clone().into())));
    }
    if of.url.as_ref().is_some_and(|wanted| !holds_url(wanted, Some(&hop.url))) {
        all.push(("url", Some(text(stable.address(&hop.url)))));
    }
    all
}

fn holds_url(wanted: &Text, seen: Option<&str>) -> bool {
    wanted.holds_for(seen.and_then(|seen| Url::parse(seen).ok()).as_ref())
}

fn count(hops: &[SeenHop]) -> u32 {
    u32::try_from(hops.len()).unwrap_or(u32::MAX)
}

/// A list of all hops, one a line.
fn add_hops(table: &mut dyn TableLike, hops: &[SeenHop], stable: &Stable<'_>) {
    let mut list = Array::new();
    for hop in hops {
        let mut value = Value::from(hop_table(hop, stable));
        value.decor_mut().set_prefix("\n    ");
        list.push_formatted(value);
    }
    list.set_trailing("\n");
    list.set_trailing_comma(true);
    table.insert("hop", value(list));
}

fn hop_table(hop: &SeenHop, stable: &Stable<'_>) -> InlineTable {
    let mut table = InlineTable::new();
    if let Some(status) = hop.status {
        table.insert("status", i64::from(status).into());
    }
    if let Some(location) = &hop.location {
        table.insert("location", text(stable.address(location)));
    }
    table
}

/// Replaces what does not hold, takes away hops that are no more, adds those that are new.
fn update_hops(stated: &mut Item, expect: &[HopExpect], hops: &[SeenHop], stable: &Stable<'_>) {
    for (at, of) in expect.iter().enumerate().rev() {
        let Some(hop) = of.at.checked_sub(1).and_then(|at| hops.get(at)) else {
            match stated {
                Item::ArrayOfTables(tables) => drop(tables.remove(at)),
                Item::Value(Value::Array(items)) => drop(items.remove(at)),
                Item::Value(_) | Item::Table(_) | Item::None => {}
            }
            continue;
        };
        let table: Option<&mut dyn TableLike> = match stated {
            Item::ArrayOfTables(tables) => tables.get_mut(at).map(|table| table as _),
            Item::Value(Value::Array(items)) => {
                items.get_mut(at).and_then(Value::as_inline_table_mut).map(|table| table as _)
            }
            Item::Value(_) | Item::Table(_) | Item::None => None,
        };
        let Some(table) = table else { continue };
        for (key, seen) in drift(of, hop, stable) {
            match seen {
                Some(seen) => set(table, key, seen),
                // present before, absent now
                None => set(table, key, false.into()),
            }
        }
    }
    // those after the last that is stated, where all before it are
    let every = expect.iter().enumerate().all(|(at, of)| of.at == at + 1);
    for hop in hops.iter().skip(expect.len()).filter(|_| every) {
        let new = hop_table(hop, stable);
        match stated {
            Item::ArrayOfTables(tables) => tables.push(new.into_table()),
            Item::Value(Value::Array(items)) => {
                let mut new = Value::from(new);
                if let Some(before) = items.iter().last() {
                    *new.decor_mut() = before.decor().clone();
                }
                items.push_formatted(new);
            }
            Item::Value(_) | Item::Table(_) | Item::None => {}
        }
    }
}

fn text(address: Address) -> Value {
    match address {
        Address::Exact(text) => text.into(),
        Address::Pattern(pattern) => {
            let mut table = InlineTable::new();
            table.insert("matches", pattern.into());
            table.into()
        }
    }
}

/// Sets a value; the comment behind the old one stays.
fn set(table: &mut dyn TableLike, key: &str, mut new: Value) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        None => drop(table.insert(key, value(new))),
    }
}
