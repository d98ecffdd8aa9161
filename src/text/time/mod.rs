//! Times: how they are written on the command line (TIME, DUR) and how they are shown.
//!
//! Nothing here reads a clock, and nothing overflows: what does not fit saturates or is refused.

mod error;
mod parse;
mod span;
mod written;

pub use crate::text::time::error::TimeError;
pub use crate::text::time::parse::{Moment, parse_time};
pub use crate::text::time::span::Span;
pub use crate::text::time::written::{human, relative, rfc3339, span_words};

const NANOS: i128 = 1_000_000_000;

/// A point in time, in nanoseconds since 1970-01-01T00:00:00Z without leap seconds (`NumericDate`,
/// RFC 7519 section 2); arithmetic saturates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i128);

impl Timestamp {
    /// Takes seconds since 1970; every number is a time.
    #[must_use]
    pub const fn from_seconds(seconds: i64) -> Self {
        // The product fits for any i64.
        Self((seconds as i128).saturating_mul(NANOS))
    }

    /// Takes nanoseconds since 1970; every number is a time.
    #[must_use]
    pub const fn from_nanos(nanos: i128) -> Self {
        Self(nanos)
    }

    /// Whole seconds since 1970, rounded down (before 1970 too) and saturated at the ends of an
    /// `i64`.
    #[must_use]
    pub fn seconds(self) -> i64 {
        let seconds = self.0.div_euclid(NANOS);
        i64::try_from(seconds).unwrap_or(if seconds < 0 { i64::MIN } else { i64::MAX })
    }

    /// Nanoseconds since 1970.
    #[must_use]
    pub const fn nanos(self) -> i128 {
        self.0
    }

    /// The time that is `span` later, or the last one there is.
    #[must_use]
    pub const fn saturating_add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.nanos()))
    }

    /// The time that is `span` earlier, or the first one there is.
    #[must_use]
    pub const fn saturating_sub(self, span: Span) -> Self {
        Self(self.0.saturating_sub(span.nanos()))
    }

    /// Nanoseconds from `other` to this time, negative where this one is the earlier; saturated.
    #[must_use]
    pub const fn since(self, other: Self) -> i128 {
        self.0.saturating_sub(other.0)
    }
}

#[cfg(test)]
mod tests;
