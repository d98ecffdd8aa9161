//! `verify --batch`: a verdict for each line.

use std::borrow::Cow;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::cli::args::{ReadingArgs, VerifyArgs};
use crate::cli::batch::clock::Clock;
use crate::cli::batch::lines::Chunk;
use crate::cli::batch::tally::Words;
use crate::cli::batch::token::{TokenPosition, is_blank};
use crate::cli::batch::{Done, Input, Work, run};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::json_line::Origin;
use crate::cli::renewable_keys::RenewableKeys;
use crate::cli::text_input;
use crate::cli::ui::Ui;
use crate::cli::verdict::{Accepted, Verdict};
use crate::cli::verdict_json::{full_verdict_line, push_valid_line, refused_line};
use crate::text::time::Timestamp;
use crate::token::compact::Malformed;
use crate::token::policy::Policy;
use crate::token::verify::Refused;

/// Verifies every line at a time, or else at the current time.
pub(in crate::cli) fn verify(
    args: &VerifyArgs,
    input: Input<'_>,
    keys: RenewableKeys,
    policy: &Policy,
    at: Option<Timestamp>,
    ui: &mut Ui<'_, '_>,
) -> Result<Exit, Failure> {
    let verdicts = Verdicts {
        keys: Mutex::new(keys),
        reading: &args.key.reading,
        policy,
        clock: Clock::of(at, ui),
        place: TokenPosition::of(args.field.as_deref()),
        form: Format {
            full: args.full,
            only_valid: args.only.as_deref().map(|verdict| verdict == "valid"),
            silent: ui.quiet,
        },
    };
    let tally = run(&verdicts, input, args.jobs, ui)?;
    Ok(tally.exit(Exit::Refused))
}

struct Verdicts<'a> {
    keys: Mutex<RenewableKeys>,
    reading: &'a ReadingArgs,
    policy: &'a Policy,
    clock: Clock,
    place: TokenPosition,
    form: Format,
}

impl Work for Verdicts<'_> {
    const WORDS: Words = Words {
        good: "valid",
        bad: "refused",
    };

    fn lines(&self, chunk: &Chunk, done: &mut Done) {
        let (keys, mode, is_renewable) = {
            let keys = self.keys();
            (keys.current().clone(), keys.mode(), keys.is_renewable())
        };
        let mut verifier = mode.verifier(&keys, self.policy, self.clock.now());
        each(chunk, done, |origin, line, done| {
            let whole = self.place.whole(line);
            let alike = whole.and_then(|line| mode.verify_like_last(&mut verifier, line));
            let verdict = alike.unwrap_or_else(|| match self.token(line) {
                Ok(token) => mode.verify(&mut verifier, &token),
                Err(malformed) => Err(Refused::unread(malformed, &keys)),
            });
            let refused = verdict.as_ref().err().filter(|_| is_renewable);
            done.unsettled |= refused.is_some_and(RenewableKeys::is_for_others);
            self.form.push(origin, &verdict, done);
            if let Ok(Accepted::Token(verified)) = verdict {
                verifier.reuse(verified);
            }
        });
    }

    /// Verifies with newer keys, if there are any.
    fn again(&self, chunk: &Chunk, done: &mut Done, ui: &mut Ui<'_, '_>) {
        let (mut keys, now) = (self.keys(), self.clock.now());
        done.clear();
        each(chunk, done, |origin, line, done| {
            let verdict = match self.token(line) {
                Ok(token) => keys.verify(&token, self.policy, now, self.reading, ui),
                Err(malformed) => Err(Refused::unread(malformed, keys.current())),
            };
            self.form.push(origin, &verdict, done);
        });
    }
}

impl Verdicts<'_> {
    /// The token of a line, which is told from a line with a token somewhere in it.
    fn token<'l>(&self, line: &'l [u8]) -> Result<Cow<'l, str>, Malformed> {
        self.place
            .token(line)
            .and_then(text_input::unless_surrounded)
    }

    fn keys(&self) -> MutexGuard<'_, RenewableKeys> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Hands over each line, and counts the empty ones.
fn each(chunk: &Chunk, done: &mut Done, mut take: impl FnMut(Origin<'_>, &[u8], &mut Done)) {
    for (origin, line) in chunk.lines() {
        match is_blank(line) {
            true => done.tally.empty(),
            false => take(origin, line, done),
        }
    }
}

/// How a verdict is printed.
struct Format {
    full: bool,
    /// Whether only valid or only refused tokens are printed.
    only_valid: Option<bool>,
    silent: bool,
}

impl Format {
    fn push(&self, origin: Origin<'_>, verdict: &Verdict, done: &mut Done) {
        match verdict {
            Ok(_) => done.tally.good(),
            Err(refused) => {
                let reasons = refused.refusals.iter().map(|r| r.reason.code());
                done.tally.bad(reasons);
            }
        }
        if self.silent || self.only_valid.is_some_and(|only| only != verdict.is_ok()) {
            return;
        }
        match verdict {
            _ if self.full => {
                let line = full_verdict_line(origin, verdict);
                done.out.extend_from_slice(&line);
            }
            Ok(accepted) => push_valid_line(origin, accepted, &mut done.out),
            Err(refused) => {
                let line = refused_line(origin, refused);
                done.out.extend_from_slice(&line);
            }
        }
    }
}
