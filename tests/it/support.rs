//! Running `jott`, as a process with an environment of its own.

use std::ffi::OsStr;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

/// What a run gave.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) status: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// A command line that is being put together.
#[must_use]
pub(crate) struct Jott {
    command: Command,
    stdin: Vec<u8>,
}

/// `jott` with an empty environment and nothing on standard input.
pub(crate) fn jott<A: AsRef<OsStr>>(args: impl IntoIterator<Item = A>) -> Jott {
    let mut command = Command::new(env!("CARGO_BIN_EXE_jott"));
    command.args(args).env_clear();
    Jott {
        command,
        stdin: Vec::new(),
    }
}

impl Jott {
    /// Sets an environment variable.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// Gives it standard input.
    pub(crate) fn stdin(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.stdin = bytes.as_ref().to_vec();
        self
    }

    /// Runs it to its end; what it prints has to be UTF-8.
    pub(crate) fn run(self) -> Run {
        let Output {
            status,
            stdout,
            stderr,
        } = self.output();
        Run {
            status: status.code(),
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
        }
    }

    /// Runs it to its end.
    pub(crate) fn output(mut self) -> Output {
        self.command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = self.command.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let bytes = self.stdin;
        // It may end before it has read everything; another thread keeps the pipes from filling up.
        let writer = std::thread::spawn(move || {
            let _ = stdin.write_all(&bytes);
        });
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        output
    }
}

/// The head of an HTTP request, byte by byte to its empty line; nothing where the connection ends before.
#[cfg(unix)]
pub(crate) fn head_of(stream: &mut impl std::io::Read) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    String::from_utf8(head).ok()
}
