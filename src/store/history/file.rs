//! The history's file: where it is, whose it is, and what happens to one that can't be used.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// The platform's place for state; `None` where the environment does not say whose.
pub fn default_path(env: &dyn Fn(&str) -> Option<String>) -> Option<PathBuf> {
    let set = |name: &str| env(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let state = match (cfg!(target_os = "macos"), cfg!(windows)) {
        (true, _) => set("HOME")?.join("Library/Application Support"),
        (_, true) => set("LOCALAPPDATA")?,
        _ => set("XDG_STATE_HOME")
            .filter(|path| path.is_absolute())
            .or_else(|| Some(set("HOME")?.join(".local/state")))?,
    };
    Some(state.join("hopstep/history.sqlite3"))
}

/// Makes folder and file, for the user alone. SQLite gives its companions the rights of the file.
pub(in crate::store) fn make_private(path: &Path) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
    }
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

/// Renames the file and its companions, and says what it is called now. Another program may have been faster.
pub(super) fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let mut number = since.as_secs();
    let mut to = with_suffix(path, &format!(".set-aside-{number}"));
    while to.exists() {
        number += 1;
        to = with_suffix(path, &format!(".set-aside-{number}"));
    }
    for companion in ["-wal", "-shm", ""] {
        match fs::rename(with_suffix(path, companion), with_suffix(&to, companion)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(to)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn the_file_is_where_the_platform_keeps_state() {
        let env = |pairs: &'static [(&str, &str)]| {
            default_path(&move |name| {
                let found = pairs.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| (*value).to_owned())
            })
        };
        let home = Some(PathBuf::from("/h/.local/state/hopstep/history.sqlite3"));
        assert_eq!(env(&[("HOME", "/h")]), home);
        assert_eq!(env(&[("HOME", "/h"), ("XDG_STATE_HOME", "relative")]), home);
        let state = Some(PathBuf::from("/s/hopstep/history.sqlite3"));
        assert_eq!(env(&[("HOME", "/h"), ("XDG_STATE_HOME", "/s")]), state);
        assert_eq!(env(&[]), None);
    }
}
