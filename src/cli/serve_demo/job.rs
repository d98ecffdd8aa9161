//! The environment of a command that runs as a job or a workload: variables, files and programs, as on the
//! real platform.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::{Map, Value};
use tempfile::TempDir;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::json_line;
use crate::cli::serve_demo::command::{Command, Running};
use crate::demo::federation::{client_of_workload, identity_token};
use crate::demo::workload::{PLATFORMS, Platform, Subject, Variable, Workload};
use crate::demo::{BaseUrl, DemoServer, path};
use crate::oauth::form;
use crate::oauth::token_type;

/// The variable that Google's libraries read to find their credentials.
const GOOGLE: &str = "GOOGLE_APPLICATION_CREDENTIALS";
/// The variable that AWS's libraries read to find their Security Token Service.
const AWS: &str = "AWS_ENDPOINT_URL_STS";
/// The address and the credential with which the programs that are made here ask for a token.
const ASK: [&str; 2] = ["JOTT_ID_TOKEN_REQUEST_URL", "JOTT_ID_TOKEN_REQUEST_TOKEN"];

/// A job or a workload, and its folder, which is removed with it.
pub(super) struct Job {
    workload: Workload,
    /// Where it finds the server.
    server: BaseUrl,
    folder: TempDir,
}

/// How each program is asked: lines of a POSIX shell that leave the audience in `audience`.
const PROGRAMS: &[(&str, &str)] = &[
    // circleci run oidc get --claims '{"aud":"AUD"}' [--root-issuer]
    (
        "circleci",
        r#"[ "$1 $2 $3" = "run oidc get" ] || { echo "this circleci knows \`run oidc get --claims\` alone" >&2; exit 1; }
shift 3
while [ $# -gt 0 ]; do
  case $1 in
    --claims) audience=$(printf %s "$2" | sed -n 's/.*"aud" *: *"\([^"]*\)".*/\1/p'); shift ;;
    --root-issuer) ;;
    *) echo "this circleci knows --claims and --root-issuer, and not $1" >&2; exit 1 ;;
  esac
  shift
done"#,
    ),
    // buildkite-agent oidc request-token [--audience AUD]
    (
        "buildkite-agent",
        r#"[ "$1 $2" = "oidc request-token" ] || { echo "this buildkite-agent knows \`oidc request-token\` alone" >&2; exit 1; }
shift 2
while [ $# -gt 0 ]; do
  case $1 in
    --audience=*) audience=${1#--audience=} ;;
    --audience) audience=$2; shift ;;
    *) echo "this buildkite-agent knows --audience, and not $1: \`[workload.claims]\` of --config has claims" >&2; exit 1 ;;
  esac
  [ $# -eq 0 ] || shift
done"#,
    ),
];

/// A file that could not be written.
fn unwritten(error: io::Error) -> Failure {
    Failure::new(Exit::System, "the files of the job cannot be written")
        .cause(error)
        .hint("TMPDIR names a folder that can be written to")
}

