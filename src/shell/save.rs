//! Bodies and chains written to files, bodies read for the clipboard, on threads of their own: a slow disk never holds a key up.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};

use super::programs::readable;
use crate::app::message::{Savable, Saved};
use crate::domain::body_view::charset;
use crate::domain::http::body::{Bodies as _, BodyId};
use crate::fetch::BodyStore;

/// How much is written at once.
const BLOCK: usize = 256 * 1024;

/// The longest body that goes to a clipboard.
const LONGEST: u64 = 16 << 20;

/// Writes the body to a new file; over one that is there only when told to.
pub(super) fn save(store: &BodyStore, id: BodyId, path: String, overwrite: bool) -> Saved {
    put(Savable::Body(id), path, overwrite, |file| write(store, id, file))
}

/// Writes the document of a chain, likewise.
pub(super) fn export(id: i64, document: &str, path: String, overwrite: bool) -> Saved {
    put(Savable::Chain(id), path, overwrite, |mut file| {
        file.write_all(document.as_bytes())?;
        Ok(document.len() as u64)
    })
}

fn put(
    what: Savable,
    path: String,
    overwrite: bool,
    write: impl FnOnce(File) -> io::Result<u64>,
) -> Saved {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match overwrite {
        true => options.create(true).truncate(true),
        false => options.create_new(true),
    };
    match options.open(&path) {
        Ok(file) => match write(file) {
            Ok(size) => Saved::Done { path, size },
            Err(error) => Saved::Failed(format!("{path}: {error}")),
        },
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Saved::Exists { what, path },
        Err(error) => Saved::Failed(format!("{path}: {error}")),
    }
}

/// The body as text in its charset, where it is not too long for a clipboard; what can't be seen is a visible escape, line ends
/// and tabs stay.
pub(super) fn text(store: &BodyStore, id: BodyId, media_type: Option<&str>) -> Option<String> {
    if store.len(id) > LONGEST {
        return None;
    }
    let bytes = store.read(id, 0, LONGEST as usize);
    let charset = charset(media_type, &bytes);
    let (text, _) = charset.decode_with_bom_removal(&bytes);
    Some(readable(text.as_bytes()))
}

fn write(store: &BodyStore, id: BodyId, mut file: impl Write) -> io::Result<u64> {
    let mut at = 0;
    loop {
        let block = store.read(id, at, BLOCK);
        if block.is_empty() {
            file.flush()?;
            return Ok(at);
        }
        file.write_all(&block)?;
        at += block.len() as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_there_is_left_alone_unless_told() {
        let store = BodyStore::new();
        let id = store.create();
        store.append(id, b"new\n").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x").to_string_lossy().into_owned();
        assert_eq!(
            save(&store, id, path.clone(), false),
            Saved::Done { path: path.clone(), size: 4 }
        );
        std::fs::write(&path, "mine").unwrap();
        let there = |what| Saved::Exists { what, path: path.clone() };
        assert_eq!(save(&store, id, path.clone(), false), there(Savable::Body(id)));
        assert_eq!(export(7, "{}", path.clone(), false), there(Savable::Chain(7)));
        assert_eq!(std::fs::read(&path).unwrap(), b"mine");
        save(&store, id, path.clone(), true);
        assert_eq!(std::fs::read(&path).unwrap(), b"new\n");
        assert!(matches!(save(&store, id, format!("{path}/y"), false), Saved::Failed(_)));
        assert_eq!(
            export(7, "{}", path.clone(), true),
            Saved::Done { path: path.clone(), size: 2 }
        );
        assert_eq!(std::fs::read(&path).unwrap(), b"{}");
    }

    #[test]
    fn a_copied_body_is_text_in_its_charset_without_control_bytes() {
        let store = BodyStore::new();
        let id = store.create();
        store.append(id, b"caf\xe9\t\x1b[2J\r\n").unwrap();
        let text = text(&store, id, Some("text/plain; charset=latin1"));
        assert_eq!(text.as_deref(), Some("café\t\\x1b[2J\n"));
    }
}
