//! The calls of the seed, an application with one shared secret, as curl makes them.

use serde_json::Value;

use super::server::Server;
use crate::peer;
use crate::support::jott;

const SECRET: &str = "a-string-secret-at-least-256-bits-long";
const GREETING: &str = r#"{"message":"Hello, alice! This is a protected route."}"#;

fn server() -> Server {
    Server::spawn(&["--key", "env:SECRET_KEY"], &[("SECRET_KEY", SECRET)])
}

/// What curl gets: the status, and the body.
#[track_caller]
fn curl(server: &Server, path: &str, args: &[&str]) -> (String, String) {
    let mut command = peer::tool("curl");
    command.args(["-qsS", "--noproxy", "*"]);
    command.args([
        "-w",
        "\n%{http_code} %{content_type} %header{www-authenticate}",
    ]);
    command.arg(server.issuer() + path).args(args);
    let said = peer::run(&mut command, &[]);
    let (body, head) = said.rsplit_once('\n').unwrap();
    (head.trim_end().to_owned(), body.to_owned())
}

#[track_caller]
fn greeting(server: &Server, token: &str) -> (String, String) {
    let header = format!("Authorization: Bearer {token}");
    curl(server, "/protected", &["-H", &header])
}

fn ok(body: &str) -> (String, String) {
    ("200 application/json".to_owned(), body.to_owned())
}

#[test]
fn the_root_greets_the_world() {
    assert_eq!(curl(&server(), "/", &[]), ok(r#"{"Hello":"World"}"#));
}

/// What `OAuth2PasswordBearer` makes of a log-in: RFC 6749 section 4.3.2 without a client.
#[test]
fn a_password_is_good_for_a_token_that_is_greeted() {
    let server = server();
    let form = "grant_type=password&username=alice&password=wonderland";
    let (head, body) = curl(&server, "/token", &["-d", form]);
    assert_eq!(head, "200 application/json");
    let answer: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(answer["token_type"], "Bearer");
    assert_eq!(answer["expires_in"], 1800);
    assert!(answer.get("refresh_token").is_none());
    let token = answer["access_token"].as_str().unwrap();
    assert_eq!(greeting(&server, token), ok(GREETING));
    // A form that leaves its client, its secret and its scope empty has left them out (section 3.2).
    let empty = format!("{form}&scope=&client_id=&client_secret=");
    let (head, _) = curl(&server, "/token", &["-d", &empty]);
    assert_eq!(head, "200 application/json");
}

/// RFC 6749 section 5.2.
#[test]
fn a_wrong_password_and_a_form_without_its_grant_are_refused() {
    let server = server();
    for (form, error) in [
        (
            "grant_type=password&username=alice&password=x",
            "invalid_grant",
        ),
        ("grant_type=password&username=alice", "invalid_request"),
        ("username=alice&password=wonderland", "invalid_request"),
    ] {
        let (head, body) = curl(&server, "/token", &["-d", form]);
        assert_eq!(head, "400 application/json", "{form}");
        let answer: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(answer["error"], error, "{form}");
    }
}

/// RFC 6750 section 3: no error is named where no token was sent.
#[test]
fn the_protected_route_asks_for_a_good_token() {
    let server = server();
    let challenge = format!(
        "401 application/json Bearer realm=\"jott\", \
         resource_metadata=\"{}/.well-known/oauth-protected-resource/protected\"",
        server.issuer()
    );
    let (head, body) = curl(&server, "/protected", &[]);
    assert_eq!(head, challenge);
    assert_eq!(body, r#"{"message":"an access token is needed"}"#);
    let (head, _) = greeting(&server, "not.a.token");
    assert!(
        head.starts_with(&format!("{challenge}, error=\"invalid_token\"")),
        "{head}"
    );
}

#[test]
fn a_token_that_jott_issues_is_greeted() {
    let run = jott(["issue", "--key", "env:SECRET_KEY", "--sub", "alice"])
        .env("SECRET_KEY", SECRET)
        .run();
    assert_eq!(greeting(&server(), run.stdout.trim_end()), ok(GREETING));
}
