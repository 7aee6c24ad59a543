//! The measurement as it lies in `tests/clients/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;

/// What was asked, and what the server answered.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Scenario {
    pub(crate) id: String,
    pub(crate) url: String,
    pub(crate) method: String,
    #[serde(default)]
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<String>,
    #[serde(default)]
    pub(crate) stream: bool,
    pub(crate) auth: Option<(String, String)>,
    #[serde(default)]
    pub(crate) cookie_jar: bool,
    #[serde(default)]
    pub(crate) challenge_last: bool,
    /// Raw answers, each byte one character.
    #[serde(default)]
    pub(crate) responses: Vec<String>,
    pub(crate) endless: Option<String>,
}

/// All outcomes of one scenario.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Measured {
    pub(crate) scenario: String,
    pub(crate) outcomes: Vec<Outcome>,
}

impl Measured {
    /// Each client with its outcome.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &Outcome)> {
        self.outcomes.iter().flat_map(|outcome| {
            outcome.clients.iter().map(move |client| (client.as_str(), outcome))
        })
    }
}

/// What some clients did alike.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Outcome {
    pub(crate) clients: Vec<String>,
    pub(crate) requests: Vec<Seen>,
    /// How many there were, where it is known; `requests` may be the first three and the last.
    pub(crate) count: Option<usize>,
    pub(crate) end: End,
}

/// A request as the server saw it.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Seen {
    pub(crate) origin: String,
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: BTreeMap<String, Vec<String>>,
    pub(crate) body: u64,
    #[serde(default)]
    pub(crate) challenged: bool,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct End {
    pub(crate) ok: bool,
    pub(crate) status: Option<u16>,
}

impl Outcome {
    pub(crate) fn is_cut(&self) -> bool {
        self.count != Some(self.requests.len())
    }

    /// Somebody was asked for credentials and came back with them.
    pub(crate) fn was_challenged(&self) -> bool {
        self.without_challenges().len() != self.requests.len()
    }

    /// One request a hop. Of a challenged request and its repetition the first request counts as repeated, with
    /// credentials, and any other as challenged: answering a 401 is no matter of redirects.
    pub(crate) fn without_challenges(&self) -> Vec<Seen> {
        let mut kept: Vec<Seen> = Vec::new();
        for seen in &self.requests {
            match kept.last_mut() {
                Some(last) if last.challenged && last.target == seen.target => {
                    if kept.len() == 1 {
                        kept[0] = seen.clone();
                    }
                }
                _ => kept.push(seen.clone()),
            }
        }
        kept
    }
}

/// Known differences: client, scenario, reason.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Exceptions {
    exception: Vec<Exception>,
}

#[derive(Clone, Debug, Deserialize)]
struct Exception {
    clients: Vec<String>,
    scenarios: Vec<String>,
    reason: String,
}

impl Exceptions {
    pub(crate) fn reason(&self, client: &str, scenario: &str) -> Option<&str> {
        let listed = |list: &[String], name: &str| list.iter().any(|known| known == name);
        self.exception
            .iter()
            .find(|known| listed(&known.clients, client) && listed(&known.scenarios, scenario))
            .map(|known| known.reason.as_str())
    }
}

pub(crate) fn scenarios() -> BTreeMap<String, Scenario> {
    let all = lines::<Scenario>("scenarios.jsonl");
    all.into_iter().map(|scenario| (scenario.id.clone(), scenario)).collect()
}

pub(crate) fn measured() -> Vec<Measured> {
    lines("measured.jsonl")
}

pub(crate) fn exceptions() -> Exceptions {
    toml::from_str(&text("exceptions.toml")).unwrap()
}

fn lines<T: serde::de::DeserializeOwned>(file: &str) -> Vec<T> {
    text(file).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn text(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients");
    fs::read_to_string(folder.join(file)).unwrap()
}
