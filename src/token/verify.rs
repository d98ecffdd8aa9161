//! Verifying a token: text, keys, policy and time in, verdict out.
//!
//! Nothing in the token can relax a check: the algorithm and the key come from the caller
//! (RFC 8725 sections 3.1 and 3.8), and every value that is looked at has its type checked.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::text::count::counted;
use crate::text::escape;
use crate::text::time::Timestamp;
use crate::token::advice::Advice;
use crate::token::algorithm::Algorithm;
use crate::token::algorithm_name;
use crate::token::base64url;
use crate::token::claim_checks;
use crate::token::compact::{
    Compact, Jws, Malformed, decode_segment_into, push_segment, without_padding,
};
use crate::token::decode::decode_header;
use crate::token::diagnose::Mismatch;
use crate::token::json::{self, Json, Object, ObjectBuffers};
use crate::token::keyset::{Candidate, Prepared, Selected, Signer, VerifyingKeys};
use crate::token::policy::Policy;
use crate::token::refusal::{Reason, Refusal};
use crate::token::report::{Check, CheckName, Outcome, Report};
use crate::token::warning::{self, Warning};

/// A token whose signature and claims were found good. Only a [`TokenVerifier`] makes one.
#[derive(Debug)]
pub struct Verified {
    report: Option<Box<Report>>,
    claims: Object,
}

impl Verified {
    /// The claims.
    #[must_use]
    pub fn claims(&self) -> &Object {
        &self.claims
    }

    /// What was looked at; nothing, of a verifier [`TokenVerifier::without_report`].
    #[must_use]
    pub fn report(&self) -> &Report {
        told(self.report.as_deref())
    }
}

/// A token of which the header and the signature were found good, and nothing else was looked at:
/// it may have expired, and be meant for somebody else. Only a [`TokenVerifier`] makes one.
#[derive(Debug)]
pub struct Signed {
    report: Option<Box<Report>>,
    payload: Vec<u8>,
}

impl Signed {
    /// The bytes that the key's owner signed, whatever they are (RFC 7515 section 5.2).
    #[must_use]
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// What was looked at; nothing, of a verifier [`TokenVerifier::without_report`].
    #[must_use]
    pub fn report(&self) -> &Report {
        told(self.report.as_deref())
    }
}

fn told(report: Option<&Report>) -> &Report {
    static NOTHING: Report = Report::NOTHING;
    report.unwrap_or(&NOTHING)
}

/// A token that was refused, with every reason.
#[derive(Debug)]
#[non_exhaustive]
pub struct Refused {
    /// What was looked at.
    pub report: Box<Report>,
    /// Why, in the order in which it was found; never empty.
    pub refusals: Vec<Refusal>,
}

