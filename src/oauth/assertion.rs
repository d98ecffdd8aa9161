//! Assertions, which a client signs to authenticate itself, or to ask for a token for somebody (RFC
//! 7523).

use crate::text::time::{Span, Timestamp};
use crate::token::algorithm::Algorithm;
use crate::token::claims::Members;
use crate::token::issue::{SigningKey, issue};
use crate::token::key_fault::KeyFault;

/// The parameter that has the assertion of a client (RFC 7521 section 4.2).
pub const CLIENT_ASSERTION: &str = "client_assertion";
/// The parameter with the type of that assertion (RFC 7521 section 4.2).
pub const CLIENT_ASSERTION_TYPE: &str = "client_assertion_type";
/// Its value for a JWT (RFC 7523 section 2.2).
pub const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// How long an assertion lives: it is used at once, and once only.
pub const LIFETIME: Span = Span::from_seconds(60);

/// A JWT by which its issuer asks an authorization server for something (RFC 7523 section 3).
#[derive(Clone, Copy, Debug)]
pub struct Assertion<'a> {
    /// Who signs it: `iss`.
    pub issuer: &'a str,
    /// Whom it is about: `sub`. A client that authenticates itself is its own subject.
    pub subject: &'a str,
    /// The authorization server: its issuer, or its token endpoint.
    pub audience: &'a str,
    /// A text that no other assertion of the issuer has.
    pub jti: &'a str,
    /// When it is made.
    pub issued: Timestamp,
}

impl<'a> Assertion<'a> {
    /// The assertion with which a client authenticates itself (RFC 7523 section 2.2).
    #[must_use]
    pub fn of_client(
        client_id: &'a str,
        audience: &'a str,
        jti: &'a str,
        issued: Timestamp,
    ) -> Self {
        Assertion {
            issuer: client_id,
            subject: client_id,
            audience,
            jti,
            issued,
        }
    }

    /// Its claims; it lives for [`LIFETIME`].
    #[must_use]
    pub fn claims(&self) -> Members<'static> {
        let mut claims = Members::new();
        claims.set_text("iss", self.issuer);
        claims.set_text("sub", self.subject);
        claims.set_text("aud", self.audience);
        claims.set_text("jti", self.jti);
        claims.set("iat", self.issued.seconds());
        claims.set("exp", self.issued.saturating_add(LIFETIME).seconds());
        claims
    }

    /// Its header; `kid` names the signing key among those that the server knows.
    #[must_use]
    pub fn header(algorithm: Algorithm, kid: Option<&str>) -> Members<'static> {
        let mut header = Members::new();
        header.set_text("alg", algorithm.name());
        header.set_text("typ", "JWT");
        if let Some(kid) = kid {
            header.set_text("kid", kid);
        }
        header
    }

    /// Signs it; `kid` names the key among those that the server knows.
    ///
    /// # Errors
    /// [`KeyFault`] where the key turns out unable to sign.
    pub fn sign(&self, key: &SigningKey, kid: Option<&str>) -> Result<String, KeyFault> {
        issue(
            &self.claims(),
            &Assertion::header(key.algorithm(), kid),
            key,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::generate::generate;
    use crate::token::keyset::VerifyingKeys;
    use crate::token::policy::Policy;
    use crate::token::verify::verify;

    #[test]
    fn a_client_signs_who_it_is_for_a_minute() {
        let key = generate(Algorithm::ES256, None).unwrap();
        let signing = SigningKey::new(&key, Algorithm::ES256, false).unwrap();
        let issued = Timestamp::from_seconds(1_700_000_000);
        let assertion = Assertion::of_client("app", "https://as.test", "n-1", issued);
        let token = assertion.sign(&signing, key.kid.as_deref()).unwrap();
        let keys = VerifyingKeys::of("a key", key.into());
        let policy = Policy {
            audiences: vec!["https://as.test".to_owned()],
            ..Policy::default()
        };
        let verified = verify(&token, &keys, &policy, issued).unwrap();
        assert_eq!(
            verified.claims().compact(),
            r#"{"iss":"app","sub":"app","aud":"https://as.test","jti":"n-1","iat":1700000000,"exp":1700000060}"#
        );
        let late = issued.saturating_add(LIFETIME);
        assert!(verify(&token, &keys, &policy, late).is_err());
    }
}
