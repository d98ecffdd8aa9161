use super::*;
use crate::text::time::Timestamp;
use crate::token::decode::decode;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

fn token(header: &str, claims: &str) -> String {
    format!(
        "{}.{}.c2ln",
        URL_SAFE_NO_PAD.encode(header),
        URL_SAFE_NO_PAD.encode(claims)
    )
}

fn title(header: &str, claims: &str) -> String {
    Profile::of(&decode(&token(header, claims)).unwrap())
        .title
        .into_owned()
}

const RS256: &str = r#"{"alg":"RS256"}"#;

/// Claims, and what a token with them is.
const DOCUMENTED: &[(&str, &str)] = &[
    (
        r#"{"iss":"https://token.actions.githubusercontent.com","sub":"repo:a/b:ref:x"}"#,
        "GitHub Actions OIDC token",
    ),
    (
        r#"{"iss":"https://token.actions.githubusercontent.com/my-enterprise"}"#,
        "GitHub Actions OIDC token",
    ),
    (
        r#"{"iss":"https://gitlab.com","project_path":"a/b","namespace_path":"a","job_id":"1"}"#,
        "GitLab job token (CI/CD ID token)",
    ),
    (
        r#"{"iss":"https://gitlab.example","project_path":"a/b","namespace_path":"a","pipeline_id":"1"}"#,
        "GitLab job token (CI/CD ID token)",
    ),
    (
        r#"{"iss":"https://gitlab.com","sub":"1","aud":"x","nonce":"n"}"#,
        "GitLab ID token",
    ),
    (
        r#"{"iss":"https://sts.windows.net/t/","ver":"1.0","appid":"a"}"#,
        "Entra access token v1",
    ),
    (
        r#"{"iss":"https://login.microsoftonline.com/t/v2.0","ver":"2.0","azp":"a"}"#,
        "Entra access token v2",
    ),
    (
        r#"{"iss":"https://login.microsoftonline.com/t/v2.0","ver":"2.0","nonce":"a"}"#,
        "Entra ID token v2",
    ),
    (
        r#"{"iss":"https://a.example","kubernetes.io":{"namespace":"x"}}"#,
        "Kubernetes service account token",
    ),
    (
        r#"{"iss":"kubernetes/serviceaccount"}"#,
        "Kubernetes service account token (legacy, from a Secret)",
    ),
    (
        r#"{"iss":"https://accounts.google.com","azp":"x"}"#,
        "Google ID token",
    ),
    (
        r#"{"iss":"https://accounts.google.com","google":{"compute_engine":{}}}"#,
        "Google Compute Engine identity token",
    ),
    (
        r#"{"iss":"https://x.auth0.com/","sub":"a","scope":"read"}"#,
        "Auth0 access token",
    ),
    (
        r#"{"iss":"https://x.auth0.com/","sub":"a","aud":"c","nonce":"n"}"#,
        "Auth0 ID token",
    ),
    (
        r#"{"iss":"https://x.okta.com","cid":"a","scp":["openid"]}"#,
        "Okta access token",
    ),
    (r#"{"iss":"https://x.okta.com","idp":"a"}"#, "Okta ID token"),
    (
        r#"{"iss":"https://id.example/realms/a","typ":"Bearer"}"#,
        "Keycloak access token",
    ),
    (
        r#"{"iss":"https://id.example/realms/a","typ":"ID"}"#,
        "Keycloak ID token",
    ),
    (
        r#"{"iss":"https://id.example/realms/a","typ":"Refresh"}"#,
        "Keycloak refresh token",
    ),
    (
        r#"{"iss":"https://cognito-idp.us-east-1.amazonaws.com/x","token_use":"access"}"#,
        "Cognito access token",
    ),
    (
        r#"{"iss":"https://cognito-idp.us-east-1.amazonaws.com/x","token_use":"id"}"#,
        "Cognito ID token",
    ),
    (
        r#"{"iss":"T","sub":"com.a","aud":"https://appleid.apple.com"}"#,
        "Apple client secret",
    ),
    (
        r#"{"iss":"https://appleid.apple.com","sub":"1","aud":"com.a"}"#,
        "Apple ID token",
    ),
    (
        r#"{"iss":"a@p.iam.gserviceaccount.com","scope":"s","aud":"https://oauth2.googleapis.com/token"}"#,
        "Google service account assertion",
    ),
    (
        r#"{"iss":"A.U.SHA256:x","sub":"A.U"}"#,
        "Snowflake key-pair token",
    ),
    (r#"{"iat":1,"exp":2,"iss":"Iv23liA"}"#, "GitHub App token"),
    (r#"{"iat":1,"exp":2,"iss":12345}"#, "GitHub App token"),
    (
        r#"{"iss":"client","sub":"client","aud":"https://id.example"}"#,
        "Client assertion",
    ),
    (
        r#"{"sub":"spiffe://a/b","aud":["x"],"exp":1}"#,
        "SPIFFE identity (JWT-SVID)",
    ),
    (
        r#"{"events":{"http://schemas.openid.net/event/backchannel-logout":{}}}"#,
        "Logout token",
    ),
    (r#"{"events":{"https://x":{}}}"#, "Security event token"),
    (
        r#"{"iss":"https://id.example","sub":"a","aud":"b","nonce":"n"}"#,
        "ID token",
    ),
    (
        r#"{"iss":"https://id.example","sub":"a","scope":"read"}"#,
        "Access token",
    ),
    (r#"{"iss":"https://x.okta.com"}"#, "Okta token"),
    (
        r#"{"iss":"https://id.example","sub":"a"}"#,
        "JSON Web Token",
    ),
    (r#"{"sub":"a"}"#, "JSON Web Token"),
    ("{}", "JSON Web Token"),
];

#[test]
fn tokens_are_known_by_what_their_issuers_document() {
    for (claims, expected) in DOCUMENTED {
        assert_eq!(title(RS256, claims), *expected, "{claims}");
    }
}

#[test]
fn tokens_are_known_by_their_type() {
    let about = r#"{"iss":"https://id.example","sub":"a"}"#;
    for (typ, expected) in [
        ("dpop+jwt", "DPoP proof"),
        ("logout+jwt", "Logout token"),
        ("application/Logout+JWT", "Logout token"),
        ("at+jwt", "Access token (RFC 9068)"),
        ("dc+sd-jwt", "SD-JWT VC (verifiable credential)"),
        ("kb+jwt", "Proof that the holder of an SD-JWT has the key"),
        ("secevent+jwt", "Security event token"),
        ("token-introspection+jwt", "Introspection response"),
        ("oauth-authz-req+jwt", "Authorization request (JAR)"),
        ("client-authentication+jwt", "Client assertion"),
        (
            "oauth-id-jag+jwt",
            "Grant for another authorization server (ID-JAG)",
        ),
        ("JWT", "JSON Web Token"),
        ("dpop", "JSON Web Token"),
    ] {
        let header = format!(r#"{{"alg":"ES256","typ":"{typ}"}}"#);
        assert_eq!(title(&header, about), expected, "{typ}");
    }
}

#[test]
fn what_resembles_a_known_token_is_not_one() {
    for claims in [
        r#"{"iss":"https://token.actions.githubusercontent.com.evil.example"}"#,
        r#"{"iss":42,"sub":42,"aud":"x"}"#,
        r#"{"iss":["https://accounts.google.com"],"azp":"a"}"#,
        r#"{"kubernetes.io":"x"}"#,
        r#"{"iat":1,"exp":2,"iss":"12a"}"#,
        r#"{"events":"https://x"}"#,
        r#"{"aud":"https://appleid.apple.com"}"#,
    ] {
        assert_eq!(title(RS256, claims), "JSON Web Token", "{claims}");
    }
    assert_eq!(title(r#"{"alg":"none"}"#, "{}"), "JSON Web Token, unsigned");
    assert_eq!(title(RS256, "[1]"), "JSON Web Signature of other content");
}

#[test]
fn every_kind_says_where_it_is_written_and_can_be_told() {
    for (n, row) in ROWS.iter().enumerate() {
        assert!(
            !row.source.is_empty() && !row.when.is_empty(),
            "{}",
            row.title
        );
        assert!(
            row.title.len() <= 60,
            "{} is no first line of 80 columns",
            row.title
        );
        let names = row.when.iter().filter_map(|when| match when {
            When::Issuer(name) => Some(name),
            _ => None,
        });
        for name in names {
            assert!(
                issuer::NAMES.contains(name),
                "row {n}: {name} is nobody's issuer"
            );
        }
    }
}

/// The codes of the warnings at a time.
fn warnings(header: &str, claims: &str) -> Vec<&'static str> {
    let token = token(header, claims);
    let now = Timestamp::from_seconds(1_000);
    let warnings = decode(&token).unwrap().warnings(now);
    warnings.iter().map(|warning| warning.code).collect()
}

#[test]
fn a_proof_needs_its_key_and_no_end() {
    let header =
        r#"{"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"EC","crv":"P-256","x":"a","y":"b"}}"#;
    let claims = r#"{"jti":"a","htm":"GET","htu":"https://a.example/","iat":990}"#;
    let nothing: [&str; 0] = [];
    assert_eq!(warnings(header, claims), nothing);
    for (header, claims, code) in [
        (
            r#"{"typ":"dpop+jwt","alg":"ES256"}"#,
            claims,
            "missing_member",
        ),
        (
            r#"{"typ":"dpop+jwt","alg":"ES256","jwk":[]}"#,
            claims,
            "wrong_member",
        ),
        (
            r#"{"typ":"dpop+jwt","alg":"ES256","jwk":{"d":"x"}}"#,
            claims,
            "wrong_member",
        ),
        (
            r#"{"typ":"dpop+jwt","alg":"HS256","jwk":{}}"#,
            claims,
            "wrong_member",
        ),
        (
            r#"{"typ":"dpop+jwt","alg":"ES256","jwk":{},"jku":"https://a.example"}"#,
            claims,
            "header_key",
        ),
        (
            header,
            r#"{"jti":"a","htm":"GET","htu":"https://a.example/?x","iat":990}"#,
            "wrong_member",
        ),
        (
            header,
            r#"{"jti":"a","htm":"GET","htu":"https://a.example/","iat":600}"#,
            "old_proof",
        ),
        (
            header,
            r#"{"jti":"a","htu":"https://a.example/","iat":990}"#,
            "missing_member",
        ),
    ] {
        assert_eq!(warnings(header, claims), [code], "{header} {claims}");
    }
}

#[test]
fn a_credential_has_a_type_and_may_live_without_end() {
    for typ in ["dc+sd-jwt", "vc+sd-jwt"] {
        let header = format!(r#"{{"typ":"{typ}","alg":"ES256"}}"#);
        let nothing: [&str; 0] = [];
        assert_eq!(
            warnings(&header, r#"{"vct":"a","aka_vcts":["b"]}"#),
            nothing
        );
        assert_eq!(warnings(&header, r#"{"iss":"a"}"#), ["missing_member"]);
        for wrong in [
            r#"{"vct":["a"]}"#,
            r#"{"vct":"a","aka_vcts":"b"}"#,
            r#"{"vct":"a","aka_vcts":[]}"#,
            r#"{"vct":"a","aka_vcts":["b",1]}"#,
            r#"{"vct":"a","aka_vcts":["b","a"]}"#,
        ] {
            assert_eq!(warnings(&header, wrong), ["wrong_member"], "{wrong}");
        }
    }
}

#[test]
fn a_logout_token_names_whom_and_has_no_nonce() {
    let header = r#"{"typ":"logout+jwt","alg":"RS256"}"#;
    let claims = |more: &str| {
        format!(
            r#"{{"iss":"a","aud":"b","iat":990,"exp":1100,"jti":"c","events":{{"http://schemas.openid.net/event/backchannel-logout":{{}}}}{more}}}"#
        )
    };
    let nothing: [&str; 0] = [];
    assert_eq!(warnings(header, &claims(r#","sid":"x""#)), nothing);
    assert_eq!(
        warnings(header, &claims(r#","sub":"x","nonce":"n""#)),
        ["forbidden_member"]
    );
    assert_eq!(warnings(header, &claims("")), ["missing_member"]);
    let other = r#"{"iss":"a","aud":"b","iat":990,"exp":1100,"jti":"c","sub":"x","events":{"https://x":{}}}"#;
    assert_eq!(warnings(header, other), ["wrong_member"]);
}

#[test]
fn a_client_assertion_is_for_one_server_and_soon_over() {
    let nothing: [&str; 0] = [];
    let good = r#"{"iss":"c","sub":"c","aud":"https://a.example","exp":1100}"#;
    assert_eq!(warnings(RS256, good), nothing);
    for (claims, code) in [
        (
            r#"{"iss":"c","sub":"c","aud":"https://a.example"}"#,
            "no_exp",
        ),
        (
            r#"{"iss":"c","sub":"c","aud":["https://a.example","https://b.example"],"exp":1100}"#,
            "wrong_member",
        ),
        (
            r#"{"iss":"c","sub":"c","aud":"https://a.example","exp":100000}"#,
            "long_lived",
        ),
    ] {
        assert_eq!(warnings(RS256, claims), [code], "{claims}");
    }
    let typed = r#"{"alg":"RS256","typ":"client-authentication+jwt"}"#;
    let other = r#"{"iss":"a","sub":"b","aud":"https://a.example","exp":1100}"#;
    assert_eq!(warnings(typed, other), ["wrong_member"]);
}

#[test]
fn a_client_secret_that_apple_would_not_take_is_warned_of() {
    let of = |days: i64| {
        let exp = 1000 + days * 86_400;
        let claims = format!(
            r#"{{"iss":"T","sub":"app","aud":"https://appleid.apple.com","iat":1000,"exp":{exp}}}"#
        );
        let token = token(r#"{"alg":"ES256"}"#, &claims);
        let warnings = decode(&token)
            .unwrap()
            .warnings(Timestamp::from_seconds(1000));
        warnings
            .into_iter()
            .map(|one| one.message)
            .collect::<Vec<_>>()
    };
    assert_eq!(of(20), Vec::<String>::new());
    assert_eq!(of(180), ["the token lives for 180 days"]);
    assert_eq!(
        of(183),
        [
            "the token ends in 183 days: Apple takes no client secret that ends more than six months, or 15777000 seconds, from now (developer.apple.com, Creating a client secret)"
        ]
    );
}

#[test]
fn what_needs_no_end_is_not_warned_of_for_it() {
    for (typ, claims) in [
        (
            "secevent+jwt",
            r#"{"iss":"a","iat":1,"jti":"b","events":{"https://x":{}}}"#,
        ),
        (
            "token-introspection+jwt",
            r#"{"iss":"a","aud":"b","iat":1,"token_introspection":{}}"#,
        ),
        ("kb+jwt", r#"{"iat":1,"aud":"a","nonce":"n","sd_hash":"h"}"#),
        ("openid4vci-proof+jwt", r#"{"aud":"a","iat":1}"#),
    ] {
        let header = format!(r#"{{"alg":"ES256","typ":"{typ}"}}"#);
        let nothing: [&str; 0] = [];
        assert_eq!(warnings(&header, claims), nothing, "{typ}");
    }
}
