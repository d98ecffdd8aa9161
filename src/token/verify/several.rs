//! A token in a JSON form, which may have several signatures: which of them has to be good, the caller
//! says (RFC 7515 section 5.2).

use crate::text::count::counted;
use crate::text::escape;
use crate::token::advice::Advice;
use crate::token::compact::{Jws, Malformed, decode_header};
use crate::token::json::{self, Json};
use crate::token::jws_json::{self, Message, Signature};
use crate::token::policy::{Policy, SignatureChoice};
use crate::token::refusal::{Reason, Refusal};
use crate::token::report::CheckName;
use crate::token::sd_jwt::Presented;
use crate::token::verify::findings::Findings;
use crate::token::verify::nested::check_of;
use crate::token::verify::{Asked, Judged, Refused, TokenVerifier};

impl<'a> TokenVerifier<'a> {
    /// Judges a token by the first of its signatures, among those that were chosen, by which it is
    /// good; if there is none, the verdict is that of the one that came the furthest.
    pub(super) fn judge_signatures<T>(
        &mut self,
        text: &str,
        choice: &SignatureChoice,
        mut findings: Findings<'a>,
        asked: Asked<'a, T>,
    ) -> Judged<T> {
        let read = Message::read(text).and_then(|message| {
            let rest = message.presented()?;
            // The proof of the holder's key covers the compact form of the first signature.
            let first = message.signatures.first().zip(rest);
            let presented = first.map(|(first, rest)| {
                let mut text = String::new();
                first.compact(&message.payload, &mut text);
                text + &rest
            });
            Ok((message, presented))
        });
        let (message, presented) = match read {
            Ok(read) => read,
            Err(why) => {
                let stopped = findings.stop(CheckName::Format, why.into());
                return findings.close(Err(stopped));
            }
        };
        let of = message.signatures.len();
        let all = message.signatures.iter().zip(1..);
        let chosen: Vec<(&Signature<'_>, usize)> = all
            .filter(|(signature, number)| is_chosen(choice, signature, *number))
            .collect();
        let mut judge = |findings: &Findings<'a>, (signature, number), diagnosing| {
            let mut findings = findings.clone();
            findings.signature = Some((number, of));
            findings.diagnosing = diagnosing;
            self.judge_signature(&message, signature, presented.as_deref(), findings, asked)
        };
        let (&first, others) = match chosen.as_slice() {
            [] => {
                let refusal = not_there(choice, of);
                let stopped = findings.stop(CheckName::Signature, refusal);
                return findings.close(Err(stopped));
            }
            [only] => return judge(&findings, *only, findings.diagnosing),
            [first, others @ ..] => (first, others),
        };
        let mut furthest = (first, judge(&findings, first, false));
        for &other in others {
            let (_, Err(refused)) = &furthest else {
                break;
            };
            let verdict = judge(&findings, other, false);
            let is_further = verdict
                .as_ref()
                .map_or_else(|why| rank(why) > rank(refused), |_| true);
            if is_further {
                furthest = (other, verdict);
            }
        }
        let (signature, verdict) = furthest;
        let verdict = match verdict {
            Err(_) if findings.diagnosing => judge(&findings, signature, true),
            verdict => verdict,
        };
        verdict.map_err(|refused| none_is_good(refused, chosen.len()))
    }

    fn judge_signature<T>(
        &mut self,
        message: &Message<'_>,
        signature: &Signature<'_>,
        presented: Option<&str>,
        mut findings: Findings<'a>,
        asked: Asked<'a, T>,
    ) -> Judged<T> {
        let mut text = String::new();
        let jws = signature.compact(&message.payload, &mut text);
        let result = match self.read_parts(
            &mut findings,
            jws,
            Some(signature),
            presented.map(Presented::of),
        ) {
            Ok(read) => asked(read, &mut findings),
            Err(refusal) => Err(findings.stop(check_of(&refusal), refusal)),
        };
        findings.close(result)
    }
}

/// Refuses a token in a JSON form where the caller expects a JWT: what takes the one form for the other
/// can be shown another payload than the one that is signed (RFC 7519 section 1).
pub(super) fn not_asked_for() -> Refusal {
    let message =
        "JSON with a signature, and not in the compact form, which a JWT has (RFC 7519 section 1)";
    Malformed::new(message).hint(Advice::ChooseSignature).into()
}

/// Whether a token must be looked at for the signature that was chosen.
pub(super) fn names_one(policy: &Policy) -> bool {
    !matches!(policy.signature, None | Some(SignatureChoice::Any))
}

fn is_chosen(choice: &SignatureChoice, signature: &Signature<'_>, number: usize) -> bool {
    match choice {
        SignatureChoice::Any => true,
        SignatureChoice::Number(chosen) => *chosen == number,
        SignatureChoice::Kid(kid) => {
            let protected = signature.protected().ok().flatten();
            let header = jws_json::joined(protected.as_ref(), signature.unprotected());
            header.is_ok_and(|header| header.get("kid").is_some_and(|found| found.is(kid)))
        }
    }
}

/// Refuses a token in the compact form whose only signature is not the one that was chosen.
pub(super) fn check_only(jws: &Jws<'_>, policy: &Policy) -> Result<(), Refusal> {
    let Some(choice) = &policy.signature else {
        return Ok(());
    };
    let is_it = match choice {
        SignatureChoice::Any | SignatureChoice::Number(1) => true,
        SignatureChoice::Number(_) => false,
        SignatureChoice::Kid(kid) => {
            let header = decode_header(jws.header)?;
            header
                .get("kid")
                .is_some_and(|found: Json<'_>| found.is(kid))
        }
    };
    match is_it {
        true => Ok(()),
        false => Err(not_there(choice, 1)),
    }
}

/// Why a signature that was chosen cannot be judged.
fn not_there(choice: &SignatureChoice, of: usize) -> Refusal {
    let refused = |message| Refusal::new(Reason::BadSignature, message);
    match choice {
        SignatureChoice::Kid(kid) => {
            let shown = escape::middle(kid, escape::NAME);
            refused(format!("no signature of the token has the `kid` `{shown}`"))
                .expected(json::quote(kid))
        }
        SignatureChoice::Number(number) => refused(format!(
            "the token has no signature {number}: it has {}",
            counted(of, "signature")
        )),
        SignatureChoice::Any => refused("the token has no signature".to_owned()),
    }
}

/// How far a token came by one of its signatures.
fn rank(refused: &Refused) -> u8 {
    let of_one = |refusal: &Refusal| match refusal.reason {
        Reason::Malformed => 0,
        Reason::AlgRefused | Reason::KeyNotFound => 1,
        Reason::BadSignature | Reason::CritUnknown => 2,
        Reason::KeyMissing | Reason::KeyRejected | Reason::KeyWeak | Reason::System => 3,
        _ => 4,
    };
    refused
        .refusals
        .iter()
        .map(of_one)
        .min()
        .unwrap_or_default()
}

/// Says of a token that was refused for one of its signatures that there is no better one.
fn none_is_good(mut refused: Refused, tried: usize) -> Refused {
    if rank(&refused) > 2 {
        return refused;
    }
    if let Some(first) = refused.refusals.first_mut() {
        first.message = format!("none of the {tried} signatures is good: {}", first.message);
        let is_first = |check: &&mut crate::token::report::Check| check.refusal == Some(0);
        if let Some(check) = refused.report.checks.iter_mut().find(is_first) {
            check.detail = Some(first.message.clone());
        }
    }
    refused
}
