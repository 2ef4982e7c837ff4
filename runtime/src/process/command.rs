//! What is started, and how.
//!
//! *Input*: what `std::process::Command` takes. *Output*: a [`Child`].

use std::ffi::OsStr;
#[cfg(windows)]
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::{self, ExitStatus, Output, Stdio};

use super::child::Child;

/// A program to start: asyncio's `create_subprocess_exec`, as a builder.
///
/// The standard streams are those of this program, unless something else is said, as in asyncio.
///
/// # Examples
///
/// ```
/// use coloop::process::Command;
///
/// # fn main() -> std::io::Result<()> {
/// coloop::run(async {
///     let output = Command::new("echo").args(["Hello", "World"]).output().await?;
///     assert!(output.status.success());
///     assert_eq!(output.stdout, b"Hello World\n");
///     Ok(())
/// })
/// # }
/// ```
#[derive(Debug)]
pub struct Command {
    command: process::Command,
    kill_on_drop: bool,
}

impl Command {
    /// A program, looked up in `PATH` if its name has no `/`, without arguments. On Windows, `.exe` need not be said.
    #[doc(alias = "create_subprocess_exec")]
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        process::Command::new(program).into()
    }

    /// A line for the shell, `/bin/sh`, or on Windows what the variable `ComSpec` names, which is `cmd.exe`. asyncio's
    /// `create_subprocess_shell`.
    ///
    /// Whoever puts text of others into the line has to quote it; with [`Command::new`] there is nothing to quote.
    ///
    /// ```
    /// # coloop::run(async {
    /// let output = coloop::process::Command::shell("echo $((6 * 7))").output().await.unwrap();
    /// assert_eq!(output.stdout, b"42\n");
    /// # });
    /// ```
    #[doc(alias = "create_subprocess_shell")]
    #[cfg(unix)]
    pub fn shell(line: impl AsRef<OsStr>) -> Self {
        let mut shell = Command::new("/bin/sh");
        shell.arg("-c").arg(line);
        shell
    }

    /// A line for the shell: what the variable `ComSpec` names, which is `cmd.exe`. asyncio's `create_subprocess_shell`.
    ///
    /// Whoever puts text of others into the line has to quote it; with [`Command::new`] there is nothing to quote.
    #[doc(alias = "create_subprocess_shell")]
    #[cfg(windows)]
    pub fn shell(line: impl AsRef<OsStr>) -> Self {
        use std::os::windows::process::CommandExt as _;
        let program = std::env::var_os("ComSpec").unwrap_or_else(|| "cmd.exe".into());
        let mut quoted = OsString::from("\"");
        quoted.push(line);
        quoted.push("\"");
        let mut shell = process::Command::new(program);
        // It takes the line as it is, between the first quote and the last.
        shell.raw_arg("/c").raw_arg(quoted);
        shell.into()
    }

    /// Adds an argument.
    pub fn arg(&mut self, argument: impl AsRef<OsStr>) -> &mut Self {
        self.command.arg(argument);
        self
    }

    /// Adds arguments.
    pub fn args(&mut self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> &mut Self {
        self.command.args(arguments);
        self
    }

    /// Sets a variable of the environment, which is otherwise that of this program.
    pub fn env(&mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> &mut Self {
        self.command.env(name, value);
        self
    }

    /// Takes a variable out of the environment.
    pub fn env_remove(&mut self, name: impl AsRef<OsStr>) -> &mut Self {
        self.command.env_remove(name);
        self
    }

    /// Takes all variables out of the environment.
    pub fn env_clear(&mut self) -> &mut Self {
        self.command.env_clear();
        self
    }

    /// The directory in which the program starts. asyncio's `cwd`.
    #[doc(alias = "cwd")]
    pub fn current_dir(&mut self, directory: impl AsRef<Path>) -> &mut Self {
        self.command.current_dir(directory);
        self
    }

    /// What the program reads: this program's input, nothing, or a pipe, [`Child::stdin`].
    pub fn stdin(&mut self, what: impl Into<Stdio>) -> &mut Self {
        self.command.stdin(what);
        self
    }

    /// Where its output goes: to this program's, nowhere, or into a pipe, [`Child::stdout`].
    pub fn stdout(&mut self, what: impl Into<Stdio>) -> &mut Self {
        self.command.stdout(what);
        self
    }

    /// Where its errors go: to this program's, nowhere, or into a pipe, [`Child::stderr`].
    pub fn stderr(&mut self, what: impl Into<Stdio>) -> &mut Self {
        self.command.stderr(what);
        self
    }

    /// Whether the program is killed when its [`Child`] is dropped before it has ended. It is not, at first.
    ///
    /// In asyncio, closing the transport kills it.
    pub fn kill_on_drop(&mut self, kill: bool) -> &mut Self {
        self.kill_on_drop = kill;
        self
    }

    /// Starts the program. This blocks until the OS has started it, or has found that it cannot.
    ///
    /// # Errors
    ///
    /// Of the OS: `NotFound`, `PermissionDenied`; or that there are no file descriptors or processes left. Nothing runs then.
    ///
    /// # Examples
    ///
    /// ```
    /// # coloop::run(async {
    /// let missing = coloop::process::Command::new("no-such-program").spawn();
    /// assert_eq!(missing.unwrap_err().kind(), std::io::ErrorKind::NotFound);
    /// # });
    /// ```
    pub fn spawn(&mut self) -> io::Result<Child> {
        Child::new(self.command.spawn()?, self.kill_on_drop)
    }

    /// Starts the program and waits for its end.
    ///
    /// # Errors
    ///
    /// As of [`spawn`](Self::spawn).
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves the program running, unless it is [killed on drop](Self::kill_on_drop).
    ///
    /// # Examples
    ///
    /// ```
    /// # coloop::run(async {
    /// let status = coloop::process::Command::shell("exit 3").status().await.unwrap();
    /// assert_eq!(status.code(), Some(3));
    /// # });
    /// ```
    pub async fn status(&mut self) -> io::Result<ExitStatus> {
        self.spawn()?.wait().await
    }

    /// Starts the program with pipes for its output and its errors, and collects both until it ends. Its input is empty.
    ///
    /// # Errors
    ///
    /// As of [`spawn`](Self::spawn).
    ///
    /// # Cancellation
    ///
    /// As of [`status`](Self::status).
    pub async fn output(&mut self) -> io::Result<Output> {
        self.stdin(Stdio::null());
        self.stdout(Stdio::piped());
        self.stderr(Stdio::piped());
        self.spawn()?.communicate(&[]).await
    }
}

/// A command of the standard library, for what has no method here: `uid`, `process_group`, `pre_exec`; `creation_flags` on Windows.
impl From<process::Command> for Command {
    fn from(command: process::Command) -> Self {
        Command {
            command,
            kill_on_drop: false,
        }
    }
}
