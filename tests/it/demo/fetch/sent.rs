//! What a server is sent, to the letter.

use std::process::Command;

use jott::oauth::form;
use jott::{Algorithm, Key, Reading, decode, generate, read_keys};
use serde_json::{Value, json};

use super::played::{Played, answer};
use super::{Home, said_until_the_address, token};
use crate::demo::http::Request;

const TOKENS: &str =
    r#"{"access_token":"a-token","token_type":"Bearer","expires_in":600,"refresh_token":"again"}"#;

const PURPOSE: &[&str] = &[
    "--client",
    "app",
    "--scope",
    "b a",
    "--scope",
    "c",
    "--resource",
    "urn:r",
    "--aud",
    "x",
    "--aud",
    "y",
];

#[test]
fn each_way_to_a_token_says_what_the_token_is_for() {
    let token_type = "urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token";
    for (args, own) in [
        ("client", "grant_type=client_credentials".to_owned()),
        (
            "password --username alice --password env:PASSWORD",
            "grant_type=password&username=alice&password=wonderland".to_owned(),
        ),
        (
            "exchange --subject-token env:TOKEN",
            format!(
                "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token=of-alice&subject_token_type={token_type}"
            ),
        ),
        (
            "jwt-bearer --subject-token env:TOKEN",
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=of-alice"
                .to_owned(),
        ),
    ] {
        let (played, home) = (Played::start(|_| answer(200, TOKENS)), Home::new());
        let args: Vec<&str> = ["--grant"].into_iter().chain(args.split(' ')).collect();
        let fetch = || {
            let run = home.fetch_from(&played.issuer, &[PURPOSE, &args].concat());
            token(&run.env("TOKEN", "of-alice").run())
        };
        assert_eq!(fetch(), "a-token");
        home.expire();
        assert_eq!(fetch(), "a-token");
        let purpose = "resource=urn%3Ar&audience=x&audience=y&client_id=app";
        let refresh = format!("grant_type=refresh_token&refresh_token=again&{purpose}");
        assert_eq!(
            played.bodies("POST /token"),
            [format!("{own}&scope=b%20a%20c&{purpose}"), refresh]
        );
    }
}

#[test]
fn a_key_is_named_in_the_assertion_and_a_secret_is_not() {
    let sent = |key: &Key| {
        let played = Played::start(|_| answer(200, TOKENS));
        let args = ["--client", "app", "--client-key", "env:KEY"];
        let run = Home::new().fetch_from(&played.issuer, &args);
        token(&run.env("KEY", &key.whole_jwk().unwrap()).run());
        let body = played.bodies("POST /token").remove(0);
        let form = form::parse(body.as_bytes()).unwrap();
        let names: Vec<&str> = form.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            [
                "grant_type",
                "client_id",
                "client_assertion_type",
                "client_assertion"
            ]
        );
        decode(&form[3].1).unwrap().header.compact().into_owned()
    };
    let pair = generate(Algorithm::ES256, None).unwrap();
    let kid = pair.thumbprint();
    assert_eq!(
        sent(&pair),
        format!(r#"{{"alg":"ES256","typ":"JWT","kid":"{kid}"}}"#)
    );
    let secret = generate(Algorithm::HS256, None).unwrap();
    assert_eq!(sent(&secret), r#"{"alg":"HS256","typ":"JWT"}"#);
}

/// A secret goes into the header, unless the server takes it in the form alone (RFC 6749 section 2.3.1).
#[test]
fn a_secret_is_in_the_form_where_the_server_wants_it_there() {
    let in_form = "grant_type=client_credentials&client_id=app&client_secret=s";
    for (methods, body) in [
        (json!(null), "grant_type=client_credentials"),
        (json!("any"), "grant_type=client_credentials"),
        (
            json!(["client_secret_post", "client_secret_basic"]),
            "grant_type=client_credentials",
        ),
        (json!(["client_secret_post"]), in_form),
    ] {
        let metadata = json!({"token_endpoint_auth_methods_supported": methods});
        let played = Played::with(&metadata, |_| answer(200, TOKENS));
        let args = ["--client", "app", "--client-secret", "env:S"];
        token(
            &Home::new()
                .fetch_from(&played.issuer, &args)
                .env("S", "s")
                .run(),
        );
        assert_eq!(played.bodies("POST /token"), [body], "{methods}");
    }
}

#[test]
fn a_proof_is_of_an_algorithm_that_the_server_takes() {
    let fetch = |algorithms: &[&str]| {
        let metadata = json!({"dpop_signing_alg_values_supported": algorithms});
        let bound = TOKENS.replace("Bearer", "DPoP");
        let played = Played::with(&metadata, move |_| answer(200, &bound));
        let args = ["--client", "app", "--grant", "client", "--dpop", "--json"];
        Home::new().fetch_from(&played.issuer, &args).run()
    };
    let all: Value = serde_json::from_str(&token(&fetch(&["RS1", "ES384"]))).unwrap();
    assert_eq!(all["dpop_key"]["crv"], "P-384");
    assert_eq!(
        fetch(&["RS1"]).stderr,
        "error: the server takes no proof by an algorithm that is known here\nhint: its metadata lists them in `dpop_signing_alg_values_supported`\n"
    );
}

#[test]
fn an_endpoint_that_is_not_there_is_named() {
    let metadata = json!({"device_authorization_endpoint": null});
    let played = Played::with(&metadata, |_| answer(200, TOKENS));
    let args = ["--client", "app", "--grant", "device"];
    let run = Home::new().fetch_from(&played.issuer, &args).run();
    assert_eq!(
        (run.status, run.stderr),
        (
            Some(1),
            format!(
                "error: {} has no `device_authorization_endpoint`\nhint: `jott doctor URL` shows what it has; another `--grant` may do without\n",
                played.issuer
            )
        )
    );
}

fn value<'a>(parameters: &'a [(String, String)], name: &str) -> &'a str {
    let mut values = parameters.iter().filter(|(one, _)| one == name);
    &values.next().unwrap().1
}

