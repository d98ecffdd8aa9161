//! The signature of a token: under which of the keys it is valid, or else why it may be bad.

use crate::text::count::counted;
use crate::text::escape;
use crate::token::advice::{Advice, TokenAdvice};
use crate::token::algorithm::Algorithm;
use crate::token::chain;
use crate::token::claim_checks;
use crate::token::compact::{Malformed, push_segment};
use crate::token::diagnose::Mismatch;
use crate::token::json::{Object, ObjectBuffers};
use crate::token::keyset::{Candidate, CandidateKey, Selected, Signer, VerifyingKeys};
use crate::token::policy::Policy;
use crate::token::profile::protocol::Protocol;
use crate::token::refusal::{Reason, Refusal};
use crate::token::report::{CheckName, Outcome};
use crate::token::sd_jwt::Presented;
use crate::token::verify::disclosed;
use crate::token::verify::findings::{Findings, Stopped};
use crate::token::verify::header::Header;
use crate::token::warning;

/// A token that was taken apart.
pub(super) struct Read<'j, 'a> {
    pub(super) header: &'j Header<'a>,
    /// What is signed (RFC 7515 section 5.1).
    pub(super) signing_input: &'j [u8],
    /// How it is written, in words.
    pub(super) written: &'static str,
    /// Whether the token has no payload of its own.
    pub(super) is_empty: bool,
    /// The presentation, for an SD-JWT.
    pub(super) presented: Option<Presented<'j>>,
    pub(super) payload: &'j mut ObjectBuffers,
    pub(super) signature: &'j Vec<u8>,
}

impl<'a> Read<'_, 'a> {
    /// Verifies everything; gives the claims if there is no refusal.
    pub(super) fn claims(self, findings: &mut Findings<'a>) -> Result<Object, Stopped> {
        if self.header.wants_tilde && self.presented.is_none() {
            // Its claims would be read with digests in the place of values.
            let cut = Malformed::new(
                "the token is a credential by its `typ`, but no SD-JWT: there is no tilde after its signed part (RFC 9901 section 4)",
            );
            let cut = cut.hint(Advice::Token(TokenAdvice::CopyToEnd));
            return Err(findings.stop(CheckName::Format, cut.into()));
        }
        let signer = self.signed_by(findings)?;
        let mut claims = self.payload.parse();
        match self.presented {
            Some(presented) => {
                claims = disclosed::claims(findings, &self.header.object, claims, presented)?;
            }
            None => disclosed::refuse_unbound(findings, None),
        }
        claim_checks::run(findings, claims, &self.header.object, &signer)
    }

    /// Verifies the header and the signature; gives the payload if there is no refusal.
    pub(super) fn payload(self, findings: &mut Findings<'a>) -> Result<Vec<u8>, Stopped> {
        self.signed_by(findings)?;
        findings.so_far()?;
        Ok(std::mem::take(&mut self.payload.bytes))
    }

    /// Verifies the header and the signature; gives the key under which the signature is valid.
    fn signed_by(&self, findings: &mut Findings<'a>) -> Result<Signer<'a>, Stopped> {
        findings.pass(CheckName::Format, || self.written.into());
        for (check, seen) in &self.header.chain {
            findings.pass(*check, || seen.clone());
        }
        let selected = findings.algorithm(self);
        findings.crit(&self.header.parameters);
        let checkable = findings.so_far();
        findings.typ(&self.header.parameters);
        checkable?;
        findings.signature(self, selected?)
    }

    /// What may be wrong with the payload that is given for a token without one of its own.
    fn detached_hint(&self, selected: &Selected<'a>, policy: &Policy) -> Option<Advice> {
        let Some(payload) = &policy.payload else {
            return Some(Advice::CheckDetached);
        };
        let dot = self.signing_input.iter().position(|b| *b == b'.')?;
        let header = self.signing_input.get(..=dot)?;
        let is_signed = |payload: &[u8]| {
            let mut text = header.to_vec();
            match self.header.parameters.unencoded {
                true => text.extend_from_slice(payload),
                false => push_segment(payload, &mut text),
            }
            let matches = |c: &Candidate<'_>| c.verifier.accepts(&text, self.signature);
            selected.candidates.iter().any(matches)
        };
        match payload.strip_suffix(b"\n") {
            Some(bare) => {
                let bare = bare.strip_suffix(b"\r").unwrap_or(bare);
                is_signed(bare).then_some(Advice::EndWithoutLineBreak)
            }
            None => [&b"\n"[..], b"\r\n"]
                .into_iter()
                .any(|end| is_signed(&[payload.as_slice(), end].concat()))
                .then_some(Advice::EndWithLineBreak),
        }
    }

    /// What helps where the token names another issuer than that of the keys. It may be a forgery's: no more is
    /// done than to say so.
    fn other_issuer(&self, keys: &VerifyingKeys) -> Option<Advice> {
        let own: Option<Vec<&str>> = keys
            .sources()
            .map(|source| source.issuer.as_deref())
            .collect();
        let own = own.filter(|own| !own.iter().any(|own| own.contains('{')))?;
        let claims = Object::parse(self.payload.bytes.clone()).ok()?;
        let named = claims.get("iss")?.as_str()?;
        let first = own.first().filter(|_| !own.contains(&&*named))?;
        Some(Advice::TakeKeysOfItsIssuer {
            named: escape::middle(&named, escape::NAME).into_owned(),
            own: escape::middle(first, escape::NAME).into_owned(),
        })
    }

    /// A signature that is not valid under any of the candidates.
    fn mismatch<'m>(
        &'m self,
        algorithm: Algorithm,
        candidates: &'m [Candidate<'m>],
        keys: &'m VerifyingKeys,
    ) -> Mismatch<'m> {
        Mismatch {
            message: self.signing_input,
            signature: self.signature,
            header: self.header.object.json(),
            kid: self.header.parameters.kid.as_deref(),
            algorithm,
            candidates,
            keys,
        }
    }
}

