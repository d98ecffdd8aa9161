//! Keys in JSON: the JWK and the JWK Set (RFC 7517), read strictly.
//!
//! A member that says something wrong refuses the key, since a key that is misread is worse than
//! one that is not read. Members that are not known are passed over (RFC 7517 section 4).

use std::borrow::Cow;
use std::collections::HashSet;

use aws_lc_rs::rsa::{KeyPairComponents, PublicKeyComponents};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::text::count::counted;
use crate::token::algorithm::{Algorithm, Curve, Family};
use crate::token::content::Keys;
use crate::token::json::{Json, Kind};
use crate::token::key::{Key, Usage};
use crate::token::key_fault::KeyFault;
use crate::token::material::Material;
use crate::token::ml_dsa::SEED_LEN;

/// How many keys a set may hold.
const MOST_KEYS: usize = 10_000;

/// Reads text that is a JSON object or array, or begins as an object does; `None` for any other
/// text.
pub(super) fn find(text: &str) -> Option<Result<Keys, KeyFault>> {
    let json = text
        .starts_with(['{', '['])
        .then(|| Json::parse(text.as_bytes()))?;
    match json {
        Ok(parsed) => Some(read_any(parsed.value)),
        Err(error) => text.starts_with("{\"").then(|| {
            Err(
                KeyFault::rejected(format!("the content is damaged JSON: {error}"))
                    .hint("`jq . key.json` shows where"),
            )
        }),
    }
}

fn read_any(json: Json) -> Result<Keys, KeyFault> {
    if json.get("kty").is_some() {
        return read(json).map(Keys::from);
    }
    match json.get("keys") {
        Some(keys) if keys.kind() == Kind::Array => read_set(json, keys),
        _ => Err(no_jwk(json)),
    }
}

/// The fault of JSON that is no JWK, with a hint to the key if one is inside.
fn no_jwk(json: Json) -> KeyFault {
    let fault = KeyFault::rejected("the content is JSON, but no JWK");
    if json.elements().any(|element| element.get("kty").is_some()) {
        return fault.hint("`jq '{keys: .}' keys.json` makes a JWK Set of the array");
    }
    for (name, value) in json.members() {
        let plain = (1..=64).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        let is_pem = value
            .as_str()
            .is_some_and(|text| text.contains("-----BEGIN "));
        let is_jwk = value.get("kty").or_else(|| value.get("keys")).is_some();
        if plain && is_pem {
            return fault.hint(format!("`jq -r .{name} key.json` takes the key out of it"));
        }
        if plain && is_jwk {
            return fault.hint(format!("`jq .{name} key.json` takes the key out of it"));
        }
    }
    fault
}

/// Reads a set entry by entry: one that cannot be read is passed over with a note (RFC 7517
/// section 5).
fn read_set(set: Json, entries: Json) -> Result<Keys, KeyFault> {
    if set.members().filter(|(name, _)| name == "keys").count() > 1 {
        return Err(KeyFault::rejected("the JWK Set has `keys` twice"));
    }
    if entries.elements().nth(MOST_KEYS).is_some() {
        return Err(KeyFault::rejected(format!(
            "the JWK Set has more than {MOST_KEYS} keys"
        )));
    }
    let mut keys = Vec::new();
    let mut faults = Vec::new();
    for (number, entry) in (1..).zip(entries.elements()) {
        match read(entry) {
            Ok(key) => keys.push(key),
            Err(fault) => faults.push((number, fault)),
        }
    }
    if keys.is_empty() {
        return Err(match faults.into_iter().next() {
            Some((_, first)) => KeyFault {
                message: format!("the JWK Set has no key that can be read: {}", first.message),
                ..first
            },
            None => KeyFault::rejected("the JWK Set is empty"),
        });
    }
    let note = |(number, fault): (u32, KeyFault)| {
        format!("key {number} of the set is passed over: {}", fault.message)
    };
    Ok(Keys {
        keys,
        is_set: true,
        notes: faults.into_iter().map(note).collect(),
    })
}

