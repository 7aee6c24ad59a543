//! Bodies in documents: as text where they are text, else in base64; cut at `--show-body`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::{DecoderResult, Encoding};
use serde_json::{Map, Value, json};

use super::super::super::http::body::{BodyRecord, RequestBody};
use super::super::super::http::field::Fields;
use super::super::Record;
use crate::domain::body_view::named_charset;

/// A request's body; `null` without one.
pub(super) fn request(body: Option<&RequestBody>, show: u64) -> Value {
    let Some(body) = body else { return Value::Null };
    let shown = usize::try_from(show).unwrap_or(usize::MAX).min(body.bytes.len());
    let mut object = Map::from_iter([("size".to_owned(), json!(body.len()))]);
    let cut = shown < body.bytes.len();
    object.extend([member(content(&body.bytes[..shown], cut, None))]);
    object.insert("truncated".to_owned(), json!(cut));
    Value::Object(object)
}

/// A response's body; its bytes come from the store.
pub(super) fn response(record: &Record<'_>, body: &BodyRecord, fields: &Fields) -> Value {
    let shown = usize::try_from(record.show_body.min(body.decoded_size)).unwrap_or(usize::MAX);
    let bytes = match shown {
        0 => Vec::new(),
        len => record.bodies.read(body.id, 0, len),
    };
    let content_type = fields.text("Content-Type");
    let cut = (bytes.len() as u64) < body.decoded_size;
    let Value::Object(mut object) = json!({
        "size": body.size,
        "decoded_size": body.decoded_size,
        "encodings": body.encodings,
        "media_type": content_type.as_deref().and_then(media_type),
    }) else {
        return Value::Null;
    };
    object.extend([member(content(&bytes, cut, content_type.as_deref()))]);
    object.insert("complete".to_owned(), json!(body.complete));
    object.insert("truncated".to_owned(), json!(body.truncated || cut));
    Value::Object(object)
}

/// `"text"` or `"base64"`, and the bytes so written.
pub(in super::super) fn content(
    bytes: &[u8],
    cut: bool,
    content_type: Option<&str>,
) -> (&'static str, String) {
    match text(bytes, cut, content_type.and_then(named_charset)) {
        Some(text) => ("text", text),
        None => ("base64", STANDARD.encode(bytes)),
    }
}

fn member((name, value): (&'static str, String)) -> (String, Value) {
    (name.to_owned(), Value::String(value))
}

/// The bytes as text: UTF-8, or the charset that the server names; NUL is no text.
fn text(bytes: &[u8], cut: bool, charset: Option<&'static Encoding>) -> Option<String> {
    if bytes.contains(&0) {
        return None;
    }
    if let Some(encoding) = charset.filter(|encoding| *encoding != encoding_rs::UTF_8) {
        let mut decoder = encoding.new_decoder_without_bom_handling();
        let room = decoder.max_utf8_buffer_length_without_replacement(bytes.len())?;
        let mut text = String::with_capacity(room);
        let (ended, _) = decoder.decode_to_string_without_replacement(bytes, &mut text, !cut);
        return (ended == DecoderResult::InputEmpty).then_some(text);
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text.to_owned()),
        // A cut may go through a character.
        Err(error) if cut && error.error_len().is_none() => {
            let whole = &bytes[..error.valid_up_to()];
            Some(String::from_utf8_lossy(whole).into_owned())
        }
        Err(_) => None,
    }
}

/// `type/subtype` in lower case.
fn media_type(content_type: &str) -> Option<String> {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    (!essence.is_empty()).then(|| essence.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_told_from_other_bytes() {
        assert_eq!(text("é".as_bytes(), false, None).as_deref(), Some("é"));
        assert_eq!(text(b"a\xc3", true, None).as_deref(), Some("a"));
        assert_eq!(text(b"a\xc3", false, None), None);
        assert_eq!(text(b"a\0", false, None), None);
        let latin = named_charset("text/html; Charset=\"ISO-8859-1\"");
        assert_eq!(text(b"\xe9", false, latin).as_deref(), Some("é"));
        let quoted = named_charset("text/html; charset='latin1'");
        assert_eq!(text(b"\xe9", false, quoted).as_deref(), Some("é"));
        let japanese = named_charset("text/plain; charset=Shift_JIS");
        assert_eq!(text(b"\x83n\x83", true, japanese).as_deref(), Some("ハ"));
        assert_eq!(text(b"\x83n\x83", false, japanese), None);
        assert_eq!(media_type("Text/HTML ; x").as_deref(), Some("text/html"));
    }
}
