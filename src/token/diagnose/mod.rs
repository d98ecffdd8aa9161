//! Why a signature does not match: what is asked most of every JWT library, and answered by trying.
//!
//! A signature is made of a text with a key, and written down: each of the three may differ from what
//! RFC 7515 says, and most often one or two of them do. All that is tried is what a maker is known to
//! get wrong, and as much of it as a [`Budget`] allows.

mod rsa;
mod secret;
mod signature;
mod text;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::text::count::counted;
use crate::text::escape;
use crate::token::algorithm::{Algorithm, Curve, Family};
use crate::token::compact::encode_segment;
use crate::token::engine::Verifier;
use crate::token::find;
use crate::token::json::Json;
use crate::token::key::Key;
use crate::token::keyset::{Candidate, VerifyingKeys};

/// A signature that no selected key matched.
pub(crate) struct Mismatch<'a> {
    /// What is signed (RFC 7515 section 5.1).
    pub(crate) message: &'a [u8],
    pub(crate) signature: &'a Vec<u8>,
    pub(crate) header: Json<'a>,
    pub(crate) kid: Option<&'a str>,
    pub(crate) algorithm: Algorithm,
    pub(crate) candidates: &'a [Candidate<'a>],
    pub(crate) keys: &'a VerifyingKeys,
}

/// What may still be tried. A try costs what it hashes, and one with a public key as much as
/// [`PUBLIC`] bytes, so that neither a long token nor a large set of keys costs seconds.
struct Budget(usize);

/// The bytes of an RSA signature: as many as its key has, of 1,024 bits at least.
const RSA_SIZES: RangeInclusive<usize> = 128..=2048;

const EVERYTHING: usize = 16 << 20;
const TRY: usize = 1 << 10;
const PUBLIC: usize = 64 << 10;

impl Budget {
    fn spend(&mut self, cost: usize) -> bool {
        match self.0.checked_sub(cost) {
            Some(left) => {
                self.0 = left;
                true
            }
            None => false,
        }
    }

    /// Whether a key matches, as far as it can still be tried.
    fn matches(&mut self, key: &Making, text: &[u8], signature: &[u8]) -> bool {
        let cost = if key.is_secret { TRY } else { PUBLIC };
        self.spend(text.len().saturating_add(cost)) && key.verifier.accepts(text, signature)
    }
}

/// A key with an algorithm, as a signature may have been made.
struct Making {
    verifier: Arc<Verifier>,
    is_secret: bool,
    /// What differs from what was asked for, to be said behind "it does match".
    differs: Option<String>,
}

/// What the text or the form of a signature may have been instead, and what to say of it behind
/// "it does match, but".
type Variant<T> = (Option<String>, T);

