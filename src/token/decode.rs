//! Reading a token without trusting it.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

use crate::text::time::Timestamp;
use crate::token::advice::{Advice, TokenAdvice};
use crate::token::chain;
use crate::token::claims_in_header;
use crate::token::compact::{Compact, Jws, Malformed, decode_segment, without_padding};
use crate::token::json::{Json, Kind, NotObject, Object};
use crate::token::jwe::{self, DecryptionKeys, MOST_NESTED, Opened, Opener};
use crate::token::jws_json;
use crate::token::profile::conformance;
use crate::token::profile::protocol::Protocol;
use crate::token::refusal::Refusal;
use crate::token::sd_jwt;
use crate::token::warning::{self, Warning};

pub use crate::token::compact::decode_header;

/// What a token says, with nothing checked but its form.
#[derive(Debug)]
#[non_exhaustive]
pub struct Unverified<'a> {
    /// What kind of token it is.
    pub form: TokenForm<'a>,
    /// The protected header.
    pub header: Object,
    /// The payload.
    pub payload: Payload,
    /// How many bytes the signature has; `None` where it is encrypted or not base64url.
    pub signature_bytes: Option<usize>,
    /// Whether a segment keeps its padding, which base64url in a JWS has not (RFC 7515 section 2).
    pub padded: bool,
    /// How an encrypted token was opened; the payload is then what was inside.
    pub opened: Option<OpenedWith>,
    /// Every signature of a token in a JSON form (RFC 7515 section 7.2), of which the first is that of
    /// the header above; none of any other.
    pub signatures: Vec<UnverifiedSignature>,
    /// Every recipient of an encrypted token in a JSON form (RFC 7516 section 7.2); none of any other.
    pub recipients: Vec<UnverifiedRecipient>,
}

/// A recipient of an encrypted token in a JSON form.
#[derive(Debug)]
#[non_exhaustive]
pub struct UnverifiedRecipient {
    /// All parameters for this recipient.
    pub header: Object,
    /// Whether the token was opened as this recipient opens it.
    pub opened: bool,
}

/// A signature of a token in a JSON form.
#[derive(Debug)]
#[non_exhaustive]
pub struct UnverifiedSignature {
    /// Its header, as far as it is signed and beyond that.
    pub header: Object,
    /// The names in the header that are not signed.
    pub unsigned: Vec<String>,
    /// How many bytes the signature has; `None` where it is not base64url.
    pub signature_bytes: Option<usize>,
}

impl UnverifiedSignature {
    fn of(signature: &jws_json::Signature<'_>) -> Result<Self, Malformed> {
        let (protected, unprotected) = (signature.protected()?, signature.unprotected());
        let unsigned = unprotected.into_iter().flat_map(Json::members);
        let unsigned = unsigned.filter(|(name, _)| !jws_json::OF_SD_JWT.contains(&&**name));
        Ok(UnverifiedSignature {
            header: jws_json::joined(protected.as_ref(), unprotected)?,
            unsigned: unsigned.map(|(name, _)| name.into_owned()).collect(),
            signature_bytes: signature_bytes(&signature.segment),
        })
    }
}

fn signature_bytes(segment: &str) -> Option<usize> {
    decode_segment(segment, "signature").ok().map(|s| s.len())
}

/// How an encrypted token was opened.
#[derive(Debug)]
#[non_exhaustive]
pub struct OpenedWith {
    /// Where the key came from, in words safe for a terminal.
    pub key: String,
    /// Whether the key is a secret that the sender has too.
    pub is_shared: bool,
    /// The token that was inside; its payload is the payload of the whole.
    pub nested: Option<String>,
}

/// The forms of a token.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum TokenForm<'a> {
    /// Signed (RFC 7515), or unsecured.
    Jws,
    /// A text that begins as a signed token, but is not one.
    Start,
    /// Encrypted (RFC 7516).
    Jwe,
    /// Signed, with claims disclosed one by one (RFC 9901).
    SdJwt {
        /// What the holder disclosed.
        disclosures: Disclosures<'a>,
        /// The proof of the holder's key that stands at the end (RFC 9901 section 4.3).
        key_binding: Option<Cow<'a, str>>,
    },
}

/// The disclosures of an SD-JWT as they stand in its text, each followed by a tilde; each is read when it is
/// needed.
#[derive(Clone, Debug)]
pub struct Disclosures<'a>(Cow<'a, str>);

impl<'a> Disclosures<'a> {
    /// Of a token with more disclosures, only the first ones are read.
    pub const MOST: usize = 10_000;

