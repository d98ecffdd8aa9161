//! Faults on demand: each acts where it was asked for, and nowhere else.

use serde_json::{Value, json};

use super::browser::{Browser, code, redemption, refreshing, request, tokens};
use super::http::{Answer, Request, send};
use super::mint::{now, payload, segment};
use super::server::Server;

/// Switches a fault on.
#[track_caller]
fn fault(server: &Server, rule: &Value) -> Answer {
    control(server, "POST", "/_control/faults", rule)
}

#[track_caller]
fn control(server: &Server, method: &str, path: &str, body: &Value) -> Answer {
    let request = server.request(method, path);
    request.body("application/json", body.to_string()).send()
}

fn service_answer(server: &Server) -> Answer {
    server.service("/token", &[("grant_type", "client_credentials")])
}

/// RFC 7591 section 3.2.2: a client that cannot register itself has to say so, and try something else.
#[test]
fn a_registration_is_refused_in_each_way() {
    let server = Server::start();
    let body =
        json!({"redirect_uris": ["http://127.0.0.1/cb"], "token_endpoint_auth_method": "none"});
    let register = || control(&server, "POST", "/register", &body);
    for (name, status, error) in [
        ("registration-refused", 403, "access_denied"),
        ("registration-redirect-refused", 400, "invalid_redirect_uri"),
        (
            "registration-method-refused",
            400,
            "invalid_client_metadata",
        ),
    ] {
        assert_eq!(
            fault(&server, &json!({"fault": name, "count": 1})).status,
            201
        );
        register().is_error(status, error);
        assert_eq!(register().status, 201, "{name}");
    }
    fault(
        &server,
        &json!({"fault": "registration-other-method", "count": 1}),
    );
    let told = register().json();
    assert_eq!(told["token_endpoint_auth_method"], "client_secret_post");
    assert!(told["client_secret"].is_string());
    let told = register().json();
    assert_eq!(told["token_endpoint_auth_method"], "none");
    // It cannot act elsewhere, and others act here, too.
    let elsewhere = json!({"fault": "registration-refused", "endpoint": "token"});
    assert_eq!(fault(&server, &elsewhere).status, 400);
    fault(
        &server,
        &json!({"fault": "status:429", "endpoint": "register", "count": 1}),
    );
    let answer = register();
    assert_eq!((answer.status, answer.header("retry-after")), (429, "1"));
    assert_eq!(register().status, 201);
}

/// MCP 2026-07-28, Authorization, section Scope Challenge Handling: one tool wants more, again and again.
#[test]
fn a_scope_is_missing_for_one_tool_alone() {
    let server = Server::start();
    let token = server.alice_token("mcp:read mcp:write");
    let call = |name: &str, arguments: Value| {
        let message = json!({
            "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments},
        });
        let request = server.request("POST", "/mcp").bearer(&token);
        let request = request.header("Accept", "application/json, text/event-stream");
        request.body("application/json", message.to_string()).send()
    };
    let whoami = || call("whoami", json!({}));
    let write = || call("write_note", json!({"text": "milk"}));
    let on = fault(
        &server,
        &json!({"fault": "insufficient-scope-for-tool:whoami", "count": 2}),
    );
    assert_eq!(on.json()["fault"], "insufficient-scope-for-tool:whoami");
    for _ in 0..2 {
        assert_eq!(write().status, 200);
        let refused = whoami();
        assert_eq!(refused.status, 403);
        let challenge = refused.header("www-authenticate");
        assert!(
            challenge.contains("error=\"insufficient_scope\""),
            "{challenge}"
        );
        assert!(
            challenge.ends_with("scope=\"mcp:read mcp:write\""),
            "{challenge}"
        );
    }
    assert_eq!(whoami().status, 200);
    for wrong in [
        "insufficient-scope-for-tool",
        "insufficient-scope-for-tool:nothing",
    ] {
        assert_eq!(
            fault(&server, &json!({"fault": wrong})).status,
            400,
            "{wrong}"
        );
    }
}

