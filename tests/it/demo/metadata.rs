//! What the server says of itself: rows O1 to O3, and what scripts of other origins may read.

use serde_json::{Value, json};

use super::server::Server;

const OAUTH: &str = "/.well-known/oauth-authorization-server";
const OPENID: &str = "/.well-known/openid-configuration";
const RESOURCE: &str = "/.well-known/oauth-protected-resource";

/// RFC 8414 sections 2 and 3, OpenID Connect Discovery 1.0 sections 3 and 4.
#[test]
fn metadata_names_the_issuer_and_what_exists() {
    let server = Server::start();
    let issuer = server.issuer();
    assert_eq!(issuer, format!("http://127.0.0.1:{}", server.port));
    for place in [OAUTH, OPENID] {
        let answer = server.get(place);
        assert_eq!(answer.header("cache-control"), "public, max-age=60");
        let document = answer.json();
        assert_eq!(document["issuer"], issuer);
        assert_eq!(document["response_types_supported"], json!(["code"]));
        assert_eq!(
            document["code_challenge_methods_supported"],
            json!(["S256"])
        );
        assert_eq!(
            document["authorization_response_iss_parameter_supported"],
            true
        );
        let grants = json!([
            "authorization_code",
            "refresh_token",
            "client_credentials",
            "password",
            "urn:ietf:params:oauth:grant-type:device_code",
            "urn:ietf:params:oauth:grant-type:token-exchange",
            "urn:ietf:params:oauth:grant-type:jwt-bearer"
        ]);
        assert_eq!(document["grant_types_supported"], grants);
        let methods = json!([
            "client_secret_basic",
            "client_secret_post",
            "private_key_jwt",
            "client_secret_jwt",
            "none"
        ]);
        assert_eq!(document["token_endpoint_auth_methods_supported"], methods);
    }
    let openid = server.get(OPENID).json();
    assert_eq!(
        openid["id_token_signing_alg_values_supported"],
        json!(["ES256"])
    );
    assert_eq!(openid["subject_types_supported"], json!(["public"]));
    // Initiating User Registration via OpenID Connect 1.0 section 4.2.
    assert_eq!(
        openid["prompt_values_supported"],
        json!(["none", "login", "consent", "select_account"])
    );
    assert_eq!(openid["request_uri_parameter_supported"], false);
}

/// Every endpoint in the metadata and in the ready line is there.
#[test]
fn endpoints_that_are_named_exist() {
    let server = Server::start();
    let document = server.get(OPENID).json();
    let endpoints = server.ready["endpoints"].as_object().unwrap();
    assert_eq!(endpoints.len(), 10);
    for (name, url) in endpoints {
        assert_eq!(&document[name], url);
        let path = url
            .as_str()
            .unwrap()
            .strip_prefix(&server.issuer())
            .unwrap();
        assert_ne!(server.get(path).status, 404, "{name}");
    }
}

/// RFC 9728 sections 2 and 3: each resource has metadata of its own, with its own URL.
#[test]
fn each_resource_names_itself_and_its_authorization_server() {
    let server = Server::start();
    let issuer = server.issuer();
    for (path, scopes) in [
        (
            "",
            json!(["items:read", "items:write", "mcp:read", "mcp:write"]),
        ),
        ("/protected", Value::Null),
        ("/items", json!(["items:read", "items:write"])),
        ("/mcp", json!(["mcp:read", "mcp:write"])),
        ("/userinfo", json!(["openid", "profile", "email"])),
    ] {
        let document = server.get(&format!("{RESOURCE}{path}")).json();
        assert_eq!(document["resource"], format!("{issuer}{path}"));
        assert_eq!(document["authorization_servers"], json!([issuer]));
        // Section 3.2: what is empty is left out.
        assert_eq!(
            document.get("scopes_supported").unwrap_or(&Value::Null),
            &scopes
        );
        assert_eq!(document["bearer_methods_supported"], json!(["header"]));
    }
    let resources =
        ["", "/protected", "/items", "/mcp", "/userinfo"].map(|path| format!("{issuer}{path}"));
    assert_eq!(
        server.get(OAUTH).json()["protected_resources"],
        json!(resources)
    );
    for path in ["/", "/nothing", "/items/", "/protected/x"] {
        assert_eq!(
            server.get(&format!("{RESOURCE}{path}")).status,
            404,
            "{path}"
        );
    }
}

