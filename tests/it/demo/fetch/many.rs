//! Many processes that want one token at once, and some that are killed meanwhile. Refresh tokens
//! rotate, and one that is used twice ends the log-in.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::played::{Played, answer};
use super::{ALICE, Home, token};
use crate::demo::server::Server;
use crate::support::Run;

/// How often each is done: `ROUNDS=50` looks longer.
pub(super) fn rounds() -> usize {
    env::var("ROUNDS").map_or(5, |rounds| rounds.parse().unwrap())
}

/// What so many processes get that begin at once.
fn at_once(count: usize, server: &Server, home: &Home) -> Vec<Run> {
    thread::scope(|scope| {
        let runs: Vec<_> = (0..count)
            .map(|_| scope.spawn(|| home.fetch(server, ALICE).run()))
            .collect();
        runs.into_iter().map(|run| run.join().unwrap()).collect()
    })
}

/// The one token that all of them got, which opens.
#[track_caller]
pub(super) fn one_good_token(runs: &[Run], server: &Server) -> String {
    let tokens: Vec<String> = runs.iter().map(token).collect();
    let first = tokens.first().unwrap();
    assert!(tokens.iter().all(|token| token == first), "{tokens:?}");
    assert_eq!(server.protected(first).status, 200);
    first.clone()
}

/// How many requests for tokens have come, by what became of them.
pub(super) fn asked(server: &Server) -> BTreeMap<String, usize> {
    let log = server.whole_log();
    let mut asked = BTreeMap::new();
    for line in log.lines().filter(|line| line.starts_with("POST /token ")) {
        let status = line.split(' ').nth(3).unwrap();
        *asked.entry(status.to_owned()).or_insert(0) += 1;
    }
    asked
}

#[test]
fn twenty_at_once_are_one_refresh() {
    let (server, home) = (Server::start(), Home::new());
    token(&home.fetch(&server, ALICE).run());
    for _ in 0..rounds() {
        home.expire();
        let before = asked(&server);
        one_good_token(&at_once(20, &server, &home), &server);
        let mut expected = before;
        *expected.get_mut("200").unwrap() += 1;
        assert_eq!(asked(&server), expected);
    }
}

/// The calls by which a process gets and keeps a token; what it does in between, nobody else sees.
pub(super) const CALLS: &str =
    "flock,openat,read,socket,connect,sendto,recvfrom,write,fsync,unlink,renameat,close";

/// A process under `strace`, which may send it SIGKILL as it begins a call, and lets others come while
/// it has the lock.
fn traced(server: &Server, home: &Home, log: &str, kill_at: Option<(&str, usize)>) -> Command {
    let mut strace = Command::new("strace");
    strace.args(["-f", "-qq", "-o", log, "-e", &format!("trace={CALLS}")]);
    if let Some((call, count)) = kill_at {
        strace.arg(format!("--inject={call}:signal=KILL:when={count}"));
        if call != "flock" {
            strace.arg("--inject=flock:delay_exit=100000:when=1");
        }
    }
    let issuer = server.issuer();
    strace
        .args([env!("CARGO_BIN_EXE_jott"), "fetch", "--issuer", &issuer])
        .args(["--store", "file"])
        .args(ALICE)
        .env("HOME", home.path())
        .env("PASSWORD", "wonderland")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    strace
}

/// What a process does from the lock on, each call with its number of that name.
fn steps(log: &str) -> Vec<(String, usize)> {
    let first = log.split(' ').next().unwrap();
    let mut counts = BTreeMap::new();
    let mut steps = Vec::new();
    for line in log.lines() {
        let (process, call) = line.split_once(' ').unwrap();
        let Some((name, _)) = call.trim_start().split_once('(') else {
            continue;
        };
        // Of threads, which begin and end where the network is asked, nothing is counted.
        if process != first || !CALLS.split(',').any(|call| call == name) {
            continue;
        }
        let count = counts.entry(name.to_owned()).or_insert(0);
        *count += 1;
        if name == "flock" || !steps.is_empty() {
            steps.push((name.to_owned(), *count));
        }
    }
    steps
}

