//! Opens tokens, one after the other: takes text and keys, and gives header and content.

use std::string::FromUtf8Error;
use std::sync::Arc;

use crate::token::advice::Advice;
use crate::token::compact::{Compact, Malformed, decode_header};
use crate::token::header_parts::HeaderParts;
use crate::token::json::{Json, Kind, Object};
use crate::token::jwe::content_encryption::Sealed;
use crate::token::jwe::decryption_keys::{Chosen, DecryptionKeys, Fitting, MOST_TRIED};
use crate::token::jwe::key_management::Family;
use crate::token::jwe::message::{Message, Segments};
use crate::token::jwe::recipient::Unwrapped;
use crate::token::jwe::zip::inflate;
use crate::token::jwe::{ContentEncryption, KeyManagement, random};
use crate::token::jws_json;
use crate::token::passphrase::MOST_ROUNDS;
use crate::token::refusal::{Reason, Refusal};
use crate::token::warning::Warning;

/// Opens one token after the other; what consecutive tokens have in common is worked out once.
pub(crate) struct Opener<'k> {
    keys: &'k DecryptionKeys,
    last: Option<Envelope<'k>>,
    sealed: Sealed,
    encrypted_key: Vec<u8>,
}

/// The header of a token in the compact form, and what follows from it alone.
struct Envelope<'k> {
    segment: String,
    header: Arc<Object>,
    /// Nothing fits where no algorithm is chosen.
    chosen: Result<Chosen, Refusal>,
    fitting: Result<Vec<Fitting<'k>>, Refusal>,
}

/// What was inside a token, and how it was opened.
#[derive(Debug)]
#[non_exhaustive]
pub struct Opened<'k> {
    /// The header; in the JSON form, all parameters for the recipient whose key it was.
    pub header: Arc<Object>,
    /// The content.
    pub content: Vec<u8>,
    /// Where the key came from, in words safe for a terminal.
    pub key: &'k str,
    /// How the key of the content got to its recipient.
    pub algorithm: KeyManagement,
    /// How the content was encrypted.
    pub encryption: ContentEncryption,
    /// Whether the key is a secret that the sender has too; for other keys, anybody may have
    /// written the token.
    pub is_shared: bool,
    /// Which recipient's part was opened, from 0, in the JSON form.
    pub recipient: Option<usize>,
}

impl Opened<'_> {
    /// The token inside, where the header's `cty` says that there is one (RFC 7519 section 5.2) or the
    /// content has the shape of one.
    #[must_use]
    pub fn nested(&self) -> Option<&str> {
        let text = std::str::from_utf8(&self.content).ok()?;
        is_nested(&self.header, text).then_some(text)
    }

    /// The same, or else the content as it is.
    pub(in crate::token) fn into_nested(self) -> Result<String, Vec<u8>> {
        let text = String::from_utf8(self.content).map_err(FromUtf8Error::into_bytes)?;
        match is_nested(&self.header, &text) {
            true => Ok(text),
            false => Err(text.into_bytes()),
        }
    }
}

/// Whether a content begins as a token does; with two dots, it is taken for one whatever `cty` says.
pub(in crate::token) fn begins_as_token(content: &[u8]) -> bool {
    content.starts_with(b"ey")
}

/// Whether the content of a token with this header is a token itself.
fn is_nested(header: &Object, text: &str) -> bool {
    if text.starts_with('{') {
        return is_json(text) || jws_json::is_one(text);
    }
    let dots = || memchr::memchr_iter(b'.', text.as_bytes());
    let has_shape = begins_as_token(text.as_bytes()) && dots().nth(1).is_some();
    has_shape || names_token(header)
}

/// Whether the header's `cty` says that the content is a token (RFC 7519 section 5.2).
fn names_token(header: &Object) -> bool {
    header.get("cty").and_then(Json::as_str).is_some_and(|cty| {
        let cty = cty.to_ascii_lowercase();
        matches!(
            cty.strip_prefix("application/").unwrap_or(&cty),
            "jwt" | "jose" | "jose+json"
        ) || cty.ends_with("+jwt")
    })
}