/// Reads one JWK (RFC 7517 section 4), public or private.
///
/// A member that is missing, malformed, given twice or at odds with another is a fault, and so is
/// a kind of key that no signature algorithm takes.
pub(crate) fn read(json: Json) -> Result<Key, KeyFault> {
    if let Ok(Some(name)) = Json::parse(json.text().as_bytes()).map(|parsed| parsed.duplicate) {
        return Err(KeyFault::rejected(format!(
            "the JWK has a name{} twice",
            shown(&name)
        )));
    }
    let jwk = Jwk(json);
    let mut key = Key::from(jwk.material()?);
    key.kid = jwk.text("kid")?.map(Cow::into_owned);
    key.usage = jwk.usage()?;
    // Sets hold keys for encryption too, whose `alg` is no concern of a signature.
    if key.usage.signatures {
        key.alg = jwk.algorithm()?;
    }
    match key.alg {
        Some(alg) if !key.allows(alg) => {
            let (name, kind) = (alg.name(), key.kind_words());
            let message = format!("the `alg` of the JWK is {name}, which does not go with {kind}");
            Err(KeyFault::rejected(message))
        }
        _ => Ok(key),
    }
}

/// A word of the JWK as a message may repeat it, with a space before it: nothing that is long
/// enough to be a key, or that a terminal could misread.
fn shown(word: &str) -> String {
    let harmless = (1..=24).contains(&word.len())
        && word
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_.+-#".contains(&b));
    if harmless {
        format!(" `{word}`")
    } else {
        String::new()
    }
}

/// The bytes of a member.
type Bytes = Zeroizing<Vec<u8>>;

/// A JWK whose members are read one by one; those that may be absent as an [`Option`].
struct Jwk<'a>(Json<'a>);