impl Refused {
    /// Refuses what cannot be a token at all, for a reason that was found outside of it.
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

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, refusal) in self.refusals.iter().enumerate() {
            let gap = if index == 0 { "" } else { "; " };
            write!(f, "{gap}{}", refusal.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Refused {}

/// Verifies a token at a time.
///
/// # Errors
/// [`Refused`], with every check that failed. A bad signature stands alone, with a hint at what
/// would have made it good: what a forger wrote is not worth judging.
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

/// Verifies the header and the signature of a token over any payload; of the policy only the
/// algorithms and the `typ` count.
///
/// # Errors
/// [`Refused`], as [`verify`] has it.
pub fn verify_signature(
    token: &str,
    keys: &VerifyingKeys,
    policy: &Policy,
) -> Result<Signed, Refused> {
    let never = Timestamp::from_seconds(0);
    let mut verifier = TokenVerifier::new(keys, policy, never).diagnosing();
    verifier.verify_signature(token)
}

/// Keys for one token after the other, each under a policy and at a time of its own: a key that was
/// made ready for one token is ready for the next. Several threads may use them at once.
#[expect(missing_debug_implementations, reason = "it holds prepared keys")]
pub struct ReadyKeys {
    keys: VerifyingKeys,
    /// By places in these keys, and of no use beside others.
    prepared: Mutex<Prepared>,
}

impl ReadyKeys {
    /// Takes the keys; each is made ready when a token wants it.
    #[must_use]
    pub fn new(keys: VerifyingKeys) -> Self {
        ReadyKeys {
            keys,
            prepared: Mutex::default(),
        }
    }

    fn prepared(&self) -> MutexGuard<'_, Prepared> {
        // It is replaced as a whole, and so is whole whatever happened.
        self.prepared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Verifies a token, as a [`TokenVerifier`] without a report does.
    ///
    /// # Errors
    /// [`Refused`], as [`verify`] has it.
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

/// Verifies one token after the other; what most of them have in common is worked out once.
#[expect(missing_debug_implementations, reason = "it holds prepared keys")]
pub struct TokenVerifier<'a> {
    keys: &'a VerifyingKeys,
    policy: &'a Policy,
    now: Timestamp,
    without_report: bool,
    diagnosing: bool,
    headers: Headers<'a>,
    payload: ObjectBuffers,
    signature: Vec<u8>,
    /// What is signed of a detached token, which has it not in one piece.
    detached: Vec<u8>,
}

/// The header of a token, which the next one most likely has too.
struct Header<'a> {
    segment: String,
    object: Object,
    parameters: Parameters,
    /// Without a refusal and without keys where there are none to look among.
    selected: Result<Option<Selected<'a>>, Refusal>,
}

/// What the header says that checks depend on.
struct Parameters {
    alg: String,
    kid: Option<String>,
    typ: Option<String>,
    crit: Option<Crit>,
    /// Whether the payload is signed as it is, and not in base64url (RFC 7797 section 3).
    unencoded: bool,
}

/// The header's `crit`.
enum Crit {
    /// What it lists is understood.
    Understood,
    /// It is not, and this is the text of it.
    Unknown(String),
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
            payload: ObjectBuffers::default(),
            signature: Vec::new(),
            detached: Vec::new(),
        }
    }

    /// Leaves out of a verdict what is not its reasons: of the report only the `kid` of the token
    /// is kept.
    #[must_use]
    pub fn without_report(mut self) -> Self {
        self.without_report = true;
        self
    }

    /// Looks, where a signature is bad, for what would have made it good, and hints at that: for
    /// whoever waits for one verdict, as it may take as long as some hundred others.
    #[must_use]
    pub fn diagnosing(mut self) -> Self {
        self.diagnosing = true;
        self
    }

    /// Takes back the memory of a verdict that is done with.
    #[doc(hidden)]
    pub fn reuse(&mut self, verified: Verified) {
        self.payload = ObjectBuffers::of(verified.claims);
    }

    /// Verifies a token.
    ///
    /// # Errors
    /// [`Refused`], as [`verify`] has it.
    pub fn verify(&mut self, token: &str) -> Result<Verified, Refused> {
        let mut findings = self.open();
        let claims = match self.read(&mut findings, token) {
            Ok(read) => read.claims(&mut findings),
            Err(refusal) => Err(findings.stop(CheckName::Format, refusal)),
        };
        findings
            .close(claims)
            .map(|(report, claims)| Verified { report, claims })
    }

    /// Verifies the header and the signature of a token alone, over any payload.
    ///
    /// # Errors
    /// [`Refused`], as [`verify`] has it.
    pub fn verify_signature(&mut self, token: &str) -> Result<Signed, Refused> {
        let mut findings = self.open();
        let payload = match self.read(&mut findings, token) {
            Ok(read) => read.payload(&mut findings),
            Err(refusal) => Err(findings.stop(CheckName::Format, refusal)),
        };
        findings
            .close(payload)
            .map(|(report, payload)| Signed { report, payload })
    }

    /// Verifies a text that is a token with the header of the token before it, and nothing beside it;
    /// `None` of any other text, of which [`TokenVerifier::verify`] knows what to say.
    #[doc(hidden)]
    pub fn verify_like_last(&mut self, text: &[u8]) -> Option<Result<Verified, Refused>> {
        let mut findings = self.open();
        let claims = self
            .read_like_last(&mut findings, text)?
            .claims(&mut findings);
        let verdict = findings.close(claims);
        Some(verdict.map(|(report, claims)| Verified { report, claims }))
    }

    /// The same of the header and the signature alone: see [`TokenVerifier::verify_signature`].
    #[doc(hidden)]
    pub fn verify_signature_like_last(&mut self, text: &[u8]) -> Option<Result<Signed, Refused>> {
        let mut findings = self.open();
        let payload = self
            .read_like_last(&mut findings, text)?
            .payload(&mut findings);
        let verdict = findings.close(payload);
        Some(verdict.map(|(report, payload)| Signed { report, payload }))
    }

    /// Most tokens of a file have the header of the one before. What stands between it and the
    /// last dot is base64url or it is not, so nobody has to look for more dots, or for UTF-8, before.
    fn read_like_last<'j>(
        &'j mut self,
        findings: &mut Findings<'a>,
        text: &'j [u8],
    ) -> Option<Read<'j, 'a>> {
        if self.policy.payload.is_some() {
            return None;
        }
        let header = self.headers.last.as_ref()?;
        let rest = text.strip_prefix(header.segment.as_bytes())?;
        let mut segments = rest.strip_prefix(b".")?.rsplitn(2, |byte| *byte == b'.');
        let (signature, payload) = (segments.next()?, segments.next()?);
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
            is_padded: false,
            is_empty: payload.is_empty(),
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

    /// Takes a token apart.
    fn read<'j>(
        &'j mut self,
        findings: &mut Findings<'a>,
        token: &'j str,
    ) -> Result<Read<'j, 'a>, Refusal> {
        let jws = jws_of(token)?;
        let is_padded = self.policy.allow_padding && jws.is_padded();
        let [header, payload, signature] = match is_padded {
            true => [jws.header, jws.payload, jws.signature].map(without_padding),
            false => [jws.header, jws.payload, jws.signature],
        };
        let header = self.headers.read(findings, header)?;
        self.payload.bytes.clear();
        decode_segment_into(payload, "payload", &mut self.payload.bytes)?;
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
            is_padded,
            is_empty: payload.is_empty(),
            payload: &mut self.payload,
            signature: &self.signature,
        })
    }
}