/// Warns of a token inside an encrypted one whose header does not say so.
pub(in crate::token) fn nested_without_cty(header: &Object) -> Option<Warning> {
    (!names_token(header)).then(|| {
        Warning::new(
            "nested_without_cty",
            "the header of the encrypted token does not say that a token is inside (`cty` is to be JWT, RFC 7519 section 5.2): other readers may take it for something else",
        )
    })
}

/// Whether a text is a JWE in one of its JSON forms (RFC 7516 section 7.2).
#[must_use]
pub fn is_json(text: &str) -> bool {
    if !text.starts_with('{') {
        return false;
    }
    let parsed = Json::parse_str(text);
    let ciphertext = parsed
        .ok()
        .and_then(|parsed| parsed.value.get("ciphertext"));
    ciphertext.is_some_and(|value| value.kind() == Kind::String)
}

/// Takes a text of five segments apart: the header, and what follows it.
fn split(text: &str) -> Option<(&str, Segments<'_>)> {
    let (header, rest) = text.split_once('.')?;
    Some((header, Segments::of(rest.as_bytes())?))
}

/// Whether a text is a JWE in any form.
pub(in crate::token) fn is_encrypted(text: &str) -> bool {
    is_json(text) || matches!(Compact::split(text), Ok(Compact::Jwe { .. }))
}

/// The headers of a JWE in a JSON form: all parameters for each of its recipients, of whom the first can read
/// them.
pub(in crate::token) fn headers_of(token: &str) -> Result<Vec<Object>, Malformed> {
    let message = Message::read(token)?;
    if let Some(first) = message.recipients.first() {
        message.parameters(first)?;
    }
    let all = message.recipients.iter();
    all.map(|recipient| message.parts(recipient).joined())
        .collect()
}

impl DecryptionKeys {
    /// Opens a token in the compact or a JSON form (RFC 7516 section 5.2).
    ///
    /// # Errors
    /// [`Refusal`]: a fault that everybody can see, or else only that it does not open.
    pub fn open(&self, token: &str) -> Result<Opened<'_>, Refusal> {
        Opener::new(self).open(token)
    }
}

impl<'k> Opener<'k> {
    /// Opens with these keys.
    pub(crate) fn new(keys: &'k DecryptionKeys) -> Self {
        Opener {
            keys,
            last: None,
            sealed: Sealed::default(),
            encrypted_key: Vec::new(),
        }
    }

    /// Takes back the memory of a content that is no longer needed.
    pub(crate) fn reuse(&mut self, content: Vec<u8>) {
        self.sealed.ciphertext = content;
    }

