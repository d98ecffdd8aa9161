//! Judging a token: text, keys, policy and time in, verdict out.
//!
//! Nothing in the token can relax a check: the algorithm and the key come from the caller
//! (RFC 8725 sections 3.1 and 3.8), and every value that is looked at has its type checked.

use crate::text::count::counted;
use crate::text::escape;
use crate::text::time::Timestamp;
use crate::token::algorithm::Algorithm;
use crate::token::claim_checks;
use crate::token::compact::{Compact, Jws, Malformed, decode_segment};
use crate::token::decode::decode_header;
use crate::token::diagnose::Mismatch;
use crate::token::json::{self, Json, Object};
use crate::token::keyset::{KeySource, Selected, VerifyingKeys};
use crate::token::policy::Policy;
use crate::token::refusal::{Reason, Refusal};
use crate::token::report::{Check, CheckName, Outcome, Report};
use crate::token::warning;

/// A token whose signature and claims were found good. Only [`verify`] makes one.
#[derive(Debug)]
pub struct Verified {
    report: Report,
    claims: Option<Object>,
}

impl Verified {
    /// The claims; `None` where only the signature was asked for and the payload is no object.
    #[must_use]
    pub fn claims(&self) -> Option<Json<'_>> {
        self.claims.as_ref().map(Object::json)
    }

    /// What was looked at.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }
}

/// A token that was refused, with every reason.
#[derive(Debug)]
pub struct Refused {
    /// What was looked at.
    pub report: Report,
    /// Why, in the order in which it was found; never empty.
    pub refusals: Vec<Refusal>,
}

impl Refused {
    /// Refuses what cannot be a token at all, for a reason that was found outside of it.
    #[must_use]
    pub fn unread(why: Malformed, keys: &VerifyingKeys) -> Self {
        let policy = Policy::default();
        let mut judge = Judge::new(keys, &policy, Timestamp::from_seconds(0));
        judge.begin();
        judge.refuse(CheckName::Format, why.into());
        judge.report.complete();
        Refused {
            report: judge.report,
            refusals: judge.refusals,
        }
    }
}

/// Judges a token at a time.
///
/// # Errors
/// [`Refused`], with every check that failed. A bad signature stands alone: what a forger wrote
/// is not worth judging.
pub fn verify(
    token: &str,
    keys: &VerifyingKeys,
    policy: &Policy,
    now: Timestamp,
) -> Result<Verified, Refused> {
    let mut judge = Judge::new(keys, policy, now);
    judge.begin();
    let claims = judge.run(token);
    let Judge {
        mut report,
        refusals,
        ..
    } = judge;
    report.complete();
    if refusals.is_empty() {
        Ok(Verified { report, claims })
    } else {
        Err(Refused { report, refusals })
    }
}

/// The state of one judgement.
pub(crate) struct Judge<'a> {
    pub(crate) keys: &'a VerifyingKeys,
    pub(crate) policy: &'a Policy,
    pub(crate) now: Timestamp,
    pub(crate) report: Report,
    pub(crate) refusals: Vec<Refusal>,
}

/// What the header says that checks depend on.
struct Parameters {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<String>,
}

impl<'a> Judge<'a> {
    fn new(keys: &'a VerifyingKeys, policy: &'a Policy, now: Timestamp) -> Self {
        Judge {
            keys,
            policy,
            now,
            report: Report::default(),
            refusals: Vec::new(),
        }
    }

    /// Notes what is known before the token is looked at.
    fn begin(&mut self) {
        if let Some(fault) = self.keys.fault() {
            self.refuse(CheckName::Signature, fault.clone());
        }
        self.report.key = self.keys.only_label().map(str::to_owned);
    }

    /// Gives the claims if, in the end, there is no refusal.
    fn run(&mut self, token: &str) -> Option<Object> {
        let (jws, parameters, payload, signature) = match self.read(token) {
            Ok(parts) => parts,
            Err(refusal) => {
                self.refuse(CheckName::Format, refusal);
                return None;
            }
        };
        self.pass(CheckName::Format, || "three segments, canonical".into());
        let selected = self.algorithm(&parameters);
        self.crit(&parameters);
        let checkable = self.refusals.is_empty();
        self.typ(&parameters);
        let selected = selected.filter(|_| checkable)?;
        let source = self.signature(jws.signing_input, &signature, &selected)?;
        if self.policy.signature_only {
            return Object::parse(payload).ok();
        }
        claim_checks::run(self, payload, source)
    }