    /// Splits what follows the first tilde; also gives the proof of the holder's key that ends it.
    fn of(rest: &'a str) -> (Self, Option<Cow<'a, str>>) {
        let end = rest.rfind('~').map_or(0, |last| last.saturating_add(1));
        let (disclosures, last) = rest.split_at_checked(end).unwrap_or_default();
        let proof = (!last.is_empty()).then_some(last.into());
        (Disclosures(disclosures.into()), proof)
    }

    /// Reads them one by one, no more than [`Disclosures::MOST`].
    pub fn iter(&self) -> impl Iterator<Item = Disclosure> {
        self.segments().take(Self::MOST).map(Disclosure::read)
    }

    fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.split_terminator('~')
    }

    fn into_owned(self) -> Disclosures<'static> {
        Disclosures(Cow::Owned(self.0.into_owned()))
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.bytes().filter(|byte| *byte == b'~').count()
    }
}

/// One disclosure of an SD-JWT (RFC 9901 section 4.2), not checked against the digests.
#[derive(Debug)]
#[non_exhaustive]
pub struct Disclosure {
    /// Its JSON, if it is any.
    text: Option<String>,
}

/// What a disclosure discloses.
#[derive(Debug)]
#[non_exhaustive]
pub enum Disclosed<'a> {
    /// A member of an object.
    Claim(Cow<'a, str>, Json<'a>),
    /// An element of an array.
    Element(Json<'a>),
    /// Nothing: it is not a disclosure.
    Nothing,
}

impl Disclosure {
    fn read(segment: &str) -> Self {
        let bytes = decode_segment(segment, "disclosure").ok();
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
        Disclosure {
            text: text.filter(|text| Json::parse_str(text).is_ok()),
        }
    }

    /// What it discloses.
    #[must_use]
    pub fn content(&self) -> Disclosed<'_> {
        let parsed = self.text.as_deref().map(Json::parse_str);
        let Some(Ok(parsed)) = parsed else {
            return Disclosed::Nothing;
        };
        let parts: Vec<Json<'_>> = parsed.value.elements().take(4).collect();
        match parts.as_slice() {
            [_, name, value] if name.kind() == Kind::String => {
                Disclosed::Claim(name.as_str().unwrap_or_default(), *value)
            }
            [_, value] => Disclosed::Element(*value),
            _ => Disclosed::Nothing,
        }
    }
}

/// The payload of a token.
#[derive(Debug)]
#[non_exhaustive]
pub enum Payload {
    /// A JSON object.
    Claims(Object),
    /// Anything else, and why it is not a claims set.
    Other(Vec<u8>, NotObject),
    /// Encrypted.
    Sealed,
}

/// Whether a text is a token in a JSON form: signed (RFC 7515 section 7.2) or encrypted (RFC 7516
/// section 7.2).
#[must_use]
pub fn is_json(text: &str) -> bool {
    jwe::is_json(text) || jws_json::is_one(text)
}

/// Takes a token apart, whatever its algorithm: also `none`, and one that nobody knows.
///
/// # Errors
/// [`Malformed`] where the form is broken, or the header is not a JSON object (RFC 7515 section 5.2).
pub fn decode(token: &str) -> Result<Unverified<'_>, Malformed> {
    if jwe::is_json(token) {
        let recipients = recipients(token, None)?;
        let no_recipient = || Malformed::new("the token has no recipient");
        let first = recipients.first().ok_or_else(no_recipient)?;
        let sealed = sealed(first.header.clone());
        return Ok(Unverified {
            recipients,
            ..sealed
        });
    }
    if jws_json::is_one(token) {
        return decode_json(token);
    }
    match Compact::split(token)? {
        Compact::Jws(jws) => decode_jws(jws, TokenForm::Jws),
        Compact::Jwe { header } => Ok(sealed(header)),
        Compact::SdJwt { jws, rest } => {
            let (disclosures, key_binding) = Disclosures::of(rest);
            decode_jws(
                jws,
                TokenForm::SdJwt {
                    disclosures,
                    key_binding,
                },
            )
        }
    }
}

