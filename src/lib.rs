//! `jott` issues, decodes and verifies JSON Web Tokens.
//!
//! The library is the lowest floor of the tool: [`token`] has the rules, [`text`] makes text safe
//! to show. It is pure: its results depend on its arguments alone. Without the feature `cli`
//! nothing else is built.
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
//! Keys and policies, also when made ready for use, can be shared by threads; one [`ReadyKeys`]
//! checks tokens for all threads. The signatures of HS256, HS384 and HS512 are made by
//! jsonwebtoken, all others by aws-lc-rs, and so are all checks: [`token::engine`] says why.

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