/// Each fault of tokens is in an access token that it makes, and `jott` refuses that.
#[test]
fn a_fault_of_tokens_makes_access_tokens_that_are_refused() {
    let server = Server::start();
    for name in [
        "expired",
        "not-yet-valid",
        "wrong-aud",
        "wrong-iss",
        "wrong-typ",
        "wrong-kid",
        "bad-signature",
        "alg-none",
        "wrong-alg",
        "missing-sub",
        "missing-iat",
    ] {
        let on = fault(&server, &json!({"fault": name, "count": 1}));
        assert_eq!(on.status, 201, "{on:?}");
        let token = service_answer(&server).text("access_token");
        assert_eq!(server.protected(&token).status, 401, "{name}");
        assert_eq!(
            server.protected(&server.service_token()).status,
            200,
            "{name}"
        );
    }
    let claims = |rule: Value| {
        fault(&server, &rule);
        payload(&service_answer(&server).text("access_token"))
    };
    let expired = claims(json!({"fault": "expired", "count": 1}));
    assert!(expired["exp"].as_u64().unwrap() < now());
    let early = claims(json!({"fault": "not-yet-valid", "count": 1}));
    assert!(early["nbf"].as_u64().unwrap() > now());
    let skewed = claims(json!({"fault": "clock-skew:10m", "count": 1}));
    assert!(skewed["iat"].as_u64().unwrap() > now() + 500);
    fault(&server, &json!({"fault": "alg-none", "count": 1}));
    let token = service_answer(&server).text("access_token");
    assert_eq!(segment(&token, 0)["alg"], "none");
    assert!(token.ends_with('.'));
}

/// OpenID Connect Core 1.0 sections 3.1.3.7 and 3.1.3.8: the ID token too, or alone.
#[test]
fn a_fault_of_tokens_can_be_for_the_id_token_alone() {
    let server = Server::with(&[
        "--fault",
        "wrong-nonce",
        "--fault",
        "wrong-aud,token=id_token",
    ]);
    let answer = tokens(&server, &[("nonce", "mine")]);
    let id_token = payload(&answer.text("id_token"));
    assert_eq!(id_token["nonce"], "wrong");
    assert_eq!(id_token["aud"], "https://wrong.example");
    let access_token = payload(&answer.text("access_token"));
    assert_eq!(access_token["aud"], server.issuer());
    assert_eq!(
        access_token.get("nonce"),
        None,
        "only ID tokens have a nonce"
    );
    server.log_with("the fault wrong-aud");
}

/// RFC 6749 section 5.1.
#[test]
fn faults_change_what_stands_beside_the_tokens() {
    let server = Server::start();
    for (name, member, expected) in [
        ("no-expires-in", "expires_in", Value::Null),
        ("string-expires-in", "expires_in", json!("1800")),
        ("negative-expires-in", "expires_in", json!(-1)),
        ("lying-expires-in", "expires_in", json!(3600)),
        ("no-token-type", "token_type", Value::Null),
        ("no-access-token", "access_token", Value::Null),
        ("no-scope", "scope", Value::Null),
        ("other-scope", "scope", json!("other")),
    ] {
        fault(
            &server,
            &json!({"fault": name, "count": 1, "endpoint": "token"}),
        );
        assert_eq!(service_answer(&server).json()[member], expected, "{name}");
    }
    fault(&server, &json!({"fault": "duplicate-members", "count": 1}));
    let twice = service_answer(&server);
    assert!(
        twice
            .body
            .starts_with("{\"access_token\":\"wrong\",\"access_token\":\"eyJ")
    );
    fault(&server, &json!({"fault": "lying-expires-in", "count": 1}));
    let claims = payload(&service_answer(&server).text("access_token"));
    assert!(claims["exp"].as_u64().unwrap() <= now() + 5);
}

/// RFC 6749 section 6, RFC 9700 section 4.14.2.
#[test]
fn faults_reach_refresh_tokens() {
    let server = Server::start();
    let first = tokens(&server, &[]).text("refresh_token");
    fault(&server, &json!({"fault": "no-rotation", "count": 1}));
    let answer = server.post("/token", &refreshing(&first));
    assert!(answer.json().get("refresh_token").is_none());
    fault(&server, &json!({"fault": "refresh-refused", "count": 1}));
    server
        .post("/token", &refreshing(&first))
        .is_error(400, "invalid_grant");
    assert_eq!(server.post("/token", &refreshing(&first)).status, 200);
    let other = tokens(&server, &[]);
    let access = other.text("access_token");
    fault(&server, &json!({"fault": "sibling-revoked", "count": 1}));
    let refresh = other.text("refresh_token");
    server
        .post("/token", &refreshing(&refresh))
        .is_error(400, "invalid_grant");
    assert_eq!(server.protected(&access).status, 401);
}

