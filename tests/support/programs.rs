//! Outside programs that tests compare with.

#![allow(dead_code, reason = "each test program uses its own part")]

use std::process::{Command, Stdio};

/// Whether the program can be run. Absent, the test says so and passes; under CI it fails.
pub(crate) fn present(program: &str) -> bool {
    let found = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok();
    assert!(found || std::env::var_os("CI").is_none(), "{program} is not installed");
    if !found {
        eprintln!("{program} is not installed: skipped");
    }
    found
}

/// A command without the user's own configuration and proxies.
pub(crate) fn clean(program: &str) -> Command {
    let mut command = Command::new(program);
    for name in [
        "http_proxy",
        "https_proxy",
        "HTTPS_PROXY",
        "all_proxy",
        "ALL_PROXY",
        "no_proxy",
        "NO_PROXY",
    ] {
        command.env_remove(name);
    }
    command.env("HOME", "/nonexistent").env_remove("CURL_HOME");
    command.env_remove("XDG_CONFIG_HOME").env_remove("XDG_STATE_HOME");
    command
}
