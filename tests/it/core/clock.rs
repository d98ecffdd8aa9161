//! What comes down a pipe may be minutes behind the start of the command, such as after a log-in.

use std::ffi::OsString;
use std::io::{self, Read};
use std::sync::atomic::{AtomicI64, Ordering};

use jott::Timestamp;
use jott::cli::exit::Exit;
use jott::cli::world::{Stdin, Terminals, World};

const START: i64 = 1_795_780_800;

/// Standard input whose text comes five minutes after the start.
struct Late<'a> {
    clock: &'a AtomicI64,
    text: &'a [u8],
}

impl Read for Late<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.clock.store(START + 300, Ordering::Relaxed);
        self.text.read(buffer)
    }
}

/// Runs a command line with a text that comes late; gives how it ends and what it prints on both streams.
fn run(args: &[&str], text: &str) -> (Exit, String) {
    let clock = AtomicI64::new(START);
    let mut stdin = Late {
        clock: &clock,
        text: text.as_bytes(),
    };
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut world = World {
        stdin: Stdin::new(&mut stdin),
        stdout: &mut stdout,
        stderr: &mut stderr,
        env: &|name| {
            (name == "JOTT_SECRET")
                .then(|| OsString::from("a-string-secret-at-least-256-bits-long"))
        },
        peek: &Vec::new,
        clock: &|| Timestamp::from_seconds(clock.load(Ordering::Relaxed)),
        terminals: Terminals::default(),
    };
    let args = ["jott"].iter().chain(args);
    let exit = jott::cli::run(args.map(OsString::from), &mut world);
    let printed = String::from_utf8([stdout, stderr].concat()).unwrap();
    (exit, printed)
}

/// A token that is valid between two times, in seconds after the start.
fn token(from: i64, until: i64) -> String {
    let times = [from, until].map(|after| (START + after).to_string());
    let args = [
        "issue", "--iat", &times[0], "--nbf", &times[0], "--exp", &times[1],
    ];
    let (exit, token) = run(&args, "");
    assert_eq!(exit, Exit::Done, "{token}");
    token
}

#[test]
fn a_token_is_judged_as_of_when_it_comes() {
    let (made_meanwhile, ended_meanwhile) = (token(290, 3600), token(-60, 240));

    let (exit, printed) = run(&["verify"], &made_meanwhile);
    assert_eq!(exit, Exit::Done, "{printed}");
    assert!(printed.contains("issued 10 seconds ago"), "{printed}");

    let (exit, printed) = run(&["verify"], &ended_meanwhile);
    assert_eq!(exit, Exit::Expired, "{printed}");
    assert!(printed.contains("expired 1 minute ago"), "{printed}");
}

#[test]
fn a_token_is_shown_as_of_when_it_comes() {
    let (made_meanwhile, ended_meanwhile) = (token(290, 3600), token(-60, 240));

    let (exit, printed) = run(&["decode"], &made_meanwhile);
    assert_eq!(exit, Exit::Done, "{printed}");
    assert!(printed.contains("10 seconds ago"), "{printed}");
    assert!(!printed.contains("warning"), "{printed}");

    let (exit, printed) = run(&["decode", "-q", "--expires-after", "0s"], &ended_meanwhile);
    assert_eq!(exit, Exit::Expired, "{printed}");

    let (_, printed) = run(
        &["decode", "--diff", &made_meanwhile, "-"],
        &ended_meanwhile,
    );
    assert!(printed.contains("1 minute ago"), "{printed}");
}

#[test]
fn a_token_of_claims_that_come_late_lives_from_then_on() {
    let (_, token) = run(&["issue", "--claims", "-"], r#"{"sub":"alice"}"#);
    let (_, issued) = run(&["decode", "--get", "iat"], &token);
    assert_eq!(issued.trim(), (START + 300).to_string());
}
