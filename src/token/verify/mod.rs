//! Verifies a token: takes text, keys, policy and time, and gives a verdict.
//!
//! Nothing in the token can relax a check: the algorithm and the key come from the caller (RFC 8725 sections
//! 3.1 and 3.8), and the type of every value that is used is checked.

mod disclosed;
pub(super) mod findings;
mod header;
mod nested;
mod several;
mod signature;
mod verdict;

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::text::time::Timestamp;
use crate::token::advice::Advice;
use crate::token::base64url;
use crate::token::compact::{Jws, Malformed, decode_segment_into, push_segment, without_padding};
use crate::token::json::{Object, ObjectBuffers};
use crate::token::jwe::{Opened, Opener, begins_as_token};
use crate::token::jws_json::{self, Signature};
use crate::token::keyset::{Prepared, VerifyingKeys};
use crate::token::policy::Policy;
use crate::token::refusal::Refusal;
use crate::token::report::{CheckName, Report};
use crate::token::sd_jwt::Presented;
use crate::token::verify::findings::{Findings, Stopped};
use crate::token::verify::header::Headers;
use crate::token::verify::nested::{check_of, opened, signed, signed_text};
use crate::token::verify::signature::Read;

pub use crate::token::verify::verdict::{Refused, Signed, Verified};

/// What is asked of a token that was taken apart.
type Asked<'a, T> = fn(Read<'_, 'a>, &mut Findings<'a>) -> Result<T, Stopped>;

/// What was asked for of a token that is good, with the report, or the refusals.
type Judged<T> = Result<(Option<Box<Report>>, T), Refused>;

impl Refused {
    /// Refuses a text that cannot be a token at all, for a reason that the caller found.
    #[must_use]
    pub fn unread(why: Malformed, keys: &VerifyingKeys) -> Self {
        let policy = Policy::default();
        let mut findings = Findings::new(keys, &policy, Timestamp::from_seconds(0));
        findings.begin();
        findings.refuse(CheckName::Format, why.into());
        findings.report.complete();
        Refused {
            report: Box::new(findings.report),
            refusals: findings.refusals,
        }
    }
}

/// Verifies a token at a time.
///
/// # Errors
/// [`Refused`], with every check that failed. After a bad signature nothing else is checked, since a forger
/// may have written it; a hint says what would have made the signature valid.
pub fn verify(
    token: &str,
    keys: &VerifyingKeys,
    policy: &Policy,
    now: Timestamp,
) -> Result<Verified, Refused> {
    TokenVerifier::new(keys, policy, now)
        .diagnosing()
        .verify(token)
}

/// Verifies the header and the signature of a token over any payload; only the algorithms and the `typ` of
/// the policy count.
///
/// # Errors
/// [`Refused`], as from [`verify`].
pub fn verify_signature(
    token: &str,
    keys: &VerifyingKeys,
    policy: &Policy,
) -> Result<Signed, Refused> {
    let never = Timestamp::from_seconds(0);
    let mut verifier = TokenVerifier::new(keys, policy, never).diagnosing();
    verifier.verify_signature(token)
}

/// Keys for many tokens, each with a policy and a time of its own: a key that was made ready for one token is
/// ready for the next. Several threads may use them at once.
#[expect(missing_debug_implementations, reason = "it holds prepared keys")]
pub struct ReadyKeys {
    keys: VerifyingKeys,
    /// By place in these keys; not valid for other keys.
    prepared: Mutex<Prepared>,
}

impl ReadyKeys {
    /// Takes the keys; each is made ready when a token needs it.
    #[must_use]
    pub fn new(keys: VerifyingKeys) -> Self {
        ReadyKeys {
            keys,
            prepared: Mutex::default(),
        }
    }

