//! `jott` issues, decodes and verifies JSON Web Tokens.
//!
//! The library is the lowest floor of the tool: [`token`] means, [`oauth`] names, [`text`] shows. It is pure, so what
//! it says depends on its arguments alone.
//!
//! ```
//! use jott::text::time::Timestamp;
//! use jott::token::claims::Members;
//! use jott::token::issue::SigningKey;
//! use jott::token::content::{Reading, read};
//! use jott::token::keyset::{KeySource, VerifyingKeys};
//! use jott::token::policy::Policy;
//! use jott::token::{issue, verify};
//!
//! let now = Timestamp::from_seconds(1_700_000_000);
//! let secret = b"a secret of at least 32 characters";
//! let keys = read(secret, &Reading::default()).unwrap().keys;
//!
//! let mut header = Members::new();
//! header.set_text("alg", "HS256");
//! let mut claims = Members::new();
//! claims.set_text("sub", "alice");
//! claims.set("exp", 1_700_001_800_i64);
//! let key = SigningKey::new(&keys[0], keys[0].default_algorithm(), false).unwrap();
//! let token = issue(&claims, &header, &key).unwrap();
//!
//! let source = KeySource { label: "example".into(), keys, is_set: false, remote: false, issuer: None };
//! let trusted = VerifyingKeys::new(vec![source], false);
//! let verified = verify(&token, &trusted, &Policy::default(), now).unwrap();
//! assert_eq!(verified.claims().compact(), r#"{"sub":"alice","exp":1700001800}"#);
//! ```

pub mod oauth;
pub mod text;
pub mod token;

#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub mod demo;
#[cfg(feature = "cli")]
pub mod keys;
