//! `issue --batch`: a token for each line of claims.

use crate::cli::batch::clock::Clock;
use crate::cli::batch::error_line::malformed_line;
use crate::cli::batch::lines::{Chunk, MAX_LINE};
use crate::cli::batch::per_line::{PerLine, sign};
use crate::cli::batch::tally::Words;
use crate::cli::batch::token::is_blank;
use crate::cli::batch::{Done, Input, Work, run};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::issue::{Content, Order, Sealing, header_of, issued_line};
use crate::cli::json_line::Origin;
use crate::cli::ui::Ui;
use crate::text::escape;
use crate::token::claims::Members;
use crate::token::compact::Malformed;
use crate::token::issue::TokenSigner;
use crate::token::json::{Object, ObjectBuffers};
use crate::token::refusal::Reason;
use crate::token::sd_jwt::NotDisclosable;

/// Makes a token of every line of standard input; all of them have the same flags. What was signed may
/// be encrypted to a recipient.
pub(in crate::cli) fn issue(
    order: &Order<'_>,
    recipient: Option<&Sealing>,
    input: Input<'_>,
    ui: &mut Ui<'_, '_>,
) -> Result<Exit, Failure> {
    let orders = Orders {
        order,
        recipient,
        clock: Clock::of(None, ui),
    };
    let tally = run(&orders, input, order.content.args.jobs, ui)?;
    Ok(tally.exit(Exit::NotAToken))
}

/// Encrypts the claims of every line, which nobody signs.
pub(in crate::cli) fn seal(
    content: &Content<'_>,
    recipient: &Sealing,
    input: Input<'_>,
    ui: &mut Ui<'_, '_>,
) -> Result<Exit, Failure> {
    let sealed = Sealed {
        content,
        recipient,
        clock: Clock::of(None, ui),
    };
    let tally = run(&sealed, input, content.args.jobs, ui)?;
    Ok(tally.exit(Exit::NotAToken))
}

const WORDS: Words = Words {
    good: "issued",
    bad: "bad",
};

struct Orders<'a> {
    order: &'a Order<'a>,
    recipient: Option<&'a Sealing>,
    clock: Clock,
}

impl Work for Orders<'_> {
    const WORDS: Words = WORDS;

    fn lines(&self, chunk: &Chunk, done: &mut Done) {
        let args = self.order.content.args;
        let is_plain = !args.json
            && args.serialization.is_none()
            && self.recipient.is_none()
            && self.order.sd_jwt.is_none();
        let issued = match is_plain {
            true => self.issue(chunk, done),
            false => self.issue_each(chunk, done),
        };
        if let Err(failure) = issued {
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
        let mut unsigned = PerLine::default();
        each(chunk, done, |_, given, _| {
            if let Ok(given) = given {
                let claims = self.order.content.claims(Some(given), &times)?;
                signer.push_signing_input(&claims, &mut unsigned.bytes);
            }
            unsigned.end_line();
            Ok(None)
        })?;
        sign(&unsigned, &signer, &mut done.out)
    }

    /// Makes one token after the other, each as it is wanted.
    fn issue_each(&self, chunk: &Chunk, done: &mut Done) -> Result<(), Failure> {
        let Orders { order, .. } = self;
        let header = order.header();
        let times = order.content.times(self.clock.now());
        let mut signer = TokenSigner::new(&header, &order.signing);
        let sealer = self.recipient.map(Sealing::recipient).transpose()?;
        each(chunk, done, |origin, given, out| {
            let given = match given {
                Ok(given) => given,
                Err(why) => {
                    push_nothing(&order.content, origin, why, out);
                    return Ok(None);
                }
            };
            let mut claims = order.content.claims(Some(given), &times)?;
            let shown = match order
                .sd_jwt
                .as_ref()
                .map(|sd_jwt| sd_jwt.apply(&mut claims))
            {
                None => String::new(),
                Some(Ok(shown)) => shown,
                Some(Err(NotDisclosable::System(fault))) => return Err(fault.into()),
                Some(Err(why)) => {
                    let why = Malformed::new(why.to_string());
                    push_nothing(&order.content, origin, Some(&why), out);
                    return Ok(Some(why));
                }
            };
            let token = signer.issue(&claims)? + &shown;
            let pushed = match &sealer {
                None => push(&order.content, origin, token, Some(&header), &claims, out),
                Some(sealer) => {
                    let token = sealer.token(&token)?;
                    push(&order.content, origin, token, None, &claims, out)
                }
            };
            pushed.map(|()| None)
        })
    }
}

