//! Any bytes as a `.netrc`: credentials or none, never a panic.
#![no_main]

use hopstep::domain::netrc::Netrc;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Ok(netrc) = Netrc::parse(data, true) {
        let _ = (netrc.lookup("h", None), netrc.lookup("h", Some(b"u")));
    }
});
