//! The commands that open the screen.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;

use anyhow::Context;
use url::Url;

use hopstep::app::hint::Hint;
use hopstep::app::message::{self, Message};
use hopstep::app::model::{Form, Given, Model, Scenario, Status};
use hopstep::app::pane::Focus;
use hopstep::domain::chain::Limits;
use hopstep::domain::comparison::hosts::Hosts;
use hopstep::domain::escape::escape;
use hopstep::domain::http::request::Draft;
use hopstep::domain::import::http_file::Named;
use hopstep::fetch::Tape;
use hopstep::shell::{self, Start};
use hopstep::{app, cli, headless, lab, store};

use super::printed::jobs;
use super::{environment, files, look, picked, place, write_cookies};

/// Whether standard output is a terminal that can be drawn on: a dumb one gets text.
pub(crate) fn is_there() -> bool {
    io::stdout().is_terminal() && environment("TERM").is_none_or(|term| term != "dumb")
}

pub(crate) fn debug(run: cli::Run) -> anyhow::Result<u8> {
    let first = run.draft.as_ref().map(|_| Message::Run(message::Run::Start));
    let history = place(&run);
    let files = files(run.config_file.as_deref());
    let (max_time, cookie_jar) = (run.max_time, run.cookie_jar.clone());
    let look = look(&run.config)?;
    let mut model = model(run)?;
    look.put_on(&mut model);
    if let Some(place) = &history {
        let told = store::hints::told(&store::hints::beside(&place.path));
        let new = |hint: &Hint| !told.iter().any(|told| told == hint.id());
        model.hints = Hint::ALL.into_iter().filter(new).collect();
    }
    let finished =
        shell::run(Start { model, first, max_time, tape: None, store: None, history, files })?;
    if let (Some(file), Some(session)) = (cookie_jar, &finished.model.session) {
        write_cookies(&file, &session.chain.jar)?;
    }
    Ok(finished.ended.exit_status())
}

/// The screen on the lab's scenarios; the one that is named starts at once.
pub(crate) fn demo(scenario: Option<String>) -> anyhow::Result<u8> {
    let scenarios = lab::scenario::all();
    // an unknown name is refused before anything starts
    headless::lab::chosen(scenario.as_slice())?;
    let lab = lab::start(scenarios, lab::Pace::Real).context("cannot start the lab")?;
    let config = cli::configuration::load(None, &environment).map_err(anyhow::Error::msg)?;
    let limits = Limits { policy: cli::policy(&config), ..Limits::default() };
    let mut model = Model::new(blank()?, "curl".to_owned(), limits, lab.settings());
    model.scenarios = scenarios.iter().map(|scenario| listed(scenario, limits)).collect();
    model.focus = Focus::List;
    look(&config)?.put_on(&mut model);
    let first = scenario.map(|id| Message::Run(message::Run::Scenario(id)));
    let files = files(None);
    let start =
        Start { model, first, max_time: None, tape: None, store: None, history: None, files };
    let finished = shell::run(start)?;
    Ok(finished.ended.exit_status())
}

/// A scenario as the first screen lists it.
fn listed(scenario: &lab::scenario::Scenario, limits: Limits) -> Scenario {
    Scenario {
        id: scenario.id.clone(),
        title: scenario.title.clone(),
        lesson: scenario.lesson.clone(),
        draft: scenario.draft(),
        client: scenario.request.client.clone(),
        limits: Limits { policy: limits.policy, ..scenario.limits() },
    }
}

/// A file's chains on the screen; nothing is sent.
pub(crate) fn show(saved: cli::Saved) -> anyhow::Result<u8> {
    let cli::Saved { file, pick, judged_as_told, run, requests: _ } = saved;
    let client = judged_as_told.then_some(&run.client);
    let opened =
        headless::open::load(&file, client, run.limits.policy)?.pick(&file, picked(pick)?)?;
    let chains = opened.chains.iter().map(|saved| &saved.chain);
    let tape = Tape::of(Arc::clone(&opened.store), chains);
    let look = look(&run.config)?;
    let config_file = run.config_file;
    let mut model = Model::new(blank()?, run.client.name.clone(), run.limits, run.settings);
    look.put_on(&mut model);
    let played = opened.chains.into_iter();
    let played = played.map(|saved| (saved.chain, saved.started_at.unix_timestamp()));
    app::recorded::put(&mut model, played.collect());
    let (tape, files) = (Some(tape), files(config_file.as_deref()));
    let start =
        Start { model, first: None, max_time: None, tape, store: None, history: None, files };
    Ok(shell::run(start)?.ended.exit_status())
}

