//! `issue --batch`: a token for each line of claims.

use crate::cli::batch::clock::Clock;
use crate::cli::batch::lines::{Chunk, MAX_LINE};
use crate::cli::batch::tally::Words;
use crate::cli::batch::token::is_blank;
use crate::cli::batch::{Done, Input, Work, run};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::issue::Order;
use crate::cli::ui::Ui;
use crate::cli::view;
use crate::text::escape;
use crate::token::compact::Malformed;
use crate::token::issue::{TokenSigner, push_signature};
use crate::token::json::{Object, ObjectBuffers};
use crate::token::refusal::Reason;

/// Makes a token of every line of standard input; all of them have the same flags.
pub(in crate::cli) fn issue(
    order: &Order<'_>,
    input: Input<'_>,
    ui: &mut Ui<'_, '_>,
) -> Result<Exit, Failure> {
    let orders = Orders {
        order,
        clock: Clock::of(None, ui),
    };
    let tally = run(&orders, input, order.content.args.jobs, ui)?;
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
    /// First all signing inputs are built, then all are signed, then the signatures are written:
    /// the tables of an elliptic curve push everything else out of the processor's cache.
    fn issue(&self, chunk: &Chunk, done: &mut Done) -> Result<(), Failure> {
        let header = self.order.header();
        let times = self.order.content.times(self.clock.now());
        let mut signer = TokenSigner::new(&header, &self.order.signing);
        let mut spare = ObjectBuffers::default();
        let as_json = self.order.content.args.json;
        let mut unsigned = PerLine::default();
        for (origin, line) in chunk.lines() {
            if is_blank(line) {
                done.tally.empty();
            } else {
                match claims_of(line, &mut spare) {
                    Ok(given) => {
                        let claims = self.order.content.claims(Some(&given), &times)?;
                        if as_json {
                            let token = signer.issue(&claims)?;
                            let line = view::issued_line(origin, &token, &header, &claims);
                            done.out.extend_from_slice(&line);
                        } else {
                            signer.push_signing_input(&claims, &mut unsigned.bytes);
                        }
                        done.tally.good();
                        spare = ObjectBuffers::of(given);
                    }
                    Err(malformed) => {
                        done.tally.bad([Reason::Malformed.code()]);
                        done.notes
                            .push(format!("line {}: {malformed}", origin.line));
                        if as_json {
                            let line = view::malformed_line(origin, &malformed);
                            done.out.extend_from_slice(&line);
                        }
                    }
                }
            }
            unsigned.end_line();
        }
        match as_json {
            true => Ok(()),
            false => sign(&unsigned, &signer, &mut done.out),
        }
    }
}

/// Some bytes for each line, one after the other; none for a line without claims.
#[derive(Default)]
struct PerLine {
    bytes: Vec<u8>,
    /// Where the bytes of each line end.
    ends: Vec<usize>,
}

impl PerLine {
    fn end_line(&mut self) {
        self.ends.push(self.bytes.len());
    }

    fn lines(&self) -> impl Iterator<Item = &[u8]> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let line = self.bytes.get(start..*end).unwrap_or_default();
            start = *end;
            line
        })
    }
}

/// Makes a token from the signing input of each line, and keeps it on that line: only the line
/// tells whose it is.
fn sign(unsigned: &PerLine, signer: &TokenSigner<'_>, out: &mut Vec<u8>) -> Result<(), Failure> {
    let mut signatures = PerLine::default();
    for line in unsigned.lines() {
        if !line.is_empty() {
            signatures.bytes.extend_from_slice(&signer.sign(line)?);
        }
        signatures.end_line();
    }
    for (line, signature) in unsigned.lines().zip(signatures.lines()) {
        if !signature.is_empty() {
            out.extend_from_slice(line);
            push_signature(signature, out);
        }
        out.push(b'\n');
    }
    Ok(())
}

/// The claims on a line.
fn claims_of(line: &[u8], spare: &mut ObjectBuffers) -> Result<Object, Malformed> {
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
