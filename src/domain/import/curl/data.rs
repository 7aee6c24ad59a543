//! The `-d` family: pieces of a body, joined as curl joins them (`src/tool_getparam.c`, 7.88 and 8.x).

use super::{Inputs, Refusal};

/// Body or query data in the making; `None` as long as there is no piece.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Data(Option<Vec<u8>>);

/// How one option reads its value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reading {
    /// `-d`: `@FILE` is read without CR, LF and NUL.
    Text,
    /// `--data-binary`, `--json`: `@FILE` is read as it is.
    Binary,
    /// `--data-raw`: no file.
    Raw,
    /// `--data-urlencode`
    Encoded,
}

impl Data {
    /// Adds one option's value; pieces are joined with `&`, except before a `--json` piece. An empty piece is a piece,
    /// as in curl up to 8.0: `-d '' -d x` is `&x`. Later ones leave the `&` out while there are no bytes before it.
    pub(super) fn add(&mut self, piece: &[u8], json: bool) {
        match &mut self.0 {
            Some(bytes) => {
                bytes.extend_from_slice(if json { b"" } else { b"&" });
                bytes.extend_from_slice(piece);
            }
            none => *none = Some(piece.to_vec()),
        }
    }

    pub(super) fn is_given(&self) -> bool {
        self.0.is_some()
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.as_deref().unwrap_or_default()
    }
}

/// The bytes that one option's value stands for.
pub(super) fn read(
    value: &[u8],
    reading: Reading,
    name: &str,
    inputs: &dyn Inputs,
) -> Result<Vec<u8>, Refusal> {
    match (reading, value) {
        (Reading::Encoded, value) => encoded(value, name, inputs),
        (Reading::Raw, value) => Ok(value.to_vec()),
        (Reading::Binary, [b'@', path @ ..]) => file(path, name, inputs),
        (Reading::Text, [b'@', path @ ..]) => {
            let mut bytes = file(path, name, inputs)?;
            bytes.retain(|byte| !matches!(byte, b'\r' | b'\n' | 0));
            Ok(bytes)
        }
        (Reading::Text | Reading::Binary, value) => Ok(value.to_vec()),
    }
}

/// The content of a file that an option names.
pub(super) fn file(path: &[u8], name: &str, inputs: &dyn Inputs) -> Result<Vec<u8>, Refusal> {
    let path = String::from_utf8_lossy(path);
    inputs.read(&path).map_err(|why| Refusal::new(format!("{name} @{path}"), why))
}

/// `content`, `=content`, `name=content`, `@file`, `name@file`; the first `=` or `@` decides.
fn encoded(value: &[u8], name: &str, inputs: &dyn Inputs) -> Result<Vec<u8>, Refusal> {
    let sign = value.iter().position(|&byte| matches!(byte, b'=' | b'@'));
    let (label, content) = match sign {
        None => (&b""[..], value.to_vec()),
        Some(at) if value[at] == b'=' => (&value[..at], value[at + 1..].to_vec()),
        Some(at) => (&value[..at], file(&value[at + 1..], name, inputs)?),
    };
    let mut out = label.to_vec();
    if !label.is_empty() {
        out.push(b'=');
    }
    out.extend(form_encode(&content));
    Ok(out)
}

/// Percent-encodes all but unreserved characters (RFC 3986 §2.3), spaces to `+`.
fn form_encode(content: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(content.len());
    for &byte in content {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(byte),
            b' ' => out.push(b'+'),
            _ => out.extend(format!("%{byte:02X}").into_bytes()),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    struct OneFile;

    impl Inputs for OneFile {
        fn read(&self, path: &str) -> Result<Vec<u8>, String> {
            (path == "f").then(|| b"a\r\nb\0c\n".to_vec()).ok_or_else(|| "no such file".to_owned())
        }

        fn boundary(&self) -> String {
            "b".to_owned()
        }
    }

    fn text(value: &str, reading: Reading) -> String {
        String::from_utf8(read(value.as_bytes(), reading, "-d", &OneFile).unwrap()).unwrap()
    }

    #[test]
    fn values_are_read_as_curl_reads_them() {
        assert_eq!(text("@f", Reading::Text), "abc");
        assert_eq!(text("@f", Reading::Binary), "a\r\nb\0c\n");
        assert_eq!(text("@f", Reading::Raw), "@f");
        assert_eq!(text("a b+ü~!*", Reading::Encoded), "a+b%2B%C3%BC~%21%2A");
        assert_eq!(text("n=v w", Reading::Encoded), "n=v+w");
        assert_eq!(text("=x=y", Reading::Encoded), "x%3Dy");
        assert_eq!(text("n2@f", Reading::Encoded), "n2=a%0D%0Ab%00c%0A");
        let refusal = read(b"@gone", Reading::Text, "-d", &OneFile).unwrap_err();
        assert_eq!(refusal.to_string(), "-d @gone: no such file");
    }

    #[test]
    fn pieces_are_joined_with_an_ampersand_unless_they_are_json() {
        let mut data = Data::default();
        for (piece, json) in
            [("a", false), ("b", false), ("{\"x\"", true), (":1}", true), ("c", false)]
        {
            data.add(piece.as_bytes(), json);
        }
        assert_eq!(data.bytes(), b"a&b{\"x\":1}&c");
    }
}
