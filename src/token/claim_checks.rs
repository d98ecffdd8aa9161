//! The checks of the claims, made once the signature is known to be good.

use crate::text::escape;
use crate::text::time::{self, Span, Timestamp};
use crate::token::advice::Advice;
use crate::token::claim_time::{ClaimTime, Unit};
use crate::token::claims::{NotADate, Registered, numeric_date};
use crate::token::compact::Malformed;
use crate::token::json::{self, Json, Kind, NotObject, Object};
use crate::token::keyset::{KeySource, Signer};
use crate::token::name::Name;
use crate::token::near_miss;
use crate::token::policy::{Expectation, Expected};
use crate::token::refusal::{Reason, Refusal};
use crate::token::report::CheckName;
use crate::token::verify::findings::{Findings, Stopped};
use crate::token::warning;

/// More leeway than this is no clock difference any more.
pub const MAX_LEEWAY: Span = Span::from_seconds(600);

/// Checks what a payload was parsed to against the policy; gives the claims if there is no refusal.
pub(crate) fn run<'a>(
    findings: &mut Findings<'a>,
    claims: Result<Object, NotObject>,
    header: &Object,
    signer: Signer<'a>,
) -> Result<Object, Stopped> {
    let claims = without_repeats(claims, header)
        .map_err(|malformed| findings.stop(CheckName::Claims, malformed.into()))?;
    findings.pass(CheckName::Claims, || "a JSON object, no name twice".into());
    let registered = Registered::of(&claims);
    exp(findings, registered.exp);
    nbf(findings, registered.nbf);
    iat(findings, registered.iat);
    let source = iss(findings, registered.iss, signer, &claims);
    aud(findings, registered.aud, source.remote, &claims);
    let sub = TextClaim {
        name: "sub",
        asked: findings.policy.subject.as_deref(),
        check: CheckName::Sub,
        reason: Reason::WrongSub,
        lacks: "name its subject",
    };
    text(findings, registered.sub, &claims, sub);
    if let Some(jti) = registered.jti.filter(|jti| jti.kind() != Kind::String) {
        findings.refuse(CheckName::Claims, wrong_type("jti", jti, "a string"));
    }
    expectations(findings, header, &claims);
    required(findings, header, &claims);
    let now = findings.now;
    findings.warn(|| warning::of_times(&registered, now));
    findings.so_far()?;
    Ok(claims)
}

fn without_repeats(
    claims: Result<Object, NotObject>,
    header: &Object,
) -> Result<Object, Malformed> {
    let claims = claims.map_err(|why| match why {
        _ if warning::is_nested(header.json()) => {
            Malformed::new("the payload is a token itself (`cty` is JWT), not claims")
                .hint(Advice::VerifyInner)
        }
        NotObject::NotJson(e) => {
            Malformed::new(format!("the payload is not JSON: {e}")).hint(Advice::CheckSignatureOnly)
        }
        NotObject::Kind(kind) => Malformed::new(format!(
            "the payload is {kind}, and claims are a JSON object"
        ))
        .hint(Advice::CheckSignatureOnly),
    })?;
    match claims.duplicate() {
        Some(name) => Err(Malformed::new(format!(
            "the claims have `{}` twice: two readers could take two values",
            escape::shorten(name, 40)
        ))),
        None => Ok(claims),
    }
}

fn exp(findings: &mut Findings<'_>, exp: Option<Json<'_>>) {
    let (now, leeway) = (findings.now, findings.policy.leeway);
    let Some(claim) = exp else {
        if findings.policy.allow_no_exp {
            findings.skip(CheckName::Exp, || "the token never expires".into());
            findings.warn(|| [warning::no_exp()]);
        } else {
            let refusal = missing("exp", "the token never expires: it has no `exp`");
            findings.refuse(CheckName::Exp, refusal.hint(Advice::AllowNoExp));
        }
        return;
    };
    match numeric_date(claim) {
        Err(why) => findings.refuse(CheckName::Exp, not_a_date("exp", claim, why)),
        Ok(exp) if now < exp.saturating_add(leeway) => findings.pass(CheckName::Exp, || {
            if now < exp {
                let span = time::span_words(exp.since(now));
                format!("valid for another {span}{}", meant(exp, now))
            } else {
                format!(
                    "expired {}, within the leeway of {leeway}",
                    time::relative(exp, now)
                )
            }
        }),
        Ok(exp) => {
            let message = format!("the token expired {}{}", time::relative(exp, now), at(exp));
            let mut refusal = Refusal::new(Reason::Expired, message)
                .claim("exp")
                .found(claim.text());
            refusal.hint = leeway_for(now.since(exp)).or(Some(Advice::GetNewToken));
            findings.refuse(CheckName::Exp, refusal);
        }
    }
}

