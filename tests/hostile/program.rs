//! The same cases through the program: its exit status, one document, nothing invisible, no panic, memory in bounds, an end.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::time::Duration;

use hopstep::domain::escape::is_visible;
use hopstep::domain::http::failure::FailureKind;
use hopstep::domain::http::settings::VersionPreference;
use serde_json::Value;

use crate::case::{Case, LIMIT};

/// Starts the program with 200 MB of memory to write to (RLIMIT_DATA): past them it would die.
const BOUNDED: &str = "ulimit -d 195000; exec \"$0\" \"$@\"";

/// The most memory a run may ever have held, in KiB: 200 MB.
const MOST: u64 = 195_312;

/// A run that its own `-m` did not end by then is ended: it hangs.
const PATIENCE: Duration = Duration::from_secs(120);

/// What came of one run.
struct Ended {
    status: Option<i32>,
    peak: u64,
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
        let outcome = document["outcome"]["kind"].as_str().unwrap_or_default().to_owned();
        let status = match outcome.as_str() {
            "final" => 0,
            "stopped" => 3,
            "failed" => 4,
            other => return Err(format!("the outcome is {other:?}")),
        };
        if (outcome == "failed") != failure.is_some() {
            return Err(format!("{outcome} with {failure:?}"));
        }
        let text = self.run("text")?;
        if [told.status, text.status] != [Some(status); 2] {
            return Err(format!("{outcome}: exits with {:?} and {:?}", told.status, text.status));
        }
        all_visible(&String::from_utf8(text.stdout).map_err(|error| error.to_string())?)
    }

    fn run(&self, format: &str) -> Result<Ended, String> {
        let ended = ended(self.command(format))?;
        if ended.peak > MOST.max(held()) {
            return Err(format!("held {} KiB", ended.peak));
        }
        all_visible(&ended.stderr)?;
        match ended.stderr.contains("panicked") {
            true => Err(ended.stderr),
            false => Ok(ended),
        }
    }

    fn command(&self, format: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", BOUNDED, env!("CARGO_BIN_EXE_hopstep")]);
        let limit = self.limit.unwrap_or(LIMIT).as_secs_f64();
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

/// No control byte, no invisible character.
fn all_visible(text: &str) -> Result<(), String> {
    match text.chars().find(|char| *char != '\n' && !is_visible(*char)) {
        Some(hidden) => Err(format!("prints {hidden:?}")),
        None => Ok(()),
    }
}

fn ended(mut command: Command) -> Result<Ended, String> {
    let mut child = command.spawn().unwrap();
    let (mut output, mut errors) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let (done, waits) = channel::<()>();
    let pid = child.id();
    std::thread::scope(|scope| {
        let hangs = scope.spawn(move || {
            let hangs = waits.recv_timeout(PATIENCE).is_err();
            hangs.then(|| kill(pid)).is_some()
        });
        let said = scope.spawn(move || {
            let mut text = Vec::new();
            let _ = errors.read_to_end(&mut text);
            String::from_utf8_lossy(&text).into_owned()
        });
        let mut stdout = Vec::new();
        output.read_to_end(&mut stdout).unwrap();
        let stderr = said.join().unwrap();
        let _ = done.send(());
        let hung = hangs.join().unwrap();
        let (status, peak) = reap(child);
        if hung { Err("hangs".to_owned()) } else { Ok(Ended { status, peak, stdout, stderr }) }
    })
}

#[expect(unsafe_code, reason = "kill(2) takes and gives numbers; the child is not yet waited for")]
fn kill(pid: u32) {
    unsafe { libc::kill(pid as libc::pid_t, libc::SIGKILL) };
}

/// Waits for the child: its exit status, and the most memory it held, in KiB. The kernel counts from before the program was
/// loaded, so it is at least what this process held: what is no more than that says nothing, and RLIMIT_DATA holds alone.
#[expect(unsafe_code, reason = "wait4(2) fills the two values that live here")]
fn reap(child: Child) -> (Option<i32>, u64) {
    let pid = child.id() as libc::pid_t;
    let mut status = 0;
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        assert_eq!(libc::wait4(pid, &raw mut status, 0, &raw mut usage), pid);
        usage
    };
    (libc::WIFEXITED(status).then(|| libc::WEXITSTATUS(status)), kib(&usage))
}

/// The most memory that this process held.
#[expect(unsafe_code, reason = "getrusage(2) fills the value that lives here")]
fn held() -> u64 {
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        assert_eq!(libc::getrusage(libc::RUSAGE_SELF, &raw mut usage), 0);
        usage
    };
    kib(&usage)
}

/// macOS counts bytes.
fn kib(usage: &libc::rusage) -> u64 {
    usage.ru_maxrss as u64 / if cfg!(target_os = "macos") { 1024 } else { 1 }
}
