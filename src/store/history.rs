//! The history: every chain that was run on the screen, in one SQLite file.
//!
//! Promises: what was recorded survives a killed program, and two programs write at once (WAL); file and folder are the user's
//! alone (0600, 0700); a file that is damaged or of a newer hopstep is renamed and kept, and a new one begun; what is too old
//! or too much is forgotten, oldest first.

pub(super) mod file;

use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::domain::config::{HISTORY_CHAINS, HISTORY_DAYS};
use crate::domain::history::Entry;

pub use file::default_path;

/// How many bytes their documents may take together.
const MOST_BYTES: i64 = 256 << 20;

/// How much is kept, and for how long.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    pub chains: u32,
    pub days: u32,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { chains: HISTORY_CHAINS, days: HISTORY_DAYS }
    }
}

/// How long another program that writes is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long until a file that another program held is tried again.
const AGAIN: Duration = Duration::from_millis(3);

/// The schema that this program writes.
const VERSION: i64 = 1;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS chains (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        started_at INTEGER NOT NULL,
        method TEXT NOT NULL,
        url TEXT NOT NULL,
        client TEXT NOT NULL,
        hops INTEGER NOT NULL,
        status INTEGER,
        outcome TEXT NOT NULL,
        severity TEXT,
        masked INTEGER NOT NULL,
        size INTEGER NOT NULL,
        document TEXT NOT NULL
    );
    CREATE INDEX IF NOT EXISTS chains_by_time ON chains (started_at);
    PRAGMA user_version = 1;";

/// An open history.
#[derive(Debug)]
pub struct History {
    db: Connection,
    path: PathBuf,
    /// Where the file went that was found damaged or newer.
    pub set_aside: Option<PathBuf>,
    pub limits: Limits,
}

impl History {
    /// Opens the history, or begins one.
    ///
    /// # Errors
    /// When neither works: no space, no permission.
    pub fn open(path: &Path) -> anyhow::Result<History> {
        file::make_private(path).with_context(|| path.display().to_string())?;
        match connect(path) {
            Ok(db) => Ok(History {
                db,
                path: path.to_owned(),
                set_aside: None,
                limits: Limits::default(),
            }),
            Err(unusable) if unusable.is_about_the_file() => {
                let moved = file::set_aside(path)?;
                file::make_private(path)?;
                let db = connect(path).map_err(Unusable::report)?;
                let (path, set_aside) = (path.to_owned(), Some(moved));
                Ok(History { db, path, set_aside, limits: Limits::default() })
            }
            Err(unusable) => Err(unusable.report()).with_context(|| path.display().to_string()),
        }
    }

    /// Records a chain, or what has become of one that was recorded before, and says under which id.
    ///
    /// # Errors
    /// When it can't be written; a damaged file has been set aside then, and the next call begins a new one.
    pub fn record(&mut self, entry: &Entry, document: &str) -> anyhow::Result<i64> {
        let written = self.write(entry, document);
        if written.as_ref().is_err_and(is_damage) {
            self.begin_anew()?;
            return self.write(entry, document).map_err(report);
        }
        written.map_err(report)
    }

    /// The entries whose method, URL, client, status or outcome has all of these words; the newest first.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn list(&self, search: &str, most: usize) -> anyhow::Result<Vec<Entry>> {
        let words: Vec<String> = search.split_whitespace().map(str::to_lowercase).collect();
        let mut query = self.db.prepare(
            "SELECT id, started_at, method, url, client, hops, status, outcome, severity, masked
             FROM chains ORDER BY started_at DESC, id DESC",
        )?;
        let mut found = Vec::new();
        for entry in query.query_map([], entry)? {
            let entry = entry?;
            let text = entry.words();
            if words.iter().all(|word| text.contains(word)) {
                found.push(entry);
            }
            if found.len() >= most {
                break;
            }
        }
        Ok(found)
    }

    /// One entry.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn entry(&self, id: i64) -> anyhow::Result<Option<Entry>> {
        let mut query = self.db.prepare(
            "SELECT id, started_at, method, url, client, hops, status, outcome, severity, masked
             FROM chains WHERE id = ?1",
        )?;
        Ok(query.query_row([id], entry).optional()?)
    }

    /// The trace document of an entry.
    ///
    /// # Errors
    /// When the file can't be read.
    pub fn document(&self, id: i64) -> anyhow::Result<Option<String>> {
        let mut query = self.db.prepare("SELECT document FROM chains WHERE id = ?1")?;
        Ok(query.query_row([id], |row| row.get(0)).optional()?)
    }

    /// Forgets an entry, and says whether there was one.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn delete(&mut self, id: i64) -> anyhow::Result<bool> {
        Ok(self.db.execute("DELETE FROM chains WHERE id = ?1", [id])? > 0)
    }

    /// Forgets everything, and says how many entries that was.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn clear(&mut self) -> anyhow::Result<usize> {
        let count = self.db.execute("DELETE FROM chains", [])?;
        self.db.execute_batch("VACUUM")?;
        Ok(count)
    }

    fn write(&mut self, entry: &Entry, document: &str) -> rusqlite::Result<i64> {
        let limits = self.limits;
        let change = self.db.transaction()?;
        let known = entry.id > 0;
        change.execute(
            "INSERT OR REPLACE INTO chains VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                known.then_some(entry.id),
                entry.started_at,
                entry.method,
                entry.url,
                entry.client,
                entry.hops,
                entry.status,
                entry.outcome,
                entry.severity,
                entry.masked,
                i64::try_from(document.len()).unwrap_or(i64::MAX),
                document,
            ],
        )?;
        let id = if known { entry.id } else { change.last_insert_rowid() };
        forget_old(&change, limits, entry.started_at)?;
        change.commit()?;
        Ok(id)
    }

    fn begin_anew(&mut self) -> anyhow::Result<()> {
        self.set_aside = Some(file::set_aside(&self.path)?);
        file::make_private(&self.path)?;
        self.db = connect(&self.path).map_err(Unusable::report)?;
        Ok(())
    }
}

