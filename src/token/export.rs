//! Writes keys in the forms that others read: JWK, JWK Set and PEM.

use aws_lc_rs::digest;
use aws_lc_rs::encoding::{AsBigEndian, AsDer, AsRawBytes};
use aws_lc_rs::signature::{ED25519, ParsedPublicKey};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use crate::token::advice::Advice;
use crate::token::der::private_parts;
use crate::token::json::quote;
use crate::token::key::{Key, OtherMember};
use crate::token::key_fault::KeyFault;
use crate::token::material::{Material, coordinates};

/// A member of a JWK, and its value as JSON text.
type Member = (&'static str, Zeroizing<String>);

impl Key {
    /// The public half as a JWK on one line, with the `alg` it is bound to, its `kid` (or else its
    /// thumbprint), and its other members; `None` for a secret, which has no public half.
    #[must_use]
    pub fn public_jwk(&self) -> Option<String> {
        let members = (!self.is_secret()).then(|| public_members(&self.material))?;
        Some((*self.object(&members, &self.public_members())).clone())
    }

    /// The whole key as a JWK on one line: private where it is, a secret as `oct`.
    ///
    /// # Errors
    /// [`KeyFault`] for an ML-DSA private key whose seed is lost: a JWK holds only the seed (RFC
    /// 9964 section 3).
    pub fn whole_jwk(&self) -> Result<Zeroizing<String>, KeyFault> {
        let mut members = public_members(&self.material);
        let private = private_members(&self.material).ok_or_else(|| {
            let kind = self.kind_words();
            KeyFault::rejected(format!("there is no JWK of {kind} without its seed"))
                .hint(Advice::KeepAsPem)
        })?;
        members.extend(private);
        Ok(self.object(&members, &self.other_members))
    }

    /// The public half as PEM: a `SubjectPublicKeyInfo` (RFC 7468 section 13); `None` for a secret.
    #[must_use]
    pub fn public_pem(&self) -> Option<String> {
        Some((*pem("PUBLIC KEY", &self.public_der()?)).clone())
    }

    /// The SHA-256 fingerprint of the public half: of its `SubjectPublicKeyInfo` in DER, in base64
    /// with padding, as Snowflake, GitHub and HPKP (RFC 7469 section 2.4) use it; `None` for a
    /// secret.
    #[must_use]
    pub fn fingerprint(&self) -> Option<String> {
        let digest = digest::digest(&digest::SHA256, &self.public_der()?);
        Some(STANDARD.encode(digest))
    }

    /// The public half as a `SubjectPublicKeyInfo` (RFC 5280 section 4.1).
    fn public_der(&self) -> Option<Vec<u8>> {
        let der = match &self.material {
            Material::Secret(_) => return None,
            Material::Rsa {
                public,
                restriction: Some(restriction),
                ..
            } => {
                return private_parts::restricted_spki(restriction, public.as_der().ok()?.as_ref());
            }
            Material::Rsa { public, .. } => public.as_der(),
            Material::Ec { curve, point, .. } => ParsedPublicKey::new(curve.verifying(), point)
                .ok()?
                .as_der(),
            Material::Ed25519 { public, .. } => {
                ParsedPublicKey::new(&ED25519, public).ok()?.as_der()
            }
            Material::X25519 { public, .. } => return private_parts::x25519_spki(public),
            Material::MlDsa { set, public, .. } => {
                ParsedPublicKey::new(set.verifying(), public).ok()?.as_der()
            }
        };
        Some(der.ok()?.as_ref().to_vec())
    }

    /// The private key as PEM: PKCS#8 (RFC 7468 section 10); `None` for a public key or a secret.
    #[must_use]
    pub fn private_pem(&self) -> Option<Zeroizing<String>> {
        Some(pem("PRIVATE KEY", &private_der(&self.material)?))
    }

    /// A secret that is text, as that text, if reading the text gives the secret again.
    #[must_use]
    pub fn secret_text(&self) -> Option<Zeroizing<String>> {
        let Material::Secret(secret) = &self.material else {
            return None;
        };
        let text = std::str::from_utf8(secret)
            .ok()
            .filter(|text| !text.chars().any(char::is_control))?;
        crate::token::content::is_bare_secret(text).then(|| Zeroizing::new(text.to_owned()))
    }

    /// How many lines a secret has that was given as text: one where it is not text, none where it is in a
    /// JWK, which can hold any bytes, or the key is not a secret.
    #[must_use]
    pub fn secret_lines(&self) -> usize {
        let (Material::Secret(secret), Some(_)) = (&self.material, &self.origin) else {
            return 0;
        };
        std::str::from_utf8(secret).map_or(1, |text| text.trim_end().lines().count())
    }

    fn object(&self, members: &[Member], other_members: &[OtherMember]) -> Zeroizing<String> {
        let kid = self
            .kid
            .clone()
            .or_else(|| (!self.is_secret()).then(|| self.thumbprint()));
        // For the type AKP only `alg` says what kind of key it is (RFC 9964 section 3), and only
        // `alg` marks a key for RSASSA-PSS.
        let required = matches!(
            self.material,
            Material::MlDsa { .. }
                | Material::Rsa {
                    restriction: Some(_),
                    ..
                }
        );
        let alg = self.alg.or_else(|| {
            let alg = self.default_algorithm();
            alg.filter(|_| required)
        });
        let named = [
            ("alg", alg.map(|alg| quote(alg.name()))),
            ("kid", kid.map(|kid| quote(&kid))),
        ];
        let mut json = Zeroizing::new(String::from("{"));
        let members = members.iter().map(|(name, value)| (*name, value.as_str()));
        let named = named
            .iter()
            .filter_map(|(name, value)| Some((*name, value.as_deref()?)));
        let other_members = other_members
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in members.chain(named).chain(other_members) {
            if json.len() > 1 {
                json.push(',');
            }
            json.push_str(&quote(name));
            json.push(':');
            json.push_str(value);
        }
        json.push('}');
        json
    }
}

/// JWKs as a JWK Set on one line (RFC 7517 section 5).
#[must_use]
pub fn set(jwks: &[Zeroizing<String>]) -> Zeroizing<String> {
    let mut json = Zeroizing::new(String::from("{\"keys\":["));
    for (index, jwk) in jwks.iter().enumerate() {
        if index > 0 {
            json.push(',');
        }
        json.push_str(jwk);
    }
    json.push_str("]}");
    json
}

/// `kty` and the public members (RFC 7518 section 6, RFC 8037 section 2, RFC 9964 section 3).
fn public_members(material: &Material) -> Vec<Member> {
    match material {
        Material::Secret(_) => vec![word("kty", "oct")],
        Material::Rsa { public, .. } => vec![
            word("kty", "RSA"),
            bytes("n", &public.n),
            bytes("e", &public.e),
        ],
        Material::Ec { curve, point, .. } => {
            let (x, y) = coordinates(point);
            vec![
                word("kty", "EC"),
                word("crv", curve.name()),
                bytes("x", x),
                bytes("y", y),
            ]
        }
        Material::Ed25519 { public, .. } => vec![
            word("kty", "OKP"),
            word("crv", "Ed25519"),
            bytes("x", public),
        ],
        Material::X25519 { public, .. } => vec![
            word("kty", "OKP"),
            word("crv", "X25519"),
            bytes("x", public),
        ],
        Material::MlDsa { public, .. } => vec![word("kty", "AKP"), bytes("pub", public)],
    }
}

/// The private members, none for a public key; `None` where aws-lc does not give them.
fn private_members(material: &Material) -> Option<Vec<Member>> {
    Some(match material {
        Material::Secret(secret) => vec![bytes("k", secret)],
        Material::Rsa { pair: Some(_), .. } => {
            let der = private_der(material)?;
            let [d, p, q, dp, dq, qi] = private_parts::rsa_private_numbers(&der)?;
            vec![
                bytes("d", d),
                bytes("p", p),
                bytes("q", q),
                bytes("dp", dp),
                bytes("dq", dq),
                bytes("qi", qi),
            ]
        }
        Material::Ec {
            pair: Some(pair), ..
        } => {
            vec![bytes("d", pair.private_key().as_be_bytes().ok()?.as_ref())]
        }
        Material::Ed25519 {
            pair: Some(pair), ..
        } => {
            vec![bytes("d", pair.seed().ok()?.as_be_bytes().ok()?.as_ref())]
        }
        Material::X25519 {
            private: Some(private),
            ..
        } => vec![bytes("d", private)],
        Material::MlDsa { pair: Some(_), .. } => {
            vec![bytes(
                "priv",
                private_parts::ml_dsa_seed(&private_der(material)?)?,
            )]
        }
        Material::Rsa { pair: None, .. }
        | Material::Ec { pair: None, .. }
        | Material::Ed25519 { pair: None, .. }
        | Material::X25519 { private: None, .. }
        | Material::MlDsa { pair: None, .. } => Vec::new(),
    })
}

fn word(name: &'static str, value: &str) -> Member {
    (name, Zeroizing::new(quote(value)))
}

fn bytes(name: &'static str, value: &[u8]) -> Member {
    let text = Zeroizing::new(URL_SAFE_NO_PAD.encode(value));
    (name, Zeroizing::new(format!("\"{}\"", *text)))
}

/// The private key as PKCS#8 (RFC 5958).
fn private_der(material: &Material) -> Option<Zeroizing<Vec<u8>>> {
    let own = |der: &[u8]| Some(Zeroizing::new(der.to_vec()));
    match material {
        Material::Secret(_) => None,
        Material::Rsa {
            pair, restriction, ..
        } => {
            let pkcs8 = pair.as_ref()?.as_der().ok()?;
            match restriction {
                Some(restriction) => private_parts::restricted_pkcs8(restriction, pkcs8.as_ref()),
                None => own(pkcs8.as_ref()),
            }
        }
        Material::Ec { pair, .. } => own(pair.as_ref()?.to_pkcs8v1().ok()?.as_ref()),
        Material::Ed25519 { pair, .. } => own(pair.as_ref()?.to_pkcs8v1().ok()?.as_ref()),
        Material::X25519 { private, .. } => private_parts::x25519_pkcs8(private.as_ref()?),
        Material::MlDsa { set, pair, .. } => {
            let pair = pair.as_ref()?;
            if let Ok(seed) = pair.to_pkcs8v1() {
                own(seed.as_ref())
            } else {
                // Where the seed is lost, aws-lc writes nothing.
                let expanded = pair.private_key().as_raw_bytes().ok()?;
                private_parts::ml_dsa_expanded(*set, expanded.as_ref())
            }
        }
    }
}

/// A PEM block with lines of 64 characters (RFC 7468 section 3).
fn pem(label: &str, der: &[u8]) -> Zeroizing<String> {
    const LINE: usize = 64;
    let base64 = Zeroizing::new(STANDARD.encode(der));
    let mut text = Zeroizing::new(format!("-----BEGIN {label}-----\n"));
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at(rest.len().min(LINE));
        text.push_str(line);
        text.push('\n');
        rest = more;
    }
    text.push_str(&format!("-----END {label}-----\n"));
    text
}
