//! A key in JSON: the JWK (RFC 7517 section 4), read strictly.
//!
//! A wrong member makes the whole key unusable: to misread a key is worse than not to read it.
//! Unknown members are ignored (RFC 7517 section 4).

mod numbers;

use std::borrow::Cow;
use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::text::count::counted;
use crate::token::advice::Advice;
use crate::token::algorithm::Algorithm;
use crate::token::algorithm_name;
use crate::token::der;
use crate::token::encoding::Encoding;
use crate::token::json::{Json, Kind};
use crate::token::jwe::Binding;
use crate::token::key::{Key, OtherMember, Usage};
use crate::token::key_fault::{KeyFault, shown};
use crate::token::material::Material;

/// The members that make up a key of any kind, and those with a reader of their own. All other
/// members of a JWK are kept as they are; none of these is, since it may be secret.
const KEY_MEMBERS: &[&str] = &[
    "kty", "kid", "crv", "x", "y", "n", "e", "pub", "d", "p", "q", "dp", "dq", "qi", "oth", "k",
    "priv",
];

/// A key, and what is odd about the way it is written.
pub(super) type Entry = (Key, Option<String>);

/// Reads one JWK (RFC 7517 section 4), public or private; also gives what is odd about it.
///
/// A member that is missing, malformed, repeated or in conflict with another is a fault, and so is
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
    key.other_members = jwk.other_members();
    key.encryption = jwk.encryption(&key)?;
    if key.encryption != Binding::Free {
        key.usage.signatures = false;
    }
    // Sets hold keys for encryption too; their `alg` does not matter for signatures.
    if key.usage.signatures {
        key.alg = jwk.algorithm()?;
    }
    if key.usage.signatures || matches!(key.material, Material::MlDsa { .. }) {
        key.other_members.retain(|(name, _)| name != "alg");
    }
    match key.alg {
        Some(alg) if !key.allows(alg) => {
            let (name, kind) = (alg.name(), key.kind_words());
            let message = format!("the `alg` of the JWK is {name}, which does not fit {kind}");
            Err(KeyFault::rejected(message))
        }
        _ => {
            let oddity = jwk.oddity(&key);
            Ok((key, oddity))
        }
    }
}

/// The values of `use` for signatures: RFC 7517 section 4.2, and section 4.2.2 of the SPIFFE
/// bundle.
const SIGNING: &[&str] = &["sig", "jwt-svid", "wit-svid"];

/// The bytes of a member.
type Bytes = Zeroizing<Vec<u8>>;

/// A JWK whose members are read one by one; members that may be absent are read as an [`Option`].
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
        let decode = |text: Cow<'_, str>| {
            let bytes = URL_SAFE_NO_PAD.decode(text.as_bytes());
            bytes.map(Zeroizing::new).map_err(|_| {
                let message = format!("`{name}` of the JWK is not base64url without padding");
                let fault = KeyFault::rejected(message);
                let is_base64 = text.contains(['+', '/', '='])
                    && Encoding::Base64.undo(text.as_bytes()).is_some();
                match is_base64 {
                    true => fault.hint(Advice::WriteBase64url),
                    false => fault,
                }
            })
        };
        self.text(name)?.map(decode).transpose()
    }

    /// The other members of the JWK, from whatever specification (RFC 7517 section 4).
    fn other_members(&self) -> Vec<OtherMember> {
        let members = self.0.members();
        members
            .filter(|(name, _)| !KEY_MEMBERS.contains(&name.as_ref()))
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
                "`{name}` of the JWK begins with a zero byte, which some programs refuse, such as AWS (RFC 7518 {section})"
            ));
        }
        // RFC 7517 section 4.7 wants the same key in the certificate, and some programs use that
        // one.
        let certified = der::key_of_certificate(&self.first_certificate()?).ok()?;
        let is_other = !Key::from(certified).is_pair_of(key);
        is_other.then(|| {
            "the certificate in `x5c` of the JWK is for another key, which is not used".to_owned()
        })
    }

    /// The first certificate in `x5c`, in DER.
    fn first_certificate(&self) -> Option<Bytes> {
        let first = self.0.get("x5c")?.elements().next();
        Encoding::Base64.undo(first.and_then(Json::as_str)?.as_bytes())
    }

    /// Bytes whose length the kind of key fixes.
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
            |name: &str| KEY_MEMBERS.contains(&name) && !matches!(name, "kty" | "kid" | "crv");
        self.0.get("x5c")?;
        if self.0.members().any(|(name, _)| is_number(&name)) {
            return None;
        }
        let material = match self.first_certificate() {
            Some(der) => der::key_of_certificate(&der),
            None => Err(KeyFault::rejected("there is no certificate in base64")),
        };
        Some(
            material
                .map_err(|fault| fault.after("`x5c` of the JWK cannot be read:"))
                .and_then(|material| self.agrees(material)),
        )
    }

    /// What the JWK says about its key must be true of the key in the certificate.
    fn agrees(&self, material: Material) -> Result<Material, KeyFault> {
        let (kty, crv) = material.kind();
        for (name, is) in [("kty", Some(kty)), ("crv", crv)] {
            let says = self.text(name)?;
            if says.as_deref().is_some_and(|says| Some(says) != is) {
                let kind = Key::from(material).kind_words();
                return Err(KeyFault::rejected(format!(
                    "`{name}` of the JWK does not fit its `x5c`, which certifies {kind}"
                )));
            }
        }
        Ok(material)
    }

    /// The `alg` of a key for encryption. Without a `use`, a key counts as one for encryption if
    /// its `alg` is known.
    fn encryption(&self, key: &Key) -> Result<Binding, KeyFault> {
        if !key.usage.encryption {
            return Ok(Binding::Free);
        }
        let Some(name) = self.text("alg")? else {
            return Ok(Binding::Free);
        };
        let binding = Binding::parse(&name);
        Ok(match key.usage.signatures && !binding.is_known() {
            true => Binding::Free,
            false => binding,
        })
    }

    fn algorithm(&self) -> Result<Option<Algorithm>, KeyFault> {
        let unknown = |name: &str| {
            if Binding::parse(name).is_known() {
                let message = format!(
                    "the `alg`{} of the JWK encrypts, and its `use` is for signatures",
                    shown(name)
                );
                return KeyFault::rejected(message).hint(Advice::CorrectUse);
            }
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
        const OPENING: &[&str] = &["decrypt", "unwrapKey", "deriveKey", "deriveBits"];
        // The public half of a key that agrees on secrets has no operation of its own.
        const SEALING: &[&str] = &["encrypt", "wrapKey", "deriveKey", "deriveBits"];
        let purpose = self.text("use")?;
        let operations = self.operations()?;
        let has = |names: &[&str]| {
            operations
                .as_ref()
                .is_some_and(|given| names.iter().any(|name| given.contains(*name)))
        };
        let (signs, contrary) = match purpose.as_deref() {
            Some(purpose) if SIGNING.contains(&purpose) => (true, has(OPENING) || has(SEALING)),
            Some("enc") => (false, has(SIGNATURE)),
            other => (other.is_none(), false),
        };
        if contrary {
            return Err(KeyFault::rejected(
                "`use` and `key_ops` of the JWK contradict each other",
            ));
        }
        Ok(Usage {
            signatures: signs,
            sign: operations.is_none() || has(&["sign"]),
            verify: operations.is_none() || has(&["verify"]),
            encryption: matches!(purpose.as_deref(), None | Some("enc")),
            open: operations.is_none() || has(OPENING),
            seal: operations.as_ref().is_none_or(HashSet::is_empty) || has(SEALING),
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
mod tests;
