//! Effect tests: what a message changes, and what it asks for.

use url::Url;

use super::update;
use crate::app::effect::Effect;
use crate::app::message::{
    CopyItem, Edit, Export, FetchEvent, FetchId, Field, Message, Navigate, Project, Run, Search,
    Written,
};
use crate::app::model::{Mode, Model, Overlay, RunOrigin};
use crate::app::pane::{Focus, Pane};
use crate::app::text_input::{InputKey, TextInput};
use crate::domain::breakpoint::Breakpoint;
use crate::domain::chain::{Ending, Limits};
use crate::domain::http::exchange::Exchange;
use crate::domain::http::field;
use crate::domain::http::head::ResponseHead;
use crate::domain::http::method::Method;
use crate::domain::http::request::Draft;
use crate::domain::http::settings::Settings;
use crate::domain::variant::Variant;

fn model(url: &str) -> Model {
    let draft = Draft::get(Url::parse(url).unwrap());
    Model::new(draft, "curl".to_owned(), Limits::default(), Settings::default())
}

fn answer(status: u16, fields: &[(&str, &str)]) -> Box<Exchange> {
    let fields = fields.iter().map(|(name, value)| field::Field::new(*name, *value)).collect();
    let head = ResponseHead { status, fields, ..ResponseHead::default() };
    Box::new(Exchange { response: Some(head), ..Exchange::default() })
}

fn done(id: u64, exchange: Box<Exchange>) -> Message {
    Message::Fetched(FetchId(id), FetchEvent::Done { exchange, now: 1 })
}

fn redirect(to: &str) -> Box<Exchange> {
    answer(302, &[("Location", to)])
}

/// A chain paused at its first redirect.
fn paused(url: &str, location: &str) -> Model {
    let mut model = model(url);
    update(&mut model, Message::Run(Run::Start));
    update(&mut model, done(1, redirect(location)));
    model
}

fn fetched_url(effects: &[Effect]) -> Option<String> {
    effects.iter().find_map(|effect| match effect {
        Effect::Fetch { request, .. } => Some(request.url.to_string()),
        _ => None,
    })
}

#[test]
fn start_sends_one_request_and_stops_at_its_answer() {
    let mut model = model("http://a.test/");
    let effects = update(&mut model, Message::Run(Run::Start));
    assert_eq!(fetched_url(&effects).as_deref(), Some("http://a.test/"));
    assert_eq!(fetched_url(&update(&mut model, done(1, redirect("/b")))), None);
    let session = model.session.unwrap();
    assert_eq!(session.chain.ready().unwrap().request.url.as_str(), "http://a.test/b");
    assert_eq!(session.selected, 0);
}

#[test]
fn a_step_while_a_request_is_under_way_sends_nothing() {
    let mut model = model("http://a.test/");
    update(&mut model, Message::Run(Run::Start));
    assert_eq!(update(&mut model, Message::Run(Run::Step)), vec![]);
}

#[test]
fn continue_goes_to_the_end_without_stops() {
    let mut model = paused("http://a.test/", "/b");
    let effects = update(&mut model, Message::Run(Run::Continue));
    assert_eq!(fetched_url(&effects).as_deref(), Some("http://a.test/b"));
    let effects = update(&mut model, done(2, redirect("/c")));
    assert_eq!(fetched_url(&effects).as_deref(), Some("http://a.test/c"));
    update(&mut model, done(3, answer(200, &[])));
    assert_eq!(model.session.unwrap().chain.ending(), Some(Ending::Final));
}

#[test]
fn a_second_ctrl_c_quits_while_the_first_still_cancels() {
    let mut model = model("http://a.test/");
    update(&mut model, Message::Run(Run::Start));
    let interrupt = || Message::Run(Run::Interrupt);
    assert_eq!(update(&mut model, interrupt()), vec![Effect::Cancel(FetchId(1))]);
    assert_eq!(update(&mut model, interrupt()), vec![Effect::Quit]);
}

#[test]
fn a_reply_to_a_fetch_that_is_not_awaited_changes_nothing() {
    let mut model = paused("http://a.test/", "/b");
    let before = model.clone();
    assert_eq!(update(&mut model, done(7, answer(200, &[]))), vec![]);
    assert_eq!(model, before);
}

