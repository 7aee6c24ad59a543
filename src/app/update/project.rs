//! Findings that the user does not want to hear of: a change to the project's file, which can be taken back.

use crate::app::effect::Effect;
use crate::app::message::{Project, Written};
use crate::app::model::{Model, Overlay, Session};
use crate::app::pane::Pane;
use crate::domain::config::edit::{Change, offers};
use crate::domain::policy::Policy;

use super::navigate;

pub(super) fn update(model: &mut Model, project: Project) -> Vec<Effect> {
    match project {
        Project::Offer => offer(model),
        Project::Undo => return undo(model),
        Project::Written { path, change, policy } => {
            let Written { says, .. } = &change;
            model.say(format!("{path}: {says}; {} takes it back", model.keys.undo));
            model.written.push(change);
            judge(model, *policy);
        }
        Project::Restored { path, policy } => {
            model.say(format!("{path} is as it was before"));
            model.written.pop();
            judge(model, *policy);
        }
    }
    Vec::new()
}

/// The ways of not hearing of the finding that is explained, or of the first in sight.
fn offer(model: &mut Model) {
    let finding = match &model.overlay {
        Some(Overlay::Explain { finding, .. }) => Some((**finding).clone()),
        _ => navigate::finding_in_sight(model),
    };
    let Some((finding, session)) = finding.zip(model.session.as_ref()) else {
        let findings = model.keys.pane(Pane::Findings);
        return model.say(format!("no finding is in sight: {findings} lists them"));
    };
    let at = finding.hop.unwrap_or(1).saturating_sub(1);
    let url = session.chain.hops.get(at).map(|hop| &hop.request.url);
    let rows: Vec<Change> = offers(&finding, url);
    model.overlay = Some(Overlay::Suppress { finding: Box::new(finding), rows, selected: 0 });
}

fn undo(model: &mut Model) -> Vec<Effect> {
    match model.written.last() {
        Some(change) => vec![Effect::Unconfigure(change.clone())],
        None => {
            model.say("nothing was written to hopstep.toml here");
            Vec::new()
        }
    }
}

/// Every run is judged anew. The policy lives as long as the program: chains refer to it.
fn judge(model: &mut Model, policy: Policy) {
    let policy: Option<&'static Policy> = Some(Box::leak(Box::new(policy)));
    model.limits.policy = policy;
    model.scenarios.iter_mut().for_each(|scenario| scenario.limits.policy = policy);
    let runs = model.others.iter_mut().chain(&mut model.session);
    runs.for_each(|run: &mut Session| {
        run.chain.limits.policy = policy;
        run.judge();
    });
}