/// The one that refreshes is killed at each of its calls, from the lock to the last line. The others
/// refresh in its place, or take what it has kept. Where the server had answered and nothing was kept
/// yet, the log-in is over, and begins anew.
#[test]
fn whoever_is_killed_while_it_refreshes_leaves_nothing_half_done() {
    let (server, home) = (Server::start(), Home::new());
    let log = home.0.path().join("strace");
    let log = log.to_str().unwrap();
    token(&home.fetch(&server, ALICE).run());
    home.expire();
    let whole = traced(&server, &home, log, None).status().unwrap();
    assert!(whole.success());
    let steps = steps(&fs::read_to_string(log).unwrap());
    let lock = home.entry().with_extension("lock");
    let others = if rounds() < 50 { 4 } else { 19 };
    let mut outcomes = Vec::new();
    for (call, number) in &steps {
        home.expire();
        let before = asked(&server);
        let mut winner = traced(&server, &home, log, Some((call, *number)));
        let mut winner = winner.spawn().unwrap();
        while winner.try_wait().unwrap().is_none() && !is_locked(&lock) {
            thread::sleep(Duration::from_millis(1));
        }
        one_good_token(&at_once(others, &server, &home), &server);
        winner.wait().unwrap();
        let traced = fs::read_to_string(log).unwrap();
        assert!(
            traced.contains("killed by SIGKILL"),
            "{call} {number}: {traced}"
        );
        let after = asked(&server);
        outcomes.push((more(&before, &after, "200"), more(&before, &after, "400")));
        // What was half written is not there any more.
        assert!(!home.entry().with_extension("new").exists());
    }
    // A request that was cut off is a refusal too.
    outcomes.retain(|outcome| *outcome != (1, 1));
    outcomes.dedup();
    let expected = [
        // Nothing was asked yet: one of the others does.
        (1, 0),
        // The server had answered, and the old refresh token is refused.
        (2, 1),
        // The new refresh token was kept, and the access token not yet.
        (2, 0),
        // Both were.
        (1, 0),
    ];
    assert_eq!(outcomes, expected);
}

/// How many requests more have come to that.
pub(super) fn more(
    before: &BTreeMap<String, usize>,
    after: &BTreeMap<String, usize>,
    status: &str,
) -> usize {
    let count = |asked: &BTreeMap<String, usize>| asked.get(status).copied().unwrap_or(0);
    count(after) - count(before)
}

/// Whether somebody has the lock of a file.
pub(super) fn is_locked(lock: &Path) -> bool {
    let inode = fs::metadata(lock).unwrap().ino().to_string();
    let locks = fs::read_to_string("/proc/locks").unwrap();
    let mut locks = locks.split_whitespace();
    locks.any(|word| word.rsplit(':').next() == Some(&inode))
}

/// A refresh that the server is about to answer: what says that it is asked, and what lets it answer.
fn held() -> (Played, Receiver<()>, Sender<()>) {
    let (is_asked, asked) = mpsc::channel();
    let (go, may_go) = mpsc::channel();
    let (is_asked, may_go) = (Mutex::new(is_asked), Mutex::new(may_go));
    let first =
        r#"{"access_token":"one","token_type":"Bearer","expires_in":600,"refresh_token":"first"}"#;
    let second = first.replace("one", "two").replace("first", "second");
    let played = Played::start(move |request| {
        if request.body.contains("refresh_token=first") {
            is_asked.lock().unwrap().send(()).unwrap();
            may_go.lock().unwrap().recv().unwrap();
            return answer(200, &second);
        }
        answer(200, first)
    });
    (played, asked, go)
}

fn started(played: &Played, home: &Home) -> Child {
    Command::new(env!("CARGO_BIN_EXE_jott"))
        .args(["fetch", "--issuer", &played.issuer, "--store", "file"])
        .args(PLAIN)
        .env_clear()
        .env("HOME", home.path())
        .env("PASSWORD", "wonderland")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Without an ID token, which a server that is played does not sign.
pub(super) const PLAIN: &[&str] = &[
    "--client",
    "app",
    "--grant",
    "password",
    "--username",
    "alice",
    "--password",
    "env:PASSWORD",
];

/// Ctrl-C in the middle of a refresh: the server may have forgotten the old refresh token already.
#[test]
fn a_signal_waits_until_the_new_refresh_token_is_kept() {
    for signal in [Signal::INT, Signal::TERM] {
        let (played, asked, go) = held();
        let home = Home::new();
        token(&home.fetch_from(&played.issuer, PLAIN).run());
        home.expire();
        let mut child = started(&played, &home);
        asked.recv().unwrap();
        kill_process(Pid::from_child(&child), signal).unwrap();
        thread::sleep(Duration::from_millis(100));
        assert_eq!(child.try_wait().unwrap(), None);
        go.send(()).unwrap();
        child.wait().unwrap();
        assert_eq!(home.kept()["refresh_token"], "second");
        assert_eq!(token(&home.fetch_from(&played.issuer, PLAIN).run()), "two");
    }
}

#[test]
fn a_second_signal_ends_a_refresh_at_once() {
    let (played, asked, go) = held();
    let home = Home::new();
    token(&home.fetch_from(&played.issuer, PLAIN).run());
    home.expire();
    let mut child = started(&played, &home);
    asked.recv().unwrap();
    let status = loop {
        // Two that come at once are one.
        kill_process(Pid::from_child(&child), Signal::INT).unwrap();
        thread::sleep(Duration::from_millis(20));
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
    };
    assert_eq!(status.signal(), Some(Signal::INT.as_raw()));
    assert_eq!(home.kept()["refresh_token"], "first");
    go.send(()).unwrap();
}
