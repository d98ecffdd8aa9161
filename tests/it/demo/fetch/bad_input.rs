//! What a server, a browser or a folder can do wrong, each with its sentence.

use std::fs;
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::many::PLAIN;
use super::played::{Played, answer, with_lines};
use super::{ALICE, Home, SERVICE, callback, log_in, token};
use crate::demo::http::Request;
use crate::demo::server::Server;
use crate::support::{Run, jott};

const GOOD: &str = r#"{"access_token":"a-token","token_type":"Bearer","expires_in":600}"#;

/// What comes of one answer of the token endpoint.
fn answered(status: u16, body: &str) -> Run {
    let said = answer(status, body);
    let played = Played::start(move |_| said.clone());
    let mut run = Home::new().fetch_from(&played.issuer, PLAIN).run();
    run.stderr = run.stderr.replace(&played.issuer, "ISSUER");
    let notes = "note: the password grant must not be used (RFC 9700 section 2.4): the client sees the password, and no second factor is asked for\n";
    run.stderr = run.stderr.replacen(notes, "", 1);
    run.stderr = run.stderr.replace(
        "note: the tokens are kept in a file that only you can read\n",
        "",
    );
    run
}

#[test]
fn an_answer_that_is_no_token_is_refused_with_its_sentence() {
    for (status, body, said) in [
        (
            200,
            r#"{"error":"bad_verification_code","error_description":"The code\u001b[2J is wrong"}"#,
            "error: the server refused: bad_verification_code\ncause: The code\\u001b[2J is wrong\n",
        ),
        (
            200,
            r#"{"access_token":"a\u0007b","token_type":"Bearer"}"#,
            "error: ISSUER/token answered with `access_token` that has characters which no token has (RFC 6749 appendix A)\n",
        ),
        (
            200,
            r#"{"access_token":"abc","token_type":"mac"}"#,
            "error: ISSUER/token answered with a token of the type `mac`, which is not known here\n",
        ),
        (
            200,
            "[]",
            "error: ISSUER/token answered with JSON that is not an object\n",
        ),
        (200, "", "error: ISSUER/token answered with nothing\n"),
        (
            200,
            "{\"access_token\":\"a",
            "error: ISSUER/token answered with something that is not JSON\n",
        ),
        (
            200,
            "access_token=a&token_type=bearer",
            "error: ISSUER/token answered with something that is not JSON\n",
        ),
        (
            204,
            "",
            "error: ISSUER/token answered 204, and tokens come with 200 (RFC 6749 section 5.1)\n",
        ),
        (
            400,
            "<html>",
            "error: ISSUER/token answered 400 without saying why\n",
        ),
        (
            201,
            r#"{"access_token":"a","token_type":"Bearer"}"#,
            "error: ISSUER/token answered 201, and tokens come with 200 (RFC 6749 section 5.1)\n",
        ),
        (
            200,
            r#"{"accessToken":"a","expiresIn":60}"#,
            "error: ISSUER/token answered without `access_token` (RFC 6749 section 5.1): it has `accessToken`, `expiresIn`\n",
        ),
        (
            403,
            r#"{"message":"Forbidden"}"#,
            "error: ISSUER/token answered 403: Forbidden\n",
        ),
        (
            401,
            r#"{"type":"about:blank","title":"Unauthorized","detail":"no such app","status":401}"#,
            "error: ISSUER/token answered 401: no such app\n",
        ),
        (
            405,
            "Method \u{1b}[31mNot Allowed",
            "error: ISSUER/token answered 405: Method \\u001b[31mNot Allowed\n",
        ),
        (
            200,
            r#"{"access_token":"a","access_token":"b","token_type":"Bearer"}"#,
            "error: ISSUER/token answered with `access_token` twice\n",
        ),
    ] {
        let run = answered(status, body);
        assert_eq!(
            (run.status, run.stdout.as_str(), run.stderr.as_str()),
            (Some(1), "", said)
        );
    }
}

