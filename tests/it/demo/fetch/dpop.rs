//! Tokens that are bound to a key (RFC 9449), which is kept beside them.

use serde_json::{Value, json};

use super::played::{Played, answer, with_lines};
use super::{ALICE, Home, SERVICE, callback, log_in, token};
use crate::demo::http::Request;
use crate::demo::mint::payload;
use crate::demo::server::Server;
use crate::support::{Run, jott};

const BOUND: &[&str] = &["--dpop"];

/// Calls a resource with the lines that `--proof` prints.
#[track_caller]
fn call(server: &Server, lines: &Run) -> u16 {
    assert_eq!(lines.status, Some(0), "{lines:?}");
    let mut request = server.request("GET", "/protected");
    for line in lines.stdout.lines() {
        let (name, value) = line.split_once(": ").unwrap();
        request = request.header(name, value);
    }
    request.send().status
}

#[test]
fn a_token_is_of_use_with_the_key_that_is_kept_beside_it() {
    let (server, home) = (Server::start(), Home::new());
    let args = [SERVICE, BOUND].concat();
    let url = format!("{}/protected", server.issuer());
    let access = token(&home.fetch(&server, &args).run());
    let proof = ["--proof", "GET", url.as_str()];
    for _ in 0..2 {
        let lines = home.fetch(&server, &[&args[..], &proof].concat()).run();
        let first = format!("Authorization: DPoP {access}\nDPoP: eyJ");
        assert!(lines.stdout.starts_with(&first), "{lines:?}");
        assert_eq!(call(&server, &lines), 200);
    }
    // The proof of another request, and the token alone, are of no use.
    let other = ["--proof", "POST", url.as_str()];
    let lines = home.fetch(&server, &[&args[..], &other].concat()).run();
    assert_eq!(call(&server, &lines), 401);
    assert_eq!(server.protected(&access).status, 401);
    let header = home
        .fetch(&server, &[&args[..], &["--header"]].concat())
        .run();
    assert_eq!(header.stdout, format!("Authorization: DPoP {access}\n"));
    // Whoever asks for everything gets the key, with which `issue` makes the proof.
    let all = home
        .fetch(&server, &[&args[..], &["--json"]].concat())
        .run();
    let all: Value = serde_json::from_str(&all.stdout).unwrap();
    assert_eq!(all["token_type"], "DPoP");
    let issue = [
        "issue", "--key", "env:KEY", "--dpop", "GET", &url, "--ath", &access,
    ];
    let issued = jott(issue).env("KEY", &all["dpop_key"].to_string()).run();
    let lines = Run {
        stdout: format!("{}DPoP: {}", header.stdout, issued.stdout),
        ..issued
    };
    assert_eq!(call(&server, &lines), 200);
    // And so does a command.
    let script = r#"test -n "$JOTT_TOKEN" && printf %s "$JOTT_DPOP_KEY""#;
    let command = ["--", "sh", "-c", script];
    let run = home.fetch(&server, &[&args[..], &command].concat());
    let run = run.env("PATH", "/usr/bin:/bin").run();
    let key: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(key, all["dpop_key"]);
    let plain = home.fetch(&server, &[SERVICE, &command].concat());
    let plain = plain
        .env("PATH", "/usr/bin:/bin")
        .env("JOTT_DPOP_KEY", "of-another")
        .run();
    assert_eq!(plain.stdout, "", "{plain:?}");
}

/// The server says what the next proof is to repeat (RFC 9449 section 8).
#[test]
fn the_nonce_of_the_server_is_repeated_at_the_log_in_and_at_the_refresh() {
    let server = Server::with(&["--alg", "ES256", "--fault", "dpop-nonce"]);
    let home = Home::new();
    let args = [ALICE, BOUND].concat();
    let first = token(&home.fetch(&server, &args).run());
    let key = home.kept()["dpop_key"].clone();
    let jkt = payload(&first)["cnf"]["jkt"].clone();
    home.expire();
    let refreshed = home.fetch(&server, &args).run();
    let second = token(&refreshed);
    assert_ne!(first, second);
    assert_eq!(refreshed.stderr, "");
    // The refresh token of a public client is good with the same key only (RFC 9449 section 5).
    assert_eq!(home.kept()["dpop_key"], key);
    assert_eq!(payload(&second)["cnf"]["jkt"], jkt);
    // A resource wants one too.
    let url = format!("{}/protected", server.issuer());
    let proof = ["--proof", "GET", url.as_str()];
    let lines = home.fetch(&server, &[&args[..], &proof].concat()).run();
    assert_eq!(call(&server, &lines), 401);
    let line = lines
        .stdout
        .lines()
        .nth(1)
        .unwrap()
        .strip_prefix("DPoP: ")
        .unwrap();
    let challenged = server.request("GET", "/protected");
    let challenged = challenged.header("Authorization", &format!("DPoP {second}"));
    let nonce = challenged
        .header("DPoP", line)
        .send()
        .header("dpop-nonce")
        .to_owned();
    let with_nonce = [&args[..], &proof, &["--nonce", &nonce]].concat();
    assert_eq!(call(&server, &home.fetch(&server, &with_nonce).run()), 200);
}

