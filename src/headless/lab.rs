//! `hopstep lab`: serves the lab for other clients until it is interrupted.
//!
//! Prints how to reach it: a curl command per scenario, and a proxy for clients that can't map names to ports.

use std::io::{self, Write};

use crate::lab::scenario::{self, Scenario};
use crate::lab::{self, Lab, Pace, command};
use anyhow::{Context, bail};

/// The exit status of an interrupted program (product.md section 3).
const INTERRUPTED: u8 = 130;

/// Serves these scenarios, all of them when none is named, until SIGINT, SIGTERM or SIGHUP.
pub fn run(names: &[String]) -> anyhow::Result<u8> {
    let scenarios = chosen(names)?;
    // before anything is printed: whoever reads the output may send the signal at once
    let wait = interruption().context("cannot wait for signals")?;
    let lab = lab::start(&scenarios, Pace::Real).context("cannot start the lab")?;
    match print(&lab, &scenarios) {
        // whoever read the output has seen enough
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(0),
        printed => printed.context("cannot write to standard output")?,
    }
    wait();
    drop(lab);
    Ok(INTERRUPTED)
}

/// Listens from now on; what it gives back returns when the program is to end.
#[cfg(unix)]
fn interruption() -> io::Result<impl FnOnce()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    Ok(move || {
        signals.forever().next();
    })
}

/// The same where a signal can only be asked for.
#[cfg(not(unix))]
fn interruption() -> io::Result<impl FnOnce()> {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;

    use signal_hook::consts::{SIGINT, SIGTERM};
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    Ok(move || {
        while !stop.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(50));
        }
    })
}

/// The scenarios of these names in the order of the tour.
pub fn chosen(names: &[String]) -> anyhow::Result<Vec<Scenario>> {
    let all = scenario::all();
    if let Some(name) = names.iter().find(|name| Scenario::named(name).is_none()) {
        let ids: Vec<&str> = all.iter().map(|scenario| scenario.id.as_str()).collect();
        bail!("scenario {name}: there is none of that name, only {}", ids.join(", "));
    }
    let wanted = |scenario: &&Scenario| names.is_empty() || names.contains(&scenario.id);
    Ok(all.iter().filter(wanted).cloned().collect())
}

fn print(lab: &Lab, scenarios: &[Scenario]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let (proxy, ca) = (lab.proxy, lab.ca_file().display().to_string());
    writeln!(out, "The lab is open on this machine only. Ctrl-C closes it.\n")?;
    writeln!(
        out,
        "curl     the commands below; the file after -K maps names to ports and trusts the lab"
    )?;
    writeln!(out, "others   proxy http://{proxy}, trusted certificate {ca}")?;
    writeln!(out, "hopstep  hopstep -x http://{proxy} --cacert {ca} URL")?;
    for scenario in scenarios {
        writeln!(out, "\n{}: {}", scenario.id, scenario.title)?;
        writeln!(out, "    {}", command::curl(scenario, lab))?;
    }
    writeln!(out, "\nhosts")?;
    for host in lab.hosts() {
        writeln!(out, "    {host}")?;
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::chosen;

    #[test]
    fn an_unknown_scenario_is_refused_with_the_names_there_are() {
        let error = chosen(&["nonsense".to_owned()]).unwrap_err().to_string();
        assert!(error.contains("checkout"), "{error}");
    }

    #[test]
    fn scenarios_come_in_the_order_of_the_tour() {
        let names = ["loop".to_owned(), "checkout".to_owned()];
        let ids: Vec<_> = chosen(&names).unwrap().into_iter().map(|s| s.id).collect();
        assert_eq!(ids, ["checkout", "loop"]);
    }
}
