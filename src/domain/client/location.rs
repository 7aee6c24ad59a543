//! Location: how a client reads the field. Two grammars, and the liberties each client takes with its own.

use serde::Deserialize;

/// How a client turns the bytes of a Location into a URL.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Dialect {
    pub grammar: Grammar,
    /// How bytes beyond ASCII become text.
    pub decode: Decode,
    /// Spaces at the end belong to the value (Python's `http.client`).
    pub keep_trailing_space: bool,
    /// Which of several Location lines counts.
    pub several: Several,
    /// What an empty value means.
    pub empty: Empty,
    /// Control characters.
    pub control: Control,
    /// Characters that make the value invalid.
    pub forbidden: String,
    pub backslash: Backslash,
    /// `http:x`
    pub no_slash: Slashes,
    /// `http:/x`
    pub one_slash: Slashes,
    /// `http:///x`
    pub three_slashes: Slashes,
    /// `http:\\x`, for a grammar in which a backslash is no slash.
    pub scheme_backslash: Slashes,
    /// A scheme other than http and https.
    pub other_scheme: OtherScheme,
    /// A scheme may begin with any character that may stand in one, and has at most 40 (curl 7.88): `127.0.0.1:80/x` has one.
    pub any_scheme: bool,
    /// What follows the first `@` is the host, even where another `@` is in it: that is no host (curl 7.88).
    pub first_at: bool,
    /// A value that can't be parsed at all.
    pub unparsable: Fault,
    /// A port that is no number, or too large.
    pub bad_port: Fault,
    /// `http://`
    pub no_host: NoHost,
    /// `?q`: whether the path loses its last segment (RFC 2396).
    pub query_only: Bare,
    /// `#f` alone.
    pub fragment_only: Bare,
    /// Dot segments are removed from relative paths only, `/a/../b` stays.
    pub dots_in_absolute_paths: bool,
    /// A relative path is pasted behind its base as text, as curl 7.88 does: `./?q` leads to `/a?q`, `..//x` to `/x`.
    pub pasted: bool,
    /// `%2e` counts as a dot.
    pub encoded_dots: bool,
    /// `//` in a relative path becomes `/`.
    pub collapse_slashes: bool,
    /// Bytes beyond ASCII in the path.
    pub non_ascii: NonAscii,
    /// Bytes beyond ASCII in the query.
    pub non_ascii_query: NonAscii,
    /// Bytes beyond ASCII in the host.
    pub non_ascii_host: NonAsciiHost,
    /// A space in the query; in the path it is always `%20`.
    pub space_query: Space,
    /// `%` without two hex digits.
    pub bad_percent: BadPercent,
    /// The digits of percent-encoding become upper case.
    pub upper_percent: bool,
    /// Percent-encoded unreserved characters are decoded (RFC 3986 §6.2.2.2).
    pub decode_unreserved: bool,
    /// `?` with nothing behind it is dropped.
    pub drop_empty_query: bool,
    /// The fragment of the URL before is taken for the end of its path, where there is no query (curl before 8).
    pub fragment_in_base: bool,
    /// Characters that are percent-encoded in the path, beside those of the grammar.
    pub encode_path: String,
    /// Characters that are percent-encoded in the query, beside those of the grammar.
    pub encode_query: String,
    /// A host that is one decimal number (`2130706433`) is refused.
    pub refuse_decimal_host: bool,
    /// `ws:` and `wss:` are followed as http and https.
    pub websocket_as_http: bool,
    /// `\\host` is a file share, which is no http.
    pub unc_is_foreign: bool,
    /// Longest value that is accepted, in bytes; 0: no bound.
    pub longest: usize,
}

/// The two readings of a URL reference.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Grammar {
    /// RFC 3986 §5, with the liberties the other parameters name.
    #[default]
    Rfc3986,
    /// The WHATWG URL standard, through the crate `url`.
    Whatwg,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decode {
    /// Bytes stay bytes.
    #[default]
    Bytes,
    /// UTF-8, anything else is an error.
    Utf8OrError,
    /// UTF-8, anything else is no redirect.
    Utf8OrFinal,
    /// UTF-8, or else each byte is the character of its number.
    Utf8OrLatin1,
    /// UTF-8, or else the value counts as empty.
    Utf8OrEmpty,
    /// UTF-8, other bytes are left out.
    Utf8Ignore,
    /// UTF-8, other bytes become U+FFFD.
    Utf8Replace,
    /// Each byte is the character of its number, so that UTF-8 is spoilt.
    Latin1,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Several {
    #[default]
    First,
    Last,
    /// Joined with `, `.
    Join,
    /// An error when they differ.
    ErrorIfDifferent,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Empty {
    /// A relative reference to the same URL.
    #[default]
    SameUrl,
    /// As no Location at all: the response is the end.
    Final,
    /// The folder of the URL, without query (RFC 2396).
    Folder,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Control {
    #[default]
    Encode,
    /// Tabs and line ends are left out, others are percent-encoded.
    Strip,
    Error,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Backslash {
    #[default]
    Encode,
    Raw,
    /// A slash, in the path and before the host.
    Slash,
}

/// What follows `http:` when it is not exactly two slashes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Slashes {
    #[default]
    Error,
    /// As for [`Dialect::unparsable`]'s mild case: the response is the end.
    Final,
    /// A host all the same.
    Host,
    /// A path from the root of the same host.
    Root,
    /// A relative path on the same host.
    Relative,
    /// The whole value, scheme and all, is a relative path.
    Segment,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OtherScheme {
    #[default]
    Error,
    /// The response is the end.
    Final,
    /// A relative path, unless `//` follows the scheme.
    RelativeUnlessAuthority,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    #[default]
    Error,
    /// The response is the end.
    Final,
    /// The whole value is a relative path.
    Relative,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoHost {
    #[default]
    Error,
    /// The response is the end.
    Final,
    /// The same URL.
    SameUrl,
    /// The root of the same host.
    Root,
    /// The whole value is a relative path.
    Segment,
}

/// A reference that has only a query or a fragment.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bare {
    /// The path is kept whole (RFC 3986 §5.2.2).
    #[default]
    KeepPath,
    /// The path loses its last segment.
    Folder,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NonAscii {
    /// `%C3`
    #[default]
    Upper,
    /// `%c3`
    Lower,
    Raw,
    Error,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NonAsciiHost {
    /// Converted by IDNA.
    #[default]
    Punycode,
    /// Only label by label, without mapping full-width dots.
    PunycodeUnmapped,
    /// The host can't be used.
    Error,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Space {
    #[default]
    Encode,
    Plus,
    Raw,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BadPercent {
    #[default]
    Raw,
    /// The `%` becomes `%25`.
    Encode,
    Error,
}
