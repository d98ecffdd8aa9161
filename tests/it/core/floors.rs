//! Imports go down the floors only.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each room, and the rooms that it may import.
pub(super) const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("text", &["text"]),
    ("oauth", &["oauth", "token", "text"]),
    ("token", &["token", "text"]),
    ("keys", &["keys", "token", "oauth", "text"]),
    ("doctor", &["doctor", "keys", "token", "oauth", "text"]),
    ("demo", &["demo", "token", "oauth", "text"]),
    (
        "cli",
        &["cli", "keys", "doctor", "demo", "token", "oauth", "text"],
    ),
];

/// The source files below a folder but for tests and what only they use.
pub(super) fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = files(folder);
    found.retain(|file| {
        file.extension() == Some("rs".as_ref())
            && !["tests.rs", "samples.rs"]
                .iter()
                .any(|name| file.ends_with(name))
    });
    found
}

/// What a file has before its tests.
pub(super) fn code(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap();
    text.split("#[cfg(test)]").next().unwrap().to_owned()
}

pub(super) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[test]
fn imports_go_down_only() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut looked_at = 0;
    for (room, allowed) in MAY_IMPORT {
        for file in files(&src.join(room)) {
            for line in fs::read_to_string(&file).unwrap().lines() {
                for path in line.split("crate::").skip(1) {
                    let target = path
                        .split(|c: char| !c.is_alphanumeric() && c != '_')
                        .next()
                        .unwrap();
                    assert!(
                        allowed.contains(&target),
                        "{} imports crate::{target}, and {room} may import {allowed:?} only",
                        file.display()
                    );
                    looked_at += 1;
                }
            }
        }
    }
    assert!(looked_at > 50, "the imports were not found");
}

#[test]
fn the_lower_floors_touch_no_world() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let worldly = [
        "std::fs",
        "std::env",
        "std::net",
        "std::process",
        "std::io",
        "SystemTime",
        "Instant::now",
    ];
    for room in ["text", "oauth", "token"] {
        for file in sources(&src.join(room)) {
            let code = code(&file);
            for word in worldly {
                assert!(!code.contains(word), "{} has {word}", file.display());
            }
        }
    }
}

/// The writer escapes what a terminal could misread, and another would not.
#[test]
fn json_has_one_writer() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli");
    for file in sources(&src) {
        let code = code(&file);
        for word in ["serde_json::to_", "json!(", "escape::json"] {
            let writes = code.contains(word) && !file.ends_with("json_line.rs");
            assert!(!writes, "{} has {word}", file.display());
        }
    }
}

/// Which files of a room import each other in a circle: each circle, in the order of its names. The
/// parts of a folder may know its door, which is `mod.rs`.
fn circles(room: &str) -> Vec<Vec<String>> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(room);
    let name = |file: &Path| {
        let path = file.strip_prefix(&src).unwrap().with_extension("");
        let path = path.to_str().unwrap().replace('/', "::");
        path.trim_end_matches("mod")
            .trim_end_matches("::")
            .to_owned()
    };
    let sources = sources(&src);
    let texts: BTreeMap<String, String> = sources
        .iter()
        .map(|file| (name(file), code(file)))
        .collect();
    let imports = |code: &str| -> BTreeSet<String> {
        let start = format!("crate::{room}::");
        let paths = code.split(start.as_str()).skip(1).flat_map(|path| {
            let path = path.split(';').next().unwrap();
            let (path, list) = path.split_once('{').unwrap_or((path, ""));
            let list = list
                .split([',', '}'])
                .map(move |last| format!("{path}{}", last.trim()));
            list.collect::<Vec<_>>()
        });
        // The file is the longest part of the path that is one.
        let file = |path: String| {
            let word = |c: char| !c.is_alphanumeric() && c != '_';
            let parts: Vec<&str> = path
                .split("::")
                .map(|p| p.split(word).next().unwrap())
                .collect();
            let prefixes = (1..=parts.len()).rev().map(|n| parts[..n].join("::"));
            prefixes
                .into_iter()
                .find(|prefix| texts.contains_key(prefix))
        };
        paths.filter_map(file).collect()
    };
    let mut reach: BTreeMap<&String, BTreeSet<String>> = texts
        .iter()
        .map(|(name, text)| {
            let mut imported = imports(text);
            imported.retain(|other| !name.starts_with(&format!("{other}::")));
            (name, imported)
        })
        .collect();
    loop {
        let before: usize = reach.values().map(BTreeSet::len).sum();
        for name in texts.keys() {
            let further: Vec<String> = reach[name]
                .iter()
                .flat_map(|next| reach[next].iter().cloned())
                .collect();
            reach.get_mut(name).unwrap().extend(further);
        }
        if before == reach.values().map(BTreeSet::len).sum::<usize>() {
            break;
        }
    }
    let in_circle = |a: &String, b: &String| reach[a].contains(b) && reach[b].contains(a);
    let mut found: Vec<Vec<String>> = Vec::new();
    for name in texts.keys().filter(|name| in_circle(name, name)) {
        match found.iter_mut().find(|circle| in_circle(&circle[0], name)) {
            Some(circle) => circle.push(name.clone()),
            None => found.push(vec![name.clone()]),
        }
    }
    // A file may name itself.
    found.retain(|circle| circle.len() > 1);
    found
}

