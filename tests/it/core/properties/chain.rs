//! A token's own certificates are believed where they lead to a root that is trusted, and no others: of all that can
//! stand in `x5c`, one certificate alone speaks for the key that signs here. As a file the input is a certificate, a
//! root or a revocation list, or the fault is said.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jott::text::time::Timestamp;
use jott::token::chain::{Roots, certificates, key_of};
use jott::token::claims::Members;
use jott::token::json::JsonText;
use jott::{Algorithm, Json, Policy, Reading, SigningKey, TokenVerifier, VerifyingKeys, issue, read_keys};

/// The key of the first certificate in the samples.
const KEY: &str = "-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg8rC++vXKXNFpR7CU
N4homo4OnBAhvKsrvju7cyldjg+hRANCAAR3p0yC/iHdTdCWXC7Q9igskJC6qJwi
+ZnNGx4w37LerbL8tkZZVfwcamObMMl1XsVAXzSQ6qcnOXZGHH28rsVq
-----END PRIVATE KEY-----
";

/// The root of the samples.
const ROOT: &str = "-----BEGIN CERTIFICATE-----
MIIBnTCCAUOgAwIBAgIUI0LGKA/teAnk4HzHBLYq8HH4cAwwCgYIKoZIzj0EAwIw
GzEZMBcGA1UEAwwQUm9vdCBvZiBhIHNhbXBsZTAgFw0yNjExMjgwNjMwNDJaGA8y
MDk1MDUxMDA2MzA0MlowGzEZMBcGA1UEAwwQUm9vdCBvZiBhIHNhbXBsZTBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABPJk7F7XgmS5yLdB0+5zyNno7uahbuN5N+3A
gxV8h/IiZqF2fmCrfbb2aCUWywLWJ+buScPthllc0GgeLkU+rWejYzBhMB0GA1Ud
DgQWBBRdhzE2tKGjtJ9dPz0J7arYTJxv5DAfBgNVHSMEGDAWgBRdhzE2tKGjtJ9d
Pz0J7arYTJxv5DAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwIBBjAKBggq
hkjOPQQDAgNIADBFAiAM59Dqc1SLd2PyPSL0kNFFW4LHJIJt4Z56aYkeG4KhjwIh
AKyfumkZRLNRor98PsDnaSbUX02Ttpp0ZicaTO+3emBN
-----END CERTIFICATE-----
";

static KEYS: LazyLock<(SigningKey, VerifyingKeys)> = LazyLock::new(|| {
    let key = read_keys(KEY.as_bytes(), &Reading::default()).unwrap();
    let signing = SigningKey::new(&key.keys[0], Algorithm::ES256, false).unwrap();
    let roots = Roots::read("roots", ROOT.as_bytes()).unwrap();
    (signing, VerifyingKeys::default().trusting(vec![roots]))
});

pub(crate) fn holds(input: &[u8]) {
    if let Ok(found) = certificates(input) {
        assert!(!found.is_empty());
        for certificate in found {
            if let Ok(key) = key_of(&certificate) {
                assert!(!key.has_private());
            }
        }
    }
    let _ = Roots::read("input", input);
    let mut roots = Roots::read("roots", ROOT.as_bytes()).unwrap();
    let _ = roots.revoke(input);

    let Ok(chain) = Json::parse(input) else {
        return;
    };
    let mut header = Members::new();
    header.set_text("alg", "ES256");
    header.set("x5c", JsonText::from(chain.value));
    let token = issue(&Members::new(), &header, &KEYS.0).unwrap();
    // Some months after the certificates were made.
    let now = Timestamp::from_seconds(1_800_000_000);
    if TokenVerifier::new(&KEYS.1, &Policy::default(), now).verify_signature(&token).is_ok() {
        let first = chain.value.elements().next().and_then(Json::as_str).unwrap();
        let key = key_of(&STANDARD.decode(&*first).unwrap()).unwrap();
        let own = read_keys(KEY.as_bytes(), &Reading::default()).unwrap();
        assert_eq!(key.thumbprint(), own.keys[0].thumbprint(), "{token}");
    }
}
