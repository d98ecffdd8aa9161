//! The bar of a batch, for somebody who waits at a terminal.

use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::batch::Work;
use crate::cli::batch::tally::{Tally, Words};
use crate::cli::run::Talk;

/// A bar on standard error: only where that is a terminal on which nothing else appears.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    words: Words,
    started: Instant,
}

impl Progress {
    pub(super) fn of<W: Work>(talk: &Talk<'_, '_>, started: Instant) -> Self {
        let terminals = talk.world.terminals;
        let is_shown = terminals.stderr && !terminals.stdout && !terminals.stdin && !talk.quiet;
        Progress {
            bar: is_shown.then(bar),
            words: W::WORDS,
            started,
        }
    }

    /// Shows how it went so far, and that so many bytes more are done.
    pub(super) fn show(&self, tally: &Tally, bytes: usize) {
        if let Some(bar) = &self.bar {
            bar.set_message(tally.short_words(&self.words, self.started.elapsed()));
            bar.inc(u64::try_from(bytes).unwrap_or(u64::MAX));
        }
    }

    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar() -> ProgressBar {
    let (bar, template) = match size_of_input() {
        Some(size) => (ProgressBar::new(size), "{bar:20} {percent:>3}%  {msg}"),
        None => (ProgressBar::new_spinner(), "{spinner} {msg}"),
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// How long standard input is, if it is a file.
#[cfg(unix)]
fn size_of_input() -> Option<u64> {
    let stat = rustix::fs::fstat(std::io::stdin()).ok()?;
    let is_file = rustix::fs::FileType::from_raw_mode(stat.st_mode).is_file();
    u64::try_from(stat.st_size).ok().filter(|_| is_file)
}

#[cfg(not(unix))]
fn size_of_input() -> Option<u64> {
    None
}
