//! Faults of a token: changes before it is signed, and after.

use crate::demo::fault::table::Fault;
use crate::text::time::{Span, Timestamp};
use crate::token::algorithm::Algorithm;
use crate::token::claims::{Members, numeric_date};
use crate::token::json::JsonText;

/// A name that belongs to nobody, and to no key.
const ELSEWHERE: &str = "https://wrong.example";

/// What to do after a token is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoiled {
    /// Nothing.
    BeforeSigning,
    /// Make its signature wrong.
    Signature,
    /// Remove its signature.
    Unsigned,
}

impl Spoiled {
    /// The token as it is sent.
    #[must_use]
    pub fn finish(self, token: String) -> String {
        let Some((signed, signature)) = token.rsplit_once('.') else {
            return token;
        };
        match self {
            Spoiled::BeforeSigning => token,
            Spoiled::Unsigned => format!("{signed}."),
            // The first character has six bits of the signature, whatever its length is.
            Spoiled::Signature => {
                let other = if signature.starts_with('A') { 'B' } else { 'A' };
                format!("{signed}.{other}{}", signature.get(1..).unwrap_or_default())
            }
        }
    }
}

/// Changes a header and claims for a fault of tokens; other faults change nothing. `argument` is
/// that of the fault.
pub fn spoil(
    fault: Fault,
    argument: i64,
    header: &mut Members<'_>,
    claims: &mut Members<'_>,
    now: Timestamp,
) -> Spoiled {
    let now = now.seconds();
    match fault {
        Fault::Expired => {
            // Beyond the leeway of every library: 2 minutes in Authlib, 5 in others.
            claims.set("iat", now.saturating_sub(7200));
            claims.set("exp", now.saturating_sub(3600));
            if claims.get("nbf").is_some() {
                claims.set("nbf", now.saturating_sub(7200));
            }
        }
        Fault::NotYetValid => {
            claims.set("nbf", now.saturating_add(3600));
            claims.set("exp", now.saturating_add(7200));
        }
        Fault::LyingExpiresIn => claims.set("exp", now.saturating_add(5)),
        Fault::WrongAud => claims.set_text("aud", ELSEWHERE),
        Fault::WrongIss => claims.set_text("iss", ELSEWHERE),
        Fault::WrongTyp => header.set_text("typ", "wrong+jwt"),
        Fault::WrongKid => header.set_text("kid", "wrong"),
        Fault::NoKid => header.remove("kid"),
        Fault::WrongAlg => wrong_alg(header),
        Fault::WrongNonce => claims.set_text("nonce", "wrong"),
        Fault::WrongAtHash => claims.set_text("at_hash", "wrongwrongwrongwrongww"),
        Fault::MissingSub => claims.remove("sub"),
        Fault::MissingAud => claims.remove("aud"),
        Fault::MissingIat => claims.remove("iat"),
        Fault::ClockSkew => {
            for name in ["iat", "nbf", "exp", "auth_time"] {
                let time = claims.get(name).and_then(|time| numeric_date(time).ok());
                if let Some(time) = time {
                    claims.set(name, shifted(time, argument).seconds());
                }
            }
        }
        Fault::BadSignature => return Spoiled::Signature,
        Fault::AlgNone => {
            header.set_text("alg", "none");
            return Spoiled::Unsigned;
        }
        _ => {}
    }
    Spoiled::BeforeSigning
}

fn shifted(time: Timestamp, seconds: i64) -> Timestamp {
    let span = Span::from_seconds(seconds.unsigned_abs());
    match seconds < 0 {
        true => Timestamp::from_seconds(
            time.seconds()
                .saturating_sub(i64::try_from(span.seconds()).unwrap_or(i64::MAX)),
        ),
        false => time.saturating_add(span),
    }
}

/// Names the algorithm that a token is wrongly signed with.
fn wrong_alg(header: &mut Members<'_>) {
    let name = header
        .get("alg")
        .and_then(|alg| alg.as_str().map(std::borrow::Cow::into_owned));
    let own = name.as_deref().and_then(Algorithm::parse);
    let other = own.and_then(wrong_algorithm);
    let other = other.map_or("RS512", Algorithm::name);
    header.set("alg", JsonText::of_text(other));
}

/// The wrong algorithm for a token: the next one of the same family of names, such as RS384 for
/// RS256. If the key fits both, the signature is even valid.
#[must_use]
pub fn wrong_algorithm(own: Algorithm) -> Option<Algorithm> {
    let start = |algorithm: Algorithm| algorithm.name().get(..2);
    let mut all = Algorithm::ALL.iter().copied();
    all.find(|other| start(own) == start(*other) && !own.same_as(*other))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::fault::table::Stage;

    /// Each fault of tokens changes something: no name promises what does not happen.
    #[test]
    fn every_fault_of_tokens_spoils_one() {
        for fault in Fault::ALL
            .iter()
            .filter(|fault| fault.stage() == Stage::Token)
        {
            let mut header = Members::new();
            header.set_text("alg", "RS256");
            let mut claims = Members::new();
            header.set_text("kid", "1");
            claims.set_text("sub", "alice");
            claims.set_text("aud", "app");
            claims.set("iat", 1000_i64);
            claims.set("exp", 2800_i64);
            let before = (header.text(), claims.text());
            let now = Timestamp::from_seconds(1000);
            let spoiled = spoil(*fault, 60, &mut header, &mut claims, now);
            let token = "header.claims.signature".to_owned();
            let changed =
                before != (header.text(), claims.text()) || spoiled.finish(token.clone()) != token;
            assert!(changed, "{}", fault.name());
        }
    }

    #[test]
    fn a_signature_is_taken_away_or_changed() {
        let token = || "a.b.Abc".to_owned();
        assert_eq!(Spoiled::Unsigned.finish(token()), "a.b.");
        assert_eq!(Spoiled::Signature.finish(token()), "a.b.Bbc");
        assert_eq!(Spoiled::Signature.finish("a.b.xbc".to_owned()), "a.b.Abc");
    }
}
