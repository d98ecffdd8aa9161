//! The checks of the claims, made once the signature is known to be good.

mod expected;
mod parties;
mod times;

use crate::text::escape;
use crate::text::time::Span;
use crate::token::advice::Advice;
use crate::token::claim_checks::expected::{expectations, required};
use crate::token::claim_checks::parties::{TextClaim, aud, iss, text};
use crate::token::claim_checks::times::{exp, iat, nbf};
use crate::token::claims::Registered;
use crate::token::compact::Malformed;
use crate::token::json::{Json, Kind, NotObject, Object};
use crate::token::keyset::Signer;
use crate::token::profile::conformance;
use crate::token::profile::protocol::Protocol;
use crate::token::refusal::{Reason, Refusal};
use crate::token::report::CheckName;
use crate::token::verify::findings::{Findings, Stopped};
use crate::token::warning;

/// No clock difference needs more leeway.
pub const MAX_LEEWAY: Span = Span::from_seconds(600);

/// Checks a parsed payload against the policy; gives the claims if nothing is refused.
pub(crate) fn run<'a>(
    findings: &mut Findings<'a>,
    claims: Result<Object, NotObject>,
    header: &Object,
    signer: &Signer<'a>,
) -> Result<Object, Stopped> {
    let claims = without_repeats(claims, header)
        .map_err(|malformed| findings.stop(CheckName::Claims, malformed.into()))?;
    findings.pass(CheckName::Claims, || "a JSON object, no name twice".into());
    let registered = Registered::of(&claims);
    let protocol = || Protocol::of(header, Some(&claims));
    exp(findings, registered.exp, protocol);
    nbf(findings, registered.nbf);
    iat(findings, registered.iat);
    let source = iss(findings, registered.iss, signer, &claims);
    aud(findings, registered.aud, source.remote, &claims);
    let sub = TextClaim {
        name: "sub",
        asked: findings.policy.subject.as_deref(),
        check: CheckName::Sub,
        reason: Reason::WrongSub,
        lacks: "name its subject",
    };
    text(findings, registered.sub, &claims, sub);
    if let Some(jti) = registered.jti.filter(|jti| jti.kind() != Kind::String) {
        findings.refuse(CheckName::Claims, wrong_type("jti", jti, "a string"));
    }
    expectations(findings, header, &claims);
    required(findings, header, &claims);
    findings.replicated(&claims);
    let now = findings.now;
    findings.warn(|| warning::of_times(&registered, now));
    findings.warn(|| {
        let protocol = protocol();
        protocol.map_or_else(Vec::new, |p| conformance::warnings(p, header, &claims, now))
    });
    findings.so_far()?;
    Ok(claims)
}

fn without_repeats(
    claims: Result<Object, NotObject>,
    header: &Object,
) -> Result<Object, Malformed> {
    let claims = claims.map_err(|why| match why {
        _ if warning::is_nested(header) => {
            Malformed::new("the payload is a token itself (`cty` is JWT), not claims")
                .hint(Advice::VerifyInner)
        }
        NotObject::NotJson(e) => {
            Malformed::new(format!("the payload is not JSON: {e}")).hint(Advice::CheckSignatureOnly)
        }
        NotObject::Kind(kind) => Malformed::new(format!(
            "the payload is {kind}, and claims are a JSON object"
        ))
        .hint(Advice::CheckSignatureOnly),
    })?;
    match claims.duplicate() {
        Some(name) => Err(Malformed::new(format!(
            "the claims have `{}` twice: two readers could take two values",
            escape::shorten(name, 40)
        ))),
        None => Ok(claims),
    }
}

pub(crate) fn missing(name: &str, message: &str) -> Refusal {
    Refusal::new(Reason::MissingClaim, message).claim(name)
}

pub(crate) fn wrong_type(name: &str, found: Json<'_>, due: &str) -> Refusal {
    let message = format!("`{name}` is {}, not {due}", found.kind());
    Refusal::from(Malformed::new(message))
        .claim(name)
        .found(found.text())
}

fn does_not_match(shown: &str) -> String {
    format!("`{shown}` does not match")
}

#[cfg(test)]
mod tests;
