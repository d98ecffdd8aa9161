//! `jott doctor` of documents as large issuers have them: each with its own places, members and keys.
//! Their hosts are this machine, and their keys are ours.

use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256, RsaKeySize};
use serde_json::{Value, json};

use super::doctor::{JSON, server};
use crate::support::{Run, jott};

/// An RSA key with its certificate, as a JWK has them.
struct Rsa {
    modulus: String,
    certificate: String,
}

impl Rsa {
    fn new() -> Rsa {
        let pair = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap();
        let certificate = CertificateParams::default().self_signed(&pair).unwrap();
        let lines = certificate.pem();
        let lines = lines.lines().filter(|line| !line.starts_with('-'));
        let shown = jott(["key", "show", "--key", "stdin"])
            .stdin(pair.public_key_pem())
            .run();
        let jwk: Value = serde_json::from_str(&shown.stdout).unwrap();
        Rsa {
            modulus: jwk["n"].as_str().unwrap().to_owned(),
            certificate: lines.collect(),
        }
    }

    /// A public key with these members beside.
    fn jwk(&self, members: &Value) -> Value {
        let mut jwk = json!({"kty": "RSA", "n": self.modulus, "e": "AQAB"});
        let object = jwk.as_object_mut().unwrap();
        object.extend(members.as_object().unwrap().clone());
        jwk
    }
}

/// What an issuer publishes: its path, its documents by their paths, and its keys.
struct Issuer {
    name: &'static str,
    path: &'static str,
    places: &'static [&'static str],
    metadata: &'static str,
    keys: Value,
    /// What is wrong, and what to look at.
    complaints: &'static [&'static str],
}

fn look_at(issuer: &Issuer) -> Run {
    let (places, metadata) = (issuer.places, issuer.metadata);
    let keys = json!({"keys": issuer.keys}).to_string();
    let server = server(move |asked| {
        let is_keys = metadata.contains(&format!("\"jwks_uri\":\"ORIGIN{asked}\""));
        if is_keys {
            return Some((200, JSON, keys.clone()));
        }
        let is_there = places.contains(&asked);
        is_there.then(|| (200, JSON, metadata.to_owned()))
    });
    let mut run = jott(["doctor", &server.url(issuer.path)]).run();
    let origin = format!("http://127.0.0.1:{}", server.port);
    run.stdout = run.stdout.replace(&origin, "ORIGIN");
    run
}

