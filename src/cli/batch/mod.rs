//! Many tokens, a line each: chunks of lines over threads, with the results in the order of the
//! lines, and in memory that does not grow with their number.

use std::io::{self, Read};
use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, Scope};
use std::time::Instant;

use crate::cli::failure::Failure;
use crate::cli::run::Talk;
use crate::token::base64url;

mod claims;
mod clock;
mod interrupt;
mod lines;
mod progress;
mod tally;
mod token;
mod tokens;
mod verdicts;

pub(super) use claims::issue;
use interrupt::Interrupts;
use lines::{Chunk, Lines};
use progress::Progress;
use tally::{Tally, Words};
pub(super) use tokens::decode;
pub(super) use verdicts::verify;

/// So many chunks wait for a thread beside the one it works on.
const QUEUE: usize = 1;

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
    /// What ends the whole run.
    failure: Option<Failure>,
}

impl Done {
    fn clear(&mut self) {
        self.out.clear();
        self.notes.clear();
        self.tally = Tally::default();
        self.unsettled = false;
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
    fn again(&self, _chunk: &Chunk, _done: &mut Done, _talk: &mut Talk<'_, '_>) {}
}

/// The lines of a batch, before one is read.
pub(super) struct Input<'a>(&'a mut dyn Read);

impl<'a> Input<'a> {
    /// Takes standard input.
    pub(super) fn take(talk: &mut Talk<'_, 'a>) -> Result<Self, Failure> {
        talk.world.stdin.take("the lines of the batch").map(Input)
    }
}

/// Works on the input to its end; gives what there was in it.
fn run<W: Work>(
    work: &W,
    Input(reader): Input<'_>,
    jobs: Option<u16>,
    talk: &mut Talk<'_, '_>,
) -> Result<Tally, Failure> {
    if talk.world.terminals.stdin {
        talk.note("reading lines from the terminal, until Ctrl-D");
    }
    let started = Instant::now();
    base64url::prepare();
    let interrupts = Interrupts::watch();
    let mut lines = Lines::of(reader, &interrupts);
    let mut results = Results {
        work,
        tally: Tally::default(),
        progress: Progress::of::<W>(talk, started),
        talk,
    };
    let cores = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
    let ended = match jobs.map_or_else(cores, usize::from) {
        1 => alone(&mut lines, &mut results),
        jobs => thread::scope(|scope| together(work, jobs, scope, &mut lines, &mut results)),
    };
    let Results {
        tally, progress, ..
    } = results;
    progress.finish();
    // A reader that goes away asks for no summary.
    if ended.is_ok() {
        talk.note(&tally.words(&W::WORDS, started.elapsed()));
    }
    ended?;
    interrupts.follow();
    Ok(tally)
}

/// Where the results of the chunks go, in the order of the chunks.
struct Results<'r, 'w, 'a, W> {
    work: &'r W,
    tally: Tally,
    progress: Progress,
    talk: &'r mut Talk<'w, 'a>,
}

impl<W: Work> Results<'_, '_, '_, W> {
    fn take(&mut self, chunk: &Chunk, done: &mut Done) -> Result<(), Failure> {
        if done.unsettled {
            self.work.again(chunk, done, self.talk);
        }
        if let Some(failure) = done.failure.take() {
            return Err(failure);
        }
        for note in &done.notes {
            self.talk.note(note);
        }
        self.talk.whole_lines(&done.out)?;
        self.tally.add(&done.tally);
        self.progress.show(&self.tally, chunk.len());
        Ok(())
    }
}

/// Does all the work in this thread.
fn alone<W: Work>(
    lines: &mut Lines<'_>,
    results: &mut Results<'_, '_, '_, W>,
) -> Result<(), Failure> {
    let (mut chunk, mut done) = (Chunk::default(), Done::default());
    while lines.read(&mut chunk)? {
        done.clear();
        results.work.lines(&chunk, &mut done);
        results.take(&chunk, &mut done)?;
    }
    Ok(())
}

/// A thread that works on chunks: they go in and come out in one order.
struct Worker {
    chunks: SyncSender<(Chunk, Done)>,
    results: Receiver<(Chunk, Done)>,
}

impl Worker {
    fn start<'s, W: Work>(work: &'s W, scope: &'s Scope<'s, '_>) -> io::Result<Self> {
        let (chunks, todo) = sync_channel::<(Chunk, Done)>(QUEUE);
        let (finished, results) = sync_channel(QUEUE.saturating_add(1));
        thread::Builder::new().spawn_scoped(scope, move || {
            for (chunk, mut done) in todo {
                done.clear();
                work.lines(&chunk, &mut done);
                if finished.send((chunk, done)).is_err() {
                    return;
                }
            }
        })?;
        Ok(Worker { chunks, results })
    }
}

/// Hands the chunks round to threads, and takes their results in the same round. Nothing that has
/// been read waits for what has not been written yet: a slow writer sees each line answered.
fn together<'s, W: Work>(
    work: &'s W,
    jobs: usize,
    scope: &'s Scope<'s, '_>,
    lines: &mut Lines<'_>,
    results: &mut Results<'_, '_, '_, W>,
) -> Result<(), Failure> {
    let mut workers: Vec<Worker> = Vec::new();
    let mut jobs = jobs;
    let mut spare: Vec<(Chunk, Done)> = Vec::new();
    // The chunks are numbered, and chunk n is of worker n modulo their number.
    let (mut given, mut taken) = (0_usize, 0_usize);
    let mut has_ended = false;
    loop {
        let waiting = given.saturating_sub(taken);
        let is_full = waiting == jobs.saturating_mul(QUEUE.saturating_add(1));
        if waiting > 0 && (has_ended || is_full || !lines.is_ready()) {
            let worker = taken.checked_rem(jobs).and_then(|n| workers.get(n));
            // A worker ends only after its queue has.
            let Some(Ok((chunk, mut done))) = worker.map(|w| w.results.recv()) else {
                return Ok(());
            };
            results.take(&chunk, &mut done)?;
            spare.push((chunk, done));
            taken = taken.saturating_add(1);
            continue;
        }
        if has_ended {
            return Ok(());
        }
        if given == workers.len() && given < jobs {
            match Worker::start(work, scope) {
                Ok(worker) => workers.push(worker),
                Err(_) if workers.is_empty() => return alone(lines, results),
                // The system gives no more threads.
                Err(_) => jobs = workers.len(),
            }
        }
        let (mut chunk, done) = spare.pop().unwrap_or_default();
        if !lines.read(&mut chunk)? {
            has_ended = true;
            continue;
        }
        let worker = given.checked_rem(jobs).and_then(|n| workers.get(n));
        let Some(Ok(())) = worker.map(|w| w.chunks.send((chunk, done))) else {
            return Ok(());
        };
        given = given.saturating_add(1);
    }
}