    /// Takes the token apart; every part has to be in its one canonical form.
    fn read<'t>(
        &mut self,
        token: &'t str,
    ) -> Result<(Jws<'t>, Parameters, Vec<u8>, Vec<u8>), Refusal> {
        let jws = match Compact::split(token)? {
            Compact::Jws(jws) => jws,
            Compact::Jwe { .. } => {
                return Err(Malformed::new("the token is encrypted (a JWE: five segments), and there is no signature to check")
                    .hint("`jott decode` shows what its header says; only its recipient can open it")
                    .into());
            }
            Compact::SdJwt { .. } => {
                return Err(Malformed::new("the token is an SD-JWT: a signed token with disclosures after `~`")
                    .hint("the part before the first `~` can be verified by itself; `jott decode` shows the disclosures")
                    .into());
            }
        };
        let header = decode_header(jws.header)?;
        let parameters = parameters(&header);
        self.report.header = Some(header);
        let parameters = parameters?;
        self.report.alg = Some(parameters.alg.clone());
        self.report.kid.clone_from(&parameters.kid);
        let payload = decode_segment(jws.payload, "payload")?;
        let signature = decode_segment(jws.signature, "signature")?;
        Ok((jws, parameters, payload, signature))
    }

    /// The algorithm must be known, asked for, and one of the key.
    fn algorithm(&mut self, parameters: &Parameters) -> Option<Selected<'a>> {
        let keys = self.keys;
        let chosen = self.chosen_algorithm(&parameters.alg);
        let result = chosen.and_then(|algorithm| {
            if keys.fault().is_some() {
                return Ok(None);
            }
            keys.select(algorithm, parameters.kid.as_deref()).map(Some)
        });
        match result {
            Ok(None) => None,
            Ok(selected) => {
                let how = if self.policy.algorithms.is_empty() {
                    "as the key says"
                } else {
                    "as was asked for"
                };
                self.pass(CheckName::Algorithm, || {
                    format!("{}, {how}", parameters.alg)
                });
                selected
            }
            Err(refusal) => {
                let check = if refusal.reason == Reason::AlgRefused {
                    CheckName::Algorithm
                } else {
                    CheckName::Signature
                };
                self.refuse(check, refusal);
                None
            }
        }
    }

    fn chosen_algorithm(&self, alg: &str) -> Result<Algorithm, Refusal> {
        let refused =
            |message: String| Refusal::new(Reason::AlgRefused, message).found(json::quote(alg));
        let Some(algorithm) = Algorithm::parse(alg) else {
            if alg.trim().eq_ignore_ascii_case("none") {
                return Err(refused(
                    "the token is not signed (`alg` is none), and is never accepted".into(),
                )
                .hint("anyone can write such a token: its issuer has to sign it"));
            }
            return Err(refused(format!(
                "`{}` is not an algorithm that jott knows",
                escape::shorten(alg, 40)
            ))
            .hint("names are compared exactly; `jott verify --help` lists those that are known"));
        };
        let asked = &self.policy.algorithms;
        if asked.is_empty() || asked.iter().any(|a| a.same_as(algorithm)) {
            return Ok(algorithm);
        }
        let names: Vec<&str> = asked.iter().map(|a| a.name()).collect();
        let were = if names.len() == 1 { "was" } else { "were" };
        Err(refused(format!(
            "the token says {alg}, and only {} {were} asked for",
            names.join(", ")
        ))
        .expected(json::array(&names)))
    }

    /// No extension is understood, so any `crit` is refused (RFC 7515 section 4.1.11).
    fn crit(&mut self, parameters: &Parameters) {
        match &parameters.crit {
            None => self.pass(CheckName::Crit, || "none".into()),
            Some(crit) => {
                let shown = escape::shorten(crit, 80);
                let refusal = Refusal::new(
                    Reason::CritUnknown,
                    format!(
                        "the header demands extensions that jott does not know: `crit` is {shown}"
                    ),
                );
                self.refuse(CheckName::Crit, refusal.found(crit.clone()));
            }
        }
    }

    /// Media types are compared without case, and `application/` goes without saying (RFC 7515
    /// section 4.1.9, RFC 8725 section 3.11).
    fn typ(&mut self, parameters: &Parameters) {
        let Some(asked) = &self.policy.typ else {
            return;
        };
        let found = parameters.typ.as_deref();
        if found.is_some_and(|found| media_type(found) == media_type(asked)) {
            self.pass(CheckName::Typ, || asked.clone());
            return;
        }
        let message = match found {
            Some(found) => format!(
                "the token's `typ` is {}, not {asked}",
                escape::shorten(found, 80)
            ),
            None => format!("the token has no `typ`, and {asked} was asked for"),
        };
        let refusal = Refusal::new(Reason::WrongTyp, message).expected(json::quote(asked));
        self.refuse(
            CheckName::Typ,
            match found {
                Some(found) => refusal.found(json::quote(found)),
                None => refusal,
            },
        );
    }

    /// Tries the keys; gives where the one that fits came from.
    fn signature(
        &mut self,
        message: &str,
        signature: &Vec<u8>,
        selected: &Selected<'a>,
    ) -> Option<&'a KeySource> {
        self.report.notes.extend(selected.note.clone());
        let good = selected
            .candidates
            .iter()
            .find(|c| c.verifier.verify(message.as_bytes(), signature).is_ok());
        let Some(good) = good else {
            let mismatch = Mismatch {
                message,
                signature,
                keys: self.keys,
                selected,
            };
            self.refusals.clear();
            self.report.checks.retain(|c| c.outcome != Outcome::Fail);
            let mut refusal =
                Refusal::new(Reason::BadSignature, "the signature does not match the key");
            refusal.hint = mismatch.hint();
            self.refuse(CheckName::Signature, refusal);
            return None;
        };
        let source = good.source;
        self.report.key = Some(source.label.clone());
        self.pass(CheckName::Signature, || {
            let kid = good.key.kid.as_deref().filter(|_| source.is_set);
            match kid {
                Some(kid) => format!(
                    "`{}` of the {} of {}",
                    escape::shorten(kid, 40),
                    counted(source.keys.len(), "key"),
                    source.label
                ),
                None => format!("{} from {}", good.key.kind_words(), source.label),
            }
        });
        let header = self.report.header.as_ref();
        self.report
            .warnings
            .extend(header.and_then(|h| warning::key_in_header(h.json())));
        Some(source)
    }

    pub(crate) fn pass(&mut self, name: CheckName, detail: impl FnOnce() -> String) {
        self.check(name, Outcome::Pass, Some(detail()), None);
    }

    pub(crate) fn skip(&mut self, name: CheckName, detail: impl FnOnce() -> String) {
        self.check(name, Outcome::Skipped, Some(detail()), None);
    }

    pub(crate) fn refuse(&mut self, name: CheckName, mut refusal: Refusal) {
        refusal.hint = refusal
            .hint
            .or_else(|| refusal.reason.advice().map(str::to_owned));
        self.check(
            name,
            Outcome::Fail,
            Some(refusal.message.clone()),
            Some(self.refusals.len()),
        );
        self.refusals.push(refusal);
    }

    fn check(
        &mut self,
        name: CheckName,
        outcome: Outcome,
        detail: Option<String>,
        refusal: Option<usize>,
    ) {
        self.report.checks.push(Check {
            name,
            outcome,
            detail,
            refusal,
        });
    }
}

