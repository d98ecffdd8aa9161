//! A log-in whose browser is on another machine, or behind another system: over SSH, in a container, in
//! Linux below Windows. Nothing is opened there, and what the browser cannot load is pasted.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use jott::oauth::form;
use rustix::process::Signal;

use super::played::{Played, answer};
use super::{Home, callback, said_until_the_address};
use crate::demo::http::Request;
use crate::demo::server::Server;
use crate::terminal::Session;

const LAST_WORDS: &str = "paste it here and press Enter (it is not shown)";
const SSH: &str = "SSH_CONNECTION='192.0.2.1 5 192.0.2.2 22'";

/// A log-in at a terminal whose browser is elsewhere, and the address that is to be opened.
fn log_in(home: &Home, issuer: &str, env: &str, args: &str) -> (Session, String) {
    let home = home.path();
    let mut session = Session::start(&format!(
        "env HOME={home} {env} \"$jott\" fetch --issuer {issuer} --store file --client demo-app {args}"
    ));
    session.wait_for(LAST_WORDS);
    session.until("what is pasted is shown", |s| (!s.echoes()).then_some(()));
    let mut words = session.seen.split_whitespace();
    let url = words.find(|word| word.contains("/authorize?")).unwrap();
    let url = url.to_owned();
    (session, url)
}

const SCOPE: &str = "--scope 'openid offline_access items:read'";

fn automatic() -> Server {
    Server::with(&["--alg", "ES256", "--auto-login"])
}

#[test]
fn a_person_pastes_where_a_browser_on_another_machine_ended() {
    let (server, home) = (automatic(), Home::new());
    let (mut session, url) = log_in(&home, &server.issuer(), SSH, SCOPE);
    assert!(session.seen.contains(": `ssh -L "), "{}", session.seen);
    let back = format!("http://127.0.0.1:{}", callback(&server, &url));
    let (place, query) = back.split_once('?').unwrap();
    let forged = format!("{place}?code=stolen&state=x");
    let denied = format!("{place}?error=access_denied");
    for wrong in [&url, &forged, &denied, "hello"] {
        session.seen.clear();
        session.press(&format!("{wrong}\r"));
        session.wait_for(&format!("which begins with {place}?; paste that one\r\n"));
    }
    // An empty line is none, and what is taken back was not typed.
    session.press(&format!("\r  x\u{7f}{back}#_=_ \r"));
    let (status, seen) = session.end();
    assert_eq!(status.code(), Some(0), "{seen}");
    let token = seen.trim_end().lines().next_back().unwrap();
    assert_eq!(server.protected(token).status, 200);
    assert!(!seen.contains(query), "{seen}");
}

#[test]
fn what_is_pasted_is_judged_as_what_a_browser_brings() {
    for (fault, said) in [
        (
            "wrong-response-iss",
            "error: the answer of the log-in is that of another server (RFC 9207)",
        ),
        ("consent-denied", "error: the server refused: access_denied"),
    ] {
        let server = Server::with(&["--alg", "ES256", "--auto-login", "--fault", fault]);
        let home = Home::new();
        let (mut session, url) = log_in(&home, &server.issuer(), SSH, SCOPE);
        session.press(&format!("127.0.0.1:{}\n", callback(&server, &url)));
        let (status, seen) = session.end();
        assert_eq!(status.code(), Some(1), "{seen}");
        assert!(seen.contains(said), "{seen}");
    }
}

/// A terminal takes no line of more than 4096 bytes as one.
#[test]
fn an_address_may_be_as_long_as_servers_make_it() {
    let played = Played::start(|_| {
        answer(
            200,
            r#"{"access_token":"a-token","token_type":"Bearer","expires_in":600}"#,
        )
    });
    let home = Home::new();
    let (mut session, url) = log_in(&home, &played.issuer, "", "--no-browser");
    let parameters = form::parse(url.split_once('?').unwrap().1.as_bytes()).unwrap();
    let value = |name: &str| {
        let mut values = parameters.iter().filter(|(one, _)| one == name);
        values.next().unwrap().1.clone()
    };
    let (back, state) = (value("redirect_uri"), value("state"));
    let code = "c".repeat(9000);
    session.press(&format!("{back}?state={state}&code={code}\r"));
    let (status, seen) = session.end();
    assert_eq!(status.code(), Some(0), "{seen}");
    assert!(seen.ends_with("a-token\r\n"), "{seen}");
    assert!(played.bodies("POST /token")[0].contains(&format!("code={code}&")));
}

