//! What verifiers will not like about the claims of a new token.

use crate::text::escape;
use crate::text::time::Timestamp;
use crate::token::claims::{Members, Registered, numeric_date};
use crate::token::json::{Json, Kind, Object};
use crate::token::profile::longest;

/// A sentence for each; somebody may want just that.
pub(super) fn oddities(claims: &Members<'_>, now: Timestamp) -> Vec<String> {
    let Ok(object) = Object::parse(claims.text().into_bytes()) else {
        return Vec::new();
    };
    let registered = Registered::of(&object);
    let kind = |name: &str, value: Option<Json<'_>>, fits: fn(Json<'_>) -> bool, due: &str| {
        let value = value.filter(|v| !fits(*v))?;
        Some(format!(
            "`{name}` is {}, not {due}: verifiers refuse that",
            value.kind()
        ))
    };
    let string: fn(Json<'_>) -> bool = |v| v.kind() == Kind::String;
    let date: fn(Json<'_>) -> bool = |v| v.kind() == Kind::Number;
    let audience: fn(Json<'_>) -> bool = |v| {
        v.kind() == Kind::String
            || v.kind() == Kind::Array && v.elements().all(|e| e.kind() == Kind::String)
    };
    let due = "a number of seconds";
    let dates = [
        ("exp", registered.exp),
        ("nbf", registered.nbf),
        ("iat", registered.iat),
    ];
    let times = dates.map(|(name, value)| {
        let value = value.filter(|v| v.kind() == Kind::Number && numeric_date(*v).is_err())?;
        Some(format!(
            "`{name}` is {}, which is beyond any calendar: verifiers refuse that",
            escape::shorten(value.text(), 40)
        ))
    });
    let never = [registered.nbf, registered.exp].map(|v| v.and_then(|v| numeric_date(v).ok()));
    let never = match never {
        [Some(nbf), Some(exp)] if nbf >= exp => Some(
            "`nbf` is not before `exp`: the token is valid at no time; `--exp` says when it expires"
                .to_owned(),
        ),
        _ => None,
    };
    [
        kind("iss", registered.iss, string, "a string"),
        kind("sub", registered.sub, string, "a string"),
        kind(
            "aud",
            registered.aud,
            audience,
            "a string or an array of strings",
        ),
        kind("exp", registered.exp, date, due),
        kind("nbf", registered.nbf, date, due),
        kind("iat", registered.iat, date, due),
        kind("jti", registered.jti, string, "a string"),
    ]
    .into_iter()
    .chain(times)
    .chain([never, longest::too_late(&registered, now)])
    .flatten()
    .collect()
}
