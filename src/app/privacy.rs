//! Privacy: the model as others may see it, for screenshots and shared screens. Secrets are `*`, byte for byte, so that nothing moves.
//!
//! Promises: while it is on, the screen and copies are made from the masked model only; the chain is masked anew when it changes,
//! not when a key is pressed; where a text can't be read for secrets (hex, lines that begin in their middle) all of it is masked.

use super::finder::Hit;
use super::message::{BodyWindow, Field};
use super::model::{Model, Overlay, Session};
use super::page;
use super::text_input::TextInput;
use crate::domain::body_view::View;
use crate::domain::classify::diagnosis::diagnose;
use crate::domain::http::method::is_token_byte;
use crate::domain::redact::Redactor;

/// Knows the secrets of the run on the screen.
#[derive(Clone, Debug, Default)]
pub struct Mask(Redactor);

/// Two masks of equal models are equal.
impl PartialEq for Mask {
    fn eq(&self, _: &Mask) -> bool {
        true
    }
}

/// A chain longer than this is masked anew only when it has grown by an eighth, or stands.
const SHORT: usize = 64;

/// Brings the masked model up to the model. `changed`: the chain may be another one; `pages`: what pages say is as before.
pub fn renew(model: &mut Model, changed: bool, pages: bool) {
    let before = model.public.take();
    if !model.private {
        return;
    }
    let (kept, mut laid) = before.map(|public| (public.session, public.pages)).unwrap_or_default();
    let kept = kept.filter(|kept| keeps(model, kept, changed));
    if kept.is_none() {
        model.mask = learn(model);
    }
    if kept.is_none() || !pages {
        laid.forget();
    }
    let (session, others) = (model.session.take(), std::mem::take(&mut model.others));
    let mut public = model.clone();
    (model.session, model.others) = (session, others);
    public.pages = laid;
    let redactor = &model.mask.0;
    public.session = model.session.as_ref().map(|session| match kept {
        Some(kept) => moved(kept, session),
        None => masked(session, redactor),
    });
    let listed = matches!(public.overlay, Some(Overlay::Compare { .. } | Overlay::Runs { .. }));
    let others = model.others.iter();
    public.others = match listed {
        true => others.map(|run| masked(run, &of(run))).collect(),
        // the bar counts them
        false => others.map(shell).collect(),
    };
    dress(&mut public, redactor);
    if let Some(Overlay::Compare { with, .. }) = public.overlay {
        let other = model.others.iter().find(|run| run.number == with).map(of);
        let redactors: Vec<&Redactor> = std::iter::once(redactor).chain(&other).collect();
        public.compared.mask(&redactors);
    }
    page::kept::keep(&mut public);
    model.public = Some(Box::new(public));
}

/// A text that is copied, as the user wants it now.
pub(super) fn copied(model: &Model, text: String) -> String {
    if model.private { model.mask.0.text(&text) } else { text }
}

/// Whether what was masked before still holds.
fn keeps(model: &Model, kept: &Session, changed: bool) -> bool {
    let Some(session) = &model.session else { return false };
    let (hops, had) = (session.chain.hops.len(), kept.chain.hops.len());
    let grows = session.pending().is_some() && hops > SHORT && hops < had + had / 8;
    session.number == kept.number && (!changed || grows)
}

fn learn(model: &Model) -> Mask {
    Mask(match &model.session {
        Some(session) => of(session),
        None => Redactor::for_text(model.limits.policy().secrets.clone()),
    })
}

fn of(session: &Session) -> Redactor {
    Redactor::of(&session.chain, session.chain.limits.policy().secrets.clone())
}

fn masked(session: &Session, redactor: &Redactor) -> Session {
    let chain = redactor.chain(&session.chain);
    let findings = redactor.findings(&session.findings);
    let diagnosis = session.diagnosis.as_ref().map(|_| diagnose(&chain));
    Session { findings, diagnosis, ..around(session, chain) }
}

/// The masked chain of before, where the user is now.
fn moved(kept: Session, session: &Session) -> Session {
    Session { findings: kept.findings, diagnosis: kept.diagnosis, ..around(session, kept.chain) }
}

/// Everything about a run but what its chain holds.
fn around(session: &Session, chain: crate::domain::chain::Chain) -> Session {
    let mut around = Session::new(session.number, session.origin, chain);
    around.started_at = session.started_at;
    around.label.clone_from(&session.label);
    around.mode = session.mode;
    around.flights.clone_from(&session.flights);
    around.probing.clone_from(&session.probing);
    around.selected = session.selected;
    around.following = session.following;
    around.danger.clone_from(&session.danger);
    around.halted.clone_from(&session.halted);
    around.spine.clone_from(&session.spine);
    around
}

/// A run that is only counted.
fn shell(run: &Session) -> Session {
    use crate::domain::chain::{Chain, Limits};
    use crate::domain::cookie::jar::Jar;
    let draft =
        crate::domain::http::request::Draft { typed: String::new(), ..run.chain.draft.clone() };
    let chain = Chain::new(draft, run.chain.client.clone(), Limits::default(), Jar::default(), 0);
    Session::new(run.number, run.origin, chain)
}

