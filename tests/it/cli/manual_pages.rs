//! The manual pages under the programs that show them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn pages() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("man");
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let is_page = |path: &PathBuf| path.extension().is_some_and(|end| end == "1" || end == "7");
    let pages: Vec<_> = entries.filter(is_page).collect();
    assert!(pages.len() > 15, "{pages:?}");
    pages
}

/// What a program says of a page, on both streams.
fn said(program: &str, arguments: &[&str], page: &Path) -> String {
    let run = Command::new(program).args(arguments).arg(page).output();
    let run = run.unwrap_or_else(|e| panic!("{program}: {e}; run `tests/cli/install` first"));
    let errors = String::from_utf8_lossy(&run.stderr).into_owned();
    match program {
        "mandoc" => format!("{}{errors}", String::from_utf8_lossy(&run.stdout)),
        _ => errors,
    }
}

#[test]
fn groff_and_mandoc_have_nothing_to_say_about_a_manual_page() {
    for page in pages() {
        assert_eq!(
            said("groff", &["-man", "-ww", "-Tutf8"], &page),
            "",
            "{page:?}"
        );
        assert_eq!(said("mandoc", &["-T", "lint"], &page), "", "{page:?}");
    }
}
