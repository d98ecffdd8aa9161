//! What is asked for: by whom, where, and for what. It has no secret in it, and can be kept as a file.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{SHA256, digest};
use serde::Deserialize;
use tempfile::NamedTempFile;

use crate::cli::args::{FetchArgs, Grant};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::fetch::redirect_uri::RedirectUri;
use crate::cli::json_line;
use crate::cli::ui::Ui;
use crate::keys::{Issuer, config_folder};
use crate::oauth::dpop;
use crate::text::escape;
use crate::text::hex;
use crate::text::url::with_scheme;

/// Parameters that a log-in has by itself, or by a flag of its own.
const OURS: [&str; 14] = [
    "response_type",
    "response_mode",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "dpop_jkt",
    "resource",
    "audience",
    "request",
    "request_uri",
];

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Request {
    /// The issuer.
    pub(super) issuer: String,
    /// The client.
    pub(super) client: String,
    pub(super) client_secret: Option<String>,
    pub(super) client_key: Option<String>,
    /// How.
    pub(super) grant: Grant,
    /// For what.
    #[serde(default)]
    pub(super) scope: Vec<String>,
    #[serde(default)]
    pub(super) resource: Vec<String>,
    #[serde(default)]
    pub(super) audience: Vec<String>,
    /// More parameters of a log-in in a browser, each `name=value`.
    #[serde(default)]
    pub(super) param: Vec<String>,
    /// The user of the password grant.
    pub(super) username: Option<String>,
    /// Where the browser comes back to.
    pub(super) redirect_uri: Option<String>,
    pub(super) subject_token: Option<String>,
    /// Whether its tokens are bound to a key (RFC 9449).
    #[serde(default)]
    pub(super) dpop: bool,
    #[serde(default)]
    pub(super) allow_http: bool,
}

impl Request {
    /// The request of a command line: what it says over what was saved under the name.
    pub(super) fn of(args: &FetchArgs, ui: &mut Ui<'_, '_>) -> Result<Request, Failure> {
        let saved = args
            .name
            .as_deref()
            .map(|name| load(name, ui))
            .transpose()?;
        let is_new = saved.is_none();
        let mut request = saved.unwrap_or_default();
        let text = |source: &Option<std::ffi::OsString>| {
            source
                .as_ref()
                .map(|source| source.to_string_lossy().into_owned())
        };
        if let Some(issuer) = &args.issuer {
            request.issuer.clone_from(issuer);
        }
        if let Some(client) = &args.client {
            request.client.clone_from(client);
        }
        request.client_secret = text(&args.client_secret).or(request.client_secret);
        request.client_key = text(&args.client_key).or(request.client_key);
        request.subject_token = text(&args.subject_token).or(request.subject_token);
        request.redirect_uri = args.redirect_uri.clone().or(request.redirect_uri);
        request.username = args.username.clone().or(request.username);
        request.dpop |= args.dpop;
        request.allow_http |= args.reading.allow_http;
        let words = args
            .scope
            .iter()
            .flat_map(|scope| scope.split(' ').map(str::to_owned));
        let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
        for (given, kept) in [
            (&words, &mut request.scope),
            (&args.resource, &mut request.resource),
            (&args.audience, &mut request.audience),
            (&args.param, &mut request.param),
        ] {
            if !given.is_empty() {
                kept.clone_from(given);
            }
        }
        fits(args, args.grant.unwrap_or(request.grant))?;
        let has_credentials = request.client_secret.is_some() || request.client_key.is_some();
        match args.grant {
            Some(grant) => request.grant = grant,
            None if is_new && has_credentials => request.grant = Grant::Client,
            None => {}
        }
        for (value, flag) in [
            (&request.issuer, "--issuer URL"),
            (&request.client, "--client ID"),
        ] {
            if value.is_empty() {
                return Err(Failure::usage(format!("`{flag}` is missing"))
                    .hint("like `jott fetch --issuer https://issuer.example --client ID`; `--save NAME` keeps that, and `jott fetch NAME` is enough then"));
            }
        }
        Ok(request)
    }

