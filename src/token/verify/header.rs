//! The header of a token: the parameters that checks depend on, and the keys for it.

use std::fmt;
use std::sync::Arc;

use crate::text::escape;
use crate::token::advice::Advice;
use crate::token::algorithm::Algorithm;
use crate::token::algorithm_name;
use crate::token::compact::Malformed;
use crate::token::decode::decode_header;
use crate::token::json::{self, Json, Kind, Object};
use crate::token::jws_json::{self, Signature};
use crate::token::keyset::{Candidate, CandidateKey, Prepared, Selected, misfitting};
use crate::token::policy::Policy;
use crate::token::profile::protocol::Protocol;
use crate::token::refusal::{Reason, Refusal};
use crate::token::report::CheckName;
use crate::token::verify::findings::Findings;

/// What NATS writes for `EdDSA`, over claims whose `iss` is the key.
const NATS: &str = "ed25519-nkey";

/// The header of a token; the next token most likely has the same one.
pub(super) struct Header<'a> {
    pub(super) segment: String,
    pub(super) object: Object,
    /// The names of it that are not signed, of a token in a JSON form.
    pub(super) unsigned: Vec<String>,
    pub(super) parameters: Parameters,
    /// Whether it is the header of a credential in the compact form, which has a tilde after its signed part
    /// (RFC 9901 section 4).
    pub(super) wants_tilde: bool,
    /// What was found good of the certificates that it brings.
    pub(super) chain: Vec<(CheckName, String)>,
    /// Neither a refusal nor keys where there are no keys to select from.
    pub(super) selected: Result<Option<Selected<'a>>, Refusal>,
}

/// The parameters of the header that checks depend on.
pub(super) struct Parameters {
    pub(super) alg: String,
    pub(super) kid: Option<String>,
    pub(super) typ: Option<String>,
    pub(super) crit: Option<Crit>,
    /// Whether the payload is signed as it is, and not in base64url (RFC 7797 section 3).
    pub(super) unencoded: bool,
}

/// The header's `crit`.
pub(super) enum Crit {
    /// All that it lists is understood.
    Understood,
    /// Some of it is not understood; this is its text.
    Unknown(String),
}

/// The header of the last token, with the keys that were made ready.
#[derive(Default)]
pub(super) struct Headers<'a> {
    pub(super) last: Option<Header<'a>>,
    /// The one of a token in a JSON form, in which it may stand in two parts.
    of_json: Option<Header<'a>>,
    pub(super) prepared: Prepared,
}

impl<'a> Headers<'a> {
    /// Reads a header and selects the keys for it, unless the previous token had the same header.
    pub(super) fn read(
        &mut self,
        findings: &mut Findings<'a>,
        segment: &str,
    ) -> Result<&Header<'a>, Refusal> {
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
        let may_be_unencoded = findings.policy.payload.is_some();
        let parameters = parameters(Some(&object), None, may_be_unencoded);
        let wants_tilde = Protocol::of(&object, None) == Some(Protocol::SdJwtVc);
        let mut header = self.of_parameters(findings, parameters, object, segment)?;
        header.wants_tilde = wants_tilde;
        Ok(header)
    }

    /// Reads the header of a signature in a JSON form.
    pub(super) fn read_json(
        &mut self,
        findings: &mut Findings<'a>,
        signature: &Signature<'_>,
    ) -> Result<&Header<'a>, Refusal> {
        let (protected, unprotected) = (signature.protected()?, signature.unprotected());
        let object = jws_json::joined(protected.as_ref(), unprotected)?;
        let parameters = parameters(protected.as_ref(), unprotected, true);
        let mut header = self.of_parameters(findings, parameters, object, "")?;
        let unsigned = unprotected.into_iter().flat_map(Json::members);
        let unsigned = unsigned.filter(|(name, _)| !jws_json::OF_SD_JWT.contains(&&**name));
        header.unsigned = unsigned.map(|(name, _)| name.into_owned()).collect();
        let header = self.of_json.insert(header);
        findings.note_header(header);
        Ok(header)
    }

    fn of_parameters(
        &mut self,
        findings: &mut Findings<'a>,
        parameters: Result<Parameters, Refusal>,
        object: Object,
        segment: &str,
    ) -> Result<Header<'a>, Refusal> {
        match parameters {
            Ok(parameters) => {
                let mut chain = Vec::new();
                let prepared = &mut self.prepared;
                Ok(Header {
                    segment: segment.to_owned(),
                    selected: select(findings, &parameters, &object, &mut chain, prepared),
                    object,
                    unsigned: Vec::new(),
                    wants_tilde: false,
                    chain,
                    parameters,
                })
            }
            Err(refusal) => {
                findings.report.header = Some(object);
                Err(refusal)
            }
        }
    }
}

