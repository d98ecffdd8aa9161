//! `/register`: clients register themselves (RFC 7591) and look after that (RFC 7592), row O6.

use serde_json::{Value, json};

use super::browser::{Browser, VERIFIER, request};
use super::http::Answer;
use super::server::Server;
use super::signer::{Signer, by_assertion};

#[track_caller]
fn register(server: &Server, metadata: &Value) -> Answer {
    let request = server.request("POST", "/register");
    let body = metadata.to_string();
    request.body("application/json", body).send()
}

/// A client that is registered, as the answer has it.
#[track_caller]
fn registered(server: &Server, metadata: &Value) -> Value {
    let answer = register(server, metadata);
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.json()
}

fn text<'a>(client: &'a Value, name: &str) -> &'a str {
    client[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name} in {client}"))
}

/// A code that alice has allowed a client to have, and what it brings.
#[track_caller]
fn redeem(server: &Server, client: &Value, callback: &str, scope: &str, by_basic: bool) -> Answer {
    let id = text(client, "client_id");
    let asked = request(&[
        ("client_id", id),
        ("redirect_uri", callback),
        ("scope", scope),
    ]);
    let back = Browser::new(server).allow(&asked);
    let code = back.back("code").unwrap_or_else(|| panic!("{back:?}"));
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", id),
        ("code", code.as_str()),
        ("redirect_uri", callback),
        ("code_verifier", VERIFIER),
    ];
    let request = server.request("POST", "/token").form(&form);
    match by_basic {
        true => request.basic(id, text(client, "client_secret")).send(),
        false => request.send(),
    }
}

const CALLBACK: &str = "http://127.0.0.1:9/callback";

/// RFC 7591 section 3.2.1: everything that is registered is in the answer, with what section 2 has for
/// what is absent, and nobody keeps it.
#[test]
fn what_is_absent_is_what_the_rfc_has_for_it() {
    let server = Server::start();
    let answer = register(
        &server,
        &json!({"redirect_uris": ["http://127.0.0.1/callback"]}),
    );
    assert_eq!(answer.status, 201);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("pragma"), "no-cache");
    let client = answer.json();
    assert_eq!(
        client["redirect_uris"],
        json!(["http://127.0.0.1/callback"])
    );
    assert_eq!(client["grant_types"], json!(["authorization_code"]));
    assert_eq!(client["response_types"], json!(["code"]));
    assert_eq!(client["token_endpoint_auth_method"], "client_secret_basic");
    assert_eq!(client["client_secret_expires_at"], 0);
    assert!(client["client_id_issued_at"].as_u64().unwrap() > 1_700_000_000);
    assert_eq!(client.get("scope"), None, "it has named none");
    let of_words = |text: &str| {
        let of_word = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        text.bytes().all(of_word)
    };
    for name in ["client_id", "client_secret", "registration_access_token"] {
        assert!(of_words(text(&client, name)), "{name}");
    }
    let id = text(&client, "client_id");
    assert_eq!(
        client["registration_client_uri"],
        format!("{}/register?client_id={id}", server.issuer())
    );
    let other = registered(
        &server,
        &json!({"redirect_uris": ["http://127.0.0.1/callback"]}),
    );
    for name in ["client_id", "client_secret", "registration_access_token"] {
        assert_ne!(client[name], other[name]);
    }
}

