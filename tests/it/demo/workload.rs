//! `--as`: a command that is run as a job or a workload, and what libraries and `jott fetch --ci` find there.
//!
//! The shapes of the tokens are those of the vendors' documentation; the libraries are the real ones.

use std::ffi::OsStr;
use std::process::{Command, Output};

use serde_json::Value;

use crate::peer;

const AUDIENCE: &str = "https://api.example";
const JOTT: &str = env!("CARGO_BIN_EXE_jott");

/// A server that runs a command as a job of a place.
fn job(platform: &str, args: &[&str], command: &Command) -> Output {
    // A server before it may have had the same port, and other keys.
    let cache = tempfile::tempdir().unwrap();
    let mut server = Command::new(JOTT);
    server
        .args(["serve-demo", "-q", "--alg", "ES256", "--as", platform])
        .args(["--aud", AUDIENCE])
        .args(args)
        .arg("--")
        .arg(command.get_program())
        .args(command.get_args())
        .env("JOTT", JOTT)
        .env("XDG_CACHE_HOME", cache.path())
        .env("NO_PROXY", "127.0.0.1,localhost")
        // What runs the tests may be a job itself.
        .env("GITHUB_ACTIONS", "true")
        .env("GITLAB_CI", "true");
    peer::output(&mut server, &[])
}

/// What it prints, if it ends well.
#[track_caller]
fn said(platform: &str, args: &[&str], command: &Command) -> String {
    let output = job(platform, args, command);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{platform}: {stderr}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn shell(line: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", line]);
    command
}

fn python(name: &str) -> Command {
    let mut script = peer::script("with_workload.py");
    script.arg(name);
    script
}

/// The subject of the tokens of each place.
const SUBJECTS: [(&str, &str); 6] = [
    (
        "github",
        "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main",
    ),
    (
        "gitlab",
        "project_path:my-group/my-project:ref_type:branch:ref:main",
    ),
    ("kubernetes", "system:serviceaccount:default:default"),
    (
        "circleci",
        "org/f22b6566-597d-46d5-ba74-99ef5bb3d85c/project/2b8a4a4e-1a7f-4f1c-9c3f-2f6c9d7f6a10/user/4c9f5b1e-0d3b-4c0e-8f53-6a1f0d1f7b2e/vcs-origin/github.com/my-org/my-repo/vcs-ref/refs/heads/main",
    ),
    (
        "buildkite",
        "organization:my-org:pipeline:my-pipeline:ref:refs/heads/main:commit:9f3182061f1e2cca4702c368cbc039b7dc9d4485:step:build",
    ),
    ("spiffe", "spiffe://example.org/workload"),
];

#[test]
fn fetch_finds_the_token_of_each_place_and_verify_takes_it() {
    let line = format!(
        "\"$JOTT\" fetch --ci --audience {AUDIENCE} | \"$JOTT\" verify --key \"$JOTT_KEY_SOURCE\" --aud {AUDIENCE} --json"
    );
    for (platform, subject) in SUBJECTS {
        let verdict: Value = serde_json::from_str(&said(platform, &[], &shell(&line))).unwrap();
        assert_eq!(verdict["claims"]["sub"], subject, "{platform}");
        // The API server of Kubernetes signs without one.
        let typ = (platform != "kubernetes").then_some("JWT");
        assert_eq!(verdict["header"]["typ"].as_str(), typ, "{platform}");
    }
}

#[test]
fn a_job_finds_the_server_whatever_its_issuer_is_called() {
    for issuer in [
        "https://token.actions.githubusercontent.com",
        "http://issuer.example:9000/tenant",
    ] {
        let line = format!(
            "\"$JOTT\" fetch --ci --audience {AUDIENCE} | \"$JOTT\" decode --get iss; echo \"$AWS_ENDPOINT_URL_STS $(cat \"$GOOGLE_APPLICATION_CREDENTIALS\")\""
        );
        let said = said("github", &["--issuer", issuer], &shell(&line));
        let (iss, others) = said.split_once('\n').unwrap();
        assert_eq!(iss, issuer);
        assert!(others.starts_with("http://127.0.0.1:"), "{others}");
        assert!(!others.contains(issuer), "{others}");
    }
}

#[test]
fn a_token_is_for_whom_it_is_asked_for_where_one_can_ask() {
    for platform in ["github", "buildkite", "circleci"] {
        let line = "\"$JOTT\" fetch --ci --audience sts.other.example | \"$JOTT\" decode --get aud";
        assert_eq!(
            said(platform, &[], &shell(line)),
            "sts.other.example",
            "{platform}"
        );
    }
    // Where the audience is declared beforehand, another is refused by name.
    let line = "\"$JOTT\" fetch --ci --audience sts.other.example";
    let output = job("kubernetes", &[], &shell(line));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        stderr.contains("is for another audience: https://api.example"),
        "{stderr}"
    );
}