fn issuers() -> Vec<Issuer> {
    let rsa = Rsa::new();
    let x5c = json!([rsa.certificate]);
    vec![
        Issuer {
            name: "Entra ID, a tenant",
            path: "/8a5e/v2.0",
            places: &["/8a5e/v2.0/.well-known/openid-configuration"],
            metadata: r#"{"token_endpoint":"ORIGIN/8a5e/oauth2/v2.0/token","token_endpoint_auth_methods_supported":["client_secret_post","private_key_jwt","client_secret_basic","self_signed_tls_client_auth"],"jwks_uri":"ORIGIN/8a5e/discovery/v2.0/keys","response_modes_supported":["query","fragment","form_post"],"subject_types_supported":["pairwise"],"id_token_signing_alg_values_supported":["RS256"],"response_types_supported":["code","id_token","code id_token","id_token token"],"scopes_supported":["openid","profile","email","offline_access"],"issuer":"ORIGIN/8a5e/v2.0","request_uri_parameter_supported":false,"userinfo_endpoint":"https://graph.microsoft.com/oidc/userinfo","authorization_endpoint":"ORIGIN/8a5e/oauth2/v2.0/authorize","device_authorization_endpoint":"ORIGIN/8a5e/oauth2/v2.0/devicecode","http_logout_supported":true,"frontchannel_logout_supported":true,"end_session_endpoint":"ORIGIN/8a5e/oauth2/v2.0/logout","claims_supported":["sub","iss","aud","exp","iat","nonce","oid","tid"],"kerberos_endpoint":"ORIGIN/8a5e/kerberos","tenant_region_scope":"EU","cloud_instance_name":"microsoftonline.com","cloud_graph_host_name":"graph.windows.net","msgraph_host":"graph.microsoft.com","rbac_url":"https://pas.windows.net"}"#,
            keys: json!([
                rsa.jwk(&json!({"use": "sig", "kid": "a", "x5t": "a", "x5c": x5c, "issuer": "https://login.microsoftonline.com/8a5e/v2.0"})),
                rsa.jwk(&json!({"use": "sig", "kid": "b", "x5t": "b", "x5c": x5c, "issuer": "https://login.microsoftonline.com/8a5e/v2.0"})),
            ]),
            complaints: &["warn pkce no PKCE is announced: some clients do not use it then (RFC 9700 section 2.1.1)"],
        },
        Issuer {
            name: "Google",
            path: "",
            places: &["/.well-known/openid-configuration"],
            metadata: r#"{"issuer":"ORIGIN","authorization_endpoint":"ORIGIN/o/oauth2/v2/auth","device_authorization_endpoint":"https://oauth2.googleapis.com/device/code","token_endpoint":"https://oauth2.googleapis.com/token","userinfo_endpoint":"https://openidconnect.googleapis.com/v1/userinfo","revocation_endpoint":"https://oauth2.googleapis.com/revoke","jwks_uri":"ORIGIN/oauth2/v3/certs","response_types_supported":["code","token","id_token","code token","code id_token","token id_token","code token id_token","none"],"response_modes_supported":["query","fragment","form_post"],"subject_types_supported":["public"],"id_token_signing_alg_values_supported":["RS256"],"scopes_supported":["openid","email","profile"],"token_endpoint_auth_methods_supported":["client_secret_post","client_secret_basic"],"claims_supported":["aud","email","email_verified","exp","family_name","given_name","iat","iss","name","picture","sub"],"code_challenge_methods_supported":["plain","S256"],"grant_types_supported":["authorization_code","refresh_token","urn:ietf:params:oauth:grant-type:device_code","urn:ietf:params:oauth:grant-type:jwt-bearer"]}"#,
            keys: json!([
                rsa.jwk(&json!({"use": "sig", "kid": "a", "alg": "RS256"})),
                rsa.jwk(&json!({"use": "sig", "kid": "b", "alg": "RS256"})),
            ]),
            complaints: &[],
        },
        Issuer {
            name: "Auth0",
            path: "/",
            places: &["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"],
            metadata: r#"{"issuer":"ORIGIN/","authorization_endpoint":"ORIGIN/authorize","token_endpoint":"ORIGIN/oauth/token","device_authorization_endpoint":"ORIGIN/oauth/device/code","userinfo_endpoint":"ORIGIN/userinfo","mfa_challenge_endpoint":"ORIGIN/mfa/challenge","jwks_uri":"ORIGIN/.well-known/jwks.json","registration_endpoint":"ORIGIN/oidc/register","revocation_endpoint":"ORIGIN/oauth/revoke","scopes_supported":["openid","profile","offline_access"],"response_types_supported":["code","token","id_token","code token","code id_token","token id_token","code token id_token"],"code_challenge_methods_supported":["S256","plain"],"response_modes_supported":["query","fragment","form_post"],"subject_types_supported":["public"],"token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post","private_key_jwt","none"],"claims_supported":["aud","exp","iss","sub"],"request_uri_parameter_supported":false,"request_parameter_supported":true,"id_token_signing_alg_values_supported":["HS256","RS256","PS256"],"token_endpoint_auth_signing_alg_values_supported":["RS256","RS384","PS256"],"global_token_revocation_endpoint":"ORIGIN/oauth/global-token-revocation/connection/{connectionName}","end_session_endpoint":"ORIGIN/oidc/logout","dpop_signing_alg_values_supported":["ES256"]}"#,
            keys: json!([
                rsa.jwk(&json!({"use": "sig", "kid": "a", "alg": "RS256", "x5t": "a", "x5c": x5c})),
                rsa.jwk(&json!({"use": "sig", "kid": "b", "alg": "RS256", "x5t": "b", "x5c": x5c})),
            ]),
            complaints: &[],
        },
        Issuer {
            name: "Keycloak, a realm",
            path: "/realms/demo",
            places: &["/realms/demo/.well-known/openid-configuration", "/.well-known/oauth-authorization-server/realms/demo"],
            metadata: r#"{"issuer":"ORIGIN/realms/demo","authorization_endpoint":"ORIGIN/realms/demo/protocol/openid-connect/auth","token_endpoint":"ORIGIN/realms/demo/protocol/openid-connect/token","introspection_endpoint":"ORIGIN/realms/demo/protocol/openid-connect/token/introspect","userinfo_endpoint":"ORIGIN/realms/demo/protocol/openid-connect/userinfo","end_session_endpoint":"ORIGIN/realms/demo/protocol/openid-connect/logout","frontchannel_logout_supported":true,"jwks_uri":"ORIGIN/realms/demo/protocol/openid-connect/certs","check_session_iframe":"ORIGIN/realms/demo/protocol/openid-connect/login-status-iframe.html","grant_types_supported":["authorization_code","client_credentials","implicit","password","refresh_token","urn:ietf:params:oauth:grant-type:device_code","urn:ietf:params:oauth:grant-type:token-exchange","urn:openid:params:grant-type:ciba"],"acr_values_supported":["0","1"],"response_types_supported":["code","none","id_token","token","id_token token","code id_token","code token","code id_token token"],"subject_types_supported":["public","pairwise"],"id_token_signing_alg_values_supported":["PS384","RS384","EdDSA","ES384","HS256","HS512","ES256","RS256","HS384","ES512","PS256","PS512","RS512"],"id_token_encryption_alg_values_supported":["ECDH-ES+A256KW","RSA-OAEP"],"response_modes_supported":["query","fragment","form_post","query.jwt","fragment.jwt","form_post.jwt","jwt"],"registration_endpoint":"ORIGIN/realms/demo/clients-registrations/openid-connect","token_endpoint_auth_methods_supported":["private_key_jwt","client_secret_basic","client_secret_post","tls_client_auth","client_secret_jwt"],"claims_supported":["iss","sub","aud","exp","iat"],"scopes_supported":["openid","profile","email","offline_access","roles"],"request_parameter_supported":true,"require_request_uri_registration":true,"code_challenge_methods_supported":["plain","S256"],"tls_client_certificate_bound_access_tokens":true,"dpop_signing_alg_values_supported":["PS384","RS384","EdDSA","ES256","RS256"],"revocation_endpoint":"ORIGIN/realms/demo/protocol/openid-connect/revoke","backchannel_logout_supported":true,"device_authorization_endpoint":"ORIGIN/realms/demo/protocol/openid-connect/auth/device","pushed_authorization_request_endpoint":"ORIGIN/realms/demo/protocol/openid-connect/ext/par/request","authorization_response_iss_parameter_supported":true}"#,
            keys: json!([
                rsa.jwk(&json!({"kid": "a", "alg": "RSA-OAEP", "use": "enc", "x5c": x5c, "x5t": "a", "x5t#S256": "a"})),
                rsa.jwk(&json!({"kid": "b", "alg": "RS256", "use": "sig", "x5c": x5c, "x5t": "b", "x5t#S256": "b"})),
            ]),
            complaints: &[],
        },
        Issuer {
            name: "Amazon Cognito, a user pool",
            path: "/eu-central-1_abc",
            places: &["/eu-central-1_abc/.well-known/openid-configuration"],
            metadata: r#"{"authorization_endpoint":"https://pool.auth.eu-central-1.amazoncognito.com/oauth2/authorize","end_session_endpoint":"https://pool.auth.eu-central-1.amazoncognito.com/logout","id_token_signing_alg_values_supported":["RS256"],"issuer":"ORIGIN/eu-central-1_abc","jwks_uri":"ORIGIN/eu-central-1_abc/.well-known/jwks.json","response_types_supported":["code","token"],"revocation_endpoint":"https://pool.auth.eu-central-1.amazoncognito.com/oauth2/revoke","scopes_supported":["openid","email","phone","profile"],"subject_types_supported":["public"],"token_endpoint":"https://pool.auth.eu-central-1.amazoncognito.com/oauth2/token","token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post"],"userinfo_endpoint":"https://pool.auth.eu-central-1.amazoncognito.com/oauth2/userInfo"}"#,
            keys: json!([
                rsa.jwk(&json!({"alg": "RS256", "kid": "a=", "use": "sig"})),
                rsa.jwk(&json!({"alg": "RS256", "kid": "b=", "use": "sig"})),
            ]),
            complaints: &["warn pkce no PKCE is announced: some clients do not use it then (RFC 9700 section 2.1.1)"],
        },
        Issuer {
            name: "GitHub Actions",
            path: "",
            places: &["/.well-known/openid-configuration"],
            metadata: r#"{"issuer":"ORIGIN","jwks_uri":"ORIGIN/.well-known/jwks","subject_types_supported":["public","pairwise"],"response_types_supported":["id_token"],"claims_supported":["sub","aud","exp","iat","iss","jti","nbf","ref","sha","repository","repository_id","actor","workflow","job_workflow_ref","runner_environment"],"id_token_signing_alg_values_supported":["RS256"],"scopes_supported":["openid"]}"#,
            keys: json!([
                rsa.jwk(&json!({"alg": "RS256", "kid": "a", "use": "sig", "x5t": "a", "x5c": x5c})),
                rsa.jwk(&json!({"alg": "RS256", "kid": "b", "use": "sig"})),
            ]),
            complaints: &[],
        },
        Issuer {
            name: "GitLab",
            path: "",
            places: &["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"],
            metadata: r#"{"issuer":"ORIGIN","authorization_endpoint":"ORIGIN/oauth/authorize","token_endpoint":"ORIGIN/oauth/token","revocation_endpoint":"ORIGIN/oauth/revoke","introspection_endpoint":"ORIGIN/oauth/introspect","userinfo_endpoint":"ORIGIN/oauth/userinfo","jwks_uri":"ORIGIN/oauth/discovery/keys","scopes_supported":["api","read_api","read_user","openid","profile","email"],"response_types_supported":["code"],"response_modes_supported":["query","fragment","form_post"],"grant_types_supported":["authorization_code","password","client_credentials","device_code","refresh_token"],"token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post"],"subject_types_supported":["public"],"id_token_signing_alg_values_supported":["RS256"],"claim_types_supported":["normal"],"claims_supported":["iss","sub","aud","exp","iat","sub_legacy","name","nickname","groups_direct"],"code_challenge_methods_supported":["plain","S256"]}"#,
            keys: json!([
                rsa.jwk(&json!({"kid": "a", "use": "sig", "alg": "RS256"})),
                rsa.jwk(&json!({"kid": "b", "use": "sig", "alg": "RS256"})),
            ]),
            complaints: &[],
        },
        Issuer {
            name: "Kubernetes, the API server",
            path: "",
            places: &["/.well-known/openid-configuration"],
            metadata: r#"{"issuer":"ORIGIN","jwks_uri":"ORIGIN/openid/v1/jwks","response_types_supported":["id_token"],"subject_types_supported":["public"],"id_token_signing_alg_values_supported":["RS256"]}"#,
            keys: json!([rsa.jwk(&json!({"use": "sig", "kid": "a", "alg": "RS256"}))]),
            complaints: &[],
        },
        Issuer {
            name: "Okta, a custom authorization server",
            path: "/oauth2/default",
            places: &["/oauth2/default/.well-known/openid-configuration", "/.well-known/oauth-authorization-server/oauth2/default"],
            metadata: r#"{"issuer":"ORIGIN/oauth2/default","authorization_endpoint":"ORIGIN/oauth2/default/v1/authorize","token_endpoint":"ORIGIN/oauth2/default/v1/token","userinfo_endpoint":"ORIGIN/oauth2/default/v1/userinfo","registration_endpoint":"ORIGIN/oauth2/v1/clients","jwks_uri":"ORIGIN/oauth2/default/v1/keys","response_types_supported":["code","id_token","code id_token","code token","id_token token","code id_token token"],"response_modes_supported":["query","fragment","form_post","okta_post_message"],"grant_types_supported":["authorization_code","implicit","refresh_token","password","urn:ietf:params:oauth:grant-type:device_code","urn:openid:params:grant-type:ciba"],"subject_types_supported":["public"],"id_token_signing_alg_values_supported":["RS256"],"scopes_supported":["openid","profile","email","address","phone","offline_access","device_sso"],"token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post","client_secret_jwt","private_key_jwt","none"],"claims_supported":["iss","ver","sub","aud","iat","exp","jti"],"code_challenge_methods_supported":["S256"],"introspection_endpoint":"ORIGIN/oauth2/default/v1/introspect","revocation_endpoint":"ORIGIN/oauth2/default/v1/revoke","end_session_endpoint":"ORIGIN/oauth2/default/v1/logout","request_parameter_supported":true,"request_object_signing_alg_values_supported":["HS256","RS256","ES256"],"device_authorization_endpoint":"ORIGIN/oauth2/default/v1/device/authorize","pushed_authorization_request_endpoint":"ORIGIN/oauth2/default/v1/par","backchannel_token_delivery_modes_supported":["poll"],"dpop_signing_alg_values_supported":["RS256","RS384","RS512","ES256","ES384","ES512"]}"#,
            keys: json!([rsa.jwk(&json!({"alg": "RS256", "kid": "a", "use": "sig"}))]),
            complaints: &[],
        },
    ]
}

