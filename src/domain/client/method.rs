//! Methods: what becomes of method and body at each status.

use std::collections::BTreeMap;

use serde::Deserialize;

/// What becomes of a request at a redirect.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rewrite {
    /// Method and body are kept.
    #[default]
    Keep,
    /// The method is kept, the body is lost.
    KeepWithoutBody,
    /// GET without a body.
    Get,
    /// The response is the end.
    Final,
    /// The client gives up with an error.
    Error,
}

/// Method names to rewrites; `*` stands for every other method. What is not named is kept.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Rewrites(pub BTreeMap<String, Rewrite>);

impl Rewrites {
    pub fn of(&self, method: &str) -> Rewrite {
        self.0.get(method).or_else(|| self.0.get("*")).copied().unwrap_or_default()
    }

    pub fn set(&mut self, method: &str, rewrite: Rewrite) {
        self.0.insert(method.to_owned(), rewrite);
    }
}

/// What a method forced by the user (`-X`) means for redirects.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Forced {
    /// Nothing: the tables decide by the method's name.
    #[default]
    Ignored,
    /// Its name survives every rewrite: where a POST would turn into GET, the forced method goes on without its body
    /// (curl lib/http.c, `CURLOPT_CUSTOMREQUEST`).
    Sticks,
    /// It is repeated where the status keeps the method, and given up where it rewrites (curl `--follow`).
    ObeysStatus,
}
