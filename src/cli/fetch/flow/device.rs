//! A person who logs in on another device (RFC 8628).

use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::fetch::flow::{Granted, grant, purpose};
use crate::cli::fetch::refused::Refused;
use crate::cli::fetch::server::Form;
use crate::cli::fetch::session::Session;
use crate::oauth::token_answer::ErrorAnswer;
use crate::oauth::{endpoint, grant_type};
use crate::text::escape;
use crate::token::json::Json;

/// How often is asked where the server does not say (RFC 8628 section 3.2).
const INTERVAL: u64 = 5;

/// By how much less often, where it says so (RFC 8628 section 3.5).
const SLOWER: u64 = 5;

/// No code is waited for longer.
const LONGEST: u64 = 60 * 60;

pub(super) fn run(session: &mut Session<'_, '_, '_>) -> Result<Granted, Refused> {
    let address = session
        .server
        .needed(endpoint::DEVICE_AUTHORIZATION, &session.network)?;
    let mut form = Form::new();
    purpose(session, &mut form);
    let probe = session.post(&address, &form)?;
    let shown = address.shown();
    let unfit = |why: String| Failure::new(Exit::Refused, format!("{shown} {why}"));
    let json = probe.json().map_err(|fault| unfit(fault.message))?;
    if let Some(error) = ErrorAnswer::read(json) {
        return Err(Refused::Server(error));
    }
    let text = |name: &str| {
        json.get(name)
            .and_then(Json::as_str)
            .map(std::borrow::Cow::into_owned)
    };
    let seconds = |name: &str| {
        json.get(name)
            .and_then(|value| value.text().parse::<u64>().ok())
    };
    let missing = |name: &str| unfit(format!("answered without `{name}`"));
    let device_code = Zeroizing::new(text("device_code").ok_or_else(|| missing("device_code"))?);
    let user_code = text("user_code").ok_or_else(|| missing("user_code"))?;
    let page = text("verification_uri").or_else(|| text("verification_url"));
    let page = page.ok_or_else(|| missing("verification_uri"))?;
    let lifetime = seconds("expires_in").unwrap_or(LONGEST).min(LONGEST);
    let mut interval = seconds("interval").unwrap_or(INTERVAL).clamp(1, 60);
    tell(
        session,
        &page,
        &user_code,
        text("verification_uri_complete").as_deref(),
        lifetime,
    );
    let begun = Instant::now();
    loop {
        std::thread::sleep(Duration::from_secs(interval));
        if begun.elapsed() > Duration::from_secs(lifetime) {
            return Err(
                Failure::new(Exit::Refused, "the code was not entered in time")
                    .hint("run the command again: it gives a new one")
                    .into(),
            );
        }
        let mut form = grant(grant_type::DEVICE_CODE);
        form.push(("device_code", device_code.clone()));
        match session.tokens(&form) {
            Err(Refused::Server(error)) if error.code == "authorization_pending" => {}
            Err(Refused::Server(error)) if error.code == "slow_down" => {
                interval = interval.saturating_add(SLOWER);
            }
            // Nobody is there for a moment (RFC 8628 section 3.5).
            Err(Refused::Failure(failure)) if failure.exit == Exit::System => {
                interval = interval.saturating_mul(2).min(60);
            }
            other => return other.map(Granted::from),
        }
    }
}

/// Says what to do on the other device; also where notes are not wanted, since nothing goes on without.
fn tell(
    session: &mut Session<'_, '_, '_>,
    page: &str,
    code: &str,
    complete: Option<&str>,
    lifetime: u64,
) {
    let minutes = lifetime.div_ceil(60);
    let code = escape::shorten(code, 60);
    let paint = session.ui.err;
    let mut lines = format!(
        "To log in, open {} on any device and enter\n\n        {}\n\n",
        escape::shorten(page, 300),
        paint.bold(&code)
    );
    if let Some(complete) = complete {
        lines.push_str(&format!("or open {}\n", escape::shorten(complete, 300)));
    }
    lines.push_str(&format!(
        "The code is good for {minutes} min. Ctrl-C ends it.\n"
    ));
    session.ui.aside(&lines);
}
