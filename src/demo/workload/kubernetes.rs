//! A pod of Kubernetes whose token is projected into a file, as kubernetes.io, "Managing Service Accounts",
//! describes it, and as `pkg/serviceaccount` of its API server makes it: a header without `typ`, `nbf` that is
//! `iat`, `aud` that is a list; with the variables that the webhooks of Azure Workload Identity and of Amazon EKS
//! add to a pod.

use serde_json::{Map, Value, json};

use crate::demo::workload::given::claims;
use crate::demo::workload::platform::{Platform, Variable};

pub(super) const PLATFORM: Platform = Platform {
    name: "kubernetes",
    lifetime: 3600,
    early: Some(0),
    has_typ: false,
    has_jti: true,
    lists_audience: true,
    claims: said,
    subject,
    audience: None,
    variables: &[
        ("KUBERNETES_SERVICE_HOST", Variable::Text("10.96.0.1")),
        ("KUBERNETES_SERVICE_PORT", Variable::Text("443")),
        ("AZURE_AUTHORITY_HOST", Variable::Below("/")),
        (
            "AZURE_TENANT_ID",
            Variable::Text("3a9bd1a1-6b56-4f6e-9f50-7b1c6b1f4c11"),
        ),
        ("AZURE_CLIENT_ID", Variable::Client),
        (
            "AWS_ROLE_ARN",
            Variable::Text("arn:aws:iam::123456789012:role/demo"),
        ),
    ],
    request: None,
    tokens: &[],
    names_by_audience: false,
    files: &["AZURE_FEDERATED_TOKEN_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE"],
    bundle: None,
    program: None,
};

/// The claims of a pod.
fn said(given: &Map<String, Value>) -> Map<String, Value> {
    let pod = given.get("kubernetes.io");
    let account = |name: &str| {
        let found = pod.and_then(|pod| pod.get(name));
        found.cloned()
    };
    claims(json!({
        "kubernetes.io": {
            "namespace": account("namespace").unwrap_or_else(|| json!("default")),
            "node": {
                "name": "node-1",
                "uid": "646e7c5e-32d6-4d42-9dbd-e504e6cbe6b1",
            },
            "pod": {
                "name": "demo-5d4c8f9b7d-x2x7q",
                "uid": "5e0bd49b-f040-43b0-99b7-22765a53f7f3",
            },
            "serviceaccount": account("serviceaccount").unwrap_or_else(|| json!({
                "name": "default",
                "uid": "14ee3fa4-a7e2-420f-9f9a-dbc4507c3798",
            })),
        },
    }))
}

fn subject(claims: &Map<String, Value>) -> String {
    let pod = claims.get("kubernetes.io");
    let of = |pointer: &str| {
        let found = pod.and_then(|pod| pod.pointer(pointer));
        found.and_then(Value::as_str).unwrap_or("default")
    };
    let (namespace, account) = (of("/namespace"), of("/serviceaccount/name"));
    format!("system:serviceaccount:{namespace}:{account}")
}
