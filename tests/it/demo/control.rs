//! What a test of a client can do to a server that runs: its clock, and the requests that it has seen.

use std::io::Write as _;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::browser::{refreshing, tokens};
use super::http::Answer;
use super::mint::{payload, segment};
use super::server::Server;

#[track_caller]
fn post(server: &Server, path: &str, body: &Value) -> Answer {
    let request = server.request("POST", path);
    request.body("application/json", body.to_string()).send()
}

/// Issuing and judging go by the same clock.
#[test]
fn the_clock_is_frozen_moved_and_let_go() {
    let server = Server::start();
    let token = server.service_token();
    assert_eq!(server.protected(&token).status, 200);
    let moved = post(&server, "/_control/clock", &json!({"advance": "31m"}));
    assert_eq!(moved.status, 200);
    assert_eq!(server.protected(&token).status, 401);
    assert_eq!(server.protected(&server.service_token()).status, 200);
    let back = post(&server, "/_control/clock", &json!({"reset": true}));
    assert_eq!(back.json()["frozen"], false);
    assert_eq!(server.protected(&token).status, 200);
    let frozen = post(
        &server,
        "/_control/clock",
        &json!({"freeze": "2020-01-01T00:00:00Z"}),
    );
    assert_eq!(
        frozen.json(),
        json!({"now": "2020-01-01T00:00:00Z", "unix": 1_577_836_800, "frozen": true})
    );
    let claims = payload(&server.service_token());
    assert_eq!(claims["iat"], 1_577_836_800);
    post(&server, "/_control/clock", &json!({"advance": "1h"}));
    assert_eq!(server.get("/_control/clock").json()["unix"], 1_577_840_400);
    for wrong in [
        json!({}),
        json!({"freeze": "soon"}),
        json!({"advance": "-1h"}),
        json!({"advance": "1h", "reset": true}),
        json!({"reset": false}),
        json!([]),
    ] {
        assert_eq!(
            post(&server, "/_control/clock", &wrong).status,
            400,
            "{wrong}"
        );
    }
}

/// A refresh token that has expired by the clock that was moved is no good.
#[test]
fn refresh_tokens_go_by_the_clock_too() {
    let server = Server::start();
    let refresh = tokens(&server, &[]).text("refresh_token");
    post(&server, "/_control/clock", &json!({"advance": "31d"}));
    server
        .post("/token", &refreshing(&refresh))
        .is_error(400, "invalid_grant");
}

#[test]
fn requests_that_were_seen_are_counted_by_endpoint_and_client() {
    let server = Server::start();
    let answer = tokens(&server, &[]);
    server.service_token();
    server.protected(&answer.text("access_token"));
    server.post("/token", &[("grant_type", "nothing")]);
    let seen = |query: &str| server.get(&format!("/_control/requests{query}")).json();
    let token = seen("?endpoint=token");
    assert_eq!(token["count"], 3);
    assert_eq!(token["requests"][0]["grant_type"], "authorization_code");
    assert_eq!(token["requests"][0]["client"], "demo-app");
    assert_eq!(token["requests"][1]["grant_type"], "client_credentials");
    assert_eq!(token["requests"][2]["status"], 400);
    assert_eq!(
        token["requests"][2]["reasons"][0]["section"],
        "RFC 6749 section 5.2"
    );
    assert_eq!(seen("?endpoint=token&client=demo-service")["count"], 1);
    assert_eq!(
        seen("?endpoint=/protected")["requests"][0]["path"],
        "/protected"
    );
    let last = token["requests"][2]["number"].as_u64().unwrap();
    assert_eq!(seen(&format!("?after={last}"))["count"], 0);
    for wrong in ["?endpoint=x", "?after=x", "?wait=x", "?x=1"] {
        assert_eq!(
            server.get(&format!("/_control/requests{wrong}")).status,
            400,
            "{wrong}"
        );
    }
    assert_eq!(
        server.request("DELETE", "/_control/requests").send().status,
        200
    );
    assert_eq!(seen("")["count"], 0);
}

