//! A program that has a key and never gives it out: `jott-key-NAME`, somewhere on the path.
//!
//! With the argument `public` it prints its public key; with `sign ALG` it reads the text to sign and writes
//! the signature: see jott-key-protocol(7). All that it writes to standard error is for a person.

use std::fs;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::keys::bounded::read_bounded;
use crate::keys::key_holder::{HoldsKey, Tell};
use crate::token::advice::Advice;
use crate::token::algorithm::Algorithm;
use crate::token::external::ExternalSigner;
use crate::token::key_fault::{KeyFault, KeyReason};

/// How long it may take: a person may have to touch a device, or to type a PIN.
const TIME: Duration = Duration::from_secs(30);

/// The longest public key or signature.
const MOST_OUTPUT: u64 = 64 << 10;

/// How long a line of its messages may be, and how many there may be.
const LONGEST_LINE: u64 = 1 << 10;
const MOST_LINES: usize = 100;

/// How long to wait for messages that it wrote before it ended.
const MOST_SILENCE: Duration = Duration::from_millis(500);

/// How often to look whether it has ended.
const PERIOD: Duration = Duration::from_millis(2);

/// The program `jott-key-NAME`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyProgram {
    name: String,
}

/// What the names of such programs begin with.
const BEGINNING: &str = "jott-key-";

/// The names that can stand behind `exec:`, in order: of the programs in these folders.
#[must_use]
pub fn names(folders: impl Iterator<Item = PathBuf>) -> Vec<String> {
    let entries = folders.filter_map(|folder| fs::read_dir(folder).ok());
    let files = entries
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let names = files.filter_map(|file| file.strip_prefix(BEGINNING).map(str::to_owned));
    let mut names: Vec<String> = names
        .filter(|name| KeyProgram::named(name).is_some())
        .collect();
    names.sort();
    names.dedup();
    names
}

impl KeyProgram {
    /// The program for a name of letters, digits, `-`, `_` and `.`; `None` for other names.
    pub(super) fn named(name: &str) -> Option<Self> {
        let is_letter = |b: u8| b.is_ascii_alphanumeric() || b"_.-".contains(&b);
        let is_name = (1..=64).contains(&name.len()) && name.bytes().all(is_letter);
        is_name.then(|| KeyProgram {
            name: format!("{BEGINNING}{name}"),
        })
    }

    fn run(&self, arguments: &[&str], input: Vec<u8>, tell: Tell) -> Result<Vec<u8>, KeyFault> {
        let mut command = Command::new(&self.name);
        command.args(arguments);
        command.stdin(Stdio::piped());
        command.stdout(Stdio::piped());
        command.stderr(Stdio::piped());
        let child = command.spawn().map_err(|e| self.not_started(&e))?;
        self.finish(child, input, Instant::now().checked_add(TIME), tell)
    }

    /// Gives it its input, and takes what it prints up to a time; then it is ended.
    fn finish(
        &self,
        child: Child,
        input: Vec<u8>,
        deadline: Option<Instant>,
        tell: Tell,
    ) -> Result<Vec<u8>, KeyFault> {
        let mut running = Running { child };
        let said = running.pass_on(self.name.clone(), tell);
        let output = running.talk(input);
        let output = self.in_time(&output, deadline)?;
        let status = self.ended(&mut running.child, deadline)?;
        // A process that it started may hold the stream open.
        _ = said.recv_timeout(MOST_SILENCE);
        match (status.success(), output) {
            // Nobody reads the rest, so it cannot end well.
            (_, None) => Err(self.failed("it wrote more than 64 KiB")),
            (false, _) => Err(self.failed(&format!("it ended with {}", words_of(status)))),
            (true, Some(bytes)) if bytes.is_empty() => Err(self.failed("it wrote nothing")),
            (true, Some(bytes)) => Ok(bytes),
        }
    }

    fn in_time(
        &self,
        output: &Receiver<io::Result<Option<Vec<u8>>>>,
        deadline: Option<Instant>,
    ) -> Result<Option<Vec<u8>>, KeyFault> {
        let left = deadline.map_or(TIME, |end| end.saturating_duration_since(Instant::now()));
        match output.recv_timeout(left) {
            Ok(Ok(bytes)) => Ok(bytes),
            Ok(Err(error)) => Err(self.failed(&format!("it cannot be read: {error}"))),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Err(self.too_slow()),
        }
    }

    fn ended(&self, child: &mut Child, deadline: Option<Instant>) -> Result<ExitStatus, KeyFault> {
        while deadline.is_none_or(|end| Instant::now() < end) {
            match child.try_wait() {
                Ok(Some(status)) => return Ok(status),
                Ok(None) => thread::sleep(PERIOD),
                Err(error) => return Err(self.failed(&error.to_string())),
            }
        }
        Err(self.too_slow())
    }