impl<'a> Findings<'a> {
    fn algorithm<'r>(&mut self, read: &Read<'r, 'a>) -> Result<&'r Selected<'a>, Stopped> {
        let by_key = self.policy.algorithms.is_empty();
        match &read.header.selected {
            Ok(Some(selected)) => {
                self.pass(CheckName::Algorithm, || {
                    let how = match by_key {
                        true => "as the key says",
                        false => "as was asked for",
                    };
                    format!("{}, {how}", read.header.parameters.alg)
                });
                Ok(selected)
            }
            // The reason why there are no keys was refused at the beginning.
            Ok(None) => Err(Stopped(())),
            Err(refusal) => {
                let mut refusal = refusal.clone();
                let check = match refusal.reason {
                    Reason::AlgRefused => CheckName::Algorithm,
                    Reason::BadChain => CheckName::Chain,
                    Reason::WrongLeaf => CheckName::Leaf,
                    Reason::Malformed => CheckName::Format,
                    _ => CheckName::Signature,
                };
                if self.diagnosing && refusal.reason == Reason::KeyNotFound {
                    let algorithm = Algorithm::parse(&read.header.parameters.alg);
                    let other = algorithm
                        .and_then(|a| read.mismatch(a, &[], self.keys).diagnosis_of_other_key());
                    let issuer = || read.other_issuer(self.keys);
                    refusal.hint = other.map(Advice::from).or_else(issuer).or(refusal.hint);
                }
                Err(self.stop(check, refusal))
            }
        }
    }

    /// Tries the keys; gives the one that fits.
    fn signature(
        &mut self,
        read: &Read<'_, 'a>,
        selected: &Selected<'a>,
    ) -> Result<Signer<'a>, Stopped> {
        if !self.without_report {
            self.report.notes.extend(selected.note.clone());
        }
        let good = selected
            .candidates
            .iter()
            .find(|c| c.verifier.accepts(read.signing_input, read.signature));
        let Some(good) = good else {
            let mismatch = read.mismatch(selected.algorithm, &selected.candidates, self.keys);
            self.refusals.clear();
            self.report.checks.retain(|c| c.outcome != Outcome::Fail);
            let mut refusal = bad_signature(&mismatch, self.diagnosing);
            if read.is_empty && !read.signature.is_empty() {
                refusal.hint = read.detached_hint(selected, self.policy).or(refusal.hint);
            }
            return Err(self.stop(CheckName::Signature, refusal));
        };
        let (source, key) = (good.source, good.key.clone());
        let which = match self.signature {
            Some((number, of)) if of > 1 => format!(", signature {number} of {of}"),
            _ => String::new(),
        };
        self.pass(CheckName::Signature, || {
            let kid = key.kid.as_deref().filter(|_| source.is_set);
            let by = match kid {
                Some(kid) => format!(
                    "`{}` of the {} of {}",
                    escape::middle(kid, escape::NAME),
                    counted(source.keys.len(), "key"),
                    source.label
                ),
                None if matches!(key, CandidateKey::Certified(_)) => {
                    format!("{} of the certificate", key.kind_words())
                }
                None => format!("{} from {}", key.kind_words(), source.label),
            };
            format!("{by}{which}")
        });
        if !self.without_report {
            self.report.key = Some(source.label.clone());
        }
        self.warn(|| {
            let header = &read.header.object;
            let is_judged = matches!(key, CandidateKey::Certified(_));
            let key = warning::key_in_header(header, Protocol::of(header, None));
            let key = key.filter(|_| !is_judged);
            let order = is_judged.then(|| chain::out_of_order_in(header)).flatten();
            key.into_iter()
                .chain(order)
                .chain(warning::unsigned(&read.header.unsigned))
        });
        Ok(Signer { source, key })
    }
}

/// Why a signature that no key matches is refused.
fn bad_signature(mismatch: &Mismatch<'_>, diagnosing: bool) -> Refusal {
    if mismatch.signature.is_empty() {
        return Refusal::new(
            Reason::BadSignature,
            "the token is not signed: its signature is empty",
        )
        .hint(Advice::Sign);
    }
    let message = mismatch
        .wrong_len()
        .unwrap_or_else(|| match mismatch.candidates.len() {
            0 | 1 => "the signature does not match the key".to_owned(),
            several => format!("the signature does not match any of the {several} keys that fit"),
        });
    let mut refusal = Refusal::new(Reason::BadSignature, message);
    if diagnosing {
        refusal.hint = mismatch.diagnosis().map(Advice::from);
    }
    refusal
}
