//! `--ci`: the identity token of the job, workload or machine that this runs in, found by what is there.

use std::path::Path;

use zeroize::Zeroizing;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::fetch::server;
use crate::cli::ui::{self, Ui};
use crate::keys::program::{self, ProgramFault};
use crate::keys::remote::{Caching, Network};
use crate::keys::{Address, MAX_KEY_BYTES, named_file, probe};
use crate::oauth::form;
use crate::text::escape;
use crate::token::decode::decode;
use crate::token::json::Json;

/// A place where jobs or workloads run that have tokens of their own.
struct Platform {
    name: &'static str,
    /// The variable that says that this runs there.
    sign: &'static str,
    /// Gets a token for an audience.
    token: fn(&str, &mut Ui<'_, '_>) -> Result<Zeroizing<String>, Failure>,
}

/// In the order in which they are looked for: a job may run in a cluster.
const PLATFORMS: &[Platform] = &[
    Platform {
        name: "GitHub Actions",
        sign: "GITHUB_ACTIONS",
        token: github,
    },
    Platform {
        name: "GitLab CI",
        sign: "GITLAB_CI",
        token: gitlab,
    },
    Platform {
        name: "CircleCI",
        sign: "CIRCLECI",
        token: circleci,
    },
    Platform {
        name: "Buildkite",
        sign: "BUILDKITE",
        token: buildkite,
    },
    Platform {
        name: "Google Cloud",
        sign: "GCE_METADATA_HOST",
        token: google,
    },
    Platform {
        name: "Google Cloud Run",
        sign: "K_SERVICE",
        token: google,
    },
    Platform {
        name: "a workload with a token in a file",
        sign: "AWS_WEB_IDENTITY_TOKEN_FILE",
        token: |_, ui| file("AWS_WEB_IDENTITY_TOKEN_FILE", ui),
    },
    Platform {
        name: "a workload with a token in a file",
        sign: "AZURE_FEDERATED_TOKEN_FILE",
        token: |_, ui| file("AZURE_FEDERATED_TOKEN_FILE", ui),
    },
    Platform {
        name: "a workload of SPIFFE",
        sign: "SPIFFE_JWT_FILE",
        token: |_, ui| file("SPIFFE_JWT_FILE", ui),
    },
    Platform {
        name: "Kubernetes",
        sign: "KUBERNETES_SERVICE_HOST",
        token: |_, ui| read(Path::new(SERVICE_ACCOUNT), ui),
    },
];

/// Where a pod has the token of its service account.
const SERVICE_ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/// The token for an audience, and where it came from.
pub(super) fn token(
    audience: &str,
    ui: &mut Ui<'_, '_>,
) -> Result<(Zeroizing<String>, &'static str), Failure> {
    let is_there = |platform: &&Platform| {
        ui.world
            .variable(platform.sign)
            .is_some_and(|sign| !sign.is_empty())
    };
    let Some(platform) = PLATFORMS.iter().find(is_there) else {
        return Err(Failure::new(Exit::Refused, "this is no job or workload that has an identity token")
            .cause("none of the variables is set by which GitHub Actions, GitLab CI, CircleCI, Buildkite, Google Cloud, AWS, Azure, SPIFFE and Kubernetes are known")
            .hint("where this is a job or workload of another platform, its token is in a variable or a file that its documentation names"));
    };
    let token = (platform.token)(audience, ui)?;
    is_for(&token, audience, platform)?;
    Ok((token, platform.name))
}

/// Refuses a token for somebody else: it would be refused there, without a reason.
fn is_for(token: &str, audience: &str, platform: &Platform) -> Result<(), Failure> {
    let name = platform.name;
    let decoded = decode(token).map_err(|malformed| {
        Failure::new(Exit::Refused, format!("what {name} gave is no token"))
            .cause(malformed.message)
    })?;
    let aud = decoded.claims().and_then(|claims| claims.get("aud"));
    let found: Vec<String> = aud
        .into_iter()
        .flat_map(Json::one_or_many)
        .filter_map(Json::as_str)
        .map(std::borrow::Cow::into_owned)
        .collect();
    if found.iter().any(|aud| aud == audience) {
        return Ok(());
    }
    let shown = escape::shorten(&found.join(", "), 200);
    Err(Failure::new(
        Exit::Refused,
        format!("the token of {name} is for another audience: {shown}"),
    )
    .hint("the audience of such a token is set where the job or the workload is declared"))
}

/// docs.github.com, "OpenID Connect reference": a request with the bearer token of the job.
fn github(audience: &str, ui: &mut Ui<'_, '_>) -> Result<Zeroizing<String>, Failure> {
    let variables = [
        ui.world.variable("ACTIONS_ID_TOKEN_REQUEST_URL"),
        ui.world
            .variable("ACTIONS_ID_TOKEN_REQUEST_TOKEN")
            .map(|token| token.trim().to_owned()),
    ];
    let [Some(url), Some(bearer)] = variables else {
        return Err(Failure::new(
            Exit::Refused,
            "this job of GitHub Actions may not ask for an identity token",
        )
        .hint("the job needs `permissions: id-token: write` (and `contents: read` to check out)"));
    };
    let url = form::with_parameter(&url, "audience", audience);
    let bearer = Zeroizing::new(format!("Bearer {bearer}"));
    let answer = get(&url, &[("authorization", &bearer)], ui)?;
    let json = answer.json().map_err(server::failure)?;
    match json.get("value").and_then(Json::as_str) {
        Some(token) if answer.status == 200 => Ok(Zeroizing::new(token.into_owned())),
        _ => Err(Failure::new(
            Exit::Refused,
            format!("GitHub answered {} without a token", answer.status),
        )),
    }
}

