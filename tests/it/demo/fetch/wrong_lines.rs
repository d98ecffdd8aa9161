//! Command lines that nobody can mean, and names that are not there: each with a way on.

use super::Home;
use crate::support::jott;

#[test]
fn what_a_command_line_has_wrong_is_said_with_a_way_on() {
    let home = Home::new();
    let forms = "hint: write env:NAME, file:PATH (or /, ./, ../), fd:N or stdin\n";
    for (args, status, said) in [
        (
            "--username alice",
            2,
            "error: `--username` goes with `--grant password`\n",
        ),
        (
            "--grant device --password env:P",
            2,
            "error: `--password` goes with `--grant password`\n",
        ),
        (
            "--subject-token env:T",
            2,
            "error: `--subject-token` goes with `--grant exchange` or `--grant jwt-bearer`\n",
        ),
        (
            "--param state=x",
            2,
            "error: `state` is not for `--param` to say\nhint: it has a flag of its own, or the log-in makes it\n",
        ),
        (
            "--param prompt",
            2,
            "error: `prompt` is no parameter\nhint: a parameter is a name and a value, like `--param prompt=consent`\n",
        ),
        (
            "--param =consent",
            2,
            "error: `` is no parameter\nhint: a parameter is a name and a value, like `--param prompt=consent`\n",
        ),
        (
            "--issuer ftp://issuer.example",
            2,
            "error: the URL of `--issuer` is neither https nor http\nhint: it is what stands in `iss` of its tokens, like https://issuer.example\n",
        ),
        (
            "--issuer issuer.example",
            2,
            "error: the URL of `--issuer` is neither https nor http\nhint: did you mean https://issuer.example?\n",
        ),
        (
            "--issuer 127.0.0.1:8000",
            2,
            "error: the URL of `--issuer` is neither https nor http\nhint: did you mean http://127.0.0.1:8000?\n",
        ),
        (
            "--save ../x",
            2,
            "error: `../x` is no name of a saved request\nhint: a name is made of letters, digits, `-`, `_` and `.`; an issuer goes behind `--issuer`\n",
        ),
        (
            "--grant exchange --subject-token env:EMPTY --store none",
            3,
            &format!("error: the environment variable EMPTY is empty\n{forms}"),
        ),
    ] {
        let whole = format!("fetch --client c {args}");
        let mut words: Vec<&str> = whole.split(' ').collect();
        if !args.contains("--issuer") {
            words.extend(["--issuer", "https://issuer.example"]);
        }
        let run = jott(words).env("HOME", home.path()).env("EMPTY", "").run();
        assert_eq!(
            (run.status, run.stdout.as_str(), run.stderr.as_str()),
            (Some(status), "", said),
            "{args}"
        );
    }
}

#[test]
fn the_name_of_a_request_is_a_short_word() {
    let home = Home::new();
    let long = "n".repeat(61);
    for name in ["", ".hidden", "two words", "a/b", &long] {
        let run = jott(["fetch", name]).env("HOME", home.path()).run();
        assert_eq!(run.status, Some(2));
        let said = format!("error: `{}` is no name of a saved request\n", short(name));
        assert!(run.stderr.starts_with(&said), "{run:?}");
    }
    // One that is, and what cannot be read.
    let (name, folder) = ("n".repeat(60), home.0.path().join(".config/jott/fetch"));
    let run = || jott(["fetch", &name]).env("HOME", home.path()).run();
    assert!(
        run()
            .stderr
            .starts_with("error: no request is saved under the name n")
    );
    std::fs::create_dir_all(folder.join(format!("{name}.toml"))).unwrap();
    let unread = run();
    assert_eq!(unread.status, Some(5));
    assert!(
        unread.stderr.contains(".toml cannot be read\ncause: "),
        "{unread:?}"
    );
}

fn short(name: &str) -> String {
    match name.len() {
        61 => format!("{}…", "n".repeat(60)),
        _ => name.to_owned(),
    }
}

#[test]
fn who_names_a_request_that_is_not_saved_is_told_which_are() {
    let home = Home::new();
    let folder = home.0.path().join(".config/jott/fetch");
    std::fs::create_dir_all(&folder).unwrap();
    for name in ["work.toml", "ci.toml"] {
        std::fs::write(folder.join(name), "").unwrap();
    }
    let run = jott(["fetch", "wrok"]).env("HOME", home.path()).run();
    assert_eq!(
        run.stderr,
        "error: no request is saved under the name wrok\nhint: saved are: ci, work\nhint: `jott fetch --issuer URL --client ID … --save NAME` saves one\n"
    );
}