    /// The issuer, read.
    pub(super) fn issuer(&self) -> Result<Issuer, Failure> {
        Issuer::parse(&self.issuer).map_err(|why| {
            let failure = Failure::usage(format!("the URL of `--issuer` {why}"));
            let whole = with_scheme(&self.issuer);
            match !self.issuer.contains("://") && Issuer::parse(&whole).is_ok() {
                true => failure.hint(format!("did you mean {}?", escape::shorten(&whole, 120))),
                false => failure
                    .hint("it is what stands in `iss` of its tokens, like https://issuer.example"),
            }
        })
    }

    /// Refuses one without which its grant cannot be asked for.
    pub(super) fn is_whole(&self) -> Result<(), Failure> {
        for param in &self.param {
            let shown = escape::shorten(param.split('=').next().unwrap_or_default(), 40);
            match param.split_once('=') {
                Some((name, _)) if OURS.contains(&name) => {
                    return Err(
                        Failure::usage(format!("`{shown}` is not for `--param` to say"))
                            .hint("it has a flag of its own, or the log-in makes it"),
                    );
                }
                Some((name, _)) if !name.is_empty() => {}
                _ => {
                    return Err(Failure::usage(format!("`{shown}` is no parameter"))
                        .hint("a parameter is a name and a value, like `--param prompt=consent`"));
                }
            }
        }
        if let Some(uri) = &self.redirect_uri {
            RedirectUri::parse(uri)?;
        }
        match self.grant {
            Grant::Password if self.username.is_none() => {
                Err(Failure::usage("`--username NAME` is missing"))
            }
            Grant::Exchange | Grant::JwtBearer if self.subject_token.is_none() => {
                Err(Failure::usage("`--subject-token SOURCE` is missing")
                    .hint("it is the token that is given, like `--subject-token env:TOKEN`"))
            }
            _ => Ok(()),
        }
    }

    /// Under which name its tokens are kept: one for each issuer, client, grant, scopes, resources and
    /// subject, and those that are bound to a key for themselves.
    pub(super) fn name(&self) -> String {
        let mut scope = self.scope.clone();
        scope.sort();
        let mut parts = vec![
            vec![
                self.issuer.clone(),
                self.client.clone(),
                self.grant.name().to_owned(),
            ],
            scope,
            self.resource.clone(),
            self.audience.clone(),
            self.username
                .iter()
                .chain(&self.subject_token)
                .cloned()
                .collect(),
        ];
        if !self.param.is_empty() {
            parts.push(self.param.clone());
        }
        if self.dpop {
            parts.push(vec![dpop::SCHEME.to_owned()]);
        }
        // As JSON, in which no two requests look alike.
        let text = json_line::line(&parts);
        let mut name = hex::encode(digest(&SHA256, text.as_bytes()).as_ref());
        name.truncate(32);
        name
    }

    /// Where it can be kept under a name: nothing where it is kept there already.
    pub(super) fn place(
        &self,
        name: &str,
        force: bool,
        ui: &mut Ui<'_, '_>,
    ) -> Result<Option<PathBuf>, Failure> {
        let path = path(name, ui)?;
        if force || !path.exists() {
            return Ok(Some(path));
        }
        match load(name, ui) {
            Ok(saved) if saved == *self => Ok(None),
            _ => Err(Failure::usage(format!(
                "another request is saved under the name {name} already"
            ))
            .hint("`--force` replaces it")),
        }
    }

    /// Keeps it under a name.
    pub(super) fn save(&self, name: &str, path: &Path, ui: &mut Ui<'_, '_>) -> Result<(), Failure> {
        let shown = escape::shorten(&path.to_string_lossy(), 200);
        let failed = |e: &std::io::Error| {
            // The name of the unfinished file means nothing to anybody.
            let words = e.to_string();
            let cause = words.split(" at path ").next().unwrap_or_default();
            Failure::new(Exit::System, format!("{shown} cannot be written")).cause(cause)
        };
        let text = toml_text(self);
        let folder = path.parent().unwrap_or(path);
        std::fs::create_dir_all(folder).map_err(|e| failed(&e))?;
        // What was saved before is lost only where the new is there. Whoever has put a link there wants to keep it.
        let path = &path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let write = || -> std::io::Result<()> {
            let mut file = NamedTempFile::new_in(path.parent().unwrap_or(folder))?;
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            file.persist(path)?;
            Ok(())
        };
        write().map_err(|e| failed(&e))?;
        ui.note(&format!(
            "saved: `jott fetch {name}` is enough from now on ({shown})"
        ));
        Ok(())
    }
}

