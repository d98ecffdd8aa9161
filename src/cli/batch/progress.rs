//! The bar of a batch, for somebody who waits at a terminal.

use std::io::Write as _;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::cli::batch::Work;
use crate::cli::batch::tally::{Tally, Words};
use crate::cli::columns;
use crate::cli::ui::Ui;
use crate::cli::world;

/// A bar on standard error, only if that is a terminal and nothing else appears on it.
pub(super) struct Progress {
    line: Option<Mutex<Line>>,
    words: Words,
    started: Instant,
}

/// The content of the bar's line.
struct Line {
    /// The number of bytes, if it is known.
    size: Option<u64>,
    done: u64,
    drawn: Option<Instant>,
}

/// How often the bar is drawn.
const PERIOD: Duration = Duration::from_millis(50);

/// The cells of the bar.
const CELLS: u64 = 20;

impl Progress {
    /// A bar for this many bytes, if the number is known.
    pub(super) fn of<W: Work>(size: Option<u64>, ui: &Ui<'_, '_>, started: Instant) -> Self {
        let terminals = ui.world.terminals;
        let is_capable = ui.world.variable("TERM").is_none_or(|term| term != "dumb");
        let is_alone = terminals.stderr && !terminals.stdout && !terminals.stdin;
        let line = Line {
            size,
            done: 0,
            drawn: None,
        };
        Progress {
            line: (is_alone && is_capable && !ui.quiet).then_some(Mutex::new(line)),
            words: W::WORDS,
            started,
        }
    }

    /// Shows the counts so far, and adds the bytes that are done.
    pub(super) fn show(&self, tally: &Tally, bytes: u64) {
        self.with_line(|line| {
            line.done = line.done.saturating_add(bytes);
            if line.drawn.is_none_or(|drawn| drawn.elapsed() >= PERIOD) {
                line.drawn = Some(Instant::now());
                let words = tally.short_words(&self.words, self.started.elapsed());
                draw(&line.text(&words));
            }
        });
    }

    /// Removes the bar: before other text, and at the end.
    pub(super) fn clear(&self) {
        self.with_line(|line| {
            if line.drawn.take().is_some() {
                draw("");
            }
        });
    }

    fn with_line(&self, action: impl FnOnce(&mut Line)) {
        if let Some(line) = &self.line {
            action(&mut line.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }
}

impl Line {
    /// The bar, if its length is known, followed by the words.
    fn text(&self, words: &str) -> String {
        let Some(size) = self.size else {
            return words.to_owned();
        };
        let of = |whole: u64| {
            let part = u128::from(whole).saturating_mul(self.done.min(size).into());
            part.checked_div(size.into())
                .and_then(|part| u64::try_from(part).ok())
                .unwrap_or(whole)
        };
        let cell = |number| if number < of(CELLS) { '█' } else { '░' };
        let bar: String = (0..CELLS).map(cell).collect();
        format!("{bar} {:>3}%  {words}", of(100))
    }
}

/// Replaces the line of the cursor with a text, as far as it fits.
fn draw(text: &str) {
    let fitting: String = text.chars().take(columns::of_stderr()).collect();
    // A batch does not end because a bar cannot be drawn.
    _ = write!(world::stderr(), "\r{fitting}\x1b[K");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_is_as_long_as_the_part_that_is_done() {
        for (done, size, bar) in [
            (0, Some(7), "░░░░░░░░░░░░░░░░░░░░   0%  5 tokens"),
            (1, Some(2), "██████████░░░░░░░░░░  50%  5 tokens"),
            (9, Some(9), "████████████████████ 100%  5 tokens"),
            // A file that has grown meanwhile.
            (9, Some(8), "████████████████████ 100%  5 tokens"),
            (0, Some(0), "████████████████████ 100%  5 tokens"),
            (
                u64::MAX,
                Some(u64::MAX),
                "████████████████████ 100%  5 tokens",
            ),
            (9, None, "5 tokens"),
        ] {
            let drawn = None;
            let line = Line { size, done, drawn };
            assert_eq!(line.text("5 tokens"), bar, "{done} of {size:?}");
        }
    }
}