fn nbf(findings: &mut Findings<'_>, nbf: Option<Json<'_>>) {
    let (now, leeway) = (findings.now, findings.policy.leeway);
    let Some(claim) = nbf else {
        findings.skip(CheckName::Nbf, || "the token has none".into());
        return;
    };
    match numeric_date(claim) {
        Err(why) => findings.refuse(CheckName::Nbf, not_a_date("nbf", claim, why)),
        Ok(nbf) if nbf <= now.saturating_add(leeway) => {
            findings.pass(CheckName::Nbf, || match nbf <= now {
                true => format!("valid since {}", time::relative(nbf, now)),
                false => format!(
                    "valid {}, within the leeway of {leeway}",
                    time::relative(nbf, now)
                ),
            });
        }
        Ok(nbf) => {
            let message = format!(
                "the token is not valid yet: its time comes {}{}",
                time::relative(nbf, now),
                at(nbf)
            );
            let mut refusal = Refusal::new(Reason::NotYetValid, message)
                .claim("nbf")
                .found(claim.text());
            refusal.hint = leeway_for(nbf.since(now)).or_else(|| {
                let is_finer = ClaimTime::by_size(nbf).unit != Unit::Seconds;
                is_finer.then_some(Advice::CountSeconds)
            });
            findings.refuse(CheckName::Nbf, refusal);
        }
    }
}

/// `iat` is a matter of type alone, unless an age was asked for (RFC 7519 section 4.1.6).
fn iat(findings: &mut Findings<'_>, iat: Option<Json<'_>>) {
    let now = findings.now;
    let issued = match iat.map(|claim| (claim, numeric_date(claim))) {
        None => {
            findings.skip(CheckName::Iat, || "the token has none".into());
            None
        }
        Some((claim, Err(why))) => {
            findings.refuse(CheckName::Iat, not_a_date("iat", claim, why));
            return;
        }
        Some((claim, Ok(issued))) => {
            findings.pass(CheckName::Iat, || {
                format!("issued {}", time::relative(issued, now))
            });
            Some((claim, issued))
        }
    };
    let Some(max_age) = findings.policy.max_age else {
        return;
    };
    let leeway = findings.policy.leeway;
    let Some((claim, issued)) = issued else {
        let refusal = missing(
            "iat",
            "the token does not say when it was issued: it has no `iat`",
        );
        findings.refuse(CheckName::MaxAge, refusal);
        return;
    };
    if issued > now.saturating_add(leeway) {
        let message = format!(
            "the token says it was issued {}{}",
            time::relative(issued, now),
            at(issued)
        );
        let mut refusal = Refusal::new(Reason::IssuedInFuture, message)
            .claim("iat")
            .found(claim.text());
        refusal.hint = leeway_for(issued.since(now));
        findings.refuse(CheckName::MaxAge, refusal);
    } else if now.since(issued) > max_age.nanos().saturating_add(leeway.nanos()) {
        let message = format!(
            "the token is older than {max_age}: it was issued {}{}",
            time::relative(issued, now),
            at(issued)
        );
        let mut refusal = Refusal::new(Reason::TooOld, message)
            .claim("iat")
            .found(claim.text());
        refusal.hint = leeway_for(now.since(issued).saturating_sub(max_age.nanos()));
        findings.refuse(CheckName::MaxAge, refusal);
    } else {
        findings.pass(CheckName::MaxAge, || format!("not older than {max_age}"));
    }
}