/// The keys for a header. Its algorithm must be known, asked for, and one of the key.
fn select<'a>(
    findings: &Findings<'a>,
    header: &Parameters,
    object: &Object,
    chain: &mut Vec<(CheckName, String)>,
    prepared: &mut Prepared,
) -> Result<Option<Selected<'a>>, Refusal> {
    let algorithm = chosen_algorithm(findings.policy, &header.alg)?;
    if findings.keys.fault().is_some() {
        return Ok(None);
    }
    let kid = header.kid.as_deref();
    if findings.keys.roots().is_empty() {
        return findings.keys.select(algorithm, kid, prepared).map(Some);
    }
    let certified = certified(findings, algorithm, object, chain);
    // Keys that stand beside the roots check a token too, unless something is asked of its certificate.
    let others = (!findings.policy.leaf.is_asked_for())
        .then(|| findings.keys.select(algorithm, kid, prepared));
    match (certified, others) {
        (Ok(candidate), Some(Ok(mut others))) => {
            others.candidates.insert(0, candidate);
            Ok(Some(others))
        }
        (Ok(candidate), _) => Ok(Some(Selected {
            algorithm,
            candidates: vec![candidate],
            note: None,
        })),
        (Err(_), Some(Ok(others))) => {
            chain.clear();
            Ok(Some(others))
        }
        (Err(refusal), _) => Err(refusal),
    }
}

/// The key of the certificate that a token brings, where it leads to a root; what was seen of it is put
/// into `chain`.
fn certified<'a>(
    findings: &Findings<'a>,
    algorithm: Algorithm,
    header: &Object,
    chain: &mut Vec<(CheckName, String)>,
) -> Result<Candidate<'a>, Refusal> {
    let mut refusal = None;
    for roots in findings.keys.roots() {
        match roots.judge(header, &findings.policy.leaf, findings.now) {
            None => break,
            Some(Ok(found)) => {
                chain.clear();
                chain.extend(found.seen);
                if !found.key.allows(algorithm) {
                    return Err(misfitting(algorithm, &found.key));
                }
                return Ok(Candidate {
                    source: roots.source(),
                    verifier: Arc::new(found.key.verifier(algorithm, false)?),
                    key: CandidateKey::Certified(found.key),
                });
            }
            Some(Err(why)) => {
                if refusal.is_none() || why.seen.is_some() {
                    chain.clear();
                    chain.extend(why.seen);
                    refusal = Some(why.refusal);
                }
            }
        }
    }
    Err(refusal.unwrap_or_else(|| {
        let message =
            "the token brings no certificates (`x5c`), which would have to lead to a root";
        Refusal::new(Reason::KeyNotFound, message).hint(Advice::NameKeyOfCertificate)
    }))
}

