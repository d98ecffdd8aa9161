//! Nothing that a token says is fetched, opened or run: seen from below, with `strace`.

use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::peer::{json_lines, output, run, script, tool};

/// What every process of this language opens when it begins; of libraries, see [`is_library`].
const OPENED_TO_BEGIN: &[&str] = &["/etc/ld.so.cache"];

/// The libraries of the language and of C, and no other.
fn is_library(path: &str) -> bool {
    let path = Path::new(path);
    let place =
        path.starts_with("/lib") || path.starts_with("/usr/lib") || path.starts_with("/lib64");
    let names = ["libgcc_s.so.1", "libc.so.6", "libm.so.6"];
    place
        && path
            .file_name()
            .is_some_and(|name| names.iter().any(|n| name == *n))
}

struct Bait {
    folder: TempDir,
    tokens: Vec<(String, bool)>,
}

impl Bait {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let lines = run(script("bait.py").arg(folder.path()), &[]);
        let token = |line: &Value| {
            (
                line["token"].as_str().unwrap().to_owned(),
                line["valid"] == true,
            )
        };
        let tokens: Vec<_> = json_lines(&lines).iter().map(token).collect();
        assert!(tokens.len() > 100);
        Bait { folder, tokens }
    }

    fn tokens(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().map(|(token, _)| token.as_str())
    }

    /// Runs jott in the folder of the bait, and gives what it printed. It may open the named
    /// files and may not speak to anybody.
    fn watch(&self, args: &[&str], stdin: &str, named: &[&str]) -> String {
        let log = TempDir::new().unwrap();
        let log = log.path().join("log");
        let mut strace = tool("strace");
        strace.args(["-f", "-qq", "-s", "4096", "-o"]).arg(&log);
        strace.args(["-e", "trace=%network,execve,open,openat,openat2,creat"]);
        strace.arg(env!("CARGO_BIN_EXE_jott")).args(args);
        strace
            .current_dir(&self.folder)
            .env_clear()
            .env("HOME", self.folder.path());
        let output = output(&mut strace, stdin.as_bytes());
        let log = std::fs::read_to_string(log).unwrap();
        let mut programs = 0;
        for line in log.lines() {
            // The first word is the process, and a call may have failed.
            let call = line
                .split_once(' ')
                .map_or(line, |(_, call)| call.trim_start());
            let (name, rest) = call.split_once('(').unwrap_or((call, ""));
            match name {
                "execve" => programs += 1,
                "open" | "openat" | "openat2" | "creat" => {
                    let path = rest.split('"').nth(1).unwrap();
                    let fine = OPENED_TO_BEGIN.contains(&path) || is_library(path);
                    assert!(fine || named.contains(&path), "{line}");
                }
                _ => panic!("{line}"),
            }
        }
        assert_eq!(programs, 1, "{log}");
        assert!(!self.folder.path().join("ran").exists());
        String::from_utf8(output.stdout).unwrap()
    }
}

#[test]
fn verify_opens_only_the_keys_that_the_command_line_names() {
    let bait = Bait::new();
    let keys = ["--key", "./secret", "--key", "./public.pem"];
    let mut args = vec!["verify", "--json"];
    args.extend(keys);
    args.extend(bait.tokens());
    let verdicts = json_lines(&bait.watch(&args, "", &["./secret", "./public.pem"]));
    assert_eq!(verdicts.len(), bait.tokens.len());
    for (verdict, (token, valid)) in verdicts.iter().zip(&bait.tokens) {
        assert_eq!(verdict["valid"], *valid, "{token}\n{verdict}");
    }
}

#[test]
fn verify_finds_tokens_in_text_and_opens_nothing_for_them() {
    let bait = Bait::new();
    let text = bait.tokens().collect::<Vec<_>>().join("\n");
    let args = ["verify", "--find", "--key", "./public.pem"];
    bait.watch(&args, &text, &["./public.pem"]);
}

#[test]
fn decode_opens_nothing() {
    let bait = Bait::new();
    let text = bait.tokens().collect::<Vec<_>>().join("\n");
    for option in ["--verbose", "--json", "--redact"] {
        let shown = bait.watch(&["decode", option], &text, &[]);
        assert!(!shown.is_empty(), "{option}");
    }
}

#[test]
fn issue_from_a_token_opens_only_the_key_that_the_command_line_names() {
    let bait = Bait::new();
    for token in bait.tokens().step_by(7) {
        let args = ["issue", "--key", "./secret", "--from", token];
        let issued = bait.watch(&args, "", &["./secret"]);
        assert!(issued.starts_with("ey"), "{token}");
    }
}