#[test]
fn who_waits_at_a_terminal_takes_what_the_browser_brings_too_and_leaves_the_terminal_as_it_was() {
    let (server, home) = (automatic(), Home::new());
    let (session, url) = log_in(&home, &server.issuer(), "", SCOPE);
    let back = callback(&server, &url);
    let (port, target) = back.split_once('/').unwrap();
    let page = Request::new(port.parse().unwrap(), "GET", &format!("/{target}")).send();
    assert_eq!(page.status, 200);
    let (status, seen) = session.end();
    assert_eq!(status.code(), Some(0), "{seen}");
    // Ctrl-C, and another signal.
    let (mut session, _) = log_in(&home, &server.issuer(), "", "--fresh");
    session.press("\u{3}");
    let (status, _) = session.end();
    assert!(!status.success());
    let (session, _) = log_in(&home, &server.issuer(), "", "--fresh");
    session.kill(Signal::TERM);
    let (status, _) = session.end();
    assert!(!status.success());
}

#[test]
fn nothing_is_pasted_where_a_browser_was_opened() {
    let (server, home) = (automatic(), Home::new());
    let opener = home.0.path().join("xdg-open");
    fs::write(&opener, "#!/bin/sh\n").unwrap();
    fs::set_permissions(&opener, fs::Permissions::from_mode(0o700)).unwrap();
    let mut session = Session::start(&format!(
        "env HOME={0} PATH={0}:/usr/bin:/bin DISPLAY=:0 \"$jott\" fetch --issuer {1} --store none --client demo-app",
        home.path(),
        server.issuer()
    ));
    session.wait_for("the log-in goes on in the browser; if none opens:\r\n\r\n  http://");
    assert!(session.echoes());
    session.press("\u{3}");
    let (_, seen) = session.end();
    assert!(!seen.contains(LAST_WORDS), "{seen}");
}

/// Only where there is a screen, and nobody sits at another machine; below Windows there is that of Windows.
#[test]
fn a_browser_is_opened_where_there_is_one() {
    let (server, home) = (automatic(), Home::new());
    let folder = home.0.path();
    let opened = folder.join("opened");
    let opener = folder.join("xdg-open");
    let script = format!("#!/bin/sh\necho \"$1\" > {}\n", opened.display());
    fs::write(&opener, script).unwrap();
    fs::set_permissions(&opener, fs::Permissions::from_mode(0o700)).unwrap();
    let path = format!("{}:/usr/bin:/bin", folder.display());
    for (env, is_opened) in [
        (&[("DISPLAY", ":0")][..], true),
        (&[("WAYLAND_DISPLAY", "wayland-0")], true),
        (&[("WSL_DISTRO_NAME", "Debian")], true),
        // A container, a server, a job.
        (&[], false),
        (&[("container", "podman")], false),
        (&[("DISPLAY", "")], false),
        (&[("SSH_CONNECTION", "192.0.2.1 5 192.0.2.2 22")], false),
        (
            &[("SSH_TTY", "/dev/pts/0"), ("WSL_DISTRO_NAME", "Debian")],
            false,
        ),
        // With its screen over SSH, the browser is on this machine.
        (&[("SSH_TTY", "/dev/pts/0"), ("DISPLAY", ":10")], true),
    ] {
        let mut jott = Command::new(env!("CARGO_BIN_EXE_jott"));
        jott.args(["fetch", "--issuer", &server.issuer(), "--store", "none"]);
        jott.args(["--client", "demo-app"]).env_clear();
        jott.env("HOME", folder).env("PATH", &path);
        let (mut child, said) = said_until_the_address(jott.envs(env.iter().copied()));
        let words = match is_opened {
            true => "the log-in goes on in the browser; if none opens:\n",
            false => "open this in a browser on this machine to log in:\n",
        };
        assert!(said.starts_with(words), "{env:?}: {said}");
        child.kill().unwrap();
        child.wait().unwrap();
        if is_opened {
            while !fs::read_to_string(&opened).is_ok_and(|url| url.ends_with('\n')) {
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            fs::remove_file(&opened).unwrap();
        }
        assert!(!opened.exists());
    }
}
