//! Who issued a token, for whom, and about whom: `iss`, `aud`, `sub` and other text.

use crate::text::escape;
use crate::token::advice::Advice;
use crate::token::claim_checks::{does_not_match, missing, wrong_type};
use crate::token::json::{self, Json, Kind, Object};
use crate::token::keyset::{KeySource, Signer};
use crate::token::name::Name;
use crate::token::near_miss;
use crate::token::refusal::{Reason, Refusal};
use crate::token::report::CheckName;
use crate::token::verify::findings::Findings;

/// Must be one of the issuers that were asked for, or else the one whose keys these are. Where the
/// keys of an issuer are given, it signs with those and no others (RFC 8725 section 3.8). Gives the
/// source that the signature counts for.
pub(super) fn iss<'a>(
    findings: &mut Findings<'a>,
    iss: Option<Json<'_>>,
    signer: &Signer<'a>,
    claims: &Object,
) -> &'a KeySource {
    let is_of = |source: &KeySource| {
        let issuer = source.issuer.as_deref();
        issuer.is_some_and(|issuer| iss.is_some_and(|claim| claim.is(issuer)))
    };
    // The signer's own source may hold a copy of one of the issuer's keys.
    let holds = |source: &&KeySource| source.keys.iter().any(|key| key.is_pair_of(&signer.key));
    let of_issuer = || findings.keys.sources().filter(|source| is_of(source));
    let source = match is_of(signer.source) {
        true => signer.source,
        false => of_issuer().find(holds).unwrap_or(signer.source),
    };
    let other = of_issuer().next().filter(|_| !is_of(source));
    let by_source = findings.policy.issuers.is_empty();
    let asked = match by_source {
        true => source.issuer.as_slice(),
        false => findings.policy.issuers.as_slice(),
    };
    let Some(claim) = iss else {
        if !asked.is_empty() {
            let refusal = missing("iss", "the token does not name its issuer: it has no `iss`");
            findings.refuse(CheckName::Iss, absent("iss", refusal, asked, claims));
        }
        return source;
    };
    if claim.kind() != Kind::String {
        findings.refuse(CheckName::Iss, wrong_type("iss", claim, "a string"));
        return source;
    }
    let found = || claim.as_str().unwrap_or_default();
    if let Some(other) = other {
        let message = format!(
            "the issuer signs with its own keys, which are those of {}",
            other.label
        );
        let refusal = Refusal::new(Reason::WrongIss, message)
            .claim("iss")
            .found(claim.text())
            .hint(Advice::NameAddressOfSet {
                label: source.label.clone(),
            });
        findings.refuse(CheckName::Iss, refusal);
    } else if asked.is_empty() {
        findings.skip(CheckName::Iss, || {
            format!("{}, not asked for", escape::shorten(&found(), 80))
        });
    } else if asked.iter().any(|asked| claim.is(asked)) {
        findings.pass(CheckName::Iss, || escape::shorten(&found(), 80));
    } else {
        let mut refusal = Refusal::new(Reason::WrongIss, does_not_match("iss"))
            .claim("iss")
            .expected(one_of(asked))
            .found(claim.text());
        refusal.hint =
            near("iss", asked, claim, claims).or_else(|| by_source.then_some(Advice::AcceptIssuer));
        findings.refuse(CheckName::Iss, refusal);
    }
    source
}

