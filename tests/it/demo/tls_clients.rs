//! Clients over TLS, with the authority that the server makes for its run: a library, which trusts it by
//! the variables that a command finds, and Apache, which takes no other keys.

use crate::peer;

/// Runs one flow of a script beside a server of its own.
#[track_caller]
fn flow(script: &str, name: &str) {
    let script = peer::script(script);
    let mut jott = peer::tool(env!("CARGO_BIN_EXE_jott"));
    jott.args(["serve-demo", "--quiet", "--tls", "self-signed", "--"])
        .args([
            "sh",
            "-c",
            r#"flow=$1; shift; exec "$@" "$JOTT_ISSUER" "$flow""#,
        ])
        .args(["sh", name])
        .arg(script.get_program())
        .args(script.get_args());
    peer::run(jott.env("NO_PROXY", "127.0.0.1"), &[]);
}

#[test]
fn openid_client_logs_in_and_refreshes() {
    flow("with_openid_client.mjs", "code");
    flow("with_openid_client.mjs", "refresh");
}

#[test]
fn openid_client_gets_a_token_in_the_name_of_a_service() {
    flow("with_openid_client.mjs", "client_credentials");
    flow("with_openid_client.mjs", "introspection");
}

#[test]
fn apache_logs_somebody_in_before_a_page() {
    flow("with_apache.py", "login");
}

#[test]
fn apache_judges_access_tokens_by_the_keys_of_the_server() {
    flow("with_apache.py", "api");
}
