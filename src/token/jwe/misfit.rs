//! Why no key opens a token.

use crate::text::escape;
use crate::token::advice::Advice;
use crate::token::json;
use crate::token::jwe::agreement::Group;
use crate::token::jwe::{ContentEncryption, KeyManagement};
use crate::token::key::Key;
use crate::token::keyset::KeySource;
use crate::token::refusal::{Reason, Refusal};

/// Both keys of an agreement are in one group (RFC 7518 section 4.6.1.1).
pub(super) fn of_another_group(own: Group, sender: Group) -> Refusal {
    Refusal::new(
        Reason::KeyNotFound,
        format!(
            "the token was encrypted to a key on {}, and this key is on {}",
            sender.crv(),
            own.crv()
        ),
    )
}

/// Of a key for other algorithms.
pub(super) fn misfit(key: &Key, alg: KeyManagement, enc: ContentEncryption) -> Refusal {
    if key.is_derived() {
        let said = match alg {
            KeyManagement::Dir => format!("{} with {}", alg.name(), enc.name()),
            _ => alg.name().to_owned(),
        };
        let message = format!(
            "the token says {said}, and cookies of NextAuth.js and Auth.js say dir with A256GCM or A256CBC-HS512"
        );
        return Refusal::new(Reason::AlgRefused, message)
            .found(json::quote(alg.name()))
            .hint(Advice::LeaveDerivation);
    }
    let fault = key.unfit(alg, enc);
    let all: Vec<&str> = key
        .key_managements()
        .into_iter()
        .map(KeyManagement::name)
        .collect();
    let name = alg.name();
    let message = match fault.message.strip_prefix(name) {
        Some(rest) => format!("the token says {name}, which{rest}"),
        None => format!("the token says {name}, and {}", fault.message),
    };
    let refusal = Refusal::new(Reason::AlgRefused, message)
        .expected(json::array(&all))
        .found(json::quote(name));
    match (fault.hint, alg) {
        (Some(Advice::FitSecret(_)), KeyManagement::Dir) => refusal.hint(Advice::DeriveKey),
        (Some(hint), _) => refusal.hint(hint),
        (None, _) => refusal,
    }
}

/// There is none among these sources, by its name or for the algorithms.
pub(super) fn not_found(
    sources: &[KeySource],
    alg: KeyManagement,
    enc: ContentEncryption,
    kid: Option<&str>,
) -> Refusal {
    let alg = alg.name();
    let Some(kid) = kid else {
        let what = format!("no key is for {alg} with {}", enc.name());
        return Refusal::new(Reason::KeyNotFound, what);
    };
    let kid = escape::middle(kid, escape::NAME);
    let what = format!("no key has the token's `kid` `{kid}` and is for {alg}");
    Refusal::new(Reason::KeyNotFound, what).hint(Advice::TakeKeyItself {
        set: names_in_sets(sources),
    })
}

/// The first names of the keys in sets, safe for a terminal.
fn names_in_sets(sources: &[KeySource]) -> Vec<String> {
    /// So many are said.
    const MOST: usize = 8;
    let sets = sources.iter().filter(|source| source.is_set);
    let names = sets.flat_map(|source| source.keys.iter().filter_map(|key| key.kid.as_deref()));
    let shown = |name| format!("`{}`", escape::middle(name, escape::NAME));
    names.take(MOST).map(shown).collect()
}
