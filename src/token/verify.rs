//! Judging a token: text, keys, policy and time in, verdict out.
//!
//! Nothing in the token can relax a check: the algorithm and the key come from the caller
//! (RFC 8725 sections 3.1 and 3.8), and every value that is looked at has its type checked.

use std::cell::RefCell;

use crate::text::count::counted;
use crate::text::escape;
use crate::text::time::Timestamp;
use crate::token::algorithm::Algorithm;
use crate::token::base64url;
use crate::token::claim_checks;
use crate::token::compact::{Compact, Jws, Malformed, decode_segment_into};
use crate::token::decode::decode_header;
use crate::token::diagnose::Mismatch;
use crate::token::json::{self, Json, Object, Spare};
use crate::token::keyset::{KeySource, Prepared, Selected, VerifyingKeys};
use crate::token::policy::Policy;
use crate::token::refusal::{Reason, Refusal};
use crate::token::report::{Check, CheckName, Outcome, Report};
use crate::token::warning::{self, Warning};

/// A token whose signature and claims were found good. Only a [`Judge`] makes one.
#[derive(Debug)]
pub struct Verified {
    report: Option<Box<Report>>,
    claims: Option<Object>,
}

impl Verified {
    /// The claims; `None` where only the signature was asked for and the payload is no object.
    #[must_use]
    pub fn claims(&self) -> Option<Json<'_>> {
        self.claims.as_ref().map(Object::json)
    }

    /// The same as an object of its own.
    #[must_use]
    pub fn object(&self) -> Option<&Object> {
        self.claims.as_ref()
    }

    /// What was looked at; nothing, where the judge is [`Judge::brief`].
    #[must_use]
    pub fn report(&self) -> &Report {
        static NOTHING: Report = Report::NOTHING;
        self.report.as_deref().unwrap_or(&NOTHING)
    }
}

/// A token that was refused, with every reason.
#[derive(Debug)]
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
        let mut case = Case::new(keys, &policy, Timestamp::from_seconds(0), false);
        case.begin();
        case.refuse(CheckName::Format, why.into());
        case.report.complete();
        Refused {
            report: Box::new(case.report),
            refusals: case.refusals,
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
    Judge::new(keys, policy, now).judge(token)
}

/// Keys for one token after the other, each under a policy and at a time of its own: a key that was
/// made ready for one token is ready for the next.
#[expect(missing_debug_implementations, reason = "it holds prepared keys")]
pub struct ReadyKeys {
    keys: VerifyingKeys,
    /// By places in these keys, and of no use beside others.
    prepared: RefCell<Prepared>,
}

impl ReadyKeys {
    /// Takes the keys; each is made ready when a token wants it.
    #[must_use]
    pub fn new(keys: VerifyingKeys) -> Self {
        ReadyKeys {
            keys,
            prepared: RefCell::default(),
        }
    }

    /// Judges a token, as a [`Judge`] that is brief does.
    ///
    /// # Errors
    /// [`Refused`], as [`verify`] has it.
    pub fn verify(
        &self,
        token: &str,
        policy: &Policy,
        now: Timestamp,
    ) -> Result<Verified, Refused> {
        let mut judge = Judge::new(&self.keys, policy, now).brief();
        judge.prepared = self.prepared.take();
        let verdict = judge.judge(token);
        self.prepared.replace(judge.prepared);
        verdict
    }
}

/// Judges one token after the other; what most of them have in common is worked out once.
#[expect(missing_debug_implementations, reason = "it holds prepared keys")]
pub struct Judge<'a> {
    keys: &'a VerifyingKeys,
    policy: &'a Policy,
    now: Timestamp,
    brief: bool,
    prepared: Prepared,
    header: Option<Header<'a>>,
    payload: Spare,
    signature: Vec<u8>,
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
    crit: Option<String>,
}

impl<'a> Judge<'a> {
    /// Judges by these keys and this policy, as of a time.
    #[must_use]
    pub fn new(keys: &'a VerifyingKeys, policy: &'a Policy, now: Timestamp) -> Self {
        Judge {
            keys,
            policy,
            now,
            brief: false,
            prepared: Prepared::default(),
            header: None,
            payload: Spare::default(),
            signature: Vec::new(),
        }
    }

    /// Leaves out of a verdict what is not its reasons: of the report only the `kid` of the token
    /// is kept, and nobody looks for what would have made a signature good.
    #[must_use]
    pub fn brief(mut self) -> Self {
        self.brief = true;
        self
    }

    /// Takes back the memory of a verdict that is done with.
    pub fn reuse(&mut self, verified: Verified) {
        if let Some(claims) = verified.claims {
            self.payload = Spare::of(claims);
        }
    }

