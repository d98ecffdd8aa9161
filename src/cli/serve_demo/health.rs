//! `--check`: whether a server is up, for a container without other tools.

use std::sync::Arc;
use std::time::Duration;

use ureq::tls::{RootCerts, TlsConfig};

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::ui::Ui;
use crate::demo::{BaseUrl, HEALTHY, path};
use crate::text::escape;
use crate::text::url::is_loopback;

/// The longest answer of our server.
const LONGEST: u64 = 1 << 10;

/// A server that has not answered after this time is not up.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Asks `/healthz` of the server of an issuer.
pub(super) fn check(url: &str, ui: &mut Ui<'_, '_>) -> Result<Exit, Failure> {
    let base = BaseUrl::parse(url).map_err(|why| {
        Failure::usage(format!("the URL of `--check` {why}"))
            .hint("write it like http://127.0.0.1:8000")
    })?;
    let shown = escape::shorten(base.as_str(), 80);
    let down = |why: String| Failure::new(Exit::System, format!("{shown} is not up")).cause(why);
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        // Nobody is between a container and itself, and nothing secret is sent: the question is
        // only whether it answers.
        .disable_verification(is_loopback(base.host()));
    let agent = ureq::Agent::config_builder()
        .tls_config(tls.build())
        .timeout_global(Some(TIMEOUT))
        .max_redirects(0)
        .http_status_as_error(false)
        .proxy(None)
        .build()
        .new_agent();
    let answer = agent.get(base.join(path::HEALTH)).call();
    let mut answer = answer.map_err(|e| down(e.to_string()))?;
    let status = answer.status().as_u16();
    let body = answer.body_mut().with_config().limit(LONGEST).read_to_vec();
    let why = match (status, body) {
        (200, Ok(body)) if body == HEALTHY.as_bytes() => {
            ui.detail(&format!("{shown} is up"));
            return Ok(Exit::Done);
        }
        (200, _) => "/healthz has not the answer of `jott serve-demo`".to_owned(),
        _ => format!("/healthz has the status {status}"),
    };
    Err(down(why)
        .hint("another server may listen there: `jott serve-demo` says where it is as it starts"))
}