#[test]
fn the_next_request_goes_out_while_a_redirect_body_still_arrives() {
    let mut model = model("http://a.test/");
    update(&mut model, Message::Run(Run::Continue));
    let head = FetchEvent::Head { exchange: redirect("/b"), now: 1 };
    let effects = update(&mut model, Message::Fetched(FetchId(1), head));
    assert_eq!(fetched_url(&effects).as_deref(), Some("http://a.test/b"));
    let mut late = redirect("/b");
    late.body.size = 9;
    update(&mut model, done(1, late));
    assert_eq!(model.session.unwrap().chain.hops[0].exchange.body.size, 9);
}

#[test]
fn leaving_https_waits_for_a_yes() {
    let mut model = paused("https://a.test/", "http://a.test/");
    assert_eq!(update(&mut model, Message::Run(Run::Continue)), vec![]);
    assert_eq!(model.session.as_ref().unwrap().danger.len(), 1);
    assert_eq!(update(&mut model, Message::Run(Run::Confirm(false))), vec![]);
    update(&mut model, Message::Run(Run::Step));
    let effects = update(&mut model, Message::Run(Run::Confirm(true)));
    assert_eq!(fetched_url(&effects).as_deref(), Some("http://a.test/"));
}

#[test]
fn an_upgrade_of_the_same_host_is_not_asked_about() {
    let mut model = model("http://u:p@a.test/");
    model.form.method = Method::POST;
    update(&mut model, Message::Run(Run::Start));
    update(&mut model, done(1, answer(308, &[("Location", "https://a.test/")])));
    assert!(fetched_url(&update(&mut model, Message::Run(Run::Step))).is_some());
}

#[test]
fn a_yes_that_was_not_asked_for_sends_nothing_new_while_waiting() {
    let mut model = model("http://a.test/");
    update(&mut model, Message::Run(Run::Start));
    assert_eq!(update(&mut model, Message::Run(Run::Confirm(true))), vec![]);
}

#[test]
fn interrupt_cancels_first_and_quits_then() {
    let mut model = model("http://a.test/");
    update(&mut model, Message::Run(Run::Start));
    assert_eq!(update(&mut model, Message::Run(Run::Interrupt)), vec![Effect::Cancel(FetchId(1))]);
    update(&mut model, done(1, Box::default()));
    assert_eq!(update(&mut model, Message::Run(Run::Interrupt)), vec![Effect::Quit]);
}

#[test]
fn a_url_that_is_none_is_said_and_not_sent() {
    let mut model = model("http://a.test/");
    for _ in 0..20 {
        update(&mut model, Message::Edit(Edit::Key(InputKey::Backspace)));
    }
    update(&mut model, Message::Edit(Edit::Key(InputKey::Insert("ftp://a.test/".into()))));
    assert_eq!(update(&mut model, Message::Run(Run::Start)), vec![]);
    assert_eq!(model.form.error.as_deref(), Some("ftp is not fetched, only http and https are"));
}

#[test]
fn the_copy_menu_copies_and_remembers_the_text() {
    let mut model = paused("http://a.test/", "/b");
    update(&mut model, Message::Export(Export::Menu));
    assert_eq!(model.overlay, Some(Overlay::Copy { selected: 0 }));
    let effects = update(&mut model, Message::Export(Export::Copy(CopyItem::Location)));
    let text = "http://a.test/b".to_owned();
    assert_eq!(effects, vec![Effect::Copy { text: text.clone(), what: "resolved Location" }]);
    assert_eq!(model.copied, Some(text));
}

#[test]
fn the_body_pane_asks_for_its_window_once() {
    let mut model = paused("http://a.test/", "/b");
    let effects = update(&mut model, Message::Navigate(Navigate::Open(Pane::Body)));
    assert!(matches!(effects[..], [Effect::ReadBody(_)]));
    assert_eq!(update(&mut model, Message::Tick { elapsed: Default::default() }), vec![]);
}