    fn not_started(&self, error: &io::Error) -> KeyFault {
        let name = &self.name;
        match error.kind() {
            io::ErrorKind::NotFound => {
                let message = format!("there is no program `{name}` on the path");
                KeyFault::new(KeyReason::Missing, message).hint(Advice::InstallKeyProgram)
            }
            _ => self.failed(&format!("it cannot be started: {error}")),
        }
    }

    fn failed(&self, why: &str) -> KeyFault {
        let message = format!("`{}` failed: {why}", self.name);
        KeyFault::new(KeyReason::System, message).hint(Advice::AskKeyProgram)
    }

    fn too_slow(&self) -> KeyFault {
        self.failed(&format!("it took more than {} seconds", TIME.as_secs()))
    }
}

impl HoldsKey for KeyProgram {
    fn label(&self) -> String {
        self.name.replacen(BEGINNING, "exec:", 1)
    }

    fn public(&self, tell: Tell) -> Result<Vec<u8>, KeyFault> {
        self.run(&["public"], Vec::new(), tell)
    }

    fn signer(&self, tell: Tell) -> Arc<dyn ExternalSigner> {
        let program = self.clone();
        Arc::new(ProgramSigner { program, tell })
    }

    fn advice(&self) -> Advice {
        Advice::AskKeyProgram
    }
}

struct ProgramSigner {
    program: KeyProgram,
    tell: Tell,
}

impl ExternalSigner for ProgramSigner {
    fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>, KeyFault> {
        let arguments = ["sign", algorithm.name()];
        self.program.run(&arguments, message.to_vec(), self.tell)
    }
}

/// A program that is ended when nobody waits for it any more.
struct Running {
    child: Child,
}

impl Running {
    /// Writes its input, and gives a receiver for its output, which is `None` if it is too long. Nobody waits
    /// for the threads, since a process that it started may hold its streams open.
    fn talk(&mut self, input: Vec<u8>) -> Receiver<io::Result<Option<Vec<u8>>>> {
        let (send, receive) = mpsc::channel();
        if let Some(mut stdin) = self.child.stdin.take() {
            // A program that does not read all of it has not signed it.
            thread::spawn(move || stdin.write_all(&input));
        }
        if let Some(stdout) = self.child.stdout.take() {
            thread::spawn(move || {
                let mut bytes = Vec::new();
                let read = read_bounded(stdout, MOST_OUTPUT, &mut bytes);
                send.send(read.map(|is_all| is_all.then_some(bytes)))
            });
        }
        receive
    }

    /// Passes on its messages; the receiver tells when there are no more.
    fn pass_on(&mut self, name: String, tell: Tell) -> Receiver<()> {
        let (send, receive) = mpsc::channel();
        if let Some(stderr) = self.child.stderr.take() {
            thread::spawn(move || {
                pass_on(&mut BufReader::new(stderr), &name, tell);
                send.send(())
            });
        }
        receive
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // A program that has ended cannot be killed.
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

fn pass_on(stderr: &mut BufReader<impl io::Read>, name: &str, tell: Tell) {
    for _ in 0..MOST_LINES {
        let mut line = Vec::new();
        let read = stderr
            .by_ref()
            .take(LONGEST_LINE)
            .read_until(b'\n', &mut line);
        if !read.is_ok_and(|read| read > 0) {
            return;
        }
        tell(&format!(
            "{name}: {}",
            String::from_utf8_lossy(&line).trim_end()
        ));
    }
    // It must not wait for a reader.
    _ = io::copy(stderr, &mut io::sink());
}

fn words_of(status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("status {code}"),
        None => "a signal".to_owned(),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_hangs_is_ended_whether_its_output_is_open_or_not() {
        let program = KeyProgram::named("slow").unwrap();
        for script in ["exec sleep 1000", "exec >&- 2>&-; exec sleep 1000"] {
            let mut shell = Command::new("sh");
            shell.args(["-c", script]).stdin(Stdio::piped());
            let child = shell
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let id = child.id();
            let deadline = Instant::now().checked_add(Duration::from_millis(200));
            let why = program
                .finish(child, Vec::new(), deadline, |_| ())
                .unwrap_err();
            assert_eq!(
                why.message,
                "`jott-key-slow` failed: it took more than 30 seconds"
            );
            let mut kill = Command::new("sh");
            kill.args(["-c", &format!("kill -0 {id} 2> /dev/null")]);
            assert!(!kill.status().unwrap().success(), "{script}");
        }
    }
}
