//! Switches and pickers: what a key turns on or off, and the lists it opens.

use crate::app::hint;
use crate::app::model::{Model, Overlay};
use crate::app::pane::{Focus, Pane};
use crate::app::spine::Spine;
use crate::domain::client::Client;
use crate::domain::http::method::Method;

pub(super) fn privacy(model: &mut Model) {
    model.private = !model.private;
    let text = match model.private {
        true => {
            let key = &model.keys.privacy;
            format!("secrets are masked on the screen and in copies; {key} shows them")
        }
        false => "secrets are shown".to_owned(),
    };
    model.say(text);
}

pub(super) fn mouse(model: &mut Model) {
    model.mouse = !model.mouse;
    model.panes.grabbed = false;
    let text = match model.mouse {
        true => "the mouse is hopstep's: click, scroll, drag the border".to_owned(),
        false => {
            let key = &model.keys.mouse;
            format!("the mouse is the terminal's: select text as usual; {key} takes it back")
        }
    };
    model.say(text);
}

/// Folds hops that repeat others, or says why there is nothing to fold.
pub(super) fn fold(model: &mut Model) {
    let Some(session) = &model.session else { return };
    let text = if model.filter.is_on() {
        format!("a filter shows each hop that fits; {} takes it away", model.keys.back)
    } else if !Spine::has_repeats(session) {
        "nothing to fold: no hops of this chain repeat the ones before them".to_owned()
    } else {
        model.panes.unfolded = !model.panes.unfolded;
        return;
    };
    model.say(text);
}

/// That it was told is remembered where hints are heeded.
pub(super) fn hide_hint(model: &mut Model) {
    let told = hint::current(model);
    model.hints.retain(|hint| Some(*hint) != told);
}

pub(super) fn method_picker(model: &mut Model) {
    let now = Method::COMMON.iter().position(|method| *method == model.form.method);
    model.overlay = Some(Overlay::Methods { selected: now.unwrap_or(0) });
}

pub(super) fn runs(model: &mut Model) {
    let Some(shown) = &model.session else { return };
    let selected = model.runs().iter().position(|run| run.number == shown.number);
    model.overlay = Some(Overlay::Runs { selected: selected.unwrap_or(0) });
}

/// The nearest run before the one on the screen, or else after it.
pub(super) fn compare(model: &mut Model) {
    let Some(shown) = &model.session else { return };
    let numbers = || model.others.iter().map(|run| run.number);
    let before = numbers().filter(|number| *number < shown.number).max();
    match before.or_else(|| numbers().min()) {
        Some(with) => model.overlay = Some(Overlay::Compare { with, scroll: 0 }),
        None => {
            let (again, resend) = (&model.keys.again, &model.keys.resend);
            let text =
                format!("there is no other run yet: {again} runs again, {resend} re-sends a hop");
            model.say(text);
        }
    }
}

pub(super) fn client_picker(model: &mut Model) {
    let now = Client::names().position(|name| name == model.client);
    model.overlay = Some(Overlay::Clients { selected: now.unwrap_or(0) });
}

pub(super) fn next_view(model: &mut Model) {
    if model.panes.open == Pane::Clients {
        model.panes.clients.whole = !model.panes.clients.whole;
        model.panes.scroll[Pane::Clients.index()] = 0;
        return;
    }
    let shown = model.panes.body.window.as_ref().map(|window| window.view);
    let fitting = super::body::fitting(model);
    model.panes.body.view = shown.zip(fitting).map(|(view, fitting)| view.next(fitting));
    model.panes.scroll[Pane::Body.index()] = 0;
    model.panes.column = 0;
    model.panes.open = Pane::Body;
}

/// Chain or pane; on the first screen URL or list.
pub(super) fn switch_focus(model: &mut Model) {
    model.focus = match (model.focus, model.session.is_some()) {
        (Focus::Chain, true) => Focus::Pane,
        (_, true) => Focus::Chain,
        (Focus::Url, false) if model.listed() > 0 => Focus::List,
        (_, false) => Focus::Url,
    };
}
