//! Any words as a command line: a command or a refusal, never a panic. Words are split at NUL.
#![no_main]

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let words: Vec<OsString> = data.split(|byte| *byte == 0).map(|word| OsString::from_vec(word.to_vec())).collect();
    let _ = hopstep::cli::parse(&words, &|_| None);
});
