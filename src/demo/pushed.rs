//! Authorization requests that were pushed, until they have been answered (RFC 9126 section 4).

use crate::text::time::{Span, Timestamp};

/// The prefix of a reference (RFC 9126 section 2.2).
pub(super) const URN: &str = "urn:ietf:params:oauth:request_uri:";

/// How long a browser has to bring the reference.
pub(super) const LIFETIME: Span = Span::from_seconds(60);

/// How long the user has to log in and to decide.
const TIME_TO_DECIDE: Span = Span::from_seconds(3600);

/// A request that was pushed.
pub(super) struct Pushed {
    pub(super) client_id: String,
    /// The request, as a query.
    pub(super) text: String,
    expires: Timestamp,
    is_opened: bool,
}

impl Pushed {
    pub(super) fn new(client_id: &str, text: String, now: Timestamp) -> Self {
        Pushed {
            client_id: client_id.to_owned(),
            text,
            expires: now.saturating_add(LIFETIME),
            is_opened: false,
        }
    }

    /// When it cannot be used any more.
    pub(super) fn forgotten(now: Timestamp) -> Timestamp {
        now.saturating_add(TIME_TO_DECIDE)
    }

    /// Opens it for a browser that brings its reference, which may be used once (RFC 9126 section
    /// 7.3).
    ///
    /// # Errors
    /// Why it cannot be opened.
    pub(super) fn open(&mut self, now: Timestamp) -> Result<(), &'static str> {
        if self.is_opened {
            return Err("has been used already");
        }
        if self.expires <= now {
            return Err("has expired");
        }
        self.is_opened = true;
        Ok(())
    }

    pub(super) fn is_opened(&self) -> bool {
        self.is_opened
    }
}
