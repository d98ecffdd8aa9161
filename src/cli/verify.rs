//! `jott verify`: key, policy and tokens to verdicts.

use std::borrow::Cow;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::cli::any_algorithm::AnyAlgorithm;
use crate::cli::args::VerifyArgs;
use crate::cli::assignment::{Assignment, Value};
use crate::cli::batch;
use crate::cli::content_place::ContentPlace;
use crate::cli::decode::unprintable;
use crate::cli::decryption::Decryption;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::key_choice::{self, KeyPlace, Trusted};
use crate::cli::layers::Tally;
use crate::cli::operand::{self, Operand};
use crate::cli::other_issuer;
use crate::cli::passphrase::PassphrasePlace;
use crate::cli::renewable_keys::RenewableKeys;
use crate::cli::report;
use crate::cli::text_input;
use crate::cli::ui::Ui;
use crate::cli::verdict::{Accepted, Verdict, VerifyMode};
use crate::cli::view;
use crate::keys::named_file::{self, Unread};
use crate::keys::read_bounded;
use crate::keys::{Content, Local};
use crate::text::escape;
use crate::text::time::{self, Span};
use crate::token::MAX_LEEWAY;
use crate::token::advice::{Advice, TokenAdvice};
use crate::token::compact::{Compact, Malformed};
use crate::token::decode;
use crate::token::json::Object;
use crate::token::jwe::DecryptionKeys;
use crate::token::key_fault::KeyFault;
use crate::token::name::Name;
use crate::token::pasted::Stripped;
use crate::token::pattern::Pattern;
use crate::token::policy::{Expectation, Expected, KeyBinding, LeafPolicy, Policy};
use crate::token::profile::Profile;
use crate::token::verify::Refused;

