//! What the server says it can be asked: `/openapi.json`, and the page of the same.

use serde_json::{Value, json};

use super::http::{Answer, query};
use super::server::Server;

const METHODS: &[&str] = &["get", "post", "put", "patch", "delete"];

fn document(server: &Server, place: &str) -> Value {
    let answer = server.get(place);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("cache-control"), "public, max-age=60");
    assert_eq!(answer.header("access-control-allow-origin"), "*");
    answer.json()
}

pub(super) fn openapi(server: &Server) -> Value {
    document(server, "/openapi.json")
}

fn paths(document: &Value) -> Vec<(&String, &Value)> {
    document["paths"].as_object().unwrap().iter().collect()
}

pub(super) fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let of = |(path, item)| {
        let item: &Value = item;
        let methods = METHODS.iter().filter(|method| item.get(method).is_some());
        methods.map(move |method| (*method, String::as_str(path), &item[method]))
    };
    paths(document).into_iter().flat_map(of).collect()
}

/// Sends an operation with the example of its body, or of its query.
fn sent(server: &Server, method: &str, path: &str, operation: &Value, body: &Value) -> Answer {
    let text = |value: &Value| value.as_str().map_or(value.to_string(), str::to_owned);
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let parameters: Vec<(String, String)> = parameters
        .filter(|parameter| parameter.get("example").is_some())
        .map(|parameter| (text(&parameter["name"]), text(&parameter["example"])))
        .collect();
    let borrowed = |pairs: &[(String, String)]| {
        let pairs = pairs.iter().map(|(n, v)| (n.as_str(), v.as_str()));
        query(&pairs.collect::<Vec<_>>())
    };
    let target = format!("{path}?{}", borrowed(&parameters));
    let mut request = server.request(&method.to_uppercase(), &target);
    if path == "/register" && method != "post" {
        return managed(server, method, body);
    }
    if operation["security"][0].get("oauth").is_some() {
        request = request.bearer(&server.alice_token("openid items:read items:write mcp:read"));
    }
    let content = operation["requestBody"]["content"].as_object();
    match content.and_then(|content| content.keys().next()) {
        Some(kind) if kind == "application/json" => request.body(kind, body.to_string()).send(),
        Some(kind) => {
            let members = body.as_object().unwrap().iter();
            let form: Vec<_> = members.map(|(n, v)| (n.clone(), text(v))).collect();
            request.body(kind, borrowed(&form)).send()
        }
        None => request.send(),
    }
}

/// Sends an operation of a registration, which is made for it.
fn managed(server: &Server, method: &str, body: &Value) -> Answer {
    let uris = json!({"redirect_uris": ["http://127.0.0.1/callback"]});
    let made = server.request("POST", "/register");
    let client = made.body("application/json", uris.to_string()).send();
    let id = client.text("client_id");
    let request = server
        .request(&method.to_uppercase(), &format!("/register?client_id={id}"))
        .bearer(&client.text("registration_access_token"));
    let mut body = body.clone();
    match body.as_object_mut() {
        Some(members) => {
            members.insert("client_id".to_owned(), id.into());
            request.body("application/json", body.to_string()).send()
        }
        None => request.send(),
    }
}

/// The examples of a body, by their names; one without a name where there is no body.
fn examples(operation: &Value) -> Vec<(String, Value)> {
    let content = operation["requestBody"]["content"].as_object();
    let Some(content) = content.and_then(|content| content.values().next()) else {
        return vec![(String::new(), Value::Null)];
    };
    match content["examples"].as_object() {
        Some(examples) => examples
            .iter()
            .map(|(name, example)| (name.clone(), example["value"].clone()))
            .collect(),
        None => vec![(String::new(), content["example"].clone())],
    }
}

/// Every answer has a status and a content type that the description has, and the examples of
/// requests are good ones.
#[test]
fn every_operation_is_answered_as_described() {
    let server = Server::start();
    let document = openapi(&server);
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["servers"], json!([{"url": server.issuer()}]));
    let mut count = 0;
    for (method, path, operation) in operations(&document) {
        for (name, body) in examples(operation) {
            let answer = sent(&server, method, path, operation, &body);
            let at = format!("{method} {path} {name} {answer:?}");
            let described = &operation["responses"][answer.status.to_string()];
            assert!(described.is_object(), "{at}");
            let content = described["content"].as_object();
            for kind in answer.headers("content-type") {
                assert!(content.is_some_and(|c| c.contains_key(kind)), "{at}");
            }
            // There is no code and no token that could be an example.
            let needs_one = ["code", "token", "exchange", "bearer"];
            if !needs_one.iter().any(|word| name.ends_with(word)) {
                assert!([200, 201, 204, 303].contains(&answer.status), "{at}");
            }
            count += 1;
        }
    }
    assert_eq!(count, 36);
}

