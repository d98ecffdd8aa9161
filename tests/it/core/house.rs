//! The map of the house in CONTRIBUTING is true, and a large file has its reason.

use std::fs;
use std::path::{Path, PathBuf};

use super::floors::{MAY_IMPORT, files, sources};

/// More lines than these are seldom about one thing.
const MOST_LINES: usize = 500;

/// The files that are longer, or nearly so, and why each of them is one.
const LARGE: &[(&str, &str)] = &[
    ("cli/advice/mod.rs", "one match: an advice, its sentence"),
    (
        "cli/decode.rs",
        "the order of what `jott decode` does; how a token is shown is elsewhere",
    ),
    ("cli/habits/flags.rs", "a table"),
    (
        "cli/manual.rs",
        "the sections of the manual pages, a table of texts",
    ),
    (
        "cli/usage.rs",
        "each error of clap in words of this program: one match and what it needs",
    ),
    (
        "demo/authorization_request.rs",
        "a request at `/authorize`, parameter by parameter, and what is wrong with it",
    ),
    (
        "demo/metadata.rs",
        "the documents of RFC 8414, RFC 9728 and OpenID, member by member",
    ),
    ("demo/pages/reference.rs", "one page"),
    (
        "demo/signing.rs",
        "the keys of the server, which are drawn, rotated and published together",
    ),
    (
        "doctor/metadata.rs",
        "the members of the metadata, each with its check",
    ),
    (
        "keys/keyring/secret_service.rs",
        "one protocol: the calls of the Secret Service in their order",
    ),
    (
        "token/find/mod.rs",
        "the loop that finds tokens, and its table; measured, so kept in one piece",
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
        "token/key.rs",
        "one type: a key, what it is for, and what is said of it",
    ),
    (
        "token/not_a_secret/marks.rs",
        "a table of marks, and the search for them",
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