/// The code is bound to the key too (RFC 9449 section 10), pushed or not.
#[test]
fn a_log_in_in_the_browser_is_bound_to_the_key() {
    let (server, home) = (
        Server::with(&["--alg", "ES256", "--auto-login"]),
        Home::new(),
    );
    let (login, url) = log_in(&server, &home, BOUND);
    let back = callback(&server, &url);
    let (port, target) = back.split_once('/').unwrap();
    Request::new(port.parse().unwrap(), "GET", &format!("/{target}")).send();
    let output = login.wait_with_output().unwrap();
    let access = String::from_utf8(output.stdout).unwrap();
    assert!(payload(access.trim_end())["cnf"]["jkt"].is_string());
}

#[test]
fn a_server_that_binds_nothing_and_one_that_does_so_unasked_are_told() {
    for (token_type, args, said) in [
        (
            "Bearer",
            BOUND,
            "error: the server gave a token that is bound to no key (RFC 9449 section 5)\nhint: without `--dpop` it is taken; whoever has it can use it then\n",
        ),
        (
            "DPoP",
            &[],
            "error: the server gave a token that is bound to a key, and no key was shown to it\nhint: `--dpop` shows one\n",
        ),
    ] {
        let body = json!({"access_token": "a-token", "token_type": token_type}).to_string();
        let played = Played::start(move |_| answer(200, &body));
        let run = Home::new()
            .fetch_from(&played.issuer, &[SERVICE, args].concat())
            .run();
        assert_eq!((run.status, run.stdout.as_str()), (Some(1), ""), "{run:?}");
        assert_eq!(run.stderr, said);
    }
}

/// One retry, and none where there is no nonce to repeat.
#[test]
fn a_server_that_is_never_content_with_a_nonce_is_told() {
    for (nonce, asked) in [("DPoP-Nonce: again\r\n", 2), ("", 1)] {
        let lines = format!("Content-Type: application/json\r\n{nonce}");
        let refusal = r#"{"error":"use_dpop_nonce"}"#;
        let played = Played::start(move |_| with_lines(400, &lines, refusal));
        let run = Home::new()
            .fetch_from(&played.issuer, &[SERVICE, BOUND].concat())
            .run();
        assert_eq!(
            run.stderr,
            "error: the server refused: use_dpop_nonce\nhint: the server does not take the nonce that it gave (RFC 9449 section 8)\n"
        );
        assert_eq!(played.bodies("POST /token").len(), asked);
    }
}

#[test]
fn what_a_bound_token_cannot_do_is_said() {
    let (server, home) = (Server::start(), Home::new());
    let url = format!("{}/protected", server.issuer());
    let proof = ["--proof", "GET", url.as_str()];
    for (args, status, said) in [
        (
            [SERVICE, &proof].concat(),
            2,
            "error: the token is bound to no key, and needs no proof\nhint: `--dpop` gets one that is; `--header` prints the line of this one\n",
        ),
        (
            [SERVICE, BOUND, &["--exec-credential"]].concat(),
            2,
            "error: kubectl cannot use a token that is bound to a key: leave out `--dpop`\n",
        ),
        (
            [SERVICE, BOUND, &["--proof", "get", &url]].concat(),
            2,
            "error: the method `get` is written in capitals\nhint: `--proof GET URL`\n",
        ),
        (
            [SERVICE, BOUND, &["--proof", "GET", "/protected"]].concat(),
            2,
            "error: the URL of the request is not one of http or https\nhint: a proof is made like `--proof POST https://id.example/token`\n",
        ),
    ] {
        let run = home.fetch(&server, &args).run();
        assert_eq!(
            (run.status, run.stdout.as_str()),
            (Some(status), ""),
            "{run:?}"
        );
        assert!(run.stderr.ends_with(said), "{run:?}");
    }
    let issuer = server.issuer();
    let unkept = |args: &[&str]| {
        let all = ["fetch", "--issuer", &issuer, "--store", "none", "--dpop"];
        let run = jott(all.iter().chain(SERVICE).chain(args));
        run.env("SECRET", super::SECRET)
            .env("PATH", "/usr/bin:/bin")
            .run()
    };
    assert_eq!(
        unkept(&[]).stderr,
        "note: the key of the token is lost with this run: only `--json`, `--proof` and a COMMAND get it\n"
    );
    for args in [&["--json"][..], &proof, &["--", "true"]] {
        assert_eq!(unkept(args).stderr, "", "{args:?}");
    }
}