impl Job {
    pub(super) fn new(workload: Workload, server: BaseUrl) -> Result<Job, Failure> {
        let mut builder = tempfile::Builder::new();
        builder.prefix("jott-job-");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o700));
        Ok(Job {
            workload,
            server,
            folder: builder.tempdir().map_err(unwritten)?,
        })
    }

    /// Starts the command with the environment of such a job.
    pub(super) async fn begin(
        &self,
        mut command: Command,
        demo: &DemoServer,
    ) -> Result<Running, Failure> {
        // This process may run in a real job, which must not be taken for the one that is played.
        for name in PLATFORMS.iter().flat_map(Platform::all_variables) {
            command.unset(name);
        }
        let issuer = demo.issuer();
        let audiences = self.workload.audiences(issuer.as_str());
        let secret = self.workload.secret.expose();
        let ask = format!("{}?api-version=2.0", self.server.join(path::IDENTITY_TOKEN));
        let platform = self.workload.platform;
        let claims = self.workload.claims();
        for (name, value) in platform.variables {
            if let Some(value) = self.value(value, &claims, demo) {
                command.set(name, value);
            }
        }
        for [url, token] in platform.request.iter().chain([&ASK]) {
            command.set(url, &ask);
            command.set(token, secret);
        }
        let first = audiences.first().map_or("", String::as_str);
        let token = self.token(demo, first, None).await?;
        for variable in platform.tokens {
            let token = match variable.subject {
                None => token.clone(),
                subject => self.token(demo, first, subject).await?,
            };
            command.set(variable.name, token);
        }
        if platform.names_by_audience {
            for audience in &audiences {
                let token = self.token(demo, audience, None).await?;
                command.set(&named_after(audience), token);
            }
        }
        let file = self.write("token", &token)?;
        for name in platform.files {
            command.set(name, &file);
        }
        if let Some(name) = platform.bundle {
            command.set(name, self.write("bundle.json", &bundle(demo).await)?);
        }
        if let Some(program) = platform.program {
            command.set("PATH", self.with_program(program, first)?);
        }
        let source = match platform.request {
            Some(_) => CredentialSource::asked(&ask, secret, first),
            None => CredentialSource::File {
                file: file.to_string_lossy().into_owned(),
            },
        };
        let google = google(&self.server, platform, &source);
        command.set(AWS, self.server.join(path::AWS_STS));
        command.set(GOOGLE, self.write("google.json", &google)?);
        command.start()
    }

    async fn token(
        &self,
        demo: &DemoServer,
        audience: &str,
        subject: Option<Subject>,
    ) -> Result<String, Failure> {
        let token = identity_token(demo, &self.workload, audience, subject).await;
        token.map_err(|why| {
            Failure::new(Exit::System, "no token can be made for the job").cause(why)
        })
    }

    fn value(
        &self,
        variable: &Variable,
        claims: &Map<String, Value>,
        demo: &DemoServer,
    ) -> Option<String> {
        match variable {
            Variable::Text(text) => Some((*text).to_owned()),
            Variable::Claim(name) => match claims.get(*name)? {
                Value::String(text) => Some(text.clone()),
                Value::Null => None,
                other => Some(other.to_string()),
            },
            Variable::Below(path) => Some(self.server.join(path)),
            Variable::Secret => Some(self.workload.secret.expose().to_owned()),
            Variable::Client => client_of_workload(demo).map(str::to_owned),
        }
    }

    /// Writes a file that nobody else can read: the folder is private.
    fn write(&self, name: &str, text: &str) -> Result<PathBuf, Failure> {
        let place = self.folder.path().join(name);
        fs::write(&place, text).map_err(unwritten)?;
        Ok(place)
    }

    /// The search path with a program before all others.
    fn with_program(&self, program: &str, audience: &str) -> Result<OsString, Failure> {
        let folder = self.folder.path().join("bin");
        fs::create_dir(&folder).map_err(unwritten)?;
        let own = env::current_exe().map_err(unwritten)?;
        let place = folder.join(program);
        fs::write(&place, script(program, &own, audience)).map_err(unwritten)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::Permissions::from_mode(0o700);
            fs::set_permissions(&place, mode).map_err(unwritten)?;
        }
        let others = env::var_os("PATH").unwrap_or_default();
        let all = [folder].into_iter().chain(env::split_paths(&others));
        let joined = env::join_paths(all);
        joined.map_err(|error| unwritten(io::Error::other(error)))
    }
}