#[test]
fn the_claims_are_those_of_the_place_and_a_configuration_changes_them() {
    let config = tempfile::NamedTempFile::new().unwrap();
    let text = "[workload]\naudience = [\"https://of.the.file\"]\n[workload.claims]\nrepository = \"acme/shop\"\nenvironment = \"production\"\n";
    std::fs::write(config.path(), text).unwrap();
    let config = config.path().to_str().unwrap();
    let line = format!(
        "\"$JOTT\" fetch --ci --audience {AUDIENCE} | \"$JOTT\" decode --json; printf %s \"$GITHUB_REPOSITORY\" >&2"
    );
    let output = job("github", &["--config", config], &shell(&line));
    let token: Value = serde_json::from_slice(&output.stdout).unwrap();
    let claims = &token["claims"];
    assert_eq!(
        claims["sub"],
        "repo:acme@123456/shop@456789:environment:production"
    );
    let workflow = "acme/shop/.github/workflows/deploy.yml@refs/heads/main";
    assert_eq!(claims["job_workflow_ref"], workflow);
    assert_eq!(claims["repository_owner"], "acme");
    assert_eq!(claims["runner_environment"], "github-hosted");
    let seconds = |name: &str| claims[name].as_i64().unwrap();
    assert_eq!(seconds("exp") - seconds("iat"), 300);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.ends_with("acme/shop"), "{stderr}");
}

#[test]
fn what_the_configuration_may_not_say_is_refused() {
    let config = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(
        config.path(),
        "[workload.claims]\niss = \"https://x.example\"\n",
    )
    .unwrap();
    let config = config.path().to_str().unwrap();
    let output = job("github", &["--config", config], &shell("true"));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(
        stderr.contains("the claim `iss` is set by the server"),
        "{stderr}"
    );
    assert_eq!(output.status.code(), Some(2));
}

/// What only the whole of a configuration shows is said before anything starts.
#[test]
fn a_configuration_whose_parts_do_not_fit_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let key = super::signer::Signer::new().jwks();
    std::fs::write(folder.path().join("keys.json"), key).unwrap();
    let path = folder.path().join("demo.toml");
    let issuer = "[[issuer]]\nissuer = \"https://x.example\"\njwks = \"keys.json\"\nclient = ";
    let claims = "[workload.claims]\n";
    for (platform, text, found) in [
        (
            "github",
            "[workload]\nclient = \"nobody\"\n".to_owned(),
            "there is no client `nobody`, which `[workload]` names",
        ),
        (
            "github",
            format!("{issuer}\"nobody\"\n"),
            "there is no client `nobody`, which `[[issuer]]` names",
        ),
        (
            "github",
            format!("{claims}repository = 7\n"),
            "the claim `repository` of `[workload.claims]` has another type than github gives it",
        ),
        ("spiffe", format!("{claims}sub = 7\n"), "the claim `sub`"),
        (
            "kubernetes",
            format!("{claims}\"kubernetes.io\" = \"x\"\n"),
            "the claim `kubernetes.io`",
        ),
        (
            "gitlab",
            format!("{claims}runner_id = \"1\"\n"),
            "the claim `runner_id`",
        ),
    ] {
        std::fs::write(&path, &text).unwrap();
        let args = ["--config", path.to_str().unwrap()];
        let output = job(platform, &args, &shell("echo started"));
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains(found), "{text}: {stderr}");
        assert_eq!((output.status.code(), &*output.stdout), (Some(2), &b""[..]));
    }
    // The subject that repositories had before July 2026.
    let before = "repo:octo-org/octo-repo:ref:refs/heads/main";
    let text = format!("{claims}sub = \"{before}\"\n{issuer}\"demo-app\"\n");
    std::fs::write(&path, text).unwrap();
    let line = format!("\"$JOTT\" fetch --ci --audience {AUDIENCE} | \"$JOTT\" decode --get sub");
    let args = ["--config", path.to_str().unwrap()];
    assert_eq!(said("github", &args, &shell(&line)), before);
}

