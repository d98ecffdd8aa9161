//! Tokens in a real keyring, gnome-keyring on a bus of its own, that many processes want at once.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;

use super::many::{CALLS, PLAIN, asked, is_locked, more, one_good_token, rounds};
use super::played::{Played, answer};
use super::{ALICE, Home, token};
use crate::demo::server::Server;
use crate::support::{Jott, Run, jott};

/// Starts the keyring on the session's bus, unlocked, and says the address of the bus.
const SESSION: &str = "\
export XDG_RUNTIME_DIR=$HOME/run && mkdir -m 700 $XDG_RUNTIME_DIR
printf testpw | gnome-keyring-daemon --unlock --components=secrets > /dev/null 2>&1
gdbus wait --session --timeout 20 org.freedesktop.secrets
echo $DBUS_SESSION_BUS_ADDRESS
exec cat > /dev/null";

/// A user with a keyring.
struct User {
    home: Home,
    bus: String,
    session: Child,
    /// Where that ends, the session does, and with it the bus and the keyring.
    stdin: Option<ChildStdin>,
}

impl User {
    fn new() -> User {
        let home = Home::new();
        let mut session = Command::new("dbus-run-session")
            .args(["--", "sh", "-c", SESSION])
            .env("HOME", home.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut bus = String::new();
        let mut said = BufReader::new(session.stdout.take().unwrap());
        said.read_line(&mut bus).unwrap();
        assert!(bus.starts_with("unix:"), "{bus}");
        User {
            home,
            bus: bus.trim_end().to_owned(),
            stdin: session.stdin.take(),
            session,
        }
    }

    fn fetch(&self, server: &Server) -> Jott {
        let issuer = server.issuer();
        let all = ["fetch", "--issuer", &issuer, "--store", "keyring"];
        jott(all.iter().chain(ALICE))
            .env("HOME", self.home.path())
            .env("PASSWORD", "wonderland")
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
    }

    fn at_once(&self, count: usize, server: &Server) -> Vec<Run> {
        thread::scope(|scope| {
            let runs: Vec<_> = (0..count)
                .map(|_| scope.spawn(|| self.fetch(server).run()))
                .collect();
            runs.into_iter().map(|run| run.join().unwrap()).collect()
        })
    }

    /// Lets the access token expire; gives the entry as it was.
    fn expire(&self) -> Value {
        let script = format!(
            "{}/tests/clients/expire_in_keyring.py",
            env!("CARGO_MANIFEST_DIR")
        );
        let output = Command::new("/usr/bin/python3")
            .arg(script)
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// One under `strace`, which may send it SIGKILL as it begins a call, and lets others come while it has
    /// the lock.
    fn traced(&self, server: &Server, log: &str, kill_at: Option<&(String, usize)>) -> Command {
        let mut strace = Command::new("strace");
        strace.args([
            "-f",
            "-qq",
            "-o",
            log,
            "-e",
            &format!("trace={CALLS},{BUS_CALLS}"),
        ]);
        if let Some((call, count)) = kill_at {
            strace.arg(format!("--inject={call}:signal=KILL:when={count}"));
            if call != "flock" {
                strace.arg("--inject=flock:delay_exit=100000:when=1");
            }
        }
        strace
            .args([
                env!("CARGO_BIN_EXE_jott"),
                "fetch",
                "--issuer",
                &server.issuer(),
            ])
            .args(["--store", "keyring"])
            .args(ALICE)
            .env("HOME", self.home.path())
            .env("PASSWORD", "wonderland")
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        strace
    }
}

impl Drop for User {
    fn drop(&mut self) {
        drop(self.stdin.take());
        let _ = self.session.wait();
    }
}

#[test]
fn twenty_at_once_are_one_refresh_over_a_keyring() {
    let (server, user) = (Server::start(), User::new());
    let mut last = token(&user.fetch(&server).run());
    for _ in 0..rounds() {
        assert_eq!(user.expire()["access_token"], last.as_str());
        let before = asked(&server);
        let refreshed = one_good_token(&user.at_once(20, &server), &server);
        assert_ne!(refreshed, last);
        last = refreshed;
        let mut expected = before;
        *expected.get_mut("200").unwrap() += 1;
        assert_eq!(asked(&server), expected);
    }
}

/// A keyring that is locked between the log-in and what is to be kept, and nobody there to unlock it.
#[test]
fn a_keyring_that_locks_in_the_middle_loses_no_token() {
    let user = User::new();
    let bus = user.bus.clone();
    let played = Played::start(move |_| {
        let all = "['/org/freedesktop/secrets/collection/login']";
        let lock = Command::new("gdbus")
            .args(["call", "--session", "-d", "org.freedesktop.secrets"])
            .args(["-o", "/org/freedesktop/secrets"])
            .args(["-m", "org.freedesktop.Secret.Service.Lock", all])
            .env("DBUS_SESSION_BUS_ADDRESS", &bus)
            .output();
        assert!(lock.unwrap().status.success());
        answer(
            200,
            r#"{"access_token":"a-token","token_type":"Bearer","expires_in":600,"refresh_token":"r"}"#,
        )
    });
    let all = ["fetch", "--issuer", &played.issuer, "--store", "keyring"];
    let run = jott(all.iter().chain(PLAIN))
        .env("HOME", user.home.path())
        .env("PASSWORD", "wonderland")
        .env("DBUS_SESSION_BUS_ADDRESS", &user.bus)
        .run();
    assert_eq!(token(&run), "a-token");
    let warning = "warning: the tokens, and with them the refresh token, are not kept: the keyring is locked: nobody unlocked `Login`\nhint: the next run begins anew; `--store file` keeps tokens in a file that only you can read\n";
    assert!(run.stderr.ends_with(warning), "{run:?}");
}

/// What goes over the bus.
const BUS_CALLS: &str = "sendmsg,recvmsg";

/// What a process and its threads do from the lock on, each call with its number of that name there.
fn steps(log: &str) -> Vec<(String, usize)> {
    let mut counts = std::collections::BTreeMap::new();
    let (mut steps, mut is_locked) = (BTreeSet::new(), false);
    for line in log.lines() {
        let (thread, call) = line.split_once(' ').unwrap();
        let Some((name, _)) = call.trim_start().split_once('(') else {
            continue;
        };
        let mut calls = CALLS.split(',').chain(BUS_CALLS.split(','));
        if !calls.any(|call| call == name) {
            continue;
        }
        let count = counts.entry((thread, name)).or_insert(0);
        *count += 1;
        is_locked |= name == "flock";
        if is_locked {
            steps.insert((name.to_owned(), *count));
        }
    }
    steps.into_iter().collect()
}

/// Killed at its calls, from the lock on: all of them with `ROUNDS=50`. Where the server had answered and
/// nothing was kept yet, the log-in begins anew; else nothing is lost.
#[test]
fn whoever_is_killed_at_the_keyring_leaves_nothing_half_done() {
    let (server, user) = (Server::start(), User::new());
    let log = user.home.0.path().join("strace");
    let log = log.to_str().unwrap();
    token(&user.fetch(&server).run());
    user.expire();
    let whole = user.traced(&server, log, None).status().unwrap();
    assert!(whole.success());
    let mut steps = steps(&fs::read_to_string(log).unwrap());
    if rounds() < 50 {
        let every = steps.len().div_ceil(12);
        steps = steps.into_iter().step_by(every).collect();
    }
    let locks = user.home.0.path().join(".local/state/jott/tokens");
    let lock = fs::read_dir(locks)
        .unwrap()
        .map(|file| file.unwrap().path());
    let lock = lock
        .into_iter()
        .find(|file| file.extension() == Some("lock".as_ref()))
        .unwrap();
    let mut outcomes = BTreeSet::new();
    for step in &steps {
        user.expire();
        let before = asked(&server);
        let mut winner = user.traced(&server, log, Some(step)).spawn().unwrap();
        while winner.try_wait().unwrap().is_none() && !is_locked(&lock) {
            thread::sleep(Duration::from_millis(1));
        }
        let last = one_good_token(&user.at_once(4, &server), &server);
        winner.wait().unwrap();
        let after = asked(&server);
        outcomes.insert((more(&before, &after, "200"), more(&before, &after, "400")));
        // There is one entry, and what it has is whole.
        assert_eq!(user.expire()["access_token"], last.as_str(), "{step:?}");
    }
    let possible = BTreeSet::from([
        // Nothing was asked yet, or all was kept: one refresh.
        (1, 0),
        // A request that was cut off, which is a refusal too.
        (1, 1),
        // The server had answered: the old refresh token is refused, and the log-in begins anew.
        (2, 1),
        // The new refresh token was kept, and the access token not yet.
        (2, 0),
    ]);
    assert!(outcomes.is_subset(&possible), "{outcomes:?}");
}
