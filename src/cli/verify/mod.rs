//! `jott verify`: key, policy and tokens to verdicts.

mod certificates;
mod payload;
mod policy;
mod printed;
mod tokens;

use std::sync::Arc;

use crate::cli::advice::Running;
use crate::cli::args::VerifyArgs;
use crate::cli::batch;
use crate::cli::content_place::ContentPlace;
use crate::cli::decryption::Decryption;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::key_choice::{self, KeyPlace, Trusted};
use crate::cli::operand::{self, Operand};
use crate::cli::other_issuer;
use crate::cli::passphrase::PassphrasePlace;
use crate::cli::renewable_keys::RenewableKeys;
use crate::cli::report;
use crate::cli::ui::Ui;
use crate::cli::verdict::VerifyMode;
use crate::cli::verify::certificates::revocations;
use crate::cli::verify::payload::payload;
use crate::cli::verify::policy::policy;
use crate::cli::verify::printed::{Heading, kind, print};
use crate::cli::verify::tokens::tokens;
use crate::text::time;
use crate::token::jwe::DecryptionKeys;
use crate::token::key_fault::KeyFault;
use crate::token::verify::Refused;

pub(super) fn run(args: &VerifyArgs, ui: &mut Ui<'_, '_>) -> Result<Exit, Failure> {
    let mut policy = policy(args)?;
    let at = args.at.as_deref();
    let at = at
        .map(|text| time::parse_time(text, ui.world.now()))
        .transpose()?;
    let places = key_choice::places(&args.key, ui)?;
    let revocations = revocations(args, &places, ui)?;
    let decryption = decryption(args, ui)?;
    let detached = args.payload.as_deref();
    policy.payload = detached.map(|file| payload(file, ui)).transpose()?;
    let mut passphrase = PassphrasePlace::of(&args.key.reading, ui)?;
    let mode = VerifyMode {
        signature_only: args.signature_only,
        without_report: args.batch && !args.full,
        diagnosing: !args.batch,
    };
    if args.batch {
        let input = batch::Input::of(&args.tokens, ui)?;
        let keys = load(places, args, revocations, &mut passphrase, ui)?;
        let opening = decryption.map(|keys| keys.load(&args.key.reading, &mut passphrase, ui));
        let opening = opening.transpose().map_err(of_opening)?.map(Arc::new);
        let keys = RenewableKeys::new(keys, args.key.reading.allow_weak_key, mode);
        let keys = keys.opening_with(opening);
        return batch::verify(args, input, keys, &policy, at, ui);
    }
    let operands = operand::or_stdin(&args.tokens).into_iter();
    let inputs = operands.map(|operand| Operand::of(operand, "the token", ui));
    let inputs = inputs.collect::<Result<Vec<_>, _>>()?;
    let loaded = load(places, args, revocations, &mut passphrase, ui);
    if let Err(fault) = &loaded {
        let may_help = fault.issuer.is_some() && !inputs.iter().any(|input| input.is_terminal(ui));
        if !args.json && !may_help {
            return Err(fault.clone().into());
        }
    }
    let opening = decryption.map(|keys| keys.load(&args.key.reading, &mut passphrase, ui));
    let opening = match opening {
        Some(Err(fault)) if args.json => Some(DecryptionKeys::unusable(fault)),
        Some(loaded) => Some(loaded.map_err(of_opening)?),
        None => None,
    };
    let tokens = tokens(args, inputs, ui)?;
    let loaded = loaded.map_err(|fault| {
        let token = tokens.iter().find_map(|token| token.as_deref().ok());
        other_issuer::advise(fault, token.unwrap_or_default())
    });
    let mut keys = match loaded {
        Ok(loaded) => RenewableKeys::new(loaded, args.key.reading.allow_weak_key, mode),
        Err(fault) if args.json => RenewableKeys::unusable(fault, mode),
        Err(fault) => return Err(fault.into()),
    }
    .opening_with(opening.map(Arc::new));
    // As of when the tokens are here: a log-in in front of the pipe takes minutes.
    let now = at.unwrap_or_else(|| ui.world.now());
    let of = tokens.len();
    // At a terminal, people look at the last line. The report is the same for all.
    let terminals = &ui.world.terminals;
    let is_seen = terminals.stdout && terminals.stderr && !ui.quiet;
    let ends_with_a_line = is_seen && !args.json && args.get.is_none();
    let mut exits = Vec::new();
    // A reader that goes away ends the report, not the judgement.
    let mut read = true;
    for (index, token) in tokens.into_iter().enumerate() {
        // A token may be large, and is not kept beside what is printed of it.
        let (verdict, kind) = match token {
            Ok(token) => {
                let verdict = keys.verify(&token, &policy, now, &args.key.reading, ui);
                let is_said = !(args.json || args.signature_only || ui.quiet);
                (verdict, is_said.then(|| kind(&token)).flatten())
            }
            Err(malformed) => (Err(Refused::unread(malformed, keys.current())), None),
        };
        let exit = match &verdict {
            Ok(_) => Exit::Done,
            Err(refused) => Exit::of_refusals(&refused.refusals),
        };
        exits.push(exit);
        if !read {
            continue;
        }
        let heading = Heading {
            number: index.saturating_add(1),
            of,
            kind: kind.as_deref(),
        };
        match print(args, &verdict, heading, ui) {
            Ok(()) if ends_with_a_line && of == 1 => {
                ui.aside(&format!("\n{}", report::summary(&verdict, ui.err)));
            }
            Ok(()) => {}
            Err(failure) if failure.is_silent() => read = false,
            Err(failure) => return Err(failure),
        }
    }
    if ends_with_a_line && of > 1 && read {
        let valid = exits.iter().filter(|exit| **exit == Exit::Done).count();
        ui.aside(&format!("\n{}", report::total(valid, of)));
    }
    Ok(Exit::of_several(exits))
}

/// The keys that open encrypted tokens, and how far their content may inflate.
fn decryption<'a>(
    args: &VerifyArgs,
    ui: &mut Ui<'_, 'a>,
) -> Result<Option<Decryption<'a>>, Failure> {
    let decryption = Decryption::read(
        ("--decrypt-key", &args.decrypt_key),
        args.key_derivation.as_deref(),
        &args.alg,
        ui,
    )
    .map_err(of_opening)?;
    Ok(decryption.map(|keys| keys.inflate_up_to(args.max_inflated)))
}

/// The failure of a key that is to open tokens, in the words for its flag.
fn of_opening(failure: impl Into<Failure>) -> Failure {
    failure.into().in_words_for(Running::Opening)
}

/// Loads the keys and the roots that a token may be checked with.
fn load(
    places: Vec<KeyPlace<'_>>,
    args: &VerifyArgs,
    revocations: Vec<ContentPlace<'_>>,
    passphrase: &mut PassphrasePlace<'_>,
    ui: &mut Ui<'_, '_>,
) -> Result<Trusted, KeyFault> {
    let revocations = revocations.into_iter().map(|place| place.content(ui));
    let revocations = revocations.collect::<Result<Vec<_>, _>>()?;
    key_choice::load_trusted(places, &revocations, &args.key.reading, passphrase, ui)
}