/// The requests of a `.http` file: listed on the screen, or printed; nothing is sent before the user says so.
pub(crate) fn requests(saved: cli::Saved) -> anyhow::Result<u8> {
    let cli::Saved { file, requests, run, .. } = saved;
    let name = file.display().to_string();
    let found = requests.unwrap_or_default();
    let scenario = |(at, of): (usize, Named)| {
        let title = of.name.unwrap_or_else(|| format!("line {}", of.line));
        Scenario {
            id: (at + 1).to_string(),
            title: escape(&title).into_owned(),
            lesson: escape(&of.note).into_owned(),
            draft: of.draft,
            client: run.client.name.clone(),
            limits: run.limits,
        }
    };
    let scenarios: Vec<Scenario> = found.into_iter().enumerate().map(scenario).collect();
    let out = &mut io::stdout();
    if !is_there() {
        let printed = scenarios.iter().try_for_each(|of| {
            let url = escape(&of.draft.typed);
            writeln!(out, "{}  {}  {} {url}", of.id, of.title, of.draft.method)
        });
        return match printed {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
            Ok(()) | Err(_) => Ok(0),
        };
    }
    let (history, max_time) = (place(&run), run.max_time);
    let (files, look) = (files(run.config_file.as_deref()), look(&run.config)?);
    let mut model = model(run)?;
    look.put_on(&mut model);
    (model.scenarios, model.focus) = (scenarios, Focus::List);
    model.listed_from = Some(name);
    if let [only] = model.scenarios.as_slice() {
        model.form = Form::of(only.draft.clone());
    }
    let finished = shell::run(Start {
        model,
        first: None,
        max_time,
        tape: None,
        store: None,
        history,
        files,
    })?;
    Ok(finished.ended.exit_status())
}

/// Runs variants of a chain and puts them side by side on the screen.
pub(crate) fn beside(variants: Vec<(String, cli::Run)>, hosts: Hosts) -> anyhow::Result<u8> {
    let first = variants.first().map(|(_, run)| run.clone()).context("nothing to compare")?;
    let ran = headless::compare::run(jobs(variants)?)?;
    let (history, max_time) = (place(&first), first.max_time);
    let files = files(first.config_file.as_deref());
    let mut model = model(first)?;
    model.given.hosts = hosts;
    let chains = ran.variants.into_iter();
    let chains = chains.map(|variant| (variant.name, (variant.chain, ran.started_at)));
    app::recorded::put_beside(&mut model, chains.collect());
    let store = Some(ran.store);
    let start = Start { model, first: None, max_time, tape: None, store, history, files };
    let finished = shell::run(start)?;
    Ok(finished.ended.exit_status())
}

fn model(run: cli::Run) -> anyhow::Result<Model> {
    let draft = run.draft.map_or_else(blank, Ok)?;
    let mut model = Model::new(draft, run.client.name.clone(), run.limits, run.settings);
    model.given =
        Given { client: Some(run.client), jar: run.jar, yes: run.yes, ..Given::default() };
    model.private = run.output.redact;
    if run.probe {
        let text = "P probes the selected hop; it says first what it sends".to_owned();
        model.status = Some(Status { text, trouble: false });
    }
    if !run.notes.is_empty() {
        model.status = Some(Status { text: run.notes.join(" "), trouble: false });
    }
    Ok(model)
}

/// Nothing written yet; the URL that stands in for it is never sent.
fn blank() -> anyhow::Result<Draft> {
    let draft = Draft::get(Url::parse("http://localhost/")?);
    Ok(Draft { typed: String::new(), ..draft })
}