/// What clients of the Model Context Protocol register, each as it does.
#[test]
fn the_bodies_of_real_clients_are_registered_as_they_are() {
    let server = Server::start();
    let both = json!(["authorization_code", "refresh_token"]);
    for (client, body) in [
        (
            "mcp of Python",
            json!({
                "redirect_uris": ["http://localhost:3030/callback"], "scope": "mcp:read", "client_name": "x",
                "grant_types": both, "response_types": ["code"], "application_type": "native",
            }),
        ),
        (
            "the TypeScript SDK 1",
            json!({"redirect_uris": ["http://127.0.0.1:9/cb"], "client_name": "x", "scope": "mcp:read"}),
        ),
        (
            "rmcp",
            json!({
                "redirect_uris": ["http://localhost:8080/callback"], "token_endpoint_auth_method": "none",
                "grant_types": both, "response_types": ["code"], "application_type": "native", "client_name": "x",
            }),
        ),
        (
            "mcp-remote",
            json!({
                "redirect_uris": ["http://localhost:3334/oauth/callback"], "token_endpoint_auth_method": "none",
                "grant_types": both, "response_types": ["code"], "client_name": "x", "client_uri": "https://x.example",
                "software_id": "2e6dc280-f3c3-4e01-99a7-8181dbd1d23d", "software_version": "0.15.1",
            }),
        ),
        (
            "mcp-remote with a device code",
            json!({
                "redirect_uris": ["http://localhost:3334/oauth/callback"], "response_types": ["code"],
                "grant_types": ["urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
                "token_endpoint_auth_method": "none",
            }),
        ),
        (
            "the inspector",
            json!({
                "redirect_uris": ["http://127.0.0.1:6276/oauth/callback"], "token_endpoint_auth_method": "none",
                "grant_types": both, "response_types": ["code"], "client_uri": "https://x.example/x",
            }),
        ),
        (
            "mcp-use",
            json!({
                "redirect_uris": ["http://localhost:8080/callback"], "token_endpoint_auth_method": "none",
                "grant_types": ["authorization_code"], "response_types": ["code"],
            }),
        ),
        (
            "a private scheme",
            json!({"redirect_uris": ["com.example.app:/cb", "https://x.example/cb"]}),
        ),
        (
            "no redirection",
            json!({"grant_types": ["client_credentials"]}),
        ),
        (
            "everything",
            json!({
                "redirect_uris": ["https://x.example/cb"], "client_name#de": "das x", "logo_uri": "https://x.example/l",
                "contacts": ["a@x.example"], "tos_uri": "https://x.example/t", "policy_uri": "https://x.example/p",
                "post_logout_redirect_uris": ["https://x.example/"], "dpop_bound_access_tokens": true,
                "require_pushed_authorization_requests": true, "application_type": "web",
            }),
        ),
    ] {
        let told = registered(&server, &body);
        for (name, value) in body.as_object().unwrap() {
            assert_eq!(&told[name], value, "{name} of {client}");
        }
        let method = &body["token_endpoint_auth_method"];
        assert_eq!(
            told.get("client_secret").is_none(),
            method == "none",
            "{client}"
        );
        assert_eq!(
            told.get("client_secret_expires_at").is_none(),
            method == "none"
        );
    }
}

/// RFC 7591 section 2: what is not understood is ignored, and the log says what that was.
#[test]
fn what_is_not_understood_is_ignored_and_empty_members_are_left_out() {
    let server = Server::start();
    let client = registered(
        &server,
        &json!({
            "redirect_uris": [CALLBACK], "something": 1, "backchannel_logout": {}, "grant_types#de": ["x"],
            "client_name": "", "scope": "", "client_id": "mine", "client_secret": "mine",
        }),
    );
    for name in [
        "something",
        "backchannel_logout",
        "client_name",
        "scope",
        "grant_types#de",
    ] {
        assert_eq!(client.get(name), None, "{name}");
    }
    assert_ne!(client["client_id"], "mine");
    assert_ne!(client["client_secret"], "mine");
    let log = server.log_with("; not understood, and ignored: ");
    let line = log
        .lines()
        .find(|line| line.contains("POST /register"))
        .unwrap();
    for name in ["something", "backchannel_logout", "grant_types#de"] {
        assert!(line.contains(&format!("`{name}`")), "{line}");
    }
    assert!(line.contains("(RFC 7591 section 2)"), "{line}");
}

/// RFC 7591 section 3.2.2.
#[test]
fn what_cannot_be_registered_is_refused_by_its_code() {
    let server = Server::start();
    let good = || json!({"redirect_uris": [CALLBACK]});
    for uris in [
        json!(null),
        json!([]),
        json!("http://127.0.0.1/cb"),
        json!([1]),
        json!([""]),
        json!(["http://app.example/cb"]),
        json!(["http://127.0.0.1.evil.example/cb"]),
        json!(["javascript:alert(1)"]),
        json!(["https://app.example/cb#x"]),
        json!(["https://app.example/a/../cb"]),
        json!(["https://user@app.example/cb"]),
        json!(["app:/cb"]),
        json!([CALLBACK, "/cb"]),
    ] {
        let mut body = good();
        body["redirect_uris"] = uris.clone();
        let answer = register(&server, &body);
        assert_eq!(answer.status, 400, "{uris}");
        answer.is_error(400, "invalid_redirect_uri");
    }
    for (name, value) in [
        ("grant_types", json!(["implicit"])),
        ("grant_types", json!("authorization_code")),
        ("grant_types", json!(["authorization_code", 1])),
        ("response_types", json!(["token"])),
        ("response_types", json!([])),
        ("token_endpoint_auth_method", json!("tls_client_auth")),
        ("token_endpoint_auth_method", json!(["none"])),
        ("token_endpoint_auth_method", json!("private_key_jwt")),
        ("application_type", json!("desktop")),
        ("scope", json!(["a"])),
        ("scope", json!("a  b")),
        ("scope", json!("a\"b")),
        ("client_name", json!({})),
        ("client_name", json!(null)),
        ("client_name", json!("a\u{202e}b")),
        ("client_name", json!("x".repeat(201))),
        ("client_uri", json!("javascript:alert(1)")),
        ("logo_uri", json!("data:image/png;base64,AA")),
        ("contacts", json!("a@x.example")),
        ("contacts", json!(vec!["a"; 101])),
        ("jwks", json!([])),
        ("jwks", json!({"keys": []})),
        (
            "jwks",
            json!({"keys": [{"kty": "oct", "k": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}),
        ),
        ("jwks_uri", json!("http://127.0.0.1:9/jwks.json")),
        ("sector_identifier_uri", json!("https://x.example/s")),
        ("dpop_bound_access_tokens", json!("true")),
        ("backchannel_logout_uri", json!("https://app.example/out")),
        (
            "backchannel_logout_uri",
            json!("http://169.254.169.254/out"),
        ),
        ("backchannel_logout_uri", json!("http://127.0.0.1/out#x")),
        ("backchannel_logout_uri", json!(["http://127.0.0.1/out"])),
        ("backchannel_logout_session_required", json!("true")),
    ] {
        let mut body = good();
        body[name] = value.clone();
        let answer = register(&server, &body);
        assert_eq!(answer.status, 400, "{name} {value} {answer:?}");
        answer.is_error(400, "invalid_client_metadata");
    }
    let public = json!({
        "token_endpoint_auth_method": "none", "grant_types": ["client_credentials"],
    });
    register(&server, &public).is_error(400, "invalid_client_metadata");
    server.log_with("; the grant client_credentials is for clients that authenticate themselves, and `token_endpoint_auth_method` is none (RFC 7591 section 2)");
    server.log_with("; `jwks_uri` would have to be fetched, but nothing is fetched because a client says so (RFC 7591 section 2)");
    server.log_with("; the redirect URI `http://app.example/cb` is plain http on another machine (RFC 7591 section 3.2.2)");
    server.log_with("; there is no grant `implicit`; supported: authorization_code, ");
    server.log_with("; the `backchannel_logout_uri` `https://app.example/out` is not http on a loopback address: only clients on this machine are called (OpenID Connect Back-Channel Logout 1.0 section 2.2)");
}

/// Who comes from another machine has nobody called on this one.
#[test]
fn a_server_that_others_reach_calls_for_no_client_that_registers() {
    let server = Server::with(&["--alg=ES256", "--listen", "0.0.0.0:0", "--allow-remote"]);
    let place = "http://127.0.0.1/out";
    let body = json!({"redirect_uris": [CALLBACK], "backchannel_logout_uri": place});
    register(&server, &body).is_error(400, "invalid_client_metadata");
}

#[test]
fn a_body_that_is_no_object_in_json_is_refused() {
    let server = Server::start();
    for (content_type, body, status) in [
        ("application/json", "", 400),
        ("application/json", "[]", 400),
        ("application/json", "{\"redirect_uris\":[]", 400),
        ("application/json", "{\"scope\":\"a\",\"scope\":\"b\"}", 400),
        ("application/json", "\u{feff}{}", 400),
        ("application/x-www-form-urlencoded", "redirect_uris=x", 415),
        ("text/plain", "{}", 415),
    ] {
        let request = server.request("POST", "/register");
        let answer = request.body(content_type, body).send();
        answer.is_error(status, "invalid_client_metadata");
    }
    let large = json!({"redirect_uris": [CALLBACK], "client_name": "x".repeat(17 << 10)});
    register(&server, &large).is_error(413, "invalid_client_metadata");
    let deep = format!("{{\"x\":{}{}}}", "[".repeat(4000), "]".repeat(4000));
    let request = server.request("POST", "/register");
    let answer = request.body("application/json", deep).send();
    answer.is_error(400, "invalid_client_metadata");
}

/// RFC 8252 section 7.3: any port of a loopback address, and RFC 6749 section 3.1.2.3: nothing else.
#[test]
fn the_redirect_uris_of_a_registration_decide_with_any_port_of_this_machine() {
    let server = Server::start();
    let client = registered(
        &server,
        &json!({
            "redirect_uris": ["http://localhost:3030/callback", "https://app.example/cb"],
            "token_endpoint_auth_method": "none",
            "grant_types": ["authorization_code", "refresh_token"],
        }),
    );
    let id = text(&client, "client_id");
    for (callback, goes) in [
        ("http://localhost:3030/callback", true),
        ("http://localhost:51000/callback", true),
        ("http://127.0.0.1:3030/callback", false),
        ("http://localhost:3030/other", false),
        ("https://app.example/cb", true),
        ("https://app.example:444/cb", false),
    ] {
        let asked = request(&[("client_id", id), ("redirect_uri", callback)]);
        let page = server.get(&format!("/authorize?{asked}"));
        assert_eq!(page.status == 200, goes, "{callback}");
    }
    // What it has not registered it can register, which no flag does.
    let log = server.log_with("; `redirect_uri` is `http://localhost:3030/other`, but client-");
    assert!(!log.contains("--client"), "{log}");
    let answer = redeem(
        &server,
        &client,
        "http://localhost:51000/callback",
        "openid items:read",
        false,
    );
    assert_eq!(answer.status, 200, "{answer:?}");
    let access = answer.text("access_token");
    assert_eq!(super::mint::payload(&access)["client_id"], id);
    let refresh = answer.text("refresh_token");
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", id),
        ("refresh_token", refresh.as_str()),
    ];
    assert_eq!(server.post("/token", &form).status, 200);
}

/// RFC 7591 section 2: the grants and the way to authenticate oneself are those that are registered.
#[test]
fn a_client_uses_what_it_has_registered_and_nothing_else() {
    let server = Server::start();
    let client = registered(&server, &json!({"redirect_uris": [CALLBACK]}));
    let answer = redeem(
        &server,
        &client,
        CALLBACK,
        "items:read offline_access",
        true,
    );
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(
        answer.json().get("refresh_token"),
        None,
        "that is a grant of its own"
    );
    let (id, secret) = (text(&client, "client_id"), text(&client, "client_secret"));
    let form = [("grant_type", "client_credentials")];
    let by_basic = server
        .request("POST", "/token")
        .basic(id, secret)
        .form(&form);
    by_basic.send().is_error(400, "unauthorized_client");
    let machine = registered(
        &server,
        &json!({"grant_types": ["client_credentials"], "token_endpoint_auth_method": "client_secret_post"}),
    );
    let (id, secret) = (text(&machine, "client_id"), text(&machine, "client_secret"));
    let by_basic = server
        .request("POST", "/token")
        .basic(id, secret)
        .form(&form);
    by_basic.send().is_error(401, "invalid_client");
    server.log_with("; the client has registered to authenticate itself by client_secret_post, but uses client_secret_basic (RFC 6749 section 5.2)");
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", id),
        ("client_secret", secret),
    ];
    let answer = server.post("/token", &form);
    assert_eq!(
        super::mint::payload(&answer.text("access_token"))["sub"],
        id
    );
    // Who has nothing to prove may leave the proof empty.
    let public = registered(
        &server,
        &json!({"redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none"}),
    );
    let form = [
        ("grant_type", "authorization_code"),
        ("code", "x"),
        ("redirect_uri", CALLBACK),
    ];
    let request = server
        .request("POST", "/token")
        .basic(text(&public, "client_id"), "");
    request.form(&form).send().is_error(400, "invalid_grant");
}

/// OpenID Connect Core 1.0 section 9.
#[test]
fn a_client_registers_its_keys_and_signs_who_it_is() {
    let (server, signer) = (Server::start(), Signer::new());
    let jwks: Value = serde_json::from_str(&signer.jwks()).unwrap();
    let client = registered(
        &server,
        &json!({
            "grant_types": ["client_credentials"], "token_endpoint_auth_method": "private_key_jwt",
            "jwks": jwks,
        }),
    );
    assert_eq!(client.get("client_secret"), None);
    let id = text(&client, "client_id");
    let assertion = signer.assertion(id, &server.issuer());
    let form = by_assertion(&assertion, &[("grant_type", "client_credentials")]);
    assert_eq!(server.post("/token", &form).status, 200);
    let assertion = Signer::new().assertion(id, &server.issuer());
    let form = by_assertion(&assertion, &[("grant_type", "client_credentials")]);
    server.post("/token", &form).is_error(400, "invalid_client");
}

/// A client may step up: it asks for what it has named, for what there is anyway, and for nothing else.
#[test]
fn the_scopes_of_a_registration_become_those_of_the_client() {
    let server = Server::start();
    let client = registered(
        &server,
        &json!({
            "redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none", "scope": "notes:read mcp:read",
        }),
    );
    assert_eq!(client["scope"], "notes:read mcp:read");
    for (asked, given) in [
        ("notes:read", "notes:read"),
        ("", "notes:read mcp:read"),
        ("mcp:read mcp:write", "mcp:read mcp:write"),
    ] {
        let answer = redeem(&server, &client, CALLBACK, asked, false);
        assert_eq!(answer.text("scope"), given);
    }
    let id = text(&client, "client_id");
    let asked = request(&[("client_id", id), ("scope", "notes:write")]);
    let back = server.get(&format!("/authorize?{asked}"));
    assert_eq!(back.back("error").as_deref(), Some("invalid_scope"));
    // It is that client's alone.
    let asked = request(&[("scope", "notes:read")]);
    let back = server.get(&format!("/authorize?{asked}"));
    assert_eq!(back.back("error").as_deref(), Some("invalid_scope"));
}

#[track_caller]
fn manage(server: &Server, method: &str, client: &Value, body: Option<&Value>) -> Answer {
    let place = text(client, "registration_client_uri");
    let target = place.strip_prefix(&server.issuer()).unwrap();
    let token = text(client, "registration_access_token");
    let request = server.request(method, target).bearer(token);
    match body {
        Some(body) => request.body("application/json", body.to_string()).send(),
        None => request.send(),
    }
}

/// RFC 7592 sections 2.1 and 2.2.
#[test]
fn a_registration_is_read_and_replaced_by_its_client() {
    let server = Server::start();
    let client = registered(
        &server,
        &json!({"redirect_uris": [CALLBACK], "client_name": "first"}),
    );
    let read = manage(&server, "GET", &client, None);
    assert_eq!((read.status, read.json()), (200, client.clone()));
    let id = text(&client, "client_id");
    let new = json!({
        "client_id": id, "client_secret": client["client_secret"], "redirect_uris": ["https://app.example/new"],
        "grant_types": ["authorization_code", "refresh_token"],
    });
    let replaced = manage(&server, "PUT", &client, Some(&new)).json();
    for name in [
        "client_id",
        "client_secret",
        "registration_access_token",
        "client_id_issued_at",
    ] {
        assert_eq!(replaced[name], client[name], "{name}");
    }
    assert_eq!(replaced["redirect_uris"], new["redirect_uris"]);
    assert_eq!(replaced.get("client_name"), None, "what is absent is gone");
    assert_eq!(manage(&server, "GET", &client, None).json(), replaced);
    let asked = request(&[
        ("client_id", id),
        ("redirect_uri", "https://app.example/new"),
    ]);
    assert_eq!(server.get(&format!("/authorize?{asked}")).status, 200);
    let asked = request(&[("client_id", id)]);
    assert_eq!(server.get(&format!("/authorize?{asked}")).status, 400);
    for (changed, error) in [
        (json!({"client_id": "other"}), "invalid_request"),
        (json!({"client_id": null}), "invalid_request"),
        (json!({"client_secret": "chosen"}), "invalid_request"),
        (
            json!({"registration_access_token": "chosen"}),
            "invalid_request",
        ),
        (json!({"client_id_issued_at": 1}), "invalid_request"),
        (json!({"redirect_uris": []}), "invalid_redirect_uri"),
        (
            json!({"grant_types": ["implicit"]}),
            "invalid_client_metadata",
        ),
    ] {
        let mut body = new.clone();
        body.as_object_mut()
            .unwrap()
            .extend(changed.as_object().unwrap().clone());
        manage(&server, "PUT", &client, Some(&body)).is_error(400, error);
    }
    assert_eq!(
        manage(&server, "GET", &client, None).json(),
        replaced,
        "nothing has changed"
    );
    // A public client has no secret, and one that is none any more gets one.
    let public =
        json!({"client_id": id, "redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none"});
    let told = manage(&server, "PUT", &client, Some(&public)).json();
    assert_eq!(told.get("client_secret"), None);
    let secret = json!({"client_id": id, "redirect_uris": [CALLBACK]});
    let told = manage(&server, "PUT", &client, Some(&secret)).json();
    assert_ne!(told["client_secret"], client["client_secret"]);
}

/// RFC 7592 section 2.3: neither the client nor what it was given is good any more.
#[test]
fn a_registration_ends_with_the_tokens_of_its_client() {
    let server = Server::start();
    let client = registered(
        &server,
        &json!({
            "redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none",
            "grant_types": ["authorization_code", "refresh_token"],
        }),
    );
    let answer = redeem(&server, &client, CALLBACK, "items:read", false);
    let (access, refresh) = (answer.text("access_token"), answer.text("refresh_token"));
    assert_eq!(server.protected(&access).status, 200);
    let gone = manage(&server, "DELETE", &client, None);
    assert_eq!((gone.status, gone.body.as_str()), (204, ""));
    assert_eq!(server.protected(&access).status, 401);
    server.log_with(
        "; the client that it was issued to is not registered any more (RFC 7592 section 2.3)",
    );
    let id = text(&client, "client_id");
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", id),
        ("refresh_token", refresh.as_str()),
    ];
    server.post("/token", &form).is_error(400, "invalid_client");
    let told = server.service("/introspect", &[("token", &access)]);
    assert_eq!(told.body, "{\"active\":false}");
    manage(&server, "GET", &client, None).is_error(401, "invalid_token");
    let asked = request(&[("client_id", id)]);
    assert_eq!(server.get(&format!("/authorize?{asked}")).status, 400);
}

