//! Servers that others have made, and a person before a real browser: oidc-provider, and Authlib and
//! idpyoidc in Flask.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use super::{Home, token};
use crate::demo::mint::payload;
use crate::demo::server::Server;
use crate::demo::signer::Signer;
use crate::peer;
use crate::support::{Jott, Run, jott};
use crate::terminal::Session;

/// A server that is not of this project.
struct Other {
    issuer: String,
    /// To which its clients come back.
    port: u16,
    child: Child,
    _stdin: ChildStdin,
    /// It says more, and would end where nobody listens.
    _stdout: BufReader<ChildStdout>,
    folder: TempDir,
}

impl Other {
    fn start(script: &str) -> Other {
        let (folder, signer) = (tempfile::tempdir().unwrap(), Signer::new());
        let [public, private] = ["keys.json", "key.json"].map(|name| folder.path().join(name));
        fs::write(&public, signer.jwks()).unwrap();
        fs::write(&private, &*signer.key.whole_jwk().unwrap()).unwrap();
        let mut command = match script {
            "fetch_provider.mjs" => {
                let mut node = peer::tool("node");
                node.arg(format!(
                    "{}/tests/clients/{script}",
                    env!("CARGO_MANIFEST_DIR")
                ));
                node.arg(peer::node_modules());
                node
            }
            script => peer::script(script),
        };
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = port.local_addr().unwrap().port();
        command
            .arg(&public)
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
        let mut issuer = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut issuer).unwrap();
        Other {
            issuer: issuer.trim_end().to_owned(),
            port,
            _stdin: child.stdin.take().unwrap(),
            _stdout: stdout,
            child,
            folder,
        }
    }

    fn key(&self) -> String {
        let path = self.folder.path().join("key.json");
        path.to_str().unwrap().to_owned()
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The command of a person before chromium, to be named by BROWSER.
fn person() -> String {
    let script = peer::script("person.mjs");
    let mut words = vec![script.get_program().to_str().unwrap().to_owned()];
    words.extend(
        script
            .get_args()
            .map(|word| word.to_str().unwrap().to_owned()),
    );
    words.join(" ")
}

/// A run whose log-in goes on in a real browser.
fn in_a_browser(home: &Home, issuer: &str, args: &[&str]) -> Jott {
    home.fetch_from(issuer, args)
        .env("BROWSER", &person())
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
}

/// A device at a terminal, whose code a person enters in a real browser.
fn on_a_terminal(home: &Home, issuer: &str, args: &str) -> String {
    let command = format!(
        "env TERM=xterm HOME={} \"$jott\" fetch --issuer {issuer} --store file --grant device {args}",
        home.path()
    );
    let mut session = Session::start(&command);
    session.wait_for("Ctrl-C ends it.");
    let seen = session
        .seen
        .replace("\u{1b}[1m", "")
        .replace("\u{1b}[0m", "");
    // It is drawn, stands there to be copied, and counts.
    assert!(seen.contains('█'), "{seen}");
    assert!(seen.contains("The code is good for "), "{seen}");
    let page = seen
        .split("open ")
        .nth(1)
        .unwrap()
        .split(' ')
        .next()
        .unwrap();
    let lines = seen.lines().map(str::trim);
    let mut codes = lines.filter(|line| line.is_ascii() && line.len() > 5 && !line.contains(' '));
    let code = codes.next_back().unwrap().to_owned();
    let mut person = peer::script("person.mjs");
    peer::run(person.args([page, &code]), &[]);
    let (status, seen) = session.end();
    assert_eq!(status.code(), Some(0), "{seen}");
    let (_, last) = seen.trim_end().rsplit_once('\n').unwrap();
    let token = last.rsplit("\u{1b}[K").next().unwrap();
    token.trim().to_owned()
}

#[track_caller]
fn json(run: &Run) -> Value {
    serde_json::from_str(&token(run)).unwrap()
}

#[test]
fn a_person_logs_in_in_a_real_browser() {
    let (server, home) = (Server::start(), Home::new());
    let args = [
        "--client",
        "demo-app",
        "--scope",
        "openid offline_access items:read",
    ];
    let run = in_a_browser(&home, &server.issuer(), &args).run();
    assert_eq!(server.protected(&token(&run)).status, 200);
    assert!(home.kept()["refresh_token"].is_string());
}

#[test]
fn a_person_enters_the_code_of_a_terminal_in_a_real_browser() {
    let (server, home) = (Server::start(), Home::new());
    let token = on_a_terminal(
        &home,
        &server.issuer(),
        "--client demo-app --scope items:read",
    );
    assert_eq!(server.protected(&token).status, 200);
}

#[test]
fn oidc_provider_gives_tokens_in_each_way_that_it_has() {
    let (other, home) = (Other::start("fetch_provider.mjs"), Home::new());
    // A secret that has to be encoded before it goes into the header (RFC 6749 section 2.3.1).
    let job = [
        "--client",
        "job",
        "--client-secret",
        "env:S",
        "--resource",
        "urn:api",
    ];
    let run = home
        .fetch_from(&other.issuer, &job)
        .env("S", "known to:this test alone")
        .run();
    assert_eq!(payload(&token(&run))["client_id"], "job");
    let key = other.key();
    let signer = [
        "--client",
        "signer",
        "--client-key",
        &key,
        "--resource",
        "urn:api",
        "--dpop",
    ];
    let run = home.fetch_from(&other.issuer, &signer).run();
    assert!(payload(&token(&run))["cnf"]["jkt"].is_string());
    // It gives a refresh token where consent is asked for alone, and pushes the request (RFC 9126).
    let cli = [
        "--client",
        "cli",
        "--scope",
        "openid offline_access",
        "--param",
        "prompt=consent",
    ];
    for dpop in [&[][..], &["--dpop"]] {
        let args = [&cli, dpop].concat();
        let first = in_a_browser(&home, &other.issuer, &[&args[..], &["--json"]].concat()).run();
        let first = json(&first);
        assert!(
            first["refresh_token"].is_string() && first["id_token"].is_string(),
            "{first}"
        );
        let longer = [&args[..], &["--json", "--min-valid", "30d"]].concat();
        let second = json(&home.fetch_from(&other.issuer, &longer).run());
        assert_ne!(second["access_token"], first["access_token"]);
    }
    let token = on_a_terminal(&home, &other.issuer, "--client cli --scope openid");
    assert!(token.len() > 20, "{token}");
}

#[test]
fn authlib_gives_tokens_in_each_way_that_it_has() {
    let (other, home) = (Other::start("authlib_provider.py"), Home::new());
    let job = ["--client", "job", "--client-secret", "env:S"];
    let run = home
        .fetch_from(&other.issuer, &job)
        .env("S", "known to:this test alone")
        .run();
    token(&run);
    let cli = ["--client", "cli", "--scope", "read"];
    let first = in_a_browser(&home, &other.issuer, &cli).run();
    let first = token(&first);
    home_expires(&home, &first);
    let second = token(&home.fetch_from(&other.issuer, &cli).run());
    assert_ne!(first, second);
    let password = [
        &cli[..],
        &[
            "--grant",
            "password",
            "--username",
            "alice",
            "--password",
            "env:P",
        ],
    ];
    let run = home
        .fetch_from(&other.issuer, &password.concat())
        .env("P", "wonderland")
        .run();
    token(&run);
    let wrong = home.fetch_from(
        &other.issuer,
        &[&password.concat()[..], &["--fresh"]].concat(),
    );
    let wrong = wrong.env("P", "looking-glass").run();
    assert_eq!(
        (wrong.status, wrong.stdout.as_str()),
        (Some(1), ""),
        "{wrong:?}"
    );
    // An assertion of an issuer that it trusts.
    let issue = [
        "issue",
        "--key",
        &other.key(),
        "--iss",
        "partner",
        "--sub",
        "alice",
        "--aud",
        &other.issuer,
    ];
    let assertion = jott(issue.iter().chain(&["--exp", "5m"])).run().stdout;
    let bearer = [
        "--client",
        "partner",
        "--grant",
        "jwt-bearer",
        "--subject-token",
        "env:A",
    ];
    let run = home
        .fetch_from(&other.issuer, &bearer)
        .env("A", assertion.trim_end())
        .run();
    token(&run);
    let token = on_a_terminal(&home, &other.issuer, "--client cli --scope read");
    assert!(token.len() > 20, "{token}");
}

/// A token of one client, which another exchanges for one with less (RFC 8693).
#[test]
fn idpyoidc_exchanges_the_token_of_a_log_in() {
    let (other, home) = (Other::start("idpyoidc_provider.py"), Home::new());
    let back = format!("http://127.0.0.1:{}/callback", other.port);
    let secret = ["--client-secret", "env:S"];
    let frontend = [
        "--client",
        "frontend",
        "--grant",
        "code",
        "--scope",
        "read write",
    ];
    let args = [&frontend[..], &secret, &["--redirect-uri", &back]].concat();
    let run = in_a_browser(&home, &other.issuer, &args);
    let first = token(&run.env("S", "known-to-this-test-alone").run());
    let backend = [
        "--client",
        "backend",
        "--grant",
        "exchange",
        "--subject-token",
        "env:T",
    ];
    let exchange = |args: &[&str], subject: &str| {
        let args = [&backend[..], &secret, args].concat();
        let run = home.fetch_from(&other.issuer, &args);
        run.env("S", "known-to-this-test-alone")
            .env("T", subject)
            .run()
    };
    let answer = json(&exchange(&["--scope", "read", "--json"], &first));
    assert_eq!(
        answer["issued_token_type"],
        "urn:ietf:params:oauth:token-type:access_token"
    );
    assert_eq!(answer["scope"], "read");
    assert_ne!(answer["access_token"], first.as_str());
    // What it does not know, and what it will not give.
    let wrong = exchange(&["--fresh"], "of-nobody");
    assert_eq!(
        (wrong.status, wrong.stdout.as_str()),
        (Some(1), ""),
        "{wrong:?}"
    );
    let said = "error: the server refused: invalid_request\ncause: Subject token invalid\n";
    assert!(wrong.stderr.starts_with(said), "{wrong:?}");
    let elsewhere = exchange(&["--fresh", "--resource", "urn:nowhere"], &first);
    let said = "error: the server refused: invalid_target\n";
    assert!(elsewhere.stderr.starts_with(said), "{elsewhere:?}");
}

/// Lets the entry of a token expire, of many.
fn home_expires(home: &Home, access_token: &str) {
    let folder = fs::read_dir(home.entry().parent().unwrap()).unwrap();
    for path in folder.map(|file| file.unwrap().path()) {
        let text = fs::read_to_string(&path).unwrap();
        if let Ok(mut kept) = serde_json::from_str::<Value>(&text)
            && kept["access_token"] == access_token
        {
            kept["expires_at"] = 1.into();
            fs::write(path, kept.to_string()).unwrap();
        }
    }
}
