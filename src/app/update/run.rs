//! Control of the run: start, step, continue, cancel, and the question before a dangerous step.

use crate::app::effect::Effect;
use crate::app::layout::Layout;
use crate::app::message::{Edit, FetchId, Field, Run};
use crate::app::model::{Flight, Mode, Model, Overlay, RunOrigin, Session};
use crate::app::pane::Focus;
use crate::app::recorded;
use crate::domain::breakpoint::Breakpoint;
use crate::domain::chain::Chain;
use crate::domain::danger::dangers;
use crate::domain::http::request::Draft;
use crate::domain::http::timing::Phase;
use crate::domain::variant::Variant;

use super::{edit, probe};

pub(super) fn update(model: &mut Model, run: Run) -> Vec<Effect> {
    match run {
        Run::Start => start(model),
        Run::Step => step(model),
        Run::Continue => go(model, Mode::Continuing),
        Run::Soft => soft(model),
        Run::Cancel => cancel(model),
        Run::Confirm(yes) => confirm(model, yes),
        Run::Probe => probe::announce(model),
        Run::Resend => resend(model),
        Run::ToggleBreakpoint(breakpoint) => toggle(model, breakpoint),
        Run::Switch(step) => switch(model, step),
        Run::ChooseClient(name) => choose_client(model, name),
        Run::Variant(Variant::OtherToken) => edit::update(model, Edit::Open(Field::Token)),
        Run::Variant(variant) => vary(model, variant, None),
        Run::Scenario(id) => scenario(model, &id),
        Run::Interrupt if model.is_waiting() && !is_cancelling(model) => cancel(model),
        Run::Interrupt | Run::Quit => super::quit(model),
        Run::Suspend => vec![Effect::Suspend],
    }
}

/// Sends the next request when nothing forbids it. Called after a head came in while continuing, too.
pub(super) fn advance(model: &mut Model, agreed: bool) -> Vec<Effect> {
    let Some(session) = &mut model.session else { return Vec::new() };
    if session.pending().is_some() {
        return Vec::new();
    }
    if !agreed
        && !model.given.yes
        && let (Some(hop), Some(planned)) = (session.chain.hops.last(), session.chain.ready())
    {
        session.danger = dangers(hop, &planned.request);
        if !session.danger.is_empty() {
            session.mode = Mode::Stepping;
            return Vec::new();
        }
    }
    session.danger.clear();
    session.halted = None;
    let fresh = session.chain.hops.is_empty();
    let Some(request) = session.chain.send() else { return Vec::new() };
    let id = model.next_fetch;
    model.next_fetch = FetchId(id.0 + 1);
    session.cancelling = false;
    session.flights.push(Flight {
        id,
        hop: session.chain.hops.len() + 1,
        phase: Phase::Connect,
        head: false,
        received: 0,
        total: None,
        elapsed: Default::default(),
    });
    follow_newest(session);
    vec![Effect::Fetch { id, request: Box::new(request), fresh }]
}

/// The selection goes along with the newest row unless the user holds it elsewhere.
pub(super) fn follow_newest(session: &mut Session) {
    if session.following {
        session.selected = session.rows().saturating_sub(1).min(session.chain.hops.len());
    }
}

fn start(model: &mut Model) -> Vec<Effect> {
    let typed = model.form.url.text().to_owned();
    if edit::curl::is_curl(&typed) {
        edit::curl::paste(model, &typed);
        if model.form.error.is_some() {
            model.focus = Focus::Url;
            return Vec::new();
        }
    }
    let blanks = edit::encode_blanks(&mut model.form);
    let draft = edit::draft(&model.form).and_then(|draft| permitted(model, draft));
    let draft = match draft {
        Ok(draft) => draft,
        Err(error) => {
            model.form.error = Some(error);
            model.focus = Focus::Url;
            return Vec::new();
        }
    };
    let Some(client) = model.client_named(&model.client) else { return Vec::new() };
    model.form.error = None;
    let mut effects = abandon(model);
    let chain = Chain::new(draft, client, model.limits, model.given.jar.clone(), model.now);
    let before = model.session.as_ref().map(|session| session.number);
    begin(model, RunOrigin::Form, chain);
    beside(model, before);
    effects.extend(advance(model, true));
    if let Some(text) = blanks {
        model.say(text);
    }
    effects
}

