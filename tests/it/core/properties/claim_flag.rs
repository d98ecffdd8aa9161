//! A claim of the command line is in the token as it was written, and is found again by the same words. The input is what
//! stands behind the flag.

use std::ffi::OsString;

use jott::Timestamp;
use jott::cli::exit::Exit;
use jott::cli::world::{Stdin, Terminals, World};
use jott::text::escape;

const SECRET: &str = "a-string-secret-at-least-256-bits-long";

fn run(line: &[&str]) -> (Exit, String) {
    let (mut stdin, mut stdout, mut stderr) = (std::io::empty(), Vec::new(), Vec::new());
    let mut world = World {
        stdin: Stdin::new(&mut stdin),
        stdout: &mut stdout,
        stderr: &mut stderr,
        env: &|name| (name == "JOTT_SECRET").then(|| OsString::from(SECRET)),
        peek: &Vec::new,
        clock: &|| Timestamp::from_seconds(1_800_000_000),
        terminals: Terminals::default(),
    };
    let args = ["jott"].iter().chain(line).map(OsString::from);
    let exit = jott::cli::run(args, &mut world);
    let said = String::from_utf8([stdout, stderr].concat()).unwrap();
    assert!(exit.code() <= 6);
    let unsafe_line = said.lines().find(|line| !escape::is_plain(line));
    assert_eq!(unsafe_line, None, "{line:?}");
    (exit, said)
}

pub(crate) fn holds(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    let text = text.replace('\0', "");
    let claim = format!("--claim={text}");
    let (issued, token) = run(&["issue", &claim]);
    let (judged, said) = run(&["verify", "--allow-no-exp", &claim, token.trim()]);
    if issued != Exit::Done {
        return;
    }
    let (name, value) = text.split_once('=').unwrap();
    let decoded = jott::decode(token.trim()).unwrap();
    let claims = decoded.claims().unwrap();
    if !name.ends_with(':') {
        assert!(claims.get(name).is_some_and(|found| found.is(value)), "{text:?}");
    }
    // What the name of a registered claim asks for is more than its value.
    let registered = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];
    if !registered.contains(&name.trim_end_matches(':')) && !name.starts_with("header") {
        assert_eq!(judged, Exit::Done, "{text:?}: {said}");
    }
}
