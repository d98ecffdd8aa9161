//! The parts of OAuth that a client and a server share: names, encodings and proofs. Pure.

pub mod assertion;
pub mod dpop;
pub mod endpoint;
pub mod error;
pub mod form;
pub mod grant_type;
pub mod pkce;
pub mod token_answer;
pub mod token_type;
pub mod well_known;