fn chosen_algorithm(policy: &Policy, alg: &str) -> Result<Algorithm, Refusal> {
    let refused =
        |message: String| Refusal::new(Reason::AlgRefused, message).found(json::quote(alg));
    let Some(algorithm) = Algorithm::parse(alg) else {
        if alg.trim().eq_ignore_ascii_case("none") {
            return Err(refused(
                "the token is not signed (`alg` is none): it is never accepted".into(),
            )
            .hint(Advice::Sign));
        }
        let message = format!(
            "`{}` is not a known algorithm",
            escape::middle(alg, escape::NAME)
        );
        return Err(refused(message).hint(match alg {
            NATS => Advice::CheckNats,
            _ => Advice::NameAlgorithm(algorithm_name::in_jose(alg)),
        }));
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

impl Findings<'_> {
    pub(super) fn note_header(&mut self, header: &Header<'_>) {
        let Header {
            object, parameters, ..
        } = header;
        self.report.kid.clone_from(&parameters.kid);
        if !self.without_report {
            self.report.alg = Some(parameters.alg.clone());
            self.report.header = Some(object.clone());
        }
    }

    /// An extension that is not understood is refused (RFC 7515 section 4.1.11).
    pub(super) fn crit(&mut self, parameters: &Parameters) {
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

    /// Media types are compared without case, and `application/` may be left out (RFC 7515
    /// section 4.1.9, RFC 8725 section 3.11).
    pub(super) fn typ(&mut self, parameters: &Parameters) {
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
}

/// Reads the header parameters that checks depend on, each of its type (RFC 7515 section 4.1): those that
/// are signed, and those of a token in a JSON form that are not. A payload may be unencoded where it is sent
/// beside the token, or in a JSON form, which is none of a JWT (RFC 7797 sections 4 and 7).
fn parameters(
    protected: Option<&Object>,
    unprotected: Option<Json<'_>>,
    may_be_unencoded: bool,
) -> Result<Parameters, Refusal> {
    if let Some(name) = protected.and_then(Object::duplicate) {
        let name = escape::shorten(name, 40);
        return Err(Malformed::new(format!("the header has `{name}` twice")).into());
    }
    let (mut alg, mut kid, mut typ, mut crit, mut b64) = (None, None, None, None, None);
    for (name, value) in protected.into_iter().flat_map(Object::members) {
        match name.as_ref() {
            "alg" => alg = Some(string(&name, value)?),
            "kid" => kid = Some(string(&name, value)?),
            "typ" => typ = Some(string(&name, value)?),
            "crit" => crit = Some(value),
            "b64" => b64 = Some(value),
            _ => check_kind(&name, value)?,
        }
    }
    for (name, value) in unprotected.into_iter().flat_map(Json::members) {
        match name.as_ref() {
            "alg" => alg = Some(string(&name, value)?),
            "kid" => kid = Some(string(&name, value)?),
            // Which rules it is read by, a header that anyone can change does not say: RFC 7515 section
            // 4.1.11, RFC 7797 section 3.
            "crit" | "b64" => {
                let message =
                    format!("the header has `{name}` where it is not signed, and it must be");
                return Err(Malformed::new(message).into());
            }
            _ => check_kind(&name, value)?,
        }
    }
    let listed = crit.map_or(0, |crit| {
        crit.elements().filter(|one| one.is("b64")).count()
    });
    let unencoded = match b64.map(|b64| (b64.text(), b64.kind())) {
        None | Some(("true", _)) => false,
        Some(("false", _)) if may_be_unencoded && listed > 0 => true,
        Some(("false", _)) if may_be_unencoded => {
            return Err(Malformed::new(
                "the header has `b64`, but no `crit` that lists it (RFC 7797 section 6)",
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
        match may_be_unencoded && is_alone && b64.is_some() {
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

/// The parameters on which no check depends have a form too (RFC 7515 section 4.1). Others are ignored.
fn check_kind(name: &str, value: Json<'_>) -> Result<(), Malformed> {
    let what = format_args!("the header's `{name}`");
    match name {
        "cty" | "jku" | "x5t" | "x5t#S256" | "x5u" => must_be(what, value, Kind::String),
        "jwk" => must_be(what, value, Kind::Object),
        "x5c" => {
            must_be(what, value, Kind::Array)?;
            let what = format_args!("a certificate of {what}");
            let mut certificates = value.elements();
            certificates.try_for_each(|one| must_be(what, one, Kind::String))
        }
        _ => Ok(()),
    }
}

fn must_be(what: fmt::Arguments<'_>, value: Json<'_>, needed: Kind) -> Result<(), Malformed> {
    match value.kind() {
        found if found == needed => Ok(()),
        found => Err(Malformed::new(format!("{what} is {found}, not {needed}"))),
    }
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

pub(super) fn media_type(typ: &str) -> String {
    let typ = typ.to_ascii_lowercase();
    match typ.strip_prefix("application/") {
        Some(short) if !short.contains('/') => short.to_owned(),
        _ => typ,
    }
}
