//! Reads a JWE: the compact form, and both JSON forms (RFC 7516 section 7).

use std::borrow::Cow;

use crate::token::compact::{Malformed, decode_header, decode_segment, decode_segment_into};
use crate::token::header_parts::{HeaderParts, lacking, object_of, read_json, text_of};
use crate::token::json::{Json, Kind, Object};
use crate::token::jwe::content_encryption::Sealed;

/// How many recipients a token may have.
pub const MOST_RECIPIENTS: usize = 100;

/// The four segments after the header of a JWE in the compact form, still encoded.
pub(super) struct Segments<'a> {
    encrypted_key: &'a [u8],
    iv: &'a [u8],
    ciphertext: &'a [u8],
    tag: &'a [u8],
}

impl<'a> Segments<'a> {
    /// Takes a text apart that has three dots.
    pub(super) fn of(text: &'a [u8]) -> Option<Self> {
        let mut dots = memchr::memchr_iter(b'.', text);
        let mut start = 0_usize;
        let mut next = || {
            let dot = dots.next()?;
            let segment = text.get(start..dot)?;
            start = dot.saturating_add(1);
            Some(segment)
        };
        let [encrypted_key, iv, ciphertext] = [next()?, next()?, next()?];
        let tag = text.get(start..)?;
        dots.next().is_none().then_some(Segments {
            encrypted_key,
            iv,
            ciphertext,
            tag,
        })
    }

    /// Decodes the content and the encrypted key into the memory of others.
    pub(super) fn decode_into(
        &self,
        sealed: &mut Sealed,
        encrypted_key: &mut Vec<u8>,
    ) -> Result<(), Malformed> {
        for (segment, what, bytes) in [
            (self.iv, IV, &mut sealed.iv),
            (self.ciphertext, CIPHERTEXT, &mut sealed.ciphertext),
            (self.tag, TAG, &mut sealed.tag),
            (self.encrypted_key, ENCRYPTED_KEY, encrypted_key),
        ] {
            bytes.clear();
            decode_segment_into(segment, what, bytes)?;
        }
        Ok(())
    }
}

/// A JWE in a JSON form that was taken apart.
pub(super) struct Message<'a> {
    /// The protected header, still encoded: it is authenticated with the content.
    protected_segment: Cow<'a, str>,
    protected: Option<Object>,
    /// The shared header, which is not authenticated.
    shared: Option<Json<'a>>,
    /// Other data that is authenticated, still encoded.
    aad: Option<Cow<'a, str>>,
    pub(super) sealed: Sealed,
    pub(super) recipients: Vec<Recipient<'a>>,
}

/// The part of a JWE for one recipient.
pub(super) struct Recipient<'a> {
    header: Option<Json<'a>>,
    pub(super) encrypted_key: Vec<u8>,
}

impl<'a> Message<'a> {
    /// Takes a text apart.
    pub(super) fn read(text: &'a str) -> Result<Self, Malformed> {
        let token = read_json(text)?;
        let protected_segment = text_of(token, "protected")?.unwrap_or_default();
        let protected = match protected_segment.is_empty() {
            true => None,
            false => Some(decode_header(&protected_segment)?),
        };
        let bytes = |name, what| match text_of(token, name)? {
            Some(segment) => decode_segment(&segment, what),
            None => Ok(Vec::new()),
        };
        let recipients = match token.get("recipients") {
            None => vec![Recipient::read(token)?],
            Some(list) if list.kind() == Kind::Array => {
                if token.get("header").or(token.get("encrypted_key")).is_some() {
                    return Err(Malformed::new(
                        "the token has `recipients`, and also the members of a single recipient (RFC 7516 section 7.2.2)",
                    ));
                }
                let all = list.elements().take(MOST_RECIPIENTS.saturating_add(1));
                all.map(Recipient::read).collect::<Result<Vec<_>, _>>()?
            }
            Some(other) => {
                return Err(Malformed::new(format!(
                    "`recipients` of the token is {}, not an array",
                    other.kind()
                )));
            }
        };
        if recipients.is_empty() || recipients.len() > MOST_RECIPIENTS {
            return Err(Malformed::new(format!(
                "the token must have 1 to {MOST_RECIPIENTS} `recipients`"
            )));
        }
        let message = Message {
            protected,
            protected_segment,
            shared: object_of(token, "unprotected")?,
            aad: text_of(token, "aad")?,
            sealed: Sealed {
                iv: bytes("iv", IV)?,
                ciphertext: bytes("ciphertext", CIPHERTEXT)?,
                tag: bytes("tag", TAG)?,
            },
            recipients,
        };
        if let Some(aad) = &message.aad {
            decode_segment(aad, "`aad`")?;
        }
        Ok(message)
    }

