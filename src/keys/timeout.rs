//! Waits for something that may never answer: a pipe without a writer, a keyring that asks a
//! person.
//!
//! A wait is announced after a second, and ends after some time. Where a person may have to answer,
//! it lasts as long as a person needs.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use crate::keys::ending;
use crate::keys::prompt::has_terminal;

/// How long a wait may be.
#[derive(Clone, Copy)]
struct Times {
    /// A shorter wait is not announced.
    quiet: Duration,
    /// How long a pipe or a keyring may be silent.
    program: Duration,
    /// How long it takes to find a window or a device, and to type a password.
    person: Duration,
}

const TIMES: Times = Times {
    quiet: Duration::from_secs(1),
    program: Duration::from_secs(10),
    person: Duration::from_secs(90),
};

/// Takes messages for a person.
pub type Say<'a> = &'a mut dyn FnMut(&str);

/// What a job tells the thread that waits for it.
#[cfg_attr(
    not(all(unix, not(target_os = "macos"))),
    allow(dead_code, reason = "the keyrings of other systems ask by themselves")
)]
enum News {
    Note(String),
    WaitsFor(String),
    Asks { words: String, withdraw: Withdraw },
    Answered,
}

/// Withdraws a question that nobody has answered.
type Withdraw = Box<dyn FnOnce() + Send>;

/// The channel from a job to the thread that waits for it.
#[derive(Clone)]
pub(super) struct Progress(Sender<News>);

#[cfg_attr(
    not(all(unix, not(target_os = "macos"))),
    allow(dead_code, reason = "the keyrings of other systems ask by themselves")
)]
impl Progress {
    /// Sends a note, whatever the result of the job.
    pub(super) fn note(&self, words: String) {
        self.tell(News::Note(words));
    }

    /// Says what the job waits for from now on.
    pub(super) fn waits_for(&self, what: &str) {
        self.tell(News::WaitsFor(what.to_owned()));
    }

    /// Says that a person is asked something; `withdraw` withdraws the question.
    pub(super) fn asks(&self, words: String, withdraw: impl FnOnce() + Send + 'static) {
        self.tell(News::Asks {
            words,
            withdraw: Box::new(withdraw),
        });
    }

    /// Says that the person has answered.
    pub(super) fn is_answered(&self) {
        self.tell(News::Answered);
    }

    fn tell(&self, news: News) {
        // After a time-out, nobody listens any more.
        let _ = self.0.send(news);
    }
}

/// The job took too long.
#[derive(Debug)]
pub(super) struct TimedOut {
    /// How many seconds it had.
    pub(super) seconds: u64,
    /// What was waited for.
    pub(super) what: String,
    /// What a person was asked.
    pub(super) asked: Option<String>,
}

/// Runs a job in a thread of its own, and waits for it. After a time-out nothing can stop the
/// thread; it ends with the program.
pub(super) fn with_timeout<T: Send + 'static>(
    what: &str,
    say: Say<'_>,
    job: impl FnOnce(&Progress) -> T + Send + 'static,
) -> Result<T, TimedOut> {
    let (send, receive) = mpsc::channel();
    let thread = thread::spawn(move || job(&Progress(send)));
    Wait::new(what, TIMES).until_done(&receive, say)?;
    Ok(joined(thread.join()))
}

/// Runs a job that may take for ever, and says so.
pub(super) fn without_timeout<T: Send>(
    what: &str,
    say: Say<'_>,
    job: impl FnOnce() -> T + Send,
) -> T {
    let (send, receive) = mpsc::channel::<News>();
    thread::scope(|scope| {
        let thread = scope.spawn(move || {
            let _send = send;
            job()
        });
        if matches!(
            receive.recv_timeout(TIMES.quiet),
            Err(RecvTimeoutError::Timeout)
        ) {
            say(&format!("waiting for {what}"));
        }
        joined(thread.join())
    })
}

