//! Opens a token: takes text and keys, and gives header and content.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use crate::text::escape;
use crate::token::advice::Advice;
use crate::token::compact::Malformed;
use crate::token::header_parts::HeaderParts;
use crate::token::json::{self, Json, Kind, Object};
use crate::token::jwe::key_management::Family;
use crate::token::jwe::message::{Message, algorithms};
use crate::token::jwe::recipient::{RecipientKey, Unwrapped};
use crate::token::jwe::zip::{MOST_INFLATED, inflate};
use crate::token::jwe::{ContentEncryption, KeyManagement, random};
use crate::token::jws_json;
use crate::token::key::Key;
use crate::token::keyset::KeySource;
use crate::token::passphrase::MOST_ROUNDS;
use crate::token::refusal::{Reason, Refusal};

/// How many keys of one source are tried for a recipient.
const MOST_TRIED: usize = 8;

/// How many keys are tried for a token.
const MOST_TRIED_IN_ALL: usize = 32;

/// The keys that tokens are opened with. Each is made ready once; several threads may use them at
/// once.
#[derive(Default)]
pub struct DecryptionKeys {
    sources: Vec<KeySource>,
    /// The algorithms that are allowed; if empty, those that the key is for.
    algorithms: Vec<KeyManagement>,
    /// The same for the content encryption.
    encryptions: Vec<ContentEncryption>,
    most_inflated: Option<usize>,
    fault: Option<Refusal>,
    ready: RwLock<BTreeMap<ReadyFor, Arc<RecipientKey>>>,
}

impl fmt::Debug for DecryptionKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecryptionKeys").finish_non_exhaustive()
    }
}

/// A key by its source and its place in it, and what it is ready for.
type ReadyFor = (usize, usize, KeyManagement, ContentEncryption);

/// What was inside a token, and how it was opened.
#[derive(Debug)]
#[non_exhaustive]
pub struct Opened {
    /// The header; in the JSON form, all parameters for the recipient whose key it was.
    pub header: Object,
    /// The content.
    pub content: Vec<u8>,
    /// Where the key came from, in words safe for a terminal.
    pub key: String,
    /// How the key of the content got to its recipient.
    pub algorithm: KeyManagement,
    /// How the content was encrypted.
    pub encryption: ContentEncryption,
    /// Whether the key is a secret that the sender has too; for other keys, anybody may have
    /// written the token.
    pub is_shared: bool,
}

impl Opened {
    /// The token inside, where the header's `cty` says that there is one (RFC 7519 section 5.2) or the
    /// content has the shape of one.
    #[must_use]
    pub fn nested(&self) -> Option<&str> {
        let text = std::str::from_utf8(&self.content).ok()?;
        let cty = self.header.get("cty").and_then(Json::as_str);
        let is_said = cty.is_some_and(|cty| {
            let cty = cty.to_ascii_lowercase();
            matches!(
                cty.strip_prefix("application/").unwrap_or(&cty),
                "jwt" | "jose" | "jose+json"
            ) || cty.ends_with("+jwt")
        });
        let has_shape = text.starts_with("ey") && text.bytes().filter(|b| *b == b'.').count() >= 2;
        (is_said && !text.starts_with('{') || has_shape || is_json(text) || jws_json::is_one(text))
            .then_some(text)
    }
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

/// The header of a JWE in a JSON form: all parameters for its first recipient.
pub(in crate::token) fn header_of(token: &str) -> Result<Object, Malformed> {
    let message = Message::read(token)?;
    let first = message.recipients.first();
    first.map_or_else(
        || Err(Malformed::new("the token has no recipient")),
        |first| message.header(first),
    )
}

impl DecryptionKeys {
    /// Takes the keys of every source.
    #[must_use]
    pub fn new(sources: Vec<KeySource>) -> Self {
        DecryptionKeys {
            sources,
            ..DecryptionKeys::default()
        }
    }

    /// Stands in for keys that could not be loaded: every encrypted token is refused with this
    /// reason.
    #[must_use]
    pub fn unusable(fault: impl Into<Refusal>) -> Self {
        DecryptionKeys {
            fault: Some(fault.into()),
            ..DecryptionKeys::default()
        }
    }

    /// Allows these algorithms only; an empty list allows those that the keys are for.
    #[must_use]
    pub fn only(
        mut self,
        algorithms: Vec<KeyManagement>,
        encryptions: Vec<ContentEncryption>,
    ) -> Self {
        self.algorithms = algorithms;
        self.encryptions = encryptions;
        self
    }

    /// Lets a compressed content inflate to this many bytes, in place of [`MOST_INFLATED`].
    #[must_use]
    pub fn inflate_up_to(mut self, most: usize) -> Self {
        self.most_inflated = Some(most);
        self
    }