/// Refuses parameters that the grant does not use: they belong to another grant.
fn fits(args: &FetchArgs, grant: Grant) -> Result<(), Failure> {
    let of_a_user = grant == Grant::Password;
    let of_a_token = matches!(grant, Grant::Exchange | Grant::JwtBearer);
    for (is_given, fits, flag, grants) in [
        (
            args.username.is_some(),
            of_a_user,
            "--username",
            "`--grant password`",
        ),
        (
            args.password.is_some(),
            of_a_user,
            "--password",
            "`--grant password`",
        ),
        (
            args.subject_token.is_some(),
            of_a_token,
            "--subject-token",
            "`--grant exchange` or `--grant jwt-bearer`",
        ),
    ] {
        if is_given && !fits {
            return Err(Failure::usage(format!("`{flag}` goes with {grants}")));
        }
    }
    Ok(())
}

/// The names under which requests are saved, in their order, each with issuer and client where its file
/// can be read.
pub(in crate::cli) fn saved(env: &dyn Fn(&str) -> Option<OsString>) -> Vec<(String, String)> {
    let what = |request: Request| format!("{}, {}", request.issuer, request.client);
    let saved = saved_requests(env).into_iter();
    saved
        .map(|(name, request)| (name, request.map_or_else(String::new, what)))
        .collect()
}

/// The names under which requests are saved, each with the name under which its tokens are kept.
pub(super) fn saved_entries(env: &dyn Fn(&str) -> Option<OsString>) -> Vec<(String, String)> {
    let saved = saved_requests(env).into_iter();
    saved
        .filter_map(|(name, request)| Some((name, request?.name())))
        .collect()
}

fn saved_requests(env: &dyn Fn(&str) -> Option<OsString>) -> Vec<(String, Option<Request>)> {
    let folder = config_folder(env).map(|folder| folder.join(FOLDER));
    let files = folder.and_then(|folder| std::fs::read_dir(folder).ok());
    let files = files.into_iter().flatten().filter_map(|file| {
        let path = file.ok()?.path();
        let name = path.file_name()?.to_str()?.strip_suffix(ENDING)?;
        Some((name.to_owned(), read(&path).ok()))
    });
    let mut saved: Vec<_> = files
        .filter(|(name, _)| is_name(name))
        .map(|(name, text)| {
            let request = text.and_then(|text| toml::from_str::<Request>(&text?).ok());
            (name, request)
        })
        .collect();
    saved.sort_by(|(one, _), (other, _)| one.cmp(other));
    saved
}

/// Where requests are saved, below the folder of the configuration.
const FOLDER: &str = "fetch";

/// How the name of their files ends.
const ENDING: &str = ".toml";

/// A file of requests is no larger.
const MOST_BYTES: u64 = 64 << 10;

fn load(name: &str, ui: &mut Ui<'_, '_>) -> Result<Request, Failure> {
    let path = path(name, ui)?;
    let shown = escape::shorten(&path.to_string_lossy(), 200);
    let text = match read(&path) {
        Ok(Some(text)) => text,
        Ok(None) => {
            return Err(Failure::usage(format!(
                "{shown} is too large for a request"
            )));
        }
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
            const SAVES: &str = "`jott fetch --issuer URL --client ID … --save NAME` saves one";
            let failure = Failure::usage(format!("no request is saved under the name {name}"));
            let names: Vec<String> = saved(ui.world.env)
                .into_iter()
                .map(|(name, _)| name)
                .collect();
            if names.is_empty() {
                return Err(failure.hint(SAVES));
            }
            let names = escape::shorten(&names.join(", "), 200);
            return Err(failure.hint(format!("saved are: {names}")).hint(SAVES));
        }
        Err(e) => {
            return Err(Failure::new(Exit::System, format!("{shown} cannot be read")).cause(e));
        }
    };
    toml::from_str(&text).map_err(|e| {
        Failure::usage(format!("{shown} is no saved request"))
            .cause(escape::shorten(e.message(), 200))
    })
}

