//! How tokens are given: the access token alone, or as what asked for it reads it.

use std::process::Command;

use serde::Serialize;

use crate::cli::args::FetchArgs;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::fetch::kept::Kept;
use crate::cli::json_line;
use crate::cli::ui::Ui;
use crate::text::escape;
use crate::text::time::{self, Timestamp};

/// The variable in which a command finds its token.
const VARIABLE: &str = "JOTT_TOKEN";

/// Prints the token, or runs the command with it.
pub(super) fn give(args: &FetchArgs, kept: &Kept, ui: &mut Ui<'_, '_>) -> Result<Exit, Failure> {
    if !args.command.is_empty() {
        return run(args, kept);
    }
    let missing = || {
        Failure::new(Exit::Refused, "the server gave no ID token")
            .hint("it gives one for the scope `openid`, where a person logs in")
    };
    let token = match args.id_token {
        true => kept.id_token.as_deref().ok_or_else(missing)?,
        false => kept.access_token.as_str(),
    };
    let text = if args.json {
        json(kept)
    } else if args.exec_credential {
        exec_credential(token, kept)
    } else if args.header {
        format!("Authorization: {} {token}\n", kept.token_type)
    } else {
        format!("{token}\n")
    };
    ui.result(text.as_bytes())?;
    Ok(Exit::Done)
}

fn rfc3339(seconds: Option<i64>) -> Option<String> {
    seconds.map(Timestamp::from_seconds).and_then(time::rfc3339)
}

/// `--json`: the members of the answer, with the time at which it expires.
fn json(kept: &Kept) -> String {
    #[derive(Serialize)]
    struct Answer<'a> {
        access_token: &'a str,
        token_type: &'a str,
        expires_at: Option<String>,
        scope: &'a str,
        refresh_token: Option<&'a str>,
        id_token: Option<&'a str>,
        issuer: &'a str,
    }
    json_line::line(&Answer {
        access_token: &kept.access_token,
        token_type: &kept.token_type,
        expires_at: rfc3339(kept.expires_at),
        scope: &kept.scope,
        refresh_token: kept.refresh_token.as_deref(),
        id_token: kept.id_token.as_deref(),
        issuer: &kept.issuer,
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
    let status = Command::new(name)
        .args(words)
        .env(VARIABLE, &kept.access_token)
        .status();
    let status = status.map_err(|e| {
        let shown = escape::shorten(&name.to_string_lossy(), 80);
        Failure::new(Exit::System, format!("`{shown}` cannot be started")).cause(e)
    })?;
    #[cfg(unix)]
    let signal = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let signal = None;
    let code = status
        .code()
        .or(signal.map(|signal: i32| signal.saturating_add(128)));
    Ok(Exit::Command(
        code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1),
    ))
}
