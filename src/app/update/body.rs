//! The body pane: what the screen needs is asked for, what arrives is kept while it fits; the cursor and the folds.

use crate::app::effect::{Ask, BodyFold, BodyQuery, Effect, FoldAsk, Tool};
use crate::app::layout::Layout;
use crate::app::message::{BodyAct, BodyFolded, BodyWindow, FoldAnswer, Savable, Saved};
use crate::app::model::{BodyPane, Model, Overlay, Status};
use crate::app::page::{self, units};
use crate::app::pane::Pane;
use crate::app::text_input::TextInput;
use crate::domain::body_view::file_name::file_name;
use crate::domain::body_view::{Folds, View};
use crate::domain::escape::escape;
use crate::domain::http::body::BodyId;

/// Asks for the window that is on the screen, unless it was asked for already.
pub(super) fn wanted(model: &mut Model) -> Option<Effect> {
    if model.panes.open != Pane::Body {
        return None;
    }
    let query = query(model)?;
    if model.panes.body.query.as_ref() == Some(&query) {
        return None;
    }
    model.panes.body.query = Some(query.clone());
    Some(Effect::ReadBody(query))
}

/// Takes a window in, unless the user has moved to another body or view since.
pub(super) fn arrived(model: &mut Model, window: BodyWindow) -> Vec<Effect> {
    let asked = model.panes.body.query.as_ref();
    if asked.is_some_and(|query| query.id == window.id && query.view == window.view) {
        model.panes.body.window = Some(Box::new(window));
    }
    Vec::new()
}

/// What a key does to the body on the screen.
pub(super) fn act(model: &mut Model, act: BodyAct) -> Vec<Effect> {
    let folds =
        matches!(act, BodyAct::Fold | BodyAct::FoldMore | BodyAct::FoldLess | BodyAct::Unfold);
    if folds && model.panes.open != Pane::Body {
        model.panes.open = Pane::Body;
        return Vec::new();
    }
    let level = model.panes.body.level;
    match act {
        BodyAct::Fold => toggle(model).into_iter().collect(),
        BodyAct::FoldMore => fold_level(model, level.map_or(1, |level| level.saturating_sub(1))),
        BodyAct::FoldLess => match level {
            Some(level) => fold_level(model, level + 1),
            None => Vec::new(),
        },
        BodyAct::Unfold => {
            unfold(model);
            Vec::new()
        }
        BodyAct::Open(tool) => open(model, tool).into_iter().collect(),
        BodyAct::Save => {
            ask_name(model);
            Vec::new()
        }
        BodyAct::Overwrite => write(model, true).into_iter().collect(),
    }
}

/// Writes the body, or the chain, to the file that was named.
pub(super) fn write(model: &mut Model, overwrite: bool) -> Option<Effect> {
    let Some(Overlay::Save { what, input, .. }) = model.overlay.take() else { return None };
    let path = input.text().trim().to_owned();
    (!path.is_empty()).then_some(match what {
        Savable::Body(id) => Effect::SaveBody { id, path, overwrite },
        Savable::Chain(id) => Effect::History(Ask::Export { id, path, overwrite }),
    })
}

/// Says how saving went; asks before a file is written over.
pub(super) fn saved(model: &mut Model, saved: Saved) -> Vec<Effect> {
    let (text, trouble) = match saved {
        Saved::Done { path, size } => {
            (format!("{} saved to {}", units::bytes(size), escape(&path)), false)
        }
        Saved::Exists { what, path } => {
            let input = TextInput::line(path);
            model.overlay = Some(Overlay::Save { what, input, exists: true });
            return Vec::new();
        }
        Saved::Failed(why) => (format!("not saved: {}", escape(&why)), true),
    };
    model.status = Some(Status { text, trouble });
    Vec::new()
}

fn open(model: &mut Model, tool: Tool) -> Option<Effect> {
    let (id, name) = named(model)?;
    Some(Effect::OpenBody { id, tool, name })
}

fn ask_name(model: &mut Model) {
    if let Some((id, name)) = named(model) {
        let what = Savable::Body(id);
        model.overlay = Some(Overlay::Save { what, input: TextInput::line(name), exists: false });
    }
}

