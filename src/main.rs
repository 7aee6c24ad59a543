//! The program: arguments in, exit status out.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use url::Url;

use hopstep::app::hint::Hint;
use hopstep::app::message::Message;
use hopstep::app::model::{self, Given, Model, Scenario, Status};
use hopstep::app::pane::Focus;
use hopstep::cli::{self, Command};
use hopstep::domain::chain::Limits;
use hopstep::domain::client::survey::Extent;
use hopstep::domain::comparison::hosts::Hosts;
use hopstep::domain::config::Config;
use hopstep::domain::cookie::jar::Jar;
use hopstep::domain::cookie::netscape;
use hopstep::domain::escape::escape;
use hopstep::domain::export::Format;
use hopstep::domain::export::clients::Form;
use hopstep::domain::http::request::Draft;
use hopstep::domain::import::http_file::{self, Named};
use hopstep::fetch::Tape;
use hopstep::headless::check::{Mode, Snapshot, Watch};
use hopstep::headless::trace::{self, Job};
use hopstep::shell::look::{Folder, Look};
use hopstep::shell::{self, Start};
use hopstep::{app, headless, lab, store};

/// The command line or a file it names is wrong; nothing was sent.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    if let Some(status) = hopstep::shell::clipboard::holder::hold_if_asked() {
        return status;
    }
    let args: Vec<_> = std::env::args_os().skip(1).collect();
    match cli::parse(&args, &environment) {
        Ok(command) => dispatch(command),
        Err(refusal) => {
            report(&refusal.to_string());
            ExitCode::from(USAGE)
        }
    }
}

fn dispatch(command: Command) -> ExitCode {
    let out = &mut io::stdout();
    let printed = match command {
        Command::Help(name) => cli::print_help(name, out),
        Command::Version => writeln!(out, "hopstep {}", env!("CARGO_PKG_VERSION")),
        Command::Man(name) => cli::print_man(name, out),
        Command::Config(config) => match look(&config) {
            Ok(look) => out.write_all((config.show() + &look.keys()).as_bytes()),
            Err(error) => return usage(error),
        },
        Command::Clients(run) if run.draft.is_none() => headless::clients::table(form(&run), out),
        Command::Clients(run) => return clients(*run).unwrap_or_else(usage),
        Command::Explain(topic) => match headless::explain::run(topic.as_deref(), out) {
            Ok(printed) => printed,
            Err(error) => return usage(error),
        },
        Command::Completions(shell) => cli::print_completions(shell, out),
        Command::Open(run) if out.is_terminal() => return shell(*run).unwrap_or_else(usage),
        Command::Open(run) | Command::Trace(run) => return trace(*run).unwrap_or_else(usage),
        Command::Check(check) => return self::check(*check).unwrap_or_else(usage),
        Command::Compare(compare) => return self::compare(*compare).unwrap_or_else(usage),
        Command::Saved(saved) if http_file::is_named_so(&saved.file.to_string_lossy()) => {
            return requests(*saved).unwrap_or_else(usage);
        }
        Command::Saved(saved) if out.is_terminal() => return show(*saved).unwrap_or_else(usage),
        Command::Saved(saved) => return open(*saved).unwrap_or_else(usage),
        Command::History(past) => return history(*past).unwrap_or_else(usage),
        Command::Demo(scenario) => return demo(scenario).unwrap_or_else(usage),
        Command::Lab(names) => return headless::lab::run(&names).unwrap_or_else(usage),
    };
    match printed {
        Ok(()) => ExitCode::SUCCESS,
        // A closed pipe ends the program quietly.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            report(&format!("standard output: {error}"));
            ExitCode::from(USAGE)
        }
    }
}

fn shell(run: cli::Run) -> anyhow::Result<ExitCode> {
    let first = run.draft.as_ref().map(|_| Message::Run(app::message::Run::Start));
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
    Ok(ExitCode::from(finished.ended.exit_status()))
}

