//! `chain-drift-from-baseline`: the chain goes another way than the last time.

use crate::domain::baseline::Baseline;
use crate::domain::evidence::Evidence;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags a chain that differs from its stored baseline: number of hops, status or target of
    /// a hop, final status. Needs a baseline.
    ///
    /// ## Why it matters
    /// An unexpected Location is the earliest sign of a bad deploy, an expired token or a
    /// hijack.
    ///
    /// ## When it is silent
    /// Parameters that differ by design, such as `state`, `nonce` and signatures.
    id: "chain-drift-from-baseline",
    group: Group::Chain,
    severity: Severity::Error,
    needs: Needs::Baseline,
    causes: [
        High: "intended configuration change not recorded",
        Medium: "gateway or DNS change",
        Low: "compromised redirect target",
    ],
    fix: Easy: "review the diff; accept it with a baseline update or roll back",
    references: [
        "Orange-OpenSource/hurl#922",
        "Orange-OpenSource/hurl#1763",
    ],
    check: Check::Whole(check),
}

fn check(evidence: &Evidence<'_>, report: &mut Report) {
    let Some(baseline) = evidence.aside.baseline else { return };
    let now = Baseline::of(evidence.chain);
    let ended = evidence.chain.ending().is_some();
    for (at, (before, after)) in baseline.hops.iter().zip(&now.hops).enumerate() {
        if before != after {
            let message = format!("hop {} was {}, now it is {}", at + 1, show(before), show(after));
            return report.add(Anchor::Chain, message, report.usual_fix());
        }
    }
    let (before, after) = (baseline.hops.len(), now.hops.len());
    if after > before || ended && after < before {
        let message = format!("the chain had {before} hops, now it has {after}");
        report.add(Anchor::Chain, message, report.usual_fix());
    }
}

fn show((status, target): &(u16, Option<String>)) -> String {
    match target {
        Some(target) => format!("{status} to {target}"),
        None => status.to_string(),
    }
}
