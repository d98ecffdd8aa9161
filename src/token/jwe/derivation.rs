//! Keys that an application derives from its secret before it encrypts with them.

use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use zeroize::Zeroizing;

use crate::token::jwe::{Binding, ContentEncryption};
use crate::token::key::Key;
use crate::token::material::Material;

/// How an application derives its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Derivation {
    /// As NextAuth.js 4 and Auth.js 5 do for a cookie of this name.
    NextAuth {
        /// The name of the cookie.
        cookie: String,
    },
}

/// The length of a derived key.
struct Len(usize);

impl KeyType for Len {
    fn len(&self) -> usize {
        self.0
    }
}

impl Derivation {
    /// Reads `nextauth:COOKIE_NAME`; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Derivation> {
        let cookie = text.strip_prefix("nextauth:")?;
        (!cookie.is_empty()).then(|| Derivation::NextAuth {
            cookie: whole_cookie(cookie).to_owned(),
        })
    }

    /// The keys that it derives from a secret, the likely ones first; none from another kind of
    /// key.
    #[must_use]
    pub fn keys(&self, secret: &Key) -> Vec<Key> {
        use ContentEncryption::{A256CbcHs512, A256Gcm};
        let Material::Secret(secret) = &secret.material else {
            return Vec::new();
        };
        let Derivation::NextAuth { cookie } = self;
        let names = ["NextAuth.js", "Auth.js"];
        let [older, newer] = names.map(|name| format!("{name} Generated Encryption Key"));
        let of_cookie = |info: &str| format!("{info} ({cookie})");
        // NextAuth.js 4 derives the key of a session without a salt, and the keys of its other
        // cookies with one. Auth.js 5 always uses a salt, and by default derives a longer key.
        let mut ways = [
            ("", older.clone(), A256Gcm),
            (cookie, of_cookie(&older), A256Gcm),
            (cookie, of_cookie(&newer), A256CbcHs512),
            (cookie, of_cookie(&newer), A256Gcm),
        ];
        if !cookie.contains("next-auth") {
            ways.rotate_left(2);
        } else if !cookie.ends_with("session-token") {
            ways.swap(0, 1);
        }
        let keys = ways.iter().filter_map(|(salt, info, enc)| {
            let mut bytes = Zeroizing::new(vec![0; enc.key_len()]);
            let prk = Salt::new(HKDF_SHA256, salt.as_bytes()).extract(secret);
            let info = [info.as_bytes()];
            prk.expand(&info, Len(enc.key_len()))
                .and_then(|okm| okm.fill(&mut bytes))
                .ok()?;
            let mut key = Key::secret(bytes);
            key.usage.signatures = false;
            key.encryption = Binding::Derived(*enc);
            Some(key)
        });
        keys.collect()
    }
}

/// A cookie that is too long is sent in parts, each with a number after its name.
fn whole_cookie(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((whole, number))
            if !whole.is_empty()
                && number.bytes().all(|b| b.is_ascii_digit())
                && !number.is_empty() =>
        {
            whole
        }
        _ => name,
    }
}
