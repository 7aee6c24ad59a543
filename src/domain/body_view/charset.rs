//! Which charset a body is in.

use encoding_rs::{Encoding, REPLACEMENT, UTF_8};

/// How far a declaration inside the body is looked for (HTML, prescan: 1024 bytes).
const PRESCAN: usize = 1024;

/// The charset: byte order mark, else the `charset` of the media type, else what the head of the body declares (`<meta charset>`,
/// XML declaration), else UTF-8. The order is that of HTML, "determining the character encoding".
pub fn charset(media_type: Option<&str>, head: &[u8]) -> &'static Encoding {
    let marked = Encoding::for_bom(head).map(|(encoding, _)| encoding);
    let found = marked
        .or_else(|| named_charset(media_type?))
        .or_else(|| declared(&head[..head.len().min(PRESCAN)]));
    match found {
        Some(encoding) if encoding != REPLACEMENT => encoding,
        Some(_) | None => UTF_8,
    }
}

/// What the `charset` of the media type names.
pub(in crate::domain) fn named_charset(media_type: &str) -> Option<&'static Encoding> {
    Encoding::for_label(parameter(media_type)?.as_bytes())
}

/// The value of the `charset` parameter.
fn parameter(media_type: &str) -> Option<&str> {
    media_type.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches(['"', '\'']))
    })
}

/// `charset=` in a `<meta>`, or `encoding=` in `<?xml`. A body that declares UTF-16 in ASCII letters is not in UTF-16.
fn declared(head: &[u8]) -> Option<&'static Encoding> {
    let text: String = head.iter().map(|&byte| char::from(byte.to_ascii_lowercase())).collect();
    let text = text.trim_start_matches("\u{ef}\u{bb}\u{bf}");
    let label = match text.strip_prefix("<?xml") {
        Some(xml) => value_after(xml.split("?>").next()?, "encoding")?,
        None => text.match_indices("<meta").find_map(|(at, _)| {
            let meta = text[at..].split('>').next()?;
            value_after(meta, "charset")
        })?,
    };
    Encoding::for_label(label.as_bytes()).map(Encoding::output_encoding)
}

fn value_after<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(name)?;
    let value = rest.trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    value.split(['"', '\'', ' ', ';', '/']).next().filter(|label| !label.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_wins_over_the_media_type_and_that_over_the_body() {
        let meta = b"<html><meta charset='windows-1251'>".as_slice();
        assert_eq!(charset(None, meta).name(), "windows-1251");
        assert_eq!(charset(Some("text/html; Charset=\"ISO-8859-2\""), meta).name(), "ISO-8859-2");
        assert_eq!(charset(Some("text/html; charset=latin1"), b"\xff\xfea\0").name(), "UTF-16LE");
    }

    #[test]
    fn declarations_in_the_body_are_found() {
        let old = b"<meta http-equiv=\"Content-Type\" content=\"text/html; charset=shift_jis\">";
        assert_eq!(charset(None, old).name(), "Shift_JIS");
        assert_eq!(charset(None, b"<?xml version='1.0' encoding='EUC-KR'?>").name(), "EUC-KR");
        assert_eq!(charset(None, b"<meta charset=utf-16>").name(), "UTF-8");
        assert_eq!(charset(None, b"<?xml encoding=").name(), "UTF-8");
        assert_eq!(charset(Some("text/html; charset=nonsense"), b"").name(), "UTF-8");
    }
}
