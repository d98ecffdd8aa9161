//! What makes an SD-JWT of a token: claims that are disclosed one by one, and the key of the holder.

use crate::cli::args::IssueArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::key_choice::{self, KeyPlace};
use crate::cli::passphrase::PassphrasePlace;
use crate::cli::ui::Ui;
use crate::text::escape;
use crate::token::advice::Advice;
use crate::token::claims::Members;
use crate::token::json::{Json, JsonText};
use crate::token::key::Key;
use crate::token::key_fault::KeyFault;
use crate::token::sd_jwt::{Disclosable, NotDisclosable, always_shown};

/// What is put into the claims of each SD-JWT, and taken out of them.
pub(in crate::cli) struct SdJwt {
    disclosable: Disclosable,
    /// The public key of the holder, as `cnf` has it (RFC 7800 section 3.2).
    holder: Option<JsonText<'static>>,
}

impl SdJwt {
    /// What is asked for; `None` where the token is to be an ordinary one. A credential is an SD-JWT even if nothing
    /// in it is hidden, and has to show some claims.
    pub(super) fn read(
        args: &IssueArgs,
        is_credential: bool,
        holder: Option<KeyPlace<'_>>,
        passphrase: &mut PassphrasePlace<'_>,
        ui: &mut Ui<'_, '_>,
    ) -> Result<Option<Self>, Failure> {
        if args.sd.is_empty() && holder.is_none() && !is_credential {
            return Ok(None);
        }
        if let Some(name) = args.sd.iter().find(|name| name.starts_with("header.")) {
            let name = escape::shorten(name, 60);
            return Err(Failure::usage(format!("`--sd {name}` is not a claim"))
                .hint("the header of a token is always shown; claims are disclosed one by one"));
        }
        let shown = args.sd.iter().filter_map(|name| always_shown(name));
        let shown: Vec<&str> = shown.collect();
        if let [name, ..] = shown.as_slice()
            && is_credential
        {
            return Err(Failure::usage(format!(
                "`--sd`: a credential shows `{name}` in any case (SD-JWT VC, Registered JWT Claims)"
            ))
            .hint("leave it out of `--sd`: a holder could present the credential without it, and a verifier refuses that"));
        }
        let holder = holder.map(|place| jwk(place, args, passphrase, ui));
        for name in shown {
            ui.note(&format!(
                "`{name}` is one of the claims that a credential must show (SD-JWT VC, Registered JWT Claims)"
            ));
        }
        Ok(Some(SdJwt {
            disclosable: Disclosable::new(&args.sd),
            holder: holder.transpose()?,
        }))
    }

    /// Puts the key of the holder into claims, and digests in the place of those that are disclosed by
    /// themselves; gives what follows the signed token.
    pub(in crate::cli) fn apply(&self, claims: &mut Members<'_>) -> Result<String, NotDisclosable> {
        if let Some(jwk) = &self.holder {
            claims.set("cnf", jwk.clone());
        }
        let all = self.disclosable.apply(claims)?;
        Ok(all
            .iter()
            .fold("~".to_owned(), |text, one| text + one + "~"))
    }
}

/// Why a token cannot be made of its claims, with the flag that asked for it.
pub(super) fn refused(why: &NotDisclosable, claims: &Members<'_>) -> Failure {
    let name = match why {
        NotDisclosable::Missing(name) => name,
        NotDisclosable::System(fault) => return fault.clone().into(),
        _ => return Failure::usage(why.to_string()),
    };
    let shown = escape::shorten(name, 60);
    let failure = Failure::usage(format!("`--sd {shown}`: there is no such claim"));
    if let Some(pointer) = pointer(name, claims) {
        return failure.hint(format!("a value within another is `--sd {pointer}`"));
    }
    if let Some(flags) = listed(name, claims) {
        return failure.hint(format!("each claim has a flag of its own: `{flags}`"));
    }
    let text = claims.text();
    let claims = Json::parse_str(&text).map(|parsed| parsed.value);
    let names = claims.iter().flat_map(|claims| claims.members());
    let names = names.map(|(name, _)| escape::shorten(&name, 30));
    let names: Vec<String> = names.take(12).collect();
    failure.hint(format!(
        "a claim is set by its flag or by `--claim`, and then taken out by `--sd`; here there are {}",
        names.join(", ")
    ))
}

/// The pointer to a value within another, where it was written as in other languages: `a.b`, `a/b`, `a[0]`,
/// `$.a[0]`.
fn pointer(name: &str, claims: &Members<'_>) -> Option<String> {
    let written = name.strip_prefix("$.").unwrap_or(name);
    let written = written.replace(']', "").replace(['[', '.'], "/");
    let (first, rest) = written.split_once('/')?;
    let mut at = claims.get(first)?;
    for step in rest.split('/') {
        at = at.get(step).or_else(|| at.element(step))?;
    }
    is_plain(&written).then(|| format!("/{written}"))
}

/// The flags for several claims that were named with commas between them.
fn listed(name: &str, claims: &Members<'_>) -> Option<String> {
    let names: Vec<&str> = name.split(',').map(str::trim).collect();
    let are_claims = names
        .iter()
        .all(|name| claims.get(name).is_some() && is_plain(name));
    (names.len() > 1 && are_claims).then(|| format!("--sd {}", names.join(" --sd ")))
}

/// Whether a text is the same to a shell.
fn is_plain(text: &str) -> bool {
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'/');
    text.bytes().all(is_plain)
}

/// Where the key of the holder is.
pub(super) fn holder_place<'a>(
    args: &IssueArgs,
    ui: &mut Ui<'_, 'a>,
) -> Result<Option<KeyPlace<'a>>, Failure> {
    let place = args.holder_key.as_ref();
    let place = place.map(|text| key_choice::place_of("--holder-key", text, ui));
    place.transpose()
}

fn no_public_key() -> Failure {
    Failure::new(
        Exit::NoKey,
        "the key of `--holder-key` is a secret, and has no public half that a token could name",
    )
    .hint("the holder's key is a key pair, or its public half: JWK, PEM, DER or OpenSSH; `jott key generate` makes a pair")
}

/// The public key of the holder.
fn jwk(
    place: KeyPlace<'_>,
    args: &IssueArgs,
    passphrase: &mut PassphrasePlace<'_>,
    ui: &mut Ui<'_, '_>,
) -> Result<JsonText<'static>, Failure> {
    let loaded = key_choice::load_one(place, &args.key.reading, passphrase, ui);
    let source = match loaded {
        // No longer secret would do.
        Err(fault) if matches!(fault.hint, Some(Advice::MakeSecret { .. })) => {
            return Err(no_public_key());
        }
        loaded => loaded?.keys,
    };
    let key = source.keys.first();
    let jwk = key.and_then(Key::required_jwk).ok_or_else(no_public_key)?;
    let cnf = format!("{{\"jwk\":{jwk}}}");
    let parsed = Json::parse_str(&cnf).map(|parsed| JsonText::from(parsed.value).into_owned());
    let cnf = parsed.map_err(|_| KeyFault::rejected("the key of the holder cannot be written"))?;
    Ok(cnf)
}
