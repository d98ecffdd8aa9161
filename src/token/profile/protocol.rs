//! Protocols whose tokens have rules of their own: what such a token must have, and may not have.

use crate::token::json::{Json, Kind, Object};

/// The protocols that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    AccessToken,
    AuthorizationRequest,
    ClientAssertion,
    ClientAttestation,
    CredentialProof,
    DpopProof,
    EntityStatement,
    IdentityAssertionGrant,
    Introspection,
    KeyBinding,
    LogoutToken,
    Passport,
    SdJwtVc,
    SecurityEvent,
    StatusList,
}

/// Protocols by the media type in `typ` (RFC 8725 section 3.11).
const TYPES: &[(&str, Protocol)] = &[
    ("at+jwt", Protocol::AccessToken),
    ("client-authentication+jwt", Protocol::ClientAssertion),
    ("dc+sd-jwt", Protocol::SdJwtVc),
    ("dpop+jwt", Protocol::DpopProof),
    ("entity-statement+jwt", Protocol::EntityStatement),
    ("kb+jwt", Protocol::KeyBinding),
    ("logout+jwt", Protocol::LogoutToken),
    ("oauth-authz-req+jwt", Protocol::AuthorizationRequest),
    ("oauth-client-attestation+jwt", Protocol::ClientAttestation),
    ("oauth-id-jag+jwt", Protocol::IdentityAssertionGrant),
    ("openid4vci-proof+jwt", Protocol::CredentialProof),
    ("passport", Protocol::Passport),
    ("secevent+jwt", Protocol::SecurityEvent),
    ("statuslist+jwt", Protocol::StatusList),
    ("token-introspection+jwt", Protocol::Introspection),
    ("vc+sd-jwt", Protocol::SdJwtVc),
];

/// The event that makes a security event token a logout token.
pub(super) const LOGOUT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Where a grant of one authorization server for another is specified; its sections move from draft to draft.
pub(super) const ID_JAG: &str =
    "draft-ietf-oauth-identity-assertion-authz-grant, Identity Assertion JWT Authorization Grant";

/// Where the claims of a credential are specified; its sections move from draft to draft.
pub(super) const SD_JWT_VC: &str = "draft-ietf-oauth-sd-jwt-vc, JWT Claims Set";

/// What a token of a protocol must have, and what it must not have.
pub(super) struct Rules {
    pub(super) what: &'static str,
    pub(super) source: &'static str,
    pub(super) header: &'static [&'static str],
    pub(super) claims: &'static [&'static str],
    pub(super) never: &'static [&'static str],
    /// Whether it may live without `exp`.
    without_exp: bool,
    /// The header parameters in which it may bring the key that it is signed with.
    own_key: &'static [&'static str],
}

const RULES: Rules = Rules {
    what: "",
    source: "",
    header: &[],
    claims: &[],
    never: &[],
    without_exp: false,
    own_key: &[],
};

impl Protocol {
    /// The protocol of a token: by `typ`, else by claims that no other token has.
    pub(crate) fn of(header: &Object, claims: Option<&Object>) -> Option<Protocol> {
        let typ = header.get("typ").and_then(Json::as_str);
        let by_type = typ.and_then(|typ| {
            let (_, short) = typ.rsplit_once('/').unwrap_or(("", &typ));
            let known = TYPES.iter().find(|(t, _)| t.eq_ignore_ascii_case(short));
            known.map(|(_, protocol)| *protocol)
        });
        by_type.or_else(|| Protocol::by_claims(claims?))
    }

    fn by_claims(claims: &Object) -> Option<Protocol> {
        let [iss, sub, aud, events, scope, nonce] = claims.pick(|name| match name {
            b"iss" => Some(0),
            b"sub" => Some(1),
            b"aud" => Some(2),
            b"events" => Some(3),
            b"scope" => Some(4),
            b"nonce" => Some(5),
            _ => None,
        });
        if let Some(events) = events.filter(|events| events.kind() == Kind::Object) {
            return Some(match events.get(LOGOUT) {
                Some(_) => Protocol::LogoutToken,
                None => Protocol::SecurityEvent,
            });
        }
        let is_client = matches!((iss, sub), (Some(iss), Some(sub))
            if iss.kind() == Kind::String && iss.same(sub));
        (is_client && aud.is_some() && scope.is_none() && nonce.is_none())
            .then_some(Protocol::ClientAssertion)
    }

    pub(super) fn rules(self) -> Rules {
        match self {
            Protocol::ClientAssertion => Rules {
                what: "a client assertion",
                source: "RFC 7523 section 3",
                claims: &["iss", "sub", "aud"],
                ..RULES
            },
            Protocol::DpopProof => Rules {
                what: "a DPoP proof",
                source: "RFC 9449 section 4.2",
                header: &["jwk"],
                claims: &["jti", "htm", "htu", "iat"],
                without_exp: true,
                own_key: &["jwk"],
                ..RULES
            },
            Protocol::IdentityAssertionGrant => Rules {
                what: "an ID-JAG",
                source: ID_JAG,
                claims: &["iss", "sub", "aud", "client_id", "jti", "exp", "iat"],
                ..RULES
            },
            Protocol::Introspection => Rules {
                what: "an introspection response",
                source: "RFC 9701 section 5",
                claims: &["iss", "aud", "iat", "token_introspection"],
                without_exp: true,
                ..RULES
            },
            Protocol::KeyBinding => Rules {
                what: "a proof of the holder's key",
                source: "RFC 9901 section 4.3",
                claims: &["iat", "aud", "nonce", "sd_hash"],
                without_exp: true,
                ..RULES
            },
            Protocol::LogoutToken => Rules {
                what: "a logout token",
                source: "OpenID Connect Back-Channel Logout 1.0 section 2.4",
                claims: &["iss", "aud", "iat", "jti", "events"],
                never: &["nonce"],
                ..RULES
            },
            Protocol::SecurityEvent => Rules {
                what: "a security event token",
                source: "RFC 8417 section 2.2",
                claims: &["iss", "iat", "jti", "events"],
                without_exp: true,
                ..RULES
            },
            Protocol::CredentialProof => Rules {
                what: "a proof for a credential",
                source: "OpenID for Verifiable Credential Issuance 1.0 appendix F.1",
                claims: &["aud", "iat"],
                without_exp: true,
                own_key: &["jwk", "x5c"],
                ..RULES
            },
            Protocol::StatusList => Rules {
                what: "a status list token",
                source: "draft-ietf-oauth-status-list section 5.1",
                claims: &["sub", "iat", "status_list"],
                without_exp: true,
                ..RULES
            },
            Protocol::Passport => Rules {
                what: "a PASSporT",
                source: "RFC 8225 section 5",
                claims: &["iat", "orig", "dest"],
                without_exp: true,
                own_key: &["x5u"],
                ..RULES
            },
            Protocol::SdJwtVc => Rules {
                what: "a credential",
                source: SD_JWT_VC,
                claims: &["vct"],
                without_exp: true,
                ..RULES
            },
            Protocol::AccessToken
            | Protocol::AuthorizationRequest
            | Protocol::ClientAttestation
            | Protocol::EntityStatement => RULES,
        }
    }

    /// Whether such a token may live without `exp`.
    pub(crate) fn lives_without_exp(self) -> bool {
        self.rules().without_exp
    }

    /// Whether such a token may bring its key in this header parameter.
    pub(crate) fn may_bring_its_key_in(self, parameter: &str) -> bool {
        self.rules().own_key.contains(&parameter)
    }
}
