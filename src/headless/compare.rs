//! `hopstep compare`: runs variants of a chain, one after the other, and prints where they part.
//!
//! Promises: each chain has connections and cookies of its own; what was seen before Ctrl-C is printed.

use std::io::{self, Write};
use std::sync::Arc;

use anyhow::Context;
use time::OffsetDateTime;

use super::trace::{self, Job, Status};
use crate::domain::comparison::hosts::Hosts;
use crate::domain::export::clients::Form;
use crate::domain::export::compare::{Report, Variant, document};
use crate::domain::rules;
use crate::fetch::BodyStore;

/// Chains that were run for the screen, and their bodies.
#[derive(Debug)]
pub struct Ran {
    pub variants: Vec<Variant>,
    pub store: Arc<BodyStore>,
    /// Seconds since the Unix epoch.
    pub started_at: i64,
}

/// Runs all of them and prints nothing: the screen shows them.
pub fn run(variants: Vec<(String, Job)>) -> anyhow::Result<Ran> {
    let (store, progress) = (Arc::new(BodyStore::new()), trace::progress::is_seen());
    let started_at = OffsetDateTime::now_utc().unix_timestamp();
    let mut ran = Vec::new();
    for (name, job) in variants {
        let (chain, interrupted) = trace::whole(job, &store, progress)?;
        ran.push(Variant { name, chain });
        if interrupted {
            break;
        }
    }
    Ok(Ran { variants: ran, store, started_at })
}

/// Runs all of them and prints the comparison. The worst chain decides the exit status.
pub fn compare(
    variants: Vec<(String, Job)>,
    hosts: &Hosts,
    form: Form,
    out: &mut dyn Write,
) -> anyhow::Result<Status> {
    let started_at = OffsetDateTime::now_utc();
    let redact = variants.first().and_then(|(_, job)| job.printing.redact.clone());
    let progress = trace::progress::is_seen();
    let (mut run, mut worst) = (Vec::new(), Status::Good);
    for (name, job) in variants {
        let printing = job.printing.clone();
        let (chain, interrupted) = trace::whole(job, &Arc::new(BodyStore::new()), progress)?;
        let status = match interrupted {
            true => Status::Interrupted,
            false => printing.status(&chain, &rules::judge(&chain)),
        };
        trace::report(&chain, status, Some(&name), printing.redact);
        run.push(Variant { name, chain });
        worst = worst.max(status);
        if interrupted {
            break;
        }
    }
    let report = Report { variants: &run, hosts, redact: redact.as_ref(), started_at };
    match out.write_all(document(&report, form).as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        printed => printed.context("standard output")?,
    }
    Ok(worst)
}
