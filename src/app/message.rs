//! Messages: what the user wants, and what happened. Plain data.

use std::ops::Range;
use std::time::Duration;

use crate::domain::body_view::{Fault, Line as BodyLine, View};
use crate::domain::breakpoint::Breakpoint;
use crate::domain::chain::Chain;
use crate::domain::history::Entry;
use crate::domain::http::body::BodyId;
use crate::domain::http::exchange::Exchange;
use crate::domain::http::method::Method;
use crate::domain::http::timing::Phase;
use crate::domain::policy::Policy;
use crate::domain::variant::Variant;

use super::compared::BodiesCompared;
use super::effect::{BodyFold, BodySearch, Tool};
use super::finder::BodiesFound;
use super::keys::Keys;
use super::pane::Pane;
use super::text_input::InputKey;

/// Everything that can change the model.
#[derive(Clone, PartialEq, Debug)]
pub enum Message {
    Run(Run),
    Navigate(Navigate),
    Edit(Edit),
    Search(Search),
    Export(Export),
    /// Another keymap is in force.
    Keys(Box<Keys>),
    /// The first keys of a sequence were pressed; empty: they came to nothing.
    Begun(String),
    /// What was chosen in the palette or by a jump: closes that, then does this.
    Act(Box<Message>),
    Body(BodyAct),
    Complete(Complete),
    /// A reply of the engine to the fetch of this id.
    Fetched(FetchId, FetchEvent),
    /// A reply to `Effect::ReadBody`.
    BodyWindow(Box<BodyWindow>),
    /// A reply to `Effect::FoldBody`.
    BodyFolded(Box<BodyFolded>),
    /// A reply to `Effect::SearchBody`.
    BodyMatches(Box<BodyMatches>),
    /// A part of the reply to `Effect::FindInBodies`.
    BodiesFound(Box<BodiesFound>),
    /// A part of the reply to `Effect::CompareBodies`.
    BodiesCompared(Box<BodiesCompared>),
    /// A reply to `Effect::SaveBody` and `Ask::Export`.
    Saved(Saved),
    /// A reply to `Effect::CopyBody`: the text; `None` where it is too long for a clipboard.
    BodyText(Option<String>),
    /// A reply to `Effect::EditText`.
    Edited {
        field: Field,
        text: Result<String, String>,
    },
    /// A reply to `Effect::Copy`.
    Copied(Copied),
    /// Time passes while something is under way.
    Tick {
        elapsed: Duration,
    },
    Resize {
        width: u16,
        height: u16,
    },
    /// The history: what the user wants of it, and its answers.
    Past(Past),
    /// The project's file: what the user wants in it, and what came of it.
    Project(Project),
    /// Something outside failed; said in the status line.
    Trouble(String),
}

/// Names one fetch. A reply whose id is not awaited changes nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct FetchId(pub u64);

/// How a fetch gets on.
#[derive(Clone, PartialEq, Debug)]
pub enum FetchEvent {
    Phase(Phase),
    /// The head is in and the body still arrives.
    Head {
        exchange: Box<Exchange>,
        now: i64,
    },
    /// Body bytes so far, and how many there will be if the server said so.
    Body {
        received: u64,
        total: Option<u64>,
    },
    /// The record is complete, or as complete as it will be.
    Done {
        exchange: Box<Exchange>,
        now: i64,
    },
}

/// Control of the run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Run {
    /// Send the request in the URL bar as the first of a new chain.
    Start,
    /// Send one request.
    Step,
    /// Send requests until the chain ends or a dangerous step comes.
    Continue,
    /// Make the request ready to which the final page itself leads.
    Soft,
    /// Stop what is under way; what arrived is kept.
    Cancel,
    /// Yes or no to a dangerous step, or to probes.
    Confirm(bool),
    /// Send the selected hop's request again, as a new run that begins with the hops before it.
    Resend,
    /// Set this breakpoint, or take it away.
    ToggleBreakpoint(Breakpoint),
    /// Show the run before (-1) or after (1) this one.
    Switch(i8),
    /// Let this client decide from here on.
    ChooseClient(String),
    /// Run the chain again in another way, beside this run.
    Variant(Variant),
    /// Say what would be asked to probe the selected hop.
    Probe,
    /// Start this scenario of the lab.
    Scenario(String),
    /// Cancel what runs, or else quit (Ctrl-C).
    Interrupt,
    Suspend,
    Quit,
}