    fn prepared(&self) -> MutexGuard<'_, Prepared> {
        // It is always replaced as a whole, so it is consistent even after a panic.
        self.prepared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Verifies a token, as a [`TokenVerifier`] without a report does.
    ///
    /// # Errors
    /// [`Refused`], as from [`verify`].
    pub fn verify(
        &self,
        token: &str,
        policy: &Policy,
        now: Timestamp,
    ) -> Result<Verified, Refused> {
        let mut verifier = TokenVerifier::new(&self.keys, policy, now).without_report();
        let known = self.prepared().clone();
        verifier.headers.prepared = known.clone();
        let verdict = verifier.verify(token);
        if !verifier.headers.prepared.is(&known) {
            *self.prepared() = verifier.headers.prepared;
        }
        verdict
    }
}

/// Verifies one token after the other; what consecutive tokens have in common is worked out once.
#[expect(missing_debug_implementations, reason = "it holds prepared keys")]
pub struct TokenVerifier<'a> {
    keys: &'a VerifyingKeys,
    policy: &'a Policy,
    now: Timestamp,
    without_report: bool,
    diagnosing: bool,
    headers: Headers<'a>,
    /// What opens encrypted tokens.
    opener: Option<Opener<'a>>,
    payload: ObjectBuffers,
    signature: Vec<u8>,
    /// The signing input of a detached token, which does not contain it in one piece.
    detached: Vec<u8>,
}

impl<'a> TokenVerifier<'a> {
    /// Verifies with these keys and this policy, as of a time.
    #[must_use]
    pub fn new(keys: &'a VerifyingKeys, policy: &'a Policy, now: Timestamp) -> Self {
        TokenVerifier {
            keys,
            policy,
            now,
            without_report: false,
            diagnosing: false,
            headers: Headers::default(),
            opener: keys.decryption().map(|keys| Opener::new(keys)),
            payload: ObjectBuffers::default(),
            signature: Vec::new(),
            detached: Vec::new(),
        }
    }

    /// Makes verdicts with their reasons only: of the report, only the `kid` of the token is kept.
    #[must_use]
    pub fn without_report(mut self) -> Self {
        self.without_report = true;
        self
    }

    /// Where a signature is bad, looks for what would have made it valid, and hints at that. This is for a
    /// single verdict: it may take as long as some hundred others.
    #[must_use]
    pub fn diagnosing(mut self) -> Self {
        self.diagnosing = true;
        self
    }

    /// Takes back the memory of a verdict that is no longer needed.
    #[doc(hidden)]
    pub fn reuse(&mut self, verified: Verified) {
        self.payload = ObjectBuffers::of(verified.claims);
    }

    /// Verifies a token.
    ///
    /// # Errors
    /// [`Refused`], as from [`verify`].
    pub fn verify(&mut self, token: &str) -> Result<Verified, Refused> {
        let verdict = self.judge(token, claims);
        verdict.map(|(report, claims)| Verified { report, claims })
    }

    /// Verifies the header and the signature of a token alone, over any payload.
    ///
    /// # Errors
    /// [`Refused`], as from [`verify`].
    pub fn verify_signature(&mut self, token: &str) -> Result<Signed, Refused> {
        let verdict = self.judge(token, payload);
        verdict.map(|(report, payload)| Signed { report, payload })
    }

    /// Judges the token that is signed, in whatever form it is and inside of whatever, by what is asked
    /// of it once it is taken apart.
    fn judge<T>(&mut self, token: &str, asked: Asked<'a, T>) -> Judged<T> {
        let findings = self.open();
        match opened(token, self.opener.as_mut()) {
            Some(opened) => self.judge_opened(opened, findings, asked),
            None => self.judge_signed(token, findings, asked),
        }
    }

    /// The same for a text that is a bare token with the header of the previous one; `None` for any other.
    fn judge_like_last<T>(&mut self, text: &[u8], asked: Asked<'a, T>) -> Option<Judged<T>> {
        let mut findings = self.open();
        let opener = self.opener.as_mut();
        if let Some(opened) = opener.and_then(|opener| opener.open_like_last(text)) {
            return Some(self.judge_opened(opened, findings, asked));
        }
        let read = self.read_like_last(&mut findings, text)?;
        let result = asked(read, &mut findings);
        Some(findings.close(result))
    }

