//! Completion scripts and man pages are made from the commands; what is committed has to be what
//! they make now. `BLESS=1` writes it.

use std::fs;
use std::path::Path;

use clap_mangen::Man;
use clap_mangen::roff::{Inline, Roff, bold, roman};
use jott::cli::manual::{PAGES, Page, VARIABLES};
use jott::cli::topics::TOPICS;
use jott::demo::fault::Fault;
use jott::keys::Source;
use jott::token::refusal::Reason;
use jott::token::report::CheckName;

use super::floors::sources;
use crate::support::jott;

/// The day of the manual pages, which a release sets.
const DATE: &str = "2026-11-27";

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
        is_committed(&format!("completions/{file}"), &run.stdout);
    }
}

#[test]
fn the_page_of_the_statuses_lists_reasons_and_warnings() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("man/exit-status.md")).unwrap();
    let listed = |after: &str| -> Vec<&str> {
        let (_, rest) = page.split_once(after).expect(after);
        let (list, _) = rest.trim_start().split_once("\n\n").unwrap();
        list.split('`').skip(1).step_by(2).collect()
    };
    let reasons: Vec<&str> = Reason::ALL.iter().map(|reason| reason.code()).collect();
    assert_eq!(listed("names of its `checks`, is one of"), reasons);

    let made = |text: &str| -> Vec<String> {
        let made = text.split("Warning::new(").skip(1);
        let made = made.filter_map(|call| call.trim_start().strip_prefix('"')?.split_once('"'));
        made.map(|(code, _)| code.to_owned()).collect()
    };
    let texts = sources(&root.join("src"))
        .into_iter()
        .map(|path| fs::read_to_string(path).unwrap());
    let mut codes: Vec<String> = texts.flat_map(|text| made(&text)).collect();
    codes.sort_unstable();
    codes.dedup();
    let mut warnings = listed("Its `code` in `warnings` is one of");
    warnings.sort_unstable();
    assert_eq!(warnings, codes);
}

#[test]
fn the_page_of_the_keys_lists_the_sources() {
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
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("man/keys.md");
    let page = fs::read_to_string(path).unwrap();
    let (before, rest) = page.split_once(HEAD).unwrap();
    let (_, after) = rest.split_once("\n\n").unwrap();
    let whole = format!("{before}{HEAD}{table}\n{after}");
    is_committed("man/keys.md", whole.as_bytes());
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

#[test]
fn the_pages_of_the_help_are_manual_pages_too() {
    for topic in TOPICS {
        let name = format!("jott-{}", topic.name);
        let mut roff = Roff::new();
        let version = format!("jott {}", env!("CARGO_PKG_VERSION"));
        let title = name.to_uppercase();
        roff.control("TH", [title.as_str(), "7", DATE, &version, "Miscellaneous"]);
        roff.control("SH", ["NAME"]);
        roff.text([roman(format!("{name} - {}", topic.about))]);
        // URLs and commands are long words: lines are not stretched.
        roff.control("ad", ["l"]);
        roff.control("SH", ["DESCRIPTION"]);
        of_markdown(topic.text, &mut roff);
        roff.control("SH", ["SEE ALSO"]);
        roff.text([roman("jott(1)")]);
        let mut page = Vec::new();
        roff.to_writer(&mut page).unwrap();
        is_committed(&format!("man/{name}.7"), &clean(&page));
    }
}

/// What a page of Markdown is in a manual: headings, paragraphs, code, tables and lists.
fn of_markdown(text: &str, roff: &mut Roff) {
    let mut paragraph = String::new();
    let mut in_code = false;
    let flush = |paragraph: &mut String, roff: &mut Roff| {
        if !paragraph.is_empty() {
            roff.control("PP", []);
            roff.text(inline(paragraph));
            paragraph.clear();
        }
    };
    for line in text.lines().skip(1) {
        if line.starts_with("```") {
            flush(&mut paragraph, roff);
            in_code = !in_code;
            if in_code {
                roff.control("PP", []);
                roff.control("RS", ["4"]);
                roff.control("nf", []);
            } else {
                roff.control("fi", []);
                roff.control("RE", []);
            }
        } else if in_code {
            roff.text([roman(line)]);
        } else if let Some(heading) = line.strip_prefix("## ") {
            flush(&mut paragraph, roff);
            roff.control("SS", [heading.replace('`', "").as_str()]);
        } else if line.starts_with("|---") || line.starts_with("<!--") || line.is_empty() {
            flush(&mut paragraph, roff);
        } else if let Some(row) = line.strip_prefix("| ") {
            flush(&mut paragraph, roff);
            let cells: Vec<&str> = row
                .trim_end_matches('|')
                .split(" | ")
                .map(str::trim)
                .collect();
            roff.control("TP", []);
            roff.text([bold(cells[0].replace('`', ""))]);
            roff.text(inline(&cells[1..].join(" - ")));
        } else if let Some(item) = line.strip_prefix("- ") {
            flush(&mut paragraph, roff);
            roff.control("IP", ["-", "2"]);
            roff.text(inline(item));
        } else {
            let gap = if paragraph.is_empty() { "" } else { " " };
            paragraph.push_str(&format!("{gap}{}", line.trim()));
        }
    }
    flush(&mut paragraph, roff);
}

/// Code in bold, and of a link its words.
fn inline(text: &str) -> Vec<Inline> {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, link)) = rest.split_once('[') {
        let target = link
            .split_once("](")
            .and_then(|(words, after)| Some((words, after.split_once(')')?.1)));
        plain.push_str(before);
        match target {
            Some((words, after)) if !words.contains(['`', ' ']) || !words.contains('[') => {
                plain.push_str(words);
                rest = after;
            }
            _ => {
                plain.push('[');
                rest = link;
            }
        }
    }
    plain.push_str(rest);
    let parts = plain.split('`').enumerate();
    let parts = parts.map(|(n, part)| if n % 2 == 1 { bold(part) } else { roman(part) });
    parts.collect()
}

