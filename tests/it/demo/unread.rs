//! Who reads nothing: neither what the server says on standard error, nor its answers.

use std::io::{BufRead as _, BufReader, PipeReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::server::Server;

/// A server whose standard error is a pipe that nobody reads, as many a harness starts it.
struct Unread {
    child: Child,
    port: u16,
    stderr: ChildStderr,
}

fn spawn(stdout: Stdio, stderr: Stdio) -> Child {
    Command::new(env!("CARGO_BIN_EXE_jott"))
        .args([
            "serve-demo",
            "--json",
            "--alg=ES256",
            "--listen=127.0.0.1:0",
        ])
        .env_clear()
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(stderr)
        .spawn()
        .unwrap()
}

impl Unread {
    fn start() -> Unread {
        let mut child = spawn(Stdio::piped(), Stdio::piped());
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        let (_, port) = ready["listen"].as_str().unwrap().rsplit_once(':').unwrap();
        Unread {
            port: port.parse().unwrap(),
            stderr: child.stderr.take().unwrap(),
            child,
        }
    }

    /// A server whose standard output is a pipe that is full, with the other end and what is in it.
    fn start_full() -> (Unread, PipeReader, usize) {
        let (reader, mut writer) = std::io::pipe().unwrap();
        let flags = fcntl_getfl(&writer).unwrap();
        fcntl_setfl(&writer, flags | OFlags::NONBLOCK).unwrap();
        let mut count = 0;
        while writer.write(b".").is_ok() {
            count += 1;
        }
        fcntl_setfl(&writer, flags).unwrap();
        let mut child = spawn(writer.into(), Stdio::piped());
        let mut line = Vec::new();
        let mut stderr = child.stderr.take().unwrap();
        // Without a buffer, which would take more than this line.
        while line.last() != Some(&b'\n') {
            let mut byte = [0];
            stderr.read_exact(&mut byte).unwrap();
            line.extend(byte);
        }
        let line = String::from_utf8(line).unwrap();
        let (_, port) = line.trim_end().rsplit_once(':').unwrap();
        let server = Unread {
            port: port.parse().unwrap(),
            stderr,
            child,
        };
        (server, reader, count)
    }

    /// Asks so often on one connection, and has as many answers.
    fn ask(&self, times: usize) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        // The line of the log is long, so that few fill a pipe.
        let target = "x/".repeat(49);
        let request = format!("HEAD /{target} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        let mut answer = [0; 4096];
        for number in 0..times {
            stream.write_all(request.as_bytes()).unwrap();
            let count = stream.read(&mut answer).unwrap();
            assert!(answer[..count].starts_with(b"HTTP/1.1 404"), "{number}");
        }
    }

    /// Asks it to end, and waits for that.
    fn end(&mut self) -> Option<i32> {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, Signal::TERM).unwrap();
        let asked = Instant::now();
        while asked.elapsed() < Duration::from_secs(10) {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        None
    }
}

impl Drop for Unread {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_log_that_nobody_reads_stops_neither_answers_nor_signals() {
    let mut server = Unread::start();
    server.ask(3000);
    assert_eq!(server.end(), Some(0));
}

#[test]
fn a_ready_line_that_nobody_reads_stops_neither_answers_nor_signals() {
    let (mut server, _reader, _) = Unread::start_full();
    server.ask(3);
    assert_eq!(server.end(), Some(0));
}

#[test]
fn a_reader_that_comes_late_finds_the_ready_line_whole() {
    let (mut server, mut reader, count) = Unread::start_full();
    server.ask(3);
    reader.read_exact(&mut vec![0; count]).unwrap();
    let mut line = String::new();
    BufReader::new(&mut reader).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(ready["listen"], format!("127.0.0.1:{}", server.port));
    assert_eq!(server.end(), Some(0));
}

/// What is dropped is counted where it is missing, and what comes later is there again.
#[test]
fn lines_that_were_dropped_are_counted() {
    let mut server = Unread::start();
    server.ask(3000);
    let mut log = String::new();
    let mut buffer = [0; 4096];
    // A busy machine may leave out lines in several places.
    while asked(&log) + dropped(&log) < 3000 {
        let count = server.stderr.read(&mut buffer).unwrap();
        assert_ne!(count, 0, "{log}");
        log.push_str(std::str::from_utf8(&buffer[..count]).unwrap());
    }
    assert_eq!(asked(&log) + dropped(&log), 3000);
    assert_ne!(dropped(&log), 0);
    server.ask(7);
    assert_eq!(server.end(), Some(0));
    server.stderr.read_to_string(&mut log).unwrap();
    assert_eq!(asked(&log) + dropped(&log), 3007);
    assert!(log.ends_with('\n'));
    let after = log.rsplit_once("nobody read them\n").unwrap().1;
    assert!(asked(after) >= 7, "{after}");
}

/// How many whole lines there are of requests.
fn asked(log: &str) -> usize {
    let lines = log
        .split_inclusive('\n')
        .filter(|line| line.ends_with('\n'));
    lines.filter(|line| line.starts_with("HEAD /x/")).count()
}

/// How many are said to be left out.
fn dropped(log: &str) -> usize {
    let counts = log.split_inclusive('\n').filter_map(|line| {
        let line = line.strip_prefix("note: ")?;
        let (count, rest) = line.split_once(' ')?;
        rest.ends_with(" left out here: nobody read them\n")
            .then(|| count.parse::<usize>().unwrap())
    });
    counts.sum()
}

/// Who asks for much and reads nothing holds a connection for 10 seconds, as one who sends nothing does.
#[test]
fn answers_that_nobody_reads_are_given_up_and_others_served() {
    let server = Server::start();
    let request = b"GET /docs HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(40);
    let started = Instant::now();
    let silent: Vec<_> = (0..520)
        .map_while(|_| TcpStream::connect(("127.0.0.1", server.port)).ok())
        .collect();
    assert!(silent.len() > 512, "{}", silent.len());
    for mut stream in &silent {
        stream.set_nonblocking(true).unwrap();
        // What does not fit is not needed.
        let _ = stream.write(&request);
    }
    // Every connection that there may be is taken.
    assert_eq!(server.get("/healthz").status, 200);
    assert!(started.elapsed() > Duration::from_secs(8));
    let line =
        "\n- - - - -; the client did not read its answers in 10 seconds (RFC 9112 section 9.5)\n";
    server.log_with(line);
}

/// RFC 9112 section 9.6: the log tells who has an answer from who has not waited for it.
#[test]
fn who_does_not_wait_for_an_answer_is_told_from_who_gets_it() {
    let server = Server::with(&["--alg", "ES256", "--fault", "slow:300ms,endpoint=jwks"]);
    let gone = "\nGET /jwks.json - - 3";
    let ask = |close: fn(&TcpStream)| {
        let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
        let request = server.request("GET", "/jwks.json").bytes();
        stream.write_all(&request).unwrap();
        close(&stream);
        stream
    };
    // Who only says that nothing more will be asked gets the answer.
    for close in [
        |_: &TcpStream| {},
        |stream: &TcpStream| {
            stream.shutdown(std::net::Shutdown::Write).unwrap();
        },
    ] {
        let mut stream = ask(close);
        let mut answer = [0; 15];
        stream.read_exact(&mut answer).unwrap();
        assert_eq!(&answer, b"HTTP/1.1 200 OK");
        drop(stream);
    }
    assert!(!server.whole_log().contains(gone), "{}", server.log());
    drop(ask(|_| {}));
    let log = server.log_with(gone);
    let log = match log.ends_with('\n') {
        true => log,
        false => server.log_with("section 9.6)\n"),
    };
    assert_eq!(log.matches("GET /jwks.json - 200 ").count(), 3, "{log}");
    let last = log.lines().last().unwrap();
    assert!(
        last.ends_with("ms; the client had closed the connection, and did not get this answer (RFC 9112 section 9.6)"),
        "{log}"
    );
}
