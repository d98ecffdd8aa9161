//! `/mcp`: the Model Context Protocol, in the revision without sessions and in those before it.

use serde_json::{Value, json};

use super::http::{Answer, Request};
use super::server::Server;

/// A message as the revision 2026-07-28 has it, with the headers that repeat it.
fn modern(server: &Server, token: &str, method: &str, more: &Value) -> Request {
    let mut message = json!({
        "jsonrpc": "2.0",
        "id": 7,
        "method": method,
        "params": {"_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
        }},
    });
    let params = message["params"].as_object_mut().unwrap();
    params.extend(more.as_object().unwrap().clone());
    let request = posted(server, &message)
        .bearer(token)
        .header("MCP-Protocol-Version", "2026-07-28")
        .header("Mcp-Method", method);
    match more["name"].as_str() {
        Some(name) => request.header("Mcp-Name", name),
        None => request,
    }
}

/// A message as the revisions before have it.
fn legacy(server: &Server, token: &str, method: &str, params: &Value) -> Request {
    let message = json!({"jsonrpc": "2.0", "id": "a", "method": method, "params": params});
    posted(server, &message).bearer(token)
}

fn posted(server: &Server, message: &Value) -> Request {
    server
        .request("POST", "/mcp")
        .header("Accept", "application/json, text/event-stream")
        .body("application/json", message.to_string())
}

fn token(server: &Server, scope: &str) -> String {
    server.alice_token(scope)
}

#[track_caller]
fn result(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{answer:?}");
    let json = answer.json();
    assert_eq!(json["jsonrpc"], "2.0");
    json["result"].clone()
}

#[track_caller]
fn is_failure(answer: &Answer, status: u16, code: i64) {
    let json = answer.json();
    assert_eq!(
        (answer.status, &json["error"]["code"]),
        (status, &json!(code)),
        "{answer:?}"
    );
}

/// RFC 9728 section 5.1, RFC 6750 section 3: where to go, and what to ask for there.
#[test]
fn without_a_token_get_and_post_say_where_to_get_one_and_for_which_scope() {
    let server = Server::start();
    for method in ["GET", "POST"] {
        let answer = server.request(method, "/mcp").send();
        assert_eq!(answer.status, 401);
        let metadata = format!(
            "{}/.well-known/oauth-protected-resource/mcp",
            server.issuer()
        );
        let expected =
            format!("Bearer realm=\"jott\", resource_metadata=\"{metadata}\", scope=\"mcp:read\"");
        assert_eq!(answer.header("www-authenticate"), expected);
        let described = server
            .get("/.well-known/oauth-protected-resource/mcp")
            .json();
        assert_eq!(described["resource"], format!("{}/mcp", server.issuer()));
        assert_eq!(
            described["scopes_supported"],
            json!(["mcp:read", "mcp:write"])
        );
    }
}

/// The log says once why there is nothing to listen to.
#[test]
fn what_is_got_is_refused_for_one_reason() {
    let server = Server::start();
    let token = token(&server, "mcp:read");
    let answer = server.request("GET", "/mcp").bearer(&token).send();
    assert_eq!((answer.status, answer.header("allow")), (405, "POST"));
    let log = server.log_with("GET /mcp demo-app 405 ");
    let line = log
        .lines()
        .find(|line| line.starts_with("GET /mcp"))
        .unwrap();
    let (_, reasons) = line.split_once("ms; ").unwrap();
    assert_eq!(
        reasons,
        "the server sends nothing by itself: messages are posted (MCP 2026-07-28 Streamable HTTP section Earlier Streamable HTTP Revisions)"
    );
}

