//! The map of the house in CONTRIBUTING is true, and a large file has its reason.

use std::fs;
use std::path::{Path, PathBuf};

use super::floors::{MAY_IMPORT, files, sources};

/// More lines than these are seldom about one thing.
const MOST_LINES: usize = 300;

/// The files that are longer, or nearly so, and why each of them is one.
const LARGE: &[(&str, &str)] = &[
    ("cli/advice/mod.rs", "one match: an advice, its sentence"),
    (
        "cli/decoded/lines.rs",
        "one page for people, section by section",
    ),
    (
        "cli/decoded/table.rs",
        "one layout: columns, folds and widths depend on each other",
    ),
    (
        "cli/fetch/callback.rs",
        "one listener: a request of a browser, from its bytes to the answer",
    ),
    (
        "cli/fetch/mod.rs",
        "the order of what `jott fetch` does; each way to a token is a file of its own",
    ),
    (
        "cli/fetch/request.rs",
        "the declarations of a saved request, and their checks",
    ),
    ("cli/habits/flags.rs", "a table"),
    (
        "cli/issue/mod.rs",
        "the order of what `jott issue` does; each part of it is elsewhere",
    ),
    (
        "cli/key_choice.rs",
        "one decision: which key, from the first place of the search to the last",
    ),
    (
        "cli/manual.rs",
        "the sections of the manual pages, a table of texts",
    ),
    (
        "cli/serve_demo/job.rs",
        "what a job finds, platform by platform",
    ),
    (
        "cli/serve_demo/settings.rs",
        "each flag of the server, and the setting that it makes",
    ),
    (
        "cli/usage.rs",
        "each error of clap in words of this program: one match and what it needs",
    ),
    (
        "demo/acting_faults.rs",
        "what each fault does to an answer, fault by fault",
    ),
    (
        "demo/authorization_request.rs",
        "a request at `/authorize`, parameter by parameter, and what is wrong with it",
    ),
    (
        "demo/bearer/mod.rs",
        "one extractor: an access token, its binding, and what a fault makes of it",
    ),
    (
        "demo/client_metadata.rs",
        "a table of the members of RFC 7591, and their checks",
    ),
    (
        "demo/config/mod.rs",
        "one reading: tables to users, clients and issuers",
    ),
    (
        "demo/control.rs",
        "the operations of the control, one after the other",
    ),
    (
        "demo/demo_server.rs",
        "the server as its handlers see it: one accessor for each thing that it has",
    ),
    (
        "demo/fault/rule.rs",
        "one grammar: a fault with its conditions, read and written",
    ),
    (
        "demo/fault/set.rs",
        "one index, by which a thousand faults cost nothing, and its tests",
    ),
    ("demo/fault/table.rs", "a table"),
    (
        "demo/grant/token_exchange.rs",
        "one grant (RFC 8693), parameter by parameter",
    ),
    (
        "demo/metadata.rs",
        "the documents of RFC 8414, RFC 9728 and OpenID, member by member",
    ),
    ("demo/pages/playground.rs", "one page"),
    ("demo/pages/reference.rs", "one page"),
    (
        "demo/reference/operation.rs",
        "the parts of an operation, as OpenAPI has them",
    ),
    (
        "demo/registration.rs",
        "one endpoint (RFC 7591, RFC 7592), and its part of the reference",
    ),
    (
        "demo/signing.rs",
        "the keys of the server, which are drawn, rotated and published together",
    ),
    (
        "demo/tokens.rs",
        "one answer: the tokens of a grant, and what goes into each",
    ),
    (
        "doctor/metadata.rs",
        "the members of the metadata, each with its check",
    ),
    (
        "doctor/resource.rs",
        "the members of a resource's metadata, each with its check",
    ),
    (
        "keys/client_document.rs",
        "one request that a stranger names, with its bounds and their tests",
    ),
    (
        "keys/http/mod.rs",
        "one GET: its bounds, its redirects, its faults",
    ),
    (
        "keys/keyring.rs",
        "the calls of the keyring, and what each store answers to them",
    ),
    (
        "keys/keyring/secret_service.rs",
        "one protocol: the calls of the Secret Service in their order",
    ),
    (
        "keys/remote.rs",
        "one fetch of keys: what was kept, what is asked for, what is kept",
    ),
    (
        "keys/source/mod.rs",
        "one row for each source, and how one is read",
    ),
    (
        "oauth/token_answer.rs",
        "the answer of a token endpoint, member by member",
    ),
    ("token/advice/mod.rs", "one list of data"),
    (
        "token/claims/mod.rs",
        "the registered claims with their types, read and written",
    ),
    (
        "token/decode.rs",
        "one reading: a token of any form, as far as it goes",
    ),
    (
        "token/der/mod.rs",
        "the structures of keys in DER, one after the other",
    ),
    ("token/export.rs", "the forms of a key, one after the other"),
    (
        "token/find/compact.rs",
        "one grammar: the compact serialization as texts have it",
    ),
    ("token/find/dump.rs", "one grammar: the rows of a dump"),
    (
        "token/find/mod.rs",
        "the loop that finds tokens, and its table; measured, so kept in one piece",
    ),
    (
        "token/find/reader.rs",
        "one cursor: characters, their spellings and their places",
    ),
    (
        "token/find/spelling.rs",
        "the spellings of a character, one after the other",
    ),
    (
        "token/json/scan.rs",
        "the grammar of JSON, whose rules call each other",
    ),
    (
        "token/jwe/open.rs",
        "the steps of RFC 7516 section 5.2, one after the other",
    ),
    (
        "token/jwk/mod.rs",
        "the members of a JWK, and what they make",
    ),
    (
        "token/key.rs",
        "one type: a key, what it is for, and what is said of it",
    ),
    (
        "token/keyset/mod.rs",
        "one choice: which keys may check a token",
    ),
    (
        "token/material/mod.rs",
        "the kinds of keys, each with its checks",
    ),
    (
        "token/not_a_secret/marks.rs",
        "a table of marks, and the search for them",
    ),
    ("token/profile/table.rs", "a table"),
    (
        "token/verify/header.rs",
        "the parameters of a header, each with its check",
    ),
    (
        "token/verify/mod.rs",
        "the order of the checks; each of them is elsewhere",
    ),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn lines(file: &Path) -> usize {
    fs::read_to_string(file).unwrap().lines().count()
}

#[test]
fn a_file_is_about_one_thing_or_says_why_it_is_large() {
    let src = root().join("src");
    let large: Vec<PathBuf> = LARGE.iter().map(|(path, _)| src.join(path)).collect();
    for (path, (name, reason)) in large.iter().zip(LARGE) {
        assert!(path.is_file(), "{name} is not there: {reason}");
    }
    for file in sources(&src) {
        let lines = lines(&file);
        assert!(
            lines <= MOST_LINES || large.contains(&file),
            "{} has {lines} lines: part it by what it is about, or say here why it is one thing",
            file.display()
        );
    }
}

/// The rows of the table below a heading of CONTRIBUTING, each with its cells.
fn table(heading: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(root().join(".github/CONTRIBUTING.md")).unwrap();
    let (_, below) = text.split_once(&format!("## {heading}\n")).unwrap();
    let section = below.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|row| {
        row.trim_matches('|')
            .split(" | ")
            .map(|cell| cell.trim().to_owned())
            .collect()
    })
    .collect()
}

