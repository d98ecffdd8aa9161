//! Completion in real shells, at a terminal: a person types a part, and Tab.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::support::jott;
use crate::terminal::Session;

const SHELLS: [&str; 3] = ["bash", "zsh", "fish"];

/// A user with two saved requests, and a file that is none.
fn home() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join(".config/jott/fetch");
    fs::create_dir_all(&folder).unwrap();
    let request = "issuer = \"https://issuer.example\"\nclient = \"cli\"\ngrant = \"code\"\n";
    for name in ["work.toml", "workshop.toml", "other.toml", "notes.txt"] {
        fs::write(folder.join(name), request).unwrap();
    }
    home
}

fn folder_of_jott() -> PathBuf {
    let path = Path::new(env!("CARGO_BIN_EXE_jott"));
    path.parent().unwrap().to_owned()
}

/// A shell that completes `jott`, which only says then how it was called.
fn shell(name: &str, home: &TempDir) -> Session {
    let command = match name {
        "bash" => "bash --norc --noprofile -i",
        "zsh" => "zsh -f -i",
        _ => "fish --no-config -i",
    };
    let path = format!("{}:$PATH", folder_of_jott().display());
    let home = home.path().display();
    let mut session = Session::start(&format!(
        "env HOME={home} PATH={path} TERM=xterm COLUMNS=120 {command}"
    ));
    let (begin, load, say) = match name {
        "zsh" => (
            "PS1='> '; unsetopt zle_bracketed_paste; autoload -U compinit; compinit -u -D\n",
            "source <(command jott completions zsh)\n",
            "jott() { print -r -- \"ran\"\":${(j:|:)@}:\" }; echo rea''dy\n",
        ),
        "bash" => (
            "PS1='> '; bind 'set enable-bracketed-paste off'\n",
            "source <(command jott completions bash)\n",
            "jott() { local IFS='|'; echo \"ran\"\":$*:\"; }; echo rea''dy\n",
        ),
        _ => (
            "function fish_prompt; echo '> '; end\n",
            "command jott completions fish | source\n",
            "function jott; echo ran\":\"(string join '|' -- $argv)\":\"; end; echo rea''dy\n",
        ),
    };
    for line in [begin, load, say] {
        session.press(line);
    }
    session.wait_for("ready");
    session
}

/// What `jott` is called with where this is typed, with Tabs in it.
#[track_caller]
fn typed(shell_name: &str, home: &TempDir, keys: &str, expected: &str) {
    let mut session = shell(shell_name, home);
    session.press(keys);
    session.press("\n");
    session.wait_for(&format!("ran:{expected}:"));
    session.press("exit\n");
}

#[test]
fn the_names_of_saved_requests_are_completed() {
    let home = home();
    for shell in SHELLS {
        typed(shell, &home, "jott fetch ot\t", "fetch|other");
        typed(
            shell,
            &home,
            "jott fetch --forget ot\t",
            "fetch|--forget|other",
        );
        // As far as it is the same, and no further.
        typed(
            shell,
            &home,
            "jott fetch w\ts\t--fresh",
            "fetch|workshop|--fresh",
        );
        typed(shell, &home, "jott fetch --save ot\t", "fetch|--save|other");
        typed(shell, &home, "jott fetch --save=ot\t", "fetch|--save=other");
    }
}

#[test]
fn commands_flags_and_what_flags_take_are_completed() {
    let home = home();
    for shell in SHELLS {
        typed(
            shell,
            &home,
            "jott doc\thttps://a.test --mc\t",
            "doctor|https://a.test|--mcp",
        );
        typed(
            shell,
            &home,
            "jott fetch --grant dev\t",
            "fetch|--grant|device",
        );
        typed(
            shell,
            &home,
            "jott fetch --grant=jwt\t",
            "fetch|--grant=jwt-bearer",
        );
        typed(
            shell,
            &home,
            "jott key gen\t--al\tES2\t",
            "key|generate|--alg|ES256",
        );
    }
}

