//! A job of Buildkite, as buildkite.com/docs, "OIDC in Buildkite Pipelines", describes its tokens: the
//! program `buildkite-agent` asks for them.

use serde_json::{Map, Value, json};

use crate::demo::path;
use crate::demo::workload::given::{claims, text};
use crate::demo::workload::platform::{Platform, Variable};

pub(super) const PLATFORM: Platform = Platform {
    name: "buildkite",
    lifetime: 300,
    early: Some(0),
    has_typ: true,
    has_jti: false,
    lists_audience: false,
    claims: said,
    subject,
    audience: Some(audience),
    variables: &[
        ("CI", Variable::Text("true")),
        ("BUILDKITE", Variable::Text("true")),
        (
            "BUILDKITE_AGENT_ENDPOINT",
            Variable::Below(path::BUILDKITE_AGENT),
        ),
        ("BUILDKITE_AGENT_ACCESS_TOKEN", Variable::Secret),
        ("BUILDKITE_AGENT_ID", Variable::Claim("agent_id")),
        ("BUILDKITE_BRANCH", Variable::Claim("build_branch")),
        ("BUILDKITE_COMMIT", Variable::Claim("build_commit")),
        ("BUILDKITE_JOB_ID", Variable::Claim("job_id")),
        (
            "BUILDKITE_ORGANIZATION_SLUG",
            Variable::Claim("organization_slug"),
        ),
        ("BUILDKITE_PIPELINE_SLUG", Variable::Claim("pipeline_slug")),
        ("BUILDKITE_STEP_KEY", Variable::Claim("step_key")),
    ],
    request: None,
    tokens: &[],
    names_by_audience: false,
    files: &[],
    bundle: None,
    program: Some("buildkite-agent"),
};

/// What a job is by itself; it has a `build_tag` where it is given one.
fn said(_: &Map<String, Value>) -> Map<String, Value> {
    claims(json!({
        "organization_slug": "my-org",
        "pipeline_slug": "my-pipeline",
        "build_number": 42,
        "build_branch": "main",
        "build_commit": "9f3182061f1e2cca4702c368cbc039b7dc9d4485",
        "build_source": "webhook",
        "step_key": "build",
        "job_id": "0184990a-477b-4fa8-9968-496074483cee",
        "agent_id": "0184990a-4782-42b5-afc1-16715b10b8ff",
        "runner_environment": "self-hosted",
    }))
}

fn audience(claims: &Map<String, Value>) -> String {
    let organization = text(claims, "organization_slug", "");
    format!("https://buildkite.com/{organization}")
}

fn subject(claims: &Map<String, Value>) -> String {
    let of = |name: &str| text(claims, name, "");
    let place = match of("build_tag") {
        tag if tag.is_empty() => format!("refs/heads/{}", of("build_branch")),
        tag => format!("refs/tags/{tag}"),
    };
    format!(
        "organization:{}:pipeline:{}:ref:{place}:commit:{}:step:{}",
        of("organization_slug"),
        of("pipeline_slug"),
        of("build_commit"),
        of("step_key"),
    )
}