/// Whatever a server repeats of what it was sent, or of its own tokens.
#[test]
fn what_a_server_repeats_of_secrets_is_not_shown() {
    const SECRET: &str = "a/client secret";
    const TOKEN: &str =
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let basic = STANDARD.encode("me:a%2Fclient%20secret");
    for (status, body, said) in [
        (
            401,
            json!({"error": "invalid_client", "error_description": format!("{SECRET} is wrong")}),
            "the server refused: invalid_client\ncause: … is wrong\nhint: check `--client`, and the secret or the key: `--client-secret SOURCE`, `--client-key SOURCE`",
        ),
        (
            400,
            json!({"error": "x", "error_description": format!("got Basic {basic} and a%2Fclient%20secret")}),
            "the server refused: x\ncause: got Basic … and …",
        ),
        (
            400,
            json!({"error": SECRET, "error_description": format!("{}{SECRET}", "long ".repeat(39))}),
            &format!("the server refused: …\ncause: {}…", "long ".repeat(39)),
        ),
        (
            403,
            json!({"message": format!("{TOKEN} has no right, {SECRET}")}),
            "ISSUER/token answered 403: eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.… has no right, …",
        ),
    ] {
        let reply = answer(status, &body.to_string());
        let played = Played::start(move |_| reply.clone());
        let client = ["--client", "me", "--client-secret", "env:SECRET"];
        let run = Home::new()
            .fetch_from(&played.issuer, &client)
            .env("SECRET", SECRET)
            .run();
        let stderr = run.stderr.replace(&played.issuer, "ISSUER");
        assert_eq!(
            (run.status, run.stdout.as_str(), stderr),
            (Some(1), "", format!("error: {said}\n"))
        );
    }
}