    /// Judges the token inside of one that was opened.
    fn judge_opened<T>(
        &mut self,
        opened: Result<Opened<'a>, Refusal>,
        mut findings: Findings<'a>,
        asked: Asked<'a, T>,
    ) -> Judged<T> {
        let opened = match opened {
            Ok(opened) => opened,
            Err(refusal) => return refused(refusal, findings),
        };
        if begins_as_token(&opened.content)
            && let Some(read) = self.read_like_last(&mut findings, &opened.content)
        {
            let by = (opened.algorithm, opened.encryption, opened.key);
            findings.decryption(by, &opened.header);
            let result = asked(read, &mut findings);
            self.reuse_content(opened.content);
            return findings.close(result);
        }
        match signed_text(opened, self.opener.as_mut(), &mut findings) {
            Ok(text) => {
                let verdict = self.judge_signed(&text, findings, asked);
                self.reuse_content(text.into_bytes());
                verdict
            }
            Err(refusal) => refused(refusal, findings),
        }
    }

    fn reuse_content(&mut self, content: Vec<u8>) {
        if let Some(opener) = &mut self.opener {
            opener.reuse(content);
        }
    }

    /// Judges a token that is signed.
    fn judge_signed<T>(
        &mut self,
        text: &str,
        mut findings: Findings<'a>,
        asked: Asked<'a, T>,
    ) -> Judged<T> {
        if jws_json::is_one(text) {
            let Some(choice) = &self.policy.signature else {
                let stopped = findings.stop(CheckName::Format, several::not_asked_for());
                return findings.close(Err(stopped));
            };
            return self.judge_signatures(text, choice, findings, asked);
        }
        let result = match self.read_like_last(&mut findings, text.as_bytes()) {
            Some(read) => asked(read, &mut findings),
            None => match self.read(&mut findings, text) {
                Ok(read) => asked(read, &mut findings),
                Err(refusal) => Err(findings.stop(check_of(&refusal), refusal)),
            },
        };
        findings.close(result)
    }

    /// Verifies a text that is a bare token with the header of the previous one; `None` for any other text,
    /// which is for [`TokenVerifier::verify`].
    #[doc(hidden)]
    pub fn verify_like_last(&mut self, text: &[u8]) -> Option<Result<Verified, Refused>> {
        let verdict = self.judge_like_last(text, claims)?;
        Some(verdict.map(|(report, claims)| Verified { report, claims }))
    }

    /// The same for the header and the signature alone: see [`TokenVerifier::verify_signature`].
    #[doc(hidden)]
    pub fn verify_signature_like_last(&mut self, text: &[u8]) -> Option<Result<Signed, Refused>> {
        let verdict = self.judge_like_last(text, payload)?;
        Some(verdict.map(|(report, payload)| Signed { report, payload }))
    }

