//! `session-unchanged-across-login`: the session goes on unchanged after signing in.

use crate::domain::classify::intent::returns_here;
use crate::domain::evidence::HopEvidence;
use crate::domain::evidence::cookies::{SetLine, is_session_name, sent};
use crate::domain::evidence::steering::password_field;
use crate::domain::finding::Anchor;

super::rule! {
    /// ## What it does
    /// Flags the answer to a login form or to an identity provider's callback that leads away
    /// from login, where the request had a session cookie and the response neither replaces nor
    /// deletes it.
    ///
    /// ## Why it matters
    /// Keeping the pre-login session id allows fixation.
    ///
    /// ## When it is silent
    /// A target that is a login page again, or has an error parameter: signing in has failed.
    id: "session-unchanged-across-login",
    group: Group::Cookies,
    severity: Severity::Warning,
    needs: Needs::Passive,
    causes: [
        High: "framework needs an explicit regenerate call",
        Medium: "login handled by a gateway",
        Low: "session id is stored elsewhere",
    ],
    fix: Medium: "issue a new session identifier on every authentication",
    references: [
        "CWE-384",
        "ASVS 5.0 7.2.4",
        "WSTG-SESS-03",
    ],
    check: Check::EachHop(check),
}

fn check(hop: &HopEvidence<'_>, report: &mut Report) {
    let Some(next) = hop.target() else { return };
    let callback = hop.base_param("state").is_some() && hop.base_param("code").is_some()
        || hop.form().iter().any(|param| param.is("SAMLResponse"));
    let signed_in = callback || hop.method() == "POST" && password_field(hop).is_some();
    if !signed_in {
        return;
    }
    let failed = hop.param("error").is_some()
        || next.path() == hop.base().path()
        || hop.intent.kind.asks_for_login()
        || returns_here(hop)
        || leads_to_login(next.path());
    if failed {
        return;
    }
    let set: Vec<String> = SetLine::all(hop).into_iter().map(|line| line.name).collect();
    let had = sent(hop.request()).into_iter().find(|(name, _)| is_session_name(name));
    let Some((name, _)) = had.filter(|(name, _)| !set.contains(name)) else { return };
    let message = format!(
        "the session {name:?} from before signing in goes on: whoever planted it is signed in too"
    );
    report.add(Anchor::StatusLine, message, report.usual_fix());
}

fn leads_to_login(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    ["login", "signin", "sign-in", "sign_in"].iter().any(|word| path.contains(word))
}