#[test]
fn a_lifetime_that_is_none_is_said_and_not_believed() {
    for (lifetime, why) in [
        ("\"soon\"", "is not a number"),
        ("-1", "is not a time in the future"),
        ("1000000000000", "is more than ten years"),
        ("[600]", "is not a number"),
    ] {
        let run = answered(200, &GOOD.replace("600", lifetime));
        assert_eq!(token(&run), "a-token");
        let note = format!("note: `expires_in` {why}: the lifetime of the token is unknown\n");
        assert_eq!(run.stderr, note);
    }
    let run = answered(200, r#"{"access_token":"a-token"}"#);
    assert_eq!(
        run.stderr,
        "note: the answer has no `token_type`: Bearer is assumed\n"
    );
}

#[test]
fn a_refusal_comes_with_what_may_be_changed() {
    for (code, hint) in [
        (
            "invalid_client",
            "check `--client`, and the secret or the key: `--client-secret SOURCE`, `--client-key SOURCE`",
        ),
        (
            "invalid_scope",
            "check `--scope`: the server does not know one, or the client may not have it",
        ),
        (
            "invalid_target",
            "check `--resource`: the server does not know it",
        ),
        (
            "unauthorized_client",
            "the client may not use this `--grant`: the server has to allow it",
        ),
        (
            "unsupported_grant_type",
            "the server does not have this `--grant`",
        ),
        (
            "access_denied",
            "whoever was asked said no, or the server gives this client no such token",
        ),
        (
            "expired_token",
            "the code was not entered in time: run the command again",
        ),
        (
            "invalid_dpop_proof",
            "compare the clock of this machine with that of the server: `jott doctor URL` does",
        ),
        (
            "invalid_grant",
            "what was given is wrong, expired or used: `--fresh` logs in anew",
        ),
    ] {
        let run = answered(400, &json!({"error": code}).to_string());
        let said = format!("error: the server refused: {code}\nhint: {hint}\n");
        assert_eq!((run.status, run.stderr), (Some(1), said));
    }
}

#[test]
fn what_else_a_server_gives_is_given_unless_it_takes_the_place_of_what_is_ours() {
    let tokens = r#"{"access_token":"a-token","patient":{"id":1},"issuer":"https://other.test","expires_at":"never","dpop_key":"k"}"#;
    let played = Played::start(move |_| answer(200, tokens));
    let args = ["--client", "app", "--grant", "client", "--json"];
    let run = Home::new().fetch_from(&played.issuer, &args).run();
    assert_eq!(
        token(&run),
        format!(
            r#"{{"access_token":"a-token","token_type":"Bearer","expires_at":null,"scope":"","refresh_token":null,"id_token":null,"issuer":"{}","expires_in":null,"patient":{{"id":1}}}}"#,
            played.issuer
        )
    );
}

/// Only of a refresh token that is over, the log-in begins anew.
#[test]
fn another_refusal_of_the_refresh_is_said() {
    let tokens = r#"{"access_token":"one","token_type":"Bearer","refresh_token":"first"}"#;
    let played = Played::start(|request| match request.body.contains("refresh_token=") {
        true => answer(400, r#"{"error":"invalid_scope"}"#),
        false => answer(200, tokens),
    });
    let home = Home::new();
    token(&home.fetch_from(&played.issuer, PLAIN).run());
    home.expire();
    let kept = home.kept();
    let run = home.fetch_from(&played.issuer, PLAIN).run();
    assert_eq!((run.status, run.stdout.as_str()), (Some(1), ""));
    assert!(
        run.stderr
            .starts_with("error: the server refused: invalid_scope\n"),
        "{run:?}"
    );
    assert_eq!(played.bodies("POST /token").len(), 2);
    assert_eq!(home.kept(), kept);
}

/// Switches a fault on while the server runs, as the command line writes it.
fn switch_on(server: &Server, fault: &str) {
    let mut parts = fault.split(',');
    let mut rule = json!({"fault": parts.next().unwrap()});
    for part in parts {
        let (name, value) = part.split_once('=').unwrap();
        rule[name] = value
            .parse::<u32>()
            .map_or(json!(value), |count| json!(count));
    }
    let request = server.request("POST", "/_control/faults");
    let answer = request.body("application/json", rule.to_string()).send();
    assert_eq!(answer.status, 201, "{answer:?}");
}

/// What the log-in brought is there after each of them.
#[test]
fn faults_at_the_refresh_lose_nothing() {
    for (fault, status, said) in [
        ("status:429,endpoint=token,count=1", 5, "answered 429\n"),
        ("status:503,endpoint=token,count=1", 5, "answered 503\n"),
        (
            "slow:20000,endpoint=token,count=1",
            5,
            "did not answer completely within 10 seconds\n",
        ),
        (
            "html-body,endpoint=token,count=1",
            1,
            "answered with HTML\n",
        ),
        (
            "truncated-body,endpoint=token,count=1",
            5,
            "it closed the connection early\n",
        ),
        (
            "reset,endpoint=token,count=1",
            5,
            "it closed the connection early\n",
        ),
    ] {
        let (server, home) = (Server::start(), Home::new());
        let first = token(&home.fetch(&server, ALICE).run());
        home.expire();
        let kept = home.kept();
        switch_on(&server, fault);
        let run = home.fetch(&server, ALICE).run();
        assert_eq!(
            (run.status, run.stdout.as_str()),
            (Some(status), ""),
            "{fault}: {run:?}"
        );
        assert!(run.stderr.contains(said), "{fault}: {run:?}");
        assert_eq!(home.kept(), kept, "{fault}");
        // The server may have answered: then the log-in begins anew.
        let again = token(&home.fetch(&server, ALICE).run());
        assert_ne!(again, first);
        assert_eq!(server.protected(&again).status, 200, "{fault}");
    }
    for fault in [
        "refresh-refused",
        "sibling-revoked",
        "no-rotation",
        "lying-expires-in",
        "no-scope",
    ] {
        let (server, home) = (Server::start(), Home::new());
        let first = token(&home.fetch(&server, ALICE).run());
        home.expire();
        switch_on(&server, fault);
        assert_ne!(token(&home.fetch(&server, ALICE).run()), first, "{fault}");
    }
}

const DEVICE: &[&str] = &["--client", "tv", "--grant", "device"];
const PENDING: &str = r#"{"error":"authorization_pending"}"#;
const SLOW_DOWN: &str = r#"{"error":"slow_down"}"#;
const EXPIRED: &str = r#"{"error":"expired_token"}"#;
const DENIED: &str = r#"{"error":"access_denied"}"#;

/// Of a device that nobody gets round to, one that asks too often, and one whose code is over.
#[test]
fn a_device_waits_as_the_server_says() {
    let device = r#"{"device_code":"d","user_code":"ABCD","verification_uri":"http://a.test/d","expires_in":60,"interval":1}"#;
    let played = |answers: &'static [&'static str], device: &'static str| {
        let asked = AtomicUsize::new(0);
        Played::start(move |request| {
            if request.what == "POST /device" {
                return answer(200, device);
            }
            let said = answers[asked.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1)];
            answer(if said == GOOD { 200 } else { 400 }, said)
        })
    };
    let run = |answers, device| {
        let played = played(answers, device);
        let begun = std::time::Instant::now();
        let run = Home::new().fetch_from(&played.issuer, DEVICE).run();
        (
            run,
            played.bodies("POST /token").len(),
            begun.elapsed().as_secs(),
        )
    };
    let (good, asked, seconds) = run(&[PENDING, SLOW_DOWN, GOOD], device);
    assert_eq!((token(&good).as_str(), asked), ("a-token", 3));
    // A second, another, and then six.
    assert!(seconds >= 8, "{seconds}");
    let (over, ..) = run(&[PENDING, EXPIRED], device);
    assert_eq!(over.status, Some(1));
    assert!(over.stderr.ends_with(
        "error: the server refused: expired_token\nhint: the code was not entered in time: run the command again\n"
    ));
    let (denied, ..) = run(&[DENIED], device);
    assert!(
        denied.stderr.ends_with(
            "error: the server refused: access_denied\nhint: whoever was asked said no, or the server gives this client no such token\n"
        )
    );
    // A server that says nothing of it.
    let short = r#"{"device_code":"d","user_code":"ABCD","verification_uri":"http://a.test/d","expires_in":2,"interval":1}"#;
    let (late, ..) = run(&[PENDING], short);
    assert_eq!(late.status, Some(1));
    assert!(late.stderr.ends_with(
        "error: the code was not entered in time\nhint: run the command again: it gives a new one\n"
    ));
    let (none, ..) = run(&[GOOD], r#"{"user_code":"ABCD"}"#);
    assert!(
        none.stderr.ends_with("answered without `device_code`\n"),
        "{none:?}"
    );
}