#[test]
fn faults_change_the_answer_as_a_whole() {
    let server = Server::start();
    let one = |name: &str| {
        fault(
            &server,
            &json!({"fault": name, "count": 1, "endpoint": "token"}),
        );
        service_answer(&server)
    };
    let html = one("html-body");
    assert_eq!(
        (html.status, html.header("content-type")),
        (200, "text/html; charset=utf-8")
    );
    let plain = one("wrong-content-type");
    assert_eq!(plain.header("content-type"), "text/plain; charset=utf-8");
    assert!(serde_json::from_str::<Value>(&plain.body).is_ok());
    let invalid = one("invalid-json");
    assert_eq!(invalid.header("content-type"), "application/json");
    assert!(serde_json::from_str::<Value>(&invalid.body).is_err());
    assert!(serde_json::from_str::<Value>(&format!("{}}}", invalid.body)).is_ok());
    let truncated = one("truncated-body");
    let promised: usize = truncated.header("content-length").parse().unwrap();
    assert!(truncated.body.len() < promised && !truncated.body.is_empty());
    let redirect = one("redirect");
    assert_eq!(redirect.status, 307);
    assert_eq!(
        redirect.header("location"),
        format!("{}/elsewhere", server.issuer())
    );
    for (code, retry) in [(429, true), (503, true), (500, false), (418, false)] {
        let answer = one(&format!("status:{code}"));
        assert_eq!(answer.status, code);
        assert_eq!(!answer.headers("retry-after").is_empty(), retry, "{code}");
    }
    let before = std::time::Instant::now();
    assert_eq!(one("slow:300").status, 200);
    assert!(before.elapsed().as_millis() >= 300);
}

/// RFC 9293 section 3.5.2: the client gets no answer at all.
#[test]
fn a_connection_can_be_reset() {
    let server = Server::start();
    fault(
        &server,
        &json!({"fault": "reset", "count": 1, "endpoint": "token"}),
    );
    let request = server.service_request("/token", &[("grant_type", "client_credentials")]);
    assert!(send(request.port(), &request.bytes()).is_none());
    assert_eq!(service_answer(&server).status, 200);
}

/// What was not answered has not happened: the code is good for the next attempt.
#[test]
fn a_status_instead_of_an_answer_uses_nothing_up() {
    let server = Server::with(&["--fault", "status:429,endpoint=token,count=2"]);
    let code = code(&server, &[]);
    for expected in [429, 429, 200] {
        assert_eq!(server.post("/token", &redemption(&code)).status, expected);
    }
}

#[test]
fn faults_reach_every_endpoint() {
    let server = Server::start();
    let token = server.service_token();
    let ask = |endpoint: &str| -> u16 {
        match endpoint {
            "token" => service_answer(&server).status,
            "introspect" => server.service("/introspect", &[("token", &token)]).status,
            "revoke" => server.service("/revoke", &[("token", "x")]).status,
            "userinfo" => server.get("/userinfo").status,
            "jwks" => server.get("/jwks.json").status,
            "metadata" => server.get("/.well-known/openid-configuration").status,
            "resource-metadata" => server.get("/.well-known/oauth-protected-resource").status,
            "protected" => server.protected(&token).status,
            _ => server.get("/items").status,
        }
    };
    for endpoint in [
        "token",
        "introspect",
        "revoke",
        "userinfo",
        "jwks",
        "metadata",
        "resource-metadata",
        "protected",
        "items",
    ] {
        let before = ask(endpoint);
        fault(
            &server,
            &json!({"fault": "status:503", "endpoint": endpoint, "count": 1}),
        );
        assert_eq!((ask(endpoint), ask(endpoint)), (503, before), "{endpoint}");
    }
}

