//! Recipients whose keys are ready, and the header that a token for them begins with.

use crate::cli::issue::order::Content;
use crate::cli::signing_key::names;
use crate::token::advice::{Advice, Pick};
use crate::token::claims::Members;
use crate::token::jwe::{Recipient, encrypt_to_all};
use crate::token::key::Key;
use crate::token::key_fault::KeyFault;
use crate::token::keyset::KeySource;

/// A key, and the recipient that it makes.
type Keyed<'s> = (&'s Key, Recipient<'s>);

/// The keys of a source that may be a recipient's; one at least.
pub(super) fn fitting<'s>(
    source: &'s KeySource,
    recipient: impl Fn(&'s Key) -> Result<Recipient<'s>, KeyFault>,
) -> Result<Vec<Keyed<'s>>, KeyFault> {
    let mut fault = None;
    let mut all = Vec::new();
    for key in &source.keys {
        match recipient(key) {
            Ok(recipient) => all.push((key, recipient)),
            Err(why) => fault = fault.or(Some(why)),
        }
    }
    match fault {
        _ if !all.is_empty() => Ok(all),
        Some(fault) if !source.is_set => Err(fault),
        Some(_) => Err(KeyFault::rejected(format!(
            "the set from {} has no key to encrypt to",
            source.label
        ))),
        None => Err(KeyFault::rejected(format!("{} holds no key", source.label))),
    }
}

/// The first key of a source that may be a recipient's.
pub(super) fn first<'s>(
    source: &'s KeySource,
    recipient: impl Fn(&'s Key) -> Result<Recipient<'s>, KeyFault>,
) -> Result<Keyed<'s>, KeyFault> {
    let first = fitting(source, recipient)?.into_iter().next();
    first.ok_or_else(|| KeyFault::rejected(format!("{} holds no key", source.label)))
}

/// The key to encrypt to: from a set, the only key that may be a recipient's and has the requested `kid`.
pub(super) fn pick<'s>(
    source: &'s KeySource,
    kid: Option<&str>,
    recipient: impl Fn(&'s Key) -> Result<Recipient<'s>, KeyFault>,
) -> Result<Keyed<'s>, KeyFault> {
    if !source.is_set {
        return first(source, recipient);
    }
    // `none` as the header's `kid` means that there is none.
    let kid = kid.filter(|kid| *kid != "none");
    let is_named = |key: &Key| kid.is_none_or(|kid| key.name() == kid);
    if let Some(kid) = kid {
        let mut named = source.keys.iter().filter(|key| key.name() == kid);
        // A single key that does not fit says why.
        if let (Some(only), None) = (named.next(), named.next()) {
            return recipient(only).map(|recipient| (only, recipient));
        }
    }
    let all = fitting(source, recipient)?;
    let (mut named, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|(key, _)| is_named(key));
    let rejected =
        |what: String| KeyFault::rejected(format!("the set from {} has {what}", source.label));
    let (fault, of, by) = match named.len() {
        0 => {
            let fault = rejected("no key to encrypt to of that `kid`".to_owned());
            (fault, &others, Pick::Nothing)
        }
        1 => return named.pop().ok_or_else(|| rejected("no key".to_owned())),
        count => {
            let first = named.first().map(|(_, recipient)| recipient.algorithm());
            let mut algorithms = named.iter().map(|(_, recipient)| recipient.algorithm());
            let by = match (kid, algorithms.any(|algorithm| Some(algorithm) != first)) {
                (Some(_), true) => Pick::Algorithm,
                (None, true) => Pick::KidOrAlgorithm,
                (None, false) => Pick::Kid,
                (Some(_), false) => Pick::Leaving,
            };
            let fault = rejected(format!("{count} keys that can be encrypted to"));
            (fault, &named, by)
        }
    };
    let keys = called(of);
    Err(fault.hint(Advice::TakeKey { keys, by }))
}

/// What keys are called that can be encrypted to, each with how that is usually done.
pub(super) fn called(all: &[Keyed<'_>]) -> Vec<String> {
    let keys: Vec<&Key> = all.iter().map(|(key, _)| *key).collect();
    names(&keys, |key| {
        key.key_managements().first().map(|alg| alg.name())
    })
}

/// Recipients, ready to be encrypted to.
pub(in crate::cli) enum Sealer<'s> {
    /// One, in the compact form.
    One {
        key: &'s Key,
        recipient: Recipient<'s>,
    },
    /// Several, in the general JSON form.
    Several(Vec<Recipient<'s>>),
}

impl Sealer<'_> {
    /// Encrypts claims.
    pub(in crate::cli) fn claims(
        &self,
        content: &Content<'_>,
        claims: &Members<'_>,
    ) -> Result<String, KeyFault> {
        let text = claims.text();
        match self {
            Sealer::One { key, recipient } => {
                let header = content.complete(recipient.header(), key.kid.as_deref());
                recipient.encrypt(text.as_bytes(), header)
            }
            Sealer::Several(recipients) => {
                let header = content.complete(Members::new(), None);
                encrypt_to_all(recipients, text.as_bytes(), header)
            }
        }
    }

    /// Encrypts a token that was signed (RFC 7519 section 5.2).
    pub(in crate::cli) fn token(&self, token: &str) -> Result<String, KeyFault> {
        match self {
            Sealer::One { key, recipient } => {
                let mut header = recipient.header();
                header.set_text("cty", "JWT");
                if let Some(kid) = &key.kid {
                    header.set_text("kid", kid);
                }
                recipient.encrypt(token.as_bytes(), header)
            }
            Sealer::Several(recipients) => {
                let mut header = Members::new();
                header.set_text("cty", "JWT");
                encrypt_to_all(recipients, token.as_bytes(), header)
            }
        }
    }
}
