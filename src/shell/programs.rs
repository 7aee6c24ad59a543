//! Pagers and editors: the user's own programs, on a private copy of what they show.
//!
//! Promises: the copy is a file that only the user can read, and gone afterwards; what a server sent is escaped before a
//! pager shows it, which may pass raw bytes on to the terminal. An editor gets the bytes as they are.

use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};

use tempfile::NamedTempFile;

use crate::app::effect::Tool;
use crate::domain::escape::escape_bytes;
use crate::domain::http::body::{Bodies as _, BodyId};
use crate::fetch::BodyStore;

/// How much is copied at once.
const BLOCK: usize = 256 * 1024;

/// How much edited text is taken back.
const LIMIT: u64 = 8 << 20;

/// A private copy of a body for this program.
pub(super) fn copy_of(
    store: &BodyStore,
    id: BodyId,
    tool: Tool,
    name: &str,
) -> io::Result<NamedTempFile> {
    let mut file = private(name)?;
    let mut at = 0;
    loop {
        let mut block = store.read(id, at, BLOCK);
        if block.is_empty() {
            break;
        }
        if block.len() == BLOCK {
            block.truncate(whole_characters(&block));
        }
        at += block.len() as u64;
        match tool {
            Tool::Pager => file.write_all(readable(&block).as_bytes())?,
            Tool::Editor => file.write_all(&block)?,
        }
    }
    file.flush()?;
    Ok(file)
}

/// A private file with this text.
pub(super) fn text_file(text: &str) -> io::Result<NamedTempFile> {
    let mut file = private("request.http")?;
    file.write_all(text.as_bytes())?;
    file.flush()?;
    Ok(file)
}

/// The text of an edited file.
pub(super) fn read_back(file: &NamedTempFile) -> Result<String, String> {
    // editors may have put another file in its place
    let unread = |error: io::Error| format!("the edited file can't be read: {error}");
    let opened = File::open(file.path()).map_err(unread)?;
    let mut bytes = Vec::new();
    opened.take(LIMIT + 1).read_to_end(&mut bytes).map_err(unread)?;
    if bytes.len() as u64 > LIMIT {
        return Err("the edited text is longer than 8 MiB".to_owned());
    }
    String::from_utf8(bytes).map_err(|error| {
        format!("the edited text is not UTF-8 from byte {}", error.utf8_error().valid_up_to())
    })
}

/// What came of running it; a shell that finds no such program ends with 127.
pub(super) fn ended(tool: Tool, ran: io::Result<ExitStatus>) -> Result<(), String> {
    let (name, variable) = match tool {
        Tool::Pager => ("pager", "$PAGER"),
        Tool::Editor => ("editor", "$EDITOR"),
    };
    match ran {
        Ok(status) if status.success() => Ok(()),
        Ok(status) if status.code() == Some(127) => {
            Err(format!("the {name} was not found: set {variable}"))
        }
        Ok(status) => {
            Err(format!("the {name} ended with {}", status.to_string().replace(": ", " ")))
        }
        Err(error) => Err(format!("the {name} can't be started: {error}")),
    }
}

/// Runs `$PAGER` or `$VISUAL`/`$EDITOR` on a file and waits for its end. They may hold arguments, so a shell reads them.
pub(super) fn run(tool: Tool, file: &Path) -> io::Result<ExitStatus> {
    let program = match tool {
        Tool::Pager => "exec ${PAGER:-less} \"$1\"",
        Tool::Editor => "exec ${VISUAL:-${EDITOR:-vi}} \"$1\"",
    };
    let stdin = match io::stdin().is_terminal() {
        true => Stdio::inherit(),
        false => Stdio::from(File::open("/dev/tty")?),
    };
    Command::new("sh").args(["-c", program, "sh"]).arg(file).stdin(stdin).status()
}

/// The ending of the name tells editors the language.
fn private(name: &str) -> io::Result<NamedTempFile> {
    tempfile::Builder::new().prefix("hopstep-").suffix(&format!("-{name}")).tempfile()
}

/// Line ends and tabs stay; every other byte that a terminal would act upon is a visible escape.
pub(super) fn readable(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for (at, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        for (at, piece) in line.split(|byte| *byte == b'\t').enumerate() {
            if at > 0 {
                out.push('\t');
            }
            out.push_str(&escape_bytes(piece));
        }
    }
    out
}

/// How many bytes there are before a character that goes on in the next block.
fn whole_characters(block: &[u8]) -> usize {
    let start = block.iter().rev().take(4).position(|byte| byte & 0xc0 != 0x80);
    match start.map(|back| block.len() - 1 - back) {
        Some(at) if block[at] >= 0xc0 && at > 0 => at,
        Some(_) | None => block.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_program_that_fails_is_named_with_what_to_do() {
        use std::os::unix::process::ExitStatusExt as _;
        let ended = |tool, raw| ended(tool, Ok(ExitStatus::from_raw(raw)));
        assert_eq!(ended(Tool::Editor, 0), Ok(()));
        let said = |text: &str| Err(text.to_owned());
        assert_eq!(ended(Tool::Editor, 127 << 8), said("the editor was not found: set $EDITOR"));
        assert_eq!(ended(Tool::Pager, 1 << 8), said("the pager ended with exit status 1"));
    }

    #[test]
    fn a_pager_gets_no_byte_that_a_terminal_acts_upon() {
        let store = BodyStore::new();
        let id = store.create();
        let body = "é\x1b]0;x\x07\ta\r\n".repeat(40_000);
        store.append(id, body.as_bytes()).unwrap();
        let shown = copy_of(&store, id, Tool::Pager, "x.txt").unwrap();
        let text = std::fs::read_to_string(shown.path()).unwrap();
        assert_eq!(text, "é\\x1b]0;x\\x07\ta\n".repeat(40_000));
        let edited = copy_of(&store, id, Tool::Editor, "x.txt").unwrap();
        assert_eq!(std::fs::read(edited.path()).unwrap(), body.as_bytes());
    }
}