#[test]
fn escape_leaves_the_url_bar_and_keeps_what_was_typed() {
    let mut model = paused("http://a.test/", "/b");
    update(&mut model, Message::Navigate(Navigate::FocusUrl));
    update(&mut model, Message::Edit(Edit::Key(InputKey::Insert("x".into()))));
    update(&mut model, Message::Navigate(Navigate::Back));
    assert_eq!((model.focus, model.form.url.text()), (Focus::Chain, "http://a.test/x"));
}

#[test]
fn a_search_without_a_match_says_so() {
    let mut model = paused("http://a.test/", "/b");
    update(&mut model, Message::Search(Search::Open));
    update(&mut model, Message::Edit(Edit::Key(InputKey::Insert("zzz".into()))));
    assert_eq!(model.status.unwrap().text, "not found: zzz");
}

#[test]
fn resending_a_hop_begins_a_run_with_the_hops_before_it_and_keeps_the_old_one() {
    let mut model = paused("http://a.test/", "/b");
    update(&mut model, Message::Run(Run::Step));
    update(&mut model, done(2, answer(200, &[])));
    update(&mut model, Message::Navigate(Navigate::Select(1)));
    let effects = update(&mut model, Message::Run(Run::Resend));
    assert_eq!(fetched_url(&effects).as_deref(), Some("http://a.test/b"));
    assert_eq!(model.session.as_ref().unwrap().chain.hops.len(), 1);
    assert_eq!(model.others[0].chain.hops.len(), 2);
    update(&mut model, Message::Run(Run::Switch(-1)));
    assert_eq!(model.session.as_ref().unwrap().number, 1);
}

#[test]
fn an_edited_next_request_is_sent_and_marked_for_ever() {
    let mut model = paused("http://a.test/", "/b");
    update(&mut model, Message::Edit(Edit::Open(Field::Next)));
    let Some(Overlay::Editor { input, .. }) = &mut model.overlay else { panic!("no editor") };
    let text = input.text().replace("GET ", "PUT ");
    *input = TextInput::lines(text);
    update(&mut model, Message::Navigate(Navigate::Back));
    update(&mut model, Message::Run(Run::Step));
    update(&mut model, done(2, answer(200, &[])));
    let hop = &model.session.unwrap().chain.hops[1];
    assert!(hop.edited);
    assert_eq!(hop.request.method, Method::PUT);
}

#[test]
fn a_breakpoint_halts_a_run_that_continues() {
    let mut model = model("http://a.test/");
    // no preview says it there
    update(&mut model, Message::Resize { width: 40, height: 12 });
    update(
        &mut model,
        Message::Run(Run::ToggleBreakpoint(Breakpoint::parse("status 302").unwrap())),
    );
    update(&mut model, Message::Run(Run::Continue));
    assert_eq!(update(&mut model, done(1, redirect("/b"))), vec![]);
    let session = model.session.as_ref().unwrap();
    assert_eq!((session.mode, session.halted.is_some()), (Mode::Stepping, true));
    let said = model.status.as_ref().map(|status| status.text.as_str());
    assert_eq!(said, Some("stopped at breakpoint status 302"));
    assert!(fetched_url(&update(&mut model, Message::Run(Run::Continue))).is_some());
}

#[test]
fn a_late_reply_to_an_earlier_run_is_kept_there() {
    let mut model = model("http://a.test/");
    update(&mut model, Message::Run(Run::Start));
    update(&mut model, Message::Run(Run::Start));
    assert_eq!(update(&mut model, done(1, answer(200, &[]))), vec![]);
    assert_eq!(model.others[0].chain.hops.len(), 1);
    assert!(model.session.unwrap().chain.hops.is_empty());
}

#[test]
fn a_variant_runs_to_its_end_and_then_stands_beside_the_run_it_varies() {
    let mut model = paused("http://a.test/", "/b");
    let effects = update(&mut model, Message::Run(Run::Variant(Variant::Head)));
    let method = effects.iter().find_map(|effect| match effect {
        Effect::Fetch { request, .. } => Some(request.method.clone()),
        _ => None,
    });
    assert_eq!(method, Some(Method::HEAD));
    let origin = model.session.as_ref().unwrap().origin;
    assert_eq!(origin, RunOrigin::Varied { run: 1, variant: Variant::Head });
    assert_eq!(model.overlay, None);
    update(&mut model, done(2, answer(404, &[])));
    assert_eq!(model.overlay, Some(Overlay::Compare { with: 1, scroll: 0 }));
}