    /// What is authenticated with the content (RFC 7516 section 5.1 step 14).
    pub(super) fn aad(&self) -> Cow<'_, [u8]> {
        match &self.aad {
            None => Cow::Borrowed(self.protected_segment.as_bytes()),
            Some(aad) => Cow::Owned(format!("{}.{aad}", self.protected_segment).into_bytes()),
        }
    }

    /// The header of a recipient, as it stands there.
    pub(super) fn parts<'m>(&'m self, recipient: &Recipient<'m>) -> HeaderParts<'m> {
        HeaderParts {
            protected: self.protected.as_ref(),
            unprotected: [self.shared, recipient.header],
        }
    }

    /// The same; no name may stand in two of its parts (RFC 7516 section 4).
    pub(super) fn parameters<'m>(
        &'m self,
        recipient: &Recipient<'m>,
    ) -> Result<HeaderParts<'m>, Malformed> {
        let parameters = self.parts(recipient);
        parameters.check_names()?;
        Ok(parameters)
    }

    /// Refuses a token whose recipients would each read another content of it (RFC 7516 section 7.2.1).
    pub(super) fn check_encryption(&self) -> Result<(), Malformed> {
        let own = |recipient: &Recipient<'a>| {
            let enc = recipient.header.and_then(|header| header.get("enc"));
            enc.map(|enc| enc.as_str().unwrap_or_default())
        };
        let mut all = self.recipients.iter().map(own);
        let first = all.next().flatten();
        match all.all(|enc| enc == first) {
            true => Ok(()),
            false => Err(Malformed::new(
                "the recipients of the token differ in `enc`, which must be the same for all (RFC 7516 section 7.2.1)",
            )),
        }
    }

    /// The header of a recipient as one object.
    pub(super) fn header(&self, recipient: &Recipient<'_>) -> Result<Object, Malformed> {
        self.parameters(recipient)?.joined()
    }
}

impl<'a> Recipient<'a> {
    fn read(json: Json<'a>) -> Result<Self, Malformed> {
        if json.kind() != Kind::Object {
            return Err(Malformed::new(format!(
                "one of the token's `recipients` is {}, not an object",
                json.kind()
            )));
        }
        Ok(Recipient {
            header: object_of(json, "header")?,
            encrypted_key: match text_of(json, "encrypted_key")? {
                Some(segment) => decode_segment(&segment, ENCRYPTED_KEY)?,
                None => Vec::new(),
            },
        })
    }
}

const IV: &str = "initialization vector";
const CIPHERTEXT: &str = "ciphertext";
const TAG: &str = "authentication tag";
const ENCRYPTED_KEY: &str = "encrypted key";

/// The `alg` and the `enc` of a header.
pub(super) fn algorithms<'a>(
    header: &HeaderParts<'a>,
) -> Result<(Cow<'a, str>, Cow<'a, str>), Malformed> {
    Ok((
        header.text("alg")?.ok_or_else(|| lacking("alg"))?,
        header.text("enc")?.ok_or_else(|| lacking("enc"))?,
    ))
}