/// Why a file can't be used.
enum Unusable {
    Newer(i64),
    Sqlite(rusqlite::Error),
}

impl Unusable {
    /// Whether another file would do.
    fn is_about_the_file(&self) -> bool {
        match self {
            Unusable::Newer(_) => true,
            Unusable::Sqlite(error) => is_damage(error),
        }
    }

    fn report(self) -> anyhow::Error {
        match self {
            Unusable::Newer(version) => {
                anyhow::anyhow!("its schema is {version}, newer than {VERSION}")
            }
            Unusable::Sqlite(error) => report(error),
        }
    }
}

impl From<rusqlite::Error> for Unusable {
    fn from(error: rusqlite::Error) -> Unusable {
        Unusable::Sqlite(error)
    }
}

/// SQLite says twice that a disk is full, in other words each time.
fn report(error: rusqlite::Error) -> anyhow::Error {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => anyhow::anyhow!("the disk is full"),
        _ => error.into(),
    }
}

/// Whether the file is no database, a damaged one, or one of other tables.
fn is_damage(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase, Unknown};
    let code = error.sqlite_error_code();
    matches!(code, Some(NotADatabase | DatabaseCorrupt | Unknown))
        || matches!(error, rusqlite::Error::SqlInputError { .. })
}

/// Whether another program holds the file just now.
fn is_busy(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
    matches!(error.sqlite_error_code(), Some(DatabaseBusy | DatabaseLocked))
}

/// A connection. SQLite itself does not wait where two programs turn a new file to WAL at once: one is told that the file is locked.
fn connect(path: &Path) -> Result<Connection, Unusable> {
    let until = Instant::now() + PATIENCE;
    loop {
        match connect_now(path) {
            Err(Unusable::Sqlite(error)) if is_busy(&error) && Instant::now() < until => {
                thread::sleep(AGAIN);
            }
            ended => return ended,
        }
    }
}

fn connect_now(path: &Path) -> Result<Connection, Unusable> {
    let db = Connection::open(path)?;
    db.busy_timeout(PATIENCE)?;
    let version: i64 = db.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version > VERSION {
        return Err(Unusable::Newer(version));
    }
    db.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    db.execute_batch("PRAGMA synchronous = NORMAL")?;
    if version < VERSION {
        db.execute_batch(&format!("BEGIN IMMEDIATE; {SCHEMA} COMMIT"))?;
    }
    // a page that is not what it was is found here, where it can still be set aside
    db.query_row("SELECT count(*), max(started_at), max(length(url)) FROM chains", [], |_| Ok(()))?;
    Ok(db)
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        id: row.get(0)?,
        started_at: row.get(1)?,
        method: row.get(2)?,
        url: row.get(3)?,
        client: row.get(4)?,
        hops: row.get(5)?,
        status: row.get(6)?,
        outcome: row.get(7)?,
        severity: row.get(8)?,
        masked: row.get(9)?,
    })
}

/// Keeps to the limits of age, number and size.
fn forget_old(db: &Connection, limits: Limits, now: i64) -> rusqlite::Result<()> {
    db.execute(
        "DELETE FROM chains WHERE started_at < ?1",
        [now - i64::from(limits.days) * 86_400],
    )?;
    db.execute(
        "DELETE FROM chains WHERE id <= (SELECT id FROM chains ORDER BY id DESC LIMIT 1 OFFSET ?1)",
        [limits.chains],
    )?;
    let size = "SELECT coalesce(sum(size), 0) FROM chains";
    while db.query_row(size, [], |row| row.get::<_, i64>(0))? > MOST_BYTES {
        db.execute("DELETE FROM chains WHERE id = (SELECT min(id) FROM chains)", [])?;
    }
    Ok(())
}