/// A job without its secret gets nothing, and neither does anybody else.
#[test]
fn a_token_is_given_to_the_job_alone() {
    let line = "for h in 'X: y' 'Authorization: Bearer wrong' \"Authorization: Basic $ACTIONS_ID_TOKEN_REQUEST_TOKEN\"; do curl -s -o /dev/null -w '%{http_code} ' -H \"$h\" \"$ACTIONS_ID_TOKEN_REQUEST_URL\"; done; curl -s -o /dev/null -w '%{http_code}' -H \"Authorization: bearer $ACTIONS_ID_TOKEN_REQUEST_TOKEN\" \"$ACTIONS_ID_TOKEN_REQUEST_URL&audience=x\"";
    assert_eq!(said("github", &[], &shell(line)), "401 401 401 200");
    // Without `--as` there is no such place.
    let server = super::server::Server::start();
    for path in ["/workload/token", "/sts/v1/token", "/t/oauth2/v2.0/token"] {
        assert_eq!(server.post(path, &[("a", "b")]).status, 404, "{path}");
    }
}

/// The agent of Buildkite asks as its API has it.
#[test]
fn the_agent_of_buildkite_gets_a_token_by_its_api() {
    let line = "curl -s -H \"Authorization: Token $BUILDKITE_AGENT_ACCESS_TOKEN\" -H 'Content-Type: application/json' -d '{\"audience\":\"sts.other.example\"}' \"$BUILDKITE_AGENT_ENDPOINT/jobs/$BUILDKITE_JOB_ID/oidc/tokens\"";
    let answer: Value = serde_json::from_str(&said("buildkite", &[], &shell(line))).unwrap();
    assert!(answer["token"].as_str().unwrap().starts_with("eyJ"));
    // What it cannot have is not left out without a word.
    let asks = |members: &str| {
        format!(
            "curl -s -H \"Authorization: Token $BUILDKITE_AGENT_ACCESS_TOKEN\" -d '{{{members}}}' \"$BUILDKITE_AGENT_ENDPOINT/jobs/$BUILDKITE_JOB_ID/oidc/tokens\""
        )
    };
    let empty = "\"lifetime\":0,\"claims\":[],\"subject_claim\":\"\",\"aws_session_tags\":null";
    for (members, found) in [
        (empty, "{\"token\":"),
        ("\"lifetime\":60", "`lifetime` is not known here"),
        ("\"claims\":[\"cluster_id\"]", "`claims` is not known here"),
        (
            "\"subject_claim\":\"job_id\"",
            "`subject_claim` is not known here",
        ),
    ] {
        let answer = said("buildkite", &[], &shell(&asks(members)));
        assert!(answer.contains(found), "{members}: {answer}");
    }
}

/// An option that would change the token is not passed over by the programs that stand for others.
#[test]
fn the_programs_of_a_job_refuse_what_they_do_not_know() {
    for (platform, line, found) in [
        (
            "buildkite",
            "buildkite-agent oidc request-token --audience a --claim cluster_id",
            "knows --audience, and not --claim",
        ),
        (
            "buildkite",
            "buildkite-agent secret get x",
            "`oidc request-token` alone",
        ),
        (
            "circleci",
            "circleci run oidc get --ttl 5m",
            "knows --claims and --root-issuer, and not --ttl",
        ),
        (
            "circleci",
            "circleci version",
            "`run oidc get --claims` alone",
        ),
    ] {
        let output = job(platform, &[], &shell(line));
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains(found), "{line}: {stderr}");
        assert_eq!(output.status.code(), Some(1), "{line}");
    }
    for line in [
        "buildkite-agent oidc request-token --audience=a | \"$JOTT\" decode --get aud",
        "buildkite-agent oidc request-token --audience a | \"$JOTT\" decode --get aud",
    ] {
        assert_eq!(said("buildkite", &[], &shell(line)), "a");
    }
    let line = "circleci run oidc get --root-issuer --claims '{\"aud\":\"a\"}' | \"$JOTT\" decode --get aud";
    assert_eq!(said("circleci", &[], &shell(line)), "a");
}

/// RFC 7519 section 4.1.4: a fault of tokens makes those of a job wrong, too.
#[test]
fn a_fault_reaches_the_tokens_of_a_job() {
    let line = format!(
        "\"$JOTT\" fetch --ci --audience {AUDIENCE} | \"$JOTT\" verify --key \"$JOTT_KEY_SOURCE\" --aud {AUDIENCE}"
    );
    for platform in ["github", "gitlab"] {
        let output = job(platform, &["--fault", "expired"], &shell(&line));
        let both = [output.stdout, output.stderr].concat();
        let both = String::from_utf8(both).unwrap();
        assert!(both.contains("expired"), "{platform}: {both}");
        assert!(!output.status.success());
    }
}

