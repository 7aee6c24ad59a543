//! Where the configuration is: the user's folder, the project's file, `--config FILE`.
//!
//! XDG on Linux, the platform's own folders elsewhere. The project's `hopstep.toml` is looked for from the current folder
//! up to the root of the repository, or to the home folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::domain::check::fault::Fault;
use crate::domain::config::{Config, File};
use crate::domain::import::curl::Refusal;

type Env<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Reads the files there are. The one that is named must be there.
pub fn load(named: Option<&str>, env: Env<'_>) -> Result<Config, Refusal> {
    let user = named.map(PathBuf::from).or_else(|| folder(env).map(|at| at.join("config.toml")));
    let project = std::env::current_dir().ok().and_then(|folder| project(&folder, env));
    let mut files = Vec::new();
    for path in [user, project].into_iter().flatten() {
        match fs::read_to_string(&path) {
            Ok(text) => files.push((shown(&path, env), text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound && named.is_none() => {}
            Err(error) => return Err(Refusal::new(shown(&path, env), error.to_string())),
        }
    }
    let files: Vec<File<'_>> = files.iter().map(|(name, text)| File { name, text }).collect();
    Config::read(&files).map_err(|faults| {
        let refusal = |fault: Fault| {
            let place = format!("{}:{}:{}", fault.file, fault.line, fault.column);
            Refusal::new(place, fault.message)
        };
        let mut refusals = faults.into_iter().map(refusal);
        let first = refusals.next().unwrap_or_else(|| Refusal::new("config", "unreadable"));
        Refusal { more: refusals.collect(), ..first }
    })
}

/// The user's file, and the project's: the one there is, or the one that would be begun in the current folder.
pub fn files(named: Option<&str>, env: Env<'_>) -> Option<(Option<PathBuf>, PathBuf)> {
    let user = named.map(PathBuf::from).or_else(|| folder(env).map(|at| at.join("config.toml")));
    let here = std::env::current_dir().ok()?;
    let project = project(&here, env).unwrap_or_else(|| here.join("hopstep.toml"));
    Some((user, project))
}

/// The user's folder of this program.
pub fn folder(env: Env<'_>) -> Option<PathBuf> {
    let of = |name: &str| env(name).filter(|path| !path.is_empty()).map(PathBuf::from);
    let home = || of("HOME");
    let base = if cfg!(windows) {
        of("APPDATA")
    } else if cfg!(target_os = "macos") {
        of("XDG_CONFIG_HOME").or_else(|| Some(home()?.join("Library/Application Support")))
    } else {
        of("XDG_CONFIG_HOME")
            .filter(|path| path.is_absolute())
            .or_else(|| Some(home()?.join(".config")))
    };
    Some(base?.join("hopstep"))
}

/// The nearest `hopstep.toml` at or above this folder, within the repository or the home folder.
fn project(folder: &Path, env: Env<'_>) -> Option<PathBuf> {
    let home = env("HOME").map(PathBuf::from);
    for folder in folder.ancestors() {
        let file = folder.join("hopstep.toml");
        if file.is_file() {
            return Some(file);
        }
        if folder.join(".git").exists() || home.as_deref() == Some(folder) {
            return None;
        }
    }
    None
}

/// The path as a person would write it: `~` for the home folder.
pub fn shown(path: &Path, env: Env<'_>) -> String {
    let home = env("HOME").filter(|home| !home.is_empty());
    match home.as_ref().and_then(|home| path.strip_prefix(home).ok()) {
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_follows_the_platform() {
        let env = |name: &str| (name == "XDG_CONFIG_HOME").then(|| "/x".to_owned());
        if !cfg!(windows) {
            assert_eq!(folder(&env), Some(PathBuf::from("/x/hopstep")));
        }
        assert_eq!(folder(&|_| None), None);
    }

    #[test]
    fn the_project_ends_at_the_root_of_the_repository() {
        let root = tempfile::tempdir().unwrap();
        let inner = root.path().join("repo/a/b");
        fs::create_dir_all(&inner).unwrap();
        fs::create_dir(root.path().join("repo/.git")).unwrap();
        fs::write(root.path().join("hopstep.toml"), "").unwrap();
        assert_eq!(project(&inner, &|_| None), None);
        let file = root.path().join("repo/a/hopstep.toml");
        fs::write(&file, "").unwrap();
        assert_eq!(project(&inner, &|_| None), Some(file));
    }
}
