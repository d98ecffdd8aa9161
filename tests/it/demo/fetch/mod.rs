//! `jott fetch` beside the server: every way to a token, what is kept, and what happens where many want
//! one at once.

mod bad_input;
mod dpop;
mod elsewhere;
mod id_tokens;
mod in_keyring;
mod many;
mod others;
mod played;
mod sent;
mod unseen;
mod wrong_lines;

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::{self, JoinHandle};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::demo::http::Request;
use crate::demo::server::Server;
use crate::support::{Jott, Run, head_of, jott};

const SECRET: &str = "demo-service-secret";

/// A user of this machine, with a home of their own.
struct Home(TempDir);

impl Home {
    fn new() -> Home {
        Home(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &str {
        self.0.path().to_str().unwrap()
    }

    fn fetch(&self, server: &Server, args: &[&str]) -> Jott {
        self.fetch_from(&server.issuer(), args)
    }

    fn fetch_from(&self, issuer: &str, args: &[&str]) -> Jott {
        let all = ["fetch", "--issuer", issuer, "--store", "file"];
        jott(all.iter().chain(args))
            .env("HOME", self.path())
            .env("SECRET", SECRET)
            .env("PASSWORD", "wonderland")
    }

    /// The one entry that is kept.
    fn entry(&self) -> PathBuf {
        let folder = self.0.path().join(".local/state/jott/tokens");
        let mut files = fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().path());
        files
            .find(|file| file.extension() == Some("json".as_ref()))
            .unwrap()
    }

    fn kept(&self) -> Value {
        serde_json::from_slice(&fs::read(self.entry()).unwrap()).unwrap()
    }

    /// Lets both tokens be over.
    fn spoil(&self) {
        let mut kept = self.kept();
        kept["refresh_token"] = json!("of-another-time");
        kept["expires_at"] = json!(1);
        fs::write(self.entry(), kept.to_string()).unwrap();
    }

    /// Lets the access token expire.
    fn expire(&self) {
        let mut kept = self.kept();
        kept["expires_at"] = json!(1_000_000_000);
        fs::write(self.entry(), kept.to_string()).unwrap();
    }
}

const SERVICE: &[&str] = &["--client", "demo-service", "--client-secret", "env:SECRET"];
const ALICE: &[&str] = &[
    "--client",
    "demo-app",
    "--grant",
    "password",
    "--username",
    "alice",
    "--password",
    "env:PASSWORD",
    "--scope",
    "openid offline_access",
];

#[track_caller]
fn token(run: &Run) -> String {
    assert_eq!(run.status, Some(0), "{run:?}");
    run.stdout.trim_end().to_owned()
}

fn count_of_tokens(server: &Server) -> usize {
    server.log().matches("POST /token ").count()
}

#[test]
fn a_client_gets_a_token_which_is_kept() {
    let (server, home) = (Server::start(), Home::new());
    let first = home.fetch(&server, SERVICE).run();
    assert_eq!(
        first.stderr,
        "note: the tokens are kept in a file that only you can read\n"
    );
    assert_eq!(server.protected(&token(&first)).status, 200);
    // The second run asks nobody.
    server.log_with("POST /token");
    let second = home.fetch(&server, SERVICE).run();
    assert_eq!(
        (second.stdout, second.stderr),
        (first.stdout.clone(), String::new())
    );
    assert_eq!(count_of_tokens(&server), 1);
    let header = home
        .fetch(&server, &[SERVICE, &["--header"]].concat())
        .run();
    assert_eq!(
        header.stdout,
        format!("Authorization: Bearer {}", first.stdout)
    );
    let all: Value = serde_json::from_str(
        &home
            .fetch(&server, &[SERVICE, &["--json"]].concat())
            .run()
            .stdout,
    )
    .unwrap();
    assert_eq!(all["token_type"], "Bearer");
    assert!(all["expires_at"].as_str().unwrap().ends_with('Z'), "{all}");
    let kubectl = home
        .fetch(&server, &[SERVICE, &["--exec-credential"]].concat())
        .run();
    let kubectl: Value = serde_json::from_str(&kubectl.stdout).unwrap();
    assert_eq!(kubectl["kind"], "ExecCredential");
    assert_eq!(kubectl["status"]["token"], first.stdout.trim_end());
    // One that has to be good for longer than it is, and one that is wanted in any case.
    let longer = home
        .fetch(&server, &[SERVICE, &["--min-valid", "1h"]].concat())
        .run();
    assert_ne!(token(&longer), first.stdout.trim_end());
    let fresh = home.fetch(&server, &[SERVICE, &["--fresh"]].concat()).run();
    assert_ne!(token(&fresh), token(&longer));
    // Where they are kept already they are looked for, also where nobody names a place.
    let issuer = server.issuer();
    let placeless = |home: &Home| {
        let args = [&["fetch", "--issuer", &issuer], SERVICE].concat();
        let run = jott(args).env("HOME", home.path()).env("SECRET", SECRET);
        run.run()
    };
    assert_eq!(placeless(&home).stdout, fresh.stdout);
    let nowhere = Home::new();
    let unkept = placeless(&nowhere);
    token(&unkept);
    let note =
        ": the token is not kept; `--store file` keeps it in a file that only you can read\n";
    assert!(unkept.stderr.ends_with(note), "{unkept:?}");
    assert!(!nowhere.0.path().join(".local").exists());
    // Other scopes are another token.
    let other = home
        .fetch(&server, &[SERVICE, &["--scope", "items:read"]].concat())
        .run();
    assert_ne!(token(&other), token(&fresh));
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_what_is_kept() {
    use std::os::unix::fs::PermissionsExt as _;
    let (server, home) = (Server::start(), Home::new());
    token(&home.fetch(&server, SERVICE).run());
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&home.entry()), 0o600);
    assert_eq!(mode(home.entry().parent().unwrap()), 0o700);
    assert!(!home.kept().to_string().contains(SECRET));
}