#[test]
fn only_the_first_answer_of_the_browser_counts() {
    let (server, home) = (
        Server::with(&["--alg", "ES256", "--auto-login"]),
        Home::new(),
    );
    let (login, url) = log_in(&server, &home, &[]);
    let back = callback(&server, &url);
    let (port, target) = back.split_once('/').unwrap();
    let port: u16 = port.parse().unwrap();
    // Anybody on this machine can ask; without the state nothing comes of it, be it a no.
    for forged in [
        "/callback?error=access_denied",
        "/callback?error=access_denied&state=x",
        "/callback?code=stolen",
        "/callback?code=stolen&state=",
    ] {
        assert_eq!(
            Request::new(port, "GET", forged).send().status,
            400,
            "{forged}"
        );
    }
    assert_eq!(
        Request::new(port, "POST", &format!("/{target}"))
            .send()
            .status,
        404
    );
    let page = Request::new(port, "GET", &format!("/{target}")).send();
    assert!(page.body.contains("You are logged in"));
    let output = login.wait_with_output().unwrap();
    assert!(output.status.success());
    // The port is closed then: a second answer reaches nobody.
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err());
    server.log_with("POST /token");
    assert_eq!(server.log().matches("POST /token ").count(), 1);
}

#[test]
fn a_redirect_uri_is_of_this_machine_and_its_port_free() {
    let (server, home) = (Server::start(), Home::new());
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let run = |uri: &str| {
        home.fetch(&server, &["--client", "demo-app", "--redirect-uri", uri])
            .run()
    };
    let run_taken = run(&format!("http://localhost:{port}/cb"));
    assert_eq!(run_taken.status, Some(5));
    assert_eq!(
        run_taken.stderr,
        format!(
            "error: port {port} of this machine cannot be listened on\ncause: Address already in use (os error 98)\nhint: end what listens there, or give another `--redirect-uri` that the server knows\n"
        )
    );
    for uri in [
        "https://127.0.0.1/cb",
        "http://example.com/cb",
        "http://127.0.0.1.example.com/cb",
        "http://127.0.0.1:0/cb",
        "http://127.0.0.1/cb?x=1",
        "com.example:/cb",
        "",
    ] {
        let run = run(uri);
        assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""), "{uri}");
        assert!(
            run.stderr
                .starts_with("error: `--redirect-uri` is not an http URL of this machine\n"),
            "{run:?}"
        );
    }
    // One that is free is what the server is told.
    drop(taken);
    let uri = format!("http://localhost:{port}/here/cb");
    let client = format!("--client=cli={uri}");
    let server = Server::with(&["--alg", "ES256", "--auto-login", &client]);
    let args = ["--client", "cli", "--redirect-uri", &uri, "--no-browser"];
    let mut jott = std::process::Command::new(env!("CARGO_BIN_EXE_jott"));
    jott.args(["fetch", "--issuer", &server.issuer(), "--store", "none"]);
    jott.args(args).env_clear();
    let (login, said) = super::said_until_the_address(&mut jott);
    let url = said.split_whitespace().last().unwrap();
    let answer = server.get(url.strip_prefix(&server.issuer()).unwrap());
    let back = answer.header("location");
    let target = back
        .strip_prefix(&format!("http://localhost:{port}"))
        .unwrap();
    assert!(target.starts_with("/here/cb?"), "{back}");
    assert_eq!(Request::new(port, "GET", target).send().status, 200);
    assert!(login.wait_with_output().unwrap().status.success());
}

