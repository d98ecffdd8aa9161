//! What is odd about a token that can be read.

use crate::text::escape;
use crate::text::time::{self, Timestamp};
use crate::token::algorithm::Algorithm;
use crate::token::algorithm_name;
use crate::token::claim_time::{self, ClaimTime, Unit};
use crate::token::claims::{Registered, numeric_date};
use crate::token::json::{Json, Kind, Object};
use crate::token::profile::longest;
use crate::token::profile::protocol::Protocol;

/// Something a reader of the token should know.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// The name that scripts see; never renamed.
    pub code: &'static str,
    /// A sentence safe for a terminal.
    pub message: String,
}

impl Warning {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Warning {
            code,
            message: message.into(),
        }
    }
}

/// There is a warning for a token that lives longer.
const LONG_LIFE_DAYS: i128 = 30;
const DAY: i128 = 86_400_000_000_000;

/// Header parameters that carry or point to a key (RFC 7515 sections 4.1.2 to 4.1.6).
const KEY_PARAMETERS: &[&str] = &["jku", "jwk", "x5u", "x5c"];

/// Warns of what is odd about the header of a token, which may follow a protocol.
pub(crate) fn of_header(header: &Object, protocol: Option<Protocol>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let [alg, enc, crit, cty, zip] = header.get_all(["alg", "enc", "crit", "cty", "zip"]);
    let encrypted = enc.is_some();
    match alg.map(|alg| (alg, alg.as_str())) {
        Some((_, Some(alg))) if alg.eq_ignore_ascii_case("none") => {
            warnings.push(Warning::new(
                "alg_none",
                "the token is not signed (`alg` is none): anyone can write it",
            ));
        }
        Some((_, Some(alg))) if !encrypted && Algorithm::parse(&alg).is_none() => {
            let meant = algorithm_name::in_jose(&alg);
            let meant = meant.map(|a| format!(": JOSE calls it {}", a.name()));
            let alg = escape::middle(&alg, escape::NAME);
            warnings.push(Warning::new(
                "unknown_alg",
                format!(
                    "`alg` is `{alg}`, which is not a known algorithm{}",
                    meant.unwrap_or_default()
                ),
            ));
        }
        Some((value, None)) => warnings.push(Warning::new(
            "unknown_alg",
            format!("`alg` is {}, not a string", value.kind()),
        )),
        None => warnings.push(Warning::new("unknown_alg", "the header has no `alg`")),
        Some(_) => {}
    }
    warnings.extend(key_in_header(header, protocol));
    if crit.is_some() {
        warnings.push(Warning::new(
            "crit",
            "the header has `crit`: a verifier must understand what it lists, or refuse",
        ));
    }
    if cty.is_some_and(is_jwt) {
        warnings.push(Warning::new(
            "nested",
            "the payload is a token itself (`cty` is JWT)",
        ));
    }
    if !encrypted && zip.is_some() {
        warnings.push(Warning::new(
            "zip_signed",
            "`zip` is only for encryption (RFC 7516 section 4.1.3): other readers do not unpack the content of a signed token",
        ));
    }
    warnings.extend(repeated("header", header));
    warnings
}

/// Warns of a key that the token brings along, unless its protocol demands it.
pub(crate) fn key_in_header(header: &Object, protocol: Option<Protocol>) -> Option<Warning> {
    let is_meant = |name: &str| protocol.is_some_and(|p| p.may_bring_its_key_in(name));
    let place = |name: &str| {
        let place = KEY_PARAMETERS.iter().position(|p| *p == name)?;
        (!is_meant(name)).then_some(place)
    };
    let found = header
        .members()
        .filter_map(|(name, _)| place(&name))
        .min()?;
    let name = KEY_PARAMETERS.get(found)?;
    Some(Warning::new(
        "header_key",
        format!("the header brings or names its own key (`{name}`): a verifier must not trust it"),
    ))
}

/// Warns of what stands in a header that is not signed (RFC 7515 section 7.2.1), by its names.
pub(crate) fn unsigned<N: AsRef<str>>(names: &[N]) -> Option<Warning> {
    /// So many names are said.
    const MOST: usize = 5;
    let mut list: Vec<String> = names
        .iter()
        .take(MOST)
        .map(|name| format!("`{}`", escape::middle(name.as_ref(), escape::NAME)))
        .collect();
    let more = names.len().saturating_sub(MOST);
    if more > 0 {
        list.push(format!("{more} more"));
    }
    let (last, others) = list.split_last()?;
    let said = match others {
        [] => format!("{last} stands"),
        others => format!("{} and {last} stand", others.join(", ")),
    };
    Some(Warning::new(
        "unsigned_header",
        format!("{said} in a header that is not signed: anyone can change it"),
    ))
}

/// Whether the header says that the payload is a token (RFC 7519 section 5.2).
pub(crate) fn is_nested(header: &Object) -> bool {
    header.get("cty").is_some_and(is_jwt)
}

fn is_jwt(cty: Json<'_>) -> bool {
    cty.as_str()
        .is_some_and(|cty| cty.eq_ignore_ascii_case("jwt"))
}

