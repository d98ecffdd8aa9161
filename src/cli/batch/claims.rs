//! `issue --batch`: a token for each line of claims.

use crate::cli::batch::clock::Clock;
use crate::cli::batch::lines::{Chunk, MAX_LINE};
use crate::cli::batch::tally::Words;
use crate::cli::batch::token::is_blank;
use crate::cli::batch::{Done, Input, Work, run};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::issue::Order;
use crate::cli::run::Talk;
use crate::cli::view;
use crate::text::escape;
use crate::token::claims::Members;
use crate::token::compact::Malformed;
use crate::token::issue::TokenSigner;
use crate::token::json::{Object, Spare};
use crate::token::refusal::Reason;

/// Makes a token of every line of standard input; all of them have the same flags.
pub(in crate::cli) fn issue(
    order: &Order<'_>,
    input: Input<'_>,
    talk: &mut Talk<'_, '_>,
) -> Result<Exit, Failure> {
    let orders = Orders {
        order,
        clock: Clock::of(None, talk),
    };
    let tally = run(&orders, input, order.args.jobs, talk)?;
    Ok(tally.exit(Exit::NotAToken))
}

struct Orders<'a> {
    order: &'a Order<'a>,
    clock: Clock,
}

impl Work for Orders<'_> {
    const WORDS: Words = Words {
        good: "issued",
        bad: "bad",
    };

    fn lines(&self, chunk: &Chunk, done: &mut Done) {
        if let Err(failure) = self.issue(chunk, done) {
            done.failure = Some(failure);
        }
    }
}

impl Orders<'_> {
    fn issue(&self, chunk: &Chunk, done: &mut Done) -> Result<(), Failure> {
        let now = self.clock.now();
        let key = self.order.signing_key()?;
        let header = self.order.header();
        let signer = TokenSigner::new(&header, &key);
        let mut spare = Spare::default();
        for (number, line) in chunk.lines() {
            if is_blank(line) {
                done.tally.empty();
                self.push_nothing(done);
                continue;
            }
            match claims_of(line, &mut spare) {
                Ok(given) => {
                    let claims = self.order.claims(Some(&given), now)?;
                    let token = signer.issue(&claims)?;
                    done.tally.good();
                    self.push(number, &token, &header, &claims, done);
                    spare = Spare::of(given);
                }
                Err(malformed) => {
                    done.tally.bad([Reason::Malformed.code()]);
                    done.notes.push(format!("line {number}: {malformed}"));
                    if self.order.args.json {
                        let line = view::malformed_line(number, &malformed);
                        done.out.extend_from_slice(line.as_bytes());
                    }
                    self.push_nothing(done);
                }
            }
        }
        Ok(())
    }

    fn push(
        &self,
        number: u64,
        token: &str,
        header: &Members<'_>,
        claims: &Members<'_>,
        done: &mut Done,
    ) {
        if self.order.args.json {
            let line = view::issued_line(number, token, header, claims);
            done.out.extend_from_slice(line.as_bytes());
        } else {
            done.out.extend_from_slice(token.as_bytes());
            done.out.push(b'\n');
        }
    }

    /// Keeps the tokens on the lines of their claims, where nothing else says which is which.
    fn push_nothing(&self, done: &mut Done) {
        if !self.order.args.json {
            done.out.push(b'\n');
        }
    }
}

/// The claims on a line.
fn claims_of(line: &[u8], spare: &mut Spare) -> Result<Object, Malformed> {
    let malformed = |message: String| Malformed {
        message,
        hint: None,
    };
    if line.len() > MAX_LINE {
        return Err(malformed("longer than 1 MiB".into()));
    }
    spare.bytes.extend_from_slice(line);
    let claims = spare.parse().map_err(|why| malformed(why.to_string()))?;
    match claims.duplicate() {
        None => Ok(claims),
        Some(name) => Err(malformed(format!(
            "`{}` is there twice",
            escape::shorten(name, 60)
        ))),
    }
}
