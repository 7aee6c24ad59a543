//! Any text as a line of the library's log: never a panic; and what the library writes comes back byte by byte.
#![no_main]

use hopstep::fetch::untapped;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        untapped(text);
    }
    let escaped: String = data.iter().map(|byte| format!("\\x{byte:02x}")).collect();
    let written = format!("0000002a read: b\"{escaped}\"");
    assert_eq!(untapped(&written), data);
});