/// RFC 7592 section 2.1, RFC 6750 section 3.
#[test]
fn only_the_token_of_a_registration_opens_it() {
    let server = Server::start();
    let client = registered(&server, &json!({"redirect_uris": [CALLBACK]}));
    let other = registered(&server, &json!({"redirect_uris": [CALLBACK]}));
    let place = format!("/register?client_id={}", text(&client, "client_id"));
    let unasked = server.get(&place);
    unasked.is_error(401, "invalid_token");
    assert_eq!(unasked.header("www-authenticate"), "Bearer realm=\"jott\"");
    let own = text(&client, "registration_access_token");
    let token = server.alice_token("items:read");
    for (method, place, token) in [
        (
            "GET",
            place.as_str(),
            text(&other, "registration_access_token"),
        ),
        ("GET", &place, text(&client, "client_secret")),
        ("GET", &place, &token),
        ("GET", &place, ""),
        ("GET", "/register", own),
        ("GET", "/register?client_id=demo-app", own),
        ("GET", "/register?client_id=client-nobody", own),
        ("DELETE", &place, text(&other, "registration_access_token")),
        ("PUT", &place, text(&other, "registration_access_token")),
    ] {
        let answer = server.request(method, place).bearer(token).send();
        answer.is_error(401, "invalid_token");
        assert_eq!(
            answer.header("www-authenticate"),
            "Bearer realm=\"jott\", error=\"invalid_token\""
        );
    }
    let basic = server
        .request("GET", &place)
        .header("Authorization", &format!("Basic {own}"));
    basic.send().is_error(401, "invalid_token");
    let twice = format!("{place}&client_id=x");
    server
        .request("GET", &twice)
        .bearer(own)
        .send()
        .is_error(400, "invalid_request");
    assert_eq!(server.request("GET", &place).bearer(own).send().status, 200);
}