/// The circles that there are, and why each is one thing in several files.
const CIRCLES: &[(&[&str], &str)] = &[
    (
        &[
            "advice",
            "algorithm",
            "engine",
            "key_fault",
            "material",
            "ml_dsa",
        ],
        "an algorithm has an engine, which takes keys; a key that it does not take is a fault, whose \
         advice may be another algorithm",
    ),
    (
        &["compact", "no_token"],
        "what is not a token in the compact form is asked what else it is, which may be one in parts",
    ),
];

/// The files of a room can be read one after the other, from the bottom up: but for these circles, no
/// file is needed to understand what it needs itself.
#[test]
fn few_files_import_each_other_in_a_circle_and_each_circle_has_its_reason() {
    for room in ["text", "oauth", "keys", "doctor", "demo", "cli"] {
        assert_eq!(circles(room), Vec::<Vec<String>>::new(), "{room}");
    }
    let known: Vec<&[&str]> = CIRCLES.iter().map(|(files, _)| *files).collect();
    assert_eq!(circles("token"), known);
}

/// What the lower floors may say with the name of the program, since it is a name that they have.
const NAMES: &[&str] = &["jott serve-demo", r#"Bearer realm=\"jott control\""#];

/// Which flags and commands there are is known above: what to do about a fault is data, and the command
/// line has the words for it.
#[test]
fn below_the_command_line_nobody_knows_a_flag() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut looked_at = 0;
    for room in ["text", "oauth", "token", "keys", "doctor", "demo"] {
        for file in sources(&src.join(room)) {
            for literal in literals(&code(&file)) {
                looked_at += 1;
                let is_name = NAMES.contains(&literal.as_str());
                assert!(
                    is_name || !names_a_flag(&literal),
                    "{}: {literal}",
                    file.display()
                );
            }
        }
    }
    assert!(looked_at > 1_000, "the literals were not found");
}

/// Whether text has a long flag, a short one in backticks, or a command of the program in it.
fn names_a_flag(text: &str) -> bool {
    let begins = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let is_long = |(at, _)| {
        let after: &str = &text[at + 2..];
        !text[..at].ends_with(begins) && after.starts_with(|c: char| c.is_ascii_lowercase())
    };
    text.match_indices("--").any(is_long) || text.contains("`-k") || text.contains("jott ")
}

/// The string literals of Rust: not what stands in comments.
fn literals(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find(['"', '\'', '/']) {
        let (before, here) = rest.split_at(at);
        rest = &here[1..];
        if here.starts_with("//") {
            rest = here.split_once('\n').map_or("", |(_, rest)| rest);
        } else if here.starts_with("/*") {
            rest = here.split_once("*/").map_or("", |(_, rest)| rest);
        } else if here.starts_with('\'') {
            // A character, or else a lifetime.
            let mut chars = rest.char_indices();
            let (first, second) = (chars.next(), chars.next());
            if let (Some((_, '\\')), Some((escaped, _))) = (first, second) {
                let end = rest[escaped + 1..].find('\'').unwrap() + escaped + 2;
                rest = &rest[end..];
            } else if let Some((end, '\'')) = second {
                rest = &rest[end + 1..];
            }
        } else if here.starts_with('"') {
            let hashes = before.len() - before.trim_end_matches('#').len();
            let is_raw = before.trim_end_matches('#').ends_with('r');
            let mut escaped = false;
            let end = rest.find(|c: char| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            });
            let raw_end = rest.find(&format!("\"{}", "#".repeat(hashes)));
            let end = if is_raw { raw_end } else { end }.unwrap();
            found.push(rest[..end].to_owned());
            rest = &rest[end + 1..];
        }
    }
    found
}

#[test]
fn literals_are_told_from_comments_characters_and_lifetimes() {
    let code = r##"
        /// "no" isn't
        fn f<'a>(x: &'a str) -> char { '"' } // "no"
        const A: &[&str] = &["a", b"b", r#"c "d" \"#, "e\"f"]; /* "no" */
        match c { '\'' | '\\' | '/' | '\u{1b}' => "g", _ => "h//i" }
    "##;
    let expected = ["a", "b", "c \"d\" \\", "e\\\"f", "g", "h//i"];
    assert_eq!(literals(code), expected);
}

#[test]
fn flags_and_commands_are_told_from_other_dashes() {
    for text in [
        "`--key`",
        "--key",
        "a --key-encoding",
        "`jott decode`",
        "`-k env:A`",
    ] {
        assert!(names_a_flag(text), "{text}");
    }
    for text in ["-----BEGIN ", "a -- b", "a--b", "jott", "jott/1.0"] {
        assert!(!names_a_flag(text), "{text}");
    }
}