impl Mismatch<'_> {
    /// A hint at what would make the signature good, where trying finds it, or at what cannot be
    /// right.
    pub(crate) fn hint(&self) -> Option<String> {
        let mut budget = Budget(EVERYTHING);
        let makings: Vec<Making> = self
            .candidates
            .iter()
            .flat_map(|c| self.makings(c))
            .collect();
        let texts = text::variants(self.message, self.header, self.algorithm);
        let signatures = signature::variants(self.signature, self.algorithm, self.expected_len());
        let search = Search {
            makings: &makings,
            texts: &texts,
            signatures: &signatures,
        };
        search
            .with_differences(1, &mut budget)
            .or_else(|| self.other_key(&mut budget))
            .or_else(|| self.candidates.iter().find_map(|c| self.opened(c)))
            .or_else(|| search.with_differences(2, &mut budget))
            .or_else(|| self.wrong_len_hint())
            .or_else(|| self.named_key())
            .or_else(|| text::nonce_hint(self.header))
    }

    /// A hint at a key that the token does not name, of which the signature is.
    pub(crate) fn hint_at_other_key(&self) -> Option<String> {
        self.other_key(&mut Budget(EVERYTHING))
    }

    /// A key as it was asked for, a secret read otherwise, and the other algorithms of its kind.
    fn makings(&self, candidate: &Candidate<'_>) -> Vec<Making> {
        let key = candidate.key;
        let making = |verifier, differs| Making {
            verifier,
            is_secret: key.is_secret(),
            differs,
        };
        let mut makings = vec![making(Arc::clone(&candidate.verifier), None)];
        for (how, secret) in secret::other_readings(key) {
            if let Ok(verifier) = Key::secret(secret).verifier(self.algorithm, true) {
                let differs = format!(" when the secret is read {how}");
                makings.push(making(Arc::new(verifier), Some(differs)));
            }
        }
        let others = Algorithm::ALL.iter().filter(|a| !a.same_as(self.algorithm));
        for other in others {
            if let Ok(verifier) = key.verifier(*other, true) {
                let (made, says) = (other.name(), self.algorithm.name());
                let differs = format!(
                    " as {made}: whoever made the token signed with {made} and wrote {says} into the header"
                );
                makings.push(making(Arc::new(verifier), Some(differs)));
            }
        }
        makings
    }

    /// The `kid` may name the wrong key, or none that is there.
    fn other_key(&self, budget: &mut Budget) -> Option<String> {
        let is_candidate = |key: &Key| self.candidates.iter().any(|c| std::ptr::eq(c.key, key));
        let mut others = self
            .keys
            .all()
            .filter(|(_, key)| key.allows(self.algorithm) && !is_candidate(key));
        let (source, key) = others.find(|(_, key)| {
            let cost = if key.is_secret() { TRY } else { PUBLIC };
            budget.spend(self.message.len().saturating_add(cost))
                && key
                    .verifier(self.algorithm, true)
                    .is_ok_and(|verifier| verifier.accepts(self.message, self.signature))
        })?;
        Some(match &key.kid {
            Some(kid) => format!(
                "it does match another key of {}: its `kid` is `{}`",
                source.label,
                escape::middle(kid, escape::NAME)
            ),
            None if key.is_secret() => format!("it does match another key of {}", source.label),
            None => format!(
                "it does match another key of {}: its thumbprint is `{}`",
                source.label,
                key.thumbprint()
            ),
        })
    }

    /// What an RSA signature holds can be looked at, whatever it was made of.
    fn opened(&self, candidate: &Candidate<'_>) -> Option<String> {
        rsa::open(candidate.key, self.signature)?.explain(self.algorithm, self.message)
    }

    /// How long a signature has to be, where all keys agree.
    fn expected_len(&self) -> Option<usize> {
        let mut lens = self
            .candidates
            .iter()
            .map(|c| c.key.signature_len(self.algorithm));
        let first = lens.next()?;
        lens.all(|len| len == first).then_some(first)
    }

    /// What is wrong with the length of the signature, if anything is.
    pub(crate) fn wrong_len(&self) -> Option<String> {
        let (expected, has) = (self.expected_len()?, self.signature.len());
        if has == expected {
            return None;
        }
        Some(format!(
            "the signature has {}, and one of {} has {expected}",
            counted(has, "byte"),
            self.algorithm.name()
        ))
    }

    fn wrong_len_hint(&self) -> Option<String> {
        let (expected, has) = (self.expected_len()?, self.signature.len());
        if has != expected && encode_segment(self.signature).as_bytes() == find::REDACTED {
            let hint = "it was taken out of the token: ask for one that is whole";
            return Some(hint.to_owned());
        }
        if let Some(hint) = self.other_size(has).filter(|_| has != expected) {
            return Some(hint);
        }
        let as_long = |a: &&Algorithm| self.algorithm.hash_len().and(a.hash_len()) == Some(has);
        match (has.cmp(&expected), Algorithm::ALL.iter().find(as_long)) {
            (Ordering::Equal, _) => None,
            (_, Some(other)) => Some(format!(
                "it is as long as one of {}, which this secret did not make",
                other.name()
            )),
            (Ordering::Less, None) => Some("the end of the token is missing: copy it again, to its end".to_owned()),
            (Ordering::Greater, None) => Some("something stands behind the token that does not belong to it, or it was signed with another key".to_owned()),
        }
    }

    /// A signature is as long as its key is large: one of another size is one of another key.
    fn other_size(&self, has: usize) -> Option<String> {
        let key = self.candidates.first()?.key;
        match self.algorithm.family() {
            Family::RsaPkcs1 | Family::RsaPss => {
                let is_size = RSA_SIZES.contains(&has) && has.is_multiple_of(64);
                let made = has.saturating_mul(8);
                is_size.then(|| {
                    format!(
                        "a key of {made} bits made it, and this is {}: it is another key",
                        key.kind_words()
                    )
                })
            }
            Family::Ecdsa(curve) => {
                let made = Curve::ALL
                    .iter()
                    .find(|other| other.coordinate_len().saturating_mul(2) == has);
                made.map(|made| {
                    format!(
                        "it is as long as one on {}, and the key is on {}: it is another key",
                        made.name(),
                        curve.name()
                    )
                })
            }
            _ => None,
        }
    }

    /// A key that stands alone is used whatever its `kid`; its owner may sign with a newer one.
    fn named_key(&self) -> Option<String> {
        let kid = self.kid?;
        let mut alone = self.candidates.iter().filter(|c| !c.source.is_set);
        let (candidate, None) = (alone.next()?, alone.next()) else {
            return None;
        };
        let has = match &candidate.key.kid {
            Some(own) if own != kid => format!("is `{}`", escape::middle(own, escape::NAME)),
            None if is_thumbprint(kid) && !candidate.key.is_secret() => {
                match candidate.key.thumbprint() {
                    own if own == kid => return None,
                    own => format!("has the thumbprint `{own}`"),
                }
            }
            _ => return None,
        };
        Some(format!(
            "the token names the key `{}`, and the one from {} {has}: its issuer may sign with another key by now",
            escape::middle(kid, escape::NAME),
            candidate.source.label
        ))
    }
}

