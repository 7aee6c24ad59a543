//! HTTP/2 by hand: just enough frames to answer, and to answer badly.

use std::io::{Read, Write};

/// A frame on the wire (RFC 9113 §4.1). Stream 0 in an answer stands for the connection, 1 for the request's stream.
pub(crate) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = vec![length[1], length[2], length[3], kind, flags];
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// A literal field without indexing, names and values below 127 bytes (RFC 7541 §6.2.2).
pub(crate) fn field(name: &str, value: &str) -> Vec<u8> {
    let mut out = vec![0, u8::try_from(name.len()).unwrap()];
    out.extend(name.as_bytes());
    out.push(u8::try_from(value.len()).unwrap());
    out.extend(value.as_bytes());
    out
}

/// The same for names and values of any size (RFC 7541 §5.1).
pub(crate) fn long_field(name: &str, value: &str) -> Vec<u8> {
    let mut out = vec![0];
    for text in [name, value] {
        let mut rest = text.len();
        if rest < 127 {
            out.push(rest as u8);
        } else {
            out.push(127);
            rest -= 127;
            while rest >= 128 {
                out.push((rest % 128) as u8 | 128);
                rest /= 128;
            }
            out.push(rest as u8);
        }
        out.extend(text.as_bytes());
    }
    out
}

/// A SETTINGS frame (RFC 9113 §6.5).
pub(crate) fn settings(values: &[(u16, u32)]) -> Vec<u8> {
    let payload: Vec<u8> = values
        .iter()
        .flat_map(|(name, value)| {
            [name.to_be_bytes().to_vec(), value.to_be_bytes().to_vec()].concat()
        })
        .collect();
    frame(4, 0, 0, &payload)
}

/// Says these SETTINGS and reads until the head of the request is in.
pub(crate) fn greet_with(stream: &mut (impl Read + Write), values: &[(u16, u32)]) {
    let mut preface = [0; 24];
    if stream.read_exact(&mut preface).is_err() || stream.write_all(&settings(values)).is_err() {
        return;
    }
    while read_frame(stream).is_some_and(|(kind, ..)| kind != 1) {}
}

pub(crate) fn headers(status: &str, fields: &[(&str, &str)], end: bool) -> Vec<u8> {
    let mut block = field(":status", status);
    fields.iter().for_each(|(name, value)| block.extend(field(name, value)));
    frame(1, if end { 5 } else { 4 }, 1, &block)
}

/// Head and body.
pub(crate) fn answer(status: &str, fields: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut out = headers(status, fields, false);
    out.extend(frame(0, 1, 1, body));
    out
}

/// RST_STREAM with INTERNAL_ERROR.
pub(crate) fn reset() -> Vec<u8> {
    frame(3, 0, 1, &2u32.to_be_bytes())
}

/// Answers every request with these frames, their stream 1 replaced by the request's.
pub(crate) fn serve(stream: &mut (impl Read + Write), answer: &[u8]) {
    let mut preface = [0; 24];
    if stream.read_exact(&mut preface).is_err() || stream.write_all(&frame(4, 0, 0, &[])).is_err() {
        return;
    }
    while let Some((kind, flags, id)) = read_frame(stream) {
        let reply = match kind {
            // SETTINGS and PING want an acknowledgement; PING's payload is not looked at by h2
            4 if flags & 1 == 0 => frame(4, 1, 0, &[]),
            1 => on_stream(answer, id),
            _ => continue,
        };
        if stream.write_all(&reply).is_err() || stream.flush().is_err() {
            return;
        }
    }
}

fn read_frame(stream: &mut impl Read) -> Option<(u8, u8, u32)> {
    let mut head = [0; 9];
    stream.read_exact(&mut head).ok()?;
    let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
    let mut payload = vec![0; length as usize];
    stream.read_exact(&mut payload).ok()?;
    Some((head[3], head[4], u32::from_be_bytes([head[5], head[6], head[7], head[8]])))
}

fn on_stream(answer: &[u8], id: u32) -> Vec<u8> {
    let mut out = answer.to_vec();
    let mut at = 0;
    while at + 9 <= out.len() {
        let length = u32::from_be_bytes([0, out[at], out[at + 1], out[at + 2]]) as usize;
        if out[at + 5..at + 9] != [0; 4] {
            out[at + 5..at + 9].copy_from_slice(&id.to_be_bytes());
        }
        at += 9 + length;
    }
    out
}
