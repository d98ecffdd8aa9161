//! A private key under a passphrase opens with that one alone; whatever is changed in it, it is a sound key or none, and
//! never a secret.

use jott::token::passphrase::Passphrase;
use jott::{Key, KeyReason, Reading, SigningKey, read_keys};

/// The passphrase of the samples.
const PASSPHRASE: &[u8] = b"passphrase";

/// How much may be asked of PBKDF2 and scrypt here, for an input to be quick.
const MOST_WORK: u64 = 5_000;

pub(crate) fn holds(input: &[u8]) {
    // What is not ASCII is DER itself, and no base64 of it, in which the work is not seen.
    if input.is_ascii() || work(input) > MOST_WORK {
        return;
    }
    let under = |passphrase: Option<&[u8]>| {
        let mut reading = Reading::default();
        reading.passphrase = passphrase.map(|passphrase| Passphrase::new(passphrase, false));
        read_keys(input, &reading)
    };
    let without = under(None);
    if !matches!(&without, Err(fault) if fault.reason == KeyReason::Encrypted) {
        return;
    }
    let wrong = under(Some(b"another")).unwrap_err();
    assert_ne!(wrong.reason, KeyReason::Encrypted);
    match under(Some(PASSPHRASE)) {
        Err(fault) => assert!(!fault.message.is_empty()),
        Ok(keys) => keys.keys.iter().for_each(is_sound),
    }
}

fn is_sound(key: &Key) {
    assert!(!key.is_secret());
    let jwk = key.whole_jwk().unwrap();
    let again = read_keys(jwk.as_bytes(), &Reading::default()).unwrap();
    assert_eq!(again.keys[0].thumbprint(), key.thumbprint());
    if let Some(algorithm) = key.default_algorithm()
        && let Ok(signing) = SigningKey::new(key, algorithm, false)
    {
        let signature = signing.sign(b"message").unwrap();
        let verifier = key.verifier(algorithm, false).unwrap();
        assert!(verifier.accepts(b"message", &signature));
    }
}

/// The product of all that may be an INTEGER of DER, which rounds, memory and lanes are among.
fn work(input: &[u8]) -> u64 {
    let numbers = input.windows(2).enumerate().filter_map(|(at, tag)| {
        let [2, len @ 1..=8] = *tag else {
            return None;
        };
        let digits = input.get(at + 2..at + 2 + usize::from(len))?;
        Some(digits.iter().fold(0, |number, digit| number << 8 | u64::from(*digit)))
    });
    numbers.fold(1, |product: u64, number| product.saturating_mul(number.max(1)))
}