/// What stands in backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

#[test]
fn the_map_has_every_room_and_what_it_may_import() {
    let rows = table("The rooms");
    let rooms: Vec<&str> = rows.iter().map(|row| quoted(&row[0])[0]).collect();
    let mut listed: Vec<&str> = MAY_IMPORT.iter().map(|(room, _)| *room).collect();
    listed.reverse();
    assert_eq!(rooms, listed);
    for (row, room) in rows.iter().zip(rooms) {
        let (_, allowed) = MAY_IMPORT.iter().find(|(name, _)| *name == room).unwrap();
        let others: Vec<&str> = allowed
            .iter()
            .copied()
            .filter(|name| *name != room)
            .collect();
        assert_eq!(quoted(&row[2]), others, "{room}");
    }
    for entry in fs::read_dir(root().join("src")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let is_room = MAY_IMPORT.iter().any(|(room, _)| *room == name);
        assert!(!path.is_dir() || is_room, "{name} is not on the map");
    }
}

#[test]
fn what_is_new_has_a_place_that_is_there() {
    let rows = table("Where a new thing goes");
    assert!(rows.len() > 8, "the table was not found");
    for row in rows {
        for place in row[1].split(", then ") {
            let quoted = quoted(place);
            let (path, names) = quoted.split_last().unwrap();
            let path = root().join("src").join(path);
            assert!(path.exists(), "{place}");
            for name in names {
                let text = fs::read_to_string(&path).unwrap();
                assert!(text.contains(name), "{name} is not in {}", path.display());
            }
        }
    }
}

/// Every row of the threat model names what holds it, and that is there.
#[test]
fn what_the_threat_model_promises_is_held_by_tests_that_are_there() {
    let text = fs::read_to_string(root().join(".github/SECURITY.md")).unwrap();
    let of_rust = ["src", "tests/it"].map(|room| files(&root().join(room)));
    let code = of_rust.iter().flatten();
    let code: Vec<String> = code
        .filter(|file| file.extension() == Some("rs".as_ref()))
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();
    let rows = text.lines().filter(|line| line.starts_with("| ")).skip(1);
    for row in rows {
        let tests = quoted(row.trim_end_matches(" |").rsplit(" | ").next().unwrap());
        assert!(!tests.is_empty(), "nothing holds this: {row}");
        for test in tests {
            let is_there = match test.contains('.') {
                true => root().join("tests/transcripts").join(test).is_file(),
                false => code
                    .iter()
                    .any(|code| code.contains(&format!("fn {test}("))),
            };
            assert!(is_there, "there is no test {test}: {row}");
        }
    }
}
