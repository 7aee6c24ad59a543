//! `-F`: the parts of a form, as curl reads them (`src/tool_formparse.c`).

mod encoder;
mod layout;

use super::{Inputs, Refusal, data};
use encoder::Encoder;

pub(super) use layout::body;

/// One part of the form.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Part {
    /// An empty name is none.
    name: Vec<u8>,
    content: Vec<u8>,
    /// The parts of a multipart of its own, which has no content but them.
    inner: Option<Vec<Part>>,
    /// It began with `(` and waits for its `=)`.
    open: bool,
    filename: Option<Vec<u8>>,
    media_type: Option<Vec<u8>>,
    encoder: Option<Encoder>,
    fields: Vec<Vec<u8>>,
    /// Its encoder tells no length.
    unmeasured: bool,
}

/// Takes in one `-F` value. `plain`: `--form-string`, where `@`, `<`, `;` and parentheses mean nothing.
pub(super) fn add(
    form: &mut Vec<Part>,
    value: &[u8],
    (option, plain): (&str, bool),
    inputs: &dyn Inputs,
) -> Result<(), Refusal> {
    let Some(at) = value.iter().position(|&byte| byte == b'=') else {
        return Err(Refusal::new(option, "a part is NAME=CONTENT"));
    };
    let (name, content) = (&value[..at], &value[at + 1..]);
    let named = |part: Part| Part { name: name.to_vec(), ..part };
    let reader = Reader { option, inputs };
    let part = match content {
        _ if plain => Part { content: content.to_vec(), ..Part::default() },
        [b'(', rest @ ..] => {
            let (part, _) = reader.attributes(Part::default(), rest, None)?;
            // a multipart is not encoded
            Part { inner: Some(Vec::new()), open: true, encoder: None, ..part }
        }
        b")" if name.is_empty() => return close(form, option),
        [b'@', files @ ..] => reader.files(files)?,
        [b'<', file @ ..] => {
            let (path, rest) = word(file, None);
            let content = data::file(&path, option, inputs)?;
            reader.one(Part { content, ..Part::default() }, rest)?
        }
        content => {
            let (content, rest) = word(content, None);
            reader.one(Part { content, ..Part::default() }, rest)?
        }
    };
    innermost(form).push(named(part));
    Ok(())
}

/// The list that the next part goes into.
fn innermost(parts: &mut Vec<Part>) -> &mut Vec<Part> {
    match parts.iter().rposition(|part| part.open) {
        Some(open) => innermost(parts[open].inner.get_or_insert_default()),
        None => parts,
    }
}

/// `=)` ends the innermost multipart that is open.
fn close(parts: &mut [Part], option: &str) -> Result<(), Refusal> {
    let Some(part) = parts.iter_mut().rfind(|part| part.open) else {
        return Err(Refusal::new(format!("{option} =)"), "no multipart is open: =( begins one"));
    };
    match &mut part.inner {
        Some(inner) if inner.iter().any(|part| part.open) => close(inner, option),
        Some(_) | None => {
            part.open = false;
            Ok(())
        }
    }
}

struct Reader<'a> {
    option: &'a str,
    inputs: &'a dyn Inputs,
}

