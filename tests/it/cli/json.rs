//! Everything that is printed as JSON: it says what the input says, and no terminal misreads it.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use jott::text::escape;
use serde_json::Value;

use crate::support::jott;

const SECRET: &str = "a-string-secret-at-least-256-bits-long";

/// C1, DEL, bidi, zero width, tags, and what else is not seen.
const HOSTILE: &str =
    "\u{9b}31m\u{7f}\u{85}\u{202e}\u{2066}\u{200b}\u{200d}\u{e0041}\u{ad}\u{feff}\u{1b}[2J";

/// A command line that prints JSON, with what it reads.
struct Printer {
    /// The commands and flags.
    args: Vec<String>,
    stdin: String,
}

fn printer<const N: usize>(args: [&str; N], stdin: &str) -> Printer {
    Printer {
        args: args.map(str::to_owned).to_vec(),
        stdin: stdin.to_owned(),
    }
}

/// Every way to print JSON, by its command; those that need a keyring are in its transcript, and a
/// server ends when it is told to.
fn printers() -> Vec<Printer> {
    let claims =
        serde_json::json!({ HOSTILE: [HOSTILE, { "sub": HOSTILE }], "exp": 4_102_444_800_u64 });
    let claims = claims.to_string();
    let header = format!("{HOSTILE}={HOSTILE}");
    let token = |claims: &str| {
        let args = [
            "issue", "-q", "--claims", "-", "--header", &header, "--kid", HOSTILE,
        ];
        let run = jott(args).env("JOTT_SECRET", SECRET).stdin(claims).run();
        assert_eq!(run.status, Some(0), "{}", run.stderr);
        run.stdout
    };
    let (good, bad) = (token(&claims), format!("{}x", token(&claims).trim()));
    let jwk = serde_json::json!({
        "kty": "EC", "crv": "P-256", "kid": HOSTILE,
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
        "d": "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE",
    });
    let jwk = jwk.to_string();
    vec![
        printer(
            ["issue", "--json", "--kid", HOSTILE, "--claims", "-"],
            &claims,
        ),
        printer(["issue", "--json", "--kid", HOSTILE, "--batch"], &claims),
        printer(["decode", "--json"], &good),
        printer(["decode", "--json", "--get", HOSTILE], &good),
        printer(["decode", "--batch"], &good),
        printer(["verify", "--json"], &good),
        printer(["verify", "--json"], &bad),
        printer(
            ["verify", "--json", "--sub", HOSTILE, "--claim", &header],
            &good,
        ),
        printer(["verify", "--json", "--get", HOSTILE], &good),
        printer(["verify", "--batch"], &good),
        printer(["verify", "--batch", "--sub", HOSTILE], &good),
        printer(["verify", "--batch", "--full"], &good),
        printer(["verify", "--batch", "--full"], &bad),
        printer(["key", "show", "--key", "stdin"], &jwk),
        printer(["key", "show", "--key", "stdin", "--jwks"], &jwk),
        printer(["key", "show", "--key", "stdin", "--private"], &jwk),
        printer(
            ["key", "show", "--key", "stdin", "--jwks", "--private"],
            &jwk,
        ),
    ]
}

fn assert_safe(text: &str, what: &str) {
    assert!(!text.is_empty(), "{what} printed nothing");
    for line in text.lines() {
        assert!(escape::is_plain(line), "{what} printed {line:?}");
        serde_json::from_str::<Value>(line).unwrap_or_else(|e| panic!("{what}: {e}: {line}"));
    }
}

/// Whether a text stands anywhere in a value.
fn holds(value: &Value, text: &str) -> bool {
    match value {
        Value::String(string) => string == text,
        Value::Array(elements) => elements.iter().any(|element| holds(element, text)),
        Value::Object(members) => members
            .iter()
            .any(|(name, member)| name == text || holds(member, text)),
        _ => false,
    }
}

#[test]
fn no_terminal_misreads_what_is_printed_as_json() {
    for Printer { args, stdin } in printers() {
        let run = jott(&args).env("JOTT_SECRET", SECRET).stdin(stdin).run();
        let what = format!("{args:?} {}", run.stderr);
        assert_safe(&run.stdout, &what);
        let mut lines = run
            .stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap());
        assert!(
            lines.all(|line: Value| holds(&line, HOSTILE)),
            "{what} {}",
            run.stdout
        );
    }
}

#[test]
fn the_ready_line_of_a_server_is_json_that_no_terminal_misreads() {
    let mut server = Command::new(env!("CARGO_BIN_EXE_jott"))
        .args(["serve-demo", "--json", "-q", "--listen", "127.0.0.1:0"])
        .args(["--user", "Zoë:x", "--client", "über=http://127.0.0.1/"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    server.kill().unwrap();
    server.wait().unwrap();
    assert_safe(&line, "serve-demo");
    assert!(line.contains("Zoë") && line.contains("über"), "{line}");
}

/// A command that can print JSON is among those above, or in the transcript that has a keyring.
#[test]
fn every_command_that_prints_json_is_looked_at() {
    let transcript = include_str!("../../transcripts/keyring.md");
    let looked_at = |path: &str| {
        let begins = |printer: &Printer| printer.args.join(" ").starts_with(path);
        // What a server says is looked at where there is one.
        let has_server = ["serve-demo", "doctor", "fetch"].contains(&path);
        has_server || printers().iter().any(begins) || {
            transcript.contains(&format!("jott {path} --json | cat -v"))
        }
    };
    let mut commands = vec![(String::new(), jott::cli::command())];
    let mut count = 0;
    while let Some((path, mut command)) = commands.pop() {
        // What a command takes is declared when it is built.
        command.build();
        if command.get_arguments().any(|arg| arg.get_id() == "json") {
            assert!(looked_at(&path), "{path} --json is not looked at");
            count += 1;
        }
        for below in command.get_subcommands() {
            let path = format!("{path} {}", below.get_name());
            commands.push((path.trim().to_owned(), below.clone()));
        }
    }
    assert_eq!(
        count, 7,
        "issue, decode, verify, serve-demo, fetch, doctor, key list"
    );
}