/// One of the issuers that were asked for, or else the one whose keys these are. An issuer that is
/// here with its own keys signs with those and no others (RFC 8725 section 3.8). Gives the source
/// that the signature counts for.
fn iss<'a>(
    findings: &mut Findings<'a>,
    iss: Option<Json<'_>>,
    signer: Signer<'a>,
    claims: &Object,
) -> &'a KeySource {
    let is_of = |source: &KeySource| {
        let issuer = source.issuer.as_deref();
        issuer.is_some_and(|issuer| iss.is_some_and(|claim| claim.is(issuer)))
    };
    // The signer's own source may hold a copy of one of the issuer's keys.
    let holds = |source: &&KeySource| source.keys.iter().any(|key| key.is_pair_of(signer.key));
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

/// `aud` is a string or an array of strings (RFC 7519 section 4.1.3). One that nobody asked for
/// is let pass under one's own key; an issuer on the network signs for others too.
fn aud(findings: &mut Findings<'_>, aud: Option<Json<'_>>, remote: bool, claims: &Object) {
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

/// A claim that is a string, and one that may be asked for.
struct TextClaim<'a> {
    name: &'static str,
    asked: Option<&'a str>,
    check: CheckName,
    /// Why another text is refused.
    reason: Reason,
    /// What a token without it does not do.
    lacks: &'static str,
}