/// The text of a file; nothing of one that is too large.
fn read(path: &Path) -> std::io::Result<Option<String>> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path)?;
    let is_whole = crate::keys::read_bounded(file, MOST_BYTES, &mut bytes)?;
    Ok(is_whole.then(|| String::from_utf8_lossy(&bytes).into_owned()))
}

fn is_name(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    (1..=60).contains(&name.len()) && !name.starts_with('.') && name.bytes().all(plain)
}

/// The file of a saved request.
fn path(name: &str, ui: &Ui<'_, '_>) -> Result<PathBuf, Failure> {
    if !is_name(name) {
        let shown = escape::shorten(name, 60);
        return Err(Failure::usage(format!("`{shown}` is no name of a saved request"))
            .hint("a name is made of letters, digits, `-`, `_` and `.`; an issuer goes behind `--issuer`"));
    }
    let folder = config_folder(ui.world.env).ok_or_else(|| {
        Failure::new(
            Exit::System,
            "there is no folder for saved requests: HOME is not set",
        )
        .hint("set HOME, or XDG_CONFIG_HOME, to a folder of yours")
    })?;
    Ok(folder.join(FOLDER).join(format!("{name}{ENDING}")))
}

/// The lines of a file, each a name and a string or an array of them: JSON's strings are TOML's.
fn toml_text(request: &Request) -> String {
    let mut text = String::new();
    let mut line = |name: &str, json: String| text.push_str(&format!("{name} = {json}\n"));
    line("issuer", json_line::string(&request.issuer));
    line("client", json_line::string(&request.client));
    line("grant", json_line::string(request.grant.name()));
    for (name, value) in [
        ("client_secret", &request.client_secret),
        ("client_key", &request.client_key),
        ("username", &request.username),
        ("redirect_uri", &request.redirect_uri),
        ("subject_token", &request.subject_token),
    ] {
        if let Some(value) = value {
            line(name, json_line::string(value));
        }
    }
    for (name, values) in [
        ("scope", &request.scope),
        ("resource", &request.resource),
        ("audience", &request.audience),
        ("param", &request.param),
    ] {
        if !values.is_empty() {
            line(name, json_line::line(values).trim_end().to_owned());
        }
    }
    for (name, is_set) in [("dpop", request.dpop), ("allow_http", request.allow_http)] {
        if is_set {
            line(name, "true".to_owned());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_for_another_purpose_are_kept_under_another_name() {
        let text = |text: &str| vec![text.to_owned()];
        let one = || Request {
            issuer: "i".to_owned(),
            scope: vec!["a".to_owned(), "b".to_owned()],
            ..Request::default()
        };
        let others = [
            Request {
                issuer: "j".to_owned(),
                ..one()
            },
            Request {
                client: "c".to_owned(),
                ..one()
            },
            Request {
                grant: Grant::Device,
                ..one()
            },
            Request {
                scope: text("a"),
                ..one()
            },
            Request {
                resource: text("a"),
                ..one()
            },
            Request {
                audience: text("a"),
                ..one()
            },
            Request {
                username: Some("a".to_owned()),
                ..one()
            },
            Request {
                param: text("a=b"),
                ..one()
            },
            Request {
                param: text("a=c"),
                ..one()
            },
            Request {
                dpop: true,
                ..one()
            },
        ];
        let mut names: Vec<String> = others.iter().map(Request::name).collect();
        names.push(one().name());
        names.sort();
        names.dedup();
        assert_eq!(names.len(), others.len() + 1);
        let scope = vec!["b".to_owned(), "a".to_owned()];
        assert_eq!(Request { scope, ..one() }.name(), one().name());
    }
}
