use aws_lc_rs::signature::EcdsaKeyPair;

use super::*;
use crate::token::content::{Reading, read};
use crate::token::generate::generate;
use crate::token::issue::SigningKey;
use crate::token::key::Key;
use crate::token::pem::samples;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

fn key_for(algorithm: Algorithm) -> Key {
    match algorithm.family() {
        Family::Hmac { hash_len } => Key::secret(Zeroizing::new(vec![7; hash_len])),
        Family::RsaPkcs1 | Family::RsaPss => sample(samples::RSA_PKCS8),
        Family::Ecdsa(curve) => {
            let pair = EcdsaKeyPair::generate(curve.signing()).unwrap();
            sample_bytes(pair.to_pkcs8v1().unwrap().as_ref())
        }
        Family::Ed25519 => sample(samples::ED25519),
        Family::MlDsa(_) => generate(algorithm, None).unwrap(),
    }
}

fn signed(key: &Key, algorithm: Algorithm, message: &[u8]) -> Vec<u8> {
    let key = SigningKey::new(key, algorithm, false).unwrap();
    key.sign(message).unwrap()
}

fn sample(text: &str) -> Key {
    sample_bytes(text.as_bytes())
}

fn sample_bytes(content: &[u8]) -> Key {
    read(content, &Reading::default()).unwrap().keys.remove(0)
}

#[test]
fn names_are_found_exactly_as_they_are_written() {
    for algorithm in Algorithm::ALL {
        assert_eq!(Algorithm::parse(algorithm.name()), Some(*algorithm));
        assert_eq!(Algorithm::parse(&algorithm.name().to_lowercase()), None);
        assert_eq!(Algorithm::parse(&format!("{} ", algorithm.name())), None);
    }
    assert_eq!(Algorithm::parse("none"), None);
    assert_eq!(Algorithm::parse(""), None);
}

#[test]
fn only_the_two_names_of_ed25519_are_one_algorithm() {
    for a in Algorithm::ALL {
        for b in Algorithm::ALL {
            let ed = [Algorithm::EdDSA, Algorithm::Ed25519];
            assert_eq!(a.same_as(*b), a == b || ed.contains(a) && ed.contains(b));
        }
    }
}

#[test]
fn every_algorithm_accepts_what_it_signs_and_nothing_else() {
    for algorithm in Algorithm::ALL {
        let key = key_for(*algorithm);
        let signature = signed(&key, *algorithm, b"message");
        assert_eq!(
            signature.len(),
            algorithm.signature_len().unwrap_or(signature.len())
        );
        let public = key.public().unwrap_or_else(|| key_for(*algorithm));
        let verifier = public.verifier(*algorithm, false).unwrap();
        assert!(
            verifier.accepts(b"message", &signature),
            "{}",
            algorithm.name()
        );
        assert!(!verifier.accepts(b"massage", &signature));
        assert!(!verifier.accepts(b"message", b""));
        for (index, _) in signature.iter().enumerate().step_by(7) {
            let mut other = signature.clone();
            other[index] ^= 1;
            assert!(!verifier.accepts(b"message", &other));
        }
        for other in Algorithm::ALL
            .iter()
            .filter(|other| !other.same_as(*algorithm))
        {
            let accepted = public.verifier(*other, true);
            assert!(!accepted.is_ok_and(|v| v.accepts(b"message", &signature)));
        }
    }
}

#[test]
fn ecdsa_signatures_have_a_fixed_width_and_are_not_taken_in_der() {
    for curve in Curve::ALL {
        let pair = EcdsaKeyPair::generate(curve.signing()).unwrap();
        let key = sample_bytes(pair.to_pkcs8v1().unwrap().as_ref());
        let signature = signed(&key, curve.algorithm(), b"m");
        assert_eq!(signature.len(), curve.coordinate_len() * 2);
        let verifier = key.verifier(curve.algorithm(), false).unwrap();
        assert!(!verifier.accepts(b"m", &vec![0; signature.len()]));
        let padded = [signature.as_slice(), &[0]].concat();
        assert!(!verifier.accepts(b"m", &padded));
    }
}

#[test]
fn rfc_8037_a_4_is_signed_to_the_byte() {
    let jwk = r#"{"kty":"OKP","crv":"Ed25519",
            "d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
            "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    let input = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    let signature = signed(&sample(jwk), Algorithm::EdDSA, input);
    assert_eq!(
        URL_SAFE_NO_PAD.encode(signature),
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    );
}