#[test]
fn a_command_has_the_token_in_its_environment_alone() {
    let (server, home) = (Server::start(), Home::new());
    let script = "printf %s \"$JOTT_TOKEN\" | wc -c; exit 7";
    let run = home
        .fetch(&server, &[SERVICE, &["--", "sh", "-c", script]].concat())
        .env("PATH", "/usr/bin:/bin")
        .run();
    assert_eq!(run.status, Some(7), "{run:?}");
    let len: usize = run.stdout.trim().parse().unwrap();
    assert_eq!(home.kept()["access_token"].as_str().unwrap().len(), len);
}

#[test]
fn a_user_is_logged_in_and_stays_so() {
    let (server, home) = (Server::start(), Home::new());
    let first = home.fetch(&server, ALICE).run();
    let first_token = token(&first);
    assert!(
        first
            .stderr
            .contains("note: the password grant must not be used (RFC 9700 section 2.4)"),
        "{first:?}"
    );
    let refresh = home.kept()["refresh_token"].clone();
    assert!(refresh.is_string(), "{}", home.kept());
    home.expire();
    // Without the password: the refresh token is enough.
    let refreshed = home.fetch(&server, ALICE).run();
    assert_ne!(token(&refreshed), first_token);
    assert_eq!(refreshed.stderr, "");
    assert_ne!(home.kept()["refresh_token"], refresh);
    // Somebody else used the refresh token.
    home.spoil();
    let anew = home.fetch(&server, ALICE).run();
    assert_eq!(server.protected(&token(&anew)).status, 200);
    let note = "note: the refresh token is not good any more: the log-in begins anew\n";
    assert!(anew.stderr.starts_with(note), "{anew:?}");
}

