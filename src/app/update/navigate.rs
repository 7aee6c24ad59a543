//! Movement: the selected hop, the open pane, scrolling, overlays.

use crate::app::effect::{Ask, Effect};
use crate::app::filter::Filter;
use crate::app::layout::Layout;
use crate::app::message::{Field, Navigate, Place, Run, Then};
use crate::app::model::{Model, Overlay, Panes, Session};
use crate::app::page;
use crate::app::pane::{Focus, Pane};
use crate::app::spine::{Row, Spine};
use crate::app::text_input::TextInput;
use crate::domain::finding::Finding;

use super::{body, choices, clients, edit, overlay, run};

pub(super) fn update(model: &mut Model, navigate: Navigate) -> Vec<Effect> {
    if model.overlay.is_some() {
        return overlay::update(model, navigate);
    }
    match navigate {
        Navigate::Up => vertical(model, -1),
        Navigate::Down => vertical(model, 1),
        Navigate::PageUp => page_by(model, -page_height(model)),
        Navigate::PageDown => page_by(model, page_height(model)),
        Navigate::Scroll(lines) => scroll(model, lines.into()),
        Navigate::Left => return left(model),
        Navigate::Right => right(model),
        Navigate::Top => jump(model, false),
        Navigate::Bottom => jump(model, true),
        Navigate::NextPane => open(model, model.panes.open.next()),
        Navigate::PreviousPane => open(model, model.panes.open.previous()),
        Navigate::Open(pane) => open(model, pane),
        Navigate::SwitchFocus => choices::switch_focus(model),
        Navigate::FocusUrl => model.focus = Focus::Url,
        Navigate::Select(row) => select(model, row),
        Navigate::Enter => return enter(model),
        Navigate::Back => return back(model),
        Navigate::Help => overlay::help(model),
        Navigate::Palette => {
            model.overlay = Some(Overlay::Palette { input: TextInput::default(), selected: 0 });
        }
        Navigate::Jump => model.overlay = Some(Overlay::Jump { typed: String::new() }),
        Navigate::Go(place) => go(model, place),
        Navigate::MethodPicker => choices::method_picker(model),
        Navigate::ClientPicker => choices::client_picker(model),
        Navigate::NextView => choices::next_view(model),
        Navigate::Wrap => model.panes.wrap = !model.panes.wrap,
        Navigate::Variants => {
            model.overlay = Some(Overlay::Variants { selected: 0 });
        }
        Navigate::Breakpoints => {
            model.overlay = Some(Overlay::Breakpoints {
                selected: 0,
                input: TextInput::default(),
                error: None,
            });
        }
        Navigate::Runs => choices::runs(model),
        Navigate::Compare => choices::compare(model),
        Navigate::Privacy => choices::privacy(model),
        Navigate::Mouse => choices::mouse(model),
        Navigate::Hint => choices::hide_hint(model),
        Navigate::Theme(number) => model.theme = number,
        Navigate::Split(step) => super::split::step(model, step),
        Navigate::Grab(held) => model.panes.grabbed = held,
        Navigate::Drag(x, y) => super::split::drag(model, x, y),
        Navigate::Find => super::find::open(model),
        Navigate::Filter => model.filter.typing = true,
        Navigate::Fold => choices::fold(model),
        Navigate::Zoom => model.panes.zoomed = !model.panes.zoomed,
    }
    Vec::new()
}

/// Leaves the innermost thing: an overlay, a search, the URL bar, a run under way, zoom.
pub(super) fn back(model: &mut Model) -> Vec<Effect> {
    match model.overlay.take() {
        Some(Overlay::Editor { field: Field::Token, .. }) => {}
        Some(Overlay::Editor { field, input, error }) => {
            return edit::accept(model, field, input, error);
        }
        Some(Overlay::Help { over, .. }) => model.overlay = over.map(|over| *over),
        Some(Overlay::Save { what, input, exists: true }) => {
            model.overlay = Some(Overlay::Save { what, input, exists: false });
        }
        Some(_) => {}
        None if model.search.typing || model.search.pattern.is_some() => {
            model.search = Default::default();
        }
        None if model.filter.typing => unfilter(model),
        None if model.is_waiting() || model.asks() => {
            return run::update(model, Run::Cancel);
        }
        None if model.focus == Focus::Url && model.session.is_some() => model.focus = Focus::Chain,
        None if model.focus == Focus::Url && model.listed() > 0 => model.focus = Focus::List,
        None if model.panes.zoomed => model.panes.zoomed = false,
        None if model.filter.is_on() => unfilter(model),
        None => model.focus = if model.session.is_some() { Focus::Chain } else { model.focus },
    }
    Vec::new()
}