#[test]
fn a_typed_url_with_a_space_is_written_as_it_is_sent_and_says_so() {
    let typed = |text: &str| {
        let mut model = model("http://a.test/");
        model.form.url = TextInput::line(text);
        let effects = update(&mut model, Message::Run(Run::Start));
        let said = model.status.map(|status| status.text);
        (fetched_url(&effects), model.form.url.text().to_owned(), said, model.form.error)
    };
    let space = "http://a.test/b%20c?d%20e".to_owned();
    let said = "a space in a URL goes as %20".to_owned();
    assert_eq!(
        typed(" http://a.test/b c?d e "),
        (Some(space.clone()), space.clone(), Some(said.clone()), None)
    );
    let and_tabs = format!("{said}, tabs are left out");
    assert_eq!(
        typed("http://a.test/b c?d\t e"),
        (Some(space.clone()), space, Some(and_tabs), None)
    );
    let (sent, shown, _, error) = typed("http://a b/");
    assert_eq!((sent, shown.as_str()), (None, "http://a b/"));
    assert_eq!(error.as_deref(), Some("not a URL: a host name holds no space"));
}

#[test]
fn the_keys_of_a_list_work_among_breakpoints_until_something_is_typed() {
    let mut model = paused("http://a.test/", "/b");
    let type_in = |model: &mut Model, text: &str| {
        update(model, Message::Edit(Edit::Key(InputKey::Insert(text.to_owned()))));
    };
    update(&mut model, Message::Navigate(Navigate::Breakpoints));
    for letter in ["j", "j", "k", " "] {
        type_in(&mut model, letter);
    }
    assert_eq!(model.breakpoints, [Breakpoint::Downgrade]);
    for letter in ["h", "o", "s", "t", " ", "k", "j"] {
        type_in(&mut model, letter);
    }
    update(&mut model, Message::Navigate(Navigate::Enter));
    let host = Breakpoint::parse("host kj").unwrap();
    assert_eq!(model.breakpoints, [Breakpoint::Downgrade, host]);
}

#[test]
fn what_is_said_names_the_keys_in_force() {
    let mut model = model("http://a.test/");
    model.keys.resend = "C-r".to_owned();
    model.keys.back = "C-g".to_owned();
    model.keys.undo = "C-_".to_owned();
    model.keys.save = "C-x".to_owned();
    model.keys.panes = Pane::ALL.map(|pane| format!("F{}", pane.digit()));
    let mut says = |message| {
        update(&mut model, message);
        model.status.as_ref().map(|status| status.text.clone()).unwrap_or_default()
    };
    assert_eq!(says(Message::Project(Project::Offer)), "no finding is in sight: F8 lists them");
    let change =
        Written { says: "slow-hop = false".to_owned(), before: None, after: String::new() };
    let written = Project::Written { path: "t".to_owned(), change, policy: Box::default() };
    assert_eq!(says(Message::Project(written)), "t: slow-hop = false; C-_ takes it back");
    let unread = says(Message::BodyText(None));
    assert_eq!(unread, "too long for a clipboard: C-x saves it to a file");
    says(Message::Run(Run::Start));
    says(done(1, redirect("/b")));
    says(Message::Run(Run::Probe));
    says(Message::Run(Run::Confirm(true)));
    assert_eq!(says(Message::Run(Run::Probe)), "probes are under way; C-g stops them");
    let probed = (2..40).map(|id| says(done(id, answer(500, &[])))).last().unwrap();
    assert!(probed.contains("F8 shows"), "{probed}");
    says(Message::Run(Run::Step));
    (2..40).for_each(|id| drop(says(done(id, answer(200, &[])))));
    let next = Message::Edit(Edit::Open(Field::Next));
    assert_eq!(says(next), "no request comes next; C-r sends the selected hop again");
}
