//! A job of GitLab CI, as docs.gitlab.com, "OpenID Connect (OIDC) authentication using ID tokens", describes
//! its tokens.

use serde_json::{Map, Value, json};

use crate::demo::workload::given::{claims, split, text};
use crate::demo::workload::platform::{Platform, TokenVariable, Variable};

pub(super) const PLATFORM: Platform = Platform {
    name: "gitlab",
    lifetime: 3600,
    early: Some(5),
    has_typ: true,
    has_jti: true,
    lists_audience: false,
    claims: said,
    subject,
    audience: None,
    variables: &[
        ("CI", Variable::Text("true")),
        ("GITLAB_CI", Variable::Text("true")),
        ("CI_SERVER_URL", Variable::Below("")),
        ("CI_COMMIT_REF_NAME", Variable::Claim("ref")),
        ("CI_COMMIT_SHA", Variable::Claim("sha")),
        ("CI_JOB_ID", Variable::Claim("job_id")),
        ("CI_PIPELINE_ID", Variable::Claim("pipeline_id")),
        ("CI_PIPELINE_SOURCE", Variable::Claim("pipeline_source")),
        ("CI_PROJECT_ID", Variable::Claim("project_id")),
        ("CI_PROJECT_NAMESPACE", Variable::Claim("namespace_path")),
        ("CI_PROJECT_PATH", Variable::Claim("project_path")),
    ],
    request: None,
    // A job declares the names; these are for the first audience.
    tokens: &[
        TokenVariable {
            name: "ID_TOKEN",
            subject: None,
        },
        TokenVariable {
            name: "JOTT_ID_TOKEN",
            subject: None,
        },
    ],
    names_by_audience: true,
    files: &[],
    bundle: None,
    program: None,
};

const COMMIT: &str = "714a629c0b401fdce83e847fc9589983fc6f46bc";

fn said(given: &Map<String, Value>) -> Map<String, Value> {
    let project = text(given, "project_path", "my-group/my-project");
    let namespace = split(&project).0.to_owned();
    let name = text(given, "ref", "main");
    let kind = text(given, "ref_type", "branch");
    let place = match kind.as_str() {
        "tag" => format!("refs/tags/{name}"),
        _ => format!("refs/heads/{name}"),
    };
    let commit = text(given, "sha", COMMIT);
    let mut said = claims(json!({
        "namespace_id": "72",
        "namespace_path": namespace,
        "project_id": "20",
        "project_path": project,
        "user_id": "1",
        "user_login": "sample-user",
        "user_email": "sample-user@example.com",
        "user_access_level": "developer",
        "job_project_id": "20",
        "job_project_path": project,
        "job_namespace_id": "72",
        "job_namespace_path": namespace,
        "pipeline_id": "574",
        "pipeline_source": "push",
        "job_id": "302",
        "job_source": "push",
        "ref": name,
        "ref_type": kind,
        "ref_path": place,
        "ref_protected": "true",
        "runner_id": 1,
        "runner_environment": "gitlab-hosted",
        "sha": commit,
        "project_visibility": "private",
        "ci_config_ref_uri": format!("gitlab.com/{project}//.gitlab-ci.yml@{place}"),
        "ci_config_sha": commit,
    }));
    // A job that deploys says more.
    if given.contains_key("environment") {
        said.extend(claims(json!({
            "environment_protected": "false",
            "deployment_tier": "production",
            "environment_action": "start",
        })));
    }
    said
}

fn subject(claims: &Map<String, Value>) -> String {
    let of = |name: &str| text(claims, name, "");
    let (project, kind, name) = (of("project_path"), of("ref_type"), of("ref"));
    format!("project_path:{project}:ref_type:{kind}:ref:{name}")
}
