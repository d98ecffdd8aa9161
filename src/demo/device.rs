//! Devices that wait for somebody to decide on another screen (RFC 8628).

use std::sync::Arc;

use aws_lc_rs::rand;

use crate::demo::error::OAuthError;
use crate::demo::scope::Scope;
use crate::demo::secret::{Fingerprint, fingerprint};
use crate::demo::user::User;
use crate::text::time::{Span, Timestamp};

/// How long both codes are valid (section 3.2).
pub(super) const LIFETIME: Span = Span::from_seconds(600);
/// How long expired codes are remembered.
const REMEMBERED: Span = Span::from_seconds(600);
/// How many seconds a device waits between two questions, and how many more after each time that it asked too
/// early (section 3.5).
pub(super) const INTERVAL: u64 = 5;

/// The letters of user codes: no vowels, so that they make no words (section 6.1).
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
/// The number of letters; with the bound on guesses, guessing is hopeless (section 5.1).
const LENGTH: usize = 8;

/// How many wrong user codes may be entered in a minute.
const MOST_WRONG: u32 = 30;
const MINUTE: Span = Span::from_seconds(60);

/// A device that waits.
pub(super) struct Device {
    pub(super) client_id: String,
    pub(super) scope: Scope,
    pub(super) resources: Vec<String>,
    expires: Timestamp,
    /// In seconds.
    interval: u64,
    asked: Option<Timestamp>,
    pub(super) decision: Decision,
}

/// The decision of the user.
#[derive(Clone)]
pub(super) enum Decision {
    Pending,
    Denied,
    Allowed {
        user: Arc<User>,
        auth_time: Timestamp,
    },
}

impl Device {
    pub(super) fn new(
        client_id: &str,
        scope: Scope,
        resources: Vec<String>,
        now: Timestamp,
    ) -> Self {
        Device {
            client_id: client_id.to_owned(),
            scope,
            resources,
            expires: now.saturating_add(LIFETIME),
            interval: INTERVAL,
            asked: None,
            decision: Decision::Pending,
        }
    }

    /// Until when it is remembered, so that an expired code can be named as such.
    pub(super) fn forgotten(now: Timestamp) -> Timestamp {
        now.saturating_add(LIFETIME).saturating_add(REMEMBERED)
    }

    pub(super) fn has_expired(&self, now: Timestamp) -> bool {
        self.expires <= now
    }

    /// Whether somebody can still decide.
    pub(super) fn is_pending(&self, now: Timestamp) -> bool {
        matches!(self.decision, Decision::Pending) && !self.has_expired(now)
    }

    /// Notes that the device asks; if it asked too early, gives how many seconds it has to wait from now on.
    pub(super) fn ask(&mut self, now: Timestamp) -> Option<u64> {
        let next = self
            .asked
            .map(|asked| asked.saturating_add(Span::from_seconds(self.interval)));
        self.asked = Some(now);
        let too_early = next.is_some_and(|next| now < next);
        too_early.then(|| {
            self.interval = self.interval.saturating_add(INTERVAL);
            self.interval
        })
    }
}

/// A code for people, as a device shows it.
pub(super) fn user_code() -> Result<String, OAuthError> {
    let mut code = String::new();
    while code.len() < LENGTH {
        let mut byte = [0_u8; 1];
        rand::fill(&mut byte)
            .map_err(|_| OAuthError::server_error("the system gives no random bytes"))?;
        // All letters are equally likely: bytes beyond the last multiple are thrown away.
        let [byte] = byte;
        let letter = LETTERS.get(usize::from(byte % 20)).filter(|_| byte < 240);
        code.extend(letter.copied().map(char::from));
    }
    let (first, second) = code.split_at(LENGTH / 2);
    Ok(format!("{first}-{second}"))
}

/// A typed user code in the form that a device shows: case, dashes and spaces do not count (section 6.1).
pub(super) fn as_shown(user_code: &str) -> String {
    let letters = letters_of(user_code);
    match letters.split_at_checked(LENGTH / 2) {
        Some((first, second)) => format!("{first}-{second}"),
        None => letters,
    }
}

fn letters_of(user_code: &str) -> String {
    let letters = user_code.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|c| c.to_ascii_uppercase()).collect()
}

/// The place of a typed user code.
pub(super) fn place_of(user_code: &str) -> Fingerprint {
    fingerprint(&letters_of(user_code))
}

/// The wrong user codes that were entered lately.
#[derive(Default)]
pub(super) struct Guesses {
    since: Option<Timestamp>,
    wrong: u32,
}

impl Guesses {
    /// Whether so many have been wrong that nobody may try for a while (section 5.1).
    pub(super) fn are_too_many(&mut self, now: Timestamp) -> bool {
        let over = self.since.map(|since| since.saturating_add(MINUTE));
        if over.is_none_or(|over| over <= now) {
            *self = Guesses {
                since: Some(now),
                wrong: 0,
            };
        }
        self.wrong >= MOST_WRONG
    }

    pub(super) fn wrong(&mut self) {
        self.wrong = self.wrong.saturating_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds)
    }

    /// RFC 8628 section 6.1.
    #[test]
    fn a_user_code_can_be_typed_in_many_ways() {
        let code = user_code().unwrap();
        assert_eq!((code.len(), code.find('-')), (9, Some(4)));
        for typed in [
            code.to_lowercase(),
            code.replace('-', ""),
            code.replace('-', " "),
            format!("  {code} "),
        ] {
            assert!(place_of(&typed) == place_of(&code), "{typed}");
            assert_eq!(as_shown(&typed), code);
        }
        assert!(place_of(&user_code().unwrap()) != place_of(&code));
    }

    /// RFC 8628 section 3.5.
    #[test]
    fn a_device_that_does_not_wait_has_to_wait_longer() {
        let mut device = Device::new("app", Scope::default(), Vec::new(), at(0));
        assert_eq!(device.ask(at(0)), None);
        assert_eq!(device.ask(at(4)), Some(10));
        assert_eq!(device.ask(at(9)), Some(15));
        assert_eq!(device.ask(at(24)), None);
        assert_eq!(device.ask(at(38)), Some(20));
        assert!(device.is_pending(at(599)) && device.has_expired(at(600)));
    }

    /// RFC 8628 section 5.1.
    #[test]
    fn there_is_a_bound_on_guesses() {
        let mut guesses = Guesses::default();
        for _ in 0..MOST_WRONG {
            assert!(!guesses.are_too_many(at(0)));
            guesses.wrong();
        }
        assert!(guesses.are_too_many(at(59)));
        assert!(!guesses.are_too_many(at(60)));
    }
}
