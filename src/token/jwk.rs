//! A key in JSON: the JWK (RFC 7517 section 4), read strictly.
//!
//! A wrong member makes the whole key unusable, since a key that is misread is worse than one that
//! is not read. Members that are not known are ignored (RFC 7517 section 4).

use std::borrow::Cow;
use std::collections::HashSet;

use aws_lc_rs::rsa::{KeyPairComponents, PublicKeyComponents};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::text::count::counted;
use crate::token::advice::{Advice, JsonEdit, JsonPlace};
use crate::token::algorithm::{Algorithm, Curve, Family};
use crate::token::algorithm_name;
use crate::token::content;
use crate::token::der;
use crate::token::encoding::Encoding;
use crate::token::json::{Json, Kind};
use crate::token::jwks::Entry;
use crate::token::key::{Key, Saying, Usage};
use crate::token::key_fault::KeyFault;
use crate::token::material::{Material, without_zeros};
use crate::token::ml_dsa::SEED_LEN;

/// The members that are no saying about the key: its numbers, and those that are read for
/// themselves. One that another kind of key has is none either, and may be secret.
const NO_SAYINGS: &[&str] = &[
    "kty", "kid", "crv", "x", "y", "n", "e", "pub", "d", "p", "q", "dp", "dq", "qi", "oth", "k",
    "priv",
];

/// Reads one JWK (RFC 7517 section 4), public or private, and says what is odd about it.
///
/// A member that is missing, malformed, given twice or at odds with another is a fault, and so is
/// a kind of key that no signature algorithm takes.
pub(super) fn read(json: Json<'_>) -> Result<Entry, KeyFault> {
    if let Ok(Some(name)) = Json::parse_str(json.text()).map(|parsed| parsed.duplicate) {
        return Err(KeyFault::rejected(format!(
            "the JWK has a name{} twice",
            shown(&name)
        )));
    }
    let jwk = Jwk(json);
    let mut key = Key::from(jwk.material()?);
    key.kid = jwk.text("kid")?.map(Cow::into_owned);
    key.usage = jwk.usage()?;
    key.sayings = jwk.sayings();
    // Sets hold keys for encryption too, whose `alg` is no concern of a signature.
    if key.usage.signatures {
        key.alg = jwk.algorithm()?;
    }
    if key.usage.signatures || matches!(key.material, Material::MlDsa { .. }) {
        key.sayings.retain(|(name, _)| name != "alg");
    }
    match key.alg {
        Some(alg) if !key.allows(alg) => {
            let (name, kind) = (alg.name(), key.kind_words());
            let message = format!("the `alg` of the JWK is {name}, which does not go with {kind}");
            Err(KeyFault::rejected(message))
        }
        _ => {
            let oddity = jwk.oddity(&key);
            Ok((key, oddity))
        }
    }
}

