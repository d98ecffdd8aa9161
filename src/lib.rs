//! `jott` issues, decodes and verifies JSON Web Tokens.
//!
//! The library is the lowest floor of the tool: [`token`] has the rules, [`text`] makes text safe
//! to show. It is pure: it reads no file, no clock, no environment and no network, and its results depend on
//! its arguments alone. Without the feature `cli` nothing else is built (`default-features = false`).
//!
//! | to | take |
//! |---|---|
//! | read keys: JWK, JWK Set, PEM, DER, a secret | [`read_keys`] |
//! | make and show keys | [`generate`], [`Key::public_jwk`], [`Key::public_pem`], [`token::jwk_set`] |
//! | make a token | [`SigningKey`] and [`issue`]; [`TokenSigner`] for many |
//! | check a token | [`VerifyingKeys`], a [`Policy`] and [`verify`]; [`ReadyKeys`] for many, [`TokenVerifier`] for a stream |
//! | check a signature over any payload | [`verify_signature`] |
//! | look at a token that nobody has checked | [`decode`] |
//! | find tokens in a text | [`token::find`] |
//! | open and make encrypted tokens | [`token::jwe`] |
//!
//! # A token from its making to its check
//!
//! ```
//! use jott::{Algorithm, Members, Policy, Reading, SigningKey, Timestamp, VerifyingKeys};
//! use jott::{issue, read_keys, verify};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let keys = read_keys(b"a secret of at least 32 characters", &Reading::default())?;
//! let key = SigningKey::new(&keys.keys[0], Algorithm::HS256, false)?;
//! let mut header = Members::new();
//! header.set_text("alg", "HS256");
//! let mut claims = Members::new();
//! claims.set_text("sub", "alice");
//! claims.set("exp", 1_700_001_800_i64);
//! let token = issue(&claims, &header, &key)?;
//!
//! let trusted = VerifyingKeys::of("a secret", keys);
//! let now = Timestamp::from_seconds(1_700_000_000);
//! let verified = verify(&token, &trusted, &Policy::default(), now)?;
//! assert_eq!(verified.claims().compact(), r#"{"sub":"alice","exp":1700001800}"#);
//! # Ok(())
//! # }
//! ```
//!
//! # What is asked for, and why a token is refused
//!
//! The default [`Policy`] asks for what RFC 7519 and RFC 8725 ask, and for `exp`; an audience that the token
//! has and nobody asks for is for the caller to name. A refusal is data: each failed check is a [`Refusal`]
//! with a [`Reason`] whose code never changes, what was expected and what was found.
//!
//! ```
//! # use jott::{Algorithm, Members, Policy, Reading, Reason, SigningKey, Timestamp, VerifyingKeys};
//! # use jott::{issue, read_keys, verify};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let keys = read_keys(b"a secret of at least 32 characters", &Reading::default())?;
//! # let key = SigningKey::new(&keys.keys[0], Algorithm::HS256, false)?;
//! # let mut header = Members::new();
//! # header.set_text("alg", "HS256");
//! # let mut claims = Members::new();
//! # claims.set_text("aud", "shop");
//! # claims.set("exp", 1_700_000_000_i64);
//! # let token = issue(&claims, &header, &key)?;
//! # let trusted = VerifyingKeys::of("a secret", keys);
//! let mut policy = Policy::default();
//! policy.audiences = vec!["api".to_owned()];
//! let now = Timestamp::from_seconds(1_700_000_060);
//! let refused = verify(&token, &trusted, &policy, now).unwrap_err();
//! let reasons: Vec<Reason> = refused.refusals.iter().map(|refusal| refusal.reason).collect();
//! assert_eq!(reasons, [Reason::Expired, Reason::WrongAud]);
//! assert_eq!(reasons[0].code(), "expired");
//! # Ok(())
//! # }
//! ```
//!
//! # A token that nobody has checked
//!
//! [`decode`] gives an [`Unverified`], which cannot be taken for a [`Verified`]. What the token says is kept
//! as it was written: the order of the names, every digit of a number, a name that stands there twice.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSIsImlkIjoxMjM0NTY3ODkwMTIzNDU2Nzg5MH0.";
//! let unverified = jott::decode(token)?;
//! let claims = unverified.claims().ok_or("no claims")?;
//! assert!(claims.get("sub").is_some_and(|sub| sub.is("alice")));
//! assert_eq!(claims.get("id").map(|id| id.text()), Some("12345678901234567890"));
//! let warnings = unverified.warnings(jott::Timestamp::from_seconds(1_700_000_000));
//! assert_eq!(warnings[0].code, "alg_none");
//! # Ok(())
//! # }
//! ```
//!
//! # Threads, cryptography, features
//!
//! Keys and policies, also when made ready for use, can be shared by threads; one [`ReadyKeys`] checks
//! tokens for all threads. The signatures of HS256, HS384 and HS512 are made by jsonwebtoken, all
//! others by aws-lc-rs, and so are all checks: [`token::engine`] says why. Secrets are wiped when they are
//! dropped, and no type that holds one prints it.
//!
//! The feature `cli`, which is there by default, is the program: a package that builds upon the library does
//! without. What of it can be seen from outside is for the program's own tests, and changes with any version.

#![deny(missing_docs)]

#[doc(hidden)]
pub mod oauth;
pub mod text;
pub mod token;

#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod demo;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod doctor;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod keys;

pub use text::time::{Span, Timestamp};
pub use token::advice::Advice;
pub use token::algorithm::Algorithm;
pub use token::claims::Members;
pub use token::compact::Malformed;
pub use token::content::{Keys, Reading, read as read_keys};
pub use token::decode::{Unverified, decode};
pub use token::engine::Verifier;
pub use token::external::ExternalSigner;
pub use token::generate::generate;
pub use token::issue::{SigningKey, TokenSigner, issue};
pub use token::json::{Json, Object};
pub use token::key::Key;
pub use token::key_fault::{KeyFault, KeyReason};
pub use token::keyset::{KeySource, VerifyingKeys};
pub use token::name::Name;
pub use token::policy::{Expectation, Expected, Policy};
pub use token::refusal::{Reason, Refusal};
pub use token::verify::{
    ReadyKeys, Refused, Signed, TokenVerifier, Verified, verify, verify_signature,
};
