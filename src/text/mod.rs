//! Safe text and times: what may be shown to a person, and how a time is written, read and compared.
//!
//! Floor 0, so pure: no I/O, no clock (the time of now is an argument), no environment.

#[doc(hidden)]
pub mod count;
#[doc(hidden)]
pub mod escape;
#[doc(hidden)]
pub mod hex;
#[cfg(feature = "cli")]
pub(crate) mod hide;
pub mod time;
pub mod url;
#[doc(hidden)]
pub mod utf16;
