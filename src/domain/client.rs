//! Client: the parameters of one HTTP client's redirect behaviour, read from `assets/clients/*.toml`.
//!
//! A file holds what differs from the defaults below, the version it describes and where each fact is from. The list of
//! clients is the list of files. Nothing in the program asks which client it has: it reads the parameters.

pub mod comparison;
pub mod curl;
mod data;
pub mod difference;
mod here;
pub mod location;
pub mod method;
pub mod parameters;
pub mod parting;
pub mod policy;
pub mod prediction;
pub mod scope;
pub mod survey;
mod traits;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use serde::Deserialize;

use location::Dialect;
use method::{Forced, Rewrites};
use policy::{
    BodyRules, CookieRules, CredentialRules, Limit, RefererRules, Refusal, Strictness, TargetRules,
};
use scope::Keep;

/// One client's redirect behaviour.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Client {
    /// The name that `--as` takes: the name of the data file.
    #[serde(skip)]
    pub name: String,
    /// What was measured or read, with its version.
    pub version: String,
    /// Where the facts are from.
    pub evidence: Vec<String>,
    /// Which statuses are followed when they have a Location.
    pub follows: Vec<u16>,
    /// Every status from 300 to 399 is followed; `follows` is not asked.
    pub follows_every_3xx: bool,
    /// A 3xx with Location that is not followed.
    pub unfollowed: Refusal,
    /// A status that would be followed, without Location.
    pub missing_location: Refusal,
    /// Method and body by status; a status not named keeps both.
    #[serde(deserialize_with = "by_status")]
    pub method: BTreeMap<u16, Rewrites>,
    /// A method that the user forced.
    pub forced: Forced,
    pub body: BodyRules,
    pub limit: Limit,
    /// How far fields the user wrote may travel, by lower-case name; a field not named goes everywhere.
    pub fields: BTreeMap<String, Keep>,
    pub credentials: CredentialRules,
    pub cookies: CookieRules,
    pub referer: RefererRules,
    pub target: TargetRules,
    pub location: Dialect,
    pub strictness: Strictness,
}

impl Default for Client {
    fn default() -> Client {
        Client {
            name: String::new(),
            version: String::new(),
            evidence: Vec::new(),
            follows: vec![301, 302, 303, 307, 308],
            follows_every_3xx: false,
            unfollowed: Refusal::Final,
            missing_location: Refusal::Final,
            method: BTreeMap::new(),
            forced: Forced::default(),
            body: BodyRules::default(),
            limit: Limit::default(),
            fields: BTreeMap::new(),
            credentials: CredentialRules::default(),
            cookies: CookieRules::default(),
            referer: RefererRules::default(),
            target: TargetRules::default(),
            location: Dialect::default(),
            strictness: Strictness::default(),
        }
    }
}

/// The statuses that redirect at all (RFC 9110 §15.4).
pub const REDIRECTS: RangeInclusive<u16> = 300..=399;

impl Client {
    /// The client of this name, `None` when there is none. Only it is made.
    pub fn named(name: &str) -> Option<Client> {
        data::named(name)
    }

    /// The names that [`Client::named`] knows, sorted.
    pub fn names() -> impl Iterator<Item = &'static str> {
        data::names()
    }

    /// Every client, by name; made when first asked for.
    pub fn all() -> &'static [Client] {
        static ALL: LazyLock<Vec<Client>> =
            LazyLock::new(|| data::names().filter_map(data::named).collect());
        &ALL
    }

    /// Whether a response of this status with a Location is followed.
    pub fn follows(&self, status: u16) -> bool {
        match self.follows_every_3xx {
            true => REDIRECTS.contains(&status),
            false => self.follows.contains(&status),
        }
    }

    /// Whether the user's switches (`--post303`) made this client do otherwise than its table says with this method.
    pub fn was_told(&self, status: u16, method: &str) -> bool {
        let rewrite = |client: &Client| client.method.get(&status).map(|of| of.of(method));
        Client::named(&self.name).is_some_and(|own| rewrite(&own) != rewrite(self))
    }

    /// How far a field line of this name goes.
    pub fn keep(&self, name: &str) -> Keep {
        self.fields.get(&name.to_ascii_lowercase()).copied().unwrap_or(Keep::ALWAYS)
    }
}

/// TOML keys are strings; statuses are numbers.
fn by_status<'de, D: serde::Deserializer<'de>>(
    from: D,
) -> Result<BTreeMap<u16, Rewrites>, D::Error> {
    let named = BTreeMap::<String, Rewrites>::deserialize(from)?;
    named
        .into_iter()
        .map(|(status, rewrites)| {
            let status = status.parse().map_err(serde::de::Error::custom)?;
            Ok((status, rewrites))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_data_file_is_a_client() {
        for client in Client::all() {
            assert!(!client.version.is_empty(), "{} has no version", client.name);
            assert!(!client.evidence.is_empty(), "{} has no evidence", client.name);
        }
        assert_eq!(Client::all().len(), Client::names().count());
    }

    #[test]
    fn an_unknown_name_is_no_client() {
        assert_eq!(Client::named("netscape"), None);
        assert_eq!(Client::named("curl").map(|client| client.name).as_deref(), Some("curl"));
    }
}
