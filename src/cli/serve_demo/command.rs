//! The command that is run beside the server.

use std::ffi::{OsStr, OsString};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::Child;
use tokio::time::{Instant, sleep_until};

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::serve_demo::inherited::Inherited;
use crate::cli::serve_demo::start::{Facts, KEY_SOURCE};
use crate::text::escape;

/// How long a command has after it was asked to end.
const GRACE: Duration = Duration::from_secs(2);

/// A command before it starts.
pub(super) struct Command {
    name: String,
    command: tokio::process::Command,
}

/// A command that runs.
pub(super) struct Running {
    child: Child,
    /// When it is ended, if it was asked to end.
    deadline: Option<Instant>,
}

impl Command {
    /// Takes the words of a command, its variables about the server, and the descriptors that it
    /// must not inherit.
    pub(super) fn new(words: &[OsString], facts: &Facts, inherited: &Inherited) -> Command {
        let (name, arguments) = match words {
            [name, arguments @ ..] => (name.clone(), arguments),
            [] => (OsString::new(), words),
        };
        let mut command = tokio::process::Command::new(&name);
        command
            .args(arguments)
            .env_remove(KEY_SOURCE)
            .envs(facts.variables())
            .kill_on_drop(true);
        if inherited.has_stdin() {
            command.stdin(Stdio::null());
        }
        Command {
            name: escape::shorten(&name.to_string_lossy(), 80),
            command,
        }
    }

    /// Gives it a variable.
    pub(super) fn set(&mut self, name: &str, value: impl AsRef<OsStr>) {
        self.command.env(name, value);
    }

    /// Removes a variable that it would inherit.
    pub(super) fn unset(&mut self, name: &str) {
        self.command.env_remove(name);
    }

    pub(super) fn start(mut self) -> Result<Running, Failure> {
        let child = self.command.spawn().map_err(|e| {
            Failure::new(Exit::System, format!("`{}` cannot be started", self.name)).cause(e)
        })?;
        Ok(Running {
            child,
            deadline: None,
        })
    }
}

impl Running {
    /// Asks it to end, as the server was asked. If it does not, it is killed after 2 seconds.
    pub(super) fn stop(&mut self) {
        self.ask();
        let deadline = || Instant::now().checked_add(GRACE);
        self.deadline = self.deadline.or_else(deadline);
    }

    #[cfg(unix)]
    fn ask(&mut self) {
        use rustix::process::{Pid, Signal, kill_process};
        let id = self.child.id().and_then(|id| i32::try_from(id).ok());
        if let Some(pid) = id.and_then(Pid::from_raw) {
            // It may have ended by itself.
            let _ = kill_process(pid, Signal::TERM);
        }
    }

    #[cfg(not(unix))]
    fn ask(&mut self) {
        // It may have ended by itself.
        let _ = self.child.start_kill();
    }

    async fn end(&mut self) -> std::io::Result<ExitStatus> {
        if let Some(deadline) = self.deadline {
            tokio::select! {
                status = self.child.wait() => return status,
                () = sleep_until(deadline) => self.child.start_kill()?,
            }
        }
        self.child.wait().await
    }
}

/// How the command ended, once it has; without a command, never.
pub(super) async fn ended(running: &mut Option<Running>) -> Result<Exit, Failure> {
    match running {
        None => std::future::pending().await,
        Some(running) => match running.end().await {
            Ok(status) => Ok(Exit::Command(code(status))),
            Err(e) => Err(Failure::new(Exit::System, "the command was lost").cause(e)),
        },
    }
}

/// The status as a shell has it: 128 and the signal where there was one.
fn code(status: ExitStatus) -> u8 {
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal = None;
    let code = status
        .code()
        .or(signal.map(|signal: i32| signal.saturating_add(128)));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)
}
