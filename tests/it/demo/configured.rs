//! Flags and files: what they change, and how they are refused.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use tempfile::{NamedTempFile, tempdir};

use super::browser::{Browser, CALLBACK, request, tokens};
use super::mint::payload;
use super::server::Server;
use crate::support::{Run, jott};

fn file(text: &str) -> NamedTempFile {
    let file = NamedTempFile::new().unwrap();
    fs::write(file.path(), text).unwrap();
    file
}

fn refused(text: &str) -> Run {
    let folder = tempdir().unwrap();
    let path = folder.path().join("demo.toml");
    fs::write(&path, text).unwrap();
    let mut run = jott(["serve-demo", "--config", path.to_str().unwrap()]).run();
    assert_eq!(run.status, Some(2), "{run:?}");
    run.stderr = run.stderr.replace(folder.path().to_str().unwrap(), "");
    run
}

#[test]
fn the_example_that_is_printed_is_a_configuration() {
    let printed = jott(["serve-demo", "--print-config"]).run();
    assert_eq!((printed.status, printed.stderr.as_str()), (Some(0), ""));
    let file = file(&printed.stdout);
    let server = Server::with(&["--alg", "ES256", "--config", file.path().to_str().unwrap()]);
    let clients = json!([
        "demo-app",
        "demo-web",
        "demo-service",
        "example",
        "example-opaque"
    ]);
    assert_eq!(server.ready["clients"], clients);
    assert_eq!(server.ready["users"], json!(["alice", "bob"]));
    let form = [("grant_type", "client_credentials")];
    let request = server
        .request("POST", "/token")
        .basic("example", "example-secret");
    let claims = payload(&request.form(&form).send().text("access_token"));
    assert_eq!(claims["aud"], "https://api.example");
    assert_eq!(claims["tenant"], "acme");
    assert_eq!(claims["scope"], "items:read reports");
    assert_eq!(claims["department"], "sales");
    assert_eq!(lifetime(&claims), 300);
}

fn lifetime(claims: &serde_json::Value) -> u64 {
    claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap()
}

