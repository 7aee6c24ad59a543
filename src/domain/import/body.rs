//! Bodies of documents, back to bytes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use encoding_rs::{Encoding, UTF_8};

use crate::domain::http::body::BodyRecord;

/// The bytes of a text, in the charset that its media type names where that can hold it.
pub(super) fn encode(text: &str, content_type: Option<&str>) -> Vec<u8> {
    let named = content_type.and_then(charset).filter(|encoding| *encoding != UTF_8);
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

fn charset(content_type: &str) -> Option<&'static Encoding> {
    content_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let charset = name.trim().eq_ignore_ascii_case("charset");
        charset.then(|| Encoding::for_label(value.trim().trim_matches('"').as_bytes()))?
    })
}
