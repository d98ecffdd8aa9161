//! `jott issue`: flags to header and claims, then a signature.

mod asked;
mod certificate;
mod encryption;
mod fault;
mod inputs;
mod json;
mod oddities;
mod order;
mod purpose;
mod sd_jwt;
mod sealer;
mod sealing;
mod times;

pub(super) use fault::is_of_tokens;

use std::ffi::OsString;
use std::path::Path;

use crate::cli::any_algorithm::AnyAlgorithm;
use crate::cli::args::IssueArgs;
use crate::cli::batch;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::issue::asked::Asked;
use crate::cli::issue::certificate::Certificate;
use crate::cli::issue::encryption::Encryption;
use crate::cli::issue::fault::Faults;
use crate::cli::issue::inputs::{input, read_claims, read_from};
use crate::cli::issue::json::issued_json;
use crate::cli::issue::oddities::oddities;
use crate::cli::issue::purpose::Purpose;
use crate::cli::issue::sd_jwt::{SdJwt, holder_place};
use crate::cli::key_choice::{self, KeyPlace};
use crate::cli::passphrase::PassphrasePlace;
use crate::cli::signing_key;
use crate::cli::ui::Ui;
use crate::keys::Source;
use crate::text::escape;
use crate::token::claims::Members;
use crate::token::issue::{SigningKey, issue};
use crate::token::json::Json;
use crate::token::key_fault::KeyFault;

pub(super) use crate::cli::issue::json::issued_line;
pub(super) use crate::cli::issue::order::{Content, Order};
pub(super) use crate::cli::issue::sealing::{Sealing, header_of};

pub(super) fn run(args: &IssueArgs, ui: &mut Ui<'_, '_>) -> Result<Exit, Failure> {
    let asked = Asked::read(args, ui.world.now())?;
    let faults = Faults::read(&args.faults)?;
    let purpose = Purpose::read(args, ui)?;
    let encryption = Encryption::read(args, ui)?;
    let holder = holder_place(args, ui)?;
    check_signing(args, encryption.is_some())?;
    let places = signing_places(args, encryption.is_some(), ui)?;
    for place in &places {
        place.must_sign()?;
    }
    let mut passphrase = PassphrasePlace::of(&args.key.reading, ui)?;
    let from = input(args.from.as_ref(), "the token of --from", ui)?;
    let claims_file = input(args.claims_file.as_ref(), "the claims", ui)?;
    let certificate = Certificate::place(args, ui)?;
    let lines = args.batch.then(|| batch::Input::of(&[], ui)).transpose()?;
    let from = from
        .map(|input| read_from(input, &mut |words| ui.note(words)))
        .transpose()?;
    let claims_file = claims_file
        .map(|input| read_claims(input, &mut |words| ui.note(words)))
        .transpose()?;
    let content = Content {
        args,
        asked,
        without: args.without.iter().map(String::as_str).collect(),
        from,
    };
    let recipient = encryption.map(|to| to.load(&args.key.reading, &mut passphrase, ui));
    let recipient = recipient.transpose()?;
    if let (Some(recipient), []) = (&recipient, args.key.key.as_slice()) {
        if let Some(lines) = lines {
            recipient.note_unsigned(ui)?;
            return batch::seal(&content, recipient, lines, ui);
        }
        return recipient.seal_claims(&content, claims_file.as_ref(), ui);
    }
    let sd_jwt = SdJwt::read(args, content.is_credential(), holder, &mut passphrase, ui)?;
    let sources = key_choice::load(places, &args.key.reading, &mut passphrase, ui)?;
    let source = sources
        .first()
        .ok_or_else(|| KeyFault::rejected("there is no key"))?;
    let algorithm = only_one(&AnyAlgorithm::signatures(&args.alg))?;
    let key = signing_key::pick(&source.keys, args.kid.as_deref(), algorithm)?;
    let algorithm = algorithm.map_or_else(|| key.signing_algorithm(), Ok)?;
    let order = Order {
        content,
        key,
        certificate: Certificate::read(certificate, args, key, ui)?,
        signing: SigningKey::new(key, algorithm, args.key.reading.allow_weak_key)?,
        sd_jwt,
    };
    if let Some(lines) = lines {
        return batch::issue(&order, recipient.as_ref(), lines, ui);
    }
    let now = ui.world.now();
    let times = order.content.times(now);
    let (mut header, mut claims) = match &purpose {
        Some(purpose) => {
            let usual = order.header();
            let kid = usual.get("kid").and_then(Json::as_str);
            let (mut header, claims) = purpose.parts(&order, kid.as_deref(), now)?;
            order.certify(&mut header);
            (header, claims)
        }
        None => (
            order.header(),
            order.content.all_claims(claims_file.as_ref(), &times)?,
        ),
    };
    finish_claims(&order.content, &mut claims, ui);
    let shown = order
        .sd_jwt
        .as_ref()
        .map(|sd_jwt| sd_jwt.apply(&mut claims));
    let shown = shown
        .transpose()
        .map_err(|why| sd_jwt::refused(&why, &claims))?;
    let rest = faults.spoil(&mut header, &mut claims, now, ui);
    let other = faults.other_key(&header, key, args.key.reading.allow_weak_key);
    let signing = other.as_ref().unwrap_or(&order.signing);
    let token = issue(&claims, &header, signing)?;
    let token = rest
        .into_iter()
        .fold(token, |token, rest| rest.finish(token));
    let token = token + &shown.unwrap_or_default();
    note_ignored(args, ui);
    if let Some(recipient) = &recipient {
        return recipient.seal_token(&token, &claims, &order.content, ui);
    }
    let token = order.content.written(token);
    let out = if args.json {
        issued_json(&token, &header, &claims)
    } else {
        format!("{token}\n")
    };
    ui.result(out.as_bytes())?;
    Ok(Exit::Done)
}

