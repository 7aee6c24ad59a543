//! Ledger: the requests that the lab's servers saw. Bounded.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::domain::http::field::Fields;

use super::site::Scheme;
use super::wire::Incoming;

/// How many requests are kept.
pub(crate) const LIMIT: usize = 1000;
/// How many bytes of each request body are kept.
const BODY: usize = 64 * 1024;

/// A request as it arrived.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seen {
    pub scheme: Scheme,
    /// The host whose server it reached.
    pub host: String,
    pub method: String,
    /// The request target in origin form.
    pub target: String,
    pub fields: Fields,
    /// The first 64 KiB.
    pub body: Vec<u8>,
}

#[derive(Debug, Default)]
pub(crate) struct Ledger(Mutex<VecDeque<Seen>>);

impl Ledger {
    pub(crate) fn note(&self, scheme: Scheme, host: &str, request: &Incoming) {
        let mut seen = self.lock();
        if seen.len() == LIMIT {
            seen.pop_front();
        }
        let kept = request.body.len().min(BODY);
        seen.push_back(Seen {
            scheme,
            host: host.to_owned(),
            method: request.method.clone(),
            target: request.target().to_owned(),
            fields: request.fields.clone(),
            body: request.body[..kept].to_vec(),
        });
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.lock().iter().cloned().collect()
    }

    pub(crate) fn forget(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Seen>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
