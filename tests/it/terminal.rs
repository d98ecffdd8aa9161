//! A pseudo-terminal that a test holds the other end of.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use rustix::fs::{Mode, OFlags};
use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, tcgetattr};

const PATIENCE: Duration = Duration::from_secs(20);

/// A command on a terminal, and a person in front of it.
pub(crate) struct Session {
    keyboard: File,
    screen: Receiver<Vec<u8>>,
    pub(crate) seen: String,
    line: OwnedFd,
    pub(crate) child: Child,
}

impl Session {
    /// Starts a shell command at a new terminal; the command takes the place of the shell.
    pub(crate) fn start(command: &str) -> Self {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY;
        let keyboard = openpt(flags).unwrap();
        grantpt(&keyboard).unwrap();
        unlockpt(&keyboard).unwrap();
        let path = ptsname(&keyboard, Vec::new()).unwrap();
        let line = rustix::fs::open(path, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
        let keyboard = File::from(keyboard);
        let end = || line.try_clone().unwrap();
        let child = Command::new("setsid")
            .args(["--ctty", "sh", "-c", &format!("exec {command}")])
            .env_clear()
            .env("TERM", "dumb")
            .env("jott", env!("CARGO_BIN_EXE_jott"))
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .stdin(end())
            .stdout(end())
            .stderr(end())
            .spawn()
            .unwrap();
        let screen = watch(keyboard.try_clone().unwrap());
        Session {
            keyboard,
            screen,
            seen: String::new(),
            line,
            child,
        }
    }

    pub(crate) fn wait_for(&mut self, text: &str) {
        let end = Instant::now() + PATIENCE;
        while !self.seen.contains(text) {
            let left = end.saturating_duration_since(Instant::now());
            let shown = self.screen.recv_timeout(left);
            let shown = shown.unwrap_or_else(|_| panic!("no `{text}` in {:?}", self.seen));
            self.seen.push_str(&String::from_utf8_lossy(&shown));
        }
    }

    pub(crate) fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).unwrap();
    }

    pub(crate) fn kill(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Whether what is typed appears on the screen.
    pub(crate) fn echoes(&self) -> bool {
        let modes = tcgetattr(&self.line).unwrap().local_modes;
        modes.contains(LocalModes::ECHO)
    }

    pub(crate) fn until<T>(
        &mut self,
        otherwise: &str,
        mut happens: impl FnMut(&mut Self) -> Option<T>,
    ) -> T {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(it) = happens(self) {
                return it;
            }
            assert!(Instant::now() < end, "{otherwise}: {:?}", self.seen);
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for the end; gives it, and all that was on the screen.
    pub(crate) fn end(mut self) -> (ExitStatus, String) {
        let status = self.until("it hangs", |s| s.child.try_wait().unwrap());
        assert!(self.echoes(), "the terminal is left without echo, {status}");
        while let Ok(shown) = self.screen.recv_timeout(Duration::from_millis(100)) {
            self.seen.push_str(&String::from_utf8_lossy(&shown));
        }
        (status, std::mem::take(&mut self.seen))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // It has ended, unless the test failed.
        let _ = self.child.kill();
    }
}

fn watch(mut screen: File) -> Receiver<Vec<u8>> {
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        // It fails once the other end is closed.
        while let Ok(length @ 1..) = screen.read(&mut buffer) {
            if send.send(buffer[..length].to_vec()).is_err() {
                break;
            }
        }
    });
    receive
}
