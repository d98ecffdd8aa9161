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

use crate::token::algorithm::{Algorithm, Curve};
use crate::token::json::{Json, Kind};
use crate::token::key::{Key, KeyFault, Keys, Material, Usage};

/// How many keys a set may hold.
const MOST_KEYS: usize = 10_000;

/// Reads text that is JSON, or a JWK that is damaged; `None` for any other text.
pub(super) fn find(text: &str) -> Option<Result<Keys, KeyFault>> {
    if !text.starts_with(['{', '[']) {
        return None;
    }
    match Json::parse(text.as_bytes()) {
        Ok(parsed) => Some(read_any(parsed.value)),
        Err(_) if text.contains("\"kty\"") => Some(Err(KeyFault::rejected(
            "the JWK is damaged: it is not well-formed JSON",
        ))),
        Err(_) => None,
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
/// # Errors
/// [`KeyFault`] for a JWK with a member that is missing, malformed, given twice or at odds with
/// another, and for kinds of keys that no signature algorithm takes.
pub fn read(json: Json) -> Result<Key, KeyFault> {
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
                "`{name}` of the JWK has {} bytes, and {len} are needed",
                bytes.len()
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
    KeyFault::rejected(format!(
        "the JWK has a `{name}`{value} that is not supported"
    ))
}
