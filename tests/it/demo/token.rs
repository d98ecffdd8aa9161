//! The token endpoint: rows T1 to T16.

use aws_lc_rs::digest;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::browser::Browser;
use super::browser::{CALLBACK, VERIFIER, code, redemption, refreshing, request, tokens};
use super::http::Answer;
use super::mint::{payload, segment};
use super::server::Server;

const PASSWORD: [(&str, &str); 3] = [
    ("grant_type", "password"),
    ("username", "alice"),
    ("password", "wonderland"),
];

/// RFC 6749 section 5.1.
#[test]
fn a_token_answer_has_what_a_client_needs_and_is_not_kept() {
    let server = Server::start();
    let answer = server.service("/token", &[("grant_type", "client_credentials")]);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("pragma"), "no-cache");
    let json = answer.json();
    assert_eq!(json["token_type"], "Bearer");
    assert_eq!(json["expires_in"], 1800);
    assert_eq!(json["scope"], "items:read items:write mcp:read mcp:write");
    assert!(json["access_token"].is_string());
}

/// RFC 6749 section 4.4.3: no refresh token; RFC 9068 section 2.2: `sub` is the client.
#[test]
fn a_client_that_asks_for_itself_gets_no_refresh_token() {
    let server = Server::start();
    let answer = server.service("/token", &[("grant_type", "client_credentials")]);
    assert!(answer.json().get("refresh_token").is_none());
    let claims = payload(&answer.text("access_token"));
    assert_eq!(claims["sub"], "demo-service");
    assert_eq!(claims["client_id"], "demo-service");
}

/// RFC 9068 sections 2.1 and 2.2.
#[test]
fn an_access_token_has_all_that_its_profile_demands() {
    let server = Server::with(&[]);
    let token = server.alice_token("items:read");
    let header = segment(&token, 0);
    assert_eq!(header["alg"], "RS256");
    assert_eq!(header["typ"], "at+jwt");
    let jwks = server.get("/jwks.json").json();
    assert_eq!(header["kid"], jwks["keys"][0]["kid"]);
    let claims = payload(&token);
    assert_eq!(claims["iss"], server.issuer());
    assert_eq!(claims["aud"], server.issuer());
    assert_eq!(claims["sub"], "alice");
    assert_eq!(claims["scope"], "items:read");
    for name in ["exp", "iat", "auth_time"] {
        assert!(claims[name].is_u64(), "{name}");
    }
    assert_eq!(
        claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(),
        1800
    );
    assert!(
        claims["jti"].as_str().unwrap().len() >= 22,
        "RFC 6749 section 10.10"
    );
}

/// RFC 6749 section 5.2.
#[test]
fn a_missing_or_empty_parameter_is_an_invalid_request() {
    let server = Server::start();
    server.post("/token", &[]).is_error(400, "invalid_request");
    server
        .post("/token", &[("grant_type", "")])
        .is_error(400, "invalid_request");
    server
        .post(
            "/token",
            &[("grant_type", "password"), ("username", "alice")],
        )
        .is_error(400, "invalid_request");
    server
        .post(
            "/token",
            &[
                ("grant_type", "authorization_code"),
                ("client_id", "demo-app"),
            ],
        )
        .is_error(400, "invalid_request");
    server
        .post(
            "/token",
            &[("grant_type", "refresh_token"), ("client_id", "demo-app")],
        )
        .is_error(400, "invalid_request");
}

/// RFC 6749 section 3.2: parameters are not repeated, those without a value count as omitted, and
/// unknown ones are ignored.
#[test]
fn parameters_come_once_and_unknown_ones_do_not_matter() {
    let server = Server::start();
    let twice = [
        PASSWORD.as_slice(),
        &[("scope", "items:read"), ("scope", "items:read")],
    ]
    .concat();
    server
        .post("/token", &twice)
        .is_error(400, "invalid_request");
    let unknown = [PASSWORD.as_slice(), &[("x", "1"), ("scope", "")]].concat();
    assert_eq!(server.post("/token", &unknown).status, 200);
}