/// Where configuration is, for what the screen writes into the project's file.
fn files(named: Option<&str>) -> Option<shell::configuration::Files> {
    let (user, project) = cli::configuration::files(named, &environment)?;
    Some(shell::configuration::Files { user, project })
}

/// The themes that the user's files ask for.
fn look(config: &Config) -> anyhow::Result<Look> {
    let folder = cli::configuration::folder(&environment).map(|path| {
        let shown = cli::configuration::shown(&path, &environment);
        Folder { path, shown }
    });
    Look::load(config, folder.as_ref())
}

/// Where runs are recorded; nowhere for a user without a home.
fn place(run: &cli::Run) -> Option<shell::history::Place> {
    let configured = &run.config.history;
    let on = configured.record.as_ref().is_none_or(|placed| placed.value);
    let secrets = run.history.filter(|_| on)?;
    let secrets = secrets || configured.secrets.as_ref().is_some_and(|placed| placed.value);
    let mut limits = store::history::Limits::default();
    limits.chains = configured.chains.as_ref().map_or(limits.chains, |placed| placed.value);
    limits.days = configured.days.as_ref().map_or(limits.days, |placed| placed.value);
    let names = run.config.names();
    Some(shell::history::Place { path: history_path()?, secrets, names, limits })
}

fn history_path() -> Option<PathBuf> {
    let home = environment("HOME").is_none_or(|home| Path::new(&home).is_dir());
    store::history::default_path(&environment).filter(|_| home)
}

/// Lists, shows and deletes recorded chains.
fn history(past: cli::Past) -> anyhow::Result<ExitCode> {
    use headless::history::Wish;
    let cli::Past { wish, run, judged_as_told } = past;
    let json = matches!(run.output.format, Format::Json | Format::Ndjson);
    let wish = match wish {
        cli::Wish::List(words) => Wish::List { words, json },
        cli::Wish::Show(id) => Wish::Show(id),
        cli::Wish::Export(ids) => Wish::Export(ids),
        cli::Wish::Delete(ids) => Wish::Delete(ids),
        cli::Wish::Clear => Wish::Clear,
    };
    let path = history_path().context("history: neither XDG_STATE_HOME nor HOME says where")?;
    let job = saved_job(PathBuf::new(), None, run, judged_as_told);
    Ok(headless::history::run(&path, wish, &job, &mut io::stdout().lock())?.into())
}

/// `-c FILE`
fn write_cookies(file: &Path, jar: &Jar) -> anyhow::Result<()> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    // cookies are secrets: a file that is made anew is the user's alone, as curl's is
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written =
        options.open(file).and_then(|mut to| to.write_all(netscape::serialise(jar).as_ref()));
    written.with_context(|| format!("-c {}", file.display()))
}