#[test]
fn the_command_is_not_taken_for_a_job_of_another_place() {
    let line = "printf '%s|%s' \"$GITHUB_ACTIONS\" \"$GITLAB_CI\"";
    assert_eq!(said("gitlab", &[], &shell(line)), "|true");
    assert_eq!(said("spiffe", &[], &shell(line)), "|");
}

#[test]
fn the_files_of_a_job_are_its_own_and_go_with_it() {
    let line = "stat -c '%a' \"$(dirname \"$SPIFFE_JWT_FILE\")\"; echo \"$SPIFFE_JWT_FILE\"";
    let said = said("spiffe", &[], &shell(line));
    let (mode, file) = said.split_once('\n').unwrap();
    assert_eq!(mode, "700");
    assert!(!std::path::Path::new(file).exists());
}

#[test]
fn the_id_of_python_finds_the_token_of_each_job() {
    for (platform, subject) in SUBJECTS {
        if ["github", "gitlab", "circleci", "buildkite"].contains(&platform) {
            assert_eq!(said(platform, &[], &python("id")), subject, "{platform}");
        }
    }
}

#[test]
fn actions_core_gets_the_token_of_a_job() {
    let node = peer::script("with_actions_core.mjs");
    let words: Vec<_> = [node.get_program()]
        .into_iter()
        .chain(node.get_args())
        .collect();
    let words = words.join(OsStr::new(" ")).into_string().unwrap();
    let line = format!(
        "{words} {AUDIENCE} | \"$JOTT\" verify --key \"$JOTT_KEY_SOURCE\" --aud {AUDIENCE} --get sub"
    );
    let subject = "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main";
    assert_eq!(said("github", &[], &shell(&line)), subject);
}

/// RFC 8693, as Google's library asks: it finds by itself where, and with which token.
#[test]
fn google_auth_gets_an_access_token_for_each() {
    for (platform, subject) in SUBJECTS {
        let greeting = format!("Hello, {subject}! This is a protected route.");
        assert_eq!(said(platform, &[], &python("google")), greeting);
    }
    let account = "Hello, shop@example.iam.gserviceaccount.com! This is a protected route.";
    assert_eq!(
        said("github", &[], &python("google_as_an_account")),
        account
    );
}

/// RFC 7523 section 2.2, with an assertion that the workload has of somebody else.
#[test]
fn azure_identity_and_msal_get_an_access_token_for_a_pod() {
    let greeting = "Hello, system:serviceaccount:default:default! This is a protected route.";
    for name in ["azure", "msal"] {
        let args = ["--tls", "self-signed"];
        assert_eq!(said("kubernetes", &args, &python(name)), greeting, "{name}");
    }
}

/// AWS's library finds by itself where, with which token, and for which role.
#[test]
fn boto3_gets_credentials_for_a_pod_and_for_every_job() {
    let greeting = "Hello, system:serviceaccount:default:default! This is a protected route.";
    assert_eq!(said("kubernetes", &[], &python("aws")), greeting);
    for (platform, subject) in SUBJECTS {
        let greeting = format!("Hello, {subject}! This is a protected route.");
        let found = said(platform, &[], &python("aws_by_a_call"));
        assert_eq!(found, greeting, "{platform}");
    }
}

