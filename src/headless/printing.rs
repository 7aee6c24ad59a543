//! Printing: how chains are printed, and what makes one that ended well fail.

use crate::domain::chain::{Chain, Ending};
use crate::domain::export::Format;
use crate::domain::finding::{Finding, Severity};
use crate::domain::secret::Names;

use super::trace::Status;

/// How chains are printed, and what makes one that ended well fail.
#[derive(Clone, Debug)]
pub struct Printing {
    pub format: Format,
    pub show_body: u64,
    pub colour: bool,
    /// The least severity of a finding that fails the run.
    pub fail_on: Option<Severity>,
    /// `-f`: a final status of 400 or above fails the run.
    pub fail: bool,
    /// `--redact`: secrets are kept back, those with these names of the user's too.
    pub redact: Option<Names>,
}

impl Printing {
    /// How a run that was not interrupted ended.
    pub(super) fn status(&self, chain: &Chain, findings: &[Finding]) -> Status {
        match chain.ending() {
            Some(Ending::Failed(_)) => return Status::Failed,
            Some(Ending::Stopped(_)) | None => return Status::Stopped,
            Some(Ending::Final) => {}
        }
        let fails = |of: &Finding| self.fail_on.is_some_and(|least| of.severity >= least);
        let last = chain.hops.last().and_then(|hop| hop.status());
        let refused = self.fail && last.is_some_and(|code| code >= 400);
        if findings.iter().any(fails) || refused { Status::Matched } else { Status::Good }
    }
}