/// A log-in in a browser, which is played by requests.
#[test]
fn a_log_in_comes_back_to_this_machine() {
    let (server, home) = (
        Server::with(&["--alg", "ES256", "--auto-login"]),
        Home::new(),
    );
    let (login, url) = log_in(&server, &home, &[]);
    let back = callback(&server, &url);
    // What does not carry the state is not the answer.
    let (port, target) = back.split_once('/').unwrap();
    let port: u16 = port.parse().unwrap();
    let forged = Request::new(port, "GET", "/callback?code=stolen&state=x").send();
    assert_eq!(forged.status, 400);
    assert_eq!(Request::new(port, "GET", "/favicon.ico").send().status, 404);
    let page = Request::new(port, "GET", &format!("/{target}")).send();
    assert_eq!(page.status, 200);
    assert!(page.body.contains("You are logged in"), "{}", page.body);
    let output = login.wait_with_output().unwrap();
    assert!(output.status.success());
    let access = String::from_utf8(output.stdout).unwrap();
    assert_eq!(server.protected(access.trim_end()).status, 200);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!said.contains(access.trim_end()), "{said}");
    // There is nobody at a terminal who could log in again.
    home.spoil();
    let args = [
        "--client",
        "demo-app",
        "--scope",
        "openid offline_access items:read",
    ];
    let over = home.fetch(&server, &args).run();
    assert_eq!(
        (over.status, over.stdout.as_str()),
        (Some(1), ""),
        "{over:?}"
    );
    assert!(
        over.stderr
            .starts_with("error: the server refused: invalid_grant\n"),
        "{over:?}"
    );
    let hint = "hint: the log-in is over: run `jott fetch` at a terminal to log in again\n";
    assert!(over.stderr.ends_with(hint), "{over:?}");
    assert_eq!(over.stderr.matches("\nhint: ").count(), 1, "{over:?}");
}

#[test]
fn an_answer_that_names_another_server_is_refused() {
    for (fault, said) in [
        (
            "wrong-response-iss",
            "error: the answer of the log-in is that of another server (RFC 9207)\n",
        ),
        (
            "no-response-iss",
            "error: the answer of the log-in is that of another server (RFC 9207)\n",
        ),
        (
            "consent-denied",
            "error: the server refused: access_denied\n",
        ),
        (
            "wrong-nonce",
            "error: the ID token of the server is refused: nothing was kept\n",
        ),
        (
            "bad-signature,token=id_token",
            "error: the ID token of the server is refused: nothing was kept\n",
        ),
        (
            "wrong-aud,token=id_token",
            "error: the ID token of the server is refused: nothing was kept\n",
        ),
        (
            "wrong-iss,token=id_token",
            "error: the ID token of the server is refused: nothing was kept\n",
        ),
        (
            "expired,token=id_token",
            "error: the ID token of the server is refused: nothing was kept\n",
        ),
    ] {
        let server = Server::with(&["--alg", "ES256", "--auto-login", "--fault", fault]);
        let home = Home::new();
        let (login, url) = log_in(&server, &home, &[]);
        let back = callback(&server, &url);
        let (port, target) = back.split_once('/').unwrap();
        Request::new(port.parse().unwrap(), "GET", &format!("/{target}")).send();
        let output = login.wait_with_output().unwrap();
        assert_eq!(
            (output.status.code(), output.stdout.len()),
            (Some(1), 0),
            "{fault}"
        );
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains(said), "{fault}: {stderr}");
        assert!(
            !home
                .0
                .path()
                .join(".local/state/jott/tokens")
                .join("x")
                .exists()
        );
    }
}

/// Starts a log-in, and gives the address that is to be opened.
fn log_in(server: &Server, home: &Home, args: &[&str]) -> (Child, String) {
    let mut jott = Command::new(env!("CARGO_BIN_EXE_jott"));
    jott.args(["fetch", "--issuer", &server.issuer(), "--store", "file"])
        .args(["--no-browser", "--client", "demo-app"])
        .args(["--scope", "openid offline_access items:read"])
        .args(args)
        .env_clear()
        .env("HOME", home.path());
    let (child, said) = said_until_the_address(&mut jott);
    let url = said
        .split_whitespace()
        .find(|word| word.starts_with("http://127.0.0.1"))
        .unwrap();
    (child, url.to_owned())
}

/// Starts a log-in, and gives what it says up to the address and the empty line behind it.
fn said_until_the_address(jott: &mut Command) -> (Child, String) {
    let mut child = jott
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = child.stderr.take().unwrap();
    let mut said = String::new();
    let mut byte = [0];
    while !said.ends_with("\n\n") || !said.contains("http") {
        assert_eq!(
            std::io::Read::read(&mut stderr, &mut byte).unwrap(),
            1,
            "{said}"
        );
        said.push(char::from(byte[0]));
    }
    child.stderr = Some(stderr);
    (child, said)
}

/// Where the server sends the browser: the port, and the path behind it.
fn callback(server: &Server, url: &str) -> String {
    let target = url.strip_prefix(&server.issuer()).unwrap();
    let answer = server.get(target);
    let location = answer.header("location");
    location
        .strip_prefix("http://127.0.0.1:")
        .unwrap()
        .to_owned()
}

