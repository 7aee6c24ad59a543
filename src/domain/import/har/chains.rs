//! Entries into chains: a redirect goes on with the next entry whose URL is its target.

use std::collections::HashMap;

use super::Entry;

/// The chains, each in its own order, in the order in which they begin. Entries come sorted by time.
pub(super) fn group(entries: Vec<Entry>) -> Vec<Vec<Entry>> {
    let after = successors(&entries);
    let mut follows = vec![false; entries.len()];
    after.iter().flatten().for_each(|next| follows[*next] = true);
    let mut slots: Vec<Option<Entry>> = entries.into_iter().map(Some).collect();
    let mut chains = Vec::new();
    for first in (0..slots.len()).filter(|at| !follows[*at]) {
        let mut chain = Vec::new();
        let mut at = Some(first);
        while let Some(entry) = at.and_then(|at| slots[at].take()) {
            chain.push(entry);
            at = at.and_then(|at| after[at]);
        }
        chains.push(chain);
    }
    chains
}

/// For each entry the one that its redirect led to: the first later one of that URL that no other redirect has taken, of the
/// same group where there is one.
fn successors(entries: &[Entry]) -> Vec<Option<usize>> {
    let mut by_url: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, entry) in entries.iter().enumerate() {
        by_url.entry(entry.recorded.request.display_url()).or_default().push(at);
    }
    let mut taken = vec![false; entries.len()];
    let next = |(at, entry): (usize, &Entry)| {
        let candidates = entry.leads_to.iter().filter_map(|url| by_url.get(url)).flatten();
        let free = |wanted: &&usize| **wanted > at && !taken[**wanted];
        let same = |wanted: &usize| entries[*wanted].group == entry.group;
        let mut free: Vec<usize> = candidates.filter(free).copied().collect();
        free.sort_unstable();
        let found = free.iter().copied().find(same).or(free.first().copied())?;
        taken[found] = true;
        Some(found)
    };
    entries.iter().enumerate().map(next).collect()
}