/// RFC 6749 section 3.2 and appendix B.
#[test]
fn a_body_that_is_no_form_is_an_invalid_request() {
    let server = Server::start();
    let form = "grant_type=password&username=alice&password=wonderland";
    for (content_type, body) in [
        (
            "application/json",
            r#"{"grant_type":"password","username":"alice","password":"wonderland"}"#,
        ),
        ("text/plain", form),
        ("multipart/form-data; boundary=x", form),
        ("application/x-www-form-urlencodedx", form),
        ("application/x-www-form-urlencoded", "grant_type=%zz"),
        (
            "application/x-www-form-urlencoded",
            "grant_type=password&username=%ff&password=x",
        ),
    ] {
        let answer = server
            .request("POST", "/token")
            .body(content_type, body)
            .send();
        answer.is_error(400, "invalid_request");
    }
    let charset = "Application/X-WWW-Form-Urlencoded; charset=utf-8";
    assert_eq!(
        server
            .request("POST", "/token")
            .body(charset, form)
            .send()
            .status,
        200
    );
}

/// RFC 6749 section 5.2.
#[test]
fn an_unknown_grant_is_unsupported() {
    let server = Server::start();
    for grant in [
        "implicit",
        "PASSWORD",
        "urn:example:grant",
        "client_credentials ",
    ] {
        server
            .service("/token", &[("grant_type", grant)])
            .is_error(400, "unsupported_grant_type");
    }
}

/// RFC 6749 section 5.2, RFC 9110 section 11.6.1.
#[test]
fn a_client_that_cannot_prove_itself_is_told_how() {
    let server = Server::start();
    let grant = [("grant_type", "client_credentials")];
    let basic = |id: &str, secret: &str| {
        server
            .request("POST", "/token")
            .basic(id, secret)
            .form(&grant)
            .send()
    };
    let post = |id: &str, secret: &str| {
        let form = [grant[0], ("client_id", id), ("client_secret", secret)];
        server.post("/token", &form)
    };
    for answer in [
        basic("demo-service", "wrong"),
        basic("demo-service", ""),
        basic("nobody", "wrong"),
        basic("demo-app", "a-secret-it-has-not"),
        server
            .request("POST", "/token")
            .header("Authorization", "Basic !")
            .form(&grant)
            .send(),
        server
            .request("POST", "/token")
            .bearer("x")
            .form(&grant)
            .send(),
    ] {
        answer.is_error(401, "invalid_client");
        assert!(
            answer
                .header("www-authenticate")
                .starts_with("Basic realm=")
        );
    }
    // Who did not use the header is not asked to: others would take a 401 for a question to a person.
    for answer in [
        post("demo-service", "wrong"),
        post("demo-service", ""),
        post("nobody", "wrong"),
        post("demo-app", "a-secret-it-has-not"),
        server.post("/token", &grant),
    ] {
        answer.is_error(400, "invalid_client");
        assert!(answer.headers("www-authenticate").is_empty());
    }
    assert_eq!(post("demo-service", "demo-service-secret").status, 200);
}

/// RFC 6749 section 2.3.1: id and secret are form-encoded before they are joined.
#[test]
fn a_secret_may_have_any_characters() {
    let secret = "a:b%2B+c d/é";
    let server = Server::with(&[
        "--alg",
        "ES256",
        "--client",
        &format!("odd:{secret}=https://a.example/"),
    ]);
    let request = server.request("POST", "/token").basic("odd", secret);
    let answer = request.form(&[("grant_type", "client_credentials")]).send();
    assert_eq!(answer.status, 200, "{answer:?}");
}

/// RFC 6749 section 2.3: no more than one method in a request.
#[test]
fn two_ways_to_authenticate_are_one_too_many() {
    let server = Server::start();
    let grant = ("grant_type", "client_credentials");
    let secret = ("client_secret", "demo-service-secret");
    server
        .service("/token", &[grant, secret])
        .is_error(400, "invalid_request");
    server
        .service("/token", &[grant, ("client_id", "demo-web")])
        .is_error(400, "invalid_request");
    server
        .post("/token", &[grant, secret])
        .is_error(400, "invalid_request");
    let same = server.service("/token", &[grant, ("client_id", "demo-service")]);
    assert_eq!(same.status, 200);
}

/// RFC 6749 section 5.2.
#[test]
fn a_grant_that_the_client_may_not_use_is_refused() {
    let server = Server::start();
    server
        .service(
            "/token",
            &[("grant_type", "refresh_token"), ("refresh_token", "x")],
        )
        .is_error(400, "unauthorized_client");
    server
        .post(
            "/token",
            &[
                ("grant_type", "client_credentials"),
                ("client_id", "demo-app"),
            ],
        )
        .is_error(400, "unauthorized_client");
}

