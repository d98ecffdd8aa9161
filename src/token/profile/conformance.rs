//! Finds where a token breaks the rules of its protocol.

use crate::text::escape;
use crate::text::time::{self, Timestamp};
use crate::token::algorithm::Algorithm;
use crate::token::claims::numeric_date;
use crate::token::json::{Json, Kind, Object};
use crate::token::profile::protocol::{LOGOUT, Protocol, SD_JWT_VC};
use crate::token::warning::Warning;

/// A proof is valid for seconds or minutes (RFC 9449 section 11.1), an assertion for little more.
const PROOF_SECONDS: i64 = 300;
const ASSERTION_SECONDS: i64 = 86_400;
const NANOS: i128 = 1_000_000_000;

/// Warns where a token breaks the rules of its protocol.
pub(crate) fn warnings(
    protocol: Protocol,
    header: &Object,
    claims: &Object,
    now: Timestamp,
) -> Vec<Warning> {
    let rules = protocol.rules();
    let (what, source) = (rules.what, rules.source);
    let mut warnings = Vec::new();
    for (names, object, place) in [
        (rules.header, header, "its header has no"),
        (rules.claims, claims, "it has no"),
    ] {
        let missing = names.iter().filter(|name| object.get(name).is_none());
        warnings.extend(missing.map(|name| {
            let message = format!("{place} `{name}`, which {what} needs ({source})");
            Warning::new("missing_member", message)
        }));
    }
    let forbidden = rules.never.iter().filter(|name| claims.get(name).is_some());
    warnings.extend(forbidden.map(|name| {
        let message = format!("it has `{name}`, which {what} must not have ({source})");
        Warning::new("forbidden_member", message)
    }));
    match protocol {
        Protocol::DpopProof => of_proof(header, claims, now, &mut warnings),
        Protocol::LogoutToken => of_logout(claims, &mut warnings),
        Protocol::ClientAssertion => of_assertion(claims, now, &mut warnings),
        Protocol::SdJwtVc => of_credential(claims, &mut warnings),
        _ => {}
    }
    warnings
}

/// RFC 9449 section 4.3.
fn of_proof(header: &Object, claims: &Object, now: Timestamp, warnings: &mut Vec<Warning>) {
    let mut wrong = |message: String| warnings.push(Warning::new("wrong_member", message));
    let alg = header.get("alg").and_then(Json::as_str);
    let algorithm = alg.as_deref().and_then(Algorithm::parse);
    if algorithm.is_some_and(|algorithm| algorithm.hash_len().is_some()) {
        wrong(
            "a DPoP proof is signed with a private key, not with a secret (RFC 9449 section 4.2)"
                .into(),
        );
    }
    if let Some(jwk) = header.get("jwk") {
        if jwk.kind() != Kind::Object {
            wrong(format!(
                "`jwk` is {}, and a key is an object (RFC 7517 section 4)",
                jwk.kind()
            ));
        } else if let Some(name) = ["d", "k", "priv"]
            .into_iter()
            .find(|n| jwk.get(n).is_some())
        {
            wrong(format!(
                "`jwk` has `{name}`, a private part: whoever sees the proof has the key"
            ));
        }
    }
    let htu = claims.get("htu").and_then(Json::as_str);
    if htu.is_some_and(|htu| htu.contains(['?', '#'])) {
        wrong("`htu` has a query or fragment, which servers ignore (RFC 9449 section 4.3)".into());
    }
    let iat = claims.get("iat").and_then(|iat| numeric_date(iat).ok());
    let is_old =
        |iat: &Timestamp| now.since(*iat) > i128::from(PROOF_SECONDS).saturating_mul(NANOS);
    if let Some(iat) = iat.filter(is_old) {
        warnings.push(Warning::new(
            "old_proof",
            format!(
                "the proof was made {}: servers accept it for seconds or minutes (RFC 9449 section 11.1)",
                time::relative(iat, now)
            ),
        ));
    }
}

/// OpenID Connect Back-Channel Logout 1.0 section 2.4.
fn of_logout(claims: &Object, warnings: &mut Vec<Warning>) {
    if claims.get("sub").is_none() && claims.get("sid").is_none() {
        warnings.push(Warning::new(
            "missing_member",
            "it has neither `sub` nor `sid`: a logout token says who is logged out, or which session (OpenID Connect Back-Channel Logout 1.0 section 2.4)",
        ));
    }
    let events = claims.get("events");
    if events.is_some_and(|events| events.get(LOGOUT).is_none()) {
        warnings.push(Warning::new(
            "wrong_member",
            format!("`events` has no `{LOGOUT}`, which marks a logout token"),
        ));
    }
}

/// A credential has one type that is text, and may have others beside it.
fn of_credential(claims: &Object, warnings: &mut Vec<Warning>) {
    let mut wrong = |message: String| warnings.push(Warning::new("wrong_member", message));
    let vct = claims.get("vct");
    if let Some(vct) = vct.filter(|vct| vct.kind() != Kind::String) {
        let kind = vct.kind();
        wrong(format!(
            "`vct` is {kind}, and the type of a credential is text ({SD_JWT_VC})"
        ));
    }
    let Some(others) = claims.get("aka_vcts") else {
        return;
    };
    let is_text = |other: Json<'_>| other.kind() == Kind::String;
    if others.kind() != Kind::Array
        || others.elements().next().is_none()
        || !others.elements().all(is_text)
    {
        wrong(format!(
            "`aka_vcts` is not an array of types, one at least ({SD_JWT_VC})"
        ));
    } else if others
        .elements()
        .any(|other| vct.is_some_and(|vct| vct.same(other)))
    {
        wrong(format!(
            "`aka_vcts` has the type of `vct` once more ({SD_JWT_VC})"
        ));
    }
}

/// RFC 7523 section 3: it names the client twice and the server once, and expires soon.
fn of_assertion(claims: &Object, now: Timestamp, warnings: &mut Vec<Warning>) {
    if let (Some(iss), Some(sub)) = (claims.get("iss"), claims.get("sub"))
        && !iss.same(sub)
    {
        let shown = |value: Json<'_>| escape::middle(&value.compact(), escape::NAME).into_owned();
        warnings.push(Warning::new(
            "wrong_member",
            format!(
                "`iss` is {} and `sub` {}: both are the client's ID (RFC 7523 section 3)",
                shown(iss),
                shown(sub)
            ),
        ));
    }
    let aud = claims.get("aud");
    if aud.is_some_and(|aud| aud.one_or_many().nth(1).is_some()) {
        warnings.push(Warning::new(
            "wrong_member",
            "`aud` has several servers: each of them could use the assertion at the others (draft-ietf-oauth-rfc7523bis)",
        ));
    }
    let date = |name| claims.get(name).and_then(|value| numeric_date(value).ok());
    let (exp, iat) = (date("exp"), date("iat"));
    let most = i128::from(ASSERTION_SECONDS).saturating_mul(NANOS);
    let life = exp.map(|exp| exp.since(iat.unwrap_or(now)));
    // Beyond 30 days there is a warning for every token.
    if let Some(life) = life.filter(|life| *life > most && *life <= most.saturating_mul(30)) {
        warnings.push(Warning::new(
            "long_lived",
            format!(
                "the assertion lives for {}: servers may refuse one that expires in the far future (RFC 7523 section 3)",
                time::span_words(life)
            ),
        ));
    }
}