/// The result of the job; if the job panicked, so does this.
fn joined<T>(result: thread::Result<T>) -> T {
    result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

struct Wait {
    what: String,
    asked: Option<(String, Withdrawal)>,
    is_known: bool,
    times: Times,
    limit: Duration,
    since: Instant,
}

/// A question that is withdrawn after a time-out, or when a signal ends the program.
struct Withdrawal(ending::Undoing);

impl Wait {
    fn new(what: &str, times: Times) -> Self {
        Wait {
            what: what.to_owned(),
            asked: None,
            is_known: false,
            times,
            limit: times.quiet,
            since: Instant::now(),
        }
    }

    fn until_done(mut self, receive: &Receiver<News>, say: Say<'_>) -> Result<(), TimedOut> {
        loop {
            let left = self.limit.saturating_sub(self.since.elapsed());
            match receive.recv_timeout(left) {
                Err(RecvTimeoutError::Disconnected) => return Ok(()),
                Ok(News::Note(words)) => say(&words),
                Ok(News::WaitsFor(what)) => self.what = what,
                Ok(News::Answered) => self.start_anew(None),
                Ok(News::Asks { words, withdraw }) => {
                    let withdrawal = Withdrawal(ending::undoing(withdraw));
                    self.start_anew(Some((words, withdrawal)));
                }
                Err(RecvTimeoutError::Timeout) if !self.is_known => {
                    self.is_known = true;
                    self.limit = self.longest();
                    say(&self.words());
                }
                Err(RecvTimeoutError::Timeout) => return Err(self.give_up()),
            }
        }
    }

    fn start_anew(&mut self, asked: Option<(String, Withdrawal)>) {
        // A question to a person is always announced.
        self.is_known &= asked.is_none();
        self.asked = asked;
        self.since = Instant::now();
        self.limit = match self.is_known {
            true => self.longest(),
            false => self.times.quiet,
        };
    }

    fn longest(&self) -> Duration {
        match self.asked.is_some() || has_terminal() {
            true => self.times.person,
            false => self.times.program,
        }
    }

    fn words(&self) -> String {
        let way_out = match (has_terminal(), &self.asked) {
            (true, Some(_)) => " (Ctrl-C gives up; if its window stays open, close it)",
            (true, None) => " (Ctrl-C gives up)",
            (false, _) => "",
        };
        match &self.asked {
            Some((words, _)) => format!("waiting for an answer: {words}{way_out}"),
            None => format!("waiting for {}{way_out}", self.what),
        }
    }

    fn give_up(self) -> TimedOut {
        let seconds = self.limit.as_secs();
        let asked = self.asked.map(|(words, Withdrawal(question))| {
            question.undo();
            words
        });
        TimedOut {
            seconds,
            what: self.what,
            asked,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    const SHORT: Times = Times {
        quiet: Duration::ZERO,
        program: Duration::ZERO,
        person: Duration::from_millis(1),
    };

    /// What is said of a wait in which this is told, and that nobody ends.
    fn given_up(tell: impl FnOnce(&Progress)) -> (Vec<String>, TimedOut) {
        let (send, receive) = mpsc::channel();
        let progress = Progress(send);
        tell(&progress);
        let mut said = Vec::new();
        let late = Wait::new("a pipe", SHORT)
            .until_done(&receive, &mut |words| said.push(words.to_owned()))
            .unwrap_err();
        drop(progress);
        (said, late)
    }

    #[test]
    fn a_wait_says_what_it_is_for_and_ends() {
        let (said, late) = given_up(|_| {});
        assert!(said[0].starts_with("waiting for a pipe"), "{said:?}");
        assert_eq!((said.len(), late.what.as_str()), (1, "a pipe"));
        let (said, late) = given_up(|progress| progress.waits_for("a lock"));
        assert_eq!(said.len(), 1);
        assert_eq!((late.what.as_str(), late.asked), ("a lock", None));
    }

    #[test]
    fn a_question_is_withdrawn_when_time_is_up_and_only_then() {
        let withdrawn = Arc::new(Mutex::new(0));
        let ask = |progress: &Progress| {
            let withdrawn = Arc::clone(&withdrawn);
            progress.asks("which password?".to_owned(), move || {
                *withdrawn.lock().unwrap() += 1;
            });
        };
        let (said, late) = given_up(ask);
        assert_eq!(late.asked.as_deref(), Some("which password?"));
        let last = said.last().unwrap();
        assert!(last.starts_with("waiting for an answer: which password?"));
        assert_eq!(*withdrawn.lock().unwrap(), 1);
        let (_, late) = given_up(|progress| {
            ask(progress);
            progress.is_answered();
        });
        assert_eq!(late.asked, None);
        assert_eq!(*withdrawn.lock().unwrap(), 1, "it was answered");
    }

    #[test]
    fn a_note_is_said_at_once() {
        let (said, _) = given_up(|progress| progress.note("by the way".to_owned()));
        assert!(said.contains(&"by the way".to_owned()));
    }
}
