//! `hopstep explain [TOPIC]`: what a rule, a status, a client, an intent or an outcome means.

use std::io::{self, Write};

use anyhow::bail;

use crate::domain::explain;
use crate::domain::nearest::hint;

/// Prints the explanation of a topic, or the list of topics.
///
/// # Errors
/// When there is no such topic.
pub fn run(topic: Option<&str>, out: &mut dyn Write) -> anyhow::Result<io::Result<()>> {
    let Some(name) = topic else { return Ok(out.write_all(explain::list().as_bytes())) };
    match explain::topic(name) {
        Some(text) => Ok(out.write_all(text.as_bytes())),
        None => {
            let near = hint(name, explain::topics());
            bail!("explain {name}: no such topic{near}; hopstep explain lists all")
        }
    }
}
