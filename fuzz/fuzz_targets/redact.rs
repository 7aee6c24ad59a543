//! Any bytes redacted: as long as before, text stays text, and doing it again changes nothing that matters to its length.
#![no_main]

use hopstep::domain::redact::Redactor;
use hopstep::domain::secret::Names;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let redactor = Redactor::for_text(Names::default());
    let clean = redactor.bytes(data);
    assert_eq!(clean.len(), data.len());
    assert!(std::str::from_utf8(data).is_err() || std::str::from_utf8(&clean).is_ok());
    for name in ["Cookie", "Set-Cookie", "Authorization", "X-Api-Key", "Location"] {
        assert_eq!(redactor.value(name, data).len(), data.len());
    }
});
