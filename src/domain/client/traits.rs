//! Traits: what sets a client apart, one sentence each, made from its parameters.

use super::Client;
use super::location::{Empty, Grammar, Several};
use super::method::{Forced, Rewrite};
use super::parameters::Parameter;
use super::policy::{
    Downgrade, Fragment, HostOverride, JarUse, Referer, Refusal, Streamed, Userinfo,
};
use super::scope::{Basis, Keep, Scope};

/// The statuses whose treatment of methods is told.
const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];
/// The methods whose treatment is told, `*` for all that are not named.
const METHODS: [&str; 6] = ["POST", "PUT", "PATCH", "DELETE", "HEAD", "GET"];

impl Client {
    /// What sets this client apart, most important first.
    pub fn traits(&self) -> Vec<String> {
        let mut told = vec![self.follows_sentence()];
        told.extend(self.method_sentences());
        told.push(travels("Authorization", self.keep("authorization")));
        told.push(travels("A hand-written Cookie", self.keep("cookie")));
        told.push(self.jar_sentence().to_owned());
        told.push(self.limit_sentence());
        told.extend(self.target_sentences().into_iter().map(str::to_owned));
        told.extend(self.location_sentences().into_iter().map(str::to_owned));
        told
    }

    /// Name, version, traits and where they are known from, for `hopstep explain`.
    pub fn explanation(&self) -> String {
        let mut text = format!("{}: {}\n\n", self.name, self.version);
        for sentence in self.traits() {
            text += &format!("- {sentence}\n");
        }
        text += "\nWhere this is from:\n";
        for evidence in &self.evidence {
            text += &format!("- {evidence}\n");
        }
        text += "\nEvery parameter that differs from the defaults, and its evidence:\n";
        for Parameter { name, value, scenarios } in self.parameters() {
            text += &format!("- {name} = {value} ({})\n", self.evidence_of(&scenarios));
        }
        text + &format!(
            "\nThe file is assets/clients/{}.toml; scenarios and measurements are in tests/clients.\n",
            self.name
        )
    }

    /// What one parameter rests on: the scenarios in which this version was measured, or what was read in its source.
    fn evidence_of(&self, scenarios: &str) -> String {
        if !scenarios.is_empty() {
            return format!("measured with {}: scenarios {scenarios}*", self.version);
        }
        let read = self.evidence.iter().find(|from| from.starts_with("read"));
        read.or(self.evidence.first()).cloned().unwrap_or_default()
    }

    pub(super) fn follows_sentence(&self) -> String {
        if self.follows_every_3xx {
            return "Follows every 3xx with a Location.".to_owned();
        }
        let statuses: Vec<String> = self.follows.iter().map(u16::to_string).collect();
        format!("Follows {}.", statuses.join(", "))
    }

    /// One sentence for each kind of rewrite, with the methods and statuses it applies to.
    fn method_sentences(&self) -> Vec<String> {
        let kinds = [
            (Rewrite::Get, "becomes GET without its body"),
            (Rewrite::KeepWithoutBody, "keeps its method but loses its body"),
            (Rewrite::Error, "is an error"),
            (Rewrite::Final, "is not followed"),
        ];
        let mut told = Vec::new();
        for method in METHODS {
            for (kind, words) in kinds {
                let at: Vec<String> = STATUSES
                    .iter()
                    .filter(|&&status| self.rewrite(status, method) == kind)
                    .map(u16::to_string)
                    .collect();
                if !at.is_empty() {
                    told.push(format!("{method} {words} at {}.", at.join(", ")));
                }
            }
        }
        told.extend(self.forced_sentence().map(str::to_owned));
        told
    }