/// The header of the last token, with the keys that were made ready.
#[derive(Default)]
struct Headers<'a> {
    last: Option<Header<'a>>,
    prepared: Prepared,
}

impl<'a> Headers<'a> {
    /// Reads a header, and selects the keys for it, unless it is that of the token before.
    fn read(&mut self, findings: &mut Findings<'a>, segment: &str) -> Result<&Header<'a>, Refusal> {
        let header = match self.last.take() {
            Some(last) if last.segment == segment => last,
            _ => self.read_anew(findings, segment)?,
        };
        let header = self.last.insert(header);
        findings.note_header(header);
        Ok(header)
    }

    fn read_anew(
        &mut self,
        findings: &mut Findings<'a>,
        segment: &str,
    ) -> Result<Header<'a>, Refusal> {
        let object = decode_header(segment)?;
        match parameters(&object, findings.policy) {
            Ok(parameters) => Ok(Header {
                segment: segment.to_owned(),
                selected: select(findings, &parameters, &mut self.prepared),
                object,
                parameters,
            }),
            Err(refusal) => {
                findings.report.header = Some(object);
                Err(refusal)
            }
        }
    }
}

/// The keys for a header, whose algorithm must be known, asked for, and one of the key.
fn select<'a>(
    findings: &Findings<'a>,
    header: &Parameters,
    prepared: &mut Prepared,
) -> Result<Option<Selected<'a>>, Refusal> {
    let algorithm = chosen_algorithm(findings.policy, &header.alg)?;
    if findings.keys.fault().is_some() {
        return Ok(None);
    }
    let kid = header.kid.as_deref();
    findings.keys.select(algorithm, kid, prepared).map(Some)
}

