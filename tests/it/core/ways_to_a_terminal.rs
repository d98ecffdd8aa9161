//! The ways on which text leaves for a terminal: few, and each escapes what a terminal would obey, or says why not.

use std::collections::BTreeSet;
use std::path::Path;

use super::floors::{code, sources};

/// The files that touch a stream or a terminal, and what leaves there.
const WAYS: &[(&str, &str)] = &[
    ("cli/batch/progress.rs", "numbers"),
    ("cli/columns.rs", "nothing: it asks for the width"),
    ("cli/mod.rs", "nothing: it hands the streams over"),
    ("cli/redact.rs", "a copy of a text, without its tokens"),
    (
        "cli/serve_demo/mod.rs",
        "the log and the line of JSON, whose texts are escaped one by one",
    ),
    (
        "cli/ui.rs",
        "results, and sentences, which are escaped as a whole",
    ),
    ("cli/usage.rs", "help, and sentences about a command line"),
    ("cli/world.rs", "nothing: it opens the streams"),
    ("keys/prompt.rs", "a question"),
    ("keys/unseen_line.rs", "nothing: it reads a line"),
];

#[test]
fn every_way_to_a_terminal_is_known() {
    let words = [
        "world.stdout",
        "world.stderr",
        "world::stdout",
        "world::stderr",
        "io::stdout",
        "io::stderr",
        "stdio::stdout",
        "stdio::stderr",
        "/dev/tty",
        "CONOUT$",
        "print!(",
        "println!(",
        "Stdio::inherit",
    ];
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeSet::new();
    for file in sources(&src)
        .iter()
        .filter(|file| !file.ends_with("build.rs"))
    {
        let code: String = code(file).split_whitespace().collect();
        if words.iter().any(|word| code.contains(word)) {
            found.insert(
                file.strip_prefix(&src)
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned(),
            );
        }
    }
    let known: BTreeSet<String> = WAYS.iter().map(|(file, _)| (*file).to_owned()).collect();
    assert_eq!(found, known);
}

/// The table of what is escaped is the one of `text::escape`, and nothing else escapes.
#[test]
fn there_is_one_escaper() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in sources(&src)
        .iter()
        .filter(|file| !file.ends_with("text/escape/mod.rs"))
    {
        let code = code(file);
        for word in [
            "escape_default",
            "escape_unicode",
            "escape_debug",
            "\\u{202e}",
        ] {
            assert!(!code.contains(word), "{} has {word}", file.display());
        }
    }
}
