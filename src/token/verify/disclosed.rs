//! The disclosures of an SD-JWT, and the proof of its holder's key (RFC 9901 sections 7.1 and 7.3).

use crate::text::time::Span;
use crate::token::advice::Advice;
use crate::token::claim_checks::{missing, wrong_type};
use crate::token::compact::Malformed;
use crate::token::json::{self, Json, Kind, NotObject, Object};
use crate::token::jwk;
use crate::token::keys::Keys;
use crate::token::keyset::VerifyingKeys;
use crate::token::name::Name;
use crate::token::policy::{Expectation, Expected, Policy};
use crate::token::profile::protocol::Protocol;
use crate::token::refusal::{Reason, Refusal};
use crate::token::report::CheckName;
use crate::token::sd_jwt::{
    Presented, disclosed_in_spite, key_binding_hash, no_proof, of_proof, reassemble,
};
use crate::token::verify::findings::{Findings, Stopped};
use crate::token::verify::header::media_type;

/// Older than any proof: even where no age is asked for, none may come from the future.
const ANY_AGE: Span = Span::from_seconds(u64::MAX);

/// The claims with the disclosed ones; the proof of the holder's key is checked with them.
pub(super) fn claims(
    findings: &mut Findings<'_>,
    header: &Object,
    payload: Result<Object, NotObject>,
    presented: Presented<'_>,
) -> Result<Result<Object, NotObject>, Stopped> {
    let Ok(payload) = payload else {
        return Ok(payload);
    };
    let disclosures: Vec<&str> = presented.disclosures().collect();
    let is_credential = Protocol::of(header, None) == Some(Protocol::SdJwtVc);
    let claims = reassemble(payload.json(), &disclosures).and_then(|claims| {
        let hidden = match is_credential {
            true => disclosed_in_spite(payload.json(), &disclosures)?,
            false => None,
        };
        match hidden {
            None => Ok(claims),
            Some(name) => Err(Malformed::new(format!(
                "`{name}` or a part of it is disclosed by itself, and a credential shows it in any case (SD-JWT VC, Registered JWT Claims)"
            ))),
        }
    });
    let claims = claims.map_err(|why| {
        let refusal = Refusal::new(Reason::BadDisclosure, why.message);
        findings.stop(CheckName::Disclosures, refusal)
    })?;
    findings.pass(CheckName::Disclosures, || match disclosures.len() {
        0 => "none".to_owned(),
        1 => "one, with its digest".to_owned(),
        n => format!("{n}, each with its digest"),
    });
    let claims = Object::parse(claims.into_bytes());
    if let Ok(claims) = &claims {
        vct(findings, header, claims);
        key_binding(findings, payload.json(), claims, presented);
    }
    Ok(claims)
}

/// Refuses a credential without its type (SD-JWT VC, Registered JWT Claims). A `vc+sd-jwt` may be a credential
/// of the W3C, which has its type elsewhere.
fn vct(findings: &mut Findings<'_>, header: &Object, claims: &Object) {
    let typ = header.get("typ").and_then(Json::as_str);
    if typ.is_none_or(|typ| media_type(&typ) != media_type("dc+sd-jwt")) {
        return;
    }
    let refusal = match claims.get("vct") {
        Some(vct) if vct.kind() == Kind::String => return,
        Some(vct) => wrong_type("vct", vct, "a string"),
        None => missing(
            "vct",
            "the credential does not say its type: it has no `vct`",
        ),
    };
    findings.refuse(CheckName::Claims, refusal);
}

/// Refuses a token that has no proof of its holder's key, where one is asked for.
pub(super) fn refuse_unbound(findings: &mut Findings<'_>, claims: Option<&Object>) {
    if findings.policy.key_binding.is_asked_for() {
        let message = "the token has no proof of its holder's key, but one was asked for";
        let refusal = match claims.map(|claims| claims.get("cnf").is_some()) {
            None => Refusal::new(Reason::KeyBinding, message),
            Some(true) => Refusal::new(Reason::KeyBinding, message).hint(Advice::PresentWithProof),
            Some(false) => Refusal::new(
                Reason::KeyBinding,
                format!("{message}, and its issuer has bound it to no key (`cnf`)"),
            ),
        };
        findings.refuse(CheckName::KeyBinding, refusal);
    }
}