/// RFC 9728 section 3.3: what a client compares is the URL that it has asked, by whichever name of
/// the server that was.
#[test]
fn a_resource_has_the_name_by_which_it_was_asked() {
    let args = ["--alg", "ES256", "--issuer", "http://auth.test:1234"];
    let own = Server::start();
    let elsewhere = Server::with(&[&args[..], &["--public-url", "https://public.test"]].concat());
    let below = Server::with(&["--alg", "ES256", "--issuer", "http://auth.test/demo"]);
    let port = |server: &Server| server.port;
    for (server, host, base) in [
        (
            &own,
            format!("localhost:{}", port(&own)),
            format!("http://localhost:{}", port(&own)),
        ),
        (
            &own,
            format!("LocalHost:{}", port(&own)),
            format!("http://localhost:{}", port(&own)),
        ),
        (
            &own,
            format!("[::1]:{}", port(&own)),
            format!("http://[::1]:{}", port(&own)),
        ),
        (
            &elsewhere,
            "auth.test:1234".to_owned(),
            "http://auth.test:1234".to_owned(),
        ),
        (
            &elsewhere,
            "public.test".to_owned(),
            "https://public.test".to_owned(),
        ),
        (
            &below,
            "auth.test".to_owned(),
            "http://auth.test/demo".to_owned(),
        ),
    ] {
        let path = base
            .splitn(4, '/')
            .nth(3)
            .map(|path| format!("/{path}"))
            .unwrap_or_default();
        let ask = |target: &str| server.request("GET", target).header("Host", &host).send();
        let challenge = ask(&format!("{path}/protected"));
        let origin = base.strip_suffix(&path).unwrap();
        let metadata = format!("{origin}{RESOURCE}{path}/protected");
        let expected = format!("resource_metadata=\"{metadata}\"");
        assert!(
            challenge.header("www-authenticate").ends_with(&expected),
            "{challenge:?}"
        );
        let document = ask(metadata.strip_prefix(origin).unwrap()).json();
        assert_eq!(document["resource"], format!("{base}/protected"));
        assert_eq!(document["authorization_servers"], json!([server.issuer()]));
        assert!(!server.whole_log().contains("another name"), "{host}");
        // What is so named is accepted.
        let form = [
            ("grant_type", "client_credentials"),
            ("resource", &format!("{base}/protected")),
        ];
        let token = server
            .service_request(&format!("{path}/token"), &form)
            .header("Host", &host)
            .send();
        let request = server
            .request("GET", &format!("{path}/protected"))
            .header("Host", &host);
        assert_eq!(
            request.bearer(&token.text("access_token")).send().status,
            200,
            "{base}"
        );
    }
    // Another port may be another server's, and a token for it too.
    let other = own
        .request("GET", &format!("{RESOURCE}/items"))
        .header("Host", "localhost:1")
        .send();
    assert_eq!(other.json()["resource"], format!("{}/items", own.issuer()));
    own.log_with("the client came under another name than that of the issuer");
    let form = [
        ("grant_type", "client_credentials"),
        ("resource", "http://localhost:1"),
    ];
    let token = own.service("/token", &form).text("access_token");
    let request = own
        .request("GET", "/protected")
        .header("Host", "localhost:1");
    assert_eq!(request.bearer(&token).send().status, 401);
}

/// RFC 7517 section 4, RFC 7518 section 6: public members only.
#[test]
fn the_key_set_has_public_members_only() {
    for (alg, kty, members) in [
        ("RS256", "RSA", &["n", "e"][..]),
        ("ES256", "EC", &["crv", "x", "y"]),
        ("EdDSA", "OKP", &["crv", "x"]),
        ("ML-DSA-44", "AKP", &["pub"]),
    ] {
        let server = Server::with(&["--alg", alg]);
        let set = server.get("/jwks.json").json();
        let keys = set["keys"].as_array().unwrap();
        assert_eq!(keys.len(), 1);
        let mut names: Vec<&str> = keys[0]
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let mut expected = [members, &["kty", "alg", "kid", "use"]].concat();
        names.sort_unstable();
        expected.sort_unstable();
        assert_eq!(names, expected);
        assert_eq!(
            (&keys[0]["kty"], &keys[0]["alg"], &keys[0]["use"]),
            (&json!(kty), &json!(alg), &json!("sig"))
        );
        assert_eq!(server.protected(&server.service_token()).status, 200);
    }
}

/// RFC 8414 section 3.1, RFC 9728 section 3.1: the path of the issuer comes after the well-known one.
#[test]
fn an_issuer_may_have_a_path() {
    let server = Server::with(&["--alg", "ES256", "--issuer", "http://auth.test:8000/demo"]);
    assert_eq!(server.issuer(), "http://auth.test:8000/demo");
    for place in [
        &format!("{OAUTH}/demo"),
        "/demo/.well-known/openid-configuration",
    ] {
        let document = server.get(place).json();
        assert_eq!(document["issuer"], "http://auth.test:8000/demo");
        assert_eq!(
            document["token_endpoint"],
            "http://auth.test:8000/demo/token"
        );
    }
    assert_eq!(
        server.get(&format!("{RESOURCE}/demo")).json()["resource"],
        server.issuer()
    );
    assert_eq!(server.get(OAUTH).status, 404);
    assert_eq!(server.get("/token").status, 404);
    assert_eq!(server.get("/demo/protected").status, 401);
    assert_eq!(server.get("/demo").json(), json!({"Hello": "World"}));
    let challenge = server
        .get("/demo/protected")
        .header("www-authenticate")
        .to_owned();
    assert!(
        challenge.contains(
            "\"http://auth.test:8000/.well-known/oauth-protected-resource/demo/protected\""
        )
    );
}

