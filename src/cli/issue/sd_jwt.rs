//! What makes an SD-JWT of a token: claims that are disclosed one by one, and the key of the holder.

use crate::cli::args::IssueArgs;
use crate::cli::failure::Failure;
use crate::cli::key_choice::{self, KeyPlace};
use crate::cli::passphrase::PassphrasePlace;
use crate::cli::ui::Ui;
use crate::text::escape;
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
    match dotted(name, claims) {
        Some(pointer) => failure.hint(format!("a value within another is `--sd {pointer}`")),
        None => {
            failure.hint("a claim is set by its flag or by `--claim`, and then taken out by `--sd`")
        }
    }
}

/// The pointer to a value within another, where dots were written for it.
fn dotted(name: &str, claims: &Members<'_>) -> Option<String> {
    let (first, rest) = name.split_once('.')?;
    let mut at = claims.get(first)?;
    for step in rest.split('.') {
        at = at.get(step).or_else(|| at.element(step))?;
    }
    let pointer = format!("/{}", name.replace('.', "/"));
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'/');
    pointer.bytes().all(is_plain).then_some(pointer)
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

/// The public key of the holder.
fn jwk(
    place: KeyPlace<'_>,
    args: &IssueArgs,
    passphrase: &mut PassphrasePlace<'_>,
    ui: &mut Ui<'_, '_>,
) -> Result<JsonText<'static>, Failure> {
    let source = key_choice::load_one(place, &args.key.reading, passphrase, ui)?.keys;
    let key = source.keys.first();
    let jwk = key.and_then(Key::required_jwk).ok_or_else(|| {
        KeyFault::rejected(format!(
            "{} has no public key: the key of a holder is a key pair",
            source.label
        ))
    })?;
    let cnf = format!("{{\"jwk\":{jwk}}}");
    let parsed = Json::parse_str(&cnf).map(|parsed| JsonText::from(parsed.value).into_owned());
    let cnf = parsed.map_err(|_| KeyFault::rejected("the key of the holder cannot be written"))?;
    Ok(cnf)
}
