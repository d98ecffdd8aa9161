//! Keys from the network: what is asked, what is taken from an answer, and what is kept.

mod answers;
mod doctor;
mod issuers;
mod kept;
mod places;
mod real_issuers;
mod server;
mod sets;

use server::{Reply, Server};

use crate::support::{Jott, jott};

/// The key of RFC 8037 appendix A.1.
const X: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

const D: &str = "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A";

/// A public entry with a `kid`.
fn entry(kid: &str) -> String {
    format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{X}","kid":"{kid}"}}"#)
}

fn set(entries: &[&str]) -> String {
    format!(r#"{{"keys":[{}]}}"#, entries.join(","))
}

fn one() -> String {
    set(&[&entry("a")])
}

/// A token that the key signed.
fn token(kid: &str, flags: &[&str]) -> String {
    let args = ["issue", "--key", "env:PRIVATE", "--kid", kid];
    let run = jott(args.iter().chain(flags))
        .env(
            "PRIVATE",
            &format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{X}","d":"{D}"}}"#),
        )
        .run();
    assert_eq!(run.status, Some(0), "{run:?}");
    run.stdout.trim().to_owned()
}

/// `jott verify -q` with a key, so that only errors are printed.
fn quietly(key: &str, token: &str) -> Jott {
    jott(["verify", "-q", "--key", key, token])
}

/// What stands below an error that has no hint of its own.
const ADVICE: [&str; 3] = [
    "hint: try again; a set that came another way can be a file: `--key ./jwks.json`\n",
    "hint: `--key https://…` names the JWK Set of an issuer itself\n",
    "hint: name the URL of a JWK Set; `--key issuer:URL` finds that of an issuer\n",
];

/// An error without the advice that goes with it, and with the port of a server taken out.
fn bare(stderr: &str, server: &Server) -> String {
    let stderr = stderr.replace(&server.port.to_string(), "PORT");
    ADVICE
        .iter()
        .fold(stderr, |text, hint| text.replace(hint, ""))
}

/// Status and stderr with a token of `kid` a.
fn refused(server: &Server, key: &str) -> (i32, String) {
    let run = quietly(key, &token("a", &[])).run();
    assert_eq!(run.stdout, "");
    (run.status.unwrap(), bare(&run.stderr, server))
}

fn assert_answer(reply: impl Fn() -> Reply + Send + Sync + 'static, status: i32, stderr: &str) {
    let server = Server::start(move |_| reply());
    assert_eq!(
        refused(&server, &server.url("/keys")),
        (status, stderr.to_owned())
    );
}

/// A port that was free a moment ago.
fn raw_port_of_nobody() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
