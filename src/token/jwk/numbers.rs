//! The numbers of a JWK, for each kind of key.

use aws_lc_rs::rsa::{KeyPairComponents, PublicKeyComponents};
use zeroize::Zeroizing;

use crate::text::count::counted;
use crate::token::advice::{Advice, JsonEdit, JsonPlace};
use crate::token::algorithm::{Curve, Family};
use crate::token::content;
use crate::token::encoding::Encoding;
use crate::token::jwk::{Bytes, Jwk, needed, unsupported};
use crate::token::key_fault::KeyFault;
use crate::token::material::{Material, without_zeros};
use crate::token::ml_dsa::SEED_LEN;

impl Jwk<'_> {
    /// RFC 7518 section 6.3.
    #[expect(clippy::many_single_char_names, reason = "the names of RFC 7518")]
    pub(super) fn rsa(&self) -> Result<Material, KeyFault> {
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
    pub(super) fn ec(&self) -> Result<Material, KeyFault> {
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
    pub(super) fn okp(&self) -> Result<Material, KeyFault> {
        let crv = needed("crv", self.text("crv")?)?;
        let numbers = || -> Result<(Bytes, Option<Bytes>), KeyFault> {
            Ok((needed("x", self.sized("x", 32)?)?, self.sized("d", 32)?))
        };
        match &*crv {
            "Ed25519" => match numbers()? {
                (x, Some(d)) => Material::ed25519_pair(&d, Some(&x)),
                (x, None) => Material::ed25519(&x),
            },
            "X25519" => match numbers()? {
                (x, Some(d)) => Material::x25519_pair(&d, Some(&x)),
                (x, None) => Material::x25519(&x),
            },
            "X448" => {
                let message = "the key is for X448, which agrees on secrets and is not supported";
                Err(KeyFault::rejected(message))
            }
            other => Err(unsupported("crv", other)),
        }
    }

    /// RFC 7518 section 6.4.
    pub(super) fn oct(&self) -> Result<Material, KeyFault> {
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
            let message = format!("`k` of the JWK is not a secret: {}", fault.message);
            return Err(KeyFault { message, ..fault });
        }
        Ok(Material::Secret(k))
    }

    /// RFC 9964 section 3: `alg` says what kind of key it is, `priv` is the seed.
    pub(super) fn akp(&self) -> Result<Material, KeyFault> {
        let alg = needed("alg", self.algorithm()?)?;
        let Family::MlDsa(set) = alg.family() else {
            return Err(KeyFault::rejected(format!(
                "the `alg` of the JWK is {}, which does not fit a key of the type AKP",
                alg.name()
            )));
        };
        let public = needed("pub", self.sized("pub", set.public_len())?)?;
        match self.sized("priv", SEED_LEN)? {
            Some(seed) => Material::ml_dsa_pair(set, &seed, None, Some(&public)),
            None => Material::ml_dsa(set, &public),
        }
    }
}

/// The numbers of an EC key: those of its point, and the private one.
type EcNumbers<'a> = (&'a Bytes, &'a Bytes, Option<&'a Bytes>);

fn ec_key(curve: Curve, (x, y, d): EcNumbers<'_>) -> Result<Material, KeyFault> {
    let point = [&[4], x.as_slice(), y.as_slice()].concat();
    match d {
        Some(d) => Material::ec_pair(curve, d, Some(&point)),
        None => Material::ec(curve, &point),
    }
}

/// The fault of a number that is not as wide as its curve. Where it would be a key with zeros added
/// or removed in front, the fault says so.
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

/// What to do about a secret in a JWK that is not the base64url it should be.
fn hint_at_text(text: &str) -> Advice {
    let edit = match Encoding::Base64.undo(text.as_bytes()) {
        Some(_) => JsonEdit::RewriteSecret,
        None => JsonEdit::TakeSecret,
    };
    Advice::EditJson(JsonPlace::File, edit)
}
