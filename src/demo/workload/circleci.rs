//! A job of `CircleCI`, as circleci.com/docs, "OpenID Connect tokens in jobs", describes its tokens: one of each
//! version in a variable, and any by the program `circleci`.

use serde_json::{Map, Value, json};

use crate::demo::workload::given::{claims, text};
use crate::demo::workload::platform::{Platform, TokenVariable, Variable};

pub(super) const PLATFORM: Platform = Platform {
    name: "circleci",
    lifetime: 3600,
    early: None,
    has_typ: true,
    has_jti: false,
    lists_audience: false,
    claims: said,
    subject,
    audience: Some(|_| ORGANIZATION.to_owned()),
    variables: &[
        ("CI", Variable::Text("true")),
        ("CIRCLECI", Variable::Text("true")),
        ("CIRCLE_BRANCH", Variable::Text("main")),
        ("CIRCLE_ORGANIZATION_ID", Variable::Text(ORGANIZATION)),
        (
            "CIRCLE_PROJECT_ID",
            Variable::Claim("oidc.circleci.com/project-id"),
        ),
    ],
    request: None,
    tokens: &[
        TokenVariable {
            name: "CIRCLE_OIDC_TOKEN",
            subject: Some(first_subject),
        },
        TokenVariable {
            name: "CIRCLE_OIDC_TOKEN_V2",
            subject: None,
        },
    ],
    names_by_audience: false,
    files: &[],
    bundle: None,
    program: Some("circleci"),
};

const ORGANIZATION: &str = "f22b6566-597d-46d5-ba74-99ef5bb3d85c";
const PROJECT: &str = "2b8a4a4e-1a7f-4f1c-9c3f-2f6c9d7f6a10";
const USER: &str = "4c9f5b1e-0d3b-4c0e-8f53-6a1f0d1f7b2e";

fn said(_: &Map<String, Value>) -> Map<String, Value> {
    claims(json!({
        "oidc.circleci.com/project-id": PROJECT,
        "oidc.circleci.com/context-ids": ["aaaa7c1d-6ad4-4bb5-8f0c-1d5f0b7d3c02"],
        "oidc.circleci.com/vcs-origin": "github.com/my-org/my-repo",
        "oidc.circleci.com/vcs-ref": "refs/heads/main",
        "oidc.circleci.com/ssh-rerun": false,
    }))
}

/// That of `$CIRCLE_OIDC_TOKEN`.
fn first_subject(claims: &Map<String, Value>) -> String {
    let project = text(claims, "oidc.circleci.com/project-id", PROJECT);
    format!("org/{ORGANIZATION}/project/{project}/user/{USER}")
}

/// That of `$CIRCLE_OIDC_TOKEN_V2`.
fn subject(claims: &Map<String, Value>) -> String {
    let of = |name: &str| text(claims, name, "");
    let (origin, place) = (
        of("oidc.circleci.com/vcs-origin"),
        of("oidc.circleci.com/vcs-ref"),
    );
    let first = first_subject(claims);
    format!("{first}/vcs-origin/{origin}/vcs-ref/{place}")
}
