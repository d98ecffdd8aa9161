//! What is put in comes out: claims are the same again when they were signed, when some of them were disclosed by
//! themselves, and when they were encrypted. The input is the claims.

use std::sync::LazyLock;

use jott::text::time::Timestamp;
use jott::token::claims::Members;
use jott::token::jwe::{DecryptionKeys, Recipient, RecipientAsked};
use jott::token::sd_jwt::Disclosable;
use jott::{
    Algorithm, Key, KeySource, Object, Policy, Reading, SigningKey, VerifyingKeys, generate, issue, read_keys, verify,
    verify_signature,
};
use serde_json::Value;

struct Made {
    signing: SigningKey,
    verifying: VerifyingKeys,
    recipient: Key,
    opening: DecryptionKeys,
}

static MADE: LazyLock<Made> = LazyLock::new(|| {
    let read = |text: &str| read_keys(text.as_bytes(), &Reading::default()).unwrap();
    let signer = generate(Algorithm::EdDSA, None).unwrap();
    let recipient = generate(Algorithm::ES256, None).unwrap();
    let whole = recipient.whole_jwk().unwrap();
    Made {
        signing: SigningKey::new(&signer, Algorithm::EdDSA, false).unwrap(),
        verifying: VerifyingKeys::of("test", read(&signer.public_jwk().unwrap())),
        // For encryption it must not be named as one for signatures.
        recipient: read(&for_any_use(&whole)).keys.remove(0),
        opening: DecryptionKeys::new(vec![KeySource::new("test", read(&for_any_use(&whole)))]),
    }
});

fn for_any_use(jwk: &str) -> String {
    let mut jwk: Value = serde_json::from_str(jwk).unwrap();
    let members = jwk.as_object_mut().unwrap();
    members.retain(|name, _| !["use", "key_ops", "alg"].contains(&name.as_str()));
    jwk.to_string()
}

/// What no issuer may leave to a disclosure, or what has a meaning where claims are disclosed.
const KEPT: [&str; 12] = [
    "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "cnf", "vct", "status", "_sd", "_sd_alg",
];

pub(crate) fn holds(input: &[u8]) {
    let Ok(given) = Object::parse(input.to_vec()) else {
        return;
    };
    if given.duplicate().is_some() {
        return;
    }
    let mut claims = Members::new();
    claims.extend(&given);
    let mut header = Members::new();
    header.set_text("alg", "EdDSA");
    let token = issue(&claims, &header, &MADE.signing).unwrap();
    let (mut policy, now) = (Policy::default(), Timestamp::from_seconds(1_800_000_000));
    policy.allow_no_exp = true;
    let signed = verify_signature(&token, &MADE.verifying, &policy).unwrap();
    assert_eq!(signed.payload(), claims.text().as_bytes());

    let recipient = Recipient::new(&MADE.recipient, RecipientAsked::default()).unwrap();
    let encrypted = recipient.encrypt(input, recipient.header()).unwrap();
    assert_eq!(&*MADE.opening.open(&encrypted).unwrap().content, input);

    let Ok(verified) = verify(&token, &MADE.verifying, &policy, now) else {
        return;
    };
    let value = |object: &Object| serde_json::from_str::<Value>(&object.compact()).ok();
    assert_eq!(value(verified.claims()), value(&given));
    if given.get("_sd_alg").is_some() {
        return;
    }
    let names = given.members().map(|(name, _)| name.into_owned());
    let names = names.filter(|name| !KEPT.contains(&name.as_str()) && !name.starts_with(['/', '.']) && !name.starts_with("header."));
    let names: Vec<String> = names.take(3).collect();
    // Names that stand for digests may be anywhere in the claims, and then nothing is made of them.
    if let Ok(disclosures) = Disclosable::new(&names).apply(&mut claims) {
        let signed = issue(&claims, &header, &MADE.signing).unwrap();
        let presented = format!("{signed}~{}~", disclosures.join("~"));
        let presented = presented.replace("~~", "~");
        let again = verify(&presented, &MADE.verifying, &policy, now);
        let again = again.unwrap_or_else(|refused| panic!("{refused}: {presented}"));
        assert_eq!(value(again.claims()), value(&given), "{presented}");
    }
}
