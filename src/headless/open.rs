//! `hopstep open FILE`: a HAR file or a saved trace, judged anew, without network.
//!
//! Promises: nothing is sent; a file of more than [`MOST`] bytes is refused; what the file says is as hostile as a server.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use time::OffsetDateTime;

use super::printing::Printing;
use super::trace::Status;
use crate::domain::chain::Chain;
use crate::domain::client::Client;
use crate::domain::counted::counted;
use crate::domain::export::{self, Format, Record};
use crate::domain::finding::Finding;
use crate::domain::http::body::Bodies;
use crate::domain::http::settings::Settings;
use crate::domain::import;
use crate::domain::import::recording::Recording;
use crate::domain::policy::Policy;
use crate::domain::redact::Redactor;
use crate::domain::rules;
use crate::fetch::BodyStore;

/// The largest file that is read.
pub const MOST: u64 = 256 << 20;

/// What to open and what to print.
#[derive(Clone, Debug)]
pub struct Job {
    pub file: PathBuf,
    /// Which of several chains, from 1.
    pub pick: Option<usize>,
    /// Whose rules judge it (`--as`); `None`: as the file says.
    pub client: Option<Client>,
    pub printing: Printing,
    /// What the configuration says of judging.
    pub policy: Option<&'static Policy>,
}

/// The chains of a file, and their bodies.
#[derive(Debug, Default)]
pub struct Opened {
    pub chains: Vec<Saved>,
    pub store: Arc<BodyStore>,
}

/// One chain of a file.
#[derive(Clone, Debug)]
pub struct Saved {
    pub chain: Chain,
    pub started_at: OffsetDateTime,
}

impl Opened {
    /// The chains of these recordings, judged by the client they name or by this one, and by this policy.
    ///
    /// # Errors
    /// When their bodies can't be kept.
    pub fn of(
        recordings: Vec<Recording>,
        client: Option<&Client>,
        policy: Option<&'static Policy>,
    ) -> anyhow::Result<Opened> {
        let mut opened = Opened::default();
        for mut recording in recordings {
            opened.store.keep(&mut recording).context("bodies")?;
            recording.limits.policy = policy;
            let started_at = recording.started_at;
            let client = client.cloned().unwrap_or_else(|| recording.client.clone());
            opened.chains.push(Saved { chain: recording.chain(client), started_at });
        }
        Ok(opened)
    }

    /// Only this one of the chains, from 1.
    ///
    /// # Errors
    /// When there is no such chain.
    pub fn pick(mut self, file: &Path, pick: Option<usize>) -> anyhow::Result<Opened> {
        let count = self.chains.len();
        let Some(pick) = pick else { return Ok(self) };
        if !(1..=count).contains(&pick) {
            let count = counted(count, "chain");
            bail!("{pick}: {} has {count}, numbered from 1", file.display());
        }
        self.chains = vec![self.chains.swap_remove(pick - 1)];
        Ok(self)
    }
}

/// Reads and judges the file.
///
/// # Errors
/// When it can't be read, is too large, or is no recording; the error says where.
pub fn load(
    file: &Path,
    client: Option<&Client>,
    policy: Option<&'static Policy>,
) -> anyhow::Result<Opened> {
    let name = || file.display().to_string();
    let text = read(file).with_context(name)?;
    let recordings = import::recordings(&text).map_err(anyhow::Error::msg).with_context(name)?;
    // the bodies are in the recordings from here on
    drop(text);
    Opened::of(recordings, client, policy)
}

/// Prints the chains of the file as `trace` would; the exit status is that of the worst.
pub fn run(job: &Job, out: &mut dyn Write) -> anyhow::Result<Status> {
    let opened = load(&job.file, job.client.as_ref(), job.policy)?.pick(&job.file, job.pick)?;
    let count = opened.chains.len();
    if count > 1 && one_document(job.printing.format) {
        bail!(
            "--format: this one holds one chain, and {} has {count}; name one, from 1",
            job.file.display()
        );
    }
    print(job, &opened, out)
}

/// Prints these chains; the exit status is that of the worst.
pub(super) fn print(job: &Job, opened: &Opened, out: &mut dyn Write) -> anyhow::Result<Status> {
    let mut worst = Status::Good;
    for (at, saved) in opened.chains.iter().enumerate() {
        let (text, status) = printed(job, saved, &opened.store);
        let gap = if at > 0 && job.printing.format == Format::Text { "\n" } else { "" };
        match out.write_all(gap.as_bytes()).and_then(|()| out.write_all(text.as_bytes())) {
            // whoever read the output has seen enough
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => break,
            written => written.context("standard output")?,
        }
        worst = worst.max(status);
    }
    Ok(worst)
}

/// Whether a file of this format is one document for one chain.
fn one_document(format: Format) -> bool {
    match format {
        Format::Har | Format::Sarif | Format::Junit => true,
        Format::Text | Format::Json | Format::Ndjson => false,
        Format::Markdown | Format::Curl | Format::Hurl => false,
    }
}

fn printed(job: &Job, saved: &Saved, store: &BodyStore) -> (String, Status) {
    let findings = rules::judge(&saved.chain);
    let status = job.printing.status(&saved.chain, &findings);
    let document = |chain: &Chain, findings: &[Finding], bodies: &dyn Bodies| {
        let record = Record {
            chain,
            findings,
            diagnosis: None,
            started_at: saved.started_at,
            bodies,
            show_body: job.printing.show_body,
            settings: &Settings::default(),
            fail_on: job.printing.fail_on,
        };
        export::document(job.printing.format, &record, job.printing.colour)
    };
    let Some(names) = &job.printing.redact else {
        return (document(&saved.chain, &findings, store), status);
    };
    let redactor = Redactor::of(&saved.chain, names.clone());
    let (chain, findings) = (redactor.chain(&saved.chain), redactor.findings(&findings));
    (document(&chain, &findings, &redactor.bodies(store)), status)
}

/// The text of a file; `-` is standard input.
fn read(file: &Path) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    let from: &mut dyn Read = match file.to_str() {
        Some("-") => &mut io::stdin().lock(),
        _ => &mut File::open(file)?,
    };
    from.take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST {
        bail!("more than {} MiB, which is the most that is read", MOST >> 20);
    }
    let bad = |error: std::string::FromUtf8Error| {
        let at = error.utf8_error().valid_up_to();
        anyhow::anyhow!("byte {at}: not UTF-8, so neither HAR nor a trace")
    };
    String::from_utf8(bytes).map_err(bad)
}
