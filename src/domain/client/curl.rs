//! curl's own switches: each changes parameters as it changes curl.

use super::Client;
use super::method::{Forced, Rewrite};
use super::policy::{Referer, RefererRules, Userinfo};
use super::scope::Keep;
use crate::domain::import::curl::Switches;

impl Client {
    /// The client as these switches alter it.
    pub fn switched(mut self, switches: &Switches) -> Client {
        if switches.location_trusted {
            self.location_trusted();
        }
        let kept = [(switches.post301, 301), (switches.post302, 302), (switches.post303, 303)];
        for (_, status) in kept.iter().filter(|(kept, _)| *kept) {
            self.keep_post(*status);
        }
        if switches.follow {
            self.obey_status();
        }
        if switches.path_as_is {
            self.path_as_is();
        }
        if switches.auto_referer {
            self.auto_referer();
        }
        self
    }

    /// `--location-trusted`: credentials and cookies go to every host (curl `CURLOPT_UNRESTRICTED_AUTH`).
    pub fn location_trusted(&mut self) {
        for name in ["authorization", "cookie"] {
            self.fields.remove(name);
        }
        self.credentials.option = Keep::ALWAYS;
        self.credentials.url = Keep::ALWAYS;
        self.credentials.location = Userinfo::SendIfNone;
        self.credentials.forgotten_on_port_change = false;
    }

    /// `--post301`, `--post302`, `--post303`: POST stays POST, with its body, at this status.
    pub fn keep_post(&mut self, status: u16) {
        self.method.entry(status).or_default().set("POST", Rewrite::Keep);
    }

    /// `--follow`: a method forced by `-X` is given up where the status rewrites the method (curl 8.16).
    pub fn obey_status(&mut self) {
        self.forced = Forced::ObeysStatus;
    }

    /// `--path-as-is`: dot segments stay in the path that a Location gives (curl `CURLOPT_PATH_AS_IS`).
    pub fn path_as_is(&mut self) {
        self.location.dots_in_absolute_paths = true;
    }

    /// `-e ';auto'`: the previous URL becomes the Referer.
    pub fn auto_referer(&mut self) {
        self.referer = RefererRules {
            adds: Referer::PreviousUrl,
            replaces: true,
            keeps_field: true,
            keeps_fragment: false,
            as_written: true,
        };
    }
}
