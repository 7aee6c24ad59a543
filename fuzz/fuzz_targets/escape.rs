//! Any bytes escaped: no control character, no bidi control comes out.
#![no_main]

use hopstep::domain::escape::escape_bytes;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let shown = escape_bytes(data);
    assert!(!shown.chars().any(|c| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')));
});
