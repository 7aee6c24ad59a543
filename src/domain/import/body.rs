//! Bodies of documents, back to bytes.

use crate::domain::body_view::named_charset;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use encoding_rs::UTF_8;

use crate::domain::http::body::BodyRecord;

/// The bytes of a text, in the charset that its media type names where that can hold it.
pub(super) fn encode(text: &str, content_type: Option<&str>) -> Vec<u8> {
    let named = content_type.and_then(named_charset).filter(|encoding| *encoding != UTF_8);
    let encoded = named.map(|encoding| encoding.encode(text));
    match encoded {
        Some((bytes, _, false)) => bytes.into_owned(),
        Some((_, _, true)) | None => text.as_bytes().to_vec(),
    }
}

pub(super) fn decode_base64(text: &str) -> Result<Vec<u8>, String> {
    let plain: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    STANDARD.decode(plain).map_err(|error| format!("not base64: {error}"))
}

/// The beginning of a body, as the record of an exchange has it.
pub(super) fn head(body: &[u8]) -> Bytes {
    Bytes::copy_from_slice(&body[..body.len().min(BodyRecord::HEAD)])
}
