//! The picture of the README: what the commands print, with a clock that stands still. `BLESS=1` draws it.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use jott::Timestamp;
use jott::cli::world::{Stdin, Terminals, World};

const COLUMNS: usize = 80;

/// The colours of a theme by their numbers.
type Colours = &'static [(&'static str, &'static str)];

/// Light and dark: the file, the paper, the ink, and the colours by their number.
const THEMES: &[(&str, &str, &str, Colours)] = &[
    (
        "light",
        "#ffffff",
        "#1f2328",
        &[
            ("31", "#cf222e"),
            ("32", "#1a7f37"),
            ("33", "#9a6700"),
            ("36", "#0969da"),
        ],
    ),
    (
        "dark",
        "#0d1117",
        "#e6edf3",
        &[
            ("31", "#ff7b72"),
            ("32", "#3fb950"),
            ("33", "#d29922"),
            ("36", "#79c0ff"),
        ],
    ),
];

/// What a run prints on both streams, as a terminal shows it.
fn run(args: &[&str], now: i64) -> String {
    let (mut stdin, mut stdout, mut stderr) = (std::io::empty(), Vec::new(), Vec::new());
    let mut world = World {
        stdin: Stdin::new(&mut stdin),
        stdout: &mut stdout,
        stderr: &mut stderr,
        env: &|name| match name {
            "JOTT_SECRET" => Some(OsString::from("a-string-secret-at-least-256-bits-long")),
            "COLUMNS" => Some(OsString::from(COLUMNS.to_string())),
            "CLICOLOR_FORCE" => Some(OsString::from("1")),
            _ => None,
        },
        peek: &Vec::new,
        clock: &|| Timestamp::from_seconds(now),
        terminals: Terminals::default(),
    };
    jott::cli::run(args.iter().map(OsString::from), &mut world);
    String::from_utf8([stdout, stderr].concat()).unwrap()
}

fn session() -> String {
    const START: i64 = 1_795_780_800;
    let claims = [
        "jott",
        "issue",
        "--color",
        "never",
        "--iss",
        "https://token.actions.githubusercontent.com",
        "--sub",
        "repo:octo/app:ref:refs/heads/main",
        "--aud",
        "https://api.example",
        "--claim",
        "repository=octo/app",
        "--claim",
        "actor=octocat",
        "--claim",
        "event_name=push",
        "--exp",
        "15m",
    ];
    let token = run(&claims, START);
    let token = token.trim();
    let mut text = String::from("$ jott decode \"$TOKEN\"\n");
    text.push_str(&run(&["jott", "decode", "-q", token], START + 260));
    text.push_str("\n$ jott verify --sub repo:octo/app:environment:prod \"$TOKEN\"\n");
    let verify = [
        "jott",
        "verify",
        "--sub",
        "repo:octo/app:environment:prod",
        token,
    ];
    text.push_str(&run(&verify, START + 260));
    text
}

/// Text with colours as an SVG.
fn svg(text: &str, paper: &str, ink: &str, colours: &[(&str, &str)]) -> String {
    const LINE: usize = 19;
    let height = text.lines().count() * LINE + 30;
    let width = COLUMNS * 17 / 2 + 40;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"{paper}\"/>\n\
         <g font-family=\"ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace\" font-size=\"14\" \
         fill=\"{ink}\">\n"
    );
    for (n, line) in text.lines().enumerate() {
        write!(out, "<text x=\"20\" y=\"{}\">", n * LINE + 30).unwrap();
        for (n, part) in line.split("\u{1b}[").enumerate() {
            let (codes, words) = match n {
                0 => ("", part),
                _ => part.split_once('m').unwrap(),
            };
            let style: String = codes
                .split(';')
                .map(|code| match code {
                    "1" => " font-weight=\"bold\"".to_owned(),
                    "2" => " fill-opacity=\"0.6\"".to_owned(),
                    code => match colours.iter().find(|(number, _)| *number == code) {
                        Some((_, colour)) => format!(" fill=\"{colour}\""),
                        None => String::new(),
                    },
                })
                .collect();
            let words = words.replace('&', "&amp;").replace('<', "&lt;");
            // A space that stays one in every reader.
            let words = words.replace(' ', "\u{a0}");
            if !words.is_empty() {
                write!(out, "<tspan{style}>{words}</tspan>").unwrap();
            }
        }
        out.push_str("</text>\n");
    }
    out.push_str("</g>\n</svg>\n");
    out
}

#[test]
fn the_picture_shows_what_the_commands_print() {
    let text = session();
    assert!(
        text.contains("GitHub Actions OIDC token") && text.contains("refused"),
        "{text}"
    );
    for (name, paper, ink, colours) in THEMES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!(".github/demo-{name}.svg"));
        let picture = svg(&text, paper, ink, colours);
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, &picture).unwrap();
        }
        let committed = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            committed == picture,
            "{} is not what is printed now; run: BLESS=1 cargo test --test it picture",
            path.display()
        );
    }
}