#[test]
fn what_a_server_does_wrong_is_said_and_nothing_is_lost() {
    for (fault, status, said) in [
        (
            "no-access-token",
            1,
            "answered without `access_token` (RFC 6749 section 5.1)\n",
        ),
        ("html-body,endpoint=token", 1, "answered with HTML"),
        (
            "invalid-json,endpoint=token",
            1,
            "answered with something that is not JSON",
        ),
        (
            "status:429,endpoint=token",
            5,
            "answered 429\nhint: try again after 1 (`Retry-After`)",
        ),
        (
            "status:500,endpoint=token",
            5,
            "answered 500\nhint: try again",
        ),
        (
            "redirect,endpoint=token",
            1,
            "answered 307, a redirect, which no client of a token endpoint follows",
        ),
        ("reset,endpoint=token", 5, "it closed the connection early"),
        (
            "metadata-wrong-issuer",
            1,
            "answered with the metadata of another issuer",
        ),
        (
            "metadata-none",
            1,
            "answered 404: there is no metadata of an issuer",
        ),
    ] {
        let server = Server::with(&["--alg", "ES256", "--fault", fault]);
        let home = Home::new();
        let run = home.fetch(&server, SERVICE).run();
        assert_eq!(
            (run.status, run.stdout.as_str()),
            (Some(status), ""),
            "{fault}: {run:?}"
        );
        assert!(run.stderr.contains(said), "{fault}: {run:?}");
    }
    let server = Server::with(&["--alg", "ES256", "--fault", "string-expires-in"]);
    let run = Home::new().fetch(&server, SERVICE).run();
    token(&run);
    assert!(
        run.stderr
            .contains("note: `expires_in` is a string, which should be a number\n"),
        "{run:?}"
    );
    let wrong = Home::new()
        .fetch(&Server::start(), SERVICE)
        .env("SECRET", "wrong")
        .run();
    assert_eq!(wrong.status, Some(1));
    assert!(
        wrong
            .stderr
            .starts_with("error: the server refused: invalid_client\n"),
        "{wrong:?}"
    );
    assert!(
        wrong
            .stderr
            .contains("hint: check `--client`, and the secret or the key"),
        "{wrong:?}"
    );
}

#[test]
fn a_damaged_entry_is_the_same_as_none() {
    let (server, home) = (Server::start(), Home::new());
    let first = token(&home.fetch(&server, SERVICE).run());
    for damaged in ["", "{", "[]", r#"{"version":2}"#, "\u{0}\u{1}"] {
        fs::write(home.entry(), damaged).unwrap();
        assert_ne!(
            token(&home.fetch(&server, SERVICE).run()),
            first,
            "{damaged:?}"
        );
    }
}

