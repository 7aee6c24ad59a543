//! The commands that print and end.

use std::io::{self, IsTerminal};
use std::path::PathBuf;

use anyhow::Context;

use hopstep::cli;
use hopstep::domain::client::survey::Extent;
use hopstep::domain::export::Format;
use hopstep::domain::export::clients::Form;
use hopstep::headless;
use hopstep::headless::check::{Mode, Snapshot, Watch};
use hopstep::headless::printing::Printing;
use hopstep::headless::trace::{self, Job};

use super::{environment, history_path, picked, report, screen, write_cookies};

/// Runs the whole chain and prints it.
pub(crate) fn trace(run: cli::Run) -> anyhow::Result<u8> {
    let cookie_jar = run.cookie_jar.clone();
    let (status, jar) = trace::trace(job(run)?, &mut io::stdout().lock())?;
    if let Some(file) = cookie_jar {
        write_cookies(&file, &jar)?;
    }
    Ok(status.into())
}

/// A file's chains, printed as `trace` would.
pub(crate) fn open(saved: cli::Saved) -> anyhow::Result<u8> {
    let cli::Saved { file, pick, judged_as_told, run, requests: _ } = saved;
    let job = saved_job(file, picked(pick)?, run, judged_as_told);
    Ok(headless::open::run(&job, &mut io::stdout().lock())?.into())
}

/// Holds redirects against what files say.
pub(crate) fn check(check: cli::Check) -> anyhow::Result<u8> {
    let cli::Check { files, run, options } = check;
    let colour = coloured(&run);
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
pub(crate) fn clients(run: cli::Run) -> anyhow::Result<u8> {
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
pub(crate) fn compare(compare: cli::Compare) -> anyhow::Result<u8> {
    let cli::Compare { variants, hosts, tui } = compare;
    if tui && screen::is_there() {
        return screen::beside(variants, hosts);
    }
    let form = variants.first().map(|(_, run)| form(run)).context("nothing to compare")?;
    let jobs = jobs(variants)?;
    Ok(headless::compare::compare(jobs, &hosts, form, &mut io::stdout().lock())?.into())
}

/// Lists, shows and deletes recorded chains.
pub(crate) fn history(past: cli::Past) -> anyhow::Result<u8> {
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

/// What a run of the command line asks to be sent and printed; its notes go to standard error.
pub(crate) fn job(run: cli::Run) -> anyhow::Result<Job> {
    let printing = printing(&run);
    let draft = run.draft.context("URL: there is none; give the one to begin with")?;
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
        printing,
        probe: run.probe,
    })
}

fn printing(run: &cli::Run) -> Printing {
    let output = &run.output;
    Printing {
        format: output.format,
        show_body: output.show_body,
        colour: coloured(run),
        fail_on: output.fail_on.0,
        fail: output.fail,
        redact: output.redact.then(|| run.config.names()),
    }
}

fn coloured(run: &cli::Run) -> bool {
    run.output.color.on(io::stdout().is_terminal(), &environment)
}

pub(crate) fn jobs(variants: Vec<(String, cli::Run)>) -> anyhow::Result<Vec<(String, Job)>> {
    let mut jobs = Vec::new();
    for (at, (name, mut run)) in variants.into_iter().enumerate() {
        if at > 0 {
            run.notes.clear();
        }
        jobs.push((name, job(run)?));
    }
    Ok(jobs)
}

pub(crate) fn form(run: &cli::Run) -> Form {
    let colour = coloured(run);
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

fn saved_job(
    file: PathBuf,
    pick: Option<usize>,
    run: cli::Run,
    judged_as_told: bool,
) -> headless::open::Job {
    let printing = printing(&run);
    headless::open::Job {
        file,
        pick,
        client: judged_as_told.then_some(run.client),
        printing,
        policy: run.limits.policy,
    }
}