/// Takes a signed token in a JSON form apart.
fn decode_json(token: &str) -> Result<Unverified<'static>, Malformed> {
    let message = jws_json::Message::read(token)?;
    let signatures = message.signatures.iter().map(UnverifiedSignature::of);
    let signatures = signatures.collect::<Result<Vec<_>, _>>()?;
    let no_signature = || Malformed::new("the token has no signature");
    let first = signatures.first().ok_or_else(no_signature)?;
    let form = match message.presented()? {
        None => TokenForm::Jws,
        Some(rest) => {
            let (disclosures, key_binding) = Disclosures::of(rest.trim_start_matches('~'));
            TokenForm::SdJwt {
                disclosures: disclosures.into_owned(),
                key_binding: key_binding.map(|proof| proof.into_owned().into()),
            }
        }
    };
    Ok(Unverified {
        form,
        header: first.header.clone(),
        payload: payload_of(message.payload_bytes()?),
        signature_bytes: first.signature_bytes,
        padded: false,
        opened: None,
        signatures,
        recipients: Vec::new(),
    })
}

/// The recipients of an encrypted token in a JSON form, one of whom may have opened it.
fn recipients(token: &str, opened: Option<usize>) -> Result<Vec<UnverifiedRecipient>, Malformed> {
    let headers = jwe::headers_of(token)?.into_iter().enumerate();
    let all = headers.map(|(number, header)| UnverifiedRecipient {
        header,
        opened: opened == Some(number),
    });
    Ok(all.collect())
}

/// An encrypted token whose header can be read.
fn sealed(header: Object) -> Unverified<'static> {
    Unverified {
        form: TokenForm::Jwe,
        header,
        payload: Payload::Sealed,
        signature_bytes: None,
        padded: false,
        opened: None,
        signatures: Vec::new(),
        recipients: Vec::new(),
    }
}

/// Opens an encrypted token: its payload is then what is inside, or the payload of the token inside, and
/// nothing in that is checked.
///
/// # Errors
/// [`Refusal`] where it does not open.
pub fn open(token: &str, keys: &DecryptionKeys) -> Result<Unverified<'static>, Refusal> {
    let mut opener = Opener::new(keys);
    let opened = opener.open(token)?;
    shown(token, opened, &mut opener)
}

/// The same for one of many texts; `None` if it is no encrypted token.
#[cfg(feature = "cli")]
pub(crate) fn open_if_encrypted(
    text: &str,
    opener: &mut Opener<'_>,
) -> Option<Result<Unverified<'static>, Refusal>> {
    let opened = opener.open_if_encrypted(text)?;
    Some(opened.and_then(|opened| shown(text, opened, opener)))
}

/// The same for a text that is a bare token with the header of the one that was opened last; `None` for any
/// other text, which may be no encrypted token.
#[cfg(feature = "cli")]
pub(crate) fn open_like_last(
    text: &[u8],
    opener: &mut Opener<'_>,
) -> Option<Result<Unverified<'static>, Refusal>> {
    let opened = opener.open_like_last(text)?;
    Some(opened.and_then(|opened| unpacked(opened, opener, MOST_NESTED)))
}

/// A token that was opened, with its recipients.
fn shown(
    text: &str,
    opened: Opened<'_>,
    opener: &mut Opener<'_>,
) -> Result<Unverified<'static>, Refusal> {
    let recipients = match opened.recipient {
        None => Vec::new(),
        which => recipients(text, which)?,
    };
    Ok(Unverified {
        recipients,
        ..unpacked(opened, opener, MOST_NESTED)?
    })
}

/// What is inside of a token that was opened.
fn unpacked(
    opened: Opened<'_>,
    opener: &mut Opener<'_>,
    left: usize,
) -> Result<Unverified<'static>, Refusal> {
    let (header, key, is_shared) = (Arc::clone(&opened.header), opened.key, opened.is_shared);
    let mut opened_with = OpenedWith {
        key: key.to_owned(),
        is_shared,
        nested: None,
    };
    let payload = match inside(opened) {
        Err(payload) => payload,
        Ok(inner) => {
            let token = decode(&inner).map_err(|why| Malformed {
                message: format!("the content is not a token: {}", why.message),
                hint: None,
            })?;
            if let TokenForm::Jwe = token.form {
                let left = left.checked_sub(1).filter(|left| *left > 0);
                let left = left.ok_or_else(|| {
                    Malformed::new(format!(
                        "more than {MOST_NESTED} encrypted tokens are nested in each other"
                    ))
                })?;
                let opened = opener.open(&inner)?;
                let token = unpacked(opened, opener, left)?;
                opened_with = token.opened.unwrap_or(opened_with);
                token.payload
            } else {
                let payload = token.payload;
                opened_with.nested = Some(inner);
                payload
            }
        }
    };
    Ok(Unverified {
        payload,
        opened: Some(opened_with),
        ..sealed(Arc::unwrap_or_clone(header))
    })
}