/// RFC 6749 section 5.2: 400, and never 401, which is for clients.
#[test]
fn a_wrong_password_is_an_invalid_grant_as_an_unknown_user_is() {
    let server = Server::start();
    let with = |name, password| {
        let form = [
            ("grant_type", "password"),
            ("username", name),
            ("password", password),
        ];
        let answer = server.post("/token", &form);
        answer.is_error(400, "invalid_grant");
        answer.json()
    };
    let wrong = with("alice", "wrong");
    assert_eq!(wrong, with("nobody", "wonderland"));
    assert_eq!(
        wrong["error_description"],
        "the grant is invalid, expired, revoked or not this client's"
    );
}

/// RFC 9700 section 2.4: the log says what is wrong with this grant; it works as in the seed.
#[test]
fn the_password_grant_works_without_a_client_and_is_advised_against() {
    let server = Server::start();
    let answer = server.post("/token", &PASSWORD);
    assert_eq!(answer.status, 200);
    assert!(answer.json().get("refresh_token").is_none());
    assert_eq!(
        payload(&answer.text("access_token"))["client_id"],
        "demo-app"
    );
    assert_eq!(
        answer.json()["scope"],
        "profile email items:read items:write mcp:read mcp:write"
    );
    server.log_with("(RFC 9700 section 2.4)");
}

/// RFC 6749 section 4.3.2: a client that is named is authenticated.
#[test]
fn the_password_grant_takes_a_client_that_proves_itself() {
    let server = Server::start();
    let web = |secret| {
        server
            .request("POST", "/token")
            .basic("demo-web", secret)
            .form(&PASSWORD)
            .send()
    };
    web("wrong").is_error(401, "invalid_client");
    let answer = web("demo-web-secret");
    assert_eq!(
        payload(&answer.text("access_token"))["client_id"],
        "demo-web"
    );
    assert!(answer.json()["refresh_token"].is_string());
}

/// RFC 6749 sections 3.3 and 5.2.
#[test]
fn a_scope_is_known_well_formed_and_the_clients_own() {
    let server = Server::start();
    for scope in [
        "unknown",
        "openid",
        "items:read  items:write",
        " items:read",
        "a\"b",
        "a\\b",
        "é",
    ] {
        server
            .service(
                "/token",
                &[("grant_type", "client_credentials"), ("scope", scope)],
            )
            .is_error(400, "invalid_scope");
    }
    let form = [
        ("grant_type", "client_credentials"),
        ("scope", "items:write"),
    ];
    assert_eq!(
        server.service("/token", &form).json()["scope"],
        "items:write"
    );
}

/// RFC 6749 section 3.2: the client uses POST; RFC 9110 section 15.5.6: `Allow`.
#[test]
fn the_token_endpoint_is_posted_to() {
    let server = Server::start();
    for method in ["GET", "PUT", "DELETE", "HEAD"] {
        let answer = server.request(method, "/token").send();
        assert_eq!(answer.status, 405, "{method}");
        assert_eq!(answer.header("allow"), "POST");
        assert_eq!(answer.header("content-type"), "application/json");
    }
}

/// RFC 6749 section 2.3.1: credentials are not in the URI.
#[test]
fn credentials_in_the_query_do_not_count() {
    let server = Server::start();
    let query = "/token?client_id=demo-service&client_secret=demo-service-secret";
    server
        .post(query, &[("grant_type", "client_credentials")])
        .is_error(400, "invalid_client");
    server
        .post("/token?grant_type=client_credentials", &[])
        .is_error(400, "invalid_request");
}

/// RFC 6749 section 5.2: no character of the request comes back.
#[test]
fn nothing_of_a_request_comes_back_in_an_error() {
    let server = Server::start();
    let answer = server.post("/token", &[("grant_type", "<alert>\"\\\n\u{1b}[31m")]);
    answer.is_error(400, "unsupported_grant_type");
    assert!(!answer.body.contains("alert"));
    let log = server.log_with("`grant_type` is `<alert>");
    assert!(!log.contains('\u{1b}'), "{log}");
}