#[test]
fn the_revision_without_sessions_discovers_lists_and_calls() {
    let server = Server::start();
    let token = token(&server, "mcp:read mcp:write");
    let discovered = result(&modern(&server, &token, "server/discover", &json!({})).send());
    assert_eq!(discovered["supportedVersions"][0], "2026-07-28");
    assert_eq!(discovered["resultType"], "complete");
    assert_eq!(discovered["capabilities"], json!({"tools": {}}));
    let listed = result(&modern(&server, &token, "tools/list", &json!({})).send());
    let names: Vec<&str> = listed["tools"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tool| tool["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["whoami", "write_note"]);
    assert_eq!(
        (&listed["cacheScope"], &listed["resultType"]),
        (&json!("public"), &json!("complete"))
    );
    let call = json!({"name": "whoami", "arguments": {}});
    let told = result(&modern(&server, &token, "tools/call", &call).send());
    assert_eq!(
        told["structuredContent"],
        json!({"sub": "alice", "client_id": "demo-app", "scope": "mcp:read mcp:write"})
    );
    let call = json!({"name": "write_note", "arguments": {"text": "milk"}});
    let noted = result(&modern(&server, &token, "tools/call", &call).send());
    assert_eq!(
        (&noted["isError"], &noted["resultType"]),
        (&json!(false), &json!("complete"))
    );
    let items = server
        .request("GET", "/items")
        .bearer(&server.alice_token("items:read"))
        .send();
    assert_eq!(items.json()["items"][0]["name"], "milk");
}

#[test]
fn the_revisions_before_begin_with_a_handshake() {
    let server = Server::start();
    let token = token(&server, "mcp:read");
    for (asked, agreed) in [
        ("2025-06-18", "2025-06-18"),
        ("2025-11-25", "2025-11-25"),
        ("2024-11-05", "2025-11-25"),
        ("2026-07-28", "2025-11-25"),
    ] {
        let params = json!({"protocolVersion": asked, "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}});
        let hello = result(&legacy(&server, &token, "initialize", &params).send());
        assert_eq!(hello["protocolVersion"], agreed);
        assert_eq!(hello["serverInfo"]["name"], "jott serve-demo");
    }
    let initialized = json!({"jsonrpc": "2.0", "method": "notifications/initialized"});
    let answer = posted(&server, &initialized).bearer(&token).send();
    assert_eq!((answer.status, answer.body.as_str()), (202, ""));
    assert_eq!(
        result(&legacy(&server, &token, "ping", &json!({})).send()),
        json!({})
    );
    let listed = legacy(&server, &token, "tools/list", &json!({}));
    let listed = result(&listed.header("MCP-Protocol-Version", "2025-06-18").send());
    assert_eq!(listed["tools"].as_array().unwrap().len(), 2);
    assert_eq!(listed.get("resultType"), None);
    let call = json!({"name": "whoami"});
    let told = result(&legacy(&server, &token, "tools/call", &call).send());
    assert_eq!(
        told["content"][0]["text"],
        "You are alice, by the client demo-app, with the scopes mcp:read."
    );
}

/// MCP 2026-07-28, Authorization, section Scope Challenge Handling.
#[test]
fn a_tool_that_writes_wants_a_scope_of_its_own() {
    let server = Server::start();
    let token = token(&server, "mcp:read");
    let call = json!({"name": "write_note", "arguments": {"text": "milk"}});
    for request in [
        modern(&server, &token, "tools/call", &call),
        legacy(&server, &token, "tools/call", &call),
    ] {
        let answer = request.send();
        assert_eq!(answer.status, 403);
        let challenge = answer.header("www-authenticate");
        assert!(
            challenge.contains("error=\"insufficient_scope\""),
            "{challenge}"
        );
        assert!(challenge.ends_with(", scope=\"mcp:write\""), "{challenge}");
        assert!(
            challenge.contains("/.well-known/oauth-protected-resource/mcp\""),
            "{challenge}"
        );
    }
    let read = json!({"name": "whoami"});
    let other = server.alice_token("mcp:write");
    assert_eq!(
        legacy(&server, &other, "tools/call", &read).send().status,
        403
    );
}

/// RFC 8707 section 2, RFC 3986 section 6.2.3.
#[test]
fn a_token_is_for_it_by_its_url_or_that_of_the_server_with_and_without_a_slash() {
    let server = Server::start();
    let issuer = server.issuer();
    let list = |resource: &str| {
        let form = [
            ("grant_type", "password"),
            ("username", "alice"),
            ("password", "wonderland"),
            ("resource", resource),
        ];
        let token = server.post("/token", &form).text("access_token");
        legacy(&server, &token, "tools/list", &json!({}))
            .send()
            .status
    };
    for own in [
        format!("{issuer}/mcp"),
        issuer.clone(),
        format!("{issuer}/"),
    ] {
        assert_eq!(list(&own), 200, "{own}");
    }
    assert_eq!(list(&format!("{issuer}/items")), 401);
}

/// MCP 2026-07-28, Streamable HTTP, section Server Validation.
#[test]
fn headers_have_to_say_what_the_body_says() {
    let server = Server::start();
    let token = token(&server, "mcp:read");
    let call = json!({"name": "whoami"});
    let message = |version: &str| {
        json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
            "name": "whoami",
            "_meta": {
                "io.modelcontextprotocol/protocolVersion": version,
                "io.modelcontextprotocol/clientCapabilities": {},
            },
        }})
    };
    let with = |version: &str, headers: &[(&str, &str)]| {
        let request = posted(&server, &message(version)).bearer(&token);
        let add = |request: Request, (name, value): &(&str, &str)| request.header(name, value);
        headers.iter().fold(request, add).send()
    };
    let version = ("MCP-Protocol-Version", "2026-07-28");
    let (method, name) = (("Mcp-Method", "tools/call"), ("Mcp-Name", "whoami"));
    assert_eq!(with("2026-07-28", &[version, method, name]).status, 200);
    let encoded = ("Mcp-Name", "=?base64?d2hvYW1p?=");
    assert_eq!(with("2026-07-28", &[version, method, encoded]).status, 200);
    for headers in [
        vec![],
        vec![version],
        vec![version, method],
        vec![version, name],
        vec![version, ("Mcp-Method", "tools/list"), name],
        vec![version, method, ("Mcp-Name", "write_note")],
        vec![version, method, ("Mcp-Name", "=?base64?!?=")],
        vec![("MCP-Protocol-Version", "2025-11-25"), method, name],
    ] {
        is_failure(&with("2026-07-28", &headers), 400, -32020);
    }
    let other = [("MCP-Protocol-Version", "2030-01-01"), method, name];
    let unsupported = with("2030-01-01", &other);
    is_failure(&unsupported, 400, -32022);
    let data = &unsupported.json()["error"]["data"];
    assert_eq!(
        (&data["requested"], &data["supported"][0]),
        (&json!("2030-01-01"), &json!("2026-07-28"))
    );
    let old =
        legacy(&server, &token, "tools/call", &call).header("MCP-Protocol-Version", "2024-11-05");
    is_failure(&old.send(), 400, -32022);
}

#[test]
fn what_is_no_message_for_it_is_refused_with_a_reason() {
    let server = Server::start();
    let token = token(&server, "mcp:read");
    is_failure(
        &modern(&server, &token, "ping", &json!({})).send(),
        404,
        -32601,
    );
    is_failure(
        &modern(&server, &token, "initialize", &json!({})).send(),
        404,
        -32601,
    );
    is_failure(
        &legacy(&server, &token, "server/discover", &json!({})).send(),
        200,
        -32601,
    );
    let unknown = json!({"name": "rm"});
    is_failure(
        &modern(&server, &token, "tools/call", &unknown).send(),
        200,
        -32602,
    );
    let raw = |body: &str| {
        let request = server.request("POST", "/mcp").bearer(&token);
        request.body("application/json", body).send()
    };
    is_failure(&raw("{"), 400, -32700);
    is_failure(&raw("[]"), 400, -32600);
    is_failure(&raw(r#"{"jsonrpc":"2.0","id":1,"result":{}}"#), 400, -32600);
    let answer = server
        .request("POST", "/mcp")
        .bearer(&token)
        .body("text/plain", "{}");
    is_failure(&answer.send(), 415, -32600);
    let ping = json!({"jsonrpc": "2.0", "id": 1, "method": "ping"});
    let only = server
        .request("POST", "/mcp")
        .bearer(&token)
        .header("Accept", "application/json");
    is_failure(
        &only.body("application/json", ping.to_string()).send(),
        406,
        -32600,
    );
    for (origin, status) in [
        ("https://evil.example", 403),
        ("null", 403),
        ("http://localhost:6274", 200),
        (server.issuer().as_str(), 200),
    ] {
        let answer = legacy(&server, &token, "ping", &json!({}))
            .header("Origin", origin)
            .send();
        assert_eq!(answer.status, status, "{origin}");
    }
    let get = server.request("GET", "/mcp").bearer(&token).send();
    assert_eq!((get.status, get.header("allow")), (405, "POST"));
    // A mistake in the arguments is told to the model, which may learn from it.
    let call = json!({"name": "whoami", "arguments": {"x": 1}});
    assert_eq!(
        result(&legacy(&server, &token, "tools/call", &call).send())["isError"],
        true
    );
}

/// Scripts of other origins send these (the Fetch standard, section 3.2).
#[test]
fn a_script_may_send_the_headers_of_the_protocol() {
    let server = Server::start();
    let answer = server
        .request("OPTIONS", "/mcp")
        .header("Origin", "http://localhost:6274")
        .send();
    let allowed = answer.header("access-control-allow-headers");
    for name in [
        "authorization",
        "dpop",
        "mcp-protocol-version",
        "mcp-session-id",
        "mcp-method",
        "mcp-name",
    ] {
        assert!(allowed.split(", ").any(|one| one == name), "{allowed}");
    }
    let exposed = server.get("/mcp");
    let exposed = exposed.header("access-control-expose-headers");
    assert_eq!(exposed, "WWW-Authenticate, DPoP-Nonce, Retry-After");
}

#[test]
fn faults_reach_it() {
    let server = Server::start();
    let token = token(&server, "mcp:read");
    let body = json!({"fault": "insufficient-scope", "endpoint": "mcp", "count": 1});
    let on = server.request("POST", "/_control/faults");
    assert_eq!(
        on.body("application/json", body.to_string()).send().status,
        201
    );
    assert_eq!(
        legacy(&server, &token, "tools/list", &json!({}))
            .send()
            .status,
        403
    );
    assert_eq!(
        legacy(&server, &token, "tools/list", &json!({}))
            .send()
            .status,
        200
    );
}