    /// Most tokens of a file have the header of the previous one. The text between it and the last dot is
    /// either base64url or not, so there is no need to look for more dots, or to check UTF-8, first.
    fn read_like_last<'j>(
        &'j mut self,
        findings: &mut Findings<'a>,
        text: &'j [u8],
    ) -> Option<Read<'j, 'a>> {
        if self.policy.payload.is_some() || several::names_one(self.policy) {
            return None;
        }
        let header = self.headers.last.as_ref()?;
        let rest = text.strip_prefix(header.segment.as_bytes())?;
        let payload = rest.strip_prefix(b".")?;
        let dot = memchr::memrchr(b'.', payload)?;
        let (payload, signature) = (payload.get(..dot)?, payload.get(dot.saturating_add(1)..)?);
        let after = signature.len().saturating_add(1);
        let signing_input = text.get(..text.len().saturating_sub(after))?;
        self.payload.bytes.clear();
        base64url::push_decoded(payload, &mut self.payload.bytes).ok()?;
        self.signature.clear();
        base64url::push_decoded(signature, &mut self.signature).ok()?;
        findings.note_header(header);
        Some(Read {
            header,
            signing_input,
            written: CANONICAL,
            is_empty: payload.is_empty(),
            presented: None,
            payload: &mut self.payload,
            signature: &self.signature,
        })
    }

    fn open(&self) -> Findings<'a> {
        let mut findings = Findings::new(self.keys, self.policy, self.now);
        findings.without_report = self.without_report;
        findings.diagnosing = self.diagnosing;
        findings.begin();
        findings
    }

    /// Takes a token in the compact form apart.
    fn read<'j>(
        &'j mut self,
        findings: &mut Findings<'a>,
        token: &'j str,
    ) -> Result<Read<'j, 'a>, Refusal> {
        let (jws, presented) = signed(token)?;
        several::check_only(&jws, self.policy)?;
        self.read_parts(findings, jws, None, presented)
    }

    /// Decodes the parts of a token, one of whose signatures in a JSON form is looked at.
    fn read_parts<'j>(
        &'j mut self,
        findings: &mut Findings<'a>,
        jws: Jws<'j>,
        in_json: Option<&Signature<'_>>,
        presented: Option<Presented<'j>>,
    ) -> Result<Read<'j, 'a>, Refusal> {
        let is_padded = self.policy.allow_padding && jws.is_padded();
        let [header, payload, signature] = match is_padded {
            true => [jws.header, jws.payload, jws.signature].map(without_padding),
            false => [jws.header, jws.payload, jws.signature],
        };
        let header = match in_json {
            Some(signature) => self.headers.read_json(findings, signature)?,
            None => self.headers.read(findings, header)?,
        };
        self.payload.bytes.clear();
        match in_json.is_some() && header.parameters.unencoded {
            true => self.payload.bytes.extend_from_slice(payload.as_bytes()),
            false => decode_segment_into(payload, "payload", &mut self.payload.bytes)?,
        }
        self.signature.clear();
        decode_segment_into(signature, "signature", &mut self.signature)?;
        let mut signing_input = jws.signing_input.as_bytes();
        if let Some(detached) = &findings.policy.payload {
            if !payload.is_empty() {
                return Err(Malformed::new(
                    "the token has a payload of its own: it is not detached",
                )
                .hint(Advice::CheckAttached)
                .into());
            }
            self.detached.clear();
            self.detached.extend_from_slice(signing_input);
            match header.parameters.unencoded {
                true => self.detached.extend_from_slice(detached),
                false => push_segment(detached, &mut self.detached),
            }
            self.payload.bytes.extend_from_slice(detached);
            signing_input = &self.detached;
        }
        Ok(Read {
            header,
            signing_input,
            written: match (in_json, is_padded) {
                (Some(_), _) => "JSON, its parts canonical",
                (None, true) => "three segments, with their padding",
                (None, false) => CANONICAL,
            },
            is_empty: payload.is_empty(),
            presented,
            payload: &mut self.payload,
            signature: &self.signature,
        })
    }
}

/// The verdict about a token that could not be taken apart.
fn refused<T>(refusal: Refusal, mut findings: Findings<'_>) -> Judged<T> {
    let stopped = findings.stop(check_of(&refusal), refusal);
    findings.close(Err(stopped))
}

fn claims<'a>(read: Read<'_, 'a>, findings: &mut Findings<'a>) -> Result<Object, Stopped> {
    read.claims(findings)
}

fn payload<'a>(read: Read<'_, 'a>, findings: &mut Findings<'a>) -> Result<Vec<u8>, Stopped> {
    read.payload(findings)
}

const CANONICAL: &str = "three segments, canonical";

#[cfg(test)]
mod tests;