/// What a shell is told, as all three ask for it.
#[test]
fn a_line_says_what_can_stand_there_and_what_it_is() {
    let home = home();
    let answer = |words: &[&str]| {
        let all = ["completions", "bash", "--", "jott"];
        let run = jott(all.iter().chain(words)).env("HOME", home.path().to_str().unwrap());
        let run = run.run();
        assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
        run.stdout
    };
    let names = "other\thttps://issuer.example, cli\nwork\thttps://issuer.example, cli\nworkshop\thttps://issuer.example, cli\n";
    // Nobody is shown forty flags before they have begun one.
    assert_eq!(answer(&["fetch", ""]), names);
    assert!(answer(&["fetch", "--"]).contains(
        "--fresh\tLog in anew, even if a valid token is kept; a refresh token is not used\n"
    ));
    assert!(answer(&["decode", ""]).starts_with("--"));
    assert_eq!(answer(&["fetch", "x", "--", "ec"]), "");
    // One that is damaged can be named all the same.
    let folder = home.path().join(".config/jott/fetch");
    fs::write(folder.join("work.toml"), "issuer = \"\u{1b}[2J").unwrap();
    fs::write(
        folder.join("other.toml"),
        "issuer = \"https://a.test/\\u001b[2J\"\nclient = \"c\\u0009\\u000ad\"\ngrant = \"code\"\n",
    )
    .unwrap();
    assert_eq!(
        answer(&["fetch", ""]),
        "other\thttps://a.test/\\u001b[2J, c\\t\\nd\nwork\t\nworkshop\thttps://issuer.example, cli\n"
    );
}

#[test]
fn the_place_of_a_key_is_completed_part_by_part() {
    let home = home();
    let keys = home.path().join("keys");
    fs::create_dir(&keys).unwrap();
    fs::write(keys.join("private key.pem"), "").unwrap();
    fs::write(home.path().join("xylophone.jwk"), "").unwrap();
    let program = home.path().join("jott-key-card");
    fs::write(&program, "").unwrap();
    for name in SHELLS {
        let mut session = shell(name, &home);
        let mut typed = |keys: &str, expected: &str| {
            session.press(keys);
            session.press("\n");
            session.wait_for(&format!("ran:{expected}:"));
        };
        let begin = match name {
            "fish" => "cd; set -x PATH $PATH $HOME; set -x XYLO_KEY 1; jott on",
            _ => "cd; PATH=$PATH:$HOME; export XYLO_KEY=1; jott on",
        };
        typed(begin, "on");
        typed("jott issue -k ./x\t", "issue|-k|./xylophone.jwk");
        typed("jott verify --key=./x\t", "verify|--key=./xylophone.jwk");
        typed(
            "jott verify -k file:./ke\tpr\t",
            "verify|-k|file:./keys/private key.pem",
        );
        typed("jott verify -k env:XYLO_\t", "verify|-k|env:XYLO_KEY");
        typed("jott issue -k exec:ca\t", "issue|-k|exec:card");
        typed(
            "jott verify -k iss\thttps://tok\t",
            "verify|-k|issuer:https://token.actions.githubusercontent.com",
        );
        typed("jott doctor https://gitl\t", "doctor|https://gitlab.com");
        typed("jott issue -a ML-DSA-4\t", "issue|-a|ML-DSA-44");
        typed(
            "jott serve-demo --fault wrong-au\t",
            "serve-demo|--fault|wrong-aud",
        );
        typed(
            "jott serve-demo --fault expired,end\tint\t",
            "serve-demo|--fault|expired,endpoint=introspect",
        );
        session.press("exit\n");
    }
}

#[test]
fn no_file_stands_in_the_place_of_a_token_and_no_secret_in_an_answer() {
    let home = home();
    let answer = |words: &[&str]| {
        let all = ["completions", "zsh", "--", "jott"];
        let run = jott(all.iter().chain(words)).env("APP_KEY", "of-nobody");
        let run = run.env("HOME", home.path().to_str().unwrap()).run();
        assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""));
        run.stdout
    };
    for command in ["decode", "verify"] {
        assert_eq!(answer(&[command, "Cargo"]), "", "{command}");
    }
    assert_eq!(answer(&["verify", "-k", "env:A"]), "env:APP_KEY\t\n");
    // What is a secret is on no network, and what signs is not either.
    let forms = |words: &[&str]| {
        let lines = answer(words);
        let of = |line: &str| line.split('\t').next().unwrap().to_owned();
        lines.lines().map(of).collect::<Vec<_>>().join(" ")
    };
    let all = "env: keyring: file: / ./ ../ fd: stdin prompt exec: roots: https: issuer:";
    assert_eq!(forms(&["verify", "-k", ""]), all);
    let keys = all.replace("roots: ", "");
    for command in ["show", "add"] {
        let flag = if command == "show" { "-k" } else { "--from" };
        assert_eq!(forms(&["key", command, flag, ""]), keys);
    }
    let own = "env: keyring: file: / ./ ../ fd: stdin prompt exec:";
    assert_eq!(forms(&["issue", "-k", ""]), own);
    let content = "env: keyring: file: / ./ ../ fd: stdin prompt";
    assert_eq!(forms(&["fetch", "--client-secret", ""]), content);
    assert_eq!(forms(&["decode", "-k", ""]), content);
    assert_eq!(
        forms(&["issue", "--fault", "clock-skew:"]),
        "clock-skew:-5m"
    );
    assert_eq!(forms(&["issue", "--fault", "jwks"]), "");
}