    /// Judges a token.
    ///
    /// # Errors
    /// [`Refused`], as [`verify`] has it.
    pub fn judge(&mut self, token: &str) -> Result<Verified, Refused> {
        let mut case = self.open();
        let claims = match self.read(&mut case, token) {
            Ok(signing_input) => self.weigh(&mut case, signing_input.as_bytes()),
            Err(refusal) => {
                case.refuse(CheckName::Format, refusal);
                None
            }
        };
        self.close(case, claims)
    }

    /// Judges a text that is a token with the header of the token before it, and nothing beside it;
    /// `None` of any other text, of which [`Judge::judge`] knows what to say.
    ///
    /// Most tokens of a file are such ones. What stands between the header and the last dot is
    /// base64url or it is not, so nobody has to look for more dots, or for UTF-8, before.
    pub fn judge_alike(&mut self, text: &[u8]) -> Option<Result<Verified, Refused>> {
        let segment = self.header.as_ref()?.segment.as_bytes();
        let rest = text.strip_prefix(segment)?.strip_prefix(b".")?;
        let mut segments = rest.rsplitn(2, |byte| *byte == b'.');
        let (signature, payload) = (segments.next()?, segments.next()?);
        let after = signature.len().saturating_add(1);
        let signing_input = text.get(..text.len().saturating_sub(after))?;
        self.payload.bytes.clear();
        base64url::push_decoded(payload, &mut self.payload.bytes).ok()?;
        self.signature.clear();
        base64url::push_decoded(signature, &mut self.signature).ok()?;
        let mut case = self.open();
        self.note_header(&mut case);
        let claims = self.weigh(&mut case, signing_input);
        Some(self.close(case, claims))
    }

    fn open(&self) -> Case<'a> {
        let mut case = Case::new(self.keys, self.policy, self.now, self.brief);
        case.begin();
        case
    }

    fn close(&self, case: Case<'a>, claims: Option<Object>) -> Result<Verified, Refused> {
        let Case {
            mut report,
            refusals,
            ..
        } = case;
        if !self.brief {
            report.complete();
        }
        if refusals.is_empty() {
            let report = (!self.brief).then(|| Box::new(report));
            Ok(Verified { report, claims })
        } else {
            let report = Box::new(report);
            Err(Refused { report, refusals })
        }
    }

    /// Takes a token apart, and gives what is signed of it.
    fn read<'t>(&mut self, case: &mut Case<'a>, token: &'t str) -> Result<&'t str, Refusal> {
        let jws = jws_of(token)?;
        self.read_header(case, jws.header)?;
        self.payload.bytes.clear();
        decode_segment_into(jws.payload, "payload", &mut self.payload.bytes)?;
        self.signature.clear();
        decode_segment_into(jws.signature, "signature", &mut self.signature)?;
        Ok(jws.signing_input)
    }

    /// Judges what has been read; gives the claims if, in the end, there is no refusal.
    fn weigh(&mut self, case: &mut Case<'a>, signing_input: &[u8]) -> Option<Object> {
        let header = self.header.as_ref()?;
        case.pass(CheckName::Format, || "three segments, canonical".into());
        let selected = case.algorithm(header);
        case.crit(&header.parameters);
        let checkable = case.refusals.is_empty();
        case.typ(&header.parameters);
        let selected = selected.filter(|_| checkable)?;
        let source = case.signature(signing_input, &self.signature, selected, &header.object)?;
        let claims = self.payload.parse();
        if self.policy.signature_only {
            return claims.ok();
        }
        claim_checks::run(case, claims, &header.object, source)
    }

    /// Reads a header, and selects the keys for it, unless it is that of the token before.
    fn read_header(&mut self, case: &mut Case<'a>, segment: &str) -> Result<(), Refusal> {
        if self.header.as_ref().is_none_or(|h| h.segment != segment) {
            self.header = None;
            let object = decode_header(segment)?;
            let parameters = match parameters(&object) {
                Ok(parameters) => parameters,
                Err(refusal) => {
                    case.report.header = Some(object);
                    return Err(refusal);
                }
            };
            self.header = Some(Header {
                segment: segment.to_owned(),
                selected: self.select(&parameters),
                object,
                parameters,
            });
        }
        self.note_header(case);
        Ok(())
    }

    fn note_header(&self, case: &mut Case<'a>) {
        if let Some(Header {
            object, parameters, ..
        }) = &self.header
        {
            case.report.kid.clone_from(&parameters.kid);
            if !self.brief {
                case.report.alg = Some(parameters.alg.clone());
                case.report.header = Some(object.clone());
            }
        }
    }

    /// The keys for a header, whose algorithm must be known, asked for, and one of the key.
    fn select(&mut self, header: &Parameters) -> Result<Option<Selected<'a>>, Refusal> {
        let algorithm = chosen_algorithm(self.policy, &header.alg)?;
        if self.keys.fault().is_some() {
            return Ok(None);
        }
        let kid = header.kid.as_deref();
        self.keys
            .select(algorithm, kid, &mut self.prepared)
            .map(Some)
    }
}