#[test]
fn the_documents_of_large_issuers_work_and_what_they_lack_is_named() {
    for issuer in issuers() {
        let run = look_at(&issuer);
        let name = issuer.name;
        let lines = run.stdout.lines().map(str::trim_start);
        let lines = lines.filter(|line| line.starts_with("warn ") || line.starts_with("fail "));
        let complaints: Vec<String> = lines
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(complaints, issuer.complaints, "{name}: {}", run.stdout);
        assert_eq!((run.status, run.stderr.as_str()), (Some(0), ""), "{name}");
        for said in ["pass issuer ", "pass jwks_uri ", "pass key "] {
            let line = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
            let mut lines = run.stdout.lines().map(line);
            assert!(
                lines.any(|line| line.starts_with(said)),
                "{name}: {said}: {}",
                run.stdout
            );
        }
    }
}

#[test]
fn a_certificate_of_another_key_is_named() {
    let (rsa, other) = (Rsa::new(), Rsa::new());
    let odd = rsa.jwk(&json!({"kid": "a", "use": "sig", "x5c": [other.certificate]}));
    let mut issuer = issuers().swap_remove(7);
    issuer.keys = json!([odd]);
    let run = look_at(&issuer);
    assert!(
        run.stdout.contains("  warn   key         `a`: RSA public key of 2048 bits: the certificate in `x5c` of the JWK is for another key, which is not used (RFC 7517 section 4.7)\n"),
        "{run:?}"
    );
}
