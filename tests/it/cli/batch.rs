//! Many tokens, where lines, pipes and signals are at their worst.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::support::{Run, jott};

const SECRET: &str = "a-string-secret-at-least-256-bits-long";

fn run(args: &[&str], stdin: impl AsRef<[u8]>) -> Run {
    jott(args).env("JOTT_SECRET", SECRET).stdin(stdin).run()
}

fn issued(args: &[&str]) -> String {
    let run = run(&[&["issue"], args].concat(), "");
    assert_eq!(run.status, Some(0), "{}", run.stderr);
    run.stdout
}

/// A valid token with its line break.
fn valid() -> String {
    issued(&["--sub", "alice", "--exp", "1h"])
}

fn start(args: &[&str], stdout: Stdio) -> Child {
    Command::new(env!("CARGO_BIN_EXE_jott"))
        .args(args)
        .env_clear()
        .env("JOTT_SECRET", SECRET)
        .stdin(Stdio::piped())
        .stdout(stdout)
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn json_lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Tokens of every kind of verdict, in the dress in which they come.
fn zoo() -> Vec<String> {
    let good = valid().trim_end().to_owned();
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let flipped = signature.replacen(|c| c != 'A', "A", 1);
    let mut zoo = vec![
        good.clone(),
        format!("Bearer {good}"),
        format!("\"{good}\""),
        format!("{signed}.{flipped}"),
        format!("{signed}."),
        format!("{good}."),
        format!("{good}~"),
        "eyJhbGciOiJub25lIn0.e30.".to_owned(),
        "eyJhbGciOiJSUzI1NiJ9.e30.c2ln".to_owned(),
        "eyJhbGciOiJIUzI1NiIsImNyaXQiOlsiYiJdLCJiIjoxfQ.e30.c2ln".to_owned(),
        "not a token".to_owned(),
        "Bearer".to_owned(),
    ];
    let flags: &[&[&str]] = &[
        &["--exp", "-1h"],
        &["--exp", "never"],
        &["--nbf", "1h"],
        &["--aud", "api", "--iss", "me"],
        &["-c", "sub:=1"],
        &["-c", "exp:=\"soon\"", "--exp", "never"],
        &["-c", "text=\u{9b}\u{202e}", "-c", "n:=1.50e2"],
        &["--typ", "at+jwt", "--kid", "k"],
    ];
    zoo.extend(
        flags
            .iter()
            .map(|flags| issued(flags).trim_end().to_owned()),
    );
    zoo
}

#[test]
fn a_line_has_the_verdict_that_the_token_has_alone() {
    let zoo = zoo();
    let policies: &[&[&str]] = &[
        &[],
        &["--aud", "api", "--leeway", "5m"],
        &["--typ", "at+jwt", "--alg", "HS512"],
        &["--allow-no-exp", "--require", "header.kid"],
        &["--signature-only"],
    ];
    // Each kind of line follows each other kind, since a judge remembers the header before.
    let pairs: Vec<&String> = zoo
        .iter()
        .flat_map(|a| zoo.iter().flat_map(move |b| [a, b]))
        .collect();
    let lines: Vec<&str> = pairs.iter().map(|token| token.as_str()).collect();
    let text = lines.join("\n");
    for policy in policies {
        let at = ["--at", "2026-11-23T12:00:00Z"];
        let at = if policy.contains(&"--signature-only") {
            &[][..]
        } else {
            &at[..]
        };
        let alone: Vec<Value> = zoo
            .iter()
            .map(|token| {
                let args = [&["verify", "--json"], *policy, at, &["--", token]].concat();
                serde_json::from_str(&run(&args, "").stdout).unwrap()
            })
            .collect();
        let alone = |token: &String| &alone[zoo.iter().position(|t| t == token).unwrap()];
        for jobs in ["1", "3"] {
            let args = [&["verify", "--batch", "--jobs", jobs], *policy, at].concat();
            let brief = json_lines(&run(&args, &text).stdout);
            let full = json_lines(&run(&[&args, &["--full"][..]].concat(), &text).stdout);
            assert_eq!((brief.len(), full.len()), (pairs.len(), pairs.len()));
            for (n, token) in pairs.iter().enumerate() {
                let (mut full, brief) = (full[n].clone(), &brief[n]);
                assert_eq!(
                    full.as_object_mut().unwrap().remove("line"),
                    Some((n + 1).into())
                );
                assert_eq!(&full, alone(token), "{token} {policy:?}");
                assert_eq!(brief["line"], n + 1);
                assert_eq!(brief["valid"], full["valid"]);
                assert_eq!(brief["claims"], full["claims"], "{token}");
                let reasons = |verdict: &Value| -> Vec<Value> {
                    let refusals = verdict["refusals"].as_array();
                    refusals
                        .into_iter()
                        .flatten()
                        .map(|r| r["reason"].clone())
                        .collect()
                };
                assert_eq!(reasons(brief), reasons(&full), "{token} {policy:?}");
            }
        }
    }
}

#[test]
fn a_line_may_have_a_mebibyte_and_no_byte_more() {
    const MOST: usize = 1 << 20;
    let token = valid();
    let padded = |length: usize| {
        format!(
            "{}{}",
            " ".repeat(length - token.len() + 1),
            token.trim_end()
        )
    };
    let lines = [
        padded(MOST),
        format!("{}\r", padded(MOST)),
        padded(MOST + 1),
        format!("{}\rx", padded(MOST)),
        "a".repeat(10_000_000),
        token.trim_end().to_owned(),
        "b".repeat(3 * MOST),
    ];
    for jobs in ["1", "2"] {
        let run = run(&["verify", "--batch", "--jobs", jobs], lines.join("\n"));
        let verdicts = json_lines(&run.stdout);
        let valid: Vec<bool> = verdicts.iter().map(|v| v["valid"] == true).collect();
        assert_eq!(valid, [true, true, false, false, false, true, false]);
        for n in [2, 3, 4, 6] {
            let message = &verdicts[n]["refusals"][0]["message"];
            assert_eq!(message, "the line is longer than 1 MiB");
        }
        assert_eq!(run.status, Some(1));
    }
    let claims = format!("{{}}\n{{\"a\":\"{}\"}}\n{{}}\n", "a".repeat(MOST));
    let run = run(&["issue", "--batch"], claims);
    assert_eq!(
        run.stdout.lines().map(str::is_empty).collect::<Vec<_>>(),
        [false, true, false]
    );
    assert!(
        run.stderr.starts_with("note: line 2: longer than 1 MiB\n"),
        "{}",
        run.stderr
    );
    assert_eq!(run.status, Some(4));
}

#[test]
fn the_order_is_that_of_the_lines_whatever_the_number_of_threads() {
    let claims: Vec<String> = (0..20_000).map(|n| format!("{{\"n\":{n}}}")).collect();
    let claims = claims.join("\n");
    for jobs in ["1", "2", "7", "1000"] {
        let tokens = run(&["issue", "-q", "--batch", "--jobs", jobs], &claims).stdout;
        let run = run(&["verify", "--batch", "--jobs", jobs], &tokens);
        assert_eq!(run.status, Some(0));
        let verdicts = json_lines(&run.stdout);
        assert_eq!(verdicts.len(), 20_000);
        for (n, verdict) in verdicts.iter().enumerate() {
            assert_eq!(
                (&verdict["line"], &verdict["claims"]["n"]),
                (&(n + 1).into(), &n.into())
            );
        }
    }
}

#[test]
fn a_slow_writer_sees_each_line_answered() {
    for jobs in ["1", "2"] {
        let token = valid();
        let mut child = start(&["verify", "--batch", "--jobs", jobs], Stdio::piped());
        let mut stdin = child.stdin.take().unwrap();
        let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
        for line in 1..=3 {
            // In two parts, of which the first ends nowhere.
            let (begun, rest) = token.split_at(token.len() / 2);
            stdin.write_all(begun.as_bytes()).unwrap();
            thread::sleep(Duration::from_millis(20));
            stdin.write_all(rest.as_bytes()).unwrap();
            let answer = answers.next().unwrap().unwrap();
            assert!(
                answer.starts_with(&format!("{{\"line\":{line},\"valid\":true")),
                "{answer}"
            );
        }
        drop(stdin);
        assert!(answers.next().is_none());
        assert_eq!(child.wait().unwrap().code(), Some(0));
    }
}

/// Whoever waits for more input is told as well.
#[test]
fn a_reader_that_goes_away_ends_it_while_the_input_stays_open() {
    for jobs in ["1", "2", "7"] {
        let token = valid();
        let mut child = start(&["verify", "--batch", "--jobs", jobs], Stdio::piped());
        let mut stdin = child.stdin.take().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdin.write_all(token.as_bytes()).unwrap();
        stdout.read_line(&mut String::new()).unwrap();
        drop(stdout);
        // A program that another test is starting holds the end of the reader until it runs, and so
        // one line more may still find a reader.
        while child.try_wait().unwrap().is_none() {
            let _ = stdin.write_all(token.as_bytes());
            thread::sleep(Duration::from_millis(10));
        }
        let output = child.wait_with_output().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
        assert_eq!(output.status.code(), Some(5));
        drop(stdin);
    }
}

#[test]
fn signals_end_the_input_and_not_the_answers() {
    for (signal, number) in [(Signal::INT, 2), (Signal::TERM, 15)] {
        let token = valid();
        let mut child = start(&["verify", "--batch"], Stdio::piped());
        let mut stdin = child.stdin.take().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let begun = token.get(..30).unwrap();
        stdin
            .write_all(format!("{token}{begun}").as_bytes())
            .unwrap();
        let mut first = String::new();
        stdout.read_line(&mut first).unwrap();
        kill_process(Pid::from_child(&child), signal).unwrap();
        let mut rest = String::new();
        stdout.read_to_string(&mut rest).unwrap();
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(first.starts_with("{\"line\":1,\"valid\":true"));
        assert_eq!(rest, "", "the line that was begun is no line");
        assert!(
            stderr.starts_with("note: 1 token in ") && stderr.ends_with(": 1 valid, 0 refused\n"),
            "{stderr}"
        );
        assert_eq!(output.status.signal(), Some(number));
        drop(stdin);
    }
}

#[test]
fn signals_in_the_middle_of_much_leave_whole_lines() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tokens");
    fs::write(&path, valid().repeat(200_000)).unwrap();
    let out = folder.path().join("out");
    let mut child = Command::new(env!("CARGO_BIN_EXE_jott"))
        .args(["verify", "--batch"])
        .env_clear()
        .env("JOTT_SECRET", SECRET)
        .stdin(File::open(&path).unwrap())
        .stdout(File::create(&out).unwrap())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while fs::metadata(&out).unwrap().len() == 0 {
        thread::sleep(Duration::from_millis(1));
    }
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let status = child.wait().unwrap();
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut stderr)
        .unwrap();
    assert_eq!(status.signal(), Some(2), "{stderr}");
    let text = fs::read_to_string(&out).unwrap();
    assert!(text.ends_with("}\n"));
    let verdicts = json_lines(&text);
    assert!(verdicts.len() < 200_000);
    let counted = stderr
        .strip_prefix("note: ")
        .and_then(|s| s.split_once(" tokens"))
        .unwrap()
        .0;
    assert_eq!(counted.replace(',', ""), verdicts.len().to_string());
}

#[test]
fn output_that_cannot_be_written_is_told() {
    let token = valid().repeat(1_000);
    let full = File::options().write(true).open("/dev/full").unwrap();
    let mut child = start(&["verify", "--batch"], full.into());
    let _ = child.stdin.take().unwrap().write_all(token.as_bytes());
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: the result could not be written\ncause: No space left on device (os error 28)\n"
    );
    assert_eq!(output.status.code(), Some(5));
}

#[test]
fn a_reader_that_goes_away_ends_it_quietly() {
    for jobs in ["1", "2"] {
        let tokens = valid().repeat(20_000);
        let mut child = start(&["verify", "--batch", "--jobs", jobs], Stdio::piped());
        let mut stdin = child.stdin.take().unwrap();
        let writer = thread::spawn(move || {
            let _ = stdin.write_all(tokens.as_bytes());
        });
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut String::new()).unwrap();
        drop(stdout);
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
        assert_eq!(output.status.code(), Some(5));
    }
}
