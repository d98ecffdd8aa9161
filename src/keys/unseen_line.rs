//! A line that a person may type or paste, unseen, while something else is waited for too.

use std::time::Duration;

use zeroize::Zeroizing;

/// No line is longer: an address with a code in it.
#[cfg(unix)]
const MOST_BYTES: usize = 16 << 10;

/// The terminal, which does not show what is typed until this is dropped.
#[cfg(unix)]
#[derive(Debug)]
pub struct UnseenLine {
    terminal: std::fs::File,
    typed: Zeroizing<Vec<u8>>,
    restored: Option<super::ending::Undoing>,
}

#[cfg(unix)]
impl UnseenLine {
    /// Begins at the terminal of the process; `None` where there is none, or where it is somebody else's
    /// turn there.
    #[must_use]
    pub fn begin() -> Option<UnseenLine> {
        use rustix::process::getpgrp;
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcgetpgrp, tcsetattr};

        let terminal = std::fs::File::open("/dev/tty").ok()?;
        // Whoever runs in the background would be stopped.
        if tcgetpgrp(&terminal).ok()? != getpgrp() {
            return None;
        }
        let before = tcgetattr(&terminal).ok()?;
        let mut modes = before.clone();
        // Not line by line: a terminal cuts a long line off.
        let shown = LocalModes::ECHO | LocalModes::ECHONL | LocalModes::ICANON;
        modes.local_modes.remove(shown);
        let same = terminal.try_clone().ok()?;
        let restored = super::ending::undoing(move || {
            let _ = tcsetattr(&same, OptionalActions::Now, &before);
        });
        tcsetattr(&terminal, OptionalActions::Now, &modes).ok()?;
        Some(UnseenLine {
            terminal,
            typed: Zeroizing::default(),
            restored: Some(restored),
        })
    }

    /// Waits for so long at the most; gives a line that has been ended meanwhile, without white space
    /// around it.
    pub fn wait(&mut self, most: Duration) -> Option<Zeroizing<String>> {
        use std::io::Read as _;

        use rustix::event::{PollFd, PollFlags, Timespec, poll};

        let mut most_time = Timespec::try_from(most).ok()?;
        while poll(
            &mut [PollFd::new(&self.terminal, PollFlags::IN)],
            Some(&most_time),
        ) == Ok(1)
        {
            let mut byte = [0];
            let Ok(1) = self.terminal.read(&mut byte) else {
                // It has gone; what else is waited for may come all the same.
                std::thread::sleep(most);
                return None;
            };
            // What came with it is there already.
            most_time = Timespec::default();
            let [byte] = byte;
            match byte {
                b'\r' | b'\n' => {
                    let line = std::mem::take(&mut self.typed);
                    let text = String::from_utf8_lossy(line.trim_ascii()).into_owned();
                    if !text.is_empty() {
                        return Some(Zeroizing::new(text));
                    }
                }
                // Backspace, and Ctrl-U.
                0x08 | 0x7F => drop(self.typed.pop()),
                0x15 => self.typed.clear(),
                0x20.. if self.typed.len() < MOST_BYTES => self.typed.push(byte),
                _ => {}
            }
        }
        None
    }
}

#[cfg(unix)]
impl Drop for UnseenLine {
    fn drop(&mut self) {
        if let Some(restored) = self.restored.take() {
            restored.undo();
        }
    }
}

/// Nothing is read meanwhile.
#[cfg(not(unix))]
#[derive(Debug)]
pub struct UnseenLine(std::convert::Infallible);

#[cfg(not(unix))]
impl UnseenLine {
    /// Never begins.
    #[must_use]
    pub fn begin() -> Option<UnseenLine> {
        None
    }

    /// Has no line.
    pub fn wait(&mut self, _: Duration) -> Option<Zeroizing<String>> {
        match self.0 {}
    }
}
