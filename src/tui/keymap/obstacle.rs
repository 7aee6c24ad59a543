//! Why an action would do nothing now: the footer leaves it out, the palette says so.

use std::borrow::Cow;

use super::{Binding, Context, key_of, table};
use crate::app::message::{BodyAct, Edit, Field, Message, Navigate, Project, Run, Search};
use crate::app::model::{Model, Overlay};
use crate::app::page::selected_hop;
use crate::app::pane::Pane;
use crate::domain::body_view::View;

/// Whether the key is worth a hint now.
pub(super) fn works(model: &Model, binding: &Binding) -> bool {
    let session = model.session.as_ref();
    match &binding.message {
        Message::Navigate(Navigate::Back) if binding.context == Context::Session => {
            model.is_waiting()
        }
        Message::Navigate(Navigate::Back) if binding.context == Context::Url => session.is_some(),
        Message::Navigate(Navigate::Down) if binding.context == Context::Url => {
            session.is_none() && model.listed() > 0
        }
        // the first thing one wants once the chain has ended, and seldom before
        Message::Run(Run::Start) => session.is_none_or(|run| run.chain.ending().is_some()),
        Message::Body(BodyAct::FoldMore | BodyAct::FoldLess | BodyAct::Unfold) => {
            let view = model.panes.body.window.as_ref().map(|window| window.view);
            model.panes.open == Pane::Body && view.is_some_and(View::folds)
        }
        Message::Navigate(Navigate::NextView | Navigate::Wrap) | Message::Body(_) => {
            let hop = session.and_then(selected_hop);
            model.panes.open == Pane::Body && hop.is_some_and(|hop| hop.exchange.body.size > 0)
        }
        Message::Edit(Edit::Restore) => restores(model),
        // what closes an overlay does so before the first run, too
        _ if session.is_none() && binding.context != Context::Session => true,
        message => obstacle(model, message).is_none(),
    }
}

/// Only the next request has one before it.
fn restores(model: &Model) -> bool {
    matches!(model.overlay, Some(Overlay::Editor { field: Field::Next, .. }))
}

/// Why this would do nothing now; `None` when it would.
pub fn obstacle(model: &Model, message: &Message) -> Option<Cow<'static, str>> {
    let Some(session) = &model.session else { return obstacle_without_run(model, message) };
    let key = |message: Message| key_of(model, &message);
    let again = || key(Message::Run(Run::Start));
    let other = |there: bool| {
        (!there).then(|| format!("there is no such run: {} runs again", again()).into())
    };
    match message {
        Message::Run(Run::Step | Run::Continue) | Message::Edit(Edit::Open(Field::Next)) => {
            match (session.chain.ending(), session.chain.ready()) {
                (Some(_), _) => {
                    Some(format!("the chain has ended: {} runs it again", again()).into())
                }
                (None, None) => Some("a request is under way".into()),
                (None, Some(_)) => match message {
                    Message::Run(_) if !session.danger.is_empty() => {
                        Some(format!("{} or {} first", model.keys.yes, model.keys.no).into())
                    }
                    _ => None,
                },
            }
        }
        Message::Edit(Edit::Restore) if restores(model) => None,
        Message::Edit(Edit::Restore) => {
            let edit = key(Message::Edit(Edit::Open(Field::Next)));
            Some(format!("only while the next request is edited: {edit}").into())
        }
        Message::Run(Run::Soft) => {
            session.offer.is_none().then(|| "the page leads nowhere by itself".into())
        }
        Message::Run(Run::Resend) => {
            let sent = session.selected < session.chain.hops.len();
            (!sent).then(|| "the selected request was not sent yet".into())
        }
        Message::Run(Run::Probe) => {
            session.chain.hops.is_empty().then(|| "nothing was answered yet".into())
        }
        Message::Project(Project::Offer) => {
            session.findings.is_empty().then(|| "there are no findings".into())
        }
        Message::Project(Project::Undo) => {
            let none = model.written.is_empty();
            none.then(|| "nothing was written to hopstep.toml here".into())
        }
        Message::Run(Run::Switch(step)) => {
            let wanted = session.number.saturating_add_signed((*step).into());
            other(model.others.iter().any(|run| run.number == wanted))
        }
        Message::Navigate(Navigate::Runs | Navigate::Compare) => other(!model.others.is_empty()),
        Message::Navigate(Navigate::Wrap | Navigate::Left | Navigate::Right)
        | Message::Body(BodyAct::FoldMore | BodyAct::FoldLess | BodyAct::Unfold) => {
            let to = || key(Message::Navigate(Navigate::Open(Pane::Body)));
            (model.panes.open != Pane::Body).then(|| format!("only in the body: {}", to()).into())
        }
        Message::Search(Search::Next | Search::Previous) => {
            let find = || key(Message::Search(Search::Open));
            let none = model.search.pattern.is_none();
            none.then(|| format!("nothing is searched: {} does", find()).into())
        }
        _ => None,
    }
}

/// Before the first run, what is about a chain has nothing to be about.
fn obstacle_without_run(model: &Model, message: &Message) -> Option<Cow<'static, str>> {
    if matches!(message, Message::Run(Run::Start)) {
        return None;
    }
    let mut rows = table::ALL.iter().filter(|binding| binding.context == Context::Session);
    let about_a_chain = rows.any(|binding| binding.message == *message);
    let enter = &model.keys.enter;
    about_a_chain.then(|| format!("no run yet: a URL and {enter} begin one").into())
}
