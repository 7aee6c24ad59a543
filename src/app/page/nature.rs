//! What a redirect is for, who issued it, and whether its status is right: said once on the hop, and in brief on its step.

use crate::app::model::Session;
use crate::domain::classify::diagnosis::{Fit, Nature, Remedy};
use crate::domain::classify::intent::Kind;
use crate::domain::escape::escape;
use crate::domain::finding::{Likelihood, Severity};

use super::Role;
use super::sheet::Sheet;

/// Columns of the labels beside a response.
const LABEL: usize = 6;

/// The lines on a hop (from 1): purpose, issuer, status, each with what speaks for it.
pub fn lines(sheet: &mut Sheet, session: &Session, hop: usize) {
    let Some(nature) = of(session, hop) else { return };
    if let Some(intent) = nature.intent.as_ref().filter(|intent| intent.kind != Kind::Unknown) {
        let facts = (intent.kind.id(), intent.confidence, intent.evidence.join(" · "));
        sheet.labelled("for", LABEL, &told(facts));
    }
    if let Some(issuer) = &nature.issuer {
        let facts = (issuer.row.name, issuer.confidence, issuer.evidence.join(" · "));
        sheet.labelled("by", LABEL, &told(facts));
    }
    let advice = session.diagnosis.as_ref().and_then(|diagnosis| diagnosis.status_of(hop));
    if let Some(advice) = advice {
        let role = match advice.fit {
            Fit::Wrong => Role::Severity(Severity::Warning),
            Fit::Right | Fit::Depends => Role::Plain,
        };
        let mark = match advice.fit {
            Fit::Wrong => format!("{} ", Severity::Warning.badge()),
            Fit::Right | Fit::Depends => String::new(),
        };
        let texts = [(role, mark.into()), (Role::Plain, escape(&advice.sentence))];
        sheet.labelled(&advice.status.to_string(), LABEL, &texts);
    }
}

/// `post-redirect-get · nginx`: what there is room for beside a step, the sure things only.
pub fn brief(session: &Session, hop: usize) -> Option<String> {
    let nature = of(session, hop)?;
    let sure = |confidence: Likelihood| confidence > Likelihood::Low;
    let intent = nature.intent.as_ref();
    let intent = intent.filter(|of| of.kind != Kind::Unknown && sure(of.confidence));
    let issuer = nature.issuer.as_ref().filter(|of| sure(of.confidence));
    let words = [intent.map(|of| of.kind.id()), issuer.map(|of| of.row.name)];
    let words: Vec<&str> = words.into_iter().flatten().collect();
    (!words.is_empty()).then(|| words.join(" · "))
}

/// Where a fix is made, and below it how it is said there.
pub fn remedy(sheet: &mut Sheet, indent: usize, of: &Remedy) {
    let place = format!("in {}", of.place);
    sheet.prose(indent, &[(Role::Dim, escape(&place))]);
    for line in &of.example {
        sheet.prose(indent + 2, &[(Role::Name, escape(line))]);
    }
}

fn of(session: &Session, hop: usize) -> Option<&Nature> {
    session.diagnosis.as_ref()?.hops.get(hop.checked_sub(1)?)
}

/// `nginx, medium: Server: nginx/1.24.0`
fn told(
    (name, confidence, evidence): (&'static str, Likelihood, String),
) -> [(Role, std::borrow::Cow<'static, str>); 3] {
    let why = if evidence.is_empty() { String::new() } else { format!(": {}", escape(&evidence)) };
    [
        (Role::Strong, name.into()),
        (Role::Plain, format!("  {}", confidence.id()).into()),
        (Role::Dim, why.into()),
    ]
}