/// `--proto` holds for what is typed, too.
fn permitted(model: &Model, draft: Draft) -> Result<Draft, String> {
    let proto = model.limits.proto;
    match proto.permits(&draft.url) {
        true => Ok(draft),
        false => Err(format!("--proto permits {}", proto.words())),
    }
}

/// To its end beside the run before, where the history was asked for that.
fn beside(model: &mut Model, before: Option<usize>) {
    let Some(with) = model.beside.take().filter(|with| before == Some(*with)) else { return };
    model.session.iter_mut().for_each(|session| session.mode = Mode::Continuing);
    model.overlay = Some(Overlay::Compare { with, scroll: 0 });
}

/// Puts a run on the screen that begins with hops of the one there, which is kept.
pub(super) fn begin_from(model: &mut Model, origin: RunOrigin, chain: Chain) -> Vec<Effect> {
    let effects = abandon(model);
    begin(model, origin, chain);
    model.session.iter_mut().for_each(Session::judge);
    effects
}

/// Sends one request.
pub(super) fn step(model: &mut Model) -> Vec<Effect> {
    go(model, Mode::Stepping)
}

/// Puts a new run on the screen; the one before is kept.
fn begin(model: &mut Model, origin: RunOrigin, chain: Chain) {
    let number = model.others.len() + usize::from(model.session.is_some()) + 1;
    model.others.extend(model.session.take());
    model.session = Some(Session { started_at: model.now, ..Session::new(number, origin, chain) });
    show_run(model);
}

fn show_run(model: &mut Model) {
    model.overlay = None;
    model.focus = Focus::Chain;
    model.panes.scroll = Default::default();
    model.panes.body = Default::default();
}

/// Whether a breakpoint halts the run before its next request; the session remembers which.
pub(super) fn halts(model: &mut Model) -> bool {
    let Some(session) = &mut model.session else { return false };
    let hit = model
        .breakpoints
        .iter()
        .find(|breakpoint| breakpoint.hits(&session.chain, &session.findings));
    session.halted = hit.cloned();
    let Some(breakpoint) = &session.halted else { return false };
    session.mode = Mode::Stepping;
    let text = match breakpoint.meaning() {
        "" => format!("stopped at breakpoint {breakpoint}"),
        why => format!("stopped before the next request: {why}"),
    };
    // the preview names it, and the footer goes on naming the keys
    if Layout::of(model).next.height == 0 {
        model.say(text);
    }
    true
}

fn toggle(model: &mut Model, breakpoint: Breakpoint) -> Vec<Effect> {
    match model.breakpoints.iter().position(|set| *set == breakpoint) {
        Some(at) => drop(model.breakpoints.remove(at)),
        None => model.breakpoints.push(breakpoint),
    }
    Vec::new()
}

/// Begins a run that shares the hops before the selected one and sends that one's request again.
fn resend(model: &mut Model) -> Vec<Effect> {
    let Some(session) = &model.session else { return start(model) };
    let hop = session.selected + 1;
    let Some(chain) = session.chain.branch(hop) else { return advance(model, false) };
    let origin = RunOrigin::Resent { run: session.number, hop };
    let mut effects = begin_from(model, origin, chain);
    effects.extend(advance(model, false));
    effects
}

/// Runs the whole chain in another way; when it ends it stands beside the run that it varies.
pub(super) fn vary(model: &mut Model, variant: Variant, token: Option<&str>) -> Vec<Effect> {
    let Some(session) = &model.session else { return Vec::new() };
    let run = match session.origin {
        RunOrigin::Varied { run, .. } => run,
        RunOrigin::Form
        | RunOrigin::Recorded
        | RunOrigin::Compared
        | RunOrigin::Resent { .. }
        | RunOrigin::SteppedAs { .. } => session.number,
    };
    let first = model.others.iter().find(|other| other.number == run).unwrap_or(session);
    let chain = variant.of(&first.chain, token, model.now);
    let mut effects = begin_from(model, RunOrigin::Varied { run, variant }, chain);
    effects.extend(go(model, Mode::Continuing));
    effects
}

/// A varied run has come to its end: where it parts from the run that it varies.
pub(super) fn show_parting(model: &mut Model) {
    let Some(session) = &model.session else { return };
    let RunOrigin::Varied { run, .. } = session.origin else { return };
    let ended = session.chain.ending().is_some();
    let known = model.others.iter().any(|other| other.number == run);
    if ended && known && model.overlay.is_none() {
        model.overlay = Some(Overlay::Compare { with: run, scroll: 0 });
    }
}