#[test]
fn a_browser_that_cannot_start_is_said_and_the_address_too() {
    let (server, home) = (Server::start(), Home::new());
    let run = |env: &[(&str, &str)]| {
        let mut jott = std::process::Command::new(env!("CARGO_BIN_EXE_jott"));
        jott.args([
            "fetch",
            "--issuer",
            &server.issuer(),
            "--store",
            "file",
            "--client",
            "demo-app",
        ]);
        jott.env_clear()
            .env("HOME", home.path())
            .envs(env.iter().copied());
        super::said_until_the_address(&mut jott)
    };
    let (child, said) = run(&[("BROWSER", "/nowhere/browser")]);
    assert!(
        said.starts_with("note: the browser `/nowhere/browser` of BROWSER cannot be started: No such file or directory (os error 2)\nopen this in a browser on this machine to log in:\n\n  http://127.0.0.1:"),
        "{said}"
    );
    let rest = |mut child: std::process::Child| {
        child.kill().unwrap();
        let mut rest = String::new();
        std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut rest).unwrap();
        child.wait().unwrap();
        rest
    };
    assert_eq!(rest(child), "");
    // Over SSH the browser is on another machine.
    let (child, said) = run(&[
        ("SSH_CONNECTION", "192.0.2.1 5 192.0.2.2 22"),
        ("PATH", "/usr/bin:/bin"),
    ]);
    assert!(
        said.starts_with("open this in a browser on this machine to log in:\n\n"),
        "{said}"
    );
    let rest = rest(child);
    assert!(rest.starts_with("the log-in comes back to port "), "{rest}");
    assert!(rest.contains(": `ssh -L "), "{rest}");
}

#[test]
fn a_damaged_entry_and_one_of_another_version_are_said() {
    let (server, home) = (Server::start(), Home::new());
    token(&home.fetch(&server, SERVICE).run());
    let mut other = home.kept();
    other["version"] = json!(2);
    let note = "note: what is kept of this token is damaged, or of another version of jott: it is not used\n";
    for damaged in ["", "{", &other.to_string()] {
        fs::write(home.entry(), damaged).unwrap();
        let run = home.fetch(&server, SERVICE).run();
        token(&run);
        assert_eq!(run.stderr, note, "{damaged}");
    }
}

#[test]
fn a_saved_request_is_not_replaced_unasked() {
    let (server, home) = (Server::start(), Home::new());
    let save = |args: &[&str]| {
        home.fetch(&server, &[SERVICE, args, &["--save", "ci"]].concat())
            .run()
    };
    token(&save(&[]));
    // The same once more is nothing new.
    assert_eq!(save(&[]).stderr, "");
    let other = save(&["--scope", "items:read"]);
    assert_eq!(
        (other.status, other.stdout.as_str(), other.stderr.as_str()),
        (
            Some(2),
            "",
            "error: another request is saved under the name ci already\nhint: `--force` replaces it\n"
        )
    );
    let forced = save(&["--scope", "items:read", "--force", "--allow-http"]);
    assert!(
        forced
            .stderr
            .contains("note: saved: `jott fetch ci` is enough"),
        "{forced:?}"
    );
    let path = home.0.path().join(".config/jott/fetch/ci.toml");
    assert!(
        fs::read_to_string(&path)
            .unwrap()
            .ends_with("scope = [\"items:read\"]\nallow_http = true\n")
    );
    for (text, why) in [
        (
            "issuer = \"http://a.test\"\nclient = \"x\"\ngrant = \"code\"\ncolour = 1\n",
            "unknown field `colour`",
        ),
        ("grant = \"implicit\"\n", "unknown variant `implicit`"),
        ("issuer = 7\n", "invalid type: integer `7`"),
        ("issuer", ""),
        ("issuer = \"a\"\nissuer = \"b\"\n", "duplicate key"),
    ] {
        fs::write(&path, text).unwrap();
        let run = jott(["fetch", "ci"]).env("HOME", home.path()).run();
        assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""), "{run:?}");
        assert!(
            run.stderr.contains("/ci.toml is no saved request\ncause: "),
            "{run:?}"
        );
        assert!(run.stderr.contains(why), "{run:?}");
    }
}

/// What the server gave is good, although it cannot be kept.
#[cfg(unix)]
#[test]
fn a_token_that_cannot_be_kept_is_given_with_a_warning() {
    use std::os::unix::fs::PermissionsExt as _;
    let played = Played::start(|_| with_lines(200, "Content-Type: application/json\r\n", GOOD));
    let home = Home::new();
    let folder = home.0.path().join(".local/state/jott/tokens");
    fs::create_dir_all(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o777)).unwrap();
    let run = home.fetch_from(&played.issuer, PLAIN).run();
    assert_eq!(token(&run), "a-token");
    let warning = format!(
        "warning: the token is not kept: others can write to the folder of the tokens, {}\nhint: the next run begins anew; XDG_STATE_HOME names another folder for tokens\n",
        folder.display()
    );
    assert!(run.stderr.ends_with(&warning), "{run:?}");
}
