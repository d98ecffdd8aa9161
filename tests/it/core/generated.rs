//! Completion scripts and man pages are made from the commands; what is committed has to be what
//! they make now. `BLESS=1` writes it.

use std::fs;
use std::path::Path;

use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};
use jott::cli::manual::{PAGES, Page, VARIABLES};
use jott::demo::fault::Fault;
use jott::keys::Source;
use jott::token::refusal::Reason;
use jott::token::report::CheckName;

use crate::support::jott;

fn is_committed(name: &str, content: &[u8]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, content).unwrap();
    }
    let committed = fs::read(&path).unwrap_or_default();
    assert!(
        committed == content,
        "{name} is not what the commands make now; run: BLESS=1 cargo test --test it generated"
    );
}

#[test]
fn completion_scripts_are_those_of_the_commands() {
    let scripts = [
        ("bash", "jott.bash"),
        ("elvish", "jott.elv"),
        ("fish", "jott.fish"),
        ("nushell", "jott.nu"),
        ("powershell", "_jott.ps1"),
        ("zsh", "_jott"),
    ];
    for (shell, file) in scripts {
        let run = jott(["completions", shell]).output();
        assert!(run.status.success());
        assert!(
            run.stdout.starts_with(b"_jott()") || run.stdout.len() > 1000,
            "{shell}"
        );
        is_committed(&format!("completions/{file}"), &run.stdout);
    }
}

#[test]
fn the_readme_lists_the_sources() {
    const HEAD: &str = "| SOURCE | the key is |\n|---|---|\n";
    let mut table = String::new();
    for form in Source::ALL {
        let code = |text: &str| format!("`{text}`");
        let beginnings: Vec<String> = form.beginnings.iter().map(|text| code(text)).collect();
        let pattern = code(&form.pattern());
        let written = match beginnings.as_slice() {
            [] => pattern,
            [several @ .., last] => {
                let several = several.join(", ");
                format!("{pattern}, or a path that begins with {several} or {last}")
            }
        };
        table.push_str(&format!("| {written} | {} |\n", form.description));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(path).unwrap();
    let (before, rest) = readme.split_once(HEAD).unwrap();
    let (_, after) = rest.split_once("\n\n").unwrap();
    let whole = format!("{before}{HEAD}{table}\n{after}");
    is_committed("README.md", whole.as_bytes());
}

#[test]
fn man_pages_are_those_of_the_commands() {
    let mut command = jott::cli::command();
    command.build();
    for page in PAGES {
        let name = if page.command.is_empty() {
            "jott".to_owned()
        } else {
            format!("jott-{}", page.command)
        };
        let command = match page.command {
            "" => command.clone(),
            sub => command.find_subcommand(sub).unwrap().clone(),
        };
        let own = Page {
            notes: &[],
            examples: &[],
            ..*page
        };
        for inner in command
            .get_subcommands()
            .filter(|_| !page.command.is_empty())
        {
            let name = format!("{name}-{}", inner.get_name());
            is_committed(
                &format!("man/{name}.1"),
                &man_page(&name, inner.clone(), &own),
            );
        }
        is_committed(&format!("man/{name}.1"), &man_page(&name, command, page));
    }
}

fn man_page(name: &str, command: clap::Command, page: &Page) -> Vec<u8> {
    let version = format!("jott {}", env!("CARGO_PKG_VERSION"));
    let command = command.after_long_help("");
    let has_subcommands = command.has_subcommands();
    let man = Man::new(command)
        .title(name.to_uppercase())
        .source(version)
        .manual("User Commands");
    let mut out = Vec::new();
    man.render_title(&mut out).unwrap();
    man.render_name_section(&mut out).unwrap();
    man.render_synopsis_section(&mut out).unwrap();
    man.render_description_section(&mut out).unwrap();
    notes(page).to_writer(&mut out).unwrap();
    man.render_options_section(&mut out).unwrap();
    if has_subcommands {
        man.render_subcommands_section(&mut out).unwrap();
    }
    more(page).to_writer(&mut out).unwrap();
    out
}

/// What `--json` calls the checks and the reasons of a refusal.
fn names_of_json(roff: &mut Roff) {
    let checks = CheckName::ALL
        .iter()
        .map(|check| (check.code(), check.description(), check.section()));
    let reasons = Reason::ALL
        .iter()
        .map(|reason| (reason.code(), reason.description(), reason.section()));
    for (title, rows) in [
        ("CHECKS", checks.collect::<Vec<_>>()),
        ("REASONS OF A REFUSAL", reasons.collect()),
    ] {
        roff.control("SH", [title]);
        for (code, description, section) in rows {
            roff.control("TP", []);
            roff.text([bold(code)]);
            roff.text([roman(format!("{description} ({section})"))]);
        }
    }
}

/// What a client can be made to survive.
fn faults(roff: &mut Roff) {
    roff.control("SH", ["FAULTS"]);
    for fault in Fault::ALL {
        let (name, argument) = (fault.name(), fault.argument().placeholder());
        let about = fault.about().replace('`', "");
        roff.control("TP", []);
        roff.text([bold(format!("{name}{argument}"))]);
        roff.text([roman(format!("{about} ({})", fault.section()))]);
    }
}

fn notes(page: &Page) -> Roff {
    let mut roff = Roff::new();
    for note in page.notes {
        roff.control("PP", []);
        roff.text([roman(*note)]);
    }
    roff
}

fn more(page: &Page) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", ["EXIT STATUS"]);
    for (exit, words) in page.statuses {
        roff.control("TP", []);
        roff.text([bold(exit.code().to_string())]);
        roff.text([roman(*words)]);
    }
    if page.command == "verify" {
        names_of_json(&mut roff);
    }
    if page.command == "serve-demo" {
        faults(&mut roff);
    }
    roff.control("SH", ["ENVIRONMENT"]);
    let variables = page.variables.iter().copied().flatten();
    for (name, words) in variables.chain(VARIABLES) {
        roff.control("TP", []);
        roff.text([bold(*name)]);
        roff.text([roman(*words)]);
    }
    if !page.examples.is_empty() {
        roff.control("SH", ["EXAMPLES"]);
    }
    for (what, command) in page.examples {
        roff.control("PP", []);
        roff.text([roman(*what)]);
        roff.control("PP", []);
        roff.control("RS", ["4"]);
        roff.control("nf", []);
        roff.text([roman(*command)]);
        roff.control("fi", []);
        roff.control("RE", []);
    }
    roff.control("SH", ["SEE ALSO"]);
    let others = PAGES
        .iter()
        .filter(|other| other.command != page.command)
        .map(|other| match other.command {
            "" => "jott(1)".to_owned(),
            sub => format!("jott-{sub}(1)"),
        });
    roff.text([roman(others.collect::<Vec<_>>().join(", "))]);
    roff
}