/// RFC 6749 section 4.1.3, OpenID Connect Core 1.0 section 3.1.3.3.
#[test]
fn a_code_becomes_tokens() {
    let server = Server::start();
    let answer = tokens(&server, &[("nonce", "n-0S6_WzA2Mj")]);
    assert_eq!(answer.json()["scope"], "openid items:read");
    assert!(answer.json()["refresh_token"].is_string());
    let access = payload(&answer.text("access_token"));
    assert_eq!(access["sub"], "alice");
    assert!(access.get("nonce").is_none());
    let id_token = answer.text("id_token");
    assert_eq!(segment(&id_token, 0)["typ"], "JWT");
    let id = payload(&id_token);
    assert_eq!(id["aud"], "demo-app");
    assert_eq!(id["sub"], "alice");
    assert_eq!(id["nonce"], "n-0S6_WzA2Mj");
    assert_eq!(id["auth_time"], access["auth_time"]);
    let without = tokens(&server, &[("scope", "items:read")]);
    assert!(without.json().get("id_token").is_none());
}

/// OpenID Connect Core 1.0 section 3.1.3.6: half of the hash that the algorithm of the ID token uses.
#[test]
fn an_id_token_names_its_access_token() {
    let hashes = [
        ("RS256", Some(&digest::SHA256)),
        ("PS384", Some(&digest::SHA384)),
        ("ES512", Some(&digest::SHA512)),
        ("EdDSA", Some(&digest::SHA512)),
        ("ML-DSA-44", None),
    ];
    for (algorithm, hash) in hashes {
        let server = Server::with(&["--alg", algorithm]);
        let first = tokens(&server, &[("scope", "openid offline_access")]);
        let refresh = first.text("refresh_token");
        for answer in [&first, &server.post("/token", &refreshing(&refresh))] {
            let access_token = answer.text("access_token");
            let expected = hash.map(|hash| {
                let hash = digest::digest(hash, access_token.as_bytes());
                let (half, _) = hash.as_ref().split_at(hash.as_ref().len() / 2);
                URL_SAFE_NO_PAD.encode(half)
            });
            let id = payload(&answer.text("id_token"));
            assert_eq!(id["at_hash"].as_str(), expected.as_deref(), "{algorithm}");
            assert!(payload(&access_token).get("at_hash").is_none());
        }
    }
}

/// RFC 6749 sections 2.3.1 and 3.2: without id and secret the header names nobody, as Swagger UI
/// sends it for a form of which the client was left empty.
#[test]
fn a_basic_header_without_a_client_counts_as_none() {
    let server = Server::start();
    let with_nobody = |form: &[(&str, &str)]| {
        let request = server.request("POST", "/token").basic("", "");
        request.form(form).send()
    };
    let password = [
        ("grant_type", "password"),
        ("username", "alice"),
        ("password", "wonderland"),
    ];
    let answer = with_nobody(&password);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(answer.json().get("refresh_token").is_none());
    assert_eq!(
        payload(&answer.text("access_token"))["client_id"],
        "demo-app"
    );
    let named = with_nobody(&[password.as_slice(), &[("client_id", "demo-app")]].concat());
    assert!(named.json()["refresh_token"].is_string());
    let wrong = with_nobody(&[password[0], password[1], ("password", "builder")]);
    wrong.is_error(400, "invalid_grant");
    with_nobody(&[("grant_type", "client_credentials")]).is_error(401, "invalid_client");
    let secret = server.request("POST", "/token").basic("", "secret");
    secret
        .form(&password)
        .send()
        .is_error(401, "invalid_client");
}

/// RFC 6749 section 4.1.2: used once; a second use revokes what came of the first.
#[test]
fn a_code_that_is_used_twice_takes_its_tokens_along() {
    let server = Server::start();
    let code = code(&server, &[]);
    let first = server.post("/token", &redemption(&code));
    let access = first.text("access_token");
    assert_eq!(server.protected(&access).status, 200);
    server
        .post("/token", &redemption(&code))
        .is_error(400, "invalid_grant");
    assert_eq!(server.protected(&access).status, 401);
    server
        .post("/token", &refreshing(&first.text("refresh_token")))
        .is_error(400, "invalid_grant");
    let log = server.log_with("the code has been used already");
    assert!(!log.contains(&code), "{log}");
}

