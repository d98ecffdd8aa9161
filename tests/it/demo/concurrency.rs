//! Two at the same moment: exactly one wins (row T16).

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Barrier;
use std::thread;

use super::browser::{code, redemption, refreshing, tokens};
use super::device::{asking, begin, decide};
use super::http::{Answer, Request};
use super::server::Server;
use super::signer::{Signer, by_assertion};

/// Sends a form to `/token` 200 times at once; gives the answers.
fn at_once(server: &Server, form: &[(&str, &str)]) -> Vec<Answer> {
    all_at_once(server, &server.request("POST", "/token").form(form))
}

/// Sends one request 200 times at once; gives the answers.
fn all_at_once(server: &Server, request: &Request) -> Vec<Answer> {
    const CLIENTS: usize = 200;
    let bytes = request.bytes();
    let barrier = Barrier::new(CLIENTS);
    thread::scope(|scope| {
        let one = || {
            let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
            barrier.wait();
            stream.write_all(&bytes).unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).unwrap();
            Answer::parse(&answer).unwrap()
        };
        let running: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(one)).collect();
        running
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    })
}

#[track_caller]
fn exactly_one_wins(answers: &[Answer]) {
    others_hear(answers, 400, "invalid_grant");
}

/// Checks that one of 200 has won, and what the others hear.
#[track_caller]
fn others_hear(answers: &[Answer], status: u16, error: &str) {
    let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
    assert_eq!((won.len(), lost.len()), (1, 199));
    for answer in lost {
        answer.is_error(status, error);
    }
}

/// RFC 6749 section 10.5.
#[test]
fn a_code_is_redeemed_once_however_many_try() {
    let server = Server::start();
    let code = code(&server, &[]);
    exactly_one_wins(&at_once(&server, &redemption(&code)));
}

/// RFC 9700 section 4.14.2.
#[test]
fn a_refresh_token_is_used_once_however_many_try() {
    let server = Server::start();
    let token = tokens(&server, &[]).text("refresh_token");
    exactly_one_wins(&at_once(&server, &refreshing(&token)));
}

/// RFC 8628 section 3.5.
#[test]
fn a_device_gets_its_tokens_once_however_often_it_asks() {
    let server = Server::start();
    let begun = begin(&server, &[]);
    decide(&server, &begun.text("user_code"), "allow");
    exactly_one_wins(&at_once(&server, &asking(&begun.text("device_code"))));
}

/// RFC 7523 section 3.
#[test]
fn an_assertion_is_used_once_however_many_try() {
    let signer = Signer::new();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("keys.json"), signer.jwks()).unwrap();
    let path = folder.path().join("demo.toml");
    std::fs::write(&path, "[[client]]\nid = \"signer\"\njwks = \"keys.json\"\n").unwrap();
    let server = Server::with(&["--alg", "ES256", "--config", path.to_str().unwrap()]);
    let assertion = signer.assertion("signer", &server.issuer());
    let form = by_assertion(&assertion, &[("grant_type", "client_credentials")]);
    others_hear(&at_once(&server, &form), 400, "invalid_client");
}

/// RFC 9449 section 11.1: at the token endpoint and at a resource.
#[test]
fn a_proof_is_used_once_however_many_try() {
    let (server, signer) = (Server::start(), Signer::new());
    let proof = signer.proof("POST", &format!("{}/token", server.issuer()));
    let request = server.service_request("/token", &[("grant_type", "client_credentials")]);
    let answers = all_at_once(&server, &request.header("DPoP", &proof));
    others_hear(&answers, 400, "invalid_dpop_proof");
    let won = answers.iter().find(|answer| answer.status == 200).unwrap();
    let token = won.text("access_token");
    let url = format!("{}/protected", server.issuer());
    let proof = signer.proof_with("GET", &url, Some(&token), None);
    let request = server
        .request("GET", "/protected")
        .header("Authorization", &format!("DPoP {token}"))
        .header("DPoP", &proof);
    others_hear(&all_at_once(&server, &request), 401, "invalid_dpop_proof");
}
