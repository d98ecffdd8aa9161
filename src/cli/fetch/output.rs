//! How tokens are given: the access token alone, or in the form that the caller reads.

use std::collections::BTreeMap;
use std::process::Command;

use serde::Serialize;
use serde_json::value::RawValue;

use crate::cli::args::FetchArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::fetch::kept::Kept;
use crate::cli::json_line;
use crate::cli::ui::Ui;
use crate::cli::world;
use crate::oauth::dpop;
use crate::text::escape;
use crate::text::time::{self, Timestamp};

/// The variable in which a command finds its token.
const VARIABLE: &str = "JOTT_TOKEN";

/// The one in which it finds the key that the token is bound to.
const KEY_VARIABLE: &str = "JOTT_DPOP_KEY";

/// Prints the token, or runs the command with it.
pub(super) fn give(args: &FetchArgs, kept: &Kept, ui: &mut Ui<'_, '_>) -> Result<Exit, Failure> {
    if !args.command.is_empty() {
        return run(args, kept);
    }
    let is_bound = kept.dpop_key.is_some();
    if is_bound && args.exec_credential {
        return Err(Failure::usage(
            "kubectl cannot use a token that is bound to a key: leave out `--dpop`",
        ));
    }
    let missing = || {
        Failure::new(Exit::Refused, "the server gave no ID token")
            .hint("it gives one for the scope `openid`, where a person logs in")
    };
    let token = match args.id_token {
        true => kept.id_token.as_deref().ok_or_else(missing)?,
        false => kept.access_token.as_str(),
    };
    let text = if let [method, url] = args.proof.as_slice() {
        lines_of_request(kept, method, url, args.nonce.as_deref())?
    } else if args.json {
        json(kept, ui.world.now())
    } else if args.exec_credential {
        exec_credential(token, kept)
    } else if args.header {
        authorization(kept)
    } else {
        format!("{token}\n")
    };
    ui.result(text.as_bytes())?;
    Ok(Exit::Done)
}

/// The line by which a request shows the access token (RFC 6750 section 2.1, RFC 9449 section 7.1).
fn authorization(kept: &Kept) -> String {
    format!("Authorization: {} {}\n", kept.token_type, kept.access_token)
}

/// `--proof`: the lines of one request with a token that is bound to a key.
fn lines_of_request(
    kept: &Kept,
    method: &str,
    url: &str,
    nonce: Option<&str>,
) -> Result<String, Failure> {
    let mut key = kept.proof_key().ok_or_else(|| {
        Failure::usage("the token is bound to no key, and needs no proof")
            .hint("`--dpop` gets one that is; `--header` prints the line of this one")
    })?;
    if let Some(nonce) = nonce {
        key.repeat(nonce);
    }
    let proof = key.proof(method, url, Some(&kept.access_token), world::now())?;
    Ok(format!(
        "{}{}: {proof}\n",
        authorization(kept),
        dpop::HEADER
    ))
}

fn rfc3339(seconds: Option<i64>) -> Option<String> {
    seconds.map(Timestamp::from_seconds).and_then(time::rfc3339)
}

/// `--json`: the members of the answer, with the time at which it expires.
fn json(kept: &Kept, now: Timestamp) -> String {
    #[derive(Serialize)]
    struct Answer<'a> {
        access_token: &'a str,
        token_type: &'a str,
        expires_at: Option<String>,
        scope: &'a str,
        refresh_token: Option<&'a str>,
        id_token: Option<&'a str>,
        issuer: &'a str,
        expires_in: Option<i64>,
        #[serde(skip_serializing_if = "Option::is_none")]
        dpop_key: Option<&'a RawValue>,
        #[serde(flatten)]
        others: BTreeMap<&'a str, &'a RawValue>,
    }
    const OURS: [&str; 3] = ["expires_at", "issuer", "dpop_key"];
    let others = kept
        .others
        .iter()
        .map(|(name, json)| (name.as_str(), &**json));
    let others = others.filter(|(name, _)| !OURS.contains(name));
    let left = |at: i64| at.saturating_sub(now.seconds()).max(0);
    json_line::line(&Answer {
        access_token: &kept.access_token,
        token_type: &kept.token_type,
        expires_at: rfc3339(kept.expires_at),
        scope: &kept.scope,
        refresh_token: kept.refresh_token.as_deref(),
        id_token: kept.id_token.as_deref(),
        issuer: &kept.issuer,
        expires_in: kept.expires_at.map(left),
        dpop_key: kept
            .dpop_key
            .as_deref()
            .and_then(|jwk| serde_json::from_str(jwk).ok()),
        others: others.collect(),
    })
}

/// `--exec-credential`: what kubectl reads of a plugin (client.authentication.k8s.io/v1).
fn exec_credential(token: &str, kept: &Kept) -> String {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Credential<'a> {
        api_version: &'a str,
        kind: &'a str,
        status: Status<'a>,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Status<'a> {
        token: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        expiration_timestamp: Option<String>,
    }
    json_line::line(&Credential {
        api_version: "client.authentication.k8s.io/v1",
        kind: "ExecCredential",
        status: Status {
            token,
            expiration_timestamp: rfc3339(kept.expires_at),
        },
    })
}

/// Runs the command with the token in its environment; its status is that of the command.
fn run(args: &FetchArgs, kept: &Kept) -> Result<Exit, Failure> {
    let Some((name, words)) = args.command.split_first() else {
        return Ok(Exit::Done);
    };
    let mut command = Command::new(name);
    command.args(words).env(VARIABLE, &kept.access_token);
    match &kept.dpop_key {
        Some(jwk) => command.env(KEY_VARIABLE, jwk),
        None => command.env_remove(KEY_VARIABLE),
    };
    let failed = |e: std::io::Error| {
        let shown = escape::shorten(&name.to_string_lossy(), 80);
        Failure::new(Exit::System, format!("`{shown}` cannot be started")).cause(e)
    };
    become_it(&mut command, failed)
}

/// Takes the place of this process: signals go to the command alone, and its status is its own.
#[cfg(unix)]
fn become_it(
    command: &mut Command,
    failed: impl Fn(std::io::Error) -> Failure,
) -> Result<Exit, Failure> {
    Err(failed(std::os::unix::process::CommandExt::exec(command)))
}

/// Waits for the command, and ends as it ends.
#[cfg(not(unix))]
fn become_it(
    command: &mut Command,
    failed: impl Fn(std::io::Error) -> Failure,
) -> Result<Exit, Failure> {
    let status = command.status().map_err(failed)?;
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(Exit::Command(code.unwrap_or(1)))
}
