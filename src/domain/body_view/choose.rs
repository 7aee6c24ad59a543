//! Which view suits a body.

use super::View;

/// The view for a body of this media type that starts with these bytes. The type is believed unless the bytes plainly say
/// otherwise: an error page sent as JSON is markup, JSON sent as text or HTML is JSON.
pub(super) fn choose(media_type: Option<&str>, head: &[u8]) -> View {
    let essence = media_type
        .and_then(|text| text.split(';').next())
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    let sniffed = sniff(head);
    match declared(&essence) {
        // an error page where JSON was announced
        Some(View::Json | View::Text) if matches!(sniffed, View::Html | View::Xml) => sniffed,
        Some(View::Text | View::Html) if sniffed == View::Json => View::Json,
        Some(view) => view,
        None => sniffed,
    }
}

fn declared(essence: &str) -> Option<View> {
    let (kind, subtype) = essence.split_once('/')?;
    let suffix = subtype.rsplit('+').next().unwrap_or_default();
    match (kind, subtype) {
        (_, "json" | "ndjson" | "x-ndjson" | "jsonl" | "json-seq" | "x-json") => Some(View::Json),
        (_, "x-www-form-urlencoded") => Some(View::Form),
        (
            _,
            "javascript" | "x-javascript" | "ecmascript" | "graphql" | "x-sh" | "yaml" | "x-yaml"
            | "toml",
        ) => Some(View::Text),
        _ if suffix == "json" => Some(View::Json),
        (_, "html" | "xhtml+xml") => Some(View::Html),
        (_, "xml") => Some(View::Xml),
        _ if suffix == "xml" => Some(View::Xml),
        ("text", _) => Some(View::Text),
        _ => None,
    }
}

fn sniff(head: &[u8]) -> View {
    if encoding_rs::Encoding::for_bom(head)
        .is_some_and(|(charset, _)| charset != encoding_rs::UTF_8)
    {
        return View::Text;
    }
    // MIME Sniffing §7.1, binary data bytes
    let is_binary = |byte: &u8| matches!(byte, 0..=8 | 0xb | 0xe..=0x1a | 0x1c..=0x1f);
    if head.iter().take(1445).any(is_binary) {
        return View::Hex;
    }
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    match head {
        [b'{', b'"' | b'}' | b' ' | b'\n' | b'\r' | b'\t', ..] => View::Json,
        [b'[', b'{' | b'[' | b'"' | b']' | b'0'..=b'9' | b'-' | b'\n', ..] => View::Json,
        [b'<', b'?', ..] => View::Xml,
        [b'<', b'!' | b'a'..=b'z' | b'A'..=b'Z', ..] => View::Html,
        _ => View::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_media_type_is_believed() {
        assert_eq!(choose(Some("application/problem+json; charset=utf-8"), b""), View::Json);
        assert_eq!(choose(Some("application/x-www-form-urlencoded"), b"a=b"), View::Form);
        assert_eq!(choose(Some("text/plain"), b"\x00\x01"), View::Text);
        assert_eq!(choose(Some("text/html"), b"hello"), View::Html);
        assert_eq!(choose(Some("image/svg+xml"), b"<svg/>"), View::Xml);
    }

    #[test]
    fn bytes_that_say_otherwise_win() {
        assert_eq!(choose(Some("text/plain"), b" {\"a\":1}"), View::Json);
        assert_eq!(choose(None, b"[1,2]"), View::Json);
        assert_eq!(choose(Some("application/json"), b"<!DOCTYPE html>"), View::Html);
        assert_eq!(choose(Some("text/html"), b"{\"error\":1}"), View::Json);
        assert_eq!(choose(None, b"\x89PNG\r\n\x1a\n\0"), View::Hex);
        assert_eq!(choose(Some("application/octet-stream"), b"hello"), View::Text);
    }
}