/// The metadata, the reference and the ready line have it; pages of other origins may call it.
#[test]
fn clients_find_out_where_to_register() {
    let server = Server::start();
    let place = format!("{}/register", server.issuer());
    for document in ["oauth-authorization-server", "openid-configuration"] {
        let metadata = server.get(&format!("/.well-known/{document}")).json();
        assert_eq!(metadata["registration_endpoint"], place);
    }
    assert_eq!(server.ready["endpoints"]["registration_endpoint"], place);
    let described = server.get("/openapi.json").json();
    for method in ["post", "get", "put", "delete"] {
        assert!(
            described["paths"]["/register"][method].is_object(),
            "{method}"
        );
    }
    let asked = server
        .request("OPTIONS", "/register")
        .header("Origin", "http://localhost:5173")
        .header("Access-Control-Request-Method", "PUT")
        .header(
            "Access-Control-Request-Headers",
            "authorization, content-type",
        )
        .send();
    assert_eq!(asked.header("access-control-allow-origin"), "*");
    assert!(asked.header("access-control-allow-methods").contains("PUT"));
    let answer = register(&server, &json!({"redirect_uris": [CALLBACK]}));
    assert_eq!(answer.header("access-control-allow-origin"), "*");
}

/// Without OpenID its scopes are unknown, and a registration gets the others of those that it names.
#[test]
fn without_openid_a_registration_has_none_of_its_scopes() {
    let secret = "a-string-secret-at-least-256-bits-long";
    let server = Server::spawn(&["--key", "env:SECRET_KEY"], &[("SECRET_KEY", secret)]);
    let client = registered(
        &server,
        &json!({
            "redirect_uris": [CALLBACK], "token_endpoint_auth_method": "none", "scope": "openid items:read",
        }),
    );
    assert_eq!(client["scope"], "items:read");
    let asked = request(&[
        ("client_id", text(&client, "client_id")),
        ("scope", "openid"),
    ]);
    let back = server.get(&format!("/authorize?{asked}"));
    assert_eq!(back.back("error").as_deref(), Some("invalid_scope"));
}

