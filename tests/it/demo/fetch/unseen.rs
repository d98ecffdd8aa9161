//! What is secret is seen by nobody but whoever asked for it: no output, no process list, and no
//! environment but that of COMMAND.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use jott::oauth::form;

use super::Home;
use super::played::{Played, answer, with_lines};

const SECRET: &str = "the-secret-of-the-client";
const CODE: &str = "the-code-of-the-log-in";
const ACCESS: &str = "the-access-token";
const REFRESH: &str = "the-refresh-token";

/// The value of a parameter.
fn value(text: &str, name: &str) -> String {
    let parameters = form::parse(text.as_bytes()).unwrap();
    let mut values = parameters.into_iter().filter(|(one, _)| one == name);
    values.next().unwrap().1
}

#[test]
fn no_secret_is_seen_by_anybody_but_who_asked() {
    let played = Played::start(|request| {
        if let Some((_, query)) = request.what.split_once("/authorize?") {
            let (back, state) = (value(query, "redirect_uri"), value(query, "state"));
            let line = format!("Location: {back}?code={CODE}&state={state}\r\n");
            return with_lines(302, &line, "");
        }
        let tokens = format!(
            r#"{{"access_token":"{ACCESS}","token_type":"Bearer","expires_in":600,"refresh_token":"{REFRESH}"}}"#
        );
        answer(200, &tokens)
    });
    let home = Home::new();
    let folder = home.0.path();
    let [browser, secret, log] = ["browser", "secret", "log"].map(|name| folder.join(name));
    fs::write(&browser, "#!/bin/sh\nexec curl -sL \"$1\"\n").unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o700)).unwrap();
    fs::write(&secret, SECRET).unwrap();
    let run = |args: &[&str]| {
        let output = Command::new("strace")
            .args(["-f", "-qq", "-v", "-s", "65536", "-e", "trace=execve", "-o"])
            .arg(&log)
            .args([env!("CARGO_BIN_EXE_jott"), "fetch", "--verbose"])
            .args([
                "--issuer",
                &played.issuer,
                "--client",
                "app",
                "--grant",
                "code",
            ])
            .args([
                "--client-secret",
                secret.to_str().unwrap(),
                "--store",
                "file",
            ])
            .args(args)
            .env_clear()
            .env("HOME", folder)
            .env("BROWSER", &browser)
            .env("PATH", "/usr/bin:/bin")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let [stdout, stderr] =
            [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
        (stdout, stderr, fs::read_to_string(&log).unwrap())
    };
    let (stdout, stderr, first) = run(&[]);
    assert_eq!(stdout, format!("{ACCESS}\n"));
    let verifier = value(&played.bodies("POST /token")[0], "code_verifier");
    home.expire();
    let (stdout, more, second) = run(&["--", "/bin/true"]);
    assert_eq!(stdout, "");
    // The browser, what it runs, and the command.
    for name in ["/browser\"", "/curl\""] {
        assert!(first.contains(name), "{first}");
    }
    let (commands, others): (Vec<&str>, Vec<&str>) = [&first, &second]
        .iter()
        .flat_map(|log| log.lines())
        .partition(|line| line.contains("execve(\"/bin/true\""));
    assert_eq!(commands.len(), 1, "{commands:?}");
    assert!(
        commands[0].contains(&format!("\"JOTT_TOKEN={ACCESS}\"")),
        "{commands:?}"
    );
    let command = commands[0].replace(ACCESS, "");
    let seen = [stderr, more, command, others.join("\n")].concat();
    for secret in [SECRET, CODE, ACCESS, REFRESH, &verifier] {
        assert!(!seen.contains(secret), "{secret} in {seen}");
    }
}
