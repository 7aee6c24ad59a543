//! Hints that were told, one name a line, in the state folder beside the history.
//!
//! Promises: what can't be written is no trouble: the hint is told once more.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// The file, given the history's.
pub fn beside(history: &Path) -> PathBuf {
    history.with_file_name("hints")
}

/// The names of the hints that were told.
pub fn told(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// Notes that this one was told; the file is the user's alone.
pub fn remember(path: &Path, name: &str) -> io::Result<()> {
    super::history::file::make_private(path)?;
    writeln!(OpenOptions::new().append(true).open(path)?, "{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_is_known_the_next_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = beside(&folder.path().join("state/history.sqlite3"));
        assert!(told(&path).is_empty());
        remember(&path, "stopped").unwrap();
        remember(&path, "ended").unwrap();
        assert_eq!(told(&path), ["stopped", "ended"]);
    }
}
