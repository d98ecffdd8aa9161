//! Asking for a key, on a real terminal: a pseudo-terminal that the test holds the other end of.

use std::io::{BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use rustix::process::Signal;

use crate::terminal::Session;

const SECRET: &str = "a-string-secret-at-least-256-bits-long";
const CTRL_C: &str = "\u{3}";
const CTRL_D: &str = "\u{4}";

/// A prompt that waits for a key.
fn prompt(command: &str) -> Session {
    prompt_for("key: ", command)
}

fn prompt_for(words: &str, command: &str) -> Session {
    let mut session = Session::start(command);
    session.wait_for(words);
    // The prompt may come a moment before the echo goes.
    session.until("the terminal shows what is typed", |s| {
        (!s.echoes()).then_some(())
    });
    session
}

/// A keyring that is played, on a bus of its own.
struct Keyring {
    address: String,
    bus: Child,
    service: Child,
    log: BufReader<ChildStdout>,
}

impl Keyring {
    fn play(arguments: &[&str]) -> Self {
        let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
        let mut bus = Command::new("dbus-daemon")
            .args(["--nofork", "--print-address", "--config-file"])
            .arg(tests.join("bus.conf"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let address = first_line(&mut BufReader::new(bus.stdout.take().unwrap()));
        let mut service = Command::new(tests.join("secret_service"))
            .args(arguments)
            .env("DBUS_SESSION_BUS_ADDRESS", &address)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(service.stdout.take().unwrap());
        assert_eq!(first_line(&mut log), "ready");
        Keyring {
            address,
            bus,
            service,
            log,
        }
    }

    /// What is asked or answered next.
    fn next(&mut self) -> String {
        first_line(&mut self.log)
    }

    /// A command that finds this keyring.
    fn beside(&self, command: &str) -> String {
        format!("env DBUS_SESSION_BUS_ADDRESS={} {command}", self.address)
    }
}

impl Drop for Keyring {
    fn drop(&mut self) {
        for child in [&mut self.service, &mut self.bus] {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

fn first_line(from: &mut BufReader<ChildStdout>) -> String {
    let mut line = String::new();
    from.read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

#[test]
fn a_wait_for_a_keyring_is_said_and_ctrl_c_closes_its_window() {
    let mut keyring = Keyring::play(&["--locked", "Login"]);
    let command = keyring.beside(r#""$jott" issue --key keyring:ci"#);
    let mut session = Session::start(&command);
    session.wait_for(
        "note: waiting for an answer: the keyring asks to unlock `Login` (Ctrl-C gives up; if its window stays open, close it)\r\n",
    );
    session.press(CTRL_C);
    let (status, seen) = session.end();
    let signal = status.signal();
    assert_eq!(signal, Some(Signal::INT.as_raw()), "{status} {seen}");
    assert!(!seen.contains("error:"), "{seen}");
    assert_eq!(keyring.next(), "prompt opened");
    assert_eq!(keyring.next(), "prompt dismissed");
}

#[test]
fn a_keyring_that_nobody_unlocks_is_said_before_a_key_is_asked_for() {
    let keyring = Keyring::play(&["--locked", "Login", "--answer", "no"]);
    let mut session = prompt(&keyring.beside(r#""$jott" issue"#));
    session.press(&format!("{SECRET}\n"));
    let (status, seen) = session.end();
    assert_eq!(status.code(), Some(0), "{seen}");
    let passed_over =
        "note: keyring:default is skipped: the keyring is locked: nobody unlocked `Login`";
    assert!(seen.contains(passed_over), "{seen}");
}

#[test]
fn a_server_ends_well_by_a_signal_after_its_key_was_typed() {
    let command = r#""$jott" serve-demo --listen 127.0.0.1:0 --alg HS256 --key prompt"#;
    let mut session = prompt(command);
    session.press(&format!("{SECRET}\n"));
    session.wait_for("Listening on");
    session.kill(Signal::TERM);
    let (status, seen) = session.end();
    assert_eq!(status.code(), Some(0), "{status} {seen}");
}

const ISSUE: &str = r#""$jott" issue --key prompt --exp never --iat none"#;

#[test]
fn what_is_typed_makes_a_token_and_is_not_shown() {
    let mut session = prompt(ISSUE);
    session.press(&format!("{SECRET}\n"));
    let (status, seen) = session.end();
    assert_eq!(status.code(), Some(0), "{seen}");
    assert_eq!(
        seen,
        "key: \r\neyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.8VKCTiBegJPuPIZlp0wbV0Sbdn5BS6TE5DCx6oYNc5o\r\n"
    );
}

#[test]
fn the_passphrase_of_an_encrypted_key_is_asked_for_and_not_shown() {
    for option in ["", " --passphrase prompt"] {
        let key = "./tests/vectors/encrypted/scrypt-aes256.pem";
        let command = format!(r#""$jott" issue -q --key {key}{option}"#);
        let mut session = prompt_for("passphrase: ", &command);
        session.press("correct horse\n");
        let (status, seen) = session.end();
        assert_eq!(status.code(), Some(0), "{seen}");
        assert!(seen.starts_with("passphrase: \r\neyJ"), "{seen}");
        let mut session = prompt_for("passphrase: ", &command);
        session.press("hunter2\n");
        let (status, seen) = session.end();
        assert_eq!(status.code(), Some(3), "{seen}");
        assert!(seen.contains("\r\nerror: the passphrase does not open the private key\r\n"));
        assert!(!seen.contains("hunter2"), "{seen}");
    }
}

#[test]
fn a_key_that_is_not_encrypted_asks_for_no_passphrase() {
    let key = "./tests/vectors/encrypted/plain.pem";
    let session = Session::start(&format!(r#""$jott" issue -q --key {key}"#));
    let (status, seen) = session.end();
    assert_eq!(status.code(), Some(0), "{seen}");
    assert!(seen.starts_with("eyJ"), "{seen}");
}

#[test]
fn without_a_key_it_is_asked_for() {
    let mut session = prompt(r#""$jott" issue"#);
    session.press(&format!("{SECRET}\n"));
    let (status, seen) = session.end();
    assert_eq!(status.code(), Some(0), "{seen}");
}

#[test]
fn the_terminal_is_asked_although_the_streams_are_redirected() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let command = format!("{ISSUE} </dev/null >{} 2>&1", out.display());
    let mut session = prompt(&command);
    session.press(&format!("{SECRET}\n"));
    let (status, seen) = session.end();
    assert_eq!(status.code(), Some(0));
    assert_eq!(seen, "key: \r\n");
    assert!(std::fs::read_to_string(out).unwrap().starts_with("eyJ"));
}

#[test]
fn a_name_that_is_taken_is_said_before_the_secret_is_asked_for() {
    let keyring = Keyring::play(&["--item", "Login/app/app/a-string-secret"]);
    let command = keyring.beside(r#""$jott" key add app"#);
    let (status, seen) = Session::start(&command).end();
    assert_eq!(
        seen,
        "error: keyring:app is there already\r\nhint: `jott key rename app app-old` keeps it under another name; `--force` replaces it\r\n"
    );
    assert_eq!(status.code(), Some(1));
    prompt_for("secret: ", &format!("{command} --force"));
}

#[test]
fn a_new_secret_is_asked_for_twice_and_has_to_be_the_same() {
    let keyring = Keyring::play(&[]);
    let mut session = prompt_for("secret: ", &keyring.beside(r#""$jott" key add app"#));
    session.press("one-string-secret-at-least-256-bits\n");
    session.wait_for("again: ");
    session.until("the terminal shows what is typed", |s| {
        (!s.echoes()).then_some(())
    });
    session.press("two-string-secret-at-least-256-bits\n");
    let (status, seen) = session.end();
    assert_eq!(status.code(), Some(3), "{seen}");
    assert!(
        seen.contains("error: the two secrets that were typed differ\r\n"),
        "{seen:?}"
    );
    assert!(!seen.contains("string-secret"), "{seen:?}");
}

#[test]
fn nothing_typed_is_no_key() {
    for keys in ["\n", CTRL_D] {
        let mut session = prompt(ISSUE);
        session.press(keys);
        let (status, seen) = session.end();
        assert_eq!(status.code(), Some(3), "{keys:?} {seen}");
        assert!(seen.contains("\r\nerror: no key was typed\r\n"), "{seen:?}");
    }
}

#[test]
fn a_typed_secret_that_is_weak_is_not_shown() {
    let mut session = prompt(ISSUE);
    session.press("hunter2\n");
    let (status, seen) = session.end();
    assert_eq!(status.code(), Some(3));
    assert!(
        seen.contains("the secret has 7 bytes") && !seen.contains("hunter2"),
        "{seen}"
    );
}

#[test]
fn ctrl_c_restores_the_terminal_and_ends_by_sigint() {
    let mut session = prompt(ISSUE);
    session.press("half of a sec");
    session.press(CTRL_C);
    let (status, seen) = session.end();
    assert_eq!(
        status.signal(),
        Some(Signal::INT.as_raw()),
        "{status} {seen}"
    );
}

#[test]
fn a_signal_while_asking_restores_the_terminal_and_ends_by_it() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let session = prompt(ISSUE);
        session.kill(signal);
        let (status, seen) = session.end();
        assert_eq!(status.signal(), Some(signal.as_raw()), "{status} {seen}");
    }
}

#[test]
fn a_private_key_is_printed_at_a_terminal_only_where_that_is_asked_for() {
    let (status, seen) = Session::start(r#""$jott" key generate --out -"#).end();
    assert_eq!(status.code(), Some(1), "{seen}");
    assert!(
        seen.starts_with("error: standard output is a terminal") && !seen.contains("\"d\""),
        "{seen}"
    );
    let (status, seen) = Session::start(r#""$jott" key generate --out - --force"#).end();
    assert_eq!(status.code(), Some(0), "{seen}");
    assert!(
        seen.starts_with("{\"kty\":\"EC\"") && seen.contains("\"d\":"),
        "{seen}"
    );
}

#[test]
fn a_token_can_be_pasted_at_the_terminal() {
    let mut session = Session::start(r#""$jott" decode --get sub"#);
    session.wait_for("press Ctrl-D\r\n");
    session.press("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2ln\n");
    session.press(CTRL_D);
    let (status, seen) = session.end();
    assert_eq!(status.code(), Some(0), "{seen}");
    assert!(seen.ends_with("alice\r\n"), "{seen:?}");
}

#[test]
fn the_terminal_has_colour_and_a_pipe_has_none() {
    let token = "eyJhbGciOiJIUzI1NiJ9.e30.c2ln";
    let decode = format!(r#"env TERM=xterm "$jott" decode {token}"#);
    let (_, seen) = Session::start(&decode).end();
    assert!(
        seen.contains("\r\n\u{1b}[1mHeader\u{1b}[0m\r\n"),
        "{seen:?}"
    );
    let (_, seen) = Session::start(&format!("sh -c '{decode} | cat'")).end();
    assert!(seen.contains("Header\r\n"), "{seen:?}");
    assert!(seen.contains("\u{1b}[2mnote:"), "{seen:?}");
}

#[test]
fn a_report_at_a_terminal_ends_with_one_line_that_says_it_all() {
    let jott = |command: &str| {
        format!("JOTT_SECRET=a-string-secret-at-least-256-bits-long NO_COLOR=1 \"$jott\" {command}")
    };
    let token = jott(
        "issue --sub alice --aud api --iss https://id.example --iat none --exp 2030-01-01T01:00:00Z",
    );
    let token = format!("$({token})");
    let verify = jott("verify --at 2030-01-01T00:00:00Z");
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("script").display().to_string();
    let last = |rest: &str| {
        std::fs::write(&script, format!("{verify} {rest}")).unwrap();
        let (_, seen) = Session::start(&format!("sh {script}")).end();
        seen.trim_end().rsplit("\r\n").next().unwrap().to_owned()
    };
    assert_eq!(
        last(&token),
        "valid: alice, from https://id.example, for api; valid for another 1 hour; HS256 with env:JOTT_SECRET; iss, aud, sub not asked for"
    );
    assert_eq!(
        last(&format!(
            "--aud api --sub alice --iss https://id.example {token}"
        )),
        "valid: alice, from https://id.example, for api; valid for another 1 hour; HS256 with env:JOTT_SECRET"
    );
    assert_eq!(
        last(&format!("--aud billing --aud shop --sub bob {token}")),
        "refused: `aud` does not match: expected \"billing\" or \"shop\", found \"api\"; `sub` does not match: expected \"bob\", found \"alice\""
    );
    assert_eq!(last("''"), "refused: the token is empty");
    assert_eq!(last(&format!("{token} ''")), "2 tokens: 1 valid, 1 refused");
    assert_eq!(last(&format!("--get sub {token}")), "alice");
    assert!(last(&format!("--json {token}")).starts_with('{'));
    for quietly in ["-q", "> /dev/null"] {
        assert_eq!(last(&format!("{token} {quietly}")), "", "{quietly}");
    }
    // What stands in a pipe or a file is the report alone.
    for elsewhere in ["| cat", "2> /dev/null"] {
        let report = last(&format!("{token} {elsewhere}"));
        assert!(report.starts_with("  skip   sub "), "{report}");
    }
}

#[test]
fn a_batch_shows_how_far_it_is_and_leaves_the_summary() {
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad");
    let (claims, out) = (folder.path().join("claims"), folder.path().join("out"));
    std::fs::write(&claims, "{}\n".repeat(20_000)).unwrap();
    let (claims, out) = (claims.display(), out.display());
    let issue = r#"env TERM=xterm NO_COLOR=1 JOTT_SECRET=a-string-secret-at-least-256-bits-long "$jott" issue"#;
    let end = Session::start(&format!("{issue} --batch < {claims} > {out}")).end();
    let (status, seen) = end;
    assert_eq!(status.code(), Some(0), "{seen}");
    let (shown, summary) = seen.rsplit_once("note: ").unwrap();
    assert!(shown.contains(" a second, "), "{seen:?}");
    assert!(shown.contains(" issued, 0 bad"), "{seen:?}");
    assert!(shown.contains('%'), "{seen:?}");
    assert!(summary.starts_with("20,000 tokens in "), "{seen:?}");

    for quietly in [
        format!("{issue} -q --batch < {claims} > {out}"),
        format!("{issue} --batch < {claims} > {out} 2> /dev/null"),
    ] {
        let (status, seen) = Session::start(&quietly).end();
        assert_eq!((status.code(), seen.as_str()), (Some(0), ""));
    }
    let (_, seen) = Session::start(&format!("{issue} --batch < {claims}")).end();
    assert!(!seen.contains('%'), "a bar among the tokens");

    // What is to be read has a line of its own, from its beginning.
    let padded = format!("{{}}{}\n", " ".repeat(30));
    std::fs::write(&bad, padded.repeat(20_000) + "[]\n").unwrap();
    let (_, seen) = Session::start(&format!("{issue} --batch < {} > {out}", bad.display())).end();
    assert!(seen.contains("\r\x1b[Knote: line 20001: "), "{seen:?}");
    // A terminal that can do no more than write has no bar.
    let dumb = issue.replace("TERM=xterm", "TERM=dumb");
    let (_, seen) = Session::start(&format!("{dumb} --batch < {claims} > {out}")).end();
    assert!(seen.starts_with("note: 20,000 tokens in "), "{seen:?}");
}