impl<'a> Jwk<'a> {
    fn text(&self, name: &str) -> Result<Option<Cow<'a, str>>, KeyFault> {
        match self.0.get(name).map(Json::as_str) {
            None => Ok(None),
            Some(Some(text)) => Ok(Some(text)),
            Some(None) => Err(KeyFault::rejected(format!(
                "`{name}` of the JWK is not a string"
            ))),
        }
    }

    /// Bytes in base64url, unpadded and canonical (RFC 7515 section 2).
    fn bytes(&self, name: &str) -> Result<Option<Bytes>, KeyFault> {
        let decode = |text: Cow<str>| URL_SAFE_NO_PAD.decode(text.as_bytes()).map(Zeroizing::new);
        self.text(name)?.map(decode).transpose().map_err(|_| {
            KeyFault::rejected(format!(
                "`{name}` of the JWK is not base64url without padding"
            ))
        })
    }

    /// Bytes of a length that the kind of key fixes.
    fn sized(&self, name: &str, len: usize) -> Result<Option<Bytes>, KeyFault> {
        match self.bytes(name)? {
            Some(bytes) if bytes.len() != len => Err(KeyFault::rejected(format!(
                "`{name}` of the JWK has {}, and {len} are needed",
                counted(bytes.len(), "byte")
            ))),
            bytes => Ok(bytes),
        }
    }

    fn material(&self) -> Result<Material, KeyFault> {
        match &*needed("kty", self.text("kty")?)? {
            "RSA" => self.rsa(),
            "EC" => self.ec(),
            "OKP" => self.okp(),
            "oct" => self.oct(),
            "AKP" => self.akp(),
            other => Err(unsupported("kty", other)),
        }
    }

    /// RFC 7518 section 6.3.
    #[expect(clippy::many_single_char_names, reason = "the names of RFC 7518")]
    fn rsa(&self) -> Result<Material, KeyFault> {
        let number = |name| needed(name, self.bytes(name)?);
        let (n, e) = (number("n")?, number("e")?);
        let Some(d) = self.bytes("d")? else {
            return Material::rsa(&n, &e);
        };
        if self.0.get("oth").is_some() {
            return Err(KeyFault::rejected(
                "the RSA key has more than two primes (`oth`)",
            ));
        }
        if ["p", "q", "dp", "dq", "qi"]
            .iter()
            .all(|name| self.0.get(name).is_none())
        {
            let message =
                "the RSA private key has only `n`, `e` and `d`: its primes are needed too";
            return Err(KeyFault::rejected(message).hint(
                "export it with `p`, `q`, `dp`, `dq` and `qi`, or take the PEM it came from",
            ));
        }
        let (p, q) = (number("p")?, number("q")?);
        let (dp, dq, qi) = (number("dp")?, number("dq")?, number("qi")?);
        Material::rsa_pair(&KeyPairComponents {
            public_key: PublicKeyComponents { n: &n, e: &e },
            d: &d,
            p: &p,
            q: &q,
            dP: &dp,
            dQ: &dq,
            qInv: &qi,
        })
    }

    /// RFC 7518 section 6.2.
    fn ec(&self) -> Result<Material, KeyFault> {
        let crv = needed("crv", self.text("crv")?)?;
        let curve = Curve::parse(&crv).ok_or_else(|| unsupported("crv", &crv))?;
        let len = curve.coordinate_len();
        let x = needed("x", self.sized("x", len)?)?;
        let y = needed("y", self.sized("y", len)?)?;
        let point = [&[4], x.as_slice(), y.as_slice()].concat();
        match self.sized("d", len)? {
            Some(d) => Material::ec_pair(curve, &d, Some(&point)),
            None => Material::ec(curve, &point),
        }
    }

    /// RFC 8037 section 2.
    fn okp(&self) -> Result<Material, KeyFault> {
        match &*needed("crv", self.text("crv")?)? {
            "Ed25519" => {}
            crv @ ("X25519" | "X448") => {
                let message =
                    format!("the key is for {crv}, which agrees on secrets and does not sign");
                return Err(KeyFault::rejected(message));
            }
            other => return Err(unsupported("crv", other)),
        }
        let x = needed("x", self.sized("x", 32)?)?;
        match self.sized("d", 32)? {
            Some(d) => Material::ed25519_pair(&d, Some(&x)),
            None => Material::ed25519(&x),
        }
    }

    /// RFC 7518 section 6.4.
    fn oct(&self) -> Result<Material, KeyFault> {
        let k = needed("k", self.bytes("k")?)?;
        if k.is_empty() {
            return Err(KeyFault::weak(
                "the secret is empty: `k` of the JWK has no bytes",
            ));
        }
        Ok(Material::Secret(k))
    }

    /// RFC 9964 section 3: `alg` says what kind of key it is, `priv` is the seed.
    fn akp(&self) -> Result<Material, KeyFault> {
        let alg = needed("alg", self.algorithm()?)?;
        let Family::MlDsa(set) = alg.family() else {
            return Err(KeyFault::rejected(format!(
                "the `alg` of the JWK is {}, which does not go with a key of the type AKP",
                alg.name()
            )));
        };
        let public = needed("pub", self.sized("pub", set.public_len())?)?;
        match self.sized("priv", SEED_LEN)? {
            Some(seed) => Material::ml_dsa_pair(set, &seed, None, Some(&public)),
            None => Material::ml_dsa(set, &public),
        }
    }

    fn algorithm(&self) -> Result<Option<Algorithm>, KeyFault> {
        let parse =
            |name: Cow<str>| Algorithm::parse(&name).ok_or_else(|| unsupported("alg", &name));
        self.text("alg")?.map(parse).transpose()
    }

    /// What `use` and `key_ops` allow, which must not contradict each other (RFC 7517 sections
    /// 4.2 and 4.3).
    fn usage(&self) -> Result<Usage, KeyFault> {
        const SIGNATURE: &[&str] = &["sign", "verify"];
        const ENCRYPTION: &[&str] = &[
            "encrypt",
            "decrypt",
            "wrapKey",
            "unwrapKey",
            "deriveKey",
            "deriveBits",
        ];
        let purpose = self.text("use")?;
        let operations = self.operations()?;
        let has = |names: &[&str]| {
            operations
                .as_ref()
                .is_some_and(|given| names.iter().any(|name| given.contains(*name)))
        };
        let (purpose, contrary) = match purpose.as_deref() {
            Some("sig") => (true, has(ENCRYPTION)),
            Some("enc") => (false, has(SIGNATURE)),
            other => (other.is_none(), false),
        };
        if contrary {
            return Err(KeyFault::rejected(
                "`use` and `key_ops` of the JWK contradict each other",
            ));
        }
        Ok(Usage {
            signatures: purpose,
            sign: operations.is_none() || has(&["sign"]),
            verify: operations.is_none() || has(&["verify"]),
        })
    }

    fn operations(&self) -> Result<Option<HashSet<Cow<'a, str>>>, KeyFault> {
        let Some(array) = self.0.get("key_ops") else {
            return Ok(None);
        };
        let operations: Option<HashSet<_>> = array.elements().map(Json::as_str).collect();
        match operations {
            Some(operations)
                if array.kind() == Kind::Array && operations.len() == array.elements().count() =>
            {
                Ok(Some(operations))
            }
            _ => Err(KeyFault::rejected(
                "`key_ops` of the JWK is not an array of different strings",
            )),
        }
    }
}