/// Warns of what is odd at this time about the claims of a token, which may follow a protocol.
pub(crate) fn of_claims(
    claims: &Object,
    protocol: Option<Protocol>,
    now: Timestamp,
) -> Vec<Warning> {
    let registered = Registered::of(claims);
    let date = |value: Option<Json<'_>>| value.and_then(|v| numeric_date(v).ok());
    let mut warnings = Vec::new();
    match (registered.exp, date(registered.exp)) {
        (None, _) => warnings.extend(no_exp(protocol)),
        (Some(_), Some(exp)) if exp <= now => warnings.push(Warning::new(
            "expired",
            format!("the token expired {}", time::relative(exp, now)),
        )),
        _ => {}
    }
    if let Some(nbf) = date(registered.nbf).filter(|nbf| *nbf > now) {
        warnings.push(Warning::new(
            "not_yet_valid",
            format!(
                "the token is not valid yet: it becomes valid {}",
                time::relative(nbf, now)
            ),
        ));
    }
    for (name, value) in [
        ("exp", registered.exp),
        ("nbf", registered.nbf),
        ("iat", registered.iat),
    ] {
        if let Some(value) = value.filter(|value| value.kind() != Kind::Number) {
            warnings.push(not_a_number(name, value.kind()));
        }
    }
    warnings.extend(of_times(&registered, now));
    let others = claims.get_all(claim_time::OTHER_NUMERIC_DATES);
    for (name, value) in claim_time::OTHER_NUMERIC_DATES.into_iter().zip(others) {
        warnings.extend(date(value).and_then(|date| too_fine(name, date)));
    }
    warnings.extend(repeated("claims", claims));
    warnings
}

/// Warns of a token that never expires, unless its protocol allows that.
pub(crate) fn no_exp(protocol: Option<Protocol>) -> Option<Warning> {
    let may = protocol.is_some_and(Protocol::lives_without_exp);
    (!may).then(|| Warning::new("no_exp", "the token never expires (it has no `exp`)"))
}

/// Warns of times that are allowed, but most likely wrong.
pub(crate) fn of_times(registered: &Registered<'_>, now: Timestamp) -> Vec<Warning> {
    let times = [
        ("iat", registered.iat),
        ("nbf", registered.nbf),
        ("exp", registered.exp),
    ]
    .map(|(name, value)| (name, value.and_then(|v| numeric_date(v).ok())));
    let mut warnings: Vec<Warning> = times
        .iter()
        .filter_map(|(name, t)| too_fine(name, (*t)?))
        .collect();
    if !warnings.is_empty() {
        return warnings;
    }
    let [(_, iat), (_, nbf), (_, exp)] = times;
    if nbf.zip(exp).is_some_and(|(nbf, exp)| nbf >= exp) {
        warnings.push(Warning::new(
            "never_valid",
            "`nbf` is not before `exp`: the token is valid at no time",
        ));
    }
    if let Some(iat) = iat.filter(|iat| *iat > now) {
        warnings.push(Warning::new(
            "iat_future",
            format!("the token says it was issued {}", time::relative(iat, now)),
        ));
    }
    let life = exp.map(|exp| exp.since(iat.unwrap_or(now)));
    let life = life.filter(|life| *life > LONG_LIFE_DAYS.saturating_mul(DAY));
    let long = || Some(format!("the token lives for {}", time::span_words(life?)));
    if let Some(message) = longest::too_late(registered, now).or_else(long) {
        warnings.push(Warning::new("long_lived", message));
    }
    warnings
}

/// Warns of a NumericDate of another type: a strict verifier refuses the token, and a lax one ignores the
/// time.
fn not_a_number(name: &str, kind: Kind) -> Warning {
    let message = format!(
        "`{name}` is {kind}, and a time is a number (RFC 7519 section 2): verifiers refuse it"
    );
    Warning::new("date_not_number", message)
}

/// Warns of a NumericDate that does not seem to count seconds.
fn too_fine(name: &str, date: Timestamp) -> Option<Warning> {
    let ClaimTime { at, unit } = ClaimTime::by_size(date);
    (unit != Unit::Seconds).then(|| {
        let meant = time::human(at).map_or_else(String::new, |at| format!("; {at} is meant"));
        Warning::new(
            "milliseconds",
            format!(
                "`{name}` looks like {}: a NumericDate counts seconds{meant}",
                unit.name()
            ),
        )
    })
}

fn repeated(part: &str, object: &Object) -> Option<Warning> {
    let name = escape::middle(object.duplicate()?, escape::NAME);
    Some(Warning::new(
        "duplicate_name",
        format!("the {part} have `{name}` twice: readers may take either")
            .replace("header have", "header has"),
    ))
}

/// Warns that a payload is not what a JWT needs.
pub(crate) fn payload_not_object(kind: Option<Kind>) -> Warning {
    let what = kind.map_or_else(|| "not JSON".to_owned(), |kind| kind.to_string());
    Warning::new(
        "payload_not_object",
        format!("the payload is {what}, but the claims of a JWT are a JSON object"),
    )
}