impl Reader<'_> {
    /// `@a.txt;type=…,b.txt;…`: several files are a multipart/mixed of their own.
    fn files(&self, files: &[u8]) -> Result<Part, Refusal> {
        let (mut parts, mut rest) = (Vec::new(), files);
        loop {
            let (path, after) = word(rest, Some(b','));
            let content = data::file(&path, self.option, self.inputs)?;
            let base = path.rsplit(|&byte| byte == b'/').next().unwrap_or(&path).to_vec();
            let part = Part { content, filename: Some(base), ..Part::default() };
            let (part, after) = self.attributes(part, after, Some(b','))?;
            let part = part.typed();
            // what is streamed has no type unless its name tells one (`lib/mime.c`)
            let file = media_type_of(&path).unwrap_or(b"application/octet-stream");
            let fallback = (path != b"-").then(|| file.to_vec());
            let media_type = part.media_type.clone().or(fallback);
            parts.push(Part { media_type, ..part }.encoded(self.option)?);
            match after {
                [b',', next @ ..] => rest = next,
                _ => break,
            }
        }
        Ok(match (parts.pop(), parts.is_empty()) {
            (Some(only), true) => only,
            (last, _) => {
                parts.extend(last);
                Part { inner: Some(parts), ..Part::default() }
            }
        })
    }

    /// A part whose content is there, with its attributes.
    fn one(&self, part: Part, rest: &[u8]) -> Result<Part, Refusal> {
        self.attributes(part, rest, None)?.0.typed().encoded(self.option)
    }

    /// `;type=a/b;filename="x"` and what follows, up to this byte.
    fn attributes<'v>(
        &self,
        mut part: Part,
        mut rest: &'v [u8],
        end: Option<u8>,
    ) -> Result<(Part, &'v [u8]), Refusal> {
        while let [b';', tail @ ..] = rest {
            let tail = tail.trim_ascii_start();
            let Some(at) = tail.iter().position(|&byte| byte == b'=') else { break };
            let (key, after) = (&tail[..at], &tail[at + 1..]);
            let (mut text, mut after) = word(after, end);
            match key {
                b"type" => {
                    // A media type may have parameters of its own: `type=text/plain;charset=utf-8`.
                    while let Some((parameter, next)) = parameter(after, end) {
                        text.extend(parameter);
                        after = next;
                    }
                    part.media_type = Some(text);
                }
                b"filename" => part.filename = Some(text),
                b"headers" => part.fields.extend(self.headers(text)?),
                b"encoder" => part.encoder = Some(self.encoder(&text)?),
                other => {
                    let name = String::from_utf8_lossy(other).into_owned();
                    let what = format!("{} …;{name}=", self.option);
                    return Err(Refusal::new(what, "this attribute is not supported"));
                }
            }
            rest = after;
        }
        Ok((part, rest))
    }

    /// A line, or those of a file without its comments.
    fn headers(&self, text: Vec<u8>) -> Result<Vec<Vec<u8>>, Refusal> {
        let [b'@' | b'<', path @ ..] = text.as_slice() else { return Ok(vec![text]) };
        let file = data::file(path, self.option, self.inputs)?;
        let lines = file.split(|&byte| byte == b'\n').map(<[u8]>::trim_ascii_end);
        Ok(lines.filter(|line| !line.is_empty() && line[0] != b'#').map(<[u8]>::to_vec).collect())
    }

    fn encoder(&self, text: &[u8]) -> Result<Encoder, Refusal> {
        Encoder::named(text).ok_or_else(|| {
            let text = String::from_utf8_lossy(text);
            let what = format!("{} …;encoder={text}", self.option);
            Refusal::new(what, "curl has binary, 8bit, 7bit, base64 and quoted-printable")
        })
    }
}

impl Part {
    /// With the type that its file's name tells, unless it has one.
    fn typed(mut self) -> Part {
        let own = self.fields.iter().find_map(|line| content_type(line));
        let own = self.media_type.take().or_else(|| own.map(<[u8]>::to_vec));
        let told = self.filename.as_deref().and_then(media_type_of).map(<[u8]>::to_vec);
        self.fields.retain(|line| content_type(line).is_none());
        Part { media_type: own.or(told), ..self }
    }

    /// With its content as its encoder writes it.
    fn encoded(mut self, option: &str) -> Result<Part, Refusal> {
        let Some(encoder) = self.encoder else { return Ok(self) };
        self.unmeasured = encoder.is_unmeasured() && !self.content.is_empty();
        let encoded = encoder.encode(self.content).ok_or_else(|| {
            let what = format!("{option} …;encoder={}", encoder.name());
            Refusal::new(what, "the content has bytes of 8 bits")
        })?;
        Ok(Part { content: encoded, ..self })
    }

    /// Nobody knows its length beforehand.
    pub(super) fn is_unmeasured(&self) -> bool {
        self.unmeasured || self.inner.iter().flatten().any(Part::is_unmeasured)
    }
}

