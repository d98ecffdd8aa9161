//! Many tokens, a line each: chunks of lines over threads, with the results in the order of the
//! lines, and in memory that does not grow with their number.

use std::num::NonZeroUsize;
use std::thread;
use std::time::Instant;

use crate::cli::failure::Failure;
use crate::cli::ui::Ui;
use crate::token::base64url;

mod claims;
mod clock;
mod input;
mod interrupt;
mod lines;
mod progress;
mod tally;
mod threads;
mod token;
mod tokens;
mod verdicts;

pub(super) use claims::issue;
pub(super) use input::Input;
use interrupt::Interrupts;
use lines::{Chunk, Lines};
use progress::Progress;
use tally::{Tally, Words};
pub(super) use tokens::decode;
pub(super) use verdicts::verify;

/// What became of a chunk.
#[derive(Default)]
struct Done {
    /// The result, in whole lines.
    out: Vec<u8>,
    /// What there is to say of single lines.
    notes: Vec<String>,
    tally: Tally,
    /// Whether the chunk has to be looked at once more, by [`Work::again`].
    unsettled: bool,
    /// Why no more of the lines can be read that this chunk belongs to.
    unread: Option<Failure>,
    /// What ends the whole run.
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

    /// Works on a chunk once more, in its turn, where it was left unsettled.
    fn again(&self, _chunk: &Chunk, _done: &mut Done, _talk: &mut Ui<'_, '_>) {}
}

/// Works on the input to its end; gives what there was in it.
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
    // A reader that goes away asks for no summary, and where nothing could be read there is none.
    if ended.is_ok() && !tally.is_of_nothing() {
        ui.note(&tally.words(&W::WORDS, started.elapsed()));
    }
    ended?;
    interrupts.follow();
    Ok(tally)
}