/// Tokens, codes, secrets and passwords are in none of it.
#[test]
fn no_secret_is_among_the_requests_seen() {
    let server = Server::start();
    let answer = tokens(&server, &[]);
    let (access, refresh) = (answer.text("access_token"), answer.text("refresh_token"));
    server.get(&format!("/{access}"));
    server.get(&format!("/protected?access_token={access}"));
    server.post("/token", &[("grant_type", &refresh)]);
    server.post(
        "/token",
        &[
            ("grant_type", "demo-service-secret"),
            ("client_id", "wonderland"),
        ],
    );
    let seen = server.get("/_control/requests").body;
    for secret in [&access, &refresh, "wonderland", "demo-service-secret"] {
        assert!(!seen.contains(secret), "{secret} in {seen}");
    }
}

#[test]
fn somebody_can_wait_for_a_request() {
    let server = Server::start();
    let started = Instant::now();
    let none = server
        .get("/_control/requests?endpoint=userinfo&wait=1s")
        .json();
    assert_eq!(none["count"], 0);
    assert!(started.elapsed() >= Duration::from_secs(1));
    let port = server.request("GET", "/").port();
    let late = thread::spawn(move || {
        thread::sleep(Duration::from_millis(300));
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        let request = "GET /userinfo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        std::io::Read::read_to_end(&mut stream, &mut answer).unwrap();
    });
    let started = Instant::now();
    let found = server
        .get("/_control/requests?endpoint=userinfo&wait=20s")
        .json();
    assert_eq!(found["count"], 1);
    assert!(started.elapsed() < Duration::from_secs(15));
    late.join().unwrap();
}

#[test]
fn a_reset_takes_everything_back_to_the_start() {
    let server = Server::with(&["--fault", "no-scope"]);
    let answer = tokens(&server, &[]);
    post(&server, "/_control/faults", &json!({"fault": "expired"}));
    post(&server, "/_control/clock", &json!({"advance": "1d"}));
    let active = post(&server, "/_control/reset", &json!({})).json()["active"].clone();
    assert_eq!(active.as_array().unwrap().len(), 1);
    assert_eq!(active[0]["fault"], "no-scope");
    let refresh = answer.text("refresh_token");
    server
        .post("/token", &refreshing(&refresh))
        .is_error(400, "invalid_grant");
    assert_eq!(server.get("/_control/requests").json()["count"], 1);
    assert_eq!(server.protected(&server.service_token()).status, 200);
}

/// RFC 6454 section 7: a page of another origin may not, and gets no answer that it could read.
#[test]
fn no_page_of_another_origin_controls_the_server() {
    let server = Server::start();
    for path in [
        "/_control",
        "/_control/faults",
        "/_control/clock",
        "/_control/requests",
    ] {
        let own = server.get(path);
        assert_eq!(
            (own.status, own.headers("access-control-allow-origin").len()),
            (200, 0)
        );
        let foreign = server
            .request("GET", path)
            .header("Origin", "https://evil.example");
        assert_eq!(foreign.send().status, 403, "{path}");
        let cross = server
            .request("GET", path)
            .header("Sec-Fetch-Site", "cross-site");
        assert_eq!(cross.send().status, 403, "{path}");
    }
    let preflight = server.request("OPTIONS", "/_control/faults");
    let preflight = preflight.header("Origin", "https://evil.example").send();
    assert_eq!(
        (
            preflight.status,
            preflight.headers("access-control-allow-origin").len()
        ),
        (403, 0)
    );
}

#[test]
fn the_control_can_be_switched_off() {
    let server = Server::with(&["--no-control"]);
    for path in ["/_control", "/_control/faults", "/_control/requests"] {
        assert_eq!(server.get(path).status, 404, "{path}");
    }
    let on = post(&server, "/_control/faults", &json!({"fault": "expired"}));
    assert_eq!(on.status, 404);
    assert_eq!(server.protected(&server.service_token()).status, 200);
}

