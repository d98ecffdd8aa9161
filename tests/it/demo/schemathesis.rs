//! Requests that schemathesis makes of `/openapi.json`, hundreds of them, good ones and bad: no answer
//! is other than described, and what should be refused is. `tests/clients/install` installs it.

use super::server::Server;
use crate::peer;

fn schemathesis(server: &Server, token: &str) {
    let mut script = peer::script("with_schemathesis.py");
    script.args([&server.issuer(), token]);
    let said = peer::output(script.env("NO_PROXY", "127.0.0.1"), &[]);
    let said_all = String::from_utf8_lossy(&said.stdout);
    assert!(said.status.success(), "{said_all}");
}

#[test]
fn without_a_token_every_answer_is_as_described() {
    schemathesis(&Server::start(), "");
}

#[test]
fn with_a_token_every_answer_is_as_described() {
    let server = Server::start();
    let token =
        server.alice_token("openid profile email items:read items:write mcp:read mcp:write");
    schemathesis(&server, &token);
}

/// The seed's set-up describes less.
#[test]
fn with_a_shared_secret_every_answer_is_as_described() {
    let secret = "a-string-secret-at-least-256-bits-long";
    let server = Server::spawn(&["--key", "env:SECRET_KEY"], &[("SECRET_KEY", secret)]);
    let token = server.alice_token("items:read items:write mcp:read mcp:write");
    schemathesis(&server, &token);
}
