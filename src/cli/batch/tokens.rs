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
use crate::token::decode::{self, Payload, Unverified, decode as decode_token};
use crate::token::find::Layer;
use crate::token::jwe::{DecryptionKeys, Opener};
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
        let mut opener = self.keys.as_ref().map(Opener::new);
        for (origin, line) in chunk.lines() {
            if is_blank(line) {
                done.tally.empty();
                continue;
            }
            if let Err(refusal) = self.line(origin, line, now, opener.as_mut(), done) {
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
        mut opener: Option<&mut Opener<'_>>,
        done: &mut Done,
    ) -> Result<(), Refusal> {
        let whole = self.place.whole(line).zip(opener.as_deref_mut());
        let alike = whole.and_then(|(line, opener)| decode::open_like_last(line, opener));
        let token;
        let (decoded, column) = if let Some(opened) = alike {
            (opened?, 1)
        } else {
            token = self.place.token(line)?;
            (decoded(&token, opener)?, column(line, &token))
        };
        match decoded.payload {
            Payload::Other(..) => done.tally.bad(["payload_not_object"]),
            Payload::Claims(_) | Payload::Sealed => done.tally.good(),
        }
        let placed = Placed {
            line: origin.line,
            column,
            seen: 1,
            // It is not printed.
            token: String::new(),
            layer: Layer::Plain,
        };
        decoded::push_json_line(origin, &decoded, &placed, now, &mut done.out);
        Ok(())
    }
}

/// Takes a token apart; one that is encrypted is opened, if there is a key.
fn decoded<'t>(token: &'t str, opener: Option<&mut Opener<'_>>) -> Result<Unverified<'t>, Refusal> {
    let Some(opener) = opener else {
        return Ok(decode_token(token)?);
    };
    let opened = decode::open_like_last(token.as_bytes(), opener)
        .or_else(|| decode::open_if_encrypted(token, opener));
    opened.unwrap_or_else(|| Ok(decode_token(token)?))
}

/// The number of the character at which a line's token begins, from 1.
fn column(line: &[u8], token: &str) -> u64 {
    // A token that is the line is not looked for.
    let before = match line.starts_with(token.as_bytes()) {
        true => 0,
        false => memchr::memmem::find(line, token.as_bytes()).unwrap_or_default(),
    };
    let before = line.get(..before).unwrap_or_default();
    let characters = String::from_utf8_lossy(before).chars().count();
    u64::try_from(characters).map_or(u64::MAX, |n| n.saturating_add(1))
}
