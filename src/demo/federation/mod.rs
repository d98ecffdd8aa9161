//! Tokens of a workload: they are given to it, and exchanged for others, as by the services that it
//! usually asks.

mod aws;
mod azure;
mod google;
mod identity_token;
mod requests;
mod subject;

use axum::Router;
use axum::routing::{get, post};

use crate::demo::demo_server::DemoServer;
use crate::demo::path;

pub use identity_token::identity_token;
pub use subject::client_of_workload;

/// The endpoints, where there is a workload.
pub(super) fn routes(demo: &DemoServer) -> Router<DemoServer> {
    if demo.settings().workload.is_none() {
        return Router::new();
    }
    let azure = |path: &str| format!("/{{tenant}}{path}");
    Router::new()
        .route(path::IDENTITY_TOKEN, get(requests::github))
        .route(
            &format!("{}/jobs/{{job}}/oidc/tokens", path::BUILDKITE_AGENT),
            post(requests::buildkite),
        )
        .route(path::STS_TOKEN, post(google::exchange))
        .route(
            &format!("{}/{{account}}", path::SERVICE_ACCOUNTS),
            post(google::impersonate),
        )
        .route(path::AWS_STS, post(aws::assume))
        .route(&azure(path::AZURE_TOKEN), post(azure::token))
        .route(
            &azure("/v2.0/.well-known/openid-configuration"),
            get(azure::metadata),
        )
}
