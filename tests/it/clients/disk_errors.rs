//! What fails in the middle, by `strace`: a disk that cannot be read on, one that is full, a file that cannot be synced.

use std::fs::{self, File};
use std::path::Path;
use std::process::Output;

use tempfile::TempDir;

use crate::peer::{run, tool};

const SECRET: &str = "a-string-secret-at-least-256-bits-long";

struct Folder(TempDir);

impl Folder {
    /// With a file of many lines.
    fn with(line: &str) -> Self {
        let folder = TempDir::new().unwrap();
        fs::write(
            folder.path().join("lines"),
            format!("{line}\n").repeat(40_000),
        )
        .unwrap();
        Folder(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Runs jott from one file into another, with a fault of calls, on one of them if it is named.
    fn run(&self, fault: &str, of: Option<&str>, args: &[&str]) -> (Output, String) {
        let mut strace = tool("strace");
        strace.args(["-f", "-qq", "-o", "/dev/null", "-e", fault]);
        if let Some(of) = of {
            strace.arg("-P").arg(self.path().join(of));
        }
        strace.arg(env!("CARGO_BIN_EXE_jott"));
        strace.args(args).current_dir(self.path()).env_clear();
        strace.env("JOTT_SECRET", SECRET).env("HOME", self.path());
        strace.stdin(File::open(self.path().join("lines")).unwrap());
        strace.stdout(File::create(self.path().join("out")).unwrap());
        let output = strace
            .stderr(std::process::Stdio::piped())
            .output()
            .unwrap();
        let out = fs::read(self.path().join("out")).unwrap();
        (output, String::from_utf8(out).unwrap())
    }
}

fn token() -> String {
    let mut issue = tool(env!("CARGO_BIN_EXE_jott"));
    issue
        .args(["issue", "--sub", "alice"])
        .env("JOTT_SECRET", SECRET);
    run(&mut issue, &[]).trim().to_owned()
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

const UNREADABLE: &str = "inject=read,readv:error=EIO:when=4+";

#[test]
fn what_came_before_a_read_error_is_answered_in_whole_lines() {
    let folder = Folder::with(&token());
    for command in ["verify", "decode"] {
        let (output, out) = folder.run(UNREADABLE, Some("lines"), &[command, "--batch"]);
        assert_eq!(output.status.code(), Some(5), "{}", said(&output));
        assert!(
            said(&output)
                .contains("error: standard input could not be read\ncause: Input/output error")
        );
        let lines: Vec<&str> = out.lines().collect();
        assert!(
            (1..40_000).contains(&lines.len()) && out.ends_with('\n'),
            "{}",
            lines.len()
        );
        assert!(
            lines
                .iter()
                .all(|line| line.starts_with('{') && line.ends_with('}'))
        );
    }
}

#[test]
fn a_copy_that_a_read_error_cuts_off_has_no_token() {
    let token = token();
    let folder = Folder::with(&format!("a line of a log {token}"));
    let (output, out) = folder.run(UNREADABLE, Some("lines"), &["decode", "--redact"]);
    assert_eq!(output.status.code(), Some(5), "{}", said(&output));
    let signature = token.rsplit('.').next().unwrap();
    assert!(out.contains("REDACTED") && !out.contains(&signature[..12]));
}

#[test]
fn an_output_that_is_full_in_the_middle_is_said() {
    let folder = Folder::with(&token());
    let fault = "inject=write,writev:error=ENOSPC:when=2+";
    for args in [
        &["verify", "--batch"][..],
        &["decode", "--batch"],
        &["decode", "--redact"],
    ] {
        let (output, _) = folder.run(fault, Some("out"), args);
        assert_eq!(output.status.code(), Some(5), "{args:?} {}", said(&output));
        let words = "error: the result could not be written\ncause: No space left on device";
        assert!(said(&output).contains(words), "{args:?} {}", said(&output));
    }
}

#[test]
fn a_key_that_cannot_be_synced_is_not_there() {
    let folder = Folder::with("");
    let (output, _) = folder.run(
        "inject=fsync,fdatasync:error=EIO",
        None,
        &["key", "generate", "--out", "key.pem"],
    );
    assert_eq!(output.status.code(), Some(5), "{}", said(&output));
    assert!(
        said(&output).contains("error: key.pem could not be written\ncause: Input/output error")
    );
    assert!(!folder.path().join("key.pem").exists());
}