/// The value of a Content-Type line.
fn content_type(line: &[u8]) -> Option<&[u8]> {
    let (name, value) = line.split_at_checked(line.iter().position(|&byte| byte == b':')?)?;
    name.eq_ignore_ascii_case(b"Content-Type").then(|| value[1..].trim_ascii())
}

/// `;name=value` where the name is none of curl's own.
fn parameter(rest: &[u8], end: Option<u8>) -> Option<(Vec<u8>, &[u8])> {
    let tail = rest.strip_prefix(b";")?;
    let name = tail.trim_ascii_start().split(|&byte| byte == b'=').next()?;
    if matches!(name, b"type" | b"filename" | b"headers" | b"encoder") {
        return None;
    }
    let stops = |byte: &u8| *byte == b';' || Some(*byte) == end;
    let length = tail.iter().position(stops).unwrap_or(tail.len());
    Some(([b";", &tail[..length]].concat(), &tail[length..]))
}

/// One word up to a semicolon or this byte, without the space around it; in quotes it may hold anything, with `\"` and `\\`.
fn word(value: &[u8], end: Option<u8>) -> (Vec<u8>, &[u8]) {
    let value = value.trim_ascii_start();
    let stops = |byte: &u8| *byte == b';' || Some(*byte) == end;
    let length = value.iter().position(stops).unwrap_or(value.len());
    let [b'"', quoted @ ..] = value else {
        return (value[..length].trim_ascii_end().to_vec(), &value[length..]);
    };
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(&byte) = quoted.get(at) {
        match (byte, quoted.get(at + 1)) {
            (b'\\', Some(&next @ (b'"' | b'\\'))) => {
                out.push(next);
                at += 1;
            }
            // what stands between the quotes' end and the next attribute is passed over
            (b'"', _) => {
                let rest = &quoted[at + 1..];
                return (out, &rest[rest.iter().position(stops).unwrap_or(rest.len())..]);
            }
            _ => out.push(byte),
        }
        at += 1;
    }
    (value[..length].trim_ascii_end().to_vec(), &value[length..])
}

/// curl's own table (`lib/mime.c`, `Curl_mime_contenttype`).
fn media_type_of(file: &[u8]) -> Option<&'static [u8]> {
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
    known.map(|(_, media_type)| *media_type)
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
        let parts = form(&values);
        let text =
            String::from_utf8(body(&parts, (b"multipart/form-data", "B"), &|| "I".to_owned()))
                .unwrap();
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
        let one = form(&["a=x;type=text/plain; charset=utf-8;filename=n"]);
        assert_eq!(one[0].media_type.as_deref(), Some(&b"text/plain; charset=utf-8"[..]));
        assert_eq!(one[0].filename.as_deref(), Some(&b"n"[..]));
        let mut plain = Vec::new();
        add(&mut plain, b"s=@x;y", ("--form-string", true), &Html).unwrap();
        assert_eq!(plain[0].content, b"@x;y");
    }

    #[test]
    fn multiparts_lie_within_parts_until_they_are_closed() {
        let parts = form(&["a=(;type=x/y", "=b", "=(", "=c", "=)", "=)", "d=e"]);
        let names: Vec<&[u8]> = parts.iter().map(|part| part.name.as_slice()).collect();
        assert_eq!(names, [b"a", b"d"]);
        let inner = parts[0].inner.as_ref().unwrap();
        assert_eq!(inner.len(), 2);
        assert_eq!(inner[1].inner.as_ref().unwrap()[0].content, b"c");
        let refused = add(&mut Vec::new(), b"=)", ("-F", false), &Html).unwrap_err();
        assert!(refused.to_string().starts_with("-F =): "), "{refused}");
    }

    fn form(values: &[&str]) -> Vec<Part> {
        let mut parts = Vec::new();
        for value in values {
            add(&mut parts, value.as_bytes(), ("-F", false), &Html).unwrap();
        }
        parts
    }
}
