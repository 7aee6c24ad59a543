//! Field names that requests carry: those of the IANA HTTP Field Name Registry that a client sends, and the most common ones beside.

/// In the order of the alphabet.
pub const REQUEST: [&str; 71] = [
    "A-IM",
    "Accept",
    "Accept-Additions",
    "Accept-Charset",
    "Accept-Datetime",
    "Accept-Encoding",
    "Accept-Features",
    "Accept-Language",
    "Accept-Patch",
    "Access-Control-Request-Headers",
    "Access-Control-Request-Method",
    "ALPN",
    "Alt-Used",
    "Authorization",
    "Cache-Control",
    "Connection",
    "Content-Digest",
    "Content-Disposition",
    "Content-Encoding",
    "Content-Language",
    "Content-Length",
    "Content-Location",
    "Content-Range",
    "Content-Type",
    "Cookie",
    "Date",
    "Depth",
    "Destination",
    "DNT",
    "DPoP",
    "Early-Data",
    "Expect",
    "Forwarded",
    "From",
    "Host",
    "HTTP2-Settings",
    "If",
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Range",
    "If-Unmodified-Since",
    "Idempotency-Key",
    "Keep-Alive",
    "Link",
    "Max-Forwards",
    "Origin",
    "Overwrite",
    "Pragma",
    "Prefer",
    "Priority",
    "Proxy-Authorization",
    "Range",
    "Referer",
    "Repr-Digest",
    "Sec-Fetch-Dest",
    "Sec-Fetch-Mode",
    "Sec-Fetch-Site",
    "Sec-Fetch-User",
    "Signature",
    "Signature-Input",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "Upgrade-Insecure-Requests",
    "User-Agent",
    "Want-Content-Digest",
    "X-Api-Key",
    "X-Forwarded-For",
    "X-Requested-With",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_order_and_once() {
        let lower: Vec<String> = REQUEST.iter().map(|name| name.to_lowercase()).collect();
        for pair in lower.windows(2) {
            assert!(pair[0] != pair[1], "{}", pair[0]);
        }
        let tokens =
            REQUEST.iter().all(|name| name.bytes().all(crate::domain::http::method::is_token_byte));
        assert!(tokens);
    }
}
