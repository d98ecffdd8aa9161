//! The threads of a batch. Each thread reads a chunk, works on it, and writes the result, in the
//! order of the chunks. Lines that were read do not wait for more input, so a slow writer sees each
//! line answered.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Scope};

use crate::cli::batch::interrupt::Interrupts;
use crate::cli::batch::lines::{Chunk, Lines};
use crate::cli::batch::progress::Progress;
use crate::cli::batch::tally::Tally;
use crate::cli::batch::{Done, Work};
use crate::cli::failure::Failure;
use crate::cli::ui::Ui;

/// Works on all lines, with a number of threads; gives the counts, and why it ended early.
pub(super) fn run<'b, W: Work>(
    work: &'b W,
    lines: Lines<'b>,
    jobs: usize,
    interrupts: &'b Interrupts,
    progress: &'b Progress,
    ui: &'b mut Ui<'_, '_>,
) -> (Tally, Result<(), Failure>) {
    let batch = Batch {
        work,
        most_early: jobs,
        interrupts,
        waiting: AtomicUsize::new(0),
        source: Mutex::new(ChunkSource {
            lines,
            given: 0,
            free_threads: jobs.saturating_sub(1),
        }),
        results: Mutex::new(Results {
            tally: Tally::default(),
            progress,
            ui,
            taken: 0,
            early: BTreeMap::new(),
            spare: Vec::new(),
            ended: Ok(()),
        }),
        change: Condvar::new(),
    };
    thread::scope(|scope| batch.attend(scope));
    let results = batch.results.into_inner();
    let results = results.unwrap_or_else(PoisonError::into_inner);
    (results.tally, results.ended)
}

/// A chunk and its result.
#[derive(Default)]
struct Piece {
    chunk: Chunk,
    done: Done,
}

/// What the threads share.
struct Batch<'b, 'w, 'a, W> {
    work: &'b W,
    /// How many pieces may wait for their turn.
    most_early: usize,
    interrupts: &'b Interrupts,
    /// How many threads want to read.
    waiting: AtomicUsize,
    source: Mutex<ChunkSource<'b>>,
    results: Mutex<Results<'b, 'w, 'a>>,
    /// Pieces have been taken.
    change: Condvar,
}

/// Where the chunks come from.
struct ChunkSource<'b> {
    lines: Lines<'b>,
    /// How many chunks were given away.
    given: usize,
    /// How many more threads may be started.
    free_threads: usize,
}

/// Where the results of the chunks go, in the order of the chunks.
struct Results<'b, 'w, 'a> {
    tally: Tally,
    progress: &'b Progress,
    ui: &'b mut Ui<'w, 'a>,
    /// How many pieces were taken.
    taken: usize,
    /// The pieces that are done before their turn, by their numbers.
    early: BTreeMap<usize, Piece>,
    /// Memory of pieces that were taken.
    spare: Vec<Piece>,
    ended: Result<(), Failure>,
}

impl<W: Work> Batch<'_, '_, '_, W> {
    /// Does the work of one thread, until there is nothing more to read.
    fn attend<'s>(&'s self, scope: &'s Scope<'s, '_>) {
        let mut piece = Piece::default();
        while let Some(number) = self.read(&mut piece, scope) {
            if piece.done.failure.is_none() {
                self.work.lines(&piece.chunk, &mut piece.done);
            }
            piece = self.hand_in(number, piece);
        }
    }

    /// Reads the next chunk, and gives its number. If no thread is left to read the one after it,
    /// another thread is started.
    fn read<'s>(&'s self, piece: &mut Piece, scope: &'s Scope<'s, '_>) -> Option<usize> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let mut source = lock(&self.source);
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        piece.done.clear();
        match source.lines.read(&mut piece.chunk) {
            Ok(true) => {}
            Ok(false) => return None,
            Err(failure) => piece.done.unread = Some(failure),
        }
        let is_alone = self.waiting.load(Ordering::Relaxed) == 0;
        if is_alone && source.free_threads > 0 && !source.lines.has_ended() {
            let thread = thread::Builder::new().spawn_scoped(scope, || self.attend(scope));
            source.free_threads = match thread {
                Ok(_) => source.free_threads.saturating_sub(1),
                // The system gives no more threads.
                Err(_) => 0,
            };
        }
        let number = source.given;
        source.given = number.saturating_add(1);
        Some(number)
    }

    /// Writes the result of a chunk, once its turn has come, and gives memory for another.
    fn hand_in(&self, number: usize, piece: Piece) -> Piece {
        let is_too_early = |results: &mut Results<'_, '_, '_>| {
            number.saturating_sub(results.taken) > self.most_early
        };
        let results = self.change.wait_while(lock(&self.results), is_too_early);
        let mut results = results.unwrap_or_else(PoisonError::into_inner);
        results.early.insert(number, piece);
        while let Some(mut piece) = results.pop_due() {
            if results.ended.is_ok() {
                results.ended = results.take(self.work, &mut piece);
                if results.ended.is_err() {
                    self.interrupts.cancel();
                }
            }
            results.spare.push(piece);
        }
        self.change.notify_all();
        results.spare.pop().unwrap_or_default()
    }
}

impl Results<'_, '_, '_> {
    fn pop_due(&mut self) -> Option<Piece> {
        let piece = self.early.remove(&self.taken)?;
        self.taken = self.taken.saturating_add(1);
        Some(piece)
    }

    fn take<W: Work>(&mut self, work: &W, piece: &mut Piece) -> Result<(), Failure> {
        let Piece { chunk, done } = piece;
        if done.unsettled {
            work.again(chunk, done, self.ui);
        }
        if let Some(failure) = done.failure.take() {
            return Err(failure);
        }
        if done.unread.is_some() || !done.notes.is_empty() {
            self.progress.clear();
        }
        if let Some(failure) = done.unread.take() {
            self.ui.fail(&failure);
            self.tally.unread(failure.exit);
        }
        for note in &done.notes {
            self.ui.note(note);
        }
        self.ui.whole_lines(&done.out)?;
        self.tally.add(&done.tally);
        self.progress.show(&self.tally, chunk.read());
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