/// Whether a `kid` may be an RFC 7638 thumbprint: SHA-256 in base64url.
fn is_thumbprint(kid: &str) -> bool {
    kid.len() == 43
        && kid
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// All combinations of how a signature may have been made.
struct Search<'a> {
    makings: &'a [Making],
    texts: &'a [Variant<Cow<'a, [u8]>>],
    signatures: &'a [Variant<Vec<u8>>],
}

impl Search<'_> {
    /// Those that differ in so many points from what was asked for.
    fn with_differences(&self, count: usize, budget: &mut Budget) -> Option<String> {
        for making in self.makings {
            for (signature_differs, signature) in self.signatures {
                for (text_differs, text) in self.texts {
                    let differences = [&making.differs, signature_differs, text_differs];
                    if differences.iter().filter(|d| d.is_some()).count() == count
                        && budget.matches(making, text, signature)
                    {
                        return Some(sentence(differences));
                    }
                }
            }
        }
        None
    }
}

fn sentence([making, signature, text]: [&Option<String>; 3]) -> String {
    let mut sentence = "it does match".to_owned();
    let mut joint = ", but ";
    if let Some(making) = making {
        sentence.push_str(making);
        joint = "; and it ";
    }
    for difference in [signature, text].into_iter().flatten() {
        sentence.push_str(joint);
        sentence.push_str(difference);
        joint = "; and it ";
    }
    sentence
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::digest::{SHA256, digest};
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    use crate::text::time::Timestamp;
    use crate::token::advice::Advice;
    use crate::token::algorithm::Algorithm;
    use crate::token::compact::encode_segment as b64;
    use crate::token::content::{Reading, read};
    use crate::token::key::Key;
    use crate::token::keyset::{KeySource, VerifyingKeys};
    use crate::token::pem::samples;
    use crate::token::policy::Policy;
    use crate::token::verify;

    const SECRET: &str = "a-string-secret-at-least-256-bits-long-for-each-of-the-three-hashes";

    fn keys(content: &str) -> Vec<Key> {
        read(content.as_bytes(), &Reading::default()).unwrap().keys
    }

    fn signed(key: &str, algorithm: Algorithm, text: &[u8]) -> Vec<u8> {
        keys(key)[0]
            .signing(algorithm, true)
            .unwrap()
            .here()
            .sign(text)
            .unwrap()
    }

    /// What is said of a token with this header, of which the text is signed in some way.
    fn said(key: &str, header: &str, sign: impl Fn(&str) -> String) -> (String, String) {
        let text = format!("{}.{}", b64(header), b64(r#"{"sub":"alice"}"#));
        let token = format!("{text}.{}", sign(&text));
        let found = read(key.as_bytes(), &Reading::default()).unwrap();
        let source = KeySource {
            label: "./key".to_owned(),
            keys: found.keys,
            is_set: found.is_set,
            remote: false,
            issuer: None,
        };
        let trusted = VerifyingKeys::new(vec![source], false);
        let now = Timestamp::from_seconds(0);
        let refused = verify(&token, &trusted, &Policy::default(), now).unwrap_err();
        let refusal = refused.refusals.into_iter().next().unwrap();
        let hint = match refusal.hint {
            None => String::new(),
            Some(Advice::Words(words)) => words,
            Some(other) => format!("{other:?}"),
        };
        (refusal.message, hint)
    }

    fn hint(key: &str, header: &str, sign: impl Fn(&str) -> String) -> String {
        said(key, header, sign).1
    }

    const HS256: &str = r#"{"alg":"HS256"}"#;
    const ES256: &str = r#"{"alg":"ES256"}"#;
    const RS256: &str = r#"{"alg":"RS256"}"#;

    fn hex(bytes: &[u8]) -> String {
        super::text::hex(bytes)
    }

    #[test]
    fn a_signature_of_the_wrong_length_is_named_for_that() {
        let cut = |take: usize| {
            said(SECRET, HS256, |text| {
                b64(&signed(SECRET, Algorithm::HS256, text.as_bytes())[..take])
            })
        };
        let (message, hint) = cut(31);
        assert_eq!(
            message,
            "the signature has 31 bytes, and one of HS256 has 32"
        );
        assert_eq!(
            hint,
            "the end of the token is missing: copy it again, to its end"
        );
        let (message, hint) = cut(0);
        assert_eq!(message, "the token is not signed: its signature is empty");
        assert_eq!(hint, "Sign");
        let (_, hint) = said(SECRET, HS256, |_| "REDACTED".to_owned());
        assert_eq!(
            hint,
            "it was taken out of the token: ask for one that is whole"
        );
        let (message, hint) = said(SECRET, HS256, |_| b64([7; 64]));
        assert_eq!(
            message,
            "the signature has 64 bytes, and one of HS256 has 32"
        );
        assert_eq!(
            hint,
            "it is as long as one of HS512, which this secret did not make"
        );
        let (message, hint) = said(samples::ED25519, r#"{"alg":"EdDSA"}"#, |_| b64([7; 65]));
        assert_eq!(
            message,
            "the signature has 65 bytes, and one of EdDSA has 64"
        );
        assert!(
            hint.starts_with("something stands behind the token"),
            "{hint}"
        );
    }

    #[test]
    fn a_signature_of_the_size_of_another_key_is_said_to_be_one_of_that() {
        for (key, header, len, hint) in [
            (
                samples::RSA_SPKI,
                RS256,
                128,
                "a key of 1024 bits made it, and this is an RSA public key of 2048 bits: it is another key",
            ),
            (
                samples::RSA_PKCS8,
                r#"{"alg":"PS256"}"#,
                512,
                "a key of 4096 bits made it, and this is an RSA private key of 2048 bits: it is another key",
            ),
            (
                samples::RSA_SPKI,
                RS256,
                255,
                "the end of the token is missing: copy it again, to its end",
            ),
            (
                samples::EC_SPKI,
                ES256,
                96,
                "it is as long as one on P-384, and the key is on P-256: it is another key",
            ),
            (
                samples::EC_SPKI,
                ES256,
                48,
                "the end of the token is missing: copy it again, to its end",
            ),
        ] {
            let (message, said) = said(key, header, |_| b64(vec![7; len]));
            assert!(
                message.starts_with(&format!("the signature has {len} bytes, and one of ")),
                "{message}"
            );
            assert_eq!(said, hint);
        }
    }

    #[test]
    fn a_signature_may_be_written_in_hex_or_twice_in_base64() {
        for (key, header, algorithm) in [
            (SECRET, HS256, Algorithm::HS256),
            (samples::EC_PKCS8, ES256, Algorithm::ES256),
            (samples::RSA_PKCS8, RS256, Algorithm::RS256),
            (samples::ED25519, r#"{"alg":"EdDSA"}"#, Algorithm::EdDSA),
        ] {
            let sign = |text: &str| signed(key, algorithm, text.as_bytes());
            let bare = hint(key, header, |text| hex(&sign(text)));
            assert!(
                bare.starts_with("it does match, but is written in hex: "),
                "{bare}"
            );
            for inside in [
                |bytes: &[u8]| hex(bytes).to_uppercase(),
                |bytes: &[u8]| format!("SHA2-256(stdin)= {}\n", hex(bytes)),
            ] {
                let inside = hint(key, header, |text| b64(inside(&sign(text))));
                assert!(
                    inside.starts_with("it does match, but is the base64url of its hex digits: "),
                    "{inside}"
                );
            }
            for twice in [
                |bytes: Vec<u8>| STANDARD.encode(bytes),
                |bytes: Vec<u8>| b64(bytes) + "\n",
            ] {
                let twice = hint(key, header, |text| b64(twice(sign(text))));
                assert!(
                    twice.starts_with("it does match, but is the base64url of its base64: "),
                    "{twice}"
                );
            }
        }
    }

    #[test]
    fn numbers_that_lost_a_zero_or_won_one_are_found() {
        // Of so many signatures one begins with a zero byte, most likely several.
        let short = (0..4_000).find_map(|n| {
            let header = format!(r#"{{"alg":"ES256","n":{n}}}"#);
            let text = format!("{}.{}", b64(&header), b64(r#"{"sub":"alice"}"#));
            let signature = signed(samples::EC_PKCS8, Algorithm::ES256, text.as_bytes());
            (signature[32] == 0).then_some((header, signature))
        });
        let (header, mut signature) = short.unwrap();
        signature.remove(32);
        let lost = hint(samples::EC_SPKI, &header, |_| b64(&signature));
        assert!(
            lost.starts_with("it does match, but has lost or won zero bytes"),
            "{lost}"
        );
        let won = hint(samples::EC_SPKI, ES256, |text| {
            let signature = signed(samples::EC_PKCS8, Algorithm::ES256, text.as_bytes());
            b64([&[0], &signature[..32], &[0], &signature[32..]].concat())
        });
        assert!(
            won.starts_with("it does match, but has lost or won zero bytes"),
            "{won}"
        );
        let won = hint(samples::RSA_SPKI, RS256, |text| {
            b64([
                &[0],
                &signed(samples::RSA_PKCS8, Algorithm::RS256, text.as_bytes())[..],
            ]
            .concat())
        });
        assert!(
            won.starts_with("it does match, but has lost or won zero bytes"),
            "{won}"
        );
    }

    #[test]
    fn what_was_signed_beside_the_text_is_found() {
        for (key, header, algorithm) in [
            (SECRET, HS256, Algorithm::HS256),
            (samples::EC_PKCS8, ES256, Algorithm::ES256),
            (samples::RSA_PKCS8, RS256, Algorithm::RS256),
        ] {
            let over = |change: &dyn Fn(&str) -> Vec<u8>| {
                hint(key, header, |text| {
                    b64(signed(key, algorithm, &change(text)))
                })
            };
            let line_break = "it does match, but was made over a line break behind the text too: `printf %s` writes none";
            assert_eq!(over(&|text| format!("{text}\n").into_bytes()), line_break);
            assert_eq!(over(&|text| format!("{text}\r\n").into_bytes()), line_break);
            let hashed = "it does match, but was made over a hash of the text, which was then hashed once more";
            assert_eq!(
                over(&|text| digest(&SHA256, text.as_bytes()).as_ref().to_vec()),
                hashed
            );
            let digits = "it does match, but was made over the hex digits of a hash of the text, which were then hashed once more";
            assert_eq!(
                over(&|text| hex(digest(&SHA256, text.as_bytes()).as_ref()).into_bytes()),
                digits
            );
        }
    }

    #[test]
    fn segments_that_were_wrapped_when_they_were_signed_are_found() {
        let header = format!(r#"{{"alg":"HS256","kid":"{}"}}"#, "k".repeat(90));
        for width in [64, 76] {
            let wrapped = hint(SECRET, &header, |text| {
                let segment = |segment: &str| {
                    let lines: Vec<&str> = segment
                        .as_bytes()
                        .chunks(width)
                        .map(|l| std::str::from_utf8(l).unwrap())
                        .collect();
                    lines.join("\n")
                };
                let segments: Vec<String> = text.split('.').map(segment).collect();
                b64(signed(
                    SECRET,
                    Algorithm::HS256,
                    segments.join(".").as_bytes(),
                ))
            });
            let start = format!(
                "it does match, but was made over segments with a line break after each {width} characters"
            );
            assert!(wrapped.starts_with(&start), "{wrapped}");
        }
    }

    #[test]
    fn a_nonce_that_was_hashed_before_signing_is_microsofts() {
        let header = r#"{"typ":"JWT","nonce":"AQABAAAAAA\u002dx","alg":"RS256"}"#;
        let hash = digest(&SHA256, b"AQABAAAAAA-x");
        for hash in [b64(hash.as_ref()), hex(hash.as_ref())] {
            let found = hint(samples::RSA_SPKI, header, |text| {
                let header = header.replace(r"AQABAAAAAA\u002dx", &hash);
                let (_, payload) = text.split_once('.').unwrap();
                let signed_text = format!("{}.{payload}", b64(header));
                b64(signed(
                    samples::RSA_PKCS8,
                    Algorithm::RS256,
                    signed_text.as_bytes(),
                ))
            });
            assert!(
                found.starts_with(
                    "it does match, but was made over a hash of the header's `nonce`, as Microsoft"
                ),
                "{found}"
            );
            assert!(found.contains("Graph: only they can check it"), "{found}");
        }
        let unknown = hint(SECRET, r#"{"nonce":"x","alg":"HS256"}"#, |_| b64([7; 32]));
        assert!(
            unknown.starts_with("the header has a `nonce`: Microsoft signs"),
            "{unknown}"
        );
    }

    #[test]
    fn two_mistakes_at_once_are_found() {
        let script = hint(SECRET, HS256, |text| {
            hex(&signed(
                SECRET,
                Algorithm::HS256,
                format!("{text}\n").as_bytes(),
            ))
        });
        assert_eq!(
            script,
            "it does match, but is written in hex: a token has the base64url of its bytes; and it was made over a line break behind the text too: `printf %s` writes none"
        );
        let secret = STANDARD.encode([9; 64]);
        let mut bytes = keys(&secret);
        bytes[0] = Key::secret(zeroize::Zeroizing::new(vec![9; 64]));
        let both = hint(&secret, HS256, |text| {
            b64(bytes[0]
                .signing(Algorithm::HS512, false)
                .unwrap()
                .here()
                .sign(text.as_bytes())
                .unwrap())
        });
        assert_eq!(
            both,
            "it is as long as one of HS512, which this secret did not make"
        );
        let both = hint(&secret, HS256, |text| {
            hex(&bytes[0]
                .signing(Algorithm::HS256, false)
                .unwrap()
                .here()
                .sign(text.as_bytes())
                .unwrap())
        });
        assert_eq!(
            both,
            "it does match when the secret is read as base64: `--key-encoding base64`; and it is written in hex: a token has the base64url of its bytes"
        );
    }

    #[test]
    fn a_key_that_stands_alone_is_named_where_the_token_names_another() {
        let jwk = r#"{"kty":"oct","kid":"old","k":"YS1zdHJpbmctc2VjcmV0LWF0LWxlYXN0LTI1Ni1iaXRzLWxvbmc"}"#;
        let found = hint(
            jwk,
            r#"{"alg":"HS256","kid":"new\u001b"}"#,
            |_| b64([7; 32]),
        );
        assert_eq!(
            found,
            "the token names the key `new\\u001b`, and the one from ./key is `old`: its issuer may sign with another key by now"
        );
        let pem = hint(
            samples::EC_SPKI,
            r#"{"alg":"ES256","kid":"0123456789012345678901234567890123456789012"}"#,
            |_| b64([7; 64]),
        );
        let own = keys(samples::EC_SPKI)[0].thumbprint();
        assert_eq!(
            pem,
            format!(
                "the token names the key `0123456789012345678901234567890123456789012`, and the one from ./key has the thumbprint `{own}`: its issuer may sign with another key by now"
            )
        );
        let same = format!(r#"{{"alg":"ES256","kid":"{own}"}}"#);
        assert_eq!(hint(samples::EC_SPKI, &same, |_| b64([7; 64])), "");
        assert_eq!(
            hint(samples::EC_SPKI, r#"{"alg":"ES256","kid":"new"}"#, |_| b64(
                [7; 64]
            )),
            ""
        );
    }

    #[test]
    fn a_key_of_the_set_that_the_token_does_not_name_is_found() {
        let set = r#"{"keys":[{"kty":"oct","kid":"one","k":"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE"},
            {"kty":"oct","kid":"two","k":"YS1zdHJpbmctc2VjcmV0LWF0LWxlYXN0LTI1Ni1iaXRzLWxvbmc"}]}"#;
        let sign = |text: &str| {
            b64(signed(
                "a-string-secret-at-least-256-bits-long",
                Algorithm::HS256,
                text.as_bytes(),
            ))
        };
        let (message, found) = said(set, r#"{"alg":"HS256","kid":"three"}"#, sign);
        assert_eq!(message, "none of the 2 keys has the token's `kid` `three`");
        assert_eq!(
            found,
            "it does match another key of ./key: its `kid` is `two`"
        );
        let (_, found) = said(set, r#"{"alg":"HS256","kid":"one"}"#, sign);
        assert_eq!(
            found,
            "it does match another key of ./key: its `kid` is `two`"
        );
        let (_, found) = said(set, r#"{"alg":"HS256","kid":"three"}"#, |_| b64([7; 32]));
        assert!(found.contains("[\"`one`\", \"`two`\"]"), "{found}");
    }

    #[test]
    fn a_text_that_was_changed_after_it_was_signed_is_told_from_a_wrong_key() {
        let changed = |header: &str, algorithm| {
            hint(samples::RSA_SPKI, header, |_| {
                b64(signed(samples::RSA_PKCS8, algorithm, b"another text"))
            })
        };
        let another = "it is one of this key, but of another text: the header or the claims were changed after it was made";
        assert_eq!(changed(RS256, Algorithm::RS256), another);
        assert_eq!(changed(r#"{"alg":"PS256"}"#, Algorithm::PS256), another);
        assert_eq!(changed(RS256, Algorithm::PS384), another);
        assert_eq!(hint(samples::RSA_SPKI, RS256, |_| b64([7; 256])), "");
    }

    #[test]
    fn a_long_token_and_a_large_set_cost_no_more_than_some_tries() {
        use super::{Budget, EVERYTHING, PUBLIC};
        let mut budget = Budget(EVERYTHING);
        let mut tries = 0;
        while budget.spend(PUBLIC) {
            tries += 1;
        }
        assert_eq!(tries, 256);
        let entry = |n: u32| {
            format!(
                r#"{{"kty":"oct","kid":"{n}","k":"{}"}}"#,
                b64(format!("{n:032}"))
            )
        };
        let entries: Vec<String> = (0..10_000).map(entry).collect();
        let set = format!(r#"{{"keys":[{}]}}"#, entries.join(","));
        let of = |n: u32| {
            hint(&set, r#"{"alg":"HS256","kid":"0"}"#, |text| {
                b64(signed(
                    &format!("{n:032}"),
                    Algorithm::HS256,
                    text.as_bytes(),
                ))
            })
        };
        assert_eq!(
            of(4_000),
            "it does match another key of ./key: its `kid` is `4000`"
        );
    }
}
