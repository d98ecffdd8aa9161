//! Everything around the program, handed in: streams, environment, clock, terminal.

use std::ffi::OsString;
use std::fmt;
use std::io::{self, IsTerminal as _, Read, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::cli::failure::Failure;
use crate::text::time::Timestamp;

/// What a command may touch. A test hands in its own.
pub struct World<'a> {
    /// Standard input, for the first who takes it.
    pub stdin: Stdin<'a>,
    /// Standard output: the result or nothing.
    pub stdout: &'a mut (dyn Write + Send),
    /// Standard error: notes and errors.
    pub stderr: &'a mut (dyn Write + Send),
    /// The environment.
    pub env: &'a (dyn Fn(&str) -> Option<OsString> + Sync),
    /// The first bytes that wait on standard input, which stay there.
    pub peek: &'a (dyn Fn() -> Vec<u8> + Sync),
    /// The time of day, whenever it is asked: what is waited for may take minutes to come.
    pub clock: &'a (dyn Fn() -> Timestamp + Sync),
    /// Which streams are terminals.
    pub terminals: Terminals,
}

impl fmt::Debug for World<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("now", &self.now())
            .field("terminals", &self.terminals)
            .finish_non_exhaustive()
    }
}

impl World<'_> {
    /// The time of day.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// An environment variable as text; `None` where it is not set or not Unicode.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<String> {
        (self.env)(name)?.into_string().ok()
    }
}

/// Which streams are terminals.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terminals {
    /// Standard input.
    pub stdin: bool,
    /// Standard output.
    pub stdout: bool,
    /// Standard error.
    pub stderr: bool,
    /// How many columns the terminal has, where one says so.
    pub columns: Option<usize>,
}

impl Terminals {
    /// Asks the system.
    #[must_use]
    pub fn of_process() -> Self {
        Terminals {
            stdin: io::stdin().is_terminal(),
            stdout: io::stdout().is_terminal(),
            stderr: io::stderr().is_terminal(),
            columns: columns(),
        }
    }
}

#[cfg(unix)]
fn columns() -> Option<usize> {
    let ends = [rustix::stdio::stdout(), rustix::stdio::stderr()];
    let sizes = ends
        .into_iter()
        .filter_map(|end| rustix::termios::tcgetwinsize(end).ok());
    let columns = sizes.map(|size| usize::from(size.ws_col));
    columns.into_iter().find(|columns| *columns > 0)
}

#[cfg(not(unix))]
fn columns() -> Option<usize> {
    None
}

/// Standard output as it is. The standard library takes one that cannot be written to for one that
/// was written.
#[cfg(unix)]
struct Stdout;

#[cfg(unix)]
impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Ok(rustix::io::write(rustix::stdio::stdout(), bytes)?)
    }

    fn write_vectored(&mut self, parts: &[io::IoSlice<'_>]) -> io::Result<usize> {
        Ok(rustix::io::writev(rustix::stdio::stdout(), parts)?)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The clock of the system; before 1970 it is 1970.
#[must_use]
pub fn now() -> Timestamp {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Timestamp::from_nanos(i128::try_from(since.as_nanos()).unwrap_or(i128::MAX))
}

/// Standard error of the process, for a thread: waiting for its reader there blocks nobody else.
pub(super) fn stderr() -> impl Write + Send + 'static {
    io::stderr()
}

/// Standard output of the process, for a thread too.
pub(super) fn stdout() -> impl Write + Send + 'static {
    #[cfg(unix)]
    return Stdout;
    #[cfg(not(unix))]
    return io::stdout();
}

/// Standard input, which only one reader can have.
pub struct Stdin<'a> {
    reader: Option<&'a mut (dyn Read + Send)>,
    taken_for: &'static str,
}

impl fmt::Debug for Stdin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stdin")
            .field("taken_for", &self.taken_for)
            .finish_non_exhaustive()
    }
}

impl<'a> Stdin<'a> {
    /// Wraps a stream that nobody has taken yet.
    pub fn new(reader: &'a mut (dyn Read + Send)) -> Self {
        Stdin {
            reader: Some(reader),
            taken_for: "",
        }
    }

    /// Whether somebody reads it.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        self.reader.is_none()
    }

    /// Hands out the stream, once.
    ///
    /// # Errors
    /// A wrong command line, where two things were to be read from it.
    pub fn take(&mut self, purpose: &'static str) -> Result<&'a mut (dyn Read + Send), Failure> {
        match self.reader.take() {
            Some(reader) => {
                self.taken_for = purpose;
                Ok(reader)
            }
            None if self.taken_for == purpose => {
                Err(Failure::usage("standard input is given twice").hint("give one of them as a file (`file:PATH`) or another descriptor (`fd:3`)"))
            },
            None => Err(Failure::usage(format!(
                "standard input cannot be both {} and {purpose}",
                self.taken_for
            ))
            .hint("give one of them as an argument, a file (`file:PATH`) or another descriptor (`fd:3`)")),
        }
    }
}
