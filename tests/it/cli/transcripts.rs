//! Runs the sessions in `tests/transcripts/*.md`, `README.md` and the pages of `jott help`, and compares what they
//! say with what happens.
//!
//! A file is one session of `sh`, in an empty folder that is also `HOME`, with nothing in the
//! environment, nothing on standard input and no terminal. In its `console` blocks:
//!
//! - `$ command`, continued on lines that begin with `> `; variables live until the file ends;
//! - then what standard output had, then what standard error had, line by line. In a transcript a
//!   line of standard error begins with `! `, elsewhere it stands as it is;
//! - then the status, such as `? 3`, unless it is 0.
//!
//! `[..]` stands for anything within a line, `...` alone on a line for any number of lines.
//! Control characters are shown as `␛` or `\u{9b}`, an end without a line break as `(no line break)`.
//! An empty line before the next command may be there or not. A note that `jott` waits is left out
//! where none is expected: everything waits on a machine that is busy. `BLESS=1` rewrites what
//! differs; `TRANSCRIPT=verify` runs that one session alone.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use jott::cli::topics::TOPICS;

/// No session takes longer, in seconds.
const PATIENCE: &str = "120";

/// A line of a document: as it is, or a command with what it should give.
enum Part {
    Text(String),
    Step {
        script: Vec<String>,
        expected: Vec<String>,
    },
}

#[test]
fn transcripts_say_what_happens() {
    check(&transcripts(|name| {
        !name.ends_with("-openssl.md") && !is_keyring(name) && !has_bus(name)
    }));
}

#[test]
fn transcripts_with_a_keyring_say_what_happens() {
    check(&transcripts(is_keyring));
}

#[test]
fn transcripts_with_a_keyring_that_is_played_say_what_happens() {
    check(&transcripts(has_bus));
}

#[test]
fn transcripts_with_keys_of_openssl_say_what_happens() {
    check(&transcripts(|name| name.ends_with("-openssl.md")));
}

#[test]
fn the_readme_says_what_happens() {
    check(&[root().join("README.md")]);
}

#[test]
fn the_pages_of_the_help_say_what_happens() {
    let pages = TOPICS
        .iter()
        .map(|topic| root().join(format!("man/{}.md", topic.name)));
    check(&pages.collect::<Vec<_>>());
}

/// Whether a session runs beside a keyring of its own, which is unlocked.
fn is_keyring(name: &str) -> bool {
    name.ends_with("keyring.md")
}

/// Whether a session has a bus of its own, on which nothing offers a keyring before it says so.
fn has_bus(name: &str) -> bool {
    name.ends_with("secret-service.md")
}

/// Starts the keyring on the session's bus, and then the session.
const WITH_KEYRING: &str = "\
export XDG_RUNTIME_DIR=$HOME/run && mkdir -m 700 $XDG_RUNTIME_DIR
printf testpw | gnome-keyring-daemon --unlock --components=secrets > daemon.log 2>&1
gdbus wait --session --timeout 20 org.freedesktop.secrets && rm daemon.log
exec sh $1";

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn transcripts(wanted: fn(&str) -> bool) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("tests/transcripts")).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = paths
        .filter(|path| wanted(&path.to_string_lossy()))
        .collect();
    paths.sort();
    assert!(!paths.is_empty());
    if let Some(only) = env::var_os("TRANSCRIPT") {
        paths.retain(|path| path.file_stem() == Some(&only));
    }
    paths
}

fn check(paths: &[PathBuf]) {
    let reports: String = thread::scope(|scope| {
        let runs: Vec<_> = paths
            .iter()
            .map(|path| scope.spawn(|| check_file(path)))
            .collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    });
    assert!(
        reports.is_empty(),
        "\n{reports}\nBLESS=1 writes what happened into the files\n"
    );
}

/// What differs in a file, or nothing.
fn check_file(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let marks_errors = path.starts_with(root().join("tests"));
    let mut parts = parse(&text);
    let mut report = String::new();
    let results = run(&parts, marks_errors, &path.to_string_lossy());
    assert!(!results.is_empty(), "{} runs nothing", path.display());
    let steps = parts.iter_mut().filter_map(|part| match part {
        Part::Text(_) => None,
        Part::Step { script, expected } => Some((script, expected)),
    });
    for ((script, expected), mut actual) in steps.zip(results) {
        let is_wait = |line: &String| line.contains("note: waiting for ");
        if !expected.iter().any(is_wait) {
            actual.retain(|line| !is_wait(line));
        }
        if matches(expected, &actual) {
            continue;
        }
        let _ = writeln!(report, "{}\n  $ {}", path.display(), script.join("\n  > "));
        report.push_str(&difference(expected, &actual));
        *expected = blessed(expected, actual);
    }
    if std::env::var_os("BLESS").is_some() {
        fs::write(path, print(&parts)).unwrap();
        return String::new();
    }
    report
}

fn parse(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut in_console = false;
    for line in text.lines() {
        let fence = line.starts_with("```");
        if fence {
            in_console = line == "```console";
        }
        match (line.strip_prefix("$ "), parts.last_mut()) {
            (Some(command), _) if in_console => parts.push(Part::Step {
                script: vec![command.to_owned()],
                expected: Vec::new(),
            }),
            (None, Some(Part::Step { script, expected })) if in_console && !fence => {
                match line.strip_prefix("> ").filter(|_| expected.is_empty()) {
                    Some(more) => script.push(more.to_owned()),
                    None => expected.push(line.to_owned()),
                }
            }
            _ => parts.push(Part::Text(line.to_owned())),
        }
    }
    parts
}