/// The history.
#[derive(Clone, PartialEq, Debug)]
pub enum Past {
    /// Open the list.
    Open,
    /// Take the selected chain.
    Take(Then),
    /// Delete the selected chain.
    Delete,
    /// Name the file that the selected chain is exported to.
    Export,
    /// A reply to `Ask::List`.
    Listed { search: String, entries: Vec<Entry>, now: i64 },
    /// A reply to `Ask::Urls`: the latest first, each once.
    Urls(Vec<String>),
    /// The history can't be listed; why is told besides.
    Unreadable,
    /// A reply to `Ask::Recent`.
    Recent { entries: Vec<Entry>, now: i64 },
    /// A reply to `Ask::Load`. `masked`: secrets of the request were left out.
    Loaded { chain: Box<Chain>, started_at: i64, masked: bool, then: Then },
}

/// The project's `hopstep.toml`.
#[derive(Clone, PartialEq, Debug)]
pub enum Project {
    /// Offer the ways of not hearing of a finding.
    Offer,
    /// Take the last change back.
    Undo,
    /// A reply to `Effect::Configure`: what was written, and how findings are judged from now on.
    Written { path: String, change: Written, policy: Box<Policy> },
    /// A reply to `Effect::Unconfigure`.
    Restored { path: String, policy: Box<Policy> },
}

/// A change of a file that can be taken back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Written {
    /// What it says, in a few words.
    pub says: String,
    /// The text before; `None` where there was no file.
    pub before: Option<String>,
    pub after: String,
}

/// What a recorded chain is wanted for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Then {
    /// To be looked at.
    Show,
    /// To be run again.
    Again,
    /// To be run again, and put beside what was recorded.
    Compare,
}

/// What is done with suggestions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Complete {
    /// Take this row.
    TakeRow(usize),
    /// Take the chosen one, or the first.
    Take,
    Next,
    Previous,
    /// Put them away.
    Drop,
}

/// Movement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Navigate {
    Up,
    Down,
    PageUp,
    PageDown,
    Left,
    Right,
    Top,
    Bottom,
    NextPane,
    PreviousPane,
    Open(Pane),
    /// Focus from the chain to the pane and back.
    SwitchFocus,
    FocusUrl,
    /// Select this hop row (mouse).
    Select(usize),
    /// Open what stands under the cursor, or accept what an overlay offers.
    Enter,
    /// Leave an overlay, a field, a search.
    Back,
    /// Scroll the pane by lines (mouse wheel).
    Scroll(i16),
    Help,
    /// A letter on everything that one can go to.
    Jump,
    /// Go there.
    Go(Place),
    /// Every action, to be found by a few letters.
    Palette,
    MethodPicker,
    ClientPicker,
    /// The next way of showing the body.
    NextView,
    Wrap,
    Zoom,
    /// Mask secrets on the screen and in copies, or show them.
    Privacy,
    /// Hand the mouse to the terminal, or take it back.
    Mouse,
    /// Put the hint away.
    Hint,
    /// Show the screen in the theme of this number.
    Theme(usize),
    /// Make the chain wider (taller) or narrower by a step.
    Split(i8),
    /// The border between chain and pane is taken hold of, or let go.
    Grab(bool),
    /// The border that is held goes to this cell.
    Drag(u16, u16),
    /// Search every hop.
    Find,
    /// Type which hops are shown.
    Filter,
    /// Fold hops that repeat others, or show all.
    Fold,
    Breakpoints,
    /// The ways of asking otherwise.
    Variants,
    /// List the runs.
    Runs,
    /// Put the run before this one (or after it) beside it.
    Compare,
}