/// The body of the selected hop and a name for it; says so when there is none.
fn named(model: &mut Model) -> Option<(BodyId, String)> {
    let hop = model.session.as_ref().and_then(page::selected_hop);
    let hop = hop.filter(|hop| hop.exchange.response.is_some() && !hop.exchange.body.is_empty());
    let named = hop.map(|hop| {
        let media_type = hop.exchange.fields().text("Content-Type");
        (hop.exchange.body.id, file_name(&hop.request.url, media_type.as_deref()))
    });
    if named.is_none() {
        model.say("this hop has no body");
    }
    named
}

/// Left: back to the first column, fold what is open here, then up to what holds it.
pub(super) fn left(model: &mut Model) -> Option<Effect> {
    let line = model.panes.body.cursor;
    let opens = cursor_line(model).is_some_and(|line| line.opens);
    let folded = model.panes.body.folds.behind(line).is_some();
    let ask = if opens && !folded { FoldAsk::Line(line) } else { FoldAsk::Parent(line) };
    ask_fold(model, ask)
}

/// Right: unfold what is folded here; false when nothing is.
pub(super) fn right(model: &mut Model) -> bool {
    let line = model.panes.body.cursor;
    model.panes.body.folds.open(line)
}

/// Folds what the line under the cursor opens, or what holds it; unfolds it when it is folded.
pub(super) fn toggle(model: &mut Model) -> Option<Effect> {
    if right(model) {
        return None;
    }
    left(model)
}

/// Takes in what a fold came to.
pub(super) fn folded(model: &mut Model, folded: BodyFolded) -> Vec<Effect> {
    let BodyFolded { ask, answer } = folded;
    if model.panes.body.of != Some((ask.id, ask.view)) {
        return Vec::new();
    }
    match (ask.ask, answer) {
        (FoldAsk::Level(depth), FoldAnswer::Level { folds, whole }) => {
            take_level(model, depth, Folds::of(folds), whole);
        }
        (FoldAsk::Parent(_), FoldAnswer::Parent(Some(line))) => show(model, line),
        (FoldAsk::Line(line), FoldAnswer::Line(Some(lines))) => {
            if model.panes.body.folds.behind(line).is_none() {
                model.panes.body.folds.toggle(lines);
            }
        }
        (_, FoldAnswer::TooEarly) | (FoldAsk::Line(_), FoldAnswer::Line(None)) => {
            model.say("the end of this has not arrived yet");
        }
        (_, FoldAnswer::Parent(_) | FoldAnswer::Line(_) | FoldAnswer::Level { .. }) => {}
    }
    Vec::new()
}

/// Moves the cursor by rows and keeps it in sight.
pub(super) fn move_cursor(model: &mut Model, rows: i64) {
    let total = model.panes.body.rows();
    let body = &mut model.panes.body;
    let row = body.folds.row(body.cursor).saturating_add_signed(rows);
    body.cursor = body.folds.line(row.min(total.saturating_sub(1)));
    follow(model);
}

/// To the first or the last line.
pub(super) fn jump(model: &mut Model, bottom: bool) {
    model.panes.body.cursor = 0;
    move_cursor(model, if bottom { i64::MAX } else { 0 });
}

/// Puts the cursor on a line and brings it onto the screen, out of every fold.
pub(super) fn show(model: &mut Model, line: u64) {
    let height = height(model);
    let body = &mut model.panes.body;
    body.folds.reveal(line);
    body.cursor = line;
    let row = body.folds.row(line);
    let scroll = &mut model.panes.scroll[Pane::Body.index()];
    if row < *scroll || row >= *scroll + height {
        *scroll = row.saturating_sub(height / 3);
    }
}

/// Keeps scrolling and cursor within the body, and the cursor within what is in sight.
pub(super) fn clamp(model: &mut Model) {
    let of = identity(model);
    if of.is_some() && model.panes.body.of != of {
        let BodyPane { view, window, query, .. } = std::mem::take(&mut model.panes.body);
        model.panes.body = BodyPane { view, window, query, of, ..BodyPane::default() };
    }
    let (total, height) = (model.panes.body.rows(), height(model));
    let scroll = &mut model.panes.scroll[Pane::Body.index()];
    *scroll = (*scroll).min(total.saturating_sub(height));
    let last = (*scroll + height).min(total).saturating_sub(1);
    let body = &mut model.panes.body;
    let row = body.folds.row(body.cursor);
    if row < *scroll || row > last || body.folds.line(row) != body.cursor {
        body.cursor = body.folds.line(row.clamp(*scroll, last.max(*scroll)));
    }
}