/// RFC 9110 section 15.5.6: what is not described is not allowed.
#[test]
fn methods_that_are_not_described_are_not_allowed() {
    let server = Server::start();
    let document = openapi(&server);
    for (path, item) in paths(&document) {
        for method in METHODS.iter().filter(|method| item.get(method).is_none()) {
            let request = server.request(&method.to_uppercase(), path);
            let answer = match (*method, path.as_str()) {
                // Clients look for a challenge there, whatever they do next.
                ("get", "/mcp") => request.bearer(&server.alice_token("mcp:read")).send(),
                _ => request.send(),
            };
            assert_eq!(answer.status, 405, "{method} {path}");
            let mut allowed: Vec<&str> = answer.header("allow").split(',').collect();
            allowed.retain(|name| *name != "HEAD" && (path != "/mcp" || *name != "GET"));
            let described = METHODS.iter().filter(|method| item.get(method).is_some());
            let mut described: Vec<String> =
                described.map(|method| method.to_uppercase()).collect();
            allowed.sort_unstable();
            described.sort_unstable();
            assert_eq!(allowed, described, "{path}");
        }
    }
}

/// What the metadata names is described, and so is everything that `GET` finds there.
#[test]
fn every_endpoint_of_the_metadata_is_described() {
    let server = Server::start();
    let document = openapi(&server);
    for url in server.ready["endpoints"].as_object().unwrap().values() {
        let path = url.as_str().unwrap().strip_prefix(&server.issuer());
        assert!(document["paths"].get(path.unwrap()).is_some(), "{url}");
    }
}

/// RFC 8414 section 2: a grant is in the metadata, in the reference and on its page, or nowhere.
#[test]
fn every_grant_of_the_metadata_has_a_form() {
    let server = Server::start();
    let place = "/.well-known/oauth-authorization-server";
    let metadata = server.get(place).json();
    let grants = metadata["grant_types_supported"]
        .as_array()
        .unwrap()
        .clone();
    let document = openapi(&server);
    let form = &document["paths"]["/token"]["post"]["requestBody"]["content"]["application/x-www-form-urlencoded"];
    let forms = form["schema"]["oneOf"].as_array().unwrap();
    let titles: Vec<Value> = forms.iter().map(|form| form["title"].clone()).collect();
    assert_eq!(titles, grants);
    let page = server.get("/docs").body;
    for (form, grant) in forms.iter().zip(&grants) {
        assert_eq!(form["properties"]["grant_type"]["enum"], json!([grant]));
        let example = &form["title"].as_str().unwrap();
        assert_eq!(grant, *example);
        assert!(page.contains(&format!("Try it: {}<", grant.as_str().unwrap())));
    }
}

fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                match value.as_str() {
                    Some(target) if name == "$ref" => found.push(target.to_owned()),
                    _ => references(value, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn references_lead_somewhere_and_names_are_given_once() {
    let document = openapi(&Server::start());
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 40, "{found:?}");
    for target in found {
        let place = target.strip_prefix('#').unwrap();
        assert!(document.pointer(place).is_some(), "{target}");
    }
    let operations = operations(&document);
    let mut ids: Vec<&str> = operations
        .iter()
        .map(|(.., operation)| operation["operationId"].as_str().unwrap())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), operations.len());
    let schemes = &document["components"]["securitySchemes"];
    for (.., operation) in operations {
        for name in operation["security"].as_array().unwrap() {
            for name in name.as_object().unwrap().keys() {
                assert!(schemes.get(name).is_some(), "{name}");
            }
        }
    }
}

/// OpenAPI 3.1 section 4.8.27: where tokens come from, and what their scopes mean.
#[test]
fn tokens_can_be_got_as_described() {
    let server = Server::start();
    let document = openapi(&server);
    let flows = &document["components"]["securitySchemes"]["oauth"]["flows"];
    let token = format!("{}/token", server.issuer());
    for flow in ["authorizationCode", "password", "clientCredentials"] {
        assert_eq!(flows[flow]["tokenUrl"], token, "{flow}");
        assert_eq!(flows[flow]["scopes"]["items:read"], "read your items");
    }
    let authorize = format!("{}/authorize", server.issuer());
    assert_eq!(flows["authorizationCode"]["authorizationUrl"], authorize);
}