/// RFC 6749 section 4.1.2.
#[test]
fn a_code_expires() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "[lifetimes]\ncode = \"1s\"\n").unwrap();
    let server = Server::with(&["--alg", "ES256", "--config", file.path().to_str().unwrap()]);
    let code = code(&server, &[]);
    std::thread::sleep(std::time::Duration::from_millis(1100));
    server
        .post("/token", &redemption(&code))
        .is_error(400, "invalid_grant");
    server.log_with("the code has expired (RFC 6749 section 4.1.2)");
}

/// RFC 6749 section 4.1.3, RFC 7636 sections 4.1 and 4.6. What fails does not use the code up.
#[test]
fn a_code_is_bound_to_client_redirect_uri_and_verifier() {
    let server = Server::start();
    let code = code(&server, &[]);
    let change = |name: &str, value: &'static str| {
        let mut form = redemption(&code).to_vec();
        form.retain(|(n, _)| *n != name);
        form.push((name_of(name), value));
        server.post("/token", &form)
    };
    change("redirect_uri", "http://127.0.0.1:10/callback").is_error(400, "invalid_grant");
    change("redirect_uri", "").is_error(400, "invalid_request");
    change(
        "code_verifier",
        "another-verifier-of-at-least-43-characters-012",
    )
    .is_error(400, "invalid_grant");
    change("code_verifier", "").is_error(400, "invalid_grant");
    change("code_verifier", "short").is_error(400, "invalid_request");
    change("code", "unknown").is_error(400, "invalid_grant");
    let web = redemption(&code)
        .into_iter()
        .filter(|(name, _)| *name != "client_id");
    let web: Vec<_> = web.collect();
    server
        .request("POST", "/token")
        .basic("demo-web", "demo-web-secret")
        .form(&web)
        .send()
        .is_error(400, "invalid_grant");
    assert_eq!(server.post("/token", &redemption(&code)).status, 200);
}

fn name_of(name: &str) -> &'static str {
    ["redirect_uri", "code_verifier", "code"]
        .into_iter()
        .find(|known| *known == name)
        .unwrap()
}

/// RFC 9700 section 4.8.2: a verifier without a challenge is a sign of an attack.
#[test]
fn a_verifier_without_a_challenge_is_refused() {
    let server = Server::start();
    let changes = [
        ("client_id", "demo-web"),
        ("code_challenge", ""),
        ("code_challenge_method", ""),
    ];
    let code = Browser::new(&server)
        .allow(&request(&changes))
        .back("code")
        .unwrap();
    let web = |verifier: &[(&str, &str)]| {
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", CALLBACK),
        ];
        server
            .request("POST", "/token")
            .basic("demo-web", "demo-web-secret")
            .form(&[&form, verifier].concat())
            .send()
    };
    web(&[("code_verifier", VERIFIER)]).is_error(400, "invalid_grant");
    assert_eq!(web(&[]).status, 200);
    server.log_with("(RFC 9700 section 2.1.1)");
}

/// RFC 9700 section 4.14.2, RFC 6749 section 6.
#[test]
fn a_refresh_token_changes_with_each_use_and_an_old_one_ends_them_all() {
    let server = Server::start();
    let first = tokens(&server, &[]);
    let second = server.post("/token", &refreshing(&first.text("refresh_token")));
    assert_eq!(second.status, 200);
    assert_ne!(first.text("refresh_token"), second.text("refresh_token"));
    let access = second.text("access_token");
    server
        .post("/token", &refreshing(&first.text("refresh_token")))
        .is_error(400, "invalid_grant");
    server
        .post("/token", &refreshing(&second.text("refresh_token")))
        .is_error(400, "invalid_grant");
    assert_eq!(server.protected(&access).status, 401);
    server.log_with("its whole family is revoked (RFC 9700 section 4.14.2)");
}

/// RFC 6749 section 6: the same client, the same scope or less. A request that fails changes nothing.
#[test]
fn a_refresh_is_for_the_same_client_and_no_more_scope() {
    let server = Server::start();
    let first = tokens(&server, &[]);
    let token = first.text("refresh_token");
    let more = [
        refreshing(&token).as_slice(),
        &[("scope", "items:read items:write")],
    ]
    .concat();
    server.post("/token", &more).is_error(400, "invalid_scope");
    let other = [
        ("grant_type", "refresh_token"),
        ("refresh_token", token.as_str()),
    ];
    server
        .request("POST", "/token")
        .basic("demo-web", "demo-web-secret")
        .form(&other)
        .send()
        .is_error(400, "invalid_grant");
    let less = [refreshing(&token).as_slice(), &[("scope", "items:read")]].concat();
    let second = server.post("/token", &less);
    assert_eq!(second.json()["scope"], "items:read");
    assert!(second.json().get("id_token").is_none());
    let third = server.post("/token", &refreshing(&second.text("refresh_token")));
    assert_eq!(
        third.json()["scope"],
        "openid items:read",
        "the grant stays as it was"
    );
    let id = payload(&third.text("id_token"));
    assert_eq!(
        id["auth_time"],
        payload(&first.text("id_token"))["auth_time"]
    );
}