fn text(
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

fn expectations(findings: &mut Findings<'_>, header: &Object, claims: &Object) {
    let policy = findings.policy;
    for Expectation { name, value } in &policy.claims {
        let shown = escape::shorten(&name.to_string(), 60);
        let expected = match value {
            Expected::Text(text) => json::quote(text),
            Expected::Json(text) => text.clone(),
            Expected::Pattern(pattern) => json::quote(pattern.text()),
        };
        let Some(found) = look_up(name, header, claims) else {
            let mut refusal = missing(&name.to_string(), &format!("the token has no `{shown}`"));
            let text = match value {
                Expected::Text(text) => Some(text.as_str()),
                Expected::Json(_) | Expected::Pattern(_) => None,
            };
            refusal.hint = near_miss::of_nothing(name, text, claims.json()).map(Advice::from);
            findings.refuse(CheckName::Claim, refusal.expected(expected));
            continue;
        };
        if let Some(how) = meets(found, name, value) {
            findings.pass(CheckName::Claim, || {
                format!("{shown} {how} {}", escape::shorten(&expected, 60))
            });
            continue;
        }
        let message = match value {
            Expected::Pattern(_) => format!("`{shown}` does not match the pattern"),
            Expected::Text(_) | Expected::Json(_) => does_not_match(&shown),
        };
        let mut refusal = Refusal::new(Reason::WrongClaim, message)
            .claim(name.to_string())
            .expected(expected)
            .found(found.text());
        refusal.hint = near_miss::of_value(name, value, found, claims.json()).map(Advice::from);
        findings.refuse(CheckName::Claim, refusal);
    }
}

/// How a value meets what is expected, if it does. Text is met by the string, by an array that has
/// it, and in a scope by one of its words (RFC 8693 section 4.2).
fn meets(found: Json<'_>, name: &Name, value: &Expected) -> Option<&'static str> {
    let is_array = found.kind() == Kind::Array;
    let (is_met, how) = match value {
        Expected::Json(text) => {
            let expected = Json::parse_str(text);
            (
                expected.is_ok_and(|expected| found.same(expected.value)),
                "is",
            )
        }
        Expected::Text(text) if is_array || found.is(text) => (
            found.one_or_many().any(|one| one.is(text)),
            if is_array { "contains" } else { "is" },
        ),
        Expected::Text(text) => {
            let words = found.as_str().filter(|_| is_list_of_words(name));
            let has = words.is_some_and(|words| words.split(' ').any(|word| word == text));
            (has, "contains")
        }
        Expected::Pattern(pattern) => {
            let mut texts = found.one_or_many().filter_map(Json::as_str);
            let how = if is_array {
                "has one that matches"
            } else {
                "matches"
            };
            (texts.any(|text| pattern.matches(&text)), how)
        }
    };
    is_met.then_some(how)
}

/// Whether a claim is a string of words with a space between (RFC 8693 section 4.2; `scp` is that of
/// other makers).
pub(crate) fn is_list_of_words(name: &Name) -> bool {
    matches!(name, Name::Claim(name) if name == "scope" || name == "scp")
}

fn does_not_match(shown: &str) -> String {
    format!("`{shown}` does not match")
}

fn required(findings: &mut Findings<'_>, header: &Object, claims: &Object) {
    let policy = findings.policy;
    for name in &policy.require {
        let shown = || escape::shorten(&name.to_string(), 60);
        if look_up(name, header, claims).is_some() {
            findings.pass(CheckName::Require, || format!("{} is there", shown()));
        } else {
            let mut refusal = missing(
                &name.to_string(),
                &format!("the token has no `{}`", shown()),
            );
            refusal.hint = near_miss::of_nothing(name, None, claims.json()).map(Advice::from);
            findings.refuse(CheckName::Require, refusal);
        }
    }
}

/// No name is there twice: that was refused before.
fn look_up<'a>(name: &Name, header: &'a Object, claims: &'a Object) -> Option<Json<'a>> {
    match name {
        Name::Claim(name) => claims.get(name),
        Name::Header(name) => header.get(name),
        Name::Pointer(_) => name
            .find(header.json(), Some(claims.json()))
            .unwrap_or_default(),
    }
}

fn missing(name: &str, message: &str) -> Refusal {
    Refusal::new(Reason::MissingClaim, message).claim(name)
}

fn wrong_type(name: &str, found: Json<'_>, due: &str) -> Refusal {
    let message = format!("`{name}` is {}, not {due}", found.kind());
    Refusal::from(Malformed::new(message))
        .claim(name)
        .found(found.text())
}

fn not_a_date(name: &str, found: Json<'_>, why: NotADate) -> Refusal {
    match why {
        NotADate::Kind(Kind::String) => {
            wrong_type(name, found, "a number").hint(Advice::CountSeconds)
        }
        NotADate::Kind(_) => wrong_type(name, found, "a number"),
        NotADate::OutOfRange => {
            let shown = escape::shorten(found.text(), 40);
            let message = format!("`{name}` is no time: {shown} seconds are beyond any calendar");
            Refusal::from(Malformed::new(message))
                .claim(name)
                .found(found.text())
        }
    }
}

/// A hint at what was nearly one of those that were asked for.
fn near(name: &str, asked: &[String], found: Json<'_>, claims: &Object) -> Option<Advice> {
    let name = Name::Claim(name.to_owned());
    let near = |asked: &String| near_miss::of_text(&name, asked, found, claims.json());
    asked.iter().find_map(near).map(Advice::from)
}

/// A refusal for the want of a claim, with a hint at where else what was asked for stands.
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

/// When a time is that does not seem to count seconds, by what it does count.
fn meant(t: Timestamp, now: Timestamp) -> String {
    let ClaimTime { at, unit } = ClaimTime::by_size(t);
    match unit {
        Unit::Seconds => String::new(),
        unit => format!("; read as {}, {}", unit.name(), time::relative(at, now)),
    }
}

fn at(t: Timestamp) -> String {
    time::rfc3339(t).map_or_else(String::new, |t| format!(" ({t})"))
}

/// The leeway that would bridge so many nanoseconds, in whole minutes where that is much.
fn leeway_for(missing: i128) -> Option<Advice> {
    let seconds = missing.div_euclid(1_000_000_000).saturating_add(1);
    let seconds = u64::try_from(seconds).ok()?;
    let rounded = if seconds < 60 {
        seconds
    } else {
        seconds.div_ceil(60).saturating_mul(60)
    };
    let leeway = Span::from_seconds(rounded);
    (leeway <= MAX_LEEWAY).then_some(Advice::AllowLeeway(leeway))
}