/// RFC 8414 section 3.3: compared exactly, a slash at the end included.
#[test]
fn the_issuer_is_as_it_was_given() {
    let server = Server::with(&["--alg", "ES256", "--issuer", "http://auth.test:8000/"]);
    let document = server.get(OAUTH).json();
    assert_eq!(document["issuer"], "http://auth.test:8000/");
    assert_eq!(document["token_endpoint"], "http://auth.test:8000/token");
}

/// Browsers and clients may need different names for one server.
#[test]
fn pages_can_be_elsewhere() {
    let args = [
        "--alg",
        "ES256",
        "--issuer",
        "http://auth:8000",
        "--public-url",
        "http://localhost:8000",
    ];
    let server = Server::with(&args);
    let document = server.get(OPENID).json();
    assert_eq!(
        document["authorization_endpoint"],
        "http://localhost:8000/authorize"
    );
    assert_eq!(document["token_endpoint"], "http://auth:8000/token");
    for host in ["auth:8000", "localhost:8000", "AUTH"] {
        assert_eq!(
            server
                .request("GET", OPENID)
                .header("Host", host)
                .send()
                .status,
            200
        );
    }
}

/// RFC 8414 section 3.3: such a client will refuse the metadata, and the log tells why.
#[test]
fn a_client_that_comes_by_another_name_is_noticed() {
    let server = Server::start();
    let host = format!("localhost:{}", server.port);
    server.request("GET", OPENID).header("Host", &host).send();
    server.log_with("another name than that of the issuer");
}

/// The Fetch standard, section 3.2: any origin, never with cookies, and not the pages.
#[test]
fn scripts_of_other_origins_may_call_what_needs_no_cookie() {
    let server = Server::start();
    let preflight = |target: &str| {
        let request = server
            .request("OPTIONS", target)
            .header("Origin", "https://app.example");
        request
            .header("Access-Control-Request-Method", "POST")
            .send()
    };
    for open in [
        "/token",
        "/userinfo",
        "/jwks.json",
        OAUTH,
        OPENID,
        RESOURCE,
        "/protected",
        "/items",
    ] {
        let answer = preflight(open);
        assert_eq!(answer.status, 204, "{open}");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert!(
            answer
                .header("access-control-allow-headers")
                .contains("authorization")
        );
        assert!(
            answer
                .headers("access-control-allow-credentials")
                .is_empty()
        );
        assert_eq!(
            server.get(open).header("access-control-allow-origin"),
            "*",
            "{open}"
        );
    }
    for closed in [
        "/authorize",
        "/login",
        "/consent",
        "/introspect",
        "/revoke",
        "/nothing",
    ] {
        let answer = preflight(closed);
        assert!([404, 405].contains(&answer.status), "{closed}");
        assert!(answer.headers("access-control-allow-origin").is_empty());
        assert!(
            server
                .get(closed)
                .headers("access-control-allow-origin")
                .is_empty(),
            "{closed}"
        );
    }
    let exposed = server.get("/protected");
    assert_eq!(
        exposed.header("access-control-expose-headers"),
        "WWW-Authenticate, DPoP-Nonce, Retry-After"
    );
}

#[test]
fn a_browser_gets_a_page_and_a_program_the_seeds_greeting() {
    let server = Server::start();
    let page = server
        .request("GET", "/")
        .header("Accept", "text/html,*/*")
        .send();
    assert!(page.body.contains("<h1>"));
    assert!(
        page.headers("access-control-allow-origin").is_empty(),
        "pages are not open"
    );
    let greeting = server.request("GET", "/").header("Accept", "*/*").send();
    assert_eq!(greeting.json(), json!({"Hello": "World"}));
    // RFC 9110 section 12.5.5: a cache is not to take one for the other.
    assert_eq!(
        (page.header("vary"), greeting.header("vary")),
        ("accept", "accept")
    );
    assert_eq!(server.get("/healthz").json(), json!({"status": "ok"}));
    let nothing = server.get("/nothing");
    assert_eq!(
        (nothing.status, nothing.header("content-type")),
        (404, "application/json")
    );
}