/// A token that was taken apart.
struct Read<'j, 'a> {
    header: &'j Header<'a>,
    /// What is signed (RFC 7515 section 5.1).
    signing_input: &'j [u8],
    /// Whether segments keep their padding.
    is_padded: bool,
    /// Whether the token has no payload of its own.
    is_empty: bool,
    payload: &'j mut ObjectBuffers,
    signature: &'j Vec<u8>,
}

impl<'a> Read<'_, 'a> {
    /// Verifies it all; gives the claims if there is no refusal.
    fn claims(self, findings: &mut Findings<'a>) -> Result<Object, Stopped> {
        let signer = self.signed_by(findings)?;
        claim_checks::run(findings, self.payload.parse(), &self.header.object, signer)
    }

    /// Verifies the header and the signature; gives the payload if there is no refusal.
    fn payload(self, findings: &mut Findings<'a>) -> Result<Vec<u8>, Stopped> {
        self.signed_by(findings)?;
        findings.so_far()?;
        Ok(std::mem::take(&mut self.payload.bytes))
    }

    /// Verifies the header and the signature; gives the key that the signature is good under.
    fn signed_by(&self, findings: &mut Findings<'a>) -> Result<Signer<'a>, Stopped> {
        findings.pass(CheckName::Format, || {
            let form = match self.is_padded {
                true => "three segments, with their padding",
                false => "three segments, canonical",
            };
            form.into()
        });
        let selected = findings.algorithm(self);
        findings.crit(&self.header.parameters);
        let checkable = findings.so_far();
        findings.typ(&self.header.parameters);
        checkable?;
        findings.signature(self, selected?)
    }

    /// What may be the matter with the payload of a token that has none of its own.
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

    /// A signature that is good under none of the candidates.
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

/// Takes the token apart; only a JWS has a signature to check.
fn jws_of(token: &str) -> Result<Jws<'_>, Refusal> {
    match Compact::split(token)? {
        Compact::Jws(jws) => Ok(jws),
        Compact::Jwe { .. } => Err(Malformed::new(
            "the token is encrypted (a JWE: five segments), and there is no signature to check",
        )
        .hint(Advice::DecodeHeader)
        .into()),
        Compact::SdJwt { .. } => Err(Malformed::new(
            "the token is an SD-JWT: a signed token with disclosures after `~`",
        )
        .hint(Advice::VerifyIssued)
        .into()),
    }
}

fn chosen_algorithm(policy: &Policy, alg: &str) -> Result<Algorithm, Refusal> {
    let refused =
        |message: String| Refusal::new(Reason::AlgRefused, message).found(json::quote(alg));
    let Some(algorithm) = Algorithm::parse(alg) else {
        if alg.trim().eq_ignore_ascii_case("none") {
            return Err(refused(
                "the token is not signed (`alg` is none), and is never accepted".into(),
            )
            .hint(Advice::Sign));
        }
        return Err(refused(format!(
            "`{}` is not a known algorithm",
            escape::middle(alg, escape::NAME)
        ))
        .hint(Advice::NameAlgorithm(algorithm_name::in_jose(alg))));
    };
    let asked = &policy.algorithms;
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

/// What has been found of one token so far.
pub(crate) struct Findings<'a> {
    pub(crate) keys: &'a VerifyingKeys,
    pub(crate) policy: &'a Policy,
    pub(crate) now: Timestamp,
    without_report: bool,
    diagnosing: bool,
    pub(crate) report: Report,
    pub(crate) refusals: Vec<Refusal>,
}

