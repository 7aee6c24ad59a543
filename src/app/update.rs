//! `update`: the one function that changes the model.
//!
//! Messages are routed to a file per group; what is to be done outside is returned as effects.

mod body;
mod choices;
mod clients;
mod complete;
mod edit;
mod export;
mod fetched;
mod find;
mod history;
mod navigate;
mod overlay;
mod probe;
mod project;
mod run;
mod search;
mod split;
#[cfg(test)]
mod tests;

use super::effect::Effect;
use super::hint::{self, Hint};
use super::message::{Copied, Edit, Message, Navigate, Past, Project, Run};
use super::model::{Model, Overlay, Status};
use super::privacy;

/// Takes one message in and says what is to be done.
pub fn update(model: &mut Model, message: Message) -> Vec<Effect> {
    let (changed, pages) = (may_change_chain(&message), keeps_pages(&message));
    if is_asked_for(&message) {
        model.status = None;
        model.begun.clear();
    }
    let typed = matches!(message, Message::Edit(Edit::Key(_)));
    if !keeps_suggestions(&message) {
        model.completion = None;
    }
    let hint = hint::current(model);
    let mut effects = match message {
        Message::Run(Run::Quit) => quit(model),
        Message::Complete(act) => complete::update(model, act),
        Message::Navigate(Navigate::Enter) if complete::is_chosen(model) => {
            complete::take(model);
            Vec::new()
        }
        Message::Run(run) => run::update(model, run),
        Message::Navigate(Navigate::Back) => navigate::back(model),
        Message::Navigate(navigate) => navigate::update(model, navigate),
        Message::Edit(edit) => edit::update(model, edit),
        Message::Search(search) => search::update(model, search),
        Message::Export(export) => export::update(model, export),
        Message::Begun(keys) => {
            model.begun = keys;
            Vec::new()
        }
        Message::Keys(keys) => {
            let text = format!("the keys are {} now", keys.name);
            (model.keys, model.status) = (*keys, Some(Status { text, trouble: false }));
            Vec::new()
        }
        Message::Act(chosen) => {
            model.overlay = None;
            return update(model, *chosen);
        }
        Message::Past(past) => history::update(model, past),
        Message::Project(project) => project::update(model, project),
        Message::Fetched(id, event) => fetched::update(model, id, event),
        Message::Body(act) => body::act(model, act),
        Message::BodyFolded(folded) => body::folded(model, *folded),
        Message::BodyWindow(window) => body::arrived(model, *window),
        Message::BodyMatches(matches) => search::matched(model, *matches),
        Message::BodiesFound(found) => find::found(model, *found),
        Message::BodiesCompared(answer) => super::compared::answered(model, *answer),
        Message::Saved(saved) => body::saved(model, saved),
        Message::BodyText(text) => export::body_text(model, text),
        Message::Edited { field, text } => edit::edited(model, field, text),
        Message::Copied(copied) => told(model, copied),
        Message::Tick { elapsed } => tick(model, elapsed),
        Message::Resize { width, height } => resize(model, width, height),
        Message::Trouble(text) => {
            model.trouble(text);
            Vec::new()
        }
    };
    if typed {
        model.completion = super::complete::of(model);
    }
    effects.extend(heeded(model, hint));
    effects.extend(complete::wanted(model));
    if !pages {
        model.pages.forget();
    }
    navigate::clamp(model);
    effects.extend(body::wanted(model));
    effects.extend(search::wanted(model));
    effects.extend(history::wanted(model));
    effects.extend(find::wanted(model));
    effects.extend(super::compared::wanted(model));
    privacy::renew(model, changed, pages);
    effects
}

/// The chain may be another one after it.
fn may_change_chain(message: &Message) -> bool {
    !matches!(
        message,
        Message::Navigate(_)
            | Message::Search(_)
            | Message::Tick { .. }
            | Message::Resize { .. }
            | Message::BodyWindow(_)
            | Message::BodyMatches(_)
            | Message::BodyFolded(_)
            | Message::Begun(_)
            | Message::Keys(_)
            | Message::Copied(_)
            | Message::Trouble(_)
    )
}