/// The parameters with which a browser is sent to a server that is played, and what is kept once it came back.
fn log_in(metadata: &Value, scope: &str) -> (Vec<(String, String)>, Value) {
    let tokens = TOKENS.replace("Bearer", "DPoP");
    let played = Played::with(metadata, move |request| match request.what.as_str() {
        "POST /par" => answer(200, r#"{"request_uri":"urn:it"}"#),
        _ => answer(200, &tokens),
    });
    let home = Home::new();
    let mut jott = Command::new(env!("CARGO_BIN_EXE_jott"));
    jott.args(["fetch", "--issuer", &played.issuer, "--store", "file"])
        .args(["--no-browser", "--client", "app", "--dpop"])
        .args(["--param", "prompt=login", "--scope", scope])
        .env_clear()
        .env("HOME", home.path());
    let (child, said) = said_until_the_address(&mut jott);
    let url = said.split_whitespace().last().unwrap();
    let (_, query) = url.split_once('?').unwrap();
    let asked = match played.bodies("POST /par").pop() {
        Some(pushed) => {
            assert_eq!(query, "client_id=app&request_uri=urn%3Ait");
            pushed
        }
        None => query.to_owned(),
    };
    let asked = form::parse(asked.as_bytes()).unwrap();
    let (_, port) = value(&asked, "redirect_uri").rsplit_once(':').unwrap();
    let port = port.strip_suffix("/callback").unwrap().parse().unwrap();
    let back = format!("/callback?code=c&state={}", value(&asked, "state"));
    assert_eq!(Request::new(port, "GET", &back).send().status, 200);
    assert!(child.wait_with_output().unwrap().status.success());
    (asked, home.kept())
}

/// Through the browser, or pushed to the server ahead of it (RFC 9126).
#[test]
fn a_log_in_in_a_browser_says_what_the_token_is_for() {
    let pushed = json!({"pushed_authorization_request_endpoint": "ISSUER/par"});
    for metadata in [&json!({}), &pushed] {
        let (asked, kept) = log_in(metadata, "a b");
        let names = asked.iter().map(|(name, _)| name.as_str());
        let names: Vec<&str> = names.filter(|name| *name != "client_id").collect();
        assert_eq!(
            names,
            [
                "response_type",
                "redirect_uri",
                "state",
                "code_challenge",
                "code_challenge_method",
                "scope",
                "dpop_jkt",
                "prompt",
            ]
        );
        assert_eq!(value(&asked, "client_id"), "app");
        assert_eq!(value(&asked, "scope"), "a b");
        assert_eq!(value(&asked, "prompt"), "login");
        let key = kept["dpop_key"].as_str().unwrap();
        let key = read_keys(key.as_bytes(), &Reading::default()).unwrap();
        assert_eq!(value(&asked, "dpop_jkt"), key.keys[0].thumbprint());
    }
}
