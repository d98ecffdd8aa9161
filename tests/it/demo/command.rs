//! The process: start, end, and the command beside it.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::server::Server;
use crate::support::{head_of, jott};

fn signal(child: &Child, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    kill_process(pid, signal).unwrap();
}

#[test]
fn the_ready_line_says_where_everything_is() {
    let server = Server::start();
    assert_eq!(server.ready["pid"], server.child.id());
    assert_eq!(server.ready["listen"], format!("127.0.0.1:{}", server.port));
    let metadata = server.get("/.well-known/oauth-authorization-server").json();
    assert_eq!(
        server.ready["endpoints"]["token_endpoint"],
        metadata["token_endpoint"]
    );
}

#[test]
fn signals_end_it_with_status_0() {
    for which in [Signal::INT, Signal::TERM] {
        let mut server = Server::start();
        // A connection that is idle does not keep it.
        let _idle = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
        let started = Instant::now();
        signal(&server.child, which);
        let status = server.child.wait().unwrap();
        assert_eq!(status.code(), Some(0), "{which:?}");
        assert!(started.elapsed() < Duration::from_secs(3));
    }
}

/// What is under way has 2 seconds.
#[test]
fn a_request_that_is_under_way_is_answered_after_the_signal() {
    let server = Server::start();
    let form = [
        ("grant_type", "password"),
        ("username", "alice"),
        ("password", "wonderland"),
    ];
    let bytes = server.request("POST", "/token").form(&form).bytes();
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    stream.write_all(&bytes[..bytes.len() - 5]).unwrap();
    thread::sleep(Duration::from_millis(200));
    signal(&server.child, Signal::TERM);
    thread::sleep(Duration::from_millis(200));
    assert!(
        TcpStream::connect(("127.0.0.1", server.port)).is_err(),
        "nobody else is let in"
    );
    stream.write_all(&bytes[bytes.len() - 5..]).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
}

#[test]
fn a_port_that_is_taken_is_the_systems_no() {
    let server = Server::start();
    let address = format!("127.0.0.1:{}", server.port);
    let run = jott(["serve-demo", "--listen", &address]).run();
    assert_eq!(run.status, Some(5));
    assert!(
        run.stderr.starts_with(&format!(
            "error: the server cannot listen on {address}\ncause: "
        )),
        "{run:?}"
    );
    assert!(
        run.stderr
            .ends_with("hint: `--listen 127.0.0.1:0` takes any port that is free\n"),
        "{run:?}"
    );
}

/// Where it is, who there is, where to look, and three commands to paste; no secret that is not
/// everybody's.
#[test]
fn the_start_says_where_and_who_and_what_to_do_next() {
    let args = [
        "--alg",
        "ES256",
        "--user",
        "eve:her-own",
        "--client",
        "app:its-own=https://app.example/cb",
    ];
    let server = Server::with(&args);
    let issuer = server.issuer();
    let log = server.log_with("jott decode \"$TOKEN\"\n\n");
    let expected = format!(
        r#"Listening on {issuer}
  issuer   {issuer}
  users    alice (password wonderland), bob (password builder), eve
  clients  demo-app (public), demo-web (secret demo-web-secret), demo-service (secret demo-service-secret), app
  look at  {issuer}/playground, {issuer}/docs

TOKEN=$(curl -s -d grant_type=password -d username=alice -d password=wonderland {issuer}/token | sed 's/.*"access_token":"\([^"]*\).*/\1/')
curl -H "Authorization: Bearer $TOKEN" {issuer}/protected
jott decode "$TOKEN"

"#
    );
    assert_eq!(log, expected);
}

#[test]
fn check_asks_whether_a_server_is_up() {
    let server = Server::start();
    let up = jott(["serve-demo", "--check", &server.issuer()]).run();
    assert_eq!(
        (up.status, up.stdout.as_str(), up.stderr.as_str()),
        (Some(0), "", "")
    );
    let port = server.port;
    drop(server);
    let down = jott(["serve-demo", "--check", &format!("http://127.0.0.1:{port}")]).run();
    assert_eq!(down.status, Some(5));
    assert!(down.stderr.contains("is not up\ncause: "), "{down:?}");
}

