//! Scopes: how far from a URL a field may travel.

use serde::Deserialize;

/// A set of target URIs around a URL.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Everywhere.
    #[default]
    Always,
    /// Nowhere.
    Never,
    /// The same host name, whatever scheme and port.
    Host,
    /// The same host name or a subdomain of it, whatever scheme and port.
    HostOrSubdomain,
    /// The same host name and effective port.
    HostPort,
    /// The same host and written port, or a subdomain with that port, and not from https to http.
    AuthorityOrSubdomain,
    /// The same scheme, host and effective port.
    Origin,
    /// As `origin`, but `:80` written out is not the same as `:80` left out.
    OriginLiteral,
    /// As `origin-literal`, and host and userinfo must be written in the same letters.
    OriginLiteralCase,
    /// The same origin, or from http on port 80 to https on port 443 of the same host.
    OriginOrUpgrade,
}

/// Which URL a scope lies around.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// The URL of the request before.
    #[default]
    Previous,
    /// The URL of the first request.
    Initial,
}

/// When a field goes along to the next request.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Keep {
    /// Kept while the next URL is in this scope …
    pub within: Scope,
    /// … of this URL.
    pub of: Basis,
    /// Once dropped, it comes back as soon as a URL is in scope again.
    pub restored: bool,
}

impl Keep {
    pub const ALWAYS: Keep = Keep { within: Scope::Always, of: Basis::Previous, restored: false };
}
