//! Messages of every kind: what keys mean, what the shell answers, and what nobody asked for.

use std::ops::Range;
use std::time::Duration;

use hopstep::app::effect::{BodyFold, FoldAsk, Tool};
use hopstep::app::message::{
    BodyAct, BodyFolded, BodyWindow, Copied, CopyItem, Edit, Export, FetchEvent, FetchId, Field,
    FoldAnswer, Message, Navigate, Past, Place, Run, Savable, Saved, Search,
};
use hopstep::app::model::COPY_MENU;
use hopstep::app::pane::Pane;
use hopstep::app::text_input::InputKey;
use hopstep::domain::body_view::{Line, View};
use hopstep::domain::breakpoint::Breakpoint;
use hopstep::domain::finding::Severity;
use hopstep::domain::history::Entry;
use hopstep::domain::http::body::BodyId;
use hopstep::domain::http::exchange::Exchange;
use hopstep::domain::http::method::Method;
use hopstep::domain::variant::Variant;
use proptest::prelude::*;

use super::{line_number, number, size, spot, text, then};

/// Every kind of message, whether it fits or not.
pub(crate) fn message() -> impl Strategy<Value = Message> {
    prop_oneof![
        4 => run().prop_map(Message::Run),
        8 => navigate().prop_map(Message::Navigate),
        3 => edit().prop_map(Message::Edit),
        1 => prop::sample::select(vec![Search::Open, Search::Next, Search::Previous])
            .prop_map(Message::Search),
        2 => copy_item().prop_map(|item| Message::Export(Export::Copy(item))),
        1 => Just(Message::Export(Export::Menu)),
        1 => Just(Message::Begun("g".to_owned())),
        2 => navigate().prop_map(|navigate| Message::Act(Box::new(Message::Navigate(navigate)))),
        2 => body_act().prop_map(Message::Body),
        1 => Just(Message::Fetched(FetchId(0), FetchEvent::Done {
            exchange: Box::new(Exchange::default()),
            now: 0,
        })),
        2 => body_window().prop_map(|window| Message::BodyWindow(Box::new(window))),
        2 => body_folded().prop_map(|folded| Message::BodyFolded(Box::new(folded))),
        1 => text().prop_map(|path| Message::Saved(Saved::Done { path, size: u64::MAX })),
        1 => text().prop_map(|path| Message::Saved(Saved::Exists { what: Savable::Body(BodyId(0)), path })),
        1 => text().prop_map(|path| Message::Saved(Saved::Exists { what: Savable::Chain(7), path })),
        1 => text().prop_map(|why| Message::Saved(Saved::Failed(why))),
        1 => text().prop_map(|text| Message::BodyText(Some(text))),
        1 => Just(Message::BodyText(None)),
        3 => (field(), text(), any::<bool>()).prop_map(|(field, text, good)| Message::Edited {
            field,
            text: if good { Ok(text) } else { Err(text) },
        }),
        1 => prop::sample::select(vec![Copied::Clipboard, Copied::Terminal]).prop_map(Message::Copied),
        1 => (text(), text())
            .prop_map(|(text, why)| Message::Copied(Copied::Nowhere { text, why })),
        1 => prop::sample::select(vec![Duration::from_millis(40), Duration::from_secs(1 << 40)])
            .prop_map(|elapsed| Message::Tick { elapsed }),
        1 => size().prop_map(|(width, height)| Message::Resize { width, height }),
        3 => past().prop_map(Message::Past),
        1 => text().prop_map(Message::Trouble),
    ]
}

fn run() -> impl Strategy<Value = Run> {
    prop_oneof![
        prop::sample::select(vec![
            Run::Start,
            Run::Step,
            Run::Continue,
            Run::Soft,
            Run::Cancel,
            Run::Confirm(true),
            Run::Confirm(false),
            Run::Resend,
            Run::Switch(-1),
            Run::Switch(1),
            Run::Switch(i8::MIN),
            Run::Interrupt,
            Run::Suspend,
            Run::Quit,
            Run::ChooseClient("got".into()),
            Run::ChooseClient("no such".into()),
            Run::Scenario("checkout".into()),
            Run::Scenario("no such".into()),
        ]),
        prop::sample::select(Variant::ALL.to_vec()).prop_map(Run::Variant),
        breakpoint().prop_map(Run::ToggleBreakpoint),
    ]
}

fn breakpoint() -> impl Strategy<Value = Breakpoint> {
    prop_oneof![
        prop::sample::select(Breakpoint::PLAIN.to_vec()),
        (any::<u16>(), any::<u16>()).prop_map(|(from, to)| Breakpoint::Status { from, to }),
        text().prop_map(Breakpoint::Host),
        prop::sample::select(Severity::ALL.to_vec()).prop_map(Breakpoint::Finding),
    ]
}

