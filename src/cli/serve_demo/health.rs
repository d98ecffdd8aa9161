//! `--check`: whether a server is up, for a container without other tools.

use std::time::Duration;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::run::Talk;
use crate::demo::BaseUrl;
use crate::text::escape;

/// A server that has not answered by then is not up.
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks `/healthz` of the server of an issuer.
pub(super) fn check(url: &str, talk: &mut Talk<'_, '_>) -> Result<Exit, Failure> {
    let base = BaseUrl::parse(url).map_err(|why| {
        Failure::usage(format!("the URL of `--check` {why}"))
            .hint("write it like http://127.0.0.1:8000")
    })?;
    let shown = escape::shorten(base.as_str(), 80);
    let agent = ureq::Agent::config_builder()
        .timeout_global(Some(PATIENCE))
        .max_redirects(0)
        .proxy(None)
        .build()
        .new_agent();
    match agent.get(base.join("/healthz")).call() {
        Ok(_) => {
            talk.detail(&format!("{shown} is up"));
            Ok(Exit::Done)
        }
        Err(e) => Err(Failure::new(Exit::System, format!("{shown} is not up")).cause(e)),
    }
}