/// Keeps selection and scrolling within what there is.
pub(super) fn clamp(model: &mut Model) {
    if let Some(session) = &mut model.session {
        session.selected = session.selected.min(session.rows().saturating_sub(1));
        Spine::renew(session, &model.filter, model.panes.unfolded);
        if stay_in_sight(session, &mut model.filter) {
            begin_page(&mut model.panes);
        }
    }
    page::kept::keep(model);
    let layout = Layout::of(model);
    let inner = layout.pane_inner();
    let pane = model.panes.open;
    if pane == Pane::Body {
        body::clamp(model);
    } else {
        let total = page::lines(model, pane, inner.width).len() as u64;
        let most = total.saturating_sub(u64::from(inner.height));
        let scroll = &mut model.panes.scroll[pane.index()];
        *scroll = (*scroll).min(most);
    }
    model.scenario = model.scenario.min(model.listed().saturating_sub(1));
}

/// The selection is never on a hop that the filter hides, as long as it shows any.
fn stay_in_sight(session: &mut Session, filter: &mut Filter) -> bool {
    let hidden = session.selected;
    let nearest = session.spine.nearest(hidden).filter(|_| !session.spine.covers(hidden));
    if let Some(row) = nearest {
        filter.home = Some(hidden);
        session.selected = row;
    }
    nearest.is_some()
}

/// Another hop is shown: its panes are read from their top.
fn begin_page(panes: &mut Panes) {
    panes.scroll = Default::default();
    panes.column = 0;
    panes.clients.chosen = None;
}

/// Selects again what the filter hid; [`clamp`] moves on from there.
pub(super) fn come_home(model: &mut Model) {
    if let (Some(home), Some(session)) = (model.filter.home.take(), &mut model.session) {
        session.selected = home;
    }
}

fn unfilter(model: &mut Model) {
    come_home(model);
    model.filter = Default::default();
}

/// Brings this line of the open pane onto the screen.
pub(super) fn show_line(model: &mut Model, line: u64) {
    if model.panes.open == Pane::Body {
        return body::show(model, line);
    }
    let height = u64::from(Layout::of(model).pane_inner().height).max(1);
    let scroll = &mut model.panes.scroll[model.panes.open.index()];
    if line < *scroll || line >= *scroll + height {
        *scroll = line.saturating_sub(height / 3);
    }
}

fn enter(model: &mut Model) -> Vec<Effect> {
    if model.search.typing {
        super::search::accept(model);
        return Vec::new();
    }
    if std::mem::take(&mut model.filter.typing) {
        return Vec::new();
    }
    match model.focus {
        Focus::Url => run::update(model, Run::Start),
        Focus::List => start_listed(model),
        Focus::Chain if on_repeats(model) => {
            model.panes.unfolded = true;
            Vec::new()
        }
        Focus::Chain => {
            model.focus = Focus::Pane;
            Vec::new()
        }
        Focus::Pane if clients::has_keys(model) => clients::step(model),
        Focus::Pane if model.panes.open == Pane::Body => body::toggle(model).into_iter().collect(),
        Focus::Pane => explain(model),
    }
}

/// Shows the recent chain that is selected, or runs the scenario.
fn start_listed(model: &mut Model) -> Vec<Effect> {
    let recent = model.recent();
    if let Some(entry) = recent.get(model.scenario) {
        return vec![Effect::History(Ask::Load { id: entry.id, then: Then::Show })];
    }
    match model.scenarios.get(model.scenario - recent.len()) {
        Some(scenario) => run::update(model, Run::Scenario(scenario.id.clone())),
        None => Vec::new(),
    }
}

/// The selected row stands for hops that repeat others.
fn on_repeats(model: &Model) -> bool {
    model.session.as_ref().is_some_and(|session| {
        let row = session.spine.rows().get(session.spine.row_of(session.selected));
        matches!(row, Some(Row::Repeats(_)))
    })
}

/// The first finding at or below the top line.
pub(super) fn finding_in_sight(model: &Model) -> Option<Finding> {
    let width = Layout::of(model).pane_inner().width;
    let top = model.panes.scroll[model.panes.open.index()] as usize;
    let lines = page::lines(model, model.panes.open, width);
    let found = lines.iter().skip(top).find_map(|line| line.finding);
    found.and_then(|at| model.session.as_ref()?.findings.get(at)).cloned()
}

