//! The import table of the style guide, and the shape of files.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Each top folder and what it may import.
const MAY_IMPORT: [(&str, &[&str]); 10] = [
    ("domain", &["domain"]),
    ("app", &["app", "domain"]),
    ("fetch", &["fetch", "domain"]),
    ("tui", &["tui", "app", "domain"]),
    ("shell", &["shell", "tui", "app", "fetch", "store", "lab", "domain"]),
    ("store", &["store", "domain"]),
    ("headless", &["headless", "fetch", "lab", "store", "domain"]),
    ("lab", &["lab", "domain"]),
    ("cli", &["cli", "domain"]),
    (
        "commands",
        &["commands", "cli", "shell", "headless", "app", "fetch", "store", "lab", "domain"],
    ),
];

/// Crates and the folders that are their only users.
const OWNED: [(&str, &[&str]); 8] = [
    ("rusqlite", &["store"]),
    ("reqwest", &["fetch"]),
    ("ratatui", &["tui"]),
    ("crossterm", &["tui"]),
    ("arboard", &["shell"]),
    ("signal_hook", &["shell", "headless"]),
    ("clap", &["cli", "main", "headless"]),
    ("rustls", &["fetch", "lab"]),
];

/// What a pure folder never mentions.
const IMPURE: [&str; 13] = [
    "std::fs",
    "std::env",
    "std::process",
    "std::thread",
    "std::net::Tcp",
    "std::net::Udp",
    "std::net::ToSocketAddrs",
    "std::io::std",
    "SystemTime",
    "Instant::now",
    "tokio::",
    "async fn",
    ".await",
];

#[test]
fn folders_import_only_what_the_table_allows() {
    let mut faults = String::new();
    for file in sources() {
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(folder, _)| *folder == file.folder)
        else {
            continue;
        };
        for (number, line) in file.code() {
            for name in imports(line).filter(|name| is_folder(name) && !allowed.contains(name)) {
                let _ = writeln!(faults, "{}:{number}: imports {name}", file.path.display());
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn crates_stay_with_their_owners() {
    let mut faults = String::new();
    for file in sources() {
        for (name, owners) in OWNED.iter().filter(|(_, owners)| !owners.contains(&&*file.folder)) {
            for (number, line) in file.code().filter(|(_, line)| mentions_crate(line, name)) {
                let _ = writeln!(
                    faults,
                    "{}:{number}: {name} belongs to {owners:?}: {line}",
                    file.path.display()
                );
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn domain_and_app_are_pure() {
    let mut faults = String::new();
    for file in sources().iter().filter(|file| matches!(&*file.folder, "domain" | "app")) {
        for (number, line) in file.code() {
            for impure in IMPURE.iter().filter(|impure| line.contains(*impure)) {
                let _ = writeln!(faults, "{}:{number}: {impure}", file.path.display());
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

/// What clients do is in `assets/clients/`: the code reads parameters, and never asks which client it has.
#[test]
fn nothing_asks_which_client_it_is() {
    let clients = files(&root().join("assets/clients"));
    let names: Vec<String> = clients
        .iter()
        .map(|path| format!("\"{}\"", path.file_stem().unwrap().to_string_lossy()))
        .collect();
    let mut faults = String::new();
    for file in sources() {
        for (number, line) in file.code().filter(|(_, line)| line.contains("client")) {
            let asks = |name: &String| {
                let (is, is_not) = (format!("== {name}"), format!("!= {name}"));
                line.contains(&is) || line.contains(&is_not) || line.contains(&format!("{name} =>"))
            };
            if names.iter().any(asks) {
                let _ = writeln!(faults, "{}:{number}: {line}", file.path.display());
            }
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

#[test]
fn every_file_says_what_it_is_and_stays_short() {
    let mut faults = String::new();
    let folders = ["src", "tests", "benches", "examples"];
    let all = folders.iter().flat_map(|folder| files(&root().join(folder)));
    for path in all.filter(|path| path.extension().is_some_and(|extension| extension == "rs")) {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.strip_prefix(root()).unwrap_or(&path).display();
        if !text.starts_with("//! ") {
            let _ = writeln!(faults, "{name}: does not open with //!");
        }
        if text.lines().count() > 500 {
            let _ = writeln!(faults, "{name}: {} lines", text.lines().count());
        }
        if path.file_name().is_some_and(|name| name == "mod.rs") {
            let _ = writeln!(faults, "{name}: modules are foo.rs with children in foo/");
        }
    }
    assert!(faults.is_empty(), "\n{faults}");
}

struct Source {
    path: PathBuf,
    /// The top folder, `main` and `lib` for these two.
    folder: String,
    text: String,
}

impl Source {
    /// Lines that are not comments, numbered from 1. Unit tests at the end are left out.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
        lines
            .take_while(|(_, line)| *line != "#[cfg(test)]")
            .filter(|(_, line)| !line.starts_with("//"))
    }
}

fn sources() -> Vec<Source> {
    let src = root().join("src");
    files(&src)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| {
            let inside = path.strip_prefix(&src).unwrap();
            let top =
                inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
            Source {
                folder: top.trim_end_matches(".rs").to_owned(),
                text: fs::read_to_string(&path).unwrap(),
                path: path.strip_prefix(root()).unwrap().to_owned(),
            }
        })
        .collect()
}

/// The first segment of every `crate::` path on this line.
fn imports(line: &str) -> impl Iterator<Item = &str> {
    // `hopstep::` is the library to the files of the program itself
    let roots = line.match_indices("crate::").chain(line.match_indices("hopstep::"));
    roots.flat_map(move |(at, root)| {
        let rest = &line[at + root.len()..];
        let group = rest.strip_prefix('{').and_then(|rest| rest.split('}').next());
        let names: Vec<&str> = match group {
            Some(group) => group.split(',').map(|part| first_word(part.trim())).collect(),
            None => vec![first_word(rest)],
        };
        names
    })
}

fn is_folder(name: &str) -> bool {
    MAY_IMPORT.iter().any(|(folder, _)| *folder == name)
}

fn first_word(text: &str) -> &str {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// The line names the crate at the head of a path.
fn mentions_crate(line: &str, name: &str) -> bool {
    line.match_indices(name).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = &line[at + name.len()..];
        let head = before
            .is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '_' | ':' | '"' | '-' | '.'));
        head && (after.starts_with("::") || line.starts_with("use ") && after.starts_with(';'))
    })
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut paths = Vec::new();
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        match path.is_dir() {
            true => paths.extend(files(&path)),
            false => paths.push(path),
        }
    }
    paths.sort();
    paths
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