/// There is a refusal: what a [`Findings`] gives who made one, or asked for it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopped(());

impl<'a> Findings<'a> {
    fn new(keys: &'a VerifyingKeys, policy: &'a Policy, now: Timestamp) -> Self {
        Findings {
            keys,
            policy,
            now,
            without_report: false,
            diagnosing: false,
            report: Report::default(),
            refusals: Vec::new(),
        }
    }

    /// Notes what is known before the token is looked at.
    fn begin(&mut self) {
        if let Some(fault) = self.keys.fault() {
            self.refuse(CheckName::Signature, fault.clone());
        }
        if !self.without_report {
            self.report.key = self.keys.only_label().map(str::to_owned);
        }
    }

    /// Whether nothing has been refused yet.
    pub(crate) fn so_far(&self) -> Result<(), Stopped> {
        match self.refusals.is_empty() {
            true => Ok(()),
            false => Err(Stopped(())),
        }
    }

    /// The report beside what was found good, or every refusal.
    fn close<T>(mut self, good: Result<T, Stopped>) -> Result<(Option<Box<Report>>, T), Refused> {
        if !self.without_report {
            self.report.complete();
        }
        match good {
            Ok(good) => Ok(((!self.without_report).then(|| Box::new(self.report)), good)),
            Err(Stopped(())) => Err(Refused {
                report: Box::new(self.report),
                refusals: self.refusals,
            }),
        }
    }

