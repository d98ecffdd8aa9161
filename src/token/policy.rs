//! What a verifier asks of a token, beside a valid signature.

use std::fmt;

use crate::text::time::Span;
use crate::token::algorithm::Algorithm;
use crate::token::name::Name;
use crate::token::pattern::Pattern;

/// What is asked for. The default asks for what RFC 7519 and RFC 8725 ask, and `exp`.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Policy {
    /// The algorithms to allow; if empty, those of the key.
    pub algorithms: Vec<Algorithm>,
    /// One of these must be `iss`; if empty, any issuer.
    pub issuers: Vec<String>,
    /// One of these must be in `aud`.
    pub audiences: Vec<String>,
    /// Whether any `aud` is accepted under a remote key where none was asked for.
    pub any_audience: bool,
    /// `sub` must be this.
    pub subject: Option<String>,
    /// The header's `typ` must be this media type (RFC 8725 section 3.11).
    pub typ: Option<String>,
    /// What other values must be.
    pub claims: Vec<Expectation>,
    /// What must be there.
    pub require: Vec<Name>,
    /// How far clocks may differ.
    pub leeway: Span,
    /// How long ago the token may have been issued.
    pub max_age: Option<Span>,
    /// Whether a token may live for ever.
    pub allow_no_exp: bool,
    /// Whether segments may keep the padding of base64, which is then part of the signed text.
    pub allow_padding: bool,
    /// The payload of a token whose own payload is empty, because it is sent separately (RFC 7515
    /// appendix F). With it, `b64` in the header is understood, if `crit` lists it (RFC 7797).
    pub payload: Option<Vec<u8>>,
    /// What is asked of the certificate of the signer, which the token brings.
    pub leaf: LeafPolicy,
    /// Which signature has to be good, where a JSON form is accepted too, which may have several (RFC 7515
    /// section 7.2). Without it there is the compact form alone, which is the one of a JWT (RFC 7519
    /// section 1).
    pub signature: Option<SignatureChoice>,
    /// What is asked of the proof of the holder's key in an SD-JWT.
    pub key_binding: KeyBinding,
}

/// What is asked of the first certificate of a chain, whose key signs.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct LeafPolicy {
    /// One of these has to be among its purposes, as an object identifier (RFC 5280 section 4.2.1.12).
    pub purposes: Vec<String>,
    /// One of these has to be among its names (RFC 5280 section 4.2.1.6).
    pub names: Vec<String>,
}

impl LeafPolicy {
    /// Whether anything is asked of it.
    #[must_use]
    pub fn is_asked_for(&self) -> bool {
        !self.purposes.is_empty() || !self.names.is_empty()
    }
}

/// Which signature of a token has to be good.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureChoice {
    /// One of them, whichever.
    Any,
    /// The one at this place, counted from 1.
    Number(usize),
    /// One whose header has this `kid`.
    Kid(String),
}

/// What is asked of the proof of the holder's key (RFC 9901 section 7.3).
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct KeyBinding {
    /// Whether there must be one.
    pub required: bool,
    /// The audience that it must have been made for.
    pub audience: Option<String>,
    /// The nonce that it must repeat.
    pub nonce: Option<String>,
}

impl KeyBinding {
    /// Whether there must be one, since something is asked of it.
    #[must_use]
    pub fn is_asked_for(&self) -> bool {
        self.required || self.audience.is_some() || self.nonce.is_some()
    }
}

/// A value that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expectation {
    /// Where it stands.
    pub name: Name,
    /// What it is.
    pub value: Expected,
}

/// As it is written: `NAME=TEXT`, `NAME:=JSON` or `NAME~=PATTERN`.
impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (operator, value) = match &self.value {
            Expected::Text(text) => ("=", text.as_str()),
            Expected::Json(json) => (":=", json.as_str()),
            Expected::Pattern(pattern) => ("~=", pattern.text()),
        };
        write!(f, "{}{operator}{value}", self.name)
    }
}

/// What a value must be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expected {
    /// A string that is this text, or an array or list of words that has it.
    Text(String),
    /// Equal to this JSON value.
    Json(String),
    /// A string that matches, or an array that has one.
    Pattern(Pattern),
}
