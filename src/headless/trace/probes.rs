//! Probes in commands without a screen: what will be sent is said on standard error first.

use std::io::{self, Write};

use crate::domain::chain::Chain;
use crate::domain::escape::escape;
use crate::domain::http::origin::Origin;
use crate::domain::probe::{self, ProbePlan};
use crate::domain::redact::Redactor;
use crate::domain::secret::Names;

/// The probes of each hop of this chain, said on standard error, a line a hop.
pub(in super::super) fn announced(chain: &Chain, redact: Option<&Names>) -> Vec<Vec<ProbePlan>> {
    let all = chain.hops.iter().map(probe::plans).filter(|plans| !plans.is_empty());
    let all: Vec<Vec<ProbePlan>> = all.collect();
    let redactor = redact.map(|names| Redactor::of(chain, names.clone()));
    for plans in &all {
        let line = sentence(plans);
        let line = redactor.as_ref().map_or_else(|| line.clone(), |redactor| redactor.text(&line));
        let _ = writeln!(io::stderr(), "hopstep: {}", escape(&line));
    }
    all
}

/// What the probes of one hop will send, and where to.
fn sentence(plans: &[ProbePlan]) -> String {
    let Some(first) = plans.first() else { return String::new() };
    let along = match probe::carried(plans).as_slice() {
        [] => String::new(),
        names => format!(", with {}", names.join(", ")),
    };
    let (hop, count, origin) = (first.hop, plans.len(), Origin::of(&first.request.url));
    let told = probe::told(plans).join("; ");
    format!("probe: hop {hop}: sends {count} requests to {origin}{along}: {told}")
}