/// A program that asks the server, as a job of GitHub Actions would, for an audience if it is not told another.
fn script(program: &str, own: &Path, audience: &str) -> String {
    let quoted = |text: &str| text.replace('\'', r"'\''");
    let (own, audience) = (quoted(&own.to_string_lossy()), quoted(audience));
    let [url, token] = ASK;
    let known = PROGRAMS.iter().find(|(name, _)| *name == program);
    let arguments = known.map_or("", |(_, arguments)| arguments);
    format!(
        "#!/bin/sh\n# Stands for {program}: it asks the demo server for a token.\naudience='{audience}'\n{arguments}\n\
         GITHUB_ACTIONS=true ACTIONS_ID_TOKEN_REQUEST_URL=${url} ACTIONS_ID_TOKEN_REQUEST_TOKEN=${token} \\\n\
         exec '{own}' fetch --ci --audience \"$audience\"\n"
    )
}

/// The variable that Python's `id` looks for: the audience in capitals, and whatever else is no letter and no
/// digit as `_`.
fn named_after(audience: &str) -> String {
    let word = |c: char| match c.is_ascii_alphanumeric() {
        true => c.to_ascii_uppercase(),
        false => '_',
    };
    let name: String = audience.chars().map(word).collect();
    match name.strip_prefix(|c: char| c.is_ascii_digit()) {
        Some(rest) => format!("_{rest}_ID_TOKEN"),
        None => format!("{name}_ID_TOKEN"),
    }
}

/// The keys as the bundle of a trust domain (SPIFFE Trust Domain and Bundle section 4.1).
async fn bundle(demo: &DemoServer) -> String {
    let jwks = demo.jwks().await.unwrap_or_default();
    let mut bundle: Value = serde_json::from_slice(&jwks).unwrap_or_default();
    let keys = bundle.get_mut("keys").and_then(Value::as_array_mut);
    for key in keys.into_iter().flatten() {
        if let Some(key) = key.as_object_mut() {
            key.insert("use".to_owned(), "jwt-svid".into());
            // Nothing is there that neither document defines (section 4.2).
            key.remove("alg");
        }
    }
    if let Some(bundle) = bundle.as_object_mut() {
        bundle.insert("spiffe_sequence".to_owned(), 1.into());
        bundle.insert("spiffe_refresh_hint".to_owned(), 300.into());
    }
    bundle.to_string()
}

/// The credentials of Google's libraries, as google-github-actions/auth writes them.
#[derive(Serialize)]
struct Google<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    audience: String,
    subject_token_type: &'static str,
    token_url: String,
    credential_source: &'a CredentialSource,
}

/// Where these libraries find the token of the job.
#[derive(Serialize)]
#[serde(untagged)]
enum CredentialSource {
    File {
        file: String,
    },
    Asked {
        url: String,
        headers: Headers,
        format: Format,
    },
}

#[derive(Serialize)]
struct Headers {
    #[serde(rename = "Authorization")]
    authorization: String,
}

#[derive(Serialize)]
struct Format {
    #[serde(rename = "type")]
    kind: &'static str,
    subject_token_field_name: &'static str,
}

impl CredentialSource {
    fn asked(url: &str, secret: &str, audience: &str) -> CredentialSource {
        CredentialSource::Asked {
            url: form::with_parameter(url, "audience", audience),
            headers: Headers {
                authorization: format!("Bearer {secret}"),
            },
            format: Format {
                kind: "json",
                subject_token_field_name: "value",
            },
        }
    }
}

fn google(server: &BaseUrl, platform: &Platform, source: &CredentialSource) -> String {
    let provider = platform.name;
    // For a project, the libraries would ask Google for its name.
    let pool = "//iam.googleapis.com/locations/global/workloadIdentityPools/jott";
    json_line::line(&Google {
        kind: "external_account",
        audience: format!("{pool}/providers/{provider}"),
        subject_token_type: token_type::JWT,
        token_url: server.join(path::STS_TOKEN),
        credential_source: source,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_named_after_its_audience() {
        assert_eq!(named_after("sigstore"), "SIGSTORE_ID_TOKEN");
        let url = named_after("http://test.audience");
        assert_eq!(url, "HTTP___TEST_AUDIENCE_ID_TOKEN");
        assert_eq!(named_after("1st"), "_ST_ID_TOKEN");
    }
}
