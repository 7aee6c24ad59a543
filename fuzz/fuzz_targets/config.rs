//! Any text as a configuration: a configuration or faults with a place, never a panic.
#![no_main]

use hopstep::domain::config::{Config, File};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match Config::read(&[File { name: "f", text }, File { name: "g", text }]) {
        Ok(config) => drop((config.policy(), config.show())),
        Err(faults) => assert!(faults.iter().all(|fault| fault.line > 0 && fault.column > 0)),
    }
});
