//! Whatever is on standard input: a command ends with one of its statuses, and writes nothing that a terminal obeys and
//! no part of a secret. The first byte says which command it is.

use std::ffi::OsString;

use jott::Timestamp;
use jott::cli::world::{Stdin, Terminals, World};
use jott::text::escape;

const SECRET: &str = "a-string-secret-at-least-256-bits-long";

/// A token that is signed with the secret.
const TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhbGljZSIsImF1ZCI6ImFwaSIsImlhdCI6MTc5MzQ5MTIwMCwiZXhwIjoyNTI0NjA4MDAwfQ.yxM0QGWvvU236-4ZYnU9hLSaKuF7v5c3LU6sRuKtOw0";

const WAYS: [&[&str]; 18] = [
    &["decode"],
    &["decode", "--json"],
    &["decode", "--get", "sub"],
    &["decode", "--key", "env:SECRET"],
    &["decode", "--expires-after", "1h", "--verbose"],
    &["decode", "--diff", TOKEN, "-"],
    &["decode", "--redact"],
    &["verify", "--verbose"],
    &["verify", "--json"],
    &["verify", "--signature-only"],
    &["verify", "--signature", "any"],
    &["verify", "--decrypt-key", "env:SECRET"],
    &["verify", "--aud", "api", "--claim", "sub=alice", "--require", "jti"],
    &["verify", "--key", "stdin", TOKEN],
    &["issue", "--claims", "-"],
    &["issue", "--from", "-"],
    &["key", "show", "--key", "stdin"],
    &["key", "show", "--key", "stdin", "--json"],
];

pub(crate) fn holds(input: &[u8]) {
    let Some((way, mut text)) = input.split_first() else {
        return;
    };
    let way = WAYS[usize::from(*way) % WAYS.len()];
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let mut world = World {
        stdin: Stdin::new(&mut text),
        stdout: &mut stdout,
        stderr: &mut stderr,
        env: &|name| ["JOTT_SECRET", "SECRET"].contains(&name).then(|| OsString::from(SECRET)),
        peek: &Vec::new,
        clock: &|| Timestamp::from_seconds(1_800_000_000),
        terminals: Terminals::default(),
    };
    let args = ["jott"].iter().chain(way).map(OsString::from);
    let exit = jott::cli::run(args, &mut world);
    assert!(exit.code() <= 6, "{way:?} ended with {}", exit.code());
    // A copy of a text has what the text has.
    let copied = way.contains(&"--redact");
    for written in [stdout, stderr].into_iter().skip(usize::from(copied)) {
        let written = String::from_utf8(written).unwrap();
        let lines = written.lines();
        let unsafe_line = lines.clone().find(|line| !escape::is_plain(line));
        assert_eq!(unsafe_line, None, "{way:?}");
        let from_input = input.windows(SECRET.len()).any(|part| part == SECRET.as_bytes());
        assert!(from_input || !written.contains(&SECRET[..14]), "{way:?}: {written}");
    }
}