/// OpenID Connect Core 1.0 section 10.1.1: the key before stays published until its tokens are over.
#[test]
fn the_key_is_rotated_and_tokens_of_the_one_before_stay_good() {
    let server = Server::start();
    let kids = || -> Vec<Value> {
        let jwks = server.get("/jwks.json").json();
        let keys = jwks["keys"].as_array().unwrap().iter();
        keys.map(|key| key["kid"].clone()).collect()
    };
    let first = kids();
    let (old, session) = (server.service_token(), tokens(&server, &[]));
    let rotated = post(&server, "/_control/keys", &json!({"rotate": "graceful"}));
    assert_eq!(rotated.status, 200, "{rotated:?}");
    assert_eq!(kids().len(), 2);
    assert_eq!(kids()[1], first[0]);
    assert_eq!(rotated.json()["signing"], kids()[0]);
    let new = server.service_token();
    assert_eq!(segment(&new, 0)["kid"], kids()[0]);
    for token in [&old, &new, &session.text("access_token")] {
        assert_eq!(server.protected(token).status, 200);
    }
    let told = server.service("/introspect", &[("token", &old)]).json();
    assert_eq!(told["active"], true);
    post(&server, "/_control/clock", &json!({"advance": "31m"}));
    assert_eq!(kids().len(), 1);
    assert_eq!(server.protected(&old).status, 401);
    assert_eq!(server.protected(&server.service_token()).status, 200);
    post(&server, "/_control/reset", &json!({}));
    assert_eq!(kids(), first);
    for wrong in [
        json!({}),
        json!({"rotate": true}),
        json!({"rotate": "now"}),
        json!("graceful"),
    ] {
        assert_eq!(
            post(&server, "/_control/keys", &wrong).status,
            400,
            "{wrong}"
        );
    }
}

#[test]
fn in_an_emergency_the_key_before_goes_at_once() {
    let server = Server::start();
    let old = server.service_token();
    post(&server, "/_control/keys", &json!({"rotate": "graceful"}));
    post(&server, "/_control/keys", &json!({"rotate": "emergency"}));
    let keys = server.get("/_control/keys").json();
    assert_eq!(keys["published"].as_array().unwrap().len(), 1);
    assert_eq!(server.protected(&old).status, 401);
    assert_eq!(server.protected(&server.service_token()).status, 200);
}

/// A secret cannot be published, so that nobody would know the next one.
#[test]
fn a_shared_secret_is_not_rotated() {
    let secret = "a-string-secret-at-least-256-bits-long";
    let server = Server::spawn(&["--key", "env:SECRET_KEY"], &[("SECRET_KEY", secret)]);
    let refused = post(&server, "/_control/keys", &json!({"rotate": "graceful"}));
    assert_eq!(refused.status, 409, "{refused:?}");
}

#[test]
fn a_token_of_any_claims_is_made() {
    let server = Server::start();
    let made = post(
        &server,
        "/_control/tokens",
        &json!({"user": "carol", "client": "demo-app", "scope": "items:read", "expires": "5m",
            "claims": {"role": "admin"}}),
    );
    assert_eq!(made.status, 201, "{made:?}");
    let token = made.text("access_token");
    let claims = payload(&token);
    assert_eq!(
        (&claims["sub"], &claims["role"]),
        (&json!("carol"), &json!("admin"))
    );
    assert_eq!(
        claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(),
        300
    );
    assert_eq!(server.protected(&token).status, 200);
    let id_token =
        json!({"user": "alice", "token": "id_token", "claims": {"nonce": "mine", "iat": null}});
    let id_token = post(&server, "/_control/tokens", &id_token).text("id_token");
    let claims = payload(&id_token);
    assert_eq!(
        (&claims["aud"], &claims["nonce"]),
        (&json!("demo-app"), &json!("mine"))
    );
    assert!(claims.get("iat").is_none());
    let broken = json!({"faults": ["expired", "wrong-typ"], "header": {"x": 1}});
    let broken = post(&server, "/_control/tokens", &broken).text("access_token");
    assert_eq!(segment(&broken, 0)["typ"], "wrong+jwt");
    assert_eq!(segment(&broken, 0)["x"], 1);
    assert_eq!(server.protected(&broken).status, 401);
    for wrong in [
        json!({"token": "x"}),
        json!({"expires": "soon"}),
        json!({"faults": ["slow:1"]}),
        json!({"sub": "alice"}),
        json!([]),
    ] {
        assert_eq!(
            post(&server, "/_control/tokens", &wrong).status,
            400,
            "{wrong}"
        );
    }
}

