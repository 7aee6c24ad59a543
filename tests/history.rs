//! The history: what was recorded stays, whatever happens to the program or the file.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use hopstep::domain::history::Entry;
use hopstep::store::history::History;
use rusqlite::Connection;

fn entry(url: &str, started_at: i64) -> Entry {
    Entry {
        started_at,
        method: "GET".to_owned(),
        url: url.to_owned(),
        client: "curl".to_owned(),
        hops: 1,
        status: Some(200),
        outcome: "final".to_owned(),
        ..Entry::default()
    }
}

fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state/hopstep/history.sqlite3");
    (folder, path)
}

/// The writer that is killed: not a test of its own.
#[test]
#[ignore = "run by the test below, as a program of its own"]
fn writes_until_it_is_killed() {
    let Some(path) = std::env::var_os("HOPSTEP_TEST_HISTORY") else { return };
    let mut history = History::open(Path::new(&path)).unwrap();
    for number in 0.. {
        let document = format!("{number}").repeat(number % 5000);
        let id = history.record(&entry(&format!("http://a.test/{number}"), 1_000), &document);
        println!("committed {}", id.unwrap());
        std::io::stdout().flush().unwrap();
    }
}

fn writer(path: &Path) -> std::process::Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "writes_until_it_is_killed", "--nocapture"])
        .env("HOPSTEP_TEST_HISTORY", path)
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .unwrap()
}

/// Reads what a writer says it has committed, until it is killed; the first is news.
fn committed(lines: impl Read + Send + 'static) -> (Receiver<()>, JoinHandle<Vec<i64>>) {
    let (first, began) = channel();
    let reading = thread::spawn(move || {
        let lines = BufReader::new(lines).lines().map_while(Result::ok);
        let ids = lines.filter_map(|line| line.rsplit_once("committed ")?.1.parse().ok());
        ids.inspect(|_| first.send(()).unwrap_or_default()).collect()
    });
    (began, reading)
}

/// How long a writer may take to its first chain, on a machine that does much else.
const START: Duration = Duration::from_secs(60);

#[test]
fn a_hundred_killed_writers_lose_nothing_that_was_committed() {
    let (_folder, path) = place();
    let mut all: Vec<i64> = Vec::new();
    for round in 0..100u64 {
        let mut child = writer(&path);
        let out = child.stdout.take().unwrap();
        let (began, reading) = committed(out);
        // every other writer may be killed before it has written anything
        if round % 2 == 0 {
            began.recv_timeout(START).unwrap();
        }
        thread::sleep(Duration::from_millis(8 + round % 23));
        // SIGKILL, in the midst of whatever it does
        child.kill().unwrap();
        child.wait().unwrap();
        all.extend(reading.join().unwrap());
    }
    assert!(all.len() >= 50, "only {} were written", all.len());
    let history = History::open(&path).unwrap();
    assert_eq!(history.set_aside, None);
    let kept: Vec<i64> = history.list("", usize::MAX).unwrap().iter().map(|of| of.id).collect();
    // what is older was forgotten for its number
    let oldest = kept.iter().min().unwrap();
    let lost: Vec<_> = all.iter().filter(|id| *id >= oldest && !kept.contains(id)).collect();
    assert!(lost.is_empty(), "lost {lost:?} of {}", all.len());
}

#[test]
fn two_programs_write_at_once() {
    let (_folder, path) = place();
    let mut children = [writer(&path), writer(&path)];
    let readers: Vec<_> =
        children.iter_mut().map(|child| committed(child.stdout.take().unwrap())).collect();
    for (began, _) in &readers {
        began.recv_timeout(START).unwrap();
    }
    thread::sleep(Duration::from_millis(300));
    for child in &mut children {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    let written: Vec<Vec<i64>> =
        readers.into_iter().map(|(_, reader)| reader.join().unwrap()).collect();
    let history = History::open(&path).unwrap();
    let kept: Vec<i64> = history.list("", usize::MAX).unwrap().iter().map(|of| of.id).collect();
    let recent = |ids: &[i64]| ids.iter().rev().take(500).all(|id| kept.contains(id));
    assert!(written.iter().all(|ids| recent(ids)));
}

#[test]
fn a_damaged_file_is_set_aside_and_a_new_one_begun() {
    let (_folder, path) = place();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, "this is no database, but it is the user's\n".repeat(50)).unwrap();
    let mut history = History::open(&path).unwrap();
    let aside = history.set_aside.clone().unwrap();
    assert!(fs::read_to_string(aside).unwrap().starts_with("this is no database"));
    history.record(&entry("http://a.test/", 5), "{}").unwrap();
    assert_eq!(history.list("", 9).unwrap().len(), 1);
}