/// What is typed and what lies over the screen.
fn dress(public: &mut Model, redactor: &Redactor) {
    let field = |input: &mut TextInput| input.replace(&redactor.text(input.text()));
    let head = |input: &mut TextInput| input.replace(&head(input.text(), redactor));
    let form = &mut public.form;
    [&mut form.url, &mut form.body].into_iter().for_each(field);
    head(&mut form.headers);
    form.auth.replace(&"*".repeat(form.auth.text().len()));
    if let Some(status) = &mut public.status {
        status.text = redactor.text(&status.text);
    }
    public.recent.iter_mut().for_each(|entry| entry.url = redactor.text(&entry.url));
    if let Some(completion) = &mut public.completion {
        completion.rows.iter_mut().for_each(|row| row.text = redactor.text(&row.text));
    }
    if let Some(window) = &mut public.panes.body.window {
        mask_window(window, redactor);
    }
    match &mut public.overlay {
        Some(Overlay::Editor { field: Field::Auth | Field::Token, input, .. }) => {
            input.replace(&"*".repeat(input.text().len()));
        }
        Some(Overlay::Editor {
            field: Field::Headers | Field::Whole | Field::Next, input, ..
        }) => {
            head(input);
        }
        Some(Overlay::Editor { field: Field::Body, input, .. }) => field(input),
        Some(Overlay::Breakpoints { input, .. }) => field(input),
        Some(Overlay::Find { hits, .. }) => {
            hits.hits.iter_mut().for_each(|hit| mask_hit(hit, redactor));
        }
        Some(Overlay::Probe { plans, .. }) => {
            plans.iter_mut().for_each(|plan| plan.says = redactor.text(&plan.says));
        }
        Some(Overlay::HandCopy { text, .. }) => *text = redactor.text(text),
        Some(Overlay::Explain { finding, .. }) => {
            let clean = redactor.findings(std::slice::from_ref(&**finding));
            clean.into_iter().for_each(|clean| **finding = clean);
        }
        Some(Overlay::Pick { rows, .. }) => {
            rows.iter_mut().for_each(|row| row.0 = redactor.text(&row.0));
        }
        Some(Overlay::History { entries: Some(entries), .. }) => {
            entries.iter_mut().for_each(|entry| entry.url = redactor.text(&entry.url));
        }
        Some(
            Overlay::Help { .. }
            | Overlay::Palette { .. }
            | Overlay::Jump { .. }
            | Overlay::Methods { .. }
            | Overlay::Clients { .. }
            | Overlay::Copy { .. }
            | Overlay::Save { .. }
            | Overlay::Runs { .. }
            | Overlay::History { .. }
            | Overlay::Suppress { .. }
            | Overlay::Variants { .. }
            | Overlay::Compare { .. },
        )
        | None => {}
    }
}

/// Header lines up to the empty one are masked as fields, the other lines as text.
fn head(typed: &str, redactor: &Redactor) -> String {
    let mut in_head = true;
    let clean = typed.split('\n').map(|line| {
        in_head &= !line.trim().is_empty();
        match line.split_once(':') {
            Some((name, value)) if in_head && name.bytes().all(is_token_byte) => {
                let clean = String::from_utf8(redactor.value(name, value.as_bytes()));
                format!("{name}:{}", clean.unwrap_or_else(|_| "*".repeat(value.len())))
            }
            Some(_) | None => redactor.text(line),
        }
    });
    clean.collect::<Vec<_>>().join("\n")
}

/// A place in a body whose line begins in its middle may stand in the middle of a secret.
fn mask_hit(hit: &mut Hit, redactor: &Redactor) {
    hit.text = match hit.text.strip_prefix('…') {
        Some(_) => {
            hit.text.chars().map(|c| if c.is_ascii_alphanumeric() { '*' } else { c }).collect()
        }
        None => redactor.text(&hit.text),
    };
}

fn mask_window(window: &mut BodyWindow, redactor: &Redactor) {
    let unreadable = window.view == View::Hex || window.column > 0;
    window.path = window.path.as_ref().map(|path| redactor.text(path));
    for line in &mut window.lines {
        let text = line.text();
        let clean = match unreadable || line.continues {
            true => text.chars().map(|c| if c.is_alphanumeric() { '*' } else { c }).collect(),
            false => redactor.text(&text),
        };
        // the same cells: a letter of several bytes can only become several stars
        let mut rest = clean.as_str();
        for span in &mut line.spans {
            let length = if unreadable || line.continues {
                rest.char_indices().nth(span.text.chars().count()).map_or(rest.len(), |at| at.0)
            } else {
                span.text.len().min(rest.len())
            };
            let (own, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
            (span.text, rest) = (own.to_owned(), after);
        }
    }
}