/// From another address the control asks for its token; where there is none, it asks for nothing. The
/// address is one of a network namespace of the test's own.
#[cfg(target_os = "linux")]
#[test]
fn another_machine_controls_the_server_with_the_token_alone() {
    let ask = |flags: &str| {
        let script = format!(
            r#"ip link set lo up; ip addr add 192.0.2.1/32 dev lo
            exec "$JOTT" serve-demo -q --listen 0.0.0.0:8000 --allow-remote --issuer http://192.0.2.1:8000 {flags} -- sh -c '
            ask() {{ curl -s -o /dev/null -w "%{{http_code}} " "$@"; }}
            ask http://192.0.2.1:8000/_control/faults
            ask -H "Authorization: Bearer wrong" http://192.0.2.1:8000/_control/faults
            ask -H "Authorization: Bearer $TOKEN" http://192.0.2.1:8000/_control/faults
            ask http://127.0.0.1:8000/_control/faults
            ask -H "Accept: text/html" http://192.0.2.1:8000/_control
            ask -X POST -H "Accept: text/html" http://192.0.2.1:8000/_control/reset'"#
        );
        let output = std::process::Command::new("unshare")
            .args(["--map-root-user", "--net", "sh", "-c", &script])
            .env("JOTT", env!("CARGO_BIN_EXE_jott"))
            .env("TOKEN", "a-token-for-the-control")
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(ask("--control-token env:TOKEN"), "401 401 200 200 200 401 ");
    assert_eq!(ask(""), "403 403 403 200 403 403 ");
    assert_eq!(ask("--no-control"), "404 404 404 404 404 404 ");
}

/// A page for people, and paths for programs.
#[test]
fn a_browser_gets_a_page() {
    let server = Server::start();
    let ask = |accept: &str| {
        let request = server.request("GET", "/_control").header("Accept", accept);
        request.header("Sec-Fetch-Site", "none").send()
    };
    let page = ask("text/html,*/*;q=0.8");
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(page.header("x-frame-options"), "DENY");
    assert_eq!(page.header("vary"), "accept");
    let options = page.body.matches("data-about=").count();
    let listed = server.get("/_control/faults").json();
    assert_eq!(options, listed["faults"].as_array().unwrap().len());
    let paths = server.get("/_control").json()["control"].clone();
    assert_eq!(paths.as_array().unwrap().len(), 8);
    // Whoever is on another page may follow a link to it, and do nothing else.
    let elsewhere = |path: &str, accept: &str| {
        let request = server.request("GET", path).header("Accept", accept);
        request.header("Sec-Fetch-Site", "cross-site").send().status
    };
    assert_eq!(elsewhere("/_control", "text/html"), 200);
    assert_eq!(elsewhere("/_control", "application/json"), 403);
    assert_eq!(elsewhere("/_control/faults", "text/html"), 403);
}

/// What is there is described, and what is described is there: each operation answers with a status and
/// members that the document has.
#[test]
fn the_control_is_described_for_programs() {
    let server = Server::start();
    let document = server.get("/_control/openapi.json").json();
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["servers"][0]["url"], server.issuer());
    let described = document["paths"].as_object().unwrap();
    let mut paths: Vec<&str> = described.keys().map(String::as_str).collect();
    paths.retain(|path| *path != "/_control");
    let listed = server.get("/_control").json();
    let mut listed: Vec<&str> = listed["control"]
        .as_array()
        .unwrap()
        .iter()
        .map(|path| path.as_str().unwrap())
        .collect();
    paths.sort_unstable();
    listed.sort_unstable();
    assert_eq!(paths, listed);
    let resolved = |schema: &Value| match schema["$ref"].as_str() {
        Some(name) => document.pointer(&name[1..]).unwrap().clone(),
        None => schema.clone(),
    };
    for (path, operations) in described {
        for (method, operation) in operations.as_object().unwrap() {
            let body = operation.pointer("/requestBody/content/application~1json/example");
            let request = server.request(&method.to_uppercase(), path);
            let answer = match body {
                Some(body) => request.body("application/json", body.to_string()).send(),
                None => request.send(),
            };
            let given = &operation["responses"][answer.status.to_string()];
            assert!(
                answer.status < 300 && given.is_object(),
                "{method} {path} {answer:?}"
            );
            let schema = resolved(&given["content"]["application/json"]["schema"]);
            let schema = schema
                .get("oneOf")
                .map_or(schema.clone(), |either| resolved(&either[0]));
            let json = answer.json();
            let members: Vec<&String> = json.as_object().unwrap().keys().collect();
            for name in schema["required"].as_array().into_iter().flatten() {
                assert!(
                    members.iter().any(|member| *member == name),
                    "{name} in {json}"
                );
            }
            if let Some(known) = schema["properties"].as_object() {
                assert!(
                    members.iter().all(|member| known.contains_key(*member)),
                    "{json}"
                );
            }
        }
    }
}
