//! The matrix: every client along the whole chain, a column a hop, as far as the recorded answers tell.

use std::ops::Range;

use crate::app::model::{Model, Session};
use crate::domain::chain::{Chain, Ending, Hop};
use crate::domain::client::comparison::same_request;
use crate::domain::client::prediction::{Outcome, Prediction, predict};
use crate::domain::escape::escape;
use crate::domain::finding::Severity;
use crate::domain::text;

use super::clients::{self, Chosen};
use super::sheet::Sheet;
use super::{Line, Role, Span};

/// Hops beyond the selected one that are told, at least.
const AHEAD: usize = 32;
/// Hops that are told at most: all are told anew at every key.
const MOST: usize = 1000;
/// Columns of a hop: `≠PATCH+b` and a gap.
const CELL: usize = 9;
/// Columns of a client's name, and where there are few.
const NAME: usize = 17;
const SHORT_NAME: usize = 11;
const FEW: usize = 60;

const WARNING: Role = Role::Severity(Severity::Warning);

pub(super) fn lines(model: &Model, session: &Session, hop: &Hop, width: u16) -> Vec<Line> {
    let mut sheet = Sheet::new(width);
    let name = if usize::from(width) < FEW { SHORT_NAME } else { NAME };
    let columns = usize::from(width).saturating_sub(name).div_euclid(CELL).max(1);
    let told = told(session);
    let first = hop.index.min(told).saturating_sub(columns - columns.min(2)).max(1);
    let shown = first..first + columns;
    let chosen = clients::chosen(model, session);
    let mut head = Line::of([(Role::Strong, text::pad("client", name))]);
    let last = session.chain.hops.len().min(told) + 1;
    for at in shown.clone().take_while(|at| *at <= last) {
        let role = if at == hop.index { Role::Strong } else { Role::Dim };
        head.push(role, text::pad(&format!("hop {at}"), CELL));
    }
    sheet.line(head);
    for prediction in predictions(model, session) {
        let mut line = title(&prediction, name, &chosen);
        line.spans.extend(cells(session, &prediction, &shown));
        sheet.line(line);
    }
    sheet.gap();
    legend(&mut sheet, (model, session), &chosen);
    sheet.finish()
}

/// The clients in the order of the rows.
pub fn order(model: &Model, session: &Session) -> Vec<String> {
    predictions(model, session).into_iter().map(|of| of.chain.client.name).collect()
}

/// The client in charge first, then those that part earliest.
fn predictions(model: &Model, session: &Session) -> Vec<Prediction> {
    let recorded = cut(&session.chain, told(session));
    let all = clients::all(model);
    let mut told: Vec<Prediction> =
        all.iter().map(|client| predict(&recorded, client, model.now)).collect();
    let name = &session.chain.client.name;
    told.sort_by_key(|of| (of.chain.client.name != *name, parting(&recorded, of)));
    told
}

/// The hop before the first that this client does otherwise; the last of all where it does none.
fn parting(recorded: &Chain, of: &Prediction) -> usize {
    let same =
        |before: &usize| match (recorded.request_after(*before), of.chain.request_after(*before)) {
            (Some(a), Some(b)) => same_request(a, b),
            (a, b) => a.is_none() && b.is_none(),
        };
    (0..recorded.hops.len() + 1).take_while(same).count()
}

/// Hops that are told: some more than are seen, since the columns go along with the selected hop.
fn told(session: &Session) -> usize {
    let seen = clients::hop(session).map_or(0, |hop| hop.index);
    (seen + AHEAD).next_multiple_of(AHEAD).min(MOST)
}

/// The beginning of a chain.
fn cut(chain: &Chain, hops: usize) -> Chain {
    let mut chain = chain.clone();
    chain.hops.truncate(hops);
    chain
}

/// A client's name, marked where it stands under the cursor.
fn title(of: &Prediction, columns: usize, chosen: &Chosen) -> Line {
    let name = &of.chain.client.name;
    let marked = *name == chosen.name && chosen.marked;
    let mark = if marked { "▸" } else { "" };
    let shown = text::fit(name, columns - 1 - text::width(mark));
    let shown = format!("{mark}{shown}");
    let gap = " ".repeat(columns.saturating_sub(text::width(&shown)));
    let role = match *name == chosen.name {
        true if marked => Role::Chosen,
        true => Role::Strong,
        false => Role::Name,
    };
    Line::of([(role, shown), (Role::Plain, gap)])
}

fn cells(session: &Session, of: &Prediction, shown: &Range<usize>) -> Vec<Span> {
    let told = shown.clone().map_while(|at| cell(session, of, at));
    told.map(|(role, words)| Span { text: text::pad(&text::fit(&words, CELL - 1), CELL), role })
        .collect()
}

/// The request of this hop as this client sends it; behind the last, how it ends.
fn cell(session: &Session, of: &Prediction, at: usize) -> Option<(Role, String)> {
    let told = of.chain.hops.len();
    let request = of.chain.request_after(at.checked_sub(1)?).or(match &of.outcome {
        Outcome::Unknown(request) if at == told + 1 => Some(request.as_ref()),
        Outcome::Unknown(_) | Outcome::Ends(_) => None,
    });
    let Some(request) = request else { return end(of, at) };
    let recorded = session.chain.request_after(at - 1);
    let differs = recorded.is_none_or(|recorded| !same_request(recorded, request));
    let method = escape(request.method.as_str());
    let body = if request.body_len() > 0 { "+b" } else { "" };
    let words = format!("{}{body}", text::truncate(&method, CELL - 4));
    match differs {
        true => Some((WARNING, format!("≠{words}"))),
        false => Some((Role::Plain, words)),
    }
}

fn end(of: &Prediction, at: usize) -> Option<(Role, String)> {
    let here = at == of.chain.hops.len() + 1;
    let status = of.chain.hops.last().and_then(Hop::status);
    match of.outcome {
        Outcome::Ends(Ending::Final) if here => {
            let status = status.unwrap_or_default();
            Some((Role::Status(status), format!("✔{status}")))
        }
        Outcome::Ends(Ending::Stopped(_)) if here => {
            Some((Role::Severity(Severity::Error), "✖stops".to_owned()))
        }
        Outcome::Ends(Ending::Failed(_)) if here => {
            Some((Role::Severity(Severity::Error), "✖fails".to_owned()))
        }
        Outcome::Unknown(_) if at == of.chain.hops.len() + 2 => Some((Role::Dim, "?".to_owned())),
        Outcome::Ends(_) | Outcome::Unknown(_) => None,
    }
}

fn legend(sheet: &mut Sheet, (model, session): (&Model, &Session), chosen: &Chosen) {
    let words = [
        (Role::Dim, "+b with a body  "),
        (WARNING, "≠"),
        (Role::Dim, " another request than the one in the chain: nothing is known beyond ("),
        (Role::Dim, "?)"),
    ];
    sheet.prose(0, &words);
    if session.chain.hops.len() > told(session) {
        let text = match told(session) {
            MOST => format!("The first {MOST} hops are told."),
            _ => "The columns go along with the selected hop.".to_owned(),
        };
        sheet.prose(0, &[(Role::Dim, text)]);
    }
    let mut keys = Vec::new();
    if chosen.marked {
        keys.push((Role::Key, model.keys.enter.clone()));
        keys.push((Role::Dim, format!(" as {} from the selected hop on  ", chosen.name)));
    }
    keys.push((Role::Key, model.keys.view.clone()));
    keys.push((Role::Dim, " this hop alone".to_owned()));
    sheet.prose(0, &keys);
}
