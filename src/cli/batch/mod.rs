//! Many tokens, a line each: chunks of lines over threads, with the results in the order of the
//! lines, and in memory that does not grow with their number.

use std::collections::{BTreeMap, VecDeque};
use std::io::Read;
use std::num::NonZeroUsize;
use std::sync::mpsc::channel;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
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
    let jobs = jobs.map_or_else(cores, usize::from);
    let todo = Todo::default();
    let ended = thread::scope(|scope| together(work, jobs, scope, &todo, &mut lines, &mut results));
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

/// A chunk on its way, and its number among them.
struct Piece {
    number: usize,
    chunk: Chunk,
    done: Done,
}

/// The pieces that nobody works on yet: any thread takes the oldest.
#[derive(Default)]
struct Todo {
    pieces: Mutex<Waiting>,
    change: Condvar,
}

#[derive(Default)]
struct Waiting {
    pieces: VecDeque<Piece>,
    /// Whether there will be no more.
    ended: bool,
}

impl Todo {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.pieces.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, piece: Piece) {
        self.lock().pieces.push_back(piece);
        self.change.notify_one();
    }

    /// The oldest, if there is one.
    fn take(&self) -> Option<Piece> {
        self.lock().pieces.pop_front()
    }

    /// The oldest, once there is one; `None` at the end.
    fn wait(&self) -> Option<Piece> {
        let is_idle = |waiting: &mut Waiting| waiting.pieces.is_empty() && !waiting.ended;
        let waited = self.change.wait_while(self.lock(), is_idle);
        let mut waiting = waited.unwrap_or_else(PoisonError::into_inner);
        waiting.pieces.pop_front()
    }
}

/// Where the work ends, however it does, the threads end too.
struct Closing<'t>(&'t Todo);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.lock().ended = true;
        self.0.change.notify_all();
    }
}

fn work_on<W: Work>(work: &W, piece: &mut Piece) {
    piece.done.clear();
    work.lines(&piece.chunk, &mut piece.done);
}

/// Reads, works and writes in this thread, and has others work beside it, as many as there are
/// chunks for. Nothing that has been read waits for what has not been written yet: a slow writer
/// sees each line answered.
fn together<'s, W: Work>(
    work: &'s W,
    jobs: usize,
    scope: &'s Scope<'s, '_>,
    todo: &'s Todo,
    lines: &mut Lines<'_>,
    results: &mut Results<'_, '_, '_, W>,
) -> Result<(), Failure> {
    let _closing = Closing(todo);
    let (finished, worked_on) = channel::<Piece>();
    let mut helpers = jobs.saturating_sub(1);
    let mut started = 0_usize;
    let (mut given, mut taken) = (0_usize, 0_usize);
    let mut early: BTreeMap<usize, Piece> = BTreeMap::new();
    let mut spare: Vec<(Chunk, Done)> = Vec::new();
    let mut has_ended = false;
    loop {
        early.extend(worked_on.try_iter().map(|piece| (piece.number, piece)));
        while let Some(mut piece) = early.remove(&taken) {
            results.take(&piece.chunk, &mut piece.done)?;
            spare.push((piece.chunk, piece.done));
            taken = taken.saturating_add(1);
        }
        let under_way = given.saturating_sub(taken);
        if under_way == 0 && has_ended {
            return Ok(());
        }
        // One for this thread, and for each of the others one beside the one it works on.
        let is_full = under_way > helpers.saturating_mul(2);
        if !has_ended && !is_full && (under_way == 0 || lines.is_ready()) {
            let (mut chunk, done) = spare.pop().unwrap_or_default();
            if !lines.read(&mut chunk)? {
                has_ended = true;
                continue;
            }
            todo.put(Piece {
                number: given,
                chunk,
                done,
            });
            given = given.saturating_add(1);
            if started < helpers && under_way > 0 {
                let finished = finished.clone();
                let help = move || {
                    while let Some(mut piece) = todo.wait() {
                        work_on(work, &mut piece);
                        // Nobody takes it where the batch has failed.
                        if finished.send(piece).is_err() {
                            return;
                        }
                    }
                };
                match thread::Builder::new().spawn_scoped(scope, help) {
                    Ok(_) => started = started.saturating_add(1),
                    // The system gives no more threads.
                    Err(_) => helpers = started,
                }
            }
        } else if let Some(mut piece) = todo.take() {
            work_on(work, &mut piece);
            early.insert(piece.number, piece);
        } else if let Ok(piece) = worked_on.recv() {
            early.insert(piece.number, piece);
        }
    }
}