/// The token inside of one that was opened, or else what its content is.
fn inside(opened: Opened<'_>) -> Result<String, Payload> {
    if !opened.content.starts_with(b"{") {
        return opened.into_nested().map_err(payload_of);
    }
    // Most are claims, and those are read once.
    let payload = payload_of(opened.content);
    match &payload {
        Payload::Claims(object)
            if ["ciphertext", "signature", "signatures"]
                .iter()
                .any(|name| object.get(name).is_some())
                && is_json(object.json().text()) =>
        {
            Ok(object.json().text().to_owned())
        }
        _ => Err(payload),
    }
}

fn payload_of(bytes: Vec<u8>) -> Payload {
    match Object::parse_or_return(bytes) {
        Ok(claims) => Payload::Claims(claims),
        Err((bytes, why)) => Payload::Other(bytes, why),
    }
}

fn decode_jws<'a>(jws: Jws<'a>, form: TokenForm<'a>) -> Result<Unverified<'a>, Malformed> {
    if jws.is_padded_in_part() {
        return Err(
            Malformed::new("some segments keep their padding (`=`) and some have lost it")
                .hint(Advice::Token(TokenAdvice::CopyPadding)),
        );
    }
    let bare = [jws.header, jws.payload, jws.signature].map(without_padding);
    let [header, payload, signature] = bare;
    let header = decode_header(header)?;
    let bytes = decode_segment(payload, "payload")?;
    Ok(Unverified {
        form,
        header,
        payload: payload_of(bytes),
        opened: None,
        signature_bytes: signature_bytes(signature),
        padded: jws.is_padded(),
        signatures: Vec::new(),
        recipients: Vec::new(),
    })
}

/// Takes a proof of the holder's key apart.
fn decode_proof(proof: &str) -> Result<Unverified<'_>, Malformed> {
    if !proof.contains('.') {
        return Err(sd_jwt::no_proof());
    }
    let Compact::Jws(jws) = Compact::split(proof)? else {
        return Err(Malformed::new("it is not a signed token"));
    };
    let proof = decode_jws(jws, TokenForm::Jws)?;
    match proof.payload {
        Payload::Claims(_) => Ok(proof),
        _ => Err(Malformed::new("its payload is not a JSON object")),
    }
}

/// What can be read of a text that begins as a token but is not one, since it is cut or something follows it:
/// a header that is a JSON object, and claims.
#[must_use]
pub fn decode_start(text: &str) -> Option<Unverified<'_>> {
    let mut segments = text.splitn(3, '.');
    let header = without_padding(segments.next()?);
    let payload = segments.next()?.trim_end_matches('…');
    let header = decode_header(header).ok()?;
    let claims = decode_segment(without_padding(payload), "payload").ok()?;
    Some(Unverified {
        form: TokenForm::Start,
        header,
        payload: Payload::Claims(Object::parse(claims).ok()?),
        signature_bytes: None,
        padded: false,
        opened: None,
        signatures: Vec::new(),
        recipients: Vec::new(),
    })
}