fn key_binding(
    findings: &mut Findings<'_>,
    payload: Json<'_>,
    claims: &Object,
    presented: Presented<'_>,
) {
    let Some(token) = presented.key_binding else {
        refuse_unbound(findings, Some(claims));
        return;
    };
    // A credential may be old: what has to be fresh is its presentation (RFC 9901 section 7.3).
    let max_age = findings.max_age.take();
    let asked = &findings.policy.key_binding;
    match judged(findings, max_age, payload, claims, presented.issued, token) {
        Ok(()) => {
            if let Some(max_age) = max_age {
                findings.pass(CheckName::MaxAge, || {
                    format!("the proof of the holder's key is not older than {max_age}")
                });
            }
            let (audience, nonce) = (asked.audience.is_some(), asked.nonce.is_some());
            findings.pass(CheckName::KeyBinding, || {
                let seen = match (audience, nonce) {
                    (true, true) => "",
                    (true, false) => "; `nonce` not asked for",
                    (false, true) => "; `aud` not asked for",
                    (false, false) => "; `aud` and `nonce` not asked for",
                };
                format!("signed by the key in `cnf`, over this token{seen}")
            });
        }
        Err(refusal) => findings.refuse(CheckName::KeyBinding, refusal),
    }
}

/// Checks the holder's token by the rules for any token, with the key that the issuer wrote into
/// `cnf` (RFC 7800 section 3.2).
fn judged(
    findings: &Findings<'_>,
    max_age: Option<Span>,
    payload: Json<'_>,
    claims: &Object,
    issued: &str,
    token: &str,
) -> Result<(), Refusal> {
    let wrong = |message: String| Refusal::new(Reason::KeyBinding, message);
    let not_valid = |why: &str| wrong(format!("the proof of the holder's key is not valid: {why}"));
    if !token.contains('.') {
        return Err(wrong(format!(
            "what follows the last tilde is not a proof of the holder's key: {}",
            no_proof().message
        )));
    }
    let jwk = claims.get("cnf").and_then(|cnf| cnf.get("jwk"));
    let jwk = jwk.ok_or_else(|| {
        wrong(
            "the token has a proof of its holder's key, but does not name the key (`cnf` with `jwk`)"
                .into(),
        )
    })?;
    let (key, _) = jwk::read(jwk).map_err(|fault| {
        wrong(format!(
            "the key in `cnf` cannot be used: {}",
            fault.message
        ))
    })?;
    if key.is_secret() {
        return Err(wrong(
            "the key in `cnf` is a secret that everybody can read there".into(),
        ));
    }
    let asked = &findings.policy.key_binding;
    let required = ["iat", "aud", "nonce", "sd_hash"];
    let nonce = asked.nonce.as_ref().map(|nonce| Expectation {
        name: Name::Claim("nonce".to_owned()),
        value: Expected::Json(json::quote(nonce)),
    });
    let policy = Policy {
        typ: Some("kb+jwt".to_owned()),
        audiences: asked.audience.iter().cloned().collect(),
        any_audience: asked.audience.is_none(),
        claims: nonce.into_iter().collect(),
        require: required.iter().map(|name| Name::parse(name)).collect(),
        leeway: findings.policy.leeway,
        max_age: max_age.or(Some(ANY_AGE)),
        allow_no_exp: true,
        ..Policy::default()
    };
    let keys = VerifyingKeys::of("`cnf`", Keys::from(key));
    let verified = super::verify(token, &keys, &policy, findings.now).map_err(|refused| {
        let first = refused.refusals.into_iter().next();
        let why = first
            .as_ref()
            .map_or("it is refused", |first| &first.message);
        let refusal = not_valid(&of_proof(why));
        match first {
            // The sentence does not have the values.
            Some(first) if matches!(first.reason, Reason::WrongAud | Reason::WrongClaim) => {
                Refusal {
                    claim: first.claim,
                    expected: first.expected,
                    found: first.found,
                    ..refusal
                }
            }
            _ => refusal,
        }
    })?;
    let proof = verified.claims();
    // Both are of one verifier and one transaction (RFC 9901 section 4.3).
    for name in ["aud", "nonce"] {
        let kind = proof.get(name).map_or(Kind::Null, Json::kind);
        if kind != Kind::String {
            return Err(not_valid(&format!("`{name}` is {kind}, not a string")));
        }
    }
    if proof.get("nonce").is_some_and(|nonce| nonce.is("")) {
        return Err(not_valid("`nonce` is empty"));
    }
    let hash =
        key_binding_hash(payload, issued).map_err(|Malformed { message, .. }| wrong(message))?;
    let sd_hash = proof.get("sd_hash");
    match sd_hash.is_some_and(|found| found.is(&hash)) {
        true => Ok(()),
        false => Err(wrong(
            "the proof of the holder's key was made for another token, or for other disclosures: its `sd_hash` does not match".into(),
        )
        .hint(Advice::PresentAnew)),
    }
}