/// A fault of tokens at the resource server or at introspection is told there.
#[test]
fn a_fault_of_tokens_can_be_found_where_a_token_is_brought_to() {
    let server = Server::start();
    let token = server.service_token();
    fault(
        &server,
        &json!({"fault": "expired", "endpoint": "protected", "count": 1}),
    );
    let refused = server.protected(&token);
    assert_eq!(refused.status, 401);
    assert!(refused.header("www-authenticate").contains("invalid_token"));
    assert_eq!(server.protected(&token).status, 200);
    fault(
        &server,
        &json!({"fault": "wrong-aud", "endpoint": "introspect", "count": 1}),
    );
    let told = server.service("/introspect", &[("token", &token)]).json();
    assert_eq!(
        (&told["active"], &told["aud"]),
        (&json!(true), &json!("https://wrong.example"))
    );
    fault(
        &server,
        &json!({"fault": "bad-signature", "endpoint": "introspect", "count": 1}),
    );
    let told = server.service("/introspect", &[("token", &token)]);
    assert_eq!(told.body, r#"{"active":false}"#);
}

/// RFC 6750 section 3.1, RFC 9110 section 11.6.1.
#[test]
fn faults_change_how_the_resource_server_asks() {
    let server = Server::start();
    let token = server.service_token();
    let one = |name: &str| {
        fault(&server, &json!({"fault": name, "count": 1}));
        server.protected(&token)
    };
    let scope = one("insufficient-scope");
    assert_eq!(scope.status, 403);
    assert!(
        scope
            .header("www-authenticate")
            .contains("error=\"insufficient_scope\"")
    );
    server.log_with("GET /protected demo-service 403 ");
    let silent = one("no-challenge");
    assert_eq!(
        (silent.status, silent.headers("www-authenticate").len()),
        (401, 0)
    );
    let several = one("several-challenges");
    let challenge = several.header("www-authenticate");
    assert!(
        challenge.starts_with("Basic ")
            && challenge.contains(", Bearer ")
            && challenge.contains(", DPoP ")
    );
}

#[test]
fn faults_change_the_key_set_and_the_metadata() {
    let server = Server::start();
    let own = server.get("/jwks.json").json();
    let one = |name: &str, path: &str| {
        fault(&server, &json!({"fault": name, "count": 1}));
        server.get(path)
    };
    assert_eq!(one("jwks-empty", "/jwks.json").json(), json!({"keys": []}));
    assert_eq!(one("jwks-500", "/jwks.json").status, 500);
    let other = one("jwks-rotated", "/jwks.json").json();
    assert_ne!(other["keys"][0]["kid"], own["keys"][0]["kid"]);
    assert_eq!(other["keys"][0]["kty"], own["keys"][0]["kty"]);
    fault(&server, &json!({"fault": "jwks-late"}));
    let fetched: Vec<bool> = (0..4)
        .map(|_| server.get("/jwks.json").json() == own)
        .collect();
    assert_eq!(fetched, [false, false, true, true]);
    let (oauth, openid) = (
        "/.well-known/oauth-authorization-server",
        "/.well-known/openid-configuration",
    );
    assert_eq!(
        one("metadata-wrong-issuer", oauth).json()["issuer"],
        "https://wrong.example"
    );
    assert_eq!(
        one("metadata-no-pkce", oauth)
            .json()
            .get("code_challenge_methods_supported"),
        None
    );
    assert_eq!(
        one("metadata-no-iss", openid)
            .json()
            .get("authorization_response_iss_parameter_supported"),
        None
    );
    assert_eq!(one("metadata-none", openid).status, 404);
    assert_eq!(one("metadata-openid-only", oauth).status, 404);
    assert_eq!(one("metadata-openid-only", openid).status, 200);
    let resource = "/.well-known/oauth-protected-resource/items";
    assert_eq!(
        one("resource-metadata-wrong-resource", resource).json()["resource"],
        "https://wrong.example"
    );
    let server_named = one("resource-metadata-other-server", resource).json();
    assert_eq!(
        server_named["authorization_servers"],
        json!(["https://wrong.example"])
    );
    assert_eq!(one("resource-metadata-none", resource).status, 404);
}

/// RFC 8725 section 3.1: the signature is good, for whoever goes by what the token says.
#[test]
fn a_token_is_signed_with_another_algorithm_of_its_key() {
    let server = Server::with(&["--alg", "RS256", "--fault", "wrong-alg"]);
    let token = service_answer(&server).text("access_token");
    let key = server.get("/jwks.json").json()["keys"][0].clone();
    assert_eq!(key["alg"], "RS256");
    let mut other = key.clone();
    other["alg"] = json!("RS384");
    let verify = |key: &Value| {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        std::io::Write::write_all(&mut file, key.to_string().as_bytes()).unwrap();
        let path = file.path().to_str().unwrap();
        crate::support::jott(["verify", "-q", "--any-aud", "-k", path, &token])
            .run()
            .status
    };
    assert_eq!((verify(&key), verify(&other)), (Some(1), Some(0)));
    assert_eq!(server.protected(&token).status, 401);
    let run = crate::support::jott(["issue", "-q", "--fault", "wrong-alg"]).env(
        "JOTT_SECRET",
        "a secret that is long enough for HS384, which has forty-eight bytes",
    );
    assert!(run.run().stdout.starts_with("eyJhbGciOiJIUzM4NCI"));
}

/// OpenID Connect Core 1.0 section 10.1.1: by the clock of the server, for whoever asks first.
#[test]
fn the_key_set_rotates_as_time_passes() {
    let server = Server::start();
    fault(&server, &json!({"fault": "jwks-rotating:30s"}));
    let names = || -> Vec<Value> {
        let keys = server.get("/jwks.json").json()["keys"].clone();
        keys.as_array()
            .unwrap()
            .iter()
            .map(|key| key["kid"].clone())
            .collect()
    };
    let first = names();
    assert_eq!((first.len(), names().len()), (1, 1));
    let token = server.service_token();
    let advance = || {
        control(
            &server,
            "POST",
            "/_control/clock",
            &json!({"advance": "30s"}),
        )
    };
    advance();
    let second = names();
    assert_eq!((second.len(), &second[1]), (2, &first[0]));
    assert_eq!(names(), second);
    assert_eq!(server.protected(&token).status, 200);
    advance();
    let third = server.service_token();
    assert_eq!(names().len(), 3);
    assert_eq!(server.protected(&third).status, 200);
    control(&server, "DELETE", "/_control/faults", &json!({}));
    advance();
    assert_eq!(names().len(), 3);
}

/// RFC 9449 sections 8 and 9: who sends the nonce in a proof passes.
#[test]
fn a_nonce_is_asked_for_at_either_server() {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let server = Server::start();
    let token = server.service_token();
    fault(&server, &json!({"fault": "dpop-nonce"}));
    let refused = service_answer(&server);
    refused.is_error(400, "use_dpop_nonce");
    let nonce = refused.header("dpop-nonce").to_owned();
    assert!(nonce.len() >= 22, "{nonce}");
    let at_resource = server.protected(&token);
    assert_eq!(at_resource.status, 401);
    let of_tokens = nonce;
    let nonce = at_resource.header("dpop-nonce").to_owned();
    assert_ne!(nonce, of_tokens);
    let challenge = at_resource.header("www-authenticate");
    assert!(challenge.starts_with("DPoP error=\"use_dpop_nonce\", "));
    let proof = |nonce: &str| {
        let claims = URL_SAFE_NO_PAD.encode(json!({"nonce": nonce}).to_string());
        let request = server.request("GET", "/protected").bearer(&token);
        request
            .header("DPoP", &format!("e30.{claims}."))
            .send()
            .status
    };
    let all = [&*of_tokens, "old", &nonce, ""].map(proof);
    assert_eq!(all, [401, 401, 200, 401]);
}

/// OpenID Connect Core 1.0 section 5.3.2.
#[test]
fn somebody_else_is_told_of_than_has_logged_in() {
    let server = Server::start();
    let token = tokens(&server, &[]).text("access_token");
    let told = || {
        server
            .request("GET", "/userinfo")
            .bearer(&token)
            .send()
            .json()["sub"]
            .clone()
    };
    fault(
        &server,
        &json!({"fault": "userinfo-wrong-sub", "count": 1, "client": "demo-app"}),
    );
    assert_eq!((told(), told()), (json!("wrong"), json!("alice")));
}

/// RFC 6749 section 4.1.2: the code is good once, and a client that is asked twice has to bear it.
#[test]
fn a_browser_brings_the_answer_twice() {
    let client = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let callback = format!("http://{}/callback", client.local_addr().unwrap());
    let server = Server::with(&[
        "--alg",
        "ES256",
        "--auto-login",
        "--fault",
        "callback-twice",
    ]);
    let page = server.get(&format!(
        "/authorize?{}",
        request(&[("redirect_uri", &callback)])
    ));
    assert_eq!(page.status, 200);
    let location = page.header("refresh").strip_prefix("1; url=").unwrap();
    assert!(
        location.starts_with(&format!("{callback}?code=")),
        "{location}"
    );
    assert!(
        page.header("content-security-policy")
            .contains("img-src http: https:")
    );
    let profile = tempfile::tempdir().unwrap();
    let mut chromium = crate::peer::tool("chromium");
    chromium.args([
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--remote-debugging-port=0",
    ]);
    chromium.arg(format!("--user-data-dir={}", profile.path().display()));
    chromium.arg(format!(
        "{}/authorize?{}",
        server.issuer(),
        request(&[("redirect_uri", &callback)])
    ));
    let mut browser = chromium
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let targets: Vec<String> = (0..2).map(|_| asked(&client)).collect();
    let _ = browser.kill();
    let _ = browser.wait();
    assert!(targets[0].starts_with("/callback?code="), "{targets:?}");
    assert_eq!(targets[0], targets[1]);
}

/// What a browser asks a client for, beside its icon.
fn asked(client: &std::net::TcpListener) -> String {
    use std::io::{BufRead as _, Write as _};
    loop {
        let (stream, _) = client.accept().unwrap();
        let mut line = String::new();
        std::io::BufReader::new(&stream)
            .read_line(&mut line)
            .unwrap();
        let _ = (&stream).write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 2\r\nconnection: close\r\n\r\nhi");
        let target = line.split(' ').nth(1).unwrap_or_default().to_owned();
        if target.starts_with("/callback") {
            return target;
        }
    }
}

/// RFC 9207 section 2.4, RFC 6749 sections 4.1.2.1 and 10.12.
#[test]
fn faults_change_what_comes_back_with_the_browser() {
    let server = Server::start();
    let back = |name: &str| {
        fault(&server, &json!({"fault": name, "count": 1}));
        let mut browser = Browser::new(&server);
        browser.allow(&request(&[]))
    };
    assert_eq!(
        back("wrong-response-iss").back("iss").as_deref(),
        Some("https://wrong.example")
    );
    assert_eq!(back("no-response-iss").back("iss"), None);
    assert_eq!(
        back("near-response-iss").back("iss"),
        Some(format!("{}/", server.issuer()))
    );
    assert_eq!(back("wrong-state").back("state").as_deref(), Some("wrong"));
    let denied = back("consent-denied");
    assert_eq!(denied.back("error").as_deref(), Some("access_denied"));
    assert_eq!(denied.back("code"), None);
}

#[test]
fn a_fault_is_for_the_client_and_the_user_that_it_was_asked_for() {
    let server = Server::start();
    fault(&server, &json!({"fault": "expired", "client": "demo-web"}));
    fault(&server, &json!({"fault": "expired", "user": "bob"}));
    fault(
        &server,
        &json!({"fault": "status:500", "client": "demo-web", "endpoint": "introspect"}),
    );
    assert_eq!(server.protected(&server.service_token()).status, 200);
    let password = |user, password| {
        let form = [
            ("grant_type", "password"),
            ("username", user),
            ("password", password),
        ];
        server.post("/token", &form).text("access_token")
    };
    assert_eq!(
        server.protected(&password("alice", "wonderland")).status,
        200
    );
    assert_eq!(server.protected(&password("bob", "builder")).status, 401);
    let ask = |id, secret| {
        let request = server.request("POST", "/introspect").basic(id, secret);
        request.form(&[("token", "x")]).send().status
    };
    assert_eq!(ask("demo-web", "demo-web-secret"), 500);
    assert_eq!(ask("demo-service", "demo-service-secret"), 200);
}

/// What is asked for wrongly is refused with a reason, and changes nothing.
#[test]
fn what_is_no_fault_is_refused() {
    let server = Server::start();
    for (rule, reason) in [
        (json!({"fault": "expird"}), "did you mean `expired`?"),
        (
            json!({"fault": "expired", "endpoint": "jwks"}),
            "it can act at token",
        ),
        (json!({"fault": "expired", "often": 2}), "unknown field"),
        (json!({"fault": "slow"}), "slow:MS"),
        (json!({}), "missing field"),
        (json!("expired"), "that is not a fault"),
        (
            json!([{"fault": "expired"}, {"fault": "x"}]),
            "there is no fault `x`",
        ),
    ] {
        let refused = fault(&server, &rule);
        assert_eq!(refused.status, 400, "{refused:?}");
        assert!(refused.text("message").contains(reason), "{refused:?}");
    }
    let form = server
        .request("POST", "/_control/faults")
        .form(&[("fault", "expired")]);
    assert_eq!(form.send().status, 415);
    assert_eq!(server.get("/_control/faults").json()["active"], json!([]));
    assert_eq!(server.protected(&server.service_token()).status, 200);
}

#[test]
fn the_faults_there_are_and_those_that_are_on_are_listed_and_switched_off() {
    let server = Server::with(&["--fault", "slow:1"]);
    let listed = server.get("/_control/faults").json();
    let faults = listed["faults"].as_array().unwrap();
    assert!(faults.len() > 40);
    for fault in faults {
        for name in ["name", "about", "section"] {
            assert!(!fault[name].as_str().unwrap().is_empty(), "{fault}");
        }
        assert!(!fault["acts_at"].as_array().unwrap().is_empty(), "{fault}");
    }
    let expired = faults
        .iter()
        .find(|fault| fault["name"] == "expired")
        .unwrap();
    assert_eq!(expired["section"], "RFC 7519 section 4.1.4");
    assert_eq!(listed["active"][0]["fault"], "slow:1");
    let two = fault(
        &server,
        &json!([{"fault": "expired"}, {"fault": "wrong-aud", "client": "demo-app"}]),
    );
    assert_eq!(two.json().as_array().unwrap().len(), 2);
    let remove = |body: Value| {
        control(&server, "DELETE", "/_control/faults", &body).json()["removed"].clone()
    };
    assert_eq!(remove(json!({"client": "demo-app"})), 1);
    assert_eq!(remove(json!({"fault": "slow"})), 1);
    assert_eq!(
        server
            .request("DELETE", "/_control/faults?fault=expired")
            .send()
            .json()["removed"],
        1
    );
    assert_eq!(
        server.request("DELETE", "/_control/faults").send().json()["removed"],
        0
    );
    assert_eq!(
        server
            .request("DELETE", "/_control/faults?x=1")
            .send()
            .status,
        400
    );
}

/// The page of the faults has every fault.
#[test]
fn the_page_of_the_faults_has_a_row_for_each() {
    let server = Server::start();
    let listed = server.get("/_control/faults").json();
    let rows = listed["faults"].as_array().unwrap().iter().map(|fault| {
        let text = |name: &str| fault[name].as_str().unwrap_or_default().to_owned();
        let (name, argument) = (text("name"), text("argument"));
        format!(
            "| `{name}{argument}` | {} | {} |\n",
            text("about"),
            text("section")
        )
    });
    let head = "| fault | what happens | what a client relies on |\n|---|---|---|\n";
    let table = format!("{head}{}", rows.collect::<String>());
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/man/faults.md");
    let page = std::fs::read_to_string(path).unwrap();
    let (before, _) = page.split_once(head).unwrap();
    let whole = format!("{before}{table}");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(path, whole).unwrap();
    } else {
        assert_eq!(page, whole);
    }
}

/// With no fault on, nothing is told of faults, and answers are as they are.
#[test]
fn without_a_fault_nothing_is_changed() {
    let server = Server::start();
    let answer = tokens(&server, &[]);
    assert_eq!(server.protected(&answer.text("access_token")).status, 200);
    assert!(!server.whole_log().contains("the fault"));
}

#[test]
fn a_thousand_faults_for_others_change_nothing() {
    let server = Server::start();
    let rules: Vec<Value> = (0..1000)
        .map(|n| json!({"fault": "status:500", "client": format!("nobody-{n}")}))
        .collect();
    assert_eq!(fault(&server, &Value::Array(rules)).status, 201);
    assert_eq!(server.protected(&server.service_token()).status, 200);
    let request = Request::new(server.request("GET", "/").port(), "GET", "/jwks.json");
    assert_eq!(request.send().status, 200);
}