fn print(parts: &[Part]) -> String {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Text(line) => text.push_str(line),
            Part::Step { script, expected } => {
                let _ = write!(text, "$ {}", script.join("\n> "));
                for line in expected {
                    let _ = write!(text, "\n{line}");
                }
            }
        }
        text.push('\n');
    }
    text
}

/// Runs all steps in one shell; gives the lines of each.
fn run(parts: &[Part], marks_errors: bool, name: &str) -> Vec<Vec<String>> {
    let (records, home) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let at = |step: usize, what: &str| records.path().join(format!("{step}.{what}"));
    let mut session = String::new();
    let mut steps = 0;
    for part in parts {
        let Part::Step { script, .. } = part else {
            continue;
        };
        let [out, err, status] =
            ["out", "err", "status"].map(|what| at(steps, what).display().to_string());
        let _ = writeln!(
            session,
            "{{ {}\n}} >{out} 2>{err}; echo $? >{status}",
            script.join("\n")
        );
        steps += 1;
    }
    fs::write(records.path().join("session"), session).unwrap();
    let bin = Path::new(env!("CARGO_BIN_EXE_jott")).parent().unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let tools = root().join("tests/cli");
    let bus = format!("--config-file={}/bus.conf", tools.display());
    let shell: &[&str] = match (is_keyring(name), has_bus(name)) {
        (true, _) => &["dbus-run-session", "--", "sh", "-c", WITH_KEYRING, "sh"],
        (_, true) => &["dbus-run-session", &bus, "--", "sh"],
        _ => &["sh"],
    };
    let ended = Command::new("setsid")
        .args(["timeout", PATIENCE])
        .args(shell)
        .arg(records.path().join("session"))
        .env_clear()
        .env(
            "PATH",
            format!("{}:{path}:{}", bin.display(), tools.display()),
        )
        .env("HOME", home.path())
        .current_dir(home.path())
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    assert!(ended.success(), "the session broke off: {ended}");
    let read = |step, what| fs::read(at(step, what)).unwrap_or_default();
    let lines = |step| {
        let errors = shown(&read(step, "err")).into_iter();
        let errors = errors.map(|line| {
            if marks_errors {
                format!("! {line}")
            } else {
                line
            }
        });
        let status = String::from_utf8(read(step, "status")).unwrap();
        let status = Some(format!("? {}", status.trim())).filter(|status| status != "? 0");
        shown(&read(step, "out"))
            .into_iter()
            .chain(errors)
            .chain(status)
            .collect()
    };
    (0..steps).map(lines).collect()
}

/// The lines of an output, with nothing in them that an editor would hide.
fn shown(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let visible = |c: char| match c {
        '\0'..'\u{20}' => char::from_u32(0x2400 + u32::from(c)).unwrap().to_string(),
        _ if c.is_control() || "\u{200b}\u{202e}\u{feff}".contains(c) => {
            c.escape_unicode().to_string()
        }
        _ => c.to_string(),
    };
    let mut lines: Vec<String> = text
        .split('\n')
        .map(|line| line.chars().map(visible).collect())
        .collect();
    match lines.pop() {
        Some(rest) if !rest.is_empty() => lines.extend([rest, "(no line break)".to_owned()]),
        _ => {}
    }
    lines
}

fn matches(expected: &[String], actual: &[String]) -> bool {
    match expected.split_first() {
        None => actual.is_empty(),
        Some((blank, [])) if blank.is_empty() && actual.is_empty() => true,
        Some((any, rest)) if any == "..." => {
            (0..=actual.len()).any(|n| matches(rest, &actual[n..]))
        }
        Some((line, rest)) => actual
            .split_first()
            .is_some_and(|(a, more)| line_matches(line, a) && matches(rest, more)),
    }
}

fn line_matches(expected: &str, actual: &str) -> bool {
    match expected.split_once("[..]") {
        None => expected == actual,
        Some((start, rest)) => actual.strip_prefix(start).is_some_and(|tail| {
            (0..=tail.len())
                .filter_map(|n| tail.get(n..))
                .any(|tail| line_matches(rest, tail))
        }),
    }
}

fn difference(expected: &[String], actual: &[String]) -> String {
    let mut text = String::new();
    for (title, sign, lines, others) in [
        ("expected", '-', expected, actual),
        ("happened", '+', actual, expected),
    ] {
        let _ = writeln!(text, "  {title}");
        for line in lines {
            let known = |other: &String| line_matches(line, other) || line_matches(other, line);
            let sign = if others.iter().any(known) { ' ' } else { sign };
            let _ = writeln!(text, "  {sign} {line}");
        }
    }
    text
}

/// What happened, said as before where that still holds.
fn blessed(expected: &[String], actual: Vec<String>) -> Vec<String> {
    let pattern = |line: &String| {
        expected
            .iter()
            .find(|e| e.contains("[..]") && line_matches(e, line))
            .cloned()
    };
    actual
        .into_iter()
        .map(|line| pattern(&line).unwrap_or(line))
        .collect()
}
