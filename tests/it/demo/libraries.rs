//! The libraries that clients are made of, each in a process of its own with a server of its own.
//!
//! They compare issuers, check signatures, states and nonces, and know errors by their codes: what
//! they accept is what the RFCs say, as others have read them. What is asked of a library stands in
//! its script in `tests/clients`, which `tests/clients/install` is needed for.

use std::fs;

use tempfile::{TempDir, tempdir};

use super::server::Server;
use super::signer::Signer;
use crate::peer;

/// Runs one flow of a script against the key that there is by default.
#[track_caller]
fn flow(script: &str, name: &str) {
    let server = Server::with(&[]);
    let mut library = peer::script(script);
    library.args([&server.issuer(), name]);
    peer::run(library.env("NO_PROXY", "127.0.0.1"), &[]);
}

/// The same against a server that knows the key of the client `signer` and a long secret of `hmac`, and asks
/// for nonces; the script is told where the private key is.
#[track_caller]
fn signed_flow(script: &str, name: &str) {
    const CONFIG: &str = r#"
dpop_nonces = true

[[client]]
id = "signer"
jwks = "signer.jwks"

[[client]]
id = "hmac"
secret = "a secret of at least thirty-two bytes"
"#;
    let (signer, folder) = (Signer::new(), tempdir().unwrap());
    let [config, public, private] =
        ["demo.toml", "signer.jwks", "signer.jwk"].map(|name| folder.path().join(name));
    fs::write(&config, CONFIG).unwrap();
    fs::write(&public, signer.jwks()).unwrap();
    fs::write(&private, &*signer.key.whole_jwk().unwrap()).unwrap();
    let server = Server::with(&["--config", config.to_str().unwrap()]);
    let mut library = peer::script(script);
    library.args([&server.issuer(), name]).arg(&private);
    peer::run(library.env("NO_PROXY", "127.0.0.1"), &[]);
}

/// Where a client has its document.
pub(super) const DOCUMENT_URL: &str = "https://app.example/client.json";

/// The document of a client in a folder of its own, and what has the server know it.
pub(super) fn document_of_a_client() -> (TempDir, String) {
    const DOCUMENT: &str = r#"{
        "client_id": "https://app.example/client.json",
        "redirect_uris": [
            "http://127.0.0.1/callback",
            "http://127.0.0.1/oauth/callback",
            "http://localhost/callback",
            "http://localhost/oauth/callback"
        ],
        "grant_types": ["authorization_code", "refresh_token"],
        "token_endpoint_auth_method": "none"
    }"#;
    let folder = tempdir().unwrap();
    let path = folder.path().join("client.json");
    fs::write(&path, DOCUMENT).unwrap();
    let document = format!("--client-metadata={DOCUMENT_URL}={}", path.display());
    (folder, document)
}

/// The same against a server that asks nobody, and knows a client by its document. The script, whose home is
/// empty, opens what it wants to open in a browser that follows where it is sent.
#[track_caller]
fn flow_of_a_document(script: &str, name: &str) {
    let (home, document) = document_of_a_client();
    let server = Server::with(&["--auto-login", &document]);
    let mut library = peer::script(script);
    library
        .args([&server.issuer(), name, DOCUMENT_URL])
        .env("HOME", home.path())
        .env("MCP_REMOTE_CONFIG_DIR", home.path())
        .env("BROWSER", peer::path_of("opens"))
        // Without a terminal the inspector opens no browser, and with a keyring it looks there.
        .env("MCP_AUTO_OPEN_ENABLED", "true")
        .env("MCP_INSPECTOR_SECRET_STORE", "file")
        .env("MCP_USE_ANONYMIZED_TELEMETRY", "false")
        .env("NO_PROXY", "127.0.0.1,localhost");
    peer::run(&mut library, &[]);
}

/// Runs the Rust SDK against a server that asks nobody, as a client with a document or without.
#[track_caller]
fn rmcp(document: Option<&str>) {
    let (_folder, known) = document_of_a_client();
    let server = Server::with(&["--auto-login", &known]);
    let mut sdk = peer::rmcp();
    sdk.arg(server.issuer()).args(document);
    peer::run(sdk.env("NO_PROXY", "127.0.0.1,localhost"), &[]);
}

#[test]
fn rmcp_registers_logs_in_steps_up_and_refreshes() {
    rmcp(None);
}

#[test]
fn rmcp_has_a_document_and_steps_up() {
    rmcp(Some(DOCUMENT_URL));
}

/// Makes a test of each flow of a script.
macro_rules! flows {
    ($library:ident, $script:literal: $($test:ident is $flow:literal),+ $(,)?) => {
        flows! { $library, $script, flow: $($test is $flow),+ }
    };
    ($library:ident, $script:literal, $run:ident: $($test:ident is $flow:literal),+ $(,)?) => {
        mod $library {
            $(
                #[test]
                fn $test() {
                    super::$run($script, $flow);
                }
            )+
        }
    };
}

flows! { openid_client, "with_openid_client.mjs":
    the_issuer_of_the_metadata_is_compared is "discovery",
    a_service_gets_a_token_in_its_own_name is "client_credentials",
    a_code_with_pkce_state_and_nonce_brings_an_identity is "code",
    a_code_comes_back_in_a_form is "form_post",
    a_no_comes_back_with_the_issuer is "denied",
    a_code_for_another_verifier_is_refused is "verifier",
    refresh_tokens_rotate_and_a_replay_ends_the_family is "refresh",
    tokens_are_introspected_by_their_client_and_by_a_resource_server is "introspection",
    a_revoked_token_is_no_good is "revocation",
    a_log_out_leads_back_with_the_state is "end_session",
    a_wrong_secret_is_challenged is "secret",
}

