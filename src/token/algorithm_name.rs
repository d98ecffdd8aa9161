//! What JOSE calls an algorithm that goes by another name elsewhere.
//!
//! XML Signature has URIs (RFC 9231 section 2), Java, Node, OpenSSL and the services that keep keys
//! have names of their own, all made of the same words: a family and a hash. Programs write them
//! into `alg`, where the names of RFC 7518 section 3.1 are compared exactly.

use crate::token::algorithm::{Algorithm, Curve, Family};

/// No known name is longer.
const LONGEST: usize = 200;

/// The algorithm that a name from outside JOSE means.
#[must_use]
pub fn in_jose(name: &str) -> Option<Algorithm> {
    if name.len() > LONGEST {
        return None;
    }
    // The part of a URI that names it.
    let (_, name) = name.rsplit_once('#').unwrap_or(("", name));
    let bare = bare(name);
    let same = |a: &&Algorithm| self::bare(a.name()) == bare;
    if let Some(spelled) = Algorithm::ALL.iter().find(same) {
        return Some(*spelled);
    }
    let has = |word: &str| bare.contains(word);
    if has("ed25519") {
        return Some(Algorithm::EdDSA);
    }
    let bits = hash(&bare)?;
    let of_family: fn(Family) -> bool = if has("hmac") {
        |family| matches!(family, Family::Hmac { .. })
    } else if has("ecdsa") || has("ecsign") {
        match has("256k1") {
            true => |family| family == Family::Ecdsa(Curve::Secp256k1),
            false => |family| matches!(family, Family::Ecdsa(curve) if curve != Curve::Secp256k1),
        }
    } else if has("rsa") && (has("pss") || has("mgf1")) {
        |family| family == Family::RsaPss
    } else if has("rsa") {
        |family| family == Family::RsaPkcs1
    } else {
        return None;
    };
    let hashes = |a: &Algorithm| a.hash().is_some_and(|hash| hash.output_len() == bits / 8);
    let mut found = Algorithm::ALL
        .iter()
        .filter(|a| of_family(a.family()) && hashes(a));
    found.next().copied()
}

/// A name without the characters in which spellings differ.
fn bare(name: &str) -> String {
    let digits_and_letters = name.chars().filter(char::is_ascii_alphanumeric);
    digits_and_letters.map(|c| c.to_ascii_lowercase()).collect()
}

/// The bits of the hash of the SHA-2 family that is named, if one is.
fn hash(bare: &str) -> Option<usize> {
    [256, 384, 512].into_iter().find(|bits| {
        ["sha", "sha2"]
            .iter()
            .any(|sha| bare.contains(&format!("{sha}{bits}")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_others_are_understood() {
        use Algorithm as A;
        for (name, algorithm) in [
            // XML Signature.
            (
                "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
                A::HS256,
            ),
            (
                "http://www.w3.org/2001/04/xmldsig-more#hmac-sha512",
                A::HS512,
            ),
            (
                "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
                A::RS256,
            ),
            (
                "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
                A::ES384,
            ),
            (
                "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
                A::PS256,
            ),
            (
                "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1",
                A::PS512,
            ),
            (
                "http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519",
                A::EdDSA,
            ),
            // Java.
            ("HmacSHA256", A::HS256),
            ("HMACSHA384", A::HS384),
            ("SHA256withRSA", A::RS256),
            ("SHA512withRSA", A::RS512),
            ("SHA256withRSAandMGF1", A::PS256),
            ("SHA256withRSA/PSS", A::PS256),
            ("SHA256withECDSA", A::ES256),
            ("SHA512withECDSAinP1363Format", A::ES512),
            // Node, OpenSSL, SSH, HTTP.
            ("RSA-SHA256", A::RS256),
            ("sha256WithRSAEncryption", A::RS256),
            ("ecdsa-with-SHA256", A::ES256),
            ("rsa-sha2-512", A::RS512),
            ("rsa-pss-sha512", A::PS512),
            ("rsa-v1_5-sha256", A::RS256),
            ("ecdsa-p256-sha256", A::ES256),
            ("hmac-sha256", A::HS256),
            // Services that keep keys.
            ("RSASSA_PKCS1_V1_5_SHA_256", A::RS256),
            ("RSASSA_PSS_SHA_384", A::PS384),
            ("ECDSA_SHA_256", A::ES256),
            ("RSA_SIGN_PKCS1_2048_SHA256", A::RS256),
            ("RSA_SIGN_PSS_4096_SHA512", A::PS512),
            ("EC_SIGN_P384_SHA384", A::ES384),
            ("EC_SIGN_SECP256K1_SHA256", A::ES256K),
            ("EC_SIGN_ED25519", A::EdDSA),
            // JOSE's own, spelled otherwise.
            ("hs256", A::HS256),
            ("Es256k", A::ES256K),
            ("eddsa", A::EdDSA),
            ("ED25519", A::Ed25519),
            ("RS-256", A::RS256),
            (" PS256\n", A::PS256),
            ("ml_dsa_65", A::MlDsa65),
        ] {
            assert_eq!(in_jose(name), Some(algorithm), "{name}");
        }
    }

    #[test]
    fn what_jose_has_no_name_for_stays_without_one() {
        for name in [
            "",
            "none",
            "x",
            "HS999",
            "SHA1withRSA",
            "RSA",
            "RSA-OAEP",
            "RSA-OAEP-256",
            "A256GCM",
            "HMAC",
            "SHA256",
            "dsa-sha256",
            "ES256K-R",
            "Ed448",
            "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
            "http://www.w3.org/2001/04/xmlenc#sha256",
            "#",
            "/",
        ] {
            assert_eq!(in_jose(name), None, "{name}");
        }
        assert_eq!(in_jose(&"HS256 ".repeat(100)), None);
    }
}