/// Reads the header parameters that checks depend on, each of its type (RFC 7515 section 4.1).
fn parameters(header: &Object) -> Result<Parameters, Refusal> {
    if let Some(name) = header.duplicate() {
        let name = escape::shorten(name, 40);
        return Err(Malformed::new(format!("the header has `{name}` twice")).into());
    }
    let (mut alg, mut kid, mut typ, mut crit) = (None, None, None, None);
    for (name, value) in header.json().members() {
        match name.as_ref() {
            "alg" => alg = Some(string(&name, value)?),
            "kid" => kid = Some(string(&name, value)?),
            "typ" => typ = Some(string(&name, value)?),
            "crit" => crit = Some(value.compact()),
            "b64" if value.text() != "true" => {
                return Err(Malformed::new("the header's `b64` changes how the token is signed, which a JWT must not (RFC 7797 section 7)").into());
            }
            _ => {}
        }
    }
    let alg = alg.ok_or_else(|| Malformed::new("the header has no `alg`"))?;
    Ok(Parameters {
        alg,
        kid,
        typ,
        crit,
    })
}

fn string(name: &str, value: Json<'_>) -> Result<String, Refusal> {
    match value.as_str() {
        Some(text) => Ok(text.into_owned()),
        None => Err(Malformed::new(format!(
            "the header's `{name}` is {}, not a string",
            value.kind()
        ))
        .into()),
    }
}

fn media_type(typ: &str) -> String {
    let typ = typ.to_ascii_lowercase();
    match typ.strip_prefix("application/") {
        Some(short) if !short.contains('/') => short.to_owned(),
        _ => typ,
    }
}
