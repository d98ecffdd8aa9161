//! What is kept for later runs.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::digest;
use tempfile::TempDir;

use super::issuers::{DISCOVERY, issuer, none};
use super::server::{Reply, Server, ok, reply};
use super::{entry, one, quietly, set, token};
use crate::support::{Run, jott};

/// A cache folder, and runs that use it.
struct Cached {
    home: TempDir,
    key: String,
}

impl Cached {
    fn new(key: String) -> Self {
        let home = tempfile::tempdir().unwrap();
        Cached { home, key }
    }

    fn run(&self, token: &str, flags: &[&str]) -> Run {
        let args = ["verify", "--key", &self.key, token];
        jott(args.iter().chain(flags))
            .env("XDG_CACHE_HOME", self.home.path().to_str().unwrap())
            .run()
    }

    fn status(&self, token: &str, flags: &[&str]) -> i32 {
        self.run(token, flags).status.unwrap()
    }

    /// Says that what is kept under a name was fetched so many seconds ago.
    fn age(&self, name: &str, seconds: i64) {
        let hex = |bytes: &[u8]| {
            bytes
                .iter()
                .fold(String::new(), |hex, b| format!("{hex}{b:02x}"))
        };
        let sha256 = |bytes: &[u8]| hex(digest::digest(&digest::SHA256, bytes).as_ref());
        let file = self.home.path().join("jott").join(sha256(name.as_bytes()));
        let kept = fs::read(&file).unwrap();
        let end = kept.iter().position(|b| *b == b'\n').unwrap();
        let (head, body) = (std::str::from_utf8(&kept[..end]).unwrap(), &kept[end + 1..]);
        let [magic, _, until, _] = head.split(' ').collect::<Vec<_>>().try_into().unwrap();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let since = i64::try_from(now.as_secs()).unwrap() - seconds;
        let seal = sha256(&[format!("{name}\n{since} {until}\n").as_bytes(), body].concat());
        let head = format!("{magic} {since} {until} {seal}\n");
        fs::write(&file, [head.as_bytes(), body].concat()).unwrap();
    }

    fn files(&self) -> Vec<PathBuf> {
        let Ok(files) = fs::read_dir(self.home.path().join("jott")) else {
            return Vec::new();
        };
        files.map(|file| file.unwrap().path()).collect()
    }
}

#[test]
fn a_set_is_kept_for_later_runs() {
    let server = Server::start(|_| ok(one()));
    let cached = Cached::new(server.url("/keys?hunter2"));
    let token = token("a", &[]);
    for _ in 0..3 {
        assert_eq!(cached.status(&token, &[]), 0);
    }
    assert_eq!(server.requests().len(), 1);
    let run = cached.run(&token, &["-v"]);
    assert!(
        run.stderr.starts_with(&format!(
            "note: 1 key of http://127.0.0.1:{}/keys from the cache, ",
            server.port
        )),
        "{}",
        run.stderr
    );
    for file in cached.files() {
        assert!(!fs::read_to_string(file).unwrap().contains("hunter2"));
    }

    assert_eq!(cached.status(&token, &["--no-cache"]), 0);
    assert_eq!(server.requests().len(), 2);
    let fresh = Cached::new(server.url("/keys"));
    let run = fresh.run(&token, &["--no-cache", "-v"]);
    assert_eq!(run.status, Some(0));
    assert_eq!(
        run.stderr,
        format!(
            "note: 1 key fetched from http://127.0.0.1:{}/keys\n",
            server.port
        )
    );
    assert!(fresh.files().is_empty());
}

#[test]
fn a_set_is_kept_as_long_as_it_says() {
    let asked = |line: &'static str, pause: u64| {
        let server = Server::start(move |_| reply(200, &[line], one()));
        let cached = Cached::new(server.url("/keys"));
        let token = token("a", &[]);
        assert_eq!(cached.status(&token, &[]), 0);
        thread::sleep(Duration::from_secs(pause));
        assert_eq!(cached.status(&token, &[]), 0);
        server.requests().len()
    };
    assert_eq!(asked("Cache-Control: max-age=1", 2), 2);
    assert_eq!(asked("Cache-Control: max-age=60", 0), 1);
    assert_eq!(asked("Cache-Control: max-age=0", 0), 2);
    assert_eq!(asked("Cache-Control: no-store", 0), 2);
    assert_eq!(asked("Cache-Control: no-cache", 0), 2);
    assert_eq!(asked("Expires: Thu, 01 Jan 1970 00:00:00 GMT", 0), 2);
}