/// Refuses flags that are of a signature where nothing is signed, or not by one key.
fn check_signing(args: &IssueArgs, is_encrypted: bool) -> Result<(), Failure> {
    if args.key.key.len() > 1 {
        return Err(Failure::usage(
            "a token is signed with one key: give one `--key`",
        ));
    }
    if !is_encrypted || !args.key.key.is_empty() {
        return Ok(());
    }
    let hint = "`--key SOURCE` names the key that signs what is encrypted";
    if !args.faults.is_empty() {
        let message = "`--fault` breaks a signed token, and nothing is signed";
        return Err(Failure::usage(message).hint(hint));
    }
    let message = if args.cert.is_some() {
        "`--cert` is of the key that signs, and nothing is signed"
    } else if !args.sd.is_empty() {
        "`--sd` puts digests into a signed token, and nothing is signed"
    } else if args.holder_key.is_some() {
        "`--holder-key` is for a signed token, and nothing is signed"
    } else {
        return Ok(());
    };
    Err(Failure::usage(message).hint(hint))
}

/// Says what is on standard input and not read.
fn note_ignored(args: &IssueArgs, ui: &mut Ui<'_, '_>) {
    if !ui.quiet
        && !ui.world.stdin.is_taken()
        && let Some(note) = ignored(args, &(ui.world.peek)())
    {
        ui.note(note);
    }
}

/// Where the signing key is; `None` if claims are encrypted and no key is named.
fn signing_places<'a>(
    args: &IssueArgs,
    is_encrypted: bool,
    ui: &mut Ui<'_, 'a>,
) -> Result<Vec<KeyPlace<'a>>, Failure> {
    if is_encrypted && args.key.key.is_empty() {
        return Ok(Vec::new());
    }
    key_choice::places(&args.key, ui).map_err(|failure| {
        // Elsewhere `-k` is the ID of a key.
        let is_id = |text: &&OsString| {
            let word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
            (1..=24).contains(&text.len())
                && text.as_encoded_bytes().iter().all(word)
                && !Path::new(text).exists()
                && Source::parse(text).is_err()
        };
        match args.key.key.iter().any(|text| is_id(&text)) {
            true => failure.hint("the ID of a key is `--kid ID`"),
            false => failure,
        }
    })
}

/// Leaves out unwanted claims, and notes what is odd about the others.
fn finish_claims(content: &Content<'_>, claims: &mut Members<'_>, ui: &mut Ui<'_, '_>) {
    for name in &content.args.without {
        if claims.get(name).is_none() {
            let name = escape::shorten(name, 60);
            ui.note(&format!("there is no claim `{name}` to leave out"));
        }
    }
    content.leave_out(claims);
    for note in oddities(claims, ui.world.now()) {
        ui.note(&note);
    }
}

/// The only one of its kind, or `None`.
fn only_one<T: Copy>(given: &[T]) -> Result<Option<T>, Failure> {
    match given {
        [_, _, ..] => Err(
            Failure::usage("`--alg` is given twice for the same purpose").hint(
                "with `--encrypt-to` it takes an algorithm to sign with, and one of key management",
            ),
        ),
        given => Ok(given.first().copied()),
    }
}

/// A note about standard input that nobody reads. In a loop of a shell, its lines may be there, so
/// the note appears only if it looks meant for a token, or if nothing else was given.
fn ignored(args: &IssueArgs, start: &[u8]) -> Option<&'static str> {
    let text = start.trim_ascii_start();
    let only = args.claims.is_empty()
        && args.claims_file.is_none()
        && args.from.is_none()
        && args.sub.is_none()
        && args.iss.is_none()
        && args.aud.is_empty()
        && args.jti.is_none();
    match text {
        [] => None,
        [b'{', ..] if args.claims_file.is_none() => Some(
            "standard input has JSON, and nothing reads it: `--claims -` takes claims from there, `--batch` from each line",
        ),
        [b'e', b'y', ..] if args.from.is_none() => {
            Some("standard input has a token, and nothing reads it: `--from -` starts from that")
        }
        [b'-', b'-', b'-', ..] => {
            Some("standard input has a key, and nothing reads it: `--key stdin` does")
        }
        _ if only => Some(
            "nothing reads what is on standard input: `--claims -` takes claims from there, `--key stdin` a key",
        ),
        _ => None,
    }
}
