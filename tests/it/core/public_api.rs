//! What others can name of the library, in a file: a change of it is seen in a review, and decides the
//! next version (semantic versioning). `BLESS=1` writes it.
//!
//! It is read from the sources, as rustfmt lays them out: every toolchain finds the same. That what is
//! `pub` can be reached, the lint `unreachable_pub` sees to.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

const LISTING: &str = "tests/it/core/public_api.txt";

#[test]
fn the_public_api_is_the_one_that_is_listed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut listing = file_listing(&root.join("src/lib.rs"));
    for floor in ["text", "token"] {
        let mut hidden = Vec::new();
        for file in files(&root.join("src").join(floor)) {
            if file.ends_with("mod.rs") {
                hidden.extend(hidden_modules(&fs::read_to_string(&file).unwrap()));
            }
            let module = module(&file);
            let is_hidden = |name: &String| module.split("::").any(|part| part == name);
            if !hidden.iter().any(is_hidden) {
                listing.push_str(&file_listing(&file));
            }
        }
    }
    let path = root.join(LISTING);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &listing).unwrap();
    }
    let listed = fs::read_to_string(&path).unwrap_or_default();
    let differs = |(one, other): (&str, &str)| (one != other).then(|| format!("{one}\n{other}"));
    let first = listed.lines().zip(listing.lines()).find_map(differs);
    assert!(
        listed == listing,
        "the public API is not that of {LISTING}; first {first:?}; run: BLESS=1 cargo test --test it public_api"
    );
}

/// The files of a folder, its door first.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort_by_key(|path| (!path.ends_with("mod.rs"), path.clone()));
    let inner = |path: PathBuf| match path.is_dir() {
        true => files(&path),
        false => vec![path],
    };
    let all = paths.into_iter().flat_map(inner);
    all.filter(|path| path.extension().is_some_and(|end| end == "rs"))
        .collect()
}

/// The path of the module that a file is: of a folder, its door.
fn module(file: &Path) -> String {
    let path = file
        .strip_prefix(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))
        .unwrap();
    let path = path.with_extension("");
    path.to_str()
        .unwrap()
        .trim_end_matches("/mod")
        .replace('/', "::")
}

fn hidden_modules(text: &str) -> Vec<String> {
    let mut lines = text.lines();
    let mut hidden = Vec::new();
    while let Some(line) = lines.next() {
        if line == "#[doc(hidden)]"
            && let Some(name) = lines.next().and_then(|next| next.strip_prefix("pub mod "))
        {
            hidden.push(name.trim_end_matches(';').to_owned());
        }
    }
    hidden
}

/// The public items of a file under its name: declarations, and the names of variants. The rows of a
/// macro's table are variants too.
fn file_listing(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let code = text.split("\n#[cfg(test)]").next().unwrap();
    let mut items = String::new();
    let (mut around, mut has_bare_members, mut is_table) = (String::new(), false, false);
    let mut attributes = Vec::new();
    let mut lines = code.lines();
    while let Some(line) = lines.next() {
        let is_at_the_margin = !line.starts_with(' ');
        let text = line.trim();
        if text.starts_with("#[") {
            attributes.push(text);
            continue;
        }
        if text.is_empty() || text.starts_with("//") {
            continue;
        }
        let is_row = is_table && !text.contains(" = \"");
        // What is further in belongs to a method that a trait provides.
        let is_member = has_bare_members
            && !is_row
            && (is_table || line.len().saturating_sub(text.len()) == 4)
            && text.starts_with(|c: char| c.is_ascii_uppercase());
        let is_method = has_bare_members && text.starts_with("fn ");
        let is_public = text.starts_with("pub ") && !text.contains('$');
        let of = text
            .strip_prefix("impl")
            .and_then(|text| text.split_once(" for "));
        let is_impl = is_at_the_margin && of.is_some_and(|(_, of)| is_public_type(code, of));
        let is_hidden = attributes.contains(&"#[doc(hidden)]");
        let name = text.strip_prefix("pub ").unwrap_or(text);
        let name = name.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
        let end: &[char] = match name.starts_with(": ") {
            true => &[','],
            false if text.starts_with("pub use ") => &[';'],
            false => &['{', ';', '}'],
        };
        let mut whole = text.to_owned();
        while (is_public || is_method || is_impl) && !whole.ends_with(end) {
            whole = format!("{whole} {}", lines.next().unwrap().trim());
        }
        // The value of a constant is not part of it.
        let whole = match text.contains("const ") {
            true => whole.split(" = ").next().unwrap(),
            false => &whole,
        };
        let whole = whole.trim_end_matches(end).trim_end_matches('{').trim_end();
        if is_member {
            let name = text.split(|c: char| !c.is_ascii_alphanumeric()).next();
            let _ = writeln!(items, "    {}", name.unwrap());
        } else if (is_public || is_method || is_impl) && !is_hidden {
            let open = attributes.contains(&"#[non_exhaustive]");
            let open = if open { " (non-exhaustive)" } else { "" };
            let _ = writeln!(items, "{around}{whole}{open}");
        }
        attributes.clear();
        if is_at_the_margin {
            around = match text.starts_with("impl") && of.is_none() {
                true => format!("{whole} :: "),
                false => String::new(),
            };
            is_table = text.starts_with("coded! ") || text.starts_with("registered! ");
            has_bare_members =
                is_table || text.starts_with("pub enum ") || text.starts_with("pub trait ");
        }
    }
    match items.is_empty() {
        true => String::new(),
        false => format!("# {}\n{items}\n", module(path)),
    }
}

/// Whether a file declares the type that an `impl` is for.
fn is_public_type(code: &str, of: &str) -> bool {
    let end = of.find(|c: char| !c.is_alphanumeric()).unwrap_or(of.len());
    let name = &of[..end];
    ["struct", "enum"].iter().any(|kind| {
        let declared = format!("pub {kind} {name}");
        let is_whole = |rest: &str| !rest.starts_with(char::is_alphanumeric);
        code.split(&declared).skip(1).any(is_whole)
    })
}
