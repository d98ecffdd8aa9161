//! Running what is not of this project: tools, and libraries by the scripts of `tests/clients`.

use std::env;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;

use serde_json::Value;
use tempfile::TempDir;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Where `tests/clients/install` puts the libraries.
fn home() -> PathBuf {
    let named = env::var_os("JOTT_TEST_HOME").map(PathBuf::from);
    Path::new(ROOT).join(named.unwrap_or_else(|| "target/clients".into()))
}

fn missing(what: &str) -> ! {
    panic!("{what} is missing: run `tests/clients/install` first")
}

/// The Python that has the libraries.
pub(crate) fn python() -> PathBuf {
    home().join("venv/bin/python")
}

/// The Python of a script: what cannot be installed beside the other libraries has a folder of its own.
fn python_of(script: &str) -> PathBuf {
    match script {
        "with_mcp_use.py" => home().join("venv-mcp-use/bin/python"),
        _ => python(),
    }
}

/// A file of `tests/clients`.
pub(crate) fn path_of(name: &str) -> PathBuf {
    Path::new(ROOT).join("tests/clients").join(name)
}

/// The folder of the libraries for Node.
pub(crate) fn node_modules() -> PathBuf {
    home().join("node_modules")
}

/// A program that comes as a package of Python.
pub(crate) fn program(name: &str) -> PathBuf {
    let path = home().join("venv-programs/bin").join(name);
    if !path.exists() {
        missing(&path.to_string_lossy());
    }
    path
}

/// A tool, by name or path.
pub(crate) fn tool(program: impl AsRef<Path>) -> Command {
    Command::new(program.as_ref())
}

/// A script of `tests/clients`, with the arguments that follow it.
pub(crate) fn script(name: &str) -> Command {
    let home = home();
    let path = path_of(name);
    if path.extension().is_some_and(|extension| extension == "mjs") {
        let library = node_modules().join("jose");
        if !library.exists() {
            missing(&library.to_string_lossy());
        }
        let mut node = tool("node");
        node.arg(path).arg(home);
        node
    } else {
        let mut python = tool(python_of(name));
        python.arg("-B").arg(path);
        python
    }
}

/// What the Rust SDK of the Model Context Protocol does, with the arguments that follow.
#[cfg(unix)]
pub(crate) fn rmcp() -> Command {
    tool(home().join("with-rmcp"))
}

/// Runs a command to its end, whatever that is.
pub(crate) fn output(command: &mut Command, stdin: &[u8]) -> Output {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = match command.spawn() {
        Err(e) if e.kind() == ErrorKind::NotFound => {
            missing(&command.get_program().to_string_lossy())
        }
        child => child.unwrap(),
    };
    let mut pipe = child.stdin.take().unwrap();
    thread::scope(|scope| {
        // A pipe is small: another thread fills this one while the other two are read.
        scope.spawn(move || pipe.write_all(stdin));
        child.wait_with_output().unwrap()
    })
}

/// Runs a command that has to succeed, and gives its standard output.
pub(crate) fn run(command: &mut Command, stdin: &[u8]) -> String {
    let output = output(command, stdin);
    let stderr = String::from_utf8_lossy(&output.stderr);
    let status = output.status;
    assert!(status.success(), "{status}: {command:?}\n{stderr}");
    String::from_utf8(output.stdout).unwrap()
}

/// Lines of JSON.
pub(crate) fn json_lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Hands jobs to a library in one go (the protocol is in `jobs.py`), and gives its answers.
pub(crate) fn ask(library: &str, jobs: &[Value]) -> Vec<Value> {
    let lines: Vec<String> = jobs.iter().map(Value::to_string).collect();
    let answers = json_lines(&run(&mut script(library), lines.join("\n").as_bytes()));
    assert_eq!(answers.len(), jobs.len(), "{library}");
    answers
}

/// A key of each kind in every form, made for one test: a folder for each kind.
pub(crate) fn keys() -> TempDir {
    let folder = TempDir::new().unwrap();
    run(script("keys.py").arg(folder.path()), &[]);
    folder
}
