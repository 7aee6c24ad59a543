//! Limits: which schemes redirects may lead to, how many redirects a client follows, and how often it goes to one URL.

use crate::domain::client::Client;

use super::location::Landing;
use super::{Attempt, Halt, StopReason};

/// Stops at the limit. A client that hands out the redirect there is stopped all the same: the user asked where it leads.
pub(super) fn check(attempt: &Attempt<'_>, landing: &Landing, client: &Client) -> Result<(), Halt> {
    let followed = attempt.hops.len().saturating_sub(1);
    let visits = || attempt.hops.iter().skip(1).filter(|hop| hop.request.url == landing.url);
    let worn = client.limit.visits.is_some_and(|limit| visits().count() >= limit as usize);
    let reached = followed >= client.limit.redirects as usize;
    if reached || worn {
        return Err(Halt::Stop(StopReason::MaxHops));
    }
    match client.limit.schemes.permits(&landing.url) {
        true => Ok(()),
        false => Err(Halt::Stop(StopReason::ForbiddenScheme)),
    }
}