/// `aud` is a string or an array of strings (RFC 7519 section 4.1.3). Where no audience was asked
/// for, any passes under a key of one's own, but not under the keys of an issuer on the network,
/// which signs for others too.
pub(super) fn aud(
    findings: &mut Findings<'_>,
    aud: Option<Json<'_>>,
    remote: bool,
    claims: &Object,
) {
    let asked = &findings.policy.audiences;
    let Some(claim) = aud else {
        if !asked.is_empty() {
            let refusal = missing(
                "aud",
                "the token does not say for whom it is: it has no `aud`",
            );
            findings.refuse(CheckName::Aud, absent("aud", refusal, asked, claims));
        }
        return;
    };
    if claim.one_or_many().any(|one| one.kind() != Kind::String) {
        findings.refuse(
            CheckName::Aud,
            wrong_type("aud", claim, "a string or an array of strings"),
        );
        return;
    }
    let shown = || {
        let audiences: Vec<_> = claim.one_or_many().filter_map(Json::as_str).collect();
        escape::shorten(&audiences.join(", "), 80)
    };
    if asked
        .iter()
        .any(|a| claim.one_or_many().any(|one| one.is(a)))
    {
        findings.pass(CheckName::Aud, shown);
    } else if !asked.is_empty() {
        let mut refusal = Refusal::new(Reason::WrongAud, does_not_match("aud"))
            .claim("aud")
            .expected(one_of(asked))
            .found(claim.text());
        refusal.hint = near("aud", asked, claim, claims);
        findings.refuse(CheckName::Aud, refusal);
    } else if remote && !findings.policy.any_audience {
        let refusal = Refusal::new(
            Reason::WrongAud,
            "the token is for an audience that was not asked for",
        )
        .claim("aud")
        .found(claim.text())
        .hint(Advice::NameAudience);
        findings.refuse(CheckName::Aud, refusal);
    } else {
        findings.skip(CheckName::Aud, || format!("for {}, not asked for", shown()));
    }
}

/// A claim that is a string, and whose value may be asked for.
pub(super) struct TextClaim<'a> {
    pub(super) name: &'static str,
    pub(super) asked: Option<&'a str>,
    pub(super) check: CheckName,
    /// Why another text is refused.
    pub(super) reason: Reason,
    /// What a token without it fails to do.
    pub(super) lacks: &'static str,
}

pub(super) fn text(
    findings: &mut Findings<'_>,
    found: Option<Json<'_>>,
    claims: &Object,
    TextClaim {
        name,
        asked,
        check,
        reason,
        lacks,
    }: TextClaim<'_>,
) {
    let Some(claim) = found else {
        if let Some(asked) = asked {
            let refusal = missing(
                name,
                &format!("the token does not {lacks}: it has no `{name}`"),
            );
            let asked = [asked.to_owned()];
            findings.refuse(check, absent(name, refusal, &asked, claims));
        }
        return;
    };
    let shown = || escape::shorten(&claim.as_str().unwrap_or_default(), 80);
    match asked {
        _ if claim.kind() != Kind::String => {
            findings.refuse(check, wrong_type(name, claim, "a string"));
        }
        None => findings.skip(check, || format!("{}, not asked for", shown())),
        Some(asked) if claim.is(asked) => findings.pass(check, shown),
        Some(asked) => {
            let mut refusal = Refusal::new(reason, does_not_match(name))
                .claim(name)
                .expected(json::quote(asked))
                .found(claim.text());
            refusal.hint = near(name, &[asked.to_owned()], claim, claims);
            findings.refuse(check, refusal);
        }
    }
}

/// A hint where the value is nearly one of those that were asked for.
fn near(name: &str, asked: &[String], found: Json<'_>, claims: &Object) -> Option<Advice> {
    let name = Name::Claim(name.to_owned());
    let near = |asked: &String| near_miss::of_text(&name, asked, found, claims.json());
    asked.iter().find_map(near).map(Advice::from)
}

/// A refusal for a missing claim, with a hint where its value stands elsewhere in the token.
fn absent(name: &str, refusal: Refusal, asked: &[String], claims: &Object) -> Refusal {
    let name = Name::Claim(name.to_owned());
    let near = |asked: &String| near_miss::of_nothing(&name, Some(asked), claims.json());
    Refusal {
        hint: asked.iter().find_map(near).map(Advice::from),
        ..refusal.expected(one_of(asked))
    }
}

fn one_of(asked: &[String]) -> String {
    match asked {
        [one] => json::quote(one),
        several => json::array(several),
    }
}
