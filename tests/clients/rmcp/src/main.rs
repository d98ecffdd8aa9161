//! What the Rust SDK of the Model Context Protocol does with `/mcp` from the first 401 on: it logs in, calls a
//! tool, steps up to the scope of another, and refreshes. The arguments are the issuer and, of a client that has
//! one, the URL of its document.

use std::env;

use reqwest::redirect::Policy;
use rmcp::model::CallToolRequestParams;
use rmcp::service::RunningService;
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::auth::{AuthClient, AuthorizationCallback, AuthorizationRequest, OAuthState};
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use rmcp::{RoleClient, ServiceError, ServiceExt as _};
use serde_json::{Value, json};

const CALLBACK: &str = "http://127.0.0.1:9/callback";
const READS: &str = "mcp:read offline_access";
const WRITES: &str = "mcp:read offline_access mcp:write";

/// Where a browser is sent back to that is asked nothing.
async fn answer(address: &str) -> String {
    let client = reqwest::Client::builder().redirect(Policy::none());
    let response = client.build().unwrap().get(address).send().await.unwrap();
    assert_eq!(response.status(), 303);
    response.headers()["location"].to_str().unwrap().to_owned()
}

/// How many requests an endpoint has had.
async fn count(issuer: &str, endpoint: &str) -> u64 {
    let address = format!("{issuer}/_control/requests?endpoint={endpoint}");
    let answer = reqwest::get(address).await.unwrap().text().await.unwrap();
    let seen: Value = serde_json::from_str(&answer).unwrap();
    seen["count"].as_u64().unwrap()
}

/// A client that has logged in.
async fn logged_in(place: &str, document: Option<&str>) -> AuthClient<reqwest::Client> {
    let mut state = OAuthState::new(place, None).await.unwrap();
    let mut asked = AuthorizationRequest::new(CALLBACK)
        .with_client_name("a test")
        .with_initial_scope_selection();
    if let Some(url) = document {
        asked = asked.with_client_metadata_url(url);
    }
    state.start_authorization(asked).await.unwrap();
    let address = state.get_authorization_url().await.unwrap();
    let back = answer(&address).await;
    state.handle_callback_url(&back).await.unwrap();
    AuthClient::new(
        reqwest::Client::new(),
        state.into_authorization_manager().unwrap(),
    )
}

/// Asks for one scope more, which a tool wants.
async fn step_up(client: &AuthClient<reqwest::Client>) {
    let manager = client.auth_manager.lock().await;
    let address = manager.request_scope_upgrade("mcp:write").await.unwrap();
    let back = AuthorizationCallback::from_redirect_url(&answer(&address).await).unwrap();
    let issuer = back.issuer.as_deref();
    let tokens = manager.exchange_code_for_token_with_issuer(&back.code, &back.csrf_token, issuer);
    tokens.await.unwrap();
}

struct Tools(RunningService<RoleClient, ()>);

impl Tools {
    async fn of(place: &str, client: &AuthClient<reqwest::Client>) -> Tools {
        let config = StreamableHttpClientTransportConfig::with_uri(place);
        let transport = StreamableHttpClientTransport::with_client(client.clone(), config);
        Tools(().serve(transport).await.unwrap())
    }

    async fn call(&self, tool: &'static str, given: Value) -> Result<Value, ServiceError> {
        let arguments = given.as_object().unwrap().clone();
        let call = CallToolRequestParams::new(tool).with_arguments(arguments);
        Ok(self.0.call_tool(call).await?.structured_content.unwrap())
    }

    async fn whoami(&self) -> Value {
        self.call("whoami", json!({})).await.unwrap()
    }

    async fn write(&self) -> Result<Value, ServiceError> {
        self.call("write_note", json!({"text": "milk"})).await
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let given: Vec<String> = env::args().skip(1).collect();
    let (issuer, document) = (given[0].as_str(), given.get(1).map(String::as_str));
    let place = format!("{issuer}/mcp");
    let client = logged_in(&place, document).await;
    let tools = Tools::of(&place, &client).await;
    let listed = tools.0.list_all_tools().await.unwrap();
    let names: Vec<_> = listed.iter().map(|tool| tool.name.as_ref()).collect();
    assert_eq!(names, ["whoami", "write_note"]);
    let told = tools.whoami().await;
    assert_eq!(
        (&told["sub"], &told["scope"]),
        (&json!("alice"), &json!(READS))
    );
    match document {
        Some(url) => assert_eq!(told["client_id"], url),
        None => assert!(told["client_id"].as_str().unwrap().starts_with("client-")),
    }
    let registrations = u64::from(document.is_none());
    assert_eq!(count(issuer, "register").await, registrations);
    let refused = tools.write().await.unwrap_err().to_string();
    assert!(refused.ends_with("Insufficient scope"), "{refused}");
    step_up(&client).await;
    let tools = Tools::of(&place, &client).await;
    assert_eq!(tools.write().await.unwrap()["id"], 1);
    assert_eq!(tools.whoami().await["scope"], WRITES);
    let before = client.get_access_token().await.unwrap();
    client
        .auth_manager
        .lock()
        .await
        .refresh_token()
        .await
        .unwrap();
    assert_ne!(client.get_access_token().await.unwrap(), before);
    assert_eq!(tools.whoami().await["scope"], WRITES);
    assert_eq!(count(issuer, "authorize").await, 2);
}