    fn note_header(&mut self, header: &Header<'_>) {
        let Header {
            object, parameters, ..
        } = header;
        self.report.kid.clone_from(&parameters.kid);
        if !self.without_report {
            self.report.alg = Some(parameters.alg.clone());
            self.report.header = Some(object.clone());
        }
    }

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
            // Why there are no keys was refused at the beginning.
            Ok(None) => Err(Stopped(())),
            Err(refusal) => {
                let mut refusal = refusal.clone();
                let check = match refusal.reason {
                    Reason::AlgRefused => CheckName::Algorithm,
                    _ => CheckName::Signature,
                };
                if self.diagnosing && refusal.reason == Reason::KeyNotFound {
                    let algorithm = Algorithm::parse(&read.header.parameters.alg);
                    let other = algorithm
                        .and_then(|a| read.mismatch(a, &[], self.keys).diagnosis_of_other_key());
                    refusal.hint = other.map(Advice::from).or(refusal.hint);
                }
                Err(self.stop(check, refusal))
            }
        }
    }

    /// An extension that is not understood is refused (RFC 7515 section 4.1.11).
    fn crit(&mut self, parameters: &Parameters) {
        match &parameters.crit {
            None => self.pass(CheckName::Crit, || "none".into()),
            Some(Crit::Understood) => {
                self.pass(CheckName::Crit, || "`b64`, which is understood".into());
            }
            Some(Crit::Unknown(crit)) => {
                let shown = escape::shorten(crit, 80);
                let refusal = Refusal::new(
                    Reason::CritUnknown,
                    format!("the header demands extensions that are not known: `crit` is {shown}"),
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
        let (source, key) = (good.source, good.key);
        self.pass(CheckName::Signature, || {
            let kid = key.kid.as_deref().filter(|_| source.is_set);
            match kid {
                Some(kid) => format!(
                    "`{}` of the {} of {}",
                    escape::middle(kid, escape::NAME),
                    counted(source.keys.len(), "key"),
                    source.label
                ),
                None => format!("{} from {}", key.kind_words(), source.label),
            }
        });
        if !self.without_report {
            self.report.key = Some(source.label.clone());
        }
        self.warn(|| warning::key_in_header(read.header.object.json()));
        Ok(Signer { source, key })
    }

    /// Adds warnings, which are not looked for where only the reasons are wanted.
    pub(crate) fn warn<W: IntoIterator<Item = Warning>>(&mut self, warnings: impl FnOnce() -> W) {
        if !self.without_report {
            self.report.warnings.extend(warnings());
        }
    }

    pub(crate) fn pass(&mut self, name: CheckName, detail: impl FnOnce() -> String) {
        self.check(name, Outcome::Pass, detail, None);
    }

    pub(crate) fn skip(&mut self, name: CheckName, detail: impl FnOnce() -> String) {
        self.check(name, Outcome::Skipped, detail, None);
    }

    pub(crate) fn refuse(&mut self, name: CheckName, mut refusal: Refusal) {
        refusal.hint = refusal.hint.or_else(|| refusal.reason.advice());
        let number = self.refusals.len();
        self.check(
            name,
            Outcome::Fail,
            || refusal.message.clone(),
            Some(number),
        );
        self.refusals.push(refusal);
    }

    /// As [`Findings::refuse`], where nothing can be judged any more.
    pub(crate) fn stop(&mut self, name: CheckName, refusal: Refusal) -> Stopped {
        self.refuse(name, refusal);
        Stopped(())
    }

    fn check(
        &mut self,
        name: CheckName,
        outcome: Outcome,
        detail: impl FnOnce() -> String,
        refusal: Option<usize>,
    ) {
        if !self.without_report {
            self.report.checks.push(Check {
                name,
                outcome,
                detail: Some(detail()),
                refusal,
            });
        }
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
    let message = mismatch.wrong_len();
    let mut refusal = Refusal::new(
        Reason::BadSignature,
        message.unwrap_or_else(|| "the signature does not match the key".to_owned()),
    );
    if diagnosing {
        refusal.hint = mismatch.diagnosis().map(Advice::from);
    }
    refusal
}

/// Reads the header parameters that checks depend on, each of its type (RFC 7515 section 4.1).
fn parameters(header: &Object, policy: &Policy) -> Result<Parameters, Refusal> {
    if let Some(name) = header.duplicate() {
        let name = escape::shorten(name, 40);
        return Err(Malformed::new(format!("the header has `{name}` twice")).into());
    }
    let (mut alg, mut kid, mut typ, mut crit, mut b64) = (None, None, None, None, None);
    for (name, value) in header.members() {
        match name.as_ref() {
            "alg" => alg = Some(string(&name, value)?),
            "kid" => kid = Some(string(&name, value)?),
            "typ" => typ = Some(string(&name, value)?),
            "crit" => crit = Some(value),
            "b64" => b64 = Some(value),
            _ => {}
        }
    }
    let is_detached = policy.payload.is_some();
    let listed = crit.map_or(0, |crit| {
        crit.elements().filter(|one| one.is("b64")).count()
    });
    let unencoded = match b64.map(|b64| (b64.text(), b64.kind())) {
        None | Some(("true", _)) => false,
        Some(("false", _)) if is_detached && listed > 0 => true,
        Some(("false", _)) if is_detached => {
            return Err(Malformed::new(
                "the header has `b64`, and no `crit` that lists it (RFC 7797 section 6)",
            )
            .into());
        }
        Some(("false", _)) => {
            return Err(Malformed::new("the header's `b64` changes how the token is signed, which a JWT must not (RFC 7797 section 7)")
                .hint(Advice::CheckUnencoded)
                .into());
        }
        Some((_, kind)) => {
            return Err(
                Malformed::new(format!("the header's `b64` is {kind}, not a boolean")).into(),
            );
        }
    };
    let crit = crit.map(|crit| {
        let is_alone = listed == 1 && crit.elements().count() == 1;
        match is_detached && is_alone && b64.is_some() {
            true => Crit::Understood,
            false => Crit::Unknown(crit.compact().into_owned()),
        }
    });
    let alg = alg.ok_or_else(|| Malformed::new("the header has no `alg`"))?;
    Ok(Parameters {
        alg,
        kid,
        typ,
        crit,
        unencoded,
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