fn needed<T>(name: &str, member: Option<T>) -> Result<T, KeyFault> {
    member.ok_or_else(|| KeyFault::rejected(format!("the JWK has no `{name}`")))
}

fn unsupported(name: &str, value: &str) -> KeyFault {
    let value = shown(value);
    let article = if name.starts_with('a') { "an" } else { "a" };
    KeyFault::rejected(format!(
        "the JWK has {article} `{name}`{value} that is not supported"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RSA: &str = r#"{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}"#;
    const EC: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#;
    const ED: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}"#;
    const OCT: &str = r#"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#;

    fn one(text: &str) -> Result<Key, KeyFault> {
        read(Json::parse(text.as_bytes()).unwrap().value)
    }

    /// The key with more members, or with other values for those it has.
    fn with(jwk: &str, members: &str) -> String {
        let parse = |text: &str| -> Vec<(String, String)> {
            let members = Json::parse(text.as_bytes()).unwrap().value.members();
            members
                .map(|(name, value)| (name.into(), value.text().into()))
                .collect()
        };
        let added = parse(&format!("{{{members}}}"));
        let mut all = parse(jwk);
        all.retain(|(name, _)| added.iter().all(|(other, _)| other != name));
        all.extend(added);
        let all: Vec<String> = all.iter().map(|(n, v)| format!("{n:?}:{v}")).collect();
        format!("{{{}}}", all.join(","))
    }

    fn refusal(text: &str) -> String {
        one(text).unwrap_err().message
    }

    #[test]
    fn the_jwks_of_the_rfcs_are_read() {
        for (jwk, kind) in [
            (RSA, "an RSA public key of 2048 bits"),
            (EC, "an EC private key (P-256)"),
            (ED, "an Ed25519 private key"),
            (OCT, "a secret of 64 bytes"),
        ] {
            assert_eq!(one(jwk).unwrap().kind_words(), kind);
        }
    }

    #[test]
    fn kid_and_alg_are_kept() {
        let key = one(&with(ED, r#""kid":"a\u0062c","alg":"Ed25519""#)).unwrap();
        assert_eq!(key.kid.as_deref(), Some("abc"));
        assert_eq!(key.default_algorithm(), Algorithm::Ed25519);
        assert_eq!(key.algorithms(), [Algorithm::EdDSA, Algorithm::Ed25519]);
        let key = one(&with(RSA, r#""alg":"PS384""#)).unwrap();
        assert_eq!(key.algorithms(), [Algorithm::PS384]);
        assert!(!key.allows(Algorithm::RS256));
    }

    fn assert_refused(rows: &[(&str, &str, &str)]) {
        for (jwk, members, message) in rows {
            assert_eq!(refusal(&with(jwk, members)), *message, "{members}");
        }
    }

    #[test]
    fn common_members_that_say_something_wrong_are_refused_by_name() {
        assert_refused(&[
            (
                OCT,
                r#""kty":"OCT""#,
                "the JWK has a `kty` `OCT` that is not supported",
            ),
            (
                OCT,
                r#""kty":"XYZ""#,
                "the JWK has a `kty` `XYZ` that is not supported",
            ),
            (
                OCT,
                r#""kty":"a\u001bb""#,
                "the JWK has a `kty` that is not supported",
            ),
            (OCT, r#""kty":1"#, "`kty` of the JWK is not a string"),
            (OCT, r#""kid":7"#, "`kid` of the JWK is not a string"),
            (
                OCT,
                r#""alg":"A256GCM""#,
                "the JWK has an `alg` `A256GCM` that is not supported",
            ),
            (
                OCT,
                r#""alg":"none""#,
                "the JWK has an `alg` `none` that is not supported",
            ),
            (
                OCT,
                r#""alg":"RS256""#,
                "the `alg` of the JWK is RS256, which does not go with a secret of 64 bytes",
            ),
            (
                OCT,
                r#""key_ops":"sign""#,
                "`key_ops` of the JWK is not an array of different strings",
            ),
            (
                OCT,
                r#""key_ops":["sign","sign"]"#,
                "`key_ops` of the JWK is not an array of different strings",
            ),
            (
                OCT,
                r#""key_ops":[1]"#,
                "`key_ops` of the JWK is not an array of different strings",
            ),
            (OCT, r#""use":[]"#, "`use` of the JWK is not a string"),
            (
                OCT,
                r#""use":"enc","key_ops":["verify"]"#,
                "`use` and `key_ops` of the JWK contradict each other",
            ),
            (
                OCT,
                r#""use":"sig","key_ops":["encrypt"]"#,
                "`use` and `key_ops` of the JWK contradict each other",
            ),
        ]);
        assert_eq!(refusal(r#"{"k":"AQ"}"#), "the JWK has no `kty`");
        assert_eq!(refusal(r#"{"kty":"oct"}"#), "the JWK has no `k`");
        assert_eq!(
            refusal(r#"{"kty":"oct","k":"AQ","\u006b":"AQ"}"#),
            "the JWK has a name `k` twice"
        );
    }

    #[test]
    fn a_secret_that_is_not_canonical_base64url_is_refused() {
        assert_refused(&[
            (
                OCT,
                r#""k":"""#,
                "the secret is empty: `k` of the JWK has no bytes",
            ),
            (
                OCT,
                r#""k":"AQ==""#,
                "`k` of the JWK is not base64url without padding",
            ),
            (
                OCT,
                r#""k":"AR""#,
                "`k` of the JWK is not base64url without padding",
            ),
            (
                OCT,
                r#""k":"+/+/""#,
                "`k` of the JWK is not base64url without padding",
            ),
            (
                OCT,
                r#""k":"AA\nAA""#,
                "`k` of the JWK is not base64url without padding",
            ),
            (OCT, r#""k":null"#, "`k` of the JWK is not a string"),
        ]);
    }

    #[test]
    fn points_and_private_keys_that_do_not_go_with_their_curve_are_refused() {
        assert_refused(&[
            (
                EC,
                r#""alg":"ES384""#,
                "the `alg` of the JWK is ES384, which does not go with an EC private key (P-256)",
            ),
            (
                EC,
                r#""crv":"P-384""#,
                "`x` of the JWK has 32 bytes, and 48 are needed",
            ),
            (
                EC,
                r#""crv":"P-224""#,
                "the JWK has a `crv` `P-224` that is not supported",
            ),
            (
                EC,
                r#""x":"AQ""#,
                "`x` of the JWK has 1 byte, and 32 are needed",
            ),
            (
                EC,
                r#""y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a4""#,
                "the point of the EC key is not on P-256",
            ),
            (
                EC,
                r#""d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LM""#,
                "the public half of the key does not belong to its private half",
            ),
            (
                ED,
                r#""d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LM""#,
                "the public half of the key does not belong to its private half",
            ),
            (
                ED,
                r#""x":"AQ""#,
                "`x` of the JWK has 1 byte, and 32 are needed",
            ),
            (
                ED,
                r#""crv":"X25519""#,
                "the key is for X25519, which agrees on secrets and does not sign",
            ),
            (
                ED,
                r#""crv":"Ed448""#,
                "the JWK has a `crv` `Ed448` that is not supported",
            ),
        ]);
    }

    #[test]
    fn an_rsa_key_that_lacks_a_number_or_has_a_wrong_one_is_refused() {
        assert_refused(&[
            (
                RSA,
                r#""alg":"HS256""#,
                "the `alg` of the JWK is HS256, which does not go with an RSA public key of 2048 bits",
            ),
            (
                RSA,
                r#""n":"AA""#,
                "the modulus or the exponent of the RSA key is zero",
            ),
            (
                RSA,
                r#""d":"AQAB""#,
                "the RSA private key has only `n`, `e` and `d`: its primes are needed too",
            ),
            (RSA, r#""d":"AQAB","p":"Aw""#, "the JWK has no `q`"),
            (
                RSA,
                r#""d":"AQAB","p":"Aw","oth":[]"#,
                "the RSA key has more than two primes (`oth`)",
            ),
            (
                RSA,
                r#""d":"AQAB","p":"Aw","q":"Aw","dp":"Aw","dq":"Aw","qi":"Aw""#,
                "the numbers of the RSA private key do not belong together",
            ),
        ]);
    }

    #[test]
    fn leading_zeros_of_a_modulus_change_nothing() {
        let padded = RSA
            .replace(r#""n":"o"#, r#""n":"AAAAo"#)
            .replace("AQAB", "AAABAAE");
        assert_eq!(
            one(&padded).unwrap().thumbprint(),
            one(RSA).unwrap().thumbprint()
        );
    }

    #[test]
    fn use_and_key_ops_decide_when_the_key_is_used() {
        let sign = |jwk: &str| one(jwk).unwrap().signer(Algorithm::HS256, false).err();
        let verify = |jwk: &str| one(jwk).unwrap().verifier(Algorithm::HS256, false).err();
        let enc = with(OCT, r#""use":"enc","alg":"dir""#);
        assert_eq!(
            sign(&enc).unwrap().message,
            "the key is not for signatures: its `use` is not `sig`"
        );
        assert_eq!(verify(&enc), sign(&enc));
        let signing = with(OCT, r#""key_ops":["sign"]"#);
        assert_eq!(sign(&signing), None);
        assert_eq!(
            verify(&signing).unwrap().message,
            "the key may not verify: its `key_ops` lacks `verify`"
        );
        let verifying = with(OCT, r#""use":"sig","key_ops":["verify","x-other"]"#);
        assert_eq!(verify(&verifying), None);
        assert!(sign(&verifying).is_some());
        assert!(!one(&verifying).unwrap().may_sign());
    }

    #[test]
    fn an_entry_of_a_set_that_cannot_be_read_is_passed_over_with_a_note() {
        let set = format!(r#"{{"keys":[{OCT},{{"kty":"XYZ"}},7,{EC}]}}"#);
        let keys = find(&set).unwrap().unwrap();
        assert!(keys.is_set);
        assert_eq!(keys.keys.len(), 2);
        assert_eq!(
            keys.notes,
            [
                "key 2 of the set is passed over: the JWK has a `kty` `XYZ` that is not supported",
                "key 3 of the set is passed over: the JWK has no `kty`",
            ]
        );
    }

    #[test]
    fn a_set_without_a_single_readable_key_is_refused() {
        let refusal = |text: &str| find(text).unwrap().unwrap_err().message;
        assert_eq!(refusal(r#"{"keys":[]}"#), "the JWK Set is empty");
        assert_eq!(
            refusal(r#"{"keys":[{"kty":"XYZ"}]}"#),
            "the JWK Set has no key that can be read: the JWK has a `kty` `XYZ` that is not supported"
        );
        assert_eq!(
            refusal(r#"{"keys":[],"keys":[]}"#),
            "the JWK Set has `keys` twice"
        );
        let many = format!(r#"{{"keys":[{}7]}}"#, "7,".repeat(MOST_KEYS));
        assert_eq!(refusal(&many), "the JWK Set has more than 10000 keys");
    }

    #[test]
    fn json_that_is_no_jwk_is_refused_with_a_hint_to_the_key_inside() {
        let hint = |text: &str| {
            let fault = find(text).unwrap().unwrap_err();
            assert_eq!(fault.message, "the content is JSON, but no JWK");
            fault.hint
        };
        let account =
            r#"{"type":"service_account","private_key":"-----BEGIN PRIVATE KEY-----\nM"}"#;
        assert_eq!(
            hint(account).unwrap(),
            "`jq -r .private_key key.json` takes the key out of it"
        );
        let nested = format!(r#"{{"a":1,"jwk":{OCT}}}"#);
        assert_eq!(
            hint(&nested).unwrap(),
            "`jq .jwk key.json` takes the key out of it"
        );
        let array = format!("[{OCT}]");
        assert_eq!(
            hint(&array).unwrap(),
            "`jq '{keys: .}' keys.json` makes a JWK Set of the array"
        );
        assert_eq!(hint(r#"{"apiVersion":"v1","kind":"Config"}"#), None);
        assert_eq!(hint("[]"), None);
    }

    #[test]
    fn what_begins_as_an_object_is_no_secret_but_other_text_may_be() {
        assert!(find(&OCT[..60]).unwrap().is_err());
        assert!(find("{a secret of at least 32 bytes}}}").is_none());
        assert!(find("a secret of at least 32 characters").is_none());
    }

    #[test]
    fn every_cut_and_every_changed_byte_is_survived() {
        for jwk in [RSA, EC, ED, OCT] {
            for len in 0..jwk.len() {
                assert!(find(&jwk[..len]).is_none_or(|found| found.is_err()));
            }
            for index in 0..jwk.len() {
                let mut changed = jwk.as_bytes().to_vec();
                changed[index] ^= 0x11;
                if let Ok(text) = std::str::from_utf8(&changed) {
                    let _ = find(text);
                }
            }
        }
    }
}
