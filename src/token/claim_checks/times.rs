//! The times of a token against the current time: `exp`, `nbf` and `iat` (RFC 7519 sections 4.1.4
//! to 4.1.6).

use crate::text::escape;
use crate::text::time::{self, Span, Timestamp};
use crate::token::advice::Advice;
use crate::token::claim_checks::{MAX_LEEWAY, missing, wrong_type};
use crate::token::claim_time::{ClaimTime, Unit};
use crate::token::claims::{NotADate, numeric_date};
use crate::token::compact::Malformed;
use crate::token::json::{Json, Kind};
use crate::token::profile::protocol::Protocol;
use crate::token::refusal::{Reason, Refusal};
use crate::token::report::CheckName;
use crate::token::verify::findings::Findings;
use crate::token::warning;

pub(super) fn exp(
    findings: &mut Findings<'_>,
    exp: Option<Json<'_>>,
    protocol: impl Fn() -> Option<Protocol>,
) {
    let (now, leeway) = (findings.now, findings.policy.leeway);
    let Some(claim) = exp else {
        if findings.policy.allow_no_exp {
            findings.skip(CheckName::Exp, || "the token never expires".into());
            findings.warn(|| warning::no_exp(protocol()));
        } else {
            let refusal = missing("exp", "the token never expires: it has no `exp`");
            findings.refuse(CheckName::Exp, refusal.hint(Advice::AllowNoExp));
        }
        return;
    };
    match numeric_date(claim) {
        Err(why) => findings.refuse(CheckName::Exp, not_a_date("exp", claim, why)),
        Ok(exp) if now < exp.saturating_add(leeway) => findings.pass(CheckName::Exp, || {
            if now < exp {
                let span = time::span_words(exp.since(now));
                format!("valid for another {span}{}", meant(exp, now))
            } else {
                format!(
                    "expired {}, within the leeway of {leeway}",
                    time::relative(exp, now)
                )
            }
        }),
        Ok(exp) => {
            let message = format!("the token expired {}{}", time::relative(exp, now), at(exp));
            let mut refusal = Refusal::new(Reason::Expired, message)
                .claim("exp")
                .found(claim.text());
            refusal.hint = leeway_for(now.since(exp)).or(Some(Advice::GetNewToken));
            findings.refuse(CheckName::Exp, refusal);
        }
    }
}

pub(super) fn nbf(findings: &mut Findings<'_>, nbf: Option<Json<'_>>) {
    let (now, leeway) = (findings.now, findings.policy.leeway);
    let Some(claim) = nbf else {
        findings.skip(CheckName::Nbf, || "the token has none".into());
        return;
    };
    match numeric_date(claim) {
        Err(why) => findings.refuse(CheckName::Nbf, not_a_date("nbf", claim, why)),
        Ok(nbf) if nbf <= now.saturating_add(leeway) => {
            findings.pass(CheckName::Nbf, || match nbf <= now {
                true => format!("valid since {}", time::relative(nbf, now)),
                false => format!(
                    "valid {}, within the leeway of {leeway}",
                    time::relative(nbf, now)
                ),
            });
        }
        Ok(nbf) => {
            let message = format!(
                "the token is not valid yet: it becomes valid {}{}",
                time::relative(nbf, now),
                at(nbf)
            );
            let mut refusal = Refusal::new(Reason::NotYetValid, message)
                .claim("nbf")
                .found(claim.text());
            refusal.hint = leeway_for(nbf.since(now)).or_else(|| {
                let is_finer = ClaimTime::by_size(nbf).unit != Unit::Seconds;
                is_finer.then_some(Advice::CountSeconds)
            });
            findings.refuse(CheckName::Nbf, refusal);
        }
    }
}

/// Of `iat` only the type is checked, unless an age was asked for (RFC 7519 section 4.1.6).
pub(super) fn iat(findings: &mut Findings<'_>, iat: Option<Json<'_>>) {
    let (now, leeway) = (findings.now, findings.policy.leeway);
    let issued = match iat.map(|claim| (claim, numeric_date(claim))) {
        None => {
            findings.skip(CheckName::Iat, || "the token has none".into());
            None
        }
        Some((claim, Err(why))) => {
            findings.refuse(CheckName::Iat, not_a_date("iat", claim, why));
            return;
        }
        Some((claim, Ok(issued))) => {
            findings.pass(CheckName::Iat, || {
                let is_past = issued <= now.saturating_add(leeway);
                let when = time::relative(issued, now);
                if is_past {
                    format!("issued {when}")
                } else {
                    format!("issued {when}, in the future")
                }
            });
            Some((claim, issued))
        }
    };
    let Some(max_age) = findings.max_age else {
        return;
    };
    let Some((claim, issued)) = issued else {
        let refusal = missing(
            "iat",
            "the token does not say when it was issued: it has no `iat`",
        );
        findings.refuse(CheckName::MaxAge, refusal);
        return;
    };
    if issued > now.saturating_add(leeway) {
        let message = format!(
            "the token says it was issued {}{}",
            time::relative(issued, now),
            at(issued)
        );
        let mut refusal = Refusal::new(Reason::IssuedInFuture, message)
            .claim("iat")
            .found(claim.text());
        refusal.hint = leeway_for(issued.since(now));
        findings.refuse(CheckName::MaxAge, refusal);
    } else if now.since(issued) > max_age.nanos().saturating_add(leeway.nanos()) {
        let message = format!(
            "the token is older than {max_age}: it was issued {}{}",
            time::relative(issued, now),
            at(issued)
        );
        let mut refusal = Refusal::new(Reason::TooOld, message)
            .claim("iat")
            .found(claim.text());
        refusal.hint = leeway_for(now.since(issued).saturating_sub(max_age.nanos()));
        findings.refuse(CheckName::MaxAge, refusal);
    } else {
        findings.pass(CheckName::MaxAge, || format!("not older than {max_age}"));
    }
}

fn not_a_date(name: &str, found: Json<'_>, why: NotADate) -> Refusal {
    match why {
        NotADate::Kind(Kind::String) => {
            wrong_type(name, found, "a number").hint(Advice::CountSeconds)
        }
        NotADate::Kind(_) => wrong_type(name, found, "a number"),
        NotADate::OutOfRange => {
            let shown = escape::shorten(found.text(), 40);
            let message =
                format!("`{name}` is not a time: {shown} seconds are beyond any calendar");
            Refusal::from(Malformed::new(message))
                .claim(name)
                .found(found.text())
        }
    }
}

/// The time that is meant by a number which does not seem to count seconds.
fn meant(t: Timestamp, now: Timestamp) -> String {
    let ClaimTime { at, unit } = ClaimTime::by_size(t);
    match unit {
        Unit::Seconds => String::new(),
        unit => format!("; read as {}, {}", unit.name(), time::relative(at, now)),
    }
}

pub(super) fn at(t: Timestamp) -> String {
    time::rfc3339(t).map_or_else(String::new, |t| format!(" ({t})"))
}

/// The leeway that would be enough for this many nanoseconds, in whole minutes where it is long.
fn leeway_for(missing: i128) -> Option<Advice> {
    let seconds = missing.div_euclid(1_000_000_000).saturating_add(1);
    let seconds = u64::try_from(seconds).ok()?;
    let rounded = if seconds < 60 {
        seconds
    } else {
        seconds.div_ceil(60).saturating_mul(60)
    };
    let leeway = Span::from_seconds(rounded);
    (leeway <= MAX_LEEWAY).then_some(Advice::AllowLeeway(leeway))
}