    pub(super) fn forced_sentence(&self) -> Option<&'static str> {
        match self.forced {
            Forced::Ignored => None,
            Forced::Sticks => {
                Some("A method forced with -X stays through 301, 302 and 303, without its body.")
            }
            Forced::ObeysStatus => {
                Some("A method forced with -X gives way where the status says so.")
            }
        }
    }

    fn rewrite(&self, status: u16, method: &str) -> Rewrite {
        self.method.get(&status).map_or(Rewrite::Keep, |rewrites| rewrites.of(method))
    }

    pub(super) fn jar_sentence(&self) -> &'static str {
        match self.cookies.jar {
            JarUse::Absent => "Has no cookie jar.",
            JarUse::Off => "Forgets Set-Cookie unless a jar is switched on.",
            JarUse::On | JarUse::Asked if self.cookies.names_only => {
                "Remembers Set-Cookie between hops, but not where the host is an IP address."
            }
            JarUse::On | JarUse::Asked => "Remembers Set-Cookie between hops.",
            JarUse::SameOrigin => "Remembers Set-Cookie, but sends cookies to its own origin only.",
        }
    }

    pub(super) fn limit_sentence(&self) -> String {
        let then = match self.limit.at_limit {
            Refusal::Error => "reports an error",
            Refusal::Final => "hands out the redirect as the response",
        };
        let visits = self.limit.visits.map_or(String::new(), |visits| {
            format!(" A URL that was visited {visits} times before is an error.")
        });
        format!("Follows {} redirects, then {then}.{visits}", self.limit.redirects)
    }

    pub(super) fn target_sentences(&self) -> Vec<&'static str> {
        let mut told = Vec::new();
        match self.target.downgrade {
            Downgrade::Follow => {}
            Downgrade::Final => {
                told.push("Does not go from https to http: hands out the redirect.")
            }
            Downgrade::Error | Downgrade::ErrorIfFirstWasHttps => {
                told.push("Going from https to http is an error.");
            }
        }
        match self.target.host {
            HostOverride::Keep => told.push("Sends a hand-written Host to every host."),
            HostOverride::SameHost => {
                told.push("Sends a hand-written Host to the first host only.")
            }
            HostOverride::RelativeOnly => {
                told.push("Keeps a hand-written Host after a relative Location only.");
            }
            HostOverride::Drop => {}
        }
        match self.target.fragment {
            Fragment::Inherit | Fragment::InheritIfEmpty => {
                told.push("The fragment goes over to a Location without one.");
            }
            Fragment::Drop => {}
        }
        if self.target.hsts {
            told.push("Strict-Transport-Security turns later http targets into https.");
        }
        match self.referer.adds {
            Referer::None => {}
            Referer::PreviousUrl => told.push("Adds the previous URL as Referer."),
            Referer::Retrimmed => {
                told.push("Sends the page's Referer, trimmed by Referrer-Policy.")
            }
        }
        match self.body.streamed {
            Streamed::Resend => {}
            Streamed::Empty => told.push("A streamed body is sent again empty at 307 and 308."),
            Streamed::Error => told.push("A streamed body makes 307 and 308 an error."),
            Streamed::Final => told.push("With a streamed body, 307 and 308 are not followed."),
        }
        told
    }

    pub(super) fn location_sentences(&self) -> Vec<&'static str> {
        let mut told = vec![match self.location.grammar {
            Grammar::Rfc3986 => "Reads Location by RFC 3986, with liberties of its own.",
            Grammar::Whatwg => "Reads Location by the WHATWG URL standard, as browsers do.",
        }];
        match self.location.several {
            Several::First => {}
            Several::Last => told.push("Of several Location lines the last one counts."),
            Several::Join => told.push("Several Location lines are joined with a comma."),
            Several::ErrorIfDifferent => told.push("Location lines that differ are an error."),
        }
        match self.location.empty {
            Empty::Final => {}
            Empty::SameUrl => told.push("An empty Location asks for the same URL again."),
            Empty::Folder => told.push("An empty Location leads to the folder of the URL."),
        }
        if self.missing_location == Refusal::Error {
            told.push("A redirect without Location is an error.");
        }
        match self.credentials.location {
            Userinfo::Ignore => {}
            Userinfo::Send | Userinfo::SendIfNone | Userinfo::SendOrClash => {
                told.push("Sends the user name and password of a Location to its host.");
            }
            Userinfo::SendToInitialOrigin => {
                told.push(
                    "Sends the user name and password of a Location to the first origin only.",
                );
            }
            Userinfo::Error | Userinfo::ErrorCrossOrigin => {
                told.push("User name and password in a Location are an error.");
            }
        }
        told
    }
}

/// How far something travels, in a sentence.
pub(super) fn travels(what: &str, keep: Keep) -> String {
    let of = match keep.of {
        Basis::Previous => "the URL before",
        Basis::Initial => "the first URL",
    };
    let back = if keep.restored { " It comes back when the chain does." } else { "" };
    let within = match keep.within {
        Scope::Always => return format!("{what} goes to every host."),
        Scope::Never => return format!("{what} is dropped at the first redirect."),
        Scope::Host => "host, whatever the port,",
        Scope::HostOrSubdomain => "host and the subdomains, whatever port or scheme,",
        Scope::HostPort => "host and port",
        Scope::AuthorityOrSubdomain => "host and the subdomains, never down to http,",
        Scope::Origin => "origin",
        Scope::OriginLiteral | Scope::OriginLiteralCase => "origin as it is written",
        Scope::OriginOrUpgrade => "origin or its https twin",
    };
    format!("{what} goes along within the {within} of {of}.{back}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn traits_say_what_users_get_burnt_by() {
        let requests = Client::named("requests").unwrap().traits();
        for sentence in [
            "POST becomes GET without its body at 301, 302, 303.",
            "PUT keeps its method but loses its body at 301.",
            "A hand-written Cookie is dropped at the first redirect.",
            "Remembers Set-Cookie between hops.",
            "Follows 30 redirects, then reports an error.",
        ] {
            assert!(
                requests.iter().any(|told| told == sentence),
                "{sentence} not in {requests:#?}"
            );
        }
        let curl = Client::named("curl").unwrap().traits();
        let sentence = "Authorization goes along within the origin of the first URL. It comes back when the chain does.";
        assert!(curl.iter().any(|told| told == sentence), "{curl:#?}");
    }

    #[test]
    fn every_client_can_be_explained() {
        for client in Client::all() {
            let text = client.explanation();
            assert!(text.contains("measured") && text.contains(&client.version), "{text}");
            let rows = client.parameters().len();
            let evidence = text.lines().filter(|line| {
                let row = line.split_once(" = ").map_or("", |(_, row)| row);
                row.contains("(measured with ") || row.contains("(read: ")
            });
            assert_eq!(evidence.count(), rows, "{text}");
        }
    }
}
