//! The conformance suite of the Model Context Protocol, whose results are a table in `conformance.md`.

use std::collections::BTreeMap;
use std::net::TcpListener;

use super::libraries::{DOCUMENT_URL, document_of_a_client};
use super::server::Server;
use crate::peer;

const TABLE: &str = include_str!("conformance.md");

/// The results of the table for a run, by check.
fn listed(run: &str) -> BTreeMap<String, String> {
    let rows = TABLE.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let is_row = cells.get(1) == Some(&run);
        is_row.then(|| (cells[2].to_owned(), cells[3].to_owned()))
    });
    rows.collect()
}

/// Runs the suite for a client of a server, and compares.
#[track_caller]
fn is_as_listed(run: &str, server: &Server, client: &[&str]) {
    let mut suite = peer::script("with_conformance.mjs");
    suite
        .arg(server.issuer())
        .args(client)
        .env("NO_PROXY", "127.0.0.1,localhost");
    let checks = peer::json_lines(&peer::run(&mut suite, &[]));
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let found = checks
        .iter()
        .map(|check| (text(&check["id"]), text(&check["status"])));
    let found: BTreeMap<String, String> = found.collect();
    assert_eq!(found, listed(run), "{checks:?}\n{}", server.log());
}

#[test]
fn a_client_logs_in_for_the_tools() {
    let server = Server::with(&["--auto-login"]);
    let resource = format!("{}/mcp", server.issuer());
    let client = ["demo-app", "--resource", &resource];
    is_as_listed("for `/mcp`", &server, &client);
}

#[test]
fn a_client_is_known_by_its_document() {
    let (_folder, document) = document_of_a_client();
    let server = Server::with(&["--auto-login", &document]);
    is_as_listed("by a document", &server, &[DOCUMENT_URL]);
}

#[test]
fn an_issuer_may_have_a_path() {
    let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = free.local_addr().unwrap().to_string();
    drop(free);
    let issuer = format!("http://{address}/tenant");
    let args = ["--auto-login", "--listen", &address, "--issuer", &issuer];
    let server = Server::with(&args);
    is_as_listed("below a path", &server, &["demo-app"]);
}

#[test]
fn the_suite_keeps_a_secret_to_itself() {
    let server = Server::with(&["--auto-login"]);
    let client = ["demo-web", "--client-secret", "demo-web-secret"];
    is_as_listed("with a secret", &server, &client);
}

#[test]
fn without_a_client_the_metadata_are_judged_alone() {
    let server = Server::with(&["--auto-login"]);
    is_as_listed("without a client", &server, &["-"]);
}
