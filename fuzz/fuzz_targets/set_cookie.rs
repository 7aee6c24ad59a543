//! Any bytes as a Set-Cookie line: never a panic, and no Secure cookie is stored over http.
#![no_main]

use hopstep::domain::cookie::jar::Jar;
use url::Url;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Ok(url) = Url::parse("http://shop.test/a/b") else { return };
    let mut jar = Jar::default();
    let _ = jar.store(data, &url, 1_700_000_000);
    assert!(jar.iter().all(|cookie| !cookie.secure));
});
