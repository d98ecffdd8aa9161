//! The checks of every answer: how it was reached, its media type, who may read it, how long it may be
//! cached, and the clock of its server.

use chrono::DateTime;

use crate::doctor::finding::Finding;
use crate::keys::Address;
use crate::keys::probe::{self, Probe};
use crate::keys::remote::Network;
use crate::text::escape;
use crate::text::time::span_words;
use crate::token::key_fault::KeyFault;

/// How many redirects on the same host are followed.
const MOST_REDIRECTS: usize = 3;

/// An origin of which there is no page (RFC 2606 section 2).
const ORIGIN: &str = "https://app.invalid";

/// The media type of documents.
pub(super) const JSON: &str = "application/json, */*;q=0.5";

/// A document that was asked for.
pub(super) struct Document {
    /// Where it is.
    pub(super) place: Address,
    /// The answer at the end of all redirects, or why there is none.
    pub(super) answer: Result<Probe, KeyFault>,
    /// The status of the first redirect, and where it led.
    redirect: Option<(u16, String)>,
}

impl Document {
    /// Fetches what is at an address, and follows redirects on the same host.
    pub(super) fn ask(address: &Address, accept: &str, network: &Network<'_>) -> Document {
        let mut place = address.clone();
        let mut redirect = None;
        for _ in 0..=MOST_REDIRECTS {
            let answer = probe::ask(&place, ORIGIN, accept, network);
            let there = match &answer {
                Ok(probe) if matches!(probe.status, 301..=303 | 307 | 308) => {
                    let location = probe.header("location").unwrap_or_default();
                    let led = (probe.status, escape::shorten(&location, 200));
                    redirect.get_or_insert(led);
                    place.join(&location).ok().filter(|to| to.is_beside(&place))
                }
                _ => None,
            };
            match there {
                Some(there) => place = there,
                None => {
                    return Document {
                        place: address.clone(),
                        answer,
                        redirect,
                    };
                }
            }
        }
        Document {
            place: address.clone(),
            answer: Err(KeyFault::rejected(format!(
                "{} redirects more than {MOST_REDIRECTS} times",
                address.shown()
            ))),
            redirect,
        }
    }

    /// The answer, if it is one of status 200.
    pub(super) fn found(&self) -> Option<&Probe> {
        self.answer
            .as_ref()
            .ok()
            .filter(|probe| probe.status == 200)
    }

    /// The status in words, or why there is none.
    pub(super) fn outcome_words(&self) -> String {
        match (&self.answer, &self.redirect) {
            (Ok(_), Some((status, there))) if self.found().is_none() => {
                format!("{status}, a redirect to {there}")
            }
            (Ok(probe), _) => probe.status.to_string(),
            (Err(fault), _) => fault.message.clone(),
        }
    }

    /// The redirect, if there was one.
    pub(super) fn redirected(&self, section: &'static str) -> Option<Finding> {
        let (status, there) = self.redirect.as_ref()?;
        let detail = format!("{status} to {there}: many clients do not follow a redirect here");
        Some(
            Finding::warn("redirect", section, detail)
                .remedy("answer with the document itself, or publish the address that has it"),
        )
    }
}

/// Whether the connection to an address is protected.
pub(super) fn transport(address: &Address) -> Finding {
    const SECTION: &str = "RFC 8414 section 6.1";
    match (address.is_plain(), address.is_loopback()) {
        (false, _) => Finding::pass(
            "https",
            SECTION,
            "TLS, with a certificate that is trusted here",
        ),
        (true, true) => Finding::note("https", SECTION, "plain http, on this machine"),
        (true, false) => Finding::warn(
            "https",
            SECTION,
            "plain http: anyone on the network path can replace the keys",
        ),
    }
}

/// The media type of the answer.
pub(super) fn media_type(probe: &Probe, wanted: &[&str], section: &'static str) -> Finding {
    let media_type = probe.media_type();
    if wanted.contains(&media_type.as_str()) {
        return Finding::pass("type", section, media_type);
    }
    let detail = match media_type.as_str() {
        "" => "the answer has no `Content-Type`".to_owned(),
        other => format!("the `Content-Type` is `{}`", escape::shorten(other, 60)),
    };
    let wanted = wanted.first().copied().unwrap_or_default();
    Finding::warn("type", section, detail).remedy(format!("send `Content-Type: {wanted}`"))
}

/// Whether pages of other origins may read the answer.
pub(super) fn cors(probe: &Probe) -> Finding {
    const SECTION: &str = "Fetch section 3.3";
    match probe.header("access-control-allow-origin").as_deref() {
        Some("*") => Finding::pass("cors", SECTION, "pages of any origin may read it"),
        Some(ORIGIN) => Finding::pass("cors", SECTION, "pages of the origin that asks may read it"),
        Some(other) => Finding::note(
            "cors",
            SECTION,
            format!("only pages of `{}` may read it", escape::shorten(other, 80)),
        ),
        None => Finding::note("cors", SECTION, "no page of another origin may read it"),
    }
}

/// How long clients cache the keys.
pub(super) fn cache(probe: &Probe) -> Finding {
    const SECTION: &str = "RFC 9111 section 5.2";
    const DAY: u64 = 24 * 60 * 60;
    let said = probe.header("cache-control").is_some() || probe.header("expires").is_some();
    let words = span_words(i128::from(probe.lifetime).saturating_mul(1_000_000_000));
    match probe.lifetime {
        _ if !said => Finding::note(
            "cache",
            SECTION,
            "it does not say how long it may be cached",
        ),
        0 => Finding::note(
            "cache",
            SECTION,
            "it may not be cached: clients that obey fetch it for every token",
        ),
        DAY.. => Finding::warn(
            "cache",
            SECTION,
            "it may be cached for a day or longer: a withdrawn key is accepted for that long",
        ),
        _ => Finding::pass("cache", SECTION, format!("it may be cached for {words}")),
    }
}

/// How far the server's clock is from the one here, by its `Date`.
pub(super) fn clock(probe: &Probe, now: i64) -> Option<Finding> {
    const SECTION: &str = "RFC 9110 section 6.6.1";
    let date = DateTime::parse_from_rfc2822(&probe.header("date")?).ok()?;
    let ahead = date.timestamp().saturating_sub(now);
    let words = span_words(i128::from(ahead.unsigned_abs()).saturating_mul(1_000_000_000));
    // An answer takes less time on its way, and the header counts whole seconds.
    Some(match ahead {
        -5..=5 => Finding::pass("clock", SECTION, "the server's clock and the one here agree"),
        _ if ahead > 0 => Finding::warn(
            "clock",
            SECTION,
            format!("the server's clock is {words} ahead of the one here: its tokens may not be valid yet"),
        )
        .remedy("set both clocks by NTP, or judge with a leeway"),
        _ => Finding::warn(
            "clock",
            SECTION,
            format!("the server's clock is {words} behind the one here: its tokens expire early"),
        )
        .remedy("set both clocks by NTP, or judge with a leeway"),
    })
}
