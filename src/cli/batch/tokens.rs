//! `decode --batch`: shows the token of each line.

use crate::cli::args::DecodeArgs;
use crate::cli::batch::clock::Clock;
use crate::cli::batch::error_line::refusal_line;
use crate::cli::batch::lines::Chunk;
use crate::cli::batch::tally::Words;
use crate::cli::batch::token::{TokenPosition, is_blank};
use crate::cli::batch::{Done, Input, Work, run};
use crate::cli::decoded;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::json_line::Origin;
use crate::cli::text_input::Placed;
use crate::cli::ui::Ui;
use crate::text::time::Timestamp;
use crate::token::decode::{self, Payload, TokenForm, decode as decode_token};
use crate::token::find::Layer;
use crate::token::jwe::DecryptionKeys;
use crate::token::refusal::Refusal;

/// Decodes the token of every line.
pub(in crate::cli) fn decode(
    args: &DecodeArgs,
    keys: Option<DecryptionKeys>,
    ui: &mut Ui<'_, '_>,
) -> Result<Exit, Failure> {
    let tokens = Tokens {
        keys,
        clock: Clock::of(None, ui),
        place: TokenPosition::of(args.field.as_deref()),
    };
    let tally = run(&tokens, Input::of(&args.tokens, ui)?, args.jobs, ui)?;
    Ok(tally.exit(Exit::NotAToken))
}

struct Tokens {
    /// The keys that open encrypted tokens.
    keys: Option<DecryptionKeys>,
    clock: Clock,
    place: TokenPosition,
}

impl Work for Tokens {
    const WORDS: Words = Words {
        good: "decoded",
        bad: "bad",
    };

    fn lines(&self, chunk: &Chunk, done: &mut Done) {
        let now = self.clock.now();
        for (origin, line) in chunk.lines() {
            if is_blank(line) {
                done.tally.empty();
                continue;
            }
            if let Err(refusal) = self.line(origin, line, now, done) {
                done.tally.bad([refusal.reason.code()]);
                done.out.extend_from_slice(&refusal_line(origin, &refusal));
            }
        }
    }
}

impl Tokens {
    fn line(
        &self,
        origin: Origin<'_>,
        line: &[u8],
        now: Timestamp,
        done: &mut Done,
    ) -> Result<(), Refusal> {
        let token = self.place.token(line)?;
        let mut decoded = decode_token(&token)?;
        if let (Some(keys), TokenForm::Jwe) = (&self.keys, decoded.form) {
            decoded = decode::open(&token, keys)?;
        }
        match decoded.payload {
            Payload::Other(..) => done.tally.bad(["payload_not_object"]),
            Payload::Claims(_) | Payload::Sealed => done.tally.good(),
        }
        let placed = Placed {
            line: origin.line,
            column: column(line, &token),
            seen: 1,
            // It is not printed.
            token: String::new(),
            layer: Layer::Plain,
        };
        decoded::push_json_line(origin, &decoded, &placed, now, &mut done.out);
        Ok(())
    }
}

/// The number of the character at which a line's token begins, from 1.
fn column(line: &[u8], token: &str) -> u64 {
    let before = memchr::memmem::find(line, token.as_bytes()).unwrap_or_default();
    let before = line.get(..before).unwrap_or_default();
    let characters = String::from_utf8_lossy(before).chars().count();
    u64::try_from(characters).map_or(u64::MAX, |n| n.saturating_add(1))
}