#[test]
fn a_request_is_saved_and_forgotten_by_its_name() {
    let (server, home) = (Server::start(), Home::new());
    let saved = home
        .fetch(&server, &[SERVICE, &["--save", "ci"]].concat())
        .run();
    assert!(
        saved
            .stderr
            .contains("note: saved: `jott fetch ci` is enough from now on ("),
        "{saved:?}"
    );
    let by_name = |args: &[&str]| {
        jott(["fetch", "ci", "--store", "file"].iter().chain(args))
            .env("HOME", home.path())
            .env("SECRET", SECRET)
            .run()
    };
    assert_eq!(by_name(&[]).stdout, saved.stdout);
    let text = fs::read_to_string(home.0.path().join(".config/jott/fetch/ci.toml")).unwrap();
    assert!(
        text.contains("client_secret = \"env:SECRET\"\n") && !text.contains(SECRET),
        "{text}"
    );
    let list = jott(["fetch", "--list", "--store", "file"])
        .env("HOME", home.path())
        .run();
    let line = format!("{}  demo-service  items:read ", server.issuer());
    assert!(list.stdout.starts_with(&line), "{list:?}");
    assert!(list.stdout.contains("  expires in "), "{list:?}");
    assert!(list.stdout.ends_with(", saved as ci\n"), "{list:?}");
    let again = by_name(&["-v"]);
    assert!(
        again
            .stderr
            .contains("note: the token was kept: it expires in "),
        "{again:?}"
    );
    let fresh = by_name(&["-v", "--fresh"]);
    assert!(
        fresh
            .stderr
            .contains("note: the token is new, by `--grant client`\n"),
        "{fresh:?}"
    );
    let token = fresh.stdout.trim_end().to_owned();
    assert_eq!(server.protected(&token).status, 200);
    let gone = by_name(&["--forget", "--revoke"]);
    assert_eq!(
        (gone.status, gone.stdout.as_str(), gone.stderr.as_str()),
        (
            Some(0),
            "",
            "note: the token is forgotten here, and revoked by its server\n"
        ),
        "{gone:?}"
    );
    assert_eq!(server.protected(&token).status, 401);
    assert_eq!(by_name(&["--forget"]).status, Some(1));
    let list = jott(["fetch", "--list", "--store", "file"])
        .env("HOME", home.path())
        .run();
    assert_eq!(
        (list.stdout.as_str(), list.stderr.as_str()),
        (
            "",
            "note: no tokens are kept: `jott fetch ci` gets one as it is saved\n"
        )
    );
    for (name, said) in [
        ("other", "error: no request is saved under the name other\n"),
        ("../ci", "error: `../ci` is no name of a saved request\n"),
        (
            "https://a.test",
            "error: `https://a.test` is no name of a saved request\n",
        ),
    ] {
        let run = jott(["fetch", name]).env("HOME", home.path()).run();
        assert_eq!(run.status, Some(2), "{run:?}");
        assert!(run.stderr.starts_with(said), "{run:?}");
    }
    fs::write(
        home.0.path().join(".config/jott/fetch/odd.toml"),
        "issuer = \"x\"\nclinet = \"y\"\n",
    )
    .unwrap();
    let odd = jott(["fetch", "odd"]).env("HOME", home.path()).run();
    assert_eq!(odd.status, Some(2), "{odd:?}");
    assert!(odd.stderr.contains("unknown field `clinet`"), "{odd:?}");
}

#[test]
fn what_is_wrong_is_said_before_anybody_is_asked() {
    let (server, home) = (Server::start(), Home::new());
    token(&home.fetch(&server, SERVICE).run());
    let asked = server.whole_log().lines().count();
    let wrong = home
        .fetch(&server, &[SERVICE, &["--fresh", "--save", "../x"]].concat())
        .run();
    assert_eq!(wrong.status, Some(2), "{wrong:?}");
    assert!(
        wrong
            .stderr
            .starts_with("error: `../x` is no name of a saved request\n"),
        "{wrong:?}"
    );
    let exchange = [
        "--client",
        "demo-service",
        "--client-secret",
        "env:SECRET",
        "--grant",
        "exchange",
    ];
    let missing = home.fetch(&server, &exchange).run();
    assert!(
        missing
            .stderr
            .starts_with("error: `--subject-token SOURCE` is missing\n"),
        "{missing:?}"
    );
    let password = ["--client", "demo-app", "--grant", "password"];
    let missing = home.fetch(&server, &password).run();
    assert!(
        missing
            .stderr
            .starts_with("error: `--username NAME` is missing\n"),
        "{missing:?}"
    );
    assert_eq!(server.log().lines().count(), asked);
    // What is kept already is saved too.
    let again = home
        .fetch(&server, &[SERVICE, &["--save", "again"]].concat())
        .run();
    assert!(
        again
            .stderr
            .contains("note: saved: `jott fetch again` is enough"),
        "{again:?}"
    );
}

#[test]
fn no_secret_is_on_the_command_line() {
    let (server, home) = (Server::start(), Home::new());
    let run = home
        .fetch(
            &server,
            &["--client", "demo-service", "--client-secret", SECRET],
        )
        .run();
    assert_eq!((run.status, run.stdout.as_str()), (Some(2), ""), "{run:?}");
    assert!(
        run.stderr.starts_with(
            "error: `--client-secret` takes the place of a secret, not the secret itself\n"
        ),
        "{run:?}"
    );
    assert!(!run.stderr.contains(SECRET), "{run:?}");
    let neither = jott(["fetch"]).env("HOME", home.path()).run();
    assert!(
        neither
            .stderr
            .starts_with("error: `--issuer URL` is missing\n"),
        "{neither:?}"
    );
}

