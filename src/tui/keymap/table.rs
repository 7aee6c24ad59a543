//! The table of keys, one row a key.

use std::borrow::Cow;

use crate::app::effect::Tool;
use crate::app::message::{
    BodyAct, Complete, Edit, Export, Field, Message, Navigate, Past, Project, Run, Search, Then,
};
use crate::app::pane::Pane;
use crate::app::text_input::InputKey;

use super::{Binding, Context as In};

/// Every key there is. Rows that stand first stay longest in the footer.
#[rustfmt::skip]
pub(super) static ALL: &[Binding] = &[
    row(In::Question, "y", run(Run::Confirm(true)), "send it", "send the request all the same; no other key sends it"),
    row(In::Question, "n esc", run(Run::Confirm(false)), "don't", "do not send"),
    row(In::Completion, "tab", complete(Complete::Take), "complete", "take the suggestion"),
    row(In::Completion, "down", complete(Complete::Next), "choose", "choose one of the suggestions below"),
    row(In::Completion, "up", complete(Complete::Previous), "", "suggestion before"),
    row(In::Completion, "esc", complete(Complete::Drop), "none of them", "put the suggestions away"),
    row(In::List, "enter", nav(Navigate::Enter), "start", "start the scenario, or show the recent chain"),
    row(In::List, "j down", nav(Navigate::Down), "down", "next row"),
    row(In::List, "k up", nav(Navigate::Up), "up", "row before"),
    row(In::Session, "s", run(Run::Step), "step", "send the next request and stop at its response"),
    row(In::Session, "c", run(Run::Continue), "continue", "go on to the end of the chain, or to a dangerous step"),
    row(In::Session, "esc", nav(Navigate::Back), "cancel", "cancel what runs; else one level back"),
    row(In::Session, "n", Message::Search(Search::Next), "next", "next match"),
    row(In::Session, "N", Message::Search(Search::Previous), "previous", "match before"),
    row(In::Session, "v", nav(Navigate::NextView), "view", "show the body another way: pretty, raw, hex; in Clients: this hop or the whole chain"),
    row(In::Session, "-", body(BodyAct::FoldMore), "fold", "fold the body, a level more with each press"),
    row(In::Session, "+", body(BodyAct::FoldLess), "", "unfold a level of the body"),
    row(In::Session, "*", body(BodyAct::Unfold), "", "unfold the whole body"),
    row(In::Session, "|", body(BodyAct::Open(Tool::Pager)), "open", "open the body in $PAGER"),
    row(In::Session, "O", body(BodyAct::Open(Tool::Editor)), "", "open a copy of the body in $EDITOR"),
    row(In::Session, "S", body(BodyAct::Save), "save", "save the body to a file"),
    row(In::Session, "w", nav(Navigate::Wrap), "wrap", "wrap long body lines, and back"),
    row(In::Pane, "enter", nav(Navigate::Enter), "explain", "explain the first finding in sight; in a body: fold or unfold; in Clients: step as the chosen one"),
    row(In::Session, "E", Message::Edit(Edit::Open(Field::Next)), "edit", "edit the next request before it is sent; the hop stays marked"),
    row(In::Session, "alt-e", Message::Edit(Edit::External), "", "edit the next request in $EDITOR"),
    row(In::Session, "F", run(Run::Soft), "follow", "make the request ready to which the final page itself leads: refresh, form, script"),
    row(In::Session, "y", Message::Export(Export::Menu), "copy", "copy a curl command, URL, head, ...: opens the menu"),
    row(In::Session, "=", nav(Navigate::Compare), "compare", "put the run before beside this one"),
    row(In::Session, "R", run(Run::Resend), "resend", "send the selected hop again, as a new run; this one is kept"),
    row(In::Session, "r", run(Run::Start), "again", "run the request in the URL bar from the start"),
    row(In::Everywhere, "a", nav(Navigate::ClientPicker), "as", "choose the client whose redirect rules decide"),
    row(In::Session, "/", Message::Search(Search::Open), "find", "search in the open pane"),
    row(In::Everywhere, ":", nav(Navigate::Palette), "all", "every action, found by a few letters"),
    row(In::Session, "tab", nav(Navigate::NextPane), "pane", "next pane"),
    row(In::Chain, "enter", nav(Navigate::Enter), "enter pane", "give the keys to the open pane"),
    row(In::Session, "f", nav(Navigate::Filter), "filter", "show only some hops: 302, 3xx, host:shop, finding:error, any text, !text"),
    row(In::Session, "g~/", nav(Navigate::Find), "find in all", "search the heads and bodies of every hop"),
    row(In::Session, "V", nav(Navigate::Variants), "vary", "run the chain in another way (without cookies, as browser, ...) and see where the two part"),
    row(In::Session, "P", run(Run::Probe), "probe", "ask the selected hop again in other ways (HEAD, other language, other host, ...): says what it would send, and asks first"),
    row(In::Session, "x", Message::Project(Project::Offer), "suppress", "switch the first finding in sight off, or lower it, in the project's hopstep.toml"),
    row(In::Session, "U", Message::Project(Project::Undo), "", "take the last change of hopstep.toml back"),
    row(In::Session, "b", nav(Navigate::Breakpoints), "break", "breakpoints: where a run that continues stops"),
    row(In::Session, "o", nav(Navigate::Runs), "runs", "list the runs and show another"),
    row(In::Session, "z", nav(Navigate::Zoom), "zoom", "give the open pane the whole screen, and back"),
    row(In::Everywhere, "e", nav(Navigate::FocusUrl), "URL", "edit the URL"),
    row(In::Everywhere, "m", nav(Navigate::MethodPicker), "method", "choose the method of the next run"),
    row(In::Everywhere, "h", Message::Edit(Edit::Open(Field::Headers)), "headers", "edit the headers of the next run"),
    row(In::Everywhere, "d", Message::Edit(Edit::Open(Field::Body)), "body", "edit the body of the next run"),
    row(In::Everywhere, "u", Message::Edit(Edit::Open(Field::Auth)), "auth", "edit user and password, or token"),
    row(In::Session, "Z", nav(Navigate::Fold), "", "fold hops that only repeat others into one row, and back"),
    row(In::Session, "<", nav(Navigate::Split(-1)), "", "less room for the chain, more for the pane"),
    row(In::Session, ">", nav(Navigate::Split(1)), "", "more room for the chain, less for the pane"),
    row(In::Session, "X", nav(Navigate::Hint), "", "put the hint away"),
    row(In::Session, "[", run(Run::Switch(-1)), "", "show the run before this one"),
    row(In::Session, "]", run(Run::Switch(1)), "", "show the run after this one"),
    row(In::Session, "backtab", nav(Navigate::PreviousPane), "", "pane before"),
    row(In::Session, "1", open(Pane::Response), "", "response: status line and fields, with findings"),
    row(In::Session, "2", open(Pane::Request), "", "request as it was sent"),
    row(In::Session, "3", open(Pane::Body), "", "body of the response"),
    row(In::Session, "4", open(Pane::Cookies), "", "cookies sent, stored and refused"),
    row(In::Session, "5", open(Pane::Tls), "", "TLS session and certificates"),
    row(In::Session, "6", open(Pane::Time), "", "time, as a waterfall"),
    row(In::Session, "7", open(Pane::Clients), "", "what clients do with this response"),
    row(In::Session, "8", open(Pane::Findings), "", "verdict: every finding, worst first"),
    row(In::Session, "j down", nav(Navigate::Down), "", "next hop, or one line down"),
    row(In::Session, "k up", nav(Navigate::Up), "", "hop before, or one line up"),
    row(In::Session, "pgdn space", nav(Navigate::PageDown), "", "scroll the pane down by a screen"),
    row(In::Session, "pgup", nav(Navigate::PageUp), "", "scroll the pane up by a screen"),
    row(In::Session, "g~g home", nav(Navigate::Top), "", "first hop, or top of the pane"),
    row(In::Session, "G end", nav(Navigate::Bottom), "", "last hop, or bottom of the pane"),
    row(In::Session, "left", nav(Navigate::Left), "", "scroll long body lines to the left; then fold, and on to what holds the line"),
    row(In::Session, "right", nav(Navigate::Right), "", "unfold, or scroll long body lines to the right"),
    row(In::List, "pgdn", nav(Navigate::PageDown), "", "further down"),
    row(In::List, "pgup", nav(Navigate::PageUp), "", "further up"),
    row(In::List, "g home", nav(Navigate::Top), "", "first row"),
    row(In::List, "G end", nav(Navigate::Bottom), "", "last row"),
    row(In::List, "tab backtab", nav(Navigate::SwitchFocus), "", "back to the URL"),
    row(In::Everywhere, ";", nav(Navigate::Jump), "jump", "a letter on everything one can go to; type it to go there"),
    row(In::Everywhere, "H", Message::Past(Past::Open), "history", "every chain that was run here: search, reopen, run again"),
    row(In::Everywhere, "p", nav(Navigate::Privacy), "", "mask secrets on the screen and in copies, for screenshots; and back"),
    row(In::Everywhere, "M", nav(Navigate::Mouse), "", "hand the mouse to the terminal, for selecting text; and back"),
    row(In::Everywhere, "q", run(Run::Quit), "quit", "quit"),
    row(In::Everywhere, "?", nav(Navigate::Help), "", "this help"),
    row(In::Url, "enter", nav(Navigate::Enter), "send", "send the request and stop at its response"),
    row(In::Url, "esc", nav(Navigate::Back), "back", "leave the URL bar"),
    row(In::Url, "down", nav(Navigate::Down), "list", "to the list of recent chains and scenarios"),
    row(In::Url, "up", nav(Navigate::Up), "", "hop before"),
    row(In::Url, "tab backtab", nav(Navigate::SwitchFocus), "", "to the list, or to the chain"),
    row(In::Url, "alt-m", nav(Navigate::MethodPicker), "method", "choose the method"),
    row(In::Url, "alt-a", nav(Navigate::ClientPicker), "client", "choose the client whose redirect rules decide"),
    row(In::Url, "alt-h", Message::Edit(Edit::Open(Field::Headers)), "headers", "edit the headers"),
    row(In::Url, "alt-d", Message::Edit(Edit::Open(Field::Body)), "body", "edit the body"),
    row(In::Url, "alt-u", Message::Edit(Edit::Open(Field::Auth)), "auth", "edit user and password, or token"),
    row(In::Url, "alt-e", Message::Edit(Edit::External), "", "write the whole request in $EDITOR"),
    row(In::Url, "alt-x", nav(Navigate::Palette), "", "every action, found by a few letters"),
    row(In::Jump, "esc", nav(Navigate::Back), "stay", "stay where you are"),
    row(In::Finder, "enter", nav(Navigate::Enter), "go there", "go to the selected place; next and previous match go on from there"),
    row(In::Finder, "esc", nav(Navigate::Back), "close", "close it"),
    row(In::Finder, "down tab", nav(Navigate::Down), "down", "next place"),
    row(In::Finder, "up backtab", nav(Navigate::Up), "up", "place before"),
    row(In::Finder, "pgdn", nav(Navigate::PageDown), "", "ten places down"),
    row(In::Finder, "pgup", nav(Navigate::PageUp), "", "ten places up"),
    row(In::History, "enter", Message::Past(Past::Take(Then::Show)), "reopen", "show the chain as it was recorded"),
    row(In::History, "esc", nav(Navigate::Back), "close", "close it"),
    row(In::History, "alt-r", Message::Past(Past::Take(Then::Again)), "run again", "send its request again, as a new run"),
    row(In::History, "alt-c", Message::Past(Past::Take(Then::Compare)), "compare with now", "send its request again, and put both side by side"),
    row(In::History, "alt-e", Message::Past(Past::Export), "export", "write the chain to a file, which hopstep open reads"),
    row(In::History, "alt-d", Message::Past(Past::Delete), "delete", "forget the chain"),
    row(In::History, "down tab", nav(Navigate::Down), "down", "next chain"),
    row(In::History, "up backtab", nav(Navigate::Up), "", "chain before"),
    row(In::History, "pgdn", nav(Navigate::PageDown), "", "ten chains down"),
    row(In::History, "pgup", nav(Navigate::PageUp), "", "ten chains up"),
    row(In::Palette, "enter", nav(Navigate::Enter), "do it", "do what is selected"),
    row(In::Palette, "esc", nav(Navigate::Back), "close", "close it"),
    row(In::Palette, "down tab", nav(Navigate::Down), "down", "next action"),
    row(In::Palette, "up backtab", nav(Navigate::Up), "up", "action before"),
    row(In::Palette, "pgdn", nav(Navigate::PageDown), "", "ten actions down"),
    row(In::Palette, "pgup", nav(Navigate::PageUp), "", "ten actions up"),
    row(In::Prompt, "enter", nav(Navigate::Enter), "keep", "keep the pattern or the filter, and go on from match to match"),
    row(In::Prompt, "esc", nav(Navigate::Back), "drop", "give the search or the filter up"),
    row(In::Editor, "esc", nav(Navigate::Back), "done", "keep the text and close"),
    row(In::Editor, "alt-p", Message::Edit(Edit::Restore), "as before", "take method and body of the request before back into the next one"),
    row(In::Editor, "alt-e", Message::Edit(Edit::External), "$EDITOR", "go on in $EDITOR"),
    row(In::Editor, "enter", nav(Navigate::Enter), "", "new line; in a one-line field: done"),
    row(In::Token, "enter", nav(Navigate::Enter), "run", "run the chain with this token"),
    row(In::Token, "esc", nav(Navigate::Back), "give up", "run nothing"),
    row(In::Save, "enter", nav(Navigate::Enter), "save", "write it to this file"),
    row(In::Save, "esc", nav(Navigate::Back), "cancel", "do not save"),
    row(In::Overwrite, "y", body(BodyAct::Overwrite), "overwrite", "write over the file; no other key does"),
    row(In::Overwrite, "n esc", nav(Navigate::Back), "other name", "leave it and choose another name"),
    row(In::Breakpoints, "enter", nav(Navigate::Enter), "switch", "switch the row on or off, or set the typed one: status 302, host *.test"),
    row(In::Breakpoints, "down", nav(Navigate::Down), "", "next row"),
    row(In::Breakpoints, "up", nav(Navigate::Up), "", "row before"),
    row(In::Breakpoints, "esc", nav(Navigate::Back), "done", "close"),
    row(In::Menu, "enter", nav(Navigate::Enter), "choose", "take the row"),
    row(In::Menu, "esc q", nav(Navigate::Back), "back", "close the menu"),
    row(In::Menu, "j down tab", nav(Navigate::Down), "down", "next row"),
    row(In::Menu, "k up backtab", nav(Navigate::Up), "up", "row before"),
    row(In::Menu, "g home", nav(Navigate::Top), "", "first row"),
    row(In::Menu, "G end", nav(Navigate::Bottom), "", "last row"),
    row(In::Menu, "pgdn", nav(Navigate::PageDown), "", "ten rows down"),
    row(In::Menu, "pgup", nav(Navigate::PageUp), "", "ten rows up"),
    row(In::Explained, "x", Message::Project(Project::Offer), "suppress", "switch this finding off, or lower it, in the project's hopstep.toml"),
    row(In::Reading, "esc q enter ?", nav(Navigate::Back), "close", "close it"),
    row(In::Reading, "j down", nav(Navigate::Down), "down", "one line down"),
    row(In::Reading, "k up", nav(Navigate::Up), "up", "one line up"),
    row(In::Reading, "pgdn space", nav(Navigate::PageDown), "", "ten lines down"),
    row(In::Reading, "pgup", nav(Navigate::PageUp), "", "ten lines up"),
    row(In::Reading, "g home", nav(Navigate::Top), "", "to the top"),
    row(In::Reading, "G end", nav(Navigate::Bottom), "", "to the bottom"),
    row(In::Text, "left", key(InputKey::Left), "", "one character to the left"),
    row(In::Text, "right", key(InputKey::Right), "", "one character to the right"),
    row(In::Text, "ctrl-left alt-b alt-left", key(InputKey::WordLeft), "", "one word to the left"),
    row(In::Text, "ctrl-right alt-f alt-right", key(InputKey::WordRight), "", "one word to the right"),
    row(In::Text, "home", key(InputKey::Home), "", "to the start of the line"),
    row(In::Text, "end ctrl-e", key(InputKey::End), "", "to the end of the line"),
    row(In::Text, "up", key(InputKey::Up), "", "one line up"),
    row(In::Text, "down", key(InputKey::Down), "", "one line down"),
    row(In::Text, "backspace ctrl-h", key(InputKey::Backspace), "", "delete the character before"),
    row(In::Text, "delete ctrl-d", key(InputKey::Delete), "", "delete the character under the cursor"),
    row(In::Text, "ctrl-w alt-backspace", key(InputKey::DeleteWord), "", "delete the word before"),
    row(In::Text, "ctrl-u", key(InputKey::DeleteToStart), "", "delete to the start of the line"),
    row(In::Text, "ctrl-k", key(InputKey::DeleteToEnd), "", "delete to the end of the line"),
    row(In::Always, "f1", nav(Navigate::Help), "", "this help, also where text is typed"),
    row(In::Always, "ctrl-c", run(Run::Interrupt), "", "cancel what runs, else quit"),
    row(In::Always, "ctrl-z", run(Run::Suspend), "", "suspend; fg comes back"),
];

const fn row(
    context: In,
    key: &'static str,
    message: Message,
    hint: &'static str,
    help: &'static str,
) -> Binding {
    Binding { context, key: Cow::Borrowed(key), message, hint, help }
}

pub(super) const fn open(pane: Pane) -> Message {
    Message::Navigate(Navigate::Open(pane))
}

pub(super) const fn key(key: InputKey) -> Message {
    Message::Edit(Edit::Key(key))
}

pub(super) const fn edit(edit: Edit) -> Message {
    Message::Edit(edit)
}

pub(super) const fn body(act: BodyAct) -> Message {
    Message::Body(act)
}

pub(super) const fn complete(complete: Complete) -> Message {
    Message::Complete(complete)
}

pub(super) const fn nav(navigate: Navigate) -> Message {
    Message::Navigate(navigate)
}

pub(super) const fn run(run: Run) -> Message {
    Message::Run(run)
}