flows! { oauth4webapi, "with_oauth4webapi.mjs":
    both_metadata_documents_agree is "discovery",
    a_resource_leads_to_its_authorization_server is "protected_resource",
    a_client_registers_itself_from_the_metadata_of_a_resource_on is "registration",
    a_service_gets_a_jwt_access_token_for_its_scope is "client_credentials",
    a_code_brings_an_identity_and_a_jwt_access_token is "code",
    a_no_comes_back_with_the_issuer is "denied",
    a_code_is_for_its_verifier_its_redirect_uri_and_its_client is "refused_code",
    refresh_tokens_rotate_and_a_replay_ends_the_family is "refresh",
    introspection_tells_a_resource_server_alone is "introspection",
    a_revoked_refresh_token_takes_its_access_tokens_along is "revocation",
    a_device_waits_and_gets_its_tokens_or_a_no is "device",
    a_log_out_leads_back is "end_session",
    a_wrong_secret_is_challenged is "secret",
}

flows! { authlib, "with_authlib.py":
    the_metadata_is_valid is "discovery",
    a_service_gets_a_token_in_its_own_name is "client_credentials",
    a_code_with_pkce_and_nonce_brings_an_identity is "code",
    a_code_for_another_verifier_is_refused is "refused_code",
    an_expired_access_token_is_replaced_unasked is "refresh",
    a_password_is_good_for_a_token is "password",
    tokens_are_introspected is "introspection",
    a_revoked_token_is_no_good is "revocation",
}

flows! { requests_oauthlib, "with_requests_oauthlib.py":
    a_service_gets_a_token_in_its_own_name is "client_credentials",
    a_code_with_pkce_brings_the_scope_that_was_asked_for is "code",
    a_code_for_another_verifier_and_a_no_are_refused is "refused_code",
    refresh_tokens_rotate_and_a_replay_ends_the_family is "refresh",
    a_password_is_good_for_a_token is "password",
}

flows! { openid_client_with_keys, "with_openid_client.mjs", signed_flow:
    a_device_gets_its_tokens_and_a_no is "device",
    a_pushed_request_is_answered is "pushed",
    tokens_are_bound_to_a_key_with_nonces_of_both_sides is "dpop",
    a_client_signs_who_it_is is "private_key_jwt",
}

flows! { oauth4webapi_with_keys, "with_oauth4webapi.mjs", signed_flow:
    what_is_pushed_with_a_proof_brings_bound_tokens is "bound",
}

flows! { authlib_with_keys, "with_authlib.py", signed_flow:
    a_client_signs_who_it_is is "private_key_jwt",
    a_token_is_exchanged is "exchange",
    an_assertion_is_good_for_a_token is "jwt_bearer",
}

flows! { requests_oauth2client, "with_requests_oauth2client.py", signed_flow:
    a_client_signs_who_it_is is "private_key_jwt",
    a_token_is_exchanged_and_who_acts_is_named is "exchange",
    an_assertion_is_good_for_a_token_once is "jwt_bearer",
    tokens_are_bound_to_a_key_with_nonces_of_both_sides is "dpop",
}

flows! { mcp, "with_mcp.mjs":
    tools_are_called_after_a_handshake is "handshake",
    tools_are_called_without_a_session is "stateless",
}

flows! { mcp_log_in, "with_mcp.mjs", flow_of_a_document:
    the_first_sdk_registers_logs_in_and_refreshes is "first_registers",
    the_second_sdk_registers_logs_in_steps_up_and_refreshes is "second_registers",
    the_first_sdk_has_a_document is "first_has_a_document",
    the_second_sdk_has_a_document_and_steps_up is "second_has_a_document",
}

flows! { mcp_log_in_of_python, "with_mcp.py", flow_of_a_document:
    the_sdk_registers_logs_in_steps_up_and_refreshes is "python_registers",
    the_sdk_has_a_document_and_steps_up is "python_has_a_document",
    fastmcp_registers_logs_in_steps_up_and_refreshes is "fastmcp_registers",
    fastmcp_has_a_document_and_steps_up is "fastmcp_has_a_document",
}

flows! { mcp_use, "with_mcp_use.py", flow_of_a_document:
    it_registers_and_logs_in is "registers",
    it_has_a_document is "has_a_document",
}

flows! { mcp_programs, "with_mcp_programs.mjs", flow_of_a_document:
    mcp_remote_registers_logs_in_steps_up_and_refreshes is "remote_registers",
    mcp_remote_has_a_document_and_steps_up is "remote_has_a_document",
    the_inspector_registers_logs_in_steps_up_and_refreshes is "inspector_registers",
    the_inspector_has_a_document_and_steps_up is "inspector_has_a_document",
}

flows! { haproxy, "with_haproxy.py":
    an_api_behind_it_takes_the_tokens_of_the_server_alone is "api",
}

flows! { oidc_agent, "with_oidc_agent.py":
    an_account_is_made_with_a_client_that_is_there is "with_a_client_that_is_there",
    an_account_is_made_with_a_client_that_it_registers is "with_a_client_that_it_registers",
}
