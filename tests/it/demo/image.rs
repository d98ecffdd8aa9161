//! The image for containers: what `packaging/Dockerfile` says, in an empty folder as the root of
//! everything, as the user that it names. No engine for containers is needed, and none is tested.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, geteuid, kill_process};
use serde_json::Value;

const DOCKERFILE: &str = include_str!("../../../packaging/Dockerfile");

/// The arguments of the one instruction of a name.
#[track_caller]
fn instruction(name: &str) -> &'static str {
    let found: Vec<&str> = DOCKERFILE
        .lines()
        .filter_map(|line| line.strip_prefix(name)?.strip_prefix(' '))
        .collect();
    assert_eq!(found.len(), 1, "{name}");
    found[0]
}

/// A command in the form that needs no shell, at another port.
fn command(text: &str, port: u16) -> Vec<String> {
    let words: Vec<String> = serde_json::from_str(text).unwrap();
    let port = format!(":{port}");
    words
        .iter()
        .map(|word| word.replace(":8000", &port))
        .collect()
}

/// The program and, for it is not static here, the libraries that it is linked with.
fn fill(root: &Path) {
    let program = env!("CARGO_BIN_EXE_jott");
    fs::copy(program, root.join("jott")).unwrap();
    let linked = Command::new("ldd").arg(program).output().unwrap();
    let linked = String::from_utf8(linked.stdout).unwrap();
    for library in linked
        .split_whitespace()
        .filter(|word| word.starts_with('/'))
    {
        let copy = root.join(library.trim_start_matches('/'));
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(library, copy).unwrap();
    }
}

/// A command in that folder, as the user of the image.
fn inside(root: &Path, words: &[String]) -> Command {
    let mut command = Command::new("unshare");
    // Who is not root is not root there either, but in a namespace of users.
    if geteuid().is_root() {
        let (user, group) = instruction("USER").split_once(':').unwrap();
        command.args(["--setuid", user, "--setgid", group]);
    } else {
        command.arg("--map-current-user");
    }
    command.arg("--root").arg(root).args(words).env_clear();
    command
}

#[test]
fn the_image_is_an_empty_one_with_the_program_for_a_user_who_is_nobody() {
    assert_eq!(instruction("FROM"), "scratch");
    assert_eq!(instruction("COPY"), "${TARGETARCH}/jott /jott");
    assert_eq!(instruction("USER"), "65534:65534");
    let known = [
        "FROM",
        "ARG",
        "COPY",
        "USER",
        "EXPOSE",
        "HEALTHCHECK",
        "ENTRYPOINT",
    ];
    for line in DOCKERFILE.lines().filter(|line| !line.starts_with('#')) {
        let name = line.split(' ').next().unwrap();
        assert!(known.contains(&name), "{line}");
    }
}

#[test]
fn the_program_serves_and_is_found_healthy_with_nothing_else_around_it() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fill(root);
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o555);
    fs::set_permissions(root, mode).unwrap();
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let (options, check) = instruction("HEALTHCHECK").split_once(" CMD ").unwrap();
    assert!(options.split(' ').all(|option| option.starts_with("--")));
    let check = command(check, port);
    let is_healthy = || inside(root, &check).output().unwrap().status.code();
    assert_eq!(is_healthy(), Some(5), "nobody is there yet");
    let mut words = command(instruction("ENTRYPOINT"), port);
    words.push("--json".to_owned());
    let mut server = inside(root, &words)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let started = Instant::now();
    while is_healthy() != Some(0) {
        assert!(
            started.elapsed() < Duration::from_secs(20),
            "it is not healthy"
        );
        thread::sleep(Duration::from_millis(50));
    }
    let pid = Pid::from_raw(i32::try_from(server.id()).unwrap()).unwrap();
    let status = fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let user = status
        .lines()
        .find_map(|line| line.strip_prefix("Uid:\t"))
        .unwrap();
    assert!(!user.starts_with("0\t"), "{user}");
    kill_process(pid, Signal::TERM).unwrap();
    assert_eq!(server.wait().unwrap().code(), Some(0));
    let ready = std::io::read_to_string(server.stdout.take().unwrap()).unwrap();
    let ready: Value = serde_json::from_str(&ready).unwrap();
    assert_eq!(ready["listen"], format!("0.0.0.0:{port}"));
}