struct Sealed<'a> {
    content: &'a Content<'a>,
    recipient: &'a Sealing,
    clock: Clock,
}

impl Work for Sealed<'_> {
    const WORDS: Words = WORDS;

    fn lines(&self, chunk: &Chunk, done: &mut Done) {
        let times = self.content.times(self.clock.now());
        let sealer = self.recipient.recipient().map_err(Failure::from);
        let sealed = sealer.and_then(|sealer| {
            each(chunk, done, |origin, given, out| {
                let given = match given {
                    Ok(given) => given,
                    Err(why) => {
                        push_nothing(self.content, origin, why, out);
                        return Ok(None);
                    }
                };
                let claims = self.content.claims(Some(given), &times)?;
                let token = sealer.claims(self.content, &claims)?;
                push(self.content, origin, token, None, &claims, out).map(|()| None)
            })
        });
        if let Err(failure) = sealed {
            done.failure = Some(failure);
        }
    }
}

/// The claims on a line, or why it has none; nothing, if it is empty.
type Given<'l> = Result<&'l Object, Option<&'l Malformed>>;

/// Hands over each line, and counts it: what takes it may say why no token can be made of it.
fn each(
    chunk: &Chunk,
    done: &mut Done,
    mut take: impl FnMut(Origin<'_>, Given<'_>, &mut Vec<u8>) -> Result<Option<Malformed>, Failure>,
) -> Result<(), Failure> {
    let mut spare = ObjectBuffers::default();
    for (origin, line) in chunk.lines() {
        if is_blank(line) {
            done.tally.empty();
            take(origin, Err(None), &mut done.out)?;
            continue;
        }
        let bad = match claims_of(line, &mut spare) {
            Ok(given) => {
                let bad = take(origin, Ok(&given), &mut done.out)?;
                spare = ObjectBuffers::of(given);
                bad
            }
            Err(malformed) => {
                take(origin, Err(Some(&malformed)), &mut done.out)?;
                Some(malformed)
            }
        };
        match bad {
            None => done.tally.good(),
            Some(why) => {
                done.tally.bad([Reason::Malformed.code()]);
                done.notes.push(format!("line {}: {why}", origin.line));
            }
        }
    }
    Ok(())
}

/// Prints a token that was made of a line, whose header is read from it where it is not known.
fn push(
    content: &Content<'_>,
    origin: Origin<'_>,
    token: String,
    header: Option<&Members<'_>>,
    claims: &Members<'_>,
    out: &mut Vec<u8>,
) -> Result<(), Failure> {
    if !content.args.json {
        out.extend_from_slice(content.written(token).as_bytes());
        out.push(b'\n');
        return Ok(());
    }
    let object;
    let mut read = Members::new();
    let header = if let Some(header) = header {
        header
    } else {
        object = header_of(&token)?;
        read.extend(&object);
        &read
    };
    let line = issued_line(origin, &content.written(token), header, claims);
    out.extend_from_slice(&line);
    Ok(())
}

/// Keeps tokens on their lines, of which nothing else says whose they are.
fn push_nothing(
    content: &Content<'_>,
    origin: Origin<'_>,
    why: Option<&Malformed>,
    out: &mut Vec<u8>,
) {
    match (content.args.json, why) {
        (false, _) => out.push(b'\n'),
        (true, Some(why)) => out.extend_from_slice(&malformed_line(origin, why)),
        (true, None) => {}
    }
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
