//! Any bytes as a sitemap: pages or faults, never a panic, and nothing that is longer than what came in.
#![no_main]

use hopstep::domain::check::sitemap;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let _ = sitemap::is_sitemap(data);
    if let Ok(sitemap) = sitemap::read("s.xml", &String::from_utf8_lossy(data)) {
        let urls: usize = sitemap.locs.iter().map(|loc| loc.url.len()).sum();
        assert!(urls <= 3 * data.len());
    }
});