#[test]
fn an_answer_that_is_no_set_is_not_kept() {
    let count = AtomicUsize::new(0);
    let server = Server::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 => ok("{}"),
        _ => ok(one()),
    });
    let cached = Cached::new(server.url("/keys"));
    assert_eq!(cached.status(&token("a", &[]), &[]), 3);
    assert_eq!(cached.status(&token("a", &[]), &[]), 0);
}

#[test]
fn a_kid_that_the_cache_lacks_is_fetched_once() {
    let keys = Arc::new(Mutex::new(one()));
    let shown = Arc::clone(&keys);
    let server = Server::start(move |_| ok(shown.lock().unwrap().as_str()));
    let cached = Cached::new(server.url("/keys"));
    let (a, b, c) = (token("a", &[]), token("b", &[]), token("c", &[]));
    assert_eq!(cached.status(&a, &[]), 0);
    *keys.lock().unwrap() = set(&[&entry("a"), &entry("b")]);
    cached.age(&cached.key, 60);
    assert_eq!(cached.status(&b, &[]), 0, "it was rotated in");
    assert_eq!(server.requests().len(), 2);
    assert_eq!(cached.status(&b, &[]), 0, "and is kept");
    assert_eq!(server.requests().len(), 2);

    // However many tokens name what nobody has, there is one request.
    cached.age(&cached.key, 60);
    assert_eq!(cached.status(&c, &[&c, &c, &token("d", &[])]), 1);
    assert_eq!(server.requests().len(), 3);
    // A set that has just come is not asked for again.
    assert_eq!(cached.status(&c, &["--no-cache"]), 1);
    assert_eq!(server.requests().len(), 4);
}

#[test]
fn a_forged_kid_costs_no_request_within_a_minute() {
    let server = Server::start(|_| ok(one()));
    let cached = Cached::new(server.url("/keys"));
    assert_eq!(cached.status(&token("a", &[]), &[]), 0);
    for n in 0..20 {
        cached.age(&cached.key, 20);
        assert_eq!(cached.status(&token(&format!("forged{n}"), &[]), &[]), 1);
    }
    assert_eq!(server.requests().len(), 1);
    let run = cached.run(&token("b", &[]), &[]);
    let hint = "; `--no-cache` fetches the keys again: these are ";
    assert!(run.stdout.contains(hint), "{}", run.stdout);
    cached.age(&cached.key, 60);
    assert_eq!(cached.status(&token("b", &[]), &[]), 1);
    assert_eq!(server.requests().len(), 2, "the next minute begins");
}

#[test]
fn a_forged_kid_costs_an_issuer_no_request_within_a_minute() {
    let server = issuer("", DISCOVERY, &none);
    let cached = Cached::new(format!("issuer:{}", server.url("")));
    for n in 0..5 {
        let token = token(&format!("forged{n}"), &["--iss", &server.url("")]);
        assert_eq!(cached.status(&token, &[]), 1);
        cached.age(&server.url("/keys"), 20);
    }
    assert_eq!(server.requests(), [DISCOVERY, "/keys"]);
}

#[test]
fn a_set_that_may_not_be_kept_any_more_is_not() {
    let count = AtomicUsize::new(0);
    let server = Server::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 => ok(one()),
        _ => reply(200, &["Cache-Control: no-store"], one()),
    });
    let cached = Cached::new(server.url("/keys"));
    assert_eq!(cached.status(&token("a", &[]), &[]), 0);
    assert_eq!(cached.files().len(), 1);
    cached.age(&cached.key, 60);
    assert_eq!(cached.status(&token("b", &[]), &[]), 1);
    assert_eq!(cached.files().len(), 0);
}

#[test]
fn a_batch_fetches_a_kid_that_the_cache_lacks_once() {
    for jobs in ["1", "2"] {
        let keys = Arc::new(Mutex::new(one()));
        let shown = Arc::clone(&keys);
        let server = Server::start(move |_| ok(shown.lock().unwrap().as_str()));
        let cached = Cached::new(server.url("/keys"));
        let (a, b, c) = (token("a", &[]), token("b", &[]), token("c", &[]));
        assert_eq!(cached.status(&a, &[]), 0);
        *keys.lock().unwrap() = set(&[&entry("a"), &entry("b")]);
        cached.age(&cached.key, 60);
        let run = jott(["verify", "--batch", "--jobs", jobs, "--key", &cached.key])
            .env("XDG_CACHE_HOME", cached.home.path().to_str().unwrap())
            .stdin([a, b.clone(), c, b].join("\n").repeat(3))
            .run();
        let valid = |line: &str| line.contains("\"valid\":true");
        let verdicts: Vec<bool> = run.stdout.lines().map(valid).collect();
        assert_eq!(verdicts.len(), 10, "{}", run.stdout);
        assert_eq!(verdicts[..3], [true, true, false]);
        assert_eq!(server.requests().len(), 2, "jobs {jobs}");
    }
}