/// Answers two requests, as one that may be asked and as one that may not; gives the first.
fn answering_twice(listener: TcpListener, body: String) -> JoinHandle<String> {
    thread::spawn(move || {
        let asked = ["200 OK", "403 Forbidden"].map(|status| {
            let (mut stream, _) = listener.accept().unwrap();
            let request = head_of(&mut stream).unwrap();
            let len = body.len();
            let answer = format!(
                "HTTP/1.1 {status}\r\nContent-Length: {len}\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{body}"
            );
            stream.write_all(answer.as_bytes()).unwrap();
            request.to_lowercase()
        });
        asked[0].clone()
    })
}

/// The identity token of a job, where it is asked for as the platform has it.
#[test]
fn a_job_has_its_own_token() {
    let server = Server::start();
    let minted = json!({"claims": {"aud": "sts.test"}, "user": "alice", "client": "demo-app"});
    let request = server.request("POST", "/_control/tokens");
    let answer = request.body("application/json", minted.to_string()).send();
    let token = answer.text("access_token");
    let ci = |aud: &str, env: &[(&str, &str)]| {
        let run = jott(["fetch", "--ci", "--aud", aud]);
        env.iter()
            .fold(run, |run, (name, value)| run.env(name, value))
            .run()
    };
    // GitHub's protocol: a request with the token of the job, and `audience`.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!(
        "http://{}/token?api-version=2",
        listener.local_addr().unwrap()
    );
    let body = json!({"value": token}).to_string();
    let asked = answering_twice(listener, body);
    let github = [
        ("GITHUB_ACTIONS", "true"),
        ("ACTIONS_ID_TOKEN_REQUEST_URL", url.as_str()),
        ("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "of-the-job"),
    ];
    let run = ci("sts.test", &github);
    assert_eq!(
        (run.stdout, run.stderr),
        (format!("{token}\n"), String::new())
    );
    let run = ci("sts.test", &github);
    assert_eq!(
        (run.stdout.as_str(), run.stderr.as_str()),
        ("", "error: GitHub answered 403 without a token\n")
    );
    let asked = asked.join().unwrap();
    assert!(
        asked.starts_with("get /token?api-version=2&audience=sts.test http"),
        "{asked}"
    );
    assert!(
        asked.contains("authorization: bearer of-the-job"),
        "{asked}"
    );
    // A job that may not.
    let run = ci("sts.test", &[("GITHUB_ACTIONS", "true")]);
    assert_eq!(run.status, Some(1));
    assert!(
        run.stderr.contains("permissions: id-token: write"),
        "{run:?}"
    );
    // GitLab's is in a variable, and one for somebody else is of no use.
    let gitlab = [("GITLAB_CI", "true"), ("JOTT_ID_TOKEN", token.as_str())];
    assert_eq!(ci("sts.test", &gitlab).stdout, format!("{token}\n"));
    let other = ci("other.test", &gitlab);
    assert_eq!(
        (other.status, other.stdout.as_str()),
        (Some(1), ""),
        "{other:?}"
    );
    assert!(
        other
            .stderr
            .starts_with("error: the token of GitLab CI is for another audience: sts.test\n"),
        "{other:?}"
    );
    assert!(
        ci("sts.test", &[("GITLAB_CI", "true")])
            .stderr
            .contains("id_tokens: { JOTT_ID_TOKEN: { aud: sts.test } }")
    );
    // A file that is named.
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), format!("{token}\n")).unwrap();
    let path = file.path().to_str().unwrap();
    for name in [
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AZURE_FEDERATED_TOKEN_FILE",
        "SPIFFE_JWT_FILE",
    ] {
        assert_eq!(
            ci("sts.test", &[(name, path)]).stdout,
            format!("{token}\n"),
            "{name}"
        );
    }
    assert_eq!(
        ci("sts.test", &[("SPIFFE_JWT_FILE", "/nowhere")]).status,
        Some(5)
    );
    let nowhere = ci("sts.test", &[]);
    assert_eq!(nowhere.status, Some(1));
    assert!(
        nowhere
            .stderr
            .starts_with("error: this is no job or workload that has an identity token\n"),
        "{nowhere:?}"
    );
}

