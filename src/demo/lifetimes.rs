//! How long things live.

use crate::text::time::Span;

/// How long things live.
#[derive(Clone, Copy, Debug)]
pub struct Lifetimes {
    /// Access tokens and ID tokens.
    pub access_token: Span,
    /// Refresh tokens, and all that they are exchanged for.
    pub refresh_token: Span,
    /// Authorization codes, [`Lifetimes::MAX_CODE`] at most.
    pub code: Span,
    /// Log-ins.
    pub session: Span,
}

impl Lifetimes {
    /// RFC 6749 section 4.1.2 recommends that no code lives longer.
    pub const MAX_CODE: Span = Span::from_seconds(600);
}

impl Default for Lifetimes {
    fn default() -> Self {
        Lifetimes {
            access_token: Span::from_seconds(30 * 60),
            refresh_token: Span::from_seconds(30 * 24 * 3600),
            code: Span::from_seconds(60),
            session: Span::from_seconds(8 * 3600),
        }
    }
}
