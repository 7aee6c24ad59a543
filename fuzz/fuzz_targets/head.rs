//! Any bytes as a response head: never a panic, and every deviation lies within the bytes.
#![no_main]

use bytes::Bytes;
use hopstep::domain::http::head_parser::parse_response;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    if let Some(head) = parse_response(Bytes::copy_from_slice(data)) {
        assert!(head.deviations.iter().all(|deviation| deviation.at.end <= head.raw.len()));
    }
});
