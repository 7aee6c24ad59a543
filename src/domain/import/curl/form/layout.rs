//! How a form is laid out: multipart (RFC 2046 §5.1, RFC 7578), as curl lays it out (`lib/mime.c`, Curl_mime_prepare_headers).

use super::Part;

/// The whole body for this media type and boundary; `fresh` gives the boundaries of multiparts within.
pub(in super::super) fn body(
    parts: &[Part],
    (media_type, boundary): (&[u8], &str),
    fresh: &dyn Fn() -> String,
) -> Vec<u8> {
    multipart(parts, boundary, of_parts(media_type), fresh)
}

/// The parts of a form are its data; those of another multipart are attached.
fn of_parts(media_type: &[u8]) -> Option<&'static str> {
    let form = b"multipart/form-data";
    let start = media_type.get(..form.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(form)).then_some("form-data")
}

fn multipart(
    parts: &[Part],
    boundary: &str,
    disposition: Option<&str>,
    fresh: &dyn Fn() -> String,
) -> Vec<u8> {
    let mut out = Vec::new();
    for part in parts {
        out.extend(format!("--{boundary}\r\n").into_bytes());
        out.extend(one(part, disposition, fresh));
    }
    out.extend(format!("--{boundary}--\r\n").into_bytes());
    out
}

fn one(part: &Part, disposition: Option<&str>, fresh: &dyn Fn() -> String) -> Vec<u8> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    let known = !part.name.is_empty() || part.filename.is_some();
    if let Some(kind) = disposition.or(known.then_some("attachment")) {
        let mut line = format!("Content-Disposition: {kind}").into_bytes();
        let name = Some(&part.name).filter(|name| !name.is_empty());
        for (key, value) in [("name", name), ("filename", part.filename.as_ref())] {
            let Some(value) = value else { continue };
            line.extend(format!("; {key}=\"").into_bytes());
            line.extend(quoted(value));
            line.push(b'"');
        }
        lines.push(line);
    }
    let inner = part.inner.as_ref().map(|inner| (inner, fresh()));
    let mixed = inner.as_ref().map(|_| &b"multipart/mixed"[..]);
    if let Some(media_type) = part.media_type.as_deref().or(mixed) {
        let mut line = [&b"Content-Type: "[..], media_type].concat();
        if let Some((_, boundary)) = &inner {
            line.extend(format!("; boundary={boundary}").into_bytes());
        }
        lines.push(line);
    }
    lines.extend(
        part.encoder.map(|of| format!("Content-Transfer-Encoding: {}", of.name()).into_bytes()),
    );
    lines.extend(part.fields.iter().cloned());
    let content = match &inner {
        Some((inner, boundary)) => {
            multipart(inner, boundary, part.media_type.as_deref().and_then(of_parts), fresh)
        }
        None => part.content.clone(),
    };
    let mut out: Vec<u8> = lines.iter().flat_map(|line| [line, &b"\r\n"[..]].concat()).collect();
    out.extend([b"\r\n", &content[..], b"\r\n"].concat());
    out
}

/// Names and file names as the Fetch standard's multipart encoding has them.
fn quoted(name: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(name.len());
    for &byte in name {
        match byte {
            b'"' => out.extend(b"%22"),
            b'\r' => out.extend(b"%0D"),
            b'\n' => out.extend(b"%0A"),
            _ => out.push(byte),
        }
    }
    out
}
