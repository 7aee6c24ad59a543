//! The same cases through the program: its exit status, one document, no control byte, memory in bounds.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use hopstep::domain::http::failure::FailureKind;
use hopstep::domain::http::settings::VersionPreference;
use serde_json::Value;

use crate::case::Case;

/// Starts the program with 200 MB of memory to write to (RLIMIT_DATA): past them it would die.
const BOUNDED: &str = "ulimit -d 204800; exec \"$0\" \"$@\"";

/// What came of one run.
struct Ended {
    status: Option<i32>,
    stdout: Vec<u8>,
    stderr: String,
}

impl Case {
    /// Traces it as JSON and as text; the error says what was not as it must be.
    pub(crate) fn trace(&self) -> Result<(), String> {
        let told = self.run("json")?;
        let document: Value = serde_json::from_slice(&told.stdout)
            .map_err(|error| format!("not one document: {error}"))?;
        let failure = self.failure.map(FailureKind::id);
        let error = &document["hops"][0]["error"]["kind"];
        if document["schema"] != "hopstep.trace/1" || error.as_str() != failure {
            return Err(format!("the document says {error}, not {failure:?}"));
        }
        let text = self.run("text")?;
        let text = String::from_utf8(text.stdout).map_err(|error| error.to_string())?;
        match text.chars().find(|char| char.is_control() && *char != '\n') {
            Some(control) => Err(format!("prints {control:?}")),
            None => Ok(()),
        }
    }

    fn run(&self, format: &str) -> Result<Ended, String> {
        let ended = ended(self.command(format));
        let failed = ended.status == Some(4);
        if failed != self.failure.is_some() || !matches!(ended.status, Some(0 | 3 | 4)) {
            return Err(format!("exits with {:?}: {}", ended.status, ended.stderr));
        }
        if ended.stderr.chars().any(|char| char.is_control() && char != '\n') {
            return Err(format!("says {:?}", ended.stderr));
        }
        Ok(ended)
    }

    fn command(&self, format: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", BOUNDED, env!("CARGO_BIN_EXE_hopstep")]);
        let limit = self.limit.map_or(15.0, |limit| limit.as_secs_f64());
        command.args(["trace", "-k", "--max-redirs", "0", "--color", "never"]);
        command.args(["--format", format, "-m", &limit.to_string()]);
        command.args(["--max-body", &self.settings.max_body.to_string()]);
        if self.settings.version == VersionPreference::Http2PriorKnowledge {
            command.arg("--http2-prior-knowledge");
        }
        match self.method.as_str() {
            "HEAD" => drop(command.arg("-I")),
            "POST" => drop(command.args(["-H", "Expect:", "--data-binary"]).arg(upload(self.body))),
            _ => {}
        }
        command.arg(format!("{}://{}/x", self.scheme, (self.serve)()));
        for name in ["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
            command.env_remove(name);
        }
        command.env("HOME", "/nonexistent").env_remove("XDG_CONFIG_HOME");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

/// The option's value for a body of this size, in a file that all cases share.
fn upload(size: usize) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("upload-{size}"));
    let whole = std::fs::metadata(&path).is_ok_and(|known| known.len() == size as u64);
    if !whole {
        // put in place in one step: another run may be reading it
        let mut file = tempfile::NamedTempFile::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        file.write_all(&vec![b'p'; size]).unwrap();
        file.persist(&path).unwrap();
    }
    format!("@{}", path.display())
}

fn ended(mut command: Command) -> Ended {
    let mut child = command.spawn().unwrap();
    let mut errors = child.stderr.take().unwrap();
    let said = std::thread::spawn(move || {
        let mut text = String::new();
        let _ = errors.read_to_string(&mut text);
        text
    });
    let mut stdout = Vec::new();
    child.stdout.take().unwrap().read_to_end(&mut stdout).unwrap();
    let stderr = said.join().unwrap();
    let status = child.wait().unwrap().code();
    Ended { status, stdout, stderr }
}
