//! The token endpoint of Microsoft Entra ID below a tenant, as its libraries call it for a workload: client
//! credentials with a token of the workload as the assertion (learn.microsoft.com, "Access token request with a
//! federated credential").

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use crate::demo::client_form::{ClientForm, FormRequest};
use crate::demo::demo_server::DemoServer;
use crate::demo::error::{ErrorCode, OAuthError};
use crate::demo::federation::subject;
use crate::demo::json_answer::json as answer;
use crate::demo::path;
use crate::demo::redact::quoted;
use crate::demo::scope::Scope;
use crate::demo::secret::random;
use crate::demo::tokens::{Contents, TokenAnswer, make};
use crate::oauth::assertion::{CLIENT_ASSERTION, CLIENT_ASSERTION_TYPE, JWT_BEARER};
use crate::oauth::grant_type::CLIENT_CREDENTIALS;

const SECTION: &str = "RFC 7523 section 2.2";

/// The usual audience of such assertions.
const AUDIENCE: &str = "api://AzureADTokenExchange";
/// The end of a scope that asks for everything that was granted at a resource.
const DEFAULT: &str = "/.default";

/// `POST /TENANT/oauth2/v2.0/token`
pub(super) async fn token(request: FormRequest) -> Response {
    request
        .respond(SECTION, |form| {
            let tokens = tokens(&form)?;
            for fault in &tokens.faults {
                form.entry.fault(*fault);
            }
            Ok(answer(StatusCode::OK, tokens.json()))
        })
        .await
}

fn tokens(form: &ClientForm<'_>) -> Result<TokenAnswer, OAuthError> {
    let parameters = &form.parameters;
    let only = |name: &str, known: &str| match parameters.require(name, SECTION)? {
        given if given == known => Ok(()),
        given => Err(OAuthError::request(
            format!("`{name}` is {}; supported: {known}", quoted(given, 80)),
            SECTION,
        )),
    };
    only("grant_type", CLIENT_CREDENTIALS)?;
    only(CLIENT_ASSERTION_TYPE, JWT_BEARER)?;
    let demo = form.demo;
    let client = subject::client(demo)?;
    let id = parameters.require("client_id", SECTION)?;
    if id != client.id {
        return Err(OAuthError::new(
            ErrorCode::InvalidClient,
            format!(
                "`client_id` is {}, but a workload may be {}",
                quoted(id, 60),
                client.id
            ),
            SECTION,
        ));
    }
    let mut audiences = vec![
        AUDIENCE.to_owned(),
        demo.settings().issuer.as_str().to_owned(),
    ];
    audiences.extend(subject::audiences(demo));
    let assertion = parameters.require(CLIENT_ASSERTION, SECTION)?;
    let (sub, _) = subject::subject(
        demo,
        form.keys,
        assertion,
        &audiences,
        ErrorCode::InvalidClient,
    )?;
    let asked = parameters.require("scope", SECTION)?;
    let resources: Vec<String> = asked
        .split_ascii_whitespace()
        .filter_map(|word| word.strip_suffix(DEFAULT))
        .map(str::to_owned)
        .collect();
    let rest: Vec<&str> = asked
        .split_ascii_whitespace()
        .filter(|word| !word.ends_with(DEFAULT))
        .collect();
    let rest = (!rest.is_empty()).then(|| rest.join(" "));
    let scope = Scope::resolve(rest.as_deref(), &client.scopes)?;
    let family = random()?;
    let contents = Contents {
        subject: Some(&sub),
        ..Contents::of_client(&client, &scope, &resources, &family)
    };
    make(demo, form.keys, &contents, demo.now())
}

/// `GET /TENANT/v2.0/.well-known/openid-configuration`, which leads there.
pub(super) async fn metadata(
    State(demo): State<DemoServer>,
    Path(tenant): Path<String>,
) -> Response {
    let issuer = &demo.settings().issuer;
    let below = |path: &str| issuer.join(&format!("/{tenant}{path}"));
    let document = json!({
        "issuer": below("/v2.0"),
        "token_endpoint": below(path::AZURE_TOKEN),
        "authorization_endpoint": issuer.join(path::AUTHORIZE),
        "jwks_uri": issuer.join(path::JWKS),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [demo.algorithm().name()],
    });
    answer(StatusCode::OK, document.to_string())
}
