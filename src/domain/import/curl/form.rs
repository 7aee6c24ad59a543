//! `-F`: multipart/form-data (RFC 7578), laid out as curl lays it out (`src/tool_formparse.c`, `lib/mime.c`).

use super::{Inputs, Refusal, data};

/// One part of the form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Part {
    name: Vec<u8>,
    content: Vec<u8>,
    filename: Option<Vec<u8>>,
    media_type: Option<Vec<u8>>,
    fields: Vec<Vec<u8>>,
}

/// Reads one `-F` value. `plain`: `--form-string`, where `@`, `<` and `;` mean nothing.
pub(super) fn part(
    value: &[u8],
    option: &str,
    plain: bool,
    inputs: &dyn Inputs,
) -> Result<Vec<Part>, Refusal> {
    let Some(at) = value.iter().position(|&byte| byte == b'=') else {
        return Err(Refusal::new(option, "a part is NAME=CONTENT"));
    };
    let (name, content) = (&value[..at], &value[at + 1..]);
    match content {
        _ if plain => Ok(vec![Part::new(name, content)]),
        [b'@', files @ ..] => files_of(name, files, option, inputs),
        [b'<', file @ ..] => {
            let (path, attributes) = split(file, option)?;
            let content = data::file(&path, option, inputs)?;
            Ok(vec![Part::new(name, &content).with(attributes)])
        }
        content => {
            let (content, attributes) = split(content, option)?;
            Ok(vec![Part::new(name, &content).with(attributes)])
        }
    }
}

/// The whole body for this boundary.
pub(super) fn body(parts: &[Part], boundary: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for part in parts {
        out.extend(format!("--{boundary}\r\n").into_bytes());
        part.write(&mut out);
    }
    out.extend(format!("--{boundary}--\r\n").into_bytes());
    out
}

/// `@a.txt,b.txt;type=…`: curl nests several files in multipart/mixed; one file is what forms use.
fn files_of(
    name: &[u8],
    files: &[u8],
    option: &str,
    inputs: &dyn Inputs,
) -> Result<Vec<Part>, Refusal> {
    let (path, attributes) = split(files, option)?;
    if path.contains(&b',') && !files.starts_with(b"\"") {
        return Err(Refusal::new(
            option,
            "several files in one part are not supported; give one -F each",
        ));
    }
    let mut part = Part::new(name, &data::file(&path, option, inputs)?);
    let base = path.rsplit(|&byte| byte == b'/').next().unwrap_or(&path);
    part.filename = Some(if path == b"-" { b"-".to_vec() } else { base.to_vec() });
    part.media_type = Some(media_type_of(base).to_vec());
    Ok(vec![part.with(attributes)])
}

impl Part {
    fn new(name: &[u8], content: &[u8]) -> Part {
        Part {
            name: name.to_vec(),
            content: content.to_vec(),
            filename: None,
            media_type: None,
            fields: Vec::new(),
        }
    }

    fn with(mut self, attributes: Attributes) -> Part {
        self.filename = attributes.filename.or(self.filename);
        self.media_type = attributes.media_type.or(self.media_type);
        self.fields = attributes.fields;
        self
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend(b"Content-Disposition: form-data; name=\"");
        out.extend(quoted(&self.name));
        out.push(b'"');
        if let Some(filename) = &self.filename {
            out.extend(b"; filename=\"");
            out.extend(quoted(filename));
            out.push(b'"');
        }
        if let Some(media_type) = &self.media_type {
            out.extend(b"\r\nContent-Type: ");
            out.extend(media_type);
        }
        for field in &self.fields {
            out.extend(b"\r\n");
            out.extend(field);
        }
        out.extend(b"\r\n\r\n");
        out.extend(&self.content);
        out.extend(b"\r\n");
    }
}

#[derive(Default)]
struct Attributes {
    filename: Option<Vec<u8>>,
    media_type: Option<Vec<u8>>,
    fields: Vec<Vec<u8>>,
}

