//! Reading a token without trusting it.

use crate::text::time::Timestamp;
use crate::token::compact::{Compact, Jws, Malformed, decode_segment};
use crate::token::json::{Json, Kind, NotObject, Object};
use crate::token::warning::{self, Warning};

/// What a token says, with nothing checked but its form.
#[derive(Debug)]
pub struct Unverified {
    /// What kind of token it is.
    pub form: Form,
    /// The protected header.
    pub header: Object,
    /// The payload.
    pub payload: Payload,
    /// How many bytes the signature has; `None` where it is encrypted or not base64url.
    pub signature_bytes: Option<usize>,
}

/// The forms that are told apart.
#[derive(Debug)]
pub enum Form {
    /// Signed (RFC 7515), or unsecured.
    Jws,
    /// Encrypted (RFC 7516).
    Jwe,
    /// Signed, with claims disclosed one by one (RFC 9901).
    SdJwt {
        /// What the holder disclosed.
        disclosures: Vec<Disclosure>,
        /// Whether the holder's key binding token stands at the end.
        key_binding: bool,
    },
}

/// One disclosure of an SD-JWT (RFC 9901 section 4.2), not checked against the digests.
#[derive(Debug)]
pub enum Disclosure {
    /// A member of an object: its name, and its value as JSON text.
    Claim(String, String),
    /// An element of an array, as JSON text.
    Element(String),
    /// Not a disclosure.
    Unreadable,
}

/// The payload of a token.
#[derive(Debug)]
pub enum Payload {
    /// A JSON object.
    Claims(Object),
    /// Anything else, and why it is no claims set.
    Other(Vec<u8>, NotObject),
    /// Encrypted.
    Sealed,
}

/// Takes a token apart: every algorithm, also none, and also those nobody knows.
///
/// # Errors
/// [`Malformed`] where the form is broken, or the header is not a JSON object (RFC 7515 section 5.2).
pub fn decode(token: &str) -> Result<Unverified, Malformed> {
    match Compact::split(token)? {
        Compact::Jws(jws) => decode_jws(jws, Form::Jws),
        Compact::Jwe { header } => Ok(Unverified {
            form: Form::Jwe,
            header: decode_header(header)?,
            payload: Payload::Sealed,
            signature_bytes: None,
        }),
        Compact::SdJwt { jws, rest } => {
            let mut parts: Vec<&str> = rest.split('~').collect();
            let key_binding = parts.pop().is_some_and(|last| !last.is_empty());
            let disclosures = parts.into_iter().map(disclosure).collect();
            decode_jws(
                jws,
                Form::SdJwt {
                    disclosures,
                    key_binding,
                },
            )
        }
    }
}

fn decode_jws(jws: Jws<'_>, form: Form) -> Result<Unverified, Malformed> {
    let header = decode_header(jws.header)?;
    let bytes = decode_segment(jws.payload, "payload")?;
    let payload = match Object::parse_or_return(bytes) {
        Ok(claims) => Payload::Claims(claims),
        Err((bytes, why)) => Payload::Other(bytes, why),
    };
    Ok(Unverified {
        form,
        header,
        payload,
        signature_bytes: decode_segment(jws.signature, "signature")
            .ok()
            .map(|s| s.len()),
    })
}

/// Decodes the first segment of a token.
///
/// # Errors
/// [`Malformed`] where it is not base64url of a JSON object.
pub fn decode_header(segment: &str) -> Result<Object, Malformed> {
    let bytes = decode_segment(segment, "header")?;
    Object::parse(bytes).map_err(|why| {
        let malformed = Malformed::new(format!("the header is {why}"));
        match why {
            NotObject::NotJson(_) => {
                malformed.hint("a token begins with `ey`, the base64url of `{\"`: copy it whole")
            }
            NotObject::Kind(_) => malformed,
        }
    })
}

fn disclosure(segment: &str) -> Disclosure {
    let Ok(bytes) = decode_segment(segment, "disclosure") else {
        return Disclosure::Unreadable;
    };
    let Ok(parsed) = Json::parse(&bytes) else {
        return Disclosure::Unreadable;
    };
    let parts: Vec<Json<'_>> = parsed.value.elements().take(4).collect();
    match parts.as_slice() {
        [_, name, value] if name.kind() == Kind::String => Disclosure::Claim(
            name.as_str().unwrap_or_default().into_owned(),
            value.text().to_owned(),
        ),
        [_, value] => Disclosure::Element(value.text().to_owned()),
        _ => Disclosure::Unreadable,
    }
}

impl Unverified {
    /// The claims, where the payload is a JSON object.
    #[must_use]
    pub fn claims(&self) -> Option<Json<'_>> {
        match &self.payload {
            Payload::Claims(claims) => Some(claims.json()),
            Payload::Other(..) | Payload::Sealed => None,
        }
    }

    /// What a reader should know about the token, seen at a time.
    #[must_use]
    pub fn warnings(&self, now: Timestamp) -> Vec<Warning> {
        let mut warnings = warning::of_header(&self.header);
        match &self.payload {
            Payload::Claims(claims) => warnings.extend(warning::of_claims(claims, now)),
            Payload::Other(_, why) if !warning::is_nested(self.header.json()) => {
                let kind = match why {
                    NotObject::NotJson(_) => None,
                    NotObject::Kind(kind) => Some(*kind),
                };
                warnings.push(warning::payload_not_object(kind));
            }
            Payload::Other(..) | Payload::Sealed => {}
        }
        if self.signature_bytes.is_none() && !matches!(self.form, Form::Jwe) {
            warnings.push(Warning::new(
                "signature_unreadable",
                "the signature is not base64url: the token was cut, wrapped or edited",
            ));
        }
        warnings
    }
}