    /// Opens a token in the compact or a JSON form (RFC 7516 section 5.2).
    ///
    /// # Errors
    /// [`Refusal`]: a fault that everybody can see, or else only that it does not open.
    pub(crate) fn open(&mut self, token: &str) -> Result<Opened<'k>, Refusal> {
        if token.starts_with('{') {
            return self.open_json(token);
        }
        let Some((segment, segments)) = split(token) else {
            let fault = Compact::split(token).err();
            return Err(fault.unwrap_or_else(not_encrypted).into());
        };
        let header = decode_header(segment)?;
        self.open_compact((segment, header), &segments)
    }

    /// The same for any text; `None` if it is no encrypted token.
    pub(in crate::token) fn open_if_encrypted(
        &mut self,
        text: &str,
    ) -> Option<Result<Opened<'k>, Refusal>> {
        if is_json(text) {
            return Some(self.open_json(text));
        }
        // Five segments are counted before the header is read.
        let (segment, segments) = split(text)?;
        match Compact::split(text) {
            Ok(Compact::Jwe { header }) => Some(self.open_compact((segment, header), &segments)),
            _ => None,
        }
    }

    /// Opens a token with a header that was read.
    fn open_compact(
        &mut self,
        header: (&str, Object),
        segments: &Segments<'_>,
    ) -> Result<Opened<'k>, Refusal> {
        let envelope = self.last.insert(Envelope::of(self.keys, header));
        segments.decode_into(&mut self.sealed, &mut self.encrypted_key)?;
        envelope.open(self.keys, &mut self.sealed, &self.encrypted_key)
    }

    /// Opens a text that is a bare token with the header of the last one; `None` for any other text, which is
    /// for [`Opener::open`] if it is encrypted at all. What is in base64url is ASCII, so nobody needs to look
    /// for that first.
    pub(in crate::token) fn open_like_last(
        &mut self,
        text: &[u8],
    ) -> Option<Result<Opened<'k>, Refusal>> {
        let envelope = self.last.as_ref()?;
        let rest = text.strip_prefix(envelope.segment.as_bytes())?;
        let segments = Segments::of(rest.strip_prefix(b".")?)?;
        let decoded = segments.decode_into(&mut self.sealed, &mut self.encrypted_key);
        decoded.ok()?;
        Some(envelope.open(self.keys, &mut self.sealed, &self.encrypted_key))
    }

    /// Opens the part of the first recipient for whom there is a key.
    fn open_json(&self, token: &str) -> Result<Opened<'k>, Refusal> {
        let message = Message::read(token)?;
        let mut effort = Effort::default();
        let mut refusal: Option<Refusal> = None;
        message.check_encryption()?;
        for (number, recipient) in message.recipients.iter().enumerate() {
            let header = message.parameters(recipient)?;
            let result = self.keys.chosen(&header).and_then(|chosen| {
                let mut sealed = message.sealed.clone();
                chosen.enc.check_lengths(&sealed.iv, &sealed.tag, "")?;
                let fitting = self.keys.select(chosen, &header)?;
                let part = Part {
                    header,
                    chosen,
                    encrypted_key: &recipient.encrypted_key,
                    aad: &message.aad(),
                };
                let (content, key) = part.open(&fitting, &mut sealed, &mut effort)?;
                Ok((content, key, chosen))
            });
            match result {
                Ok((content, key, chosen)) => {
                    let header = Arc::new(message.header(recipient)?);
                    let opened = opened(self.keys, header, content, key, chosen)?;
                    return Ok(Opened {
                        recipient: Some(number),
                        ..opened
                    });
                }
                // A refusal after a key was tried says more than one for which no key fits.
                Err(why)
                    if refusal
                        .as_ref()
                        .is_none_or(|known| rank(&why) > rank(known)) =>
                {
                    refusal = Some(why);
                }
                Err(_) => {}
            }
        }
        if effort.is_spent {
            let what =
                format!("the token did not open in {MOST_TRIED} tries, and no more are made");
            return Err(Refusal::new(Reason::DecryptionFailed, what));
        }
        Err(refusal.unwrap_or_else(unopened))
    }
}

impl<'k> Envelope<'k> {
    fn of(keys: &'k DecryptionKeys, (segment, header): (&str, Object)) -> Self {
        let parts = parts_of(&header);
        let named = parts.check_names().map_err(Refusal::from);
        let chosen = named.and_then(|()| keys.chosen(&parts));
        let fitting = match &chosen {
            Ok(chosen) => keys.select(*chosen, &parts),
            Err(_) => Ok(Vec::new()),
        };
        Envelope {
            segment: segment.to_owned(),
            chosen,
            fitting,
            header: Arc::new(header),
        }
    }

    /// Opens a token with this header; its content takes the place of the ciphertext, and that memory.
    fn open(
        &self,
        keys: &DecryptionKeys,
        sealed: &mut Sealed,
        encrypted_key: &[u8],
    ) -> Result<Opened<'k>, Refusal> {
        let chosen = self.chosen.clone()?;
        chosen.enc.check_lengths(&sealed.iv, &sealed.tag, "")?;
        let fitting = self.fitting.as_ref().map_err(Clone::clone)?;
        let part = Part {
            header: parts_of(&self.header),
            chosen,
            encrypted_key,
            aad: self.segment.as_bytes(),
        };
        let (content, key) = part.open(fitting, sealed, &mut Effort::default())?;
        opened(keys, Arc::clone(&self.header), content, key, chosen)
    }
}