/// Takes the token apart; only a JWS has a signature to check.
fn jws_of(token: &str) -> Result<Jws<'_>, Refusal> {
    match Compact::split(token)? {
        Compact::Jws(jws) => Ok(jws),
        Compact::Jwe { .. } => Err(Malformed::new(
            "the token is encrypted (a JWE: five segments), and there is no signature to check",
        )
        .hint("`jott decode` shows what its header says; only its recipient can open it")
        .into()),
        Compact::SdJwt { .. } => Err(Malformed::new(
            "the token is an SD-JWT: a signed token with disclosures after `~`",
        )
        .hint("the part before the first `~` can be verified by itself; `jott decode` shows the disclosures")
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
            .hint("anyone can write such a token: its issuer has to sign it"));
        }
        return Err(refused(format!(
            "`{}` is not an algorithm that jott knows",
            escape::shorten(alg, 40)
        ))
        .hint("names are compared exactly; `jott verify --help` lists those that are known"));
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

/// The state of one judgement.
pub(crate) struct Case<'a> {
    pub(crate) keys: &'a VerifyingKeys,
    pub(crate) policy: &'a Policy,
    pub(crate) now: Timestamp,
    brief: bool,
    pub(crate) report: Report,
    pub(crate) refusals: Vec<Refusal>,
}

impl<'a> Case<'a> {
    fn new(keys: &'a VerifyingKeys, policy: &'a Policy, now: Timestamp, brief: bool) -> Self {
        Case {
            keys,
            policy,
            now,
            brief,
            report: Report::default(),
            refusals: Vec::new(),
        }
    }

    /// Notes what is known before the token is looked at.
    fn begin(&mut self) {
        if let Some(fault) = self.keys.fault() {
            self.refuse(CheckName::Signature, fault.clone());
        }
        if !self.brief {
            self.report.key = self.keys.only_label().map(str::to_owned);
        }
    }

    fn algorithm<'h>(&mut self, header: &'h Header<'a>) -> Option<&'h Selected<'a>> {
        let by_key = self.policy.algorithms.is_empty();
        match &header.selected {
            Ok(selected) => {
                if selected.is_some() {
                    self.pass(CheckName::Algorithm, || {
                        let how = match by_key {
                            true => "as the key says",
                            false => "as was asked for",
                        };
                        format!("{}, {how}", header.parameters.alg)
                    });
                }
                selected.as_ref()
            }
            Err(refusal) => {
                let check = match refusal.reason {
                    Reason::AlgRefused => CheckName::Algorithm,
                    _ => CheckName::Signature,
                };
                self.refuse(check, refusal.clone());
                None
            }
        }
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
        message: &[u8],
        signature: &Vec<u8>,
        selected: &Selected<'a>,
        header: &Object,
    ) -> Option<&'a KeySource> {
        if !self.brief {
            self.report.notes.extend(selected.note.clone());
        }
        let good = selected
            .candidates
            .iter()
            .find(|c| c.verifier.verify(message, signature).is_ok());
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
            if !self.brief {
                refusal.hint = mismatch.hint();
            }
            self.refuse(CheckName::Signature, refusal);
            return None;
        };
        let source = good.source;
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
        if !self.brief {
            self.report.key = Some(source.label.clone());
        }
        self.warn(|| warning::key_in_header(header.json()));
        Some(source)
    }

    /// Adds warnings, which are not looked for where only the reasons are wanted.
    pub(crate) fn warn<W: IntoIterator<Item = Warning>>(&mut self, warnings: impl FnOnce() -> W) {
        if !self.brief {
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
        refusal.hint = refusal
            .hint
            .or_else(|| refusal.reason.advice().map(str::to_owned));
        let number = self.refusals.len();
        self.check(
            name,
            Outcome::Fail,
            || refusal.message.clone(),
            Some(number),
        );
        self.refusals.push(refusal);
    }

    fn check(
        &mut self,
        name: CheckName,
        outcome: Outcome,
        detail: impl FnOnce() -> String,
        refusal: Option<usize>,
    ) {
        if !self.brief {
            self.report.checks.push(Check {
                name,
                outcome,
                detail: Some(detail()),
                refusal,
            });
        }
    }
}

/// Reads the header parameters that checks depend on, each of its type (RFC 7515 section 4.1).
fn parameters(header: &Object) -> Result<Parameters, Refusal> {
    if let Some(name) = header.duplicate() {
        let name = escape::shorten(name, 40);
        return Err(Malformed::new(format!("the header has `{name}` twice")).into());
    }
    let (mut alg, mut kid, mut typ, mut crit) = (None, None, None, None);
    for (name, value) in header.members() {
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