/// The screen on the lab's scenarios; the one that is named starts at once.
fn demo(scenario: Option<String>) -> anyhow::Result<ExitCode> {
    let scenarios = lab::scenario::all();
    // an unknown name is refused before anything starts
    hopstep::headless::lab::chosen(scenario.as_slice())?;
    let lab = lab::start(scenarios, lab::Pace::Real).context("cannot start the lab")?;
    let config = cli::configuration::load(None, &environment).map_err(anyhow::Error::msg)?;
    let limits = Limits { policy: cli::policy(&config), ..Limits::default() };
    let mut model = Model::new(blank()?, "curl".to_owned(), limits, lab.settings());
    model.scenarios = scenarios.iter().map(|scenario| listed(scenario, limits)).collect();
    model.focus = Focus::List;
    look(&config)?.put_on(&mut model);
    let first = scenario.map(|id| Message::Run(app::message::Run::Scenario(id)));
    let files = files(None);
    let start =
        Start { model, first, max_time: None, tape: None, store: None, history: None, files };
    let finished = shell::run(start)?;
    Ok(ExitCode::from(finished.ended.exit_status()))
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

/// A file's chains on the screen; nothing is sent.
fn show(saved: cli::Saved) -> anyhow::Result<ExitCode> {
    let cli::Saved { file, pick, judged_as_told, run } = saved;
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
    Ok(ExitCode::from(shell::run(start)?.ended.exit_status()))
}

/// The requests of a `.http` file: listed on the screen, or printed; nothing is sent before the user says so.
fn requests(saved: cli::Saved) -> anyhow::Result<ExitCode> {
    let cli::Saved { file, pick, run, .. } = saved;
    let name = file.display().to_string();
    let found = cli::http_requests(&name, pick.as_deref()).map_err(anyhow::Error::msg)?;
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
    if !out.is_terminal() {
        let printed = scenarios.iter().try_for_each(|of| {
            let url = escape(&of.draft.typed);
            writeln!(out, "{}  {}  {} {url}", of.id, of.title, of.draft.method)
        });
        return match printed {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
            Ok(()) | Err(_) => Ok(ExitCode::SUCCESS),
        };
    }
    let (history, max_time) = (place(&run), run.max_time);
    let (files, look) = (files(run.config_file.as_deref()), look(&run.config)?);
    let mut model = model(run)?;
    look.put_on(&mut model);
    (model.scenarios, model.focus) = (scenarios, Focus::List);
    model.listed_from = Some(name);
    if let [only] = model.scenarios.as_slice() {
        model.form = model::Form::of(only.draft.clone());
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
    Ok(ExitCode::from(finished.ended.exit_status()))
}

/// Which of a file's chains, from 1.
fn picked(pick: Option<String>) -> anyhow::Result<Option<usize>> {
    let number = |pick: String| pick.parse().with_context(|| format!("{pick}: not a number"));
    pick.map(number).transpose()
}

/// A file's chains, printed as `trace` would.
fn open(saved: cli::Saved) -> anyhow::Result<ExitCode> {
    let cli::Saved { file, pick, judged_as_told, run } = saved;
    let job = saved_job(file, picked(pick)?, run, judged_as_told);
    Ok(headless::open::run(&job, &mut io::stdout().lock())?.into())
}

fn saved_job(
    file: PathBuf,
    pick: Option<usize>,
    run: cli::Run,
    judged_as_told: bool,
) -> headless::open::Job {
    headless::open::Job {
        file,
        pick,
        client: judged_as_told.then_some(run.client),
        format: run.output.format,
        show_body: run.output.show_body,
        colour: run.output.color.on(io::stdout().is_terminal(), &environment),
        fail_on: run.output.fail_on.0,
        fail: run.output.fail,
        redact: run.output.redact.then(|| run.config.names()),
        policy: run.limits.policy,
    }
}

/// Runs the whole chain and prints it.
fn trace(run: cli::Run) -> anyhow::Result<ExitCode> {
    let cookie_jar = run.cookie_jar.clone();
    let (status, jar) = trace::trace(job(run)?, &mut io::stdout().lock())?;
    if let Some(file) = cookie_jar {
        write_cookies(&file, &jar)?;
    }
    Ok(status.into())
}

/// Holds redirects against what files say.
fn check(check: cli::Check) -> anyhow::Result<ExitCode> {
    let cli::Check { files, run, options } = check;
    let colour = run.output.color.on(io::stdout().is_terminal(), &environment);
    let job = headless::check::Job {
        files,
        colour,
        draft: run.draft.context("no request")?,
        client: run.client,
        limits: run.limits,
        settings: run.settings,
        jar: run.jar,
        redact: run.output.redact.then(|| run.config.names()),
        baseline: options.baseline,
        max_time: run.max_time.unwrap_or(cli::MAX_TIME),
        fail_on: run.output.fail_on.0,
        format: options.format,
        annotate: environment("GITHUB_ACTIONS").is_some_and(|value| value == "true"),
        environment: options.environment,
        variables: options.variables,
        base: options.base,
        pace: headless::check::Pace {
            concurrency: options.concurrency,
            per_host: options.per_host,
            rate: options.rate,
            retries: options.retries,
        },
        journal: options.resume,
        shard: headless::check::Shard { index: options.shard.0, of: options.shard.1 },
        in_order: options.in_order,
        probe: run.probe,
        mode: match options.every {
            Some(every) => Mode::Watch(Watch { every, on_change: options.on_change }),
            None if options.update => Mode::Snapshot(Snapshot::Write),
            None if options.diff => Mode::Snapshot(Snapshot::Show),
            None => Mode::Report,
        },
    };
    Ok(headless::check::check(job, &mut io::stdout().lock())?.into())
}

/// Runs the chain as every client and prints who ends where.
fn clients(run: cli::Run) -> anyhow::Result<ExitCode> {
    let (form, cookie_jar) = (form(&run), run.cookie_jar.clone());
    let extent = if run.dry_run { Extent::LeaderOnly } else { Extent::Whole };
    let out = &mut io::stdout().lock();
    let (status, jar) = headless::clients::survey(job(run)?, extent, form, out)?;
    if let Some(file) = cookie_jar {
        write_cookies(&file, &jar)?;
    }
    Ok(status.into())
}

/// Runs variants of a chain and prints where they part.
fn compare(compare: cli::Compare) -> anyhow::Result<ExitCode> {
    let cli::Compare { variants, hosts, tui } = compare;
    if tui && io::stdout().is_terminal() {
        return beside(variants, hosts);
    }
    let form = variants.first().map(|(_, run)| form(run)).context("nothing to compare")?;
    let jobs = jobs(variants)?;
    Ok(headless::compare::compare(jobs, &hosts, form, &mut io::stdout().lock())?.into())
}

/// Runs variants of a chain and puts them side by side on the screen.
fn beside(variants: Vec<(String, cli::Run)>, hosts: Hosts) -> anyhow::Result<ExitCode> {
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
    Ok(ExitCode::from(finished.ended.exit_status()))
}

fn jobs(variants: Vec<(String, cli::Run)>) -> anyhow::Result<Vec<(String, Job)>> {
    let mut jobs = Vec::new();
    for (at, (name, mut run)) in variants.into_iter().enumerate() {
        if at > 0 {
            run.notes.clear();
        }
        jobs.push((name, job(run)?));
    }
    Ok(jobs)
}

fn form(run: &cli::Run) -> Form {
    let colour = run.output.color.on(io::stdout().is_terminal(), &environment);
    match run.output.format {
        Format::Json => Form::Json,
        Format::Markdown => Form::Markdown,
        // the command line has refused the others
        Format::Text
        | Format::Ndjson
        | Format::Har
        | Format::Curl
        | Format::Hurl
        | Format::Sarif
        | Format::Junit => Form::Text { colour },
    }
}

/// What a run of the command line asks to be sent and printed; its notes go to standard error.
fn job(run: cli::Run) -> anyhow::Result<Job> {
    let draft = run.draft.context("URL: none is given")?;
    for note in &run.notes {
        report(note);
    }
    Ok(Job {
        draft,
        client: run.client,
        limits: run.limits,
        settings: run.settings,
        jar: run.jar,
        max_time: run.max_time,
        format: run.output.format,
        show_body: run.output.show_body,
        colour: run.output.color.on(io::stdout().is_terminal(), &environment),
        fail_on: run.output.fail_on.0,
        fail: run.output.fail,
        redact: run.output.redact.then(|| run.config.names()),
        probe: run.probe,
    })
}

fn usage(error: anyhow::Error) -> ExitCode {
    report(&format!("{error:#}"));
    ExitCode::from(USAGE)
}

fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// One line on standard error, in the form `hopstep: WHAT: WHY`.
fn report(line: &str) {
    let _ = writeln!(io::stderr(), "hopstep: {}", escape(line));
}
