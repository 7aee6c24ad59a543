//! The finder: a field for a pattern, and every place in all hops where it stands.

use crate::app::finder::{Hit, Hits, Progress};
use crate::app::page::{Line, Role, units};
use crate::app::text_input::TextInput;
use crate::domain::counted::counted;

use super::sheet::Sheet;

/// Wider than this the eye would lose the line.
const WIDEST: usize = 110;
/// Taller than this it would hide what it is about.
const TALLEST: usize = 30;

pub(super) fn render(input: &TextInput, hits: &Hits, selected: usize, sheet: &mut Sheet<'_, '_>) {
    let (field, list) = sheet.search("Find in every hop", WIDEST, TALLEST);
    sheet.prompt(field, "/", input, count(input.text().is_empty(), hits));
    let hits = &hits.hits;
    let digits = hits.last().map_or(1, |hit| (hit.hop + 1).to_string().len());
    let small = list.width < 60;
    sheet.list(list, hits.len(), selected, |at| line(&hits[at], at == selected, digits, small));
}

/// How many there are, and how far the search has come.
fn count(empty: bool, hits: &Hits) -> String {
    let cut = if hits.cut { " or more" } else { "" };
    let found = match (empty, hits.hits.len()) {
        (true, _) => return "heads and bodies ".to_owned(),
        (false, 0) => "not found".to_owned(),
        (false, found) => format!("{}{cut}", counted(found, "place")),
    };
    match hits.bodies.filter(|progress| !progress.complete && progress.total > 0) {
        Some(Progress { searched, total, .. }) => {
            let (searched, total) = (units::bytes(searched), units::bytes(total));
            format!("{found} so far · {searched} of {total} ")
        }
        None => format!("{found} "),
    }
}

fn line(hit: &Hit, selected: bool, digits: usize, small: bool) -> Line {
    let mark = if selected { "▶" } else { " " };
    let mut line = Line::of([(Role::Plain, format!("{mark} {:>digits$} ", hit.hop + 1))]);
    match small {
        true => line.push(Role::Dim, format!("{} ", hit.pane.digit())),
        false => line.push(Role::Dim, format!("{:<9} ", hit.pane.title())),
    }
    line.push(Role::Plain, &hit.text[..hit.found.start]);
    line.push(Role::Found, &hit.text[hit.found.clone()]);
    line.push(Role::Plain, &hit.text[hit.found.end..]);
    line
}