    /// Opens a token in the compact or a JSON form (RFC 7516 section 5.2).
    ///
    /// # Errors
    /// [`Refusal`]: a fault that everybody can see, or else only that it does not open.
    pub fn open(&self, token: &str) -> Result<Opened, Refusal> {
        let message = Message::read(token)?;
        let mut tried = 0_usize;
        let mut rounds_left = MOST_ROUNDS;
        let mut refusal: Option<Refusal> = None;
        message.check_encryption()?;
        for recipient in &message.recipients {
            let header = message.parameters(recipient)?;
            let opened = self.open_as(
                &message,
                &recipient.encrypted_key,
                &header,
                &mut tried,
                &mut rounds_left,
            );
            match opened {
                Ok((content, key, chosen)) => {
                    return Ok(Opened {
                        header: message.header(recipient)?,
                        content: self.inflated(&message, content)?,
                        key,
                        algorithm: chosen.alg,
                        encryption: chosen.enc,
                        is_shared: !matches!(
                            chosen.alg.family(),
                            Family::Oaep(_) | Family::Agreement(_)
                        ),
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
        Err(refusal.unwrap_or_else(unopened))
    }

    fn inflated(&self, message: &Message<'_>, content: Vec<u8>) -> Result<Vec<u8>, Refusal> {
        match message.protected().and_then(|header| header.get("zip")) {
            None => Ok(content),
            Some(_) => Ok(inflate(
                &content,
                self.most_inflated.unwrap_or(MOST_INFLATED),
            )?),
        }
    }

    /// Opens the part of a token for one recipient.
    fn open_as(
        &self,
        message: &Message<'_>,
        encrypted_key: &[u8],
        header: &HeaderParts<'_>,
        tried: &mut usize,
        rounds_left: &mut u32,
    ) -> Result<(Vec<u8>, String, Chosen), Refusal> {
        check_extensions(header)?;
        let chosen = self.chosen(header)?;
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        chosen.enc.check_lengths(&message.iv, &message.tag, "")?;
        let keys = self.select(chosen, header)?;
        let aad = message.aad();
        for (source, key) in keys {
            if *tried == MOST_TRIED_IN_ALL {
                break;
            }
            *tried = tried.saturating_add(1);
            let mut content = message.ciphertext.clone();
            let new;
            let content_key = match key.unwrap(header, encrypted_key, rounds_left)? {
                Unwrapped::Kept(kept) => kept,
                unwrapped => {
                    // A random key stands in for one that did not unwrap, so that the rest takes as
                    // long.
                    let bytes = match unwrapped {
                        Unwrapped::New(bytes) => bytes,
                        _ => random(chosen.enc.key_len()).map_err(|_| unopened())?,
                    };
                    new = chosen.enc.key(&bytes).ok_or_else(unopened)?;
                    &new
                }
            };
            let opened = content_key.open(&message.iv, &aad, &mut content, &message.tag);
            if opened.is_some() {
                return Ok((content, source.label.clone(), chosen));
            }
        }
        let is_cookie = chosen.alg == KeyManagement::Dir && self.has_secrets();
        Err(match is_cookie {
            true => unopened().hint(Advice::DeriveKey),
            false => unopened(),
        })
    }

    fn has_secrets(&self) -> bool {
        let mut keys = self.sources.iter().flat_map(|source| &source.keys);
        keys.any(Key::is_secret)
    }

    /// The algorithms of a token, which have to be known and allowed.
    fn chosen(&self, header: &HeaderParts<'_>) -> Result<Chosen, Refusal> {
        let (alg, enc) = algorithms(header)?;
        let refused = |what: String, name: &str| {
            Refusal::new(Reason::AlgRefused, what).found(json::quote(name))
        };
        let shown = |name: &str| escape::middle(name, escape::NAME).into_owned();
        let Some(alg) = KeyManagement::parse(&alg) else {
            if alg == "RSA1_5" {
                return Err(refused(
                    "the token is encrypted with RSA1_5, which is never accepted: its errors can reveal the content (RFC 8017 section 7.2)".to_owned(),
                    &alg,
                )
                .hint(Advice::EncryptAnew));
            }
            let what = format!("`{}` is not a known algorithm of a JWE", shown(&alg));
            return Err(refused(what, &alg));
        };
        let Some(enc) = ContentEncryption::parse(&enc) else {
            let what = format!("`{}` is not a known content encryption", shown(&enc));
            return Err(refused(what, &enc));
        };
        for (name, is_allowed) in [
            (
                alg.name(),
                self.algorithms.is_empty() || self.algorithms.contains(&alg),
            ),
            (
                enc.name(),
                self.encryptions.is_empty() || self.encryptions.contains(&enc),
            ),
        ] {
            if !is_allowed {
                let asked = self.algorithms.iter().copied().map(KeyManagement::name);
                let encs = self
                    .encryptions
                    .iter()
                    .copied()
                    .map(ContentEncryption::name);
                let asked: Vec<&str> = asked.chain(encs).collect();
                let were = if asked.len() == 1 { "was" } else { "were" };
                let what = format!(
                    "the token says {name}, and only {} {were} asked for",
                    asked.join(", ")
                );
                return Err(refused(what, name).expected(json::array(&asked)));
            }
        }
        Ok(Chosen { alg, enc })
    }

    /// The keys that fit, made ready; from a set, those that the `kid` names, if it names any.
    fn select(
        &self,
        chosen: Chosen,
        header: &HeaderParts<'_>,
    ) -> Result<Vec<(&KeySource, Arc<RecipientKey>)>, Refusal> {
        let Chosen { alg, enc } = chosen;
        let kid = header.text("kid")?;
        let mut found = Vec::new();
        let mut fault = None;
        for (s, source) in self.sources.iter().enumerate() {
            let by_kid = kid.as_deref().filter(|_| source.is_set);
            let is_named = |key: &Key| by_kid.is_none_or(|kid| key.name() == kid);
            let keys = source.keys.iter().enumerate();
            let mut tried = 0_usize;
            for (k, key) in keys.filter(|(_, key)| is_named(key)) {
                let is_asked_for = by_kid.is_some() || !source.is_set;
                if !key.fits(alg, enc) {
                    if is_asked_for {
                        fault = fault.or_else(|| Some(misfit(key, chosen)));
                    }
                    continue;
                }
                if let Err(why) = key.check_encryption(true) {
                    fault = fault.or_else(|| Some(why.into()));
                    continue;
                }
                if tried == MOST_TRIED {
                    break;
                }
                tried = tried.saturating_add(1);
                if let Some(ready) = self.ready((s, k, alg, enc), key) {
                    found.push((source, ready));
                }
            }
        }
        if !found.is_empty() {
            return Ok(found);
        }
        Err(fault.unwrap_or_else(|| {
            let what = match &kid {
                Some(kid) => format!(
                    "no key has the token's `kid` `{}` and is for {}",
                    escape::middle(kid, escape::NAME),
                    alg.name()
                ),
                None => format!("no key is for {} with {}", alg.name(), enc.name()),
            };
            Refusal::new(Reason::KeyNotFound, what)
        }))
    }

    fn ready(&self, place: ReadyFor, key: &Key) -> Option<Arc<RecipientKey>> {
        let known = self.ready.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(&place) {
            return Some(Arc::clone(known));
        }
        drop(known);
        let (.., alg, enc) = place;
        let ready = Arc::new(RecipientKey::new(key, alg, enc)?);
        let mut known = self.ready.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(place, Arc::clone(&ready));
        Some(ready)
    }
}

/// The algorithms of one recipient.
#[derive(Clone, Copy)]
struct Chosen {
    alg: KeyManagement,
    enc: ContentEncryption,
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

/// Refuses what is not understood but must be: a critical extension, or a compression.
fn check_extensions(header: &HeaderParts<'_>) -> Result<(), Refusal> {
    if let Some(crit) = header.get("crit") {
        let crit = crit.compact();
        return Err(Refusal::new(
            Reason::CritUnknown,
            format!(
                "the header demands extensions that are not known: `crit` is {}",
                escape::shorten(&crit, 80)
            ),
        )
        .found(crit.into_owned())
        .hint(Advice::UnderstandExtensions));
    }
    let Some(zip) = header.get("zip") else {
        return Ok(());
    };
    if header
        .protected
        .is_none_or(|header| header.get("zip").is_none())
    {
        return Err(Malformed::new(
            "`zip` is not in the protected header, where it must be (RFC 7516 section 4.1.3)",
        )
        .into());
    }
    match zip.is("DEF") {
        true => Ok(()),
        false => Err(Malformed::new(format!(
            "the compression of the content is not known: `zip` is {}",
            escape::shorten(zip.text(), 40)
        ))
        .into()),
    }
}

fn misfit(key: &Key, Chosen { alg, enc }: Chosen) -> Refusal {
    let fault = key.unfit(alg, enc);
    let all: Vec<&str> = key
        .key_managements()
        .into_iter()
        .map(KeyManagement::name)
        .collect();
    let name = alg.name();
    let message = match fault.message.strip_prefix(name) {
        Some(rest) => format!("the token says {name}, which{rest}"),
        None => format!("the token says {name}, and {}", fault.message),
    };
    let refusal = Refusal::new(Reason::AlgRefused, message)
        .expected(json::array(&all))
        .found(json::quote(name));
    match (alg, key.is_secret()) {
        (KeyManagement::Dir, true) => refusal.hint(Advice::DeriveKey),
        _ => match fault.hint {
            Some(hint) => refusal.hint(hint),
            None => refusal,
        },
    }
}

/// The single refusal for all faults that only the recipient could see.
fn unopened() -> Refusal {
    Refusal::new(
        Reason::DecryptionFailed,
        "the token does not open: it was encrypted to another key, or changed since",
    )
}