/// Nothing that a page says can be another thing after it.
fn keeps_pages(message: &Message) -> bool {
    match message {
        // they may do anything
        Message::Navigate(Navigate::Enter | Navigate::Back) => false,
        Message::Navigate(_)
        | Message::Search(_)
        | Message::Begun(_)
        | Message::Tick { .. }
        | Message::Resize { .. }
        | Message::BodyWindow(_)
        | Message::BodyMatches(_)
        | Message::Copied(_) => true,
        Message::Run(_)
        | Message::Edit(_)
        | Message::Export(_)
        | Message::Keys(_)
        | Message::Act(_)
        | Message::Body(_)
        | Message::Complete(_)
        | Message::Fetched(..)
        | Message::BodyFolded(_)
        | Message::BodiesFound(_)
        | Message::BodiesCompared(_)
        | Message::Saved(_)
        | Message::BodyText(_)
        | Message::Edited { .. }
        | Message::Past(_)
        | Message::Project(_)
        | Message::Trouble(_) => false,
    }
}

/// The user does something: what was said of the last thing goes away.
fn is_asked_for(message: &Message) -> bool {
    matches!(
        message,
        Message::Run(_)
            | Message::Navigate(_)
            | Message::Edit(_)
            | Message::Search(_)
            | Message::Export(_)
            | Message::Past(Past::Open | Past::Take(_) | Past::Delete)
            | Message::Project(Project::Offer | Project::Undo)
            | Message::Act(_)
            | Message::Body(_)
            | Message::Complete(_)
    )
}

/// Suggestions go with the next thing that the user does but choosing one of them.
fn keeps_suggestions(message: &Message) -> bool {
    matches!(
        message,
        Message::Complete(_)
            | Message::Navigate(Navigate::Enter)
            | Message::Past(_)
            | Message::Tick { .. }
            | Message::Resize { .. }
            | Message::Fetched(..)
            | Message::BodyWindow(_)
            | Message::BodyMatches(_)
            | Message::BodyFolded(_)
            | Message::BodiesFound(_)
            | Message::BodiesCompared(_)
    )
}

/// A hint that no longer fits was heeded: it is not told again.
fn heeded(model: &mut Model, before: Option<Hint>) -> Option<Effect> {
    let told = before.filter(|hint| hint::current(model) != Some(*hint))?;
    // zoom and questions only hide it
    let over = model.session.as_ref().is_none_or(|session| session.danger.is_empty());
    if !over || model.panes.zoomed {
        return None;
    }
    model.hints.retain(|hint| *hint != told);
    Some(Effect::Remember(told.id()))
}

fn quit(model: &mut Model) -> Vec<Effect> {
    model.quitting = true;
    vec![Effect::Quit]
}

fn told(model: &mut Model, copied: Copied) -> Vec<Effect> {
    let what = model.status.take().map(|status| status.text).unwrap_or_default();
    let text = match copied {
        Copied::Clipboard => format!("{what} copied to the clipboard"),
        Copied::Terminal => {
            format!("{what} sent to the terminal (OSC 52), unconfirmed")
        }
        Copied::Nowhere { text, why } => {
            model.overlay = Some(Overlay::HandCopy { text, why: why.clone() });
            format!("{what} not copied: {why}")
        }
    };
    model.say(text);
    Vec::new()
}

fn tick(model: &mut Model, elapsed: std::time::Duration) -> Vec<Effect> {
    if let Some(session) = &mut model.session {
        session.flights.iter_mut().for_each(|flight| flight.elapsed += elapsed);
    }
    Vec::new()
}

fn resize(model: &mut Model, width: u16, height: u16) -> Vec<Effect> {
    model.size = (width, height);
    Vec::new()
}