pub(super) fn run(args: &VerifyArgs, ui: &mut Ui<'_, '_>) -> Result<Exit, Failure> {
    let mut policy = policy(args)?;
    let at = args.at.as_deref();
    let at = at
        .map(|text| time::parse_time(text, ui.world.now()))
        .transpose()?;
    let places = key_choice::places(&args.key, ui)?;
    let revocations = revocations(args, &places, ui)?;
    let decryption = Decryption::read(
        ("--decrypt-key", &args.decrypt_key),
        args.key_derivation.as_deref(),
        &args.alg,
        ui,
    )?;
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
        let keys = load(places, args, &revocations, &mut passphrase, ui)?;
        let opening = decryption.map(|keys| keys.load(&args.key.reading, &mut passphrase, ui));
        let opening = opening.transpose()?.map(Arc::new);
        let keys = RenewableKeys::new(keys, args.key.reading.allow_weak_key, mode);
        let keys = keys.opening_with(opening);
        return batch::verify(args, input, keys, &policy, at, ui);
    }
    let operands = operand::or_stdin(&args.tokens).into_iter();
    let inputs = operands.map(|operand| Operand::of(operand, "the token", ui));
    let inputs = inputs.collect::<Result<Vec<_>, _>>()?;
    let loaded = load(places, args, &revocations, &mut passphrase, ui);
    if let Err(fault) = &loaded {
        let may_help = fault.issuer.is_some() && !inputs.iter().any(|input| input.is_terminal(ui));
        if !args.json && !may_help {
            return Err(fault.clone().into());
        }
    }
    let opening = decryption.map(|keys| keys.load(&args.key.reading, &mut passphrase, ui));
    let opening = match opening {
        Some(Err(fault)) if args.json => Some(DecryptionKeys::unusable(fault)),
        Some(loaded) => Some(loaded?),
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

/// The flags as a policy.
fn policy(args: &VerifyArgs) -> Result<Policy, Failure> {
    let leeway = span(args.leeway.as_deref())?.unwrap_or_default();
    if leeway > MAX_LEEWAY {
        return Err(Failure::usage(format!(
            "a leeway of {leeway} is more than a difference between clocks"
        ))
        .hint("`--leeway` goes up to 10m; `--at TIME` judges a token as of another time"));
    }
    let claims = args.claims.iter().map(|text| expectation(text));
    text_input::no_token_as_name("--get", &args.get)?;
    text_input::no_token_as_name("--require", &args.require)?;
    Ok(Policy {
        algorithms: AnyAlgorithm::signatures(&args.alg),
        issuers: args.iss.clone(),
        audiences: args.aud.clone(),
        any_audience: args.any_aud,
        subject: args.sub.clone(),
        typ: args.typ.clone(),
        claims: claims.collect::<Result<_, Failure>>()?,
        require: args
            .require
            .iter()
            .chain(&args.get)
            .map(|name| Name::parse(name))
            .collect(),
        leeway,
        max_age: span(args.max_age.as_deref())?,
        allow_no_exp: args.allow_no_exp,
        allow_padding: args.allow_padding,
        payload: None,
        leaf: LeafPolicy {
            purposes: args.leaf_eku.clone(),
            names: args.leaf_san.clone(),
        },
        signature: args.signature.clone(),
        key_binding: KeyBinding {
            required: args.require_kb,
            audience: args.kb_aud.clone(),
            nonce: args.kb_nonce.clone(),
        },
    })
}

/// `NAME~=PATTERN`, or what `issue` takes for a claim.
fn expectation(text: &str) -> Result<Expectation, Failure> {
    let pattern = text
        .split_once('=')
        .and_then(|(name, pattern)| Some((name.strip_suffix('~')?, pattern)));
    let (name, value) = match pattern {
        Some(("", _)) => {
            let shown = escape::shorten(text, 60);
            return Err(Failure::usage(format!("`--claim {shown}` names nothing"))
                .hint("write --claim 'NAME~=PATTERN', in which `*` stands for any text"));
        }
        Some((name, pattern)) => (name.to_owned(), Expected::Pattern(Pattern::new(pattern))),
        None => match Assignment::parse("--claim", text)? {
            Assignment {
                name,
                value: Value::Text(text),
            } => (name, Expected::Text(text)),
            Assignment {
                name,
                value: Value::Json(json),
            } => (name, Expected::Json(json.into_text().into_owned())),
        },
    };
    Ok(Expectation {
        name: Name::parse(&name),
        value,
    })
}

/// Loads the keys and the roots that a token may be checked with.
fn load(
    places: Vec<KeyPlace<'_>>,
    args: &VerifyArgs,
    revocations: &[Content],
    passphrase: &mut PassphrasePlace<'_>,
    ui: &mut Ui<'_, '_>,
) -> Result<Trusted, KeyFault> {
    key_choice::load_trusted(places, revocations, &args.key.reading, passphrase, ui)
}

/// Demands on certificates need certificates, and so does a time if no claim is looked at.
fn check_roots_are_there(args: &VerifyArgs, places: &[KeyPlace<'_>]) -> Result<(), Failure> {
    let is_roots = |place: &KeyPlace<'_>| matches!(place, KeyPlace::Roots(..));
    if args.signature_only && args.at.is_some() && !places.iter().any(is_roots) {
        return Err(
            Failure::usage("`--signature-only` looks at no time that `--at` could change").hint(
                "it is the time of certificates, with `--key roots:PATH`; leave one of the flags out",
            ),
        );
    }
    let flag = [
        ("--leaf-eku", !args.leaf_eku.is_empty()),
        ("--leaf-san", !args.leaf_san.is_empty()),
        ("--crl", !args.crl.is_empty()),
    ];
    match flag.into_iter().find(|(_, is_given)| *is_given) {
        Some((flag, _)) if !places.iter().any(is_roots) => Err(Failure::usage(format!(
            "`{flag}` asks something of certificates, and no key is `roots:PATH`"
        ))
        .hint("`--key roots:./root.pem` takes tokens whose `x5c` leads to that root")),
        _ => Ok(()),
    }
}

/// The revocation lists that are named.
fn revocations(
    args: &VerifyArgs,
    places: &[KeyPlace<'_>],
    ui: &mut Ui<'_, '_>,
) -> Result<Vec<Content>, Failure> {
    check_roots_are_there(args, places)?;
    let read = |path: &OsString| {
        let local = Local::File(PathBuf::from(path));
        let content = ContentPlace::of(local).content(ui)?;
        Ok(content)
    };
    args.crl.iter().map(read).collect()
}

/// No payload of a detached token is longer.
const MAX_PAYLOAD_BYTES: u64 = 64 << 20;

/// The bytes of a file, or of standard input, as they are.
fn payload(file: &OsStr, ui: &mut Ui<'_, '_>) -> Result<Vec<u8>, Failure> {
    if let Operand::Stdin(reader) = Operand::of(file, "the payload", ui)? {
        let mut bytes = Vec::new();
        let read = read_bounded(reader, MAX_PAYLOAD_BYTES, &mut bytes);
        return match read.map_err(|error| Failure::input(&error))? {
            true => Ok(bytes),
            false => Err(Failure::unread(
                "the payload in standard input",
                &Unread::TooLarge(MAX_PAYLOAD_BYTES),
            )),
        };
    }
    let shown = escape::shorten(&file.to_string_lossy(), 120);
    let say = &mut |text: &str| ui.note(text);
    match named_file::read(Path::new(file), &shown, MAX_PAYLOAD_BYTES, say) {
        Ok(mut read) => Ok(std::mem::take(&mut *read.bytes)),
        Err(why) => Err(Failure::unread(
            format_args!("the payload in {shown}"),
            &why,
        )),
    }
}

fn span(text: Option<&str>) -> Result<Option<Span>, Failure> {
    Ok(text.map(Span::parse).transpose()?)
}

/// A text that is to be judged, or why it cannot be a token at all.
type Candidate = Result<String, Malformed>;

fn tokens(
    args: &VerifyArgs,
    inputs: Vec<Operand<'_, '_>>,
    ui: &mut Ui<'_, '_>,
) -> Result<Vec<Candidate>, Failure> {
    let mut tokens = Vec::new();
    for input in inputs {
        input.ask_for_token(ui);
        if args.find {
            let found = match input {
                Operand::Given(operand) => text_input::find_all(&mut operand.as_encoded_bytes())?,
                Operand::Stdin(reader) => text_input::find_all(reader)?,
            };
            if let Some(hidden) = Tally::of(found.iter().map(|placed| placed.layer)).found() {
                ui.note(&hidden);
            }
            tokens.extend(found.into_iter().map(|placed| Ok(placed.token)));
        } else {
            tokens.push(match input {
                Operand::Given(operand) => bare(operand.as_encoded_bytes().to_vec(), ui)
                    .and_then(|token| well_shaped(token, text_input::file_hint(operand))),
                Operand::Stdin(reader) => bare(text_input::read_token(reader)?, ui)
                    .and_then(|token| well_shaped(token, None)),
            });
        }
    }
    if tokens.is_empty() {
        return Err(Failure::new(Exit::Refused, "there is no token in the text"));
    }
    Ok(tokens)
}

/// A file's name in the place of a token, and a text with a token in it, are told from a token that is broken.
fn well_shaped(token: String, of_file: Option<Advice>) -> Candidate {
    if decode::is_json(&token) {
        return Ok(token);
    }
    if let (Some(hint), Err(malformed)) = (of_file, Compact::split(&token)) {
        return Err(malformed.hint(hint));
    }
    text_input::unless_surrounded(Cow::Owned(token)).map(Cow::into_owned)
}

/// Removes quotes, white space and the like around a token. A large token is not copied.
fn bare(mut text: Vec<u8>, ui: &mut Ui<'_, '_>) -> Candidate {
    let Stripped {
        token,
        start,
        taken,
    } = text_input::bare(&text)?;
    if token.contains('\n') && !decode::is_json(token) {
        return Err(Malformed::new("there is a second line after the token")
            .hint(Advice::Token(TokenAdvice::ChooseLines)));
    }
    if !taken.is_empty() {
        ui.note(&format!("taken off the token: {}", taken.join(", ")));
    }
    text.truncate(start.saturating_add(token.len()));
    text.drain(..start);
    String::from_utf8(text).map_err(|_| text_input::not_utf8())
}

/// What kind of token this is, by what it says of itself, if that is more than a token of any kind.
fn kind(token: &str) -> Option<Cow<'static, str>> {
    let unverified = decode(token).ok()?;
    Profile::told_apart(&unverified).map(|profile| profile.title)
}

/// Which of the tokens a report is about.
#[derive(Clone, Copy)]
struct Heading<'a> {
    number: usize,
    of: usize,
    kind: Option<&'a str>,
}

/// Prints a verdict.
fn print(
    args: &VerifyArgs,
    verdict: &Verdict,
    heading: Heading<'_>,
    ui: &mut Ui<'_, '_>,
) -> Result<(), Failure> {
    for note in notes_of(verdict) {
        ui.note(note);
    }
    match (&args.get, verdict) {
        (Some(name), Ok(accepted)) => get(name, args.json, accepted, ui),
        _ if ui.quiet => Ok(()),
        (Some(_), Err(_)) => {
            let text = match args.json {
                true => view::verdict_json(verdict),
                false => report::report(verdict, heading.kind, ui.verbose, ui.err),
            };
            ui.aside(&text);
            Ok(())
        }
        (None, _) if args.json => ui.result(view::verdict_json(verdict).as_bytes()),
        (None, _) => {
            let Heading { number, of, kind } = heading;
            let text = report::report(verdict, kind, ui.verbose, ui.out);
            let gap = if number == 1 { "" } else { "\n" };
            let heading = match of {
                1 => String::new(),
                _ => format!(
                    "{gap}{}\n\n",
                    ui.out.bold(&format!("Token {number} of {of}"))
                ),
            };
            ui.result(format!("{heading}{text}").as_bytes())
        }
    }
}

fn notes_of(verdict: &Verdict) -> &[String] {
    match verdict {
        Ok(accepted) => &accepted.report().notes,
        Err(refused) => &refused.report.notes,
    }
}

fn get(name: &str, as_json: bool, accepted: &Accepted, ui: &mut Ui<'_, '_>) -> Result<(), Failure> {
    let shown = escape::shorten(name, 60);
    let header = accepted.report().header.as_ref();
    let claims = accepted.claims().map(Object::json);
    let found = header.map(|h| Name::parse(name).find(h.json(), claims));
    let Some(Ok(Some(value))) = found else {
        // `--get` implies `--require`, and names given twice were refused.
        return Err(Failure::new(
            Exit::Refused,
            format!("the token has no `{shown}`"),
        ));
    };
    let text = if as_json {
        Some(view::json_value(value))
    } else {
        view::bare_value(value)
    };
    ui.result(text.ok_or_else(|| unprintable(&shown))?.as_bytes())
}
