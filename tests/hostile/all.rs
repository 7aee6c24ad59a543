//! Every case, by protocol, and how a list of them is gone through.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::case::Case;
use crate::server;
use crate::{bodies, frames, handshakes, heads, lines, sessions, streams};

/// HTTP/1 in the clear.
pub(crate) fn plain() -> Vec<Case> {
    heads::cases().into_iter().chain(bodies::cases()).collect()
}

/// TLS that breaks, before, in and after the handshake.
pub(crate) fn sessions() -> Vec<Case> {
    sessions::cases().into_iter().chain(handshakes::cases()).collect()
}

/// The answers of [`plain`] over TLS.
pub(crate) fn secured() -> Vec<Case> {
    plain().into_iter().filter_map(Case::secured).collect()
}

/// HTTP/2 in the clear.
pub(crate) fn http2() -> Vec<Case> {
    [frames::cases(), streams::cases(), lines::cases()].into_iter().flatten().collect()
}

/// The answers of [`http2`] over TLS.
pub(crate) fn secured_http2() -> Vec<Case> {
    http2().into_iter().filter_map(Case::secured).collect()
}

/// Goes through the cases, a few at a time, and lists all that went wrong. There are at least so many.
pub(crate) fn each(cases: Vec<Case>, at_least: usize, act: fn(&Case) -> Result<(), String>) {
    assert!(cases.len() >= at_least, "{} cases", cases.len());
    server::many_files();
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if let Err(why) = act(case) {
                        wrong.lock().unwrap().push(format!("{}: {why}", case.name));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    println!("{} cases", cases.len());
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
