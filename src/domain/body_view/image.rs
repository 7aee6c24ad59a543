//! Images: their format and size, read from the first bytes of a body. Never decodes a picture.
//!
//! Promises: any bytes are survived; a size is given only where the header says it.

/// What an image is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Image {
    /// `PNG`, `JPEG`, ...
    pub format: &'static str,
    /// Width and height in pixels; none when the header does not say, or says it further on.
    pub size: Option<(u32, u32)>,
}

/// The image that starts with these bytes, by its own signature (MIME Sniffing §6.1) whatever the media type says.
pub fn image(head: &[u8]) -> Option<Image> {
    let known = |format, size| Some(Image { format, size });
    match head {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => known("PNG", png(head)),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => {
            known("GIF", pair(little16(head, 6), little16(head, 8)))
        }
        [0xff, 0xd8, 0xff, ..] => known("JPEG", jpeg(head)),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => {
            known("WebP", webp(head))
        }
        [b'B', b'M', ..] if little32(head, 14) == Some(40) => {
            known("BMP", pair(little32(head, 18), little32(head, 22)))
        }
        [0, 0, 1, 0, _, 0, ..] => known("ICO", ico(head)),
        [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', b'f' | b's', ..] => {
            known("AVIF", None)
        }
        _ => svg(head),
    }
}

/// The IHDR chunk (PNG §11.2.1).
fn png(head: &[u8]) -> Option<(u32, u32)> {
    let is_header = head.get(12..16)? == b"IHDR";
    is_header.then(|| pair(big32(head, 16), big32(head, 20))).flatten()
}

/// The first start-of-frame segment (ITU-T T.81 §B.2.2); segments before it are skipped by their length.
fn jpeg(head: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        let [0xff, marker] = *head.get(at..at + 2)? else { return None };
        match marker {
            0xff => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                return pair(big16(head, at + 7), big16(head, at + 5));
            }
            0xd9 | 0xda => return None,
            _ => at += 2 + big16(head, at + 2)?.max(2) as usize,
        }
    }
}

/// The first chunk: lossy (RFC 6386 §9.1), lossless or extended (RFC 9649 §2).
fn webp(head: &[u8]) -> Option<(u32, u32)> {
    match head.get(12..16)? {
        b"VP8 " if head.get(23..26)? == [0x9d, 0x01, 0x2a] => {
            pair(little16(head, 26).map(low14), little16(head, 28).map(low14))
        }
        b"VP8L" if head.get(20)? == &0x2f => {
            let bits = little32(head, 21)?;
            Some((low14(bits) + 1, low14(bits >> 14) + 1))
        }
        b"VP8X" => {
            let little24 = |at| Some(little32(head, at)? & 0xff_ffff);
            Some((little24(24)? + 1, little24(27).or_else(|| little24(26).map(|n| n >> 8))? + 1))
        }
        _ => None,
    }
}

fn low14(bits: u32) -> u32 {
    bits & 0x3fff
}

/// The first entry; 0 stands for 256.
fn ico(head: &[u8]) -> Option<(u32, u32)> {
    let side = |at: usize| head.get(at).map(|&side| if side == 0 { 256 } else { side.into() });
    pair(side(6), side(7))
}

/// `<svg` before any other element; `width` and `height` in pixels, else the `viewBox`.
fn svg(head: &[u8]) -> Option<Image> {
    let text = String::from_utf8_lossy(head.get(..head.len().min(4096))?);
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    while let Some(after) = rest.strip_prefix("<?").or_else(|| rest.strip_prefix("<!")) {
        let end = if after.starts_with("--") { "-->" } else { ">" };
        rest = after.split_once(end)?.1.trim_start();
    }
    let tag = rest.strip_prefix("<svg")?.split('>').next()?;
    let value = |name: &str| {
        let at = tag.find(&format!(" {name}=")).or_else(|| tag.find(&format!("\n{name}=")))?;
        let quoted = &tag[at + name.len() + 2..];
        quoted.get(1..)?.split(quoted.chars().next()?).next()
    };
    let pixels = |text: &str| text.trim().trim_end_matches("px").parse::<f64>().ok();
    let sides = (value("width").and_then(pixels), value("height").and_then(pixels));
    let whole = |side: f64| (side > 0.0 && side < 1e9).then(|| side.round() as u32);
    let size = match sides {
        (Some(width), Some(height)) => pair(whole(width), whole(height)),
        _ => value("viewBox").and_then(|shown| {
            let mut sides = shown.split([' ', ',']).filter(|part| !part.is_empty()).skip(2);
            pair(whole(pixels(sides.next()?)?), whole(pixels(sides.next()?)?))
        }),
    };
    Some(Image { format: "SVG", size })
}

fn pair(width: Option<u32>, height: Option<u32>) -> Option<(u32, u32)> {
    width.zip(height)
}

fn bytes<const N: usize>(head: &[u8], at: usize) -> Option<[u8; N]> {
    head.get(at..)?.first_chunk().copied()
}

fn big16(head: &[u8], at: usize) -> Option<u32> {
    bytes(head, at).map(u16::from_be_bytes).map(u32::from)
}

fn big32(head: &[u8], at: usize) -> Option<u32> {
    bytes(head, at).map(u32::from_be_bytes)
}

fn little16(head: &[u8], at: usize) -> Option<u32> {
    bytes(head, at).map(u16::from_le_bytes).map(u32::from)
}

fn little32(head: &[u8], at: usize) -> Option<u32> {
    bytes(head, at).map(u32::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(head: &[u8]) -> Option<(&'static str, Option<(u32, u32)>)> {
        image(head).map(|image| (image.format, image.size))
    }

    #[test]
    fn headers_say_format_and_size() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x06";
        assert_eq!(size(png), Some(("PNG", Some((640, 480)))));
        assert_eq!(size(b"GIF89a\x0a\0\x14\0"), Some(("GIF", Some((10, 20)))));
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xff\xc2\0\x11\x08\x01\xe0\x02\x80";
        assert_eq!(size(jpeg), Some(("JPEG", Some((640, 480)))));
        let lossy = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x80\x02\xe0\x01";
        assert_eq!(size(lossy), Some(("WebP", Some((640, 480)))));
        let lossless = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x7f\xc2\x77\0";
        assert_eq!(size(lossless), Some(("WebP", Some((640, 480)))));
        let extended = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x7f\x02\0\xdf\x01\0";
        assert_eq!(size(extended), Some(("WebP", Some((640, 480)))));
        assert_eq!(size(b"\0\0\x01\0\x01\0\x20\0"), Some(("ICO", Some((32, 256)))));
    }

    #[test]
    fn vector_images_have_the_size_of_their_box() {
        let svg = "<?xml version='1.0'?><!-- <svg> -->\n<svg xmlns='x' viewBox=\"0 0 24 16.4\">";
        assert_eq!(size(svg.as_bytes()), Some(("SVG", Some((24, 16)))));
        assert_eq!(size(b"<svg width='3px' height=\"4\"/>"), Some(("SVG", Some((3, 4)))));
        assert_eq!(size(b"<svg width='100%'/>"), Some(("SVG", None)));
        assert_eq!(size(b"<html><svg>"), None);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_survived(start in 0usize..9, rest in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..60)) {
            let starts: [&[u8]; 9] = [b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff", b"RIFF1234WEBPVP8X", b"RIFF1234WEBPVP8 ", b"BM", b"<svg ", b"<!--", b"<svg width='"];
            let _ = image(&[starts[start], &rest].concat());
        }
    }
}
