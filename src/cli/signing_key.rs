//! Which key of a source signs.

use crate::text::escape;
use crate::token::advice::{Advice, Pick};
use crate::token::algorithm::Algorithm;
use crate::token::key::Key;
use crate::token::key_fault::KeyFault;
use crate::token::keyset::KeySource;

/// How many keys are named.
const MOST_NAMED: usize = 5;

/// The key to sign with: from a set, the only key that can sign, has the requested `kid`, and
/// allows the algorithm.
pub(super) fn pick<'k>(
    source: &'k KeySource,
    kid: Option<&str>,
    algorithm: Option<Algorithm>,
) -> Result<&'k Key, KeyFault> {
    let label = &source.label;
    let usual = |key: &Key| key.default_algorithm().map(Algorithm::name);
    let rejected = |what: String| KeyFault::rejected(format!("the set from {label} has {what}"));
    if !source.is_set {
        let fault = || KeyFault::rejected(format!("{label} holds no key"));
        return source.keys.first().ok_or_else(fault);
    }
    let all: Vec<&Key> = source.keys.iter().filter(|key| key.may_sign()).collect();
    if all.is_empty() {
        return Err(rejected(
            "no private key: it can verify, not sign".to_owned(),
        ));
    }
    // `none` as the header's `kid` means that there is none.
    let keys: Vec<&Key> = match kid.filter(|kid| *kid != "none") {
        Some(kid) => all
            .iter()
            .copied()
            .filter(|key| key.name() == kid)
            .collect(),
        None => all.clone(),
    };
    let fits = |key: &Key| algorithm.is_none_or(|algorithm| key.allows(algorithm));
    let fitting: Vec<&Key> = keys.iter().copied().filter(|key| fits(key)).collect();
    match (keys.as_slice(), fitting.as_slice()) {
        // A single key that does not fit says why when it is made ready.
        (_, [key]) | ([key], []) => Ok(key),
        ([], _) => Err(
            rejected("no private key of that `kid`".to_owned()).hint(Advice::TakeKey {
                keys: names(&all, usual),
                by: Pick::Nothing,
            }),
        ),
        (several, []) => {
            let name = algorithm.map_or("", Algorithm::name);
            Err(
                rejected(format!("no private key for {name}")).hint(Advice::TakeKey {
                    keys: names(several, usual),
                    by: Pick::Nothing,
                }),
            )
        }
        (_, several) => {
            let first = several.first().map(|key| key.default_algorithm());
            let differ = several
                .iter()
                .any(|key| Some(key.default_algorithm()) != first);
            let by = match (kid, differ) {
                (Some(_), true) => Pick::Algorithm,
                (None, true) if algorithm.is_none() => Pick::KidOrAlgorithm,
                (None, _) => Pick::Kid,
                (Some(_), false) => Pick::Leaving,
            };
            let count = several.len();
            Err(
                rejected(format!("{count} keys that can sign")).hint(Advice::TakeKey {
                    keys: names(several, usual),
                    by,
                }),
            )
        }
    }
}

/// The names of keys, each with its algorithm. The thumbprint of a secret is left out, since
/// guesses can be tested against it (RFC 7638 section 7).
pub(super) fn names(
    keys: &[&Key],
    algorithm: impl Fn(&Key) -> Option<&'static str>,
) -> Vec<String> {
    let name = |key: &&Key| {
        let algorithm = algorithm(key).unwrap_or("no algorithm");
        match key.kid.is_none() && key.is_secret() {
            true => format!("a secret without `kid` ({algorithm})"),
            false => format!("`{}` ({algorithm})", escape::shorten(&key.name(), 60)),
        }
    };
    let mut names: Vec<String> = keys.iter().take(MOST_NAMED).map(name).collect();
    if keys.len() > MOST_NAMED {
        names.push("…".to_owned());
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::advice::{Running, sentence};
    use crate::token::content::{Reading, read};

    const ED: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}"#;
    const ED_THUMBPRINT: &str = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
    const EC: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#;
    const OCT: &str = r#"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T"}"#;

    fn set(keys: &[&str]) -> KeySource {
        let text = format!(r#"{{"keys":[{}]}}"#, keys.join(","));
        let keys = read(text.as_bytes(), &Reading::default()).unwrap();
        KeySource {
            label: "./set".to_owned(),
            keys: keys.keys,
            is_set: true,
            remote: false,
            issuer: None,
        }
    }

    fn words(hint: Option<Advice>) -> String {
        hint.map_or_else(String::new, |hint| sentence(&hint, Running::Issue))
    }

    fn picked(source: &KeySource, kid: Option<&str>, alg: Option<Algorithm>) -> String {
        match pick(source, kid, alg) {
            Ok(key) => key.kind_words(),
            Err(fault) => format!("{}: {}", fault.message, words(fault.hint)),
        }
    }

    #[test]
    fn the_only_key_that_fits_the_algorithm_signs() {
        let source = set(&[ED, EC, OCT]);
        let by = |alg| picked(&source, None, Some(alg));
        assert_eq!(by(Algorithm::EdDSA), "an Ed25519 private key");
        assert_eq!(by(Algorithm::ES256), "an EC private key (P-256)");
        assert_eq!(by(Algorithm::HS256), "a secret of 33 bytes");
        assert_eq!(
            by(Algorithm::RS256),
            format!(
                "the set from ./set has no private key for RS256: it has `{ED_THUMBPRINT}` (EdDSA), \
                 `oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U` (ES256), a secret without `kid` (HS256)"
            )
        );
        assert_eq!(
            picked(&source, None, None),
            format!(
                "the set from ./set has 3 keys that can sign: `--kid ID` or `--alg ALG` picks one of `{ED_THUMBPRINT}` (EdDSA), \
                 `oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U` (ES256), a secret without `kid` (HS256)"
            )
        );
    }

    #[test]
    fn a_key_without_kid_is_picked_by_its_thumbprint() {
        let source = set(&[ED, EC]);
        assert_eq!(
            picked(&source, Some(ED_THUMBPRINT), None),
            "an Ed25519 private key"
        );
        let secret = source_of_secret_thumbprint();
        assert_eq!(
            picked(&set(&[ED, OCT]), Some(&secret), None),
            "a secret of 33 bytes"
        );
        let named = set(&[&ED.replace('}', r#","kid":"a"}"#), EC]);
        assert_eq!(picked(&named, Some("a"), None), "an Ed25519 private key");
        assert!(
            picked(&named, Some(ED_THUMBPRINT), None)
                .contains("no private key of that `kid`: it has `a` (EdDSA), ")
        );
    }

    fn source_of_secret_thumbprint() -> String {
        set(&[OCT]).keys[0].thumbprint()
    }

    #[test]
    fn a_header_without_kid_picks_as_no_kid_does() {
        assert_eq!(
            picked(&set(&[ED]), Some("none"), None),
            "an Ed25519 private key"
        );
        assert_eq!(
            picked(&set(&[ED, EC]), Some("none"), Some(Algorithm::ES256)),
            "an EC private key (P-256)"
        );
    }

    #[test]
    fn more_than_five_keys_are_not_all_named() {
        let hint = picked(&set(&[ED; 7]), None, Some(Algorithm::EdDSA));
        assert_eq!(hint.matches(ED_THUMBPRINT).count(), 5);
        assert!(hint.ends_with(", …"), "{hint}");
        assert!(hint.contains(": `--kid ID` picks one of "), "{hint}");
        let named = picked(&set(&[ED; 2]), Some(ED_THUMBPRINT), None);
        assert!(named.contains(": keep only one in the set: "), "{named}");
    }
}