/// With nothing to publish there is no OpenID Connect, and no word of it.
#[test]
fn with_a_shared_secret_only_what_exists_is_described() {
    let secret = "a-string-secret-at-least-256-bits-long";
    let server = Server::spawn(&["--key", "env:SECRET_KEY"], &[("SECRET_KEY", secret)]);
    let document = openapi(&server);
    for path in [
        "/jwks.json",
        "/userinfo",
        "/.well-known/openid-configuration",
    ] {
        assert!(document["paths"].get(path).is_none(), "{path}");
        assert_eq!(server.get(path).status, 404);
        assert_eq!(server.request("POST", path).send().status, 404);
    }
    let flows = &document["components"]["securitySchemes"]["oauth"]["flows"];
    assert_eq!(
        flows["password"]["scopes"],
        json!({
            "items:read": "read your items",
            "items:write": "add items of yours",
            "mcp:read": "ask who you are by a tool",
            "mcp:write": "write notes of yours by a tool",
        })
    );
    assert!(document["components"]["schemas"].get("UserInfo").is_none());
    let page = server.get("/docs").body;
    assert!(!page.contains("/jwks.json") && !page.contains("/userinfo"));
    for (method, path, operation) in operations(&document) {
        assert_ne!(
            server.request(&method.to_uppercase(), path).send().status,
            404
        );
        assert!(operation["responses"].is_object());
    }
}

/// Paths are below the issuer, but for those that have its path at their end.
#[test]
fn an_issuer_with_a_path_is_where_the_paths_begin() {
    let issuer = "http://auth.test:8000/a/demo";
    let server = Server::with(&["--alg", "ES256", "--issuer", issuer]);
    let document = document(&server, "/a/demo/openapi.json");
    assert_eq!(document["servers"], json!([{"url": issuer}]));
    for (path, item) in paths(&document) {
        let base = item["servers"][0]["url"].as_str().unwrap_or(issuer);
        let path = format!(
            "{}{path}",
            base.strip_prefix("http://auth.test:8000").unwrap()
        );
        for method in METHODS.iter().filter(|method| item.get(method).is_some()) {
            let answer = server.request(&method.to_uppercase(), &path).send();
            assert!(![404, 405].contains(&answer.status), "{method} {path}");
        }
    }
    assert_eq!(server.get("/openapi.json").status, 404);
    let page = server.get("/a/demo/docs").body;
    for way in [
        "data-way=\"/token\"",
        "data-way=\"/\"",
        "data-way=\"/../../.well-known/oauth-authorization-server/a/demo\"",
        "action=\"./authorize\"",
    ] {
        assert!(page.contains(way), "{way}");
    }
}

#[test]
fn browsers_may_have_a_server_of_their_own() {
    let own = [
        "--issuer",
        "http://auth:8000",
        "--public-url",
        "http://localhost:8000",
    ];
    let server = Server::with(&[&["--alg", "ES256"], &own[..]].concat());
    let document = openapi(&server);
    let servers = json!([{"url": "http://auth:8000"}, {"url": "http://localhost:8000"}]);
    assert_eq!(document["servers"], servers);
    let flows = &document["components"]["securitySchemes"]["oauth"]["flows"];
    let flow = &flows["authorizationCode"];
    assert_eq!(flow["authorizationUrl"], "http://localhost:8000/authorize");
    assert_eq!(flow["tokenUrl"], "http://auth:8000/token");
}

/// Passwords and secrets that are somebody's own are in no example.
#[test]
fn only_what_everybody_knows_is_an_example() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let client = "[[client]]\nid = \"demo-service\"\nsecret = \"service-of-mine\"\n\
                  grants = [\"client_credentials\"]\n";
    std::fs::write(file.path(), client).unwrap();
    let config = file.path().to_str().unwrap();
    let users = ["--user", "alice:alice-of-mine", "--user", "bob:bob-of-mine"];
    let server = Server::with(&[&["--alg", "ES256", "--config", config], &users[..]].concat());
    for place in ["/openapi.json", "/docs"] {
        let body = server.get(place).body;
        assert!(!body.contains("of-mine"), "{place}");
        assert!(
            body.contains("PASSWORD") && body.contains("SECRET"),
            "{place}"
        );
    }
}

/// The page says what the document says.
#[test]
fn the_page_has_every_operation() {
    let server = Server::start();
    let page = server.get("/docs");
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.headers("access-control-allow-origin").is_empty());
    assert_eq!(page.body.matches("<h1>").count(), 1);
    let document = openapi(&server);
    for (.., path, operation) in operations(&document) {
        for text in [
            format!("id=\"{}\"", operation["operationId"].as_str().unwrap()),
            format!("<code>{path}</code>"),
            format!(
                "<strong>{}</strong>",
                operation["summary"].as_str().unwrap()
            ),
        ] {
            assert!(page.body.contains(&text), "{text}");
        }
    }
    for name in document["components"]["schemas"]
        .as_object()
        .unwrap()
        .keys()
    {
        assert!(page.body.contains(&format!("id=\"{name}\"")), "{name}");
    }
}
