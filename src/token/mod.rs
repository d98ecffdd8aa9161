//! The rules of tokens: algorithms, keys, claims, verdicts.
//!
//! This floor is pure: text, keys and the time come in as arguments, values go out. It does no I/O,
//! reads no clock and no environment, and knows nothing of terminals or networks.

pub mod advice;
pub mod algorithm;
#[doc(hidden)]
pub mod algorithm_name;
mod bare;
#[doc(hidden)]
pub mod base64url;
pub mod chain;
mod claim_checks;
#[doc(hidden)]
pub mod claim_time;
pub mod claims;
mod claims_in_header;
mod coded;
pub mod compact;
pub mod content;
mod decimal;
pub mod decode;
mod der;
mod diagnose;
mod ecdsa_signature;
pub mod encoding;
pub mod engine;
mod env_file;
pub(crate) mod error_answer;
mod export;
pub mod external;
pub mod find;
mod foreign_token;
pub mod generate;
mod header_parts;
pub mod issue;
pub mod json;
pub mod jwe;
mod jwk;
mod jwks;
pub(crate) mod jws_json;
pub mod key;
pub mod key_fault;
mod key_json;
mod keys;
pub mod keyset;
mod material;
pub mod ml_dsa;
pub mod name;
mod near_miss;
#[doc(hidden)]
pub mod no_token;
mod not_a_secret;
pub mod passphrase;
#[doc(hidden)]
pub mod pasted;
pub mod pattern;
mod pem;
mod pgp;
pub mod policy;
pub mod profile;
#[doc(hidden)]
pub mod published;
pub mod refusal;
mod registered;
pub mod report;
pub mod sd_jwt;
pub mod serialization;
mod ssh;
mod swar;
pub mod verify;
pub mod warning;

pub use claim_checks::MAX_LEEWAY;
pub use decode::decode;
pub use export::set as jwk_set;
pub use issue::issue;
pub use verify::{verify, verify_signature};