/// RFC 6749 section 5.2.
#[test]
fn a_refresh_token_that_is_none_is_an_invalid_grant() {
    let server = Server::start();
    for token in ["x", "a.b", "..", "\u{0}"] {
        server
            .post("/token", &refreshing(token))
            .is_error(400, "invalid_grant");
    }
}

/// RFC 8707 section 2.
#[test]
fn a_resource_becomes_the_audience() {
    let server = Server::start();
    let grant = ("grant_type", "client_credentials");
    let one = server.service("/token", &[grant, ("resource", "https://api.example/")]);
    assert_eq!(
        payload(&one.text("access_token"))["aud"],
        "https://api.example/"
    );
    let two = [
        grant,
        ("resource", "https://a.example"),
        ("resource", "https://b.example"),
    ];
    let two = server.service("/token", &two);
    let expected = json!(["https://a.example", "https://b.example"]);
    assert_eq!(payload(&two.text("access_token"))["aud"], expected);
    for bad in ["api", "/api", "https://api.example/#x", "https://a b"] {
        server
            .service("/token", &[grant, ("resource", bad)])
            .is_error(400, "invalid_target");
    }
}

/// RFC 8707 section 2.2: what was not granted cannot be had.
#[test]
fn a_resource_of_a_token_request_is_one_of_those_granted() {
    let server = Server::start();
    let granted = [
        ("resource", "https://a.example"),
        ("resource", "https://b.example"),
    ];
    let code = code(&server, &granted);
    let with = |resource| [redemption(&code).as_slice(), &[("resource", resource)]].concat();
    server
        .post("/token", &with("https://c.example"))
        .is_error(400, "invalid_target");
    let answer = server.post("/token", &with("https://a.example"));
    assert_eq!(
        payload(&answer.text("access_token"))["aud"],
        "https://a.example"
    );
}

/// RFC 8707 section 2.2: a refresh may be for fewer resources, and the grant stays as it was. A request
/// that fails changes nothing.
#[test]
fn a_refresh_may_be_for_fewer_resources_and_for_no_other() {
    let server = Server::start();
    let (one, two) = ("https://a.example", "https://b.example");
    let first = tokens(&server, &[("resource", one), ("resource", two)]);
    let aud = |answer: &Answer| payload(&answer.text("access_token"))["aud"].clone();
    assert_eq!(aud(&first), json!([one, two]));
    let refresh = |token: &str, resource: &[(&str, &str)]| {
        let form = [refreshing(token).as_slice(), resource].concat();
        server.post("/token", &form)
    };
    let token = first.text("refresh_token");
    for other in ["https://c.example", "https://a.example/x", &server.issuer()] {
        refresh(&token, &[("resource", other)]).is_error(400, "invalid_target");
        refresh(&token, &[("resource", one), ("resource", other)]).is_error(400, "invalid_target");
    }
    server.log_with("; `https://c.example` was not granted (RFC 8707 section 2.2)\n");
    refresh(&token, &[("resource", "b")]).is_error(400, "invalid_target");
    let narrow = refresh(&token, &[("resource", two)]);
    assert_eq!(aud(&narrow), two);
    let whole = refresh(&narrow.text("refresh_token"), &[]);
    assert_eq!(aud(&whole), json!([one, two]));
}

/// `--expires` is that of access tokens and ID tokens.
#[test]
fn lifetimes_can_be_chosen() {
    let server = Server::with(&["--alg", "ES256", "--expires", "90s"]);
    let answer = tokens(&server, &[]);
    assert_eq!(answer.json()["expires_in"], 90);
    for name in ["access_token", "id_token"] {
        let claims = payload(&answer.text(name));
        assert_eq!(
            claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(),
            90
        );
    }
}
