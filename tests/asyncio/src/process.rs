//! The two processes that log, each with a deadline.
//!
//! *Input*: names of scenarios; none for all of them. *Output*: what the process has written. *Invariant*: no process is left: one that
//! is late is killed.

use std::env;
use std::io::{self, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// All scenarios together take less than a second.
const DEADLINE: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_millis(5);

/// What a process has left behind.
#[derive(Debug)]
pub struct Written {
    /// Its standard output.
    pub lines: String,
    /// Why it is not to be relied upon: it was late, or failed; with its standard error.
    pub failure: Option<String>,
}

/// Runs scenarios on asyncio, by `python3` or what the variable `COLOOP_PYTHON` names. `None` if there is no such program.
///
/// # Errors
///
/// Of the OS.
pub fn asyncio(scenarios: &[String]) -> io::Result<Option<Written>> {
    let python = env::var_os("COLOOP_PYTHON").unwrap_or_else(|| "python3".into());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("run.py");
    let mut command = Command::new(python);
    // Neither the environment's options nor compiled files.
    command.args(["-E", "-s", "-B"]).arg(script).args(scenarios);
    match written_by(&mut command) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        other => other.map(Some),
    }
}

/// Runs scenarios on coloop, by this crate's program.
///
/// # Errors
///
/// Of the OS.
pub fn coloop(program: &Path, scenarios: &[String]) -> io::Result<Written> {
    written_by(Command::new(program).arg("--log").args(scenarios))
}

fn written_by(command: &mut Command) -> io::Result<Written> {
    let command = command.stdin(Stdio::null());
    let command = command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let (output, errors) = (text(child.stdout.take()), text(child.stderr.take()));
    let status = ended(&mut child)?;
    let lines = output.join().unwrap_or_default();
    let errors = errors.join().unwrap_or_default();
    let failure = match status {
        None => Some(format!("was killed after {DEADLINE:?}\n{errors}")),
        Some(status) if !status.success() => Some(format!("ended with {status}\n{errors}")),
        Some(_) => None,
    };
    Ok(Written { lines, failure })
}

fn text(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = pipe.map(|mut pipe| pipe.read_to_end(&mut bytes));
        drop(read);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// How it ended; `None` if it had to be killed.
fn ended(child: &mut Child) -> io::Result<Option<ExitStatus>> {
    let deadline = Instant::now() + DEADLINE;
    while Instant::now() < deadline {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        thread::sleep(PAUSE);
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}
