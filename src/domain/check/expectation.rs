//! Expectations: what a file says a chain must be. What is `None` or empty is not stated.

pub(super) mod read;

use std::time::Duration;

use super::json_path::JsonPath;
use super::matcher::{Range, Statuses, Text};
use crate::domain::cookie::set_cookie::SameSite;

/// What a whole chain must be.
#[derive(Clone, Debug, Default)]
pub struct Expect {
    /// The number of hops.
    pub hops: Option<Range>,
    /// The status of the last response.
    pub status: Option<Statuses>,
    /// The URL of the last request.
    pub url: Option<Text>,
    /// The media type of the last response, lower case, without parameters.
    pub media_type: Option<Text>,
    /// Fields of the last response.
    pub headers: Vec<(String, Text)>,
    /// The decoded body of the last response.
    pub body: Option<Text>,
    pub json: Vec<(JsonPath, JsonWant)>,
    /// Cookies that some hop sets.
    pub cookies: Vec<CookieExpect>,
    /// From the first byte out to the last byte in, all hops together.
    pub time: Option<Duration>,
    /// How it ends: `final`, a stop reason, a kind of failure.
    pub ending: Vec<String>,
    /// Rules that must have nothing to say.
    pub deny: Vec<&'static str>,
    /// Rules whose findings do not count.
    pub allow: Vec<&'static str>,
    pub hop: Vec<HopExpect>,
    /// The second hop's status is below 400: what a redirect map promises.
    pub target_answers: bool,
}

/// What one hop must be.
#[derive(Clone, Debug, Default)]
pub struct HopExpect {
    /// From 1.
    pub at: usize,
    pub status: Option<Statuses>,
    /// The method that was sent.
    pub method: Option<Text>,
    /// The URL that was asked.
    pub url: Option<Text>,
    /// The raw value of the first Location line.
    pub location: Option<Text>,
    /// Where the Location leads.
    pub target: Option<Text>,
    /// Fields of the response.
    pub headers: Vec<(String, Text)>,
    /// Fields of the request as it was sent.
    pub sent: Vec<(String, Text)>,
    pub cookies: Vec<CookieExpect>,
    pub time: Option<Duration>,
}

/// A cookie that a response sets.
#[derive(Clone, Debug)]
pub struct CookieExpect {
    pub name: String,
    /// Its value, or that it is absent.
    pub value: Text,
    pub secure: Option<bool>,
    pub http_only: Option<bool>,
    pub same_site: Option<SameSite>,
    pub path: Option<Text>,
    pub domain: Option<Text>,
}

/// What a value in a JSON body must be.
#[derive(Clone, Debug)]
pub enum JsonWant {
    Is(serde_json::Value),
    /// Its text, or itself written as JSON where it is no text.
    Like(Text),
}

impl Expect {
    /// Whether anything is stated of the final body: only then it is read.
    pub fn reads_body(&self) -> bool {
        self.body.is_some() || !self.json.is_empty()
    }
}
