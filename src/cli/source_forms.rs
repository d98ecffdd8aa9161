//! Which forms of a SOURCE are for what: each list of them is a part of [`Source::ALL`].

use crate::keys::{Gives, Source, SourceForm};

/// Where a secret, a private key or the like is read.
pub(super) const CONTENT: &[Gives] = &[Gives::Content];
/// Where a key is that signs.
pub(super) const SIGNING_KEY: &[Gives] = &[Gives::Content, Gives::Signatures];
/// Where a key of any kind is.
pub(super) const ANY_KEY: &[Gives] = &[Gives::Content, Gives::Signatures, Gives::PublicKeys];
/// Where something is that the signature of a token can be checked with.
pub(super) const VERIFYING_KEY: &[Gives] = &[
    Gives::Content,
    Gives::Signatures,
    Gives::PublicKeys,
    Gives::Roots,
];

/// The forms that give one of these.
pub(super) fn forms(gives: &[Gives]) -> impl Iterator<Item = &'static SourceForm> + Clone {
    Source::ALL
        .iter()
        .filter(move |form| gives.contains(&form.gives))
}
