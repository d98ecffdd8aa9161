//! A program of somebody else that is run for what it prints: for a time, up to a length, with its messages
//! passed on.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::keys::bounded::read_bounded;
use crate::keys::key_holder::Tell;

/// How long it may take: a person may have to touch a device, or to type a PIN.
const TIME: Duration = Duration::from_secs(30);

/// How much it may print: a key, a signature, a token.
const MOST_OUTPUT: u64 = 64 << 10;

/// How long a line of its messages may be, and how many there may be.
const LONGEST_LINE: u64 = 1 << 10;
const MOST_LINES: usize = 100;

/// How long to wait for messages that it wrote before it ended.
const MOST_SILENCE: Duration = Duration::from_millis(500);

/// How often to look whether it has ended.
const PERIOD: Duration = Duration::from_millis(2);

/// The variables that hold a key itself, the first before the second. No other program needs them.
pub const KEY_VARIABLES: [&str; 2] = ["JOTT_SECRET", "SECRET_KEY"];

/// Why a program gave nothing.
#[derive(Debug)]
pub enum ProgramFault {
    /// There is none of that name on the path.
    Missing,
    /// What it did, or what the system said, as the end of a sentence.
    Failed(String),
}

/// Runs a program on the path with arguments and an input, and gives what it printed, which is not empty.
/// Each line of its messages is told with its name before it, and its environment lacks [`KEY_VARIABLES`].
///
/// It stays in the process group of its starter, since one of its own could not ask for a PIN at the terminal.
/// So what it started goes on when it is ended, and may hold its streams open.
///
/// # Errors
///
/// There is no such program, it took more than 30 seconds, printed nothing or more than 64 KiB, or ended with
/// another status than 0.
pub fn run(
    name: &str,
    arguments: &[&str],
    input: Vec<u8>,
    tell: Tell,
) -> Result<Vec<u8>, ProgramFault> {
    let mut command = Command::new(name);
    command.args(arguments);
    for variable in KEY_VARIABLES {
        command.env_remove(variable);
    }
    command.stdin(Stdio::piped());
    command.stdout(Stdio::piped());
    command.stderr(Stdio::piped());
    let child = command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => ProgramFault::Missing,
        _ => failed(format!("it cannot be started: {error}")),
    })?;
    let deadline = Instant::now().checked_add(TIME);
    finish(child, name, input, deadline, tell)
}

/// Gives it its input, and takes what it prints up to a time; then it is ended.
fn finish(
    child: Child,
    name: &str,
    input: Vec<u8>,
    deadline: Option<Instant>,
    tell: Tell,
) -> Result<Vec<u8>, ProgramFault> {
    let mut running = Running { child };
    let said = running.pass_on(name.to_owned(), tell);
    let output = running.talk(input);
    let output = in_time(&output, deadline)?;
    let status = ended(&mut running.child, deadline)?;
    // A process that it started may hold the stream open.
    _ = said.recv_timeout(MOST_SILENCE);
    match (status.success(), output) {
        // Nobody reads the rest, so it cannot end well.
        (_, None) => Err(failed("it wrote more than 64 KiB")),
        (false, _) => Err(failed(format!("it ended with {}", words_of(status)))),
        (true, Some(bytes)) if bytes.is_empty() => Err(failed("it wrote nothing")),
        (true, Some(bytes)) => Ok(bytes),
    }
}

fn in_time(
    output: &Receiver<io::Result<Option<Vec<u8>>>>,
    deadline: Option<Instant>,
) -> Result<Option<Vec<u8>>, ProgramFault> {
    let left = deadline.map_or(TIME, |end| end.saturating_duration_since(Instant::now()));
    match output.recv_timeout(left) {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) => Err(failed(format!("it cannot be read: {error}"))),
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Err(too_slow()),
    }
}

fn ended(child: &mut Child, deadline: Option<Instant>) -> Result<ExitStatus, ProgramFault> {
    while deadline.is_none_or(|end| Instant::now() < end) {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status),
            Ok(None) => thread::sleep(PERIOD),
            Err(error) => return Err(failed(error.to_string())),
        }
    }
    Err(too_slow())
}

fn too_slow() -> ProgramFault {
    failed(format!("it took more than {} seconds", TIME.as_secs()))
}

fn failed(why: impl Into<String>) -> ProgramFault {
    ProgramFault::Failed(why.into())
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
    fn a_program_that_hangs_is_ended_whatever_holds_its_output_open() {
        for script in [
            "exec sleep 1000",
            "exec >&- 2>&-; exec sleep 1000",
            // Nobody ends what it started, and nobody waits for it.
            "sleep 5 & sleep 5",
            "sleep 5 & exit 0",
        ] {
            let mut shell = Command::new("sh");
            shell.args(["-c", script]).stdin(Stdio::piped());
            let child = shell
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let id = child.id();
            let begin = Instant::now();
            let deadline = begin.checked_add(Duration::from_millis(200));
            let why = finish(child, "slow", Vec::new(), deadline, |_| ()).unwrap_err();
            let ProgramFault::Failed(why) = why else {
                panic!("{why:?}");
            };
            assert_eq!(why, "it took more than 30 seconds");
            assert!(begin.elapsed() < Duration::from_secs(4), "{script}");
            let mut kill = Command::new("sh");
            kill.args(["-c", &format!("kill -0 {id} 2> /dev/null")]);
            assert!(!kill.status().unwrap().success(), "{script}");
        }
    }
}