/// A word of the JWK as a message may repeat it, with a space before it: nothing that is long
/// enough to be a key, or that a terminal could misread.
pub(super) fn shown(word: &str) -> String {
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

/// What `use` says of a key for signatures: RFC 7517 section 4.2, and section 4.2.2 of the SPIFFE
/// bundle.
const SIGNING: &[&str] = &["sig", "jwt-svid", "wit-svid"];

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

    /// What the JWK says of itself, whoever defined it (RFC 7517 section 4).
    fn sayings(&self) -> Vec<Saying> {
        let members = self.0.members();
        members
            .filter(|(name, _)| !NO_SAYINGS.contains(&name.as_ref()))
            .map(|(name, value)| {
                (
                    name.into_owned(),
                    Zeroizing::new(value.compact().into_owned()),
                )
            })
            .collect()
    }

    /// What other programs may not like about the JWK.
    fn oddity(&self, key: &Key) -> Option<String> {
        const NUMBERS: [(&str, &str); 2] = [("n", "section 6.3.1.1"), ("e", "section 2")];
        let padded = |name| match self.bytes(name) {
            Ok(Some(bytes)) => bytes.first() == Some(&0),
            _ => false,
        };
        if let Some((name, section)) = NUMBERS.iter().find(|(name, _)| padded(name)) {
            return Some(format!(
                "`{name}` of the JWK begins with a zero byte, which some refuse, AWS among them (RFC 7518 {section})"
            ));
        }
        // RFC 7517 section 4.7 wants the same key there, and some programs take that one.
        let certified = der::key_of_certificate(&self.first_certificate()?).ok()?;
        let is_other = !Key::from(certified).is_pair_of(key);
        is_other.then(|| {
            "the certificate in `x5c` of the JWK is one of another key, which is not used"
                .to_owned()
        })
    }

    /// The first certificate in `x5c`, in DER.
    fn first_certificate(&self) -> Option<Bytes> {
        let first = self.0.get("x5c")?.elements().next();
        Encoding::Base64.undo(first.and_then(Json::as_str)?.as_bytes())
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
        if let Some(certified) = self.certified() {
            return certified;
        }
        match &*needed("kty", self.text("kty")?)? {
            "RSA" => self.rsa(),
            "EC" => self.ec(),
            "OKP" => self.okp(),
            "oct" => self.oct(),
            "AKP" => self.akp(),
            other => Err(unsupported("kty", other)),
        }
    }

    /// The key of the first certificate in `x5c` (RFC 7517 section 4.7), where the JWK has no
    /// numbers of its own.
    fn certified(&self) -> Option<Result<Material, KeyFault>> {
        let is_number =
            |name: &str| NO_SAYINGS.contains(&name) && !matches!(name, "kty" | "kid" | "crv");
        self.0.get("x5c")?;
        if self.0.members().any(|(name, _)| is_number(&name)) {
            return None;
        }
        let material = match self.first_certificate() {
            Some(der) => der::key_of_certificate(&der),
            None => Err(KeyFault::rejected("no certificate in base64 stands there")),
        };
        Some(
            material
                .map_err(|fault| fault.after("`x5c` of the JWK cannot be read:"))
                .and_then(|material| self.agrees(material)),
        )
    }

    /// What the JWK says about its key must be true of the one in the certificate.
    fn agrees(&self, material: Material) -> Result<Material, KeyFault> {
        let (kty, crv) = material.kind();
        for (name, is) in [("kty", Some(kty)), ("crv", crv)] {
            let says = self.text(name)?;
            if says.as_deref().is_some_and(|says| Some(says) != is) {
                let kind = Key::from(material).kind_words();
                return Err(KeyFault::rejected(format!(
                    "`{name}` of the JWK does not go with its `x5c`, which certifies {kind}"
                )));
            }
        }
        Ok(material)
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
            return Err(KeyFault::rejected(message).hint(Advice::ExportPrimes));
        }
        let factor = |name| {
            let lacking = |fault: KeyFault| fault.hint(Advice::ExportPrimes);
            needed(name, self.bytes(name)?).map_err(lacking)
        };
        let (p, q) = (factor("p")?, factor("q")?);
        let (dp, dq, qi) = (factor("dp")?, factor("dq")?, factor("qi")?);
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
        let x = needed("x", self.bytes("x")?)?;
        let y = needed("y", self.bytes("y")?)?;
        let d = self.bytes("d")?;
        let width = curve.coordinate_len();
        let all = [("x", Some(&x)), ("y", Some(&y)), ("d", d.as_ref())];
        let mut given = all.into_iter().filter_map(|(name, n)| Some((name, n?)));
        if let Some((name, number)) = given.find(|(_, number)| number.len() != width) {
            return Err(wrong_width((name, number), (&x, &y, d.as_ref()), curve));
        }
        ec_key(curve, (&x, &y, d.as_ref()))
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
        let k = self.bytes("k").map_err(|fault| match self.text("k") {
            Ok(Some(text)) => fault.hint(hint_at_text(&text)),
            _ => fault,
        });
        let k = needed("k", k?)?;
        if k.is_empty() {
            return Err(KeyFault::weak(
                "the secret is empty: `k` of the JWK has no bytes",
            ));
        }
        if let Some(fault) = content::claimed(&k) {
            let message = format!("`k` of the JWK is no secret: {}", fault.message);
            return Err(KeyFault { message, ..fault });
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
        let unknown = |name: &str| {
            let fault = unsupported("alg", name);
            match algorithm_name::in_jose(name) {
                Some(meant) => fault.hint(Advice::NameAlgorithmOfKey(meant)),
                None => fault,
            }
        };
        let parse = |name: Cow<str>| Algorithm::parse(&name).ok_or_else(|| unknown(&name));
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
            Some(purpose) if SIGNING.contains(&purpose) => (true, has(ENCRYPTION)),
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

/// The numbers of an EC key: its point, and the private one.
type EcNumbers<'a> = (&'a Bytes, &'a Bytes, Option<&'a Bytes>);

fn ec_key(curve: Curve, (x, y, d): EcNumbers<'_>) -> Result<Material, KeyFault> {
    let point = [&[4], x.as_slice(), y.as_slice()].concat();
    match d {
        Some(d) => Material::ec_pair(curve, d, Some(&point)),
        None => Material::ec(curve, &point),
    }
}

/// The fault of a number that is not as wide as its curve: of zeros in front that were left off or
/// are too much, where with the right ones it is a key.
fn wrong_width((name, number): (&str, &Bytes), (x, y, d): EcNumbers<'_>, curve: Curve) -> KeyFault {
    let width = curve.coordinate_len();
    let resized = |number: &Bytes| {
        let bare = without_zeros(number);
        let zeros = vec![0; width.checked_sub(bare.len())?];
        Some(Zeroizing::new([&zeros, bare].concat()))
    };
    let is_key = || {
        let d = match d {
            Some(d) => Some(resized(d)?),
            None => None,
        };
        ec_key(curve, (&resized(x)?, &resized(y)?, d.as_ref())).ok()
    };
    let fault = |cause: &str| {
        let len = counted(number.len(), "byte");
        KeyFault::rejected(format!(
            "`{name}` of the JWK has {len}, and {width} are needed{cause}"
        ))
    };
    if is_key().is_none() {
        return fault("");
    }
    let section = if name == "d" { "6.2.2.1" } else { "6.2.1.2" };
    let zeros = width.abs_diff(number.len());
    let how = match (number.len() < width, zeros) {
        (true, 1) => "was left off",
        (true, _) => "were left off",
        (false, 1) => "is too much",
        (false, _) => "are too much",
    };
    let zeros = counted(zeros, "zero byte");
    fault(&format!(
        ": {zeros} in front {how} (RFC 7518 section {section})"
    ))
    .hint(Advice::WidenNumbers)
}

fn needed<T>(name: &str, member: Option<T>) -> Result<T, KeyFault> {
    member.ok_or_else(|| KeyFault::rejected(format!("the JWK has no `{name}`")))
}

/// What to do about a secret in a JWK that is not the base64url it should be.
fn hint_at_text(text: &str) -> Advice {
    let edit = match Encoding::Base64.undo(text.as_bytes()) {
        Some(_) => JsonEdit::RewriteSecret,
        None => JsonEdit::TakeSecret,
    };
    Advice::EditJson(JsonPlace::File, edit)
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
    use crate::token::pem::samples::{EC_CERTIFICATE, EC_PKCS8};

    const RSA: &str = r#"{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}"#;
    const EC: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#;
    const ED: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}"#;
    const OCT: &str = r#"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#;

    fn one(text: &str) -> Result<Key, KeyFault> {
        read(Json::parse(text.as_bytes()).unwrap().value).map(|(key, _)| key)
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
    fn an_rsa_private_key_with_some_of_its_numbers_is_told_what_to_bring() {
        for numbers in [r#""d":"AQAB""#, r#""d":"AQAB","p":"Aw","q":"Aw""#] {
            let jwk = RSA.replacen('{', &format!("{{{numbers},"), 1);
            let hint = one(&jwk).unwrap_err().hint;
            assert_eq!(hint, Some(Advice::ExportPrimes), "{numbers}");
        }
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
        let sign = |jwk: &str| one(jwk).unwrap().signing(Algorithm::HS256, false).err();
        let verify = |jwk: &str| one(jwk).unwrap().verifier(Algorithm::HS256, false).err();
        let enc = with(OCT, r#""use":"enc","alg":"dir""#);
        assert_eq!(
            sign(&enc).unwrap().message,
            "the key is not for signatures: its `use` is `enc`, not `sig`"
        );
        let odd = with(OCT, r#""use":"not \u001b a word""#);
        assert_eq!(
            sign(&odd).unwrap().message,
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
    fn the_keys_of_a_spiffe_bundle_are_for_signatures_where_they_are_for_jwts() {
        for (purpose, signs) in [("jwt-svid", true), ("wit-svid", true), ("x509-svid", false)] {
            let key = one(&with(ED, &format!(r#""use":"{purpose}""#))).unwrap();
            assert_eq!(key.may_sign(), signs, "{purpose}");
            assert_eq!(key.verifier(Algorithm::EdDSA, false).is_ok(), signs);
        }
        assert_eq!(
            refusal(&with(ED, r#""use":"jwt-svid","key_ops":["encrypt"]"#)),
            "`use` and `key_ops` of the JWK contradict each other"
        );
    }

    #[test]
    fn zeros_that_are_missing_in_front_of_a_number_are_named() {
        const Y: &str = "v-F2H_iiyig5MAwINZUPOEaknhlDTary98gVpKwxaac";
        let public = |x: &str| format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{Y}"}}"#);
        assert!(one(&public("AKikoXBgTRBd_rHbz6SE4Mg3jQZRLc3bXI9K0-cUb5U")).is_ok());
        for (x, message) in [
            (
                "qKShcGBNEF3-sdvPpITgyDeNBlEtzdtcj0rT5xRvlQ",
                "`x` of the JWK has 31 bytes, and 32 are needed: 1 zero byte in front was left off (RFC 7518 section 6.2.1.2)",
            ),
            (
                "AACopKFwYE0QXf6x28-khODIN40GUS3N21yPStPnFG-V",
                "`x` of the JWK has 33 bytes, and 32 are needed: 1 zero byte in front is too much (RFC 7518 section 6.2.1.2)",
            ),
            // It is another number, so the zeros are not the cause.
            (
                "qKShcGBNEF3-sdvPpITgyDeNBlEtzdtcj0rT5xRvlA",
                "`x` of the JWK has 31 bytes, and 32 are needed",
            ),
        ] {
            assert_eq!(refusal(&public(x)), message);
        }
        let private = r#"{"kty":"EC","crv":"P-521","x":"AUaApqXT3GfcuBxYM9TGqmn3xD4O0AuXqCfXTNKomZ_ewM8Dgx72mmsLZfaxMglGwrxjfjhEvVVjnK9L9TEkaO_u","y":"Abd-18GML-0UN87HDdT2G8IXJwJSGVQ_q4uoEqyC7J6JCBcyt7PT3P1ICOZTwWrJ9zMOeseGYwNKTQYbL9K5OcDD","d":"-Qtvgmgd9N8DALlB2naeYIyT0TIEt9BW7-xsvCQzVnj4Oq-u5_og4QWWXYyIiTgMBOJs_Cp_Ca-japxxC4ZVF1U"}"#;
        assert_eq!(
            refusal(private),
            "`d` of the JWK has 65 bytes, and 66 are needed: 1 zero byte in front was left off (RFC 7518 section 6.2.2.1)"
        );
        let whole = private.replace("\"-Qtvgmgd9N8DALlB2naeYIyT0TIEt9BW7-xsvCQzVnj4Oq-u5_og4QWWXYyIiTgMBOJs_Cp_Ca-japxxC4ZVF1U", "\"APkLb4JoHfTfAwC5Qdp2nmCMk9EyBLfQVu_sbLwkM1Z4-Dqvruf6IOEFll2MiIk4DATibPwqfwmvo2qccQuGVRdV");
        assert!(one(&whole).is_ok());
    }

    #[test]
    fn what_a_jwk_says_of_itself_stays() {
        let sayings = r#""use":"sig","x5t#S256":"AQ","ours":{"n": 1.50}"#;
        let text = with(RSA, &format!(r#"{sayings},"kid":"a""#));
        let shown = one(&text).unwrap().public_jwk().unwrap();
        let kept = r#""kid":"a","use":"sig","x5t#S256":"AQ","ours":{"n":1.50}}"#;
        assert!(shown.ends_with(kept), "{shown}");
        assert_eq!(one(&shown).unwrap().public_jwk().unwrap(), shown);

        let text = with(
            ED,
            &format!(
                r#"{sayings},"key_ops":["sign","verify"],"x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo""#
            ),
        );
        let key = one(&text).unwrap();
        let whole = key.whole_jwk().unwrap();
        assert!(
            whole.contains(r#""ours":{"n":1.50},"key_ops":["sign","verify"]"#),
            "{}",
            *whole
        );
        let public = key.public_jwk().unwrap();
        assert!(
            public.ends_with(r#""use":"sig","x5t#S256":"AQ","key_ops":["verify"]}"#),
            "{public}"
        );
        let half = key.public().unwrap();
        assert_eq!(half.public_jwk().unwrap(), public);
        assert!(half.verifier(Algorithm::EdDSA, false).is_ok());
    }

    #[test]
    fn a_key_says_once_that_it_is_for_signatures() {
        let declared = |members: &str| {
            let mut key = one(&with(RSA, members)).unwrap();
            key.declare_signing();
            key.public_jwk().unwrap()
        };
        for (members, purpose) in [
            (r#""kid":"a""#, r#","use":"sig"}"#),
            (r#""use":"sig""#, r#","use":"sig"}"#),
            (r#""use":"jwt-svid""#, r#","use":"jwt-svid"}"#),
        ] {
            let jwk = declared(members);
            assert!(
                jwk.ends_with(purpose) && jwk.matches("\"use\"").count() == 1,
                "{jwk}"
            );
        }
    }

    #[test]
    fn a_certificate_alone_gives_its_key() {
        let base64: String = EC_CERTIFICATE
            .lines()
            .filter(|l| !l.starts_with('-'))
            .collect();
        let jwk = |members: &str| format!(r#"{{"x5c":["{base64}"]{members}}}"#);
        let of_certificate = one(&jwk("")).unwrap();
        assert_eq!(of_certificate.kind_words(), "an EC public key (P-256)");
        let named = one(&jwk(r#","kty":"EC","crv":"P-256","kid":"a","use":"sig""#)).unwrap();
        assert_eq!(named.kid.as_deref(), Some("a"));
        assert_eq!(named.thumbprint(), of_certificate.thumbprint());
        for (members, message) in [
            (
                r#","kty":"RSA""#,
                "`kty` of the JWK does not go with its `x5c`, which certifies an EC public key (P-256)",
            ),
            (
                r#","kty":"EC","crv":"P-384""#,
                "`crv` of the JWK does not go with its `x5c`, which certifies an EC public key (P-256)",
            ),
            (r#","kty":"EC","x":"AQ""#, "the JWK has no `crv`"),
            (r#","kty":"EC","d":"AQ""#, "the JWK has no `crv`"),
        ] {
            assert_eq!(refusal(&jwk(members)), message);
        }
        for chain in [r#""AQ""#, "[]", "[1]", r#"["?"]"#] {
            assert_eq!(
                refusal(&format!(r#"{{"x5c":{chain}}}"#)),
                "`x5c` of the JWK cannot be read: no certificate in base64 stands there"
            );
        }
        // A key is no certificate, and a private one least of all.
        let pkcs8: String = EC_PKCS8.lines().filter(|l| !l.starts_with('-')).collect();
        assert_eq!(
            refusal(&format!(r#"{{"x5c":["{pkcs8}"]}}"#)),
            "`x5c` of the JWK cannot be read: the key is cut off or damaged: its DER is not whole"
        );
    }

    #[test]
    fn a_modulus_with_a_zero_byte_in_front_is_odd() {
        let oddity = |text: &str| read(Json::parse_str(text).unwrap().value).unwrap().1;
        assert_eq!(oddity(RSA), None);
        assert_eq!(
            oddity(&RSA.replace(r#""n":"o"#, r#""n":"AAAAo"#)).unwrap(),
            "`n` of the JWK begins with a zero byte, which some refuse, AWS among them (RFC 7518 section 6.3.1.1)"
        );
        assert!(
            oddity(&RSA.replace("AQAB", "AAABAAE"))
                .unwrap()
                .starts_with("`e` of the JWK")
        );
    }

    #[test]
    fn every_cut_and_every_changed_byte_is_survived() {
        for jwk in [RSA, EC, ED, OCT] {
            for len in 0..jwk.len() {
                assert!(Json::parse_str(&jwk[..len]).is_err());
            }
            for index in 0..jwk.len() {
                let mut changed = jwk.as_bytes().to_vec();
                changed[index] ^= 0x11;
                if let Ok(parsed) = Json::parse(&changed) {
                    let _ = read(parsed.value);
                }
            }
        }
    }
}
