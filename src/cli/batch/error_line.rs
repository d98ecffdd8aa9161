//! The line of a batch as JSON where there is no token, or no content to show.

use serde::Serialize;

use crate::cli::json_line::{Origin, line};
use crate::cli::view::ErrorJson;
use crate::token::compact::Malformed;
use crate::token::refusal::{Reason, Refusal};

/// `decode --batch` and `issue --batch --json`, of a line that is neither a token nor claims.
pub(super) fn malformed_line(origin: Origin<'_>, why: &Malformed) -> Vec<u8> {
    error_line(origin, Reason::Malformed, &why.message)
}

/// `decode --batch`, of a line with no token, or with one that does not open.
pub(super) fn refusal_line(origin: Origin<'_>, why: &Refusal) -> Vec<u8> {
    error_line(origin, why.reason, &why.message)
}

fn error_line(origin: Origin<'_>, reason: Reason, message: &str) -> Vec<u8> {
    #[derive(Serialize)]
    struct NoToken<'a> {
        error: ErrorJson<'a>,
    }
    let error = ErrorJson::of(reason, message);
    origin.in_front_of(&line(&NoToken { error }))
}
