//! OAuth as a client and a server say it alike: names, encodings and proofs. Pure.

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
