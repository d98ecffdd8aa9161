//! A command that stands in the first place is read on its own, any other among all commands.

use crate::support::jott;

/// Command lines that do something, that ask for help, and that are wrong in every way that clap knows.
const LINES: &[&[&str]] = &[
    &["issue", "--sub", "alice", "--iat", "1", "--exp", "2"],
    &["issue", "--alg", "HS999"],
    &["issue", "--exp"],
    &["decode", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2ln"],
    &["decode", "--get", "sub", "a.b"],
    &["decode", "--nothing-like-it"],
    &["decode", "--quiet", "nothing"],
    &["verify", "--quiet", "a.b.c"],
    &["verify", "-qv", "a.b.c"],
    &["verify", "--verbose", "--aud", "api", "a.b.c"],
    &["verify", "--leewy", "5s"],
    &["verify", "--jobs", "many", "--batch"],
    &["verify", "--help"],
    &["verify", "-h"],
    &["verify", "-V"],
    &["serve-demo", "--print-config"],
    &["serve-demo", "--key"],
    &["key", "lst"],
    &["key", "list", "--version"],
    &["key", "show", "--nothing"],
    &["key", "generate", "--alg", "none", "--out", "./never"],
    &["key", "generate", "--help"],
    &["completions", "bash"],
    &["completions", "basic"],
    &["completions"],
];

#[test]
fn a_flag_before_the_command_is_a_flag_behind_it() {
    for line in LINES {
        let run = |args: Vec<&str>| {
            jott(args)
                .env("JOTT_SECRET", "a-string-secret-at-least-256-bits-long")
                .run()
        };
        let (command, rest) = line.split_at(1);
        let behind = run([command, &["--color", "always"], rest].concat());
        let before = run([&["--color", "always"], *line].concat());
        assert_eq!(before, behind, "{line:?}");
    }
}
