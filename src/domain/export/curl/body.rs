//! Bodies: as an argument where one can hold them, else through `printf`.

use super::{is_plain, quote};

/// Linux bounds one argument at 128 KiB.
const ARGUMENT: usize = 100 * 1024;

/// The body as a quoted argument; `None` when an argument can't hold it as it is.
///
/// Interactive bash expands `!` in the further lines of a quoted text, so the two don't go together.
pub(super) fn argument(body: &[u8]) -> Option<String> {
    let history = body.contains(&b'!') && body.contains(&b'\n');
    (body.len() <= ARGUMENT && is_plain(body) && !history).then(|| quote::word(body))
}

/// The body as the format of a `printf`.
pub(super) fn printf(body: &[u8]) -> String {
    let mut out = String::with_capacity(body.len() + 2);
    out.push('\'');
    for (index, byte) in body.iter().enumerate() {
        match byte {
            b'%' => out.push_str("%%"),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\'' => quote::octal(b"'", &mut out),
            // A format that starts with a dash would be an option.
            b'-' if index == 0 => quote::octal(b"-", &mut out),
            b' '..=b'~' => out.push(char::from(*byte)),
            other => quote::octal(std::slice::from_ref(other), &mut out),
        }
    }
    out.push('\'');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_an_argument_and_other_bytes_are_printed() {
        assert_eq!(argument(b"a=b&c").as_deref(), Some("'a=b&c'"));
        assert_eq!(argument(b"{\n}").as_deref(), Some("'{\n}'"));
        assert_eq!(argument(b"a!\nb"), None);
        assert_eq!(argument(b"a\tb"), None);
        assert_eq!(argument(b"a\0b"), None);
        assert_eq!(printf(b"-a%\\'\n\0\xff1"), "'\\055a%%\\\\\\047\\n\\000\\3771'");
    }
}