/// The metadata server of Google, and a job of `CircleCI` without the program that asks for other audiences.
#[test]
fn a_machine_and_a_job_without_a_program_have_their_own_token_too() {
    let server = Server::start();
    let minted = json!({"claims": {"aud": "sts.test"}, "user": "alice", "client": "demo-app"});
    let request = server.request("POST", "/_control/tokens");
    let answer = request.body("application/json", minted.to_string()).send();
    let token = answer.text("access_token");
    let ci = |env: &[(&str, &str)]| {
        let run = jott(["fetch", "--ci", "--aud", "sts.test"]);
        let run = env
            .iter()
            .fold(run, |run, (name, value)| run.env(name, value));
        let run = run.run();
        (run.stdout, run.stderr)
    };
    let given = (format!("{token}\n"), String::new());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let asked = answering_twice(listener, format!(" {token}\n"));
    let google = [("GCE_METADATA_HOST", host.as_str())];
    assert_eq!(ci(&google), given);
    let unavailable = "error: the metadata server answered 403 without a token\nhint: the machine needs a service account\n";
    assert_eq!(ci(&google), (String::new(), unavailable.to_owned()));
    let asked = asked.join().unwrap();
    let path = "get /computemetadata/v1/instance/service-accounts/default/identity?format=full&audience=sts.test http";
    assert!(asked.starts_with(path), "{asked}");
    assert!(asked.contains("metadata-flavor: google\r\n"), "{asked}");
    let job = ("CIRCLECI", "true");
    assert_eq!(ci(&[job, ("CIRCLE_OIDC_TOKEN_V2", &token)]), given);
    let none = "error: this job of CircleCI has no identity token\nhint: a job has one where it uses a context: `context: NAME` in the workflow\n";
    for env in [&[job][..], &[job, ("CIRCLE_OIDC_TOKEN_V2", "")]] {
        assert_eq!(ci(env), (String::new(), none.to_owned()));
    }
}

/// RFC 8628: a code that is entered on another device, which is played by a request.
#[test]
fn a_person_logs_in_on_another_device() {
    use std::io::Read as _;
    let (server, home) = (
        Server::with(&["--alg", "ES256", "--auto-login"]),
        Home::new(),
    );
    let mut child = Command::new(env!("CARGO_BIN_EXE_jott"))
        .args(["fetch", "--issuer", &server.issuer(), "--store", "file"])
        .args([
            "--client",
            "demo-app",
            "--grant",
            "device",
            "--scope",
            "openid offline_access",
        ])
        .env_clear()
        .env("HOME", home.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = child.stderr.take().unwrap();
    let (mut said, mut byte) = (String::new(), [0]);
    while !said.ends_with("Ctrl-C ends it.\n") {
        assert_eq!(stderr.read(&mut byte).unwrap(), 1, "{said}");
        said.push(char::from(byte[0]));
    }
    assert!(
        said.starts_with("To log in, open http://127.0.0.1:"),
        "{said}"
    );
    let link = said
        .lines()
        .find_map(|line| line.strip_prefix("or open "))
        .unwrap();
    let page = server.get(link.strip_prefix(&server.issuer()).unwrap());
    assert!(page.status < 400, "{page:?}");
    let output = child.wait_with_output().unwrap();
    let access = String::from_utf8(output.stdout).unwrap();
    assert_eq!(server.protected(access.trim_end()).status, 200);
    assert!(home.kept()["refresh_token"].is_string());
}

/// The browser that `BROWSER` names; here it is curl, which follows where it is sent.
#[cfg(unix)]
#[test]
fn a_browser_is_opened_and_comes_back() {
    use std::os::unix::fs::PermissionsExt as _;
    let (server, home) = (
        Server::with(&["--alg", "ES256", "--auto-login"]),
        Home::new(),
    );
    let browser = home.0.path().join("browser");
    fs::write(&browser, "#!/bin/sh\nexec curl -sL \"$1\"\n").unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o700)).unwrap();
    let args = ["--client", "demo-app", "--scope", "openid items:read"];
    let run = home
        .fetch(&server, &args)
        .env("BROWSER", browser.to_str().unwrap())
        .env("PATH", "/usr/bin:/bin")
        .run();
    assert_eq!(server.protected(&token(&run)).status, 200);
    assert!(
        run.stderr
            .starts_with("the log-in goes on in the browser; if none opens:\n"),
        "{run:?}"
    );
    assert!(!run.stdout.contains("logged in"), "{run:?}");
}