fn switch(model: &mut Model, step: i8) -> Vec<Effect> {
    let Some(shown) = &model.session else { return Vec::new() };
    let wanted = shown.number.saturating_add_signed(step.into());
    show(model, wanted)
}

/// Puts the run of this number on the screen.
pub(super) fn show(model: &mut Model, wanted: usize) -> Vec<Effect> {
    let Some(at) = model.others.iter().position(|run| run.number == wanted) else {
        return Vec::new();
    };
    let other = model.others.remove(at);
    recorded::take_request(model, &other);
    model.others.extend(model.session.replace(other));
    show_run(model);
    Vec::new()
}

fn go(model: &mut Model, mode: Mode) -> Vec<Effect> {
    let Some(session) = &mut model.session else {
        let effects = start(model);
        model.session.iter_mut().for_each(|session| session.mode = mode);
        return effects;
    };
    if session.chain.ending().is_some() {
        let text = format!("the chain has ended; {} runs it again", model.keys.again);
        model.say(text);
        return Vec::new();
    }
    session.mode = mode;
    session.following = true;
    advance(model, false)
}

/// Nothing is sent yet: `s` does that, as for any other step.
fn soft(model: &mut Model) -> Vec<Effect> {
    let Some(session) = &mut model.session else { return Vec::new() };
    if session.chain.take_offer(model.now) {
        session.mode = Mode::Stepping;
        session.following = true;
        session.judge();
        follow_newest(session);
    } else {
        model.say("this page leads nowhere by itself");
    }
    Vec::new()
}

/// Nothing is left to cancel: it was done, and the end is on its way.
fn is_cancelling(model: &Model) -> bool {
    model.session.as_ref().is_some_and(|session| session.cancelling)
}

fn cancel(model: &mut Model) -> Vec<Effect> {
    let Some(session) = &mut model.session else { return Vec::new() };
    session.mode = Mode::Stepping;
    session.danger.clear();
    let mut effects: Vec<_> = probe::cancel(session).into_iter().collect();
    session.cancelling = !session.flights.is_empty();
    effects.extend(session.flights.iter().map(|flight| Effect::Cancel(flight.id)));
    if !effects.is_empty() && !session.cancelling {
        session.judge();
    }
    effects
}

fn confirm(model: &mut Model, yes: bool) -> Vec<Effect> {
    match model.overlay.take() {
        Some(Overlay::Probe { plans, .. }) if yes => return probe::agreed(model, plans),
        Some(Overlay::Probe { .. }) => {
            model.say("nothing was sent");
            return Vec::new();
        }
        other => model.overlay = other,
    }
    if yes {
        return advance(model, true);
    }
    if let Some(session) = &mut model.session {
        session.danger.clear();
        model.say("not sent");
    }
    Vec::new()
}

pub(super) fn choose_client(model: &mut Model, name: String) -> Vec<Effect> {
    let Some(client) = model.client_named(&name) else { return Vec::new() };
    model.client.clone_from(&name);
    model.overlay = None;
    // the cursor of the clients pane goes along with the client that decides now
    model.panes.clients.chosen = Some(name);
    if let Some(session) = &mut model.session {
        session.danger.clear();
        session.chain.choose(client, model.now);
        session.judge();
    }
    Vec::new()
}

fn scenario(model: &mut Model, id: &str) -> Vec<Effect> {
    let Some(scenario) = model.scenarios.iter().find(|scenario| scenario.id == id) else {
        return Vec::new();
    };
    let scenario = scenario.clone();
    model.forget_pasted();
    model.form = crate::app::model::Form::of(scenario.draft);
    model.client.clone_from(&scenario.client);
    model.limits = scenario.limits;
    if let Some(Overlay::Help { .. }) = model.overlay {
        model.overlay = None;
    }
    start(model)
}

/// Gives the fetches of the session on the screen up.
fn abandon(model: &mut Model) -> Vec<Effect> {
    let Some(session) = &mut model.session else { return Vec::new() };
    let mut effects: Vec<_> = probe::cancel(session).into_iter().collect();
    effects.extend(session.flights.iter().map(|flight| Effect::Cancel(flight.id)));
    effects
}
