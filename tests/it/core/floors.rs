//! Imports go down the floors only.

use std::fs;
use std::path::{Path, PathBuf};

/// Each room, and the rooms that it may import.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("text", &["text"]),
    ("token", &["token", "text"]),
    ("keys", &["keys", "token", "text"]),
    ("demo", &["demo", "token", "text"]),
    ("cli", &["cli", "keys", "demo", "token", "text"]),
];

fn files(folder: &Path) -> Vec<PathBuf> {
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
    for room in ["text", "token"] {
        for file in files(&src.join(room)) {
            let text = fs::read_to_string(&file).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
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
    for file in files(&src) {
        let text = fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for word in ["serde_json::to_", "json!(", "escape::json"] {
            let writes = code.contains(word) && !file.ends_with("json_line.rs");
            assert!(!writes, "{} has {word}", file.display());
        }
    }
}