/// Opens its explanation.
fn explain(model: &mut Model) -> Vec<Effect> {
    model.overlay = finding_in_sight(model)
        .map(|finding| Overlay::Explain { finding: Box::new(finding), scroll: 0 });
    Vec::new()
}

fn go(model: &mut Model, place: Place) {
    match place {
        Place::Row(row) => {
            model.focus = if model.session.is_some() { Focus::Chain } else { Focus::List };
            select(model, row);
        }
        Place::StepAfter(row) => {
            select(model, row.saturating_add(1));
            open(model, Pane::Request);
        }
        Place::Pane => model.focus = Focus::Pane,
        Place::Finding(at) => {
            model.focus = Focus::Pane;
            let finding = model.session.as_ref().and_then(|session| session.findings.get(at));
            model.overlay = finding
                .cloned()
                .map(|finding| Overlay::Explain { finding: Box::new(finding), scroll: 0 });
        }
    }
}

fn vertical(model: &mut Model, step: isize) {
    match model.focus {
        Focus::List => model.scenario = model.scenario.saturating_add_signed(step),
        Focus::Url if model.session.is_none() && model.listed() > 0 => model.focus = Focus::List,
        Focus::Url if model.session.is_none() => {}
        Focus::Url | Focus::Chain => {
            let Some(session) = &model.session else { return };
            select(model, session.spine.step(session.selected, step));
        }
        Focus::Pane if clients::has_keys(model) => clients::vertical(model, step),
        Focus::Pane if model.panes.open == Pane::Body => body::move_cursor(model, step as i64),
        Focus::Pane => scroll(model, step as i64),
    }
}

pub(super) fn select(model: &mut Model, row: usize) {
    let Some(session) = &mut model.session else {
        (model.scenario, model.focus) = (row, Focus::List);
        return;
    };
    model.filter.home = None;
    let row = row.min(session.rows().saturating_sub(1));
    session.following = row + 1 >= session.rows();
    if std::mem::replace(&mut session.selected, row) != row {
        begin_page(&mut model.panes);
    }
}

fn scroll(model: &mut Model, lines: i64) {
    let scroll = &mut model.panes.scroll[model.panes.open.index()];
    *scroll = scroll.saturating_add_signed(lines);
}

/// A page on: the cursor of a body goes along.
fn page_by(model: &mut Model, lines: i64) {
    scroll(model, lines);
    if model.panes.open == Pane::Body {
        body::move_cursor(model, lines);
    }
}

fn page_height(model: &Model) -> i64 {
    i64::from(Layout::of(model).text_inner(model.panes.open).height.saturating_sub(1).max(1))
}

/// Back to the left; at the first column a body folds.
fn left(model: &mut Model) -> Vec<Effect> {
    if clients::has_keys(model) {
        clients::sideways(model, -1);
        return Vec::new();
    }
    let in_body = model.focus == Focus::Pane && model.panes.open == Pane::Body;
    if in_body && model.panes.column == 0 {
        return body::left(model).into_iter().collect();
    }
    model.panes.column = model.panes.column.saturating_sub(8);
    Vec::new()
}

/// Unfolds what is folded under the cursor; else further to the right.
fn right(model: &mut Model) {
    if clients::has_keys(model) {
        return clients::sideways(model, 1);
    }
    let in_body = model.focus == Focus::Pane && model.panes.open == Pane::Body;
    if !(in_body && body::right(model)) {
        model.panes.column = model.panes.column.saturating_add(8);
    }
}

fn jump(model: &mut Model, bottom: bool) {
    if model.focus == Focus::Chain {
        let rows = model.session.as_ref().map_or(&[][..], |session| session.spine.rows());
        let row = if bottom { rows.last() } else { rows.first() };
        let end = if bottom { usize::MAX } else { 0 };
        return select(model, row.map_or(end, Row::first));
    }
    if model.focus == Focus::List {
        model.scenario = if bottom { usize::MAX } else { 0 };
        return;
    }
    if model.panes.open == Pane::Body {
        return body::jump(model, bottom);
    }
    model.panes.scroll[model.panes.open.index()] = if bottom { u64::MAX } else { 0 };
}

fn open(model: &mut Model, pane: Pane) {
    if model.session.is_some() {
        model.panes.open = pane;
    }
}
