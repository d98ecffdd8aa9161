//! Streams where a shell would not show what happens: exact bytes, readers that leave, signals.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::support::jott;

const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2ln";
const REDACTED: &str = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.REDACTED";

/// Every byte there is, in an order that looks like no other encoding and touches no token.
fn noise() -> Vec<u8> {
    (b' '..=u8::MAX).chain(0..=b' ').collect()
}

/// A text of some megabytes with a token in each piece of noise.
fn large_text(token: &str) -> Vec<u8> {
    [noise(), token.as_bytes().to_vec(), b"\n".to_vec()]
        .concat()
        .repeat(10_000)
}

fn start(args: &[&str]) -> Child {
    Command::new(env!("CARGO_BIN_EXE_jott"))
        .args(args)
        .env_clear()
        .env("JOTT_SECRET", "a-string-secret-at-least-256-bits-long")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Feeds a text from another thread, as far as it is read.
fn feed(child: &mut Child, text: Vec<u8>) -> thread::JoinHandle<()> {
    let mut stdin = child.stdin.take().unwrap();
    thread::spawn(move || {
        let _ = stdin.write_all(&text);
    })
}

#[test]
fn redacting_keeps_every_other_byte() {
    let output = jott(["decode", "--redact"])
        .stdin(large_text(TOKEN))
        .output();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stdout == large_text(REDACTED), "some byte differs");
    assert_eq!(output.stderr, b"note: 10000 tokens redacted\n");
}

#[test]
fn tokens_are_found_and_counted_between_bytes_of_every_kind() {
    let run = jott(["decode", "--json"]).stdin(large_text(TOKEN)).run();
    assert_eq!(run.status, Some(0));
    assert!(run.stdout.ends_with("\"seen\":10000}\n"), "{}", run.stdout);
}

#[test]
fn an_operand_that_is_not_utf8_is_malformed_everywhere() {
    let broken = OsStr::from_bytes(b"eyJ\xFF.e30.c2ln");
    for command in ["decode", "verify"] {
        let run = jott([OsStr::new(command), broken])
            .env("JOTT_SECRET", &"0".repeat(32))
            .run();
        assert_eq!(run.status, Some(4), "{run:?}");
    }
    let from = [OsStr::new("issue"), OsStr::new("--from"), broken];
    let run = jott(from).env("JOTT_SECRET", &"0".repeat(32)).run();
    assert_eq!(run.status, Some(4), "{run:?}");
}

#[test]
fn a_flag_that_is_not_utf8_is_a_wrong_command_line() {
    let broken = OsStr::from_bytes(b"a\xFFb");
    for flag in ["--sub", "--key", "--exp", "--claim"] {
        let run = jott([OsStr::new("issue"), OsStr::new(flag), broken]).run();
        assert_eq!(run.status, Some(2), "{flag} {run:?}");
        assert!(
            run.stderr.starts_with("error: ") && run.stdout.is_empty(),
            "{flag} {run:?}"
        );
    }
}

#[test]
fn a_file_whose_name_is_not_utf8_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(OsStr::from_bytes(b"k\xFFy"));
    std::fs::write(&path, "0".repeat(32)).unwrap();
    for prefix in ["", "file:"] {
        let mut source = OsStr::new(prefix).to_owned();
        source.push(&path);
        let args = [
            OsStr::new("issue"),
            OsStr::new("-q"),
            OsStr::new("--key"),
            &source,
        ];
        assert_eq!(jott(args).run().status, Some(0));
    }
}

#[test]
fn a_reader_that_leaves_in_the_middle_ends_it_quietly() {
    let many: Vec<u8> = (0..50_000)
        .flat_map(|n| format!("{TOKEN}{n:08}\n").into_bytes())
        .collect();
    for (args, status) in [
        (["decode", "--redact"].as_slice(), 5),
        (&["decode", "--json"], 5),
        (&["decode"], 5),
        (&["verify", "--find", "--json"], 1),
    ] {
        let mut child = start(args);
        let feeder = feed(&mut child, many.clone());
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let output = child.wait_with_output().unwrap();
        feeder.join().unwrap();
        assert_eq!(
            output.status.code(),
            Some(status),
            "{args:?} {:?}",
            output.status
        );
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{args:?}");
    }
}

#[test]
fn a_reader_that_leaves_before_all_is_judged_does_not_make_it_good() {
    let good = jott(["issue"])
        .env("JOTT_SECRET", "a-string-secret-at-least-256-bits-long")
        .run();
    let mut child = start(&["verify", "--json", good.stdout.trim(), "rubbish", "-"]);
    drop(child.stdout.take());
    drop(child.stdin.take());
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(4));
}

#[test]
fn signals_end_it_as_they_end_every_program() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        for args in [
            ["decode", "--redact"].as_slice(),
            &["verify"],
            &["issue", "--claims", "-"],
        ] {
            let mut child = start(args);
            // What is redacted comes out at once, and fills a pipe that nobody reads.
            let mut stdout = child.stdout.take().unwrap();
            let reader = thread::spawn(move || stdout.read_to_end(&mut Vec::new()));
            // Once it has read this much, it runs.
            child
                .stdin
                .as_mut()
                .unwrap()
                .write_all(&vec![b' '; 1 << 20])
                .unwrap();
            kill_process(Pid::from_child(&child), signal).unwrap();
            let status = child.wait().unwrap();
            assert_eq!(status.signal(), Some(signal.as_raw()), "{args:?} {status}");
            reader.join().unwrap().unwrap();
        }
    }
}

#[test]
fn what_was_written_before_a_signal_is_whole_lines() {
    let many = (0..50_000).flat_map(|n| format!("{TOKEN}{n:08}\n").into_bytes());
    let many: Vec<u8> = many.collect();
    for args in [["decode", "-q"], ["verify", "--find"]] {
        let mut child = start(&[args.as_slice(), &["--json"]].concat());
        let feeder = feed(&mut child, many.clone());
        let mut stdout = child.stdout.take().unwrap();
        // The pipe is full from here on, so it is in the middle of it when the signal comes.
        let mut output = vec![0; 1 << 16];
        stdout.read_exact(&mut output).unwrap();
        thread::sleep(Duration::from_millis(200));
        kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
        stdout.read_to_end(&mut output).unwrap();
        let status = child.wait().unwrap();
        feeder.join().unwrap();
        assert_eq!(
            status.signal(),
            Some(Signal::TERM.as_raw()),
            "{args:?} {status}"
        );
        assert_eq!(
            output.last(),
            Some(&b'\n'),
            "{args:?} broke off within a line"
        );
    }
}
