//! Two at the same moment: exactly one wins (row T16).

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Barrier;
use std::thread;

use super::browser::{code, redemption, refreshing, tokens};
use super::http::Answer;
use super::server::Server;

/// Sends one request 200 times at once; gives the answers.
fn at_once(server: &Server, form: &[(&str, &str)]) -> Vec<Answer> {
    const CLIENTS: usize = 200;
    let bytes = server.request("POST", "/token").form(form).bytes();
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
    let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
    assert_eq!((won.len(), lost.len()), (1, 199));
    for answer in lost {
        answer.is_error(400, "invalid_grant");
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
