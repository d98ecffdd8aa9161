//! A token that was issued, as JSON.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::cli::json_line::{Origin, line};
use crate::cli::view::raw;
use crate::text::time;
use crate::token::claims::{Members, numeric_date};

/// `issue --json`
pub(in crate::cli) fn issued_json(
    token: &str,
    header: &Members<'_>,
    claims: &Members<'_>,
) -> String {
    #[derive(Serialize)]
    struct Issued<'a> {
        token: &'a str,
        header: Box<RawValue>,
        claims: Box<RawValue>,
        expires_at: Option<String>,
    }
    let exp = claims.get("exp").and_then(|exp| numeric_date(exp).ok());
    line(&Issued {
        token,
        header: raw(header.text()),
        claims: raw(claims.text()),
        expires_at: exp.and_then(time::rfc3339),
    })
}

/// `issue --batch --json`: the same of a line.
pub(in crate::cli) fn issued_line(
    origin: Origin<'_>,
    token: &str,
    header: &Members<'_>,
    claims: &Members<'_>,
) -> Vec<u8> {
    origin.in_front_of(&issued_json(token, header, claims))
}
