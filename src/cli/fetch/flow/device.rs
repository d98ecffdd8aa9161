//! A person who logs in on another device (RFC 8628).

use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::fetch::flow::{GrantResponse, grant, purpose};
use crate::cli::fetch::grant_error::GrantError;
use crate::cli::fetch::large_text;
use crate::cli::fetch::server::FormFields;
use crate::cli::fetch::session::Session;
use crate::oauth::{endpoint, grant_type};
use crate::text::escape;
use crate::token::json::Json;

/// How often to ask if the server does not say (RFC 8628 section 3.2).
const INTERVAL: u64 = 5;

/// How much longer to wait if it says so (RFC 8628 section 3.5).
const SLOWER: u64 = 5;

/// No code is waited for longer.
const LONGEST: u64 = 60 * 60;

pub(super) fn run(session: &mut Session<'_, '_, '_>) -> Result<GrantResponse, GrantError> {
    let address = session
        .server
        .needed(endpoint::DEVICE_AUTHORIZATION, &session.network)?;
    let mut form = FormFields::new();
    purpose(session, &mut form);
    let reply = session.post(&address, &form)?;
    let shown = address.shown();
    let unfit = |why: String| Failure::new(Exit::Refused, format!("{shown} {why}"));
    let json = reply.json().map_err(|fault| unfit(fault.message))?;
    if let Some(error) = reply.refusal() {
        return Err(GrantError::Server(error));
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
    let complete = text("verification_uri_complete");
    tell(session, &page, &user_code, complete.as_deref());
    let begun = Instant::now();
    let mut countdown = Countdown::begin(begun, lifetime, session);
    loop {
        countdown.wait(interval, session);
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
            Err(GrantError::Server(error)) if error.code == "authorization_pending" => {}
            Err(GrantError::Server(error)) if error.code == "slow_down" => {
                interval = interval.saturating_add(SLOWER);
            }
            // The server cannot be reached for a moment (RFC 8628 section 3.5).
            Err(GrantError::Failure(failure)) if failure.exit == Exit::System => {
                interval = interval.saturating_mul(2).min(60);
            }
            other => return other.map(GrantResponse::from),
        }
    }
}

/// Says what to do on the other device; also where notes are not wanted, since nothing goes on without.
/// At a terminal the code is also drawn.
fn tell(session: &mut Session<'_, '_, '_>, page: &str, code: &str, complete: Option<&str>) {
    let paint = session.ui.err;
    let mut lines = format!(
        "To log in, open {} on any device and enter\n\n",
        escape::shorten(page, 300)
    );
    if session.ui.world.terminals.stderr
        && let Some(drawn) = large_text::lines(code)
    {
        for line in drawn {
            lines.push_str(&format!("        {}\n", paint.bold(line.trim_end())));
        }
        lines.push('\n');
    }
    let code = escape::shorten(code, 60);
    lines.push_str(&format!("        {}\n\n", paint.bold(&code)));
    if let Some(complete) = complete {
        lines.push_str(&format!("or open {}\n", escape::shorten(complete, 300)));
    }
    session.ui.aside(&lines);
}

/// How long the code is valid: said once, and at a terminal second by second.
struct Countdown {
    begun: Instant,
    lifetime: u64,
    is_counting: bool,
}

impl Countdown {
    fn begin(begun: Instant, lifetime: u64, session: &mut Session<'_, '_, '_>) -> Countdown {
        let world = &session.ui.world;
        let is_dumb = world.variable("TERM").is_none_or(|term| term == "dumb");
        let is_counting = world.terminals.stderr && !is_dumb;
        if !is_counting {
            let minutes = lifetime.div_ceil(60);
            let line = format!("The code is good for {minutes} min. Ctrl-C ends it.\n");
            session.ui.aside(&line);
        }
        Countdown {
            begun,
            lifetime,
            is_counting,
        }
    }

    /// Waits so many seconds.
    fn wait(&mut self, seconds: u64, session: &mut Session<'_, '_, '_>) {
        if !self.is_counting {
            std::thread::sleep(Duration::from_secs(seconds));
            return;
        }
        for _ in 0..seconds {
            let left = self.lifetime.saturating_sub(self.begun.elapsed().as_secs());
            let (minutes, seconds) = (left / 60, left % 60);
            let line = format!("The code is good for {minutes}:{seconds:02}. Ctrl-C ends it.");
            session.ui.aside(&format!("\r{line}{CLEAR}"));
            std::thread::sleep(Duration::from_secs(1));
        }
        session.ui.aside(&format!("\r{CLEAR}"));
    }
}

/// Erases the rest of the line (ECMA-48 section 8.3.41).
const CLEAR: &str = "\u{1b}[K";