#[test]
fn a_kid_that_may_be_new_is_not_refused_while_nobody_answers() {
    let count = AtomicUsize::new(0);
    let server = Server::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 => ok(one()),
        _ => Reply::Bytes(Vec::new()),
    });
    let cached = Cached::new(server.url("/keys"));
    let (a, b) = (token("a", &[]), token("b", &[]));
    assert_eq!(cached.status(&a, &[]), 0);
    cached.age(&cached.key, 60);
    assert_eq!(cached.status(&b, &[]), 5);
    assert_eq!(cached.status(&b, &[&b]), 5);
    assert_eq!(server.requests().len(), 3);
    assert_eq!(cached.status(&a, &[]), 0, "the others are still good");
}

#[test]
fn a_damaged_cache_is_as_good_as_none() {
    let server = Server::start(|_| ok(one()));
    let cached = Cached::new(server.url("/keys"));
    let token = token("a", &[]);
    assert_eq!(cached.status(&token, &[]), 0);
    let file = cached.files().remove(0);
    let sound = fs::read(&file).unwrap();
    let mut asked = 1;
    let mut damage = |spoil: &dyn Fn()| {
        spoil();
        let run = cached.run(&token, &[]);
        assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
        asked += 1;
        assert_eq!(server.requests().len(), asked);
        assert_eq!(fs::read(&file).unwrap().len(), sound.len(), "it is mended");
    };
    damage(&|| fs::write(&file, &sound[..sound.len() - 1]).unwrap());
    damage(&|| fs::write(&file, "").unwrap());
    damage(&|| fs::write(&file, vec![b'x'; 3 << 20]).unwrap());
    damage(&|| {
        // Somebody else's link.
        let elsewhere = file.with_extension("elsewhere");
        fs::rename(&file, &elsewhere).unwrap();
        symlink(&elsewhere, &file).unwrap();
    });
    damage(&|| {
        // Only root can give a file away.
        if std::os::unix::fs::chown(&file, Some(65534), None).is_err() {
            fs::write(&file, "").unwrap();
        }
    });
}

#[test]
fn a_cache_that_cannot_be_written_is_no_error() {
    let server = Server::start(|_| ok(one()));
    for folder in ["/dev/null", "/proc/jott", "relative", ""] {
        let run = quietly(&server.url("/keys"), &token("a", &[]))
            .env("XDG_CACHE_HOME", folder)
            .run();
        assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""), "{folder}");
    }
    assert_eq!(server.requests().len(), 4);
}

#[test]
fn metadata_and_set_are_both_kept() {
    let server = issuer("", DISCOVERY, &none);
    let cached = Cached::new(format!("issuer:{}", server.url("")));
    let token = |kid: &str| token(kid, &["--iss", &server.url("")]);
    assert_eq!(cached.status(&token("a"), &[]), 0);
    assert_eq!(cached.status(&token("a"), &[]), 0);
    assert_eq!(server.requests(), [DISCOVERY, "/keys"]);
    assert_eq!(cached.files().len(), 2);
    // An issuer that moved its keys says so in its metadata.
    cached.age(&server.url("/keys"), 60);
    assert_eq!(cached.status(&token("b"), &[]), 1);
    assert_eq!(server.requests(), [DISCOVERY, "/keys", DISCOVERY, "/keys"]);
}

#[test]
fn an_issuer_may_move_its_keys() {
    let place = Arc::new(Mutex::new("/old"));
    let moving = Arc::clone(&place);
    let port = Arc::new(AtomicUsize::new(0));
    let mine = Arc::clone(&port);
    let server = Server::start(move |asked| {
        let base = format!("http://127.0.0.1:{}", mine.load(Ordering::SeqCst));
        let place = *moving.lock().unwrap();
        match asked {
            DISCOVERY => ok(format!(
                r#"{{"issuer":"{base}","jwks_uri":"{base}{place}"}}"#
            )),
            // Not kept, so that each run asks for it.
            _ if asked == place => reply(200, &["Cache-Control: no-store"], one()),
            _ => reply(404, &[], ""),
        }
    });
    port.store(server.port.into(), Ordering::SeqCst);
    let cached = Cached::new(format!("issuer:{}", server.url("")));
    let token = token("a", &["--iss", &server.url("")]);
    assert_eq!(cached.status(&token, &[]), 0);
    *place.lock().unwrap() = "/new";
    assert_eq!(cached.status(&token, &[]), 0);
    assert_eq!(
        server.requests(),
        [DISCOVERY, "/old", "/old", DISCOVERY, "/new"]
    );
}
