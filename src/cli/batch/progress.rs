//! The bar of a batch, for somebody who waits at a terminal.

use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::batch::Work;
use crate::cli::batch::tally::{Tally, Words};
use crate::cli::ui::Ui;

/// A bar on standard error: only where that is a terminal on which nothing else appears.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    words: Words,
    started: Instant,
}

impl Progress {
    /// For so many bytes, where that is known.
    pub(super) fn of<W: Work>(size: Option<u64>, ui: &Ui<'_, '_>, started: Instant) -> Self {
        let terminals = ui.world.terminals;
        let is_shown = terminals.stderr && !terminals.stdout && !terminals.stdin && !ui.quiet;
        Progress {
            bar: is_shown.then(|| bar(size)),
            words: W::WORDS,
            started,
        }
    }

    /// Shows how it went so far, and that so many bytes more are done.
    pub(super) fn show(&self, tally: &Tally, bytes: u64) {
        if let Some(bar) = &self.bar {
            bar.set_message(tally.short_words(&self.words, self.started.elapsed()));
            bar.inc(bytes);
        }
    }

    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn bar(size: Option<u64>) -> ProgressBar {
    let (bar, template) = match size {
        Some(size) => (ProgressBar::new(size), "{bar:20} {percent:>3}%  {msg}"),
        None => (ProgressBar::new_spinner(), "{spinner} {msg}"),
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
