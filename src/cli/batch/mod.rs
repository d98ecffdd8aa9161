//! Many tokens, one on each line: threads work on chunks of lines. The results are in the order of
//! the lines, and the memory does not grow with their number.

use std::num::NonZeroUsize;
use std::thread;
use std::time::Instant;

use crate::cli::failure::Failure;
use crate::cli::ui::Ui;
use crate::token::base64url;

mod claims;
mod clock;
mod error_line;
mod input;
mod interrupt;
mod lines;
mod per_line;
mod progress;
mod tally;
mod threads;
mod token;
mod tokens;
mod verdicts;

pub(super) use claims::{issue, seal};
pub(super) use input::Input;
use interrupt::Interrupts;
use lines::{Chunk, Lines};
use progress::Progress;
use tally::{Tally, Words};
pub(super) use tokens::decode;
pub(super) use verdicts::verify;

/// The result of a chunk.
#[derive(Default)]
struct Done {
    /// The result, in whole lines.
    out: Vec<u8>,
    /// Notes about single lines.
    notes: Vec<String>,
    tally: Tally,
    /// Whether the chunk has to be looked at once more, by [`Work::again`].
    unsettled: bool,
    /// Why no more lines can be read from the file of this chunk.
    unread: Option<Failure>,
    /// The failure that ends the whole run.
    failure: Option<Failure>,
}

impl Done {
    fn clear(&mut self) {
        self.out.clear();
        self.notes.clear();
        self.tally = Tally::default();
        self.unsettled = false;
        self.unread = None;
        self.failure = None;
    }
}

/// What is done with the lines of a batch.
trait Work: Sync {
    /// What the lines are counted as.
    const WORDS: Words;

    /// Works on a chunk, in any thread.
    fn lines(&self, chunk: &Chunk, done: &mut Done);

    /// Works on a chunk once more, in its turn, if it was left unsettled.
    fn again(&self, _chunk: &Chunk, _done: &mut Done, _talk: &mut Ui<'_, '_>) {}
}

/// Works on the input to its end; gives the counts.
fn run<W: Work>(
    work: &W,
    input: Input<'_>,
    jobs: Option<u16>,
    ui: &mut Ui<'_, '_>,
) -> Result<Tally, Failure> {
    if ui.world.terminals.stdin && input.has_stdin() {
        ui.note("reading lines from the terminal, until Ctrl-D");
    }
    let started = Instant::now();
    base64url::prepare();
    let interrupts = Interrupts::watch();
    let cores = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let progress = Progress::of::<W>(input.size(), ui, started);
    let lines = Lines::of(input, &interrupts);
    let jobs = jobs.map_or_else(cores, usize::from);
    let (tally, ended) = threads::run(work, lines, jobs, &interrupts, &progress, ui);
    progress.clear();
    // There is no summary for a reader that has gone away, or if nothing could be read.
    if ended.is_ok() && !tally.is_of_nothing() {
        ui.note(&tally.words(&W::WORDS, started.elapsed()));
    }
    ended?;
    interrupts.follow();
    Ok(tally)
}