/// docs.gitlab.com, "OpenID Connect (OIDC) authentication using ID tokens": a variable that the job
/// declares, with a name of its own choice.
fn gitlab(audience: &str, ui: &mut Ui<'_, '_>) -> Result<Zeroizing<String>, Failure> {
    let names = [
        "JOTT_ID_TOKEN",
        "ID_TOKEN",
        "GITLAB_OIDC_TOKEN",
        "CI_JOB_JWT_V2",
    ];
    let found = names
        .iter()
        .find_map(|name| ui.world.variable(name).filter(|token| !token.is_empty()));
    found.map(Zeroizing::new).ok_or_else(|| {
        let audience = escape::shorten(audience, 100);
        Failure::new(Exit::Refused, "this job of GitLab CI has no identity token").hint(format!(
            "the job needs `id_tokens: {{ JOTT_ID_TOKEN: {{ aud: {audience} }} }}`"
        ))
    })
}

/// circleci.com/docs, "OpenID Connect tokens": variables for the organization, a command for others.
fn circleci(audience: &str, ui: &mut Ui<'_, '_>) -> Result<Zeroizing<String>, Failure> {
    let claims = format!("{{\"aud\":{}}}", crate::cli::json_line::string(audience));
    let asked = output("circleci", &["run", "oidc", "get", "--claims", &claims]);
    if let Ok(token) = asked {
        return Ok(token);
    }
    let found = ui.world.variable("CIRCLE_OIDC_TOKEN_V2");
    found
        .filter(|token| !token.is_empty())
        .map(Zeroizing::new)
        .ok_or_else(|| {
            Failure::new(Exit::Refused, "this job of CircleCI has no identity token")
                .hint("a job has one where it uses a context: `context: NAME` in the workflow")
        })
}

/// buildkite.com/docs, "buildkite-agent oidc".
fn buildkite(audience: &str, _: &mut Ui<'_, '_>) -> Result<Zeroizing<String>, Failure> {
    output(
        "buildkite-agent",
        &["oidc", "request-token", "--audience", audience],
    )
}

/// cloud.google.com, "Verify VM identity": the metadata server, on a network that ends at the machine.
fn google(audience: &str, ui: &mut Ui<'_, '_>) -> Result<Zeroizing<String>, Failure> {
    let host = ui
        .world
        .variable("GCE_METADATA_HOST")
        .filter(|host| !host.is_empty());
    let host = host.unwrap_or_else(|| "metadata.google.internal".to_owned());
    let url = format!(
        "http://{host}/computeMetadata/v1/instance/service-accounts/default/identity?format=full"
    );
    let url = form::with_parameter(&url, "audience", audience);
    let answer = get(&url, &[("metadata-flavor", "Google")], ui)?;
    let text = std::str::from_utf8(&answer.body).unwrap_or_default().trim();
    match answer.status {
        200 => Ok(Zeroizing::new(text.to_owned())),
        status => Err(Failure::new(
            Exit::Refused,
            format!("the metadata server answered {status} without a token"),
        )
        .hint("the machine needs a service account")),
    }
}

/// A request to what the platform itself has named.
fn get(url: &str, lines: &[(&str, &str)], ui: &mut Ui<'_, '_>) -> Result<probe::Probe, Failure> {
    let address = Address::parse(url).map_err(|why| {
        Failure::new(
            Exit::Refused,
            format!("the address that the platform names {why}"),
        )
    })?;
    let network = Network {
        env: ui.world.env,
        now: ui.world.now(),
        allow_http: true,
        caching: Caching::Off,
    };
    probe::get(&address, lines, &network).map_err(server::failure)
}

/// The file that a variable names.
fn file(variable: &str, ui: &mut Ui<'_, '_>) -> Result<Zeroizing<String>, Failure> {
    let path = ui.world.variable(variable).unwrap_or_default();
    read(Path::new(&path), ui)
}

fn read(path: &Path, ui: &mut Ui<'_, '_>) -> Result<Zeroizing<String>, Failure> {
    let shown = escape::shorten(&path.to_string_lossy(), 120);
    let read = named_file::read(path, &shown, MAX_KEY_BYTES, &mut |words| ui.note(words));
    let read = read.map_err(|why| Failure::unread(format_args!("the token in {shown}"), &why))?;
    let text = std::str::from_utf8(&read.bytes).unwrap_or_default().trim();
    Ok(Zeroizing::new(text.to_owned()))
}

/// What a program of the platform prints.
fn output(name: &str, words: &[&str]) -> Result<Zeroizing<String>, Failure> {
    let printed = program::run(name, words, Vec::new(), ui::say_aside);
    let bytes = printed.map(Zeroizing::new).map_err(|fault| match fault {
        ProgramFault::Missing => Failure::new(
            Exit::System,
            format!("there is no program `{name}` on the path"),
        ),
        ProgramFault::Failed(why) => no_token(name, words).cause(why),
    })?;
    let text = std::str::from_utf8(&bytes).unwrap_or_default().trim();
    match text.is_empty() {
        true => Err(no_token(name, words)),
        false => Ok(Zeroizing::new(text.to_owned())),
    }
}

fn no_token(name: &str, words: &[&str]) -> Failure {
    Failure::new(
        Exit::Refused,
        format!("`{name} {}` gave no token", words.join(" ")),
    )
}
