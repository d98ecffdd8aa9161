//! Encrypts: takes content and the key of a recipient, and gives a token in the compact form.

use crate::token::claims::Members;
use crate::token::compact::{encode_segment, push_segment};
use crate::token::json::Json;
use crate::token::jwe::{ContentEncryption, KeyManagement, NoRandom, sender};
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

/// Whom tokens are encrypted to, and how.
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
            None => Err(key.unfit(
                algorithm.unwrap_or(KeyManagement::Dir),
                encryption.unwrap_or(ContentEncryption::A256Gcm),
            )),
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
        let made = sender::new_key(self.key, self.algorithm, self.encryption)?;
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
