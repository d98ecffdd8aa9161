//! `--alg`: all names of one registry (IANA "JSON Web Signature and Encryption Algorithms"), for
//! signatures and for encryption.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::token::algorithm::Algorithm;
use crate::token::jwe::{ContentEncryption, KeyManagement};

/// An algorithm by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnyAlgorithm {
    /// It signs.
    Signature(Algorithm),
    /// With it the recipient of an encrypted token gets the key of the content.
    Management(KeyManagement),
    /// It encrypts the content.
    Content(ContentEncryption),
}

impl AnyAlgorithm {
    fn parse(name: &str) -> Option<AnyAlgorithm> {
        Algorithm::parse(name)
            .map(AnyAlgorithm::Signature)
            .or_else(|| KeyManagement::parse(name).map(AnyAlgorithm::Management))
            .or_else(|| ContentEncryption::parse(name).map(AnyAlgorithm::Content))
    }

    /// The algorithms that sign.
    pub(super) fn signatures(all: &[AnyAlgorithm]) -> Vec<Algorithm> {
        let signatures = all.iter().filter_map(|any| match any {
            AnyAlgorithm::Signature(algorithm) => Some(*algorithm),
            _ => None,
        });
        signatures.collect()
    }

    /// The algorithms of key management.
    pub(super) fn managements(all: &[AnyAlgorithm]) -> Vec<KeyManagement> {
        let managements = all.iter().filter_map(|any| match any {
            AnyAlgorithm::Management(algorithm) => Some(*algorithm),
            _ => None,
        });
        managements.collect()
    }

    /// The algorithms of content encryption.
    pub(super) fn contents(all: &[AnyAlgorithm]) -> Vec<ContentEncryption> {
        let contents = all.iter().filter_map(|any| match any {
            AnyAlgorithm::Content(encryption) => Some(*encryption),
            _ => None,
        });
        contents.collect()
    }
}

/// Accepts every name; lists those that sign, or those of encryption.
pub(super) fn parser(lists_signatures: bool) -> impl TypedValueParser<Value = AnyAlgorithm> {
    let signatures = Algorithm::ALL.iter().map(|a| a.name());
    let managements = KeyManagement::ALL.iter().map(|a| a.name());
    let contents = ContentEncryption::ALL.iter().map(|a| a.name());
    let signatures = signatures.map(move |name| PossibleValue::new(name).hide(!lists_signatures));
    let others = managements.chain(contents);
    let others = others.map(move |name| PossibleValue::new(name).hide(lists_signatures));
    PossibleValuesParser::new(signatures.chain(others))
        .try_map(|given| AnyAlgorithm::parse(&given).ok_or("there is no such value"))
}

/// The names of content encryption.
pub(super) fn encryptions() -> impl TypedValueParser<Value = ContentEncryption> {
    let names = ContentEncryption::ALL.iter().map(|enc| enc.name());
    PossibleValuesParser::new(names)
        .try_map(|given| ContentEncryption::parse(&given).ok_or("there is no such value"))
}
