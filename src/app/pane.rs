//! The panes beside the chain, and where the keys go.

/// A pane that shows one side of the selected hop. The order is the order of the tabs and of their digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Pane {
    #[default]
    Response,
    Request,
    Body,
    Cookies,
    Tls,
    Time,
    Clients,
    Findings,
}

impl Pane {
    pub const ALL: [Pane; 8] = [
        Pane::Response,
        Pane::Request,
        Pane::Body,
        Pane::Cookies,
        Pane::Tls,
        Pane::Time,
        Pane::Clients,
        Pane::Findings,
    ];

    /// The tab's title.
    pub fn title(self) -> &'static str {
        match self {
            Pane::Response => "Response",
            Pane::Request => "Request",
            Pane::Body => "Body",
            Pane::Cookies => "Cookies",
            Pane::Tls => "TLS",
            Pane::Time => "Time",
            Pane::Clients => "Clients",
            Pane::Findings => "Verdict",
        }
    }

    /// The digit that opens it.
    pub fn digit(self) -> char {
        (b'1' + self.index() as u8) as char
    }

    pub fn index(self) -> usize {
        self as usize
    }

    /// What is worth seeing beside this pane where there is room for two.
    pub fn companion(self) -> Pane {
        match self {
            Pane::Findings => Pane::Response,
            Pane::Response
            | Pane::Request
            | Pane::Body
            | Pane::Cookies
            | Pane::Tls
            | Pane::Time
            | Pane::Clients => Pane::Findings,
        }
    }

    pub fn next(self) -> Pane {
        Pane::ALL[(self.index() + 1) % Pane::ALL.len()]
    }

    pub fn previous(self) -> Pane {
        Pane::ALL[(self.index() + Pane::ALL.len() - 1) % Pane::ALL.len()]
    }
}

/// What the keys act on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Focus {
    /// The chain: arrows choose a hop.
    #[default]
    Chain,
    /// The open pane: arrows scroll.
    Pane,
    /// The URL bar: keys are text.
    Url,
    /// The list on the first screen: scenarios of the lab, or recent requests.
    List,
}