fn navigate() -> impl Strategy<Value = Navigate> {
    use Navigate::*;
    let place = prop_oneof![
        (0usize..40).prop_map(Place::Row),
        Just(Place::Row(usize::MAX)),
        (0usize..40).prop_map(Place::StepAfter),
        Just(Place::StepAfter(usize::MAX)),
        Just(Place::Pane),
        (0usize..9).prop_map(Place::Finding),
        Just(Place::Finding(usize::MAX)),
    ];
    prop_oneof![
        4 => prop::sample::select(vec![
            Up, Down, PageUp, PageDown, Left, Right, Top, Bottom, NextPane, PreviousPane, SwitchFocus,
            FocusUrl, Enter, Back, Help, Jump, Palette, MethodPicker, ClientPicker, NextView, Wrap,
            Zoom, Privacy, Mouse, Find, Filter, Fold, Breakpoints, Variants, Runs, Compare,
            Grab(true), Grab(false),
        ]),
        1 => prop::sample::select(Pane::ALL.to_vec()).prop_map(Open),
        1 => prop_oneof![0usize..40, Just(usize::MAX)].prop_map(Select),
        1 => prop_oneof![-40i16..40, Just(i16::MIN), Just(i16::MAX)].prop_map(Scroll),
        1 => place.prop_map(Go),
        1 => prop_oneof![0usize..8, Just(usize::MAX)].prop_map(Theme),
        1 => any::<i8>().prop_map(Split),
        1 => spot().prop_map(|(x, y)| Drag(x, y)),
    ]
}

fn edit() -> impl Strategy<Value = Edit> {
    use InputKey::*;
    let input = prop::sample::select(vec![
        Backspace,
        Delete,
        DeleteWord,
        DeleteToStart,
        DeleteToEnd,
        Left,
        Right,
        WordLeft,
        WordRight,
        Home,
        End,
        Up,
        Down,
    ]);
    let method =
        ["GET", "POST", "HEAD", "PUT", "OPTIONS", "x-ODD"].map(|name| Method::parse(name).unwrap());
    prop_oneof![
        3 => input.prop_map(Edit::Key),
        3 => text().prop_map(|text| Edit::Key(Insert(text))),
        1 => prop::sample::select(method.to_vec()).prop_map(Edit::Method),
        1 => Just(Edit::Forcing),
        2 => field().prop_map(Edit::Open),
        1 => Just(Edit::External),
        1 => Just(Edit::Restore),
    ]
}

fn field() -> impl Strategy<Value = Field> {
    prop::sample::select(vec![Field::Headers, Field::Body, Field::Auth, Field::Next, Field::Whole])
}

fn copy_item() -> impl Strategy<Value = CopyItem> {
    prop::sample::select(COPY_MENU.map(|(_, item, _)| item).to_vec())
}

fn body_act() -> impl Strategy<Value = BodyAct> {
    prop::sample::select(vec![
        BodyAct::Fold,
        BodyAct::FoldMore,
        BodyAct::FoldLess,
        BodyAct::Unfold,
        BodyAct::Open(Tool::Pager),
        BodyAct::Open(Tool::Editor),
        BodyAct::Save,
        BodyAct::Overwrite,
    ])
}

fn view() -> impl Strategy<Value = View> {
    prop::sample::select(vec![
        View::Json,
        View::Html,
        View::Xml,
        View::Form,
        View::Text,
        View::Raw,
        View::Hex,
    ])
}

fn range() -> impl Strategy<Value = Range<u64>> {
    (line_number(), line_number()).prop_map(|(one, other)| one.min(other)..one.max(other))
}

/// A window that nobody asked for, or not like this.
fn body_window() -> impl Strategy<Value = BodyWindow> {
    let line = (line_number(), range()).prop_map(|(number, source)| Line {
        number,
        spans: Vec::new(),
        source,
        continues: false,
        opens: true,
    });
    let lines = prop::collection::vec(line, 0..4);
    (0u64..3, view(), number(), lines, line_number(), line_number()).prop_map(
        |(id, view, column, lines, total, cursor)| BodyWindow {
            id: BodyId(id),
            view,
            column,
            lines,
            total,
            indexed: total % 2 == 0,
            cursor,
            path: Some("$.\u{202e}a".to_owned()),
            fault: None,
            charset: "UTF-8",
        },
    )
}

fn body_folded() -> impl Strategy<Value = BodyFolded> {
    let ask = prop_oneof![
        line_number().prop_map(FoldAsk::Line),
        (0u32..9).prop_map(FoldAsk::Level),
        line_number().prop_map(FoldAsk::Parent),
    ];
    let answer = prop_oneof![
        prop::option::of(range()).prop_map(FoldAnswer::Line),
        prop::collection::vec(range(), 0..5)
            .prop_map(|folds| FoldAnswer::Level { folds, whole: false }),
        prop::option::of(line_number()).prop_map(FoldAnswer::Parent),
        Just(FoldAnswer::TooEarly),
    ];
    (0u64..3, view(), ask, answer).prop_map(|(id, view, ask, answer)| BodyFolded {
        ask: BodyFold { id: BodyId(id), view, ask },
        answer,
    })
}

fn past() -> impl Strategy<Value = Past> {
    let entry = (any::<i64>(), text(), any::<u32>()).prop_map(|(id, url, hops)| Entry {
        id,
        started_at: id,
        method: url.clone(),
        client: url.clone(),
        outcome: "final".to_owned(),
        status: Some(hops as u16),
        severity: Some(url.clone()),
        url,
        hops,
        masked: hops % 2 == 0,
    });
    let listed =
        (prop::sample::select(vec!["", "a"]), prop::collection::vec(entry, 0..5), any::<i64>());
    prop_oneof![
        2 => Just(Past::Open),
        2 => then().prop_map(Past::Take),
        1 => Just(Past::Delete),
        1 => Just(Past::Export),
        3 => listed.prop_map(|(search, entries, now)| Past::Listed {
            search: search.to_owned(),
            entries,
            now,
        }),
    ]
}
