//! A job of GitHub Actions, as docs.github.com, "OpenID Connect reference", describes its tokens; `sub` has
//! the numbers of owner and repository, as all have it that were made or renamed since July 2026.

use serde_json::{Map, Value, json};

use crate::demo::workload::given::{claims, split, text};
use crate::demo::workload::platform::{Platform, Variable};

pub(super) const PLATFORM: Platform = Platform {
    name: "github",
    lifetime: 300,
    early: Some(600),
    has_typ: true,
    has_jti: true,
    lists_audience: false,
    claims: said,
    subject,
    audience: Some(audience),
    variables: &[
        ("CI", Variable::Text("true")),
        ("GITHUB_ACTIONS", Variable::Text("true")),
        ("GITHUB_SERVER_URL", Variable::Text("https://github.com")),
        ("GITHUB_ACTOR", Variable::Claim("actor")),
        ("GITHUB_EVENT_NAME", Variable::Claim("event_name")),
        ("GITHUB_REF", Variable::Claim("ref")),
        ("GITHUB_REF_TYPE", Variable::Claim("ref_type")),
        ("GITHUB_REPOSITORY", Variable::Claim("repository")),
        ("GITHUB_REPOSITORY_ID", Variable::Claim("repository_id")),
        (
            "GITHUB_REPOSITORY_OWNER",
            Variable::Claim("repository_owner"),
        ),
        (
            "GITHUB_REPOSITORY_OWNER_ID",
            Variable::Claim("repository_owner_id"),
        ),
        ("GITHUB_RUN_ATTEMPT", Variable::Claim("run_attempt")),
        ("GITHUB_RUN_ID", Variable::Claim("run_id")),
        ("GITHUB_RUN_NUMBER", Variable::Claim("run_number")),
        ("GITHUB_SHA", Variable::Claim("sha")),
        ("GITHUB_WORKFLOW", Variable::Claim("workflow")),
        ("GITHUB_WORKFLOW_REF", Variable::Claim("workflow_ref")),
        ("RUNNER_ENVIRONMENT", Variable::Claim("runner_environment")),
    ],
    request: Some([
        "ACTIONS_ID_TOKEN_REQUEST_URL",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    ]),
    tokens: &[],
    names_by_audience: false,
    files: &[],
    bundle: None,
    program: None,
};

const COMMIT: &str = "9f3182061f1e2cca4702c368cbc039b7dc9d4485";

fn said(given: &Map<String, Value>) -> Map<String, Value> {
    let repository = text(given, "repository", "octo-org/octo-repo");
    let place = text(given, "ref", "refs/heads/main");
    let commit = text(given, "sha", COMMIT);
    let kind = match place.starts_with("refs/tags/") {
        true => "tag",
        false => "branch",
    };
    let workflow = format!("{repository}/.github/workflows/deploy.yml@{place}");
    claims(json!({
        "actor": "octocat",
        "actor_id": "583231",
        "base_ref": "",
        "check_run_id": "52380946213",
        "event_name": "push",
        "head_ref": "",
        "job_workflow_ref": workflow,
        "job_workflow_sha": commit,
        "ref": place,
        "ref_protected": "true",
        "ref_type": kind,
        "repository": repository,
        "repository_id": "456789",
        "repository_owner": split(&repository).0,
        "repository_owner_id": "123456",
        "repository_visibility": "private",
        "run_attempt": "1",
        "run_id": "18642107915",
        "run_number": "10",
        "runner_environment": "github-hosted",
        "sha": commit,
        "workflow": "deploy",
        "workflow_ref": workflow,
        "workflow_sha": commit,
    }))
}

/// The owner of the repository.
fn audience(claims: &Map<String, Value>) -> String {
    format!(
        "https://github.com/{}",
        text(claims, "repository_owner", "")
    )
}

fn subject(claims: &Map<String, Value>) -> String {
    let of = |name: &str| text(claims, name, "");
    let repository = of("repository");
    let (owner, name) = split(&repository);
    let (owner_id, id) = (of("repository_owner_id"), of("repository_id"));
    let context = match claims.get("environment").and_then(Value::as_str) {
        Some(environment) => format!("environment:{}", environment.replace(':', "%3A")),
        None if of("event_name") == "pull_request" => "pull_request".to_owned(),
        None => format!("ref:{}", of("ref")),
    };
    format!("repo:{owner}@{owner_id}/{name}@{id}:{context}")
}