#[test]
fn a_file_of_a_newer_program_is_kept_for_it() {
    let (_folder, path) = place();
    let mut history = History::open(&path).unwrap();
    history.record(&entry("http://a.test/", 5), "{}").unwrap();
    drop(history);
    Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 99").unwrap();
    let history = History::open(&path).unwrap();
    assert!(history.list("", 9).unwrap().is_empty());
    let aside = Connection::open(history.set_aside.unwrap()).unwrap();
    let count: i64 = aside.query_row("SELECT count(*) FROM chains", [], |row| row.get(0)).unwrap();
    assert_eq!(count, 1, "nothing is lost");
}

#[test]
fn damage_while_it_is_open_is_set_aside_too() {
    let (_folder, path) = place();
    let mut history = History::open(&path).unwrap();
    for number in 0..200 {
        history.record(&entry(&format!("http://a.test/{number}"), 5), &"x".repeat(5000)).unwrap();
    }
    drop(history);
    let mut bytes = fs::read(&path).unwrap();
    bytes[4096..].iter_mut().for_each(|byte| *byte = 0xa5);
    fs::write(&path, bytes).unwrap();
    let mut history = History::open(&path).unwrap();
    history.record(&entry("http://b.test/", 6), "{}").unwrap();
    assert!(history.set_aside.is_some());
    assert_eq!(history.list("b.test", 9).unwrap().len(), 1);
}

#[test]
fn old_and_surplus_chains_are_forgotten_and_the_rest_is_found_by_words() {
    let (_folder, path) = place();
    let mut history = History::open(&path).unwrap();
    let id = history.record(&entry("http://old.test/", 5), "old").unwrap();
    let now = 400 * 24 * 3600;
    history.record(&entry("http://new.test/Login", now), "new").unwrap();
    assert_eq!(history.document(id).unwrap(), None);
    for number in 0..2005 {
        history.record(&entry(&format!("http://a.test/{number}"), now), "").unwrap();
    }
    assert_eq!(history.list("", usize::MAX).unwrap().len(), 2000);
    let found = history.list("get A.test/2004 200 curl", 9).unwrap();
    assert_eq!(found.len(), 1);
    assert!(history.delete(found[0].id).unwrap());
    assert!(!history.delete(found[0].id).unwrap());
    assert_eq!(history.clear().unwrap(), 1999);
}

#[test]
fn what_becomes_of_a_chain_replaces_what_was_known_of_it() {
    let (_folder, path) = place();
    let mut history = History::open(&path).unwrap();
    let id = history.record(&entry("http://a.test/", 5), "one").unwrap();
    let more = Entry { id, hops: 2, ..entry("http://a.test/", 5) };
    assert_eq!(history.record(&more, "two").unwrap(), id);
    assert_eq!(history.document(id).unwrap().as_deref(), Some("two"));
    assert_eq!(history.list("", 9).unwrap(), [more]);
}

#[test]
#[cfg(unix)]
fn file_and_folder_are_the_users_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let (_folder, path) = place();
    let mut history = History::open(&path).unwrap();
    history.record(&entry("http://a.test/", 5), "{}").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for name in ["history.sqlite3", "history.sqlite3-wal", "history.sqlite3-shm"] {
        assert_eq!(mode(&path.with_file_name(name)), 0o600, "{name}");
    }
}

#[test]
fn the_command_says_where_a_damaged_file_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hopstep/history.sqlite3");
    std::fs::create_dir(file.parent().unwrap()).unwrap();
    std::fs::write(&file, "no history").unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_hopstep"));
    command.arg("history").env("XDG_STATE_HOME", folder.path()).env("HOME", folder.path());
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let said = String::from_utf8(output.stderr).unwrap();
    let kept = said.trim_end().rsplit(' ').next().unwrap();
    assert_eq!(std::fs::read_to_string(kept).unwrap(), "no history", "{said}");
}

#[test]
fn the_command_counts_what_it_deletes() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hopstep/history.sqlite3");
    for (chains, said) in [(1, "1 chain deleted\n"), (2, "2 chains deleted\n")] {
        let mut history = History::open(&file).unwrap();
        for _ in 0..chains {
            history.record(&entry("http://a.test/", 5), "{}").unwrap();
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_hopstep"));
        command.args(["history", "delete", "all"]);
        command.env("XDG_STATE_HOME", folder.path()).env("HOME", folder.path());
        assert_eq!(String::from_utf8(command.output().unwrap().stdout).unwrap(), said);
    }
}
