//! The preview: the request that would be sent next, with its differences to the last one; and the question before a dangerous step.

use crate::app::layout::{Area, Layout, Room};
use crate::app::model::{Model, Session};
use crate::app::page::{Line, Role, clients, preview};
use crate::app::pane::Pane;
use crate::domain::escape::escape;
use crate::domain::finding::Severity;
use crate::domain::text;
use crate::tui::canvas::Canvas;

pub fn render(model: &Model, area: Area, canvas: &mut Canvas<'_>) {
    let Some(session) = &model.session else { return };
    if area.height == 0 {
        return;
    }
    let inner = match Layout::of(model).room {
        Room::Wide => {
            canvas.border(area, false);
            area.inner()
        }
        Room::Tiny | Room::Small | Room::Medium => {
            let rule = "─".repeat(area.width.into());
            canvas.text(Area { height: 1, ..area }, Role::Dim, &rule);
            area.below_title()
        }
    };
    title(
        model,
        session,
        Area { x: area.x + 2, width: area.width.saturating_sub(4), ..area },
        canvas,
    );
    let lines = match Layout::of(model).room {
        Room::Tiny | Room::Small => preview::reasons(session, inner.width),
        Room::Medium | Room::Wide => preview::lines(session, &model.keys, inner.width),
    };
    for (y, line) in (inner.y..inner.bottom()).zip(&lines) {
        canvas.line(Area { y, height: 1, ..inner }, line);
    }
}

fn title(model: &Model, session: &Session, area: Area, canvas: &mut Canvas<'_>) {
    if session.offer.is_some() {
        return canvas.text(area, Role::Strong, " The page itself leads on (not followed) ");
    }
    if session.danger.is_empty() {
        let edited = session.chain.ready().is_some_and(|planned| planned.edited);
        let state = match &session.halted {
            _ if edited => "✎ edited, not sent".to_owned(),
            Some(breakpoint) => format!("not sent: breakpoint {}", escape(&breakpoint.to_string())),
            None => "not sent".to_owned(),
        };
        let title = format!(" Next request ({state}) ");
        canvas.text(area, Role::Strong, &title);
        let taken = text::columns(&title).saturating_add(3).min(area.width);
        let rest = Area { x: area.x + taken, width: area.width - taken, ..area };
        return agreement(model, session, rest, canvas);
    }
    let warning = Role::Severity(Severity::Warning);
    canvas.text(area, warning, " ▲ Send this? ");
    let keys = [
        (Role::Plain, " ".to_owned()),
        (Role::Key, model.keys.yes.clone()),
        (Role::Plain, " sends it · ".to_owned()),
        (Role::Key, model.keys.no.clone()),
        (Role::Plain, " does not ".to_owned()),
    ];
    let keys = Line::of(keys);
    if text::width(&keys.text()) + 14 <= area.width.into() {
        canvas.right(area, &keys);
    }
}

/// How many clients would send the same.
fn agreement(model: &Model, session: &Session, area: Area, canvas: &mut Canvas<'_>) {
    let soft = session.chain.ready().is_some_and(|planned| planned.soft.is_some());
    let (same, all) = match clients::agreement(model, session) {
        _ if soft => {
            return aside(area, Line::of([(Role::Strong, " browsers only ".to_owned())]), canvas);
        }
        Some(agreement) => agreement,
        None => return,
    };
    let role = if same == all { Role::Dim } else { Role::Strong };
    let mut line = Line::of([(role, format!(" {} ", clients::agreement_words(same, all)))]);
    if same < all {
        line.push(Role::Plain, "· ");
        line.push(Role::Key, model.keys.pane(Pane::Clients));
        line.push(Role::Dim, " who differs ");
    }
    aside(area, line, canvas);
}

/// At the right end of the title, where there is room beside it.
fn aside(area: Area, line: Line, canvas: &mut Canvas<'_>) {
    if text::width(&line.text()) <= area.width.into() {
        canvas.right(area, &line);
    }
}