/// The header of a token in the compact form, all of which is protected.
fn parts_of(header: &Object) -> HeaderParts<'_> {
    HeaderParts {
        protected: Some(header),
        unprotected: [None, None],
    }
}

/// What was done for one token so far.
struct Effort {
    tried: usize,
    /// Whether a key was left out because enough were tried.
    is_spent: bool,
    rounds_left: u32,
}

impl Default for Effort {
    fn default() -> Self {
        Effort {
            tried: 0,
            is_spent: false,
            rounds_left: MOST_ROUNDS,
        }
    }
}

/// The part of a token for one recipient.
struct Part<'m> {
    header: HeaderParts<'m>,
    chosen: Chosen,
    encrypted_key: &'m [u8],
    /// What is authenticated with the content.
    aad: &'m [u8],
}

impl Part<'_> {
    /// The content, by the first of the keys that fits, and where that came from.
    fn open<'k>(
        &self,
        fitting: &[Fitting<'k>],
        sealed: &mut Sealed,
        effort: &mut Effort,
    ) -> Result<(Vec<u8>, &'k str), Refusal> {
        let enc = self.chosen.enc;
        let mut left = fitting.len();
        for (source, key) in fitting {
            if effort.tried == MOST_TRIED {
                effort.is_spent = true;
                break;
            }
            effort.tried = effort.tried.saturating_add(1);
            left = left.saturating_sub(1);
            let mut content = match left {
                0 => std::mem::take(&mut sealed.ciphertext),
                _ => sealed.ciphertext.clone(),
            };
            let new;
            let unwrapped =
                key.unwrap(&self.header, self.encrypted_key, &mut effort.rounds_left)?;
            let content_key = match unwrapped {
                Unwrapped::Kept(kept) => kept,
                unwrapped => {
                    // A random key stands in for one that did not unwrap, so that the rest takes as
                    // long.
                    let bytes = match unwrapped {
                        Unwrapped::New(bytes) => bytes,
                        _ => random(enc.key_len()).map_err(|_| unopened())?,
                    };
                    new = enc.key(&bytes).ok_or_else(unopened)?;
                    &new
                }
            };
            let opened = content_key.open(&sealed.iv, self.aad, &mut content, &sealed.tag);
            if opened.is_some() {
                return Ok((content, &source.label));
            }
        }
        let is_derived = fitting.iter().any(|(_, key)| key.is_derived);
        Err(match self.chosen.alg {
            KeyManagement::Dir if is_derived => unopened().hint(Advice::CheckDerivation),
            KeyManagement::Dir => unopened().hint(Advice::DeriveKey),
            _ => unopened(),
        })
    }
}

/// A token that opened, its content as long as it was before it was compressed.
fn opened<'k>(
    keys: &DecryptionKeys,
    header: Arc<Object>,
    content: Vec<u8>,
    key: &'k str,
    chosen: Chosen,
) -> Result<Opened<'k>, Refusal> {
    let content = match chosen.is_compressed {
        false => content,
        true => inflate(&content, keys.most_inflated())?,
    };
    let Chosen { alg, enc, .. } = chosen;
    Ok(Opened {
        header,
        content,
        key,
        algorithm: alg,
        encryption: enc,
        is_shared: !matches!(alg.family(), Family::Oaep(_) | Family::Agreement(_)),
        recipient: None,
    })
}

/// How much a refusal tells about a token with several recipients.
fn rank(refusal: &Refusal) -> u8 {
    match refusal.reason {
        Reason::DecryptionFailed => 3,
        Reason::AlgRefused | Reason::KeyRejected | Reason::KeyWeak => 2,
        Reason::KeyNotFound => 1,
        _ => 4,
    }
}

fn not_encrypted() -> Malformed {
    Malformed::new("the token is not encrypted")
}

/// The single refusal for all faults that only the recipient could see.
fn unopened() -> Refusal {
    Refusal::new(
        Reason::DecryptionFailed,
        "the token does not open: it was encrypted to another key, or changed since",
    )
}
