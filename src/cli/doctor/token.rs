//! `--token`: whether the issuer's keys take a token, by the rules of `verify`.

use std::ffi::OsStr;

use crate::cli::content_place::ContentPlace;
use crate::cli::failure::Failure;
use crate::cli::text_input;
use crate::cli::ui::Ui;
use crate::cli::verdict::{Accepted, Verdict};
use crate::text::time::Timestamp;
use crate::token::compact::Malformed;
use crate::token::content::Keys;
use crate::token::decode::decode;
use crate::token::keyset::{KeySource, VerifyingKeys};
use crate::token::policy::Policy;
use crate::token::verify::{Refused, TokenVerifier};

/// The token, or why what was read is not one.
pub(super) type Candidate = Result<String, Malformed>;

/// Reads the token of a source on this machine.
pub(super) fn read(source: &OsStr, ui: &mut Ui<'_, '_>) -> Result<Candidate, Failure> {
    let place = ContentPlace::of_token("--token", source, "the token", ui)?;
    let content = place.content(ui)?;
    Ok(text_input::bare(&content.bytes).map(|stripped| stripped.token.to_owned()))
}

/// Judges it by the keys of the issuer that it names, or of the first that has some; `None` where there
/// are no keys, which has been said.
pub(super) fn judge(
    token: Candidate,
    issuers: Vec<(String, Option<Keys>)>,
    audiences: &[String],
    now: Timestamp,
) -> Option<Verdict> {
    let token = match token {
        Ok(token) => token,
        Err(malformed) => return Some(Err(Refused::unread(malformed, &VerifyingKeys::default()))),
    };
    let named = decode(&token).ok().and_then(|token| {
        let iss = token.claims()?.get("iss")?.as_str()?.into_owned();
        Some(iss)
    });
    let mut with_keys: Vec<(String, Keys)> = issuers
        .into_iter()
        .filter_map(|(name, keys)| Some((name, keys?)))
        .collect();
    let place = with_keys
        .iter()
        .position(|(name, _)| Some(name) == named.as_ref());
    let (issuer, keys) = match place {
        Some(place) => with_keys.swap_remove(place),
        None => with_keys.into_iter().next()?,
    };
    let source = KeySource {
        remote: true,
        issuer: Some(issuer.clone()),
        ..KeySource::new(format!("issuer:{issuer}"), keys)
    };
    let policy = Policy {
        issuers: vec![issuer],
        audiences: audiences.to_vec(),
        any_audience: audiences.is_empty(),
        ..Policy::default()
    };
    let keys = VerifyingKeys::new(vec![source], false);
    let mut verifier = TokenVerifier::new(&keys, &policy, now).diagnosing();
    Some(verifier.verify(&token).map(Accepted::Token))
}
