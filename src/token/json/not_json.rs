//! Why text is not JSON.

use std::fmt;

/// Why a text is not JSON, and the offset of the byte where it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotJson {
    /// Bytes before the one at fault.
    pub offset: usize,
    pub(super) problem: &'static str,
}

impl fmt::Display for NotJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} at byte {}",
            self.problem,
            self.offset.saturating_add(1)
        )
    }
}

impl std::error::Error for NotJson {}

impl NotJson {
    pub(super) fn not_utf8(error: std::str::Utf8Error) -> Self {
        NotJson {
            offset: error.valid_up_to(),
            problem: "not UTF-8",
        }
    }

    /// What is wrong, without the place.
    #[must_use]
    pub fn problem(&self) -> &'static str {
        self.problem
    }
}