/// What is up is this server: not another that answers there, and not where it leads.
#[test]
fn check_takes_no_other_server_for_this_one() {
    for (answer, cause) in [
        (
            "200 OK\r\nContent-Length: 2\r\n\r\nok",
            "/healthz has not the answer of `jott serve-demo`",
        ),
        (
            "200 OK\r\nContent-Length: 1000000\r\n\r\nx",
            "/healthz has not the answer of `jott serve-demo`",
        ),
        ("204 No Content\r\n\r\n", "/healthz has the status 204"),
        (
            "302 Found\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n",
            "/healthz has the status 302",
        ),
        (
            "503 Service Unavailable\r\nContent-Length: 15\r\n\r\n{\"status\":\"ok\"}",
            "/healthz has the status 503",
        ),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let other = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            assert!(head_of(&mut stream).is_some());
            stream
                .write_all(format!("HTTP/1.1 {answer}").as_bytes())
                .unwrap();
        });
        let run = jott(["serve-demo", "--check", &url]).run();
        other.join().unwrap();
        let expected = format!(
            "error: {url} is not up\ncause: {cause}\nhint: another server may listen there: `jott serve-demo` says where it is as it starts\n"
        );
        assert_eq!((run.status, run.stderr), (Some(5), expected));
    }
}

/// A command with `sh -c`, its output and status.
fn beside(args: &[&str], script: &str) -> crate::support::Run {
    let command = ["serve-demo", "--quiet"].iter().chain(args).copied();
    jott(command.chain(["--", "/bin/sh", "-c", script]))
        .env("PATH", "/usr/bin:/bin")
        .env("JOTT", env!("CARGO_BIN_EXE_jott"))
        .run()
}

#[test]
fn a_command_runs_beside_the_server_and_gives_its_status() {
    let run = beside(&[], "exit 7");
    assert_eq!((run.status, run.stderr.as_str()), (Some(7), ""));
    assert_eq!(beside(&[], "kill -9 $$").status, Some(137));
    let script = r#"echo "$JOTT_ISSUER $JOTT_TOKEN_ENDPOINT $JOTT_JWKS_URI $JOTT_CLIENT_ID $JOTT_CLIENT_SECRET $JOTT_KEY_SOURCE""#;
    let run = beside(&[], script);
    let words: Vec<&str> = run.stdout.split_whitespace().collect();
    let issuer = words[0];
    assert!(issuer.starts_with("http://127.0.0.1:"));
    assert_eq!(words[1], format!("{issuer}/token"));
    assert_eq!(words[2], format!("{issuer}/jwks.json"));
    assert_eq!(words[3..5], ["demo-service", "demo-service-secret"]);
    assert_eq!(words[5], format!("issuer:{issuer}"));
    assert_eq!(run.status, Some(0));
}

#[test]
fn a_command_can_check_a_token_with_what_it_is_told() {
    let script = r#"
        TOKEN=$(curl -sf -u "$JOTT_CLIENT_ID:$JOTT_CLIENT_SECRET" -d grant_type=client_credentials "$JOTT_TOKEN_ENDPOINT" |
            sed 's/.*"access_token":"\([^"]*\).*/\1/')
        "$JOTT" verify --no-cache --aud "$JOTT_ISSUER" --typ at+jwt --get sub "$TOKEN""#;
    let run = beside(&[], script);
    assert_eq!(
        (run.stdout.as_str(), run.status),
        ("demo-service\n", Some(0)),
        "{run:?}"
    );
}