/// Somewhere on the screen.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Place {
    /// This row of the chain, from 0.
    Row(usize),
    /// The step below this row: the request that it made.
    StepAfter(usize),
    /// The open pane.
    Pane,
    /// This finding (index into the session's findings), explained.
    Finding(usize),
}

/// Changes to the request that is to be sent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Edit {
    /// A key in the field that has the focus.
    Key(InputKey),
    /// Choose a method as the client's users would write it: POST is `-d`, HEAD is `-I`, all others are `-X`.
    Method(Method),
    /// Switch forcing (`-X`) on or off for the chosen method.
    Forcing,
    Open(Field),
    /// Take method and body of the request before back into the one that is being edited.
    Restore,
    /// Give what is being edited to `$EDITOR`.
    External,
}

/// A part of the request that has an editor of its own.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Field {
    Headers,
    Body,
    Auth,
    /// The request that is ready and not sent.
    Next,
    /// The whole request of the next run, as one text.
    Whole,
    /// The token of the variant that sends another one.
    Token,
}

/// Search in the focused pane.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Search {
    Open,
    Next,
    Previous,
}

/// What is done with the body on the screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BodyAct {
    /// Fold what the line under the cursor opens, or unfold it.
    Fold,
    /// Fold everything one level further up.
    FoldMore,
    /// Unfold one level.
    FoldLess,
    Unfold,
    /// Show it in `$PAGER`, or in `$EDITOR`.
    Open(Tool),
    /// Ask for the name of a file to write it to.
    Save,
    /// The file may be written over.
    Overwrite,
}

/// Copying.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Export {
    Menu,
    Copy(CopyItem),
}

/// What the copy menu offers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CopyItem {
    CurlHop,
    CurlChain,
    Url,
    Location,
    ResponseHead,
    RequestHead,
    /// A header line, of those that there are.
    HeaderLine,
    Cookie,
    Body,
    /// The path of the body line under the cursor.
    Path,
    Finding,
    Markdown,
    Json,
}

/// A laid-out part of a body.
#[derive(Clone, PartialEq, Debug)]
pub struct BodyWindow {
    pub id: BodyId,
    pub view: View,
    /// The first column of long lines.
    pub column: u64,
    /// The lines in sight; they know their numbers.
    pub lines: Vec<BodyLine>,
    /// Lines indexed so far.
    pub total: u64,
    /// The index covers the whole body.
    pub indexed: bool,
    /// The line under the cursor, and where in the data it stands (JSON only).
    pub cursor: u64,
    pub path: Option<String>,
    /// Where the body is not what its view expects, and the line of that.
    pub fault: Option<(Fault, Option<u64>)>,
    /// The name of the charset it is read in.
    pub charset: &'static str,
}

/// What a fold came to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BodyFolded {
    pub ask: BodyFold,
    pub answer: FoldAnswer,
}

/// The answers to the kinds of questions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FoldAnswer {
    /// What the line hides; none when it opens nothing, or its end has not arrived.
    Line(Option<Range<u64>>),
    /// What each container of the level hides; of a huge body only the first are told.
    Level {
        folds: Vec<Range<u64>>,
        whole: bool,
    },
    Parent(Option<u64>),
    /// The body has to arrive first.
    TooEarly,
}

/// How far a search through a body has come.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BodyMatches {
    pub search: BodySearch,
    /// Matches so far.
    pub found: u64,
    /// Decoded bytes searched so far.
    pub searched: u64,
    /// The whole body was searched.
    pub complete: bool,
    /// The line of the match that was asked for, once it is known.
    pub line: Option<u64>,
}

/// How saving went.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Saved {
    Done {
        path: String,
        size: u64,
    },
    /// There is such a file, and nothing was written.
    Exists {
        what: Savable,
        path: String,
    },
    Failed(String),
}

/// What a file can be written of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Savable {
    Body(BodyId),
    /// A chain of the history by its id, as the trace document.
    Chain(i64),
}

/// Which way a copy went.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Copied {
    /// Handed to the system's clipboard.
    Clipboard,
    /// Sent to the terminal, which never says whether it took it.
    Terminal,
    /// Neither worked: the text is to be shown for copying by hand.
    Nowhere { text: String, why: String },
}
