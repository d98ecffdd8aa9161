//! Many tokens, where lines, pipes and signals are at their worst.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
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
                assert_eq!(
                    without_diagnosis(&full),
                    without_diagnosis(alone(token)),
                    "{token} {policy:?}"
                );
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

/// A verdict without the hint at what would have made a signature good, which a batch does not look for.
fn without_diagnosis(verdict: &Value) -> Value {
    let mut verdict = verdict.clone();
    let refusals = verdict["refusals"].as_array_mut().into_iter().flatten();
    for refusal in refusals {
        if refusal["reason"] == "bad_signature" || refusal["reason"] == "key_not_found" {
            refusal["hint"] = Value::Null;
        }
    }
    verdict
}

/// Numbers that look random, and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn one_of<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len())]
    }
}

/// A token that somebody meddled with: its characters, its segments, or what is inside of them.
fn mutated(tokens: &[String], dice: &mut Dice) -> String {
    const CHARACTERS: &[&str] = &["A", "z", "_", "-", ".", "=", "+", "~", " ", "é", "\"", ""];
    const MEMBERS: &[(&str, &str)] = &[
        ("\"alg\":\"", "\"alg\":\"H"),
        ("256\"", "512\""),
        ("HS256", "none"),
        ("\"kid\"", "\"kit\""),
        ("{", "{\"crit\":[\"x\"],"),
        ("{", "{\"exp\":1,"),
        ("{", "{\"aud\":\"api\","),
        ("exp\":", "exp\":-"),
        ("\"sub\":", "\"sub\":0,\"s\":"),
        ("}", ",}"),
        ("}", ""),
    ];
    let mut token = tokens[dice.below(tokens.len())].clone();
    for _ in 0..=dice.below(3) {
        let mut segments: Vec<&str> = token.split('.').collect();
        let at = dice.below(segments.len());
        let inside = URL_SAFE_NO_PAD.decode(segments[at]).ok();
        let inside = inside.and_then(|bytes| String::from_utf8(bytes).ok());
        let mut edited = segments[at].to_owned();
        match (dice.below(5), inside) {
            (0, Some(json)) => {
                let (from, to) = MEMBERS[dice.below(MEMBERS.len())];
                edited = URL_SAFE_NO_PAD.encode(json.replacen(from, to, 1));
            }
            (1, _) => {
                edited = tokens[dice.below(tokens.len())]
                    .split('.')
                    .nth(at % 3)
                    .unwrap()
                    .into();
            }
            (2, _) => segments.swap(at, 0),
            _ => {
                let places: Vec<usize> = edited.char_indices().map(|(place, _)| place).collect();
                if let Some(place) = places.get(dice.below(places.len().max(1))) {
                    let end = place + edited[*place..].chars().next().unwrap().len_utf8();
                    edited.replace_range(place..&end, dice.one_of(CHARACTERS));
                }
            }
        }
        let at = at.min(segments.len() - 1);
        let mut segments: Vec<String> = segments.iter().map(|s| (*s).to_owned()).collect();
        segments[at] = edited;
        token = segments.join(".");
    }
    token
}

#[test]
fn five_thousand_mutated_tokens_have_the_verdict_in_a_batch_that_each_has_alone() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let mut keys = Vec::new();
    let mut tokens = Vec::new();
    for alg in ["HS256", "RS256", "ES256", "EdDSA"] {
        let key = at(alg);
        let made = run(&["key", "generate", "--alg", alg, "--out", &key], "");
        assert_eq!(made.status, Some(0), "{}", made.stderr);
        for flags in [
            "--kid none --aud api --exp never",
            "--kid KID --aud api --exp 2030-01-01T01:00:00Z",
            "--kid KID --aud other --nbf 2030-01-01T00:30:00Z --exp 2030-01-01T01:00:00Z",
            "--kid KID --aud api --exp 2029-12-31T23:00:00Z",
        ] {
            let given = ["--key", &key, "--sub", "alice", "--iat", "none"];
            let more = flags
                .split(' ')
                .map(|word| if word == "KID" { alg } else { word });
            let args: Vec<&str> = given.into_iter().chain(more).collect();
            tokens.push(issued(&args).trim_end().to_owned());
        }
        let shown = run(&["key", "show", "--key", &key, "--private"], "");
        let mut jwk: Value = serde_json::from_str(&shown.stdout).unwrap();
        jwk["kid"] = alg.into();
        keys.push(jwk);
    }
    let set = at("set.json");
    fs::write(&set, serde_json::json!({ "keys": keys }).to_string()).unwrap();
    let mut dice = Dice(2026);
    let tokens: Vec<String> = (0..5_000).map(|_| mutated(&tokens, &mut dice)).collect();
    let policy = [
        "--key",
        &set,
        "--at",
        "2030-01-01T00:00:00Z",
        "--aud",
        "api",
        "--require",
        "sub",
    ];
    let mut alone = Vec::new();
    for some in tokens.chunks(500) {
        let operands = some.iter().map(String::as_str);
        let args = ["verify", "--json"].into_iter().chain(policy);
        let args: Vec<&str> = args.chain(["--"]).chain(operands).collect();
        alone.extend(json_lines(&run(&args, "").stdout));
    }
    let batch = [&["verify", "--batch", "--full"], &policy[..]].concat();
    let batch = json_lines(&run(&batch, tokens.join("\n")).stdout);
    assert_eq!((alone.len(), batch.len()), (tokens.len(), tokens.len()));
    let mut kinds = BTreeSet::new();
    for ((token, alone), mut together) in tokens.iter().zip(&alone).zip(batch) {
        together.as_object_mut().unwrap().remove("line");
        assert_eq!(
            without_diagnosis(&together),
            without_diagnosis(alone),
            "{token}"
        );
        kinds.insert(alone["refusals"][0]["reason"].as_str().map(str::to_owned));
    }
    // They are not all of one kind, or the test would not say much.
    assert!(kinds.len() >= 9, "{kinds:?}");
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