fn man_page(name: &str, command: clap::Command, page: &Page) -> Vec<u8> {
    let version = format!("jott {}", env!("CARGO_PKG_VERSION"));
    // `-h` leaves out what is rare; a manual does not.
    let command = command
        .after_long_help("")
        .mut_args(|arg| arg.hide_short_help(false));
    let has_subcommands = command.has_subcommands();
    let man = Man::new(command)
        .title(name.to_uppercase())
        .source(version)
        .date(DATE)
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
    clean(&out)
}

/// A line of text in lines of no more than 80 bytes, parted at spaces.
fn in_parts(line: &str, joint: &str) -> Vec<String> {
    const MOST: usize = 76;
    let mut parts = Vec::new();
    let mut rest = line;
    while rest.len() > MOST && !rest.starts_with('.') {
        // No part begins with what would be a request, or with a space.
        let may_end = |at: &usize| {
            rest.get(at + 1..)
                .is_some_and(|next| !next.starts_with(['.', '\'', ' ']))
        };
        let ends = rest.match_indices(' ').map(|(at, _)| at).filter(may_end);
        let Some(end) = ends
            .clone()
            .take_while(|at| *at <= MOST)
            .last()
            .or_else(|| ends.clone().next())
        else {
            break;
        };
        parts.push(format!("{}{joint}", &rest[..end]));
        rest = &rest[end + 1..];
    }
    parts.push(rest.to_owned());
    parts
}

/// The same page without what groff and mandoc warn of: breaks beside space, paragraphs that begin
/// under a heading, and characters that are not ASCII.
fn clean(page: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(page).unwrap();
    let mut lines: Vec<String> = Vec::new();
    let mut texts = text.lines().peekable();
    let mut in_code = false;
    while let Some(line) = texts.next() {
        let before = lines.last().map_or("", String::as_str);
        let next = texts.peek().copied().unwrap_or_default();
        let is_break = line == ".br" && ([next, before].contains(&".sp") || before == ".br");
        let is_heading = |line: &str| line.starts_with(".SH ") || line.starts_with(".SS ");
        let is_paragraph = line == ".PP" && (is_heading(before) || next == ".PP");
        if is_break || is_paragraph || line.is_empty() {
            continue;
        }
        let mut ascii = String::new();
        for c in line.trim_end().replace("\\\\", "\\[rs]").chars() {
            match c.is_ascii() {
                true => ascii.push(c),
                false => ascii.push_str(&format!("\\[u{:04X}]", u32::from(c))),
            }
        }
        in_code = line == ".nf" || in_code && line != ".fi";
        // In code a line goes on behind a backslash; elsewhere it may end at any space.
        let joint = if in_code { " \\" } else { "" };
        lines.extend(in_parts(&ascii, joint));
    }
    let mut page = lines.join("\n");
    page.push('\n');
    page.into_bytes()
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

/// Also those that `-h` only names.
#[test]
fn every_flag_has_its_words_in_the_manual() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("man");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension() != Some("1".as_ref()) {
            continue;
        }
        let page = fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = page.lines().collect();
        for entry in lines.windows(3).filter(|lines| lines[0] == ".TP") {
            let has_words = !entry[2].starts_with('.');
            assert!(has_words, "{}: {}", path.display(), entry[1]);
        }
    }
}