/// RFC 6749 section 1.4, RFC 7662: a name that says nothing, which the server alone can look up.
#[test]
fn opaque_access_tokens_are_looked_up() {
    let config = file(
        "[[client]]\nid = \"web\"\nsecret = \"web-secret\"\nopaque_access_tokens = true\nredirect_uris = [\"http://127.0.0.1/callback\"]\n[client.claims]\ntenant = \"acme\"\n",
    );
    let server = Server::with(&[
        "--alg",
        "ES256",
        "--config",
        config.path().to_str().unwrap(),
    ]);
    let ask = |path: &str, form: &[(&str, &str)]| {
        server
            .request("POST", path)
            .basic("web", "web-secret")
            .form(form)
            .send()
    };
    let mut browser = Browser::new(&server);
    let scope = [("client_id", "web"), ("scope", "openid email items:read")];
    let code = browser.allow(&request(&scope)).back("code").unwrap();
    let answer = ask(
        "/token",
        &[
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", super::browser::VERIFIER),
        ],
    );
    let token = answer.text("access_token");
    assert!(token.len() >= 22 && !token.contains('.'), "{token}");
    let id_token = payload(&answer.text("id_token"));
    let half = &aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, token.as_bytes()).as_ref()
        [..16]
        .to_vec();
    assert_eq!(id_token["at_hash"], URL_SAFE_NO_PAD.encode(half));
    let get = |path: &str, token: &str| server.request("GET", path).bearer(token).send();
    assert_eq!(get("/protected", &token).status, 200);
    assert_eq!(get("/items", &token).status, 200);
    assert_eq!(
        get("/userinfo", &token).json()["email"],
        "alice@example.com"
    );
    let told = server.service("/introspect", &[("token", &token)]).json();
    assert_eq!(
        (&told["active"], &told["tenant"], &told["client_id"]),
        (&json!(true), &json!("acme"), &json!("web"))
    );
    assert_eq!(
        (&told["sub"], &told["username"]),
        (&json!("alice"), &json!("alice"))
    );
    // Another name, or this one cut, is none.
    for other in [
        &token[1..],
        &token[..token.len() - 1],
        &token.to_uppercase(),
    ] {
        assert_eq!(get("/protected", other).status, 401);
        let told = server.service("/introspect", &[("token", other)]);
        assert_eq!(told.body, r#"{"active":false}"#);
    }
    // A client without the right to know is told nothing, and the owner revokes it.
    let foreign = server
        .request("POST", "/introspect")
        .basic("demo-web", "demo-web-secret");
    assert_eq!(
        foreign.form(&[("token", &token)]).send().body,
        r#"{"active":false}"#
    );
    assert_eq!(ask("/revoke", &[("token", &token)]).status, 200);
    assert_eq!(get("/protected", &token).status, 401);
    let second = ask("/token", &[("grant_type", "client_credentials")]).text("access_token");
    assert_eq!(get("/protected", &second).status, 200);
    server
        .request("POST", "/_control/clock")
        .body("application/json", r#"{"advance":"30m"}"#)
        .send();
    assert_eq!(get("/protected", &second).status, 401);
    assert!(!server.whole_log().contains(&token));
}

#[test]
fn the_tokens_of_a_client_live_as_long_as_it_is_configured() {
    let config = file(
        "[lifetimes]\naccess_token = \"10m\"\n[[client]]\nid = \"short\"\nsecret = \"s\"\n[client.lifetimes]\naccess_token = \"1m\"\n[[client]]\nid = \"long\"\nsecret = \"s\"\n[client.lifetimes]\naccess_token = \"2h\"\n",
    );
    let server = Server::with(&[
        "--alg",
        "ES256",
        "--config",
        config.path().to_str().unwrap(),
    ]);
    let ask = |id: &str, secret: &str| {
        let request = server.request("POST", "/token").basic(id, secret);
        request.form(&[("grant_type", "client_credentials")]).send()
    };
    for (id, secret, seconds) in [
        ("short", "s", 60),
        ("long", "s", 7200),
        ("demo-service", "demo-service-secret", 600),
    ] {
        let answer = ask(id, secret);
        assert_eq!(answer.json()["expires_in"], seconds, "{id}");
        assert_eq!(
            lifetime(&payload(&answer.text("access_token"))),
            seconds,
            "{id}"
        );
    }
    let control = |path: &str, body: &str| {
        server
            .request("POST", path)
            .body("application/json", body)
            .send()
    };
    let long = ask("long", "s").text("access_token");
    // A key stays published until the last of its tokens is over, whoever has it.
    control("/_control/keys", r#"{"rotate":"graceful"}"#);
    control("/_control/clock", r#"{"advance":"1h"}"#);
    assert_eq!(server.protected(&long).status, 200);
    control("/_control/clock", r#"{"advance":"1h"}"#);
    assert_eq!(server.protected(&long).status, 401);
}

/// RFC 6749 section 10.4: what is revoked is no good for as long as it would have lived.
#[test]
fn a_family_stays_revoked_for_as_long_as_the_tokens_of_its_client_live() {
    let config = file(
        "[[client]]\nid = \"long\"\nredirect_uris = [\"http://127.0.0.1/callback\"]\n[client.lifetimes]\naccess_token = \"2h\"\nrefresh_token = \"3h\"\n",
    );
    let server = Server::with(&[
        "--alg",
        "ES256",
        "--config",
        config.path().to_str().unwrap(),
    ]);
    let code = Browser::new(&server).allow(&request(&[("client_id", "long")]));
    let code = code.back("code").unwrap();
    let answer = server.post(
        "/token",
        &[
            ("grant_type", "authorization_code"),
            ("client_id", "long"),
            ("code", &code),
            ("redirect_uri", CALLBACK),
            ("code_verifier", super::browser::VERIFIER),
        ],
    );
    let (access, refresh) = (answer.text("access_token"), answer.text("refresh_token"));
    let form = [("client_id", "long"), ("token", refresh.as_str())];
    assert_eq!(server.post("/revoke", &form).status, 200);
    for _ in 0..3 {
        assert_eq!(server.protected(&access).status, 401);
        server
            .request("POST", "/_control/clock")
            .body("application/json", r#"{"advance":"35m"}"#)
            .send();
    }
}

/// A person reads who can log in, with the passwords that everybody knows and no others.
#[test]
fn the_log_in_page_names_the_users_of_the_configuration() {
    let config = file("[[user]]\nname = \"carol<b>\"\npassword = \"sesame\"\n");
    let server = Server::with(&[
        "--alg",
        "ES256",
        "--config",
        config.path().to_str().unwrap(),
    ]);
    let page = server.get(&format!("/authorize?{}", request(&[])));
    let who = "Who is here: <code>alice</code> with the password <code>wonderland</code>, <code>bob</code> with the password <code>builder</code>, <code>carol&lt;b&gt;</code>.";
    assert!(page.body.contains(who), "{}", page.body);
    assert!(!page.body.contains("sesame"));
}

#[test]
fn what_goes_wrong_with_scopes_lifetimes_and_opaque_tokens_is_said() {
    for (text, said) in [
        ("[[scope]]\nname = \"a b\"\n", "error: /demo.toml:2:8: "),
        (
            "[[scope]]\nname = \"a\"\n[[scope]]\nname = \"a\"\n",
            "error: /demo.toml:3:1: there are two scopes with the name `a`\n",
        ),
        (
            "[[scope]]\nname = \"a\"\n[scope.claims]\niss = \"x\"\n",
            "the claim `iss` is set by the server",
        ),
        (
            "[[scope]]\nname = \"a\"\nclaim = 1\n",
            "there is no key `claim`\nhint: did you mean `claims`?\n",
        ),
        (
            "[[client]]\nid = \"a\"\n[client.lifetimes]\naccess_token = \"0s\"\n",
            "a lifetime must be longer than 0",
        ),
        (
            "[[client]]\nid = \"a\"\n[client.lifetimes]\naccess_token = 60\n",
            ":4:16: ",
        ),
        (
            "[[client]]\nid = \"a\"\n[client.lifetimes]\ncode = \"1m\"\n",
            "there is no key `code`\nhint: known: access_token, refresh_token\n",
        ),
        (
            "[[client]]\nid = \"a\"\nopaque_access_tokens = \"yes\"\n",
            ":3:24: ",
        ),
        (
            "[[client]]\nid = \"a\"\nopaque_access_tokens = true\naccess_token_typ = \"JWT\"\n",
            "error: /demo.toml:1:1: the access tokens of `a` are opaque and have no `typ`: leave out `access_token_typ`\n",
        ),
    ] {
        let run = refused(text);
        assert!(run.stderr.contains(said), "{text}\n{}", run.stderr);
    }
}

#[test]
fn the_example_says_what_there_is_anyway() {
    let printed = jott(["serve-demo", "--print-config"]).run();
    let built_in = printed
        .stdout
        .split("[[client]]\nid = \"example\"")
        .next()
        .unwrap()
        .to_owned();
    let file = file(&built_in);
    let (with, without) = (
        Server::with(&["--alg", "ES256", "--config", file.path().to_str().unwrap()]),
        Server::start(),
    );
    for name in ["clients", "users"] {
        assert_eq!(with.ready[name], without.ready[name]);
    }
}

#[test]
fn a_wrong_key_is_named_with_its_place_and_what_was_meant() {
    let run = refused("[[client]]\nid = \"a\"\n  redirect_uri = [\"https://a.example/\"]\n");
    assert_eq!(
        run.stderr,
        "error: /demo.toml:3:3: there is no key `redirect_uri`\nhint: did you mean `redirect_uris`?\n"
    );
    let run = refused("[lifetime]\ncode = \"1m\"\n");
    assert_eq!(
        run.stderr,
        "error: /demo.toml:1:2: there is no key `lifetime`\nhint: did you mean `lifetimes`?\n"
    );
}

#[test]
fn a_duplicate_is_refused_with_its_place() {
    let run = refused("[[client]]\nid = \"a\"\n\n[[client]]\nid = \"a\"\n");
    assert!(
        run.stderr
            .starts_with("error: /demo.toml:4:1: there are two clients with the id `a`\n"),
        "{run:?}"
    );
    let run = refused(
        "[[user]]\nname = \"a\"\npassword = \"x\"\n[[user]]\nname = \"a\"\npassword = \"y\"\n",
    );
    assert!(
        run.stderr
            .starts_with("error: /demo.toml:4:1: there are two users with the name `a`\n"),
        "{run:?}"
    );
}

#[test]
fn a_value_that_will_not_do_is_refused_and_not_repeated() {
    for (text, place) in [
        (
            "[[user]]\nname = \"a\\u001b\"\npassword = \"sesame\"\n",
            ":2:8:",
        ),
        ("[[user]]\nname = \"a\"\npassword = 7\n", ":3:12:"),
        ("[[user]]\nname = \"a\"\n", ":1:1:"),
        ("[[user]]\nname = \"a\"\npassword = \"\"\n", ":3:12:"),
        (
            "[[client]]\nid = \"a\"\ngrants = [\"implicit\"]\n",
            ":3:10:",
        ),
        ("[[client]]\nid = \"a\"\nscopes = [\"a b\"]\n", ":3:10:"),
        (
            "[[client]]\nid = \"a\"\nredirect_uris = [\"javascript:x\"]\n",
            ":3:17:",
        ),
        (
            "[[client]]\nid = \"a\"\nclaims = { iss = \"x\" }\n",
            ":3:12:",
        ),
        (
            "[[client]]\nid = \"a\"\nintrospects = \"sesame\"\n",
            ":3:15:",
        ),
        ("[lifetimes]\ncode = \"11m\"\n", ":2:8:"),
        ("[lifetimes]\nsession = \"0s\"\n", ":2:11:"),
        ("[lifetimes]\nsession = 30\n", ":2:11:"),
        ("not toml", ":1:5:"),
    ] {
        let run = refused(text);
        assert!(
            run.stderr
                .starts_with(&format!("error: /demo.toml{place} ")),
            "{text:?} {}",
            run.stderr
        );
        assert!(!run.stderr.contains("sesame"), "{}", run.stderr);
        assert!(!run.stderr.contains('\u{1b}'));
    }
}

#[test]
fn a_config_that_is_not_there_is_the_systems_no() {
    let run = jott(["serve-demo", "--config", "/nonexistent/demo.toml"]).run();
    assert_eq!(run.status, Some(5));
    assert!(
        run.stderr
            .starts_with("error: /nonexistent/demo.toml cannot be read\ncause: ")
    );
}

#[test]
fn users_and_clients_of_flags_add_to_the_others_and_replace_them() {
    let args = [
        "--alg",
        "ES256",
        "--user",
        "carol:let:me:in",
        "--user",
        "alice:other",
        "--client",
        "mine=com.example.app:/callback",
        "--client",
        "mine=https://mine.example/",
        "--client",
        "demo-web:new=https://web.example/",
    ];
    let server = Server::with(&args);
    assert_eq!(server.ready["users"], json!(["bob", "carol", "alice"]));
    let log_in = |name, password| {
        let form = [
            ("grant_type", "password"),
            ("username", name),
            ("password", password),
        ];
        server.post("/token", &form).status
    };
    assert_eq!(log_in("carol", "let:me:in"), 200);
    assert_eq!(log_in("alice", "other"), 200);
    assert_eq!(log_in("alice", "wonderland"), 400);
    for uri in ["com.example.app:/callback", "https://mine.example/"] {
        let changes = [("client_id", "mine"), ("redirect_uri", uri)];
        assert_eq!(
            server
                .get(&format!("/authorize?{}", request(&changes)))
                .status,
            200
        );
    }
    let log = server.whole_log();
    assert!(
        !log.contains("let:me:in") && !log.contains("other") && !log.contains("new"),
        "{log}"
    );
    assert!(log.contains("bob (password builder)"), "{log}");
}

#[test]
fn it_listens_where_it_is_told() {
    let server = Server::spawn(&["--alg", "ES256", "--listen", "[::1]:0"], &[]);
    let issuer = server.issuer();
    assert!(issuer.starts_with("http://[::1]:"), "{issuer}");
    let up = jott(["serve-demo", "--check", &issuer]).run();
    assert_eq!(up.status, Some(0), "{up:?}");
}

/// Who asked for `openid` may ask who it is (OpenID Connect Core 1.0 section 5.3), whatever else the
/// tokens of the client are for; a resource that is named is named alone (RFC 8707 section 2).
#[test]
fn a_client_with_an_audience_of_its_own_may_ask_who_has_logged_in() {
    let text = format!(
        "[[client]]\nid = \"demo-app\"\naudience = [\"https://api.example\"]\nredirect_uris = [\"{CALLBACK}\"]\n"
    );
    let file = file(&text);
    let server = Server::with(&["--alg", "ES256", "--config", file.path().to_str().unwrap()]);
    let ask = |changes: &[(&str, &str)]| {
        let token = tokens(&server, changes).text("access_token");
        let info = server.request("GET", "/userinfo").bearer(&token).send();
        (payload(&token)["aud"].clone(), info.status)
    };
    let api = "https://api.example";
    assert_eq!(ask(&[]), (json!([api, server.issuer()]), 200));
    assert_eq!(ask(&[("scope", "items:read")]), (json!(api), 401));
    assert_eq!(ask(&[("resource", api)]), (json!(api), 401));
}

/// Claims of a user: those of OpenID Connect by their scopes (Core 1.0 section 5.4), others always.
#[test]
fn a_user_may_have_claims_of_their_own() {
    let text = "[[user]]\nname = \"alice\"\npassword = \"wonderland\"\n[user.claims]\nname = \"A\"\nroles = [\"admin\"]\nlevel = 3\n";
    let file = file(text);
    let server = Server::with(&["--alg", "ES256", "--config", file.path().to_str().unwrap()]);
    let code = Browser::new(&server)
        .allow(&request(&[("scope", "openid")]))
        .back("code")
        .unwrap();
    let answer = server.post("/token", &super::browser::redemption(&code));
    for name in ["access_token", "id_token"] {
        let claims = payload(&answer.text(name));
        assert_eq!(
            (&claims["roles"], &claims["level"]),
            (&json!(["admin"]), &json!(3))
        );
        assert!(claims.get("name").is_none());
    }
    let info = server
        .request("GET", "/userinfo")
        .bearer(&answer.text("access_token"))
        .send();
    assert_eq!(
        info.json(),
        json!({"sub": "alice", "roles": ["admin"], "level": 3})
    );
}

/// A registration names scopes of its own; without one, a flag does. A client that is known by its
/// document has a URL for an id.
#[test]
fn flags_add_scopes_and_clients_whose_id_is_a_url() {
    let server = Server::with(&[
        "--alg",
        "ES256",
        "--scope",
        "notes:read",
        "--client",
        "https://app.example/c.json=https://app.example/cb",
    ]);
    let metadata = server.get("/.well-known/oauth-authorization-server").json();
    let scopes = metadata["scopes_supported"].as_array().unwrap();
    assert!(scopes.iter().any(|scope| scope == "notes:read"));
    let clients = server.ready["clients"].to_string();
    assert!(clients.contains("https://app.example/c.json"), "{clients}");
    let token = server.alice_token("notes:read");
    assert_eq!(super::mint::payload(&token)["scope"], "notes:read");
    let refused = crate::support::jott(["serve-demo", "--scope", "a b"]).run();
    assert_eq!(refused.status, Some(2));
    assert_eq!(
        refused.stderr,
        "error: `--scope` takes a word of printable ASCII, without spaces, `\"` and `\\`\nhint: `--scope notes:read` is one word\n"
    );
}