/// The view that fits the body of the selected hop.
pub(super) fn fitting(model: &Model) -> Option<View> {
    let hop = page::selected_hop(model.session.as_ref()?)?;
    let media_type = hop.exchange.fields().text("Content-Type");
    Some(View::choose(media_type.as_deref(), &hop.exchange.body.head))
}

fn query(model: &Model) -> Option<BodyQuery> {
    let (id, view) = identity(model)?;
    let inner = Layout::of(model).text_inner(Pane::Body);
    let body = &model.panes.body;
    let first = model.panes.scroll[Pane::Body.index()];
    Some(BodyQuery {
        id,
        view,
        lines: body.folds.lines(first..first + u64::from(inner.height)),
        cursor: body.cursor,
        column: model.panes.column,
        width: match model.panes.wrap {
            true => inner.width.saturating_mul(inner.height.max(1)),
            false => inner.width,
        },
    })
}

/// The body on the screen and how it is shown.
fn identity(model: &Model) -> Option<(BodyId, View)> {
    let hop = page::selected_hop(model.session.as_ref()?)?;
    hop.exchange.response.as_ref()?;
    let view = model.panes.body.view.or_else(|| fitting(model))?;
    Some((hop.exchange.body.id, view))
}

fn cursor_line(model: &Model) -> Option<&crate::domain::body_view::Line> {
    let cursor = model.panes.body.cursor;
    let window = model.panes.body.window.as_ref()?;
    window.lines.iter().find(|line| line.number == cursor)
}

fn height(model: &Model) -> u64 {
    u64::from(Layout::of(model).text_inner(Pane::Body).height).max(1)
}

/// Scrolls just so far that the cursor is in sight; wrapped lines may take several rows each.
fn follow(model: &mut Model) {
    let height = height(model);
    let row = model.panes.body.folds.row(model.panes.body.cursor);
    let mut scroll = model.panes.scroll[Pane::Body.index()];
    scroll = scroll.clamp((row + 1).saturating_sub(height), row);
    while model.panes.wrap && scroll < row && wrapped_rows(model, scroll..row + 1) > height {
        scroll += 1;
    }
    model.panes.scroll[Pane::Body.index()] = scroll;
}

/// How many rows of the screen these rows take when they are wrapped, as far as their lines are known.
fn wrapped_rows(model: &Model, rows: std::ops::Range<u64>) -> u64 {
    let inner = Layout::of(model).text_inner(Pane::Body);
    let columns = u64::from(inner.width).max(1);
    let body = &model.panes.body;
    let lines = body.window.iter().flat_map(|window| &window.lines);
    let shown = lines.filter(|line| rows.contains(&body.folds.row(line.number)));
    shown.map(|line| line.width().div_ceil(columns).max(1)).sum()
}

fn fold_level(model: &mut Model, level: u32) -> Vec<Effect> {
    ask_fold(model, FoldAsk::Level(level)).into_iter().collect()
}

fn ask_fold(model: &mut Model, ask: FoldAsk) -> Option<Effect> {
    let (id, view) = model.panes.body.of?;
    Some(Effect::FoldBody(BodyFold { id, view, ask }))
}

fn take_level(model: &mut Model, depth: u32, folds: Folds, whole: bool) {
    let (count, cursor) = (folds.count(), model.panes.body.cursor);
    if count == 0 {
        let already = model.panes.body.level.is_none();
        unfold(model);
        return model.say(if already { "nothing here folds" } else { "all is unfolded" });
    }
    let body = &mut model.panes.body;
    (body.folds, body.level) = (folds, Some(depth));
    body.cursor = body.folds.line(body.folds.row(cursor));
    let row = body.folds.row(body.cursor);
    model.panes.scroll[Pane::Body.index()] = row.saturating_sub(height(model) / 3);
    if !whole {
        model.say(format!("the first {count} are folded; there are more"));
    }
}

fn unfold(model: &mut Model) {
    let cursor = model.panes.body.cursor;
    model.panes.body.folds.clear();
    model.panes.body.level = None;
    model.panes.scroll[Pane::Body.index()] = cursor.saturating_sub(height(model) / 3);
}