/// What the key, its passphrase and the configuration came by is not the command's, by whichever name
/// it was given.
#[test]
fn a_command_does_not_inherit_what_secrets_came_by() {
    let folder = tempfile::tempdir().unwrap();
    let run = |line: &str| {
        let output = Command::new("/bin/sh")
            .args(["-c", line])
            .current_dir(folder.path())
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("JOTT", env!("CARGO_BIN_EXE_jott"))
            .env("JOTT_KEY_SOURCE", "env:OTHER")
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(output.stdout), text(output.stderr))
    };
    let made = "$JOTT key generate --alg ES256 --out key.pem && openssl pkcs8 -topk8 -in key.pem -passout pass:x -out locked.pem && printf x > word && printf '%064d' 7 > secret && printf '[lifetimes]\\nsession = \"1h\"' > demo.toml";
    run(made);
    let serve = "exec $JOTT serve-demo -q";
    let reads = "-- sh -c 'cat <&7; echo end'";
    for (args, redirection) in [
        ("--key fd:7", "7< key.pem"),
        ("--key /dev/fd/7", "7< key.pem"),
        ("--key file:/proc/self/fd/7", "7< key.pem"),
        ("--key ./locked.pem --passphrase fd:7", "7< word"),
        ("--config /dev/fd/7", "7< demo.toml"),
    ] {
        let (stdout, stderr) = run(&format!("{serve} {args} {reads} {redirection}"));
        assert_eq!(stdout, "end\n", "{args}");
        assert!(stderr.contains('7'), "{args} {stderr}");
    }
    // A file can be read again from its beginning.
    for key in ["stdin", "fd:0", "/dev/stdin"] {
        let (stdout, _) = run(&format!(
            "{serve} --key {key} -- sh -c 'cat /dev/stdin; echo $JOTT_KEY_SOURCE' < key.pem"
        ));
        assert!(
            stdout.starts_with("issuer:http://127.0.0.1:"),
            "{key} {stdout}"
        );
    }
    // Other descriptors are, and a secret that cannot be read again is not pointed at.
    let (stdout, stderr) = run(&format!(
        "{serve} --key fd:7 -- sh -c 'cat <&8; echo \"${{JOTT_KEY_SOURCE-none}}\"' 7< secret 8< word"
    ));
    assert_eq!(stdout, "xnone\n", "{stderr}");
}

#[test]
fn a_command_that_cannot_be_started_is_the_systems_no() {
    let run = jott(["serve-demo", "-q", "--", "/nonexistent/command"]).run();
    assert_eq!(run.status, Some(5));
    assert!(
        run.stderr
            .starts_with("error: `/nonexistent/command` cannot be started\ncause: "),
        "{run:?}"
    );
}

#[test]
fn a_signal_ends_the_command_too() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_jott"))
        .args([
            "serve-demo",
            "-q",
            "--",
            "/bin/sh",
            "-c",
            "echo up; exec sleep 60",
        ])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut up = [0; 3];
    child.stdout.as_mut().unwrap().read_exact(&mut up).unwrap();
    let started = Instant::now();
    signal(&child, Signal::TERM);
    assert_eq!(child.wait().unwrap().code(), Some(128 + 15));
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_command_that_does_not_listen_is_ended_after_the_grace() {
    let stubborn = "trap '' TERM; echo up; while :; do sleep 0.1; done";
    let mut child = Command::new(env!("CARGO_BIN_EXE_jott"))
        .args(["serve-demo", "-q", "--", "/bin/sh", "-c", stubborn])
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut up = [0; 3];
    child.stdout.as_mut().unwrap().read_exact(&mut up).unwrap();
    let started = Instant::now();
    signal(&child, Signal::TERM);
    while child.try_wait().unwrap().is_none() {
        if started.elapsed() > Duration::from_secs(10) {
            child.kill().unwrap();
            panic!("it waits without end");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(child.wait().unwrap().code(), Some(128 + 9));
}

/// The socket is open before an RSA key is made, and a request that needs the key waits for it.
#[test]
fn a_request_waits_for_the_key() {
    let server = Server::with(&["--alg", "RS512"]);
    let answer = server.service("/token", &[("grant_type", "client_credentials")]);
    assert_eq!(answer.status, 200);
}

/// The start-up text: three commands that work as they are pasted.
#[test]
fn the_commands_that_are_printed_work() {
    let server = Server::start();
    let log = server.log_with("jott decode");
    let commands: Vec<&str> = log
        .lines()
        .filter(|line| {
            ["TOKEN=", "curl ", "jott "]
                .iter()
                .any(|start| line.starts_with(start))
        })
        .collect();
    assert_eq!(commands.len(), 3, "{log}");
    let folder = std::path::Path::new(env!("CARGO_BIN_EXE_jott"))
        .parent()
        .unwrap();
    let output = Command::new("/bin/sh")
        .args(["-ec", &commands.join("\n")])
        .env_clear()
        .env("PATH", format!("{}:/usr/bin:/bin", folder.display()))
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success());
    assert!(
        text.starts_with(
            r#"{"message":"Hello, alice! This is a protected route."}Access token (RFC 9068)"#
        ),
        "{text}"
    );
}