/// The errors have the codes that AWS's libraries look for.
#[test]
fn a_role_is_assumed_by_who_may() {
    let role = "arn:aws:iam::123456789012:role/demo";
    let usual = [
        ("Action", "AssumeRoleWithWebIdentity"),
        ("Version", "2011-06-15"),
        ("RoleArn", role),
        ("RoleSessionName", "a.job@1"),
        ("WebIdentityToken", "$(cat $SPIFFE_JWT_FILE)"),
    ];
    let post = |changes: &[(&str, &str)]| {
        let mut fields = usual.to_vec();
        fields.retain(|(name, _)| changes.iter().all(|(changed, _)| name != changed));
        fields.extend(changes);
        let fields: Vec<String> = (fields.iter())
            .map(|(name, value)| format!("--data-urlencode \"{name}={value}\""))
            .collect();
        format!("curl -s {} \"$AWS_ENDPOINT_URL_STS\"", fields.join(" "))
    };
    let another = "$(curl -s -u demo-service:demo-service-secret -d grant_type=client_credentials $JOTT_ISSUER/token | sed 's/.*\"access_token\":\"\\([^\"]*\\).*/\\1/')";
    for (changes, found) in [
        (
            vec![],
            "<Arn>arn:aws:sts::123456789012:assumed-role/demo/a.job@1</Arn>",
        ),
        (
            vec![("RoleArn", "arn:aws:iam::123456789012:role/teams/x/demo")],
            ":assumed-role/demo/a.job@1</Arn>",
        ),
        (vec![("DurationSeconds", "900")], "<Credentials>"),
        (
            vec![("DurationSeconds", "899")],
            "<Code>ValidationError</Code>",
        ),
        (
            vec![("DurationSeconds", "-1")],
            "<Code>ValidationError</Code>",
        ),
        (
            vec![("DurationSeconds", "43201")],
            "<Code>ValidationError</Code>",
        ),
        (
            vec![("Action", "GetCallerIdentity")],
            "<Code>InvalidAction</Code>",
        ),
        (vec![("Action", "")], "there is no `Action`"),
        (vec![("RoleArn", "demo")], "`RoleArn` is"),
        (vec![("RoleSessionName", "x")], "`RoleSessionName` is"),
        (vec![("RoleSessionName", "a</Arn>b")], "&lt;/Arn&gt;"),
        (
            vec![("WebIdentityToken", "")],
            "there is no `WebIdentityToken`",
        ),
        (
            vec![("WebIdentityToken", "x.y.z")],
            "<Code>InvalidIdentityToken</Code>",
        ),
        (
            vec![("WebIdentityToken", another)],
            "<Code>InvalidIdentityToken</Code>",
        ),
    ] {
        let answer = said("spiffe", &[], &shell(&post(&changes)));
        assert!(answer.contains(found), "{changes:?}: {answer}");
    }
    let answer = said("spiffe", &["--fault", "expired"], &shell(&post(&[])));
    assert!(
        answer.contains("<Code>ExpiredTokenException</Code>"),
        "{answer}"
    );
    // Without `--as` there is no such service.
    let server = super::server::Server::start();
    assert_eq!(server.post("/workload/aws/", &[("a", "b")]).status, 404);
}

/// The keys in it have what the two documents define (SPIFFE Trust Domain and Bundle section 4.2).
#[test]
fn the_bundle_of_a_trust_domain_has_no_more_than_its_specification() {
    let bundle: Value =
        serde_json::from_str(&said("spiffe", &[], &shell("cat \"$SPIFFE_BUNDLE_FILE\""))).unwrap();
    assert_eq!(bundle["spiffe_sequence"], 1);
    let key = bundle["keys"][0].as_object().unwrap();
    let mut names: Vec<_> = key.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["crv", "kid", "kty", "use", "x", "y"]);
    assert_eq!(key["use"], "jwt-svid");
}

#[test]
fn the_spiffe_of_python_takes_the_svid_by_the_bundle() {
    let subject = "spiffe://example.org/workload";
    assert_eq!(said("spiffe", &[], &python("spiffe")), subject);
    // The bundle is a key for `verify`, too.
    let line = format!(
        "\"$JOTT\" verify --key \"$SPIFFE_BUNDLE_FILE\" --aud {AUDIENCE} -q < \"$SPIFFE_JWT_FILE\" && echo good"
    );
    assert_eq!(said("spiffe", &[], &shell(&line)), "good");
}

/// RFC 8693 section 2.2.2: what is no good gets nothing, and the log says why.
#[test]
fn a_token_that_is_no_good_is_not_exchanged() {
    let post = |fields: &str, token: &str| {
        format!(
            "curl -s {fields} --data-urlencode subject_token=\"{token}\" \"$JOTT_ISSUER/sts/v1/token\""
        )
    };
    let usual = "-d grant_type=urn:ietf:params:oauth:grant-type:token-exchange -d subject_token_type=urn:ietf:params:oauth:token-type:jwt -d requested_token_type=urn:ietf:params:oauth:token-type:access_token -d audience=pool";
    let own = "$(cat $SPIFFE_JWT_FILE)";
    let another = "$(curl -s -u demo-service:demo-service-secret -d grant_type=client_credentials $JOTT_ISSUER/token | sed 's/.*\"access_token\":\"\\([^\"]*\\).*/\\1/')";
    for (line, found) in [
        (post(usual, own), "\"issued_token_type\""),
        (post(usual, "x.y.z"), "invalid_grant"),
        (post(usual, another), "invalid_grant"),
        (
            post(&usual.replace("-type:jwt", "-type:saml2"), own),
            "invalid_request",
        ),
        (
            post(&usual.replace("-d audience=pool", ""), own),
            "invalid_request",
        ),
        (
            post(&usual.replace("token-exchange", "other"), own),
            "invalid_request",
        ),
    ] {
        let answer = said("spiffe", &[], &shell(&line));
        assert!(answer.contains(found), "{line}: {answer}");
    }
}