/// `content;type=a/b;filename="x"` to the content and what follows it.
fn split(value: &[u8], option: &str) -> Result<(Vec<u8>, Attributes), Refusal> {
    let (content, mut rest) = word(value);
    let mut attributes = Attributes::default();
    while let [b';', tail @ ..] = rest {
        let tail = tail.trim_ascii_start();
        let Some(at) = tail.iter().position(|&byte| byte == b'=') else { break };
        let (key, after) = (&tail[..at], &tail[at + 1..]);
        let (mut text, mut after) = word(after);
        match key {
            b"type" => {
                // A media type may have parameters of its own: `type=text/plain;charset=utf-8`.
                while let Some((parameter, next)) = parameter(after) {
                    text.extend(parameter);
                    after = next;
                }
                attributes.media_type = Some(text);
            }
            b"filename" => attributes.filename = Some(text),
            b"headers" if !text.starts_with(b"@") && !text.starts_with(b"<") => {
                attributes.fields.push(text);
            }
            other => {
                let name = String::from_utf8_lossy(other).into_owned();
                return Err(Refusal::new(
                    format!("{option} …;{name}="),
                    "this attribute is not supported",
                ));
            }
        }
        rest = after;
    }
    Ok((content, attributes))
}

/// `;name=value` where the name is none of curl's own.
fn parameter(rest: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let tail = rest.strip_prefix(b";")?;
    let name = tail.trim_ascii_start().split(|&byte| byte == b'=').next()?;
    if matches!(name, b"type" | b"filename" | b"headers" | b"encoder") {
        return None;
    }
    let end = tail.iter().position(|&byte| byte == b';').unwrap_or(tail.len());
    Some(([b";", &tail[..end]].concat(), &tail[end..]))
}

/// One word up to a semicolon; in quotes it may hold anything, with `\"` and `\\`.
fn word(value: &[u8]) -> (Vec<u8>, &[u8]) {
    let [b'"', quoted @ ..] = value else {
        let end = value.iter().position(|&byte| byte == b';').unwrap_or(value.len());
        return (value[..end].to_vec(), &value[end..]);
    };
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(&byte) = quoted.get(at) {
        match (byte, quoted.get(at + 1)) {
            (b'\\', Some(&next @ (b'"' | b'\\'))) => {
                out.push(next);
                at += 1;
            }
            (b'"', _) => return (out, &quoted[at + 1..]),
            _ => out.push(byte),
        }
        at += 1;
    }
    (value.to_vec(), &[])
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

/// curl's own table (`lib/mime.c`, `Curl_mime_contenttype`).
fn media_type_of(file: &[u8]) -> &'static [u8] {
    const TYPES: [(&[u8], &[u8]); 10] = [
        (b".gif", b"image/gif"),
        (b".jpg", b"image/jpeg"),
        (b".jpeg", b"image/jpeg"),
        (b".png", b"image/png"),
        (b".svg", b"image/svg+xml"),
        (b".txt", b"text/plain"),
        (b".htm", b"text/html"),
        (b".html", b"text/html"),
        (b".pdf", b"application/pdf"),
        (b".xml", b"application/xml"),
    ];
    let lower = file.to_ascii_lowercase();
    let known = TYPES.iter().find(|(ending, _)| lower.ends_with(ending));
    known.map_or(b"application/octet-stream", |(_, media_type)| media_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Html;

    impl Inputs for Html {
        fn read(&self, _: &str) -> Result<Vec<u8>, String> {
            Ok(b"<h1>".to_vec())
        }

        fn boundary(&self) -> String {
            "b".to_owned()
        }
    }

    #[test]
    fn parts_are_laid_out_as_curl_lays_them_out() {
        let values = ["a=b", "f=@d/p.html", "g=<f.txt", "h=@f.txt;type=text/x;filename=\"q\\\"x\""];
        let parts: Vec<Part> =
            values.iter().flat_map(|v| part(v.as_bytes(), "-F", false, &Html).unwrap()).collect();
        let text = String::from_utf8(body(&parts, "B")).unwrap();
        assert_eq!(
            text,
            "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n\
             --B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"p.html\"\r\nContent-Type: text/html\r\n\r\n<h1>\r\n\
             --B\r\nContent-Disposition: form-data; name=\"g\"\r\n\r\n<h1>\r\n\
             --B\r\nContent-Disposition: form-data; name=\"h\"; filename=\"q%22x\"\r\nContent-Type: text/x\r\n\r\n<h1>\r\n\
             --B--\r\n"
        );
    }

    #[test]
    fn media_types_keep_their_parameters_and_strings_their_signs() {
        let one =
            part(b"a=x;type=text/plain; charset=utf-8;filename=n", "-F", false, &Html).unwrap();
        assert_eq!(one[0].media_type.as_deref(), Some(&b"text/plain; charset=utf-8"[..]));
        assert_eq!(one[0].filename.as_deref(), Some(&b"n"[..]));
        let plain = part(b"s=@x;y", "--form-string", true, &Html).unwrap();
        assert_eq!(plain[0].content, b"@x;y");
    }
}