/// What a test of a client asks: how often it has registered, and a clean start.
#[test]
fn the_control_counts_registrations_and_forgets_them() {
    let server = Server::start();
    let client = registered(&server, &json!({"redirect_uris": [CALLBACK]}));
    let id = text(&client, "client_id");
    let seen = server.get("/_control/requests?endpoint=register").json();
    assert_eq!(seen["count"], 1);
    let one = &seen["requests"][0];
    assert_eq!(
        (&one["endpoint"], &one["client"]),
        (&json!("register"), &json!(id))
    );
    let reset = server.request("POST", "/_control/reset");
    assert_eq!(reset.body("application/json", "{}").send().status, 200);
    manage(&server, "GET", &client, None).is_error(401, "invalid_token");
}

/// Nothing that only the client may know is in the log.
#[test]
fn the_log_names_a_client_and_not_its_secrets() {
    let server = Server::start();
    let client = registered(&server, &json!({"redirect_uris": [CALLBACK]}));
    manage(&server, "GET", &client, None);
    let id = text(&client, "client_id");
    server
        .request("POST", "/token")
        .basic(id, "wrong")
        .form(&[("grant_type", "x")])
        .send();
    let log = server.whole_log();
    assert!(log.contains(&format!("POST /register {id} 201 ")), "{log}");
    assert!(log.contains(&format!("GET /register {id} 200 ")), "{log}");
    for name in ["client_secret", "registration_access_token"] {
        assert!(!log.contains(text(&client, name)), "{name}");
    }
}
