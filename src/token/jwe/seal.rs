//! Encrypts: takes content and the key of a recipient, and gives a token in the compact form; or the keys of
//! several, and gives one in the general JSON form.

use crate::token::advice::Advice;
use crate::token::claims::Members;
use crate::token::compact::{encode_segment, push_segment};
use crate::token::json::{Json, quote};
use crate::token::jwe::{ContentEncryption, KeyManagement, NoRandom, random, sender};
use crate::token::key::Key;
use crate::token::key_fault::KeyFault;

/// Which algorithms are asked for; where none is, the key decides.
#[derive(Clone, Copy, Debug, Default)]
pub struct RecipientAsked {
    /// How the key of the content gets to its recipient.
    pub algorithm: Option<KeyManagement>,
    /// How the content is encrypted.
    pub encryption: Option<ContentEncryption>,
}

/// The recipient to whom tokens are encrypted, and how.
#[derive(Debug)]
pub struct Recipient<'k> {
    key: &'k Key,
    algorithm: KeyManagement,
    encryption: ContentEncryption,
}

impl<'k> Recipient<'k> {
    /// Takes the key of a recipient, public or shared, and what is asked for.
    ///
    /// # Errors
    /// [`KeyFault`] where the key does not fit what is asked for, is too weak, or is for another
    /// use.
    pub fn new(key: &'k Key, asked: RecipientAsked) -> Result<Self, KeyFault> {
        key.check_encryption(false)?;
        let RecipientAsked {
            algorithm,
            encryption,
        } = asked;
        match key.usual_encryption(algorithm, encryption) {
            Some((algorithm, encryption)) => Ok(Recipient {
                key,
                algorithm,
                encryption,
            }),
            None => Err(match algorithm {
                Some(asked) => key.unfit(asked, encryption.unwrap_or(ContentEncryption::A256Gcm)),
                None => key.unfit_for_all(encryption),
            }),
        }
    }

    /// Takes the key of one of several recipients; of these algorithms, or of all if there is none, the first
    /// by which several can get the key of one content.
    ///
    /// # Errors
    /// [`KeyFault`], as from [`Recipient::new`].
    pub fn among(
        key: &'k Key,
        algorithms: &[KeyManagement],
        encryption: ContentEncryption,
    ) -> Result<Self, KeyFault> {
        key.check_encryption(false)?;
        if let Some(direct) = algorithms.iter().find(|alg| alg.is_direct()) {
            return Err(KeyFault::rejected(format!(
                "{} is for one recipient only: it fixes the key of the content, and each recipient would have another one",
                direct.name()
            )));
        }
        let all = match algorithms {
            [] => KeyManagement::ALL,
            asked => asked,
        };
        let mut all = all.iter().copied().filter(|alg| !alg.is_direct());
        match all.find(|alg| key.fits(*alg, encryption)) {
            Some(algorithm) => Ok(Recipient {
                key,
                algorithm,
                encryption,
            }),
            None => Err(match algorithms.first() {
                Some(asked) => key.unfit(*asked, encryption),
                None => KeyFault::rejected(format!(
                    "{} cannot be used for several recipients: none of its algorithms can share the key of one content",
                    key.kind_words()
                ))
                .hint(Advice::TakeKeyManagement(Vec::new())),
            }),
        }
    }

    /// How the key of the content gets to the recipient.
    #[must_use]
    pub fn algorithm(&self) -> KeyManagement {
        self.algorithm
    }

    /// How the content is encrypted.
    #[must_use]
    pub fn encryption(&self) -> ContentEncryption {
        self.encryption
    }

    /// The first members of the header of a token.
    #[must_use]
    pub fn header(&self) -> Members<'static> {
        let mut header = Members::new();
        header.set_text("alg", self.algorithm.name());
        header.set_text("enc", self.encryption.name());
        header
    }

    /// Encrypts a content under a header that began as [`Recipient::header`], and adds to the
    /// header what the recipient needs (RFC 7516 section 5.1). Nothing is compressed.
    ///
    /// # Errors
    /// [`KeyFault`] where the system gives no random numbers.
    pub fn encrypt(&self, content: &[u8], header: Members<'_>) -> Result<String, KeyFault> {
        let made = sender::new_key(self.key, self.algorithm, self.encryption, None)?;
        let mut header = header;
        for (name, value) in &made.parameters {
            let parsed = Json::parse_str(value).map_err(|_| NoRandom)?;
            header.set(*name, parsed.value);
        }
        let mut token = encode_segment(header.text()).into_bytes();
        let key = self.encryption.key(&made.key).ok_or(NoRandom)?;
        let sealed = key.seal(&token, content)?;
        for part in [&made.encrypted, &sealed.iv, &sealed.ciphertext, &sealed.tag] {
            token.push(b'.');
            push_segment(part, &mut token);
        }
        // Letters of base64url and dots are UTF-8.
        String::from_utf8(token).map_err(|_| NoRandom.into())
    }
}

/// Encrypts a content once for several recipients, in the general JSON form (RFC 7516 section 7.2.1). Each
/// recipient is one of [`Recipient::among`], all with the same encryption of the content, and has a header of
/// its own with its algorithm, the ID of its key and what else it needs; the protected header has the rest.
///
/// # Errors
/// [`KeyFault`] where the recipients do not go together, or the system gives no random numbers.
pub fn encrypt_to_all(
    recipients: &[Recipient<'_>],
    content: &[u8],
    mut protected: Members<'_>,
) -> Result<String, KeyFault> {
    let first = recipients
        .first()
        .ok_or_else(|| KeyFault::rejected("there is no recipient"))?;
    let encryption = first.encryption;
    let differs = |one: &Recipient<'_>| one.encryption != encryption || one.algorithm.is_direct();
    if recipients.iter().any(differs) {
        return Err(KeyFault::rejected(
            "these algorithms cannot give several recipients the key of one content",
        ));
    }
    let content_key = random(encryption.key_len())?;
    let mut all = Vec::new();
    for one in recipients {
        let made = sender::new_key(one.key, one.algorithm, encryption, Some(&content_key))?;
        let mut header = Members::new();
        header.set_text("alg", one.algorithm.name());
        if let Some(kid) = &one.key.kid {
            header.set_text("kid", kid);
        }
        for (name, value) in &made.parameters {
            let parsed = Json::parse_str(value).map_err(|_| NoRandom)?;
            header.set(*name, parsed.value);
            // No name stands in two parts of a header (RFC 7516 section 7.2.1).
            protected.remove(name);
        }
        let (header, key) = (header.text(), quote(&encode_segment(&made.encrypted)));
        all.push(format!(r#"{{"header":{header},"encrypted_key":{key}}}"#));
    }
    for name in ["alg", "kid"] {
        protected.remove(name);
    }
    protected.set_text("enc", encryption.name());
    let protected = encode_segment(protected.text());
    let key = encryption.key(&content_key).ok_or(NoRandom)?;
    let sealed = key.seal(protected.as_bytes(), content)?;
    let [iv, ciphertext, tag] =
        [&sealed.iv, &sealed.ciphertext, &sealed.tag].map(|part| quote(&encode_segment(part)));
    Ok(format!(
        r#"{{"protected":{},"recipients":[{}],"iv":{iv},"ciphertext":{ciphertext},"tag":{tag}}}"#,
        quote(&protected),
        all.join(",")
    ))
}