impl Unverified<'_> {
    /// The claims, where the payload is a JSON object.
    #[must_use]
    pub fn claims(&self) -> Option<Json<'_>> {
        self.claims_object().map(Object::json)
    }

    /// The claims of an SD-JWT with the disclosed values in place of their digests (RFC 9901 section 7.1);
    /// `None` for any other token.
    ///
    /// # Errors
    /// [`Malformed`] where the disclosures do not belong to the token.
    #[must_use]
    pub fn disclosed_claims(&self) -> Option<Result<Object, Malformed>> {
        let TokenForm::SdJwt { disclosures, .. } = &self.form else {
            return None;
        };
        let all: Vec<&str> = disclosures.segments().collect();
        let claims = sd_jwt::reassemble(self.claims()?, &all);
        let read = |claims: String| {
            let claims = Object::parse(claims.into_bytes());
            claims.map_err(|why| Malformed::new(format!("the payload is {why}")))
        };
        Some(claims.and_then(read))
    }

    /// The proof of the holder's key of an SD-JWT, taken apart and not checked (RFC 9901 section 4.3); `None`
    /// for a token without one.
    ///
    /// # Errors
    /// [`Malformed`] where what stands in its place is no signed token with claims.
    #[must_use]
    pub fn key_binding(&self) -> Option<Result<Unverified<'_>, Malformed>> {
        let TokenForm::SdJwt { key_binding, .. } = &self.form else {
            return None;
        };
        key_binding.as_deref().map(decode_proof)
    }

    fn claims_object(&self) -> Option<&Object> {
        match &self.payload {
            Payload::Claims(claims) => Some(claims),
            Payload::Other(..) | Payload::Sealed => None,
        }
    }

    /// What a reader should know about the header alone, and how it agrees with the claims.
    #[cfg(feature = "cli")]
    pub(crate) fn header_warnings(&self) -> Vec<Warning> {
        self.warnings_of_header(None, self.claims_object())
    }

    fn warnings_of_header(
        &self,
        protocol: Option<Protocol>,
        claims: Option<&Object>,
    ) -> Vec<Warning> {
        let mut warnings = warning::of_header(&self.header, protocol);
        for (number, signature) in self.signatures.iter().enumerate() {
            if number > 0 {
                let others = warning::of_header(&signature.header, protocol);
                warnings.extend(others);
            }
            warnings.extend(warning::unsigned(&signature.unsigned));
        }
        for recipient in &self.recipients {
            warnings.extend(warning::of_header(&recipient.header, protocol));
        }
        warnings.extend(chain::out_of_order_in(&self.header));
        let opened = self.opened.as_ref();
        if opened.is_some_and(|opened| opened.nested.is_some()) {
            warnings.extend(jwe::nested_without_cty(&self.header));
        }
        let mut seen = HashSet::new();
        let has_others = self.signatures.len() > 1 || !self.recipients.is_empty();
        warnings.retain(|warning| !has_others || seen.insert(warning.message.clone()));
        if !matches!(self.payload, Payload::Sealed) {
            warnings.extend(claims_in_header::times(&self.header, claims));
        }
        if let (TokenForm::Jwe, Some(claims)) = (&self.form, claims) {
            warnings.extend(claims_in_header::parties(&self.header, claims));
        }
        warnings
    }

    /// What a reader should know about the token at this time.
    #[must_use]
    pub fn warnings(&self, now: Timestamp) -> Vec<Warning> {
        let claims = self.claims_object();
        let protocol = Protocol::of(&self.header, claims);
        let mut warnings = self.warnings_of_header(protocol, claims);
        match &self.payload {
            Payload::Claims(claims) => {
                warnings.extend(warning::of_claims(claims, protocol, now));
                if let Some(protocol) = protocol {
                    warnings.extend(conformance::warnings(protocol, &self.header, claims, now));
                }
            }
            Payload::Other(_, why) if !warning::is_nested(&self.header) => {
                let kind = match why {
                    NotObject::NotJson(_) => None,
                    NotObject::Kind(kind) => Some(*kind),
                };
                warnings.push(warning::payload_not_object(kind));
            }
            Payload::Other(..) | Payload::Sealed => {}
        }
        let is_unreadable = |signature: &UnverifiedSignature| signature.signature_bytes.is_none();
        let is_unreadable =
            self.signature_bytes.is_none() || self.signatures.iter().any(is_unreadable);
        if is_unreadable && !matches!(self.form, TokenForm::Jwe | TokenForm::Start) {
            warnings.push(Warning::new(
                "signature_unreadable",
                "the signature is not base64url: the token was cut, wrapped or edited",
            ));
        }
        if self.padded {
            warnings.push(Warning::new(
                "padding",
                "the token keeps the padding of base64 (`=`), which it must not (RFC 7515 section 2); \
                 if it was signed with it, it cannot be verified without",
            ));
        }
        self.warn_of_disclosures(&mut warnings);
        warnings
    }

    /// What of an SD-JWT a verifier refuses whatever its key.
    fn warn_of_disclosures(&self, warnings: &mut Vec<Warning>) {
        let TokenForm::SdJwt { disclosures, .. } = &self.form else {
            return;
        };
        let (count, most) = (disclosures.count(), Disclosures::MOST);
        if count > most {
            warnings.push(Warning::new(
                "many_disclosures",
                format!("the token has {count} disclosures: only the first {most} were read"),
            ));
        } else if let Some(Err(why)) = self.disclosed_claims() {
            warnings.push(Warning::new(
                "bad_disclosure",
                format!("a verifier refuses what is disclosed: {}", why.message),
            ));
        }
        if let Some(Err(why)) = self.key_binding() {
            let why = sd_jwt::of_proof(&why.message);
            warnings.push(Warning::new(
                "key_binding",
                format!("what follows the last tilde is not a proof of the holder's key: {why}"),
            ));
        }
    }
}
